//! How long 500 resources under 40 conditions take, whatever the shape: `cargo bench --bench conditions`.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod allocator;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use eksdns_lint::Request;

const CONDITIONS: usize = 40;
const RESOURCES: usize = 500;

fn main() {
    let group = |vpc: &str| format!("Properties: {{GroupDescription: x, VpcId: {vpc}}}");
    let own = |at: usize| group(&format!("!If [C{}, vpc-1, !Ref Vpc]", at % CONDITIONS));
    time("a condition each", &groups("", own));
    time("the same forty in a chain", &groups("", |_| group(&chain(0))));
    time("forty in a chain, from each on", &groups("", |at| group(&chain(at))));
    let all: Vec<String> = (0..CONDITIONS).map(|at| format!("!Condition C{at}")).collect();
    let tens: Vec<String> =
        all.chunks(10).map(|ten| format!("!And [{}]", ten.join(", "))).collect();
    let all = format!("  All: !And [{}]\n", tens.join(", "));
    time("all in one", &groups(&all, |at| group(&format!("!If [All, vpc-{at}, !Ref Vpc]"))));
    let under = |at: usize| format!("Condition: C{}\n    {}", at % CONDITIONS, group("!Ref Vpc"));
    time("resources that may be there", &groups("", under));
    time("rules of groups that may be there", &groups("", |_| group(&permissions())));
    time("a fault under each condition", &rules());
    time("VPCs in a ring, with clusters", &ring());
}

fn head(more: &str) -> String {
    let mut text = "Parameters:\n".to_owned();
    for at in 0..CONDITIONS {
        writeln!(text, "  P{at}: {{Type: String}}").unwrap();
    }
    text.push_str("Conditions:\n");
    for at in 0..CONDITIONS {
        writeln!(text, "  C{at}: !Equals [!Ref P{at}, \"true\"]").unwrap();
    }
    text + more + "Resources:\n  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n"
}

/// Security groups.
fn groups(more: &str, body: impl Fn(usize) -> String) -> String {
    let mut text = head(more);
    for at in 0..RESOURCES {
        writeln!(text, "  R{at}:\n    Type: AWS::EC2::SecurityGroup\n    {}", body(at)).unwrap();
    }
    text
}

/// A choice in a choice in a choice, from one condition on.
fn chain(from: usize) -> String {
    let link = |inner, at| format!("!If [C{}, vpc-{at}, {inner}]", (at + from) % CONDITIONS);
    (0..CONDITIONS).rev().fold("!Ref Vpc".to_owned(), link)
}

/// The VPC of a group, and rules of it, each under a condition; as many as a megabyte of template holds.
fn permissions() -> String {
    let rule = |at| {
        format!("!If [C{at}, {{IpProtocol: tcp, FromPort: {at}, ToPort: {at}}}, !Ref AWS::NoValue]")
    };
    let rules: Vec<String> = (0..CONDITIONS).step_by(2).map(rule).collect();
    format!("!Ref Vpc, SecurityGroupIngress: [{}]", rules.join(", "))
}

/// Resolver rules that are associated under a condition each, among groups under the same ones.
fn rules() -> String {
    let mut text = head("");
    for at in 0..CONDITIONS {
        writeln!(
            text,
            "  U{at}: {{Type: AWS::Route53Resolver::ResolverRule, Properties: {{RuleType: FORWARD, DomainName: \
             r{at}.example, ResolverEndpointId: rslvr-out-1, TargetIps: [{{Ip: 172.16.0.53}}]}}}}\n  A{at}: {{Type: \
             AWS::Route53Resolver::ResolverRuleAssociation, Condition: C{at}, Properties: {{ResolverRuleId: !Ref \
             U{at}, VPCId: !Ref Vpc}}}}"
        )
        .unwrap();
    }
    more_groups(text, RESOURCES - 2 * CONDITIONS - 1)
}

/// Ten VPCs, each peered with the next and forwarding to it, with clusters and four subnets; conditions
/// decide attributes, ports, blocks, routes and flags.
fn ring() -> String {
    let mut text = head("");
    for at in 0..10 {
        let (own, next, before) = (at + 1, (at + 1) % 10, (at + 9) % 10);
        writeln!(
            text,
            "  V{at}: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.{own}.0.0/16, EnableDnsHostnames: !If [C{at}, \
             true, false]}}}}\n  G{at}: {{Type: AWS::EC2::SecurityGroup, Properties: {{GroupDescription: x, VpcId: \
             !Ref V{at}, SecurityGroupIngress: [{{IpProtocol: udp, FromPort: 53, ToPort: 53, CidrIp: !If [C{}, \
             10.0.0.0/8, 10.0.0.0/16]}}, {{IpProtocol: tcp, FromPort: 53, ToPort: !If [C{}, 53, 54], CidrIp: \
             10.0.0.0/8}}]}}}}\n  X{at}: {{Type: AWS::EC2::VPCPeeringConnection, Properties: {{VpcId: !Ref V{at}, \
             PeerVpcId: !Ref V{next}}}}}",
            at + 10,
            at + 20
        )
        .unwrap();
        for part in 0..4 {
            writeln!(
                text,
                "  S{at}x{part}: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref V{at}, CidrBlock: \
                 10.{own}.{part}.0/24, AvailabilityZone: eu-west-1{}}}}}\n  T{at}x{part}: {{Type: \
                 AWS::EC2::RouteTable, Properties: {{VpcId: !Ref V{at}}}}}\n  B{at}x{part}: {{Type: \
                 AWS::EC2::SubnetRouteTableAssociation, Properties: {{SubnetId: !Ref S{at}x{part}, RouteTableId: !Ref \
                 T{at}x{part}}}}}\n  D{at}x{part}: {{Type: AWS::EC2::Route, Condition: C{}, Properties: {{RouteTableId: \
                 !Ref T{at}x{part}, DestinationCidrBlock: 10.{}.0.0/16, VpcPeeringConnectionId: !Ref X{at}}}}}\n  \
                 E{at}x{part}: {{Type: AWS::EC2::Route, Properties: {{RouteTableId: !Ref T{at}x{part}, \
                 DestinationCidrBlock: 10.{}.0.0/16, VpcPeeringConnectionId: !Ref X{before}}}}}",
                ['a', 'b', 'c', 'd'][part],
                at + 30,
                next + 1,
                before + 1
            )
            .unwrap();
        }
        let ends = |kind: &str, direction: &str, ips: [&str; 2]| {
            format!(
                "  {kind}{at}: {{Type: AWS::Route53Resolver::ResolverEndpoint, Properties: {{Direction: {direction}, \
                 SecurityGroupIds: [!Ref G{at}], IpAddresses: [{{SubnetId: !Ref S{at}x0{}}}, {{SubnetId: !Ref \
                 S{at}x1{}}}]}}}}\n",
                ips[0], ips[1]
            )
        };
        let pinned = [format!(", Ip: 10.{own}.0.10"), format!(", Ip: 10.{own}.1.10")];
        text += &ends("N", "INBOUND", [&pinned[0], &pinned[1]]);
        text += &ends("O", "OUTBOUND", ["", ""]);
        writeln!(
            text,
            "  U{at}: {{Type: AWS::Route53Resolver::ResolverRule, Properties: {{RuleType: FORWARD, DomainName: \
             r{at}.eks.amazonaws.com, ResolverEndpointId: !Ref O{at}, TargetIps: [{{Ip: 10.{}.0.10}}, {{Ip: \
             10.{}.1.10}}]}}}}\n  A{at}: {{Type: AWS::Route53Resolver::ResolverRuleAssociation, Properties: \
             {{ResolverRuleId: !Ref U{at}, VPCId: !Ref V{at}}}}}\n  K{at}: {{Type: AWS::EKS::Cluster, Properties: \
             {{RoleArn: x, ResourcesVpcConfig: {{EndpointPrivateAccess: true, EndpointPublicAccess: !If [C{}, true, \
             false], SubnetIds: [!Ref S{at}x0, !Ref S{at}x1], SecurityGroupIds: [!Ref G{at}]}}}}}}",
            next + 1,
            next + 1,
            at + 20
        )
        .unwrap();
    }
    let made = text.matches("Type: AWS::").count();
    more_groups(text, RESOURCES - made)
}

fn more_groups(mut text: String, count: usize) -> String {
    for at in 0..count {
        writeln!(
            text,
            "  Z{at}: {{Type: AWS::EC2::SecurityGroup, Condition: C{}, Properties: {{GroupDescription: x, VpcId: !Ref \
             Vpc}}}}",
            at % CONDITIONS
        )
        .unwrap();
    }
    text
}

/// Prints the least and the greatest time of some whole runs, from the file to the findings. Words after
/// `--` choose among the shapes.
fn time(shape: &str, template: &str) {
    let words: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    if !words.is_empty() && !words.iter().any(|word| shape.contains(&**word)) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("template.yaml"), template).unwrap();
    let request = Request { paths: vec![".".into()], ..Request::default() };
    let mut times = [Duration::ZERO; 7];
    for time in &mut times {
        let started = Instant::now();
        let run = eksdns_lint::run(&request, folder.path()).unwrap();
        assert_eq!(run.outcome.counts.roots, 1, "{:?}", run.failures);
        *time = started.elapsed();
    }
    times.sort();
    let size = template.len() / 1024;
    println!("{shape} ({size} KiB): {:?} to {:?}, half below {:?}", times[0], times[6], times[3]);
}
