//! Network ACLs: first match, both ways, between two subnets of one VPC, in both languages.

use eksdns_lint::network::{Network, Protocol};
use eksdns_lint::reach::{Disposition, Flow, Guard, Interface, Stage, reach};
use proptest::prelude::*;

use crate::figures::load;
use crate::support::property;

const TERRAFORM: &str = r#"
resource "aws_vpc" "main" { cidr_block = "10.2.0.0/16" }
resource "aws_subnet" "client" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.2.0.0/24"
}
resource "aws_subnet" "eks" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.2.1.0/24"
}
variable "open" {}
"#;

const CLOUDFORMATION: &str = "
Parameters:
  Open: {Type: String}
Resources:
  Main: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.2.0.0/16}}
  Client: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Main, CidrBlock: 10.2.0.0/24}}
  Eks: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Main, CidrBlock: 10.2.1.0/24}}
";

/// A rule: its number, whether it is for what goes out, its action, protocol, ports and block.
type Rule = (u32, bool, &'static str, &'static str, &'static str, &'static str);

fn terraform(rules: &[Rule]) -> String {
    let entry = |(number, egress, action, protocol, ports, block): &Rule| {
        let (from, to) = ports.split_once('-').unwrap();
        let word = |value: &str, open: &str| match value {
            "open" => open.to_owned(),
            value => format!("\"{value}\""),
        };
        format!(
            "resource \"aws_network_acl_rule\" \"r{egress}{number}\" {{\n  network_acl_id = aws_network_acl.eks.id\n  \
             rule_number = {number}\n  egress = {egress}\n  rule_action = {}\n  protocol = \"{protocol}\"\n  \
             from_port = {from}\n  to_port = {to}\n  cidr_block = \"{block}\"\n}}\n",
            word(action, "var.open")
        )
    };
    let acl = "resource \"aws_network_acl\" \"eks\" {\n  vpc_id = aws_vpc.main.id\n  \
               subnet_ids = [aws_subnet.eks.id]\n}\n";
    format!("{TERRAFORM}{acl}{}", rules.iter().map(entry).collect::<String>())
}

fn cloudformation(rules: &[Rule]) -> String {
    let entry = |(number, egress, action, protocol, ports, block): &Rule| {
        let (from, to) = ports.split_once('-').unwrap();
        let action = if *action == "open" { "!Ref Open" } else { action };
        let number_of = |protocol: &str| match protocol {
            "tcp" => 6,
            "udp" => 17,
            _ => -1,
        };
        format!(
            "  R{egress}{number}:\n    Type: AWS::EC2::NetworkAclEntry\n    Properties:\n      NetworkAclId: !Ref Acl\n      \
             RuleNumber: {number}\n      Egress: {egress}\n      RuleAction: {action}\n      Protocol: {}\n      \
             PortRange: {{From: {from}, To: {to}}}\n      CidrBlock: {block}\n",
            number_of(protocol)
        )
    };
    let acl = "  Acl: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Main}}\n  OfEks:\n    \
               Type: AWS::EC2::SubnetNetworkAclAssociation\n    \
               Properties: {SubnetId: !Ref Eks, NetworkAclId: !Ref Acl}\n";
    format!("{CLOUDFORMATION}{acl}{}", rules.iter().map(entry).collect::<String>())
}

/// What the ACLs say there and back, for TCP 443 from one subnet to another.
fn words(name: &str, text: &str, from: &str, to: &str) -> [&'static str; 2] {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, text).unwrap();
    let network = Network::new(&load(folder.path(), &file));
    let interface = |name: &str| {
        let named = |one: &str| one.to_lowercase().ends_with(name);
        let subnet = network.subnets.iter().find(|one| named(&one.name)).unwrap();
        let vpc = network.vpc_of_subnet(subnet.id).unwrap();
        Interface { place: Some((vpc, subnet.id)), address: None, guard: Guard::AnyHost }
    };
    let (from, to) = (interface(from), interface(to));
    let flow = Flow { from: &from, to: &to, protocol: Protocol::Tcp, port: 443 };
    let journey = reach(&network, &flow);
    [Stage::AclsThere, Stage::AclsBack].map(|stage| {
        let (_, end) = journey.stages.iter().find(|(one, _)| *one == stage).unwrap();
        match end {
            Ok(Disposition::Delivered) => "pass",
            Ok(Disposition::DeniedByAcl(_)) => "denied",
            Ok(Disposition::NoReturn(inner)) if matches!(**inner, Disposition::DeniedByAcl(_)) => {
                "denied"
            }
            Ok(_) => "another fault",
            Err(_) => "open",
        }
    })
}

const ANY: &str = "0.0.0.0/0";
const IN: Rule = (100, false, "allow", "tcp", "443-443", "10.2.0.0/24");
const BACK: Rule = (100, true, "allow", "tcp", "1024-65535", "10.2.0.0/24");

#[test]
fn the_first_match_decides_each_way() {
    for (what, rules, expected) in [
        ("both ways are let through", vec![IN, BACK], ["pass", "pass"]),
        ("a custom ACL without rules", vec![], ["denied", "denied"]),
        ("an ACL keeps no connections", vec![IN], ["pass", "denied"]),
        ("nothing comes in", vec![BACK], ["denied", "pass"]),
        (
            "a lower number wins",
            vec![IN, BACK, (90, false, "deny", "-1", "0-0", ANY)],
            ["denied", "pass"],
        ),
        (
            "a higher number does not",
            vec![IN, BACK, (110, false, "deny", "-1", "0-0", ANY)],
            ["pass", "pass"],
        ),
        (
            "another protocol",
            vec![(100, false, "allow", "udp", "443-443", ANY), BACK],
            ["denied", "pass"],
        ),
        (
            "another block",
            vec![(100, false, "allow", "tcp", "443-443", "10.9.0.0/24"), BACK],
            ["denied", "pass"],
        ),
        (
            "another port",
            vec![(100, false, "allow", "tcp", "80-442", ANY), BACK],
            ["denied", "pass"],
        ),
        (
            "the ports that answers go to, in two rules",
            vec![
                IN,
                (90, true, "allow", "tcp", "1024-40000", ANY),
                (91, true, "allow", "tcp", "40001-65535", ANY),
            ],
            ["pass", "pass"],
        ),
        (
            "some of the ports that answers go to",
            vec![IN, (100, true, "allow", "tcp", "32768-65535", ANY)],
            ["pass", "open"],
        ),
        (
            "an action that nobody knows",
            vec![(100, false, "open", "tcp", "443-443", ANY), BACK],
            ["open", "pass"],
        ),
    ] {
        assert_eq!(words("main.tf", &terraform(&rules), "client", "eks"), expected, "{what}");
        let template = cloudformation(&rules);
        assert_eq!(words("main.yaml", &template, "client", "eks"), expected, "{what}\n{template}");
    }
}

#[test]
fn the_default_acl_lets_pass_until_it_is_emptied() {
    assert_eq!(words("main.tf", TERRAFORM, "client", "eks"), ["pass", "pass"]);
    assert_eq!(words("main.yaml", CLOUDFORMATION, "client", "eks"), ["pass", "pass"]);
    let emptied = "resource \"aws_default_network_acl\" \"main\" {\n  \
                   default_network_acl_id = aws_vpc.main.default_network_acl_id\n}\n";
    let text = format!("{TERRAFORM}{emptied}");
    assert_eq!(words("main.tf", &text, "client", "eks"), ["denied", "denied"]);
}

#[test]
fn inside_one_subnet_no_acl_is_asked() {
    assert_eq!(words("main.tf", &terraform(&[]), "eks", "eks"), ["pass", "pass"]);
}

/// Some rules with numbers of their own, written in any order.
fn any_rules() -> impl Strategy<Value = Vec<Rule>> {
    let pick = |from: &'static [&'static str]| prop::sample::select(from);
    let rule = (
        any::<bool>(),
        pick(&["allow", "allow", "deny"]),
        pick(&["tcp", "tcp", "udp", "-1"]),
        pick(&["0-65535", "443-443", "80-442", "1024-65535", "1024-40000", "40001-65535"]),
        pick(&[ANY, "10.2.0.0/24", "10.2.0.0/25", "10.2.0.128/25", "10.9.0.0/24"]),
    );
    let numbers = Just((1..=6).collect::<Vec<u32>>()).prop_shuffle();
    (prop::collection::vec(rule, 0..=6), numbers).prop_map(|(rules, numbers)| {
        let rules = rules.into_iter().zip(numbers);
        rules
            .map(|((egress, action, protocol, ports, block), number)| {
                (number, egress, action, protocol, ports, block)
            })
            .collect()
    })
}

/// What AWS does with one TCP packet: the first rule by number that matches, else the packet is dropped
/// (<https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html>).
fn passes(rules: &[Rule], out: bool, address: std::net::IpAddr, port: u16) -> bool {
    let matches = |(_, egress, _, protocol, ports, block): &&Rule| {
        let (from, to) = ports.split_once('-').unwrap();
        let ports = from.parse::<u16>().unwrap()..=to.parse().unwrap();
        *egress == out
            && (*protocol == "-1" || *protocol == "tcp" && ports.contains(&port))
            && block.parse::<ipnet::IpNet>().unwrap().contains(&address)
    };
    let first = rules.iter().filter(matches).min_by_key(|(number, ..)| *number);
    first.is_some_and(|(_, _, action, ..)| *action == "allow")
}

/// What becomes of every packet that there may be: each half of the subnet, each side of each border of
/// the ports.
fn expected(rules: &[Rule], out: bool, ports: &[u16]) -> &'static str {
    let addresses = ["10.2.0.5", "10.2.0.200"].map(|one| one.parse().unwrap());
    let each = addresses.iter().flat_map(|address| ports.iter().map(move |port| (*address, *port)));
    let ends: Vec<_> = each.map(|(address, port)| passes(rules, out, address, port)).collect();
    match (ends.contains(&true), ends.contains(&false)) {
        (true, false) => "pass",
        (false, _) => "denied",
        (true, true) => "open",
    }
}

proptest! {
    #![proptest_config(property(64))]

    #[test]
    fn each_way_is_what_its_packets_meet(rules in any_rules()) {
        let there = expected(&rules, false, &[443]);
        let back = expected(&rules, true, &[1024, 40_000, 40_001, 65_535]);
        // Rules for parts of a subnet are not added up: what they do together may stay open.
        let apart = rules.iter().any(|(.., block)| block.ends_with("/25"));
        for (name, text) in [("main.tf", terraform(&rules)), ("main.yaml", cloudformation(&rules))] {
            for (said, meant) in words(name, &text, "client", "eks").into_iter().zip([there, back]) {
                prop_assert!(said == meant || apart && said == "open", "{} is {}: {}", said, meant, text);
            }
        }
    }
}
