//! What is tied to a VPC: its blocks, DNS servers, rules, zones, connections.

use std::collections::HashMap;
use std::sync::Arc;

use ipnet::IpNet;

use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::cidr::Cidr;
use super::id::{Declared, Id};
use super::{
    Cluster, EndpointDirection, HostedZone, Network, Peering, Profile, ResolverEndpoint,
    ResolverRule, SecurityGroup, Vpc,
};

/// Things that are certainly there, and whether there may be more.
#[derive(Debug, Clone)]
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

/// What is tied to one VPC.
#[derive(Debug)]
pub(super) struct Ties {
    cidrs: Tied<Cidr>,
    rules: Tied<Id<ResolverRule>>,
}

/// What is put into a Profile.
struct Contents {
    rules: Vec<Id<ResolverRule>>,
    /// Where set, there may be more rules.
    open: Option<Unknown>,
    /// Where set, there are, or may be, other things: zones among them.
    others: Option<Unknown>,
}

impl Network {
    /// Declared VPCs and those that are only named, each once under its proper name.
    pub fn distinct_vpcs(&self) -> impl Iterator<Item = &Declared<Vpc>> {
        self.vpcs.iter().filter(|vpc| self.vpc(vpc.id).id == vpc.id)
    }

    /// The blocks of a VPC.
    pub fn cidrs_of(&self, id: Id<Vpc>) -> Tied<Cidr> {
        let vpc = self.vpc(id);
        match self.ties.get(&vpc.id) {
            Some(ties) => ties.cidrs.clone(),
            None => self.find_cidrs(vpc),
        }
    }

    /// The rules that act in a VPC: associated with it, or through a Profile.
    pub fn rules_of(&self, id: Id<Vpc>) -> Tied<Id<ResolverRule>> {
        let vpc = self.vpc(id);
        match self.ties.get(&vpc.id) {
            Some(ties) => ties.rules.clone(),
            None => self.find_rules(vpc),
        }
    }

    /// Finds once what every check asks of every VPC again and again.
    pub(super) fn tie_all(&self) -> HashMap<Id<Vpc>, Ties> {
        let found = |vpc| Ties { cidrs: self.find_cidrs(vpc), rules: self.find_rules(vpc) };
        self.distinct_vpcs().map(|vpc| (vpc.id, found(vpc))).collect()
    }

    fn find_cidrs(&self, vpc: &Declared<Vpc>) -> Tied<Cidr> {
        let id = vpc.id;
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
        for more in self.vpc_cidrs.iter().filter(|more| !more.ipv6) {
            let owner = match more.vpc.get() {
                Ok(owner) => self.vpc(*owner),
                Err(unknown) => {
                    tied.open = Some(unknown);
                    continue;
                }
            };
            if owner.id != vpc.id {
                let open = (!owner.managed).then(|| self.may_be(owner, vpc)).flatten();
                tied.open = tied.open.or(open);
                continue;
            }
            let cidr = more.exists.clone().and_then(|()| more.cidr.get().cloned());
            match cidr {
                Ok(Some(cidr)) => tied.items.push((cidr, more.span)),
                Ok(None) => {
                    let name = format!("{}.cidr_block", more.name);
                    tied.open = Some(Unknown::new(name, Why::KnownAfterApply));
                }
                Err(unknown) => tied.open = Some(unknown),
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
                match (!owner.managed).then(|| self.may_be(owner, vpc)).flatten() {
                    Some(unknown) => return Err(unknown),
                    None => continue,
                }
            }
            association.exists.clone()?;
            let options = &self.dhcp_options[*association.options.get()?];
            if matches!(&options.key, super::Key::Literal(id) if &**id == "default") {
                return Ok(DnsServers::Amazon);
            }
            if options.servers.is_empty() && options.managed {
                // Documents disagree on what this means; the resolver is the answer that blames nobody.
                return Ok(DnsServers::Amazon);
            }
            if let Some(unknown) = options.servers.open() {
                return Err(unknown);
            }
            let servers: Vec<_> = options.servers.known().map(|(one, _)| Arc::clone(one)).collect();
            let amazon = servers.iter().filter(|server| is_amazon(server, vpc)).count();
            let span = options.servers.items.first().map_or(options.span, |item| item.span);
            return match amazon {
                0 => Ok(DnsServers::Own(servers, span)),
                all if all == servers.len() => Ok(DnsServers::Amazon),
                _ => Err(Unknown::new(
                    Arc::clone(&options.name),
                    Why::NotEvaluated("the Amazon DNS server beside others".into()),
                )),
            };
        }
        if vpc.managed {
            Ok(DnsServers::Amazon)
        } else {
            Err(Unknown::new(format!("the DHCP options of {}", vpc.name), Why::ReadAtApply))
        }
    }

    fn find_rules(&self, vpc: &Declared<Vpc>) -> Tied<Id<ResolverRule>> {
        let id = vpc.id;
        let mut tied = Tied { items: Vec::new(), open: self.unseen(id) };
        if !vpc.managed {
            tied.open = Some(Unknown::new(format!("the rules of {}", vpc.name), Why::ReadAtApply));
        }
        for association in self.rule_associations.iter() {
            self.tie(&mut tied, association, &association.vpc, vpc, &association.rule);
        }
        let profiles = self.profiles_of(vpc);
        tied.open = tied.open.or(profiles.open);
        for (profile, at) in profiles.items {
            let Contents { rules, open, .. } = self.contents_of(profile);
            tied.items.extend(rules.into_iter().map(|rule| (rule, at)));
            tied.open = tied.open.or(open);
        }
        tied
    }

    fn profiles_of(&self, vpc: &Declared<Vpc>) -> Tied<Id<Profile>> {
        let mut tied = Tied { items: Vec::new(), open: None };
        for association in self.profile_associations.iter() {
            self.tie(&mut tied, association, &association.vpc, vpc, &association.profile);
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

    /// What is put into a Profile.
    fn contents_of(&self, profile: Id<Profile>) -> Contents {
        let profile = &self.profiles[profile];
        let outside = || Unknown::new(Arc::clone(&profile.name), Why::ReadAtApply);
        let open = (!profile.managed).then(outside);
        let open =
            open.or_else(|| self.unseen_resource(profile)).or_else(|| self.exported(profile));
        let mut contents = Contents { rules: Vec::new(), others: open.clone(), open };
        for handover in self.handovers.iter() {
            if !matches!(handover.profile.get(), Ok(Some(into)) if *into == profile.id) {
                continue;
            }
            let unsure = handover.exists.clone().err().or_else(|| handover.rules.open());
            contents.open = contents.open.or_else(|| unsure.clone());
            contents.others = contents.others.or(unsure);
            for (rule, _) in handover.rules.known() {
                let unknown = match &self.rules[*rule].key {
                    super::Key::Resource(_) if handover.exists.is_ok() => {
                        contents.rules.push(*rule);
                        continue;
                    }
                    super::Key::Symbol(symbol) => symbol.unknown(),
                    _ => Unknown::new(Arc::clone(&self.rules[*rule].name), Why::ReadAtApply),
                };
                // Anything may be put into a Profile: what is surely another resource is no rule.
                let other = matches!(&self.rules[*rule].key, super::Key::Symbol(symbol)
                    if super::id::attribute(symbol).is_some());
                if !other {
                    contents.open.get_or_insert_with(|| unknown.clone());
                }
                contents.others.get_or_insert(unknown);
            }
        }
        contents
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
        let profiles = self.profiles_of(vpc);
        let others = profiles.items.iter().find_map(|(one, _)| self.contents_of(*one).others);
        tied.open = tied.open.or(profiles.open).or(others);
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
