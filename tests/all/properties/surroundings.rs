//! What stands around a cluster: DHCP options, associations, a zone; and the same design in two roots.

use std::fmt::Write as _;

use regex::Regex;

use super::topology::{Blocks, Topology};

/// The servers of the DHCP options of a VPC, and that VPC.
const SERVERS: [Option<(&str, &str)>; 4] = [
    None,
    Some(("AmazonProvidedDNS", "Eks")),
    Some(("10.9.9.9", "Eks")),
    Some(("10.9.9.9", "Client")),
];

/// The names of a private zone on the clients' VPC, in both languages.
const ZONES: [Option<(&str, &str)>; 3] = [
    None,
    Some((
        "\"${data.aws_region.current.name}.eks.amazonaws.com\"",
        "!Sub \"${AWS::Region}.eks.amazonaws.com\"",
    )),
    Some(("\"corp.example\"", "corp.example")),
];

impl Topology {
    pub(super) fn terraform_around(&self) -> Blocks {
        let mut out = Blocks::new();
        let mut add = |kind: &str, name: &str, body: String| {
            out.push(format!("resource \"{kind}\" \"{name}\" {{\n{body}}}\n"));
        };
        if let Some((server, vpc)) = SERVERS[usize::from(self.dhcp)] {
            add("aws_vpc_dhcp_options", "own", format!("  domain_name_servers = [\"{server}\"]\n"));
            let vpc = vpc.to_lowercase();
            let body = format!(
                "  vpc_id = aws_vpc.{vpc}.id\n  dhcp_options_id = aws_vpc_dhcp_options.own.id\n"
            );
            add("aws_vpc_dhcp_options_association", "own", body);
        }
        if self.profile {
            add("aws_route53profiles_profile", "own", "  name = \"own\"\n".to_owned());
            let body = "  name = \"own\"\n  profile_id = aws_route53profiles_profile.own.id\n";
            let rule = "  resource_arn = aws_route53_resolver_rule.eks.arn\n";
            add("aws_route53profiles_resource_association", "own", format!("{body}{rule}"));
            for vpc in self.associated() {
                let vpc = vpc.to_lowercase();
                let own = format!("{body}  resource_id = aws_vpc.{vpc}.id\n");
                add("aws_route53profiles_association", &vpc, own);
            }
        }
        for vpc in self.associated().filter(|_| !self.profile) {
            let vpc = vpc.to_lowercase();
            let body = format!(
                "  resolver_rule_id = aws_route53_resolver_rule.eks.id\n  vpc_id = aws_vpc.{vpc}.id\n"
            );
            add("aws_route53_resolver_rule_association", &vpc, body);
        }
        if let Some((name, _)) = ZONES[usize::from(self.zone)] {
            let vpc = "  vpc {\n    vpc_id = aws_vpc.client.id\n  }\n";
            add("aws_route53_zone", "own", format!("  name = {name}\n{vpc}"));
        }
        out
    }

    pub(super) fn cloudformation_around(&self) -> Blocks {
        let mut out = Blocks::new();
        let mut add = |name: &str, kind: &str, properties: String| {
            out.push(format!(
                "  {name}:\n    Type: AWS::{kind}\n    Properties: {{{properties}}}\n"
            ));
        };
        if let Some((server, vpc)) = SERVERS[usize::from(self.dhcp)] {
            add("Options", "EC2::DHCPOptions", format!("DomainNameServers: [{server}]"));
            let body = format!("VpcId: !Ref {vpc}, DhcpOptionsId: !Ref Options");
            add("OptionsIn", "EC2::VPCDHCPOptionsAssociation", body);
        }
        if self.profile {
            add("Profile", "Route53Profiles::Profile", "Name: own".to_owned());
            let body = "Name: own, ProfileId: !Ref Profile";
            let rule = format!("{body}, ResourceArn: !GetAtt Rule.Arn");
            add("ProfileRule", "Route53Profiles::ProfileResourceAssociation", rule);
            for vpc in self.associated() {
                let own = format!("{body}, ResourceId: !Ref {vpc}");
                add(&format!("ProfileIn{vpc}"), "Route53Profiles::ProfileAssociation", own);
            }
        }
        for vpc in self.associated().filter(|_| !self.profile) {
            let body = format!("ResolverRuleId: !Ref Rule, VPCId: !Ref {vpc}");
            add(&format!("RuleIn{vpc}"), "Route53Resolver::ResolverRuleAssociation", body);
        }
        if let Some((_, name)) = ZONES[usize::from(self.zone)] {
            let body = format!("Name: {name}, VPCs: [{{VPCId: !Ref Client}}]");
            add("Zone", "Route53::HostedZone", body);
        }
        out
    }
}

/// Blocks of the network, and those of who uses it.
fn apart(blocks: Blocks, is_network: &Regex) -> (Blocks, Blocks) {
    blocks.into_iter().partition(|block| is_network.is_match(block))
}

/// The design as two roots, joined by the state of the first.
pub(super) fn terraform_roots(blocks: Blocks) -> (String, String) {
    let network = "resource \"aws_(vpc|subnet|route|route_table|route_table_association|vpc_peering_connection|security_group)\"";
    let (network, mut rest) = apart(blocks, &Regex::new(network).unwrap());
    let reference = Regex::new(r"aws_(vpc|subnet|security_group)\.(\w+)\.id").unwrap();
    let mut first = network.join("\n");
    first += "terraform {\n  backend \"s3\" {\n    bucket = \"states\"\n    key = \"network\"\n    region = \"eu-west-1\"\n  }\n}\n";
    let mut outputs = std::collections::BTreeSet::new();
    for block in &mut rest {
        for found in reference.captures_iter(block) {
            outputs.insert((found[0].to_owned(), format!("{}_{}", &found[1], &found[2])));
        }
        let read = "data.terraform_remote_state.network.outputs.${1}_${2}";
        *block = reference.replace_all(block, read).into_owned();
    }
    for (value, name) in outputs {
        let _ = write!(first, "output \"{name}\" {{\n  value = {value}\n}}\n");
    }
    let state = "data \"terraform_remote_state\" \"network\" {\n  backend = \"s3\"\n  config = {\n    bucket = \"states\"\n    key = \"network\"\n    region = \"eu-west-1\"\n  }\n}\n";
    (first, format!("{state}{}", rest.join("\n")))
}

/// The design as two templates, joined by exports.
pub(super) fn cloudformation_roots(blocks: Blocks) -> (String, String) {
    let network = "Type: AWS::EC2::(VPC|Subnet|Route|RouteTable|SubnetRouteTableAssociation|VPCPeeringConnection|SecurityGroup)\\n";
    let (network, mut rest) = apart(blocks, &Regex::new(network).unwrap());
    let mut first = format!("Resources:\n{}Outputs:\n", network.concat());
    for block in &network {
        let name = block.trim_start().split(':').next().unwrap();
        let _ = writeln!(first, "  {name}: {{Value: !Ref {name}, Export: {{Name: net-{name}}}}}");
        let used = Regex::new(&format!(r"!Ref {name}\b")).unwrap();
        for other in &mut rest {
            *other = used.replace_all(other, format!("!ImportValue net-{name}")).into_owned();
        }
    }
    (first, format!("Resources:\n{}", rest.concat()))
}
