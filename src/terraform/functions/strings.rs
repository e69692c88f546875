//! Functions over strings.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::{Captures, Regex, RegexBuilder};

use super::super::convert::{number_text, to_number, to_text};
use super::super::fault::{Fault, MAX_TEXT, error};
use super::encoding::json;
use super::{Call, Eval, Outcome};
use crate::graph::{Node, Value};

pub(super) fn apply(call: &Call<'_>) -> Outcome {
    match call.name {
        "format" => return format(call.values),
        "formatlist" => return formatlist(call),
        "join" => return join(call),
        "split" => return split(call),
        "replace" => return replace(call),
        "substr" => return substr(call),
        "indent" => return indent(call),
        "regex" => return regex(call),
        "regexall" => return regexall(call),
        _ => {}
    }
    let one: fn(&str) -> String = match call.name {
        "lower" => str::to_lowercase,
        "upper" => str::to_uppercase,
        "title" => title,
        "trimspace" => |text| text.trim().to_owned(),
        "chomp" => |text| text.trim_end_matches(['\n', '\r']).to_owned(),
        "strrev" => |text| text.chars().rev().collect(),
        "basename" => |text| text.trim_end_matches('/').rsplit('/').next().unwrap_or("").to_owned(),
        _ => return two_texts(call),
    };
    let Some(text) = call.text(0)? else { return Ok(None) };
    call.spend(text.len() / 4)?;
    Ok(Some(Value::string(one(&text))))
}

/// Functions of exactly two texts.
fn two_texts(call: &Call<'_>) -> Outcome {
    let two: fn(&str, &str) -> Value = match call.name {
        "trim" => |text, set| Value::string(text.trim_matches(|c| set.contains(c))),
        "trimprefix" => |text, prefix| Value::string(text.strip_prefix(prefix).unwrap_or(text)),
        "trimsuffix" => |text, suffix| Value::string(text.strip_suffix(suffix).unwrap_or(text)),
        "startswith" => |text, prefix| Value::Bool(text.starts_with(prefix)),
        "endswith" => |text, suffix| Value::Bool(text.ends_with(suffix)),
        "strcontains" => |text, part| Value::Bool(text.contains(part)),
        _ => return Ok(None),
    };
    let (Some(first), Some(second)) = (call.text(0)?, call.text(1)?) else { return Ok(None) };
    call.spend(first.len() / 4)?;
    Ok(Some(two(&first, &second)))
}

/// The first letter of each word.
fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut start = true;
    for c in text.chars() {
        if start {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        start = !(c.is_alphanumeric() || c == '_' || c == '\'');
    }
    out
}

fn join(call: &Call<'_>) -> Outcome {
    let Some(separator) = call.text(0)? else { return Ok(None) };
    let mut out = String::new();
    let mut first = true;
    for at in 1..call.values.len() {
        let Some(items) = call.closed(at)? else { return Ok(None) };
        for item in items {
            let Some(text) = to_text(&item.value)? else { return Ok(None) };
            if !std::mem::take(&mut first) {
                out.push_str(&separator);
            }
            out.push_str(&text);
            fits(&out)?;
        }
    }
    Ok(Some(Value::string(out)))
}

fn fits(text: &str) -> Eval<()> {
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
    Ok(Some(Value::list(parts)))
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

fn compile(pattern: &str) -> Eval<Regex> {
    match RegexBuilder::new(pattern).size_limit(1 << 20).build() {
        Ok(regex) => Ok(regex),
        Err(_) => error(format!("{pattern:?} is no regular expression")),
    }
}

fn substr(call: &Call<'_>) -> Outcome {
    let (Some(text), Some(offset), Some(length)) = (call.text(0)?, call.whole(1)?, call.whole(2)?)
    else {
        return Ok(None);
    };
    let chars: Vec<char> = text.chars().collect();
    let count = i64::try_from(chars.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 { (count + offset).max(0) } else { offset.min(count) };
    let end = if length < 0 { count } else { start.saturating_add(length).min(count) };
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    let part: String = chars.get(range).unwrap_or_default().iter().collect();
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
    Ok(Some(Value::list(all.collect::<Vec<_>>())))
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
        return Value::map(entries);
    }
    if captures.len() > 1 {
        return Value::list(captures.iter().skip(1).map(group).collect::<Vec<_>>());
    }
    group(captures.get(0)).value
}

/// `format`: `None` when an argument that is printed is open.
fn format(values: &[Value]) -> Outcome {
    let Some(first) = values.first() else { return error("format needs a text") };
    let Some(spec) = to_text(first)? else { return Ok(None) };
    let mut out = String::new();
    let mut rest = &*spec;
    let mut next = 1;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        let (verb, after) = Verb::parse(&rest[at + 1..])?;
        rest = after;
        if verb.letter == '%' {
            out.push('%');
            continue;
        }
        let index = verb.argument.unwrap_or(next);
        let Some(value) = values.get(index) else { return error("format lacks an argument") };
        next = index + 1;
        let Some(text) = verb.print(value)? else { return Ok(None) };
        out.push_str(&text);
        fits(&out)?;
    }
    out.push_str(rest);
    Ok(Some(Value::string(out)))
}

/// One `%…` of a format.
#[expect(clippy::struct_excessive_bools, reason = "these are the flags of a format")]
struct Verb {
    letter: char,
    argument: Option<usize>,
    width: usize,
    precision: Option<usize>,
    minus: bool,
    plus: bool,
    zero: bool,
    space: bool,
    sharp: bool,
}

impl Verb {
    fn parse(text: &str) -> Eval<(Self, &str)> {
        let mut verb = Self {
            letter: '%',
            argument: None,
            width: 0,
            precision: None,
            minus: false,
            plus: false,
            zero: false,
            space: false,
            sharp: false,
        };
        let mut rest = text;
        loop {
            let Some(c) = rest.chars().next() else { return error("format ends within a verb") };
            rest = &rest[c.len_utf8()..];
            match c {
                '-' => verb.minus = true,
                '+' => verb.plus = true,
                '0' => verb.zero = true,
                ' ' => verb.space = true,
                '#' => verb.sharp = true,
                '1'..='9' => (verb.width, rest) = digits(text, rest)?,
                '.' => {
                    let (precision, after) = digits_at(rest)?;
                    verb.precision = Some(precision);
                    rest = after;
                }
                '[' => {
                    let (argument, after) = digits_at(rest)?;
                    verb.argument = Some(argument);
                    rest = after.strip_prefix(']').unwrap_or(after);
                }
                letter => {
                    verb.letter = letter;
                    return Ok((verb, rest));
                }
            }
        }
    }

    fn print(&self, value: &Value) -> Eval<Option<String>> {
        let text = match self.letter {
            's' => match value {
                Value::List { .. } | Value::Map(_) => return error("%s needs a text"),
                value => to_text(value)?.map(|text| self.cut(&text)),
            },
            'q' => to_text(value)?
                .map(|text| json(&Value::String(self.cut(&text).into())))
                .transpose()?
                .flatten(),
            'v' if self.sharp => json(value)?,
            'v' => match value {
                Value::Null => Some("null".to_owned()),
                Value::List { .. } | Value::Map(_) => json(value)?,
                value => to_text(value)?.map(|text| text.to_string()),
            },
            't' => super::super::convert::to_bool(value)?.map(|known| known.to_string()),
            'd' | 'x' | 'X' | 'b' | 'o' => match to_number(value)? {
                Some(number) if number.fract() != 0.0 => {
                    return error("a whole number is required");
                }
                number => number.map(|number| self.number(number)),
            },
            'f' | 'e' | 'g' => to_number(value)?.map(|number| self.number(number)),
            _ => return error(format!("format has no verb %{}", self.letter)),
        };
        Ok(text.map(|text| self.pad(text)))
    }

    fn cut(&self, text: &str) -> String {
        text.chars().take(self.precision.unwrap_or(usize::MAX)).collect()
    }

    #[allow(clippy::cast_possible_truncation)] // truncation is what %d does
    fn number(&self, number: f64) -> String {
        let text = match self.letter {
            'd' => number_text(number.trunc()),
            'x' => format!("{:x}", number as i64),
            'X' => format!("{:X}", number as i64),
            'b' => format!("{:b}", number as i64),
            'o' => format!("{:o}", number as i64),
            'f' => format!("{number:.*}", self.precision.unwrap_or(6).min(100)),
            _ => number_text(number),
        };
        match (self.plus, self.space, number >= 0.0) {
            (true, _, true) => format!("+{text}"),
            (false, true, true) => format!(" {text}"),
            _ => text,
        }
    }

    fn pad(&self, text: String) -> String {
        let missing = self.width.saturating_sub(text.chars().count());
        if missing == 0 {
            return text;
        }
        if self.minus {
            return text + &" ".repeat(missing);
        }
        if self.zero {
            let (sign, digits) = match text.strip_prefix(['-', '+']) {
                Some(digits) => (&text[..1], digits),
                None => ("", &*text),
            };
            return format!("{sign}{}{digits}", "0".repeat(missing));
        }
        " ".repeat(missing) + &text
    }
}

/// The number whose first digit has just been read.
fn digits<'t>(text: &'t str, rest: &'t str) -> Eval<(usize, &'t str)> {
    let start = text.len() - rest.len() - 1;
    digits_at(text.get(start..).unwrap_or_default())
}

fn digits_at(text: &str) -> Eval<(usize, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    match text[..end].parse::<usize>() {
        Ok(number) if number <= 4096 => Ok((number, &text[end..])),
        Err(_) if end == 0 => Ok((0, text)),
        Ok(_) | Err(_) => Err(Fault::Budget),
    }
}

fn formatlist(call: &Call<'_>) -> Outcome {
    let mut length = None;
    for (at, value) in call.values.iter().enumerate().skip(1) {
        match value {
            Value::List { items, rest: None } => match length {
                None => length = Some(items.len()),
                Some(known) if known == items.len() => {}
                Some(_) => return error(format!("formatlist: argument {at} has another length")),
            },
            Value::List { .. } | Value::Unknown(_) => return Ok(None),
            _ => {}
        }
    }
    let mut out = Vec::new();
    for row in 0..length.unwrap_or(1) {
        let mut values = Vec::with_capacity(call.values.len());
        for value in call.values {
            values.push(match value {
                Value::List { items, .. } => items[row].value.clone(),
                other => other.clone(),
            });
        }
        call.spend(values.len())?;
        let text = match format(&values)? {
            Some(text) => text,
            None => call.evaluator.call_value("format", &values, call.span),
        };
        out.push(call.node(text));
    }
    Ok(Some(Value::list(out)))
}
