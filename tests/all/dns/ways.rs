//! What the way to a server makes of its answer: whole, in part, broken or open.

use std::fmt::Write as _;

use super::places::{HOME, dhcp};
use super::{ask, terraform};

/// A VPC with an outbound endpoint, peered with that of the cluster.
const CLIENT: &str = r#"
resource "aws_vpc" "client" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_subnet" "client" {
  count      = 2
  vpc_id     = aws_vpc.client.id
  cidr_block = cidrsubnet("10.1.0.0/16", 8, count.index)
}
resource "aws_vpc_peering_connection" "both" {
  vpc_id      = aws_vpc.client.id
  peer_vpc_id = aws_vpc.home.id
  auto_accept = true
}
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route" "back" {
  route_table_id            = aws_vpc.home.main_route_table_id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_security_group" "out" {
  vpc_id = aws_vpc.client.id
  egress {
    protocol    = "udp"
    from_port   = 53
    to_port     = 53
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_route53_resolver_endpoint" "out" {
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.out.id]
  ip_address { subnet_id = aws_subnet.client[0].id }
  ip_address { subnet_id = aws_subnet.client[1].id }
}
variable "gateway" {}
"#;

const RULE: &str = r#"
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = "eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.out.id # sender
  target_ip { ip = "10.2.0.10" }
  target_ip { ip = "10.2.1.10" }
}
resource "aws_route53_resolver_rule_association" "eks" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = aws_vpc.client.id
}
"#;

/// What the client gets with a rule, or servers, where some texts are replaced.
fn asked(more: &str, changes: &[(&str, &str)], name: &str) -> String {
    let mut text = [HOME, CLIENT, more].concat();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    ask(&terraform(&text), "client", name)
}

#[test]
fn the_way_from_an_outbound_endpoint() {
    let there = "destination_cidr_block    = \"10.2.0.0/16\"\n  vpc_peering_connection_id = \
                 aws_vpc_peering_connection.both.id";
    let some = there.replace("10.2.0.0/16", "10.2.0.0/24");
    let open = "destination_cidr_block = \"10.2.0.0/16\"\n  transit_gateway_id = var.gateway";
    let port = "ip = \"10.2.0.10\"\n    port = 5353";
    for (what, changes, wanted) in [
        ("whole", vec![], "private"),
        ("a part", vec![(there, &*some)], "intermittent"),
        (
            "none",
            vec![("resource \"aws_route\" \"there\"", "resource \"null_x\" \"there\"")],
            "timeout",
        ),
        ("through something that is not known", vec![(there, open)], "undecided"),
        (
            "an endpoint that sends nothing",
            vec![("endpoint.out.id # sender", "endpoint.in.id")],
            "timeout",
        ),
    ] {
        assert_eq!(asked(RULE, &changes, "endpoint"), wanted, "{what}");
    }
    // The port is the target's, at servers outside the code too.
    let outside = "target_ip { ip = \"192.0.2.1\" }\n  target_ip { ip = \"192.0.2.2\" }";
    let targets = "target_ip { ip = \"10.2.0.10\" }\n  target_ip { ip = \"10.2.1.10\" }";
    let nat = "resource \"aws_route\" \"nat\" {\n  route_table_id = aws_vpc.client.main_route_table_id\n  \
               destination_cidr_block = \"0.0.0.0/0\"\n  nat_gateway_id = \"nat-1\"\n}\n";
    let rule = [RULE, nat].concat();
    let other = outside.replace("\" }", "\"\n port = 5353\n }").replace("{ ip", "{\n ip");
    assert_eq!(asked(&rule, &[(targets, outside)], "endpoint"), "192.0.2.1, 192.0.2.2: public");
    assert_eq!(asked(&rule, &[(targets, &other)], "endpoint"), "timeout");
    let inner = targets
        .replace("ip = \"10.2.0.10\"", port)
        .replace("{ ip", "{\n ip")
        .replace("5353 }", "5353\n }");
    let inner = inner.replace("\"10.2.1.10\" }", "\"10.2.1.10\"\n }");
    assert_eq!(asked(RULE, &[(targets, &inner)], "endpoint"), "intermittent");
}

#[test]
fn the_way_of_hosts() {
    let there = "destination_cidr_block    = \"10.2.0.0/16\"\n  vpc_peering_connection_id";
    let some = there.replace("10.2.0.0/16", "10.2.0.0/24");
    let servers = dhcp("client", "aws_route53_resolver_endpoint.in.ip_address[*].ip");
    // With written addresses the interfaces are two servers, else the endpoint is one.
    let open = [("    ip        = \"10.2.0.10\"\n", ""), ("    ip        = \"10.2.1.10\"\n", "")];
    for addresses in [&[][..], &open] {
        let broken = [addresses, &[(there, &*some)]].concat();
        assert_eq!(asked(&servers, addresses, "endpoint"), "private", "{addresses:?}");
        assert_eq!(asked(&servers, &broken, "endpoint"), "intermittent", "{addresses:?}");
    }
}

/// That there is no such name is an answer: who hears it ends the search, who hears nothing goes on.
#[test]
fn no_such_name_is_an_answer() {
    let zone = "resource \"aws_route53_zone\" \"z\" {\n  name = \"corp.example\"\n  vpc { vpc_id = \
                aws_vpc.home.id }\n}\n";
    for (servers, wanted) in [
        ("[\"10.2.0.10\"]", "nxdomain"),
        ("[\"192.168.0.53\"]", "timeout"),
        ("[\"192.168.0.53\", \"10.2.0.10\"]", "intermittent"),
    ] {
        let more = [zone, &dhcp("client", servers)].concat();
        assert_eq!(asked(&more, &[], "x.corp.example"), wanted, "{servers}");
    }
}

/// Each server outside the code is named once, however many ways lead to it.
#[test]
fn servers_that_say_the_same_are_named_once() {
    let all = "resource \"aws_route53_resolver_rule\" \"all\" {\n  domain_name = \".\"\n  rule_type = \
               \"FORWARD\"\n  target_ip { ip = \"192.0.2.1\" }\n  target_ip { ip = \"192.0.2.2\" }\n}\nresource \
               \"aws_route53_resolver_rule_association\" \"all\" {\n  resolver_rule_id = \
               aws_route53_resolver_rule.all.id\n  vpc_id = aws_vpc.home.id\n}\n";
    let off = ("enable_dns_hostnames = true", "enable_dns_hostnames = false");
    let got = asked(&[RULE, all].concat(), &[off], "endpoint");
    assert_eq!(got, "192.0.2.1, 192.0.2.2: public");
}

/// Two rules that send to each other's VPCs: the query goes round from the first VPC that it comes to a second time.
#[test]
fn a_loop_is_where_the_query_is_for_the_second_time() {
    let mut text = String::new();
    for (name, block) in [("a", 0), ("b", 1), ("c", 2)] {
        let (direction, ip) = match name {
            "a" => ("OUTBOUND", ["", ""].map(str::to_owned)),
            _ => ("INBOUND", [0, 1].map(|net| format!("ip = \"10.{block}.{net}.10\""))),
        };
        let endpoint = |net: usize| {
            format!(
                "  ip_address {{\n    subnet_id = aws_subnet.{name}[{net}].id\n    {}\n  }}\n",
                ip[net]
            )
        };
        write!(
            text,
            r#"
resource "aws_vpc" "{name}" {{
  cidr_block = "10.{block}.0.0/16"
}}
resource "aws_subnet" "{name}" {{
  count      = 2
  vpc_id     = aws_vpc.{name}.id
  cidr_block = "10.{block}.${{count.index}}.0/24"
}}
resource "aws_security_group" "{name}" {{
  vpc_id = aws_vpc.{name}.id
  ingress {{
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
  }}
  egress {{
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
  }}
}}
resource "aws_route53_resolver_endpoint" "{name}" {{
  direction          = "{direction}"
  security_group_ids = [aws_security_group.{name}.id]
{}{}}}
"#,
            endpoint(0),
            endpoint(1)
        )
        .unwrap();
    }
    for (other, block) in [("b", 1), ("c", 2)] {
        write!(
            text,
            r#"
resource "aws_vpc_peering_connection" "{other}" {{
  vpc_id      = aws_vpc.a.id
  peer_vpc_id = aws_vpc.{other}.id
  auto_accept = true
}}
resource "aws_route" "to_{other}" {{
  route_table_id            = aws_vpc.a.main_route_table_id
  destination_cidr_block    = "10.{block}.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.{other}.id
}}
resource "aws_route" "from_{other}" {{
  route_table_id            = aws_vpc.{other}.main_route_table_id
  destination_cidr_block    = "10.0.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.{other}.id
}}
resource "aws_route53_resolver_rule" "to_{other}" {{
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.a.id
  target_ip {{ ip = "10.{block}.0.10" }}
  target_ip {{ ip = "10.{block}.1.10" }}
}}
"#
        )
        .unwrap();
    }
    for (vpc, to) in [("a", "b"), ("b", "c"), ("c", "b")] {
        write!(
            text,
            r#"
resource "aws_route53_resolver_rule_association" "{vpc}" {{
  resolver_rule_id = aws_route53_resolver_rule.to_{to}.id
  vpc_id           = aws_vpc.{vpc}.id
}}
"#
        )
        .unwrap();
    }
    let network = terraform(&text);
    for vpc in ["a", "b", "c"] {
        let wanted = if vpc == "c" { "loop at c" } else { "loop at b" };
        assert_eq!(ask(&network, vpc, "x.corp.example"), wanted, "from {vpc}");
    }
}
