//! A design in CloudFormation: YAML, JSON, under a Condition, with parameters that have defaults or none.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

use super::model::{Block, Body, Design, Value};
use super::terraform::GIVEN;
use super::written::Written;

/// How a reference is written: the logical id, and the attribute; none is `Ref`.
pub(super) type Names<'a> = &'a dyn Fn(&str, Option<&str>) -> Json;

/// The types of the kinds; a kind that is not here CloudFormation cannot write.
const TYPES: &[(&str, &str)] = &[
    ("aws_vpc", "EC2::VPC"),
    ("aws_vpc_ipv4_cidr_block_association", "EC2::VPCCidrBlock"),
    ("aws_internet_gateway", "EC2::InternetGateway"),
    ("aws_internet_gateway_attachment", "EC2::VPCGatewayAttachment"),
    ("aws_ec2_client_vpn_endpoint", "EC2::ClientVpnEndpoint"),
    ("aws_ec2_client_vpn_network_association", "EC2::ClientVpnTargetNetworkAssociation"),
    ("aws_ec2_client_vpn_authorization_rule", "EC2::ClientVpnAuthorizationRule"),
    ("aws_subnet", "EC2::Subnet"),
    ("aws_route_table", "EC2::RouteTable"),
    ("aws_route", "EC2::Route"),
    ("aws_route_table_association", "EC2::SubnetRouteTableAssociation"),
    ("aws_vpc_peering_connection", "EC2::VPCPeeringConnection"),
    ("aws_ec2_transit_gateway", "EC2::TransitGateway"),
    ("aws_ec2_transit_gateway_vpc_attachment", "EC2::TransitGatewayAttachment"),
    ("aws_ec2_transit_gateway_route_table", "EC2::TransitGatewayRouteTable"),
    ("aws_ec2_transit_gateway_route", "EC2::TransitGatewayRoute"),
    ("aws_ec2_transit_gateway_route_table_association", "EC2::TransitGatewayRouteTableAssociation"),
    ("aws_ec2_transit_gateway_route_table_propagation", "EC2::TransitGatewayRouteTablePropagation"),
    ("aws_vpn_gateway", "EC2::VPNGateway"),
    ("aws_vpn_gateway_attachment", "EC2::VPCGatewayAttachment"),
    ("aws_vpn_gateway_route_propagation", "EC2::VPNGatewayRoutePropagation"),
    ("aws_customer_gateway", "EC2::CustomerGateway"),
    ("aws_vpn_connection", "EC2::VPNConnection"),
    ("aws_vpn_connection_route", "EC2::VPNConnectionRoute"),
    ("aws_security_group", "EC2::SecurityGroup"),
    ("aws_vpc_security_group_ingress_rule", "EC2::SecurityGroupIngress"),
    ("aws_network_acl", "EC2::NetworkAcl"),
    ("aws_network_acl_rule", "EC2::NetworkAclEntry"),
    ("aws_network_acl_association", "EC2::SubnetNetworkAclAssociation"),
    ("aws_vpc_dhcp_options", "EC2::DHCPOptions"),
    ("aws_vpc_dhcp_options_association", "EC2::VPCDHCPOptionsAssociation"),
    ("aws_vpc_endpoint", "EC2::VPCEndpoint"),
    ("aws_eks_cluster", "EKS::Cluster"),
    ("aws_eks_node_group", "EKS::Nodegroup"),
    ("aws_route53_zone", "Route53::HostedZone"),
    ("aws_route53_record", "Route53::RecordSet"),
    ("aws_route53_resolver_firewall_domain_list", "Route53Resolver::FirewallDomainList"),
    ("aws_route53_resolver_firewall_rule_group", "Route53Resolver::FirewallRuleGroup"),
    (
        "aws_route53_resolver_firewall_rule_group_association",
        "Route53Resolver::FirewallRuleGroupAssociation",
    ),
    ("aws_route53profiles_profile", "Route53Profiles::Profile"),
    ("aws_route53profiles_resource_association", "Route53Profiles::ProfileResourceAssociation"),
    ("aws_ram_resource_share", "RAM::ResourceShare"),
    ("aws_route53_resolver_endpoint", "Route53Resolver::ResolverEndpoint"),
    ("aws_route53_resolver_rule", "Route53Resolver::ResolverRule"),
    ("aws_route53_resolver_rule_association", "Route53Resolver::ResolverRuleAssociation"),
];

/// Properties that are not called as the argument is.
const PROPERTIES: &[(&str, &str, &str)] = &[
    ("aws_route53_resolver_rule_association", "vpc_id", "VPCId"),
    ("aws_vpc_security_group_ingress_rule", "security_group_id", "GroupId"),
    ("aws_vpc_security_group_ingress_rule", "cidr_ipv4", "CidrIp"),
    (
        "aws_vpc_security_group_ingress_rule",
        "referenced_security_group_id",
        "SourceSecurityGroupId",
    ),
    ("aws_eks_node_group", "node_role_arn", "NodeRole"),
    ("aws_eks_node_group", "subnet_ids", "Subnets"),
    ("aws_eks_node_group", "node_group_name", "NodegroupName"),
    ("aws_route53_zone", "vpc", "VPCs"),
    ("aws_route53_zone", "vpc_id", "VPCId"),
    ("aws_eks_cluster", "vpc_config", "ResourcesVpcConfig"),
    ("aws_route53_resolver_endpoint", "ip_address", "IpAddresses"),
    ("aws_route53_resolver_rule", "target_ip", "TargetIps"),
    ("aws_route53_record", "zone_id", "HostedZoneId"),
    ("aws_route53_record", "records", "ResourceRecords"),
    ("aws_route53_record", "ttl", "TTL"),
];

/// Properties of which there is one, not a list.
const SINGLE: [&str; 4] =
    ["ResourcesVpcConfig", "ScalingConfig", "DnsOptions", "RemoteNetworkConfig"];

/// Kinds that CloudFormation has as a list in another resource: the argument that names it, and the property.
const PARTS: [(&str, &str, &str); 2] = [
    ("aws_route53_resolver_firewall_rule", "firewall_rule_group_id", "FirewallRules"),
    ("aws_ram_resource_association", "resource_share_arn", "ResourceArns"),
];

/// The design without the blocks that are a part of others in CloudFormation, each where it belongs.
pub(super) fn folded(design: &Design) -> Design {
    let mut out = design.clone();
    for (kind, argument, property) in PARTS {
        let (parts, rest): (Vec<Block>, Vec<Block>) =
            out.blocks.into_iter().partition(|it| it.kind == kind);
        out.blocks = rest;
        for mut part in parts {
            let at = part.body.fields.iter().position(|(name, _)| name == argument);
            let (_, whole) = part.body.fields.remove(at.expect("it names what it is a part of"));
            let Value::Ref(address, _) = whole else { panic!("{whole:?}") };
            let whole = out.blocks.iter_mut().find(|it| it.address() == address);
            let whole = &mut whole.expect("the design has it").body;
            if let [(_, only)] = &part.body.fields[..] {
                match whole.fields.iter_mut().find(|(name, _)| name == property) {
                    Some((_, Value::List(items))) => items.push(only.clone()),
                    _ => whole.fields.push((property.to_owned(), Value::List(vec![only.clone()]))),
                }
            } else {
                part.body.fields.retain(|(name, _)| name != "name");
                whole.blocks.push((property.to_owned(), part.body));
            }
        }
    }
    out
}

fn pascal(name: &str) -> String {
    let parts = name.split('_').filter(|part| !part.is_empty());
    parts.map(|part| part[..1].to_uppercase() + &part[1..]).collect()
}

/// The logical id of a block.
pub(super) fn id(address: &str) -> String {
    pascal(&address.trim_start_matches("aws_").replace('.', "_"))
}

/// The attribute of `Fn::GetAtt`; none is `Ref`.
fn attribute(name: &str) -> Option<String> {
    match name.rsplit('.').next() {
        Some("id" | "name" | "zone_id") => None,
        last => last.map(pascal),
    }
}

pub(super) fn value(it: &Value, names: Names<'_>) -> Json {
    match it {
        Value::Text(text) => json!(text),
        Value::Bare(text) => serde_json::from_str(text).expect("a number or a boolean"),
        Value::Ref(of, name) => names(&id(of), attribute(name).as_deref()),
        Value::Host(of) => {
            let endpoint = names(&id(of), Some("Endpoint"));
            json!({"Fn::Select": [1, {"Fn::Split": ["//", endpoint]}]})
        }
        Value::List(items) => items.iter().map(|item| value(item, names)).collect(),
    }
}

fn object(kind: &str, it: &Body, names: Names<'_>) -> Map<String, Json> {
    let called = |name: &str| {
        let found = PROPERTIES.iter().find(|(of, own, _)| *of == kind && *own == name);
        found.map_or_else(|| pascal(name), |(.., property)| (*property).to_owned())
    };
    let fields = it.fields.iter().map(|(name, one)| (called(name), value(one, names)));
    let mut out: Map<String, Json> = fields.collect();
    for (name, inner) in &it.blocks {
        let (name, inner) = (called(name), Json::Object(object(kind, inner, names)));
        match out.get_mut(&name) {
            Some(Json::Array(list)) => list.push(inner),
            _ if SINGLE.contains(&&*name) => drop(out.insert(name, inner)),
            _ => drop(out.insert(name, json!([inner]))),
        }
    }
    out
}

/// The rules of a security group: one for each block or group.
fn permits(it: &Body, way: &str, names: Names<'_>) -> Vec<Json> {
    let group =
        if way == "ingress" { "SourceSecurityGroupId" } else { "DestinationSecurityGroupId" };
    let mut all = Vec::new();
    for (_, rule) in it.blocks.iter().filter(|(own, _)| own == way) {
        let mut shared = object("", rule, names);
        let protocol = shared.remove("Protocol").expect("a rule has a protocol");
        shared.insert("IpProtocol".to_owned(), protocol);
        for (list, property) in [("CidrBlocks", "CidrIp"), ("SecurityGroups", group)] {
            let peers = shared.remove(list);
            for peer in peers.as_ref().and_then(Json::as_array).into_iter().flatten() {
                let mut one = shared.clone();
                one.insert(property.to_owned(), peer.clone());
                all.push((one, property));
            }
        }
    }
    all.into_iter()
        .map(|(mut one, _)| {
            one.remove("SecurityGroups");
            Json::Object(one)
        })
        .collect()
}

/// A resource; none where CloudFormation has no words for it.
pub(super) fn resource(it: &Block, names: Names<'_>) -> Option<Json> {
    let (_, kind) = TYPES.iter().find(|(own, _)| *own == it.kind)?;
    let mut properties = object(&it.kind, &it.body, names);
    properties.remove("Tags");
    // A stack is in one Region.
    if properties.contains_key("Region") {
        return None;
    }
    match &*it.kind {
        "aws_security_group" => {
            properties.remove("Ingress");
            properties.remove("Egress");
            properties.insert("GroupDescription".to_owned(), json!(it.name));
            properties.insert(
                "SecurityGroupIngress".to_owned(),
                json!(permits(&it.body, "ingress", names)),
            );
            let egress = permits(&it.body, "egress", names);
            // Without any, CloudFormation lets everything out: this is its way to say nothing.
            let nothing = json!({"IpProtocol": "icmp", "FromPort": 252, "ToPort": 86, "CidrIp": "255.255.255.255/32"});
            let egress = if egress.is_empty() { vec![nothing] } else { egress };
            properties.insert("SecurityGroupEgress".to_owned(), json!(egress));
        }
        // CloudFormation has no such option.
        "aws_vpc_peering_connection" if properties.contains_key("Requester") => return None,
        "aws_vpc_peering_connection" => {
            let accepted = properties.remove("AutoAccept");
            if accepted != Some(json!(true)) {
                return None;
            }
        }
        "aws_vpn_gateway" => drop(properties.insert("Type".to_owned(), json!("ipsec.1"))),
        "aws_vpn_gateway_route_propagation" => {
            let table = properties.remove("RouteTableId");
            properties.insert("RouteTableIds".to_owned(), json!([table]));
        }
        "aws_network_acl_rule" => {
            let protocol = match properties.get("Protocol").and_then(Json::as_str) {
                Some("tcp") => 6,
                Some("udp") => 17,
                _ => -1,
            };
            properties.insert("Protocol".to_owned(), json!(protocol));
            let (from, to) = (properties.remove("FromPort"), properties.remove("ToPort"));
            if let (Some(from), Some(to)) = (from, to) {
                properties.insert("PortRange".to_owned(), json!({"From": from, "To": to}));
            }
        }
        _ => {}
    }
    Some(json!({"Type": format!("AWS::{kind}"), "Properties": properties}))
}

pub(super) fn plain(id: &str, attribute: Option<&str>) -> Json {
    match attribute {
        None => json!({"Ref": id}),
        Some(attribute) => json!({"Fn::GetAtt": [id, attribute]}),
    }
}

/// A value as YAML; references in their short form.
fn yaml(it: &Json, deep: usize) -> String {
    let space = "  ".repeat(deep);
    match it {
        Json::Object(members) if members.len() == 1 && members.contains_key("Ref") => {
            format!(" !Ref {}\n", members["Ref"].as_str().expect("a logical id"))
        }
        Json::Object(members) if members.len() == 1 && members.contains_key("Fn::GetAtt") => {
            let path = members["Fn::GetAtt"].as_array().expect("two parts");
            let path: Vec<_> = path.iter().filter_map(Json::as_str).collect();
            format!(" !GetAtt {}\n", path.join("."))
        }
        Json::Object(members) if !members.is_empty() => {
            let mut out = "\n".to_owned();
            for (name, one) in members {
                let _ = write!(out, "{space}{name}:{}", yaml(one, deep + 1));
            }
            out
        }
        Json::Array(items) if !items.is_empty() => {
            let mut out = "\n".to_owned();
            for item in items {
                let _ = write!(out, "{space}-{}", yaml(item, deep + 1));
            }
            out
        }
        other => format!(" {other}\n"),
    }
}

/// Collects a template.
pub(super) struct Template {
    file: String,
    out: Written,
    count: usize,
}

impl Template {
    /// Ends with `.json` or `.yaml`; `head` is all but the resources.
    pub(super) fn new(out: Written, file: &str, head: &Json) -> Self {
        let mut it = Self { file: file.to_owned(), out, count: 0 };
        let sections = head.as_object().into_iter().flatten();
        if it.is_json() {
            let text: String = sections.map(|(name, one)| format!("{name:?}: {one},\n")).collect();
            it.out.add(file, &format!("{{{text}\"Resources\": {{"));
        } else {
            let text: String =
                sections.map(|(name, one)| format!("{name}:{}", yaml(one, 1))).collect();
            it.out.add(file, &format!("{text}Resources:\n"));
        }
        it
    }

    fn is_json(&self) -> bool {
        std::path::Path::new(&self.file).extension() == Some("json".as_ref())
    }

    pub(super) fn put(&mut self, address: &str, name: &str, resource: &Json) {
        let (comma, text) = match self.is_json() {
            true => (if self.count > 0 { ",\n" } else { "\n" }, format!("{name:?}: {resource:#}")),
            false => ("", format!("  {name}:{}", yaml(resource, 2))),
        };
        self.out.add(&self.file, comma);
        self.out.put(&self.file, [address], &text);
        self.count += 1;
    }

    pub(super) fn end(mut self) -> Written {
        if self.is_json() {
            self.out.add(&self.file, "\n}}\n");
        }
        self.out
    }
}

fn one(design: &Design, file: &str, head: &Json, names: Names<'_>) -> Option<Written> {
    let mut template = Template::new(Written::default(), file, head);
    for it in &design.blocks {
        template.put(&it.address(), &id(&it.address()), &resource(it, names)?);
    }
    Some(template.end())
}

pub(super) fn yaml_template(design: &Design) -> Option<Written> {
    one(design, "template.yaml", &json!({"AWSTemplateFormatVersion": "2010-09-09"}), &plain)
}

pub(super) fn json_template(design: &Design) -> Option<Written> {
    one(design, "template.json", &json!({"AWSTemplateFormatVersion": "2010-09-09"}), &plain)
}

/// Everything stands under a Condition on a parameter, and flags are chosen by `Fn::If`.
pub(super) fn conditions(design: &Design) -> Option<Written> {
    let head = json!({
        "Parameters": {"Mode": {"Type": "String", "Default": "all", "AllowedValues": ["all", "none"]}},
        "Conditions": {"Made": {"Fn::Equals": [{"Ref": "Mode"}, "all"]}},
    });
    let mut template = Template::new(Written::default(), "template.yaml", &head);
    for it in &design.blocks {
        let mut resource = resource(it, &plain)?;
        resource["Condition"] = json!("Made");
        for one in resource["Properties"].as_object_mut()?.values_mut() {
            if one.is_boolean() || one.is_string() {
                *one = json!({"Fn::If": ["Made", one.take(), {"Ref": "AWS::NoValue"}]});
            }
        }
        template.put(&it.address(), &id(&it.address()), &resource);
    }
    Some(template.end())
}

/// Every text is the default of a parameter.
pub(super) fn parameters(design: &Design) -> Option<Written> {
    let mut parameters = Map::new();
    let mut resources = Vec::new();
    for it in &design.blocks {
        let mut resource = resource(it, &plain)?;
        for (name, one) in resource["Properties"].as_object_mut()? {
            if one.is_string() {
                let parameter = format!("{}{name}", id(&it.address()));
                parameters
                    .insert(parameter.clone(), json!({"Type": "String", "Default": one.take()}));
                *one = json!({"Ref": parameter});
            }
        }
        resources.push((it.address(), resource));
    }
    let mut template =
        Template::new(Written::default(), "template.yaml", &json!({"Parameters": parameters}));
    for (address, resource) in resources {
        template.put(&address, &id(&address), &resource);
    }
    Some(template.end())
}

/// VPCs and subnets are parameters without a value.
pub(super) fn open_parameters(design: &Design) -> Option<Written> {
    let is_given = |it: &&Block| GIVEN.contains(&&*it.kind);
    let given: Vec<_> = design.blocks.iter().filter(is_given).map(|it| id(&it.address())).collect();
    let names = |own: &str, attribute: Option<&str>| match attribute {
        Some(attribute) if given.iter().any(|one| one == own) => {
            json!({"Ref": format!("{own}{attribute}")})
        }
        _ => plain(own, attribute),
    };
    let mut parameters = Map::new();
    let mut kept = Design::default();
    for it in design.blocks.iter().filter(|it| !is_given(it)) {
        for (of, name) in it.body.refs() {
            if given.contains(&id(of)) {
                let name = format!("{}{}", id(of), attribute(name).unwrap_or_default());
                parameters.insert(name, json!({"Type": "String"}));
            }
        }
        kept.blocks.push(it.clone());
    }
    one(&kept, "template.yaml", &json!({"Parameters": parameters}), &names)
}
