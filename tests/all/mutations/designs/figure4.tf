# Figure 4: the client asks an inbound endpoint in the cluster's VPC, over a peering connection.
resource "aws_vpc" "client" {
  cidr_block = "10.1.0.0/16"
  enable_dns_support = true
  enable_dns_hostnames = true
}
resource "aws_subnet" "client_a" {
  vpc_id = aws_vpc.client.id
  cidr_block = "10.1.0.0/24"
  availability_zone = "us-east-1a"
}
resource "aws_subnet" "client_b" {
  vpc_id = aws_vpc.client.id
  cidr_block = "10.1.1.0/24"
  availability_zone = "us-east-1b"
}
resource "aws_route_table" "client" {
  vpc_id = aws_vpc.client.id
}
resource "aws_route_table_association" "client_a" {
  subnet_id = aws_subnet.client_a.id
  route_table_id = aws_route_table.client.id
}
resource "aws_route_table_association" "client_b" {
  subnet_id = aws_subnet.client_b.id
  route_table_id = aws_route_table.client.id
}
resource "aws_vpc" "eks" {
  cidr_block = "10.2.0.0/16"
  enable_dns_support = true
  enable_dns_hostnames = true
}
resource "aws_subnet" "eks_a" {
  vpc_id = aws_vpc.eks.id
  cidr_block = "10.2.0.0/24"
  availability_zone = "us-east-1a"
}
resource "aws_subnet" "eks_b" {
  vpc_id = aws_vpc.eks.id
  cidr_block = "10.2.1.0/24"
  availability_zone = "us-east-1b"
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route_table_association" "eks_a" {
  subnet_id = aws_subnet.eks_a.id
  route_table_id = aws_route_table.eks.id
}
resource "aws_route_table_association" "eks_b" {
  subnet_id = aws_subnet.eks_b.id
  route_table_id = aws_route_table.eks.id
}
resource "aws_vpc_peering_connection" "both" {
  vpc_id = aws_vpc.client.id
  peer_vpc_id = aws_vpc.eks.id
  auto_accept = true
}
resource "aws_route" "there" {
  route_table_id = aws_route_table.client.id
  destination_cidr_block = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route" "back" {
  route_table_id = aws_route_table.eks.id
  destination_cidr_block = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_vpn_gateway" "campus" {
  amazon_side_asn = 64512
}
resource "aws_vpn_gateway_attachment" "campus" {
  vpc_id = aws_vpc.client.id
  vpn_gateway_id = aws_vpn_gateway.campus.id
}
resource "aws_vpn_gateway_route_propagation" "campus" {
  route_table_id = aws_route_table.client.id
  vpn_gateway_id = aws_vpn_gateway.campus.id
}
resource "aws_customer_gateway" "campus" {
  bgp_asn = 65000
  ip_address = "198.51.100.7"
  type = "ipsec.1"
}
resource "aws_vpn_connection" "campus" {
  customer_gateway_id = aws_customer_gateway.campus.id
  vpn_gateway_id = aws_vpn_gateway.campus.id
  type = "ipsec.1"
}
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.client.id
  egress {
    protocol = "udp"
    from_port = 53
    to_port = 53
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    protocol = "tcp"
    from_port = 53
    to_port = 53
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
  ingress {
    protocol = "udp"
    from_port = 53
    to_port = 53
    cidr_blocks = ["10.1.0.0/16"]
  }
  ingress {
    protocol = "tcp"
    from_port = 53
    to_port = 53
    cidr_blocks = ["10.1.0.0/16"]
  }
}
resource "aws_eks_cluster" "main" {
  name = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids = [aws_subnet.eks_a.id, aws_subnet.eks_b.id]
    endpoint_private_access = true
    endpoint_public_access = false
  }
}
resource "aws_vpc_security_group_ingress_rule" "client" {
  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_ipv4 = "10.1.0.0/16"
  ip_protocol = "tcp"
  from_port = 443
  to_port = 443
}
resource "aws_route53_resolver_endpoint" "outbound" {
  direction = "OUTBOUND"
  security_group_ids = [aws_security_group.outbound.id]
  ip_address {
    subnet_id = aws_subnet.client_a.id
  }
  ip_address {
    subnet_id = aws_subnet.client_b.id
  }
}
resource "aws_route53_resolver_endpoint" "inbound" {
  direction = "INBOUND"
  security_group_ids = [aws_security_group.inbound.id]
  ip_address {
    subnet_id = aws_subnet.eks_a.id
    ip = "10.2.0.10"
  }
  ip_address {
    subnet_id = aws_subnet.eks_b.id
    ip = "10.2.1.10"
  }
}
resource "aws_route53_resolver_rule" "campus" {
  domain_name = "."
  rule_type = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
  target_ip {
    ip = "192.168.1.53"
  }
}
resource "aws_route53_resolver_rule" "eks" {
  domain_name = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  rule_type = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
  target_ip {
    ip = "10.2.1.10"
  }
}
resource "aws_route53_resolver_rule_association" "campus_client" {
  resolver_rule_id = aws_route53_resolver_rule.campus.id
  vpc_id = aws_vpc.client.id
}
resource "aws_route53_resolver_rule_association" "campus_eks" {
  resolver_rule_id = aws_route53_resolver_rule.campus.id
  vpc_id = aws_vpc.eks.id
}
resource "aws_route53_resolver_rule_association" "eks_client" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id = aws_vpc.client.id
}
