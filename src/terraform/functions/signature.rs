//! What Terraform's functions take: the table of their signatures, and arguments made to fit.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::super::convert::cast;
use super::super::fault::{Eval, error};
use super::super::types::Type;
use crate::graph::Value;
use crate::source::Span;

/// Each line: a function, the types of its parameters (`?` takes null, `...` any number), its result.
pub(super) const TABLE: &str = include_str!("signatures.txt");

/// A parameter.
#[derive(Debug)]
pub(super) struct Parameter {
    kind: Type,
    nullable: bool,
}

/// What a function takes.
#[derive(Debug)]
pub(super) struct Signature {
    parameters: Vec<Parameter>,
    variadic: Option<Parameter>,
    result: Type,
}

/// All functions by name.
pub(super) fn all() -> &'static BTreeMap<&'static str, Signature> {
    static ALL: OnceLock<BTreeMap<&'static str, Signature>> = OnceLock::new();
    ALL.get_or_init(|| TABLE.lines().filter_map(read).collect())
}

fn read(line: &'static str) -> Option<(&'static str, Signature)> {
    let mut words = line.split_whitespace();
    let name = words.next()?;
    let mut signature =
        Signature { parameters: Vec::new(), variadic: None, result: Type::named("dynamic") };
    while let Some(word) = words.next() {
        if word == "->" {
            signature.result = kind(words.next()?);
            break;
        }
        let (variadic, word) = match word.strip_prefix("...") {
            Some(word) => (true, word),
            None => (false, word),
        };
        let (nullable, word) = match word.strip_suffix('?') {
            Some(word) => (true, word),
            None => (false, word),
        };
        let parameter = Parameter { kind: kind(word), nullable };
        if variadic {
            signature.variadic = Some(parameter);
        } else {
            signature.parameters.push(parameter);
        }
    }
    Some((name, signature))
}

/// The type of what a function gives, as far as it does not hang on its arguments.
pub(in crate::terraform) fn result(name: &str) -> Type {
    all().get(name).map_or(Type::Any, |signature| signature.result.clone())
}

fn kind(text: &str) -> Type {
    match text.split_once('(') {
        Some((outer, inner)) => {
            let inner = Box::new(kind(inner.strip_suffix(')').unwrap_or(inner)));
            match outer {
                "list" => Type::List(inner),
                "set" => Type::Set(inner),
                _ => Type::Map(inner),
            }
        }
        None => Type::named(text),
    }
}

impl Signature {
    /// The arguments, converted to what the function takes.
    pub(super) fn fit(&self, name: &str, values: Vec<Value>, span: Span) -> Eval<Vec<Value>> {
        let least = self.parameters.len();
        if values.len() < least || (values.len() > least && self.variadic.is_none()) {
            return error(format!("{name} takes {least} arguments, not {}", values.len()));
        }
        let parameters = self.parameters.iter().chain(self.variadic.iter().cycle());
        let mut out = Vec::with_capacity(values.len());
        for (at, (value, parameter)) in values.into_iter().zip(parameters).enumerate() {
            if matches!(value, Value::Null) && !parameter.nullable {
                return error(format!("argument {} of {name} must not be null", at + 1));
            }
            out.push(match &parameter.kind {
                Type::Any => value,
                kind => cast(&value, kind, span)?,
            });
        }
        Ok(out)
    }
}
