//! Places as forges want them: paths from the repository's root, short regions.

use crate::finding::{Finding, Outcome};
use crate::source::{FileId, Note, Span, Workspace};

use super::order::Ordered;

/// A range of lines and columns, from 1; the end is after the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
}

/// The path of a file from the repository's root, with `/`.
pub(super) fn path(workspace: &Workspace, file: FileId) -> String {
    let shown = workspace.sources().file(file).path.clone();
    let path = workspace.path(file);
    let Ok(below) = path.strip_prefix(workspace.root()) else { return shown };
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

/// The first line of a place: what a change shows as a whole.
pub(super) fn region(workspace: &Workspace, span: Span) -> Region {
    let file = workspace.sources().file(span.file);
    let (line, column) = file.position(span.start);
    let line_end = u32::try_from(file.line(line).end).unwrap_or(u32::MAX);
    let end = span.end.min(line_end).max(span.start.saturating_add(1).min(line_end));
    let (end_line, end_column) = file.position(end);
    // No range is empty: at a line's end it is the last character.
    match end_column > column {
        true => Region { line, column, end_line, end_column },
        false if column > 1 => Region { line, column: column - 1, end_line, end_column: column },
        false => Region { line, column, end_line, end_column: column + 1 },
    }
}

/// The place where a forge shows a finding: what was fetched is not in the repository.
pub(super) fn shown<'f>(workspace: &Workspace, finding: &'f Finding) -> &'f Note {
    let own = |note: &&Note| {
        let path = workspace.path(note.span.file);
        path.starts_with(workspace.root()) && !path.iter().any(|part| part == ".terraform")
    };
    std::iter::once(&finding.primary).chain(&finding.labels).find(own).unwrap_or(&finding.primary)
}

/// The findings in the order of the repository's files, whatever the working directory, each with its
/// fingerprint.
pub fn fingerprinted<'a>(
    outcome: &'a Outcome,
    workspace: &Workspace,
) -> Vec<(&'a Finding, String)> {
    let mut ordered = Ordered::new(outcome, workspace.sources());
    ordered.findings.sort_by_cached_key(|finding| path(workspace, finding.primary.span.file));
    let fingerprints = ordered.fingerprints();
    ordered.findings.into_iter().zip(fingerprints).collect()
}
