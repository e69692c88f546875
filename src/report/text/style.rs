//! How the text report looks.

use super::Reverse;
use crate::finding::Finding;
use crate::source::Sources;

/// How the text report looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Whether it is coloured.
    pub colour: bool,
    /// Whether rules are links to their pages, as some terminals show them.
    pub links: bool,
    /// How many columns there are; without, only help is broken.
    pub width: Option<usize>,
    /// In which order findings stand.
    pub sort: Sort,
    /// How much is said.
    pub detail: Detail,
}

/// In which order findings stand; those that are equal in it, by their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// File by file, in each the most severe first.
    #[default]
    File,
    /// The most severe first.
    Severity,
    /// Rule by rule.
    Rule,
}

impl Sort {
    /// Orders findings that are in the order of their places.
    pub(super) fn apply(self, findings: &mut [&Finding], sources: &Sources) {
        match self {
            Self::File => findings.sort_by_cached_key(|one| {
                (sources.file(one.primary.span.file).path.clone(), Reverse(one.severity))
            }),
            Self::Severity => findings.sort_by_key(|one| Reverse(one.severity)),
            Self::Rule => findings.sort_by_key(|one| one.rule.id),
        }
    }
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// Findings alone.
    Quiet,
    /// Findings, what stays open, and counts.
    #[default]
    Normal,
    /// Also every open verdict with its whole reason, and the roots.
    Verbose,
}
