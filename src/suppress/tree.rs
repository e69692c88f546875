//! Where YAML and JSON have comments, entries, and directives that are written as data.

use hashbrown::HashMap;
use std::fmt::Write;
use std::ops::Range;

use granit_parser::{Event, Options, Parser, Span as Place};

use super::Layout;
use super::directive::{self, DATA};

/// Lays out a text; one that breaks off is laid out so far.
pub(super) fn layout(text: &str) -> Layout {
    let mut options = Options::default();
    // By default many comment lines in a row are an error; what is no scalar is searched for them below.
    options.emit_comments = false;
    options.emit_unresolved_aliases = true;
    options.simple_key_max_lookahead = 16 * 1024;
    let mut walker = Walker {
        text,
        stack: Vec::new(),
        scalars: Vec::new(),
        layout: Layout::default(),
        data: Vec::new(),
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let Ok((event, place)) = event else { break };
        walker.event(&event, place);
    }
    let scalars = std::mem::take(&mut walker.scalars);
    walker.comments(&scalars);
    let mut ends: HashMap<usize, usize> = HashMap::new();
    for node in &walker.layout.nodes {
        let end = ends.entry(node.start).or_default();
        *end = node.end.max(*end);
    }
    for (directive, place, owner) in std::mem::take(&mut walker.data) {
        let covers = match owner {
            None => 0..text.len() + 1,
            Some(start) => start..ends.get(&start).copied().unwrap_or(place.end),
        };
        walker.layout.data.push((directive, place, covers));
    }
    walker.layout
}

/// Nothing that is written as data stands deeper: six keys and a list.
const MAX_DEPTH: usize = 7;

/// A collection that is open.
struct Frame {
    is_mapping: bool,
    start: usize,
    /// The key whose value comes next, and its place.
    key: Option<(String, usize)>,
    /// What `eksdns-lint: {ignore: [...]}` says of one entry of the list.
    entry: Vec<(String, String)>,
}

struct Walker<'t> {
    text: &'t str,
    stack: Vec<Frame>,
    scalars: Vec<Range<usize>>,
    layout: Layout,
    /// Directives that are data, with their place and the start of the node that they cover, if not all.
    data: Vec<(String, Range<usize>, Option<usize>)>,
}

impl Walker<'_> {
    fn range(&self, place: Place) -> Range<usize> {
        let at = |offset: Option<usize>| offset.unwrap_or(self.text.len()).min(self.text.len());
        let range = at(place.start.byte_offset())..at(place.end.byte_offset());
        range.start..range.end.max(range.start)
    }

    fn event(&mut self, event: &Event<'_>, place: Place) {
        let range = self.range(place);
        match event {
            Event::Scalar(text, ..) => {
                self.scalars.push(range.clone());
                if self.is_key() {
                    if let Some(frame) = self.stack.last_mut() {
                        frame.key = Some((text.to_string(), range.start));
                    }
                    return;
                }
                self.scalar(text, &range);
                self.value(range.start, range.end);
            }
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                let is_mapping = matches!(event, Event::MappingStart(..));
                let frame = Frame { is_mapping, start: range.start, key: None, entry: Vec::new() };
                self.stack.push(frame);
            }
            Event::MappingEnd | Event::SequenceEnd => {
                if let Some(frame) = self.stack.pop() {
                    self.closed(&frame, range.end);
                    self.value(frame.start, range.end);
                }
            }
            Event::Alias(..) => {
                if self.is_key() {
                    if let Some(frame) = self.stack.last_mut() {
                        frame.key = Some((String::new(), range.start));
                    }
                } else {
                    self.value(range.start, range.end);
                }
            }
            _ => {}
        }
    }

    fn is_key(&self) -> bool {
        self.stack.last().is_some_and(|frame| frame.is_mapping && frame.key.is_none())
    }

    /// A value is complete: with its key it is a node.
    fn value(&mut self, start: usize, end: usize) {
        let Some(frame) = self.stack.last_mut() else { return };
        let (key, start) = match frame.key.take() {
            Some((key, at)) => (Some(key), at),
            None => (None, start),
        };
        self.layout.nodes.push(start..end);
        if let Some(key) = key.filter(|key| is_ours(key)) {
            self.metadata(&key, start..end);
        }
    }

    /// What stands under our name, or nearly, and ignores nothing.
    fn metadata(&mut self, key: &str, range: Range<usize>) {
        let is_metadata = matches!(self.path()[..], ["Metadata"] | ["Resources", _, "Metadata"]);
        let inside = |place: &Range<usize>| range.start <= place.start && place.end <= range.end;
        let says = self.data.iter().any(|(_, place, _)| inside(place));
        if is_metadata && !(says && key == NAME) {
            self.data.retain(|(_, place, _)| !inside(place));
            let text = self.text[range.clone()].trim_end();
            let place = range.start..range.start + text.len();
            self.data.push((directive::malformed(text), place, None));
        }
    }

    /// The keys that lead here.
    fn path(&self) -> Vec<&str> {
        let keys = self.stack.iter().filter_map(|frame| frame.key.as_ref());
        keys.map(|(key, _)| key.as_str()).collect()
    }

    fn scalar(&mut self, text: &str, range: &Range<usize>) {
        let Some(frame) = self.stack.last() else { return };
        let Some((key, _)) = &frame.key else { return };
        if self.stack.len() > MAX_DEPTH && key != "//" {
            return;
        }
        let key = key.clone();
        // A comment as JSON has it covers what it stands in.
        if key == "//" {
            let outer = self.stack.iter().rev().nth(1);
            let owner = outer.map(|outer| outer.key.as_ref().map_or(frame.start, |(_, key)| *key));
            let text = directive::of_data(text);
            self.data.push((text, range.clone(), owner));
        }
        let path = self.path();
        if is_ignore(&path[..path.len() - 1]) {
            let value = text.to_owned();
            if let Some(frame) = self.stack.last_mut() {
                frame.entry.push((key, value));
            }
        }
    }

    /// An entry of the list under `Metadata` is complete.
    fn closed(&mut self, frame: &Frame, end: usize) {
        if frame.entry.is_empty() {
            return;
        }
        let get = |wanted: &str| {
            let found = frame.entry.iter().find(|(key, _)| key == wanted);
            found.map_or("", |(_, value)| value.as_str())
        };
        let known = |key: &str| ["rule", "reason", "until", "key"].contains(&key);
        let is_right = !get("rule").is_empty() && frame.entry.iter().all(|(key, _)| known(key));
        let written = self.text[frame.start..end].trim_end();
        let mut text = if is_right {
            format!("{DATA}{}]", get("rule"))
        } else {
            directive::malformed(written)
        };
        for (key, sign) in [("until", ""), ("key", "\"")] {
            if !get(key).is_empty() {
                let _ = write!(text, " {key}={sign}{}{sign}", get(key));
            }
        }
        // `Metadata` of a resource is for the resource; that of the template for all of it.
        let mut keys = self.stack.iter().filter_map(|frame| frame.key.as_ref());
        let of_resource = keys.next().is_some_and(|(key, _)| key == "Resources");
        let owner = keys.next().filter(|_| of_resource).map(|(_, start)| *start);
        self.data.push((text, frame.start..frame.start + written.len(), owner));
    }

    /// Comments begin with `#` at a line's start or after a blank, and are in no scalar.
    fn comments(&mut self, scalars: &[Range<usize>]) {
        let mut at = 0;
        while let Some(found) = self.text[at..].find('#') {
            let start = at + found;
            let inside = scalars.partition_point(|scalar| scalar.start <= start);
            if let Some(scalar) = inside.checked_sub(1).map(|index| &scalars[index])
                && start < scalar.end
            {
                at = scalar.end.max(start + 1);
                continue;
            }
            let before = self.text[..start].chars().next_back();
            if before.is_none_or(char::is_whitespace) {
                let line = self.text[start..].lines().next().unwrap_or_default();
                self.layout.comments.push(start..start + line.len());
                at = start + line.len().max(1);
            } else {
                at = start + 1;
            }
        }
    }
}

/// The key of what is ignored.
const NAME: &str = "eksdns-lint";

/// Whether a key is this, or is likely meant to be.
fn is_ours(key: &str) -> bool {
    strsim::damerau_levenshtein(&key.to_lowercase(), NAME) <= 2
}

/// Whether keys lead to a list of what is ignored.
fn is_ignore(path: &[&str]) -> bool {
    matches!(
        path,
        ["Metadata", "eksdns-lint", "ignore"]
            | ["Resources", _, "Metadata", "eksdns-lint", "ignore"]
    )
}
