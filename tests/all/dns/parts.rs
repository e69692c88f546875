//! Each kind of thing that shapes an answer, by itself and in both languages.

use std::fmt::Write as _;

use eksdns_lint::dns::{Assumptions, Dns, Origin, Question};
use eksdns_lint::network::Name;

use super::{ask, cloudformation, terraform, word};

pub(super) const VPC: &str = r#"
resource "aws_vpc" "a" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}
"#;

pub(super) const VPC_CFN: &str =
    "  A: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true}}\n";

fn rule(name: &str, domain: &str, more: &str) -> String {
    format!(
        r#"
resource "aws_route53_resolver_rule" "{name}" {{
  domain_name = "{domain}"
  {more}
}}
resource "aws_route53_resolver_rule_association" "{name}" {{
  resolver_rule_id = aws_route53_resolver_rule.{name}.id
  vpc_id           = aws_vpc.a.id
}}
"#
    )
}

const FORWARD: &str = "rule_type = \"FORWARD\"\n  target_ip { ip = \"192.0.2.1\" }";
const SYSTEM: &str = "rule_type = \"SYSTEM\"";

pub(super) fn zone(name: &str, domain: &str, records: &[(&str, &str, &str)]) -> String {
    let mut text = format!(
        "resource \"aws_route53_zone\" \"{name}\" {{\n  name = \"{domain}\"\n  vpc {{ vpc_id = aws_vpc.a.id }}\n}}\n"
    );
    for (at, (record, kind, value)) in records.iter().enumerate() {
        let _ = write!(
            text,
            "resource \"aws_route53_record\" \"{name}{at}\" {{\n  zone_id = aws_route53_zone.{name}.id\n  \
             name = \"{record}\"\n  type = \"{kind}\"\n  records = [\"{value}\"]\n}}\n"
        );
    }
    text
}

#[test]
fn a_system_rule_takes_names_back() {
    let text = [
        VPC,
        &rule("all", ".", FORWARD),
        &rule("aws", "amazonaws.com", SYSTEM),
        &zone("wide", "com", &[("*.amazonaws.com", "A", "10.0.0.9")]),
    ]
    .concat();
    let network = terraform(&text);
    assert_eq!(ask(&network, "a", "sts.amazonaws.com"), "wide", "a zone above the rule still acts");
    assert_eq!(ask(&network, "a", "www.example.org"), "192.0.2.1: internet");
    let text = [VPC, &rule("all", ".", FORWARD), &rule("aws", "amazonaws.com", SYSTEM)].concat();
    assert_eq!(ask(&terraform(&text), "a", "sts.amazonaws.com"), "internet");
}

/// What it takes back no rule takes from it, also none that may be there beside it.
#[test]
fn below_a_system_rule_only_zones_act() {
    let name = "a.b.c.d.e.amazonaws.com";
    let around =
        [VPC, &rule("own", name, SYSTEM), "variable \"rule\" {}\nvariable \"count\" {}\n"].concat();
    let tied = "resource \"aws_route53_resolver_rule_association\" \"other\" {\n  resolver_rule_id = \
                var.rule\n  vpc_id = aws_vpc.a.id\n}\n";
    let wide = zone("wide", "com", &[("*.amazonaws.com", "A", "10.0.0.9")]);
    let perhaps = rule("open", "${var.rule}", FORWARD);
    for open in ["", tied, &perhaps] {
        let network = terraform(&[&*around, &wide, open].concat());
        assert_eq!(ask(&network, "a", name), "wide", "{open}");
    }
    let open = wide.replace("\"com\"", "var.rule");
    assert_eq!(ask(&terraform(&[&*around, &open].concat()), "a", name), "undecided");
}

#[test]
fn records_of_a_zone() {
    let records = [
        ("www", "A", "10.0.0.9"),
        ("mail.corp.example.", "MX", "10 www"),
        ("alias", "CNAME", "www.corp.example"),
        ("far", "CNAME", "www.example.org"),
        ("round", "CNAME", "ROUND.corp.example"),
        ("*.apps", "A", "10.0.0.9"),
        ("only.apps", "TXT", "x"),
        ("sub", "NS", "ns1.campus.example"),
        ("a.deep", "A", "10.0.0.9"),
    ];
    let network = terraform(&[VPC, &zone("corp", "corp.example", &records)].concat());
    for (name, wanted) in [
        ("www.corp.example", "corp"),
        ("mail.corp.example", "nodata"),
        ("alias.corp.example", "corp"),
        ("far.corp.example", "internet"),
        ("round.corp.example", "undecided"),
        ("x.apps.corp.example", "corp"),
        ("only.apps.corp.example", "nodata"),
        ("x.sub.corp.example", "undecided"),
        ("deep.corp.example", "nodata"),
        ("corp.example", "nodata"),
        ("other.corp.example", "nxdomain"),
    ] {
        assert_eq!(ask(&network, "a", name), wanted, "{name}");
    }
    let cfn = format!(
        "{VPC_CFN}  Corp: {{Type: AWS::Route53::HostedZone, Properties: {{Name: corp.example, VPCs: \
         [{{VPCId: !Ref A, VPCRegion: us-east-1}}]}}}}\n  Group: {{Type: AWS::Route53::RecordSetGroup, \
         Properties: {{HostedZoneName: corp.example., RecordSets: [{{Name: www.corp.example., Type: A, \
         TTL: '60', ResourceRecords: [10.0.0.9]}}]}}}}\n"
    );
    let network = cloudformation(&cfn);
    assert_eq!(ask(&network, "A", "www.corp.example"), "corp");
    assert_eq!(ask(&network, "A", "x.corp.example"), "nxdomain");
    // A record that names no zone is in none.
    let nowhere = cfn.replace("HostedZoneName: corp.example., ", "");
    assert_eq!(ask(&cloudformation(&nowhere), "A", "www.corp.example"), "nxdomain");
}

/// A data source may find the zone of the code, as an output of a stack that was told of it; a variable may not.
#[test]
fn records_of_a_zone_that_is_looked_up() {
    let zone = zone("corp", "corp.example", &[("www", "A", "10.0.0.9")]);
    for (named, wanted) in
        [("data.aws_route53_zone.corp.zone_id", "undecided"), ("var.zone", "nxdomain")]
    {
        let record = format!(
            "resource \"aws_route53_record\" \"api\" {{\n  zone_id = {named}\n  name = \"api\"\n  type = \"A\"\n  \
             records = [\"10.0.0.8\"]\n}}\ndata \"aws_route53_zone\" \"corp\" {{\n  name = \"corp.example\"\n  \
             private_zone = true\n}}\nvariable \"zone\" {{}}\n"
        );
        let network = terraform(&[VPC, &zone, &record].concat());
        assert_eq!(ask(&network, "a", "api.corp.example"), wanted, "{named}");
        assert_eq!(ask(&network, "a", "www.corp.example"), "corp", "{named}");
    }
}

#[test]
fn a_delegation_needs_its_rule() {
    let text = format!(
        "{VPC_CFN}  Corp: {{Type: AWS::Route53::HostedZone, Properties: {{Name: corp.example, VPCs: \
         [{{VPCId: !Ref A, VPCRegion: us-east-1}}]}}}}\n  Sub: {{Type: AWS::Route53::RecordSet, Properties: \
         {{HostedZoneId: !Ref Corp, Name: sub.corp.example, Type: NS, TTL: '60', ResourceRecords: \
         [ns1.campus.example]}}}}\n  Follow: {{Type: AWS::Route53Resolver::ResolverRule, Properties: \
         {{RuleType: DELEGATE, DelegationRecord: campus.example}}}}\n  FollowA: {{Type: \
         AWS::Route53Resolver::ResolverRuleAssociation, Properties: {{ResolverRuleId: !Ref Follow, VPCId: \
         !Ref A}}}}\n"
    );
    let network = cloudformation(&text);
    // The rule of the servers' own domain asks them, and no other.
    for (from, to, asks) in [
        ("campus.example}", "campus.example}", true),
        ("DelegationRecord: campus.example", "DelegationRecord: other.example", false),
        ("RuleType: DELEGATE", "RuleType: SYSTEM", false),
    ] {
        let network = cloudformation(&text.replace(from, to));
        let home = network.vpcs.iter().next().unwrap().id;
        let question = Question::Name(Name::new("x.sub.corp.example"));
        let trace =
            Dns::new(&network, Assumptions::default()).resolve(&question, Origin::Host(home));
        let asked =
            trace.steps.iter().any(|step| &*step.text == "DELEGATE: asks ns1.campus.example");
        assert_eq!(asked, asks, "{to}: {:?}", trace.steps);
    }
    assert_eq!(ask(&network, "A", "x.sub.corp.example"), "undecided");
    assert_eq!(ask(&network, "A", "x.corp.example"), "nxdomain");
    assert_eq!(
        ask(&network, "A", "www.example.org"),
        "internet",
        "the rule has no domain of its own"
    );
}

#[test]
fn private_zones_need_dns_hostnames() {
    let vpc = VPC.replace("= true", "= false");
    let network = terraform(
        &[vpc.as_str(), &zone("corp", "corp.example", &[("www", "A", "10.0.0.9")])].concat(),
    );
    assert_eq!(ask(&network, "a", "www.corp.example"), "internet");
    let perhaps = zone("perhaps", "perhaps.example", &[])
        .replace("{ vpc_id = aws_vpc.a.id }", "{ vpc_id = var.vpc }");
    let network = terraform(
        &[&*vpc, &zone("corp", "corp.example", &[]), &perhaps, "variable \"vpc\" {}\n"].concat(),
    );
    let home = network.vpcs.iter().next().unwrap().id;
    for (name, idle) in
        [("www.corp.example", true), ("www.example.org", false), ("www.perhaps.example", false)]
    {
        let question = Question::Name(Name::new(name));
        let trace =
            Dns::new(&network, Assumptions::default()).resolve(&question, Origin::Host(home));
        let told = trace.steps.iter().any(|step| step.text.contains("DNS hostnames off"));
        assert_eq!(told, idle, "{name}: {:?}", trace.steps);
    }
    let off = VPC.replace("enable_dns_hostnames = true", "enable_dns_support = false");
    assert_eq!(ask(&terraform(&off), "a", "www.example.org"), "timeout");
}

#[test]
fn reverse_lookups_follow_the_flag() {
    let all = rule("all", ".", FORWARD);
    let network = terraform(&[VPC, &all].concat());
    for name in ["9.0.0.10.in-addr.arpa", "1.1.20.172.in-addr.arpa", "localhost"] {
        assert_eq!(ask(&network, "a", name), "own", "{name}");
    }
    assert_eq!(ask(&network, "a", "1.2.0.192.in-addr.arpa"), "192.0.2.1: internet");
    let config = r#"
resource "aws_route53_resolver_config" "a" {
  resource_id              = aws_vpc.a.id
  autodefined_reverse_flag = "DISABLE"
}
"#;
    let network = terraform(&[VPC, &all, config].concat());
    assert_eq!(ask(&network, "a", "9.0.0.10.in-addr.arpa"), "192.0.2.1: internet");
    assert_eq!(ask(&network, "a", "localhost"), "own");
    let network = cloudformation(&format!(
        "{VPC_CFN}  All: {{Type: AWS::Route53Resolver::ResolverRule, Properties: {{DomainName: ., RuleType: \
         FORWARD, TargetIps: [{{Ip: 192.0.2.1}}]}}}}\n  AllA: {{Type: \
         AWS::Route53Resolver::ResolverRuleAssociation, Properties: {{ResolverRuleId: !Ref All, VPCId: \
         !Ref A}}}}\n  C: {{Type: AWS::Route53Resolver::ResolverConfig, Properties: {{ResourceId: !Ref A, \
         AutodefinedReverseFlag: DISABLE}}}}\n"
    ));
    assert_eq!(ask(&network, "A", "9.0.0.10.in-addr.arpa"), "192.0.2.1: internet");
}

#[test]
fn interface_endpoints_bring_their_names() {
    let endpoint = |service: &str, more: &str| {
        format!(
            "resource \"aws_vpc_endpoint\" \"e\" {{\n  vpc_id = aws_vpc.a.id\n  service_name = \
             \"{service}\"\n  vpc_endpoint_type = \"Interface\"\n  {more}\n}}\n"
        )
    };
    let on = "private_dns_enabled = true";
    for (service, name) in [
        ("com.amazonaws.us-east-1.sts", "sts.us-east-1.amazonaws.com"),
        ("com.amazonaws.us-east-1.ecr.dkr", "dkr.ecr.us-east-1.amazonaws.com"),
        ("com.amazonaws.us-east-1.eks", "eks.us-east-1.amazonaws.com"),
        ("com.amazonaws.us-east-1.oidc-eks", "oidc.eks.us-east-1.amazonaws.com"),
        ("com.amazonaws.us-east-1.eks-auth", "eks-auth.us-east-1.api.aws"),
        ("cn.com.amazonaws.cn-north-1.sts", "sts.cn-north-1.amazonaws.com.cn"),
        ("com.amazonaws.route53", "route53.amazonaws.com"),
    ] {
        let network = terraform(&[VPC, &endpoint(service, on)].concat());
        assert_eq!(ask(&network, "a", name), "e", "{service}");
        assert_eq!(ask(&network, "a", "x.eks.amazonaws.com"), "internet", "{service}");
    }
    let sts = "com.amazonaws.us-east-1.sts";
    let name = "sts.us-east-1.amazonaws.com";
    let off = endpoint(sts, "private_dns_enabled = false");
    assert_eq!(ask(&terraform(&[VPC, &off].concat()), "a", name), "internet");
    assert_eq!(ask(&terraform(&[VPC, &endpoint(sts, "")].concat()), "a", name), "undecided");
    let only =
        format!("{on}\n  dns_options {{ private_dns_only_for_inbound_resolver_endpoint = true }}");
    assert_eq!(ask(&terraform(&[VPC, &endpoint(sts, &only)].concat()), "a", name), "internet");
    let open = "variable \"service\" {}\n";
    let any = endpoint("com.amazonaws.us-east-1.${var.service}", &only);
    assert_eq!(ask(&terraform(&[VPC, &any, open].concat()), "a", name), "internet");
    let any = endpoint("com.amazonaws.us-east-1.${var.service}", on);
    assert_eq!(ask(&terraform(&[VPC, &any, open].concat()), "a", name), "undecided");
    let taken = rule("sts", name, FORWARD);
    let network = terraform(&[VPC, &endpoint(sts, on), &taken].concat());
    assert_eq!(ask(&network, "a", name), "192.0.2.1: internet");
    let cfn = |more: &str| {
        cloudformation(&format!(
            "{VPC_CFN}  E: {{Type: AWS::EC2::VPCEndpoint, Properties: {{VpcId: !Ref A, ServiceName: \
             {sts}, VpcEndpointType: Interface{more}}}}}\n"
        ))
    };
    assert_eq!(ask(&cfn(", PrivateDnsEnabled: true"), "A", name), "e");
    assert_eq!(ask(&cfn(""), "A", name), "internet");
}

/// The names of instances are the VPC's own, below the domains of its Region
/// (<https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-naming.html>).
#[test]
fn the_names_of_instances_are_those_of_the_region() {
    let names = [
        "ip-10-0-0-9.ec2.internal",
        "ec2-192-0-2-9.compute-1.amazonaws.com",
        "ip-10-0-0-9.eu-west-1.compute.internal",
        "ec2-192-0-2-9.eu-west-1.compute.amazonaws.com",
        "ip-10-0-0-9.cn-north-1.compute.internal",
        "ec2-192-0-2-9.cn-north-1.compute.amazonaws.com.cn",
    ];
    let all = rule("all", ".", FORWARD);
    for (region, own) in [("us-east-1", 0..2), ("eu-west-1", 2..4), ("cn-north-1", 4..6)] {
        let provider = format!("provider \"aws\" {{ region = \"{region}\" }}\n");
        let network = terraform(&[&*provider, VPC, &all].concat());
        for (at, name) in names.iter().enumerate() {
            let wanted = if own.contains(&at) { "own" } else { "192.0.2.1: internet" };
            assert_eq!(ask(&network, "a", name), wanted, "{region}: {name}");
        }
    }
}

#[test]
fn a_rule_of_another_region_does_not_act() {
    let text = [
        "provider \"aws\" { region = \"us-east-1\" }\nprovider \"aws\" {\n  alias = \"west\"\n  region = \"us-west-2\"\n}\n",
        VPC,
        &rule("all", ".", FORWARD),
    ]
    .concat();
    assert_eq!(ask(&terraform(&text), "a", "x.example"), "192.0.2.1: internet");
    let text = text.replace(
        "resource \"aws_route53_resolver_rule\" \"all\" {",
        "resource \"aws_route53_resolver_rule\" \"all\" {\n  provider = aws.west",
    );
    assert_eq!(ask(&terraform(&text), "a", "x.example"), "internet");
}

#[test]
fn a_recursive_rule_asks_public_dns() {
    let recursive = rule("back", "example.org", "rule_type = \"RECURSIVE\"");
    let network = terraform(&[VPC, &rule("all", ".", FORWARD), &recursive].concat());
    assert_eq!(ask(&network, "a", "www.example.org"), "internet");
    assert_eq!(ask(&network, "a", "www.example.net"), "192.0.2.1: internet");
}

#[test]
fn a_rule_beats_what_aws_keeps_for_the_same_name() {
    let network = terraform(&[VPC, &rule("reverse", "10.in-addr.arpa", FORWARD)].concat());
    assert_eq!(ask(&network, "a", "5.5.99.10.in-addr.arpa"), "192.0.2.1: internet");
    assert_eq!(
        ask(&network, "a", "9.0.0.10.in-addr.arpa"),
        "own",
        "the VPC's own block is narrower"
    );
}

/// Two clusters with public and private access; the second in the VPC `b`.
pub(super) const CLUSTERS: &str = r#"
resource "aws_vpc" "b" {
  cidr_block           = "10.1.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_subnet" "a" {
  count      = 2
  vpc_id     = aws_vpc.a.id
  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)
}
resource "aws_subnet" "b" {
  count      = 2
  vpc_id     = aws_vpc.b.id
  cidr_block = cidrsubnet("10.1.0.0/16", 8, count.index)
}
resource "aws_eks_cluster" "one" {
  vpc_config {
    subnet_ids              = aws_subnet.a[*].id
    endpoint_private_access = true
    endpoint_public_access  = true
  }
}
resource "aws_eks_cluster" "two" {
  vpc_config {
    subnet_ids              = aws_subnet.b[*].id
    endpoint_private_access = true
    endpoint_public_access  = true
  }
}
"#;

fn endpoint_of(text: &str, cluster: &str, vpc: &str) -> String {
    let network = terraform(text);
    let cluster = network.clusters.iter().find(|one| one.name.ends_with(cluster)).unwrap();
    let vpc = network.vpcs.iter().find(|one| one.name.ends_with(vpc)).unwrap();
    let question = Question::Endpoint(cluster.id);
    let trace = Dns::new(&network, Assumptions::default()).resolve(&question, Origin::Host(vpc.id));
    word(&network, &trace.end.unwrap())
}

#[test]
fn the_zone_of_a_cluster_needs_dns_hostnames() {
    let text = [VPC, CLUSTERS].concat();
    assert_eq!(endpoint_of(&text, "one", ".a"), "private");
    assert_eq!(endpoint_of(&text, "one", ".b"), "public");
    let off = text.replace("enable_dns_hostnames = true", "enable_dns_hostnames = false");
    assert_eq!(endpoint_of(&off, "one", ".a"), "public");
}

/// A service in a Region that the code leaves open has none of the names of clusters.
#[test]
fn an_endpoint_of_an_open_region_takes_no_name_of_a_cluster() {
    let endpoint = r#"
variable "region" {}
resource "aws_vpc_endpoint" "ssm" {
  vpc_id              = aws_vpc.NAME.id
  service_name        = "com.amazonaws.${var.region}.ssm"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
}
"#;
    for (vpc, expected) in [("a", "private"), ("b", "public")] {
        let text = [VPC, CLUSTERS, &endpoint.replace("NAME", vpc)].concat();
        assert_eq!(endpoint_of(&text, "one", &format!(".{vpc}")), expected, "{vpc}");
        // Of other names it may be.
        let asked = ask(&terraform(&text), vpc, "ssm.eu-west-3.amazonaws.com");
        assert_eq!(asked, "undecided", "{vpc}");
    }
}

#[test]
fn the_name_of_one_cluster_is_not_that_of_another() {
    let named = "trimprefix(aws_eks_cluster.two.endpoint, \\\"https://\\\")";
    let own = rule("two", "${NAME}", FORWARD).replace("\"${NAME}\"", &named.replace('\\', ""));
    let text = [VPC, CLUSTERS, &own].concat();
    assert_eq!(endpoint_of(&text, "two", ".a"), "192.0.2.1: public");
    assert_eq!(endpoint_of(&text, "one", ".a"), "private");
    let moved = text.replace("vpc_id           = aws_vpc.a.id", "vpc_id           = aws_vpc.b.id");
    assert_eq!(endpoint_of(&moved, "one", ".b"), "public", "the rule is not for it");
}

/// The zone of a namespace may be tied to further VPCs, as any zone.
#[test]
fn a_namespace_tied_to_a_further_vpc() {
    let other = "resource \"aws_vpc\" \"b\" {\n  cidr_block = \"10.1.0.0/16\"\n}\nresource \
                 \"aws_service_discovery_private_dns_namespace\" \"space\" {\n  name = \"corp.example\"\n  vpc = \
                 aws_vpc.b.id\n}\n";
    let tie = "resource \"aws_route53_zone_association\" \"a\" {\n  zone_id = \
               aws_service_discovery_private_dns_namespace.space.hosted_zone\n  vpc_id = aws_vpc.a.id\n}\n";
    let without = terraform(&[VPC, other].concat());
    assert_eq!(ask(&without, "a", "www.corp.example"), "internet");
    let network = terraform(&[VPC, other, tie].concat());
    assert_eq!(ask(&network, "a", "www.corp.example"), "space");
    assert_eq!(ask(&network, "a", "www.example.org"), "internet");
}
