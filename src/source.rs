//! Source files and places in them: everything printed later points here.

mod discovery;
mod glob;
mod workspace;

use std::sync::{Arc, OnceLock, RwLock};

pub use discovery::{Complaint, Discovered, Named, discover, is_terraform};
pub use glob::Pattern;
pub use workspace::{ReadError, Workspace, workspace_root};

/// A language that sources are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// A Terraform root module with everything it calls.
    Terraform,
    /// One CloudFormation template with the stacks nested in it.
    CloudFormation,
}

impl Language {
    /// All of them.
    pub const ALL: &'static [Self] = &[Self::Terraform, Self::CloudFormation];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Terraform => "Terraform",
            Self::CloudFormation => "CloudFormation",
        }
    }
}

/// One file that was read, named by its position in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A range of bytes in one file; lines and columns are counted only in reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Byte offset of the first byte.
    pub start: u32,
    /// Byte offset after the last byte.
    pub end: u32,
}

impl Span {
    /// A span over `range` of `file`; offsets beyond 4 GiB saturate (no such file is read).
    pub fn new(file: FileId, range: std::ops::Range<usize>) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { file, start: clamp(range.start), end: clamp(range.end.max(range.start)) }
    }
}

/// Something worth saying about a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where.
    pub span: Span,
    /// What.
    pub text: String,
}

impl Note {
    /// A note at `span`.
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }
}

/// The text of one file, and how a report names it.
#[derive(Debug)]
pub struct SourceFile {
    /// Path as reports print it: relative to the working directory, with `/`, no `./`.
    pub path: String,
    /// The whole text, without a byte-order mark.
    pub text: Arc<str>,
    lines: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// Line and column (both from 1; columns count characters) of a byte offset, clamped to the text.
    pub fn position(&self, offset: u32) -> (u32, u32) {
        let starts = self.lines.get_or_init(|| line_starts(&self.text));
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = starts.partition_point(|&start| start as usize <= offset) - 1;
        let column = self.text[starts[line] as usize..offset].chars().count();
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (clamp(line + 1), clamp(column + 1))
    }

    /// The same file with blanks for all that is outside a range: what is in it keeps its place.
    #[must_use]
    pub fn only(&self, range: std::ops::Range<usize>) -> Self {
        let blank = |text: &str| -> String {
            text.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
        };
        let (before, rest) = self.text.split_at(range.start);
        let (inside, after) = rest.split_at(range.end - range.start);
        let text = [&blank(before), inside, &blank(after)].concat().into();
        Self { path: self.path.clone(), text, lines: OnceLock::new() }
    }

    /// The bytes of a line (from 1), without its line end; the empty range at the end of the text for
    /// a line that does not exist.
    pub fn line(&self, number: u32) -> std::ops::Range<usize> {
        let starts = self.lines.get_or_init(|| line_starts(&self.text));
        let index = (number as usize).wrapping_sub(1);
        let Some(&start) = starts.get(index) else {
            return self.text.len()..self.text.len();
        };
        let start = start as usize;
        let end =
            starts.get(index.saturating_add(1)).map_or(self.text.len(), |&next| next as usize);
        let line = &self.text[start..end];
        let line = line.strip_suffix('\n').unwrap_or(line);
        start..start + line.strip_suffix('\r').unwrap_or(line).len()
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    std::iter::once(0)
        .chain(text.match_indices('\n').filter_map(|(at, _)| u32::try_from(at + 1).ok()))
        .collect()
}

/// All files read in one run. Files can be added while others are being analysed.
#[derive(Debug, Default)]
pub struct Sources {
    files: RwLock<Vec<Arc<SourceFile>>>,
}

impl Sources {
    /// Adds a text under the name that reports will print.
    pub fn add(&self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        let mut files = self.files.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let id = FileId(u32::try_from(files.len()).unwrap_or(u32::MAX));
        files.push(Arc::new(SourceFile {
            path: path.into(),
            text: text.into(),
            lines: OnceLock::new(),
        }));
        id
    }

    /// The file behind an id.
    ///
    /// # Panics
    /// When the id comes from another `Sources`.
    pub fn file(&self, id: FileId) -> Arc<SourceFile> {
        let files = self.files.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(&files[id.0 as usize])
    }

    /// All files that have been read so far.
    pub fn ids(&self) -> Vec<FileId> {
        let files = self.files.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        (0..u32::try_from(files.len()).unwrap_or(u32::MAX)).map(FileId).collect()
    }

    /// The text under a span.
    pub fn text(&self, span: Span) -> String {
        let file = self.file(span.file);
        file.text.get(span.start as usize..span.end as usize).unwrap_or_default().to_owned()
    }

    /// Where a span starts: file, line and column.
    pub fn place(&self, span: Span) -> String {
        let file = self.file(span.file);
        let (line, column) = file.position(span.start);
        format!("{}:{line}:{column}", file.path)
    }
}
