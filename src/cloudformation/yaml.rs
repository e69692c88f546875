//! YAML into the spanned tree; the only file that knows the YAML parser.

use hashbrown::HashMap;
use std::ops::Range;
use std::sync::Arc;

use granit_parser::{
    ErrorKind, Event, Options, Parser, ScalarStyle, ScanError, Span as Place, StructureStyle,
};

use super::syntax::{Builder, Content, Entry, MAX_DEPTH, NodeId, Parsed};
use crate::source::{FileId, SourceFile, Span};

/// Reads a YAML text. A text that cannot be parsed has no root and at least one problem.
pub(super) fn parse(file: FileId, source: &SourceFile) -> Parsed {
    let mut options = Options::default();
    // By default more than 96 comment lines in a row are an error.
    options.emit_comments = false;
    options.emit_unresolved_aliases = true;
    // Longer keys are legal YAML, and nothing here is quadratic in their length.
    options.simple_key_max_lookahead = 16 * 1024;
    let mut reader = Reader {
        builder: Builder::new(file, source),
        stack: Vec::new(),
        anchors: HashMap::new(),
        floor: 0,
        root: None,
    };
    for event in Parser::new_from_str_with_options(&source.text, options) {
        let fault = match event {
            Ok((event, place)) => reader.event(event, place).err(),
            Err(error) => Some(reader.fault(&error)),
        };
        if let Some((span, message)) = fault {
            // What was complete before the fault (an earlier document) is still good.
            reader.builder.problem(span, message);
            break;
        }
    }
    let root = reader.root;
    reader.builder.finish(root)
}

/// A fault that ends the reading.
type Fault = (Span, String);

struct Reader<'a> {
    builder: Builder<'a>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, NodeId>,
    /// Where the last event ended.
    floor: usize,
    /// The first document that is not empty.
    root: Option<NodeId>,
}

/// A collection that is not complete yet.
struct Frame {
    items: Items,
    flow: bool,
    start: usize,
    tag: Option<(Arc<str>, usize)>,
    anchor: usize,
}

enum Items {
    Sequence(Vec<NodeId>),
    Mapping { entries: Vec<Entry>, key: Option<Key> },
}

enum Key {
    Name(Arc<str>, Span),
    /// Not a string: its value is dropped.
    Unusable,
}

impl Reader<'_> {
    fn fault(&self, error: &ScanError) -> Fault {
        let text = self.builder.text();
        let mut at = error.marker().byte_offset().unwrap_or(text.len());
        let message = match error.kind() {
            ErrorKind::RecursionLimitExceeded => too_deep(),
            ErrorKind::TabInPlainScalar => {
                // The parser says where the scalar starts.
                at += text.get(at..).and_then(|rest| rest.find('\t')).unwrap_or(0);
                "not valid YAML: a tab where only spaces may stand".to_owned()
            }
            _ => format!("not valid YAML: {}", error.info()),
        };
        (self.builder.place(at), message)
    }

    fn event(&mut self, event: Event<'_>, place: Place) -> Result<(), Fault> {
        let range = place.byte_range().unwrap_or_default();
        let tag = self.tag(&place);
        match event {
            Event::Scalar(text, style, anchor, _) => {
                self.scalar(&text, style, anchor, tag, &range);
            }
            Event::SequenceStart(style, anchor, _) => {
                self.open(Items::Sequence(Vec::new()), style, anchor, tag, &range)?;
            }
            Event::MappingStart(style, anchor, _) => {
                let items = Items::Mapping { entries: Vec::new(), key: None };
                self.open(items, style, anchor, tag, &range)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(&range),
            Event::Alias(id) => {
                let span = self.builder.span(range.clone());
                let content = if let Some(&target) = self.anchors.get(&id) {
                    Content::Alias(target)
                } else {
                    self.builder.problem(span, "this alias stands inside what it refers to");
                    Content::Broken("an alias inside what it refers to".into())
                };
                let node = self.builder.push(span, content);
                self.complete(node, 0);
            }
            Event::UnresolvedAlias(name) => {
                let span = self.builder.span(range.clone());
                self.builder.problem(span, format!("no anchor `{name}` stands before this alias"));
                let content = Content::Broken(format!("no anchor {name}").into());
                let node = self.builder.push(span, content);
                self.complete(node, 0);
            }
            _ => {}
        }
        self.floor = self.floor.max(range.end);
        Ok(())
    }

    /// The tag as written, without its `!`, and where it starts.
    fn tag(&self, place: &Place) -> Option<(Arc<str>, usize)> {
        let tag = place.tag_span()?;
        let name = tag.slice(self.builder.text())?.strip_prefix('!')?;
        Some((name.into(), tag.byte_range()?.start))
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<(Arc<str>, usize)>,
        range: &Range<usize>,
    ) {
        let range = self.exact(style, range);
        let span = self.builder.span(range);
        // `!!str` and the bare `!` make a string of what follows.
        let string = tag.as_ref().is_some_and(|(name, _)| matches!(&**name, "" | "!str"));
        let plain = style == ScalarStyle::Plain && !string;
        let text = if span.start == span.end && style == ScalarStyle::Plain { "" } else { text };
        let node = self.builder.scalar(span, text, plain);
        let node = self.tagged(node, tag);
        self.complete(node, anchor);
    }

    /// The bytes of a scalar. The parser lets a block scalar start after its first line and end
    /// after the next line's indentation.
    fn exact(&self, style: ScalarStyle, range: &Range<usize>) -> Range<usize> {
        let text = self.builder.text();
        if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            let written = text.get(range.clone()).unwrap_or_default();
            return range.start..range.start + written.trim_end().len();
        }
        let before = text.get(self.floor.min(range.start)..range.start).unwrap_or_default();
        let start =
            before.find(['|', '>']).map_or(range.start, |at| range.start - before.len() + at);
        let written = text.get(start..range.end).unwrap_or_default();
        start..start + written.trim_end().len()
    }

    fn open(
        &mut self,
        items: Items,
        style: StructureStyle,
        anchor: usize,
        tag: Option<(Arc<str>, usize)>,
        range: &Range<usize>,
    ) -> Result<(), Fault> {
        if self.stack.len() >= MAX_DEPTH {
            return Err((self.builder.place(range.start), too_deep()));
        }
        let flow = style == StructureStyle::Flow;
        self.stack.push(Frame { items, flow, start: range.start, tag, anchor });
        Ok(())
    }

    fn close(&mut self, range: &Range<usize>) {
        let Some(frame) = self.stack.pop() else { return };
        let tree = self.builder.tree();
        let inner = match &frame.items {
            Items::Sequence(items) => items
                .first()
                .zip(items.last())
                .map(|(&first, &last)| (tree.span(first).start, tree.span(last).end)),
            Items::Mapping { entries, .. } => {
                entries.first().zip(entries.last()).map(|(first, last)| {
                    let end = tree.span(last.value).end.max(last.key_span.end);
                    (first.key_span.start, end)
                })
            }
        };
        let bytes = match inner {
            Some((start, end)) if !frame.flow => start as usize..end as usize,
            _ => frame.start..range.end,
        };
        let span = self.builder.span(bytes);
        let node = match frame.items {
            Items::Sequence(items) => self.builder.push(span, Content::Sequence(items.into())),
            Items::Mapping { entries, .. } => self.builder.mapping(span, entries, true),
        };
        let node = self.tagged(node, frame.tag);
        self.complete(node, frame.anchor);
    }

    /// The call of an intrinsic function, where the tag is one.
    fn tagged(&mut self, node: NodeId, tag: Option<(Arc<str>, usize)>) -> NodeId {
        let Some((name, start)) = tag else { return node };
        let function = match &*name {
            "Ref" | "Condition" => name,
            // The language's own tags (`!!str`), and verbatim ones.
            other if other.is_empty() || other.starts_with(['!', '<']) => return node,
            other => format!("Fn::{other}").into(),
        };
        let end = self.builder.tree().span(node).end as usize;
        let span = self.builder.span(start..end.max(start + 1 + name_length(&function)));
        self.builder.push(span, Content::Call { function, argument: node })
    }

    /// Puts a node where it belongs.
    fn complete(&mut self, node: NodeId, anchor: usize) {
        if anchor > 0 {
            self.anchors.insert(anchor, node);
        }
        let Some(frame) = self.stack.last_mut() else { return self.document(node) };
        match &mut frame.items {
            Items::Sequence(items) => items.push(node),
            Items::Mapping { entries, key } => match key.take() {
                Some(Key::Name(key, key_span)) => {
                    entries.push(Entry { key, key_span, value: node });
                }
                Some(Key::Unusable) => {}
                None => {
                    let span = self.builder.tree().span(node);
                    let name = match self.builder.tree().content(node) {
                        Content::Scalar { text, .. } => Some(Arc::clone(text)),
                        Content::Null => Some("".into()),
                        _ => None,
                    };
                    *key = Some(match name {
                        Some(name) => Key::Name(name, span),
                        None => Key::Unusable,
                    });
                    if matches!(key, Some(Key::Unusable)) {
                        self.builder.problem(span, "a key must be a string");
                    }
                }
            },
        }
    }

    fn document(&mut self, node: NodeId) {
        self.anchors.clear();
        if matches!(self.builder.tree().content(node), Content::Null) {
            return;
        }
        if self.root.is_none() {
            self.root = Some(node);
        } else {
            let span = self.builder.tree().span(node);
            let span = self.builder.place(span.start as usize);
            self.builder.problem(span, "a template is one document, and here a second one starts");
        }
    }
}

fn too_deep() -> String {
    format!("nested more than {MAX_DEPTH} levels deep")
}

/// How long the short form of a function is, without its `!`.
fn name_length(function: &str) -> usize {
    function.strip_prefix("Fn::").unwrap_or(function).len()
}
