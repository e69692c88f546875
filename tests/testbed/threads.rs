//! What users have met: designs beside figure 4 and its faults, and which topology shows which report.

use crate::figures::{
    self, EKS, Fault, SHARED, acl, entry, everything, figure, permit, system, vpc,
};
use crate::topology::{
    AMAZON, Attachment, CAMPUS, Cluster, Domain, Group, Peering, Profile, Rule, Topology, Transit,
    Users, Verdict, Via, Wall, Zone,
};

/// Changes of figure 4.
const DESIGNS: &[Fault] = &[
    ("a chain of peering connections, with routes all the way", |it| {
        it.vpcs.push(vpc(3, vec![]));
        it.peerings.push(Peering { requester: 2, accepter: SHARED, accepted: true });
        it.peerings[0] = Peering { requester: SHARED, accepter: EKS, accepted: true };
        for block in ["10.1.0.0/16", "10.2.0.0/16"] {
            it.vpcs[2].tables[1].routes.push((block.to_owned(), Via::Peering(1)));
        }
        it.vpcs[SHARED].tables[1].routes.push(("10.3.0.0/16".to_owned(), Via::Peering(1)));
        it.vpcs[EKS].tables[1].routes.push(("10.3.0.0/16".to_owned(), Via::Peering(0)));
        it.clusters[0].admitted.push(permit("tcp", 443, "10.0.0.0/8"));
        it.rules[1].vpcs.push(2);
    }),
    ("a second cluster in a third VPC has the rule's domain", |it| {
        it.rules[1].domain = Domain::Name("us-east-1.eks.amazonaws.com".to_owned());
        it.vpcs.push(vpc(3, vec![]));
        let own = Cluster { vpc: 2, public: true, ..it.clusters[0].clone() };
        it.clusters.push(own);
    }),
    ("only the client's VPC is admitted, and not the cluster's own", |it| {
        it.clusters[0].admitted = vec![permit("tcp", 443, "10.1.0.0/16")];
    }),
    ("a runner in a VPC that nothing joins", |it| {
        it.vpcs.push(vpc(3, vec![]));
    }),
    ("a VPC without a way uses the rule all the same", |it| {
        it.vpcs.push(vpc(3, vec![]));
        it.rules[1].vpcs.push(2);
    }),
    ("a walled garden in the client's VPC", |it| {
        it.walls.push(Wall {
            rules: vec![
                (10, Verdict::Allow, vec!["*.example.org".to_owned()]),
                (20, Verdict::NxDomain, vec!["*".to_owned()]),
            ],
            vpcs: vec![(SHARED, 101)],
        });
    }),
    ("a walled garden in the cluster's VPC, which the rule's queries meet", |it| {
        it.walls.push(Wall {
            rules: vec![
                (20, Verdict::NoData, vec!["*.amazonaws.com".to_owned()]),
                (10, Verdict::Allow, vec!["*.example.org".to_owned()]),
            ],
            vpcs: vec![(EKS, 101)],
        });
    }),
    ("a walled garden that lets endpoints through first", |it| {
        it.walls.push(Wall {
            rules: vec![
                (20, Verdict::NoData, vec!["*".to_owned()]),
                (10, Verdict::Allow, vec!["*.eks.amazonaws.com".to_owned()]),
            ],
            vpcs: vec![(EKS, 101), (SHARED, 102)],
        });
    }),
    ("two rule groups, and the later one allows", |it| {
        let wall = |verdict, priority| Wall {
            rules: vec![(1, verdict, vec!["*.eks.amazonaws.com".to_owned()])],
            vpcs: vec![(SHARED, priority)],
        };
        it.walls = vec![wall(Verdict::Allow, 300), wall(Verdict::NxDomain, 200)];
    }),
    ("a private zone has the endpoint's name, with other addresses", |it| {
        it.rules[1].vpcs.clear();
        it.zones.push(named(vec!["10.2.0.100", "10.2.1.99"], vec![SHARED]));
    }),
    ("a private zone has the endpoint's name, and the rule wins", |it| {
        it.zones.push(named(vec!["10.2.0.100"], vec![SHARED]));
    }),
    ("a private zone has the endpoint's name and no IPv4 address of it", |it| {
        it.rules[1].vpcs.clear();
        it.zones.push(named(vec!["fd00::5"], vec![SHARED]));
    }),
    ("a Profile brings a zone of the endpoint's name, and the VPC's own rule wins", |it| {
        it.zones.push(named(vec!["10.2.0.100"], vec![]));
        it.profiles.push(Profile { rules: vec![], zones: vec![0], vpcs: vec![SHARED] });
    }),
    ("a Profile brings a rule of the endpoint's name, and the VPC's own zone wins", |it| {
        it.rules[1].vpcs.clear();
        it.zones.push(named(vec!["10.2.0.99"], vec![SHARED]));
        it.profiles.push(Profile { rules: vec![1], zones: vec![], vpcs: vec![SHARED] });
    }),
    ("a Profile brings a more specific rule than the VPC's own", |it| {
        it.rules[1].vpcs.clear();
        it.profiles.push(Profile { rules: vec![1], zones: vec![], vpcs: vec![SHARED] });
        it.rules.push(system("eks.amazonaws.com"));
    }),
    ("a private zone where hostnames are off gives way to the rule for all", |it| {
        it.rules[1].vpcs.clear();
        it.vpcs[SHARED].dns_hostnames = false;
        it.zones.push(Zone {
            name: "eks.amazonaws.com".into(),
            records: vec![],
            vpcs: vec![SHARED],
        });
    }),
    ("a SYSTEM rule asks the private zone around it", |it| {
        it.rules[1].vpcs.clear();
        it.rules.push(system("us-east-1.eks.amazonaws.com"));
        it.zones.push(Zone {
            name: "amazonaws.com".into(),
            records: vec![(Domain::Cluster(0), "10.2.0.100".to_owned())],
            vpcs: vec![SHARED],
        });
    }),
    ("the query goes on from one inbound endpoint to the next", |it| {
        it.vpcs.push(vpc(3, vec![]));
        it.vpcs[2].vpn = true;
        it.rules[0].vpcs.clear();
        let own = it.rules[1].clone();
        it.rules.push(Rule {
            domain: Domain::Name("amazonaws.com".to_owned()),
            vpcs: vec![2],
            ..own
        });
    }),
    ("the two rules send the query in a circle", |it| {
        it.rules[1].domain = Domain::Name("amazonaws.com".to_owned());
        it.clusters[0].private = false;
        it.clusters[0].public = true;
        it.rules[1].vpcs.push(EKS);
    }),
    ("hosts ask the inbound endpoint and the Amazon DNS server", |it| {
        it.vpcs[SHARED].servers = vec!["10.2.0.10".to_owned(), AMAZON.to_owned()];
    }),
    ("a static route to the peer beats the one that the VPN announces", |it| {
        it.vpcs[SHARED].tables[1].routes.push((CAMPUS.to_owned(), Via::Peering(0)));
    }),
    ("the routes are a prefix list's", |it| {
        it.lists.push(vec!["10.2.0.0/16".to_owned(), "10.77.0.0/16".to_owned()]);
        it.vpcs[SHARED].tables[1].routes.clear();
        it.vpcs[SHARED].tables[1].listed.push((0, Via::Peering(0)));
    }),
    ("the cluster's VPC sends to the campus through the gateway of its peer", |it| {
        it.vpcs[EKS].tables[1].routes.push((CAMPUS.to_owned(), Via::Peering(0)));
        it.clusters[0].admitted.push(permit("tcp", 443, CAMPUS));
    }),
    ("the client's ACL lets answers in on low ports alone", |it| {
        let low = vec![
            entry(10, true, "tcp", (0, 1023), "0.0.0.0/0"),
            entry(20, true, "udp", (0, 1023), "0.0.0.0/0"),
        ];
        acl(it, EKS, vec![everything(100)], low);
    }),
    ("users of a Client VPN keep their own servers", |it| {
        users(it, vec![], vec!["10.0.0.0/8"]);
    }),
    ("users of a Client VPN ask the VPC's server", |it| {
        users(it, vec!["10.1.0.2"], vec!["10.0.0.0/8"]);
    }),
    ("users of a Client VPN are not let into the cluster's VPC", |it| {
        users(it, vec!["10.1.0.2"], vec!["10.1.0.0/16"]);
    }),
    ("a transit gateway in place of peering", transit),
    ("a transit gateway with an attachment in one zone", |it| {
        transit(it);
        attachments(it)[0].subnets = vec![0];
    }),
    ("a transit gateway whose table does not know the way back", |it| {
        transit(it);
        attachments(it)[0].propagates.clear();
    }),
    ("a transit gateway that drops a part of the cluster's VPC", |it| {
        transit(it);
        it.transit.as_mut().unwrap().tables[0].push(("10.2.1.0/24".to_owned(), None));
    }),
    ("a transit gateway with an attachment that no table serves", |it| {
        transit(it);
        attachments(it)[1].table = None;
    }),
    ("a transit gateway with a table for each, that of the client knowing nothing", |it| {
        transit(it);
        it.transit.as_mut().unwrap().tables.push(vec![]);
        attachments(it)[0].table = Some(1);
    }),
];

fn named(addresses: Vec<&str>, vpcs: Vec<usize>) -> Zone {
    let record = |address: &str| (Domain::Cluster(0), address.to_owned());
    Zone { name: Domain::Cluster(0), records: addresses.into_iter().map(record).collect(), vpcs }
}

/// A Client VPN endpoint in the Shared VPC, whose routes lead to the cluster's.
fn users(it: &mut Topology, servers: Vec<&str>, admitted: Vec<&str>) {
    let egress = vec![permit("-1", 0, "0.0.0.0/0")];
    it.groups.push(Group { vpc: SHARED, ingress: vec![], egress });
    it.users.push(Users {
        vpc: SHARED,
        subnets: vec![0, 1],
        servers: servers.into_iter().map(str::to_owned).collect(),
        groups: vec![it.groups.len() - 1],
        admitted: admitted.into_iter().map(str::to_owned).collect(),
        routes: vec![("10.2.0.0/16".to_owned(), 0)],
    });
}

fn transit(it: &mut Topology) {
    it.peerings.clear();
    for vpc in [SHARED, EKS] {
        for (_, via) in &mut it.vpcs[vpc].tables[1].routes {
            *via = Via::Transit;
        }
    }
    let attachment = |vpc| Attachment {
        vpc: Some(vpc),
        subnets: vec![0, 1],
        table: Some(0),
        propagates: vec![0],
    };
    it.transit = Some(Transit {
        defaults: false,
        attachments: vec![attachment(SHARED), attachment(EKS)],
        tables: vec![vec![]],
    });
}

fn attachments(it: &mut Topology) -> &mut [Attachment] {
    &mut it.transit.as_mut().unwrap().attachments
}

/// The reports, each with the topology that shows it: the beginning of its name. What is no question of
/// names or packets has none (what the API refuses, nodes' bootstrap, aliases to public names, the option
/// of peering connections for host names of instances), nor what the control plane asks, which nobody sees.
const REPORTS: &[(&str, &str)] = &[
    ("aws/containers-roadmap#22, #221, #671", "figure 1, private, before"),
    ("aws/containers-roadmap#2003", "figure 1, both, since"),
    ("aws/containers-roadmap#509", "DNS support is off in the EKS VPC"),
    ("awsdocs/amazon-eks-user-guide#991", "figure 4, both, since"),
    ("terraform-aws-modules/terraform-aws-eks#554", "figure 4, private, since"),
    ("terraform-aws-modules/terraform-aws-eks#1863", "only the client's VPC is admitted"),
    ("terraform-aws-modules/terraform-aws-eks#2746", "nothing admits the client on 443"),
    ("cloudposse/terraform-aws-eks-cluster#79", "the client is admitted on another port"),
    ("terraform-aws-modules/terraform-aws-eks#420, #446", "DNS hostnames are off in the EKS VPC"),
    ("terraform-aws-modules/terraform-aws-eks#1492, #2064", "a runner in a VPC that nothing joins"),
    ("aws-network-hub-for-terraform#25", "the targets are the outbound endpoint's"),
    ("aws-network-hub-for-terraform#26", "the rule is also associated with the EKS VPC"),
    ("hashicorp/terraform-provider-aws#27694", "the outbound endpoint's group lets nothing out"),
    ("hashicorp/terraform-provider-aws#257, #3069", "the peering connection is not accepted"),
    ("grem11n/terraform-aws-vpc-peering#7, #81, #108", "no route back"),
    ("eksctl-io/eksctl#605", "the main table alone has the route back"),
    ("coreos/coreos-kubernetes#744", "the ACL of the client's subnets lets no answers in"),
    ("zscaler/terraform-aws-zpa-app-connector-modules#84", "TCP alone"),
    ("cds-snc/terraform-modules#838", "a walled garden in the client's VPC"),
    ("cdklabs/cdk-enterprise-iac#710", "the EKS VPC's clients ask the campus"),
    ("trailofbits/algo#1049", "the campus drops private addresses"),
    ("repost.aws, client-vpn-how-dns-works-with-endpoint", "users of a Client VPN keep their own"),
];

/// The figures, and what users have met.
pub(crate) fn all() -> Vec<Topology> {
    let mut all = figures::all();
    for (index, (name, change)) in DESIGNS.iter().enumerate() {
        let mut it = figure(4, index % 2 == 0, index % 4 < 2);
        it.name = format!("{name}: {}", it.name);
        change(&mut it);
        all.push(it);
    }
    let name = "figure 2 with a SYSTEM rule for Amazon's names".to_owned();
    let mut forwarding = Topology { name, ..figure(2, false, true) };
    forwarding.rules.push(Rule { vpcs: vec![SHARED, EKS], ..system("amazonaws.com") });
    all.push(forwarding);
    for (report, topology) in REPORTS {
        let shown = all.iter().any(|one| one.name.starts_with(topology));
        assert!(shown, "no topology shows {report}: {topology}");
    }
    all
}
