//! All pairs of things that can take a name, at equal and at different depth, in both languages.

use super::{ask, cloudformation, terraform};

/// A thing that takes names: what it is called, how strong it is at an equal name (local before Profile,
/// then rule before zone), and how each language writes it for a domain.
struct Kind {
    answer: &'static str,
    strength: (bool, bool),
    terraform: &'static str,
    cloudformation: &'static str,
}

const KINDS: [Kind; 5] = [
    Kind {
        answer: "192.0.2.1: internet",
        strength: (true, true),
        terraform: r#"
resource "aws_route53_resolver_rule" "local" {
  domain_name = "DOMAIN"
  rule_type   = "FORWARD"
  target_ip { ip = "192.0.2.1" }
}
resource "aws_route53_resolver_rule_association" "local" {
  resolver_rule_id = aws_route53_resolver_rule.local.id
  vpc_id           = aws_vpc.a.id
}
"#,
        cloudformation: "
  Local: {Type: AWS::Route53Resolver::ResolverRule, Properties: {DomainName: DOMAIN, RuleType: FORWARD, TargetIps: [{Ip: 192.0.2.1}]}}
  LocalA: {Type: AWS::Route53Resolver::ResolverRuleAssociation, Properties: {ResolverRuleId: !Ref Local, VPCId: !Ref A}}
",
    },
    Kind {
        answer: "zone",
        strength: (true, false),
        terraform: r#"
resource "aws_route53_zone" "zone" {
  name = "DOMAIN"
  vpc { vpc_id = aws_vpc.a.id }
}
resource "aws_route53_record" "zone" {
  zone_id = aws_route53_zone.zone.zone_id
  name    = "*"
  type    = "A"
  records = ["10.0.0.9"]
}
"#,
        cloudformation: "
  Zone: {Type: AWS::Route53::HostedZone, Properties: {Name: DOMAIN, VPCs: [{VPCId: !Ref A, VPCRegion: us-east-1}]}}
  ZoneAll: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneId: !Ref Zone, Name: '*.DOMAIN.', Type: A, TTL: '60', ResourceRecords: [10.0.0.9]}}
",
    },
    Kind {
        answer: "192.0.2.2: internet",
        strength: (false, true),
        terraform: r#"
resource "aws_route53_resolver_rule" "shared" {
  domain_name = "DOMAIN"
  rule_type   = "FORWARD"
  target_ip { ip = "192.0.2.2" }
}
resource "aws_route53profiles_resource_association" "shared" {
  name         = "shared"
  profile_id   = aws_route53profiles_profile.p.id
  resource_arn = aws_route53_resolver_rule.shared.arn
}
"#,
        cloudformation: "
  Shared: {Type: AWS::Route53Resolver::ResolverRule, Properties: {DomainName: DOMAIN, RuleType: FORWARD, TargetIps: [{Ip: 192.0.2.2}]}}
  SharedP: {Type: AWS::Route53Profiles::ProfileResourceAssociation, Properties: {Name: shared, ProfileId: !Ref P, ResourceArn: !GetAtt Shared.Arn}}
",
    },
    Kind {
        answer: "common",
        strength: (false, false),
        terraform: r#"
resource "aws_vpc" "b" { cidr_block = "10.9.0.0/16" }
resource "aws_route53_zone" "common" {
  name = "DOMAIN"
  vpc { vpc_id = aws_vpc.b.id }
}
resource "aws_route53_record" "common" {
  zone_id = aws_route53_zone.common.zone_id
  name    = "*.DOMAIN"
  type    = "A"
  records = ["10.9.0.9"]
}
resource "aws_route53profiles_resource_association" "common" {
  name         = "common"
  profile_id   = aws_route53profiles_profile.p.id
  resource_arn = aws_route53_zone.common.arn
}
"#,
        cloudformation: "
  B: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.9.0.0/16}}
  Common: {Type: AWS::Route53::HostedZone, Properties: {Name: DOMAIN., VPCs: [{VPCId: !Ref B, VPCRegion: us-east-1}]}}
  CommonAll: {Type: AWS::Route53::RecordSet, Properties: {HostedZoneId: !Ref Common, Name: '*.DOMAIN', Type: A, TTL: '60', ResourceRecords: [10.9.0.9]}}
  CommonP: {Type: AWS::Route53Profiles::ProfileResourceAssociation, Properties: {Name: common, ProfileId: !Ref P, ResourceArn: !Sub 'arn:aws:route53:::hostedzone/${Common}'}}
",
    },
    Kind {
        answer: "space",
        strength: (true, false),
        terraform: r#"
resource "aws_service_discovery_private_dns_namespace" "space" {
  name = "DOMAIN"
  vpc  = aws_vpc.a.id
}
"#,
        cloudformation: "
  Space: {Type: AWS::ServiceDiscovery::PrivateDnsNamespace, Properties: {Name: DOMAIN, Vpc: !Ref A}}
",
    },
];

const AROUND: (&str, &str) = (
    r#"
resource "aws_vpc" "a" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_route53profiles_profile" "p" { name = "p" }
resource "aws_route53profiles_association" "p" {
  name        = "p"
  profile_id  = aws_route53profiles_profile.p.id
  resource_id = aws_vpc.a.id
}
"#,
    "
  A: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16, EnableDnsHostnames: true}}
  P: {Type: AWS::Route53Profiles::Profile, Properties: {Name: p}}
  PA: {Type: AWS::Route53Profiles::ProfileAssociation, Properties: {Name: p, ProfileId: !Ref P, ResourceId: !Ref A}}
",
);

/// What the documents say of two things, the first for `corp.example` with so many labels before it.
fn expected(one: (&Kind, usize), other: (&Kind, usize)) -> String {
    let rank = |(kind, depth): (&Kind, usize)| (depth, kind.strength);
    match rank(one).cmp(&rank(other)) {
        std::cmp::Ordering::Greater => one.0.answer.to_owned(),
        std::cmp::Ordering::Less => other.0.answer.to_owned(),
        std::cmp::Ordering::Equal => "undecided".to_owned(),
    }
}

fn domain(depth: usize) -> &'static str {
    ["corp.example", "East.Corp.example", "db.east.corp.EXAMPLE"][depth]
}

#[test]
fn every_pair_at_every_depth() {
    for one in &KINDS {
        for other in KINDS.iter().filter(|other| other.answer != one.answer) {
            for (a, b) in [(0, 0), (1, 0), (0, 1), (2, 1), (1, 1)] {
                let write = |around: &str, texts: [&str; 2]| {
                    let texts = [
                        texts[0].replace("DOMAIN", domain(a)),
                        texts[1].replace("DOMAIN", domain(b)),
                    ];
                    format!("{around}{}{}", texts[0], texts[1])
                };
                let wanted = expected((one, a), (other, b));
                let text = write(AROUND.0, [one.terraform, other.terraform]);
                let got = ask(&terraform(&text), "aws_vpc.a", "X.db.east.corp.example.");
                assert_eq!(got, wanted, "{text}");
                let text = write(AROUND.1, [one.cloudformation, other.cloudformation]);
                let got = ask(&cloudformation(&text), "A", "x.db.east.corp.example");
                assert_eq!(got, wanted, "{text}");
            }
        }
    }
}

#[test]
fn a_match_is_of_whole_labels() {
    for kind in &KINDS {
        let text = format!("{}{}", AROUND.0, kind.terraform.replace("DOMAIN", "corp.example"));
        let network = terraform(&text);
        for (name, inside) in [
            ("x.corp.example", true),
            ("X.CORP.Example.", true),
            ("xcorp.example", false),
            ("example", false),
            ("corp.example.org", false),
        ] {
            let wanted = if inside { kind.answer } else { "internet" };
            assert_eq!(ask(&network, "aws_vpc.a", name), wanted, "{name}: {text}");
        }
    }
}

/// Private zones need the names of hosts; where they do not act, they keep no name from a wider rule.
#[test]
fn a_zone_that_does_not_act_hides_no_rule() {
    let [rule, zone, ..] = &KINDS;
    let write = |around: &str, texts: [&str; 2]| {
        let (wide, narrow) =
            (texts[0].replace("DOMAIN", "example"), texts[1].replace("DOMAIN", domain(0)));
        format!("{around}{wide}{narrow}")
    };
    let texts = write(AROUND.0, [rule.terraform, zone.terraform]);
    let template = write(AROUND.1, [rule.cloudformation, zone.cloudformation]);
    for (on, wanted) in [("true", zone.answer), ("false", rule.answer)] {
        let text = texts.replace("hostnames = true", &format!("hostnames = {on}"));
        assert_eq!(ask(&terraform(&text), "aws_vpc.a", "x.corp.example"), wanted, "{text}");
        let text = template.replace("Hostnames: true", &format!("Hostnames: {on}"));
        assert_eq!(ask(&cloudformation(&text), "A", "x.corp.example"), wanted, "{text}");
    }
}
