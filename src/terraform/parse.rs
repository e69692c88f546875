//! HCL text into the syntax tree: with its templates, the only room that names `hcl_edit`.

mod templates;

use std::cell::RefCell;
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::expr as hcl;
use hcl_edit::structure as hcls;
use hcl_edit::template as hclt;

use templates::{Reach, literal_or_template, unwrap_template};

use super::recover::{blank, blank_vast_items};
use super::syntax::{Access, Attribute, Block, Body, Expr, Fault, File, For, Kind, Origin};
use crate::graph::{Number, Value};
use crate::source::{FileId, Span};
use crate::unknown::{Symbol, Why};

/// After this many faults the rest of a file is given up.
const MAX_FAULTS: usize = 50;

/// After an error all is parsed again, up to this many bytes.
const MAX_REPARSED: usize = 128 * 1024 * 1024;

/// What the parser refuses although Terraform takes it.
const LIMITS: [&str; 3] = ["nested levels", "chained binary operators", REPEATED_KEY];

/// Terraform takes an object's last value for a key.
const REPEATED_KEY: &str = "redefined object key";

/// Said of a quoted text that goes over the end of its line.
const BROKEN: &str = "a quoted text ends on its line: write \\n, or a heredoc";

/// Parses a file. Each top-level block that does not parse becomes a fault; the others are kept.
pub(super) fn file(id: FileId, text: &str) -> File {
    let mut bytes = text.to_owned();
    let mut faults = blank_vast_items(id, &mut bytes);
    let mut renamed = 0;
    loop {
        let error = match hcl_edit::parser::parse_body(&bytes) {
            Ok(body) => {
                let converter = Converter::new(id, text, 0, None);
                let body = converter.body(&body, 0..text.len());
                faults.extend(converter.faults.take());
                return File { body, faults };
            }
            Err(error) => error,
        };
        let offset = error.location().offset().min(text.len());
        let message = error.message().to_owned();
        if message.contains(REPEATED_KEY) && renamed < MAX_FAULTS {
            renamed += 1;
            if rename(&mut bytes, offset, renamed) {
                continue;
            }
        }
        let limit = LIMITS.iter().any(|words| message.contains(words));
        let of = if limit { Origin::Limit } else { Origin::Code };
        faults.push(Fault { span: Span::new(id, word_at(text, offset)), message, of });
        if faults.len() >= MAX_FAULTS
            || faults.len() * text.len() > MAX_REPARSED
            || !blank(&mut bytes, offset)
        {
            return File { body: Body::default(), faults };
        }
    }
}

/// Parses a string of a JSON file as a template; `span` is the string's own.
pub(super) fn template(text: &str, span: Span, exact: Option<usize>) -> Option<Expr> {
    if !text.contains("${") && !text.contains("%{") {
        return Some(Expr { kind: Kind::Literal(Value::string(text)), span });
    }
    let template: hclt::Template = text.parse().ok()?;
    let whole = exact.is_none().then_some(span);
    let converter = Converter::new(span.file, text, exact.unwrap_or(0), whole);
    let kind = unwrap_template(converter.parts(&template, Reach::Lines));
    converter.faults.take().is_empty().then_some(Expr { kind, span })
}

/// Gives a key another name of the same length; its own is read from the text again later.
fn rename(text: &mut String, offset: usize, number: usize) -> bool {
    let Some(rest) = text.get(offset..) else { return false };
    let quoted = usize::from(rest.starts_with('"'));
    let key = &rest[quoted..];
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ':');
    let length = key.find(|c: char| !plain(c)).unwrap_or(key.len());
    if length == 0 || (quoted == 1 && !key[length..].starts_with('"')) {
        return false;
    }
    let mut name = String::new();
    let mut left = number;
    for _ in 0..length {
        name.push(char::from(b'a' + u8::try_from(left % 26).unwrap_or(0)));
        left /= 26;
    }
    text.replace_range(offset + quoted..offset + quoted + length, &name);
    true
}

/// Parses an expression that stands in a string.
pub(super) fn expression(text: &str, span: Span) -> Option<Expr> {
    let expr: hcl::Expression = text.parse().ok()?;
    let converter = Converter::new(span.file, text, 0, Some(span));
    let expr = converter.expr(&expr, &(0..0));
    converter.faults.take().is_empty().then_some(expr)
}

/// The word at an offset, for a fault's label; at the end of the text, its last character.
fn word_at(text: &str, offset: usize) -> std::ops::Range<usize> {
    let mut start = offset;
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let rest = &text[start..];
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let first = rest.chars().next().map_or(0, char::len_utf8);
    start..start + word.max(first)
}

/// Collects what does not tell how many it is: trees are kept for the whole run, and none has room to spare.
fn exactly<T>(count: usize, items: impl Iterator<Item = T>) -> Vec<T> {
    let mut all = Vec::with_capacity(count);
    all.extend(items);
    all
}

/// Turns the parser's tree into ours.
struct Converter<'t> {
    file: FileId,
    /// As written: a repeated key has another name in the parsed tree.
    text: &'t str,
    /// Added to every offset.
    base: usize,
    /// Used for every span where offsets mean nothing (escaped JSON strings).
    whole: Option<Span>,
    /// What the parser takes although Terraform refuses it.
    faults: RefCell<Vec<Fault>>,
    names: RefCell<Names>,
}

/// The last names: a file has few, and each many times. One that another has taken the place of is kept once more.
struct Names([Option<Arc<str>>; 64]);

impl Names {
    fn get(&mut self, name: &str) -> Arc<str> {
        let bytes = name.as_bytes();
        let byte = |at: usize| bytes.get(at).map_or(0, |byte| usize::from(*byte));
        let (last, middle) = (bytes.len().saturating_sub(1), bytes.len() / 2);
        let place = bytes.len() + 3 * byte(0) + 5 * byte(middle) + 7 * byte(last);
        let slot = &mut self.0[place % 64];
        match slot {
            Some(known) if **known == *name => Arc::clone(known),
            _ => Arc::clone(slot.insert(name.into())),
        }
    }
}

impl<'t> Converter<'t> {
    fn new(file: FileId, text: &'t str, base: usize, whole: Option<Span>) -> Self {
        let (faults, names) = (RefCell::default(), RefCell::new(Names([const { None }; 64])));
        Self { file, text, base, whole, faults, names }
    }
}

impl Converter<'_> {
    /// Reports what Terraform refuses; the value is open.
    fn refuse(&self, at: &std::ops::Range<usize>, message: &str) -> Kind {
        let span = self.span(None, at);
        self.faults.borrow_mut().push(Fault {
            span,
            message: message.to_owned(),
            of: Origin::Code,
        });
        Kind::Literal(Value::Unknown(Symbol::input(message, Why::Unparsable)))
    }

    fn span(&self, range: Option<std::ops::Range<usize>>, or: &std::ops::Range<usize>) -> Span {
        let range = range.unwrap_or_else(|| or.clone());
        self.whole
            .unwrap_or_else(|| Span::new(self.file, range.start + self.base..range.end + self.base))
    }

    /// A name; the same ones share their text.
    fn name(&self, name: &str) -> Arc<str> {
        self.names.borrow_mut().get(name)
    }

    fn body(&self, body: &hcls::Body, within: std::ops::Range<usize>) -> Body {
        let within = body.span().unwrap_or(within);
        let attributes = body.iter().filter(|one| one.is_attribute()).count();
        let mut out = Body {
            attributes: Vec::with_capacity(attributes),
            blocks: Vec::with_capacity(body.len() - attributes),
        };
        for structure in body {
            match structure {
                hcls::Structure::Attribute(attribute) => out.attributes.push(Attribute {
                    name: self.name(&attribute.key),
                    expr: Arc::new(self.argument(&attribute.value, &within)),
                }),
                hcls::Structure::Block(block) => out.blocks.push(self.block(block, &within)),
            }
        }
        out
    }

    fn block(&self, block: &hcls::Block, within: &std::ops::Range<usize>) -> Block {
        let ident = block.ident.span().unwrap_or_else(|| within.clone());
        let end = block.labels.last().and_then(hcl_edit::Span::span).map_or(ident.end, |s| s.end);
        Block {
            kind: self.name(&block.ident),
            labels: block.labels.iter().map(|label| self.name(label.as_str())).collect(),
            head: self.span(Some(ident.start..end.max(ident.end)), within),
            body: self.body(&block.body, block.span().unwrap_or_else(|| within.clone())),
        }
    }

    /// The expression of an attribute: it ends with its line.
    fn argument(&self, expr: &hcl::Expression, within: &std::ops::Range<usize>) -> Expr {
        if let hcl::Expression::Traversal(it) = expr
            && let (Some(base), Some(whole)) = (it.expr.span(), expr.span())
        {
            let mut end = base.end;
            for operator in &it.operators {
                let at = operator.span().unwrap_or(whole.end..whole.end);
                if self.text.get(end..at.start).is_some_and(|between| between.contains('\n')) {
                    let kind = self.refuse(&at, "an argument ends with its line");
                    return Expr { kind, span: self.span(Some(whole), within) };
                }
                end = at.end;
            }
        }
        self.expr(expr, within)
    }

    pub(super) fn expr(&self, expr: &hcl::Expression, within: &std::ops::Range<usize>) -> Expr {
        let range = expr.span().unwrap_or_else(|| within.clone());
        Expr { kind: self.kind(expr, &range), span: self.span(Some(range), within) }
    }

    fn boxed(&self, expr: &hcl::Expression, within: &std::ops::Range<usize>) -> Box<Expr> {
        Box::new(self.expr(expr, within))
    }

    fn kind(&self, expr: &hcl::Expression, at: &std::ops::Range<usize>) -> Kind {
        match expr {
            hcl::Expression::Null(_) => Kind::Literal(Value::Null),
            hcl::Expression::Bool(value) => Kind::Literal(Value::Bool(*value.value())),
            hcl::Expression::Number(number) => Kind::Literal(Value::number(self.number(number))),
            hcl::Expression::String(_) if self.breaks(at) => self.refuse(at, BROKEN),
            hcl::Expression::String(text) => Kind::Literal(Value::string(text.value().as_str())),
            hcl::Expression::Array(items) => {
                Kind::List(exactly(items.len(), items.iter().map(|item| self.expr(item, at))))
            }
            hcl::Expression::Object(object) => self.object(object, at),
            hcl::Expression::StringTemplate(template)
                if template.iter().any(|part| self.is_broken(part)) =>
            {
                self.refuse(at, BROKEN)
            }
            hcl::Expression::StringTemplate(template) => {
                unwrap_template(self.parts(template, Reach::Text))
            }
            hcl::Expression::HeredocTemplate(heredoc) => {
                // A heredoc with a single interpolation still ends with a newline: never unwrapped.
                let indented =
                    self.text.get(at.clone()).is_some_and(|text| text.starts_with("<<-"));
                let reach = if indented { Reach::Indented } else { Reach::Lines };
                match self.parts(&heredoc.template, reach) {
                    parts if parts.is_empty() => Kind::Literal(Value::string("")),
                    parts => literal_or_template(parts),
                }
            }
            hcl::Expression::Parenthesis(inner) => Kind::Parenthesis(self.boxed(inner.inner(), at)),
            hcl::Expression::Variable(name) => Kind::Name(self.name(name)),
            hcl::Expression::Conditional(it) => Kind::Conditional(Box::new([
                self.expr(&it.cond_expr, at),
                self.expr(&it.true_expr, at),
                self.expr(&it.false_expr, at),
            ])),
            hcl::Expression::FuncCall(call) => self.call(call, at),
            hcl::Expression::Traversal(it) => self.traversal(it, at),
            hcl::Expression::UnaryOp(it) => {
                Kind::Unary(it.operator.value().as_str(), self.boxed(&it.expr, at))
            }
            hcl::Expression::BinaryOp(it) => Kind::Binary(
                it.operator.value().as_str(),
                Box::new([self.expr(&it.lhs_expr, at), self.expr(&it.rhs_expr, at)]),
            ),
            hcl::Expression::ForExpr(it) => self.for_expr(it, at),
        }
    }

    /// Whether a range of the text goes over the end of a line. What comes from JSON may.
    fn breaks(&self, at: &std::ops::Range<usize>) -> bool {
        self.whole.is_none() && self.text.get(at.clone()).is_some_and(|text| text.contains('\n'))
    }

    fn is_broken(&self, part: &hclt::Element) -> bool {
        matches!(part, hclt::Element::Literal(_)) && part.span().is_some_and(|at| self.breaks(&at))
    }

    /// A number from its own text: the parser keeps fewer digits.
    fn number(&self, number: &hcl_edit::Formatted<hcl_edit::Number>) -> Number {
        let written = number.span().and_then(|range| self.text.get(range));
        let parsed = written.and_then(|text| text.trim().parse().ok());
        let near = || Number::from_f64(number.value().as_f64()?);
        parsed.or_else(near).unwrap_or_else(Number::zero)
    }

    fn object(&self, object: &hcl::Object, at: &std::ops::Range<usize>) -> Kind {
        let items = object.iter().map(|(key, value)| {
            let key = match key {
                hcl::ObjectKey::Ident(name) => Expr {
                    kind: Kind::Literal(Value::string(self.written(key).unwrap_or(name.as_str()))),
                    span: self.span(key.span(), at),
                },
                hcl::ObjectKey::Expression(expr @ hcl::Expression::String(_)) => {
                    let expr = self.expr(expr, at);
                    let text = self.written(key).and_then(|text| text.strip_prefix('"'));
                    match text.and_then(|text| text.strip_suffix('"')) {
                        Some(text) if !text.contains(['\\', '$', '%']) => {
                            Expr { kind: Kind::Literal(Value::string(text)), span: expr.span }
                        }
                        _ => expr,
                    }
                }
                // As a key, a word is a name.
                hcl::ObjectKey::Expression(expr @ hcl::Expression::Null(_)) => {
                    Expr { kind: Kind::Literal(Value::string("null")), ..self.expr(expr, at) }
                }
                hcl::ObjectKey::Expression(expr) => self.expr(expr, at),
            };
            (key, self.expr(value.expr(), at))
        });
        Kind::Object(exactly(object.len(), items))
    }

    /// A key's own text.
    fn written(&self, key: &hcl::ObjectKey) -> Option<&str> {
        self.text.get(key.span()?).map(str::trim)
    }

    fn call(&self, call: &hcl::FuncCall, at: &std::ops::Range<usize>) -> Kind {
        let name = match call.name.namespace.as_slice() {
            [] => self.name(&call.name.name),
            [core] if core.as_str() == "core" => self.name(&call.name.name),
            names => {
                let mut path: Vec<_> = names.iter().map(|name| name.as_str()).collect();
                path.push(call.name.name.as_str());
                self.name(&path.join("::"))
            }
        };
        Kind::Call {
            name,
            arguments: exactly(
                call.args.len(),
                call.args.iter().map(|argument| self.expr(argument, at)),
            )
            .into(),
            expand: call.args.expand_final(),
        }
    }

    fn traversal(&self, it: &hcl::Traversal, at: &std::ops::Range<usize>) -> Kind {
        let is_legacy = |operator: &hcl_edit::Decorated<hcl::TraversalOperator>| {
            matches!(operator.value(), hcl::TraversalOperator::LegacyIndex(_))
        };
        if it.operators.windows(2).any(|pair| pair.iter().all(is_legacy)) {
            return self.refuse(at, "two legacy indexes follow each other: write [0][0]");
        }
        // A sign is weaker than what follows the number.
        if let hcl::Expression::Number(number) = &it.expr
            && self.number(number).is_negative()
        {
            let number = Kind::Literal(Value::number(self.number(number).neg()));
            let base = Expr { kind: number, span: self.span(it.expr.span(), at) };
            let span = self.span(None, at);
            let kind = Kind::Access(Box::new(base), self.steps(it, at));
            return Kind::Unary("-", Box::new(Expr { kind, span }));
        }
        Kind::Access(self.boxed(&it.expr, at), self.steps(it, at))
    }

    fn steps(&self, it: &hcl::Traversal, at: &std::ops::Range<usize>) -> Vec<Access> {
        let step = |operator: &hcl_edit::Decorated<hcl::TraversalOperator>| match operator.value() {
            hcl::TraversalOperator::AttrSplat(_) => Access::AttributeSplat,
            hcl::TraversalOperator::FullSplat(_) => Access::FullSplat,
            hcl::TraversalOperator::GetAttr(name) => Access::Name(self.name(name)),
            hcl::TraversalOperator::Index(expr) => Access::Index(self.boxed(expr, at)),
            hcl::TraversalOperator::LegacyIndex(index) => {
                Access::Name(index.value().to_string().into())
            }
        };
        it.operators.iter().map(step).collect()
    }

    fn for_expr(&self, it: &hcl::ForExpr, at: &std::ops::Range<usize>) -> Kind {
        Kind::For(Box::new(For {
            key_name: it.intro.key_var.as_ref().map(|name| name.as_str().into()),
            value_name: it.intro.value_var.as_str().into(),
            collection: self.expr(&it.intro.collection_expr, at),
            key: it.key_expr.as_ref().map(|key| self.expr(key, at)),
            value: self.expr(&it.value_expr, at),
            group: it.grouping,
            condition: it.cond.as_ref().map(|condition| self.expr(&condition.expr, at)),
        }))
    }
}
