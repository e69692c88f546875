provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias  = "far"
  region = "eu-west-1"
}
resource "aws_vpc" "client" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_subnet" "client" {
  vpc_id     = aws_vpc.client.id
  cidr_block = "10.1.0.0/24"
}
resource "aws_vpc" "eks" {
  provider   = aws.far
  cidr_block = "10.2.0.0/16"
}
resource "aws_subnet" "eks" {
  provider   = aws.far
  vpc_id     = aws_vpc.eks.id
  cidr_block = "10.2.0.0/24"
}
resource "aws_ec2_transit_gateway" "near" {}
resource "aws_ec2_transit_gateway" "far" {
  provider = aws.far
}
resource "aws_ec2_transit_gateway_vpc_attachment" "client" {
  transit_gateway_id = aws_ec2_transit_gateway.near.id
  vpc_id             = aws_vpc.client.id
  subnet_ids         = [aws_subnet.client.id]
}
resource "aws_ec2_transit_gateway_vpc_attachment" "eks" {
  provider           = aws.far
  transit_gateway_id = aws_ec2_transit_gateway.far.id
  vpc_id             = aws_vpc.eks.id
  subnet_ids         = [aws_subnet.eks.id]
}
resource "aws_ec2_transit_gateway_peering_attachment" "both" {
  transit_gateway_id      = aws_ec2_transit_gateway.near.id
  peer_transit_gateway_id = aws_ec2_transit_gateway.far.id
  peer_region             = "eu-west-1"
}
resource "aws_ec2_transit_gateway_peering_attachment_accepter" "both" {
  provider                      = aws.far
  transit_gateway_attachment_id = aws_ec2_transit_gateway_peering_attachment.both.id
}
resource "aws_ec2_transit_gateway_route" "near" {
  destination_cidr_block         = "10.2.0.0/16" # near
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_peering_attachment.both.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway.near.association_default_route_table_id
}
resource "aws_ec2_transit_gateway_route" "far" {
  provider                       = aws.far
  destination_cidr_block         = "10.1.0.0/16" # far
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_peering_attachment.both.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway.far.association_default_route_table_id
}
resource "aws_route" "client" {
  route_table_id         = aws_vpc.client.main_route_table_id
  destination_cidr_block = "10.2.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway.near.id
}
resource "aws_route" "eks" {
  provider               = aws.far
  route_table_id         = aws_vpc.eks.main_route_table_id
  destination_cidr_block = "10.1.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway.far.id
}
