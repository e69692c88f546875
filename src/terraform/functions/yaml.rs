//! YAML as Terraform reads and writes it.

use hashbrown::HashMap;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use granit_parser::{Event, Options, Parser, ScalarStyle};

use super::super::fault::{Eval, Fault, MAX_NODES, MAX_TEXT, error};
use super::encoding::json;
use super::{Body, Call};
use crate::graph::{Node, Number, Value};

/// No document is nested deeper.
const MAX_DEPTH: usize = 90;

pub(super) fn body(name: &str) -> Option<Body> {
    Some(match name {
        "yamldecode" => |call| {
            let Some(text) = call.text(0)? else { return Ok(None) };
            call.spend(text.len() / 4)?;
            decode(call, &text).map(Some)
        },
        "yamlencode" => |call| {
            let value = call.arg(0)?;
            if !value.is_known() {
                return Ok(None);
            }
            let mut out = String::new();
            write(value, 0, &mut out)?;
            if matches!(value, Value::Null | Value::Bool(_) | Value::Number(_)) {
                out.push_str("...\n");
            }
            Ok(Some(Value::string(out)))
        },
        _ => return None,
    })
}

/// A collection that is not complete yet.
enum Frame {
    Sequence(Vec<Node>, usize),
    /// Entries, what `<<` merges, the key that waits for its value, the anchor.
    Mapping(BTreeMap<Arc<str>, Node>, Vec<Value>, Option<Arc<str>>, usize),
}

struct Reader<'c> {
    call: &'c Call<'c>,
    stack: Vec<Frame>,
    anchors: HashMap<usize, Value>,
    root: Option<Value>,
    nodes: usize,
}

fn decode(call: &Call<'_>, text: &str) -> Eval {
    let mut options = Options::default();
    options.emit_comments = false;
    options.simple_key_max_lookahead = 16 * 1024;
    let mut reader =
        Reader { call, stack: Vec::new(), anchors: HashMap::new(), root: None, nodes: 0 };
    for event in Parser::new_from_str_with_options(text, options) {
        match event {
            Ok((event, place)) => {
                let tag = place.tag_span().and_then(|tag| tag.slice(text)).unwrap_or("");
                reader.event(event, tag)?;
            }
            Err(error_) => return error(format!("this is no YAML: {}", error_.info())),
        }
    }
    Ok(reader.root.unwrap_or(Value::Null))
}

impl Reader<'_> {
    fn event(&mut self, event: Event<'_>, tag: &str) -> Eval<()> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                let value = scalar(&text, plain, tag)?;
                self.complete(value, anchor, plain)
            }
            Event::SequenceStart(_, anchor, _) => self.open(Frame::Sequence(Vec::new(), anchor)),
            Event::MappingStart(_, anchor, _) => {
                self.open(Frame::Mapping(BTreeMap::new(), Vec::new(), None, anchor))
            }
            Event::SequenceEnd | Event::MappingEnd => match self.stack.pop() {
                Some(Frame::Sequence(items, anchor)) => {
                    self.complete(Value::list(items), anchor, false)
                }
                Some(Frame::Mapping(entries, merged, _, anchor)) => {
                    let value = Value::map(merge(entries, merged)?.into_iter().collect());
                    self.complete(value, anchor, false)
                }
                None => Ok(()),
            },
            Event::Alias(id) => match self.anchors.get(&id).cloned() {
                Some(value) => self.complete(value, 0, false),
                None => error("an alias inside what it refers to"),
            },
            Event::DocumentStart(..) if self.root.is_some() => {
                error("a second document starts here")
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, frame: Frame) -> Eval<()> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(Fault::Budget);
        }
        self.stack.push(frame);
        Ok(())
    }

    fn complete(&mut self, value: Value, anchor: usize, plain: bool) -> Eval<()> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Fault::Budget);
        }
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        match self.stack.last_mut() {
            None => self.root = Some(value),
            Some(Frame::Sequence(items, _)) => items.push(self.call.node(value)),
            Some(Frame::Mapping(entries, merged, key, _)) => match key.take() {
                Some(key) if &*key == "<<\0" => merged.push(value),
                Some(key) => {
                    if entries.insert(key, self.call.node(value)).is_some() {
                        return error("a key stands there twice");
                    }
                }
                None => {
                    *key = Some(match &value {
                        Value::String(text) if plain && &**text == "<<" => "<<\0".into(),
                        Value::List { .. } | Value::Map(_) | Value::Null => {
                            return error("a key must be a string");
                        }
                        value => match super::super::convert::to_text(value)? {
                            Some(text) => text,
                            None => return error("a key must be a string"),
                        },
                    });
                }
            },
        }
        Ok(())
    }
}

/// What is written wins over what is merged.
fn merge(
    mut entries: BTreeMap<Arc<str>, Node>,
    merged: Vec<Value>,
) -> Eval<BTreeMap<Arc<str>, Node>> {
    for value in merged {
        let maps = match value {
            Value::List { items, .. } => items.iter().map(|item| item.value.clone()).collect(),
            value => vec![value],
        };
        for map in maps {
            let Value::Map(map) = map else { return error("only mappings can be merged") };
            for (key, node) in &map.entries {
                entries.entry(Arc::clone(key)).or_insert_with(|| node.clone());
            }
        }
    }
    Ok(entries)
}

fn scalar(text: &str, plain: bool, tag: &str) -> Eval {
    match tag {
        "" if plain => Ok(resolve(text)),
        "" | "!" | "!!str" => Ok(Value::string(text)),
        "!!int" | "!!float" => match resolve(text) {
            value @ Value::Number(_) => Ok(value),
            _ => error("this is no number"),
        },
        "!!bool" => match resolve(text) {
            value @ Value::Bool(_) => Ok(value),
            _ => error("this is no bool"),
        },
        "!!null" => Ok(Value::Null),
        other => error(format!("the tag {other} is not supported")),
    }
}

/// The value of a plain scalar.
fn resolve(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" | "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            Value::Bool(true)
        }
        "false" | "False" | "FALSE" | "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Value::Bool(false)
        }
        _ => number(text).map_or_else(|| Value::string(text), Value::number),
    }
}

fn number(text: &str) -> Option<Number> {
    let first = text.bytes().next()?;
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return None;
    }
    for (prefix, base) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return u64::from_str_radix(digits, base).ok().map(Number::from);
        }
    }
    text.parse().ok()
}

/// Block style, keys sorted, strings quoted.
fn write(value: &Value, depth: usize, out: &mut String) -> Eval<()> {
    if out.len() > MAX_TEXT {
        return Err(Fault::Budget);
    }
    let start = |at: usize, out: &mut String| {
        if at > 0 || (depth > 0 && out.ends_with('\n')) {
            out.push_str(&"  ".repeat(depth));
        }
    };
    match value {
        Value::List { items, .. } if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                start(at, out);
                out.push_str("- ");
                write(&item.value, depth + 1, out)?;
            }
        }
        Value::Map(map) if !map.entries.is_empty() => {
            for (at, (key, node)) in map.entries.iter().enumerate() {
                start(at, out);
                let _ = write!(out, "{}:", quoted(&Value::String(Arc::clone(key)))?);
                let (nested, deeper) = match &node.value {
                    Value::List { items, .. } => (!items.is_empty(), 0),
                    Value::Map(map) => (!map.entries.is_empty(), 1),
                    _ => (false, 1),
                };
                out.push(if nested { '\n' } else { ' ' });
                write(&node.value, depth + deeper, out)?;
            }
        }
        Value::String(text) if is_block(text) => literal(text, depth.max(1), out),
        Value::List { .. } => out.push_str("[]\n"),
        Value::Map(_) => out.push_str("{}\n"),
        value => {
            out.push_str(&quoted(value)?);
            out.push('\n');
        }
    }
    Ok(())
}

/// Several lines without what a block cannot hold.
fn is_block(text: &str) -> bool {
    let odd = |c: char| c.is_control() && c != '\n';
    text.contains('\n') && !text.contains(" \n") && !text.ends_with(' ') && !text.contains(odd)
}

fn literal(text: &str, depth: usize, out: &mut String) {
    out.push('|');
    if text.starts_with([' ', '\n']) {
        out.push('2');
    }
    if text == "\n" || text.ends_with("\n\n") {
        out.push('+');
    } else if !text.ends_with('\n') {
        out.push('-');
    }
    out.push('\n');
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        if !line.is_empty() {
            out.push_str(&"  ".repeat(depth));
        }
        out.push_str(line);
        out.push('\n');
    }
}

/// As JSON, where `<`, `>` and `&` are not escaped.
fn quoted(value: &Value) -> Eval<String> {
    let text = json(value)?.unwrap_or_default();
    Ok(text.replace("\\u003c", "<").replace("\\u003e", ">").replace("\\u0026", "&"))
}
