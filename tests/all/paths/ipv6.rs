//! Packets of the other family: blocks that are written or AWS's choice, routes, groups, attachments.

use eksdns_lint::network::{Network, Protocol, RuleTarget};
use eksdns_lint::reach::{Flow, Guard, Interface, Stage, reach};

use super::{network, word};

const TERRAFORM: &str = include_str!("ipv6.tf");

/// There, in and back, for TCP 53 from a host of the client's subnet to the endpoint's address.
fn ends(network: &Network) -> [String; 3] {
    let subnet = |name: &str| {
        let subnet = network.subnets.iter().find(|one| one.name.ends_with(name)).unwrap().id;
        Some((network.vpc_of_subnet(subnet).unwrap(), subnet))
    };
    let from = Interface { place: subnet("client"), address: None, guard: Guard::AnyHost };
    let group = network.security_groups.iter().find(|one| one.name.ends_with("eks")).unwrap().id;
    let guard = Guard::Groups(vec![group], None);
    let address = "2001:db8:2:1::10".parse::<std::net::IpAddr>().ok().map(Into::into);
    let to = Interface { place: subnet("eks"), address, guard };
    let flow = Flow { from: &from, to: &to, protocol: Protocol::Tcp, port: 53 };
    let journey = reach(network, &flow);
    [Stage::There, Stage::In, Stage::Back].map(|stage| word(&journey, stage))
}

/// A name, what is replaced, and how the packets fare then.
type Case = (&'static str, &'static [(&'static str, &'static str)], [&'static str; 3]);

#[test]
fn between_vpcs() {
    const PEER: &str = "vpc_peering_connection_id   = aws_vpc_peering_connection.pair.id";
    const HUB: (&str, &str) = (PEER, "transit_gateway_id = aws_ec2_transit_gateway.hub.id");
    const WRITTEN: (&str, &str) =
        ("assign_generated_ipv6_cidr_block = true", "ipv6_cidr_block = \"2001:db8:1::/56\"");
    let cases: [Case; 7] = [
        ("over peering", &[], ["delivered", "delivered", "delivered"]),
        ("by ::/0", &[("\"2001:db8:2::/56\"\n  vpc", "\"::/0\"\n  vpc")], ["delivered"; 3]),
        (
            "an IPv4 route alone",
            &[("\"2001:db8:2::/56\"\n  vpc", "\"2001:db8:9::/56\"\n  vpc")],
            ["no route", "delivered", "delivered"],
        ),
        (
            "no route back",
            &[(
                "destination_ipv6_cidr_block = aws_vpc.client.ipv6_cidr_block",
                "destination_ipv6_cidr_block = \"2001:db8:9::/56\"",
            )],
            [
                "delivered",
                "delivered",
                "unknown: aws_vpc.client.ipv6_cidr_block is known only after apply",
            ],
        ),
        ("over a transit gateway", &[HUB, WRITTEN], ["delivered", "delivered", "delivered"]),
        (
            "the client's attachment carries IPv4 alone",
            &[HUB, WRITTEN, ("ipv6_support       = \"enable\" # client", "")],
            ["no IPv6", "delivered", "no IPv6"],
        ),
        (
            "the group admits IPv4 alone",
            &[(
                "ipv6_cidr_blocks = [aws_vpc.client.ipv6_cidr_block]",
                "cidr_blocks = [\"0.0.0.0/0\"]",
            )],
            ["delivered", "DeniedIn", "delivered"],
        ),
    ];
    for (name, changes, expected) in cases {
        let got = ends(&network("main.tf", TERRAFORM, changes));
        let fits = got.iter().zip(expected).all(|(got, expected)| got.starts_with(expected));
        assert!(fits, "{name}: {got:?}, not {expected:?}");
    }
}

/// An endpoint is found by its IPv6 address, and by no other.
#[test]
fn endpoints_by_their_ipv6_addresses() {
    let read = network("main.tf", TERRAFORM, &[]);
    let at = |address: &str| {
        let target = RuleTarget::Address(address.parse().unwrap());
        read.endpoint_at(&target).map(|endpoint| endpoint.is_some())
    };
    assert_eq!(at("2001:db8:2:1::11"), Ok(true));
    assert_eq!(at("2001:db8:2:1::12"), Ok(false));
    assert_eq!(at("10.2.0.10"), Ok(false), "it speaks IPv6 alone");
}
