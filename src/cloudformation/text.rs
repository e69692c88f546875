//! Strings: pieces that are put together, canonical JSON, base64.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::evaluate::{Evaluator, MAX_TEXT, text};
use super::syntax::NodeId;
use crate::graph::{Node, Value};
use crate::source::Span;
use crate::unknown::{Form, Operand, Symbol};

impl Evaluator<'_> {
    /// One string of many pieces; pieces that are open make a `template`.
    pub(super) fn concatenate(&self, pieces: Vec<Value>, at: NodeId) -> Value {
        let mut joined = Pieces::default();
        for piece in pieces {
            let before = joined.length;
            match (text(&piece), piece) {
                (Some(text), _) => joined.text(&text),
                (None, Value::Unknown(symbol)) => joined.symbol(&symbol),
                (None, Value::Null) => {}
                (None, _) => return self.invalid(at, "a list or a mapping is no text"),
            }
            let more = (joined.length - before) as u64 / 32;
            if joined.length > MAX_TEXT || !self.spend(more) {
                return Value::Unknown(self.over_budget_symbol(at));
            }
        }
        match joined.finish() {
            Joined::Text(text) => self.string(text, at),
            Joined::Symbol(symbol) => Value::Unknown(symbol),
            Joined::Template(operands) => self.open(at, "template", operands),
        }
    }
}

/// Pieces of a string with neighbouring texts in one.
#[derive(Default)]
struct Pieces {
    operands: Vec<Operand>,
    /// What comes after the last operand.
    text: String,
    /// Of all texts together.
    length: usize,
}

enum Joined {
    Text(String),
    Symbol(Symbol),
    Template(Vec<Operand>),
}

impl Pieces {
    fn text(&mut self, text: &str) {
        self.length += text.len();
        self.text.push_str(text);
    }

    fn symbol(&mut self, symbol: &Symbol) {
        // A template within a template is the same as its pieces.
        if let Form::Call { function, operands } = symbol.form()
            && &**function == "template"
        {
            for operand in operands {
                match operand {
                    Operand::Text(text) => self.text(text),
                    other => self.operand(other.clone()),
                }
            }
            return;
        }
        self.operand(Operand::Symbol(symbol.clone()));
    }

    fn operand(&mut self, operand: Operand) {
        self.flush();
        self.operands.push(operand);
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.operands.push(Operand::Text(std::mem::take(&mut self.text).into()));
        }
    }

    fn finish(mut self) -> Joined {
        if self.operands.is_empty() {
            return Joined::Text(self.text);
        }
        self.flush();
        match &*self.operands {
            [Operand::Symbol(symbol)] => Joined::Symbol(symbol.clone()),
            _ => Joined::Template(self.operands),
        }
    }
}

/// The list that is joined to a symbol with `delimiter`, where nothing in it can hold the delimiter: ids
/// and other attributes of resources.
pub(super) fn split_symbol(symbol: &Symbol, delimiter: &str, span: Span) -> Option<Value> {
    let Form::Call { function, operands } = symbol.form() else {
        return whole(symbol)
            .then(|| Value::list([Node::new(Value::Unknown(symbol.clone()), span)]));
    };
    match (&**function, &**operands) {
        ("join", [Operand::Text(by), Operand::Symbol(list)]) if &**by == delimiter => {
            Some(Value::Unknown(list.clone()))
        }
        ("template", pieces) => {
            let mut items = vec![Vec::new()];
            for piece in pieces {
                let parts: Vec<Value> = match piece {
                    Operand::Text(text) => text.split(delimiter).map(Value::string).collect(),
                    Operand::Symbol(symbol) if whole(symbol) => {
                        vec![Value::Unknown(symbol.clone())]
                    }
                    _ => return None,
                };
                let mut parts = parts.into_iter();
                items.last_mut()?.extend(parts.next());
                items.extend(parts.map(|part| vec![part]));
            }
            let items: Option<Vec<_>> = items.into_iter().map(|it| glued(it, span)).collect();
            Some(Value::list(items?))
        }
        _ => None,
    }
}

/// Whether no text can be hidden in a symbol but that of one id.
fn whole(symbol: &Symbol) -> bool {
    matches!(symbol.form(), Form::Attribute { data: false, name, .. } if &**name == "id" || name.ends_with("Id"))
}

/// The pieces of one element, where that is one value.
fn glued(mut pieces: Vec<Value>, span: Span) -> Option<Node> {
    pieces.retain(|piece| !matches!(piece, Value::String(text) if text.trim().is_empty()));
    match pieces.as_slice() {
        [] => Some(Node::new(Value::string(""), span)),
        [one] => Some(Node::new(one.clone(), span)),
        _ => None,
    }
}

/// A symbol as a template's author would write it: `${Env}-vpc`.
pub(super) fn spell(symbol: &Symbol) -> String {
    let Form::Call { function, operands } = symbol.form() else { return format!("${{{symbol}}}") };
    if &**function != "template" {
        return format!("${{{symbol}}}");
    }
    let pieces = operands.iter().map(|operand| match operand {
        Operand::Text(text) | Operand::Literal(text) => text.to_string(),
        Operand::Symbol(symbol) => spell(symbol),
        Operand::List(_) => "…".to_owned(),
    });
    pieces.collect()
}

/// A known value as JSON, keys sorted.
pub(super) fn to_json(value: &Value, out: &mut String) {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    match value {
        Value::Null | Value::Unknown(_) => out.push_str("null"),
        Value::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Value::Number(number) => {
            // A string takes whatever is written to it.
            let _ = write!(out, "{number}");
        }
        Value::String(text) => out.push_str(&quoted(text)),
        Value::List { items, .. } => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                to_json(&item.value, out);
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            for (at, (key, node)) in map.entries.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                out.push_str(&quoted(key));
                out.push(':');
                to_json(&node.value, out);
            }
            out.push('}');
        }
    }
}

/// Standard base64 with padding.
pub(super) fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_base64() {
        for (text, code) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(text.as_bytes()), code);
        }
    }
}
