//! Security groups and their rules, inline or apart.

use std::sync::Arc;

use crate::graph::Value;
use crate::source::Span;

use super::attr::{Attr, Item, Many, Tri};
use super::cidr::{Cidr, Ipv6Cidr};
use super::fields::{Context, Fields, Kind, Parse};
use super::id::Id;
use super::prefix_list::PrefixList;
use super::vpc::Vpc;

/// A transport protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Protocol {
    /// TCP, protocol number 6.
    Tcp,
    /// UDP, protocol number 17.
    Udp,
    /// Every protocol (`-1`); ports do not matter.
    All,
    /// Anything else: nothing here asks for it.
    Other,
}

impl std::fmt::Display for Protocol {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::All => "all protocols",
            Self::Other => "another protocol",
        })
    }
}

impl Parse for Protocol {
    const WANTED: &'static str = "a protocol";

    fn parse(value: &Value, context: &Context<'_>) -> Option<Self> {
        let text = <Arc<str>>::parse(value, context)?;
        Some(match text.to_ascii_lowercase().as_str() {
            "tcp" | "6" => Self::Tcp,
            "udp" | "17" => Self::Udp,
            "-1" | "all" => Self::All,
            _ => Self::Other,
        })
    }
}

/// Which way traffic goes, seen from the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// Into the interface.
    Ingress,
    /// Out of it.
    Egress,
}

/// The other end that a rule admits.
#[derive(Debug, Clone)]
pub enum Peer {
    /// Addresses.
    Cidr(Cidr),
    /// Interfaces that have a group.
    Group(Id<SecurityGroup>),
    /// Interfaces that have the same group.
    Itself,
    /// The addresses of a prefix list.
    PrefixList(Id<PrefixList>),
}

/// What one rule admits.
#[derive(Debug, Clone)]
pub struct Permission {
    /// The protocol.
    pub protocol: Attr<Protocol>,
    /// First and last port.
    pub ports: (Attr<Option<i64>>, Attr<Option<i64>>),
    /// Whom.
    pub peers: Many<Peer>,
    /// The block.
    pub span: Span,
}

impl Permission {
    /// Whether it admits a protocol and a destination port.
    pub fn admits_port(&self, protocol: Protocol, port: u16) -> Tri {
        let rule = match self.protocol.get() {
            Ok(Protocol::All) => return Tri::Yes,
            Ok(rule) => Tri::from(*rule == protocol),
            // It may be all of them, and then no port counts.
            Err(unknown) => return Tri::Maybe(unknown),
        };
        let port = i64::from(port);
        let from = bound(&self.ports.0, |from| from <= port);
        let to = bound(&self.ports.1, |to| to >= port);
        Tri::all([rule, from, to])
    }
}

fn bound(attr: &Attr<Option<i64>>, holds: impl Fn(i64) -> bool) -> Tri {
    match attr.get() {
        // From -1 to -1 is every port, as is no bound at all.
        Ok(Some(-1) | None) => Tri::Yes,
        Ok(Some(port)) => holds(*port).into(),
        Err(unknown) => Tri::Maybe(unknown),
    }
}

/// A security group.
#[derive(Debug)]
pub struct SecurityGroup {
    /// Its VPC; absent for the default VPC's.
    pub vpc: Attr<Option<Id<Vpc>>>,
    /// What it lets in, as far as it is written inside the group.
    pub ingress: Many<Permission>,
    /// What it lets out, likewise.
    pub egress: Many<Permission>,
    /// Whether AWS's rule that lets everything out is still there: Terraform removes it, CloudFormation
    /// keeps it unless the template writes an egress rule
    /// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html>).
    pub default_egress: bool,
    /// Whether it is the default group of its VPC, adopted.
    pub adopts: bool,
}

impl Kind for SecurityGroup {
    const TERRAFORM: &'static [&'static str] =
        &["aws_security_group", "aws_default_security_group"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::SecurityGroup"];
    const NAMES: &'static [&'static str] = &["GroupId", "security_group_id"];
    const DERIVED: &'static [(&'static str, &'static str)] = &[
        ("cluster_security_group_id", "cluster"),
        ("ClusterSecurityGroupId", "cluster"),
        ("default_security_group_id", "default"),
        ("DefaultSecurityGroup", "default"),
    ];

    fn read(fields: &Fields<'_>) -> Self {
        let egress = inline(fields, "egress", "SecurityGroupEgress");
        Self {
            vpc: fields.id("vpc_id", "VpcId"),
            ingress: inline(fields, "ingress", "SecurityGroupIngress"),
            // An empty list writes no rule either.
            default_egress: !fields.is_terraform() && egress.is_empty(),
            egress,
            adopts: fields.kind == "aws_default_security_group",
        }
    }

    /// A VPC's default group and a cluster's own group admit themselves, and let everything out
    /// (<https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html>).
    fn derived(_role: &str) -> Option<Self> {
        Some(Self {
            vpc: Attr::Default(None),
            ingress: Many::default(),
            egress: Many::default(),
            default_egress: true,
            adopts: false,
        })
    }
}

fn inline(fields: &Fields<'_>, terraform: &str, cloudformation: &str) -> Many<Permission> {
    let blocks = fields.blocks(terraform, cloudformation);
    let items = blocks
        .items
        .into_iter()
        .map(|item| Item { value: item.value.map(|block| permission(&block)), span: item.span });
    Many { items: items.collect(), rest: blocks.rest }
}

/// A rule that is a resource of its own.
#[derive(Debug)]
pub struct SecurityGroupRule {
    /// The group that it belongs to.
    pub group: Attr<Id<SecurityGroup>>,
    /// Which way.
    pub direction: Attr<Direction>,
    /// What it admits.
    pub permission: Permission,
}

impl Kind for SecurityGroupRule {
    const TERRAFORM: &'static [&'static str] = &[
        "aws_security_group_rule",
        "aws_vpc_security_group_ingress_rule",
        "aws_vpc_security_group_egress_rule",
    ];
    const CLOUDFORMATION: &'static [&'static str] =
        &["AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"];

    fn read(fields: &Fields<'_>) -> Self {
        let direction = match fields.kind {
            "aws_vpc_security_group_ingress_rule" | "AWS::EC2::SecurityGroupIngress" => {
                Attr::Default(Direction::Ingress)
            }
            "aws_vpc_security_group_egress_rule" | "AWS::EC2::SecurityGroupEgress" => {
                Attr::Default(Direction::Egress)
            }
            _ => fields.required("type", ""),
        };
        Self {
            group: fields.required_id("security_group_id", "GroupId"),
            direction,
            permission: permission(fields),
        }
    }
}

impl Parse for Direction {
    const WANTED: &'static str = "ingress or egress";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        match value {
            Value::String(text) if &**text == "ingress" => Some(Self::Ingress),
            Value::String(text) if &**text == "egress" => Some(Self::Egress),
            _ => None,
        }
    }
}

fn permission(fields: &Fields<'_>) -> Permission {
    let protocol = if fields.has("ip_protocol", "IpProtocol") {
        fields.required("ip_protocol", "IpProtocol")
    } else {
        fields.required("protocol", "IpProtocol")
    };
    Permission {
        protocol,
        ports: (fields.parse("from_port", "FromPort"), fields.parse("to_port", "ToPort")),
        peers: peers(fields),
        span: fields.span,
    }
}

fn peers(fields: &Fields<'_>) -> Many<Peer> {
    const GROUPS: [(&str, &str); 4] = [
        ("source_security_group_id", "SourceSecurityGroupId"),
        ("referenced_security_group_id", "DestinationSecurityGroupId"),
        ("", "SourceSecurityGroupName"),
        ("", "DestinationSecurityGroupName"),
    ];
    const LISTS: [(&str, &str); 2] =
        [("prefix_list_id", "SourcePrefixListId"), ("", "DestinationPrefixListId")];
    let mut peers = Many::default();
    let six = |Ipv6Cidr(block)| Peer::Cidr(block);
    join(&mut peers, fields.list::<Cidr>("cidr_blocks", ""), Peer::Cidr);
    join(&mut peers, fields.list::<Ipv6Cidr>("ipv6_cidr_blocks", ""), six);
    for (terraform, cloudformation) in [("", "CidrIp"), ("cidr_ipv4", "")] {
        join(&mut peers, fields.single::<Cidr>(terraform, cloudformation), Peer::Cidr);
    }
    for (terraform, cloudformation) in [("", "CidrIpv6"), ("cidr_ipv6", "")] {
        join(&mut peers, fields.single::<Ipv6Cidr>(terraform, cloudformation), six);
    }
    join(&mut peers, fields.ids::<SecurityGroup>("security_groups", ""), Peer::Group);
    for (terraform, cloudformation) in GROUPS {
        join(&mut peers, fields.single_id::<SecurityGroup>(terraform, cloudformation), Peer::Group);
    }
    join(&mut peers, fields.ids::<PrefixList>("prefix_list_ids", ""), Peer::PrefixList);
    for (terraform, cloudformation) in LISTS {
        let list = fields.single_id::<PrefixList>(terraform, cloudformation);
        join(&mut peers, list, Peer::PrefixList);
    }
    match fields.parse::<bool>("self", "") {
        Attr::Set(Some(true), span) => peers.items.push(Item { value: Ok(Peer::Itself), span }),
        Attr::Unknown(unknown, Some(span)) => {
            peers.items.push(Item { value: Err(unknown), span });
        }
        _ => {}
    }
    peers
}

fn join<T>(peers: &mut Many<Peer>, more: Many<T>, wrap: impl Fn(T) -> Peer) {
    peers.items.extend(
        more.items.into_iter().map(|item| Item { value: item.value.map(&wrap), span: item.span }),
    );
    if peers.rest.is_none() {
        peers.rest = more.rest;
    }
}

/// Lets a group be used in a further VPC.
#[derive(Debug)]
pub struct GroupAssociation {
    /// The group.
    pub group: Attr<Id<SecurityGroup>>,
    /// The VPC.
    pub vpc: Attr<Id<Vpc>>,
}

impl Kind for GroupAssociation {
    const TERRAFORM: &'static [&'static str] = &["aws_vpc_security_group_vpc_association"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::SecurityGroupVpcAssociation"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            group: fields.required_id("security_group_id", "GroupId"),
            vpc: fields.required_id("vpc_id", "VpcId"),
        }
    }
}
