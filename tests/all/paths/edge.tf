resource "aws_vpc" "hub" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_vpc" "spoke" {
  cidr_block = "10.2.0.0/16"
}
resource "aws_subnet" "hub" {
  vpc_id     = aws_vpc.hub.id
  cidr_block = "10.1.0.0/24"
}
resource "aws_subnet" "spoke" {
  vpc_id     = aws_vpc.spoke.id
  cidr_block = "10.2.0.0/24"
}
resource "aws_vpc_peering_connection" "both" {
  vpc_id      = aws_vpc.hub.id
  peer_vpc_id = aws_vpc.spoke.id
  auto_accept = true
}
resource "aws_vpn_gateway" "campus" {
  vpc_id = aws_vpc.hub.id # attached
}
resource "aws_customer_gateway" "campus" {
  bgp_asn    = 65000
  ip_address = "203.0.113.1"
  type       = "ipsec.1"
}
resource "aws_vpn_connection" "campus" {
  customer_gateway_id = aws_customer_gateway.campus.id
  vpn_gateway_id      = aws_vpn_gateway.campus.id
  type                = "ipsec.1"
  static_routes_only = true
}
resource "aws_vpn_connection_route" "campus" {
  destination_cidr_block = "192.168.0.0/16" # behind
  vpn_connection_id      = aws_vpn_connection.campus.id
}
resource "aws_internet_gateway" "hub" {
  vpc_id = aws_vpc.hub.id
}
resource "aws_route_table" "hub" {
  vpc_id           = aws_vpc.hub.id
  propagating_vgws = [aws_vpn_gateway.campus.id]
}
resource "aws_route_table_association" "hub" {
  subnet_id      = aws_subnet.hub.id
  route_table_id = aws_route_table.hub.id
}
resource "aws_route" "other" {
  route_table_id         = aws_route_table.hub.id
  destination_cidr_block = "10.88.0.0/16"
  gateway_id             = aws_internet_gateway.hub.id
}
resource "aws_route" "spoke" {
  route_table_id            = aws_vpc.spoke.main_route_table_id
  destination_cidr_block    = "192.168.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
