//! A random small network with one cluster, written in both languages.

use std::fmt::Write as _;

use proptest::prelude::*;

/// What varies around figure 4; numbers choose among writings, of which 0 is the sound one.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools, reason = "each is one piece that is there or not")]
pub(super) struct Topology {
    public: bool,
    private: bool,
    hostnames: bool,
    peering: bool,
    there: u8,
    back: u8,
    ingress: u8,
    egress: bool,
    admit: u8,
    inbound: bool,
    swapped: bool,
    domain: u8,
    on_client: bool,
    on_eks: bool,
    /// Rules of security groups as resources of their own.
    apart: bool,
    /// The rule comes with a Profile.
    pub(super) profile: bool,
    pub(super) dhcp: u8,
    pub(super) zone: u8,
}

pub(super) fn topologies() -> impl Strategy<Value = Topology> {
    // Mostly sound, so that one fault does not hide another.
    let mostly = || prop::bool::weighted(0.8);
    let rarely = || prop::bool::weighted(0.15);
    let choice = |most: u8| prop_oneof![3 => Just(0u8), 1 => 0..=most];
    (
        (any::<bool>(), mostly(), mostly(), mostly(), choice(3), choice(3), choice(3)),
        (mostly(), choice(2), mostly(), rarely(), choice(3), mostly(), rarely()),
        (any::<bool>(), any::<bool>(), choice(3), choice(2)),
    )
        .prop_map(|(a, b, c)| Topology {
            public: a.0,
            private: a.1,
            hostnames: a.2,
            peering: a.3,
            there: a.4,
            back: a.5,
            ingress: a.6,
            egress: b.0,
            admit: b.1,
            inbound: b.2,
            swapped: b.3,
            domain: b.4,
            on_client: b.5,
            on_eks: b.6,
            apart: c.0,
            profile: c.1,
            dhcp: c.2,
            zone: c.3,
        })
}

/// A security group: its name, its VPC, and for each rule the way, the protocol and the block.
type Group = (&'static str, &'static str, Vec<(&'static str, &'static str, &'static str)>);

/// Collects blocks: a Terraform block, or a resource of a template, is one text.
pub(super) type Blocks = Vec<String>;

impl Topology {
    pub(super) fn terraform(&self) -> Blocks {
        let mut out = vec!["data \"aws_region\" \"current\" {}\n".to_owned()];
        let mut add = |kind: &str, name: &str, body: String| {
            out.push(format!("resource \"{kind}\" \"{name}\" {{\n{body}}}\n"));
        };
        for (vpc, net, names) in [("client", 1, true), ("eks", 2, self.hostnames)] {
            let body =
                format!("  cidr_block = \"10.{net}.0.0/16\"\n  enable_dns_hostnames = {names}\n");
            add("aws_vpc", vpc, body);
            add("aws_route_table", vpc, format!("  vpc_id = aws_vpc.{vpc}.id\n"));
            for subnet in 0..2 {
                let name = format!("{vpc}{subnet}");
                let body = format!(
                    "  vpc_id = aws_vpc.{vpc}.id\n  cidr_block = \"10.{net}.{subnet}.0/24\"\n"
                );
                add("aws_subnet", &name, body);
                let body = format!(
                    "  subnet_id = aws_subnet.{name}.id\n  route_table_id = aws_route_table.{vpc}.id\n"
                );
                add("aws_route_table_association", &name, body);
            }
        }
        if self.peering {
            let body = "  vpc_id = aws_vpc.client.id\n  peer_vpc_id = aws_vpc.eks.id\n  auto_accept = true\n";
            add("aws_vpc_peering_connection", "both", body.to_owned());
            for (name, table, route) in self.routes() {
                let body = format!(
                    "  route_table_id = aws_route_table.{}.id\n  destination_cidr_block = \"{route}\"\n  \
                     vpc_peering_connection_id = aws_vpc_peering_connection.both.id\n",
                    table.to_lowercase()
                );
                add("aws_route", name, body);
            }
        }
        let body = format!(
            "  vpc_config {{\n    subnet_ids = [aws_subnet.eks0.id, aws_subnet.eks1.id]\n    \
             endpoint_private_access = {}\n    endpoint_public_access = {}\n  }}\n",
            self.private, self.public
        );
        add("aws_eks_cluster", "main", body);
        if let Some(block) = self.admitted() {
            let body = format!(
                "  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id\n  \
                 cidr_ipv4 = \"{block}\"\n  ip_protocol = \"tcp\"\n  from_port = 443\n  to_port = 443\n"
            );
            add("aws_vpc_security_group_ingress_rule", "client", body);
        }
        for (group, vpc, rules) in self.groups() {
            let group = group.to_lowercase();
            let mut body = format!("  vpc_id = aws_vpc.{}.id\n", vpc.to_lowercase());
            for (index, (way, protocol, block)) in rules.into_iter().enumerate() {
                let way = way.to_lowercase();
                if self.apart {
                    let own = format!(
                        "  security_group_id = aws_security_group.{group}.id\n  cidr_ipv4 = \"{block}\"\n  \
                         ip_protocol = \"{protocol}\"\n  from_port = 53\n  to_port = 53\n"
                    );
                    let kind = format!("aws_vpc_security_group_{way}_rule");
                    add(&kind, &format!("{group}{index}"), own);
                    continue;
                }
                let _ = write!(
                    body,
                    "  {way} {{\n    protocol = \"{protocol}\"\n    from_port = 53\n    to_port = 53\n    \
                     cidr_blocks = [\"{block}\"]\n  }}\n"
                );
            }
            add("aws_security_group", &group, body);
        }
        for (endpoint, direction, vpc, pinned) in self.endpoints() {
            let name = endpoint.to_lowercase();
            let mut body = format!(
                "  direction = \"{direction}\"\n  security_group_ids = [aws_security_group.{name}.id]\n"
            );
            for (index, ip) in pinned.iter().enumerate() {
                let vpc = vpc.to_lowercase();
                let ip = ip.as_ref().map_or(String::new(), |ip| format!("    ip = \"{ip}\"\n"));
                let _ = write!(
                    body,
                    "  ip_address {{\n    subnet_id = aws_subnet.{vpc}{index}.id\n{ip}  }}\n"
                );
            }
            add("aws_route53_resolver_endpoint", &name, body);
        }
        let domain = match self.domain {
            0 => "trimprefix(aws_eks_cluster.main.endpoint, \"https://\")",
            1 => "aws_eks_cluster.main.endpoint",
            2 => "\"${data.aws_region.current.name}.eks.amazonaws.com\"",
            _ => "\"corp.example\"",
        };
        let through = if self.swapped && self.inbound { "inbound" } else { "outbound" };
        let body = format!(
            "  domain_name = {domain}\n  rule_type = \"FORWARD\"\n  resolver_endpoint_id = \
             aws_route53_resolver_endpoint.{through}.id\n  target_ip {{\n    ip = \"10.2.0.10\"\n  }}\n  \
             target_ip {{\n    ip = \"10.2.1.10\"\n  }}\n"
        );
        add("aws_route53_resolver_rule", "eks", body);
        out.extend(self.terraform_around());
        out
    }

    pub(super) fn cloudformation(&self) -> Blocks {
        let mut out = Vec::new();
        let mut add = |name: &str, kind: &str, properties: String| {
            out.push(format!(
                "  {name}:\n    Type: AWS::{kind}\n    Properties: {{{properties}}}\n"
            ));
        };
        for (vpc, net, names) in [("Client", 1, true), ("Eks", 2, self.hostnames)] {
            add(
                vpc,
                "EC2::VPC",
                format!("CidrBlock: 10.{net}.0.0/16, EnableDnsHostnames: {names}"),
            );
            add(&format!("{vpc}Table"), "EC2::RouteTable", format!("VpcId: !Ref {vpc}"));
            for subnet in 0..2 {
                let name = format!("{vpc}{subnet}");
                let body = format!("VpcId: !Ref {vpc}, CidrBlock: 10.{net}.{subnet}.0/24");
                add(&name, "EC2::Subnet", body);
                let body = format!("SubnetId: !Ref {name}, RouteTableId: !Ref {vpc}Table");
                add(&format!("{name}In"), "EC2::SubnetRouteTableAssociation", body);
            }
        }
        if self.peering {
            let body = "VpcId: !Ref Client, PeerVpcId: !Ref Eks";
            add("Both", "EC2::VPCPeeringConnection", body.to_owned());
            for (name, table, route) in self.routes() {
                let body = format!(
                    "RouteTableId: !Ref {table}Table, DestinationCidrBlock: {route}, \
                     VpcPeeringConnectionId: !Ref Both"
                );
                add(name, "EC2::Route", body);
            }
        }
        let body = format!(
            "ResourcesVpcConfig: {{SubnetIds: [!Ref Eks0, !Ref Eks1], EndpointPrivateAccess: {}, \
             EndpointPublicAccess: {}}}",
            self.private, self.public
        );
        add("Cluster", "EKS::Cluster", body);
        if let Some(block) = self.admitted() {
            let body = format!(
                "GroupId: !GetAtt Cluster.ClusterSecurityGroupId, CidrIp: {block}, IpProtocol: tcp, \
                 FromPort: 443, ToPort: 443"
            );
            add("Admitted", "EC2::SecurityGroupIngress", body);
        }
        for (group, vpc, rules) in self.groups() {
            let of = |wanted: &str| {
                let inside = |(way, ..): &&(&str, &str, &str)| {
                    *way == wanted && (!self.apart || wanted == "Egress")
                };
                let mut rules = rules.iter().filter(inside).peekable();
                rules.peek()?;
                let rule = |(_, protocol, block): &(&str, &str, &str)| {
                    format!("{{IpProtocol: {protocol}, FromPort: 53, ToPort: 53, CidrIp: {block}}}")
                };
                let all: Vec<_> = rules.map(rule).collect();
                Some(format!(", SecurityGroup{wanted}: [{}]", all.join(", ")))
            };
            let inside = [of("Ingress"), of("Egress")].into_iter().flatten().collect::<String>();
            // A rule of its own does not take away that all is allowed out by default.
            let own = rules.iter().enumerate().filter(|_| self.apart);
            for (index, (way, protocol, block)) in own.filter(|(_, rule)| rule.0 == "Ingress") {
                let body = format!(
                    "GroupId: !Ref {group}Group, IpProtocol: {protocol}, FromPort: 53, ToPort: 53, \
                     CidrIp: {block}"
                );
                add(&format!("{group}{way}{index}"), &format!("EC2::SecurityGroup{way}"), body);
            }
            add(
                &format!("{group}Group"),
                "EC2::SecurityGroup",
                format!("VpcId: !Ref {vpc}{inside}"),
            );
        }
        for (endpoint, direction, vpc, pinned) in self.endpoints() {
            let address = |(index, ip): (usize, &Option<String>)| {
                let ip = ip.as_ref().map_or(String::new(), |ip| format!(", Ip: {ip}"));
                format!("{{SubnetId: !Ref {vpc}{index}{ip}}}")
            };
            let addresses: Vec<_> = pinned.iter().enumerate().map(address).collect();
            let body = format!(
                "Direction: {direction}, SecurityGroupIds: [!Ref {endpoint}Group], IpAddresses: [{}]",
                addresses.join(", ")
            );
            add(endpoint, "Route53Resolver::ResolverEndpoint", body);
        }
        let domain = match self.domain {
            0 => "!Select [1, !Split [\"//\", !GetAtt Cluster.Endpoint]]",
            1 => "!GetAtt Cluster.Endpoint",
            2 => "!Sub \"${AWS::Region}.eks.amazonaws.com\"",
            _ => "corp.example",
        };
        let through = if self.swapped && self.inbound { "Inbound" } else { "Outbound" };
        let body = format!(
            "DomainName: {domain}, RuleType: FORWARD, ResolverEndpointId: !Ref {through}, TargetIps: \
             [{{Ip: 10.2.0.10}}, {{Ip: 10.2.1.10}}]"
        );
        add("Rule", "Route53Resolver::ResolverRule", body);
        out.extend(self.cloudformation_around());
        out
    }

    fn routes(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        let route = |name, table, choice, own, part| match choice {
            0 => Some((name, table, own)),
            1 => Some((name, table, "10.0.0.0/8")),
            2 => Some((name, table, part)),
            _ => None,
        };
        let there = route("There", "Client", self.there, "10.2.0.0/16", "10.2.0.0/24");
        let back = route("Back", "Eks", self.back, "10.1.0.0/16", "10.9.0.0/16");
        there.into_iter().chain(back).collect()
    }

    fn admitted(&self) -> Option<&'static str> {
        [Some("10.1.0.0/16"), Some("10.0.0.0/8"), None][usize::from(self.admit)]
    }

    fn groups(&self) -> Vec<Group> {
        let ingress = match self.ingress {
            0 => vec![("Ingress", "udp", "10.1.0.0/16"), ("Ingress", "tcp", "10.1.0.0/16")],
            1 => vec![("Ingress", "udp", "0.0.0.0/0")],
            2 => vec![("Ingress", "udp", "10.2.0.0/16"), ("Ingress", "tcp", "10.2.0.0/16")],
            _ => vec![],
        };
        let protocols = if self.egress { ["udp", "tcp"] } else { ["icmp", "icmp"] };
        let egress = protocols.map(|protocol| ("Egress", protocol, "0.0.0.0/0")).to_vec();
        let inbound = self.inbound.then_some(("Inbound", "Eks", ingress));
        [("Outbound", "Client", egress)].into_iter().chain(inbound).collect()
    }

    fn endpoints(&self) -> Vec<(&'static str, &'static str, &'static str, [Option<String>; 2])> {
        let pinned = [Some("10.2.0.10".to_owned()), Some("10.2.1.10".to_owned())];
        let inbound = self.inbound.then_some(("Inbound", "INBOUND", "Eks", pinned));
        [("Outbound", "OUTBOUND", "Client", [None, None])].into_iter().chain(inbound).collect()
    }

    pub(super) fn associated(&self) -> impl Iterator<Item = &'static str> {
        let client = self.on_client.then_some("Client");
        client.into_iter().chain(self.on_eks.then_some("Eks"))
    }
}
