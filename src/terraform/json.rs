//! Terraform's JSON syntax into the syntax tree.

use std::sync::Arc;

use jsonc_parser::ast;
use jsonc_parser::common::Ranged;

use super::parse;
use super::syntax::{Attribute, Block, Body, Expr, Fault, File, Kind, Origin};
use crate::graph::{Number, Value};
use crate::source::{FileId, Span};

/// Strict JSON.
pub(super) const STRICT: jsonc_parser::ParseOptions = jsonc_parser::ParseOptions {
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

/// Arguments of resources whose value is a map. JSON does not tell a map from a block; any other
/// object is taken for a block.
const MAPS: [&str; 12] = [
    "tags",
    "tags_all",
    "labels",
    "parameters",
    "triggers",
    "keepers",
    "variables",
    "query",
    "vars",
    "inputs",
    "providers",
    "attributes",
];

/// Parses a `.tf.json` or (with `values`) a `.tfvars.json` file.
pub(super) fn file(id: FileId, text: &str, values: bool) -> File {
    let fault = |range: std::ops::Range<usize>, message: String| {
        let fault = Fault { span: Span::new(id, range), message, of: Origin::Code };
        File { body: Body::default(), faults: vec![fault] }
    };
    let parsed =
        jsonc_parser::parse_to_ast(text, &jsonc_parser::CollectOptions::default(), &STRICT);
    let root = match parsed {
        Ok(result) => result.value,
        Err(error) => {
            let range = error.range();
            let (start, end) = (range.start.min(text.len()), range.end.min(text.len()));
            return fault(start..end, error.kind().to_string());
        }
    };
    let Some(ast::Value::Object(root)) = root else {
        return fault(0..0, "the file must hold one JSON object".to_owned());
    };
    let reader = Reader { id, text };
    let body = if values { reader.arguments(&root, true) } else { reader.top(&root) };
    File { body, faults: Vec::new() }
}

struct Reader<'t> {
    id: FileId,
    text: &'t str,
}

type Prop<'a, 't> = (&'a ast::ObjectPropName<'t>, &'a ast::Value<'t>);

impl Reader<'_> {
    fn span(&self, range: jsonc_parser::common::Range) -> Span {
        Span::new(self.id, range.start..range.end)
    }

    fn top(&self, root: &ast::Object<'_>) -> Body {
        let mut body = Body::default();
        for prop in &root.properties {
            let kind = prop.name.as_str();
            let labels = match kind {
                "resource" | "data" => 2,
                "module" | "variable" | "output" | "provider" => 1,
                "locals" => 0,
                "terraform" => {
                    self.settings(&prop.value, &mut body);
                    continue;
                }
                _ => continue,
            };
            let head = (&prop.name, &prop.value);
            self.labelled(kind, head, labels, &mut Vec::new(), &mut body.blocks);
        }
        body
    }

    /// The `backend` and `cloud` blocks of `terraform`.
    fn settings(&self, value: &ast::Value<'_>, body: &mut Body) {
        let ast::Value::Object(object) = value else { return };
        for prop in &object.properties {
            let kind = prop.name.as_str();
            let labels = match kind {
                "backend" => 1,
                "cloud" => 0,
                _ => continue,
            };
            let head = (&prop.name, &prop.value);
            let mut inner = Body::default();
            self.labelled(kind, head, labels, &mut Vec::new(), &mut inner.blocks);
            let head = self.span(prop.name.range());
            let (kind, labels) = ("terraform".into(), Vec::new());
            body.blocks.push(Block { kind, labels, head, body: inner });
        }
    }

    /// Objects (or lists of objects) by label, down to the bodies.
    fn labelled(
        &self,
        kind: &str,
        (name, value): Prop<'_, '_>,
        left: usize,
        labels: &mut Vec<Arc<str>>,
        out: &mut Vec<Block>,
    ) {
        match value {
            ast::Value::Array(items) => {
                for item in &items.elements {
                    self.labelled(kind, (name, item), left, labels, out);
                }
            }
            ast::Value::Object(object) if left > 0 => {
                for prop in &object.properties {
                    labels.push(prop.name.as_str().into());
                    self.labelled(kind, (&prop.name, &prop.value), left - 1, labels, out);
                    labels.pop();
                }
            }
            ast::Value::Object(object) => {
                let plain = matches!(kind, "module" | "variable" | "output" | "locals");
                let mut body = self.arguments(object, plain);
                if kind == "variable" {
                    read_type(&mut body);
                }
                let head = self.span(name.range());
                out.push(Block { kind: kind.into(), labels: labels.clone(), head, body });
            }
            _ => {}
        }
    }

    /// A body; `plain` where every entry is an argument.
    fn arguments(&self, object: &ast::Object<'_>, plain: bool) -> Body {
        let mut body = Body::default();
        for prop in &object.properties {
            let name = prop.name.as_str();
            let head = (&prop.name, &prop.value);
            if name == "//" {
                continue;
            }
            if name == "dynamic" && !plain {
                self.labelled("dynamic", head, 1, &mut Vec::new(), &mut body.blocks);
            } else if !plain && !MAPS.contains(&name) && is_block(&prop.value) {
                self.labelled(name, head, 0, &mut Vec::new(), &mut body.blocks);
            } else {
                body.attributes
                    .push(Attribute { name: name.into(), expr: Arc::new(self.expr(&prop.value)) });
            }
        }
        body
    }

    fn expr(&self, value: &ast::Value<'_>) -> Expr {
        let span = self.span(value.range());
        let kind = match value {
            ast::Value::StringLit(text) => return self.template(text),
            ast::Value::NumberLit(number) => Kind::Literal(Value::number(
                number.value.parse::<Number>().unwrap_or_else(|_| Number::zero()),
            )),
            ast::Value::BooleanLit(it) => Kind::Literal(Value::Bool(it.value)),
            ast::Value::NullKeyword(_) => Kind::Literal(Value::Null),
            ast::Value::Array(items) => {
                Kind::List(items.elements.iter().map(|item| self.expr(item)).collect())
            }
            ast::Value::Object(object) => {
                let items = object.properties.iter().map(|prop| {
                    let key = match &prop.name {
                        ast::ObjectPropName::String(text) => self.template(text),
                        ast::ObjectPropName::Word(word) => Expr {
                            kind: Kind::Literal(Value::string(word.value)),
                            span: self.span(word.range),
                        },
                    };
                    (key, self.expr(&prop.value))
                });
                Kind::Object(items.collect())
            }
        };
        Expr { kind, span }
    }

    fn template(&self, text: &ast::StringLit<'_>) -> Expr {
        let span = self.span(text.range);
        // Without escapes, the places inside are those of the file.
        let inner = text.range.start + 1..text.range.end.saturating_sub(1);
        let exact = self.text.get(inner.clone()) == Some(&*text.value);
        parse::template(&text.value, span, exact.then_some(inner.start))
            .unwrap_or_else(|| Expr { kind: Kind::Literal(Value::string(&*text.value)), span })
    }
}

/// An object, or a list of objects.
fn is_block(value: &ast::Value<'_>) -> bool {
    match value {
        ast::Value::Object(_) => true,
        ast::Value::Array(items) => {
            !items.elements.is_empty()
                && items.elements.iter().all(|item| matches!(item, ast::Value::Object(_)))
        }
        _ => false,
    }
}

/// A type constraint is an expression within a string.
fn read_type(body: &mut Body) {
    for attribute in body.attributes.iter_mut().filter(|it| &*it.name == "type") {
        if let Some(text) = attribute.expr.text()
            && let Some(expr) = parse::expression(text, attribute.expr.span)
        {
            attribute.expr = Arc::new(expr);
        }
    }
}
