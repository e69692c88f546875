//! Route 53 Resolver DNS Firewall: lists of names, rules in groups, and the VPCs that have them.

use std::sync::Arc;

use crate::graph::Value;

use super::attr::{Attr, Item, Many};
use super::fields::{Context, Fields, Kind, Parse};
use super::id::Id;
use super::name::Pattern;
use super::vpc::Vpc;

/// A list of names.
#[derive(Debug)]
pub struct FirewallDomainList {
    /// Names, and wildcards for what is below one.
    pub domains: Many<Pattern>,
    /// A file in S3 that holds them instead.
    pub file: Attr<Option<Arc<str>>>,
}

impl Kind for FirewallDomainList {
    const TERRAFORM: &'static [&'static str] = &["aws_route53_resolver_firewall_domain_list"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::Route53Resolver::FirewallDomainList"];
    const NAMES: &'static [&'static str] = &["firewall_domain_list_id", "Id"];

    fn read(fields: &Fields<'_>) -> Self {
        Self { domains: fields.list("domains", "Domains"), file: fields.parse("", "DomainFileUrl") }
    }
}

/// What a rule does with a query that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FirewallAction {
    /// Lets it pass.
    Allow,
    /// Lets it pass, and logs it.
    Alert,
    /// Does not.
    Block,
}

impl Parse for FirewallAction {
    const WANTED: &'static str = "ALLOW, ALERT or BLOCK";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        let Value::String(text) = value else { return None };
        match &**text {
            "ALLOW" => Some(Self::Allow),
            "ALERT" => Some(Self::Alert),
            "BLOCK" => Some(Self::Block),
            _ => None,
        }
    }
}

/// What a blocked query gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlockResponse {
    /// The name exists, and nothing is there.
    NoData,
    /// The name does not exist.
    NxDomain,
    /// An alias for another name.
    Override,
}

impl Parse for BlockResponse {
    const WANTED: &'static str = "NODATA, NXDOMAIN or OVERRIDE";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        let Value::String(text) = value else { return None };
        match &**text {
            "NODATA" => Some(Self::NoData),
            "NXDOMAIN" => Some(Self::NxDomain),
            "OVERRIDE" => Some(Self::Override),
            _ => None,
        }
    }
}

/// One rule of a group.
#[derive(Debug)]
pub struct FirewallRule {
    /// Lower comes first.
    pub priority: Attr<i64>,
    /// The names that it is for; a rule of the advanced kind has no list.
    pub list: Attr<Option<Id<FirewallDomainList>>>,
    /// What it does.
    pub action: Attr<FirewallAction>,
    /// What a blocked query gets.
    pub response: Attr<Option<BlockResponse>>,
    /// The name that stands in for a blocked one.
    pub instead: Attr<Option<Arc<str>>>,
    /// Whether the names that an alias leads to are trusted with it.
    pub trusts_aliases: Attr<bool>,
    /// The type of query that it is for; all where it is left out.
    pub query_type: Attr<Option<Arc<str>>>,
}

/// `firewall_domain_redirection_action`.
struct Trust(bool);

impl Parse for Trust {
    const WANTED: &'static str = "INSPECT_REDIRECTION_DOMAIN or TRUST_REDIRECTION_DOMAIN";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        let Value::String(text) = value else { return None };
        match &**text {
            "TRUST_REDIRECTION_DOMAIN" => Some(Self(true)),
            "INSPECT_REDIRECTION_DOMAIN" => Some(Self(false)),
            _ => None,
        }
    }
}

impl FirewallRule {
    fn of(fields: &Fields<'_>) -> Self {
        let redirection = ("firewall_domain_redirection_action", "FirewallDomainRedirectionAction");
        Self {
            priority: fields.required("priority", "Priority"),
            list: fields.id("firewall_domain_list_id", "FirewallDomainListId"),
            action: fields.required("action", "Action"),
            response: fields.parse("block_response", "BlockResponse"),
            instead: fields.parse("block_override_domain", "BlockOverrideDomain"),
            trusts_aliases: fields
                .or(redirection.0, redirection.1, Trust(false))
                .map(|Trust(trusts)| trusts),
            query_type: fields.parse("q_type", "Qtype"),
        }
    }
}

/// A group of rules.
#[derive(Debug)]
pub struct FirewallRuleGroup {
    /// The rules that are written inside.
    pub rules: Many<FirewallRule>,
}

impl Kind for FirewallRuleGroup {
    const TERRAFORM: &'static [&'static str] = &["aws_route53_resolver_firewall_rule_group"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::Route53Resolver::FirewallRuleGroup"];
    const NAMES: &'static [&'static str] = &["firewall_rule_group_id", "Id"];

    fn read(fields: &Fields<'_>) -> Self {
        let blocks = fields.blocks("", "FirewallRules");
        let rule = |item: Item<Fields<'_>>| Item {
            value: item.value.map(|block| FirewallRule::of(&block)),
            span: item.span,
        };
        let items = blocks.items.into_iter().map(rule).collect();
        Self { rules: Many { items, rest: blocks.rest } }
    }
}

/// A rule that is a resource of its own.
#[derive(Debug)]
pub struct GroupedFirewallRule {
    /// Its group.
    pub group: Attr<Id<FirewallRuleGroup>>,
    /// What it says.
    pub rule: FirewallRule,
}

impl Kind for GroupedFirewallRule {
    const TERRAFORM: &'static [&'static str] = &["aws_route53_resolver_firewall_rule"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            group: fields.required_id("firewall_rule_group_id", ""),
            rule: FirewallRule::of(fields),
        }
    }
}

/// Ties a group to a VPC.
#[derive(Debug)]
pub struct FirewallAssociation {
    /// The group.
    pub group: Attr<Id<FirewallRuleGroup>>,
    /// The VPC.
    pub vpc: Attr<Id<Vpc>>,
    /// Lower comes first.
    pub priority: Attr<i64>,
}

impl Kind for FirewallAssociation {
    const TERRAFORM: &'static [&'static str] =
        &["aws_route53_resolver_firewall_rule_group_association"];
    const CLOUDFORMATION: &'static [&'static str] =
        &["AWS::Route53Resolver::FirewallRuleGroupAssociation"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            group: fields.required_id("firewall_rule_group_id", "FirewallRuleGroupId"),
            vpc: fields.required_id("vpc_id", "VpcId"),
            priority: fields.required("priority", "Priority"),
        }
    }
}

/// What a VPC does when the firewall itself does not answer.
#[derive(Debug)]
pub struct FirewallConfig {
    /// The VPC.
    pub vpc: Attr<Id<Vpc>>,
    /// `ENABLED`: queries pass then.
    pub fail_open: Attr<Option<Arc<str>>>,
}

impl Kind for FirewallConfig {
    const TERRAFORM: &'static [&'static str] = &["aws_route53_resolver_firewall_config"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            vpc: fields.required_id("resource_id", ""),
            fail_open: fields.parse("firewall_fail_open", ""),
        }
    }
}
