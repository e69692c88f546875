# Hub and spoke over a transit gateway: the hub has the outbound endpoint, and the rule is shared with the spoke
# of the clients; the cluster is in a spoke of its own.
resource "aws_vpc" "hub" {
  cidr_block = "10.0.0.0/16"
  enable_dns_support = true
  enable_dns_hostnames = true
}
resource "aws_subnet" "hub_a" {
  vpc_id = aws_vpc.hub.id
  cidr_block = "10.0.0.0/24"
  availability_zone = "us-east-1a"
}
resource "aws_subnet" "hub_b" {
  vpc_id = aws_vpc.hub.id
  cidr_block = "10.0.1.0/24"
  availability_zone = "us-east-1b"
}
resource "aws_route_table" "hub" {
  vpc_id = aws_vpc.hub.id
}
resource "aws_route_table_association" "hub_a" {
  subnet_id = aws_subnet.hub_a.id
  route_table_id = aws_route_table.hub.id
}
resource "aws_route_table_association" "hub_b" {
  subnet_id = aws_subnet.hub_b.id
  route_table_id = aws_route_table.hub.id
}
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
resource "aws_ec2_transit_gateway" "hub" {
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
}
resource "aws_ec2_transit_gateway_route_table" "all" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}
resource "aws_ec2_transit_gateway_vpc_attachment" "hub" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id = aws_vpc.hub.id
  subnet_ids = [aws_subnet.hub_a.id, aws_subnet.hub_b.id]
}
resource "aws_ec2_transit_gateway_route_table_association" "hub" {
  transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.hub.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.all.id
}
resource "aws_ec2_transit_gateway_route_table_propagation" "hub" {
  transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.hub.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.all.id
}
resource "aws_ec2_transit_gateway_vpc_attachment" "client" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id = aws_vpc.client.id
  subnet_ids = [aws_subnet.client_a.id, aws_subnet.client_b.id]
}
resource "aws_ec2_transit_gateway_route_table_association" "client" {
  transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.client.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.all.id
}
resource "aws_ec2_transit_gateway_route_table_propagation" "client" {
  transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.client.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.all.id
}
resource "aws_ec2_transit_gateway_vpc_attachment" "eks" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id = aws_vpc.eks.id
  subnet_ids = [aws_subnet.eks_a.id, aws_subnet.eks_b.id]
}
resource "aws_ec2_transit_gateway_route_table_association" "eks" {
  transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.eks.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.all.id
}
resource "aws_ec2_transit_gateway_route_table_propagation" "eks" {
  transit_gateway_attachment_id = aws_ec2_transit_gateway_vpc_attachment.eks.id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.all.id
}
resource "aws_route" "hub" {
  route_table_id = aws_route_table.hub.id
  destination_cidr_block = "10.0.0.0/8"
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}
resource "aws_route" "there" {
  route_table_id = aws_route_table.client.id
  destination_cidr_block = "10.2.0.0/16"
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}
resource "aws_route" "back" {
  route_table_id = aws_route_table.eks.id
  destination_cidr_block = "10.0.0.0/8"
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.hub.id
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
    cidr_blocks = ["10.0.0.0/16"]
  }
  ingress {
    protocol = "tcp"
    from_port = 53
    to_port = 53
    cidr_blocks = ["10.0.0.0/16"]
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
    subnet_id = aws_subnet.hub_a.id
  }
  ip_address {
    subnet_id = aws_subnet.hub_b.id
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
resource "aws_route53_resolver_rule_association" "eks_client" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id = aws_vpc.client.id
}
