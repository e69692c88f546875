//! What becomes of a packet: routes there and back, security groups and network ACLs, in Batfish's words.

mod acl;
mod clusters;
mod connection;
mod core_network;
mod disposition;
mod exit;
mod filter;
mod internet;
mod leg;
mod outside;
mod route;
mod transit_gateway;

use crate::network::{Cidr, Direction, Family, Id, Network, Protocol, SecurityGroup, Subnet, Vpc};
use crate::source::Note;
use crate::trace::Steps;
use crate::unknown::{Unknown, Why};

use filter::Filter;
use leg::{Leg, certain};

pub use clusters::{
    connected, from_outside, interfaces_to_cluster, leads_to_cluster, subnets_of, to_cluster,
};
pub use disposition::{AclDenial, Disposition, End, GatewayMissing, Missing, Near, Unreachable};
pub use exit::{Exit, exit};
pub use internet::{is_cut_off, to_public_endpoint, way_to_public_endpoint};
pub use outside::{client_vpn_admits, client_vpn_routes_to, is_private};

/// Which security groups an interface has.
#[derive(Debug, Clone)]
pub enum Guard {
    /// Some host of the VPC: its groups are not known, and one that fits may exist.
    AnyHost,
    /// These; where the second is set, there may be more.
    Groups(Vec<Id<SecurityGroup>>, Option<Unknown>),
}

/// One end of a flow.
#[derive(Debug, Clone)]
pub struct Interface {
    /// Its subnet, and the VPC of that; `None` for a host outside the code.
    pub place: Option<(Id<Vpc>, Id<Subnet>)>,
    /// Its address, or the block that it is somewhere in, if that is written out.
    pub address: Option<Cidr>,
    /// Its groups.
    pub guard: Guard,
}

impl Interface {
    /// The smallest block that is known to hold its address of a family.
    fn prefix(&self, network: &Network, family: Family) -> Result<Cidr, Unknown> {
        if let Some(address) = self.address.as_ref().filter(|one| one.family() == family) {
            return Ok(address.clone());
        }
        let Some((_, subnet)) = self.place else {
            let name = "the blocks of the networks outside (assumptions.networks)";
            return Err(Unknown::new(name, Why::NoValue));
        };
        let subnet = &network.subnets[subnet];
        let name = || format!("{}.cidr_block", subnet.name);
        subnet
            .block(family)
            .get()?
            .clone()
            .ok_or_else(|| Unknown::new(name(), Why::KnownAfterApply))
    }
}

/// What is sent.
#[derive(Debug, Clone, Copy)]
pub struct Flow<'a> {
    /// From where.
    pub from: &'a Interface,
    /// Where to.
    pub to: &'a Interface,
    /// By which protocol.
    pub protocol: Protocol,
    /// To which port.
    pub port: u16,
}

impl Flow<'_> {
    /// The family of its packets: that of an address that is known, else IPv4.
    fn family(&self) -> Family {
        let known = self.to.address.as_ref().or(self.from.address.as_ref());
        known.map_or(Family::V4, Cidr::family)
    }
}

/// A part of a flow's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Out of the source, by its security groups.
    Out,
    /// The way there, by routes.
    There,
    /// The network ACLs on the way there.
    AclsThere,
    /// Into the destination, by its security groups.
    In,
    /// The way back, by routes.
    Back,
    /// The network ACLs on the way back, to whichever port the answer goes.
    AclsBack,
    /// The connections that both ways use: whether they are accepted.
    Connections,
}

/// Every stage of a flow, each judged on its own, so that one fault does not hide the next.
#[derive(Debug, Clone)]
pub struct Journey {
    /// In the order of the way.
    pub stages: Vec<(Stage, Result<Disposition, Unknown>)>,
    /// What it met.
    pub steps: Vec<Note>,
}

impl Journey {
    /// The stages that certainly fail.
    pub fn faults(&self) -> impl Iterator<Item = &Disposition> {
        self.stages.iter().filter_map(|(_, stage)| match stage {
            Ok(Disposition::Delivered) | Err(_) => None,
            Ok(fault) => Some(fault),
        })
    }

    /// Why a stage cannot be told.
    pub fn open(&self, stage: Stage) -> Option<&Unknown> {
        let own = self.stages.iter().filter(|(one, _)| *one == stage);
        own.into_iter().find_map(|(_, end)| end.as_ref().err())
    }

    /// How it ends, if whatever only networks outside the code know is as it should be.
    pub fn end_in_code(&self) -> Result<Disposition, Unknown> {
        let in_code = |stage: Stage| matches!(stage, Stage::Out | Stage::In);
        let mut stages = self.stages.clone();
        stages.retain(|(stage, end)| end.is_ok() || in_code(*stage));
        Self { stages, steps: Vec::new() }.end()
    }

    /// How it ends: one certain fault is enough; without one, an open stage leaves it open.
    pub fn end(&self) -> Result<Disposition, Unknown> {
        if let Some(fault) = self.faults().next() {
            return Ok(fault.clone());
        }
        let open = self.stages.iter().filter_map(|(_, stage)| stage.as_ref().err().cloned());
        Unknown::of_all(open).map_or(Ok(Disposition::Delivered), Err)
    }
}

/// The most flows that are followed for one rule, endpoint or cluster: 200 subnets, as a VPC has unless its quota is
/// raised, to the 6 addresses of an endpoint three times over
/// (<https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html>).
const MAX_FLOWS: usize = 4096;

/// Whether so many flows are followed for one thing; else why not.
pub fn bounded(flows: usize, of: &str) -> Result<(), Unknown> {
    if flows <= MAX_FLOWS {
        return Ok(());
    }
    Err(Unknown::new(format!("the number of paths of {of}"), Why::Budget))
}

/// Follows a flow there and back.
pub fn reach(network: &Network, flow: &Flow<'_>) -> Journey {
    let mut steps = Steps::default();
    let there = Leg::follow(network, flow, flow.from, flow.to);
    let mut back = Leg::follow(network, flow, flow.to, flow.from);
    let out = Filter::egress(network, flow, there.carries_groups(Direction::Egress));
    let out = out.judge(&mut steps);
    there.steps.0.iter().for_each(|note| steps.add(note.span, &*note.text));
    let into = Filter::ingress(network, flow, there.carries_groups(Direction::Ingress));
    let into = there.admitted(into.judge(&mut steps));
    let acls_there = there.past_acls((flow.port, flow.port), certain(&[&there]), &mut steps);
    let mut returning = std::mem::take(&mut back.steps);
    let acls_back = back.past_acls(acl::EPHEMERAL, certain(&[&there, &back]), &mut returning);
    returning.0.iter().for_each(|note| steps.add(note.span, format!("back: {}", note.text)));
    let mut connections = there.connections;
    connections.join(back.connections);
    let connections = connections.judge(network, &mut steps);
    let stages = [
        (Stage::Out, out),
        (Stage::There, there.end),
        (Stage::AclsThere, acls_there),
        (Stage::In, into),
        (Stage::Back, back.end.map(returned)),
        (Stage::AclsBack, acls_back.map(returned)),
        (Stage::Connections, connections),
    ];
    Journey { stages: stages.into(), steps: steps.0 }
}

fn returned(end: Disposition) -> Disposition {
    match end {
        Disposition::Delivered => end,
        fault => Disposition::NoReturn(Box::new(fault)),
    }
}
