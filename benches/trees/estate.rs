//! A hub and its spokes, each a few blocks of one file of Terraform.

use std::fmt::Write as _;

/// A hub with a transit gateway, `vpcs` spokes, and a cluster in each of the first `clusters`.
pub(crate) fn estate(vpcs: usize, clusters: usize) -> String {
    let mut text = String::from(
        r#"
resource "aws_ec2_transit_gateway" "hub" {}
resource "aws_vpc" "hub" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "hub" {
  count             = 2
  vpc_id            = aws_vpc.hub.id
  cidr_block        = cidrsubnet("10.0.0.0/16", 8, count.index)
  availability_zone = "eu-central-1${["a", "b"][count.index]}"
}
resource "aws_ec2_transit_gateway_vpc_attachment" "hub" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.hub.id
  subnet_ids         = aws_subnet.hub[*].id
}
resource "aws_route" "hub" {
  route_table_id         = aws_vpc.hub.main_route_table_id
  destination_cidr_block = "10.0.0.0/8"
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
}
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.hub.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "aws_route53_resolver_endpoint" "outbound" {
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.outbound.id]
  ip_address { subnet_id = aws_subnet.hub[0].id }
  ip_address { subnet_id = aws_subnet.hub[1].id }
}
"#,
    );
    for spoke in 0..vpcs {
        let net = format!("10.{}.{}.0", 1 + spoke / 16, spoke % 16 * 16);
        write!(
            text,
            r#"
resource "aws_vpc" "s{spoke}" {{
  cidr_block           = "{net}/20"
  enable_dns_hostnames = true
}}
resource "aws_subnet" "s{spoke}" {{
  count             = 2
  vpc_id            = aws_vpc.s{spoke}.id
  cidr_block        = cidrsubnet("{net}/20", 4, count.index)
  availability_zone = "eu-central-1${{["a", "b"][count.index]}}"
}}
resource "aws_ec2_transit_gateway_vpc_attachment" "s{spoke}" {{
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.s{spoke}.id
  subnet_ids         = aws_subnet.s{spoke}[*].id
}}
resource "aws_route" "s{spoke}" {{
  route_table_id         = aws_vpc.s{spoke}.main_route_table_id
  destination_cidr_block = "10.0.0.0/8"
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
}}
"#
        )
        .expect("a text takes all that is written to it");
        if spoke < clusters {
            cluster(&mut text, spoke, vpcs - 1 - spoke);
        }
    }
    text
}

/// A cluster in a spoke, found through the hub from another.
fn cluster(text: &mut String, home: usize, client: usize) {
    write!(
        text,
        r#"
resource "aws_eks_cluster" "c{home}" {{
  name     = "c{home}"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {{
    subnet_ids              = aws_subnet.s{home}[*].id
    endpoint_private_access = true
    endpoint_public_access  = false
  }}
}}
resource "aws_vpc_security_group_ingress_rule" "c{home}" {{
  security_group_id = aws_eks_cluster.c{home}.vpc_config[0].cluster_security_group_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = aws_vpc.s{client}.cidr_block
}}
resource "aws_security_group" "in{home}" {{
  vpc_id = aws_vpc.s{home}.id
  ingress {{
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/16"]
  }}
}}
resource "aws_route53_resolver_endpoint" "in{home}" {{
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.in{home}.id]
  ip_address {{
    subnet_id = aws_subnet.s{home}[0].id
    ip        = cidrhost(aws_subnet.s{home}[0].cidr_block, 10)
  }}
  ip_address {{
    subnet_id = aws_subnet.s{home}[1].id
    ip        = cidrhost(aws_subnet.s{home}[1].cidr_block, 10)
  }}
}}
resource "aws_route53_resolver_rule" "c{home}" {{
  domain_name          = trimprefix(aws_eks_cluster.c{home}.endpoint, "https://")
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {{ ip = cidrhost(aws_subnet.s{home}[0].cidr_block, 10) }}
  target_ip {{ ip = cidrhost(aws_subnet.s{home}[1].cidr_block, 10) }}
}}
resource "aws_route53_resolver_rule_association" "c{home}" {{
  resolver_rule_id = aws_route53_resolver_rule.c{home}.id
  vpc_id           = aws_vpc.s{client}.id
}}
"#
    )
    .expect("a text takes all that is written to it");
}
