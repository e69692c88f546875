# Whether the way back is there is a variable's choice.
variable "routed" {
  type = bool
}

resource "aws_vpc" "client" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_vpc" "cluster" {
  cidr_block           = "10.1.0.0/16"
  enable_dns_hostnames = true
}

resource "aws_subnet" "client" {
  vpc_id            = aws_vpc.client.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "eu-central-1a"
}

resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.cluster.id
  cidr_block        = "10.1.0.0/24"
  availability_zone = "eu-central-1a"
}

resource "aws_subnet" "b" {
  vpc_id            = aws_vpc.cluster.id
  cidr_block        = "10.1.1.0/24"
  availability_zone = "eu-central-1b"
}

resource "aws_vpc_peering_connection" "peer" {
  vpc_id      = aws_vpc.client.id
  peer_vpc_id = aws_vpc.cluster.id
  auto_accept = true
}

resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = aws_vpc.cluster.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection.peer.id
}

resource "aws_route" "back" {
  count = var.routed ? 1 : 0

  route_table_id            = aws_vpc.cluster.main_route_table_id
  destination_cidr_block    = aws_vpc.client.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection.peer.id
}

resource "aws_security_group" "api" {
  vpc_id = aws_vpc.cluster.id

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [aws_vpc.client.cidr_block]
  }
}

resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"

  vpc_config {
    subnet_ids              = [aws_subnet.a.id, aws_subnet.b.id]
    security_group_ids      = [aws_security_group.api.id]
    endpoint_private_access = true
    endpoint_public_access  = false
  }
}
