//! JSON into the spanned tree; the only file that knows the JSON parser.

use jsonc_parser::ast::{ObjectPropName, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::syntax::{Builder, Content, Entry, MAX_DEPTH, NodeId, Parsed};
use crate::source::{FileId, SourceFile, Span};

/// Strict JSON: no comments, no trailing or missing commas, no other quotes or numbers.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// What is said of a comment, which YAML would take for something else.
pub(super) const COMMENT: &str = "not valid JSON: comments are not allowed";

/// Reads a JSON text. A text that cannot be parsed has no root and at least one problem.
pub(super) fn parse(file: FileId, source: &SourceFile) -> Parsed {
    let mut builder = Builder::new(file, source);
    let root = match parse_to_ast(&source.text, &CollectOptions::default(), &STRICT) {
        Ok(result) => result.value.and_then(|value| match node(&mut builder, &value, 0) {
            Ok(root) => Some(root),
            Err(span) => {
                builder.problem(span, format!("nested more than {MAX_DEPTH} levels deep"));
                None
            }
        }),
        Err(error) => {
            let place = builder.place(error.range().start);
            let message = match error.kind() {
                ParseErrorKind::CommentsNotAllowed => COMMENT.to_owned(),
                kind => format!("not valid JSON: {kind}"),
            };
            builder.problem(place, message);
            None
        }
    };
    builder.finish(root)
}

fn span(builder: &Builder<'_>, range: Range) -> Span {
    builder.span(range.start..range.end)
}

/// The node of a value, or the place that is too deep.
fn node(builder: &mut Builder<'_>, value: &Value<'_>, depth: usize) -> Result<NodeId, Span> {
    let here = span(builder, value.range());
    Ok(match value {
        Value::StringLit(literal) => builder.scalar(here, &literal.value, false),
        Value::NumberLit(literal) => builder.scalar(here, literal.value, true),
        Value::BooleanLit(literal) => {
            builder.scalar(here, if literal.value { "true" } else { "false" }, true)
        }
        Value::NullKeyword(_) => builder.push(here, Content::Null),
        Value::Array(_) | Value::Object(_) if depth >= MAX_DEPTH => {
            return Err(builder.place(value.range().start));
        }
        Value::Array(array) => {
            let items: Result<Vec<_>, _> =
                array.elements.iter().map(|item| node(builder, item, depth + 1)).collect();
            builder.push(here, Content::Sequence(items?.into()))
        }
        Value::Object(object) => {
            let mut entries = Vec::with_capacity(object.properties.len());
            for property in &object.properties {
                let key = match &property.name {
                    ObjectPropName::String(name) => &*name.value,
                    ObjectPropName::Word(name) => name.value,
                };
                let value = node(builder, &property.value, depth + 1)?;
                let key_span = span(builder, property.name.range());
                entries.push(Entry { key: key.into(), key_span, value });
            }
            builder.mapping(here, entries, false)
        }
    })
}
