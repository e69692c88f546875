# On-premises over VPN: the campus forwards the name to the inbound endpoint, and reaches the cluster itself.
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
resource "aws_vpn_gateway" "campus" {
  amazon_side_asn = 64512
}
resource "aws_vpn_gateway_attachment" "campus" {
  vpc_id = aws_vpc.eks.id
  vpn_gateway_id = aws_vpn_gateway.campus.id
}
resource "aws_vpn_gateway_route_propagation" "campus" {
  route_table_id = aws_route_table.eks.id
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
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
  ingress {
    protocol = "udp"
    from_port = 53
    to_port = 53
    cidr_blocks = ["192.168.0.0/16"]
  }
  ingress {
    protocol = "tcp"
    from_port = 53
    to_port = 53
    cidr_blocks = ["192.168.0.0/16"]
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
  cidr_ipv4 = "192.168.0.0/16"
  ip_protocol = "tcp"
  from_port = 443
  to_port = 443
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
