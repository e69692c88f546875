//! Whether absence can be proved: nothing that could not be seen may hold the missing piece.

use std::sync::Arc;

use crate::graph::Gap;
use crate::source::Span;
use crate::unknown::{Form, ResourceId, Symbol, Unknown, Why};

use super::id::{Declared, Id, Key};
use super::{Network, Tri, Vpc};

impl Network {
    /// Whether the code is CloudFormation: for what a message tells to write.
    pub fn is_cloudformation(&self) -> bool {
        self.is_cloudformation
    }

    /// Why it cannot be told what else is done to the things of a VPC: a module that was told of it,
    /// or a file that could not be read.
    pub fn unseen(&self, vpc: Id<Vpc>) -> Option<Unknown> {
        let vpc = self.vpc(vpc);
        let touching = self.gaps.iter().filter(|gap| match &gap.given {
            None => true,
            Some(symbols) => symbols.iter().any(|symbol| self.tells_of(symbol, vpc)),
        });
        Unknown::of_all(touching.map(|gap| gap.unknown.clone()))
    }

    /// Why it cannot be told what is done to one resource, wherever it is.
    pub fn unseen_resource<T>(&self, thing: &Declared<T>) -> Option<Unknown> {
        let touching = self.gaps.iter().filter(|gap| match (&gap.given, &thing.key) {
            (None, _) => true,
            (Some(symbols), Key::Resource(id) | Key::Derived(id, _)) => {
                symbols.iter().any(|symbol| symbol.mentions(*id))
            }
            (Some(symbols), Key::Symbol(symbol)) => symbols.contains(symbol),
            (Some(_), Key::Literal(_)) => false,
        });
        Unknown::of_all(touching.map(|gap| gap.unknown.clone()))
    }

    /// Modules and nested stacks that are not at hand and are told of anything that the model holds,
    /// or hand anything to it: names and places.
    pub fn absent_modules(&self) -> impl Iterator<Item = (&str, Span)> {
        let absent =
            |gap: &&Gap| gap.unknown.inputs().any(|input| input.why == Why::UnresolvedModule);
        let touching = self.gaps.iter().filter(absent).filter(|gap| self.touches(gap));
        touching.map(|gap| (&*gap.name, gap.span))
    }

    fn touches(&self, gap: &Gap) -> bool {
        let Some(given) = &gap.given else { return true };
        let mut told = false;
        for symbol in given {
            symbol.walk(&mut |part| {
                told |= matches!(part.form(),
                    Form::Attribute { resource, .. } if self.held.contains(resource));
            });
        }
        let of_module = |output: &Arc<str>| {
            output.strip_prefix(&*gap.name).is_some_and(|rest| rest.starts_with(['.', '[']))
        };
        told || self.used.iter().any(of_module)
    }

    /// Why a thing may be used in ways that the model does not hold: an output hands it out, or a
    /// resource of another kind is told of it.
    pub fn exported<T>(&self, thing: &Declared<T>) -> Option<Unknown> {
        let Key::Resource(id) = thing.key else { return None };
        let user = self.exports.iter().find(|(_, symbol)| symbol.mentions(id));
        user.map(|(user, _)| {
            Unknown::new(Arc::clone(user), Why::NotEvaluated("it elsewhere".into()))
        })
    }

    pub(super) fn tells_of(&self, symbol: &Symbol, vpc: &Declared<Vpc>) -> bool {
        let mut found = false;
        symbol.walk(&mut |part| {
            found |= match part.form() {
                Form::Attribute { resource, .. } => self.vpc_of_resource(*resource) == Some(vpc.id),
                _ => vpc.key == Key::Symbol(part.clone()),
            };
        });
        found
    }

    /// Why `named`, an owner that the code only names, may be `thing`; `None` if it is surely another.
    ///
    /// A variable cannot hold what the same root only now creates. A data source can find it, and an
    /// expression over it can yield it.
    pub fn may_be<T>(&self, named: &Declared<T>, thing: &Declared<T>) -> Option<Unknown> {
        if named.id == thing.id || !thing.managed {
            return Some(Unknown::new(Arc::clone(&thing.name), Why::ReadAtApply));
        }
        let own = match thing.key {
            Key::Resource(id) | Key::Derived(id, _) => id,
            Key::Symbol(_) | Key::Literal(_) => return None,
        };
        match &named.key {
            Key::Resource(_) | Key::Derived(..) if !named.managed => {
                Some(Unknown::new(Arc::clone(&named.name), Why::ReadAtApply))
            }
            Key::Symbol(symbol) if self.may_yield(symbol, own) => Some(symbol.unknown()),
            _ => None,
        }
    }

    /// Whether two names are of one thing. A data source may find one of this code, and two variables may
    /// hold one id.
    pub fn same<T>(&self, a: &Declared<T>, b: &Declared<T>) -> Tri {
        if a.id == b.id {
            return Tri::Yes;
        }
        let written = matches!((&a.key, &b.key), (Key::Literal(_), Key::Literal(_)));
        if a.managed && b.managed || written {
            return Tri::No;
        }
        let (named, thing) = if b.managed { (a, b) } else { (b, a) };
        self.may_be(named, thing).map_or(Tri::No, Tri::Maybe)
    }

    /// Whether two VPCs are one: nothing is peered with itself.
    pub fn same_vpc(&self, a: Id<Vpc>, b: Id<Vpc>) -> Tri {
        let (a, b) = (self.vpc(a), self.vpc(b));
        if a.id != b.id && !self.peerings_between(a.id, b.id).is_empty() {
            return Tri::No;
        }
        self.same(a, b)
    }

    fn may_yield(&self, symbol: &Symbol, own: ResourceId) -> bool {
        let mut found = false;
        symbol.walk(&mut |part| {
            found |= match part.form() {
                Form::Attribute { resource, data, .. } => *data || *resource == own,
                Form::Input {
                    why: Why::NoValue | Why::ReadAtApply | Why::KnownAfterApply, ..
                } => false,
                Form::Input { name, why: Why::UnresolvedModule } => self.gap_tells_of(name, own),
                Form::Input { .. } => true,
                Form::Part { .. } | Form::Call { .. } => false,
            };
        });
        found
    }

    /// Whether the module behind an output was told of a resource.
    fn gap_tells_of(&self, output: &str, own: ResourceId) -> bool {
        let of_module = self.gaps.iter().filter(|gap| output.starts_with(&*gap.name));
        of_module.into_iter().any(|gap| {
            let given = gap.given.as_ref();
            given.is_none_or(|symbols| symbols.iter().any(|symbol| symbol.mentions(own)))
        })
    }
}
