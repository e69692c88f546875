//! What a picture has to show: groups of nodes, links between them, and numbered arrows.

use hashbrown::HashMap;
use std::collections::BTreeMap;

use crate::network::{Attr, Declared, EndpointDirection, Id, Label, Network, Subnet, Vpc, Zone};
use crate::source::Span;
use crate::trace::{Move, Path, Place, Way};

/// A path with its network, as far as the path has to do with it; or an estate, without steps.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Who asks for what; which estate.
    pub title: String,
    /// How it ends, in words.
    pub outcome: String,
    /// Whether it shows an estate.
    pub is_estate: bool,
    /// From left to right.
    pub groups: Vec<Group>,
    /// What joins groups.
    pub links: Vec<Link>,
    /// In the order of the path.
    pub arrows: Vec<Arrow>,
    /// What is not drawn, in words.
    pub folded: Vec<String>,
}

/// What belongs together: a VPC, or a network outside the code.
#[derive(Debug, Clone)]
pub struct Group {
    /// What it is.
    pub kind: GroupKind,
    /// As the code calls it.
    pub name: String,
    /// Its blocks, its DNS attributes.
    pub details: Vec<String>,
    /// How those fare who ask from there. Of an estate alone.
    pub asks: Option<String>,
    /// What it stands in, the widest first: the Region and the account of a VPC.
    pub areas: Vec<String>,
    /// Its block in the code.
    pub span: Option<Span>,
    /// Its subnets with anything in them.
    pub rows: Vec<Row>,
    /// From left to right.
    pub nodes: Vec<Node>,
}

/// What a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupKind {
    /// A VPC.
    Vpc,
    /// Networks on premises.
    OnPremises,
    /// The internet.
    Internet,
}

/// A subnet.
#[derive(Debug, Clone)]
pub struct Row {
    /// As the code calls it, with its zone and block.
    pub text: String,
    /// Its block in the code.
    pub span: Span,
}

/// One thing that asks, answers or is reached.
#[derive(Debug, Clone)]
pub struct Node {
    /// The place that it stands for.
    pub place: Place,
    /// What it is.
    pub kind: &'static str,
    /// As the code calls it.
    pub name: String,
    /// Its block in the code.
    pub span: Option<Span>,
    /// In which rows it has interfaces, and what stands there.
    pub cells: Vec<(usize, String)>,
}

/// What joins groups.
#[derive(Debug, Clone)]
pub struct Link {
    /// As the code calls it.
    pub name: String,
    /// What it is.
    pub kind: &'static str,
    /// Which groups, by their places in the picture: two or more.
    pub ends: Vec<usize>,
    /// Its block in the code.
    pub span: Span,
}

/// One step.
#[derive(Debug, Clone)]
pub struct Arrow {
    /// From which node: group, and node in it.
    pub from: (usize, usize),
    /// To which node.
    pub to: (usize, usize),
    /// What travels.
    pub text: String,
    /// What becomes of it.
    pub way: Way,
    /// What of the code makes it: its own cause, or what stands at one of its ends.
    pub span: Option<Span>,
}

impl Group {
    /// In which of its subnets a node stands, and with what, a text each.
    pub(super) fn interfaces(&self, node: &Node) -> impl Iterator<Item = String> {
        node.cells.iter().map(|(row, what)| format!("{what} in {}", self.rows[*row].text))
    }
}

impl Picture {
    /// The picture of a path.
    pub fn new(network: &Network, path: &Path) -> Self {
        let mut drawing = Drawing::new(network);
        drawing.place_client(&path.from);
        for one in &path.moves {
            drawing.node(&one.from);
            drawing.node(&one.to);
        }
        drawing.place_cluster(&path.to);
        drawing.order();
        let arrows = drawing.arrows(path);
        let links = drawing.links();
        let vpcs = network.distinct_vpcs().filter(|vpc| vpc.managed).count();
        let drawn = drawing.groups.iter().filter(|group| group.kind == GroupKind::Vpc).count();
        let more = vpcs.saturating_sub(drawn);
        let plural = if more == 1 { "" } else { "s" };
        Self {
            title: format!("{} asks for {}", path.from, path.to),
            outcome: path.outcome.text.clone(),
            is_estate: false,
            groups: drawing.groups,
            links,
            arrows,
            folded: (more > 0).then(|| format!("+{more} VPC{plural}")).into_iter().collect(),
        }
    }

    /// What it shows, in a line.
    pub fn heading(&self) -> String {
        format!("{}: {}", self.title, self.outcome)
    }

    /// The node at a place of the picture.
    pub fn node(&self, (group, node): (usize, usize)) -> &Node {
        &self.groups[group].nodes[node]
    }
}

/// No more endpoints are drawn, and no more subnets with hosts, that have no part in the path.
const MAX_BESIDE: usize = 3;

/// A picture in the making.
pub(super) struct Drawing<'n> {
    pub(super) network: &'n Network,
    pub(super) groups: Vec<Group>,
    /// The groups of VPCs.
    pub(super) vpcs: HashMap<Id<Vpc>, usize>,
    /// The group that was made last for a VPC.
    near: Option<usize>,
}

impl<'n> Drawing<'n> {
    pub(super) fn new(network: &'n Network) -> Self {
        Self { network, groups: Vec::new(), vpcs: HashMap::new(), near: None }
    }

    /// The client stands in its VPC, or outside; Client VPN users come from outside.
    fn place_client(&mut self, from: &str) {
        let network = self.network;
        let vpc = network.vpcs.iter().find(|one| &*one.name == from);
        let host = network.host(from);
        let own: Vec<_> = host.iter().flat_map(|host| network.subnets_of_host(host)).collect();
        let subnet = network.subnets.iter().find(|one| &*one.name == from).map(|one| one.id);
        let subnet = subnet.or_else(|| own.first().copied());
        let home = vpc.map(|vpc| vpc.id).or_else(|| network.vpc_of_subnet(subnet?).ok());
        let Some(home) = home else {
            let vpn = network.client_vpns.iter().find(|one| &*one.name == from);
            let kind = if vpn.is_some() { "Client VPN user" } else { "client" };
            let group = self.outside(GroupKind::OnPremises);
            let span = vpn.map(|vpn| vpn.span);
            let name = if vpn.is_some() { from.to_owned() } else { "any host here".to_owned() };
            self.put(group, Node { place: Place::Client, kind, name, span, cells: Vec::new() });
            return;
        };
        let group = self.vpc(home);
        let cells = match (host, subnet) {
            (Some(_), _) => {
                let here = |subnet: &Id<Subnet>| {
                    (self.row(group, &network.subnets[*subnet]), "here".to_owned())
                };
                own.iter().map(here).collect()
            }
            (None, Some(subnet)) => {
                let hosts = self.hosts(group, |other| other == subnet);
                let row = self.row(group, &network.subnets[subnet]);
                if hosts.is_empty() { vec![(row, "host".to_owned())] } else { hosts }
            }
            (None, None) => self.hosts(group, |other| network.vpc_of_subnet(other) == Ok(home)),
        };
        let name = host.map_or_else(|| "any host here".to_owned(), |host| host.name.to_string());
        let span = host.map(|host| host.span);
        self.put(group, Node { place: Place::Client, kind: "client", name, span, cells });
    }

    /// The hosts of the code that stand in some subnets: the first of each row, and how many more.
    fn hosts(&mut self, group: usize, here: impl Fn(Id<Subnet>) -> bool) -> Vec<(usize, String)> {
        let network = self.network;
        let mut standing: BTreeMap<Id<Subnet>, Vec<&str>> = BTreeMap::new();
        for host in network.hosts() {
            for subnet in network.subnets_of_host(host).into_iter().filter(|one| here(*one)) {
                standing.entry(subnet).or_default().push(&host.name);
            }
        }
        let told = |(subnet, hosts): (Id<Subnet>, Vec<&str>)| {
            let more = hosts.len() - 1;
            let more = if more > 0 { format!(" +{more}") } else { String::new() };
            (self.row(group, &network.subnets[subnet]), format!("{}{more}", hosts[0]))
        };
        standing.into_iter().take(MAX_BESIDE).map(told).collect()
    }

    /// The cluster is there though nothing may reach it, and so are the inbound endpoints beside it.
    fn place_cluster(&mut self, to: &str) {
        let network = self.network;
        let Some(cluster) = network.clusters.iter().find(|one| &*one.name == to) else {
            return;
        };
        if self.find(&Place::PublicEndpoint(to.to_owned())).is_none() {
            self.node(&Place::Cluster(to.to_owned()));
        }
        let home = network.vpc_of_cluster(cluster.id);
        let inbound = home.map(|home| network.inbound_endpoints(home)).unwrap_or_default();
        for endpoint in inbound.iter().take(MAX_BESIDE) {
            self.node(&Place::Endpoint(endpoint.name.to_string()));
        }
    }

    /// Makes sure that a place is in the picture.
    pub(super) fn node(&mut self, place: &Place) -> (usize, usize) {
        if let Some(found) = self.find(place) {
            return found;
        }
        let network = self.network;
        let node = |kind: &'static str, name: &str, span: Option<Span>| Node {
            place: place.clone(),
            kind,
            name: name.to_owned(),
            span,
            cells: Vec::new(),
        };
        match place {
            // It has been placed first.
            Place::Client => (0, 0),
            Place::Resolver(name) => {
                let vpc = network.vpcs.iter().find(|one| *one.name == **name);
                let group = self.home(vpc.map(|vpc| vpc.id));
                self.put(group, node("resolver (+2)", "AmazonProvidedDNS", None))
            }
            Place::Endpoint(name) => {
                let endpoint = network.endpoints.iter().find(|one| *one.name == **name);
                let vpc = endpoint.and_then(|one| network.vpc_of_endpoint(one.id).ok());
                let group = self.home(vpc);
                let kind = match endpoint.and_then(|one| one.direction.get().ok()) {
                    Some(EndpointDirection::Outbound) => "outbound endpoint",
                    _ => "inbound endpoint",
                };
                let mut made = node(kind, name, endpoint.map(|one| one.span));
                for (address, _) in endpoint.iter().flat_map(|one| one.addresses.known()) {
                    let Ok(subnet) = address.subnet.get() else { continue };
                    let ip = address.ip.get().ok().copied().flatten();
                    let text = ip.map_or_else(|| "by AWS".to_owned(), |ip| ip.to_string());
                    made.cells.push((self.row(group, &network.subnets[*subnet]), text));
                }
                self.put(group, made)
            }
            Place::Cluster(name) => {
                let cluster = network.clusters.iter().find(|one| *one.name == **name);
                let vpc = cluster.and_then(|one| network.vpc_of_cluster(one.id).ok());
                let group = self.home(vpc);
                let mut made = node("EKS endpoint", name, cluster.map(|one| one.span));
                for (subnet, _) in cluster.iter().flat_map(|one| one.subnets.known()) {
                    let row = self.row(group, &network.subnets[*subnet]);
                    made.cells.push((row, "interface".to_owned()));
                }
                self.put(group, made)
            }
            Place::Zone(name) => {
                let zone = network.zones.iter().find(|one| *one.name == **name);
                let group = self.near.unwrap_or_else(|| self.outside(GroupKind::Internet));
                self.put(group, node("private zone", name, zone.map(|one| one.span)))
            }
            Place::Server(name) => {
                let group = self.outside(GroupKind::OnPremises);
                self.put(group, node("DNS server", name, None))
            }
            Place::PublicDns => {
                let group = self.outside(GroupKind::Internet);
                self.put(group, node("public DNS", "public DNS", None))
            }
            Place::PublicEndpoint(name) => {
                let cluster = network.clusters.iter().find(|one| *one.name == **name);
                let group = self.outside(GroupKind::Internet);
                self.put(group, node("public endpoint", name, cluster.map(|one| one.span)))
            }
        }
    }

    fn find(&self, place: &Place) -> Option<(usize, usize)> {
        self.groups.iter().enumerate().find_map(|(at, group)| {
            Some((at, group.nodes.iter().position(|node| node.place == *place)?))
        })
    }

    pub(super) fn put(&mut self, group: usize, node: Node) -> (usize, usize) {
        self.groups[group].nodes.push(node);
        (group, self.groups[group].nodes.len() - 1)
    }

    /// The group of a VPC; what is in none that is known stands outside.
    fn home(&mut self, vpc: Option<Id<Vpc>>) -> usize {
        match vpc {
            Some(vpc) => self.vpc(vpc),
            None => self.outside(GroupKind::OnPremises),
        }
    }

    pub(super) fn vpc(&mut self, id: Id<Vpc>) -> usize {
        let vpc = self.network.vpc(id);
        if let Some(group) = self.vpcs.get(&vpc.id) {
            return *group;
        }
        let mut details = Vec::new();
        if let Ok(Some(block)) = vpc.cidr.get() {
            details.push(block.to_string());
        }
        let told = |flag: &Attr<bool>| match flag.get() {
            Ok(true) => "on",
            Ok(false) => "off",
            Err(_) => "unknown",
        };
        let (support, hostnames) = (told(&vpc.dns_support), told(&vpc.dns_hostnames));
        details.push(format!("DNS support {support}, hostnames {hostnames}"));
        self.groups.push(Group {
            kind: GroupKind::Vpc,
            name: vpc.name.to_string(),
            details,
            asks: None,
            areas: areas(self.network, vpc),
            span: Some(vpc.span),
            rows: Vec::new(),
            nodes: Vec::new(),
        });
        let group = self.groups.len() - 1;
        self.vpcs.insert(vpc.id, group);
        self.near = Some(group);
        group
    }

    pub(super) fn outside(&mut self, kind: GroupKind) -> usize {
        if let Some(at) = self.groups.iter().position(|group| group.kind == kind) {
            return at;
        }
        let name = if kind == GroupKind::Internet { "internet" } else { "on-premises" };
        self.groups.push(Group {
            kind,
            name: name.to_owned(),
            details: Vec::new(),
            asks: None,
            areas: Vec::new(),
            span: None,
            rows: Vec::new(),
            nodes: Vec::new(),
        });
        self.groups.len() - 1
    }

    fn row(&mut self, group: usize, subnet: &Declared<Subnet>) -> usize {
        let mut parts = vec![subnet.name.to_string()];
        match subnet.zone.get() {
            Ok(Some(Zone::Named(zone))) => parts.push(zone.to_string()),
            Ok(Some(Zone::Symbol(zone))) => parts.push(zone.to_string()),
            _ => {}
        }
        if let Ok(Some(block)) = subnet.cidr.get() {
            parts.push(block.to_string());
        }
        let text = parts.join(" · ");
        let rows = &mut self.groups[group].rows;
        if let Some(at) = rows.iter().position(|row| row.text == text) {
            return at;
        }
        rows.push(Row { text, span: subnet.span });
        rows.len() - 1
    }

    /// Once all nodes stand, what is outside goes to the sides.
    fn order(&mut self) {
        let mut order: Vec<usize> = (0..self.groups.len()).collect();
        order.sort_by_key(|&at| match self.groups[at].kind {
            GroupKind::OnPremises => 0,
            GroupKind::Vpc => 1,
            GroupKind::Internet => 2,
        });
        let groups = order.iter().map(|&at| self.groups[at].clone()).collect();
        self.groups = groups;
        for group in self.vpcs.values_mut() {
            *group = order.iter().position(|at| at == group).unwrap_or_default();
        }
    }

    fn arrows(&self, path: &Path) -> Vec<Arrow> {
        let arrow = |one: &Move| {
            let (from, to) = (self.find(&one.from)?, self.find(&one.to)?);
            let span = one.span.or_else(|| self.place(to)).or_else(|| self.place(from));
            Some(Arrow { from, to, text: one.carries.clone(), way: one.way.clone(), span })
        };
        path.moves.iter().filter_map(arrow).collect()
    }

    /// Where a node stands in the code, or what it stands in.
    fn place(&self, (group, node): (usize, usize)) -> Option<Span> {
        let group = &self.groups[group];
        group.nodes[node].span.or(group.span)
    }
}

/// Region and account as far as the code tells them.
fn areas(network: &Network, vpc: &Declared<Vpc>) -> Vec<String> {
    let region = match network.region_of_vpc(vpc.id) {
        Some(Label::Text(region)) => format!("AWS · {region}"),
        _ => "AWS".to_owned(),
    };
    let account = (!vpc.account.is_empty()).then(|| format!("account {}", vpc.account));
    std::iter::once(region).chain(account).collect()
}
