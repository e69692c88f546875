//! How long a hub and its spokes take, and how much memory: 2,000 VPCs and 500 clusters.
//!
//! Each spoke is peered with the hub, and has its rules; the hub's outbound endpoint forwards each
//! cluster's name to the inbound endpoint of the cluster's VPC. The growth from 250 to 2,000 VPCs tells
//! whether anything is quadratic.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench fails and talks as tests do")]

use std::fmt::Write as _;
use std::time::Instant;

use eksdns_lint::{Options, check};

fn main() {
    let mut last = None;
    for vpcs in [250, 500, 1000, 2000] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("main.tf"), estate(vpcs, vpcs / 4)).unwrap();
        let started = Instant::now();
        let run = check(&[folder.path().to_path_buf()], folder.path(), Options::default()).unwrap();
        let seconds = started.elapsed().as_secs_f64();
        assert_eq!(run.failures, Vec::<String>::new());
        let growth = last.map_or(String::new(), |last| format!(", {:.1} times", seconds / last));
        println!(
            "{vpcs} VPCs, {} clusters: {seconds:.2} s{growth}, at most {} MB so far; {} findings",
            vpcs / 4,
            peak_kilobytes() / 1024,
            run.outcome.findings.len()
        );
        last = Some(seconds);
    }
}

/// The most memory that the process had, where the system tells.
fn peak_kilobytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// A hub with a transit gateway, `vpcs` spokes, and a cluster in each of the first `clusters`.
fn estate(vpcs: usize, clusters: usize) -> String {
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
        .unwrap();
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
    .unwrap();
}
