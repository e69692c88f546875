//! Values that only apply will tell: what they are taken from, by the references of the configuration.

use std::sync::Arc;

use serde_json::Value as Json;

use super::alone::Context;
use super::references::{Target, parts};
use crate::graph::{Node, Value};
use crate::unknown::{Operand, Step, Symbol, Why};

/// An open argument.
pub(super) struct Open<'a> {
    /// The module: `module.a.`.
    pub(super) module: &'a str,
    /// The instance that has it.
    pub(super) owner: &'a str,
    pub(super) name: &'a str,
    /// The key of the instance, as written.
    pub(super) index: Option<&'a str>,
}

/// Whether an argument of this name is a list.
pub(super) fn is_list(name: &str) -> bool {
    name.ends_with('s') && !name.ends_with("address") && !name.ends_with("dns")
}

impl Context<'_> {
    /// What an open argument is, as far as its references tell.
    pub(super) fn open(&self, open: &Open<'_>, config: Option<&Json>, list: bool) -> Value {
        let targets = config.and_then(|config| self.references.targets(open.module, config));
        let fresh = || {
            let dot = if open.name.is_empty() { "" } else { "." };
            let name = format!("{}{dot}{}", open.owner, open.name);
            Symbol::input(name, Why::KnownAfterApply)
        };
        let Some(targets) = targets.filter(|targets| !targets.is_empty()) else {
            return Value::Unknown(fresh());
        };
        if list {
            return self.list(open, &targets, &fresh());
        }
        match targets.as_slice() {
            [target] => self.one(open, target).unwrap_or_else(|| {
                // Some function of it: equal to nothing else.
                let own = Operand::Text(format!("{}.{}", open.owner, open.name).into());
                let of = self.symbol(&target.address, &target.path).map(Operand::Symbol);
                let call = of.and_then(|of| Symbol::call("expression", vec![of, own]));
                Value::Unknown(call.unwrap_or_else(fresh))
            }),
            _ => Value::Unknown(fresh()),
        }
    }

    /// The resource that an id is of; the host name of a cluster for the domain of a rule, which AWS
    /// would not take with `https://` before it; an endpoint for an address.
    fn one(&self, open: &Open<'_>, target: &Target) -> Option<Value> {
        let instance = self.instance(open, target)?;
        let last = target.path.rsplit('.').next().unwrap_or_default();
        let symbol = match (open.name, last) {
            ("domain_name", "endpoint") => {
                let endpoint = Operand::Symbol(self.symbol(&instance, "endpoint")?);
                let why = Why::NotEvaluated("a function that the plan leaves out".into());
                let how = Symbol::input(format!("{}.domain_name", open.owner), why);
                Symbol::call("host name", vec![endpoint, Operand::Symbol(how)])?
            }
            ("ip", "ip_address" | "ip_addresses" | "ip") => {
                self.symbol(&instance, "ip_address")?.part(Step::Name(open.owner.into()))
            }
            (_, "") if names_one(open.name) => self.symbol(&instance, "id")?,
            (_, "id" | "arn") => self.symbol(&instance, last)?,
            (_, path) if path.ends_with("_id") || path.ends_with("_arn") => {
                self.symbol(&instance, &target.path)?
            }
            _ => return None,
        };
        Some(Value::Unknown(symbol))
    }

    /// The instance that a target means: itself, or the one with the owner's own index.
    fn instance(&self, open: &Open<'_>, target: &Target) -> Option<String> {
        if self.ids.contains_key(&target.address) {
            return Some(target.address.clone());
        }
        let index = open.index.filter(|_| target.counted)?;
        let address = format!("{}[{index}]", target.address);
        self.ids.contains_key(&address).then_some(address)
    }

    fn list(&self, open: &Open<'_>, targets: &[Target], fresh: &Symbol) -> Value {
        let mut items = Vec::new();
        let mut rest = false;
        for target in targets {
            let one = self.one(open, target);
            let family = self.families.get(&target.address).filter(|_| target.path.is_empty());
            let all = match (one, family) {
                (Some(value), _) => vec![value],
                (None, Some(family)) => {
                    let ids = family.iter().filter_map(|address| self.symbol(address, "id"));
                    ids.map(Value::Unknown).collect()
                }
                (None, None) => Vec::new(),
            };
            rest |= all.is_empty();
            items.extend(all);
        }
        // Places of their own they have none.
        let span = crate::source::Span::new(self.file, 0..0);
        let items: Vec<Node> = items.into_iter().map(|value| Node::new(value, span)).collect();
        Value::List { items: items.into(), rest: rest.then(|| fresh.clone()) }
    }

    fn symbol(&self, address: &str, path: &str) -> Option<Symbol> {
        let (id, data) = self.ids.get(address)?;
        let (name, inner) = match path.find(['.', '[']) {
            Some(at) => path.split_at(at),
            None => (path, ""),
        };
        Some(within(Symbol::attribute(*id, address, *data, name), inner))
    }
}

/// Whether an argument names one resource.
fn names_one(name: &str) -> bool {
    name.ends_with("_id") || name.ends_with("_arn") || is_list(name)
}

/// The host name of an endpoint.
pub(super) fn host(endpoint: Symbol) -> Option<Symbol> {
    let scheme = Operand::Text("https://".into());
    Symbol::call("trimprefix", vec![Operand::Symbol(endpoint), scheme])
}

/// A part of a symbol by its path: `[0].cluster_security_group_id`.
pub(super) fn within(symbol: Symbol, path: &str) -> Symbol {
    let mut symbol = symbol;
    for part in parts(path).iter().filter(|part| !part.is_empty()) {
        let (name, keys) = match part.find('[') {
            Some(at) => part.split_at(at),
            None => (part.as_str(), ""),
        };
        if !name.is_empty() {
            symbol = symbol.part(Step::Name(name.into()));
        }
        for key in keys.split(']').map(|key| key.trim_start_matches('[')) {
            if let Ok(index) = key.parse() {
                symbol = symbol.part(Step::Index(index));
            } else if !key.is_empty() {
                symbol = symbol.part(Step::Name(Arc::from(key.trim_matches('"'))));
            }
        }
    }
    symbol
}
