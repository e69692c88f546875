//! The spanned tree that YAML and JSON become, kept in an arena so that aliases stay shared.

use hashbrown::HashMap;
use std::sync::Arc;

use crate::graph::Problem;
use crate::source::{FileId, Note, SourceFile, Span};

/// Collections nested deeper than this are refused.
pub(super) const MAX_DEPTH: usize = 100;

/// Problems beyond this many in one file are not kept.
const MAX_PROBLEMS: usize = 50;

/// Entries that merge keys may copy in one file.
const MAX_MERGED: usize = 100_000;

/// A node, by its position in its [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct NodeId(u32);

/// A node and where it is written.
#[derive(Debug)]
pub(super) struct Syntax {
    /// With its tag, quotes and brackets; a block collection from its first child to its last.
    pub(super) span: Span,
    /// What is written.
    pub(super) content: Content,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Content {
    /// Nothing, `~` or `null`.
    Null,
    /// A string, a number, a Boolean.
    Scalar {
        /// Without quotes, escapes resolved.
        text: Arc<str>,
        /// Written without quotes, so that it may be a number or a Boolean.
        plain: bool,
    },
    /// A list.
    Sequence(Box<[NodeId]>),
    /// A mapping, in the order written; of two equal keys the last one wins.
    Mapping(Box<[Entry]>),
    /// An intrinsic function in its short form, under its long name.
    Call {
        /// `Ref`, `Condition` or `Fn::…`.
        function: Arc<str>,
        /// What follows the tag.
        argument: NodeId,
    },
    /// A YAML alias.
    Alias(NodeId),
    /// Nothing that can be used; the text says why.
    Broken(Arc<str>),
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The key, without quotes.
    pub(super) key: Arc<str>,
    /// The key as written.
    pub(super) key_span: Span,
    /// The value.
    pub(super) value: NodeId,
}

/// All nodes of one file.
#[derive(Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Syntax>,
}

impl Tree {
    fn push(&mut self, span: Span, content: Content) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Syntax { span, content });
        id
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Where a node is written; an alias, not what it refers to.
    pub(super) fn span(&self, id: NodeId) -> Span {
        self.nodes[id.0 as usize].span
    }

    /// Whether a node stands for another.
    pub(super) fn is_alias(&self, id: NodeId) -> bool {
        matches!(self.nodes[id.0 as usize].content, Content::Alias(_))
    }

    /// What a node is, behind its aliases.
    pub(super) fn content(&self, id: NodeId) -> &Content {
        let mut content = &self.nodes[id.0 as usize].content;
        // An alias refers to a node that was complete before it: the way always goes back.
        while let Content::Alias(target) = content {
            content = &self.nodes[target.0 as usize].content;
        }
        content
    }

    /// The entries of a mapping; none for anything else.
    pub(super) fn entries(&self, id: NodeId) -> &[Entry] {
        match self.content(id) {
            Content::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The elements of a list.
    pub(super) fn elements(&self, id: NodeId) -> Option<&[NodeId]> {
        match self.content(id) {
            Content::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The entry of a mapping under a key.
    pub(super) fn entry(&self, id: NodeId, key: &str) -> Option<&Entry> {
        self.entries(id).iter().rev().find(|entry| &*entry.key == key)
    }

    /// The value of a mapping under a key.
    pub(super) fn get(&self, id: NodeId, key: &str) -> Option<NodeId> {
        self.entry(id, key).map(|entry| entry.value)
    }

    /// The text of a scalar.
    pub(super) fn text(&self, id: NodeId) -> Option<&Arc<str>> {
        match self.content(id) {
            Content::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The intrinsic function that a node calls, in either form, and its argument.
    pub(super) fn function(&self, id: NodeId) -> Option<(&Arc<str>, NodeId)> {
        match self.content(id) {
            Content::Call { function, argument } => Some((function, *argument)),
            Content::Mapping(entries) => match &**entries {
                [Entry { key, value, .. }]
                    if &**key == "Ref"
                        || key.starts_with("Fn::") && !key.starts_with("Fn::ForEach::") =>
                {
                    Some((key, *value))
                }
                _ => None,
            },
            _ => None,
        }
    }
}

/// A file that was read into a tree, as far as that went.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The nodes.
    pub(super) tree: Tree,
    /// The document; `None` where the file cannot be parsed, or is empty.
    pub(super) root: Option<NodeId>,
    /// What is wrong with it.
    pub(super) problems: Vec<Problem>,
}

/// Builds the tree of one file.
pub(super) struct Builder<'a> {
    file: FileId,
    source: &'a SourceFile,
    tree: Tree,
    problems: Vec<Problem>,
    merged: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(file: FileId, source: &'a SourceFile) -> Self {
        Self { file, source, tree: Tree::default(), problems: Vec::new(), merged: 0 }
    }

    pub(super) fn finish(self, root: Option<NodeId>) -> Parsed {
        Parsed { tree: self.tree, root, problems: self.problems }
    }

    pub(super) fn tree(&self) -> &Tree {
        &self.tree
    }

    pub(super) fn text(&self) -> &'a str {
        &self.source.text
    }

    pub(super) fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, range)
    }

    /// A span over the character at `at`: one line at most, empty at the end of the text.
    pub(super) fn place(&self, at: usize) -> Span {
        let text = self.text();
        let mut start = at.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let width = text[start..].chars().next().filter(|c| !matches!(c, '\n' | '\r'));
        self.span(start..start + width.map_or(0, char::len_utf8))
    }

    pub(super) fn problem(&mut self, span: Span, message: impl Into<String>) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem::new(span, message));
        }
    }

    pub(super) fn push(&mut self, span: Span, content: Content) -> NodeId {
        self.tree.push(span, content)
    }

    pub(super) fn scalar(&mut self, span: Span, text: &str, plain: bool) -> NodeId {
        let empty = plain && matches!(text, "" | "~" | "null" | "Null" | "NULL");
        let content =
            if empty { Content::Null } else { Content::Scalar { text: text.into(), plain } };
        self.push(span, content)
    }

    /// A mapping: duplicate keys become problems, merge keys are carried out. CloudFormation takes the last of
    /// the keys that are alike, in YAML and in JSON (<https://github.com/go-to-k/cdk-real-drift/issues/1074>).
    pub(super) fn mapping(&mut self, span: Span, entries: Vec<Entry>, merge: bool) -> NodeId {
        let mut seen: HashMap<Arc<str>, Span> = HashMap::with_capacity(entries.len());
        for entry in &entries {
            let first = seen.insert(Arc::clone(&entry.key), entry.key_span);
            // A line is not looked up for a problem that nobody will see.
            if let Some(first) = first.filter(|_| self.problems.len() < MAX_PROBLEMS) {
                let (line, _) = self.source.position(first.start);
                let message = format!("the key `{}` is already on line {line}", entry.key);
                let labels = vec![Note::new(first, "first here")];
                let taken = Some("CloudFormation takes the last one");
                self.problems.push(Problem { span: entry.key_span, message, labels, taken });
            }
        }
        let entries = if merge && seen.contains_key("<<") {
            self.merge(entries)
        } else if seen.len() < entries.len() {
            last_of_each(entries)
        } else {
            entries
        };
        self.push(span, Content::Mapping(entries.into()))
    }

    /// The entries that `<<` brings in come first, so that those written here win.
    fn merge(&mut self, entries: Vec<Entry>) -> Vec<Entry> {
        let (merges, own): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|entry| &*entry.key == "<<");
        let mut all = Vec::new();
        for merge in &merges {
            let parts = match self.tree.content(merge.value) {
                // Of several, the earlier wins.
                Content::Sequence(items) => items.iter().rev().copied().collect(),
                _ => vec![merge.value],
            };
            for part in parts {
                let brought = self.tree.entries(part);
                self.merged = self.merged.saturating_add(brought.len());
                if self.merged > MAX_MERGED {
                    self.problem(merge.key_span, "the merge keys of this file bring in too much");
                    return own;
                }
                all.extend(brought.iter().cloned());
            }
        }
        // A key that is already there is no duplicate here.
        all.extend(own);
        last_of_each(all)
    }
}

/// Of entries with one key the last, in the place of the first.
fn last_of_each(entries: Vec<Entry>) -> Vec<Entry> {
    let mut place: HashMap<Arc<str>, usize> = HashMap::new();
    let mut out: Vec<Entry> = Vec::new();
    for entry in entries {
        if let Some(&at) = place.get(&entry.key) {
            out[at] = entry;
        } else {
            place.insert(Arc::clone(&entry.key), out.len());
            out.push(entry);
        }
    }
    out
}
