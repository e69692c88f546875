//! The way to public endpoints: internet, NAT and egress-only gateways, and the switch that takes them away.

use eksdns_lint::network::{Network, Tri};
use eksdns_lint::reach::{is_private, to_public_endpoint};

use super::{Changed, network};

const TERRAFORM: &str = include_str!("internet.tf");
const CLOUDFORMATION: &str = include_str!("internet.yaml");

/// To a cluster whose endpoint has IPv4 addresses, and to one whose endpoint has both.
fn ends(network: &Network) -> [&'static str; 2] {
    let vpc = network.vpcs.iter().find(|one| one.name.to_lowercase().contains("client")).unwrap();
    ["four", "six"].map(|name| {
        let named = |one: &str| one.to_lowercase().ends_with(name);
        let cluster = network.clusters.iter().find(|one| named(&one.name)).unwrap();
        match to_public_endpoint(network, vpc.id, cluster.id) {
            Tri::Yes => "yes",
            Tri::No => "no",
            Tri::Maybe(_) => "open",
        }
    })
}

/// A name, what is replaced in Terraform and in CloudFormation, and what the client can reach then.
type Case = (&'static str, [&'static [(&'static str, &'static str)]; 2], [&'static str; 2]);

const TF: &str = "gateway_id             = aws_internet_gateway.own.id # client";
const CFN: &str = "GatewayId: !Ref Internet # client";
const NAT: [(&str, &str); 2] =
    [(TF, "nat_gateway_id = aws_nat_gateway.own.id"), (CFN, "NatGatewayId: !Ref Nat")];
const EGRESS: (&str, &str) =
    (TF, "egress_only_gateway_id = aws_egress_only_internet_gateway.own.id");
const SIX: [(&str, &str); 2] = [
    ("destination_cidr_block = \"0.0.0.0/0\"", "destination_ipv6_cidr_block = \"::/0\""),
    (
        "DestinationCidrBlock: 0.0.0.0/0\n      GatewayId",
        "DestinationIpv6CidrBlock: ::/0\n      GatewayId",
    ),
];

fn fare(cases: &[Case]) {
    for (name, [terraform, cloudformation], expected) in cases {
        assert_eq!(ends(&network("main.tf", TERRAFORM, terraform)), *expected, "{name}");
        let read = network("template.yaml", CLOUDFORMATION, cloudformation);
        assert_eq!(ends(&read), *expected, "{name} (CloudFormation)");
    }
}

/// Where a NAT gateway sends on: by the table of its own subnet.
#[test]
fn behind_a_nat_gateway() {
    fare(&[
        (
            "a NAT gateway without a way on",
            [
                &[
                    NAT[0],
                    ("aws_internet_gateway.own.id\n  } # of the NAT gateway", "\"local\"\n  }"),
                ],
                &[NAT[1], ("GatewayId: !Ref Internet} # NAT", "VpcPeeringConnectionId: pcx-1}")],
            ],
            ["no", "no"],
        ),
        (
            "a NAT gateway that sends to itself",
            [
                &[
                    NAT[0],
                    (
                        "gateway_id = aws_internet_gateway.own.id\n  } # of",
                        "nat_gateway_id = aws_nat_gateway.own.id\n  } # of",
                    ),
                ],
                &[NAT[1], ("GatewayId: !Ref Internet} # NAT", "NatGatewayId: !Ref Nat}")],
            ],
            ["no", "no"],
        ),
        (
            "a NAT gateway behind another",
            [
                &[
                    NAT[0],
                    (
                        "gateway_id = aws_internet_gateway.own.id\n  } # of",
                        "nat_gateway_id = \"nat-1\"\n  } # of",
                    ),
                ],
                &[NAT[1], ("GatewayId: !Ref Internet} # NAT", "NatGatewayId: nat-1}")],
            ],
            ["open", "open"],
        ),
        (
            "a private NAT gateway",
            [
                &[NAT[0], ("connectivity_type = \"public\"", "connectivity_type = \"private\"")],
                &[NAT[1], ("ConnectivityType: public", "ConnectivityType: private")],
            ],
            ["open", "open"],
        ),
    ]);
}

#[test]
fn to_the_public_endpoint() {
    let cases: [Case; 9] = [
        ("an internet gateway", [&[], &[]], ["yes", "yes"]),
        ("a NAT gateway", [&[NAT[0]], &[NAT[1]]], ["yes", "yes"]),
        (
            "a route for private addresses",
            [
                &[(
                    "destination_cidr_block = \"0.0.0.0/0\"",
                    "destination_cidr_block = \"10.0.0.0/8\"",
                )],
                &[(
                    "DestinationCidrBlock: 0.0.0.0/0\n      GatewayId",
                    "DestinationCidrBlock: 10.0.0.0/8\n      GatewayId",
                )],
            ],
            ["no", "no"],
        ),
        (
            "a route for some public addresses",
            [
                &[(
                    "destination_cidr_block = \"0.0.0.0/0\"",
                    "destination_cidr_block = \"3.0.0.0/8\"",
                )],
                &[(
                    "DestinationCidrBlock: 0.0.0.0/0\n      GatewayId",
                    "DestinationCidrBlock: 3.0.0.0/8\n      GatewayId",
                )],
            ],
            ["open", "open"],
        ),
        ("IPv6 alone", [&[SIX[0]], &[SIX[1]]], ["no", "yes"]),
        (
            "IPv6 out alone",
            [
                &[SIX[0], EGRESS],
                &[(
                    "DestinationCidrBlock: 0.0.0.0/0\n      GatewayId: !Ref Internet # client",
                    "DestinationIpv6CidrBlock: ::/0\n      EgressOnlyInternetGatewayId: !Ref EgressOnly",
                )],
            ],
            ["no", "yes"],
        ),
        ("everything is blocked", [&[BLOCK], &[BLOCK_CFN]], ["no", "no"]),
        ("everything but this VPC is blocked", [&[EXCLUDED], &[EXCLUDED_CFN]], ["yes", "yes"]),
        ("what comes in is blocked", [&[NAT[0], INGRESS], &[NAT[1], INGRESS_CFN]], ["yes", "yes"]),
    ];
    fare(&cases);
    let direct = ends(&network("main.tf", TERRAFORM, &[INGRESS]));
    assert_eq!(direct, ["no", "no"], "an internet gateway while what comes in is blocked");
}

const BLOCK: (&str, &str) = (
    "# more",
    "resource \"aws_vpc_block_public_access_options\" \"all\" {\n  internet_gateway_block_mode = \
     \"block-bidirectional\"\n}\n",
);
const INGRESS: (&str, &str) = (
    "# more",
    "resource \"aws_vpc_block_public_access_options\" \"all\" {\n  internet_gateway_block_mode = \
     \"block-ingress\"\n}\n",
);
const EXCLUDED: (&str, &str) = (
    "# more",
    "resource \"aws_vpc_block_public_access_options\" \"all\" {\n  internet_gateway_block_mode = \
     \"block-bidirectional\"\n}\nresource \"aws_vpc_block_public_access_exclusion\" \"own\" {\n  vpc_id = \
     aws_vpc.client.id\n  internet_gateway_exclusion_mode = \"allow-bidirectional\"\n}\n",
);
const BLOCK_CFN: (&str, &str) = (
    "  ClientVpc:",
    "  Block:\n    Type: AWS::EC2::VPCBlockPublicAccessOptions\n    Properties: \
     {InternetGatewayBlockMode: block-bidirectional}\n  ClientVpc:",
);
const INGRESS_CFN: (&str, &str) = (
    "  ClientVpc:",
    "  Block:\n    Type: AWS::EC2::VPCBlockPublicAccessOptions\n    Properties: \
     {InternetGatewayBlockMode: block-ingress}\n  ClientVpc:",
);
const EXCLUDED_CFN: (&str, &str) = (
    "  ClientVpc:",
    "  Block:\n    Type: AWS::EC2::VPCBlockPublicAccessOptions\n    Properties: \
     {InternetGatewayBlockMode: block-bidirectional}\n  Exclusion:\n    Type: \
     AWS::EC2::VPCBlockPublicAccessExclusion\n    Properties: {VpcId: !Ref ClientVpc, \
     InternetGatewayExclusionMode: allow-bidirectional}\n  ClientVpc:",
);

/// What is not known on the way leaves it open; what no answer hangs on does not.
#[test]
fn what_is_open_on_the_way() {
    let block = |mode: &str| INGRESS.1.replace("\"block-ingress\"", mode);
    let (open, all) = (block("var.open"), block("\"block-bidirectional\""));
    let nat = ("subnet_id         = aws_subnet.public.id", "subnet_id         = var.open");
    let regional = (nat.0, "availability_mode = \"regional\"");
    let counted = (
        "resource \"aws_nat_gateway\" \"own\" {",
        "resource \"aws_nat_gateway\" \"own\" {\n  count = var.open",
    );
    let first = (TF, "nat_gateway_id = aws_nat_gateway.own[0].id");
    let to = "destination_cidr_block = \"0.0.0.0/0\"";
    let peered = (
        "# more",
        "resource \"aws_vpc_peering_connection\" \"own\" {\n  vpc_id = aws_vpc.client.id\n  peer_vpc_id = \
         aws_vpc.other.id\n  auto_accept = true\n}\n",
    );
    let over = (TF, "vpc_peering_connection_id = aws_vpc_peering_connection.own.id");
    let table = |name: &str| format!("route_table_id = aws_route_table.{name}.id\n  subnet_id");
    let [client, public] = ["client", "public"].map(table);
    let other = "route_table_id = var.open\n  subnet_id";
    let cases: [Changed<'_>; 13] = [
        ("the table", vec![(&client, other)], ["open", "open"]),
        ("the table of the NAT gateway", vec![NAT[0], (&public, other)], ["open", "open"]),
        ("where the route leads", vec![(TF, "gateway_id = var.open")], ["open", "open"]),
        (
            "what the route is for",
            vec![(to, "destination_cidr_block = var.open")],
            ["open", "open"],
        ),
        ("what is blocked", vec![("# more", &open)], ["open", "open"]),
        ("all is blocked, for a NAT gateway too", vec![NAT[0], ("# more", &all)], ["no", "no"]),
        ("the subnet of the NAT gateway", vec![NAT[0], nat], ["open", "open"]),
        ("a NAT gateway of a Region", vec![NAT[0], regional], ["yes", "yes"]),
        ("whether there is a NAT gateway", vec![first, counted], ["open", "open"]),
        ("a NAT gateway of others", vec![(TF, "nat_gateway_id = \"nat-1\"")], ["yes", "yes"]),
        ("over a peering connection", vec![over, peered], ["no", "no"]),
        ("local addresses", vec![(to, "destination_ipv6_cidr_block = \"fd00::/8\"")], ["no", "no"]),
        ("some of IPv6", vec![(to, "destination_ipv6_cidr_block = \"2600::/16\"")], ["no", "open"]),
    ];
    for (name, changes, expected) in cases {
        assert_eq!(ends(&network("main.tf", TERRAFORM, &changes)), expected, "{name}");
    }
}

/// The blocks that the internet does not carry
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml>).
#[test]
fn addresses_that_the_internet_does_not_carry() {
    for (address, private) in [
        ("10.0.0.1", true),
        ("172.31.255.255", true),
        ("172.32.0.1", false),
        ("192.168.0.1", true),
        ("169.254.169.253", true),
        ("100.63.255.255", false),
        ("100.64.0.1", true),
        ("100.127.255.255", true),
        ("100.128.0.1", false),
        ("101.64.0.1", false),
        ("8.8.8.8", false),
        ("fc00::1", true),
        ("fdff::1", true),
        ("fe80::1", true),
        ("2600::1", false),
    ] {
        assert_eq!(is_private(address.parse().unwrap()), private, "{address}");
    }
}

/// A table of the internet gateway may lead what comes back to an appliance.
#[test]
fn the_table_of_an_internet_gateway() {
    let table = |target: &str, block: &str| {
        format!(
            "resource \"aws_route_table\" \"edge\" {{\n  vpc_id = aws_vpc.client.id\n  route {{\n    cidr_block = \
             \"{block}\"\n    {target}\n  }}\n}}\nresource \"aws_route_table_association\" \"edge\" {{\n  gateway_id = \
             aws_internet_gateway.own.id\n  route_table_id = aws_route_table.edge.id\n}}\n"
        )
    };
    let in_cloudformation = |target: &str, block: &str| {
        format!(
            "  EdgeTable: {{Type: AWS::EC2::RouteTable, Properties: {{VpcId: !Ref ClientVpc}}}}\n  EdgeRoute: {{Type: \
             AWS::EC2::Route, Properties: {{RouteTableId: !Ref EdgeTable, DestinationCidrBlock: {block}, {target}}}}}\n  \
             Edge: {{Type: AWS::EC2::GatewayRouteTableAssociation, Properties: {{RouteTableId: !Ref EdgeTable, \
             GatewayId: !Ref Internet}}}}\n  ClientVpc:"
        )
    };
    let appliance = ["network_interface_id = \"eni-1\"", "NetworkInterfaceId: eni-1"];
    for (what, targets, block, expected) in [
        ("to an appliance", appliance, "10.1.0.0/24", ["open", "open"]),
        ("for another subnet", appliance, "10.1.7.0/24", ["yes", "yes"]),
        ("local", ["gateway_id = \"local\"", "GatewayId: local"], "10.1.0.0/24", ["yes", "yes"]),
    ] {
        let more = table(targets[0], block);
        assert_eq!(ends(&network("main.tf", TERRAFORM, &[("# more", &more)])), expected, "{what}");
        let more = in_cloudformation(targets[1], block);
        let read = network("template.yaml", CLOUDFORMATION, &[("  ClientVpc:", &more)]);
        assert_eq!(ends(&read), expected, "{what} (CloudFormation)");
    }
}
