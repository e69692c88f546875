//! Direct Connect: what its associations announce, by a virtual private gateway and by a transit gateway.

use super::{network, words};

const TERRAFORM: &str = r#"
resource "aws_vpc" "eks" {
  cidr_block = "10.2.0.0/16"
}
resource "aws_subnet" "eks" {
  vpc_id            = aws_vpc.eks.id
  cidr_block        = "10.2.0.0/24"
  availability_zone = "eu-central-1a"
}
resource "aws_route" "campus" {
  route_table_id         = aws_vpc.eks.main_route_table_id
  destination_cidr_block = "192.168.0.0/16"
  gateway_id             = aws_vpn_gateway.eks.id
}
resource "aws_vpn_gateway" "eks" {
  vpc_id = aws_vpc.eks.id # attached
}
resource "aws_ec2_transit_gateway" "hub" {}
resource "aws_dx_gateway" "campus" {
  name            = "campus"
  amazon_side_asn = "64512"
}
resource "aws_dx_gateway_association" "eks" {
  dx_gateway_id         = aws_dx_gateway.campus.id
  associated_gateway_id = aws_vpn_gateway.eks.id
  # allowed
}
"#;

/// With these allowed prefixes; over a virtual private gateway, and over a transit gateway.
fn in_by(allowed: &str) -> [String; 2] {
    let allowed = match allowed {
        "" => String::new(),
        block => format!("allowed_prefixes = [{block}]"),
    };
    let attachment = "resource \"aws_ec2_transit_gateway_vpc_attachment\" \"eks\" {\n  transit_gateway_id = \
                      aws_ec2_transit_gateway.hub.id\n  vpc_id = aws_vpc.eks.id\n  subnet_ids = \
                      [aws_subnet.eks.id]\n}\nresource \"aws_dx_gateway\" \"campus\" {";
    let changes = [
        (
            "gateway_id             = aws_vpn_gateway.eks.id",
            "transit_gateway_id = aws_ec2_transit_gateway.hub.id",
        ),
        ("vpc_id = aws_vpc.eks.id # attached", ""),
        (
            "associated_gateway_id = aws_vpn_gateway.eks.id",
            "associated_gateway_id = aws_ec2_transit_gateway.hub.id",
        ),
        ("resource \"aws_dx_gateway\" \"campus\" {", attachment),
        ("# allowed", &allowed),
    ];
    let there = |changes: &[(&str, &str)]| {
        let [_, back] = words(&network("main.tf", TERRAFORM, changes), "eks", "outside");
        back
    };
    [there(&changes[4..]), there(&changes)]
}

#[test]
fn what_is_announced_comes_in() {
    for (allowed, expected) in [
        ("", ["delivered", "unknown: the allowed prefixes of"]),
        ("\"10.2.0.0/16\"", ["delivered", "delivered"]),
        ("\"10.0.0.0/8\"", ["delivered", "delivered"]),
        ("\"10.9.0.0/16\", \"10.2.0.0/16\"", ["delivered", "delivered"]),
        ("\"10.9.0.0/16\"", ["not announced", "not announced"]),
        // A virtual private gateway announces the whole block of its VPC, or nothing of it.
        ("\"10.2.0.0/20\"", ["not announced", "delivered"]),
        ("var.open", ["unknown", "unknown"]),
    ] {
        let got = in_by(allowed);
        let fits = got.iter().zip(expected).all(|(got, expected)| got.starts_with(expected));
        assert!(fits, "{allowed}: {got:?}, not {expected:?}");
    }
}
