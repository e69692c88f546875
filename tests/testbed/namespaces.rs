//! What stands for AWS in network namespaces: routers, interfaces, links, and what runs in each.
//!
//! Written from AWS's documentation, and sharing nothing with the simulation (README.md has the pages):
//! a VPC is a router with one kernel table for each route table, and one more, of local routes alone, for
//! what comes in over peering, transit gateway and VPN (VPCs forward nothing); an interface is a namespace
//! with one address, its security groups a stateful filter in it; a network ACL is a stateless filter in
//! the router where a packet crosses the border of a subnet; a Resolver is one server for each VPC, which
//! the VPC's own interfaces reach; a Resolver endpoint's interface translates addresses and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::filters;
use crate::resolvers::{self, Server};
use crate::topology::{
    CAMPUS, CAMPUS_HOST, CAMPUS_SERVERS, Cluster, Endpoint, Topology, Transit, Via,
};

/// The next hop of every interface.
const ROUTER: &str = "169.254.1.1";
/// The table of a VPC's router for what comes from outside.
const EDGE: usize = 90;
/// The table of a VPC's first route table.
const FIRST: usize = 100;
pub(crate) const PUBLIC_SERVER: &str = "198.51.100.53";

/// A namespace: commands for `ip -batch`, and for `nft`.
#[derive(Debug, Default)]
pub(crate) struct Space {
    pub(crate) ip: Vec<String>,
    pub(crate) nft: String,
}

/// An interface of a VPC.
#[derive(Debug)]
pub(crate) struct Interface {
    pub(crate) space: String,
    pub(crate) address: String,
    pub(crate) vpc: usize,
    pub(crate) subnet: usize,
    pub(crate) groups: Filter,
    /// The router's end of its cable.
    pub(crate) port: String,
}

/// What filters an interface.
#[derive(Debug, Clone)]
pub(crate) enum Filter {
    /// A client: its group lets everything out.
    Open,
    Groups(Vec<usize>),
    /// A cluster's: its own group and further ones.
    Cluster(usize, Vec<usize>),
}

#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) spaces: BTreeMap<String, Space>,
    /// Both ends: the namespace and the device.
    pub(crate) cables: Vec<[(String, String); 2]>,
    pub(crate) interfaces: Vec<Interface>,
    pub(crate) servers: BTreeMap<String, Server>,
    /// Whether its commands are of IPv6.
    pub(crate) six: bool,
    numbered: u32,
    /// Of each VPC's router, the devices towards peering connections, the transit gateway and the campus,
    /// with the next hop there.
    ways: BTreeMap<(usize, Way), (String, String)>,
    /// The device of each VPC's router towards its Resolver.
    resolvers: BTreeMap<usize, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Peering(usize),
    Transit,
    Vpn,
}

/// The name of a subnet's client.
pub(crate) fn client(vpc: usize, subnet: usize) -> String {
    format!("h{vpc}.{subnet}")
}

/// The name of a user of a Client VPN endpoint, whose session is with one of its interfaces.
pub(crate) fn user(users: usize, index: usize) -> String {
    format!("u{users}.{index}")
}

/// The name of a Client VPN endpoint's interface.
fn users_interface(users: usize, index: usize) -> String {
    format!("v{users}.{index}")
}

/// The name of an endpoint's interface.
pub(crate) fn endpoint_interface(endpoint: usize, index: usize) -> String {
    format!("e{endpoint}.{index}")
}

impl Plan {
    pub(crate) fn new(topology: &Topology) -> Self {
        let mut plan = Self::default();
        plan.internet();
        for vpc in 0..topology.vpcs.len() {
            plan.space(&format!("r{vpc}"));
            plan.resolver(topology, vpc);
        }
        plan.campus();
        plan.interfaces(topology);
        for (number, endpoint) in topology.endpoints.iter().enumerate() {
            plan.inbound(number, endpoint);
        }
        for vpc in 0..topology.vpcs.len() {
            plan.outbound(topology, vpc);
        }
        for number in 0..topology.users.len() {
            plan.users(topology, number);
        }
        plan.links(topology);
        for vpc in 0..topology.vpcs.len() {
            plan.tables(topology, vpc);
        }
        plan.filters(topology);
        resolvers::fill(topology, &mut plan.servers);
        plan
    }

    fn space(&mut self, name: &str) -> &mut Space {
        self.spaces
            .entry(name.to_owned())
            .or_insert_with(|| Space { ip: vec!["link set lo up".to_owned()], nft: String::new() })
    }

    fn ip(&mut self, space: &str, command: String) {
        self.space(space).ip.push(command);
    }

    /// A cable between two namespaces: its two devices.
    fn cable(&mut self, a: &str, b: &str) -> (String, String) {
        let number = self.cables.len();
        let ends = (format!("a{number}"), format!("b{number}"));
        self.cables.push([(a.to_owned(), ends.0.clone()), (b.to_owned(), ends.1.clone())]);
        self.ip(a, format!("link set {} up", ends.0));
        self.ip(b, format!("link set {} up", ends.1));
        ends
    }

    /// A cable with a network of its own: the devices, and the first three numbers of its addresses.
    fn backplane(&mut self, a: &str, b: &str) -> (String, String, String) {
        self.numbered += 1;
        let net = format!("100.{}.{}", 64 + self.numbered / 250, self.numbered % 250);
        let (left, right) = self.cable(a, b);
        self.ip(a, format!("addr add {net}.1/24 dev {left}"));
        self.ip(b, format!("addr add {net}.2/24 dev {right}"));
        (left, right, net)
    }

    /// A cable between two routers: the device and the next hop at each side.
    fn trunk(&mut self, a: &str, b: &str) -> [(String, String); 2] {
        self.numbered += 1;
        let net = format!("169.254.{}", self.numbered + 1);
        let (left, right) = self.cable(a, b);
        self.ip(a, format!("addr add {net}.1/32 dev {left}"));
        self.ip(b, format!("addr add {net}.2/32 dev {right}"));
        [(left, format!("{net}.2")), (right, format!("{net}.1"))]
    }

    /// A host with some addresses behind a router: the router's device.
    fn host(&mut self, space: &str, router: &str, addresses: &[&str]) -> String {
        let (port, device) = self.cable(router, space);
        for address in addresses {
            self.ip(space, format!("addr add {address}/32 dev {device}"));
        }
        self.ip(space, format!("route add {ROUTER}/32 dev {device} scope link"));
        self.ip(space, format!("route add default via {ROUTER} dev {device} onlink"));
        self.ip(router, format!("addr add {ROUTER}/32 dev {port}"));
        port
    }

    /// Public DNS.
    fn internet(&mut self) {
        self.space("inet");
        self.space("pub");
        let port = self.host("pub", "inet", &[PUBLIC_SERVER]);
        self.ip("inet", format!("route add {PUBLIC_SERVER}/32 dev {port}"));
        self.servers.insert("pub".to_owned(), Server::new("pub", &[PUBLIC_SERVER]));
    }

    /// The `+2` of a VPC, where DNS support is on; it has its own way to public DNS.
    fn resolver(&mut self, topology: &Topology, vpc: usize) {
        let it = &topology.vpcs[vpc];
        if !it.dns_support {
            return;
        }
        let (space, router) = (format!("d{vpc}"), format!("r{vpc}"));
        self.space(&space);
        let address = filters::plus_two(&it.cidr);
        let port = self.host(&space, &router, &[&address]);
        self.resolvers.insert(vpc, port.clone());
        for table in 0..it.tables.len() {
            self.ip(&router, format!("route add {address}/32 dev {port} table {}", FIRST + table));
        }
        self.ip(&router, format!("rule add iif {port} lookup {EDGE}"));
        let (_, _, net) = self.backplane(&space, "inet");
        self.ip(&space, format!("route add {PUBLIC_SERVER}/32 via {net}.2"));
        self.servers.insert(space.clone(), Server::new(&space, &[&address]));
    }

    fn campus(&mut self) {
        self.space("rc");
        self.space("dc");
        self.space("pc");
        for (space, addresses) in [("dc", &CAMPUS_SERVERS[..]), ("pc", &[CAMPUS_HOST])] {
            let port = self.host(space, "rc", addresses);
            for address in addresses {
                self.ip("rc", format!("route add {address}/32 dev {port}"));
            }
        }
        let [(out, up), (back, down)] = self.trunk("rc", "inet");
        self.ip("rc", format!("route add {PUBLIC_SERVER}/32 via {up} dev {out} onlink"));
        self.ip("inet", format!("route add {CAMPUS} via {down} dev {back} onlink"));
        self.servers.insert("dc".to_owned(), Server::new("dc", &CAMPUS_SERVERS));
    }

    /// The clients, the endpoints' and the clusters' interfaces.
    fn interfaces(&mut self, topology: &Topology) {
        for (vpc, it) in topology.vpcs.iter().enumerate() {
            for (subnet, its) in it.subnets.iter().enumerate() {
                self.interface(client(vpc, subnet), its.client(), vpc, subnet, Filter::Open);
            }
        }
        for (number, endpoint) in topology.endpoints.iter().enumerate() {
            for (index, (subnet, address)) in endpoint.addresses.iter().enumerate() {
                let filter = Filter::Groups(endpoint.groups.clone());
                let space = endpoint_interface(number, index);
                self.interface(space, address.clone(), endpoint.vpc, *subnet, filter);
            }
        }
        for (number, cluster) in topology.clusters.iter().enumerate() {
            let Cluster { vpc, subnets, groups, .. } = cluster;
            let addresses = topology.cluster_addresses(number);
            for (subnet, address) in subnets.iter().zip(addresses) {
                let filter = Filter::Cluster(number, groups.clone());
                self.interface(format!("k{number}.{subnet}"), address, *vpc, *subnet, filter);
            }
        }
        for (number, users) in topology.users.iter().enumerate() {
            for (index, subnet) in users.subnets.iter().enumerate() {
                let filter = Filter::Groups(users.groups.clone());
                let address = users.address(topology, index);
                self.interface(users_interface(number, index), address, users.vpc, *subnet, filter);
            }
        }
        for index in 0..self.interfaces.len() {
            let Interface { vpc, subnet, port, .. } = &self.interfaces[index];
            let table = FIRST + topology.vpcs[*vpc].subnets[*subnet].table;
            let (router, rule) = (format!("r{vpc}"), format!("rule add iif {port} lookup {table}"));
            self.ip(&router, rule);
        }
    }

    fn interface(
        &mut self,
        space: String,
        address: String,
        vpc: usize,
        subnet: usize,
        groups: Filter,
    ) {
        self.space(&space);
        let port = self.host(&space, &format!("r{vpc}"), &[&address]);
        self.interfaces.push(Interface { space, address, vpc, subnet, groups, port });
    }

    /// The device of an interface in its own namespace.
    pub(crate) fn device(interface: &Interface) -> String {
        interface.port.replacen('a', "b", 1)
    }

    /// An inbound endpoint hands what comes on port 53 to its VPC's Resolver.
    fn inbound(&mut self, number: usize, endpoint: &Endpoint) {
        let server = format!("d{}", endpoint.vpc);
        if !endpoint.inbound || !self.servers.contains_key(&server) {
            return;
        }
        for (index, (_, address)) in endpoint.addresses.iter().enumerate() {
            let space = endpoint_interface(number, index);
            let (_, device, net) = self.backplane(&server, &space);
            self.servers.get_mut(&server).unwrap().listen.push(format!("{net}.1"));
            let _ = write!(
                self.space(&space).nft,
                "table ip nat {{\n chain pre {{ type nat hook prerouting priority -100; ip daddr {address} \
                 meta l4proto {{ tcp, udp }} th dport 53 dnat to {net}.1:53; }}\n chain post {{ type nat \
                 hook postrouting priority 100; oifname \"{device}\" masquerade; }}\n}}\n"
            );
        }
    }

    /// For each rule that forwards for a VPC, a way from its Resolver through every interface of the
    /// endpoint to every target.
    fn outbound(&mut self, topology: &Topology, vpc: usize) {
        let server = format!("d{vpc}");
        if !self.servers.contains_key(&server) {
            return;
        }
        for rule in resolvers::rules(topology, vpc) {
            let Some(number) = rule.endpoint else { continue };
            let endpoint = &topology.endpoints[number];
            let mut forwarders = Vec::new();
            for (index, (_, address)) in endpoint.addresses.iter().enumerate() {
                let space = endpoint_interface(number, index);
                let (_, device, net) = self.backplane(&server, &space);
                let mut nft = "add table ip nat\nadd chain ip nat pre { type nat hook prerouting priority \
                               -100; }\nadd chain ip nat post { type nat hook postrouting priority 100; \
                               }\n"
                .to_owned();
                for (place, target) in topology.targets(rule).iter().enumerate() {
                    let front = format!("{net}.{}", 10 + place);
                    let _ = writeln!(
                        nft,
                        "add rule ip nat pre ip daddr {front} meta l4proto {{ tcp, udp }} th dport 53 dnat \
                         to {target}:53"
                    );
                    self.ip(&space, format!("addr add {front}/32 dev {device}"));
                    forwarders.push(front);
                }
                let _ = writeln!(
                    nft,
                    "add rule ip nat post oifname != \"{device}\" ip saddr {net}.1 snat to {address}"
                );
                self.space(&space).nft.push_str(&nft);
            }
            let domain = Topology::domain(rule);
            self.servers.get_mut(&server).unwrap().forward.insert(domain, forwarders);
        }
    }

    /// The users of a Client VPN endpoint, one for each interface: what they send goes by the endpoint's
    /// routes if a rule authorises the destination, and comes out with the interface's address
    /// (<https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/how-it-works.html>: "source network address
    /// translation"; associating a subnet adds the route of the VPC).
    fn users(&mut self, topology: &Topology, number: usize) {
        let it = &topology.users[number];
        for index in 0..it.subnets.len() {
            let space = user(number, index);
            self.space(&space);
            let (_, _, net) = self.backplane(&space, "inet");
            self.ip(&space, format!("route add {PUBLIC_SERVER}/32 via {net}.2"));
            let vpc = (topology.vpcs[it.vpc].cidr.clone(), index);
            let mut known = BTreeSet::new();
            for (block, by) in [vpc].iter().chain(&it.routes) {
                if !known.insert(block.clone()) {
                    continue;
                }
                let gateway = users_interface(number, *by);
                let (_, device, net) = self.backplane(&space, &gateway);
                self.ip(&space, format!("route add {block} via {net}.2"));
                let admitted: String =
                    it.admitted.iter().map(|one| format!("ip daddr {one} accept; ")).collect();
                // The session's own table: what is not authorised is refused, so that failures are fast.
                let _ = write!(
                    self.space(&gateway).nft,
                    "table ip session_{device} {{\n chain in {{ type filter hook forward priority -10; iifname \
                     != \"{device}\" accept; {admitted}reject with icmp type admin-prohibited; }}\n chain post \
                     {{ type nat hook postrouting priority 100; oifname != \"{device}\" ip saddr {net}.1 \
                     masquerade; }}\n}}\n"
                );
            }
        }
    }

    /// Peering connections, VPNs and the transit gateway. The campus hands nothing on from one VPN to
    /// another: it might, and the code would not show it.
    fn links(&mut self, topology: &Topology) {
        for (number, peering) in topology.peerings.iter().enumerate() {
            if !peering.accepted {
                continue;
            }
            let [a, b] = [peering.requester, peering.accepter];
            let [left, right] = self.trunk(&format!("r{a}"), &format!("r{b}"));
            self.way(a, Way::Peering(number), left);
            self.way(b, Way::Peering(number), right);
        }
        let mut first = None;
        for (vpc, it) in topology.vpcs.iter().enumerate().filter(|(_, vpc)| vpc.vpn) {
            let [left, (device, hop)] = self.trunk(&format!("r{vpc}"), "rc");
            self.way(vpc, Way::Vpn, left);
            self.ip("rc", format!("route add {} via {hop} dev {device} onlink", it.cidr));
            first.get_or_insert((device, hop));
        }
        let mut rest = first;
        if let Some(transit) = &topology.transit {
            let campus = self.transit(topology, transit);
            rest = campus.or(rest);
        }
        let ways = self.cables.iter().flatten();
        let ways = ways.filter(|(space, device)| space == "rc" && device.starts_with('b'));
        let ways = ways.map(|(_, device)| format!("\"{device}\"")).collect::<Vec<_>>().join(", ");
        if !ways.is_empty() {
            let rule = format!("iifname {{ {ways} }} oifname {{ {ways} }} drop;");
            let _ = writeln!(
                self.space("rc").nft,
                "table ip border {{\n chain f {{ type filter hook forward priority 0; {rule} }}\n}}"
            );
        }
        // The campus sends what else looks like AWS's there; a VPC does not hand it on.
        if let Some((device, hop)) = rest {
            self.ip("rc", format!("route add 10.0.0.0/8 via {hop} dev {device} onlink"));
        }
    }

    fn way(&mut self, vpc: usize, way: Way, (device, hop): (String, String)) {
        self.ip(&format!("r{vpc}"), format!("rule add iif {device} lookup {EDGE}"));
        self.ways.insert((vpc, way), (device, hop));
    }

    /// The transit gateway: one kernel table for each of its tables. Returns the campus's way to it.
    fn transit(&mut self, topology: &Topology, transit: &Transit) -> Option<(String, String)> {
        self.space("t");
        let (mut hops, mut campus) = (Vec::new(), None);
        for attachment in &transit.attachments {
            let router = attachment.vpc.map_or("rc".to_owned(), |vpc| format!("r{vpc}"));
            let [(device, hop), there] = self.trunk("t", &router);
            if let Some(table) = attachment.table {
                self.ip("t", format!("rule add iif {device} lookup {}", FIRST + table));
            }
            match attachment.vpc {
                Some(vpc) => self.way(vpc, Way::Transit, there),
                None => campus = Some(there),
            }
            hops.push(format!("via {hop} dev {device} onlink"));
        }
        for (table, routes) in transit.tables.iter().enumerate() {
            let mut known: BTreeMap<&str, &str> = BTreeMap::new();
            for (attachment, hop) in transit.attachments.iter().zip(&hops) {
                if attachment.propagates.contains(&table) {
                    let block = attachment.vpc.map_or(CAMPUS, |vpc| &topology.vpcs[vpc].cidr);
                    known.insert(block, hop);
                }
            }
            // A static route wins over a propagated one of the same block.
            for (block, to) in routes {
                known.insert(block, to.map_or("", |attachment| &hops[attachment]));
            }
            for (block, hop) in known {
                let kind = if hop.is_empty() { "blackhole " } else { "" };
                self.ip("t", format!("route add {kind}{block} {hop} table {}", FIRST + table));
            }
        }
        campus
    }

    /// The route tables of a VPC.
    fn tables(&mut self, topology: &Topology, vpc: usize) {
        let it = &topology.vpcs[vpc];
        let router = format!("r{vpc}");
        let mut local: Vec<String> = vec![format!("unreachable {}", it.cidr)];
        for interface in self.interfaces.iter().filter(|one| one.vpc == vpc) {
            local.push(format!("{}/32 dev {}", interface.address, interface.port));
        }
        let numbers = (0..it.tables.len()).map(|table| FIRST + table).chain([EDGE]);
        for (number, route) in numbers.flat_map(|number| local.iter().map(move |one| (number, one)))
        {
            self.ip(&router, format!("route add {route} table {number}"));
        }
        for (number, table) in it.tables.iter().enumerate() {
            let number = FIRST + number;
            let mut taken = BTreeSet::new();
            for (block, via) in table.all(&topology.lists) {
                // Of two routes for one block, the one that names it wins over a prefix list's
                // (<https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html>).
                if !taken.insert(block.clone()) {
                    continue;
                }
                let way = match via {
                    Via::Peering(peering) => Way::Peering(peering),
                    Via::Transit => Way::Transit,
                    Via::Vpn => Way::Vpn,
                };
                let route = match self.ways.get(&(vpc, way)) {
                    Some((device, hop)) => format!("{block} via {hop} dev {device} onlink"),
                    None => format!("unreachable {block}"),
                };
                self.ip(&router, format!("route add {route} table {number}"));
            }
            if table.propagated
                && !taken.contains(CAMPUS)
                && let Some((device, hop)) = self.ways.get(&(vpc, Way::Vpn)).cloned()
            {
                let route = format!("{CAMPUS} via {hop} dev {device} onlink");
                self.ip(&router, format!("route add {route} table {number}"));
            }
        }
    }

    fn filters(&mut self, topology: &Topology) {
        for index in 0..self.interfaces.len() {
            let interface = &self.interfaces[index];
            let text = filters::security_groups(topology, &self.interfaces, interface);
            let space = interface.space.clone();
            self.space(&space).nft.push_str(&text);
        }
        for vpc in 0..topology.vpcs.len() {
            let transit = self.ways.get(&(vpc, Way::Transit)).map(|(device, _)| device.as_str());
            let resolver = self.resolvers.get(&vpc).map(String::as_str);
            let ways = filters::Ways { transit, resolver };
            let text = filters::router(topology, &self.interfaces, vpc, &ways);
            self.space(&format!("r{vpc}")).nft.push_str(&text);
        }
    }
}
