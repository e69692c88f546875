//! Functions over strings.

use unicode_segmentation::UnicodeSegmentation;

use super::super::fault::{Eval, Fault, MAX_TEXT};
use super::lists::texts;
use super::regexes::compile;
use super::{Body, Call, Outcome};
use crate::graph::{ListKind, Node, Value};
use crate::unknown::{Form, Operand};

pub(super) fn body(name: &str) -> Option<Body> {
    Some(match name {
        "lower" => |call| one(call, lower),
        "upper" => |call| one(call, upper),
        "title" => |call| one(call, title),
        "trimspace" => |call| one(call, |text| text.trim().to_owned()),
        "chomp" => |call| one(call, |text| text.trim_end_matches(['\n', '\r']).to_owned()),
        "strrev" => |call| one(call, |text| clusters(text).rev().collect()),
        "trim" => {
            |call| two(call, |text, set| Value::string(text.trim_matches(|c| set.contains(c))))
        }
        "trimprefix" => |call| {
            two(call, |text, prefix| Value::string(text.strip_prefix(prefix).unwrap_or(text)))
        },
        "trimsuffix" => |call| {
            two(call, |text, suffix| Value::string(text.strip_suffix(suffix).unwrap_or(text)))
        },
        "startswith" => startswith,
        "endswith" => |call| two(call, |text, suffix| Value::Bool(text.ends_with(suffix))),
        "strcontains" => |call| two(call, |text, part| Value::Bool(text.contains(part))),
        "join" => join,
        "split" => split,
        "replace" => replace,
        "substr" => substr,
        "indent" => indent,
        _ => return None,
    })
}

/// What a reader takes for characters.
pub(super) fn clusters(text: &str) -> unicode_segmentation::Graphemes<'_> {
    text.graphemes(true)
}

/// One character becomes one, as in Go.
fn mapped<I: Iterator<Item = char>>(c: char, mut to: I) -> char {
    match (to.next(), to.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

fn upper(text: &str) -> String {
    text.chars().map(|c| mapped(c, c.to_uppercase())).collect()
}

fn lower(text: &str) -> String {
    text.chars().map(|c| mapped(c, c.to_lowercase())).collect()
}

fn one(call: &Call<'_>, function: fn(&str) -> String) -> Outcome {
    let Some(text) = call.text(0)? else { return Ok(None) };
    call.spend(text.len() / 4)?;
    Ok(Some(Value::string(function(&text))))
}

fn two(call: &Call<'_>, function: fn(&str, &str) -> Value) -> Outcome {
    let (Some(first), Some(second)) = (call.text(0)?, call.text(1)?) else { return Ok(None) };
    call.spend(first.len() / 4)?;
    Ok(Some(function(&first, &second)))
}

/// A text whose beginning is known may tell.
fn startswith(call: &Call<'_>) -> Outcome {
    let Some(prefix) = call.text(1)? else { return Ok(None) };
    if let Value::Unknown(symbol) = call.arg(0)?
        && let Form::Call { function, operands } = symbol.form()
        && &**function == "template"
        && let Some(Operand::Text(start)) = operands.first()
    {
        let known = start.starts_with(&*prefix);
        return Ok((known || !prefix.starts_with(&**start)).then_some(Value::Bool(known)));
    }
    two(call, |text, prefix| Value::Bool(text.starts_with(prefix)))
}

/// The first letter of each word.
fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut start = true;
    for c in text.chars() {
        if start {
            out.push(mapped(c, c.to_uppercase()));
        } else {
            out.push(c);
        }
        start = match c {
            '\0'..='\x7f' => !c.is_ascii_alphanumeric() && c != '_',
            c => c.is_whitespace(),
        };
    }
    out
}

fn join(call: &Call<'_>) -> Outcome {
    let Some(separator) = call.text(0)? else { return Ok(None) };
    let mut out = String::new();
    let mut first = true;
    for at in 1..call.values.len() {
        let Some(items) = call.closed(at)? else { return Ok(None) };
        let Some(texts) = texts(items)? else { return Ok(None) };
        for text in texts {
            if !std::mem::take(&mut first) {
                out.push_str(&separator);
            }
            out.push_str(&text);
            fits(&out)?;
        }
    }
    Ok(Some(Value::string(out)))
}

pub(super) fn fits(text: &str) -> Eval<()> {
    if text.len() > MAX_TEXT { Err(Fault::Budget) } else { Ok(()) }
}

fn split(call: &Call<'_>) -> Outcome {
    let (Some(separator), Some(text)) = (call.text(0)?, call.text(1)?) else { return Ok(None) };
    let node = |part: &str| call.node(Value::string(part));
    let parts: Vec<Node> = if separator.is_empty() {
        text.chars().map(|c| node(c.encode_utf8(&mut [0; 4]))).collect()
    } else {
        text.split(&*separator).map(node).collect()
    };
    Ok(Some(Value::sequence(ListKind::List, parts)))
}

fn replace(call: &Call<'_>) -> Outcome {
    let (Some(text), Some(from), Some(to)) = (call.text(0)?, call.text(1)?, call.text(2)?) else {
        return Ok(None);
    };
    let pattern = from.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    if let Some(pattern) = pattern.filter(|_| from.len() > 1) {
        let regex = compile(pattern)?;
        let found = regex.find_iter(&text).count();
        if found.saturating_mul(to.len().max(1)) > MAX_TEXT {
            return Err(Fault::Budget);
        }
        return Ok(Some(Value::string(regex.replace_all(&text, &*to).into_owned())));
    }
    let found = if from.is_empty() { text.len() + 1 } else { text.matches(&*from).count() };
    if found.saturating_mul(to.len()).saturating_add(text.len()) > MAX_TEXT {
        return Err(Fault::Budget);
    }
    Ok(Some(Value::string(text.replace(&*from, &to))))
}

fn substr(call: &Call<'_>) -> Outcome {
    let (Some(text), Some(offset), Some(length)) = (call.text(0)?, call.whole(1)?, call.whole(2)?)
    else {
        return Ok(None);
    };
    let chars: Vec<&str> = clusters(&text).collect();
    let count = i64::try_from(chars.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 { (count + offset).max(0) } else { offset.min(count) };
    // From the end, no length is any length.
    let end = if length < 0 || (offset < 0 && length == 0) {
        count
    } else {
        start.saturating_add(length).min(count)
    };
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    let part = chars.get(range).unwrap_or_default().concat();
    Ok(Some(Value::string(part)))
}

fn indent(call: &Call<'_>) -> Outcome {
    let (Some(width), Some(text)) = (call.whole(0)?, call.text(1)?) else { return Ok(None) };
    let Some(width) = usize::try_from(width).ok().filter(|width| *width <= 10_000) else {
        return Err(Fault::Budget);
    };
    let lines = text.matches('\n').count();
    if lines.saturating_mul(width).saturating_add(text.len()) > MAX_TEXT {
        return Err(Fault::Budget);
    }
    Ok(Some(Value::string(text.replace('\n', &format!("\n{}", " ".repeat(width))))))
}
