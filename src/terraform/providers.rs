//! Provider configurations: the Region and the account that a resource lives in.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::evaluator::Evaluator;
use super::resources::declaration;
use super::scope::{Instance, ResourceInstance, Scope};
use super::syntax::Block;
use crate::graph::{Value, is_account};
use crate::unknown::{Operand, Symbol, Why};

/// Arguments and blocks that decide whose account it is.
const CREDENTIALS: [&str; 7] = [
    "access_key",
    "profile",
    "secret_key",
    "shared_config_files",
    "shared_credentials_files",
    "token",
    "allowed_account_ids",
];

/// Where a provider configuration leads.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) region: Value,
    pub(super) account: Arc<str>,
}

/// Places by module instance and provider name.
pub(super) type Places = BTreeMap<(usize, Arc<str>), Place>;

/// A provider configuration that was found.
struct Found {
    instance: Rc<Instance>,
    name: Arc<str>,
    /// `None` when no block declares it.
    block: Option<Arc<Block>>,
}

impl Evaluator<'_> {
    /// The Region and the account of a resource.
    pub(super) fn place(&self, resource: &ResourceInstance, places: &mut Places) -> Place {
        let Some((declaration, block)) = declaration(resource) else {
            return Place { region: Value::Null, account: "".into() };
        };
        let written = block.body.attribute("provider").and_then(|expr| match expr.text() {
            Some(text) => Some(Arc::clone(text)),
            None => Some(expr.path()?.join(".").into()),
        });
        let name = written.unwrap_or_else(|| {
            declaration.kind.split('_').next().unwrap_or(&declaration.kind).into()
        });
        let instance = &resource.scope.instance;
        let key = (instance.id, Arc::clone(&name));
        if let Some(place) = places.get(&key) {
            return place.clone();
        }
        let place = self.configuration(instance, &name);
        places.insert(key, place.clone());
        place
    }

    fn configuration(&self, instance: &Rc<Instance>, name: &Arc<str>) -> Place {
        let found = find_provider(instance, name);
        let default = found.instance.caller.is_none() && !found.name.contains('.');
        let provider = found.name.split('.').next().unwrap_or_default().to_owned();
        let Some(block) = &found.block else {
            let address = format!("{}{}", found.instance.prefix, found.name);
            let region = Symbol::input(format!("provider.{address}.region"), Why::NoValue);
            let account = if found.name.contains('.') { address.into() } else { "".into() };
            return Place { region: Value::Unknown(region), account };
        };
        let region = self.provider_value(&found.instance, block, "region").unwrap_or_else(|| {
            let name = format!("provider.{provider}.region");
            Value::Unknown(Symbol::input(name, Why::NoValue))
        });
        let account = match self.account_number(&found.instance, block) {
            Some(number) => number,
            None if default => "".into(),
            None => self.account(&found, block, &provider),
        };
        Place { region, account }
    }

    fn provider_value(&self, instance: &Rc<Instance>, block: &Block, name: &str) -> Option<Value> {
        let expr = block.body.attribute(name)?;
        match self.eval(expr, &Scope::new(instance)) {
            Ok(Value::Null) => None,
            Ok(value) => Some(value),
            Err(fault) => Some(self.faulty(expr.span, fault)),
        }
    }

    /// The number of the account, where the code writes it: in the ARN of the role that is assumed last, or as
    /// the only account that is allowed.
    fn account_number(&self, instance: &Rc<Instance>, block: &Block) -> Option<Arc<str>> {
        let mut roles =
            block.body.blocks.iter().rev().filter(|it| it.kind.starts_with("assume_role"));
        let role = roles.next().and_then(|it| self.provider_value(instance, it, "role_arn"));
        let of_role = |role: &Value| match role {
            Value::String(arn) => arn.split(':').nth(4).filter(|it| is_account(it)).map(Arc::from),
            _ => None,
        };
        if let Some(role) = role {
            return of_role(&role);
        }
        match self.provider_value(instance, block, "allowed_account_ids")? {
            Value::List { items, rest: None } if items.len() == 1 => {
                match &items.iter().next()?.value {
                    Value::String(number) if is_account(number) => Some(Arc::clone(number)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Where no number tells: equal credentials are one account, which is called as its configuration is.
    fn account(&self, found: &Found, block: &Block, provider: &str) -> Arc<str> {
        let root = Rc::clone(&self.instances.borrow()[0]);
        let default = root.module.as_ref().and_then(|module| module.providers.get(provider));
        let default = default.map(|block| self.credentials(&root, block)).unwrap_or_default();
        if self.credentials(&found.instance, block) == default {
            return "".into();
        }
        format!("{}{}", found.instance.prefix, found.name).into()
    }

    fn credentials(&self, instance: &Rc<Instance>, block: &Block) -> Vec<(String, Operand)> {
        let mut out = Vec::new();
        for name in CREDENTIALS {
            if let Some(value) = self.provider_value(instance, block, name) {
                out.push((name.to_owned(), value.operand()));
            }
        }
        for role in &block.body.blocks {
            if !role.kind.starts_with("assume_role") {
                continue;
            }
            for attribute in &role.body.attributes {
                let name = &attribute.name;
                if !matches!(&**name, "role_arn" | "external_id") {
                    continue;
                }
                if let Some(value) = self.provider_value(instance, role, name) {
                    out.push((format!("{}.{name}", role.kind), value.operand()));
                }
            }
        }
        out
    }
}

/// The block that a provider name means in a module instance.
fn find_provider(instance: &Rc<Instance>, name: &Arc<str>) -> Found {
    let (mut instance, mut name) = (Rc::clone(instance), Arc::clone(name));
    loop {
        let declared = instance.module.as_ref().and_then(|m| m.providers.get(&name)).cloned();
        let Some(caller) = &instance.caller else {
            return Found { instance, name, block: declared };
        };
        let passed = instance.providers.get(&name).cloned();
        if passed.is_none() && (declared.is_some() || name.contains('.')) {
            return Found { instance, name, block: declared };
        }
        let next = Rc::clone(&caller.scope.instance);
        name = passed.unwrap_or(name);
        instance = next;
    }
}
