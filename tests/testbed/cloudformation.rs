//! A topology as a CloudFormation template, where CloudFormation can say it.

use serde_json::{Map, Value, json};

use crate::six;
use crate::topology::{
    CAMPUS, Domain, Entry, Peer, Permit, Topology, Transit, Users, Verdict, Via,
};

struct Resources(Map<String, Value>);

impl Resources {
    #[allow(clippy::needless_pass_by_value, reason = "callers build it in place")]
    fn add(&mut self, name: &str, kind: &str, properties: Value) {
        self.0.insert(name.to_owned(), json!({"Type": kind, "Properties": properties}));
    }
}

fn reference(name: impl Into<String>) -> Value {
    json!({"Ref": name.into()})
}

fn attribute(name: &str, attribute: &str) -> Value {
    json!({"Fn::GetAtt": [name, attribute]})
}

fn vpc(number: usize) -> Value {
    reference(format!("Vpc{number}"))
}

fn subnet(vpc: usize, number: usize) -> Value {
    reference(format!("Subnet{vpc}x{number}"))
}

fn groups(numbers: &[usize]) -> Value {
    numbers.iter().map(|one| reference(format!("Group{one}"))).collect()
}

/// The text of a template; `None` where CloudFormation cannot say it: no routes in main tables, and no
/// peering connection of one account that waits to be accepted; nor static routes of a default table.
pub(crate) fn write(topology: &Topology) -> Option<String> {
    let main = |table: &crate::topology::Table| {
        table.propagated || !table.routes.is_empty() || !table.listed.is_empty()
    };
    if topology.vpcs.iter().any(|vpc| main(&vpc.tables[0]))
        || topology.peerings.iter().any(|peering| !peering.accepted)
        || topology.transit.as_ref().is_some_and(|it| {
            let campus = it.attachments.iter().any(|one| one.vpc.is_none());
            campus || it.defaults && !it.tables[0].is_empty()
        })
    {
        return None;
    }
    let mut all = Resources(Map::new());
    for number in 0..topology.vpcs.len() {
        write_vpc(&mut all, topology, number);
    }
    for (number, peering) in topology.peerings.iter().enumerate() {
        let ends = json!({"VpcId": vpc(peering.requester), "PeerVpcId": vpc(peering.accepter)});
        all.add(&format!("Peering{number}"), "AWS::EC2::VPCPeeringConnection", ends);
    }
    if let Some(it) = &topology.transit {
        write_transit(&mut all, it);
    }
    write_filters(&mut all, topology);
    write_clusters(&mut all, topology);
    write_resolver(&mut all, topology);
    write_zones(&mut all, topology);
    write_walls(&mut all, topology);
    for (number, users) in topology.users.iter().enumerate() {
        write_users(&mut all, number, users);
    }
    for (number, blocks) in topology.lists.iter().enumerate() {
        let entries: Value = blocks.iter().map(|one| json!({"Cidr": one})).collect();
        let list = json!({
            "PrefixListName": format!("list{number}"),
            "AddressFamily": "IPv4",
            "MaxEntries": 20,
            "Entries": entries,
        });
        all.add(&format!("List{number}"), "AWS::EC2::PrefixList", list);
    }
    serde_json::to_string_pretty(&json!({"Resources": all.0})).ok()
}

/// The name of a domain.
fn domain(domain: &Domain) -> Value {
    match domain {
        Domain::Name(name) => json!(name),
        Domain::Cluster(cluster) => {
            let endpoint = attribute(&format!("Cluster{cluster}"), "Endpoint");
            json!({"Fn::Select": [1, {"Fn::Split": ["//", endpoint]}]})
        }
    }
}

fn write_users(all: &mut Resources, number: usize, it: &Users) {
    let name = format!("Users{number}");
    let mut properties = json!({
        "VpcId": vpc(it.vpc),
        "ClientCidrBlock": format!("172.31.{}.0/22", 4 * number),
        "ServerCertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/a",
        "SecurityGroupIds": groups(&it.groups),
    });
    if !it.servers.is_empty() {
        properties["DnsServers"] = json!(it.servers);
    }
    all.add(&name, "AWS::EC2::ClientVpnEndpoint", properties);
    for one in &it.subnets {
        let tie =
            json!({"ClientVpnEndpointId": reference(&name), "SubnetId": subnet(it.vpc, *one)});
        let own = format!("{name}For{one}");
        all.add(&own, "AWS::EC2::ClientVpnTargetNetworkAssociation", tie);
    }
    for (index, block) in it.admitted.iter().enumerate() {
        let rule = json!({
            "ClientVpnEndpointId": reference(&name),
            "TargetNetworkCidr": block,
            "AuthorizeAllGroups": true,
        });
        all.add(&format!("{name}x{index}"), "AWS::EC2::ClientVpnAuthorizationRule", rule);
    }
    for (index, (block, by)) in it.routes.iter().enumerate() {
        let route = json!({
            "ClientVpnEndpointId": reference(&name),
            "DestinationCidrBlock": block,
            "TargetVpcSubnetId": subnet(it.vpc, it.subnets[*by]),
        });
        all.add(&format!("{name}Route{index}"), "AWS::EC2::ClientVpnRoute", route);
    }
}

fn write_walls(all: &mut Resources, topology: &Topology) {
    for (number, it) in topology.walls.iter().enumerate() {
        let name = format!("Wall{number}");
        let mut rules = Vec::new();
        for (priority, verdict, names) in &it.rules {
            let own = format!("{name}x{priority}");
            all.add(&own, "AWS::Route53Resolver::FirewallDomainList", json!({"Domains": names}));
            let mut rule = json!({"Priority": priority, "FirewallDomainListId": reference(own)});
            match verdict {
                Verdict::Allow => rule["Action"] = json!("ALLOW"),
                Verdict::NxDomain => {
                    rule["Action"] = json!("BLOCK");
                    rule["BlockResponse"] = json!("NXDOMAIN");
                }
                Verdict::NoData => {
                    rule["Action"] = json!("BLOCK");
                    rule["BlockResponse"] = json!("NODATA");
                }
            }
            rules.push(rule);
        }
        let group = json!({"FirewallRules": rules});
        all.add(&name, "AWS::Route53Resolver::FirewallRuleGroup", group);
        for (owner, priority) in &it.vpcs {
            let tie = json!({
                "FirewallRuleGroupId": reference(&name),
                "VpcId": vpc(*owner),
                "Priority": priority,
            });
            let own = format!("{name}For{owner}");
            all.add(&own, "AWS::Route53Resolver::FirewallRuleGroupAssociation", tie);
        }
    }
}

fn write_vpc(all: &mut Resources, topology: &Topology, number: usize) {
    let it = &topology.vpcs[number];
    let name = format!("Vpc{number}");
    let attributes = json!({
        "CidrBlock": it.cidr,
        "EnableDnsSupport": it.dns_support,
        "EnableDnsHostnames": it.dns_hostnames,
    });
    all.add(&name, "AWS::EC2::VPC", attributes);
    if topology.six {
        let block = json!({"VpcId": vpc(number), "Ipv6CidrBlock": six::block(&it.cidr)});
        all.add(&format!("Block{number}"), "AWS::EC2::VPCCidrBlock", block);
    }
    for (index, its) in it.subnets.iter().enumerate() {
        let zone = format!("us-east-1{}", its.zone);
        let mut properties =
            json!({"VpcId": vpc(number), "CidrBlock": its.cidr, "AvailabilityZone": zone});
        if topology.six {
            properties["Ipv6CidrBlock"] = json!(six::block(&its.cidr));
        }
        all.add(&format!("Subnet{number}x{index}"), "AWS::EC2::Subnet", properties);
        if its.table > 0 {
            let table = reference(format!("Table{number}x{}", its.table));
            let tie = json!({"SubnetId": subnet(number, index), "RouteTableId": table});
            let name = format!("Table{number}For{index}");
            all.add(&name, "AWS::EC2::SubnetRouteTableAssociation", tie);
        }
        if let Some(acl) = its.acl {
            let acl = reference(format!("Acl{acl}"));
            let tie = json!({"SubnetId": subnet(number, index), "NetworkAclId": acl});
            let name = format!("Acl{number}For{index}");
            all.add(&name, "AWS::EC2::SubnetNetworkAclAssociation", tie);
        }
    }
    for (index, table) in it.tables.iter().enumerate().skip(1) {
        let name = format!("Table{number}x{index}");
        all.add(&name, "AWS::EC2::RouteTable", json!({"VpcId": vpc(number)}));
        let routes = table.routes.iter().map(|(block, via)| {
            let key = family(block, ["DestinationCidrBlock", "DestinationIpv6CidrBlock"]);
            (json!({"RouteTableId": reference(&name), key: block}), via)
        });
        let listed = table.listed.iter().map(|(list, via)| {
            let list = reference(format!("List{list}"));
            (json!({"RouteTableId": reference(&name), "DestinationPrefixListId": list}), via)
        });
        for (place, (mut route, via)) in routes.chain(listed).enumerate() {
            let (key, target) = match via {
                Via::Peering(peering) => ("VpcPeeringConnectionId", format!("Peering{peering}")),
                Via::Transit => ("TransitGatewayId", "Transit".to_owned()),
                Via::Vpn => ("GatewayId", format!("Gateway{number}")),
            };
            route[key] = reference(target);
            all.add(&format!("Route{number}x{index}x{place}"), "AWS::EC2::Route", route);
        }
        if table.propagated {
            let gateway = reference(format!("Gateway{number}"));
            let tie = json!({"RouteTableIds": [reference(&name)], "VpnGatewayId": gateway});
            let name = format!("Propagation{number}x{index}");
            all.add(&name, "AWS::EC2::VPNGatewayRoutePropagation", tie);
        }
    }
    if it.vpn {
        let gateway = format!("Gateway{number}");
        all.add(&gateway, "AWS::EC2::VPNGateway", json!({"Type": "ipsec.1"}));
        let tie = json!({"VpcId": vpc(number), "VpnGatewayId": reference(&gateway)});
        all.add(&format!("GatewayFor{number}"), "AWS::EC2::VPCGatewayAttachment", tie);
        let customer = format!("Customer{number}");
        let properties = json!({"Type": "ipsec.1", "BgpAsn": 65000, "IpAddress": "11.9.9.9"});
        all.add(&customer, "AWS::EC2::CustomerGateway", properties);
        let properties = json!({
            "Type": "ipsec.1",
            "CustomerGatewayId": reference(customer),
            "VpnGatewayId": reference(gateway),
            "StaticRoutesOnly": true,
        });
        all.add(&format!("Vpn{number}"), "AWS::EC2::VPNConnection", properties);
        let connection = reference(format!("Vpn{number}"));
        let route = json!({"VpnConnectionId": connection, "DestinationCidrBlock": CAMPUS});
        all.add(&format!("VpnRoute{number}"), "AWS::EC2::VPNConnectionRoute", route);
    }
    if !it.servers.is_empty() {
        let options = format!("Options{number}");
        all.add(&options, "AWS::EC2::DHCPOptions", json!({"DomainNameServers": it.servers}));
        let tie = json!({"VpcId": vpc(number), "DhcpOptionsId": reference(options)});
        all.add(&format!("OptionsFor{number}"), "AWS::EC2::VPCDHCPOptionsAssociation", tie);
    }
}

fn write_transit(all: &mut Resources, it: &Transit) {
    let defaults = if it.defaults { "enable" } else { "disable" };
    let flags = json!({
        "DefaultRouteTableAssociation": defaults,
        "DefaultRouteTablePropagation": defaults,
    });
    all.add("Transit", "AWS::EC2::TransitGateway", flags);
    for (number, attachment) in it.attachments.iter().enumerate() {
        let Some(own) = attachment.vpc else { continue };
        let subnets: Value = attachment.subnets.iter().map(|one| subnet(own, *one)).collect();
        let ends = json!({
            "TransitGatewayId": reference("Transit"),
            "VpcId": vpc(own),
            "SubnetIds": subnets,
        });
        let name = format!("Attachment{number}");
        all.add(&name, "AWS::EC2::TransitGatewayAttachment", ends);
    }
    if it.defaults {
        return;
    }
    for (number, routes) in it.tables.iter().enumerate() {
        let name = format!("TransitTable{number}");
        let gateway = json!({"TransitGatewayId": reference("Transit")});
        all.add(&name, "AWS::EC2::TransitGatewayRouteTable", gateway);
        for (index, (block, to)) in routes.iter().enumerate() {
            let mut route = json!({"TransitGatewayRouteTableId": reference(&name), "DestinationCidrBlock": block});
            match to {
                Some(to) => {
                    route["TransitGatewayAttachmentId"] = reference(format!("Attachment{to}"));
                }
                None => route["Blackhole"] = json!(true),
            }
            let name = format!("TransitRoute{number}x{index}");
            all.add(&name, "AWS::EC2::TransitGatewayRoute", route);
        }
    }
    for (number, attachment) in it.attachments.iter().enumerate() {
        let kinds =
            [("Association", attachment.table.as_slice()), ("Propagation", &attachment.propagates)];
        for (kind, tables) in kinds {
            for one in tables {
                let tie = json!({
                    "TransitGatewayRouteTableId": reference(format!("TransitTable{one}")),
                    "TransitGatewayAttachmentId": reference(format!("Attachment{number}")),
                });
                let name = format!("Transit{kind}{number}x{one}");
                all.add(&name, &format!("AWS::EC2::TransitGatewayRouteTable{kind}"), tie);
            }
        }
    }
}

/// The key of a block or an address, of IPv4's and IPv6's.
fn family<'a>(block: &str, [four, six]: [&'a str; 2]) -> &'a str {
    if block.contains(':') { six } else { four }
}

fn permit(one: &Permit, egress: bool) -> Value {
    let mut rule = json!({"IpProtocol": one.protocol});
    if one.protocol != "-1" {
        rule["FromPort"] = json!(one.from);
        rule["ToPort"] = json!(one.to);
    }
    let key = if egress { "DestinationSecurityGroupId" } else { "SourceSecurityGroupId" };
    let list = if egress { "DestinationPrefixListId" } else { "SourcePrefixListId" };
    match &one.peer {
        Peer::Block(block) => rule[family(block, ["CidrIp", "CidrIpv6"])] = json!(block),
        Peer::List(number) => rule[list] = reference(format!("List{number}")),
        Peer::Group(group) => rule[key] = attribute(&format!("Group{group}"), "GroupId"),
    }
    rule
}

fn write_filters(all: &mut Resources, topology: &Topology) {
    for number in 0..topology.vpcs.len() {
        let clients = json!({"GroupDescription": "clients", "VpcId": vpc(number)});
        all.add(&format!("Clients{number}"), "AWS::EC2::SecurityGroup", clients);
    }
    for (number, it) in topology.groups.iter().enumerate() {
        let name = format!("Group{number}");
        // Without a rule, everything would be let out.
        let mut egress: Vec<Value> = it.egress.iter().map(|one| permit(one, true)).collect();
        if egress.is_empty() {
            egress.push(json!({"IpProtocol": "-1", "CidrIp": "127.0.0.1/32"}));
        }
        let properties = json!({
            "GroupDescription": name,
            "VpcId": vpc(it.vpc),
            "SecurityGroupEgress": egress,
        });
        all.add(&name, "AWS::EC2::SecurityGroup", properties);
        for (index, one) in it.ingress.iter().enumerate() {
            let mut rule = permit(one, false);
            rule["GroupId"] = attribute(&name, "GroupId");
            all.add(&format!("{name}x{index}"), "AWS::EC2::SecurityGroupIngress", rule);
        }
    }
    for (number, it) in topology.acls.iter().enumerate() {
        let name = format!("Acl{number}");
        all.add(&name, "AWS::EC2::NetworkAcl", json!({"VpcId": vpc(it.vpc)}));
        for (egress, entries) in [(false, &it.ingress), (true, &it.egress)] {
            for one in entries {
                let own = format!("{name}{}{}", if egress { "Out" } else { "In" }, one.number);
                all.add(&own, "AWS::EC2::NetworkAclEntry", entry(one, &name, egress));
            }
        }
    }
}

fn entry(one: &Entry, acl: &str, egress: bool) -> Value {
    let protocol = match one.protocol.as_str() {
        "tcp" => 6,
        "udp" => 17,
        _ => -1,
    };
    json!({
        "NetworkAclId": reference(acl),
        "RuleNumber": one.number,
        "Protocol": protocol,
        "Egress": egress,
        "RuleAction": if one.allow { "allow" } else { "deny" },
        family(&one.block, ["CidrBlock", "Ipv6CidrBlock"]): one.block,
        "PortRange": {"From": one.from, "To": one.to},
    })
}

fn write_clusters(all: &mut Resources, topology: &Topology) {
    for (number, it) in topology.clusters.iter().enumerate() {
        let name = format!("Cluster{number}");
        let subnets: Value = it.subnets.iter().map(|one| subnet(it.vpc, *one)).collect();
        let config = json!({
            "SubnetIds": subnets,
            "SecurityGroupIds": groups(&it.groups),
            "EndpointPrivateAccess": it.private,
            "EndpointPublicAccess": it.public,
        });
        let role = "arn:aws:iam::111122223333:role/eks";
        let properties = json!({"RoleArn": role, "ResourcesVpcConfig": config});
        all.add(&name, "AWS::EKS::Cluster", properties);
        for (index, one) in it.admitted.iter().enumerate() {
            let mut rule = permit(one, false);
            rule["GroupId"] = attribute(&name, "ClusterSecurityGroupId");
            all.add(&format!("{name}x{index}"), "AWS::EC2::SecurityGroupIngress", rule);
        }
    }
}

fn write_resolver(all: &mut Resources, topology: &Topology) {
    for (number, it) in topology.endpoints.iter().enumerate() {
        let addresses: Vec<Value> = it
            .addresses
            .iter()
            .map(|(own, ip)| {
                json!({"SubnetId": subnet(it.vpc, *own), family(ip, ["Ip", "Ipv6"]): ip})
            })
            .collect();
        let mut properties = json!({
            "Direction": if it.inbound { "INBOUND" } else { "OUTBOUND" },
            "SecurityGroupIds": groups(&it.groups),
            "IpAddresses": addresses,
        });
        if topology.six {
            properties["ResolverEndpointType"] = json!("IPV6");
        }
        let name = format!("Endpoint{number}");
        all.add(&name, "AWS::Route53Resolver::ResolverEndpoint", properties);
    }
    for (number, it) in topology.rules.iter().enumerate() {
        let name = format!("Rule{number}");
        let mut properties = json!({"DomainName": domain(&it.domain), "RuleType": "SYSTEM"});
        if let Some(endpoint) = it.endpoint {
            let targets = topology.targets(it).into_iter();
            properties["RuleType"] = json!("FORWARD");
            properties["ResolverEndpointId"] = reference(format!("Endpoint{endpoint}"));
            properties["TargetIps"] = targets.map(|ip| json!({"Ip": ip})).collect();
        }
        all.add(&name, "AWS::Route53Resolver::ResolverRule", properties);
        for one in &it.vpcs {
            let tie = json!({"ResolverRuleId": reference(&name), "VPCId": vpc(*one)});
            let own = format!("{name}For{one}");
            all.add(&own, "AWS::Route53Resolver::ResolverRuleAssociation", tie);
        }
    }
}

fn write_zones(all: &mut Resources, topology: &Topology) {
    for (number, it) in topology.zones.iter().enumerate() {
        let name = format!("Zone{number}");
        let vpcs: Vec<Value> = it
            .vpcs
            .iter()
            .map(|one| json!({"VPCId": vpc(*one), "VPCRegion": "us-east-1"}))
            .collect();
        all.add(&name, "AWS::Route53::HostedZone", json!({"Name": domain(&it.name), "VPCs": vpcs}));
        for (index, (record, kind, addresses)) in it.sets().into_iter().enumerate() {
            let properties = json!({
                "HostedZoneId": reference(&name),
                "Name": domain(record),
                "Type": kind,
                "TTL": "60",
                "ResourceRecords": addresses,
            });
            all.add(&format!("{name}x{index}"), "AWS::Route53::RecordSet", properties);
        }
    }
    for (number, it) in topology.profiles.iter().enumerate() {
        let name = format!("Profile{number}");
        all.add(&name, "AWS::Route53Profiles::Profile", json!({"Name": name}));
        let rules = it.rules.iter().map(|one| attribute(&format!("Rule{one}"), "Arn"));
        let zone = |one: &usize| json!({"Fn::Sub": format!("arn:aws:route53:::hostedzone/${{Zone{one}}}")});
        for (index, arn) in rules.chain(it.zones.iter().map(zone)).enumerate() {
            let own = format!("{name}x{index}");
            let tie = json!({"Name": own, "ProfileId": reference(&name), "ResourceArn": arn});
            all.add(&own, "AWS::Route53Profiles::ProfileResourceAssociation", tie);
        }
        for one in &it.vpcs {
            let own = format!("{name}For{one}");
            let tie = json!({"Name": own, "ProfileId": reference(&name), "ResourceId": vpc(*one)});
            all.add(&own, "AWS::Route53Profiles::ProfileAssociation", tie);
        }
    }
}
