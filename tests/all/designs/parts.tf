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
### vpcs-open
resource "aws_vpc" "client" {
  cidr_block           = "10.1.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_vpc" "eks" {
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}
variable "blocks" { type = list(string) }
resource "aws_subnet" "client" {
  count      = 2
  vpc_id     = aws_vpc.client.id
  cidr_block = var.blocks[count.index]
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
### other
resource "aws_vpc" "other" {
  cidr_block           = "10.3.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_subnet" "other" {
  count      = 2
  vpc_id     = aws_vpc.other.id
  cidr_block = "10.3.${count.index}.0/24"
}
### second
resource "aws_eks_cluster" "second" {
  name     = "second"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.other[*].id
    endpoint_private_access = true
  }
}
### eks-and-other
resource "aws_vpc_peering_connection" "other" {
  vpc_id      = aws_vpc.eks.id
  peer_vpc_id = aws_vpc.other.id
  auto_accept = true
}
resource "aws_route" "to_other" {
  route_table_id            = aws_route_table.eks.id
  destination_cidr_block    = "10.3.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.other.id
}
resource "aws_route" "from_other" {
  route_table_id            = aws_vpc.other.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.other.id
}
### client-and-other
resource "aws_vpc_peering_connection" "second" {
  vpc_id      = aws_vpc.client.id
  peer_vpc_id = aws_vpc.other.id
  auto_accept = true
}
resource "aws_route" "to_second" {
  route_table_id            = aws_route_table.client.id
  destination_cidr_block    = "10.3.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.second.id
}
resource "aws_route" "from_second" {
  route_table_id            = aws_vpc.other.main_route_table_id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.second.id
}
### wide
provider "aws" {
  region = "us-east-1"
}
resource "aws_route53_resolver_rule" "wide" {
  domain_name          = "us-east-1.eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "wide" {
  resolver_rule_id = aws_route53_resolver_rule.wide.id
  vpc_id           = aws_vpc.client.id
}
### onward
resource "aws_security_group" "onward" {
  for_each = { eks = aws_vpc.eks.id, other = aws_vpc.other.id }
  vpc_id   = each.value
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "aws_route53_resolver_endpoint" "onward" {
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.onward["eks"].id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
  }
}
resource "aws_route53_resolver_endpoint" "last" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.onward["other"].id]
  ip_address {
    subnet_id = aws_subnet.other[0].id
    ip        = "10.3.0.10"
  }
  ip_address {
    subnet_id = aws_subnet.other[1].id
    ip        = "10.3.1.10"
  }
}
### corp
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.client.id
}
### profile
resource "aws_route53profiles_profile" "dns" {
  name = "dns"
}
resource "aws_route53profiles_association" "client" {
  name        = "client"
  profile_id  = aws_route53profiles_profile.dns.id
  resource_id = aws_vpc.client.id
}
### users
resource "aws_ec2_client_vpn_endpoint" "users" {
  client_cidr_block      = "172.16.0.0/22"
  server_certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/a"
  vpc_id                 = aws_vpc.eks.id
  authentication_options {
    type                       = "certificate-authentication"
    root_certificate_chain_arn = "arn:aws:acm:us-east-1:111122223333:certificate/a"
  }
  connection_log_options {
    enabled = false
  }
}
resource "aws_ec2_client_vpn_network_association" "eks" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  subnet_id              = aws_subnet.eks[0].id
}
### users-named
resource "aws_security_group" "users" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_ec2_client_vpn_endpoint" "users" {
  client_cidr_block      = "172.16.0.0/22"
  server_certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/a"
  vpc_id                 = aws_vpc.eks.id
  security_group_ids     = [aws_security_group.users.id]
  dns_servers            = ["10.2.0.2"]
  authentication_options {
    type                       = "certificate-authentication"
    root_certificate_chain_arn = "arn:aws:acm:us-east-1:111122223333:certificate/a"
  }
  connection_log_options {
    enabled = false
  }
}
resource "aws_ec2_client_vpn_network_association" "eks" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  subnet_id              = aws_subnet.eks[0].id
}
resource "aws_vpc_security_group_ingress_rule" "users" {
  security_group_id            = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  referenced_security_group_id = aws_security_group.users.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
### campus
resource "aws_vpn_gateway" "campus" {
  vpc_id = aws_vpc.client.id
}
resource "aws_vpn_gateway_route_propagation" "campus" {
  vpn_gateway_id = aws_vpn_gateway.campus.id
  route_table_id = aws_route_table.client.id
}
