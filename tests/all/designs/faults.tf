=== no route back
! missing-peering-route error resource "aws_route_table" "eks"
@ vpcs peering tables both admit groups outbound inbound rule association
resource "aws_route" "there" {
  route_table_id            = aws_route_table.client.id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
=== the route there is in the main table, which does not serve the subnets
! missing-peering-route error resource "aws_route_table" "client"
@ vpcs peering tables both admit groups outbound inbound rule association
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route" "back" {
  route_table_id            = aws_route_table.eks.id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
=== only an IPv6 default route leads there
! missing-peering-route error resource "aws_route_table" "client"
@ vpcs peering tables private admit
resource "aws_route" "there" {
  route_table_id              = aws_route_table.client.id
  destination_ipv6_cidr_block = "::/0"
  vpc_peering_connection_id   = aws_vpc_peering_connection.both.id
}
resource "aws_route" "back" {
  route_table_id            = aws_route_table.eks.id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
=== a longer prefix takes the packets to the internet
! missing-peering-route error resource "aws_route" "stolen"
@ vpcs peering tables routes private admit
resource "aws_internet_gateway" "client" {
  vpc_id = aws_vpc.client.id
}
resource "aws_route" "stolen" {
  route_table_id         = aws_route_table.client.id
  destination_cidr_block = "10.2.0.0/20"
  gateway_id             = aws_internet_gateway.client.id
}
=== one of two cluster subnets has no route back, tables by for_each
! missing-peering-route warning resource "aws_route_table" "eks"
@ vpcs peering private admit
resource "aws_route_table" "eks" {
  for_each = toset(["0", "1"])
  vpc_id   = aws_vpc.eks.id
}
resource "aws_route_table_association" "eks" {
  for_each       = aws_route_table.eks
  subnet_id      = aws_subnet.eks[tonumber(each.key)].id
  route_table_id = each.value.id
}
resource "aws_route" "back" {
  route_table_id            = aws_route_table.eks["0"].id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.default_route_table_id
  destination_cidr_block    = "10.0.0.0/8"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
=== the main table of the EKS VPC, adopted and emptied
! missing-peering-route error resource "aws_default_route_table" "eks"
@ vpcs peering private admit
resource "aws_default_route_table" "eks" {
  default_route_table_id = aws_vpc.eks.default_route_table_id
  route                  = []
}
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.default_route_table_id
  destination_cidr_block    = aws_vpc.eks.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
=== a group without egress
! blocked-dns-query error resource "aws_security_group" "outbound"
@ vpcs peering tables routes both admit
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.client.id
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
@ outbound inbound rule association
=== an IPv6 rule alone lets nothing out
! blocked-dns-query error resource "aws_security_group" "outbound"
@ vpcs peering tables routes both admit
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.client.id
  egress {
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    ipv6_cidr_blocks = ["::/0"]
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
@ outbound inbound rule association
=== UDP alone, from a list of protocols
! blocked-dns-query warning resource "aws_security_group" "inbound"
@ vpcs peering tables routes both admit
locals {
  protocols = { udp = 17 }
}
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
}
resource "aws_security_group_rule" "inbound" {
  for_each                 = local.protocols
  type                     = "ingress"
  security_group_id        = aws_security_group.inbound.id
  protocol                 = each.value
  from_port                = 53
  to_port                  = 53
  source_security_group_id = aws_security_group.outbound.id
}
@ outbound inbound rule association
=== the inbound group admits a group that the outbound endpoint does not have
! blocked-dns-query error resource "aws_security_group" "inbound"
@ vpcs peering tables routes both admit
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.client.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "other" {
  vpc_id = aws_vpc.client.id
}
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
  ingress {
    protocol        = "-1"
    from_port       = 0
    to_port         = 0
    security_groups = [aws_security_group.other.id]
  }
}
@ outbound inbound rule association
=== a default group that is adopted and emptied
! blocked-dns-query error resource "aws_default_security_group" "eks"
@ vpcs
resource "aws_default_security_group" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route53_resolver_endpoint" "inbound" {
  direction          = "INBOUND"
  security_group_ids = [aws_vpc.eks.default_security_group_id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
  }
}
=== nobody may ask the inbound endpoint
! blocked-dns-query error resource "aws_security_group" "inbound"
@ vpcs inbound
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}
=== nothing admits the client on 443
! blocked-api-port error resource "aws_eks_cluster" "main"
@ vpcs peering tables routes private groups outbound inbound rule association
=== two clients, and nothing admits either
! blocked-api-port error resource "aws_eks_cluster" "main"
! blocked-api-port error resource "aws_eks_cluster" "main"
@ vpcs peering tables routes private groups outbound inbound rule association
resource "aws_vpc" "second" {
  cidr_block = "10.3.0.0/16"
}
resource "aws_subnet" "second" {
  vpc_id     = aws_vpc.second.id
  cidr_block = "10.3.0.0/24"
}
resource "aws_vpc_peering_connection" "second" {
  vpc_id      = aws_vpc.second.id
  peer_vpc_id = aws_vpc.eks.id
  auto_accept = true
}
resource "aws_route" "second" {
  route_table_id            = aws_vpc.second.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.second.id
}
resource "aws_route" "second_back" {
  route_table_id            = aws_route_table.eks.id
  destination_cidr_block    = "10.3.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.second.id
}
resource "aws_route53_resolver_rule_association" "second" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = aws_vpc.second.id
}
=== 443 to the wrong group
! blocked-api-port error resource "aws_eks_cluster" "main"
@ vpcs peering tables routes private groups outbound inbound rule association
resource "aws_security_group" "nodes" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_vpc_security_group_ingress_rule" "client" {
  security_group_id = aws_security_group.nodes.id
  cidr_ipv4         = aws_vpc.client.cidr_block
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
=== both flags on, a client without a way out
! public-answer error resource "aws_eks_cluster" "main"
@ vpcs peering tables routes both admit
=== both flags on, a client with a way out, admitted by its group
! public-answer warning resource "aws_eks_cluster" "main"
@ vpcs peering tables routes both
resource "aws_security_group" "client" {
  vpc_id = aws_vpc.client.id
}
resource "aws_security_group_rule" "client" {
  type                     = "ingress"
  security_group_id        = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  source_security_group_id = aws_security_group.client.id
  protocol                 = "tcp"
  from_port                = 0
  to_port                  = 65535
}
resource "aws_internet_gateway" "client" {
  vpc_id = aws_vpc.client.id
}
resource "aws_subnet" "public" {
  vpc_id     = aws_vpc.client.id
  cidr_block = "10.1.200.0/24"
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.client.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.client.id
  }
}
resource "aws_route_table_association" "public" {
  route_table_id = aws_route_table.public.id
  subnet_id      = aws_subnet.public.id
}
resource "aws_nat_gateway" "client" {
  subnet_id     = aws_subnet.public.id
  allocation_id = "eipalloc-0123"
}
resource "aws_route" "out" {
  route_table_id         = aws_route_table.client.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.client.id
}
=== rules by for_each, of which none is associated
! unassociated-rule error resource "aws_route53_resolver_rule" "all"
@ vpcs groups outbound
resource "aws_route53_resolver_rule" "all" {
  for_each             = { a = "a.example", b = "b.example" }
  domain_name          = each.value
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
=== rules by count, of which the first is associated
! unassociated-rule error resource "aws_route53_resolver_rule" "all"
@ vpcs groups outbound
resource "aws_route53_resolver_rule" "all" {
  count                = 2
  domain_name          = "${count.index}.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "first" {
  resolver_rule_id = aws_route53_resolver_rule.all[0].id
  vpc_id           = aws_vpc.client.id
}
=== the rule is on every VPC, that of its target among them
! forwarding-loop error resource "aws_route53_resolver_rule_association" "all"
@ vpcs peering tables routes both admit groups outbound inbound
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = replace(aws_eks_cluster.main.endpoint, "https://", "")
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  dynamic "target_ip" {
    for_each = aws_route53_resolver_endpoint.inbound.ip_address
    content {
      ip = target_ip.value["ip"]
    }
  }
}
resource "aws_route53_resolver_rule_association" "all" {
  for_each         = { client = aws_vpc.client.id, eks = aws_vpc.eks.id }
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = each.value
}
=== an inbound endpoint through a child module, and an association in another
! forwarding-loop error resource "aws_route53_resolver_rule_association" "this"
@ vpcs peering tables routes groups outbound
module "inbound" {
  source  = "./inbound"
  group   = aws_security_group.inbound.id
  subnets = aws_subnet.eks[*].id
}
module "rule" {
  source   = "./rule"
  for_each = toset(["a.example"])
  domain   = each.key
  outbound = aws_route53_resolver_endpoint.outbound.id
  targets  = module.inbound.addresses
  vpcs     = { client = aws_vpc.client.id, eks = aws_vpc.eks.id }
}
--- inbound/main.tf
variable "group" {}
variable "subnets" {}
resource "aws_route53_resolver_endpoint" "this" {
  direction          = "INBOUND"
  security_group_ids = [var.group]
  dynamic "ip_address" {
    for_each = var.subnets
    content {
      subnet_id = ip_address.value
    }
  }
}
output "addresses" {
  value = aws_route53_resolver_endpoint.this.ip_address[*].ip
}
--- rule/main.tf
variable "domain" {}
variable "outbound" {}
variable "targets" {}
variable "vpcs" {}
resource "aws_route53_resolver_rule" "this" {
  domain_name          = var.domain
  rule_type            = "FORWARD"
  resolver_endpoint_id = var.outbound
  dynamic "target_ip" {
    for_each = toset(var.targets)
    content {
      ip = target_ip.value
    }
  }
}
resource "aws_route53_resolver_rule_association" "this" {
  for_each         = var.vpcs
  resolver_rule_id = aws_route53_resolver_rule.this.id
  vpc_id           = each.value
}
=== the domain is the endpoint as it is, through a local
! malformed-rule-domain error local.endpoint
locals {
  endpoint = aws_eks_cluster.main.endpoint
}
@ vpcs peering tables routes private admit groups outbound inbound
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = local.endpoint
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
@ association
=== a wildcard
! malformed-rule-domain error "*.${var.region}.eks.amazonaws.com"
variable "region" {
  default = "us-east-1"
}
@ vpcs groups outbound
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = "*.${var.region}.eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
@ association
=== another Region
! malformed-rule-domain error "eu-west-1.eks.amazonaws.com"
provider "aws" {
  region = "us-east-1"
}
@ vpcs peering tables routes private admit groups outbound inbound
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = "eu-west-1.eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
@ association
=== DNS hostnames are left out
! disabled-vpc-dns error resource "aws_vpc" "main"
resource "aws_vpc" "main" {
  cidr_block = "10.2.0.0/16"
}
resource "aws_subnet" "eks" {
  count      = 2
  vpc_id     = one([aws_vpc.main.id])
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
}
@ private
=== both flags off in an object
! no-endpoint-access error local.access.public
locals {
  access = { public = false, private = false }
}
@ vpcs
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = local.access.private
    endpoint_public_access  = local.access.public
  }
}
=== a rule through the inbound endpoint, by a conditional
! rule-on-inbound-endpoint error true ? aws_route53_resolver_endpoint.inbound.id : ""
@ vpcs groups inbound
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = true ? aws_route53_resolver_endpoint.inbound.id : ""
  target_ip {
    ip = "192.168.0.53"
  }
}
@ association
=== targets in the EKS VPC, which has no inbound endpoint
! missing-inbound-endpoint error cidrhost(aws_subnet.eks[0].cidr_block, 10)
@ vpcs peering tables routes private admit groups outbound association
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = cidrhost(aws_subnet.eks[0].cidr_block, 10)
  }
}
=== the inbound endpoint is in another VPC
! missing-inbound-endpoint error "10.1.0.10"
@ vpcs both groups outbound
resource "aws_security_group" "hub" {
  vpc_id = aws_vpc.client.id
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "aws_vpc" "spoke" {
  cidr_block = "10.3.0.0/16"
}
resource "aws_route53_resolver_endpoint" "hub" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.hub.id]
  ip_address {
    subnet_id = aws_subnet.client[0].id
    ip        = "10.1.0.10"
  }
  ip_address {
    subnet_id = aws_subnet.client[1].id
    ip        = "10.1.1.10"
  }
}
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.1.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "spoke" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = aws_vpc.spoke.id
}
=== two VPCs forward to each other
! forwarding-loop error resource "aws_route53_resolver_rule_association" "here"
@ vpcs peering tables routes groups outbound inbound
resource "aws_security_group" "more" {
  for_each = { client = aws_vpc.client.id, eks = aws_vpc.eks.id }
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
resource "aws_route53_resolver_endpoint" "back" {
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.more["eks"].id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
  }
}
resource "aws_route53_resolver_endpoint" "here" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.more["client"].id]
  ip_address {
    subnet_id = aws_subnet.client[0].id
    ip        = "10.1.0.10"
  }
  ip_address {
    subnet_id = aws_subnet.client[1].id
    ip        = "10.1.1.10"
  }
}
resource "aws_route53_resolver_rule" "there" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule" "back" {
  domain_name          = "example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.back.id
  target_ip {
    ip = "10.1.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "here" {
  resolver_rule_id = aws_route53_resolver_rule.there.id
  vpc_id           = aws_vpc.client.id
}
resource "aws_route53_resolver_rule_association" "back" {
  resolver_rule_id = aws_route53_resolver_rule.back.id
  vpc_id           = aws_vpc.eks.id
}
=== a broken file leaves open what it could change
! unparsable-file error
@ vpcs peering both admit groups outbound inbound rule association
--- broken.tf
resource "aws_route_table" "eks" {
  vpc_id = 
}
=== targets written out for an endpoint that does not pin its addresses
! unpinned-target warning "10.2.0.10"
@ vpcs peering tables routes both admit groups outbound
resource "aws_route53_resolver_endpoint" "inbound" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.inbound.id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
  }
}
@ rule association
=== a wide rule to an endpoint that does not pin its addresses
! unpinned-target warning "10.2.0.84"
@ vpcs peering tables routes both admit groups outbound
resource "aws_route53_resolver_endpoint" "inbound" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.inbound.id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
  }
}
resource "aws_route53_resolver_rule" "all" {
  domain_name          = "amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.84"
  }
}
resource "aws_route53_resolver_rule_association" "all" {
  resolver_rule_id = aws_route53_resolver_rule.all.id
  vpc_id           = aws_vpc.client.id
}
=== two rules for the endpoint of one cluster
! duplicate-rule-domain error resource "aws_route53_resolver_rule_association" "second"
@ vpcs peering tables routes both admit groups outbound inbound rule association
resource "aws_route53_resolver_rule" "second" {
  domain_name          = replace(aws_eks_cluster.main.endpoint, "https://", "")
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
  target_ip {
    ip = "10.2.1.10"
  }
}
resource "aws_route53_resolver_rule_association" "second" {
  resolver_rule_id = aws_route53_resolver_rule.second.id
  vpc_id           = aws_vpc.client.id
}
=== the public endpoint admits the block of the VPC
! invalid-public-access-cidr error aws_vpc.eks.cidr_block
@ vpcs
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = true
    public_access_cidrs     = concat(["198.51.100.7/32"], [aws_vpc.eks.cidr_block])
  }
}
=== the routes use the second of two peering connections
! unaccepted-peering error resource "aws_vpc_peering_connection" "second"
@ vpcs peering tables private admit
resource "aws_vpc_peering_connection" "second" {
  vpc_id      = aws_vpc.eks.id
  peer_vpc_id = aws_vpc.client.id
  auto_accept = true
}
resource "aws_route" "all" {
  for_each                  = { (aws_route_table.client.id) = "10.2.0.0/16", (aws_route_table.eks.id) = "10.1.0.0/16" }
  route_table_id            = each.key
  destination_cidr_block    = each.value
  vpc_peering_connection_id = aws_vpc_peering_connection.second.id
}
