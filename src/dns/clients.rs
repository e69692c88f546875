//! Which VPCs are meant to use a cluster's private endpoint: being connected alone is no will.

use crate::network::{
    Cidr, Cluster, Declared, Direction, Domain, Id, Label, Network, Peer, Permission, Protocol,
    ResolverRule, RuleType, Tri, Vpc,
};
use crate::source::Note;
use crate::unknown::Unknown;

use super::{ENDPOINT_LABELS, Question, covers};

/// How the code shows that a VPC is meant to use the private endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Intent {
    /// A rule for the endpoint's name acts there.
    Rule,
    /// The cluster's security groups admit it by name.
    Admitted,
    /// Those of an inbound endpoint beside the cluster admit it by name: it asks, or forwards for others.
    Asks,
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
        self.has(Intent::Rule) || self.has(Intent::Admitted)
    }

    /// The places that show it.
    pub fn notes(&self) -> impl Iterator<Item = Note> + '_ {
        self.reasons.iter().map(|(_, note)| note.clone())
    }
}

/// The clients of a cluster, in the order of the code.
pub fn clients(network: &Network, cluster: Id<Cluster>) -> Result<Vec<Client>, Unknown> {
    let home = network.vpc_of_cluster(cluster)?;
    let doors = doors(network, cluster, home);
    // Where nobody is let in by name, only a rule can show that a VPC is meant to.
    let candidates: Vec<&Declared<Vpc>> = if doors.iter().all(|door| door.rules.is_empty()) {
        network.vpcs_with_rules().into_iter().map(|vpc| network.vpc(vpc)).collect()
    } else {
        network.distinct_vpcs().collect()
    };
    let others = candidates
        .into_iter()
        .filter(|vpc| vpc.exists.is_ok() && network.same_vpc(vpc.id, home) == Tri::No);
    let reasons = |vpc: &Declared<Vpc>| {
        let mut reasons = by_rule(network, cluster, home, vpc);
        reasons.extend(by_group(network, &doors, vpc));
        reasons
    };
    Ok(others
        .map(|vpc| Client { vpc: vpc.id, reasons: reasons(vpc) })
        .filter(|client| !client.reasons.is_empty())
        .collect())
}

fn by_rule(
    network: &Network,
    cluster: Id<Cluster>,
    home: Id<Vpc>,
    vpc: &Declared<Vpc>,
) -> Vec<(Intent, Note)> {
    let rules = network.rules_of(vpc.id);
    let meant = rules
        .items
        .into_iter()
        .filter(|(rule, _)| is_for_endpoint(network, &network.rules[*rule], cluster, home));
    let note = |(rule, span)| {
        let rule: &Declared<ResolverRule> = &network.rules[rule];
        (Intent::Rule, Note::new(span, format!("client: {} has {}", vpc.name, rule.name)))
    };
    meant.map(note).collect()
}

/// Whether a rule is there for a cluster's name: narrower than the Region's names, or sent to the
/// cluster's VPC.
pub fn is_for_endpoint(
    network: &Network,
    rule: &Declared<ResolverRule>,
    cluster: Id<Cluster>,
    home: Id<Vpc>,
) -> bool {
    if rule.rule_type.get() != Ok(&RuleType::Forward) {
        return false;
    }
    let Ok(Some(domain)) = rule.domain.get() else { return false };
    let covered = covers(network, domain, &Question::Endpoint(cluster));
    let narrow = match domain {
        Domain::Name(name) => name.0.len() + 1 >= ENDPOINT_LABELS && name.unknown().is_none(),
        Domain::EndpointHost(_) => true,
        Domain::EndpointUrl(_) | Domain::Malformed(..) => false,
    };
    let sent_home = || {
        let targets = rule.targets.known().filter_map(|(one, _)| one.target.get().ok());
        let mut inbound = targets.filter_map(|target| network.endpoint_at(target).ok().flatten());
        inbound.any(|endpoint| network.vpc_of_endpoint(endpoint.id) == Ok(home))
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
pub fn may_be_for_endpoint(
    network: &Network,
    rule: &Declared<ResolverRule>,
    cluster: Id<Cluster>,
) -> bool {
    let Ok(Some(domain)) = rule.domain.get() else { return false };
    rule.rule_type.get() == Ok(&RuleType::Forward)
        && about_eks(domain)
        && covers(network, domain, &Question::Endpoint(cluster)) != Tri::No
}

fn about_eks(domain: &Domain) -> bool {
    match domain {
        Domain::Name(name) => name.0.iter().any(is_eks),
        _ => true,
    }
}

fn is_eks(label: &Label) -> bool {
    matches!(label, Label::Text(text) if matches!(&**text, "eks" | "eks-cluster"))
}

/// Rules that let somebody in, to the API or to an inbound endpoint.
struct Door<'a> {
    intent: Intent,
    protocol: Protocol,
    port: u16,
    rules: Vec<&'a Permission>,
}

fn doors(network: &Network, cluster: Id<Cluster>, home: Id<Vpc>) -> Vec<Door<'_>> {
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

/// The rules that admit a VPC by name: its own block, a part of it, or one of its groups. A rule that
/// admits wider blocks names nobody.
fn by_group(network: &Network, doors: &[Door<'_>], vpc: &Declared<Vpc>) -> Vec<(Intent, Note)> {
    let blocks = network.cidrs_of(vpc.id);
    let within = |block: &Cidr| blocks.items.iter().any(|(own, _)| own.covers(block) == Tri::Yes);
    let named = |peer: &Peer| match peer {
        Peer::Cidr(block) => within(block),
        Peer::Group(other) => network.vpc_of_group(*other) == Some(vpc.id),
        Peer::Itself | Peer::PrefixList => false,
    };
    let mut reasons = Vec::new();
    for Door { intent, protocol, port, rules } in doors {
        for rule in rules.iter().filter(|rule| rule.peers.known().any(|(peer, _)| named(peer))) {
            let text = format!("client: {} is admitted on {protocol} {port}", vpc.name);
            let reason = (*intent, Note::new(rule.span, text));
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
    }
    reasons
}
