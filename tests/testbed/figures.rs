//! The four figures of the design note, and figure 4 with one fault each.

use crate::topology::{
    Acl, CAMPUS_SERVERS, Cluster, Domain, Endpoint, Entry, Group, Peer, Peering, Permit, Profile,
    Rule, Subnet, Table, Targets, Topology, Via, Vpc, Zone,
};

pub(crate) const SHARED: usize = 0;
pub(crate) const EKS: usize = 1;

pub(crate) fn permit(protocol: &str, port: u16, block: &str) -> Permit {
    let peer = Peer::Block(block.to_owned());
    Permit { protocol: protocol.to_owned(), from: port, to: port, peer }
}

/// Port 53 by both protocols.
pub(crate) fn dns(block: &str) -> Vec<Permit> {
    vec![permit("udp", 53, block), permit("tcp", 53, block)]
}

pub(crate) fn entry(
    number: u16,
    allow: bool,
    protocol: &str,
    ports: (u16, u16),
    block: &str,
) -> Entry {
    let (protocol, block) = (protocol.to_owned(), block.to_owned());
    Entry { number, allow, protocol, from: ports.0, to: ports.1, block }
}

pub(crate) fn everything(number: u16) -> Entry {
    entry(number, true, "-1", (0, 0), "0.0.0.0/0")
}

/// A VPC with a subnet in each of two zones, all on one route table beside the main one.
pub(crate) fn vpc(number: u8, routes: Vec<(String, Via)>) -> Vpc {
    let subnet = |index: u8, zone| Subnet {
        cidr: format!("10.{number}.{index}.0/24"),
        zone,
        table: 1,
        acl: None,
    };
    Vpc {
        cidr: format!("10.{number}.0.0/16"),
        dns_support: true,
        dns_hostnames: true,
        subnets: vec![subnet(0, 'a'), subnet(1, 'b')],
        tables: vec![Table::default(), Table { routes, ..Table::default() }],
        servers: vec![],
        vpn: false,
    }
}

/// Figure 1 to 4.
pub(crate) fn figure(number: u8, public_access: bool, public_dns_answers: bool) -> Topology {
    let mut shared = vpc(1, vec![("10.2.0.0/16".to_owned(), Via::Peering(0))]);
    shared.vpn = true;
    shared.tables[1].propagated = true;
    let eks = vpc(2, vec![("10.1.0.0/16".to_owned(), Via::Peering(0))]);
    let access = if public_access { "both" } else { "private" };
    let since = if public_dns_answers { "since" } else { "before" };
    let mut it = Topology {
        name: format!("figure {number}, {access}, {since} December 2019"),
        public_dns_answers,
        vpcs: vec![shared, eks],
        peerings: vec![Peering { requester: SHARED, accepter: EKS, accepted: true }],
        clusters: vec![Cluster {
            vpc: EKS,
            subnets: vec![0, 1],
            private: true,
            public: public_access,
            admitted: vec![permit("tcp", 443, "10.1.0.0/16"), permit("tcp", 443, "10.2.0.0/16")],
            groups: vec![],
        }],
        ..Topology::default()
    };
    if number >= 2 {
        it.groups.push(Group { vpc: SHARED, ingress: vec![], egress: dns("0.0.0.0/0") });
        it.endpoints.push(endpoint(false, SHARED, 1, 11, 0));
        it.rules.push(Rule {
            domain: Domain::Name(".".to_owned()),
            endpoint: Some(0),
            targets: Targets::Addresses(CAMPUS_SERVERS.map(str::to_owned).to_vec()),
            vpcs: vec![SHARED, EKS],
        });
    }
    if number >= 3 {
        let ingress = [dns("10.1.0.0/16"), dns("192.168.0.0/16")].concat();
        it.groups.push(Group { vpc: EKS, ingress, egress: vec![] });
        it.endpoints.push(endpoint(true, EKS, 2, 10, 1));
    }
    if number >= 4 {
        it.rules.push(Rule {
            domain: Domain::Cluster(0),
            endpoint: Some(0),
            targets: Targets::Endpoint(1),
            vpcs: vec![SHARED],
        });
    }
    it
}

fn endpoint(inbound: bool, vpc: usize, net: u8, place: u8, group: usize) -> Endpoint {
    let addresses = (0..2).map(|subnet| (subnet, format!("10.{net}.{subnet}.{place}"))).collect();
    Endpoint { inbound, vpc, addresses, groups: vec![group] }
}

/// A fault: its name and what it changes in figure 4.
pub(crate) type Fault = (&'static str, fn(&mut Topology));

/// Rule 1 and endpoint 1 are those for the cluster's name; group 1 is the inbound endpoint's.
pub(crate) const FAULTS: &[Fault] = &[
    ("the rule is not associated", |it| it.rules[1].vpcs.clear()),
    ("the rule is also associated with the EKS VPC", |it| it.rules[1].vpcs.push(EKS)),
    ("the rule is for the whole Region", |it| name(it, "us-east-1.eks.amazonaws.com")),
    ("the rule is for the management API", |it| name(it, "eks.us-east-1.amazonaws.com")),
    ("no route there", |it| it.vpcs[SHARED].tables[1].routes.clear()),
    ("no route back", |it| it.vpcs[EKS].tables[1].routes.clear()),
    ("the main table alone has the route back", |it| {
        let routes = std::mem::take(&mut it.vpcs[EKS].tables[1].routes);
        it.vpcs[EKS].tables[0].routes = routes;
    }),
    ("one of two inbound subnets has no route back", |it| it.vpcs[EKS].subnets[1].table = 0),
    ("one of two outbound subnets has no route there", |it| it.vpcs[SHARED].subnets[1].table = 0),
    ("the peering connection is not accepted", |it| it.peerings[0].accepted = false),
    ("a more specific route leads to the campus", |it| {
        let route = ("10.2.0.0/24".to_owned(), Via::Vpn);
        it.vpcs[SHARED].tables[1].routes.push(route);
    }),
    ("the inbound endpoint admits the EKS VPC alone", |it| {
        it.groups[1].ingress = dns("10.2.0.0/16");
    }),
    ("the inbound endpoint admits the outbound one's group", |it| {
        it.groups[1].ingress = by_group(0);
    }),
    ("the inbound endpoint admits a group that nobody has", |it| {
        it.groups.push(Group { vpc: EKS, ..Group::default() });
        it.groups[1].ingress = by_group(2);
    }),
    ("UDP alone", |it| it.groups[1].ingress.retain(|one| one.protocol == "udp")),
    ("TCP alone", |it| it.groups[1].ingress.retain(|one| one.protocol == "tcp")),
    ("the outbound endpoint's group lets nothing out", |it| it.groups[0].egress.clear()),
    ("the outbound endpoint's group lets TCP alone out", |it| {
        it.groups[0].egress.retain(|one| one.protocol == "tcp");
    }),
    ("the campus is not among what the outbound group lets out to", |it| {
        it.groups[0].egress = dns("10.0.0.0/8");
    }),
    ("the targets are the outbound endpoint's", |it| it.rules[1].targets = Targets::Endpoint(0)),
    ("one target is nobody's", |it| {
        let targets = vec!["10.2.0.10".to_owned(), "10.2.0.99".to_owned()];
        it.rules[1].targets = Targets::Addresses(targets);
    }),
    ("DNS hostnames are off in the EKS VPC", |it| it.vpcs[EKS].dns_hostnames = false),
    ("DNS hostnames are off in the EKS VPC, which asks public DNS", |it| {
        it.vpcs[EKS].dns_hostnames = false;
        it.rules[0].vpcs.pop();
    }),
    ("DNS support is off in the EKS VPC", |it| {
        it.vpcs[EKS].dns_hostnames = false;
        it.vpcs[EKS].dns_support = false;
    }),
    ("DNS support is off in the Shared VPC", |it| {
        it.vpcs[SHARED].dns_hostnames = false;
        it.vpcs[SHARED].dns_support = false;
    }),
    ("nothing admits the client on 443", |it| it.clusters[0].admitted.clear()),
    ("a further group admits the client on 443", |it| {
        let ingress = std::mem::take(&mut it.clusters[0].admitted);
        it.groups.push(Group { vpc: EKS, ingress, egress: vec![] });
        it.clusters[0].groups.push(2);
    }),
    ("the client is admitted on another port", |it| {
        it.clusters[0].admitted = vec![permit("tcp", 80, "0.0.0.0/0")];
    }),
    ("half of the client's subnets is admitted", |it| {
        it.clusters[0].admitted = vec![permit("tcp", 443, "10.1.0.0/24")];
    }),
    ("private access is off", |it| {
        it.clusters[0].private = false;
        it.clusters[0].public = true;
    }),
    ("the ACL of the inbound subnets lets no answers out", |it| {
        acl(it, EKS, vec![everything(100)], vec![entry(100, true, "tcp", (0, 65535), "0.0.0.0/0")]);
    }),
    ("the ACL of the inbound subnets denies first", |it| {
        let deny = entry(50, false, "udp", (53, 53), "10.1.0.0/16");
        acl(it, EKS, vec![everything(100), deny], vec![everything(100)]);
    }),
    ("the ACL of the inbound subnets denies too late", |it| {
        let deny = entry(150, false, "udp", (53, 53), "10.1.0.0/16");
        acl(it, EKS, vec![everything(100), deny], vec![everything(100)]);
    }),
    ("the ACL of the client's subnets lets no answers in", |it| {
        let ingress = vec![entry(10, true, "tcp", (0, 1023), "0.0.0.0/0")];
        acl(it, SHARED, ingress, vec![everything(100)]);
    }),
    ("the ACL of the EKS subnets has no rules", |it| acl(it, EKS, vec![], vec![])),
    ("a private zone shadows the public names", |it| {
        it.rules[1].vpcs.clear();
        zone(it, "eks.amazonaws.com", vec![], vec![SHARED]);
    }),
    ("a private zone lies around the rule's domain", |it| {
        zone(it, "eks.amazonaws.com", vec![], vec![SHARED]);
    }),
    ("a private zone has the rule's name", |it| {
        let record = (Topology::cluster_name(0), "10.2.0.77".to_owned());
        zone(it, "campus.example", vec![record], vec![SHARED]);
        it.rules[1].domain = Domain::Name("campus.example".to_owned());
    }),
    ("a SYSTEM rule keeps Amazon's names", |it| {
        it.rules[1].vpcs.clear();
        it.rules.push(system("amazonaws.com"));
    }),
    ("a SYSTEM rule is more specific than the rule", |it| {
        name(it, "eks.amazonaws.com");
        it.rules.push(system("us-east-1.eks.amazonaws.com"));
    }),
    ("a SYSTEM rule is less specific than the rule", |it| it.rules.push(system("amazonaws.com"))),
    ("a Profile brings the rule", |it| {
        it.rules[1].vpcs.clear();
        it.profiles.push(Profile { rules: vec![1], zones: vec![], vpcs: vec![SHARED] });
    }),
    ("the VPC's own rule wins over the Profile's", |it| {
        it.rules.push(Rule { vpcs: vec![], ..it.rules[0].clone() });
        it.rules[2].domain = Domain::Cluster(0);
        it.profiles.push(Profile { rules: vec![2], zones: vec![], vpcs: vec![SHARED] });
    }),
    ("the campus forwards to the inbound endpoint over Shared", |it| {
        let to = vec!["10.2.0.10".to_owned()];
        it.campus.forwards = vec![("eks.amazonaws.com".to_owned(), to)];
        it.vpcs[EKS].tables[1].routes.push(("192.168.0.0/16".to_owned(), Via::Peering(0)));
    }),
    ("the campus forwards to the inbound endpoint by a VPN of its own", |it| {
        let to = vec!["10.2.0.10".to_owned()];
        it.campus.forwards = vec![("eks.amazonaws.com".to_owned(), to)];
        it.vpcs[EKS].vpn = true;
        it.vpcs[EKS].tables[1].propagated = true;
        it.clusters[0].admitted.push(permit("tcp", 443, "192.168.0.0/16"));
    }),
    ("the campus drops private addresses", |it| {
        it.rules[1].vpcs.clear();
        it.campus.rebind_protection = true;
    }),
    ("the EKS VPC's clients ask the campus", |it| it.vpcs[EKS].servers = campus_servers()),
    ("the client asks the inbound endpoint itself", |it| {
        it.vpcs[SHARED].servers = vec!["10.2.0.10".to_owned(), "10.2.1.10".to_owned()];
    }),
    ("the client asks the EKS VPC's Resolver", |it| {
        it.vpcs[SHARED].servers = vec!["10.2.0.2".to_owned()];
    }),
];

fn campus_servers() -> Vec<String> {
    CAMPUS_SERVERS.map(str::to_owned).to_vec()
}

fn name(it: &mut Topology, domain: &str) {
    it.rules[1].domain = Domain::Name(domain.to_owned());
}

pub(crate) fn system(domain: &str) -> Rule {
    let domain = Domain::Name(domain.to_owned());
    Rule { domain, endpoint: None, targets: Targets::Addresses(vec![]), vpcs: vec![SHARED] }
}

fn zone(it: &mut Topology, name: &str, records: Vec<(String, String)>, vpcs: Vec<usize>) {
    let records = records.into_iter().map(|(name, ip)| (Domain::Name(name), ip)).collect();
    it.zones.push(Zone { name: name.into(), records, vpcs });
}

fn by_group(group: usize) -> Vec<Permit> {
    let permit = |protocol: &str| Permit {
        protocol: protocol.to_owned(),
        from: 53,
        to: 53,
        peer: Peer::Group(group),
    };
    vec![permit("udp"), permit("tcp")]
}

/// An ACL for all subnets of a VPC.
pub(crate) fn acl(it: &mut Topology, vpc: usize, ingress: Vec<Entry>, egress: Vec<Entry>) {
    it.acls.push(Acl { vpc, ingress, egress });
    for subnet in &mut it.vpcs[vpc].subnets {
        subnet.acl = Some(it.acls.len() - 1);
    }
}

/// The figures, private only and both, before December 2019 and since; and figure 4 with each fault.
pub(crate) fn all() -> Vec<Topology> {
    let mut all = Vec::new();
    for number in 1..=4 {
        for (public, since) in [(false, false), (false, true), (true, false), (true, true)] {
            all.push(figure(number, public, since));
        }
    }
    for (index, (name, fault)) in FAULTS.iter().enumerate() {
        let mut it = figure(4, index % 2 == 0, index % 4 < 2);
        it.name = format!("{name}: {}", it.name);
        fault(&mut it);
        all.push(it);
    }
    all
}
