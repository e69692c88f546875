//! Comma-separated values.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::fault::{Eval, error};
use super::{Body, Call, Outcome};
use crate::graph::Value;

pub(super) fn body(name: &str) -> Option<Body> {
    (name == "csvdecode").then_some(csvdecode)
}

fn csvdecode(call: &Call<'_>) -> Outcome {
    let Some(text) = call.text(0)? else { return Ok(None) };
    call.spend(text.len())?;
    let mut rows = rows(&text)?.into_iter();
    let Some(head) = rows.next() else { return error("there is no line with the names") };
    let names: Vec<Arc<str>> = head.into_iter().map(Arc::from).collect();
    if (1..names.len()).any(|at| names[..at].contains(&names[at])) {
        return error("a column stands there twice");
    }
    let mut out = Vec::new();
    for row in rows {
        if row.len() != names.len() {
            return error("a line has another number of fields");
        }
        let cells = row.into_iter().map(|cell| call.node(Value::string(cell)));
        let entries: BTreeMap<_, _> = names.iter().cloned().zip(cells).collect();
        out.push(Value::map(entries.into_iter().collect()));
    }
    Ok(Some(call.sequence(out)))
}

/// The lines that are not empty, as fields.
fn rows(text: &str) -> Eval<Vec<Vec<String>>> {
    let text = text.replace("\r\n", "\n");
    let mut rows = Vec::new();
    let mut rest = &*text;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('\n') {
            rest = after;
            continue;
        }
        let mut row = Vec::new();
        loop {
            let (field, after) = field(rest)?;
            row.push(field);
            if let Some(after) = after.strip_prefix(',') {
                rest = after;
                continue;
            }
            rest = after.strip_prefix('\n').unwrap_or(after);
            break;
        }
        rows.push(row);
    }
    Ok(rows)
}

/// One field, and what follows it.
fn field(text: &str) -> Eval<(String, &str)> {
    let Some(mut rest) = text.strip_prefix('"') else {
        let end = text.find([',', '\n']).unwrap_or(text.len());
        if text[..end].contains('"') {
            return error("a quote within a plain field");
        }
        return Ok((text[..end].to_owned(), &text[end..]));
    };
    let mut out = String::new();
    loop {
        let Some(at) = rest.find('"') else { return error("a quote is not closed") };
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                out.push('"');
                rest = after;
            }
            None if rest.is_empty() || rest.starts_with([',', '\n']) => return Ok((out, rest)),
            None => return error("text follows a closing quote"),
        }
    }
}
