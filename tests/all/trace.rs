//! `trace`: paths hop by hop, what if, and what a path depends on.

use std::path::Path;

use serde_json::Value;

use crate::figures::{WRITINGS, figure, public};
use crate::support::{Ran, Tree, program};

/// The client, the bastion and the cluster in both writings.
const NAMES: [[&str; 3]; 2] =
    [["aws_vpc.shared", "aws_vpc.eks", "aws_eks_cluster.main"], ["Shared", "Eks", "Cluster"]];

fn run(folder: &Path, arguments: &[&str]) -> Ran {
    let output = program(folder).arg("trace").args(arguments).output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn json(folder: &Path, arguments: &[&str]) -> (Option<i32>, Value) {
    let ran = run(folder, &[arguments, &["--format", "json"]].concat());
    let json = serde_json::from_str(&ran.stdout);
    (ran.code, json.unwrap_or_else(|_| panic!("{arguments:?}: {}{}", ran.stdout, ran.stderr)))
}

fn words(path: &Value) -> [&str; 3] {
    [&path["outcome"], &path["name"]["outcome"], &path["connection"]["outcome"]]
        .map(|word| word.as_str().unwrap())
}

/// Each figure, private only and with both endpoints, from the client and from the bastion.
#[test]
fn the_figures_in_both_languages() {
    let sound = ["holds", "private", "accepted"];
    let table = [
        (1, [sound, ["fails", "public", "no-route"]]),
        (2, [["holds", "elsewhere", "accepted"], ["fails", "elsewhere", "no-route"]]),
        (3, [["holds", "elsewhere", "accepted"], ["fails", "elsewhere", "no-route"]]),
        (4, [sound, sound]),
    ];
    for (number, expected) in table {
        for (writing, [client, bastion, cluster]) in WRITINGS.into_iter().zip(NAMES) {
            for (changes, expected) in [vec![], vec![public(writing)]].into_iter().zip(expected) {
                let (folder, _) = figure(number, writing, &changes);
                let name = format!("figure {number} ({writing})");
                let ask = |from| json(folder.path(), &["--from", from, "--to", cluster]);
                let (code, told) = ask(client);
                assert_eq!(words(&told["paths"][0]), expected, "{name}");
                assert_eq!(code, Some(i32::from(expected[0] != "holds")), "{name}");
                let (code, told) = ask(bastion);
                assert_eq!((code, words(&told["paths"][0])), (Some(0), sound), "{name}");
            }
        }
    }
}

/// The two writings have the same hops, as far as their texts are the same but for the names.
#[test]
fn figure_4_as_text_and_as_json() {
    for (writing, [client, _, cluster]) in WRITINGS.into_iter().zip(NAMES) {
        let (folder, _) = figure(4, writing, &[]);
        let ending = writing.rsplit('.').next().unwrap();
        let ask = ["--from", client, "--to", cluster];
        let ran = run(folder.path(), &ask);
        assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ran.stdout);
        insta::assert_snapshot!(format!("trace_{ending}"), ran.stdout);
        insta::assert_snapshot!(
            format!("trace_{ending}_json"),
            run(folder.path(), &[&ask[..], &["--format", "json"]].concat()).stdout
        );
        let (_, told) = json(folder.path(), &ask);
        let path = &told["paths"][0];
        let hops = |part: &str| path[part]["hops"].as_array().unwrap().len();
        assert_eq!((hops("name"), hops("connection")), (8, 4), "{writing}");
    }
}

#[test]
fn the_matrix_of_figure_4() {
    for (writing, [client, bastion, cluster]) in WRITINGS.into_iter().zip(NAMES) {
        let (folder, _) = figure(4, writing, &[]);
        let (code, told) = json(folder.path(), &[]);
        let paths = told["paths"].as_array().unwrap();
        let row = |path: &Value| {
            let text = |key: &str| path[key].as_str().unwrap().to_owned();
            [text("from"), text("to"), text("outcome")]
        };
        let expected = [[client, "holds"], [bastion, "holds"], ["on-premises", "fails"]];
        let expected = expected.map(|[from, end]| [from, cluster, end].map(str::to_owned));
        assert_eq!((code, paths.iter().map(row).collect()), (Some(1), expected.to_vec()));
        let ran = run(folder.path(), &[]);
        assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ran.stdout);
    }
}

/// What is taken out, in both languages, and how the path of the client ends then.
#[test]
fn without_each_piece_of_figure_4() {
    let fails = ["fails", "timeout", "none"];
    let by_public_dns = ["holds", "elsewhere", "accepted"];
    let table = [
        ("aws_route53_resolver_rule_association.eks", "EksRuleShared", by_public_dns),
        ("aws_route53_resolver_rule.eks", "EksRule", by_public_dns),
        ("aws_route.shared_to_eks", "SharedToEks", fails),
        ("aws_route.eks_to_shared", "EksToShared", fails),
        ("aws_vpc_peering_connection.shared_eks", "SharedEks", fails),
        ("aws_security_group.outbound", "OutboundGroup", fails),
        ("aws_security_group.inbound", "InboundGroup", fails),
        ("aws_route53_resolver_endpoint.inbound", "Inbound", ["undecided", "undecided", "none"]),
        ("aws_vpc_security_group_ingress_rule.client", "Client", ["fails", "private", "denied-in"]),
        ("aws_route53_resolver_rule.campus", "CampusRule", ["holds", "private", "accepted"]),
    ];
    for (terraform, cloudformation, expected) in table {
        for ((writing, [client, _, cluster]), piece) in
            WRITINGS.into_iter().zip(NAMES).zip([terraform, cloudformation])
        {
            let (folder, _) = figure(4, writing, &[]);
            let ask = ["--from", client, "--to", cluster, "--without", piece];
            let (code, told) = json(folder.path(), &ask);
            assert_eq!(words(&told["paths"][0]), expected, "without {piece}");
            let number =
                ["holds", "fails", "", "undecided"].iter().position(|it| *it == expected[0]);
            assert_eq!(code, number.map(|it| i32::try_from(it).unwrap()), "without {piece}");
            assert!(told["changes"][0].as_str().unwrap().starts_with(&format!("without {piece}")));
        }
    }
}

/// What a path is said to depend on is what it does not hold without.
#[test]
fn dependences_are_what_without_says() {
    for (writing, [client, _, cluster]) in WRITINGS.into_iter().zip(NAMES) {
        let (folder, _) = figure(4, writing, &[]);
        let ask = ["--from", client, "--to", cluster];
        let (_, told) = json(folder.path(), &ask);
        let blocks = told["paths"][0]["dependences"]["blocks"].as_array().unwrap();
        assert!(blocks.len() > 10, "{writing}");
        for block in blocks {
            let address = block["address"].as_str().unwrap();
            let (_, told) = json(folder.path(), &[&ask[..], &["--without", address]].concat());
            let expected = block["without"]["outcome"].as_str().unwrap_or("holds");
            assert_eq!(told["paths"][0]["outcome"], expected, "without {address}");
        }
    }
}

#[test]
fn an_attribute_may_have_another_value() {
    let table = [
        ("aws_vpc.eks.enable_dns_support=false", "Eks.EnableDnsSupport=false", "fails"),
        (
            "aws_eks_cluster.main.vpc_config.endpoint_private_access=false",
            "Cluster.ResourcesVpcConfig.EndpointPrivateAccess=false",
            "fails",
        ),
        (
            "aws_vpc_security_group_ingress_rule.client.cidr_ipv4=10.9.0.0/16",
            "Client.CidrIp=10.9.0.0/16",
            "fails",
        ),
        (
            "aws_route53_resolver_rule_association.eks.vpc_id=aws_vpc.eks",
            "EksRuleShared.VPCId=Eks",
            "holds",
        ),
    ];
    for (terraform, cloudformation, expected) in table {
        for ((writing, [client, _, cluster]), set) in
            WRITINGS.into_iter().zip(NAMES).zip([terraform, cloudformation])
        {
            let (folder, _) = figure(4, writing, &[]);
            let ask = ["--from", client, "--to", cluster, "--set", set];
            let (_, told) = json(folder.path(), &ask);
            assert_eq!(told["paths"][0]["outcome"], expected, "{set}");
        }
    }
}

#[test]
fn a_name_that_is_not_there_is_an_error_with_the_near_ones() {
    let (folder, _) = figure(4, WRITINGS[0], &[]);
    let table: [(&[&str], &str); 8] = [
        (&["--from", "aws_vpc.shard"], "did you mean aws_vpc.shared"),
        (&["--to", "aws_eks_cluster.mian"], "did you mean aws_eks_cluster.main?"),
        (
            &["--from", "aws_route_table.eks"],
            "it must be a VPC, a subnet, a host in one, a Client VPN endpoint",
        ),
        (&["--to", "aws_route_table.eks"], "it is neither a cluster nor a domain name"),
        (&["--without", "aws_route.shared_to_ek"], "did you mean aws_route.shared_to_eks"),
        (&["--set", "aws_vpc.ek.x=1"], "did you mean aws_vpc.eks"),
        (&["--set", "aws_vpc.eks"], "it must be ADDRESS.ATTRIBUTE=VALUE"),
        (&["--from", "aws_vpc.shared", "--without", "aws_vpc.shared"], "it is not there without"),
    ];
    for (arguments, expected) in table {
        let ran = run(folder.path(), arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(ran.stderr.contains(expected), "{arguments:?}: {}", ran.stderr);
    }
    let ran = run(folder.path(), &["--from", "a\u{1b}[31m"]);
    assert!(ran.code == Some(2) && !ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
}

#[test]
fn other_names_resolve_without_a_connection() {
    let (folder, _) = figure(4, WRITINGS[0], &[]);
    let ask = ["--from", "aws_vpc.shared", "--to", "www.example.org"];
    let (code, told) = json(folder.path(), &ask);
    assert_eq!((code, words(&told["paths"][0])), (Some(0), ["holds", "elsewhere", "none"]));
    let text = run(folder.path(), &ask).stdout;
    let told = "aws_vpc.shared asks for www.example.org: it is answered by public DNS,";
    assert!(text.starts_with(told), "{text}");
}

/// A client whose name is longer than most has a line of its own, and the columns stay.
/// An answer that comes at times is not the same as none.
#[test]
fn what_follows_an_intermittent_answer_is_not_said_to_be_nothing() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dead-target");
    for (file, client) in [("flag.tf", "aws_vpc.client"), ("flag.yaml", "Client")] {
        let (code, told) = json(&fixtures, &["--from", client, file]);
        let path = &told["paths"][0];
        assert_eq!((code, words(path)), (Some(1), ["partly", "intermittent", "none"]), "{file}");
        let said = "not followed: the name resolves only at times";
        assert_eq!(path["connection"]["message"], said, "{file}");
    }
}

/// A subnet that the internet is reached from, and one that it is not, in a VPC with a public endpoint's cluster.
const TWO_SUBNETS: [(&str, &str); 2] = [
    (
        "main.tf",
        r#"
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "a" {
  vpc_id = aws_vpc.a.id
}
resource "aws_subnet" "open" {
  vpc_id            = aws_vpc.a.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "eu-central-1a"
}
resource "aws_subnet" "closed" {
  vpc_id            = aws_vpc.a.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "eu-central-1b"
}
resource "aws_route_table" "a" {
  vpc_id = aws_vpc.a.id
}
resource "aws_route" "a" {
  route_table_id         = aws_route_table.a.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.a.id
}
resource "aws_route_table_association" "open" {
  route_table_id = aws_route_table.a.id
  subnet_id      = aws_subnet.open.id
}
resource "aws_eks_cluster" "a" {
  name     = "a"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids = [aws_subnet.open.id, aws_subnet.closed.id]
  }
}
"#,
    ),
    (
        "stack.yaml",
        "
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Gateway:
    Type: AWS::EC2::InternetGateway
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Open:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: eu-central-1a}
  Closed:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: eu-central-1b}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
  Route:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {RouteTableId: !Ref Table, SubnetId: !Ref Open}
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/eks
      ResourcesVpcConfig: {SubnetIds: [!Ref Open, !Ref Closed]}
",
    ),
];

/// Who asks from one subnet has its routes, and not those of the others of its VPC.
#[test]
fn a_subnet_has_its_own_way_to_the_public_endpoint() {
    let names = [["aws_vpc.a", "aws_subnet.open", "aws_subnet.closed"], ["Vpc", "Open", "Closed"]];
    for ((file, text), [vpc, open, closed]) in TWO_SUBNETS.into_iter().zip(names) {
        let tree = Tree::new(&[(file, text)]);
        let ask = |from| {
            let (_, told) = json(&tree.path(""), &["--from", from]);
            words(&told["paths"][0]).map(str::to_owned)
        };
        assert_eq!(ask(vpc), ["holds", "public", "accepted"], "{file}");
        assert_eq!(ask(open), ["holds", "public", "accepted"], "{file}");
        assert_eq!(ask(closed), ["fails", "public", "no-route"], "{file}");
    }
}

/// A VPC whose hosts ask a name server in another VPC, and whose subnets do not all have a route there.
const OWN_SERVERS: [(&str, &str); 2] = [
    (
        "main.tf",
        r#"
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc" "b" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_vpc_dhcp_options" "a" {
  domain_name_servers = ["10.1.0.53"]
}
resource "aws_vpc_dhcp_options_association" "a" {
  vpc_id          = aws_vpc.a.id
  dhcp_options_id = aws_vpc_dhcp_options.a.id
}
resource "aws_subnet" "open" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_subnet" "closed" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_subnet" "server" {
  vpc_id     = aws_vpc.b.id
  cidr_block = "10.1.0.0/24"
}
resource "aws_vpc_peering_connection" "ab" {
  vpc_id      = aws_vpc.a.id
  peer_vpc_id = aws_vpc.b.id
  auto_accept = true
}
resource "aws_route_table" "a" {
  vpc_id = aws_vpc.a.id
}
resource "aws_route_table_association" "open" {
  route_table_id = aws_route_table.a.id
  subnet_id      = aws_subnet.open.id
}
resource "aws_route" "there" {
  route_table_id            = aws_route_table.a.id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.ab.id
}
resource "aws_route" "back" {
  route_table_id            = aws_vpc.b.main_route_table_id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.ab.id
}
"#,
    ),
    (
        "stack.yaml",
        "
Resources:
  A:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  B:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.1.0.0/16}
  Options:
    Type: AWS::EC2::DHCPOptions
    Properties: {DomainNameServers: [10.1.0.53]}
  OfA:
    Type: AWS::EC2::VPCDHCPOptionsAssociation
    Properties: {VpcId: !Ref A, DhcpOptionsId: !Ref Options}
  Open:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref A, CidrBlock: 10.0.0.0/24}
  Closed:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref A, CidrBlock: 10.0.1.0/24}
  Server:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref B, CidrBlock: 10.1.0.0/24}
  Ab:
    Type: AWS::EC2::VPCPeeringConnection
    Properties: {VpcId: !Ref A, PeerVpcId: !Ref B}
  Table:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref A}
  OfOpen:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {RouteTableId: !Ref Table, SubnetId: !Ref Open}
  There:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 10.1.0.0/16, VpcPeeringConnectionId: !Ref Ab}
  TableOfB:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref B}
  OfServer:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {RouteTableId: !Ref TableOfB, SubnetId: !Ref Server}
  Back:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref TableOfB, DestinationCidrBlock: 10.0.0.0/16, VpcPeeringConnectionId: !Ref Ab}
",
    ),
];

/// The same of the way to the name servers that hosts are told of.
#[test]
fn a_subnet_has_its_own_way_to_its_name_servers() {
    let names = [["aws_vpc.a", "aws_subnet.open", "aws_subnet.closed"], ["A", "Open", "Closed"]];
    for ((file, text), [vpc, open, closed]) in OWN_SERVERS.into_iter().zip(names) {
        let tree = Tree::new(&[(file, text)]);
        // One host may be in either, and must get its answer in both.
        let host = match file {
            "main.tf" => {
                "resource \"aws_autoscaling_group\" \"host\" {\n  vpc_zone_identifier = [aws_subnet.open.id, \
                 aws_subnet.closed.id]\n}\n"
            }
            _ => {
                "  Host:\n    Type: AWS::AutoScaling::AutoScalingGroup\n    Properties: {VPCZoneIdentifier: \
                 [!Ref Open, !Ref Closed]}\n"
            }
        };
        tree.write(file, [text, host].concat());
        let host = if file == "main.tf" { "aws_autoscaling_group.host" } else { "Host" };
        for (from, expected) in [
            (host, ["fails", "timeout"]),
            (vpc, ["holds", "elsewhere"]),
            (open, ["holds", "elsewhere"]),
            (closed, ["fails", "timeout"]),
        ] {
            let (_, told) = json(&tree.path(""), &["--from", from, "--to", "www.example.org"]);
            assert_eq!(words(&told["paths"][0])[..2], expected, "{file}: {from}");
        }
    }
}

/// What no rule reads may be needed all the same: a NAT gateway has its address from somewhere.
#[test]
fn a_path_needs_what_only_others_name() {
    let terraform = r#"
resource "aws_eip" "a" {
}
resource "aws_nat_gateway" "a" {
  subnet_id     = aws_subnet.open.id
  allocation_id = aws_eip.a.id
}
resource "aws_route_table" "closed" {
  vpc_id = aws_vpc.a.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.a.id
  }
}
resource "aws_route_table_association" "closed" {
  route_table_id = aws_route_table.closed.id
  subnet_id      = aws_subnet.closed.id
}
"#;
    let cloudformation = "  Address:
    Type: AWS::EC2::EIP
  Nat:
    Type: AWS::EC2::NatGateway
    Properties: {SubnetId: !Ref Open, AllocationId: !GetAtt Address.AllocationId}
  TableOfClosed:
    Type: AWS::EC2::RouteTable
    Properties: {VpcId: !Ref Vpc}
  OutOfClosed:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref TableOfClosed, DestinationCidrBlock: 0.0.0.0/0, NatGatewayId: !Ref Nat}
  AssociationOfClosed:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {RouteTableId: !Ref TableOfClosed, SubnetId: !Ref Closed}
";
    let more =
        [(terraform, ["aws_subnet.closed", "aws_eip.a"]), (cloudformation, ["Closed", "Address"])];
    for ((file, text), (more, [from, address])) in TWO_SUBNETS.into_iter().zip(more) {
        let tree = Tree::new(&[(file, text)]);
        tree.write(file, [text, more].concat());
        let (_, told) = json(&tree.path(""), &["--from", from]);
        let path = &told["paths"][0];
        assert_eq!(words(path), ["holds", "public", "accepted"], "{file}");
        let blocks = path["dependences"]["blocks"].as_array().unwrap();
        let block = blocks.iter().find(|block| block["address"] == address).unwrap();
        assert_eq!(block["without"]["outcome"], "fails", "{file}");
    }
}

/// All of a module whose source is not at hand stands at its call: what hops name is told by name there.
#[test]
fn not_all_of_a_module_is_on_the_way() {
    let tree = Tree::new(&[(
        "main.tf",
        r#"
module "vpc" {
  source             = "terraform-aws-modules/vpc/aws"
  version            = "5.8.1"
  name               = "a"
  cidr               = "10.0.0.0/16"
  azs                = ["eu-west-1a", "eu-west-1b"]
  private_subnets    = ["10.0.1.0/24", "10.0.2.0/24"]
  public_subnets     = ["10.0.101.0/24", "10.0.102.0/24"]
  enable_nat_gateway = true
}
resource "aws_eks_cluster" "main" {
  name     = "a"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids = module.vpc.private_subnets
  }
}
"#,
    )]);
    let (_, told) = json(&tree.path(""), &["--from", "module.vpc.aws_subnet.private[0]"]);
    let path = &told["paths"][0];
    assert_eq!(words(path), ["holds", "public", "accepted"]);
    let blocks = path["dependences"]["blocks"].as_array().unwrap();
    let has = |name: &str| {
        let address = format!("module.vpc.{name}");
        blocks.iter().any(|block| block["address"].as_str().unwrap().starts_with(&address))
    };
    assert!(has("aws_nat_gateway.this"), "{blocks:?}");
    assert!(!has("aws_default_network_acl"), "{blocks:?}");
}

/// A path needs what its routes name, too, and has hops where it is public.
#[test]
fn a_public_path_has_hops_and_needs_its_gateway() {
    let names = [
        ["aws_vpc.a", "aws_internet_gateway.a", "aws_route.a", "aws_route_table.a"],
        ["Vpc", "Gateway", "Route", "Table"],
    ];
    for ((file, text), [vpc, gateway, route, table]) in TWO_SUBNETS.into_iter().zip(names) {
        let tree = Tree::new(&[(file, text)]);
        let (_, told) = json(&tree.path(""), &["--from", vpc]);
        let path = &told["paths"][0];
        let hop = |part: &str| path[part]["hops"][0]["message"].as_str().unwrap();
        assert_eq!(hop("name"), "public access is on: public DNS has public addresses");
        let by = format!("{table} sends it to the internet (destination 0.0.0.0/0)");
        assert_eq!(hop("connection"), by);
        let blocks = path["dependences"]["blocks"].as_array().unwrap();
        let without = |needed: &str| {
            let block = blocks.iter().find(|block| block["address"] == needed);
            &block.unwrap_or_else(|| panic!("{needed}: {blocks:?}"))["without"]["outcome"]
        };
        assert_eq!(
            (without(gateway), without(route)),
            (&"fails".into(), &"fails".into()),
            "{file}"
        );
        // AWS takes no route to a gateway that nothing attaches: something else may.
        if file == "stack.yaml" {
            assert_eq!(without("Attachment"), "undecided");
        }
    }
}

/// What stands in the way of a path that fails is what it would hold without; what that needs too is named with it.
#[test]
fn a_path_that_fails_names_what_it_would_hold_without() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/blocked-by-dns-firewall");
    let table = [
        (
            "flag.tf",
            "aws_vpc.eks",
            [
                "aws_route53_resolver_firewall_domain_list.all",
                "aws_route53_resolver_firewall_rule.block",
                "aws_route53_resolver_firewall_rule_group.main",
                "aws_route53_resolver_firewall_rule_group_association.main",
            ]
            .as_slice(),
        ),
        ("flag.yaml", "Eks", ["All", "Group", "There"].as_slice()),
    ];
    for (file, client, expected) in table {
        let (code, told) = json(&fixtures, &["--from", client, file]);
        let path = &told["paths"][0];
        assert_eq!((code, words(path)[0]), (Some(1), "fails"), "{file}");
        let blocks = path["dependences"]["blocks"].as_array().unwrap();
        let ends = |block: &&Value| block["without"]["outcome"] == "holds";
        let mut named: Vec<_> = blocks.iter().filter(ends).map(|it| &it["address"]).collect();
        named.sort_by_key(|it| it.as_str());
        assert_eq!(named, expected, "{file}");
    }
}

/// A route, or a rule of DNS Firewall, that alone breaks a path is named as what it holds without, and it does.
#[test]
fn a_broken_path_holds_without_what_breaks_it() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let table = [
        (
            "blocked-by-dns-firewall/flag",
            ["aws_vpc.eks", "aws_route53_resolver_firewall_rule.block"],
            ["Eks", "Group"],
        ),
        (
            "missing-peering-route/flag-more-specific-route",
            ["aws_vpc.client", "aws_route.narrow"],
            ["Client", "Narrow"],
        ),
        (
            "missing-transit-gateway-route/flag-blackhole",
            ["aws_vpc.client", "aws_ec2_transit_gateway_route.drop"],
            ["Client", "Drop"],
        ),
    ];
    for (name, terraform, cloudformation) in table {
        for ([from, culprit], ending) in [(terraform, "tf"), (cloudformation, "yaml")] {
            let file = format!("{name}.{ending}");
            let ask = ["--from", from, &file];
            let (_, told) = json(&fixtures, &ask);
            let path = &told["paths"][0];
            assert_eq!(path["outcome"], "fails", "{file}");
            let blocks = path["dependences"]["blocks"].as_array().unwrap();
            let holds = |block: &&Value| block["without"]["outcome"] == "holds";
            let breaks: Vec<_> =
                blocks.iter().filter(holds).map(|one| one["address"].as_str().unwrap()).collect();
            assert!(breaks.contains(&culprit), "{file}: {breaks:?}");
            for block in &breaks {
                let (_, told) = json(&fixtures, &[&ask[..], &["--without", block]].concat());
                assert_eq!(told["paths"][0]["outcome"], "holds", "{file}: without {block}");
            }
            let text = run(&fixtures, &ask).stdout;
            let title = "without any one of these it holds, or does in part:\n";
            let (_, list) = text.split_once(title).unwrap();
            assert!(list.contains(&format!("  - {culprit} (")), "{text}");
        }
    }
}

/// What an open path needs is what it fails without, whatever the open input turns out to be.
#[test]
fn an_undecided_path_fails_without_what_it_needs() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/missing-peering-route");
    let table = [
        ("unknown.tf", "aws_vpc.client", "aws_route.to_client"),
        ("unknown.yaml", "Client", "ToClient"),
    ];
    for (file, from, needed) in table {
        let (code, told) = json(&fixtures, &["--from", from, file]);
        let blocks = told["paths"][0]["dependences"]["blocks"].as_array().unwrap();
        let block = blocks.iter().find(|block| block["address"] == needed).unwrap();
        assert_eq!((code, &block["without"]["outcome"]), (Some(3), &"fails".into()), "{file}");
        let text = run(&fixtures, &["--from", from, file]).stdout;
        let (_, list) = text.split_once("without any one of these it fails:\n").unwrap();
        assert!(list.contains(&format!("  - {needed} (")), "{text}");
    }
}

/// A module is named as a whole, and a block without the keys of its instances.
#[test]
fn near_names_are_those_of_modules_and_blocks() {
    let module = r#"
resource "aws_subnet" "private" {
  count  = 4
  vpc_id = "vpc-0"
}
"#;
    let tree = Tree::new(&[
        ("main.tf", "module \"network\" {\n  source = \"./network\"\n}\n"),
        ("network/main.tf", module),
    ]);
    for (without, near) in [
        ("module.netwrok", "module.network or module.network.aws_subnet.private?"),
        (
            "module.network.aws_subnet.privat",
            "module.network.aws_subnet.private or module.network?",
        ),
    ] {
        let ran = run(&tree.path(""), &["--without", without]);
        let told =
            format!("error: --without {without}: there is no such resource; did you mean {near}\n");
        assert_eq!((ran.code, ran.stderr), (Some(2), told));
    }
}

#[test]
fn a_long_name_keeps_the_columns() {
    let (folder, file) = figure(4, WRITINGS[0], &[]);
    let long = "a_client_whose_name_is_longer_than_most";
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace("aws_vpc.shared", &format!("aws_vpc.{long}"))
            .replace("\"aws_vpc\" \"shared\"", &format!("\"aws_vpc\" \"{long}\"")),
    )
    .unwrap();
    let ran = run(folder.path(), &[]);
    let lines: Vec<_> = ran.stdout.lines().collect();
    let at = lines.iter().position(|line| line.trim() == format!("aws_vpc.{long}"));
    let column = |line: &str| line.find("holds").or_else(|| line.find("fails"));
    let columns: Vec<_> = lines.iter().filter_map(|line| column(line)).collect();
    assert!(at.is_some(), "{}", ran.stdout);
    assert!(columns.len() == 3 && columns.iter().all(|one| *one == columns[0]), "{}", ran.stdout);
}

/// What the code leaves open is neither said to hold nor to fail, and has its inputs told.
#[test]
fn an_undecided_design_says_what_it_waits_for() {
    let change = [("default = false", "type = bool")];
    let (folder, _) = figure(1, WRITINGS[0], &change);
    let ask = ["--from", "aws_vpc.shared", "--to", "aws_eks_cluster.main"];
    let (code, told) = json(folder.path(), &ask);
    let path = &told["paths"][0];
    assert_eq!((code, words(path)[0]), (Some(3), "undecided"));
    assert_eq!(path["undecided"][0]["input"], "var.public_access");
    let with = [&ask[..], &["--var", "public_access=false"]].concat();
    assert_eq!(json(folder.path(), &with).0, Some(0));
}

/// An attribute that no path depends on is a slip, most of the time.
#[test]
fn what_nobody_reads_cannot_be_set() {
    let (folder, _) = figure(4, WRITINGS[0], &[]);
    for (set, told) in [
        (
            "aws_vpc.eks.enable_dns_hostname=true",
            "no path depends on enable_dns_hostname of aws_vpc; did you mean enable_dns_hostnames",
        ),
        ("aws_eks_cluster.main.vpc=1", "no path depends on vpc of aws_eks_cluster"),
        (
            "aws_eks_cluster.main.vpc_config.endpoint_privat_access=true",
            "no path depends on endpoint_privat_access of a block of aws_eks_cluster; did you mean \
             endpoint_private_access",
        ),
        (
            "aws_eks_cluster.main.vpc_confg.endpoint_private_access=true",
            "aws_eks_cluster.main has no such block or element: no path depends on vpc_confg of \
             aws_eks_cluster; did you mean vpc_config",
        ),
    ] {
        let ran = run(folder.path(), &["--set", set]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{set}");
        assert!(ran.stderr.starts_with(&format!("error: --set {set}: {told}")), "{}", ran.stderr);
    }
    // What is read and not written may be set.
    let set = ["--set", "aws_subnet.eks.ipv6_cidr_block=2001:db8::/64"];
    assert_eq!(run(folder.path(), &set).code, Some(1));
}

/// In a root without a network nobody asks for a name.
#[test]
fn a_name_is_asked_for_where_there_is_a_network() {
    let bucket = "resource \"aws_s3_bucket\" \"logs\" {\n}\n";
    let tree =
        Tree::new(&[("a/main.tf", bucket), ("b/main.tf", "resource \"aws_vpc\" \"a\" {\n}\n")]);
    let (code, told) = json(&tree.path(""), &["--to", "www.example.org"]);
    let roots: Vec<_> =
        told["paths"].as_array().unwrap().iter().map(|one| one["root"].as_str().unwrap()).collect();
    assert_eq!((code, roots), (Some(0), vec!["b", "b"]));
}

#[test]
fn nothing_to_trace_is_an_error() {
    let tree = Tree::new(&[("main.tf", "resource \"aws_vpc\" \"a\" {\n}\n")]);
    let ran = tree.run(&["trace"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert_eq!(ran.stderr, "error: there is no cluster to trace to; --to takes any name\n");
}

/// The runs in the README are real ones.
#[test]
fn the_traces_of_the_readme() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(top.join("README.md")).unwrap();
    let commands: Vec<_> = readme.split("\n```sh\neksdns-lint trace ").skip(1).collect();
    assert_eq!(commands.len(), 2);
    for (command, language) in commands.into_iter().zip(["text", "json"]) {
        let arguments: Vec<_> = command.lines().next().unwrap().split(' ').collect();
        let ran = run(top, &arguments);
        let shown = format!("\n```{language}\n{}```\n", ran.stdout);
        assert!(readme.contains(&shown), "{}", ran.stdout);
    }
}
