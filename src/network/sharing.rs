//! Shares through Resource Access Manager: what is handed to other accounts, and to which.

use std::sync::Arc;

use crate::graph::Value;
use crate::unknown::{Form, Operand, Symbol, Unknown, Why};

use super::attr::{Attr, Many};
use super::fields::{Context, Fields, Kind, Parse};
use super::firewall::FirewallRuleGroup;
use super::id::{Id, Key, attribute};
use super::profile::Profile;
use super::resolver::{ResolverEndpoint, ResolverRule};
use super::vpc_endpoint::VpcEndpoint;
use super::zone::HostedZone;

/// A thing that is put into a Profile or a share, by its ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// A Resolver rule.
    Rule(Id<ResolverRule>),
    /// A Resolver rule by its id, where its ARN belongs.
    RuleById(Id<ResolverRule>),
    /// A hosted zone.
    Zone(Id<HostedZone>),
    /// A group of DNS Firewall rules.
    Firewall(Id<FirewallRuleGroup>),
    /// An interface endpoint.
    Endpoint(Id<VpcEndpoint>),
    /// A Profile, with all that is in it.
    Profile(Id<Profile>),
    /// A Resolver endpoint, which cannot be shared: its rules carry it.
    ResolverEndpoint(Id<ResolverEndpoint>),
    /// Surely none of these.
    Other,
    /// Any of these, for all that is known.
    Open(Unknown),
}

impl Parse for Handed {
    const WANTED: &'static str = "an ARN";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        let Value::String(text) = value else { return None };
        Some(Self::Open(Unknown::new(Arc::clone(text), Why::ReadAtApply)))
    }

    fn open(symbol: &Symbol, context: &Context<'_>) -> Option<Self> {
        // CloudFormation has no ARN of a zone: people put it together from the id.
        if let Form::Call { function, operands } = symbol.form()
            && &**function == "template"
            && let Some(Operand::Symbol(id)) = operands.last()
        {
            return Self::open(id, context);
        }
        let by_id = attribute(symbol).is_some_and(|(_, name)| {
            matches!(name, "" | "id" | "resolver_rule_id" | "ResolverRuleId")
        });
        let rule = if by_id { Self::RuleById } else { Self::Rule };
        let found = of::<ResolverRule>(symbol, context)
            .map(rule)
            .or_else(|| of(symbol, context).map(Self::Zone))
            .or_else(|| of(symbol, context).map(Self::Firewall))
            .or_else(|| of(symbol, context).map(Self::Endpoint))
            .or_else(|| of(symbol, context).map(Self::Profile))
            .or_else(|| of(symbol, context).map(Self::ResolverEndpoint));
        let other = matches!(symbol.form(), Form::Attribute { data: false, .. });
        let rest = || if other { Self::Other } else { Self::Open(symbol.unknown()) };
        Some(found.unwrap_or_else(rest))
    }
}

/// The thing of a kind that a symbol names.
fn of<K: Kind>(symbol: &Symbol, context: &Context<'_>) -> Option<Id<K>> {
    let (resource, _) = attribute(symbol)?;
    let resource = context.graph().resource(resource);
    match context.registry.key::<K>(&Value::Unknown(symbol.clone()))? {
        key @ Key::Resource(_) => Some(context.registry.intern::<K>(&key, resource.span)),
        _ => None,
    }
}

/// A share.
#[derive(Debug)]
pub struct ResourceShare {
    /// Whether accounts outside the organization may be among the principals.
    pub external: Attr<bool>,
    /// What it shares, where that is written inside.
    pub things: Many<Handed>,
    /// With whom, where that is written inside.
    pub principals: Many<Arc<str>>,
}

impl Kind for ResourceShare {
    const TERRAFORM: &'static [&'static str] = &["aws_ram_resource_share"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::RAM::ResourceShare"];
    const NAMES: &'static [&'static str] = &["resource_share_arn", "share_arn"];

    fn read(fields: &Fields<'_>) -> Self {
        // The provider sends false where nothing is written; the service's own default is true.
        let external = !fields.is_terraform();
        Self {
            external: fields.or("allow_external_principals", "AllowExternalPrincipals", external),
            things: fields.list("", "ResourceArns"),
            principals: fields.list("", "Principals"),
        }
    }
}

/// Puts a thing into a share.
#[derive(Debug)]
pub struct ShareMember {
    /// The share.
    pub share: Attr<Id<ResourceShare>>,
    /// The thing.
    pub thing: Many<Handed>,
}

impl Kind for ShareMember {
    const TERRAFORM: &'static [&'static str] = &["aws_ram_resource_association"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            share: fields.required_id("resource_share_arn", ""),
            thing: fields.single("resource_arn", ""),
        }
    }
}

/// Lets an account, a unit or an organization into a share.
#[derive(Debug)]
pub struct SharePrincipal {
    /// The share.
    pub share: Attr<Id<ResourceShare>>,
    /// An account's number, or an ARN.
    pub principal: Attr<Arc<str>>,
}

impl Kind for SharePrincipal {
    const TERRAFORM: &'static [&'static str] = &["aws_ram_principal_association"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            share: fields.required_id("resource_share_arn", ""),
            principal: fields.required("principal", ""),
        }
    }
}

/// Accepts a share in the account that it is offered to.
#[derive(Debug)]
pub struct ShareAccepter {
    /// The share.
    pub share: Attr<Id<ResourceShare>>,
}

impl Kind for ShareAccepter {
    const TERRAFORM: &'static [&'static str] = &["aws_ram_resource_share_accepter"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self { share: fields.required_id("share_arn", "") }
    }
}
