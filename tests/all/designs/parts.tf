### vpcs
resource "aws_vpc" "client" {
  cidr_block           = "10.1.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_vpc" "eks" {
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_subnet" "client" {
  count      = 2
  vpc_id     = aws_vpc.client.id
  cidr_block = "10.1.${count.index}.0/24"
}
resource "aws_subnet" "eks" {
  count      = 2
  vpc_id     = aws_vpc.eks.id
  cidr_block = "10.2.${count.index}.0/24"
}
### peering
resource "aws_vpc_peering_connection" "both" {
  vpc_id      = aws_vpc.client.id
  peer_vpc_id = aws_vpc.eks.id
  auto_accept = true
}
### tables
resource "aws_route_table" "client" {
  vpc_id = aws_vpc.client.id
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route_table_association" "client" {
  count          = 2
  subnet_id      = aws_subnet.client[count.index].id
  route_table_id = aws_route_table.client.id
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
### routes
resource "aws_route" "there" {
  route_table_id            = aws_route_table.client.id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route" "back" {
  route_table_id            = aws_route_table.eks.id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
### private
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = true
    endpoint_public_access  = false
  }
}
### both
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = true
  }
}
### admit
resource "aws_vpc_security_group_ingress_rule" "client" {
  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_ipv4         = aws_vpc.client.cidr_block
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
### groups
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.client.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.1.0.0/16"]
  }
}
### outbound
resource "aws_route53_resolver_endpoint" "outbound" {
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.outbound.id]
  ip_address {
    subnet_id = aws_subnet.client[0].id
  }
  ip_address {
    subnet_id = aws_subnet.client[1].id
  }
}
### inbound
resource "aws_route53_resolver_endpoint" "inbound" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.inbound.id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
    ip        = "10.2.0.10"
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
    ip        = "10.2.1.10"
  }
}
### rule
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
  target_ip {
    ip = "10.2.1.10"
  }
}
### association
resource "aws_route53_resolver_rule_association" "client" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = aws_vpc.client.id
}
### hub
resource "aws_ec2_transit_gateway" "hub" {}
resource "aws_ec2_transit_gateway_vpc_attachment" "all" {
  for_each           = { client = aws_vpc.client.id, eks = aws_vpc.eks.id }
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = each.value
  subnet_ids         = each.key == "eks" ? aws_subnet.eks[*].id : aws_subnet.client[*].id
}
