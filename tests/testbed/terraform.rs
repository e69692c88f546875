//! A topology as Terraform.

use crate::six;
use crate::topology::{
    CAMPUS, Domain, Entry, Peer, Permit, Table, Targets, Topology, Transit, Users, Verdict, Via,
};

/// Collects blocks.
struct Code(String);

impl Code {
    fn add(&mut self, kind: &str, name: &str, lines: impl IntoIterator<Item = String>) {
        let body: String = lines.into_iter().map(|line| format!("  {line}\n")).collect();
        self.0 += &format!("resource \"{kind}\" \"{name}\" {{\n{body}}}\n\n");
    }
}

/// An argument whose value is an expression.
fn is(name: &str, value: impl std::fmt::Display) -> String {
    format!("{name} = {value}")
}

/// An argument whose value is a text.
fn says(name: &str, value: impl std::fmt::Display) -> String {
    format!("{name} = \"{value}\"")
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", items.into_iter().collect::<Vec<_>>().join(", "))
}

fn vpc(number: usize) -> String {
    format!("aws_vpc.vpc{number}.id")
}

fn subnet(vpc: usize, number: usize) -> String {
    format!("aws_subnet.subnet{vpc}x{number}.id")
}

fn group(number: usize) -> String {
    format!("aws_security_group.group{number}.id")
}

/// The text of a root module.
pub(crate) fn write(topology: &Topology) -> String {
    let mut code = Code("provider \"aws\" {\n  region = \"us-east-1\"\n}\n\n".to_owned());
    for number in 0..topology.vpcs.len() {
        write_vpc(&mut code, topology, number);
    }
    for (number, peering) in topology.peerings.iter().enumerate() {
        let ends = [is("vpc_id", vpc(peering.requester)), is("peer_vpc_id", vpc(peering.accepter))];
        let accepted = is("auto_accept", peering.accepted);
        let name = format!("peering{number}");
        code.add("aws_vpc_peering_connection", &name, ends.into_iter().chain([accepted]));
    }
    if let Some(it) = &topology.transit {
        write_transit(&mut code, it);
    }
    write_filters(&mut code, topology);
    write_clusters(&mut code, topology);
    write_resolver(&mut code, topology);
    write_zones(&mut code, topology);
    write_walls(&mut code, topology);
    for (number, users) in topology.users.iter().enumerate() {
        write_users(&mut code, number, users);
    }
    for (number, blocks) in topology.lists.iter().enumerate() {
        let entries = blocks.iter().map(|one| format!("entry {{ {} }}", says("cidr", one)));
        let lines = [
            says("name", format!("list{number}")),
            says("address_family", "IPv4"),
            is("max_entries", 20),
        ];
        let lines = lines.into_iter().chain(entries);
        code.add("aws_ec2_managed_prefix_list", &format!("list{number}"), lines);
    }
    code.0
}

/// The name of a domain as an expression.
fn domain(domain: &Domain) -> String {
    match domain {
        Domain::Name(name) => format!("\"{name}\""),
        Domain::Cluster(cluster) => {
            format!("trimprefix(aws_eks_cluster.cluster{cluster}.endpoint, \"https://\")")
        }
    }
}

fn list_id(number: usize) -> String {
    format!("aws_ec2_managed_prefix_list.list{number}.id")
}

fn quoted(items: &[String]) -> String {
    list(items.iter().map(|one| format!("\"{one}\"")))
}

fn write_users(code: &mut Code, number: usize, it: &Users) {
    let name = format!("users{number}");
    let endpoint = is("client_vpn_endpoint_id", format!("aws_ec2_client_vpn_endpoint.{name}.id"));
    let mut lines = vec![
        is("vpc_id", vpc(it.vpc)),
        says("client_cidr_block", format!("172.31.{}.0/22", 4 * number)),
        says("server_certificate_arn", "arn:aws:acm:us-east-1:111122223333:certificate/a"),
        is("security_group_ids", list(it.groups.iter().map(|one| group(*one)))),
    ];
    if !it.servers.is_empty() {
        lines.push(is("dns_servers", quoted(&it.servers)));
    }
    code.add("aws_ec2_client_vpn_endpoint", &name, lines);
    for one in &it.subnets {
        let lines = [endpoint.clone(), is("subnet_id", subnet(it.vpc, *one))];
        let kind = "aws_ec2_client_vpn_network_association";
        code.add(kind, &format!("{name}x{one}"), lines);
    }
    for (index, block) in it.admitted.iter().enumerate() {
        let all = is("authorize_all_groups", true);
        let lines = [endpoint.clone(), says("target_network_cidr", block), all];
        code.add("aws_ec2_client_vpn_authorization_rule", &format!("{name}x{index}"), lines);
    }
    for (index, (block, by)) in it.routes.iter().enumerate() {
        let by = is("target_vpc_subnet_id", subnet(it.vpc, it.subnets[*by]));
        let lines = [endpoint.clone(), says("destination_cidr_block", block), by];
        code.add("aws_ec2_client_vpn_route", &format!("{name}x{index}"), lines);
    }
}

fn write_walls(code: &mut Code, topology: &Topology) {
    for (number, it) in topology.walls.iter().enumerate() {
        let name = format!("wall{number}");
        code.add("aws_route53_resolver_firewall_rule_group", &name, [says("name", &name)]);
        let group = format!("aws_route53_resolver_firewall_rule_group.{name}.id");
        let group = is("firewall_rule_group_id", group);
        for (priority, verdict, names) in &it.rules {
            let own = format!("{name}x{priority}");
            let lines = [says("name", &own), is("domains", quoted(names))];
            code.add("aws_route53_resolver_firewall_domain_list", &own, lines);
            let list = format!("aws_route53_resolver_firewall_domain_list.{own}.id");
            let mut lines = vec![
                says("name", &own),
                group.clone(),
                is("firewall_domain_list_id", list),
                is("priority", priority),
            ];
            match verdict {
                Verdict::Allow => lines.push(says("action", "ALLOW")),
                Verdict::NxDomain => {
                    lines.extend([says("action", "BLOCK"), says("block_response", "NXDOMAIN")]);
                }
                Verdict::NoData => {
                    lines.extend([says("action", "BLOCK"), says("block_response", "NODATA")]);
                }
            }
            code.add("aws_route53_resolver_firewall_rule", &own, lines);
        }
        for (owner, priority) in &it.vpcs {
            let own = format!("{name}x{owner}");
            let lines = [
                says("name", &own),
                group.clone(),
                is("vpc_id", vpc(*owner)),
                is("priority", priority),
            ];
            code.add("aws_route53_resolver_firewall_rule_group_association", &own, lines);
        }
    }
}

fn write_vpc(code: &mut Code, topology: &Topology, number: usize) {
    let it = &topology.vpcs[number];
    let mut lines = vec![says("cidr_block", &it.cidr)];
    let by_six = |cidr: &str| topology.six.then(|| says("ipv6_cidr_block", six::block(cidr)));
    lines.extend(by_six(&it.cidr));
    if !it.dns_support {
        lines.push(is("enable_dns_support", false));
    }
    if it.dns_hostnames {
        lines.push(is("enable_dns_hostnames", true));
    }
    code.add("aws_vpc", &format!("vpc{number}"), lines);
    for (index, its) in it.subnets.iter().enumerate() {
        let zone = says("availability_zone", format!("us-east-1{}", its.zone));
        let lines = [is("vpc_id", vpc(number)), says("cidr_block", &its.cidr), zone];
        let lines = lines.into_iter().chain(by_six(&its.cidr));
        code.add("aws_subnet", &format!("subnet{number}x{index}"), lines);
        if its.table > 0 {
            let table = format!("aws_route_table.table{number}x{}.id", its.table);
            let lines = [is("subnet_id", subnet(number, index)), is("route_table_id", table)];
            code.add("aws_route_table_association", &format!("subnet{number}x{index}"), lines);
        }
    }
    for (index, table) in it.tables.iter().enumerate() {
        write_table(code, (number, index), table);
    }
    if it.vpn {
        write_vpn(
            code,
            &number.to_string(),
            &format!("vpn_gateway_id = aws_vpn_gateway.vpn{number}.id"),
        );
        code.add("aws_vpn_gateway", &format!("vpn{number}"), [is("vpc_id", vpc(number))]);
        let connection = is("vpn_connection_id", format!("aws_vpn_connection.vpn{number}.id"));
        let lines = [connection, says("destination_cidr_block", CAMPUS)];
        code.add("aws_vpn_connection_route", &format!("vpn{number}"), lines);
    }
    if !it.servers.is_empty() {
        let servers = quoted(&it.servers);
        let name = format!("vpc{number}");
        code.add("aws_vpc_dhcp_options", &name, [is("domain_name_servers", servers)]);
        let options = is("dhcp_options_id", format!("aws_vpc_dhcp_options.{name}.id"));
        let lines = [is("vpc_id", vpc(number)), options];
        code.add("aws_vpc_dhcp_options_association", &name, lines);
    }
}

fn write_vpn(code: &mut Code, name: &str, gateway: &str) {
    let name = format!("vpn{name}");
    let lines = [is("bgp_asn", 65000), says("ip_address", "11.9.9.9"), says("type", "ipsec.1")];
    code.add("aws_customer_gateway", &name, lines);
    let customer = is("customer_gateway_id", format!("aws_customer_gateway.{name}.id"));
    let lines =
        [customer, gateway.to_owned(), says("type", "ipsec.1"), is("static_routes_only", true)];
    code.add("aws_vpn_connection", &name, lines);
}

/// Main tables are tables made main, or the one that comes with the VPC; routes stand in the table or by
/// themselves.
fn write_table(code: &mut Code, (owner, index): (usize, usize), table: &Table) {
    let main = index == 0;
    if main && table.routes.is_empty() && table.listed.is_empty() && !table.propagated {
        return;
    }
    let name = format!("table{owner}x{index}");
    let target = |via: &Via| match via {
        Via::Peering(peering) => is(
            "vpc_peering_connection_id",
            format!("aws_vpc_peering_connection.peering{peering}.id"),
        ),
        Via::Transit => is("transit_gateway_id", "aws_ec2_transit_gateway.main.id"),
        Via::Vpn => is("gateway_id", format!("aws_vpn_gateway.vpn{owner}.id")),
    };
    let adopted = main && owner % 2 == 0;
    let inline = adopted || table.routes.len().is_multiple_of(2);
    let block = |block: &String| {
        let six = if block.contains(':') { "ipv6_" } else { "" };
        says(&format!("{}{six}cidr_block", if inline { "" } else { "destination_" }), block)
    };
    let list = |list: &usize| is("destination_prefix_list_id", list_id(*list));
    let routes = table.routes.iter().map(|(to, via)| [block(to), target(via)]);
    let listed = table.listed.iter().map(|(to, via)| [list(to), target(via)]);
    let routes: Vec<[String; 2]> = routes.chain(listed).collect();
    let mut lines = Vec::new();
    if adopted {
        lines.push(is(
            "default_route_table_id",
            format!("aws_vpc.vpc{owner}.default_route_table_id"),
        ));
    } else {
        lines.push(is("vpc_id", vpc(owner)));
    }
    if table.propagated {
        lines.push(is("propagating_vgws", format!("[aws_vpn_gateway.vpn{owner}.id]")));
    }
    let kind = if adopted { "aws_default_route_table" } else { "aws_route_table" };
    if inline {
        for [to, target] in &routes {
            lines.push(format!("route {{\n    {to}\n    {target}\n  }}"));
        }
    }
    code.add(kind, &name, lines);
    if !inline {
        for (number, [to, target]) in routes.into_iter().enumerate() {
            let lines = [is("route_table_id", format!("{kind}.{name}.id")), to, target];
            code.add("aws_route", &format!("{name}x{number}"), lines);
        }
    }
    if main && !adopted {
        let table = is("route_table_id", format!("aws_route_table.{name}.id"));
        code.add("aws_main_route_table_association", &name, [is("vpc_id", vpc(owner)), table]);
    }
}

fn write_transit(code: &mut Code, it: &Transit) {
    let defaults = if it.defaults { "enable" } else { "disable" };
    let lines = ["association", "propagation"]
        .map(|what| says(&format!("default_route_table_{what}"), defaults));
    code.add("aws_ec2_transit_gateway", "main", lines);
    let gateway = is("transit_gateway_id", "aws_ec2_transit_gateway.main.id");
    let id = |attachment: usize| match it.attachments[attachment].vpc {
        Some(_) => format!("aws_ec2_transit_gateway_vpc_attachment.attachment{attachment}.id"),
        None => "aws_vpn_connection.vpncampus.transit_gateway_attachment_id".to_owned(),
    };
    let table = |number: usize| {
        if it.defaults {
            "aws_ec2_transit_gateway.main.association_default_route_table_id".to_owned()
        } else {
            format!("aws_ec2_transit_gateway_route_table.table{number}.id")
        }
    };
    let of = |number| is("transit_gateway_route_table_id", table(number));
    for (number, attachment) in it.attachments.iter().enumerate() {
        let Some(own) = attachment.vpc else {
            write_vpn(code, "campus", &gateway);
            continue;
        };
        let subnets = list(attachment.subnets.iter().map(|one| subnet(own, *one)));
        let lines = [gateway.clone(), is("vpc_id", vpc(own)), is("subnet_ids", subnets)];
        code.add("aws_ec2_transit_gateway_vpc_attachment", &format!("attachment{number}"), lines);
    }
    for (number, routes) in it.tables.iter().enumerate() {
        if !it.defaults {
            let name = format!("table{number}");
            code.add("aws_ec2_transit_gateway_route_table", &name, [gateway.clone()]);
        }
        for (index, (block, to)) in routes.iter().enumerate() {
            let end = match to {
                Some(to) => is("transit_gateway_attachment_id", id(*to)),
                None => is("blackhole", true),
            };
            let lines = [of(number), says("destination_cidr_block", block), end];
            code.add("aws_ec2_transit_gateway_route", &format!("route{number}x{index}"), lines);
        }
    }
    if it.defaults {
        return;
    }
    for (number, attachment) in it.attachments.iter().enumerate() {
        let own = is("transit_gateway_attachment_id", id(number));
        let kinds =
            [("association", attachment.table.as_slice()), ("propagation", &attachment.propagates)];
        for (kind, tables) in kinds {
            for one in tables {
                let kind = format!("aws_ec2_transit_gateway_route_table_{kind}");
                code.add(&kind, &format!("tie{number}x{one}"), [own.clone(), of(*one)]);
            }
        }
    }
}

/// The arguments of a group's rule: in a block of the group, or by itself.
fn permit(permit: &Permit, inline: bool) -> Vec<String> {
    let mut lines = vec![says(if inline { "protocol" } else { "ip_protocol" }, &permit.protocol)];
    if inline || permit.protocol != "-1" {
        lines.extend([is("from_port", permit.from), is("to_port", permit.to)]);
    }
    lines.push(match (&permit.peer, inline) {
        (Peer::Block(block), true) if block.contains(':') => {
            is("ipv6_cidr_blocks", format!("[\"{block}\"]"))
        }
        (Peer::Block(block), false) if block.contains(':') => says("cidr_ipv6", block),
        (Peer::Block(block), true) => is("cidr_blocks", format!("[\"{block}\"]")),
        (Peer::Block(block), false) => says("cidr_ipv4", block),
        (Peer::List(number), true) => is("prefix_list_ids", format!("[{}]", list_id(*number))),
        (Peer::List(number), false) => is("prefix_list_id", list_id(*number)),
        (Peer::Group(number), true) => is("security_groups", format!("[{}]", group(*number))),
        (Peer::Group(number), false) => is("referenced_security_group_id", group(*number)),
    });
    lines
}

fn write_filters(code: &mut Code, topology: &Topology) {
    for number in 0..topology.vpcs.len() {
        let everything = "protocol = \"-1\"\n    from_port = 0\n    to_port = 0\n    cidr_blocks = \
                          [\"0.0.0.0/0\"]";
        let lines = [is("vpc_id", vpc(number)), format!("egress {{\n    {everything}\n  }}")];
        code.add("aws_security_group", &format!("clients{number}"), lines);
    }
    for (number, it) in topology.groups.iter().enumerate() {
        let name = format!("group{number}");
        let ways = [("ingress", &it.ingress), ("egress", &it.egress)];
        // Two groups that name each other would be a cycle in one writing.
        let referred = |one: &Permit| matches!(one.peer, Peer::Group(_));
        let inline = number % 2 == 0 && !ways.iter().any(|(_, all)| all.iter().any(referred));
        let mut lines = vec![is("vpc_id", vpc(it.vpc))];
        for (way, all) in ways {
            for (index, one) in all.iter().enumerate() {
                if inline {
                    let body = permit(one, true).join("\n    ");
                    lines.push(format!("{way} {{\n    {body}\n  }}"));
                } else {
                    let mut rule = vec![is("security_group_id", group(number))];
                    rule.extend(permit(one, false));
                    let kind = format!("aws_vpc_security_group_{way}_rule");
                    code.add(&kind, &format!("{name}x{index}"), rule);
                }
            }
        }
        code.add("aws_security_group", &name, lines);
    }
    for (number, acl) in topology.acls.iter().enumerate() {
        let name = format!("acl{number}");
        let inline = number % 2 == 0;
        let subnets = topology.vpcs[acl.vpc].subnets.iter().enumerate();
        let own = subnets.filter(|(_, one)| one.acl == Some(number));
        let own = list(own.map(|(index, _)| subnet(acl.vpc, index)));
        let mut lines = vec![is("vpc_id", vpc(acl.vpc)), is("subnet_ids", own)];
        for (way, all) in [("ingress", &acl.ingress), ("egress", &acl.egress)] {
            for one in all {
                if inline {
                    let body = entry(one, "action", "rule_no").join("\n    ");
                    lines.push(format!("{way} {{\n    {body}\n  }}"));
                } else {
                    let mut rule = vec![is("network_acl_id", format!("aws_network_acl.{name}.id"))];
                    rule.push(is("egress", way == "egress"));
                    rule.extend(entry(one, "rule_action", "rule_number"));
                    let rule_name = format!("{name}{way}{}", one.number);
                    code.add("aws_network_acl_rule", &rule_name, rule);
                }
            }
        }
        code.add("aws_network_acl", &name, lines);
    }
}

fn entry(entry: &Entry, action: &str, number: &str) -> Vec<String> {
    vec![
        is(number, entry.number),
        says("protocol", &entry.protocol),
        says(action, if entry.allow { "allow" } else { "deny" }),
        says(
            if entry.block.contains(':') { "ipv6_cidr_block" } else { "cidr_block" },
            &entry.block,
        ),
        is("from_port", entry.from),
        is("to_port", entry.to),
    ]
}

fn write_clusters(code: &mut Code, topology: &Topology) {
    for (number, it) in topology.clusters.iter().enumerate() {
        let name = format!("cluster{number}");
        let subnets = list(it.subnets.iter().map(|one| subnet(it.vpc, *one)));
        let groups = list(it.groups.iter().map(|one| group(*one)));
        let config = [
            is("subnet_ids", subnets),
            is("security_group_ids", groups),
            is("endpoint_private_access", it.private),
            is("endpoint_public_access", it.public),
        ];
        let lines = [
            says("name", &name),
            says("role_arn", "arn:aws:iam::111122223333:role/eks"),
            format!("vpc_config {{\n    {}\n  }}", config.join("\n    ")),
        ];
        code.add("aws_eks_cluster", &name, lines);
        for (index, one) in it.admitted.iter().enumerate() {
            let own = format!("aws_eks_cluster.{name}.vpc_config[0].cluster_security_group_id");
            let mut rule = vec![is("security_group_id", own)];
            rule.extend(permit(one, false));
            code.add("aws_vpc_security_group_ingress_rule", &format!("{name}x{index}"), rule);
        }
    }
}

fn write_resolver(code: &mut Code, topology: &Topology) {
    for (number, it) in topology.endpoints.iter().enumerate() {
        let groups = list(it.groups.iter().map(|one| group(*one)));
        let direction = says("direction", if it.inbound { "INBOUND" } else { "OUTBOUND" });
        let mut lines = vec![direction, is("security_group_ids", groups)];
        if topology.six {
            lines.push(says("resolver_endpoint_type", "IPV6"));
        }
        for (own, ip) in &it.addresses {
            let own = is("subnet_id", subnet(it.vpc, *own));
            let ip = says(if topology.six { "ipv6" } else { "ip" }, ip);
            lines.push(format!("ip_address {{\n    {own}\n    {ip}\n  }}"));
        }
        code.add("aws_route53_resolver_endpoint", &format!("endpoint{number}"), lines);
    }
    for (number, it) in topology.rules.iter().enumerate() {
        let name = format!("rule{number}");
        let mut lines = vec![is("domain_name", domain(&it.domain))];
        lines.push(says("rule_type", if it.endpoint.is_some() { "FORWARD" } else { "SYSTEM" }));
        if let Some(endpoint) = it.endpoint {
            let endpoint = format!("aws_route53_resolver_endpoint.endpoint{endpoint}.id");
            lines.push(is("resolver_endpoint_id", endpoint));
        }
        match &it.targets {
            Targets::Addresses(addresses) => {
                lines.extend(addresses.iter().map(|ip| format!("target_ip {{ {} }}", says("ip", ip))));
            }
            Targets::Endpoint(endpoint) => lines.push(format!(
                "dynamic \"target_ip\" {{\n    for_each = \
                 aws_route53_resolver_endpoint.endpoint{endpoint}.ip_address\n    content {{\n      ip = \
                 target_ip.value.ip\n    }}\n  }}"
            )),
        }
        code.add("aws_route53_resolver_rule", &name, lines);
        for one in &it.vpcs {
            let rule = is("resolver_rule_id", format!("aws_route53_resolver_rule.{name}.id"));
            let lines = [rule, is("vpc_id", vpc(*one))];
            code.add("aws_route53_resolver_rule_association", &format!("{name}x{one}"), lines);
        }
    }
}

fn write_zones(code: &mut Code, topology: &Topology) {
    for (number, it) in topology.zones.iter().enumerate() {
        let name = format!("zone{number}");
        let vpcs = it.vpcs.iter().map(|one| format!("vpc {{ {} }}", is("vpc_id", vpc(*one))));
        let first = [is("name", domain(&it.name))];
        code.add("aws_route53_zone", &name, first.into_iter().chain(vpcs));
        for (index, (record, kind, addresses)) in it.sets().into_iter().enumerate() {
            let lines = [
                is("zone_id", format!("aws_route53_zone.{name}.zone_id")),
                is("name", domain(record)),
                says("type", kind),
                is("ttl", 60),
                is("records", quoted(&addresses)),
            ];
            code.add("aws_route53_record", &format!("{name}x{index}"), lines);
        }
    }
    for (number, it) in topology.profiles.iter().enumerate() {
        let name = format!("profile{number}");
        code.add("aws_route53profiles_profile", &name, [says("name", &name)]);
        let profile = is("profile_id", format!("aws_route53profiles_profile.{name}.id"));
        let rules = it.rules.iter().map(|one| format!("aws_route53_resolver_rule.rule{one}.arn"));
        let zones = it.zones.iter().map(|one| format!("aws_route53_zone.zone{one}.arn"));
        for (index, arn) in rules.chain(zones).enumerate() {
            let own = format!("{name}x{index}");
            let lines = [says("name", &own), profile.clone(), is("resource_arn", arn)];
            code.add("aws_route53profiles_resource_association", &own, lines);
        }
        for one in &it.vpcs {
            let own = format!("{name}x{one}");
            let lines = [says("name", &own), profile.clone(), is("resource_id", vpc(*one))];
            code.add("aws_route53profiles_association", &own, lines);
        }
    }
}
