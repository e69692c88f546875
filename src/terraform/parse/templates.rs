//! Templates: text, interpolations, directives, and the white space that markers strip.

use std::borrow::Cow;
use std::sync::Arc;

use hcl_edit::Span as _;
use hcl_edit::template as hclt;

use super::super::syntax::{Kind, Part};
use super::Converter;
use crate::graph::Value;

/// What a template stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// A quoted text: a strip marker takes all white space beside it.
    Text,
    /// A heredoc or a file: it takes what is on the same line.
    Lines,
    /// The same, and the indentation that all lines have goes (`<<-`).
    Indented,
}

impl Converter<'_> {
    pub(super) fn parts(&self, template: &hclt::Template, reach: Reach) -> Vec<Part> {
        let mut tokens = Tokens { all: Vec::new(), strip_next: false, reach };
        self.tokens(template, &mut tokens);
        let mut texts = tokens.texts();
        self.built(template, reach, &mut texts)
    }

    /// The template as Terraform's scanner sees it.
    fn tokens(&self, template: &hclt::Template, out: &mut Tokens) {
        for element in template {
            match element {
                hclt::Element::Literal(text) => {
                    let text = self.literal(text, element.span(), out.reach);
                    lines(&text, out.reach).for_each(|line| out.text(line));
                }
                hclt::Element::Interpolation(it) => out.mark(it.strip),
                hclt::Element::Directive(directive) => match &**directive {
                    hclt::Directive::If(it) => {
                        out.mark(it.if_expr.strip);
                        self.tokens(&it.if_expr.template, out);
                        if let Some(it) = &it.else_expr {
                            out.mark(it.strip);
                            self.tokens(&it.template, out);
                        }
                        out.mark(it.endif_expr.strip);
                    }
                    hclt::Directive::For(it) => {
                        out.mark(it.for_expr.strip);
                        self.tokens(&it.for_expr.template, out);
                        out.mark(it.endfor_expr.strip);
                    }
                },
            }
        }
    }

    /// A text as written: the parser has taken indentation off, not always as Terraform does.
    fn literal<'l>(
        &'l self,
        text: &'l str,
        at: Option<std::ops::Range<usize>>,
        reach: Reach,
    ) -> Cow<'l, str> {
        match at.filter(|_| reach == Reach::Indented).and_then(|at| self.text.get(at)) {
            Some(raw) => raw.replace("$${", "${").replace("%%{", "%{").into(),
            None => text.into(),
        }
    }

    /// The parts, with the texts that are left of them.
    fn built(&self, template: &hclt::Template, reach: Reach, texts: &mut Texts) -> Vec<Part> {
        let mut parts = Vec::new();
        let within = template.span().unwrap_or(0..0);
        for element in template {
            let at = element.span().unwrap_or_else(|| within.clone());
            match element {
                hclt::Element::Literal(text) => {
                    let count = lines(&self.literal(text, element.span(), reach), reach).count();
                    let text: String = texts.by_ref().take(count).collect();
                    if !text.is_empty() {
                        parts.push(Part::Text(text.into()));
                    }
                }
                hclt::Element::Interpolation(it) => {
                    parts.push(Part::Value(self.expr(&it.expr, &at)));
                }
                hclt::Element::Directive(directive) => parts.push(match &**directive {
                    hclt::Directive::If(it) => Part::If {
                        condition: self.expr(&it.if_expr.cond_expr, &at),
                        then: self.built(&it.if_expr.template, reach, texts),
                        otherwise: it
                            .else_expr
                            .as_ref()
                            .map_or_else(Vec::new, |it| self.built(&it.template, reach, texts)),
                    },
                    hclt::Directive::For(it) => Part::For {
                        key_name: it.for_expr.key_var.as_ref().map(|name| name.as_str().into()),
                        value_name: it.for_expr.value_var.as_str().into(),
                        collection: self.expr(&it.for_expr.collection_expr, &at),
                        body: self.built(&it.for_expr.template, reach, texts),
                    },
                }),
            }
        }
        parts.shrink_to_fit();
        parts
    }
}

/// What is left of the texts, in their order.
type Texts = std::vec::IntoIter<String>;

/// The tokens of a text: its lines, or in a quoted text all of it.
fn lines(text: &str, reach: Reach) -> impl Iterator<Item = &str> {
    let whole = (reach == Reach::Text).then_some(text);
    let lines = whole.is_none().then(|| text.split_inclusive('\n'));
    whole.into_iter().chain(lines.into_iter().flatten())
}

/// Texts, and between them interpolations and directives (`None`).
struct Tokens {
    all: Vec<Option<String>>,
    strip_next: bool,
    reach: Reach,
}

impl Tokens {
    fn text(&mut self, text: &str) {
        let strip = std::mem::take(&mut self.strip_next);
        self.all.push(Some(if strip { text.trim_start() } else { text }.to_owned()));
    }

    /// A strip marker takes the white space of the token beside it, and no more.
    fn mark(&mut self, strip: hclt::Strip) {
        let (before, after) = strips(strip);
        if before && let Some(Some(text)) = self.all.last_mut() {
            text.truncate(text.trim_end().len());
        }
        self.all.push(None);
        self.strip_next = after;
    }

    fn texts(mut self) -> Texts {
        if self.reach == Reach::Indented {
            self.take_indentation();
        }
        self.all.into_iter().flatten().collect::<Vec<_>>().into_iter()
    }

    /// Takes off what the lines have in common, after the markers have stripped: what begins no line then
    /// keeps its white space, and a line that begins with a directive leaves all as it is
    /// (`flushHeredocTemplateParts` of `hashicorp/hcl`).
    fn take_indentation(&mut self) {
        let mut least = usize::MAX;
        let mut begins = true;
        let mut starts = Vec::new();
        for (at, token) in self.all.iter().enumerate() {
            if std::mem::take(&mut begins) {
                let blank = token.as_ref().is_some_and(|text| is_blank_line(text));
                let spaces = token.as_ref().map_or(0, |text| spaces(text));
                if !blank {
                    least = least.min(spaces);
                    starts.push(at);
                }
            }
            begins = token.as_ref().is_some_and(|text| text.ends_with('\n'));
        }
        for at in starts {
            let Some(text) = &mut self.all[at] else { continue };
            let taken = text.char_indices().nth(least).map_or(text.len(), |(at, _)| at);
            text.drain(..taken.min(text.len() - text.trim_start().len()));
        }
    }
}

fn is_blank_line(text: &str) -> bool {
    text.ends_with('\n') && text.trim_start().is_empty()
}

/// How many characters of white space a text begins with.
fn spaces(text: &str) -> usize {
    text.chars().take_while(|c| c.is_whitespace()).count()
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
