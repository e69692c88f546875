//! What becomes of packets: each design is a sound one with one piece changed, in both languages.

mod attachments;
mod core;
mod direct;
mod groups;
mod internet;
mod ipv6;

use eksdns_lint::network::{Network, Protocol};
use eksdns_lint::reach::{Disposition, Flow, Guard, Interface, Journey, Stage, Unreachable, reach};

use crate::figures::load;

/// Two VPCs and a network outside, joined by a transit gateway, with a table of its own.
const TERRAFORM: &str = include_str!("paths/gateway.tf");
const CLOUDFORMATION: &str = include_str!("paths/gateway.yaml");
/// Two transit gateways that are peered.
const GATEWAYS: &str = include_str!("paths/gateways.tf");
/// Three VPCs in a chain of peering connections.
const CHAIN: &str = include_str!("paths/chain.tf");
/// A VPC with a virtual private gateway, peered with another.
const EDGE: &str = include_str!("paths/edge.tf");

/// A design with some texts replaced; each must be there.
fn network(name: &str, text: &str, changes: &[(&str, &str)]) -> Network {
    let mut text = text.to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{name} does not say {from:?}");
        text = text.replace(from, to);
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    Network::new(&load(folder.path(), &file))
}

/// A host in a subnet, by the last part of its name; `outside` is a host at 192.168.0.1.
fn interface(network: &Network, name: &str) -> Interface {
    let guard = Guard::AnyHost;
    if name == "outside" {
        return Interface {
            place: None,
            address: Some(std::net::IpAddr::from([192, 168, 0, 1]).into()),
            guard,
        };
    }
    let named = |one: &str| one.to_lowercase().ends_with(name);
    let subnet = network.subnets.iter().find(|one| named(&one.name)).unwrap();
    let vpc = network.vpc_of_subnet(subnet.id).unwrap();
    Interface { place: Some((vpc, subnet.id)), address: None, guard }
}

fn journey(network: &Network, from: &str, to: &str) -> Journey {
    let (from, to) = (interface(network, from), interface(network, to));
    reach(network, &Flow { from: &from, to: &to, protocol: Protocol::Tcp, port: 443 })
}

/// One word for a stage.
fn word(journey: &Journey, stage: Stage) -> String {
    let (_, end) = journey.stages.iter().find(|(one, _)| *one == stage).unwrap();
    let mut end = match end {
        Ok(end) => end,
        Err(unknown) => return format!("unknown: {unknown}"),
    };
    if let Disposition::NoReturn(inner) = end {
        end = inner;
    }
    match end {
        Disposition::NeighborUnreachable(why, _) => match why {
            Unreachable::PeeringNotAccepted(_) => "not accepted",
            Unreachable::NotTransitive => "not transitive",
            Unreachable::NotAttached(..) => "not attached",
            Unreachable::NoIpv6(_) => "no IPv6",
            Unreachable::NoInterfaceInZone(..) => "no interface in the zone",
            Unreachable::NotAssociated(_) => "not associated",
            Unreachable::GatewayNotAttached(..) => "gateway not attached",
            Unreachable::NoVpnRoute(_) => "no VPN route",
            Unreachable::NotAnnounced(_) => "not announced",
            Unreachable::NotInCoreNetwork(..) => "not in the core network",
            Unreachable::NoSegment(_) => "no segment",
            Unreachable::NoSegmentRoute(_) => "no segment route",
            Unreachable::NoWayIn(_) => "no way in",
        }
        .to_owned(),
        Disposition::Delivered => "delivered".to_owned(),
        Disposition::NoRoute(_) => "no route".to_owned(),
        Disposition::ExitsNetwork(..) => "exits".to_owned(),
        Disposition::NoGatewayRoute(missing) if missing.taken.is_some() => "elsewhere".to_owned(),
        Disposition::NoGatewayRoute(_) => "no gateway route".to_owned(),
        Disposition::NullRouted(_) => "null routed".to_owned(),
        Disposition::StaysInside(..) => "stays inside".to_owned(),
        Disposition::Loop(_) => "loop".to_owned(),
        other => format!("{other:?}"),
    }
}

fn words(network: &Network, from: &str, to: &str) -> [String; 2] {
    let journey = journey(network, from, to);
    [word(&journey, Stage::There), word(&journey, Stage::Back)]
}

/// What is changed in Terraform and in CloudFormation, and how the client and the cluster fare then.
type Case = (&'static str, [(&'static str, &'static str); 2], [&'static str; 2]);

/// What is changed in Terraform alone, likewise.
type Changed<'a> = (&'a str, Vec<(&'a str, &'a str)>, [&'a str; 2]);

/// Each piece of a transit gateway is needed, and its lack has a name of its own.
#[test]
fn pieces_of_a_transit_gateway() {
    let cases: [Case; 10] = [
        ("all is there", [("# end", "#"), ("# end", "#")], ["delivered", "delivered"]),
        (
            "the client's table has no route",
            [
                (
                    "destination_cidr_block = \"10.2.0.0/16\" # client",
                    "destination_cidr_block = \"10.9.0.0/16\"",
                ),
                ("DestinationCidrBlock: 10.2.0.0/16 # client", "DestinationCidrBlock: 10.9.0.0/16"),
            ],
            ["no route", "delivered"],
        ),
        (
            "no return route",
            [
                (
                    "destination_cidr_block = \"10.1.0.0/16\" # eks",
                    "destination_cidr_block = \"10.9.0.0/16\"",
                ),
                ("DestinationCidrBlock: 10.1.0.0/16 # eks", "DestinationCidrBlock: 10.9.0.0/16"),
            ],
            ["delivered", "no route"],
        ),
        (
            "the attachment of the client is in another zone",
            [
                ("subnet_ids = [aws_subnet.client.id]", "subnet_ids = [aws_subnet.client_far.id]"),
                ("SubnetIds: [!Ref Client]", "SubnetIds: [!Ref ClientFar]"),
            ],
            ["no interface in the zone", "delivered"],
        ),
        (
            "another subnet of the same zone",
            [
                ("subnet_ids = [aws_subnet.client.id]", "subnet_ids = [aws_subnet.client_near.id]"),
                ("SubnetIds: [!Ref Client]", "SubnetIds: [!Ref ClientNear]"),
            ],
            ["delivered", "delivered"],
        ),
        (
            "the client's attachment has no table",
            [
                ("attachment_id = local.client # association", "attachment_id = local.eks"),
                (
                    "TransitGatewayAttachmentId: !Ref ClientAttachment # association",
                    "TransitGatewayAttachmentId: !Ref EksAttachment",
                ),
            ],
            ["not associated", "delivered"],
        ),
        (
            "the cluster's block is not propagated",
            [
                ("attachment_id = local.eks # propagation", "attachment_id = local.client"),
                (
                    "TransitGatewayAttachmentId: !Ref EksAttachment # propagation",
                    "TransitGatewayAttachmentId: !Ref ClientAttachment",
                ),
            ],
            ["no gateway route", "delivered"],
        ),
        (
            "a blackhole is as specific, and static",
            [("\"10.66.0.0/16\"", "\"10.2.0.0/16\""), ("10.66.0.0/16", "10.2.0.0/16")],
            ["null routed", "delivered"],
        ),
        (
            "a blackhole is less specific",
            [("\"10.66.0.0/16\"", "\"10.0.0.0/8\""), ("10.66.0.0/16", "10.0.0.0/8")],
            ["delivered", "delivered"],
        ),
        (
            "the cluster's VPC is not attached",
            [
                ("vpc_id = aws_vpc.eks.id # attachment", "vpc_id = aws_vpc.third.id"),
                ("VpcId: !Ref EksVpc # attachment", "VpcId: !Ref ThirdVpc"),
            ],
            ["no gateway route", "not attached"],
        ),
    ];
    for (name, changes, expected) in cases {
        for (file, text, change) in
            [("main.tf", TERRAFORM, changes[0]), ("template.yaml", CLOUDFORMATION, changes[1])]
        {
            let network = network(file, text, &[change]);
            assert_eq!(words(&network, "client", "eks"), expected, "{name} ({file})");
        }
    }
}

/// A VPC on the way: what it does with the packet is in its own table, or in an appliance.
#[test]
fn through_another_vpc() {
    let third = r#"
resource "aws_ec2_transit_gateway_vpc_attachment" "third" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.third.id
  subnet_ids         = [aws_subnet.third.id]
}
resource "aws_ec2_transit_gateway_route" "third" {
  destination_cidr_block         = "10.2.0.0/17"
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.third.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
}
"#;
    let target = |target: &str| {
        format!(
            "resource \"aws_route\" \"third\" {{\n  route_table_id = aws_vpc.third.main_route_table_id\n  \
             destination_cidr_block = \"0.0.0.0/0\"\n  {target}\n}}\n"
        )
    };
    let cases = [
        (String::new(), "no route"),
        (target("network_interface_id = \"eni-1\""), "unknown: a route of the main route table"),
        (target("transit_gateway_id = aws_ec2_transit_gateway.hub.id"), "not transitive"),
        (target("gateway_id = \"igw-1\""), "exits"),
    ];
    for (more, expected) in cases {
        let network = network("main.tf", &format!("{TERRAFORM}{third}{more}"), &[]);
        let [there, back] = words(&network, "client", "eks");
        assert!(there.starts_with(expected), "{there}, not {expected}");
        assert_eq!(back, "delivered");
    }
}

/// Peering between transit gateways: only static routes lead over it, at either end.
#[test]
fn peered_transit_gateways() {
    let peered = |changes: &[(&str, &str)]| network("main.tf", GATEWAYS, changes);
    let sound = peered(&[]);
    assert_eq!(words(&sound, "client", "eks"), ["delivered", "delivered"]);
    let accepted = word(&journey(&sound, "client", "eks"), Stage::Connections);
    assert_eq!(accepted, "delivered");
    let one_way = peered(&[("\"10.1.0.0/16\" # far", "\"10.9.0.0/16\"")]);
    assert_eq!(words(&one_way, "client", "eks"), ["delivered", "no gateway route"]);
    let one_way = peered(&[("\"10.2.0.0/16\" # near", "\"10.9.0.0/16\"")]);
    assert_eq!(words(&one_way, "client", "eks"), ["no gateway route", "delivered"]);
    let own = "subnet_ids         = [aws_subnet.eks.id]";
    let silent = format!("{own}\n  transit_gateway_default_route_table_propagation = false");
    let silent = peered(&[(own, &silent)]);
    assert_eq!(words(&silent, "client", "eks"), ["no gateway route", "delivered"]);
    let near = "resource \"aws_route\" \"client\" {";
    let turned = format!(
        "resource \"aws_ec2_transit_gateway_route\" \"turned\" {{\n  provider = aws.far\n  \
         destination_cidr_block = \"10.2.0.0/20\"\n  transit_gateway_attachment_id = \
         aws_ec2_transit_gateway_peering_attachment.both.id\n  transit_gateway_route_table_id = \
         aws_ec2_transit_gateway.far.association_default_route_table_id\n}}\n{near}"
    );
    let turned = peered(&[(near, &turned)]);
    assert_eq!(
        words(&turned, "client", "eks"),
        ["loop", "delivered"],
        "each sends it to the other"
    );
    let stray = peered(&[("aws_ec2_transit_gateway_peering_attachment_accepter\"", "null_x\"")]);
    let accepted = word(&journey(&stray, "client", "eks"), Stage::Connections);
    assert!(accepted.starts_with("unknown: the acceptance of"), "{accepted}");
}

/// The default table, and the flags that take it away.
#[test]
fn defaults_of_a_transit_gateway() {
    let own = ("default_route_table_association = \"disable\"", "");
    let fill = ("default_route_table_propagation = \"disable\"", "");
    let away = ("# uses", "transit_gateway_default_route_table_association = false");
    let cases: [Changed<'_>; 3] = [
        ("the explicit table wins", vec![own], ["delivered", "delivered"]),
        ("both by default", vec![own, fill], ["delivered", "delivered"]),
        ("the attachments want no default", vec![own, fill, away], ["delivered", "delivered"]),
    ];
    for (name, changes, expected) in cases {
        let network = network("main.tf", TERRAFORM, &changes);
        assert_eq!(words(&network, "client", "eks"), expected, "{name}");
    }
    let without =
        TERRAFORM.replace("aws_ec2_transit_gateway_route_table_association\"", "null_x\"");
    let without = without.replace("aws_ec2_transit_gateway_route_table_propagation\"", "null_y\"");
    let cases: [Changed<'_>; 4] = [
        ("no table at all", vec![], ["not associated", "not associated"]),
        ("a default table that nothing fills", vec![own], ["no gateway route", "no gateway route"]),
        ("a default table", vec![own, fill], ["delivered", "delivered"]),
        (
            "attachments that do not use it",
            vec![own, fill, away],
            ["not associated", "not associated"],
        ),
    ];
    for (name, changes, expected) in cases {
        let network = network("main.tf", &without, &changes);
        assert_eq!(words(&network, "client", "eks"), expected, "{name}");
    }
}

/// What is behind a VPN connection of the gateway, as an end of either way.
#[test]
fn outside_behind_a_transit_gateway() {
    let sound = network("main.tf", TERRAFORM, &[]);
    assert_eq!(words(&sound, "client", "outside"), ["delivered", "delivered"]);
    assert_eq!(words(&sound, "third", "outside"), ["no route", "no way in"]);
    let other = [("\"192.168.0.0/16\" # vpn", "\"192.169.0.0/16\"")];
    assert_eq!(
        words(&network("main.tf", TERRAFORM, &other), "client", "outside")[0],
        "no gateway route"
    );
    let taken = [("\"192.168.0.0/16\" # vpn", "\"10.2.0.0/20\"")];
    let ends = words(&network("main.tf", TERRAFORM, &taken), "client", "eks");
    assert_eq!(ends, ["elsewhere", "delivered"], "no VPN leads to a VPC of the code");
}

/// Peering: accepted, never transitive, and the most specific route wins wherever it stands.
#[test]
fn chains_of_peering() {
    let chain = |changes: &[(&str, &str)]| network("main.tf", CHAIN, changes);
    let sound = chain(&[]);
    assert_eq!(words(&sound, "a", "b"), ["delivered", "delivered"]);
    assert_eq!(words(&sound, "a", "c"), ["not transitive", "not transitive"]);
    let journey = |network: &Network| journey(network, "a", "b");
    assert_eq!(word(&journey(&sound), Stage::Connections), "delivered");
    let pending = chain(&[("auto_accept = true # ab", "")]);
    assert_eq!(word(&journey(&pending), Stage::Connections), "not accepted");
    assert_eq!(words(&pending, "a", "b"), ["delivered", "delivered"]);
    let abroad = chain(&[("auto_accept = true # ab", "peer_region = \"eu-west-1\"")]);
    assert!(word(&journey(&abroad), Stage::Connections).starts_with("unknown"));
    let adopted = chain(&[("aws_default_route_table.a.id", "aws_vpc.a.main_route_table_id")]);
    assert_eq!(words(&adopted, "a", "b")[0], "delivered", "the adopted table is the main one");
    let more = "destination_cidr_block = \"10.0.0.0/8\" # wide";
    let narrow = chain(&[(more, "destination_cidr_block = \"10.2.0.0/24\"")]);
    assert_eq!(words(&narrow, "a", "b")[0], "exits");
    let wide = chain(&[(more, "destination_cidr_block = \"10.2.0.0/15\"")]);
    assert_eq!(words(&wide, "a", "b")[0], "delivered");
    let list = chain(&[("\"10.77.0.0/16\"", "\"10.2.0.0/16\"")]);
    assert_eq!(words(&list, "a", "b")[0], "delivered", "a block before a prefix list");
    let list = chain(&[("\"10.77.0.0/16\"", "\"10.2.0.0/20\"")]);
    assert_eq!(words(&list, "a", "b")[0], "exits", "a prefix list is expanded");
}

/// A virtual private gateway: written routes, propagated routes, static connections, no edge to edge.
#[test]
fn the_edge_of_a_vpc() {
    let edge = |changes: &[(&str, &str)]| network("main.tf", EDGE, changes);
    let sound = edge(&[]);
    assert_eq!(words(&sound, "hub", "outside"), ["delivered", "delivered"]);
    assert_eq!(words(&sound, "spoke", "outside"), ["not transitive", "no way in"]);
    let elsewhere = edge(&[("vpc_id = aws_vpc.hub.id # attached", "vpc_id = aws_vpc.spoke.id")]);
    assert_eq!(words(&elsewhere, "hub", "outside")[0], "gateway not attached");
    let other = edge(&[("\"192.168.0.0/16\" # behind", "\"172.16.0.0/16\"")]);
    assert_eq!(words(&other, "hub", "outside")[0], "no route", "what nobody announces");
    let bgp = edge(&[("static_routes_only = true", "")]);
    let ends = words(&bgp, "hub", "outside");
    assert_eq!(ends, ["delivered", "delivered"], "a static route beside BGP");
    let bgp = edge(&[
        ("static_routes_only = true", ""),
        ("\"192.168.0.0/16\" # behind", "\"172.16.0.0/16\""),
    ]);
    assert!(words(&bgp, "hub", "outside")[0].starts_with("unknown: what BGP announces"));
    // What comes in is sent to an appliance, by a table of the gateway's own.
    let aside = |target: &str| {
        let own = "resource \"aws_internet_gateway\" \"hub\" {";
        let table = format!(
            "resource \"aws_route_table\" \"gateway\" {{\n  vpc_id = aws_vpc.hub.id\n  route {{\n    cidr_block = \
             \"10.1.0.0/24\"\n    {target}\n  }}\n}}\nresource \"aws_route_table_association\" \"gateway\" {{\n  \
             gateway_id = aws_vpn_gateway.campus.id\n  route_table_id = aws_route_table.gateway.id\n}}\n{own}"
        );
        words(&edge(&[(own, &table)]), "hub", "outside")
    };
    let [there, back] = aside("network_interface_id = \"eni-1\"");
    assert_eq!(there, "delivered");
    assert!(back.starts_with("unknown: a route of aws_route_table.gateway"), "{back}");
    assert_eq!(aside("gateway_id = \"local\""), ["delivered", "delivered"]);
    let stolen = edge(&[("\"10.88.0.0/16\"", "\"192.168.0.0/16\"")]);
    assert_eq!(words(&stolen, "hub", "outside")[0], "exits", "static before propagated");
}

/// An open container is no fault.
#[test]
fn what_is_not_known_is_no_fault() {
    let open = [
        ("aws_ec2_transit_gateway.hub.id # of eks", "data.aws_ec2_transit_gateway.any.id"),
        ("vpc_id = aws_vpc.eks.id # attachment", "vpc_id = data.aws_vpc.any.id"),
        ("subnet_ids = [aws_subnet.client.id]", "subnet_ids = var.subnets"),
        (
            "attachment_id = local.client # association",
            "attachment_id = data.aws_ec2_transit_gateway_vpc_attachment.any.id",
        ),
    ];
    for change in open {
        let text = format!(
            "{TERRAFORM}\nvariable \"subnets\" {{ type = list(string) }}\ndata \"aws_vpc\" \"any\" {{}}\n\
             data \"aws_ec2_transit_gateway\" \"any\" {{}}\n\
             data \"aws_ec2_transit_gateway_vpc_attachment\" \"any\" {{}}\n"
        );
        let network = network("main.tf", &text, &[change]);
        let ends = words(&network, "client", "eks");
        let fine = |end: &String| end.starts_with("unknown") || end == "delivered";
        assert!(ends.iter().all(fine), "{change:?}: {ends:?}");
    }
}
