//! What the linter says of a topology: the one place that asks the library.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use eksdns_lint::dns::{Answer, Assumptions, Origin, Question, resolve};
use eksdns_lint::graph::Graph;
use eksdns_lint::network::{
    BlockResponse, Declared, Id, Name, Network, Protocol, Subnet, Table, Tri, Vpc,
};
use eksdns_lint::reach::{Disposition, Flow, Guard, Interface, client_vpn_admits, reach};
use eksdns_lint::source::Workspace;
use eksdns_lint::unknown::Unknown;
use eksdns_lint::{cloudformation, terraform};

use crate::bed::{Who, names, pair, question};
use crate::namespaces::user;
use crate::resolvers;
use crate::topology::{CAMPUS_HOST, Topology};

/// What the linter says a query gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    Private(usize),
    Public(usize),
    /// Whatever public DNS says of the name.
    Internet,
    /// A record of this zone.
    Zone(usize),
    NxDomain,
    NoData,
    /// A loop, or nobody answers.
    Failure,
    Intermittent,
    /// The campus answers, or another server outside the code; so, if it resolves as public DNS does.
    Elsewhere(Box<Said>),
    Undecided(String),
}

/// Whether something passes, and in whose words: `None` is undecided.
pub(crate) type Passage = (Option<bool>, String);

/// As with what was seen.
#[derive(Debug, Default)]
pub(crate) struct Sayings {
    pub(crate) names: BTreeMap<String, Said>,
    pub(crate) legs: BTreeMap<String, (Passage, Passage)>,
    pub(crate) connections: BTreeMap<String, Passage>,
}

/// Whether the simulation reads network ACLs.
pub(crate) fn reads_acls() -> bool {
    Network::reads("aws_network_acl")
}

/// What of a topology the simulation does not read; such a topology is not compared.
pub(crate) fn beyond(topology: &Topology) -> Option<&'static str> {
    let has = [
        (!topology.acls.is_empty(), "aws_network_acl", "network ACLs"),
        (topology.transit.is_some(), "aws_ec2_transit_gateway", "transit gateways"),
    ];
    has.into_iter().find(|(has, kind, _)| *has && !Network::reads(kind)).map(|(.., what)| what)
}

/// Reads the text of a root module or of a template, by the ending of its name.
fn load(file: &str, text: &str) -> Graph {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(file);
    std::fs::write(&path, text).unwrap();
    let workspace = Workspace::new(folder.path(), folder.path()).unwrap();
    if Path::new(file).extension().is_some_and(|ending| ending == "tf") {
        let project = terraform::Project::parse(&workspace, &[folder.path().to_path_buf()], &[]);
        project.load(&workspace, &project.roots()[0])
    } else {
        let source = workspace.read(&path).unwrap();
        cloudformation::parse(&workspace, source).unwrap().load(&workspace)
    }
}

/// Asks the library the same questions as the namespaces.
pub(crate) fn ask(topology: &Topology, file: &str, text: &str) -> Sayings {
    let network = Network::new(&load(file, text));
    let asker = Asker { topology, network: &network };
    Sayings { names: asker.names(), legs: asker.legs(), connections: asker.connections() }
}

/// What becomes of packets between the interfaces of endpoints.
pub(crate) fn packets(
    topology: &Topology,
    file: &str,
    text: &str,
    specs: impl Iterator<Item = String>,
) -> BTreeMap<String, Passage> {
    let network = Network::new(&load(file, text));
    let asker = Asker { topology, network: &network };
    specs.map(|spec| (spec.clone(), asker.packet(&spec))).collect()
}

struct Asker<'a> {
    topology: &'a Topology,
    network: &'a Network,
}

/// The resource that a writer called so.
fn find<'a, T>(table: &'a Table<T>, wanted: &str) -> &'a Declared<T> {
    let own = |one: &&Declared<T>| {
        one.name.rsplit('.').next().is_some_and(|name| name.eq_ignore_ascii_case(wanted))
    };
    table.iter().find(own).unwrap_or_else(|| panic!("{wanted} is not in the network"))
}

/// The number at the end of a name.
fn number(name: &str) -> usize {
    let own = name.rsplit('.').next().unwrap_or(name);
    own.trim_start_matches(|letter: char| !letter.is_ascii_digit()).parse().unwrap()
}

impl Asker<'_> {
    fn place(&self, vpc: usize, subnet: usize) -> (Id<Vpc>, Id<Subnet>) {
        let subnet = find(&self.network.subnets, &format!("subnet{vpc}x{subnet}")).id;
        (find(&self.network.vpcs, &format!("vpc{vpc}")).id, subnet)
    }

    fn names(&self) -> BTreeMap<String, Said> {
        let eks_public_dns = self.topology.public_dns_answers;
        let assumptions = Assumptions { eks_public_dns, ..Assumptions::default() };
        let mut said = BTreeMap::new();
        for who in Who::all(self.topology) {
            let origin = match who {
                Who::Vpc(vpc) => Origin::Host(find(&self.network.vpcs, &format!("vpc{vpc}")).id),
                Who::Users(users) => {
                    Origin::ClientVpn(find(&self.network.client_vpns, &format!("users{users}")).id)
                }
                Who::Campus => Origin::OnPremises,
            };
            for (index, name) in names(self.topology).into_iter().enumerate() {
                let asked = if index < self.topology.clusters.len() {
                    let cluster = find(&self.network.clusters, &format!("cluster{index}"));
                    Question::Endpoint(cluster.id)
                } else {
                    Question::Name(Name::new(&name))
                };
                let end = resolve(self.network, assumptions.clone(), &asked, origin).end;
                said.insert(question(who, &name), self.said(end));
            }
        }
        said
    }

    fn said(&self, end: Result<Answer, Unknown>) -> Said {
        match end {
            Ok(Answer::Private(cluster)) => {
                Said::Private(number(&self.network.clusters[cluster].name))
            }
            Ok(Answer::Public(cluster)) => {
                Said::Public(number(&self.network.clusters[cluster].name))
            }
            Ok(Answer::Internet) => Said::Internet,
            Ok(Answer::Zone(zone)) => Said::Zone(number(&self.network.zones[zone].name)),
            Ok(Answer::NxDomain) => Said::NxDomain,
            Ok(Answer::NoData | Answer::Blocked(BlockResponse::NoData)) => Said::NoData,
            Ok(Answer::Blocked(BlockResponse::NxDomain)) => Said::NxDomain,
            Ok(Answer::Timeout | Answer::Refused | Answer::Loop(_)) => Said::Failure,
            Ok(Answer::Intermittent) => Said::Intermittent,
            Ok(Answer::Elsewhere(_, then)) => Said::Elsewhere(Box::new(self.said(Ok(*then)))),
            Ok(other) => panic!("no topology has what {other:?} comes from"),
            Err(unknown) => Said::Undecided(format!("{unknown:?}")),
        }
    }

    fn endpoint(&self, endpoint: usize, index: usize) -> Interface {
        let it = &self.topology.endpoints[endpoint];
        let (subnet, address) = &it.addresses[index];
        Interface {
            place: Some(self.place(it.vpc, *subnet)),
            address: Some(address.parse::<IpAddr>().unwrap().into()),
            guard: Guard::Groups(self.groups(&it.groups), None),
        }
    }

    /// The interface with an address: an endpoint's, or a server outside the code.
    fn holder(&self, address: &str) -> Interface {
        for (number, endpoint) in self.topology.endpoints.iter().enumerate() {
            let mut own = endpoint.addresses.iter();
            if let Some(index) = own.position(|(_, one)| one == address) {
                return self.endpoint(number, index);
            }
        }
        Interface {
            place: None,
            address: address.parse::<IpAddr>().ok().map(Into::into),
            guard: Guard::AnyHost,
        }
    }

    fn legs(&self) -> BTreeMap<String, (Passage, Passage)> {
        let mut wanted: BTreeMap<(usize, usize), BTreeSet<String>> = BTreeMap::new();
        for vpc in 0..self.topology.vpcs.len() {
            for rule in resolvers::rules(self.topology, vpc) {
                let Some(endpoint) = rule.endpoint else { continue };
                for index in 0..self.topology.endpoints[endpoint].addresses.len() {
                    let targets = self.topology.targets(rule);
                    wanted.entry((endpoint, index)).or_default().extend(targets);
                }
            }
        }
        let mut legs = BTreeMap::new();
        for ((endpoint, index), targets) in wanted {
            let from = self.endpoint(endpoint, index);
            let address = &self.topology.endpoints[endpoint].addresses[index].1;
            for target in targets {
                let to = self.holder(&target);
                let [udp, tcp] = [Protocol::Udp, Protocol::Tcp]
                    .map(|protocol| self.passes(&from, &to, protocol, 53));
                legs.insert(pair(address, &target), (udp, tcp));
            }
        }
        legs
    }

    fn passes(&self, from: &Interface, to: &Interface, protocol: Protocol, port: u16) -> Passage {
        let journey = reach(self.network, &Flow { from, to, protocol, port });
        match journey.end() {
            Ok(end) => (Some(end == Disposition::Delivered), format!("{end:?}")),
            Err(unknown) => (None, format!("{unknown:?}")),
        }
    }

    /// Whether a packet from one endpoint's interface to another's passes, and its answer.
    fn packet(&self, spec: &str) -> Passage {
        let (from, to) = spec.split_once(' ').unwrap();
        let (protocol, to) = to.split_once(':').unwrap();
        let to: SocketAddr = to.parse().unwrap();
        let protocol = if protocol == "tcp" { Protocol::Tcp } else { Protocol::Udp };
        let holder = self.holder(&to.ip().to_string());
        self.passes(&self.holder(from), &holder, protocol, to.port())
    }

    fn connections(&self) -> BTreeMap<String, Passage> {
        let mut said = BTreeMap::new();
        for (number, cluster) in self.topology.clusters.iter().enumerate() {
            let id = find(&self.network.clusters, &format!("cluster{number}")).id;
            let tied = self.network.groups_of_cluster(id);
            let groups: Vec<_> = tied.items.iter().map(|(group, _)| *group).collect();
            let addresses = self.topology.cluster_addresses(number);
            for (subnet, address) in cluster.subnets.iter().zip(&addresses) {
                let to = Interface {
                    place: Some(self.place(cluster.vpc, *subnet)),
                    address: Some(address.parse::<IpAddr>().unwrap().into()),
                    guard: Guard::Groups(groups.clone(), tied.open.clone()),
                };
                let mut passes = |from: &Interface, key: &str| {
                    let passes = self.passes(from, &to, Protocol::Tcp, 443);
                    said.insert(pair(key, address), passes);
                };
                for (vpc, it) in self.topology.vpcs.iter().enumerate() {
                    for (index, own) in it.subnets.iter().enumerate() {
                        let clients = format!("clients{vpc}");
                        let group = find(&self.network.security_groups, &clients).id;
                        let from = Interface {
                            place: Some(self.place(vpc, index)),
                            address: own.client().parse::<IpAddr>().ok().map(Into::into),
                            guard: Guard::Groups(vec![group], None),
                        };
                        passes(&from, &own.client());
                    }
                }
                let campus = Interface {
                    place: None,
                    address: CAMPUS_HOST.parse::<IpAddr>().ok().map(Into::into),
                    guard: Guard::AnyHost,
                };
                passes(&campus, CAMPUS_HOST);
                for users in 0..self.topology.users.len() {
                    self.users(users, &to, &mut said);
                }
            }
        }
        said
    }

    /// The users of a Client VPN endpoint: out of each of its interfaces, as far as it lets them.
    fn users(&self, number: usize, to: &Interface, said: &mut BTreeMap<String, Passage>) {
        let it = &self.topology.users[number];
        let id = find(&self.network.client_vpns, &format!("users{number}")).id;
        let address = to.address.clone().unwrap();
        let admitted = client_vpn_admits(self.network, id, &address);
        let address = address.net().unwrap().addr();
        for index in 0..it.subnets.len() {
            // The most specific route says by which of the subnets they come out.
            let covers = |block: &str| {
                let block: ipnet::IpNet = block.parse().unwrap();
                block.contains(&address).then_some(block.prefix_len())
            };
            let own = (covers(&self.topology.vpcs[it.vpc].cidr), index);
            let routes = it.routes.iter().map(|(block, by)| (covers(block), *by));
            let (_, by) = routes.chain([own]).max_by_key(|(length, _)| *length).unwrap();
            let from = Interface {
                place: Some(self.place(it.vpc, it.subnets[by])),
                address: it.address(self.topology, by).parse::<IpAddr>().ok().map(Into::into),
                guard: Guard::Groups(self.groups(&it.groups), None),
            };
            let passes = match &admitted {
                Tri::No => (Some(false), "NotAdmitted".to_owned()),
                Tri::Maybe(unknown) => (None, format!("{unknown:?}")),
                Tri::Yes => self.passes(&from, to, Protocol::Tcp, 443),
            };
            said.insert(pair(&user(number, index), &address.to_string()), passes);
        }
    }

    fn groups(&self, numbers: &[usize]) -> Vec<Id<eksdns_lint::network::SecurityGroup>> {
        let groups = numbers.iter();
        groups.map(|one| find(&self.network.security_groups, &format!("group{one}")).id).collect()
    }
}
