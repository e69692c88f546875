//! Functions over numbers.

use super::super::convert::{round, to_number};
use super::super::fault::{Fault, MAX_NODES, error};
use super::{Call, Outcome};
use crate::graph::Value;

pub(super) fn apply(call: &Call<'_>) -> Outcome {
    match call.name {
        "range" => return range(call),
        "sum" => return sum(call),
        "parseint" => return parseint(call),
        _ => {}
    }
    let mut numbers = Vec::new();
    for at in 0..call.values.len() {
        let Some(number) = call.number(at)? else { return Ok(None) };
        numbers.push(number);
    }
    let Some(&first) = numbers.first() else { return error("a number is needed") };
    let result = match (call.name, numbers.as_slice()) {
        ("min", all) => all.iter().copied().fold(first, f64::min),
        ("max", all) => all.iter().copied().fold(first, f64::max),
        ("abs", _) => first.abs(),
        ("ceil", _) => first.ceil(),
        ("floor", _) => first.floor(),
        ("signum", _) if first == 0.0 => 0.0,
        ("signum", _) => first.signum(),
        ("pow", [base, exponent]) => base.powf(*exponent),
        _ => return Ok(None),
    };
    Ok(Some(Value::Number(round(result))))
}

fn sum(call: &Call<'_>) -> Outcome {
    let Some(items) = call.closed(0)? else { return Ok(None) };
    if items.is_empty() {
        return error("sum of an empty list");
    }
    let mut total = 0.0;
    for item in items {
        let Some(number) = to_number(&item.value)? else { return Ok(None) };
        total += number;
    }
    Ok(Some(Value::Number(round(total))))
}

fn range(call: &Call<'_>) -> Outcome {
    let mut numbers = Vec::new();
    for at in 0..call.values.len() {
        let Some(number) = call.number(at)? else { return Ok(None) };
        numbers.push(number);
    }
    let (start, limit, step) = match numbers.as_slice() {
        [limit] => (0.0, *limit, if *limit < 0.0 { -1.0 } else { 1.0 }),
        [start, limit] => (*start, *limit, if limit < start { -1.0 } else { 1.0 }),
        [start, limit, step] => (*start, *limit, *step),
        _ => return error("range needs one to three numbers"),
    };
    if step == 0.0 || (step > 0.0 && limit < start) || (step < 0.0 && limit > start) {
        return error("range never ends");
    }
    let mut out = Vec::new();
    let mut at = start;
    while (step > 0.0 && at < limit) || (step < 0.0 && at > limit) {
        if out.len() > MAX_NODES {
            return Err(Fault::Budget);
        }
        out.push(call.node(Value::Number(round(at))));
        at += step;
    }
    Ok(Some(Value::list(out)))
}

fn parseint(call: &Call<'_>) -> Outcome {
    let (Some(text), Some(base)) = (call.text(0)?, call.whole(1)?) else { return Ok(None) };
    let base = u32::try_from(base).ok().filter(|base| (2..=36).contains(base));
    let Some(base) = base else { return Ok(None) };
    match i64::from_str_radix(&text, base) {
        #[allow(clippy::cast_precision_loss)] // as exact as any number here
        Ok(number) => Ok(Some(Value::Number(number as f64))),
        Err(_) => error(format!("{text:?} is no number in base {base}")),
    }
}
