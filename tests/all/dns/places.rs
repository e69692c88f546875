//! Every place to ask from: hosts with servers of their own, forwarders, Client VPN users, on premises.

use eksdns_lint::dns::{Assumptions, Dns, Origin};
use eksdns_lint::network::Network;

use super::{ask, cloudformation, from, terraform};

/// A VPC with a cluster whose endpoint is private and public, and an inbound endpoint beside it.
pub(super) const HOME: &str = r#"
resource "aws_vpc" "home" {
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_subnet" "home" {
  count             = 2
  vpc_id            = aws_vpc.home.id
  cidr_block        = cidrsubnet("10.2.0.0/16", 8, count.index)
}
resource "aws_security_group" "dns" {
  vpc_id = aws_vpc.home.id
  ingress {
    from_port   = 53
    to_port     = 53
    protocol    = "udp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "aws_route53_resolver_endpoint" "in" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.dns.id]
  ip_address {
    subnet_id = aws_subnet.home[0].id
    ip        = "10.2.0.10"
  }
  ip_address {
    subnet_id = aws_subnet.home[1].id
    ip        = "10.2.1.10"
  }
}
resource "aws_eks_cluster" "c" {
  name     = "c"
  role_arn = "arn:aws:iam::111111111111:role/c"
  vpc_config {
    subnet_ids              = aws_subnet.home[*].id
    endpoint_private_access = true
  }
}
"#;

pub(super) fn dhcp(vpc: &str, servers: &str) -> String {
    format!(
        "resource \"aws_vpc_dhcp_options\" \"d\" {{ domain_name_servers = {servers} }}\nresource \
         \"aws_vpc_dhcp_options_association\" \"d\" {{\n  vpc_id = aws_vpc.{vpc}.id\n  dhcp_options_id = \
         aws_vpc_dhcp_options.d.id\n}}\n"
    )
}

#[test]
fn hosts_ask_the_servers_of_their_dhcp_options() {
    for (servers, wanted) in [
        ("[\"AmazonProvidedDNS\"]", "private"),
        ("[\"10.2.0.2\"]", "private"),
        ("[cidrhost(aws_vpc.home.cidr_block, 2), \"169.254.169.253\"]", "private"),
        ("[\"10.2.0.10\"]", "private"),
        ("[\"10.2.0.10\", \"10.2.1.10\"]", "private"),
        ("aws_route53_resolver_endpoint.in.ip_address[*].ip", "private"),
        ("[\"10.2.0.99\"]", "undecided"),
        ("[var.server]", "undecided"),
    ] {
        let text = [HOME, &dhcp("home", servers), "variable \"server\" {}\n"].concat();
        assert_eq!(ask(&terraform(&text), "home", "endpoint"), wanted, "{servers}");
    }
    // Servers outside answer where there is a way to them: by a NAT gateway, by a virtual private gateway.
    let route = |block: &str, target: &str| {
        format!(
            "resource \"aws_route\" \"out\" {{\n  route_table_id = aws_vpc.home.main_route_table_id\n  \
             destination_cidr_block = \"{block}\"\n  {target}\n}}\nresource \"aws_vpn_gateway\" \"v\" {{\n  \
             vpc_id = aws_vpc.home.id\n}}\n"
        )
    };
    let nat = route("0.0.0.0/0", "nat_gateway_id = \"nat-1\"");
    let vpn = route("192.168.0.0/16", "gateway_id = aws_vpn_gateway.v.id");
    for (servers, route, wanted) in [
        ("[\"192.0.2.1\"]", &*nat, "192.0.2.1: public"),
        ("[\"192.0.2.1\", \"192.0.2.2\"]", &nat, "192.0.2.1, 192.0.2.2: public"),
        ("[\"192.0.2.1\", \"AmazonProvidedDNS\"]", &nat, "intermittent"),
        ("[\"192.0.2.1\"]", "", "timeout"),
        ("[\"192.168.0.53\"]", "", "timeout"),
        ("[\"192.168.0.53\"]", &nat, "timeout"),
        ("[\"192.168.0.53\", \"10.2.0.10\"]", "", "intermittent"),
        // Who has a way in may have been told to ask the inbound endpoint.
        ("[\"192.168.0.53\"]", &vpn, "undecided"),
    ] {
        let text = [HOME, &dhcp("home", servers), route].concat();
        assert_eq!(ask(&terraform(&text), "home", "endpoint"), wanted, "{servers} {route}");
    }
    let cfn = "  A: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n  D: {Type: \
               AWS::EC2::DHCPOptions, Properties: {DomainNameServers: [192.0.2.1]}}\n  DA: {Type: \
               AWS::EC2::VPCDHCPOptionsAssociation, Properties: {VpcId: !Ref A, DhcpOptionsId: !Ref D}}\n";
    assert_eq!(ask(&cloudformation(cfn), "A", "x.example"), "192.0.2.1: internet");
}

fn inbound(network: &Network) -> Origin {
    Origin::Inbound(network.endpoints.iter().next().unwrap().id)
}

#[test]
fn a_forwarder_sees_the_view_of_the_endpoint() {
    let network = terraform(HOME);
    assert_eq!(from(&network, inbound(&network), "endpoint"), "private");
    assert_eq!(
        from(&network, Origin::OnPremises, "endpoint"),
        "the dns servers on premises: public".replace("dns", "DNS")
    );
    // What hosts of the VPC are told to ask does not matter to what comes in.
    let network = terraform(&[HOME, &dhcp("home", "[\"192.0.2.1\"]")].concat());
    assert_eq!(from(&network, inbound(&network), "endpoint"), "private");
}

#[test]
fn an_endpoint_for_delegations_knows_private_zones_alone() {
    let text = HOME.replace("\"INBOUND\"", "\"INBOUND_DELEGATION\"");
    let zone = "resource \"aws_route53_zone\" \"z\" {\n  name = \"corp.example\"\n  vpc { vpc_id = \
                aws_vpc.home.id }\n}\nresource \"aws_route53_record\" \"z\" {\n  zone_id = \
                aws_route53_zone.z.id\n  name = \"www\"\n  type = \"A\"\n  records = [\"10.2.0.1\"]\n}\n";
    let network = terraform(&[&text, zone].concat());
    assert_eq!(from(&network, inbound(&network), "www.corp.example"), "z");
    assert_eq!(from(&network, inbound(&network), "www.example.org"), "refused");
    // Hosts who hear nothing from one server and are refused by the other have no answer at any time.
    let servers = dhcp("home", "[\"192.168.0.53\", \"10.2.0.10\"]");
    let network = terraform(&[&text, zone, &servers].concat());
    assert_eq!(ask(&network, "home", "www.example.org"), "timeout");
}

#[test]
fn users_of_client_vpn() {
    let endpoint = |servers: &str| {
        format!(
            "{HOME}\nresource \"aws_ec2_client_vpn_endpoint\" \"v\" {{\n  client_cidr_block = \
             \"10.100.0.0/22\"\n  {servers}\n}}\nresource \"aws_ec2_client_vpn_network_association\" \"v\" \
             {{\n  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.v.id\n  subnet_id = \
             aws_subnet.home[0].id\n}}\n"
        )
    };
    let asked = |network: &Network| {
        let vpn = network.client_vpns.iter().next().unwrap().id;
        from(network, Origin::ClientVpn(vpn), "endpoint")
    };
    for (servers, wanted) in [
        ("", "the DNS servers of the users' devices: public"),
        ("dns_servers = [\"10.2.0.2\"]", "private"),
        ("dns_servers = [\"10.2.0.10\"]", "private"),
        ("dns_servers = [\"192.0.2.1\"]", "timeout"),
        ("dns_servers = [var.unknown]", "undecided"),
    ] {
        let network = terraform(&[&endpoint(servers), "variable \"unknown\" {}\n"].concat());
        assert_eq!(asked(&network), wanted, "{servers}");
    }
    let cfn = "  Home: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.2.0.0/16, EnableDnsHostnames: true}}\n  \
               One: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Home, CidrBlock: 10.2.0.0/24}}\n  C: \
               {Type: AWS::EKS::Cluster, Properties: {RoleArn: r, ResourcesVpcConfig: {SubnetIds: [!Ref \
               One], EndpointPrivateAccess: true}}}\n  V: {Type: AWS::EC2::ClientVpnEndpoint, Properties: \
               {ClientCidrBlock: 10.100.0.0/22, DnsServers: [10.2.0.2]}}\n  VA: {Type: \
               AWS::EC2::ClientVpnTargetNetworkAssociation, Properties: {ClientVpnEndpointId: !Ref V, \
               SubnetId: !Ref One}}\n";
    assert_eq!(asked(&cloudformation(cfn)), "private");
}

/// Where the Region is open, a rule for the names of one may take the endpoint's.
#[test]
fn a_rule_for_one_region_beside_a_cluster_of_an_open_one() {
    for (domain, wanted) in [
        ("us-east-1.eks.amazonaws.com", "undecided"),
        ("eks.amazonaws.com", "192.0.2.1: public"),
        ("us-east-1.eks.example.com", "public"),
    ] {
        let client = format!(
            "resource \"aws_vpc\" \"client\" {{\n  cidr_block = \"10.1.0.0/16\"\n}}\nresource \
             \"aws_route53_resolver_rule\" \"r\" {{\n  domain_name = \"{domain}\"\n  rule_type = \"FORWARD\"\n  \
             target_ip {{ ip = \"192.0.2.1\" }}\n}}\nresource \"aws_route53_resolver_rule_association\" \"r\" {{\n  \
             resolver_rule_id = aws_route53_resolver_rule.r.id\n  vpc_id = aws_vpc.client.id\n}}\n"
        );
        let network = terraform(&[HOME, &client].concat());
        assert_eq!(ask(&network, "client", "endpoint"), wanted, "{domain}");
    }
}

/// A rule for a suffix of the endpoint's name in every partition, and for one that is not.
#[test]
fn names_of_every_partition() {
    for (region, family, own, other) in [
        ("us-east-1", "ipv4", "us-east-1.eks.amazonaws.com", "us-east-1.api.aws"),
        ("us-gov-west-1", "ipv4", "eks.amazonaws.com", "eks.amazonaws.com.cn"),
        ("cn-north-1", "ipv4", "cn-north-1.eks.amazonaws.com.cn", "cn-north-1.eks.amazonaws.com"),
        ("us-east-1", "ipv6", "eks-cluster.us-east-1.api.aws", "us-east-1.eks.amazonaws.com"),
        (
            "cn-north-1",
            "ipv6",
            "eks-cluster.cn-north-1.api.amazonwebservices.com.cn",
            "eks.amazonaws.com.cn",
        ),
        ("us-iso-east-1", "ipv4", "us-iso-east-1.eks.c2s.ic.gov", "eks.amazonaws.com"),
        ("eusc-de-east-1", "ipv4", "eks.amazonaws.eu", "eks.amazonaws.com"),
    ] {
        let around = format!("provider \"aws\" {{ region = \"{region}\" }}\n{HOME}").replace(
            "role_arn",
            &format!("kubernetes_network_config {{ ip_family = \"{family}\" }}\n  role_arn"),
        );
        let client = "resource \"aws_vpc\" \"client\" {\n  cidr_block = \"10.1.0.0/16\"\n}\n";
        for (domain, wanted) in [(own, "192.0.2.1: public"), (other, "public")] {
            let rule = format!(
                "resource \"aws_route53_resolver_rule\" \"r\" {{\n  domain_name = \"{domain}\"\n  rule_type \
                 = \"FORWARD\"\n  target_ip {{ ip = \"192.0.2.1\" }}\n}}\nresource \
                 \"aws_route53_resolver_rule_association\" \"r\" {{\n  resolver_rule_id = \
                 aws_route53_resolver_rule.r.id\n  vpc_id = aws_vpc.client.id\n}}\n"
            );
            let text = [&around, client, &rule].concat();
            assert_eq!(ask(&terraform(&text), "client", "endpoint"), wanted, "{region}: {domain}");
            let open = text.replace(&format!("\"{family}\""), "var.family");
            let open = [&open, "variable \"family\" {}\n"].concat();
            let got = ask(&terraform(&open), "client", "endpoint");
            assert!(["undecided", wanted].contains(&&*got), "{region}: {domain} gives {got}");
        }
    }
}

/// Hosts of VPCs that are alike are asked once.
#[test]
fn vpcs_that_are_alike_are_one_class() {
    let spokes = "resource \"aws_vpc\" \"spoke\" {\n  count = 40\n  cidr_block = cidrsubnet(\"10.64.0.0/10\", 6, \
                  count.index)\n}\nresource \"aws_route53_resolver_rule\" \"r\" {\n  domain_name = \
                  \"corp.example\"\n  rule_type = \"FORWARD\"\n  target_ip { ip = \"192.0.2.1\" }\n}\nresource \
                  \"aws_route53_resolver_rule_association\" \"r\" {\n  count = 20\n  resolver_rule_id = \
                  aws_route53_resolver_rule.r.id\n  vpc_id = aws_vpc.spoke[count.index].id\n}\n";
    let network = terraform(&[HOME, spokes].concat());
    let dns = Dns::new(&network, Assumptions::default());
    let mut sizes: Vec<_> = dns.classes().iter().map(Vec::len).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 20, 20]);
    let cluster = network.clusters.iter().next().unwrap().id;
    for class in dns.classes() {
        for vpc in class {
            let alone =
                dns.resolve(&eksdns_lint::dns::Question::Endpoint(cluster), Origin::Host(*vpc));
            assert_eq!(dns.answer(*vpc, cluster), alone.end);
        }
    }
}
