//! Domain names as the code gives them: written out, in part open, or taken from a cluster's endpoint.

use std::fmt;
use std::sync::Arc;

use crate::graph::Value;
use crate::unknown::{Form, Operand, Step, Symbol, Unknown};

use super::attr::Tri;
use super::cluster::Cluster;
use super::fields::{Context, Kind, Parse};
use super::id::{Id, attribute};

/// One label of a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Label {
    /// Known, in lower case.
    Text(Arc<str>),
    /// Open, and equal to itself.
    Open(Symbol),
}

/// A domain name; no labels is the root, `.`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name(pub Vec<Label>);

/// What a rule or a zone is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Domain {
    /// A name.
    Name(Name),
    /// The host name of a cluster's endpoint.
    EndpointHost(Id<Cluster>),
    /// A cluster's endpoint as it is, with `https://` before the name.
    EndpointUrl(Id<Cluster>),
    /// A text that is no domain name, and why.
    Malformed(Arc<str>, &'static str),
}

impl Name {
    /// A name that is written out.
    pub fn new(text: &str) -> Self {
        let text = text.trim_end_matches('.').to_ascii_lowercase();
        let labels = text.split('.').filter(|label| !label.is_empty());
        Self(labels.map(|label| Label::Text(label.into())).collect())
    }

    /// Whether `other` is this name or below it. An open label may stand for several, so left of one
    /// nothing is certain, unless both names have the same there.
    pub fn covers(&self, other: &Self) -> Tri {
        let mut its = other.0.iter().rev();
        for label in self.0.iter().rev() {
            match (label, its.next()) {
                (a, Some(b)) if a == b => {}
                (Label::Text(_), Some(Label::Text(_)) | None) => return Tri::No,
                (Label::Open(symbol), _) | (Label::Text(_), Some(Label::Open(symbol))) => {
                    return Tri::Maybe(symbol.unknown());
                }
            }
        }
        Tri::Yes
    }

    /// Whether it is only an open text.
    pub fn unknown(&self) -> Option<Unknown> {
        let open = self.0.iter().filter_map(|label| match label {
            Label::Open(symbol) => Some(symbol.unknown()),
            Label::Text(_) => None,
        });
        Unknown::of_all(open)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str(".");
        }
        for (index, label) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            match label {
                Label::Text(text) => f.write_str(text)?,
                Label::Open(symbol) => write!(f, "${{{symbol}}}")?,
            }
        }
        Ok(())
    }
}

/// A name, or all names below one: an entry of a firewall's list, the name of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Whether it begins with `*`.
    pub wildcard: bool,
    /// The name without that.
    pub domain: Domain,
}

impl Parse for Pattern {
    const WANTED: &'static str = "a domain name";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        let Value::String(text) = value else { return None };
        let rest = text.strip_prefix('*');
        let domain = of_text(rest.unwrap_or(text));
        Some(Self { wildcard: rest.is_some(), domain })
    }

    fn open(symbol: &Symbol, context: &Context<'_>) -> Option<Self> {
        let mut pieces = pieces(symbol, context);
        let mut wildcard = false;
        if let Some(Piece::Text(first)) = pieces.first_mut()
            && let Some(rest) = first.strip_prefix('*')
        {
            (wildcard, *first) = (true, rest.to_owned());
        }
        if matches!(pieces.first(), Some(Piece::Text(text)) if text.is_empty() || text == ".") {
            pieces.remove(0);
        }
        Some(Self { wildcard, domain: of_pieces(pieces) })
    }
}

impl Parse for Domain {
    const WANTED: &'static str = "a domain name";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        match value {
            Value::String(text) => Some(of_text(text)),
            _ => None,
        }
    }

    fn open(symbol: &Symbol, context: &Context<'_>) -> Option<Self> {
        Some(of_pieces(pieces(symbol, context)))
    }
}

fn of_text(text: &str) -> Domain {
    match fault(text) {
        Some(fault) => Domain::Malformed(text.into(), fault),
        None => Domain::Name(Name::new(text)),
    }
}

/// Why a text is no domain name that a rule can have.
fn fault(text: &str) -> Option<&'static str> {
    if text.contains("://") {
        Some("is a URL")
    } else if text.contains('/') {
        Some("has a path")
    } else if text.contains(':') {
        Some("has a port")
    } else if text.contains('*') {
        Some("has a wildcard")
    } else if text.contains(char::is_whitespace) {
        Some("has white space in it")
    } else {
        None
    }
}

/// A text in parts: known text, a cluster's host name, or an open part.
#[derive(Debug, Clone, PartialEq)]
enum Piece {
    Text(String),
    Host(Id<Cluster>),
    Open(Symbol),
}

fn of_pieces(pieces: Vec<Piece>) -> Domain {
    match pieces.as_slice() {
        [Piece::Host(cluster)] => return Domain::EndpointHost(*cluster),
        [Piece::Host(cluster), Piece::Text(dot)] if dot == "." => {
            return Domain::EndpointHost(*cluster);
        }
        [Piece::Text(scheme), Piece::Host(cluster), ..] if scheme.contains("://") => {
            return Domain::EndpointUrl(*cluster);
        }
        _ => {}
    }
    let mut labels: Vec<Label> = Vec::new();
    let mut joined = false; // the last label goes on
    for piece in pieces {
        match piece {
            Piece::Text(text) => {
                if let Some(fault) = fault(&text) {
                    return Domain::Malformed(text.into(), fault);
                }
                text_labels(&text.to_ascii_lowercase(), &mut labels, &mut joined);
            }
            Piece::Open(symbol) => {
                if !joined {
                    labels.push(Label::Open(symbol));
                } else if let Some(last) = labels.last_mut() {
                    *last = Label::Open(symbol);
                }
                joined = true;
            }
            Piece::Host(_) => joined = true,
        }
    }
    Domain::Name(Name(labels))
}

fn text_labels(text: &str, labels: &mut Vec<Label>, joined: &mut bool) {
    for (index, part) in text.split('.').enumerate() {
        let goes_on = index == 0 && *joined;
        if !part.is_empty() && goes_on {
            // "${x}-internal": the label is open as a whole.
            if let Some(Label::Text(before)) = labels.last_mut() {
                *before = format!("{before}{part}").into();
            }
        } else if !part.is_empty() {
            labels.push(Label::Text(part.into()));
        }
    }
    *joined = !text.ends_with('.') && !text.is_empty();
}

/// What a symbol says as text, through the functions with which people strip an endpoint.
fn pieces(symbol: &Symbol, context: &Context<'_>) -> Vec<Piece> {
    known_pieces(symbol, context).unwrap_or_else(|| vec![Piece::Open(symbol.clone())])
}

fn known_pieces(symbol: &Symbol, context: &Context<'_>) -> Option<Vec<Piece>> {
    match symbol.form() {
        Form::Attribute { .. } => endpoint(symbol, context)
            .or_else(|| region(symbol, context).map(|region| value_pieces(region, context))),
        Form::Call { function, operands } => called(function, operands, context),
        Form::Part { of, step } => part(of, step, context),
        Form::Input { .. } => None,
    }
}

/// `data.aws_region.current.name` is the Region of its provider.
fn region<'a>(symbol: &Symbol, context: &Context<'a>) -> Option<&'a Value> {
    let (resource, name) = attribute(symbol)?;
    let resource = &context.registry.graph.resources[resource.0 as usize];
    let of_region = &*resource.kind == "aws_region" && matches!(name, "name" | "id" | "region");
    // Without a way to stop at itself a Region that is its own data source would never end.
    let stands = resource.region != Value::Unknown(symbol.clone());
    (of_region && stands).then_some(&resource.region)
}

/// A Region as a label: what two names compare.
pub(super) fn region_label(value: &Value, context: &Context<'_>) -> Option<Label> {
    match value_pieces(value, context).as_slice() {
        [Piece::Text(text)] => Some(Label::Text(text.to_ascii_lowercase().into())),
        [Piece::Open(symbol)] => Some(Label::Open(symbol.clone())),
        _ => None,
    }
}

fn value_pieces(value: &Value, context: &Context<'_>) -> Vec<Piece> {
    match value {
        Value::String(text) => vec![Piece::Text(text.to_string())],
        Value::Unknown(symbol) => pieces(symbol, context),
        _ => Vec::new(),
    }
}

fn operand(operand: &Operand, context: &Context<'_>) -> Vec<Piece> {
    match operand {
        Operand::Text(text) | Operand::Literal(text) => vec![Piece::Text(text.to_string())],
        Operand::Symbol(symbol) => pieces(symbol, context),
        Operand::List(_) => Vec::new(),
    }
}

/// What a plan alone says of an endpoint's name.
const HOST: &str = "host name";

/// Whether a symbol is a cluster's host name only because AWS would refuse anything else.
pub(super) fn is_taken_for_host(symbol: &Symbol) -> bool {
    matches!(symbol.form(), Form::Call { function, .. } if &**function == HOST)
}

fn called(function: &str, operands: &[Operand], context: &Context<'_>) -> Option<Vec<Piece>> {
    let text = |index: usize| match operands.get(index) {
        Some(Operand::Text(text)) => Some(&**text),
        _ => None,
    };
    match function {
        "template" => {
            let mut all: Vec<Piece> = Vec::new();
            for piece in operands.iter().flat_map(|one| operand(one, context)) {
                match (all.last_mut(), piece) {
                    (Some(Piece::Text(before)), Piece::Text(more)) => before.push_str(&more),
                    (_, piece) => all.push(piece),
                }
            }
            Some(all)
        }
        "lower" | "trimspace" | "nonsensitive" | "tostring" | "sensitive" | "try" | "coalesce" => {
            Some(operand(operands.first()?, context))
        }
        HOST => Some(strip(operand(operands.first()?, context), "https://")),
        "trimprefix" => Some(strip(operand(operands.first()?, context), text(1)?)),
        "trimsuffix" => {
            let all = operand(operands.first()?, context);
            matches!(all.last(), Some(Piece::Host(_))).then_some(all)
        }
        "replace" if text(2) == Some("") => {
            let all = operand(operands.first()?, context);
            replace(all, text(1)?)
        }
        _ => None,
    }
}

fn strip(mut all: Vec<Piece>, prefix: &str) -> Vec<Piece> {
    if let Some(Piece::Text(first)) = all.first_mut() {
        let rest = first.strip_prefix(prefix).unwrap_or(first).to_owned();
        if rest.is_empty() {
            all.remove(0);
        } else {
            *first = rest;
        }
    }
    all
}

/// `replace(endpoint, "https://", "")`, also with the pattern forms that people use.
fn replace(all: Vec<Piece>, pattern: &str) -> Option<Vec<Piece>> {
    const SCHEMES: [&str; 7] = [
        "https://",
        "/https:\\/\\//",
        "/^https:\\/\\//",
        "/https?:\\/\\//",
        "/^https?:\\/\\//",
        "/(https|http)?:\\/\\//",
        "/^https?://|/",
    ];
    let scheme = SCHEMES.contains(&pattern) || pattern == "/^https:///" || pattern == "/https:///";
    scheme.then(|| strip(all, "https://"))
}

/// `split("//", endpoint)[1]`, `regex("https://(.*)", endpoint)[0]`.
fn part(of: &Symbol, step: &Step, context: &Context<'_>) -> Option<Vec<Piece>> {
    let whole = of.part(step.clone());
    if let Some(pieces) = endpoint(&whole, context) {
        return Some(pieces);
    }
    if let Some(region) = region(&whole, context) {
        return Some(value_pieces(region, context));
    }
    let (Form::Call { function, operands }, Step::Index(index)) = (of.form(), step) else {
        return None;
    };
    let separator = match operands.first()? {
        Operand::Text(text) => &**text,
        _ => return None,
    };
    let all = operand(operands.get(1)?, context);
    let [Piece::Text(scheme), Piece::Host(_)] = all.as_slice() else { return None };
    let stripped = match (&**function, separator, index) {
        ("split", "//" | "://", 1) | ("split", "/", 2) => true,
        ("regex", pattern, 0) => {
            let pattern = pattern.trim_start_matches('^').trim_end_matches('$');
            matches!(pattern, "https://(.*)" | "https://(.+)" | "https?://(.*)" | "https?://(.+)")
        }
        _ => false,
    };
    (stripped && scheme == "https://").then(|| all[1..].to_vec())
}

/// `data.aws_eks_cluster.c.endpoint` however it was reached.
fn endpoint(symbol: &Symbol, context: &Context<'_>) -> Option<Vec<Piece>> {
    let (resource, name) = attribute(symbol)?;
    let kind = &context.graph().resource(resource).kind;
    if !Cluster::is(kind) || !matches!(name, "endpoint" | "Endpoint") {
        return None;
    }
    let key = super::id::Key::Resource(resource);
    let cluster = context.registry.intern::<Cluster>(&key, context.graph().resource(resource).span);
    Some(vec![Piece::Text("https://".to_owned()), Piece::Host(cluster)])
}
