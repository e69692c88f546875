//! What a run prints: one file a format, each a pure function of the outcome.

mod diff;
mod escape;
mod excerpt;
mod github;
mod gitlab;
mod html;
mod json;
mod junit;
mod line_hash;
mod markdown;
mod order;
mod places;
mod sarif;
mod statistics;
mod text;
mod trace;

use crate::finding::{Outcome, Rule};
use crate::source::Workspace;

pub use diff::{Difference, diff_json, diff_markdown, diff_text};
pub use escape::escape;
pub use github::github;
pub use gitlab::gitlab;
pub use html::{Page, page, picture_page};
pub use json::json;
pub use junit::junit;
pub use markdown::{markdown, summary};
pub use places::fingerprinted;
pub use sarif::sarif;
pub use statistics::statistics;
pub use text::{Detail, Sort, Style, text};
pub use trace::{trace_json, trace_text};

/// What the formats for forges print.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// What was found.
    pub outcome: &'a Outcome,
    /// The files that it points into.
    pub workspace: &'a Workspace,
    /// All rules: what is said of them does not depend on what was found.
    pub rules: Vec<&'static Rule>,
    /// Why the job, or a part of it, could not be done.
    pub failures: &'a [String],
    /// What could not be read on the way.
    pub warnings: &'a [String],
}

#[cfg(test)]
mod samples;
