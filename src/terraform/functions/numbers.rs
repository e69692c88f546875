//! Functions over numbers.

use num_bigint::BigInt;

use super::super::convert::to_number;
use super::super::fault::{Eval, Fault, error};
use super::{Body, Call, Outcome};
use crate::graph::{Number, Value};
use crate::unknown::{Symbol, Why};

/// Terraform's `range` gives no more.
const MAX_RANGE: usize = 1024;

pub(super) fn body(name: &str) -> Option<Body> {
    Some(match name {
        "abs" => |call| one(call, |number| Ok(number.abs())),
        "ceil" => |call| one(call, |number| Ok(number.ceil())),
        "floor" => |call| one(call, |number| Ok(number.floor())),
        "signum" => |call| one(call, signum),
        "min" => |call| extreme(call, |a, b| a < b),
        "max" => |call| extreme(call, |a, b| a > b),
        "pow" => |call| machine(call, f64::powf),
        "log" => |call| machine(call, |number, base| ln(number) / ln(base)),
        "sum" => sum,
        "range" => range,
        "parseint" => parseint,
        _ => return None,
    })
}

fn one(call: &Call<'_>, function: fn(&Number) -> Eval<Number>) -> Outcome {
    match call.number(0)? {
        Some(number) => Ok(Some(Value::number(function(&number)?))),
        None => Ok(None),
    }
}

fn signum(number: &Number) -> Eval<Number> {
    if number.to_i64().is_none() {
        return error("signum needs a whole number");
    }
    Ok(Number::from(i32::from(!number.is_zero()) * if number.is_negative() { -1 } else { 1 }))
}

/// All arguments as numbers; `None` when one is open.
fn numbers(call: &Call<'_>) -> Eval<Option<Vec<Number>>> {
    let mut numbers = Vec::with_capacity(call.values.len());
    let mut open = false;
    for at in 0..call.values.len() {
        match call.number(at)? {
            Some(number) => numbers.push(number),
            None => open = true,
        }
    }
    Ok((!open).then_some(numbers))
}

fn extreme(call: &Call<'_>, better: fn(&Number, &Number) -> bool) -> Outcome {
    let Some(numbers) = numbers(call)? else { return Ok(None) };
    match numbers.into_iter().reduce(|a, b| if better(&b, &a) { b } else { a }) {
        Some(number) => Ok(Some(Value::number(number))),
        None => error(format!("{} needs a number", call.name)),
    }
}

/// Terraform has infinite numbers, and takes none of them for an argument: such a value is open.
pub(in crate::terraform) fn infinite(of: &str) -> Value {
    Value::Unknown(Symbol::input(of, Why::NotEvaluated("an infinite number".into())))
}

/// What Terraform itself calculates with machine floats.
fn machine(call: &Call<'_>, function: fn(f64, f64) -> f64) -> Outcome {
    let (Some(a), Some(b)) = (call.number(0)?, call.number(1)?) else { return Ok(None) };
    let result = function(a.to_f64(), b.to_f64());
    if result.is_infinite() {
        return Ok(Some(infinite(&format!("{}({a}, {b})", call.name))));
    }
    match Number::from_f64(result) {
        Some(number) => Ok(Some(Value::number(number))),
        None => error(format!("{} gives no number", call.name)),
    }
}

fn sum(call: &Call<'_>) -> Outcome {
    let Some(items) = call.closed(0)? else { return Ok(None) };
    let mut total: Option<Number> = None;
    let mut open = false;
    for item in items {
        match to_number(&item.value)? {
            Some(number) => {
                total = match total {
                    Some(total) => Some(total.add(&number).ok_or(Fault::Budget)?),
                    None => Some(number),
                };
            }
            None => open = true,
        }
    }
    match total {
        _ if open => Ok(None),
        Some(total) => Ok(Some(Value::number(total))),
        None => error("sum of an empty list"),
    }
}

fn range(call: &Call<'_>) -> Outcome {
    let Some(numbers) = numbers(call)? else { return Ok(None) };
    let (zero, one) = (Number::zero(), Number::from(1u32));
    let step_to = |from: &Number, to: &Number| if to < from { one.neg() } else { one.clone() };
    let (start, limit, step) = match numbers.as_slice() {
        [limit] => (zero.clone(), limit.clone(), step_to(&zero, limit)),
        [start, limit] => (start.clone(), limit.clone(), step_to(start, limit)),
        [start, limit, step] => (start.clone(), limit.clone(), step.clone()),
        _ => return error("range needs one to three numbers"),
    };
    if start == limit {
        return Ok(Some(call.sequence(Vec::new())));
    }
    let down = step.is_negative();
    if step.is_zero() || (!down && limit < start) || (down && limit > start) {
        return error("range never ends");
    }
    let mut out = Vec::new();
    let mut at = start;
    while if down { at > limit } else { at < limit } {
        if out.len() >= MAX_RANGE {
            return error("range gives more than 1024 values");
        }
        out.push(Value::number(at.clone()));
        at = at.add(&step).ok_or(Fault::Budget)?;
    }
    Ok(Some(call.sequence(out)))
}

fn parseint(call: &Call<'_>) -> Outcome {
    let text = match call.arg(0)? {
        Value::String(text) => text,
        Value::Unknown(_) => return Ok(None),
        _ => return error("parseint needs a string"),
    };
    let Some(base) = call.whole(1)? else { return Ok(None) };
    let base = u32::try_from(base).ok().filter(|base| (2..=62).contains(base));
    let Some(base) = base else { return error("the base of parseint is 2 to 62") };
    let (negative, digits) = match text.strip_prefix(['-', '+']) {
        Some(digits) => (text.starts_with('-'), digits),
        None => (false, &**text),
    };
    if digits.len() > 1000 {
        return Err(Fault::Budget);
    }
    let mut number = BigInt::ZERO;
    for c in digits.chars() {
        let Some(digit) = digit(c, base) else {
            return error(format!("{text:?} is no number in base {base}"));
        };
        number = number * base + digit;
    }
    if digits.is_empty() {
        return error("an empty text is no number");
    }
    let number = if negative { -number } else { number };
    Ok(Some(Value::number(Number::whole(&number).ok_or(Fault::Budget)?)))
}

/// Beyond base 36 capital letters are digits of their own.
fn digit(c: char, base: u32) -> Option<u32> {
    let digit = match c {
        '0'..='9' => u32::from(c) - u32::from('0'),
        'a'..='z' => u32::from(c) - u32::from('a') + 10,
        'A'..='Z' if base <= 36 => u32::from(c) - u32::from('A') + 10,
        'A'..='Z' => u32::from(c) - u32::from('A') + 36,
        _ => return None,
    };
    (digit < base).then_some(digit)
}

/// The natural logarithm by the steps of Go's library, whose last bit differs from others.
#[allow(clippy::excessive_precision, clippy::inconsistent_digit_grouping)] // as published
fn ln(x: f64) -> f64 {
    const HIGH: f64 = 6.931_471_803_691_238_164_90e-01;
    const LOW: f64 = 1.908_214_929_270_587_700_02e-10;
    const L: [f64; 7] = [
        6.666_666_666_666_735_130e-01,
        3.999_999_999_940_941_908e-01,
        2.857_142_874_366_239_149e-01,
        2.222_219_843_214_978_396e-01,
        1.818_357_216_161_805_012e-01,
        1.531_383_769_920_937_332e-01,
        1.479_819_860_511_658_591e-01,
    ];
    if !x.is_normal() || x < 0.0 {
        return x.ln();
    }
    let bits = x.to_bits();
    #[allow(clippy::cast_possible_wrap)] // eleven bits
    let mut exponent = ((bits >> 52) & 0x7ff) as i32 - 1022;
    let mut fraction = f64::from_bits((bits & !(0x7ff << 52)) | (1022 << 52));
    if fraction < std::f64::consts::FRAC_1_SQRT_2 {
        fraction *= 2.0;
        exponent -= 1;
    }
    let f = fraction - 1.0;
    let k = f64::from(exponent);
    let s = f / (2.0 + f);
    let s2 = s * s;
    let s4 = s2 * s2;
    let t1 = s2 * (L[0] + s4 * (L[2] + s4 * (L[4] + s4 * L[6])));
    let t2 = s4 * (L[1] + s4 * (L[3] + s4 * L[5]));
    let half = 0.5 * f * f;
    k * HIGH - ((half - (s * (half + t1 + t2) + k * LOW)) - f)
}
