//! Which VPCs are meant to use a cluster's private endpoint: being connected alone is no will.

use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};

use crate::network::{
    Cidr, Cluster, Declared, Direction, Domain, Id, Label, Network, Peer, Permission, Protocol,
    ResolverRule, RuleType, Tri, Vpc,
};
use crate::source::{Note, Span};
use crate::unknown::Unknown;

use super::matching::ENDPOINT_LABELS;
use super::{Assumptions, Dns, Question};

/// How the code shows that a VPC is meant to use the private endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Intent {
    /// A rule for the endpoint's name acts there.
    Rule,
    /// The cluster's security groups admit it by name.
    Admitted,
    /// Those of an inbound endpoint beside the cluster admit it by name: it asks, or forwards for others.
    Asks,
    /// The project says so.
    Declared,
}

/// A VPC that is meant to use a cluster's private endpoint.
#[derive(Debug)]
pub struct Client {
    /// The VPC.
    pub vpc: Id<Vpc>,
    /// How the code shows it, and where.
    pub reasons: Vec<(Intent, Note)>,
}

impl Client {
    /// Whether the code shows it in this way.
    pub fn has(&self, intent: Intent) -> bool {
        self.reasons.iter().any(|(one, _)| *one == intent)
    }

    /// Whether it is meant to connect to the API itself.
    pub fn connects(&self) -> bool {
        self.has(Intent::Rule) || self.has(Intent::Admitted) || self.has(Intent::Declared)
    }

    /// The places that show it.
    pub fn notes(&self) -> impl Iterator<Item = Note> + '_ {
        self.reasons.iter().map(|(_, note)| note.clone())
    }
}

/// The clients of each cluster, or why they cannot be told.
pub(super) type ByCluster = HashMap<Id<Cluster>, Result<Vec<Client>, Unknown>>;

/// The clients of every cluster, each in the order of the code.
pub(super) fn all(dns: &Dns<'_>) -> ByCluster {
    let network = dns.network;
    let (blocks, rules) = (Blocks::new(network), Rules::new(network));
    let of = |cluster: &Declared<Cluster>| {
        let declared = declared(network, &dns.assumptions, cluster);
        clients(dns, cluster.id, &blocks, &rules, &declared)
    };
    network.clusters.iter().map(|cluster| (cluster.id, of(cluster))).collect()
}

/// The VPCs that something shows to be clients, each with what shows it.
type Shown = BTreeMap<Id<Vpc>, Vec<(Intent, Note)>>;

fn clients(
    dns: &Dns<'_>,
    cluster: Id<Cluster>,
    blocks: &Blocks,
    rules: &Rules,
    declared: &BTreeMap<Id<Vpc>, Note>,
) -> Result<Vec<Client>, Unknown> {
    let network = dns.network;
    let home = network.vpc_of_cluster(cluster)?;
    let mut shown = rules.by_rule(dns, cluster, home);
    for (vpc, reasons) in by_group(network, &doors(network, cluster, home), blocks) {
        shown.entry(vpc).or_default().extend(reasons);
    }
    for (vpc, note) in declared {
        shown.entry(*vpc).or_default().push((Intent::Declared, note.clone()));
    }
    shown.retain(|vpc, _| {
        network.vpc(*vpc).exists.is_ok() && network.same_vpc(*vpc, home) == Tri::No
    });
    Ok(shown.into_iter().map(|(vpc, reasons)| Client { vpc, reasons }).collect())
}

/// The VPCs that the project itself calls clients of a cluster.
fn declared(
    network: &Network,
    assumptions: &Assumptions,
    cluster: &Declared<Cluster>,
) -> BTreeMap<Id<Vpc>, Note> {
    let note = |vpc: &Declared<Vpc>| {
        let span = assumptions.declares(&vpc.name, &cluster.name)?;
        let id = network.vpc(vpc.id).id;
        Some((id, Note::new(span, format!("client: {}, as the configuration says", vpc.name))))
    };
    network.vpcs.iter().filter_map(note).collect()
}

/// The blocks of all VPCs, so that the VPCs around a block are found without looking at all.
struct Blocks(HashMap<Cidr, Vec<Id<Vpc>>>);

impl Blocks {
    fn new(network: &Network) -> Self {
        let mut all: HashMap<Cidr, Vec<Id<Vpc>>> = HashMap::new();
        for vpc in network.distinct_vpcs() {
            for (block, _) in &network.cidrs_of(vpc.id).items {
                all.entry(block.clone()).or_default().push(vpc.id);
            }
        }
        Self(all)
    }

    /// The VPCs with a block that certainly holds all of `block`.
    fn around(&self, block: &Cidr) -> Vec<Id<Vpc>> {
        let mut wider = vec![block.clone()];
        if let Cidr::Net(net) = block {
            let next = |net: &ipnet::IpNet| net.supernet();
            wider.extend(std::iter::successors(next(net), next).map(Cidr::Net));
        }
        wider.iter().filter_map(|block| self.0.get(block)).flatten().copied().collect()
    }
}

/// A VPC in which a rule acts.
struct Acting {
    vpc: Id<Vpc>,
    /// Its place among the rules there.
    at: usize,
    /// What ties it.
    span: Span,
}

/// The rules that act anywhere, so that those for a cluster are found without asking every VPC.
#[derive(Default)]
struct Rules {
    /// Those for the host name of a cluster's endpoint.
    hosts: HashMap<Id<Cluster>, BTreeSet<Id<ResolverRule>>>,
    /// Those for any other name.
    names: BTreeSet<Id<ResolverRule>>,
    acting: HashMap<Id<ResolverRule>, Vec<Acting>>,
}

impl Rules {
    fn new(network: &Network) -> Self {
        let mut all = Self::default();
        for vpc in network.vpcs_with_rules() {
            for (at, (rule, span)) in network.rules_of(vpc).items.into_iter().enumerate() {
                all.acting.entry(rule).or_default().push(Acting { vpc, at, span });
                match network.rules[rule].domain.get() {
                    Ok(Some(Domain::EndpointHost(cluster))) => {
                        all.hosts.entry(*cluster).or_default().insert(rule);
                    }
                    Ok(Some(Domain::Name(_))) => {
                        all.names.insert(rule);
                    }
                    _ => {}
                }
            }
        }
        all
    }

    /// The VPCs in which a rule for the cluster's name acts.
    fn by_rule(&self, dns: &Dns<'_>, cluster: Id<Cluster>, home: Id<Vpc>) -> Shown {
        let network = dns.network;
        let near = self.hosts.get(&cluster).into_iter().flatten().chain(&self.names);
        let mut found: BTreeMap<Id<Vpc>, BTreeMap<usize, (Intent, Note)>> = BTreeMap::new();
        for rule in near.map(|rule| &network.rules[*rule]) {
            if !dns.is_for_endpoint(rule, cluster, home) {
                continue;
            }
            for Acting { vpc, at, span } in self.acting.get(&rule.id).into_iter().flatten() {
                let text = format!("client: {} has {}", network.vpc(*vpc).name, rule.name);
                let reason = (Intent::Rule, Note::new(*span, text));
                found.entry(*vpc).or_default().insert(*at, reason);
            }
        }
        found.into_iter().map(|(vpc, all)| (vpc, all.into_values().collect())).collect()
    }
}

impl Dns<'_> {
    /// Whether a rule is there for a cluster's name: narrower than the Region's names, or sent to the
    /// cluster's VPC.
    pub fn is_for_endpoint(
        &self,
        rule: &Declared<ResolverRule>,
        cluster: Id<Cluster>,
        home: Id<Vpc>,
    ) -> bool {
        if rule.rule_type.get() != Ok(&RuleType::Forward) {
            return false;
        }
        let Ok(Some(domain)) = rule.domain.get() else { return false };
        let covered = self.covers(domain, &Question::Endpoint(cluster));
        let narrow = match domain {
            Domain::Name(name) => name.0.len() + 1 >= ENDPOINT_LABELS && name.unknown().is_none(),
            Domain::EndpointHost(_) => true,
            Domain::EndpointUrl(_) | Domain::Malformed(..) => false,
        };
        let sent_home = || {
            let targets = rule.targets.known().filter_map(|(one, _)| one.target.get().ok());
            let mut inbound =
                targets.filter_map(|target| self.network.endpoint_at(target).ok().flatten());
            inbound.any(|endpoint| self.network.vpc_of_endpoint(endpoint.id) == Ok(home))
        };
        // A rule for `.` or `amazonaws.com` is no rule for EKS names, wherever it leads.
        about_eks(domain)
            && match covered {
                Tri::Yes => narrow || sent_home(),
                Tri::Maybe(_) => narrow && sent_home(),
                Tri::No => false,
            }
    }

    /// Whether a rule may be there for a cluster's name, in whatever VPC the cluster is.
    pub fn may_be_for_endpoint(&self, rule: &Declared<ResolverRule>, cluster: Id<Cluster>) -> bool {
        let Ok(Some(domain)) = rule.domain.get() else { return false };
        rule.rule_type.get() == Ok(&RuleType::Forward)
            && about_eks(domain)
            && self.covers(domain, &Question::Endpoint(cluster)) != Tri::No
    }

    /// Why it cannot be told whether a rule is there for a cluster's name.
    pub fn open_for_endpoint(
        &self,
        rule: &Declared<ResolverRule>,
        cluster: Id<Cluster>,
    ) -> Option<Unknown> {
        let kind = match rule.rule_type.get() {
            Ok(RuleType::Forward) => None,
            Ok(_) => return None,
            Err(unknown) => Some(unknown),
        };
        let domain = match rule.domain.get() {
            Ok(Some(domain)) if about_eks(domain) || is_open(domain) => domain,
            Ok(_) => return None,
            Err(unknown) => return Some(unknown),
        };
        let targets = || {
            let whom = rule.targets.known().filter_map(|(one, _)| {
                one.target.get().and_then(|target| self.network.endpoint_at(target)).err()
            });
            Unknown::of_all(rule.targets.open().into_iter().chain(whom))
        };
        match self.covers(domain, &Question::Endpoint(cluster)) {
            Tri::No => None,
            Tri::Maybe(unknown) => Some(unknown),
            Tri::Yes => kind.or_else(targets),
        }
    }
}

fn about_eks(domain: &Domain) -> bool {
    match domain {
        Domain::Name(name) => name.0.iter().any(is_eks),
        _ => true,
    }
}

/// Whether a label is open, which may be the one about EKS.
fn is_open(domain: &Domain) -> bool {
    matches!(domain, Domain::Name(name) if name.unknown().is_some())
}

fn is_eks(label: &Label) -> bool {
    matches!(label, Label::Text(text) if matches!(&**text, "eks" | "eks-cluster"))
}

/// Rules that let somebody in, to the API or to an inbound endpoint.
pub(super) struct Door<'a> {
    pub(super) intent: Intent,
    protocol: Protocol,
    port: u16,
    pub(super) rules: Vec<&'a Permission>,
}

pub(super) fn doors(network: &Network, cluster: Id<Cluster>, home: Id<Vpc>) -> Vec<Door<'_>> {
    let of_cluster = network.groups_of_cluster(cluster).items;
    let api =
        of_cluster.into_iter().map(|(group, _)| (Intent::Admitted, group, Protocol::Tcp, 443));
    let inbound = network.inbound_endpoints(home);
    let groups = inbound.iter().flat_map(|endpoint| endpoint.groups.known());
    let dns = groups.map(|(group, _)| (Intent::Asks, *group, Protocol::Udp, 53));
    let door = |(intent, group, protocol, port)| {
        let rules = network.permissions(group, Direction::Ingress).rules.into_iter();
        let rules = rules.filter(|(rule, maybe)| {
            maybe.is_none() && rule.admits_port(protocol, port) == Tri::Yes
        });
        Door { intent, protocol, port, rules: rules.map(|(rule, _)| rule).collect() }
    };
    api.chain(dns).map(door).collect()
}

/// Who is admitted by name: a VPC's own block, a part of it, or one of its groups. A rule that admits
/// wider blocks names nobody.
fn by_group(network: &Network, doors: &[Door<'_>], blocks: &Blocks) -> Shown {
    let mut let_in = Shown::new();
    for Door { intent, protocol, port, rules } in doors {
        for rule in rules {
            let named = rule.peers.known().flat_map(|(peer, _)| match peer {
                Peer::Cidr(block) => blocks.around(block),
                Peer::Group(other) => network.vpc_of_group(*other).into_iter().collect(),
                Peer::PrefixList(list) => {
                    let listed = network.prefixes_of(*list).items.into_iter();
                    listed.flat_map(|(block, _)| blocks.around(&block)).collect()
                }
                Peer::Itself => Vec::new(),
            });
            for vpc in named.map(|vpc| network.vpc(vpc)) {
                let text = format!("client: {} is admitted on {protocol} {port}", vpc.name);
                let reason = (*intent, Note::new(rule.span, text));
                let reasons = let_in.entry(vpc.id).or_default();
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
        }
    }
    let_in
}
