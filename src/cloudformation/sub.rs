//! `Fn::Sub`: its pieces, and where each is written.

use std::ops::Range;
use std::str::Chars;
use std::sync::Arc;

use super::evaluate::Evaluator;
use super::scope::Scope;
use super::syntax::{Entry, NodeId};
use crate::graph::Value;
use crate::source::Span;
use crate::unknown::{Form, Symbol, Why};

impl<'a> Evaluator<'a> {
    /// `Fn::Sub`, with or without a mapping of names.
    pub(super) fn substitute(&self, argument: NodeId, at: NodeId, scope: &Scope) -> Value {
        let tree = self.tree();
        let Some((format, names)) = self.format(argument) else {
            return self.invalid(at, "Fn::Sub needs a string and a mapping");
        };
        let Some(format) = tree.text(format) else {
            return self.invalid(at, "Fn::Sub needs a string");
        };
        let mut pieces = Vec::new();
        for (part, _) in parts(format) {
            // The parts of one text are as many as its author liked.
            if !self.spend(1) {
                return Value::Unknown(self.over_budget_symbol(at));
            }
            pieces.push(match part {
                Part::Text(text) => Value::string(text),
                Part::Escaped(name) => Value::string(format!("${{{name}}}")),
                Part::Name(name) => self.substituted(name, names, at, scope),
            });
        }
        self.concatenate(pieces, at)
    }

    /// The text of an `Fn::Sub` and its own names.
    fn format(&self, argument: NodeId) -> Option<(NodeId, &'a [Entry])> {
        let tree = self.tree();
        match tree.elements(argument) {
            None => Some((argument, &[])),
            Some([format]) => Some((*format, &[])),
            Some([format, names]) => Some((*format, tree.entries(*names))),
            Some(_) => None,
        }
    }

    fn substituted(&self, name: &str, names: &[Entry], at: NodeId, scope: &Scope) -> Value {
        self.spend(names.len() as u64 / 64);
        if let Some(entry) = own(name, names, scope) {
            return self.value(entry.value, scope);
        }
        let name: Arc<str> = name.into();
        let declared = scope.get(&name).is_some() || self.parameters.contains_key(&name);
        match &*name {
            "AWS::NoValue" => self.invalid(at, "AWS::NoValue is no text"),
            dotted if !declared && dotted.contains('.') => self.attribute(&name),
            _ => self.reference(&name, scope),
        }
    }

    /// Where a value is written: of an `Fn::Sub` the text, and in it what the template does not declare.
    pub(super) fn written_at(&self, id: NodeId, value: &Value, scope: &Scope) -> Span {
        let tree = self.tree();
        let whole = tree.span(id);
        // What an alias stands for is written elsewhere.
        if tree.is_alias(id) {
            return whole;
        }
        let format = match tree.function(id) {
            Some((function, argument)) if &**function == "Fn::Sub" => self.format(argument),
            _ => None,
        };
        let Some((format, names)) = format else { return whole };
        let Some(text) = tree.text(format) else { return whole };
        let literal = tree.span(format);
        let invalid = match value {
            Value::Unknown(symbol) => invalid_names(symbol),
            _ => Vec::new(),
        };
        if invalid.is_empty() || !self.spend(text.len() as u64 / 32 + 1) {
            return literal;
        }
        let is_at_fault = |part: &Part<'_>| match part {
            Part::Name(name) => {
                own(name, names, scope).is_none()
                    && (*name == "AWS::NoValue" || invalid.contains(&self.own(name)))
            }
            Part::Text(_) | Part::Escaped(_) => false,
        };
        let pieces = || parts(text).into_iter().map(|(part, _)| part).filter(Part::is_marked);
        let Some(at) = pieces().position(|part| is_at_fault(&part)) else { return literal };
        let ranges = marked(self.written_text(literal));
        match ranges.get(at) {
            Some(range) if ranges.len() == pieces().count() => {
                let start = literal.start as usize;
                Span::new(literal.file, start + range.start..start + range.end)
            }
            _ => literal,
        }
    }
}

/// What the mapping of an `Fn::Sub` gives for a name.
fn own<'e>(name: &str, names: &'e [Entry], scope: &Scope) -> Option<&'e Entry> {
    names.iter().rev().find(|entry| &*scope.expand(&entry.key) == name)
}

/// The names of what makes a value one that CloudFormation refuses.
fn invalid_names(symbol: &Symbol) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    symbol.walk(&mut |part| {
        if let Form::Input { name, why: Why::Invalid(_) } = part.form() {
            names.push(Arc::clone(name));
        }
    });
    names
}

#[derive(Debug, PartialEq)]
enum Part<'a> {
    Text(&'a str),
    /// `${!Name}`, which stands for `${Name}` itself.
    Escaped(&'a str),
    Name(&'a str),
}

impl Part<'_> {
    /// Whether it stands between `${` and `}`.
    fn is_marked(&self) -> bool {
        !matches!(self, Self::Text(_))
    }
}

/// The pieces of a text for `Fn::Sub`, in order, and the bytes of each.
fn parts(format: &str) -> Vec<(Part<'_>, Range<usize>)> {
    let mut parts = Vec::new();
    let mut done = 0;
    while let Some(at) = format[done..].find("${").map(|at| done + at) {
        let Some(end) = format[at..].find('}').map(|length| at + length + 1) else { break };
        if at > done {
            parts.push((Part::Text(&format[done..at]), done..at));
        }
        let name = &format[at + 2..end - 1];
        let part = match name.strip_prefix('!') {
            Some(literal) => Part::Escaped(literal),
            None if name.trim().is_empty() => Part::Text(&format[at..end]),
            None => Part::Name(name.trim()),
        };
        parts.push((part, at..end));
        done = end;
    }
    if done < format.len() || parts.is_empty() {
        parts.push((Part::Text(&format[done..]), done..format.len()));
    }
    parts
}

/// The bytes of each `${…}` in a scalar as it is written, with its quotes or the first line of its block.
fn marked(written: &str) -> Vec<Range<usize>> {
    let (text, bytes) = match written.as_bytes().first() {
        Some(b'"') => unescaped(written),
        // What follows `|` or `>` on its line is no text, but may be a comment.
        Some(b'|' | b'>') => {
            let head = written.find('\n').unwrap_or(written.len());
            (written[head..].to_owned(), (head..written.len()).map(|at| at..at + 1).collect())
        }
        _ => (written.to_owned(), (0..written.len()).map(|at| at..at + 1).collect()),
    };
    let found = parts(&text).into_iter().filter(|(part, _)| part.is_marked());
    found.map(|(_, range)| bytes[range.start].start..bytes[range.end - 1].end).collect()
}

/// A text in double quotes without its escapes, and where each of its bytes is written. Only letters of
/// names and their marks are told right: `\n` becomes an `n`.
fn unescaped(written: &str) -> (String, Vec<Range<usize>>) {
    let (mut text, mut bytes) = (String::new(), Vec::new());
    let mut rest = written.chars();
    let at = |rest: &Chars<'_>| written.len() - rest.as_str().len();
    loop {
        let start = at(&rest);
        let Some(char) = rest.next() else { return (text, bytes) };
        let char = if char == '\\' { escape(&mut rest) } else { Some(char) };
        let Some(char) = char else { continue };
        text.push(char);
        bytes.extend(std::iter::repeat_n(start..at(&rest), char.len_utf8()));
    }
}

/// The character of an escape, after its backslash; a line may go on in the next one.
fn escape(rest: &mut Chars<'_>) -> Option<char> {
    let digits = match rest.next()? {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        '\n' | '\r' => {
            *rest = rest.as_str().trim_start().chars();
            return None;
        }
        other => return Some(other),
    };
    let code: String = rest.by_ref().take(digits).collect();
    let code = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
    // Half of a pair is no character.
    Some(code.unwrap_or(char::REPLACEMENT_CHARACTER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_text_apart() {
        use Part::{Escaped, Name, Text};
        for (text, expected) in [
            ("a${B}c${!D}", vec![Text("a"), Name("B"), Text("c"), Escaped("D")]),
            ("${A.B}${C}", vec![Name("A.B"), Name("C")]),
            ("", vec![Text("")]),
            ("$a ${open", vec![Text("$a ${open")]),
            ("${}é${ X }", vec![Text("${}"), Text("é"), Name("X")]),
        ] {
            let found: Vec<_> = parts(text).into_iter().map(|(part, _)| part).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn finds_marks_as_they_are_written() {
        for (written, expected) in [
            ("é ${A} $ ${!B}", vec!["${A}", "${!B}"]),
            ("'it''s ${}${A.B}'", vec!["${A.B}"]),
            (r#""\\${A}\t\"é\u00e9\ud83d\ude00${ B }""#, vec!["${A}", "${ B }"]),
            (r#""\u0024{A\u007d\x24\U0000007bB}""#, vec![r"\u0024{A\u007d", r"\x24\U0000007bB}"]),
            ("\"a $\\\n    {A}\\\n  b\"", vec!["$\\\n    {A}"]),
            ("|-  # ${no}\n  日本 ${A}\n  ${B}", vec!["${A}", "${B}"]),
            (">", vec![]),
            (r#""\"#, vec![]),
            (r#""\u00"#, vec![]),
        ] {
            let found: Vec<_> = marked(written).into_iter().map(|range| &written[range]).collect();
            assert_eq!(found, expected, "{written}");
        }
    }
}
