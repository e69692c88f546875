//! What the file tells of the world outside the code, and what it wants to hold.

use std::ops::Range;

use ipnet::IpNet;
use toml::Spanned;
use toml::de::DeValue;

use super::read::{ASSUMPTIONS, FORWARD, NETWORK, ON_PREMISES_DNS, PAIR, QUOTAS, Reader};
use super::{Config, Placed};
use crate::dns::{Assertion, Forward, Must, Named, OnPremisesDns, OutsideNetwork, Pair};
use crate::source::Span;

type Value<'i> = Spanned<DeValue<'i>>;

/// The keys of assertions.
pub(super) const MUSTS: [Must; 3] = [Must::ResolvePrivately, Must::Reach, Must::NotReach];

impl Reader<'_> {
    pub(super) fn assumptions(&mut self, value: &Value<'_>, config: &mut Config) {
        let Some(table) = self.table("assumptions", value) else { return };
        for (key, value) in self.entries(table, ASSUMPTIONS, " in [assumptions]") {
            match key {
                "eks-public-dns" => {
                    config.eks_public_dns =
                        self.boolean(key, value).map(|it| self.placed(value.span(), it));
                }
                "on-premises-dns" => config.on_premises_dns = self.on_premises_dns(key, value),
                "quotas" => config.quotas = self.quotas(key, value),
                _ => config.networks = self.networks(value),
            }
        }
    }

    /// How much an account may have.
    fn quotas(&mut self, key: &str, value: &Value<'_>) -> Vec<(&'static str, Placed<usize>)> {
        let Some(table) = self.table(key, value) else { return Vec::new() };
        let mut told = Vec::new();
        for (key, value) in self.entries(table, QUOTAS, " in quotas") {
            let number = value.get_ref().as_integer().map(|number| number.as_str().parse());
            let Some(Ok(number @ 1..)) = number else {
                self.fault(value.span(), format!("{key} must be a whole number above 0"));
                continue;
            };
            let known = QUOTAS.iter().find(|known| **known == key);
            told.extend(known.map(|known| (*known, self.placed(value.span(), number))));
        }
        told
    }

    /// Pairs of a client and a cluster, under a key.
    pub(super) fn pairs(&mut self, key: &str, value: &Value<'_>) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for item in self.tables(key, value) {
            let Some(table) = self.table(key, item) else { continue };
            let entries = self.entries(table, PAIR, &format!(" in {key}"));
            let named = |wanted: &str| entries.iter().find(|(key, _)| *key == wanted);
            let (Some((_, from)), Some((_, to))) = (named("from"), named("to")) else {
                let message = format!("{key} needs a from and a to");
                self.lacking(item, table.len() == entries.len(), message);
                continue;
            };
            let (from, to) = (self.named("from", from), self.named("to", to));
            let span = Span::new(self.file, item.span());
            pairs.extend(from.zip(to).map(|(from, to)| Pair { from, to, span }));
        }
        pairs
    }

    pub(super) fn assertions(&mut self, must: Must, value: &Value<'_>) -> Vec<Assertion> {
        let pairs = self.pairs(must.key(), value);
        pairs.into_iter().map(|pair| Assertion { must, pair }).collect()
    }

    fn on_premises_dns(&mut self, key: &str, value: &Value<'_>) -> Option<OnPremisesDns> {
        let table = self.table(key, value)?;
        let span = Span::new(self.file, value.span());
        let mut dns =
            OnPremisesDns { recurse: true, filter_private_answers: false, forward: vec![], span };
        for (key, value) in self.entries(table, ON_PREMISES_DNS, " in on-premises-dns") {
            match key {
                "recurse" => dns.recurse = self.boolean(key, value)?,
                "filter-private-answers" => {
                    dns.filter_private_answers = self.boolean(key, value)?;
                }
                _ => dns.forward = self.forward(value),
            }
        }
        Some(dns)
    }

    fn forward(&mut self, value: &Value<'_>) -> Vec<Forward> {
        let mut all = Vec::new();
        for item in self.tables("forward", value) {
            let Some(table) = self.table("forward", item) else { continue };
            let entries = self.entries(table, FORWARD, " in forward");
            let named = |wanted: &str| entries.iter().find(|(key, _)| *key == wanted);
            let (Some((_, domain)), Some((_, to))) = (named("domain"), named("to")) else {
                let message = "forward needs a domain and a to".to_owned();
                self.lacking(item, table.len() == entries.len(), message);
                continue;
            };
            let span = Span::new(self.file, item.span());
            let (domain, to) = (self.named("domain", domain), self.named("to", to));
            let forward =
                |(domain, to): (Named, Named)| Forward { domain: domain.address, to, span };
            all.extend(domain.zip(to).map(forward));
        }
        all
    }

    fn networks(&mut self, value: &Value<'_>) -> Vec<OutsideNetwork> {
        let mut all: Vec<OutsideNetwork> = Vec::new();
        for item in self.tables("networks", value) {
            let Some(table) = self.table("networks", item) else { continue };
            let entries = self.entries(table, NETWORK, " in [[assumptions.networks]]");
            let named = |wanted: &str| entries.iter().find(|(key, _)| *key == wanted);
            let (Some((_, name)), Some((_, cidrs))) = (named("name"), named("cidrs")) else {
                let message = "a network needs a name and its cidrs".to_owned();
                self.lacking(item, table.len() == entries.len(), message);
                continue;
            };
            let Some(name) = self.named("name", name) else { continue };
            if all.iter().any(|one| one.name == name.address) {
                let at = name.span.start as usize..name.span.end as usize;
                self.fault(at, format!("two networks are called {}", name.address));
            }
            let cidrs = self.cidrs(cidrs);
            let span = Span::new(self.file, item.span());
            all.push(OutsideNetwork { name: name.address, cidrs, span });
        }
        all
    }

    fn cidrs(&mut self, value: &Value<'_>) -> Vec<IpNet> {
        let texts = self.texts("cidrs", value).unwrap_or_default();
        if texts.is_empty() {
            self.fault(value.span(), "a network needs at least one block".to_owned());
        }
        let mut cidrs = Vec::new();
        for Placed { value: text, span } in texts {
            let Ok(block) = text.parse::<IpNet>() else {
                let at = span.start as usize..span.end as usize;
                self.fault(at, format!("{text} is no block of addresses (10.0.0.0/8)"));
                continue;
            };
            cidrs.push(block.trunc());
        }
        cidrs
    }

    fn boolean(&mut self, key: &str, value: &Value<'_>) -> Option<bool> {
        let told = value.get_ref().as_bool();
        if told.is_none() {
            self.fault(value.span(), format!("{key} must be true or false"));
        }
        told
    }

    /// A table lacks a key; where it has one that is not known, that says enough.
    fn lacking(&mut self, item: &Value<'_>, all_known: bool, message: String) {
        if all_known {
            self.fault(item.span(), message);
        }
    }

    /// The items of a list of tables.
    fn tables<'a, 'i>(&mut self, key: &str, value: &'a Value<'i>) -> Vec<&'a Value<'i>> {
        let items = value.get_ref().as_array().map(|items| items.iter().collect());
        if items.is_none() {
            self.fault(value.span(), format!("{key} must be a list of tables"));
        }
        items.unwrap_or_default()
    }

    fn named(&mut self, key: &str, value: &Value<'_>) -> Option<Named> {
        let at: Range<usize> = value.span();
        match value.get_ref().as_str().map(str::trim) {
            Some(text) if !text.is_empty() => {
                Some(Named { address: text.into(), span: Span::new(self.file, at) })
            }
            _ => {
                self.fault(at, format!("{key} must be a text"));
                None
            }
        }
    }
}
