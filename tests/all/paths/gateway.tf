resource "aws_vpc" "client" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_vpc" "eks" {
  cidr_block = "10.2.0.0/16"
}
resource "aws_vpc" "third" {
  cidr_block = "10.3.0.0/16"
}
resource "aws_subnet" "client" {
  vpc_id            = aws_vpc.client.id
  cidr_block        = "10.1.0.0/24"
  availability_zone = "us-east-1a"
}
resource "aws_subnet" "client_near" {
  vpc_id            = aws_vpc.client.id
  cidr_block        = "10.1.1.0/24"
  availability_zone = "us-east-1a"
}
resource "aws_subnet" "client_far" {
  vpc_id            = aws_vpc.client.id
  cidr_block        = "10.1.2.0/24"
  availability_zone = "us-east-1b"
}
resource "aws_subnet" "eks" {
  vpc_id            = aws_vpc.eks.id
  cidr_block        = "10.2.0.0/24"
  availability_zone = "us-east-1c"
}
resource "aws_subnet" "third" {
  vpc_id            = aws_vpc.third.id
  cidr_block        = "10.3.0.0/24"
  availability_zone = "us-east-1a"
}
resource "aws_ec2_transit_gateway" "hub" {
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
}
locals {
  client = aws_ec2_transit_gateway_vpc_attachment.client.id
  eks    = aws_ec2_transit_gateway_vpc_attachment.eks.id
  vpn    = aws_vpn_connection.campus.transit_gateway_attachment_id
}
resource "aws_ec2_transit_gateway_vpc_attachment" "client" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.client.id
  subnet_ids = [aws_subnet.client.id]
  # uses
}
resource "aws_ec2_transit_gateway_vpc_attachment" "eks" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id # of eks
  vpc_id = aws_vpc.eks.id # attachment
  subnet_ids = [aws_subnet.eks.id]
  # uses
}
resource "aws_customer_gateway" "campus" {
  bgp_asn    = 65000
  ip_address = "203.0.113.1"
  type       = "ipsec.1"
}
resource "aws_vpn_connection" "campus" {
  customer_gateway_id = aws_customer_gateway.campus.id
  transit_gateway_id  = aws_ec2_transit_gateway.hub.id
  type                = "ipsec.1"
  static_routes_only  = true
}
resource "aws_ec2_transit_gateway_route_table" "main" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}
resource "aws_ec2_transit_gateway_route_table_association" "client" {
  transit_gateway_attachment_id = local.client # association
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
}
resource "aws_ec2_transit_gateway_route_table_association" "eks" {
  transit_gateway_attachment_id  = local.eks
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
}
resource "aws_ec2_transit_gateway_route_table_association" "vpn" {
  transit_gateway_attachment_id  = local.vpn
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
}
resource "aws_ec2_transit_gateway_route_table_propagation" "client" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.client.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
}
resource "aws_ec2_transit_gateway_route_table_propagation" "eks" {
  transit_gateway_attachment_id = local.eks # propagation
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
}
resource "aws_ec2_transit_gateway_route" "vpn" {
  destination_cidr_block = "192.168.0.0/16" # vpn
  transit_gateway_attachment_id  = local.vpn
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
}
resource "aws_ec2_transit_gateway_route" "drop" {
  destination_cidr_block         = "10.66.0.0/16"
  blackhole                      = true
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.main.id
}
resource "aws_route_table" "client" {
  vpc_id = aws_vpc.client.id
  route {
    cidr_block         = "192.168.0.0/16"
    transit_gateway_id = aws_ec2_transit_gateway.hub.id
  }
}
resource "aws_route_table_association" "client" {
  subnet_id      = aws_subnet.client.id
  route_table_id = aws_route_table.client.id
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route_table_association" "eks" {
  subnet_id      = aws_subnet.eks.id
  route_table_id = aws_route_table.eks.id
}
resource "aws_route" "client" {
  route_table_id         = aws_route_table.client.id
  destination_cidr_block = "10.2.0.0/16" # client
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
}
resource "aws_route" "eks" {
  route_table_id         = aws_route_table.eks.id
  destination_cidr_block = "10.1.0.0/16" # eks
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
}
# end
