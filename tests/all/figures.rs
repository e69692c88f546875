//! The four figures of the design note, and what becomes of them when one piece is changed.

use std::fs;
use std::path::{Path, PathBuf};

use eksdns_lint::dns::{Answer, Assumptions, Origin, Question, resolve};
use eksdns_lint::finding::{Finding, Severity};
use eksdns_lint::graph::Graph;
use eksdns_lint::network::{Name, Network};
use eksdns_lint::source::Workspace;
use eksdns_lint::{Options, cloudformation, terraform};

/// The two writings of a figure.
pub(crate) const WRITINGS: [&str; 2] = ["main.tf", "template.yaml"];

/// A figure in a folder of its own, with some texts replaced; each must be there.
pub(crate) fn figure(
    number: u8,
    writing: &str,
    changes: &[(&str, &str)],
) -> (tempfile::TempDir, PathBuf) {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/figures");
    let mut text = fs::read_to_string(home.join(number.to_string()).join(writing)).unwrap();
    for (from, to) in changes {
        assert!(text.contains(from), "figure {number} ({writing}) does not say {from:?}");
        text = text.replacen(from, to, 1);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(writing);
    fs::write(&file, text).unwrap();
    (folder, file)
}

/// Reads one file of either language.
pub(crate) fn load(folder: &Path, file: &Path) -> Graph {
    let workspace = Workspace::new(folder, folder).unwrap();
    if file.extension().is_some_and(|ending| ending == "tf") {
        let folders = [folder.to_path_buf()];
        let project = terraform::Project::parse(&workspace, &folders, &[]);
        project.load(&workspace, &project.roots()[0])
    } else {
        let file = workspace.read(file).unwrap();
        cloudformation::parse(&workspace, file).unwrap().load(&workspace)
    }
}

/// Turns public access on.
pub(crate) fn public(writing: &str) -> (&'static str, &'static str) {
    if writing == WRITINGS[0] {
        ("default = false", "default = true")
    } else {
        ("Default: \"false\"", "Default: \"true\"")
    }
}

/// What the table of the figures says of a query.
fn word(answer: &Answer) -> String {
    match answer {
        Answer::Private(_) => "private".to_owned(),
        Answer::Public(_) => "public".to_owned(),
        Answer::NxDomain => "nothing".to_owned(),
        Answer::Internet => "internet".to_owned(),
        Answer::Elsewhere(_, then) => format!("campus: {}", word(then)),
        other => format!("{other:?}"),
    }
}

fn ask(network: &Network, vpc: &str, question: &Question, eks_public_dns: bool) -> String {
    let vpc = network.vpcs.iter().find(|one| one.name.ends_with(vpc)).unwrap();
    let assumed = Assumptions { eks_public_dns, ..Assumptions::default() };
    let trace = resolve(network, assumed, question, Origin::Host(vpc.id));
    word(&trace.end.unwrap())
}

/// The table: what Bastion and Client get for the endpoint (private only and both, before and after
/// December 2019), for a name of the campus, and for one of the internet.
#[test]
fn who_gets_what() {
    // figure, who, private only before, after, both before, after, campus and internet names
    let table = [
        (1, "Bastion", ["private", "private", "private", "private", "internet"]),
        (1, "Client", ["nothing", "private", "public", "public", "internet"]),
        (2, "Bastion", ["private", "private", "private", "private", "campus: internet"]),
        (
            2,
            "Client",
            [
                "campus: nothing",
                "campus: private",
                "campus: public",
                "campus: public",
                "campus: internet",
            ],
        ),
        (3, "Bastion", ["private", "private", "private", "private", "campus: internet"]),
        (
            3,
            "Client",
            [
                "campus: nothing",
                "campus: private",
                "campus: public",
                "campus: public",
                "campus: internet",
            ],
        ),
        (4, "Bastion", ["private", "private", "private", "private", "campus: internet"]),
        (4, "Client", ["private", "private", "private", "private", "campus: internet"]),
    ];
    for writing in WRITINGS {
        let (bastion, client) =
            if writing == WRITINGS[0] { (".eks", ".shared") } else { ("Eks", "Shared") };
        for (number, who, expected) in &table {
            let vpc = if *who == "Bastion" { bastion } else { client };
            let mut got = Vec::new();
            for changes in [vec![], vec![public(writing)]] {
                let (folder, file) = figure(*number, writing, &changes);
                let network = Network::new(&load(folder.path(), &file));
                let cluster = network.clusters.iter().next().unwrap().id;
                for eks_public_dns in [false, true] {
                    let question = Question::Endpoint(cluster);
                    got.push(ask(&network, vpc, &question, eks_public_dns));
                }
                if changes.is_empty() {
                    for name in ["ldap.campus.example", "www.example.org"] {
                        let question = Question::Name(Name::new(name));
                        assert_eq!(
                            ask(&network, vpc, &question, true),
                            expected[4],
                            "figure {number} ({writing}): {who} asks for {name}"
                        );
                    }
                }
            }
            assert_eq!(got, expected[..4], "figure {number} ({writing}): {who}");
        }
    }
}

fn findings(number: u8, writing: &str, changes: &[(&str, &str)], options: Options) -> Vec<Finding> {
    let (folder, file) = figure(number, writing, changes);
    let run = eksdns_lint::check(&[file], folder.path(), options).unwrap();
    assert_eq!(run.failures, Vec::<String>::new());
    run.outcome.findings
}

pub(crate) fn rules(findings: &[Finding]) -> Vec<(&'static str, Severity)> {
    findings.iter().map(|finding| (finding.rule.id, finding.severity)).collect()
}

/// What figures 2 and 3 do to the name: the campus is asked for it.
pub(crate) const CAPTURED: (&str, Severity) = ("captured-endpoint-name", Severity::Warning);

/// Since December 2019 a private-only endpoint needs nothing, and figure 4 serves every cluster; what
/// figure 3 adds, nobody asks, and the rule for everything takes the name to the campus.
#[test]
fn sound_figures_are_clean() {
    for writing in WRITINGS {
        for number in 1..=4 {
            let expected: &[_] = match number {
                2 => &[CAPTURED],
                3 => &[("unused-endpoint", Severity::Warning), CAPTURED],
                _ => &[],
            };
            assert_eq!(
                rules(&findings(number, writing, &[], Options::default())),
                expected,
                "figure {number} ({writing}), private only"
            );
        }
        for options in [Options::default(), Options { eks_public_dns: false, ..Options::default() }]
        {
            for changes in [vec![], vec![public(writing)]] {
                assert_eq!(rules(&findings(4, writing, &changes, options)), [], "{writing}");
            }
        }
    }
}

/// Before December 2019, figures 1 to 3 do not resolve for the client.
#[test]
fn before_december_2019() {
    let options = Options { eks_public_dns: false, ..Options::default() };
    for writing in WRITINGS {
        for number in 1..=3 {
            assert_eq!(
                rules(&findings(number, writing, &[], options)),
                [("missing-inbound-endpoint", Severity::Error)],
                "figure {number} ({writing})"
            );
        }
    }
}

/// With both endpoints on, the client of figures 1 to 3 gets public addresses, and has no way to them.
#[test]
fn public_addresses() {
    for writing in WRITINGS {
        for number in 1..=3 {
            let found = findings(number, writing, &[public(writing)], Options::default());
            assert_eq!(
                rules(&found),
                [("public-answer", Severity::Error)],
                "figure {number} ({writing})"
            );
        }
    }
}

/// Texts of a figure, and what stands in their place.
pub(crate) type Change = &'static [(&'static str, &'static str)];

/// A change to figure 4 in both languages, and what it must lead to.
pub(crate) struct Variant {
    pub(crate) name: &'static str,
    pub(crate) terraform: Change,
    pub(crate) cloudformation: Change,
    pub(crate) expected: &'static [(&'static str, Severity)],
}

const ERROR: Severity = Severity::Error;
const WARNING: Severity = Severity::Warning;

pub(crate) const VARIANTS: &[Variant] = &[
    Variant {
        name: "the rule is also associated with the EKS VPC",
        terraform: &[(
            "resource \"aws_route53_resolver_rule_association\" \"eks\" {",
            "resource \"aws_route53_resolver_rule_association\" \"loop\" {\n  resolver_rule_id = \
             aws_route53_resolver_rule.eks.id\n  vpc_id = aws_vpc.eks.id\n}\n\nresource \
             \"aws_route53_resolver_rule_association\" \"eks\" {",
        )],
        cloudformation: &[(
            "  EksRuleShared:",
            "  Loop:\n    Type: AWS::Route53Resolver::ResolverRuleAssociation\n    Properties: \
             {ResolverRuleId: !Ref EksRule, VPCId: !Ref Eks}\n  EksRuleShared:",
        )],
        expected: &[("forwarding-loop", ERROR)],
    },
    Variant {
        name: "the rule is not associated",
        terraform: &[(
            "resolver_rule_id = aws_route53_resolver_rule.eks.id\n  vpc_id           = aws_vpc.shared.id",
            "count = 0\n  resolver_rule_id = aws_route53_resolver_rule.eks.id\n  vpc_id = \
             aws_vpc.shared.id",
        )],
        cloudformation: &[(
            "  EksRuleShared:\n    Type: AWS::Route53Resolver::ResolverRuleAssociation\n    \
             Properties: {ResolverRuleId: !Ref EksRule, VPCId: !Ref Shared}\n",
            "",
        )],
        expected: &[("unassociated-rule", ERROR)],
    },
    Variant {
        name: "no route back from the inbound endpoint's subnets",
        terraform: &[
            (
                "route_table_id            = aws_route_table.eks.id",
                "route_table_id = aws_route_table.unused.id",
            ),
            (
                "resource \"aws_route_table\" \"eks\" {",
                "resource \"aws_route_table\" \"unused\" {\n  vpc_id = aws_vpc.eks.id\n}\n\nresource \
             \"aws_route_table\" \"eks\" {",
            ),
        ],
        cloudformation: &[
            (
                "RouteTableId: !Ref EksTable\n      DestinationCidrBlock",
                "RouteTableId: !Ref Unused\n      DestinationCidrBlock",
            ),
            (
                "  EksToShared:",
                "  Unused:\n    Type: AWS::EC2::RouteTable\n    Properties: {VpcId: !Ref Eks}\n  EksToShared:",
            ),
        ],
        expected: &[("missing-peering-route", ERROR)],
    },
    Variant {
        name: "no route there",
        terraform: &[(
            "destination_cidr_block    = aws_vpc.eks.cidr_block",
            "destination_cidr_block    = \"10.9.0.0/16\"",
        )],
        cloudformation: &[(
            "DestinationCidrBlock: !GetAtt Eks.CidrBlock",
            "DestinationCidrBlock: 10.9.0.0/16",
        )],
        expected: &[("missing-peering-route", ERROR)],
    },
    Variant {
        name: "one of two inbound subnets has no route back",
        terraform: &[(
            "  count          = 2\n  subnet_id      = aws_subnet.eks",
            "  count          = 1\n  subnet_id      = aws_subnet.eks",
        )],
        cloudformation: &[(
            "  EksBTable:\n    Type: AWS::EC2::SubnetRouteTableAssociation\n    Properties: \
             {SubnetId: !Ref EksB, RouteTableId: !Ref EksTable}\n",
            "",
        )],
        expected: &[("missing-peering-route", WARNING)],
    },
    Variant {
        name: "the inbound endpoint admits the EKS VPC alone",
        terraform: &[(
            "cidr_blocks = [aws_vpc.shared.cidr_block]",
            "cidr_blocks = [aws_vpc.eks.cidr_block]",
        )],
        cloudformation: &[
            (
                "{IpProtocol: udp, FromPort: 53, ToPort: 53, CidrIp: !GetAtt Shared.CidrBlock}",
                "{IpProtocol: udp, FromPort: 53, ToPort: 53, CidrIp: !GetAtt Eks.CidrBlock}",
            ),
            (
                "{IpProtocol: tcp, FromPort: 53, ToPort: 53, CidrIp: !GetAtt Shared.CidrBlock}",
                "{IpProtocol: tcp, FromPort: 53, ToPort: 53, CidrIp: !GetAtt Eks.CidrBlock}",
            ),
        ],
        expected: &[("blocked-dns-query", ERROR)],
    },
    Variant {
        name: "UDP alone",
        terraform: &[(
            "dynamic \"ingress\" {\n    for_each = [\"udp\", \"tcp\"]",
            "dynamic \"ingress\" {\n    for_each = [\"udp\"]",
        )],
        cloudformation: &[(
            "        - {IpProtocol: tcp, FromPort: 53, ToPort: 53, CidrIp: !GetAtt Shared.CidrBlock}\n",
            "",
        )],
        expected: &[("blocked-dns-query", WARNING)],
    },
    Variant {
        name: "the domain is a URL",
        terraform: &[(
            "trimprefix(aws_eks_cluster.main.endpoint, \"https://\")",
            "aws_eks_cluster.main.endpoint",
        )],
        cloudformation: &[(
            "!Select [1, !Split [\"//\", !GetAtt Cluster.Endpoint]]",
            "!GetAtt Cluster.Endpoint",
        )],
        expected: &[("malformed-rule-domain", ERROR)],
    },
    Variant {
        name: "DNS hostnames are off in the EKS VPC",
        terraform: &[(
            "cidr_block           = \"10.2.0.0/16\"\n  enable_dns_hostnames = true",
            "cidr_block = \"10.2.0.0/16\"",
        )],
        cloudformation: &[(
            "CidrBlock: 10.2.0.0/16, EnableDnsHostnames: true",
            "CidrBlock: 10.2.0.0/16",
        )],
        expected: &[("disabled-vpc-dns", ERROR)],
    },
    Variant {
        name: "the outbound endpoint's group lets nothing out",
        terraform: &[(
            "dynamic \"egress\" {\n    for_each = [\"udp\", \"tcp\"]",
            "dynamic \"egress\" {\n    for_each = []",
        )],
        cloudformation: &[(
            "      SecurityGroupEgress:\n        - {IpProtocol: udp, FromPort: 53, ToPort: 53, CidrIp: \
             0.0.0.0/0}\n        - {IpProtocol: tcp, FromPort: 53, ToPort: 53, CidrIp: 0.0.0.0/0}",
            "      SecurityGroupEgress:\n        - {IpProtocol: icmp, FromPort: 8, ToPort: -1, \
             CidrIp: 0.0.0.0/0}",
        )],
        expected: &[("blocked-dns-query", ERROR)],
    },
    Variant {
        name: "nothing admits the client on 443",
        terraform: &[(
            "from_port         = 443\n  to_port           = 443",
            "from_port         = 80\n  to_port           = 80",
        )],
        cloudformation: &[(
            "      FromPort: 443\n      ToPort: 443",
            "      FromPort: 80\n      ToPort: 80",
        )],
        expected: &[("blocked-api-port", ERROR)],
    },
    Variant {
        name: "the rule sends through the inbound endpoint",
        terraform: &[(
            "\"https://\")\n  rule_type            = \"FORWARD\"\n  resolver_endpoint_id = \
             aws_route53_resolver_endpoint.outbound.id",
            "\"https://\")\n  rule_type            = \"FORWARD\"\n  resolver_endpoint_id = \
             aws_route53_resolver_endpoint.inbound.id",
        )],
        cloudformation: &[(
            "ResolverEndpointId: !Ref Outbound\n      TargetIps: [{Ip: 10.2.0.10}",
            "ResolverEndpointId: !Ref Inbound\n      TargetIps: [{Ip: 10.2.0.10}",
        )],
        expected: &[("rule-on-inbound-endpoint", ERROR)],
    },
    Variant {
        name: "neither endpoint",
        terraform: &[("endpoint_private_access = true", "endpoint_private_access = false")],
        cloudformation: &[("EndpointPrivateAccess: true", "EndpointPrivateAccess: false")],
        expected: &[("no-endpoint-access", ERROR)],
    },
];

/// Variants that no plan was recorded of.
pub(crate) const FURTHER: &[Variant] = &[
    Variant {
        name: "the targets are the addresses of the outbound endpoint",
        terraform: &[(
            "for_each = aws_route53_resolver_endpoint.inbound.ip_address",
            "for_each = aws_route53_resolver_endpoint.outbound.ip_address",
        )],
        cloudformation: &[
            (
                "[{SubnetId: !Ref SharedA}, {SubnetId: !Ref SharedB}]",
                "[{SubnetId: !Ref SharedA, Ip: 10.1.0.10}, {SubnetId: !Ref SharedB, Ip: 10.1.1.10}]",
            ),
            (
                "TargetIps: [{Ip: 10.2.0.10}, {Ip: 10.2.1.10}]",
                "TargetIps: [{Ip: 10.1.0.10}, {Ip: 10.1.1.10}]",
            ),
        ],
        expected: &[("dead-target", ERROR)],
    },
    Variant {
        name: "the domain is that of the service that manages clusters",
        terraform: &[(
            "trimprefix(aws_eks_cluster.main.endpoint, \"https://\")",
            "\"eks.us-east-1.amazonaws.com\"",
        )],
        cloudformation: &[(
            "!Select [1, !Split [\"//\", !GetAtt Cluster.Endpoint]]",
            "!Sub \"eks.${AWS::Region}.amazonaws.com\"",
        )],
        expected: &[("mistaken-eks-domain", ERROR)],
    },
];

#[test]
fn variants_of_figure_4() {
    for variant in VARIANTS.iter().chain(FURTHER) {
        for (writing, changes) in
            WRITINGS.into_iter().zip([variant.terraform, variant.cloudformation])
        {
            let found = findings(4, writing, changes, Options::default());
            let messages: Vec<_> = found.iter().map(|one| one.message.as_str()).collect();
            let name = variant.name;
            assert_eq!(rules(&found), variant.expected, "{name} ({writing}): {messages:#?}");
        }
    }
}

#[test]
fn the_pictures_in_the_docs_are_current() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    for number in 1..=4 {
        let file = format!("fixtures/figures/{number}/main.tf");
        let path = ["--from", "aws_vpc.shared", "--to", "aws_eks_cluster.main"];
        let mut program = crate::support::program(top);
        program.args(["draw", &file, "--no-eks-public-dns"]).args(path);
        let drawn = program.output().unwrap();
        let picture = format!("docs/src/figures/{number}.svg");
        let kept = fs::read_to_string(top.join(&picture)).unwrap_or_default();
        let redraw = format!("eksdns-lint {:?} > {picture}", program.get_args());
        assert!(kept.as_bytes() == drawn.stdout, "{picture} is not current: {redraw}");
        assert!(
            fs::read_to_string(top.join("README.md")).unwrap().contains(&format!("({picture})"))
        );
    }
}

#[test]
fn an_endpoint_that_a_target_names_is_named_once() {
    let found = findings(4, WRITINGS[0], FURTHER[0].terraform, Options::default());
    assert_eq!(
        found[0].message,
        "aws_route53_resolver_rule.eks sends to the addresses of aws_route53_resolver_endpoint.outbound, \
         an outbound endpoint: it only sends"
    );
}
