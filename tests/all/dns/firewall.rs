//! DNS Firewall: which rule decides, and what it passes on.

use eksdns_lint::dns::Origin;

use super::parts::{CLUSTERS, VPC, VPC_CFN, zone};
use super::{ask, cloudformation, from, terraform};

fn list(name: &str, domains: &str) -> String {
    format!(
        "resource \"aws_route53_resolver_firewall_domain_list\" \"{name}\" {{\n  name = \"{name}\"\n  domains = [{domains}]\n}}\n"
    )
}

fn firewall_rule(list: &str, priority: u32, more: &str) -> String {
    format!(
        "resource \"aws_route53_resolver_firewall_rule\" \"{list}{priority}\" {{\n  name = \"r\"\n  \
         firewall_rule_group_id = aws_route53_resolver_firewall_rule_group.g.id\n  \
         firewall_domain_list_id = aws_route53_resolver_firewall_domain_list.{list}.id\n  priority = \
         {priority}\n  {more}\n}}\n"
    )
}

const GROUP: &str = r#"
resource "aws_route53_resolver_firewall_rule_group" "g" { name = "g" }
resource "aws_route53_resolver_firewall_rule_group_association" "g" {
  name                   = "g"
  firewall_rule_group_id = aws_route53_resolver_firewall_rule_group.g.id
  vpc_id                 = aws_vpc.a.id
  priority               = 101
}
"#;

const OPEN: &str = "variable \"open\" {}\n";
const BLOCK: &str = "action = \"BLOCK\"\n  block_response = \"NXDOMAIN\"";
const ALLOW: &str = "action = \"ALLOW\"";

#[test]
fn the_firewall_goes_by_priority() {
    let lists =
        [list("some", "\"*.amazonaws.com\", \"corp.example\""), list("every", "\"*\"")].concat();
    let garden = [firewall_rule("some", 10, ALLOW), firewall_rule("every", 20, BLOCK)].concat();
    let network = terraform(&[VPC, GROUP, &lists, &garden].concat());
    for (name, wanted) in [
        ("sts.us-east-1.AMAZONAWS.com", "internet"),
        ("amazonaws.com", "blocked: NxDomain"),
        ("corp.example.", "internet"),
        ("www.corp.example", "blocked: NxDomain"),
    ] {
        assert_eq!(ask(&network, "a", name), wanted, "{name}");
    }
    let turned = [firewall_rule("some", 20, ALLOW), firewall_rule("every", 10, BLOCK)].concat();
    let network = terraform(&[VPC, GROUP, &lists, &turned].concat());
    assert_eq!(ask(&network, "a", "corp.example"), "blocked: NxDomain");
    let open = [firewall_rule("some", 10, ALLOW), firewall_rule("every", 20, BLOCK)].concat();
    let open = open.replace("priority = 20", "priority = var.priority");
    let network = terraform(&[VPC, GROUP, &lists, &open, "variable \"priority\" {}\n"].concat());
    assert_eq!(ask(&network, "a", "corp.example"), "undecided");
    assert_eq!(ask(&network, "a", "example.org"), "blocked: NxDomain");
}

#[test]
fn an_allowed_name_trusts_its_alias_only_where_it_says_so() {
    let records = [("www", "CNAME", "lb.example.org")];
    let lists = [list("some", "\"*.corp.example\""), list("every", "\"*\"")].concat();
    let zone = zone("corp", "corp.example", &records);
    let trust =
        format!("{ALLOW}\n  firewall_domain_redirection_action = \"TRUST_REDIRECTION_DOMAIN\"");
    for (allow, wanted) in [(ALLOW, "blocked: NxDomain"), (&*trust, "internet")] {
        let rules = [firewall_rule("some", 10, allow), firewall_rule("every", 20, BLOCK)].concat();
        let network = terraform(&[VPC, GROUP, &lists, &zone, &rules].concat());
        assert_eq!(ask(&network, "a", "www.corp.example"), wanted);
    }
}

#[test]
fn groups_with_their_rules_inside() {
    let network = cloudformation(&format!(
        "{VPC_CFN}  L: {{Type: AWS::Route53Resolver::FirewallDomainList, Properties: {{Domains: \
         ['*.corp.example']}}}}\n  G: {{Type: AWS::Route53Resolver::FirewallRuleGroup, Properties: \
         {{FirewallRules: [{{Action: BLOCK, BlockResponse: NODATA, Priority: 5, FirewallDomainListId: !Ref \
         L}}]}}}}\n  GA: {{Type: AWS::Route53Resolver::FirewallRuleGroupAssociation, Properties: \
         {{FirewallRuleGroupId: !Ref G, VpcId: !Ref A, Priority: 101}}}}\n"
    ));
    assert_eq!(ask(&network, "A", "www.corp.example"), "blocked: NoData");
    assert_eq!(ask(&network, "A", "corp.example"), "internet");
}

/// Queries for addresses are what this is about; what a rule is for may be open, and that of an advanced one is.
#[test]
fn rules_for_some_queries() {
    let garden = firewall_rule("every", 20, BLOCK);
    let list = list("every", "\"*\"");
    for (more, wanted) in [
        ("q_type = \"A\"", "blocked: NxDomain"),
        ("q_type = \"AAAA\"", "blocked: NxDomain"),
        ("q_type = \"TXT\"", "internet"),
        ("q_type = var.open", "undecided"),
    ] {
        let rule = garden.replace("action", &format!("{more}\n  action"));
        let network = terraform(&[VPC, GROUP, &list, &rule, OPEN].concat());
        assert_eq!(ask(&network, "a", "corp.example"), wanted, "{more}");
    }
    let named = "firewall_domain_list_id = aws_route53_resolver_firewall_domain_list.every.id";
    let advanced = "dns_threat_protection = \"DGA\"\n  confidence_threshold = \"HIGH\"";
    for other in [advanced, "firewall_domain_list_id = var.open"] {
        let rule = garden.replace(named, other);
        assert_ne!(rule, garden);
        let network = terraform(&[VPC, GROUP, &list, &rule, OPEN].concat());
        assert_eq!(ask(&network, "a", "corp.example"), "undecided", "{other}");
    }
}

#[test]
fn dns_firewall_stands_behind_an_inbound_endpoint_too() {
    let more = r#"
resource "aws_security_group" "dns" {
  vpc_id = aws_vpc.a.id
}
resource "aws_route53_resolver_endpoint" "in" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.dns.id]
  ip_address { subnet_id = aws_subnet.a[0].id }
  ip_address { subnet_id = aws_subnet.a[1].id }
}
resource "aws_route53_resolver_firewall_domain_list" "bad" {
  name    = "bad"
  domains = ["bad.example."]
}
resource "aws_route53_resolver_firewall_rule_group" "bad" {
  name = "bad"
}
resource "aws_route53_resolver_firewall_rule" "bad" {
  name                    = "bad"
  action                  = "BLOCK"
  block_response          = "NODATA"
  firewall_domain_list_id = aws_route53_resolver_firewall_domain_list.bad.id
  firewall_rule_group_id  = aws_route53_resolver_firewall_rule_group.bad.id
  priority                = 100
}
resource "aws_route53_resolver_firewall_rule_group_association" "bad" {
  name                   = "bad"
  firewall_rule_group_id = aws_route53_resolver_firewall_rule_group.bad.id
  priority               = 101
  vpc_id                 = aws_vpc.a.id
}
"#;
    let network = terraform(&[VPC, CLUSTERS, more].concat());
    let inbound = network.endpoints.iter().next().unwrap().id;
    for origin in [Origin::Inbound(inbound), Origin::Host(network.vpcs.iter().next().unwrap().id)] {
        assert_eq!(from(&network, origin, "bad.example"), "blocked: NoData", "{origin:?}");
        assert_eq!(from(&network, origin, "good.example"), "internet", "{origin:?}");
    }
}
