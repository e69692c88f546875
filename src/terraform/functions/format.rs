//! `format` and `formatlist`.

use super::super::convert::{to_number, to_text};
use super::super::fault::{Fault, error};
use super::encoding::json;
use super::strings::{clusters, fits};
use super::{Body, Call, Eval, Outcome};
use crate::graph::{ListKind, Number, Value};

pub(super) fn body(name: &str) -> Option<Body> {
    Some(match name {
        "format" => |call| {
            // Of a null that has no type Terraform does not tell what it prints.
            let null = call.values.contains(&Value::Null);
            if null { Ok(None) } else { format(call.values) }
        },
        "formatlist" => formatlist,
        _ => return None,
    })
}

/// `format`: `None` when an argument that is printed is open.
fn format(values: &[Value]) -> Outcome {
    let Some(first) = values.first() else { return error("format needs a text") };
    let Some(spec) = to_text(first)? else { return Ok(None) };
    if !values.iter().all(Value::is_known) {
        return Ok(None);
    }
    let mut out = String::new();
    let mut rest = &*spec;
    let mut next = 1;
    let mut last = 0;
    let mut open = false;
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
        last = last.max(index);
        match verb.print(value)? {
            Some(text) => out.push_str(&text),
            None => open = true,
        }
        fits(&out)?;
    }
    if last + 1 < values.len() {
        return error("format has too many arguments");
    }
    if open {
        return Ok(None);
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
        if *value == Value::Null && self.letter != 'v' {
            return error("format cannot print null");
        }
        let text = match self.letter {
            's' => to_text(value)?.map(|text| self.cut(&text)),
            'q' => to_text(value)?
                .map(|text| json(&Value::String(self.cut(&text).into())))
                .transpose()?
                .flatten(),
            'v' => match value {
                Value::String(text) if !self.sharp => Some(text.to_string()),
                Value::Number(number) if !self.sharp => Some(number.general(None)),
                value => json(value)?,
            },
            't' => super::super::convert::to_bool(value)?.map(|known| known.to_string()),
            'd' | 'x' | 'X' | 'b' | 'o' => match to_number(value)? {
                Some(number) => Some(self.whole(&number)?),
                None => None,
            },
            'f' | 'e' | 'E' | 'g' | 'G' => to_number(value)?.map(|number| self.number(&number)),
            _ => return error(format!("format has no verb %{}", self.letter)),
        };
        Ok(text.map(|text| self.pad(text)))
    }

    fn cut(&self, text: &str) -> String {
        clusters(text).take(self.precision.unwrap_or(usize::MAX)).collect()
    }

    fn whole(&self, number: &Number) -> Eval<String> {
        let Some(whole) = number.to_whole() else { return error("a whole number is required") };
        let digits = match self.letter {
            'x' => whole.to_str_radix(16),
            'X' => whole.to_str_radix(16).to_uppercase(),
            'b' => whole.to_str_radix(2),
            'o' => whole.to_str_radix(8),
            _ => whole.to_str_radix(10),
        };
        let (sign, digits) = match digits.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", &*digits),
        };
        let missing = self.precision.unwrap_or(0).saturating_sub(digits.len());
        let base = match (self.sharp, self.letter) {
            (true, 'x') => "0x",
            (true, 'X') => "0X",
            (true, 'o') => "0",
            (true, 'b') => "0b",
            _ => "",
        };
        Ok(self.signed(format!("{sign}{base}{}{digits}", "0".repeat(missing))))
    }

    fn number(&self, number: &Number) -> String {
        let text = match self.letter {
            'f' => number.fixed(self.precision.unwrap_or(6).min(100)),
            'e' | 'E' => number.scientific(Some(self.precision.unwrap_or(6).min(100))),
            _ => number.general(self.precision.map(|digits| digits.min(100))),
        };
        let capital = self.letter.is_ascii_uppercase();
        self.signed(if capital { text.to_uppercase() } else { text })
    }

    fn signed(&self, text: String) -> String {
        match (self.plus, self.space, text.starts_with('-')) {
            (true, _, false) => format!("+{text}"),
            (false, true, false) => format!(" {text}"),
            _ => text,
        }
    }

    fn pad(&self, text: String) -> String {
        let missing = self.width.saturating_sub(clusters(&text).count());
        if missing == 0 {
            return text;
        }
        if self.minus {
            return text + &" ".repeat(missing);
        }
        if self.zero {
            let (sign, digits) = match text.strip_prefix(['-', '+', ' ']) {
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
            Value::List { .. } | Value::Unknown(_) | Value::Null => return Ok(None),
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
    Ok(Some(Value::sequence(ListKind::List, out)))
}
