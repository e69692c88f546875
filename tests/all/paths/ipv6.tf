resource "aws_vpc" "client" {
  cidr_block                       = "10.1.0.0/16"
  assign_generated_ipv6_cidr_block = true
}
resource "aws_vpc" "eks" {
  cidr_block      = "10.2.0.0/16"
  ipv6_cidr_block = "2001:db8:2::/56"
}
resource "aws_subnet" "client" {
  vpc_id            = aws_vpc.client.id
  cidr_block        = "10.1.0.0/24"
  ipv6_cidr_block   = cidrsubnet(aws_vpc.client.ipv6_cidr_block, 8, 1)
  availability_zone = "eu-central-1a"
}
resource "aws_subnet" "eks" {
  vpc_id            = aws_vpc.eks.id
  cidr_block        = "10.2.0.0/24"
  ipv6_cidr_block   = "2001:db8:2:1::/64"
  availability_zone = "eu-central-1a"
}
resource "aws_vpc_peering_connection" "pair" {
  vpc_id      = aws_vpc.client.id
  peer_vpc_id = aws_vpc.eks.id
  auto_accept = true
}
resource "aws_ec2_transit_gateway" "hub" {}
resource "aws_ec2_transit_gateway_vpc_attachment" "client" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.client.id
  subnet_ids         = [aws_subnet.client.id]
  ipv6_support       = "enable" # client
}
resource "aws_ec2_transit_gateway_vpc_attachment" "eks" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.eks.id
  subnet_ids         = [aws_subnet.eks.id]
  ipv6_support       = "enable" # eks
}
resource "aws_route" "there" {
  route_table_id              = aws_vpc.client.main_route_table_id
  destination_ipv6_cidr_block = "2001:db8:2::/56"
  vpc_peering_connection_id   = aws_vpc_peering_connection.pair.id
}
resource "aws_route" "back" {
  route_table_id              = aws_vpc.eks.main_route_table_id
  destination_ipv6_cidr_block = aws_vpc.client.ipv6_cidr_block
  vpc_peering_connection_id   = aws_vpc_peering_connection.pair.id
}
resource "aws_route" "four" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "0.0.0.0/0"
  vpc_peering_connection_id = aws_vpc_peering_connection.pair.id
}
resource "aws_security_group" "eks" {
  vpc_id = aws_vpc.eks.id
  ingress {
    protocol         = "tcp"
    from_port        = 53
    to_port          = 53
    ipv6_cidr_blocks = [aws_vpc.client.ipv6_cidr_block]
  }
}
resource "aws_route53_resolver_endpoint" "in" {
  direction              = "INBOUND"
  resolver_endpoint_type = "IPV6"
  security_group_ids     = [aws_security_group.eks.id]
  ip_address {
    subnet_id = aws_subnet.eks.id
    ipv6      = "2001:db8:2:1::10"
  }
  ip_address {
    subnet_id = aws_subnet.eks.id
    ipv6      = "2001:db8:2:1::11"
  }
}
