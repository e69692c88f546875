//! Regular expressions.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::{Captures, Regex, RegexBuilder};

use super::super::fault::error;
use super::{Body, Call, Eval, Outcome};
use crate::graph::{ListKind, Value};

pub(super) fn body(name: &str) -> Option<Body> {
    Some(match name {
        "regex" => regex,
        "regexall" => regexall,
        _ => return None,
    })
}

pub(super) fn compile(pattern: &str) -> Eval<Regex> {
    match RegexBuilder::new(pattern).size_limit(1 << 20).build() {
        Ok(regex) => Ok(regex),
        Err(_) => error(format!("{pattern:?} is no regular expression")),
    }
}

fn regex(call: &Call<'_>) -> Outcome {
    let (Some(pattern), Some(text)) = (call.text(0)?, call.text(1)?) else { return Ok(None) };
    let regex = compile(&pattern)?;
    match regex.captures(&text) {
        Some(captures) => Ok(Some(captured(call, &regex, &captures))),
        None => error("the pattern does not match"),
    }
}

fn regexall(call: &Call<'_>) -> Outcome {
    let (Some(pattern), Some(text)) = (call.text(0)?, call.text(1)?) else { return Ok(None) };
    let regex = compile(&pattern)?;
    let all = regex.captures_iter(&text).map(|it| call.node(captured(call, &regex, &it)));
    Ok(Some(Value::sequence(ListKind::List, all.collect::<Vec<_>>())))
}

/// A text without groups, a list with unnamed ones, a map with named ones.
fn captured(call: &Call<'_>, regex: &Regex, captures: &Captures<'_>) -> Value {
    let group = |found: Option<regex::Match<'_>>| {
        call.node(found.map_or(Value::Null, |found| Value::string(found.as_str())))
    };
    let names: Vec<&str> = regex.capture_names().flatten().collect();
    if !names.is_empty() {
        let entries: BTreeMap<_, _> =
            names.into_iter().map(|name| (Arc::from(name), group(captures.name(name)))).collect();
        return Value::map(entries.into_iter().collect());
    }
    if captures.len() > 1 {
        return Value::list(captures.iter().skip(1).map(group).collect::<Vec<_>>());
    }
    group(captures.get(0)).value
}
