resource "aws_vpc" "a" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_vpc" "b" {
  cidr_block = "10.2.0.0/16"
}
resource "aws_vpc" "c" {
  cidr_block = "10.3.0.0/16"
}
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.1.0.0/24"
}
resource "aws_subnet" "b" {
  vpc_id     = aws_vpc.b.id
  cidr_block = "10.2.0.0/24"
}
resource "aws_subnet" "c" {
  vpc_id     = aws_vpc.c.id
  cidr_block = "10.3.0.0/24"
}
resource "aws_vpc_peering_connection" "ab" {
  vpc_id      = aws_vpc.a.id
  peer_vpc_id = aws_vpc.b.id
  auto_accept = true # ab
}
resource "aws_vpc_peering_connection" "bc" {
  vpc_id      = aws_vpc.b.id
  peer_vpc_id = aws_vpc.c.id
  auto_accept = true
}
resource "aws_internet_gateway" "a" {
  vpc_id = aws_vpc.a.id
}
resource "aws_ec2_managed_prefix_list" "some" {
  name           = "some"
  address_family = "IPv4"
  max_entries    = 2
  entry {
    cidr = "10.77.0.0/16"
  }
}
resource "aws_default_route_table" "a" {
  default_route_table_id = aws_vpc.a.default_route_table_id
}
resource "aws_route" "wide" {
  route_table_id         = aws_default_route_table.a.id
  destination_cidr_block = "10.0.0.0/8" # wide
  gateway_id             = aws_internet_gateway.a.id
}
resource "aws_route" "list" {
  route_table_id             = aws_default_route_table.a.id
  destination_prefix_list_id = aws_ec2_managed_prefix_list.some.id
  gateway_id                 = aws_internet_gateway.a.id
}
resource "aws_route" "ab" {
  route_table_id            = aws_default_route_table.a.id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.ab.id
}
resource "aws_route" "ac" {
  route_table_id            = aws_default_route_table.a.id
  destination_cidr_block    = "10.3.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.ab.id
}
resource "aws_route" "ba" {
  route_table_id            = aws_vpc.b.main_route_table_id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.ab.id
}
resource "aws_route" "ca" {
  route_table_id            = aws_vpc.c.main_route_table_id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.bc.id
}
