//! Network ACLs, their rules, and which subnets they guard.

use hashbrown::HashMap;
use std::collections::BTreeSet;

use crate::graph::Value;
use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::attr::{Attr, Item, Many, Tri};
use super::cidr::{Cidr, Ipv6Cidr};
use super::fields::{Context, Fields, Kind, Parse};
use super::id::{Declared, Id, Key};
use super::security_group::{Direction, Protocol};
use super::vpc::{Subnet, Vpc};
use super::{Network, Tied};

/// What a VPC brings along for the subnets that have no ACL of their own.
pub(super) const DEFAULT: &str = "default network ACL";

/// A network ACL.
#[derive(Debug)]
pub struct NetworkAcl {
    /// Its VPC; absent for a default one.
    pub vpc: Attr<Option<Id<Vpc>>>,
    /// The subnets that the code gives it.
    pub subnets: Many<Id<Subnet>>,
    /// Rules for what comes in, as far as they are written inside.
    pub ingress: Many<AclRule>,
    /// Rules for what goes out, likewise.
    pub egress: Many<AclRule>,
    /// For `aws_default_network_acl`: the default ACL that it adopts, and whose rules it takes away
    /// (<https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_network_acl>).
    pub adopts: Attr<Option<Id<NetworkAcl>>>,
    /// Whether it is a default one as AWS made it, with its rule that lets everything pass.
    pub brought: bool,
}

/// A rule of a network ACL: the lowest number that matches decides.
#[derive(Debug, Clone)]
pub struct AclRule {
    /// Its number.
    pub number: Attr<i64>,
    /// Whether it allows.
    pub allows: Attr<bool>,
    /// The protocol.
    pub protocol: Attr<Protocol>,
    /// First and last port.
    pub ports: (Attr<Option<i64>>, Attr<Option<i64>>),
    /// The block of the other end.
    pub block: Attr<Cidr>,
    /// Where it is written.
    pub span: Span,
}

impl AclRule {
    /// AWS's own rules, in every default ACL: one for each family.
    fn allow_all(span: Span) -> [Self; 2] {
        let every =
            [(100, ipnet::Ipv4Net::default().into()), (101, ipnet::Ipv6Net::default().into())];
        every.map(|(number, net)| Self {
            number: Attr::Default(number),
            allows: Attr::Default(true),
            protocol: Attr::Default(Protocol::All),
            ports: (Attr::Default(None), Attr::Default(None)),
            block: Attr::Default(Cidr::Net(net)),
            span,
        })
    }

    /// Whether it is for a protocol, and for which of its ports.
    pub fn matched(&self, protocol: Protocol) -> (Tri, (u16, u16)) {
        const EVERY: (u16, u16) = (0, u16::MAX);
        match self.protocol.get() {
            Ok(Protocol::All) => return (Tri::Yes, EVERY),
            Ok(own) if *own != protocol => return (Tri::No, EVERY),
            Ok(_) => {}
            // It may be all of them, and then no port counts.
            Err(unknown) => return (Tri::Maybe(unknown), EVERY),
        }
        let missing =
            || Unknown::new("ports", Why::Invalid("a rule for TCP or UDP needs them".into()));
        let bound = |attr: &Attr<Option<i64>>| {
            let port = attr.get()?.ok_or_else(missing)?;
            u16::try_from(port).map_err(|_| missing())
        };
        match (bound(&self.ports.0), bound(&self.ports.1)) {
            (Ok(first), Ok(last)) if first > last => (Tri::No, EVERY),
            (Ok(first), Ok(last)) => (Tri::Yes, (first, last)),
            (Ok(first), Err(unknown)) => (Tri::Maybe(unknown), (first, EVERY.1)),
            (Err(unknown), Ok(last)) => (Tri::Maybe(unknown), (EVERY.0, last)),
            (Err(unknown), Err(_)) => (Tri::Maybe(unknown), EVERY),
        }
    }
}

/// `allow` or `deny`.
struct Action(bool);

impl Parse for Action {
    const WANTED: &'static str = "allow or deny";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        match value {
            Value::String(text) if text.eq_ignore_ascii_case("allow") => Some(Self(true)),
            Value::String(text) if text.eq_ignore_ascii_case("deny") => Some(Self(false)),
            _ => None,
        }
    }
}

fn rule(fields: &Fields<'_>, number: &str, action: &str) -> AclRule {
    // Attribute syntax (`ingress = [{…}]`) writes the block that is not meant as an empty string.
    let written = |terraform, cloudformation| {
        let node = fields.node(terraform, cloudformation);
        node.is_some_and(|node| !matches!(&node.value, Value::String(text) if text.is_empty()))
    };
    let six = ("ipv6_cidr_block", "Ipv6CidrBlock");
    let block = if written(six.0, six.1) {
        fields.required::<Ipv6Cidr>(six.0, six.1).map(|Ipv6Cidr(block)| block)
    } else {
        fields.required("cidr_block", "CidrBlock")
    };
    let range = fields.block("", "PortRange").unwrap_or_else(|| fields.nothing());
    let range = if fields.is_terraform() { *fields } else { range };
    AclRule {
        number: fields.required(number, "RuleNumber"),
        allows: fields.required::<Action>(action, "RuleAction").map(|Action(allows)| allows),
        protocol: fields.required("protocol", "Protocol"),
        ports: (range.parse("from_port", "From"), range.parse("to_port", "To")),
        block,
        span: fields.span,
    }
}

fn inline(fields: &Fields<'_>, name: &str) -> Many<AclRule> {
    let blocks = fields.blocks(name, "");
    let items = blocks.items.into_iter().map(|item| Item {
        value: item.value.map(|block| rule(&block, "rule_no", "action")),
        span: item.span,
    });
    Many { items: items.collect(), rest: blocks.rest }
}

impl Kind for NetworkAcl {
    const TERRAFORM: &'static [&'static str] = &["aws_network_acl", "aws_default_network_acl"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::NetworkAcl"];
    const NAMES: &'static [&'static str] = &["Id", "NetworkAclId"];
    const DERIVED: &'static [(&'static str, &'static str)] =
        &[("default_network_acl_id", DEFAULT), ("DefaultNetworkAcl", DEFAULT)];

    fn read(fields: &Fields<'_>) -> Self {
        let default = fields.kind == "aws_default_network_acl";
        Self {
            vpc: if default { Attr::Default(None) } else { fields.id("vpc_id", "VpcId") },
            subnets: fields.ids("subnet_ids", ""),
            ingress: inline(fields, "ingress"),
            egress: inline(fields, "egress"),
            adopts: fields.id("default_network_acl_id", ""),
            brought: false,
        }
    }

    /// AWS's default ACL lets everything pass
    /// (<https://docs.aws.amazon.com/vpc/latest/userguide/default-network-acl.html>).
    fn derived(_role: &str) -> Option<Self> {
        Some(Self {
            vpc: Attr::Default(None),
            subnets: Many::default(),
            ingress: Many::default(),
            egress: Many::default(),
            adopts: Attr::Default(None),
            brought: true,
        })
    }
}

/// A rule that is a resource of its own.
#[derive(Debug)]
pub struct NetworkAclEntry {
    /// The ACL that it belongs to.
    pub acl: Attr<Id<NetworkAcl>>,
    /// Whether it is for what goes out.
    pub egress: Attr<bool>,
    /// The rule.
    pub rule: AclRule,
}

impl Kind for NetworkAclEntry {
    const TERRAFORM: &'static [&'static str] = &["aws_network_acl_rule"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::NetworkAclEntry"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            acl: fields.required_id("network_acl_id", "NetworkAclId"),
            egress: fields.or("egress", "Egress", false),
            rule: rule(fields, "rule_number", "rule_action"),
        }
    }
}

/// Gives a subnet an ACL.
#[derive(Debug)]
pub struct NetworkAclAssociation {
    /// The ACL.
    pub acl: Attr<Id<NetworkAcl>>,
    /// The subnet.
    pub subnet: Attr<Id<Subnet>>,
}

impl Kind for NetworkAclAssociation {
    const TERRAFORM: &'static [&'static str] = &["aws_network_acl_association"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::SubnetNetworkAclAssociation"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            acl: fields.required_id("network_acl_id", "NetworkAclId"),
            subnet: fields.required_id("subnet_id", "SubnetId"),
        }
    }
}

/// The rules of one direction in the order in which they are asked; those whose place is not known come
/// first, and each with why it may not be there.
#[derive(Debug, Clone, Default)]
pub struct AclTable {
    /// The rules.
    pub rules: Vec<(AclRule, Option<Unknown>)>,
    /// Where set, there may be more.
    pub open: Option<Unknown>,
}

/// The tables of every ACL, and the ACL of every subnet.
#[derive(Debug, Default)]
pub(super) struct Acls {
    tables: HashMap<(Id<NetworkAcl>, Direction), AclTable>,
    subnets: HashMap<Id<Subnet>, Result<Id<NetworkAcl>, Unknown>>,
}

impl Acls {
    pub(super) fn of(network: &Network) -> Self {
        let mut all = Self::default();
        for acl in network.network_acls.iter() {
            for direction in [Direction::Ingress, Direction::Egress] {
                all.tables.insert((acl.id, direction), network.ordered(acl, direction));
            }
        }
        let holders = Holders::of(network);
        let of_subnet = |subnet: &Declared<Subnet>| (subnet.id, holders.acl_of(network, subnet));
        all.subnets = network.subnets.iter().map(of_subnet).collect();
        all
    }
}

/// An ACL that is given to a subnet, and whether it is.
type Held = (Id<NetworkAcl>, Result<(), Unknown>);

/// What the code says of who guards which subnet.
struct Holders {
    explicit: HashMap<Id<Subnet>, Held>,
    /// Named from outside: they may be any.
    named: BTreeSet<Id<Subnet>>,
    /// Subnets of one VPC, or of any, that cannot be told.
    open: Vec<(Option<Id<Vpc>>, Unknown)>,
}

impl Holders {
    fn of(network: &Network) -> Self {
        let mut all = Self { explicit: HashMap::new(), named: BTreeSet::new(), open: Vec::new() };
        for one in network.network_acl_associations.iter() {
            match (one.subnet.get(), one.acl.get()) {
                (Ok(subnet), Ok(acl)) => all.hold(network, *subnet, *acl, one.exists.clone()),
                (Ok(subnet), Err(unknown)) => {
                    let acl = network.network_acls.iter().next().map(|acl| acl.id);
                    match acl {
                        Some(acl) => all.hold(network, *subnet, acl, Err(unknown)),
                        None => all.open.push((None, unknown)),
                    }
                }
                (Err(unknown), _) => all.open.push((None, unknown)),
            }
        }
        for acl in network.network_acls.iter().filter(|acl| !acl.is_default()) {
            for (subnet, _) in acl.subnets.known() {
                all.hold(network, *subnet, acl.id, acl.exists.clone());
            }
            let vpc = acl.vpc.get().ok().copied().flatten().map(|vpc| network.vpc(vpc).id);
            if let Some(unknown) = acl.subnets.open().filter(|_| acl.managed) {
                all.open.push((vpc, unknown));
            }
        }
        all
    }

    fn hold(
        &mut self,
        network: &Network,
        subnet: Id<Subnet>,
        acl: Id<NetworkAcl>,
        exists: Result<(), Unknown>,
    ) {
        self.explicit.entry(subnet).or_insert((acl, exists));
        if !network.subnets[subnet].managed {
            self.named.insert(subnet);
        }
    }

    fn acl_of(
        &self,
        network: &Network,
        subnet: &Declared<Subnet>,
    ) -> Result<Id<NetworkAcl>, Unknown> {
        if let Some((acl, exists)) = self.explicit.get(&subnet.id) {
            exists.clone()?;
            return Ok(*acl);
        }
        let name = || Unknown::new(format!("the network ACL of {}", subnet.name), Why::ReadAtApply);
        let vpc = network.vpc_of_subnet(subnet.id)?;
        let elsewhere =
            |of: &Option<Id<Vpc>>| of.is_some_and(|of| network.same_vpc(of, vpc) == Tri::No);
        let open = self.open.iter().find(|(of, _)| !elsewhere(of)).map(|(_, why)| why.clone());
        let named =
            || self.named.iter().find_map(|named| network.may_be(&network.subnets[*named], subnet));
        let open = open.or_else(named).or_else(|| network.unseen_resource(subnet));
        if let Some(unknown) = open {
            return Err(unknown);
        }
        if !subnet.managed {
            return Err(name());
        }
        match network.vpc(vpc).key {
            Key::Resource(owner) => {
                let default = network.network_acls.find(&Key::Derived(owner, DEFAULT));
                let default = default.ok_or_else(name)?;
                network.adopted(default)
            }
            _ => Err(name()),
        }
    }
}

impl NetworkAcl {
    fn is_default(&self) -> bool {
        self.brought || !matches!(self.adopts, Attr::Default(None))
    }
}

impl Network {
    /// The ACL that guards a subnet: without one of its own, the default one of its VPC
    /// (<https://docs.aws.amazon.com/vpc/latest/userguide/nacl-basics.html>).
    pub fn acl_of(&self, subnet: Id<Subnet>) -> Result<Id<NetworkAcl>, Unknown> {
        let name = || format!("the network ACL of {}", self.subnets[subnet].name);
        let acl = self.acls.subnets.get(&subnet).cloned();
        acl.unwrap_or_else(|| Err(Unknown::new(name(), Why::ReadAtApply)))
    }

    /// The rules of an ACL for one direction.
    pub fn acl_table(&self, acl: Id<NetworkAcl>, direction: Direction) -> &AclTable {
        &self.acls.tables[&(acl, direction)]
    }

    /// A default ACL as the code leaves it.
    fn adopted(&self, default: &Declared<NetworkAcl>) -> Result<Id<NetworkAcl>, Unknown> {
        for acl in self.network_acls.iter().filter(|acl| acl.managed && acl.id != default.id) {
            match acl.adopts.get() {
                Ok(Some(adopted)) if *adopted == default.id => {
                    return acl.exists.clone().map(|()| acl.id);
                }
                Ok(Some(adopted)) => {
                    let named = &self.network_acls[*adopted];
                    if !named.managed
                        && let Some(unknown) = self.may_be(named, default)
                    {
                        return Err(unknown);
                    }
                }
                Ok(None) => {}
                Err(unknown) => return Err(unknown),
            }
        }
        Ok(default.id)
    }

    fn ordered(&self, acl: &Declared<NetworkAcl>, direction: Direction) -> AclTable {
        let inline = if direction == Direction::Egress { &acl.egress } else { &acl.ingress };
        let mut table = AclTable { rules: Vec::new(), open: inline.open() };
        table.rules.extend(inline.known().map(|(rule, _)| (rule.clone(), None)));
        if acl.brought {
            table.rules.extend(AclRule::allow_all(acl.span).map(|rule| (rule, None)));
        }
        if !acl.managed {
            let name = format!("the rules of {}", acl.name);
            table.open = table.open.or(Some(Unknown::new(name, Why::ReadAtApply)));
        }
        table.open = table.open.or_else(|| self.unseen_resource(acl));
        let apart = self.entries_of(acl, direction);
        table.rules.extend(apart.items.into_iter().map(|((rule, maybe), _)| (rule, maybe)));
        table.open = table.open.or(apart.open);
        for (rule, maybe) in &mut table.rules {
            *maybe = maybe.take().or_else(|| rule.number.get().err());
        }
        let place = |(rule, _): &(AclRule, _)| rule.number.get().map_or(i64::MIN, |own| *own);
        table.rules.sort_by_key(place);
        table
    }

    /// The rules of an ACL that are resources of their own.
    fn entries_of(
        &self,
        acl: &Declared<NetworkAcl>,
        direction: Direction,
    ) -> Tied<(AclRule, Option<Unknown>)> {
        let adopted = acl.adopts.get().ok().copied().flatten();
        let mut tied = Tied { items: Vec::new(), open: None };
        for entry in self.network_acl_entries.iter() {
            let way = entry.egress.get().map(|out| *out == (direction == Direction::Egress));
            if way == Ok(false) {
                continue;
            }
            let owner = match entry.acl.get() {
                Ok(owner) => &self.network_acls[*owner],
                Err(unknown) => {
                    tied.open = tied.open.or(Some(unknown));
                    continue;
                }
            };
            if owner.id == acl.id || Some(owner.id) == adopted {
                let maybe = entry.exists.clone().err().or_else(|| way.err());
                tied.items.push(((entry.rule.clone(), maybe), entry.span));
            } else if !owner.managed {
                tied.open = tied.open.or_else(|| self.may_be(owner, acl));
            }
        }
        tied
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    #[test]
    fn a_default_acl_lets_both_families_pass() {
        let rules = AclRule::allow_all(Span::new(Sources::default().add("a.tf", ""), 0..0));
        for address in ["10.0.0.1", "2001:db8::1"] {
            let address = Cidr::from(address.parse::<std::net::IpAddr>().unwrap());
            let covers = |rule: &AclRule| rule.block.get().unwrap().covers(&address) == Tri::Yes;
            assert_eq!(rules.iter().filter(|rule| covers(rule)).count(), 1);
        }
    }
}
