//! `misplaced-endpoint`: the subnets, groups and addresses of an endpoint have to fit together.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Declared, EndpointAddress, Id, Network, ResolverEndpoint, Tri, Vpc};
use crate::source::{Language, Note, Span};
use crate::unknown::Unknown;

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "misplaced-endpoint",
    summary: "security group or subnets of another VPC, an address outside its subnet or reserved, dedicated tenancy",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/misplaced-endpoint.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for endpoint in managed(network.endpoints.iter()) {
        for (address, _) in endpoint.addresses.known() {
            match outside(network, endpoint, address) {
                Ok(fault) => fault.into_iter().for_each(|fault| verdicts.fault(fault)),
                Err(unknown) => verdicts.undecided(unknown, endpoint.span),
            }
        }
        let apart = two_vpcs(network, endpoint).or_else(|| foreign_group(network, endpoint));
        if let Some(fault) = apart.or_else(|| dedicated(network, endpoint)) {
            verdicts.fault(fault);
        }
    }
    verdicts.all
}

/// An address that its subnet does not have, or that AWS keeps: the first four and the last.
fn outside(
    network: &Network,
    endpoint: &Declared<ResolverEndpoint>,
    address: &EndpointAddress,
) -> Result<Option<Fault>, Unknown> {
    let (Some(ip), Some(at)) = (address.ip.get()?, address.ip.span()) else { return Ok(None) };
    let subnet = &network.subnets[*address.subnet.get()?];
    let Some(block) = subnet.cidr.get()? else { return Ok(None) };
    let block = block.net()?;
    if block.addr().is_ipv4() != ip.is_ipv4() {
        return Ok(None);
    }
    let (message, label) = if !block.contains(ip) {
        (
            format!("{ip} is no address of {}, which has {block}", subnet.name),
            format!("not in {block}"),
        )
    } else if is_reserved(block, *ip) {
        (
            format!("{ip} is an address of {} that AWS keeps for itself", subnet.name),
            "the first four addresses of a subnet and its last are reserved".to_owned(),
        )
    } else {
        return Ok(None);
    };
    Ok(Some(Fault {
        severity: Severity::Error,
        message,
        primary: Note::new(at, label),
        labels: vec![Note::new(subnet.cidr.span().unwrap_or(subnet.span), "the subnet's block")],
        help: format!("give {} an address of {block} that is free", endpoint.name),
        subjects: vec![endpoint.name.to_string(), ip.to_string()],
    }))
}

/// Whether AWS keeps an address of a block (<https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html>).
fn is_reserved(block: IpNet, ip: IpAddr) -> bool {
    let number = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => u128::from(u32::from(ip)),
        IpAddr::V6(ip) => u128::from(ip),
    };
    number(ip) - number(block.network()) < 4 || ip == block.broadcast()
}

/// The VPCs that the code writes for the endpoint's subnets, each with its place.
fn vpcs<'a>(
    network: &'a Network,
    endpoint: &'a Declared<ResolverEndpoint>,
) -> impl Iterator<Item = (&'a Declared<Vpc>, Span)> {
    endpoint.addresses.known().filter_map(|(address, span)| {
        let vpc = network.subnets[*address.subnet.get().ok()?].vpc.get().ok()?;
        Some((network.vpc(*vpc), address.subnet.span().unwrap_or(span)))
    })
}

fn apart(network: &Network, a: Id<Vpc>, b: Id<Vpc>) -> bool {
    network.same_vpc(a, b) == Tri::No && network.vpc(a).managed && network.vpc(b).managed
}

fn two_vpcs(network: &Network, endpoint: &Declared<ResolverEndpoint>) -> Option<Fault> {
    let (first, here) = vpcs(network, endpoint).next()?;
    let (other, there) =
        vpcs(network, endpoint).find(|(vpc, _)| apart(network, vpc.id, first.id))?;
    Some(Fault {
        severity: Severity::Error,
        message: format!(
            "{} has subnets of {} and of {}, and an endpoint is in one VPC",
            endpoint.name, first.name, other.name
        ),
        primary: Note::new(there, format!("a subnet of {}", other.name)),
        labels: vec![Note::new(here, format!("a subnet of {}", first.name))],
        help: format!("name subnets of one VPC, and make an endpoint of its own in {}", other.name),
        subjects: vec![endpoint.name.to_string(), "subnets".to_owned()],
    })
}

fn foreign_group(network: &Network, endpoint: &Declared<ResolverEndpoint>) -> Option<Fault> {
    let (vpc, here) = vpcs(network, endpoint).next()?;
    let (group, at) = endpoint.groups.known().find(|(group, _)| {
        let group = network.group(**group);
        let foreign = matches!(group.vpc.get(), Ok(Some(own)) if apart(network, *own, vpc.id));
        foreign && !network.may_be_in(group, vpc.id)
    })?;
    let group = network.group(*group);
    Some(Fault {
        severity: Severity::Error,
        message: format!(
            "{} is a security group of another VPC than {}, in which {} has its subnets",
            group.name, vpc.name, endpoint.name
        ),
        primary: Note::new(at, format!("not a group of {}", vpc.name)),
        labels: vec![
            Note::new(here, format!("a subnet of {}", vpc.name)),
            Note::new(group.vpc.span().unwrap_or(group.span), "the group's VPC"),
        ],
        help: format!("name a security group of {} here", vpc.name),
        subjects: vec![endpoint.name.to_string(), group.name.to_string()],
    })
}

fn dedicated(network: &Network, endpoint: &Declared<ResolverEndpoint>) -> Option<Fault> {
    let (vpc, at) = vpcs(network, endpoint).next()?;
    let tenancy = vpc.tenancy.get().ok()?;
    (vpc.managed && &**tenancy == "dedicated").then(|| Fault {
        severity: Severity::Error,
        message: format!(
            "{} is in {}, whose tenancy is dedicated, and Route 53 Resolver makes no endpoints there",
            endpoint.name, vpc.name
        ),
        primary: Note::new(vpc.tenancy.span().unwrap_or(vpc.span), "dedicated tenancy"),
        labels: vec![Note::new(at, format!("a subnet of {}", vpc.name))],
        help: format!(
            "put the endpoint into a VPC with the default tenancy, or make {} one: instances can \
             still ask for dedicated hosts themselves",
            vpc.name
        ),
        subjects: vec![endpoint.name.to_string(), vpc.name.to_string()],
    })
}
