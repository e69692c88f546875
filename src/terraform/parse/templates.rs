//! Templates: text, interpolations, directives, and the white space that markers strip.

use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::template as hclt;

use super::super::syntax::{Kind, Part};
use super::Converter;
use crate::graph::Value;

/// How far a strip marker reaches.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reach {
    /// In a quoted text, all white space.
    Text,
    /// In a heredoc or a file, to the end of the line. The next line keeps the indentation that
    /// `<<-` takes off the others.
    Line(usize),
}

impl Converter<'_> {
    pub(super) fn parts(&self, template: &hclt::Template, reach: Reach) -> Vec<Part> {
        self.nested_parts(template, reach, false)
    }

    /// The parser takes the indentation off only what does not stand in a directive.
    fn nested_parts(&self, template: &hclt::Template, reach: Reach, nested: bool) -> Vec<Part> {
        let mut out = Pieces { parts: Vec::new(), strip_next: false, reach };
        let within = template.span().unwrap_or(0..0);
        for element in template {
            let at = element.span().unwrap_or_else(|| within.clone());
            match element {
                hclt::Element::Literal(text) if nested => out.text(&reach.without_indent(text)),
                hclt::Element::Literal(text) => out.text(text),
                hclt::Element::Interpolation(it) => {
                    out.marker(strips(it.strip));
                    out.parts.push(Part::Value(self.expr(&it.expr, &at)));
                }
                hclt::Element::Directive(directive) => match &**directive {
                    hclt::Directive::If(it) => self.template_if(&mut out, it, &at),
                    hclt::Directive::For(it) => self.template_for(&mut out, it, &at),
                },
            }
        }
        out.parts
    }

    fn template_if(&self, out: &mut Pieces, it: &hclt::IfDirective, at: &std::ops::Range<usize>) {
        let (if_start, if_end) = strips(it.if_expr.strip);
        let (endif_start, endif_end) = strips(it.endif_expr.strip);
        let mut then = self.nested_parts(&it.if_expr.template, out.reach, true);
        out.reach.strip(&mut then, if_end, false);
        let mut otherwise = Vec::new();
        if let Some(else_expr) = &it.else_expr {
            let (else_start, else_end) = strips(else_expr.strip);
            out.reach.strip(&mut then, false, else_start);
            otherwise = self.nested_parts(&else_expr.template, out.reach, true);
            out.reach.strip(&mut otherwise, else_end, endif_start);
        } else {
            out.reach.strip(&mut then, false, endif_start);
        }
        out.marker((if_start, endif_end));
        let condition = self.expr(&it.if_expr.cond_expr, at);
        out.parts.push(Part::If { condition, then, otherwise });
    }

    fn template_for(&self, out: &mut Pieces, it: &hclt::ForDirective, at: &std::ops::Range<usize>) {
        let (for_start, for_end) = strips(it.for_expr.strip);
        let (end_start, end_end) = strips(it.endfor_expr.strip);
        let mut body = self.nested_parts(&it.for_expr.template, out.reach, true);
        out.reach.strip(&mut body, for_end, end_start);
        out.marker((for_start, end_end));
        out.parts.push(Part::For {
            key_name: it.for_expr.key_var.as_ref().map(|name| name.as_str().into()),
            value_name: it.for_expr.value_var.as_str().into(),
            collection: self.expr(&it.for_expr.collection_expr, at),
            body,
        });
    }
}

/// Collects template parts and honours strip markers (`~`).
struct Pieces {
    parts: Vec<Part>,
    strip_next: bool,
    reach: Reach,
}

impl Pieces {
    fn text(&mut self, text: &str) {
        let text = if std::mem::take(&mut self.strip_next) {
            self.reach.without_start(text)
        } else {
            text.into()
        };
        if !text.is_empty() {
            self.parts.push(Part::Text(text));
        }
    }

    fn marker(&mut self, (before, after): (bool, bool)) {
        if before {
            self.reach.strip(&mut self.parts, false, true);
        }
        self.strip_next = after;
    }
}

/// Whether `~` stands at the start, and at the end.
fn strips(strip: hclt::Strip) -> (bool, bool) {
    match strip {
        hclt::Strip::None => (false, false),
        hclt::Strip::Start => (true, false),
        hclt::Strip::End => (false, true),
        hclt::Strip::Both => (true, true),
    }
}

impl Reach {
    fn strip(self, parts: &mut Vec<Part>, first: bool, last: bool) {
        if first && let Some(Part::Text(text)) = parts.first_mut() {
            *text = self.without_start(text);
        }
        if last && let Some(Part::Text(text)) = parts.last_mut() {
            *text = self.without_end(text);
        }
        parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
    }

    fn without_indent(self, text: &str) -> String {
        let Self::Line(indent) = self else { return text.to_owned() };
        let mut lines = text.split('\n');
        let mut out = lines.next().unwrap_or_default().to_owned();
        for line in lines {
            let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
            out.push('\n');
            out.push_str(&line[blank.min(indent)..]);
        }
        out
    }

    fn without_start(self, text: &str) -> Arc<str> {
        let Self::Line(indent) = self else { return text.trim_start().into() };
        let end = text.find('\n').map_or(text.len(), |at| at + 1);
        let (line, rest) = text.split_at(end);
        match line.trim_start() {
            "" if line.ends_with('\n') => format!("{}{rest}", " ".repeat(indent)).into(),
            line => format!("{line}{rest}").into(),
        }
    }

    fn without_end(self, text: &str) -> Arc<str> {
        let Self::Line(_) = self else { return text.trim_end().into() };
        let body = text.strip_suffix('\n').unwrap_or(text);
        let (before, line) = match body.rfind('\n') {
            Some(at) => text.split_at(at + 1),
            None => ("", text),
        };
        format!("{before}{}", line.trim_end()).into()
    }
}

/// `"${x}"` is `x` itself.
pub(super) fn unwrap_template(mut parts: Vec<Part>) -> Kind {
    if matches!(parts.as_slice(), [Part::Value(_)])
        && let Some(Part::Value(expr)) = parts.pop()
    {
        return Kind::Parenthesis(Box::new(expr));
    }
    literal_or_template(parts)
}

pub(super) fn literal_or_template(parts: Vec<Part>) -> Kind {
    match parts.as_slice() {
        [] => Kind::Literal(Value::string("")),
        [Part::Text(text)] => Kind::Literal(Value::String(Arc::clone(text))),
        _ => Kind::Template(parts),
    }
}
