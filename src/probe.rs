//! What a client gets for a name, and what becomes of the connection that follows, on TCP 443.

pub mod named;
mod notes;
pub mod words;

use crate::dns::{Answer, Dns, Origin, Question};
use crate::network::{Cluster, Id, Network, Subnet, Tri, Vpc};
use crate::reach::{
    Disposition, Guard, Interface, Journey, Stage, client_vpn_admits, interfaces_to_cluster,
    subnets_of, to_cluster, way_to_public_endpoint,
};
use crate::source::{Note, Span};
use crate::trace::Trace;
use crate::unknown::{Unknown, Why};
use notes::{Facts, by_public_dns, compared, facts, tell};

/// Who asks and connects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Where its queries begin.
    pub origin: Origin,
    /// The subnets of the VPC that it may be in; any, where none is given.
    pub subnets: Vec<Id<Subnet>>,
    /// The one network outside the code that it is in, by its place among those that are told; any, where
    /// none is given.
    pub network: Option<usize>,
}

/// What follows from an answer.
#[derive(Debug, Clone)]
pub enum Connection {
    /// There is no address of a cluster to connect to.
    None,
    /// To the network interfaces of a cluster: the way to each of their subnets.
    Interfaces(Vec<(Id<Subnet>, Journey)>),
    /// To the public endpoint: whether the client has a way to the internet, and one that it has.
    Internet(Tri, Vec<Note>),
    /// The cluster has no private endpoint.
    NoEndpoint(Span),
    /// It cannot be told.
    Open(Unknown),
}

/// How both end together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The name resolves, and the connection, if there is one to follow, is accepted.
    Holds,
    /// Some servers, or some of the interfaces, do not answer.
    Partly,
    /// It does not.
    Fails,
    /// It cannot be told.
    Undecided(Unknown),
}

impl Verdict {
    /// The worse of two that both must hold; what fails for certain fails whatever else is open.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Fails, _) | (_, Self::Fails) => Self::Fails,
            (Self::Partly, _) | (_, Self::Partly) => Self::Partly,
            (Self::Undecided(a), Self::Undecided(b)) => Self::Undecided(a.and(b)),
            (Self::Undecided(a), _) | (_, Self::Undecided(a)) => Self::Undecided(a),
            (Self::Holds, Self::Holds) => Self::Holds,
        }
    }
}

/// A name asked for, and a connection tried.
#[derive(Debug)]
pub struct Probe {
    /// What was compared first: the rules of the VPC, with the name.
    pub compared: Vec<Note>,
    /// What the query got.
    pub name: Trace<Answer>,
    /// What became of the connection.
    pub connection: Connection,
    /// Whether the answer is another one where public DNS does not know private endpoints.
    pub rests_on_public_dns: bool,
}

/// Asks, and connects to what is answered.
pub fn probe(dns: &Dns<'_>, client: &Client, question: &Question) -> Probe {
    dns.simulate(|| Prober::new(dns).probe(client, question))
}

/// Asks many times: what every probe of a network needs is made once.
#[derive(Debug)]
pub struct Prober<'d, 'n> {
    dns: &'d Dns<'n>,
    facts: Facts,
    /// The same network where public DNS does not know private endpoints.
    without: Dns<'n>,
}

impl<'d, 'n> Prober<'d, 'n> {
    /// Of a network.
    pub fn new(dns: &'d Dns<'n>) -> Self {
        let mut without = dns.assumptions.clone();
        without.eks_public_dns = false;
        Self { dns, facts: facts(dns.network), without: Dns::new(dns.network, without) }
    }

    /// Asks, and connects to what is answered.
    pub fn probe(&self, client: &Client, question: &Question) -> Probe {
        let dns = self.dns;
        let mut name = dns.resolve_in(question, client.origin, &client.subnets);
        for step in &mut name.steps {
            tell(step, &self.facts);
        }
        let mut connection = match &name.end {
            Ok(answer) => connect(dns, client, answer),
            Err(_) => Connection::None,
        };
        match &mut connection {
            Connection::Interfaces(ways) => {
                let steps = ways.iter_mut().flat_map(|(_, journey)| &mut journey.steps);
                steps.for_each(|step| tell(step, &self.facts));
            }
            Connection::Internet(_, by) => by.iter_mut().for_each(|step| tell(step, &self.facts)),
            _ => {}
        }
        let rests_on_public_dns = dns.assumptions.eks_public_dns
            && name.end.is_ok()
            && self.without.resolve_in(question, client.origin, &client.subnets).end != name.end;
        let public =
            name.end.as_ref().ok().and_then(|answer| {
                by_public_dns(dns.network, innermost(answer), rests_on_public_dns)
            });
        name.steps.extend(public);
        Probe { compared: compared(dns, client, question), name, connection, rests_on_public_dns }
    }
}

impl Probe {
    /// How it ends.
    pub fn verdict(&self, question: &Question) -> Verdict {
        let name = match &self.name.end {
            Ok(answer) => judge_answer(answer, question),
            Err(unknown) => Verdict::Undecided(unknown.clone()),
        };
        name.and(self.connection.verdict())
    }

    /// Whether the query is answered at times only.
    fn is_intermittent(&self) -> bool {
        self.ends_with(&Answer::Intermittent)
    }

    /// Whether public DNS answers with what it alone knows.
    fn asks_public_dns(&self) -> bool {
        self.ends_with(&Answer::Internet)
    }

    fn ends_with(&self, end: &Answer) -> bool {
        self.name.end.as_ref().is_ok_and(|answer| innermost(answer) == end)
    }
}

/// What is answered, by whichever servers outside the code.
fn innermost(answer: &Answer) -> &Answer {
    match answer {
        Answer::Elsewhere(_, then) => innermost(then),
        answer => answer,
    }
}

impl Connection {
    /// How it ends. EKS puts its interfaces into any of the cluster's subnets.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::None | Self::Internet(Tri::Yes, _) => Verdict::Holds,
            Self::Internet(Tri::No, _) | Self::NoEndpoint(_) => Verdict::Fails,
            Self::Open(unknown) | Self::Internet(Tri::Maybe(unknown), _) => {
                Verdict::Undecided(unknown.clone())
            }
            Self::Interfaces(ways) => {
                let (mut whole, mut broken, mut open) = (0_usize, 0_usize, Vec::new());
                for (_, journey) in ways {
                    match journey.end() {
                        Ok(Disposition::Delivered) => whole += 1,
                        Ok(_) => broken += 1,
                        Err(unknown) => open.push(unknown),
                    }
                }
                match (Unknown::of_all(open), whole, broken) {
                    (None, 0, 1..) => Verdict::Fails,
                    (_, _, 1..) => Verdict::Partly,
                    (Some(unknown), _, _) => Verdict::Undecided(unknown),
                    (None, _, 0) => Verdict::Holds,
                }
            }
        }
    }
}

/// Both connections to a cluster, whatever its name resolves to: to its network interfaces, and to its
/// public endpoint.
pub fn connections(dns: &Dns<'_>, client: &Client, cluster: Id<Cluster>) -> [Connection; 2] {
    dns.simulate(|| {
        let public = match dns.network.clusters[cluster].public_access.get() {
            Ok(true) => connect(dns, client, &Answer::Public(cluster)),
            Ok(false) => Connection::None,
            Err(unknown) => Connection::Open(unknown),
        };
        [connect(dns, client, &Answer::Private(cluster)), public]
    })
}

fn judge_answer(answer: &Answer, question: &Question) -> Verdict {
    match answer {
        Answer::Private(_) | Answer::Public(_) => Verdict::Holds,
        Answer::Elsewhere(_, then) => judge_answer(then, question),
        Answer::Intermittent => Verdict::Partly,
        Answer::NxDomain
        | Answer::NoData
        | Answer::Blocked(_)
        | Answer::Timeout
        | Answer::Refused
        | Answer::Loop(_) => Verdict::Fails,
        Answer::Internet
        | Answer::Zone(_)
        | Answer::Namespace(_)
        | Answer::Service(_)
        | Answer::Own(_) => match question {
            Question::Name(_) => Verdict::Holds,
            // Whether a record of the code's own leads to the endpoint, its value alone tells.
            Question::Endpoint(_) => {
                let name = "whether the record leads to the endpoint";
                Verdict::Undecided(Unknown::new(name, Why::KnownAfterApply))
            }
        },
    }
}

fn connect(dns: &Dns<'_>, client: &Client, answer: &Answer) -> Connection {
    let network = dns.network;
    match answer {
        Answer::Private(cluster) => match network.clusters[*cluster].private_access.get() {
            Ok(true) => to_interfaces(dns, client, *cluster)
                .map_or_else(Connection::Open, Connection::Interfaces),
            Ok(false) => {
                let cluster = &network.clusters[*cluster];
                Connection::NoEndpoint(cluster.private_access.span().unwrap_or(cluster.span))
            }
            Err(unknown) => Connection::Open(unknown),
        },
        Answer::Public(cluster) => match client.origin {
            Origin::Host(vpc) => {
                let (way, by) = way_to_public_endpoint(network, (vpc, &client.subnets), *cluster);
                Connection::Internet(way, by)
            }
            // The user's own network has one, or the VPC that it comes out in.
            Origin::ClientVpn(_) | Origin::OnPremises | Origin::Inbound(_) => {
                Connection::Internet(Tri::Yes, Vec::new())
            }
        },
        Answer::Elsewhere(_, then) => connect(dns, client, then),
        _ => Connection::None,
    }
}

type Ways = Vec<(Id<Subnet>, Journey)>;

fn to_interfaces(dns: &Dns<'_>, client: &Client, cluster: Id<Cluster>) -> Result<Ways, Unknown> {
    let network = dns.network;
    let host = |place| Interface { place, address: None, guard: Guard::AnyHost };
    let ways = match client.origin {
        Origin::Host(vpc) if client.subnets.is_empty() => to_cluster(network, vpc, cluster),
        // One host may be in any of them, and all have to hold.
        Origin::Host(vpc) => {
            let mut ways = Vec::new();
            for subnet in &client.subnets {
                let from = host(Some((vpc, *subnet)));
                ways.extend(interfaces_to_cluster(network, &[from], cluster)?);
            }
            Ok(ways)
        }
        Origin::ClientVpn(endpoint) => by_client_vpn(network, endpoint, cluster),
        Origin::OnPremises | Origin::Inbound(_) => {
            let mut ways = Vec::new();
            for address in dns.outside_blocks(client.network) {
                let from = Interface { place: None, address, guard: Guard::AnyHost };
                ways.extend(interfaces_to_cluster(network, &[from], cluster)?);
            }
            Ok(ways)
        }
    }?;
    if ways.is_empty() {
        let cluster = &network.clusters[cluster];
        let outside = |name: &str| Unknown::new(format!("the subnets of {name}"), Why::ReadAtApply);
        let none = || match client.origin {
            Origin::Host(vpc) if subnets_of(network, vpc).is_empty() => {
                outside(&network.vpc(vpc).name)
            }
            _ => outside(&cluster.name),
        };
        return Err(cluster.subnets.open().unwrap_or_else(none));
    }
    Ok(ways)
}

/// Users of a Client VPN come out of its interfaces, with their addresses and groups.
fn by_client_vpn(
    network: &Network,
    endpoint: Id<crate::network::ClientVpn>,
    cluster: Id<Cluster>,
) -> Result<Ways, Unknown> {
    let own = &network.client_vpns[endpoint];
    let vpc: Id<Vpc> = network.vpc_of_client_vpn(endpoint)?;
    let groups: Vec<_> = own.groups.known().map(|(group, _)| *group).collect();
    let guard =
        if groups.is_empty() { Guard::AnyHost } else { Guard::Groups(groups, own.groups.open()) };
    let interface = |subnet| {
        let place = Some((vpc, subnet));
        Interface { place, address: None, guard: guard.clone() }
    };
    let subnets = network.subnets_of_client_vpn(endpoint)?;
    let interfaces: Vec<_> = subnets.into_iter().map(interface).collect();
    let mut ways = interfaces_to_cluster(network, &interfaces, cluster)?;
    for (subnet, journey) in &mut ways {
        let name = format!("{}.cidr_block", network.subnets[*subnet].name);
        let block = match network.subnets[*subnet].cidr.get() {
            Ok(Some(block)) => client_vpn_admits(network, endpoint, block),
            Ok(None) => Tri::Maybe(Unknown::new(name, Why::KnownAfterApply)),
            Err(unknown) => Tri::Maybe(unknown),
        };
        let end = match block {
            Tri::Yes => Ok(Disposition::Delivered),
            Tri::Maybe(unknown) => Err(unknown),
            Tri::No => {
                let text = format!("{} does not let its users there, or has no route", own.name);
                journey.steps.insert(0, Note::new(own.span, text));
                Ok(Disposition::DeniedOut(Vec::new()))
            }
        };
        journey.stages.insert(0, (Stage::Out, end));
    }
    Ok(ways)
}
