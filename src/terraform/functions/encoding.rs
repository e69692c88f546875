//! JSON and base64.

use std::fmt::Write as _;
use std::sync::Arc;

use jsonc_parser::ast;

use super::super::fault::{Fault, MAX_TEXT, error};
use super::super::json::STRICT;
use super::{Body, Call, Eval, Outcome};
use crate::graph::{Entries, Number, Value};

pub(super) fn body(name: &str) -> Option<Body> {
    Some(match name {
        "jsonencode" => |call| Ok(json(call.arg(0)?)?.map(Value::string)),
        "jsondecode" => jsondecode,
        "base64encode" => {
            |call| Ok(call.text(0)?.map(|text| Value::string(encode(text.as_bytes()))))
        }
        "base64decode" => |call| {
            let Some(text) = call.text(0)? else { return Ok(None) };
            match decode(&text).and_then(|bytes| String::from_utf8(bytes).ok()) {
                Some(text) => Ok(Some(Value::string(text))),
                None => error("this is no base64 of a text"),
            }
        },
        "urlencode" => |call| Ok(call.text(0)?.map(|text| Value::string(urlencode(&text)))),
        _ => return None,
    })
}

/// As in a query: a blank becomes `+`.
fn urlencode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            byte => {
                let _ = write!(out, "%{byte:02X}"); // a String takes everything
            }
        }
    }
    out
}

/// The JSON text of a value; `None` when some of it is open.
pub(super) fn json(value: &Value) -> Eval<Option<String>> {
    if !value.is_known() {
        return Ok(None);
    }
    let mut out = String::new();
    write(value, &mut out)?;
    Ok(Some(out))
}

fn write(value: &Value, out: &mut String) -> Eval<()> {
    if out.len() > MAX_TEXT {
        return Err(Fault::Budget);
    }
    match value {
        Value::Null | Value::Unknown(_) => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => write_text(text, out),
        Value::List { items, .. } => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(&item.value, out)?;
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            for (at, (key, node)) in map.entries.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_text(key, out);
                out.push(':');
                write(&node.value, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

/// As Go does: `<`, `>` and `&` are escaped.
fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c)); // a String takes everything
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

fn jsondecode(call: &Call<'_>) -> Outcome {
    let Some(text) = call.text(0)? else { return Ok(None) };
    call.spend(text.len() / 4)?;
    let options = jsonc_parser::CollectOptions::default();
    match jsonc_parser::parse_to_ast(&text, &options, &STRICT) {
        Ok(jsonc_parser::ParseResult { value: Some(value), .. }) => {
            from_json(call, &value).map(Some)
        }
        _ => error("this is no JSON"),
    }
}

fn from_json(call: &Call<'_>, value: &ast::Value<'_>) -> Eval {
    Ok(match value {
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::BooleanLit(it) => Value::Bool(it.value),
        ast::Value::NumberLit(number) => match number.value.parse::<Number>() {
            Ok(number) => Value::number(number),
            Err(_) => return Err(Fault::Budget),
        },
        ast::Value::StringLit(text) => Value::string(&*text.value),
        ast::Value::Array(items) => {
            let items = items.elements.iter().map(|it| Ok(call.node(from_json(call, it)?)));
            Value::list(items.collect::<Eval<Vec<_>>>()?)
        }
        ast::Value::Object(object) => {
            let entries = object.properties.iter().map(|prop| {
                Ok((Arc::from(prop.name.as_str()), call.node(from_json(call, &prop.value)?)))
            });
            Value::map(entries.collect::<Eval<Entries>>()?)
        }
    })
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            if at <= chunk.len() {
                out.push(char::from(ALPHABET[(bits >> (18 - 6 * at) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let text: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    for chunk in text.chunks(4) {
        let padding = chunk.iter().rev().take_while(|byte| **byte == b'=').count();
        let mut bits = 0u32;
        for byte in chunk {
            let digit = match byte {
                b'=' => 0,
                byte => ALPHABET.iter().position(|other| other == byte)?,
            };
            bits = bits << 6 | u32::try_from(digit).ok()?;
        }
        out.extend_from_slice(bits.to_be_bytes().get(1..4usize.saturating_sub(padding))?);
    }
    Some(out)
}
