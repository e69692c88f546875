//! VPC peering connections.

use std::sync::Arc;

use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::attr::{Attr, Tri};
use super::fields::{Fields, Kind};
use super::id::Id;
use super::vpc::Vpc;
use super::{Label, Network};

/// A VPC peering connection. It joins exactly two VPCs and nothing behind them.
#[derive(Debug)]
pub struct Peering {
    /// The VPC that asks.
    pub requester: Attr<Id<Vpc>>,
    /// The VPC that is asked.
    pub accepter: Attr<Id<Vpc>>,
    /// The accepter's Region, where it differs.
    pub peer_region: Attr<Option<Arc<str>>>,
    /// The accepter's account, where it is written.
    pub peer_owner: Attr<Option<Arc<str>>>,
    /// The requester accepts at once: only within one account and Region.
    pub auto_accept: Attr<bool>,
    /// Public names of instances resolve to private addresses on the other side, where it is written.
    pub remote_dns: Option<Span>,
}

impl Kind for Peering {
    const TERRAFORM: &'static [&'static str] = &["aws_vpc_peering_connection"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::VPCPeeringConnection"];
    const NAMES: &'static [&'static str] = &["vpc_peering_connection_id"];
    const STAND_INS: &'static [(&'static str, &'static str)] = &[
        ("aws_vpc_peering_connection_accepter", "vpc_peering_connection_id"),
        ("aws_vpc_peering_connection_options", "vpc_peering_connection_id"),
    ];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            requester: fields.required_id("vpc_id", "VpcId"),
            accepter: fields.required_id("peer_vpc_id", "PeerVpcId"),
            peer_region: fields.parse("peer_region", "PeerRegion"),
            peer_owner: fields.parse("peer_owner_id", "PeerOwnerId"),
            auto_accept: if fields.is_terraform() {
                fields.or("auto_accept", "", false)
            } else {
                // CloudFormation accepts by itself, in another account by this role.
                fields.parse::<Arc<str>>("", "PeerRoleArn").map(|role| role.is_some())
            },
            remote_dns: remote_dns(fields),
        }
    }
}

/// Where the DNS option of a side is on. CloudFormation has no such property.
fn remote_dns(fields: &Fields<'_>) -> Option<Span> {
    ["requester", "accepter"].into_iter().find_map(|side| {
        let side = fields.block(side, "")?;
        let option = side.or("allow_remote_vpc_dns_resolution", "", false);
        if option.get() == Ok(&true) { option.span() } else { None }
    })
}

/// Options of a connection that stand apart.
#[derive(Debug)]
pub struct PeeringOptions {
    /// The connection.
    pub connection: Attr<Id<Peering>>,
    /// As in the connection itself.
    pub remote_dns: Option<Span>,
}

impl Kind for PeeringOptions {
    const TERRAFORM: &'static [&'static str] = &["aws_vpc_peering_connection_options"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            connection: fields.required_id("vpc_peering_connection_id", ""),
            remote_dns: remote_dns(fields),
        }
    }
}

/// The other side's acceptance, usually in another account or Region.
#[derive(Debug)]
pub struct PeeringAccepter {
    /// The connection.
    pub connection: Attr<Id<Peering>>,
    /// Whether it accepts: without, it only adopts the connection.
    pub auto_accept: Attr<bool>,
    /// As in the connection itself.
    pub remote_dns: Option<Span>,
}

impl Kind for PeeringAccepter {
    const TERRAFORM: &'static [&'static str] = &["aws_vpc_peering_connection_accepter"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            connection: fields.required_id("vpc_peering_connection_id", ""),
            auto_accept: fields.or("auto_accept", "", false),
            remote_dns: remote_dns(fields),
        }
    }
}

impl Network {
    /// Whether both VPCs of a connection are in one Region.
    pub fn within_a_region(&self, id: Id<Peering>) -> Tri {
        let peering = &self.peerings[id];
        if let Some((a, b)) = self.sides(id)
            && let (Some(a), Some(b)) = (self.region_of_vpc(a), self.region_of_vpc(b))
            && let (Label::Text(a), Label::Text(b)) = (a, b)
        {
            return (a == b).into();
        }
        match (peering.peer_region.get(), &peering.region) {
            (Ok(None), _) => Tri::Yes,
            (Ok(Some(other)), Some(Label::Text(own))) => (own == other).into(),
            (Ok(Some(_)), _) => {
                let name = format!("the Region of {}", peering.name);
                Tri::Maybe(Unknown::new(name, Why::KnownAfterApply))
            }
            (Err(unknown), _) => Tri::Maybe(unknown),
        }
    }

    /// The other Region of a connection that accepts itself all the same: Terraform's provider refuses it
    /// (<https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/vpc_peering_connection>).
    pub fn accepts_itself_abroad(&self, id: Id<Peering>) -> Option<&Arc<str>> {
        let peering = &self.peerings[id];
        let Attr::Set(Some(region), _) = &peering.peer_region else { return None };
        let itself = !self.is_cloudformation && peering.auto_accept.get() == Ok(&true);
        itself.then_some(region)
    }

    /// Where the DNS option of a connection is on, on either side.
    pub fn remote_dns_of(&self, id: Id<Peering>) -> Option<Span> {
        let accepters = self.peering_accepters.iter().filter(|one| one.connection.get() == Ok(&id));
        let options = self.peering_options.iter().filter(|one| one.connection.get() == Ok(&id));
        let apart = accepters.filter_map(|one| one.remote_dns);
        let apart = apart.chain(options.filter_map(|one| one.remote_dns));
        self.peerings[id].remote_dns.into_iter().chain(apart).next()
    }

    /// Whether a connection is accepted: until then it carries nothing
    /// (<https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-basics.html>).
    pub fn accepts_peering(&self, id: Id<Peering>) -> Tri {
        let peering = &self.peerings[id];
        let elsewhere = || {
            Tri::Maybe(Unknown::new(
                format!("the acceptance of {}", peering.name),
                Why::ReadAtApply,
            ))
        };
        if !peering.managed {
            return elsewhere();
        }
        let accepting = self.peering_accepters.iter().filter(|one| one.managed).filter_map(|one| {
            match one.connection.get() {
                Ok(named) if *named == id => Some(match (&one.exists, one.auto_accept.get()) {
                    (Ok(()), Ok(accepts)) => (*accepts).into(),
                    (Err(unknown), _) => Tri::Maybe(unknown.clone()),
                    (_, Err(unknown)) => Tri::Maybe(unknown),
                }),
                Ok(named) if self.peerings[*named].managed => None,
                Ok(_) => Some(elsewhere()),
                Err(unknown) => Some(Tri::Maybe(unknown)),
            }
        });
        let accepting: Vec<_> = accepting.collect();
        let at_home = matches!(peering.peer_owner.get(), Ok(None))
            && matches!(peering.peer_region.get(), Ok(None));
        let own = match (self.is_cloudformation, at_home, peering.auto_accept.get()) {
            (true, true, _) => Tri::Yes,
            (_, _, Err(unknown)) => Tri::Maybe(unknown),
            (_, _, Ok(accepts)) => (*accepts).into(),
        };
        // Another account or Region accepts by code, or by hand, that need not be here.
        let unseen = self.unseen_resource(peering).map(Tri::Maybe);
        let others = if at_home || !accepting.is_empty() { None } else { Some(elsewhere()) };
        Tri::any(accepting.into_iter().chain([own]).chain(others).chain(unseen))
    }
}
