//! What is tied to a VPC: its blocks, DNS servers, rules, zones, connections.

use std::net::IpAddr;
use std::sync::Arc;

use ipnet::IpNet;

use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::cidr::Cidr;
use super::id::{Declared, Id};
use super::{
    Cluster, EndpointDirection, HostedZone, Network, Peering, ResolverEndpoint, ResolverRule,
    RuleTarget, SecurityGroup, Vpc,
};

/// Things that are certainly there, and whether there may be more.
#[derive(Debug)]
pub struct Tied<T> {
    /// Each with the place that ties it.
    pub items: Vec<(T, Span)>,
    /// Where set, there may be more.
    pub open: Option<Unknown>,
}

/// Whom the hosts of a VPC ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DnsServers {
    /// The Amazon DNS server, at the base of the VPC plus two.
    Amazon,
    /// Servers of their own, by their addresses as written; the place is the option.
    Own(Vec<Arc<str>>, Span),
}

impl Network {
    /// Declared VPCs and those that are only named, each once under its proper name.
    pub fn distinct_vpcs(&self) -> impl Iterator<Item = &Declared<Vpc>> {
        self.vpcs.iter().filter(|vpc| self.vpc(vpc.id).id == vpc.id)
    }

    /// The blocks of a VPC.
    pub fn cidrs_of(&self, id: Id<Vpc>) -> Tied<Cidr> {
        let vpc = self.vpc(id);
        let mut tied = Tied { items: Vec::new(), open: self.unseen(id) };
        match vpc.cidr.get() {
            Ok(Some(cidr)) => {
                tied.items.push((cidr.clone(), vpc.cidr.span().unwrap_or(vpc.span)));
            }
            Ok(None) => {
                tied.open =
                    Some(Unknown::new(format!("{}.cidr_block", vpc.name), Why::KnownAfterApply));
            }
            Err(unknown) => tied.open = Some(unknown),
        }
        for more in self.vpc_cidrs.iter() {
            let owner = more.vpc.get().map(|owner| self.vpc(*owner).id);
            match (owner, more.cidr.get()) {
                (Ok(owner), Ok(Some(cidr))) if owner == vpc.id => {
                    tied.items.push((cidr.clone(), more.span));
                }
                (Ok(owner), Ok(None)) if owner == vpc.id => {
                    let name = format!("{}.cidr_block", more.name);
                    tied.open = Some(Unknown::new(name, Why::KnownAfterApply));
                }
                (Ok(_), Ok(_)) => {}
                (Err(unknown), _) | (_, Err(unknown)) => tied.open = Some(unknown),
            }
        }
        tied
    }

    /// Whom the hosts of a VPC ask
    /// (<https://docs.aws.amazon.com/vpc/latest/userguide/VPC_DHCP_Options.html>).
    pub fn dns_servers(&self, id: Id<Vpc>) -> Result<DnsServers, Unknown> {
        let vpc = self.vpc(id);
        for association in self.dhcp_associations.iter() {
            let owner = self.vpc(*association.vpc.get()?);
            if owner.id != vpc.id {
                continue;
            }
            association.exists.clone()?;
            let options = &self.dhcp_options[*association.options.get()?];
            if options.servers.is_empty() && options.managed {
                // Documents disagree on what this means; the resolver is the answer that blames nobody.
                return Ok(DnsServers::Amazon);
            }
            if let Some(unknown) = options.servers.open() {
                return Err(unknown);
            }
            let servers: Vec<_> = options.servers.known().map(|(one, _)| Arc::clone(one)).collect();
            let own = !servers.iter().any(|server| is_amazon(server, vpc));
            let span = options.servers.items.first().map_or(options.span, |item| item.span);
            return Ok(if own { DnsServers::Own(servers, span) } else { DnsServers::Amazon });
        }
        if vpc.managed {
            Ok(DnsServers::Amazon)
        } else {
            Err(Unknown::new(format!("the DHCP options of {}", vpc.name), Why::ReadAtApply))
        }
    }

    /// The rules that act in a VPC: associated with it, or through a Profile.
    pub fn rules_of(&self, id: Id<Vpc>) -> Tied<Id<ResolverRule>> {
        let vpc = self.vpc(id);
        let mut tied = Tied { items: Vec::new(), open: self.unseen(id) };
        if !vpc.managed {
            tied.open = Some(Unknown::new(format!("the rules of {}", vpc.name), Why::ReadAtApply));
        }
        for association in self.rule_associations.iter() {
            self.tie(&mut tied, association, &association.vpc, vpc, &association.rule);
        }
        for association in self.profile_associations.iter() {
            let Ok(owner) = association.vpc.get().map(|owner| self.vpc(*owner)) else { continue };
            if owner.id != vpc.id {
                continue;
            }
            let Ok(profile) = association.profile.get() else { continue };
            self.tie_profile(&mut tied, *profile, association.span);
        }
        tied
    }

    fn tie<A, T>(
        &self,
        tied: &mut Tied<Id<T>>,
        association: &Declared<A>,
        owner: &super::Attr<Id<Vpc>>,
        vpc: &Declared<Vpc>,
        item: &super::Attr<Id<T>>,
    ) {
        match (owner.get().map(|owner| self.vpc(*owner)), item.get()) {
            (Ok(owner), Ok(item)) if owner.id == vpc.id => match &association.exists {
                Ok(()) => tied.items.push((*item, association.span)),
                Err(unknown) => tied.open = Some(unknown.clone()),
            },
            (Ok(owner), _) if owner.id == vpc.id => {
                tied.open = item.get().err();
            }
            (Ok(owner), _) if !owner.managed => {
                tied.open = tied.open.take().or_else(|| self.may_be(owner, vpc));
            }
            (Ok(_), _) => {}
            (Err(unknown), _) => tied.open = Some(unknown),
        }
    }

    fn tie_profile(
        &self,
        tied: &mut Tied<Id<ResolverRule>>,
        profile: Id<super::Profile>,
        at: Span,
    ) {
        let profile = &self.profiles[profile];
        if !profile.managed {
            tied.open = Some(Unknown::new(Arc::clone(&profile.name), Why::ReadAtApply));
        }
        for handover in self.handovers.iter() {
            if !matches!(handover.profile.get(), Ok(Some(into)) if *into == profile.id) {
                continue;
            }
            let rules = handover.rules.known().map(|(rule, _)| *rule);
            // Anything may be put into a Profile; only rules are rules.
            let rules =
                rules.filter(|rule| matches!(self.rules[*rule].key, super::Key::Resource(_)));
            tied.items.extend(rules.map(|rule| (rule, at)));
        }
    }

    /// The private zones that a VPC sees.
    pub fn zones_of(&self, id: Id<Vpc>) -> Tied<Id<HostedZone>> {
        let vpc = self.vpc(id);
        let mut tied = Tied { items: Vec::new(), open: self.unseen(id) };
        for zone in self.zones.iter() {
            for (owner, span) in zone.vpcs.known() {
                if self.vpc(*owner).id == vpc.id {
                    match &zone.exists {
                        Ok(()) => tied.items.push((zone.id, span)),
                        Err(unknown) => tied.open = Some(unknown.clone()),
                    }
                }
            }
            if let (Some(unknown), true) = (zone.vpcs.open(), zone.managed) {
                tied.open = Some(unknown);
            }
        }
        for association in self.zone_associations.iter() {
            self.tie(&mut tied, association, &association.vpc, vpc, &association.zone);
        }
        tied
    }

    /// The peering connections that join two VPCs.
    pub fn peerings_between(&self, a: Id<Vpc>, b: Id<Vpc>) -> Vec<&Declared<Peering>> {
        let (a, b) = (self.vpc(a).id, self.vpc(b).id);
        let joins = |peering: &&Declared<Peering>| match self.sides(peering.id) {
            Some((requester, accepter)) => {
                (requester, accepter) == (a, b) || (requester, accepter) == (b, a)
            }
            None => false,
        };
        self.peerings.iter().filter(joins).collect()
    }

    /// The two VPCs of a peering connection.
    pub fn sides(&self, peering: Id<Peering>) -> Option<(Id<Vpc>, Id<Vpc>)> {
        let peering = &self.peerings[peering];
        let requester = self.vpc(*peering.requester.get().ok()?).id;
        let accepter = self.vpc(*peering.accepter.get().ok()?).id;
        Some((requester, accepter))
    }

    /// The inbound endpoints in a VPC.
    pub fn inbound_endpoints(&self, vpc: Id<Vpc>) -> Vec<&Declared<ResolverEndpoint>> {
        let vpc = self.vpc(vpc).id;
        let inbound = |endpoint: &&Declared<ResolverEndpoint>| {
            matches!(endpoint.direction.get(), Ok(EndpointDirection::Inbound))
                && self.vpc_of_endpoint(endpoint.id) == Ok(vpc)
        };
        self.endpoints.iter().filter(inbound).collect()
    }

    /// The endpoint that has an address, whether the code writes it out or names it.
    pub fn endpoint_at(&self, target: &RuleTarget) -> Option<&Declared<ResolverEndpoint>> {
        match target {
            RuleTarget::Endpoint(endpoint) => Some(&self.endpoints[*endpoint]),
            RuleTarget::Address(address) => self.endpoints.iter().find(|endpoint| {
                endpoint.addresses.known().any(|(one, _)| one.ip.get() == Ok(&Some(*address)))
            }),
            RuleTarget::Symbol(symbol) => self.endpoints.iter().find(|endpoint| {
                endpoint.addresses.known().any(|(one, _)| one.symbol.as_ref() == Some(symbol))
            }),
        }
    }

    /// The managed VPC whose blocks hold an address.
    pub fn vpc_at(&self, address: IpAddr) -> Option<Id<Vpc>> {
        let address = Cidr::from(address);
        let mut holding = self.distinct_vpcs().filter(|vpc| {
            let tied = self.cidrs_of(vpc.id);
            tied.items.iter().any(|(cidr, _)| cidr.covers(&address) == super::Tri::Yes)
        });
        let first = holding.next()?;
        holding.next().is_none().then_some(first.id)
    }

    /// The security groups of a cluster's network interfaces: the one that EKS makes, and the others.
    pub fn groups_of_cluster(&self, id: Id<Cluster>) -> Tied<Id<SecurityGroup>> {
        let cluster = &self.clusters[id];
        let mut items: Vec<_> =
            cluster.groups.known().map(|(group, span)| (*group, span)).collect();
        if let super::Key::Resource(resource) = cluster.key {
            let own = self.security_groups.find(&super::Key::Derived(resource, "cluster"));
            items.extend(own.map(|group| (group.id, group.span)));
        }
        let open = cluster.groups.open().or_else(|| self.unseen_resource(cluster));
        let open = open.or_else(|| {
            let name = format!("the security groups of {}", cluster.name);
            (!cluster.managed).then(|| Unknown::new(name, Why::ReadAtApply))
        });
        Tied { items, open }
    }
}

/// Whether a server in a list of DNS servers is the VPC's own Amazon DNS server.
fn is_amazon(server: &str, vpc: &Declared<Vpc>) -> bool {
    let plus_two = match vpc.cidr.get() {
        Ok(Some(Cidr::Net(IpNet::V4(net)))) => Some(super::plus_two(*net).to_string()),
        _ => None,
    };
    server.eq_ignore_ascii_case("AmazonProvidedDNS")
        || server == "169.254.169.253"
        || plus_two.as_deref() == Some(server)
}
