variable "list" {}

resource "aws_vpc" "client" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_vpc" "eks" {
  cidr_block = "10.2.0.0/16"
}
resource "aws_subnet" "client" {
  vpc_id            = aws_vpc.client.id
  cidr_block        = "10.1.0.0/24"
  availability_zone = "eu-central-1a"
}
resource "aws_subnet" "eks" {
  vpc_id            = aws_vpc.eks.id
  cidr_block        = "10.2.0.0/24"
  availability_zone = "eu-central-1a"
}

resource "aws_vpc_peering_connection" "pair" {
  vpc_id      = aws_vpc.client.id
  peer_vpc_id = aws_vpc.eks.id
  # peer region
}
resource "aws_ec2_transit_gateway" "hub" {
  # gateway support
}
resource "aws_ec2_transit_gateway_vpc_attachment" "client" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.client.id
  subnet_ids         = [aws_subnet.client.id]
  # attachment support
}
resource "aws_ec2_transit_gateway_vpc_attachment" "eks" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.eks.id
  subnet_ids         = [aws_subnet.eks.id]
}
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.pair.id
}

resource "aws_security_group" "client" {
  vpc_id = aws_vpc.client.id
}
resource "aws_security_group_rule" "out" {
  type                     = "egress"
  security_group_id        = aws_security_group.client.id
  protocol                 = "tcp"
  from_port                = 443
  to_port                  = 443
  source_security_group_id = aws_security_group.eks.id
}
resource "aws_security_group" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_security_group_rule" "in" {
  type              = "ingress"
  security_group_id = aws_security_group.eks.id
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  source_security_group_id = aws_security_group.client.id
}
resource "aws_security_group" "third" {
  vpc_id = aws_vpc.client.id
}

resource "aws_ec2_managed_prefix_list" "own" {
  name           = "own"
  address_family = "IPv4"
  max_entries    = 2
  entry {
    cidr = "10.1.0.0/20"
  }
}
data "aws_prefix_list" "s3" {
  prefix_list_id = var.list
}
data "aws_ec2_managed_prefix_list" "s3" {
  name = "com.amazonaws.eu-central-1.s3"
}
data "aws_ec2_managed_prefix_list" "own" {
  name = "offices"
}
data "aws_vpc" "any" {
  tags = { name = "any" }
}
resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.eks.id
  service_name = "com.amazonaws.eu-central-1.s3"
}
# more
