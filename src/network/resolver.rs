//! Route 53 Resolver: endpoints, rules, and what ties rules to VPCs.

use std::net::IpAddr;
use std::sync::Arc;

use crate::graph::Value;
use crate::source::Span;
use crate::unknown::{Symbol, Unknown};

use super::attr::{Attr, Item, Many, Rest};
use super::cidr::Family;
use super::fields::{Context, Fields, Kind, Parse};
use super::id::{Id, attribute};
use super::name::{Domain, is_taken_for_host};
use super::security_group::SecurityGroup;
use super::vpc::{Subnet, Vpc};

/// DNS over port 53, by UDP and TCP.
pub const DO53: &str = "Do53";

/// Which way queries pass an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndpointDirection {
    /// Others ask the VPC's resolver.
    Inbound,
    /// The VPC's resolver asks others.
    Outbound,
    /// Others delegate to private zones.
    InboundDelegation,
}

impl Parse for EndpointDirection {
    const WANTED: &'static str = "INBOUND or OUTBOUND";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        let Value::String(text) = value else { return None };
        match &**text {
            "INBOUND" => Some(Self::Inbound),
            "OUTBOUND" => Some(Self::Outbound),
            "INBOUND_DELEGATION" => Some(Self::InboundDelegation),
            _ => None,
        }
    }
}

/// A Resolver endpoint.
#[derive(Debug)]
pub struct ResolverEndpoint {
    /// Inbound or outbound.
    pub direction: Attr<EndpointDirection>,
    /// Its security groups.
    pub groups: Many<Id<SecurityGroup>>,
    /// Its interfaces.
    pub addresses: Many<EndpointAddress>,
    /// Blocks that Terraform takes for one with an earlier block: it keeps them as a set.
    pub repeated: Vec<Span>,
    /// `Do53`, `DoH`, `DoH-FIPS`; none means `Do53`.
    pub protocols: Many<Arc<str>>,
    /// Which addresses its interfaces have.
    pub family: Attr<EndpointFamily>,
}

/// Which addresses the interfaces of an endpoint have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndpointFamily {
    /// IPv4 only.
    Ipv4,
    /// IPv6 only.
    Ipv6,
    /// Both.
    Dualstack,
}

impl Parse for EndpointFamily {
    const WANTED: &'static str = "IPV4, IPV6 or DUALSTACK";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        let Value::String(text) = value else { return None };
        match &**text {
            "IPV4" => Some(Self::Ipv4),
            "IPV6" => Some(Self::Ipv6),
            "DUALSTACK" => Some(Self::Dualstack),
            _ => None,
        }
    }
}

impl EndpointFamily {
    /// Whether an interface has an address of the family that `address` is of.
    pub fn speaks(self, address: IpAddr) -> bool {
        match self {
            Self::Ipv4 => address.is_ipv4(),
            Self::Ipv6 => address.is_ipv6(),
            Self::Dualstack => true,
        }
    }
}

/// One interface of an endpoint.
#[derive(Debug, Clone)]
pub struct EndpointAddress {
    /// The subnet that it is in.
    pub subnet: Attr<Id<Subnet>>,
    /// Its address; absent where AWS chooses one from the subnet.
    pub ip: Attr<Option<IpAddr>>,
    /// The address as a symbol, where the code computes it.
    pub symbol: Option<Symbol>,
    /// Its IPv6 address; absent where it has none, or AWS chooses one.
    pub ipv6: Attr<Option<IpAddr>>,
}

impl EndpointAddress {
    /// Whether it certainly has an address.
    pub fn has(&self, address: IpAddr) -> bool {
        self.pinned(Family::of(address)).get() == Ok(&Some(address))
    }

    /// Its address in one family.
    pub fn pinned(&self, family: Family) -> &Attr<Option<IpAddr>> {
        match family {
            Family::V4 => &self.ip,
            Family::V6 => &self.ipv6,
        }
    }
}

impl Kind for ResolverEndpoint {
    const TERRAFORM: &'static [&'static str] = &["aws_route53_resolver_endpoint"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::Route53Resolver::ResolverEndpoint"];
    const NAMES: &'static [&'static str] = &["resolver_endpoint_id", "ResolverEndpointId"];

    fn read(fields: &Fields<'_>) -> Self {
        let blocks = fields.blocks("ip_address", "IpAddresses");
        let address = |block: Fields<'_>| EndpointAddress {
            subnet: block.required_id("subnet_id", "SubnetId"),
            ip: block.parse("ip", "Ip"),
            symbol: block.node("ip", "Ip").and_then(|node| match &node.value {
                Value::Unknown(symbol) => Some(symbol.clone()),
                _ => None,
            }),
            ipv6: block.parse("ipv6", "Ipv6"),
        };
        let items = blocks
            .items
            .into_iter()
            .map(|item| Item { value: item.value.map(address), span: item.span });
        let mut addresses = Many { items: items.collect(), rest: blocks.rest };
        let repeated =
            if fields.is_terraform() { take_repeated(&mut addresses.items) } else { Vec::new() };
        Self {
            direction: fields.required("direction", "Direction"),
            groups: fields.ids("security_group_ids", "SecurityGroupIds"),
            addresses,
            repeated,
            protocols: fields.list("protocols", "Protocols"),
            family: fields.or(
                "resolver_endpoint_type",
                "ResolverEndpointType",
                EndpointFamily::Ipv4,
            ),
        }
    }
}

/// Takes out the blocks that are equal to an earlier one, and tells where they stand.
fn take_repeated(items: &mut Vec<Item<EndpointAddress>>) -> Vec<Span> {
    let mut seen: Vec<(Id<Subnet>, Option<IpAddr>, Option<IpAddr>)> = Vec::new();
    let mut repeated = Vec::new();
    items.retain(|item| {
        let Ok(address) = &item.value else { return true };
        let (Ok(subnet), Ok(ip), Ok(ipv6)) =
            (address.subnet.get(), address.ip.get(), address.ipv6.get())
        else {
            return true;
        };
        let own = (*subnet, *ip, *ipv6);
        let again = seen.contains(&own);
        seen.push(own);
        if again {
            repeated.push(item.span);
        }
        !again
    });
    repeated
}

/// What a rule does with the names that it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RuleType {
    /// Sends queries to its targets.
    Forward,
    /// Resolves locally, against a wider FORWARD rule.
    System,
    /// Only AWS makes these.
    Recursive,
    /// Follows a delegation.
    Delegate,
}

impl Parse for RuleType {
    const WANTED: &'static str = "FORWARD or SYSTEM";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        let Value::String(text) = value else { return None };
        match &**text {
            "FORWARD" => Some(Self::Forward),
            "SYSTEM" => Some(Self::System),
            "RECURSIVE" => Some(Self::Recursive),
            "DELEGATE" => Some(Self::Delegate),
            _ => None,
        }
    }
}

/// Where a rule sends queries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleTarget {
    /// An address that is written out.
    Address(IpAddr),
    /// An address that the code takes from an endpoint.
    Endpoint(Id<ResolverEndpoint>),
    /// An address that only has a name: the same wherever the symbol is the same.
    Symbol(Symbol),
}

impl From<IpAddr> for RuleTarget {
    fn from(address: IpAddr) -> Self {
        Self::Address(address)
    }
}

impl Parse for RuleTarget {
    const WANTED: &'static str = "an IP address";

    fn parse(value: &Value, context: &Context<'_>) -> Option<Self> {
        IpAddr::parse(value, context).map(Self::Address)
    }

    fn open(symbol: &Symbol, context: &Context<'_>) -> Option<Self> {
        Some(
            endpoint_of(symbol, context)
                .map_or_else(|| Self::Symbol(symbol.clone()), Self::Endpoint),
        )
    }
}

/// The endpoint whose addresses a symbol is taken from, however it was indexed or turned into a list.
pub(super) fn endpoint_of(symbol: &Symbol, context: &Context<'_>) -> Option<Id<ResolverEndpoint>> {
    let mut found = None;
    symbol.walk(&mut |part| {
        if let Some((resource, name)) = attribute(part) {
            let of_endpoint = ResolverEndpoint::is(&context.graph().resource(resource).kind);
            if of_endpoint && matches!(name, "ip_address" | "ip_addresses" | "ip") {
                let key = super::id::Key::Resource(resource);
                let span = context.graph().resource(resource).span;
                found = Some(context.registry.intern::<ResolverEndpoint>(&key, span));
            }
        }
    });
    found
}

/// One target of a rule.
#[derive(Debug, Clone)]
pub struct Destination {
    /// Whom.
    pub target: Attr<RuleTarget>,
    /// On which port.
    pub port: Attr<i64>,
    /// By which protocol: `Do53`, `DoH`, `DoH-FIPS`.
    pub protocol: Attr<Arc<str>>,
}

/// A Resolver rule.
#[derive(Debug)]
pub struct ResolverRule {
    /// What it does.
    pub rule_type: Attr<RuleType>,
    /// The domain that it matches, with everything below.
    pub domain: Attr<Option<Domain>>,
    /// `Err` where a plan does not say how its domain was made of a cluster's endpoint.
    pub stripped: Result<(), Unknown>,
    /// The outbound endpoint that it sends through.
    pub endpoint: Attr<Option<Id<ResolverEndpoint>>>,
    /// Where it sends to.
    pub targets: Many<Destination>,
    /// Of a DELEGATE rule: the name servers whose delegation it follows.
    pub delegation: Attr<Option<Domain>>,
}

impl Kind for ResolverRule {
    const TERRAFORM: &'static [&'static str] = &["aws_route53_resolver_rule"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::Route53Resolver::ResolverRule"];
    const NAMES: &'static [&'static str] = &["resolver_rule_id", "ResolverRuleId"];

    fn read(fields: &Fields<'_>) -> Self {
        let blocks = fields.blocks("target_ip", "TargetIps");
        let mut items: Vec<Item<Destination>> = Vec::new();
        for item in blocks.items {
            let value = item.value.map(|block| Destination {
                target: if block.has("ipv6", "Ipv6") && !block.has("ip", "Ip") {
                    block.required("ipv6", "Ipv6")
                } else {
                    block.required("ip", "Ip")
                },
                port: block.or("port", "Port", 53),
                protocol: block.or("protocol", "Protocol", Arc::from(DO53)),
            });
            items.push(Item { value, span: item.span });
        }
        let rest = all_of_an_endpoint(fields, blocks.rest, &mut items);
        Self {
            rule_type: fields.required("rule_type", "RuleType"),
            domain: fields.parse("domain_name", "DomainName"),
            stripped: stripped(fields),
            endpoint: fields.id("resolver_endpoint_id", "ResolverEndpointId"),
            targets: Many { items, rest },
            delegation: fields.parse("delegation_record", "DelegationRecord"),
        }
    }
}

/// A plan alone says that a domain comes from an endpoint, and not by which function.
fn stripped(fields: &Fields<'_>) -> Result<(), Unknown> {
    match fields.node("domain_name", "").map(|node| &node.value) {
        Some(Value::Unknown(symbol)) if is_taken_for_host(symbol) => Err(symbol.unknown()),
        _ => Ok(()),
    }
}

/// A dynamic block over an endpoint's addresses is every address of that endpoint.
fn all_of_an_endpoint(
    fields: &Fields<'_>,
    rest: Option<Rest>,
    items: &mut Vec<Item<Destination>>,
) -> Option<Rest> {
    let symbol = rest.as_ref()?.symbol.as_ref()?;
    let Some(endpoint) = endpoint_of(symbol, &fields.context) else { return rest };
    let span = fields.node("target_ip", "TargetIps").map_or(fields.span, |node| node.span);
    let target = Attr::Set(RuleTarget::Endpoint(endpoint), span);
    let protocol = Attr::Default(Arc::from(DO53));
    items.push(Item { value: Ok(Destination { target, port: Attr::Default(53), protocol }), span });
    None
}

/// Ties a rule to a VPC: only then does it act there.
#[derive(Debug)]
pub struct RuleAssociation {
    /// The rule.
    pub rule: Attr<Id<ResolverRule>>,
    /// Where the ARN of the rule stands in place of its id.
    pub by_arn: Option<Span>,
    /// The VPC.
    pub vpc: Attr<Id<Vpc>>,
}

impl Kind for RuleAssociation {
    const TERRAFORM: &'static [&'static str] = &["aws_route53_resolver_rule_association"];
    const CLOUDFORMATION: &'static [&'static str] =
        &["AWS::Route53Resolver::ResolverRuleAssociation"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            rule: fields.required_id("resolver_rule_id", "ResolverRuleId"),
            by_arn: fields.node("resolver_rule_id", "ResolverRuleId").and_then(|node| {
                let Value::Unknown(symbol) = &node.value else { return None };
                let (_, name) = attribute(symbol)?;
                matches!(name, "arn" | "Arn").then_some(node.span)
            }),
            vpc: fields.required_id("vpc_id", "VPCId"),
        }
    }
}

/// What a VPC's resolver is told of the rules that it makes by itself.
#[derive(Debug)]
pub struct ResolverConfig {
    /// The VPC.
    pub vpc: Attr<Id<Vpc>>,
    /// Whether it has rules for reverse lookups
    /// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-automatic-forwarding-rules-reverse-dns.html>).
    pub reverse: Attr<Reverse>,
}

/// `AutodefinedReverseFlag`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reverse {
    /// As it is where nothing is said.
    Enabled,
    /// Reverse lookups follow the other rules.
    Disabled,
}

impl Parse for Reverse {
    const WANTED: &'static str = "ENABLE or DISABLE";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        let Value::String(text) = value else { return None };
        match &**text {
            "ENABLE" => Some(Self::Enabled),
            "DISABLE" => Some(Self::Disabled),
            _ => None,
        }
    }
}

impl Kind for ResolverConfig {
    const TERRAFORM: &'static [&'static str] = &["aws_route53_resolver_config"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::Route53Resolver::ResolverConfig"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            vpc: fields.required_id("resource_id", "ResourceId"),
            reverse: fields.required("autodefined_reverse_flag", "AutodefinedReverseFlag"),
        }
    }
}
