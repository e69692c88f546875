=== figure 4 as small as can be
@ vpcs peering tables routes both admit groups outbound inbound rule association
=== private only, peered client, no resolver
@ vpcs peering tables routes private admit
=== a peered VPC that nothing admits is no client
@ vpcs peering both
=== a wide block names nobody
@ vpcs peering tables both
resource "aws_vpc_security_group_ingress_rule" "all" {
  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "-1"
}
=== a rule shared through RAM
@ vpcs peering tables routes both admit groups outbound inbound rule
resource "aws_ram_resource_share" "dns" {
  name = "dns"
}
resource "aws_ram_resource_association" "dns" {
  resource_arn       = aws_route53_resolver_rule.eks.arn
  resource_share_arn = aws_ram_resource_share.dns.arn
}
resource "aws_ram_principal_association" "dns" {
  principal          = "210987654321"
  resource_share_arn = aws_ram_resource_share.dns.arn
}
resource "aws_vpc_security_group_ingress_rule" "other" {
  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_ipv4         = "172.16.0.0/12"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
resource "aws_route53_resolver_rule_association" "client" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = aws_vpc.client.id
}
=== rules in a map, shared through RAM by for_each
@ vpcs groups outbound
resource "aws_route53_resolver_rule" "all" {
  for_each             = toset(["a.example", "b.example"])
  domain_name          = each.key
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_ram_resource_association" "dns" {
  for_each           = aws_route53_resolver_rule.all
  resource_arn       = each.value.arn
  resource_share_arn = var.share
}
variable "share" {}
=== a rule whose id an output exports
@ vpcs peering tables routes private groups outbound inbound rule
output "rules" {
  value = { eks = { id = aws_route53_resolver_rule.eks.id } }
}
=== a rule whose id goes into a parameter
@ vpcs peering tables routes private groups outbound inbound rule
resource "aws_ssm_parameter" "rule" {
  name  = "/dns/rule"
  type  = "String"
  value = aws_route53_resolver_rule.eks.id
}
=== a rule in a Profile
@ vpcs peering tables routes both admit groups outbound inbound rule
resource "aws_route53profiles_profile" "dns" {
  name = "dns"
}
resource "aws_route53profiles_resource_association" "eks" {
  name         = "eks"
  profile_id   = aws_route53profiles_profile.dns.id
  resource_arn = aws_route53_resolver_rule.eks.arn
}
resource "aws_route53profiles_association" "client" {
  name        = "client"
  profile_id  = aws_route53profiles_profile.dns.id
  resource_id = aws_vpc.client.id
}
=== a zone for the endpoint in a Profile
@ vpcs peering tables routes both admit
resource "aws_route53_zone" "eks" {
  name = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  vpc {
    vpc_id = aws_vpc.client.id
  }
  lifecycle {
    ignore_changes = [vpc]
  }
}
resource "aws_route53profiles_profile" "dns" {
  name = "dns"
}
resource "aws_route53profiles_resource_association" "eks" {
  name         = "eks"
  profile_id   = aws_route53profiles_profile.dns.id
  resource_arn = aws_route53_zone.eks.arn
}
resource "aws_route53profiles_association" "client" {
  name        = "client"
  profile_id  = aws_route53profiles_profile.dns.id
  resource_id = aws_vpc.client.id
}
variable "addresses" { type = list(string) }
resource "aws_route53_record" "eks" {
  zone_id = aws_route53_zone.eks.id
  name    = ""
  type    = "A"
  ttl     = 60
  records = var.addresses
}
=== a Profile from a variable
@ vpcs peering tables routes both admit
variable "profile" {}
resource "aws_route53profiles_association" "client" {
  name        = "client"
  profile_id  = var.profile
  resource_id = aws_vpc.client.id
}
=== a hand-made zone for the endpoint
@ vpcs peering tables routes both admit
resource "aws_route53_zone" "eks" {
  name = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  vpc {
    vpc_id = aws_vpc.client.id
  }
}
resource "aws_route53_record" "eks" {
  zone_id = aws_route53_zone.eks.id
  name    = ""
  type    = "A"
  ttl     = 60
  records = var.addresses
}
variable "addresses" { type = list(string) }
=== a hub that forwards for spokes needs no way of its own to the API
@ vpcs peering tables routes both groups outbound inbound rule hub
resource "aws_vpc" "spoke" {
  cidr_block = "10.3.0.0/16"
}
resource "aws_subnet" "spoke" {
  vpc_id     = aws_vpc.spoke.id
  cidr_block = "10.3.0.0/24"
}
resource "aws_route53_resolver_rule_association" "spoke" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = aws_vpc.spoke.id
}
resource "aws_route" "spoke" {
  route_table_id         = aws_vpc.spoke.main_route_table_id
  destination_cidr_block = "10.0.0.0/8"
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
}
resource "aws_ec2_transit_gateway_vpc_attachment" "spoke" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.spoke.id
  subnet_ids         = [aws_subnet.spoke.id]
}
resource "aws_vpc_security_group_ingress_rule" "spoke" {
  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_ipv4         = aws_vpc.spoke.cidr_block
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
resource "aws_route" "answers" {
  route_table_id         = aws_route_table.eks.id
  destination_cidr_block = "10.3.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
}
=== the outbound endpoint needs no path to the VPC that has the rule
@ vpcs groups outbound
resource "aws_vpc" "spoke" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "spoke" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.spoke.id
}
=== a rule for the same VPC's inbound endpoint, associated with others only
@ vpcs peering tables routes both admit inbound
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
  ingress {
    protocol  = "all"
    from_port = 0
    to_port   = 0
    self      = true
  }
  egress {
    protocol  = "all"
    from_port = 0
    to_port   = 0
    self      = true
  }
}
resource "aws_route53_resolver_endpoint" "outbound" {
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.inbound.id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
  }
}
@ rule association
=== sibling names do not loop
@ vpcs peering tables routes private groups outbound inbound
resource "aws_route53_resolver_rule" "there" {
  domain_name          = "a.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "there" {
  resolver_rule_id = aws_route53_resolver_rule.there.id
  vpc_id           = aws_vpc.client.id
}
resource "aws_route53_resolver_rule" "campus" {
  domain_name          = "b.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "campus" {
  resolver_rule_id = aws_route53_resolver_rule.campus.id
  vpc_id           = aws_vpc.eks.id
}
=== a rule for the root on the cluster's own VPC
@ vpcs peering tables routes both admit groups outbound inbound rule association
resource "aws_route53_resolver_rule" "all" {
  domain_name          = "."
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "all" {
  resolver_rule_id = aws_route53_resolver_rule.all.id
  vpc_id           = aws_vpc.eks.id
}
=== a SYSTEM rule without association or targets
resource "aws_route53_resolver_rule" "local" {
  domain_name = "amazonaws.com"
  rule_type   = "SYSTEM"
}
=== overlapping networks joined by PrivateLink
resource "aws_vpc" "client" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc" "eks" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_subnet" "eks" {
  count      = 2
  vpc_id     = aws_vpc.eks.id
  cidr_block = "10.0.${count.index}.0/24"
}
resource "aws_subnet" "client" {
  vpc_id     = aws_vpc.client.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_vpc_endpoint" "api" {
  vpc_id            = aws_vpc.client.id
  service_name      = "com.amazonaws.vpce.us-east-1.vpce-svc-0123"
  vpc_endpoint_type = "Interface"
  subnet_ids        = [aws_subnet.client.id]
}
@ private
=== everything from data sources
data "aws_vpc" "client" {
  tags = { Name = "client" }
}
data "aws_vpc" "eks" {
  tags = { Name = "eks" }
}
data "aws_subnets" "eks" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.eks.id]
  }
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = data.aws_subnets.eks.ids
    endpoint_private_access = true
  }
}
resource "aws_security_group_rule" "client" {
  type              = "ingress"
  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_blocks       = [data.aws_vpc.client.cidr_block]
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
}
=== everything from variables
variable "client_vpc" {}
variable "subnets" {}
variable "client_cidr" {}
variable "targets" {}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = var.subnets
    endpoint_private_access = true
  }
}
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = "us-east-1.eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = var.outbound
  dynamic "target_ip" {
    for_each = var.targets
    content {
      ip = target_ip.value
    }
  }
}
variable "outbound" {}
resource "aws_route53_resolver_rule_association" "client" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = var.client_vpc
}
=== everything from remote state
data "terraform_remote_state" "network" {
  backend = "s3"
}
resource "aws_security_group" "inbound" {
  vpc_id = data.terraform_remote_state.network.outputs.eks_vpc_id
  ingress {
    protocol    = "udp"
    from_port   = 53
    to_port     = 53
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    protocol    = "tcp"
    from_port   = 53
    to_port     = 53
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_route53_resolver_endpoint" "inbound" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.inbound.id]
  ip_address {
    subnet_id = data.terraform_remote_state.network.outputs.eks_subnet_a
  }
  ip_address {
    subnet_id = data.terraform_remote_state.network.outputs.eks_subnet_b
  }
}
resource "aws_security_group" "outbound" {
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_route53_resolver_endpoint" "outbound" {
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.outbound.id]
  ip_address {
    subnet_id = data.terraform_remote_state.network.outputs.shared_subnet_a
  }
  ip_address {
    subnet_id = data.terraform_remote_state.network.outputs.shared_subnet_b
  }
}
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = "eks.internal.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  dynamic "target_ip" {
    for_each = aws_route53_resolver_endpoint.inbound.ip_address
    content {
      ip = target_ip.value.ip
    }
  }
}
resource "aws_route53_resolver_rule_association" "shared" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = data.terraform_remote_state.network.outputs.shared_vpc_id
}
=== ids through the outputs of child modules
module "eks" {
  source = "./vpc"
  cidr   = "10.2.0.0/16"
}
module "client" {
  source = "./vpc"
  cidr   = "10.1.0.0/16"
}
module "peering" {
  source = "./peering"
  sides  = { client = module.client, eks = module.eks }
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = module.eks.subnets
    endpoint_private_access = true
    endpoint_public_access  = false
  }
}
resource "aws_vpc_security_group_ingress_rule" "client" {
  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_ipv4         = module.client.cidr
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
--- vpc/main.tf
variable "cidr" {}
resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_hostnames = true
}
resource "aws_subnet" "this" {
  for_each   = toset(["0", "1"])
  vpc_id     = aws_vpc.this.id
  cidr_block = cidrsubnet(var.cidr, 8, tonumber(each.key))
}
resource "aws_route_table" "this" {
  vpc_id = aws_vpc.this.id
}
resource "aws_route_table_association" "this" {
  for_each       = aws_subnet.this
  subnet_id      = each.value.id
  route_table_id = aws_route_table.this.id
}
output "id" {
  value = aws_vpc.this.id
}
output "cidr" {
  value = aws_vpc.this.cidr_block
}
output "subnets" {
  value = [for subnet in aws_subnet.this : subnet.id]
}
output "table" {
  value = aws_route_table.this.id
}
--- peering/main.tf
variable "sides" {}
resource "aws_vpc_peering_connection" "this" {
  vpc_id      = var.sides.client.id
  peer_vpc_id = var.sides.eks.id
  auto_accept = true
}
resource "aws_route" "this" {
  for_each                  = { client = "eks", eks = "client" }
  route_table_id            = var.sides[each.key].table
  destination_cidr_block    = var.sides[each.value].cidr
  vpc_peering_connection_id = aws_vpc_peering_connection.this.id
}
=== the same variable in two module instances is two values
module "a" {
  source = "./net"
}
module "b" {
  source = "./net"
}
--- net/main.tf
variable "subnet" {}
variable "address" {}
resource "aws_security_group" "in" {
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_route53_resolver_endpoint" "in" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.in.id]
  ip_address {
    subnet_id = var.subnet
    ip        = var.address
  }
  ip_address {
    subnet_id = "subnet-0aaaaaaaaaaaaaaaa"
  }
}
=== count is zero
@ vpcs
resource "aws_eks_cluster" "none" {
  count    = 0
  name     = "none"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids             = []
    endpoint_public_access = false
  }
}
resource "aws_route53_resolver_rule" "none" {
  for_each    = {}
  domain_name = "https://x"
  rule_type   = "FORWARD"
}
=== commented out
@ vpcs private
# resource "aws_route53_resolver_rule" "a" {
#   domain_name = "https://x"
#   rule_type   = "FORWARD"
# }
/* resource "aws_eks_cluster" "b" {
  vpc_config {
    endpoint_public_access = false
  }
} */
=== whether the rule exists is open, and so is the association
variable "create" {}
@ vpcs groups outbound
resource "aws_route53_resolver_rule" "corp" {
  count                = var.create ? 1 : 0
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "corp" {
  count            = var.create ? 1 : 0
  resolver_rule_id = aws_route53_resolver_rule.corp[0].id
  vpc_id           = aws_vpc.client.id
}
=== which VPCs have the rule is open
variable "vpcs" {}
@ vpcs groups outbound
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "corp" {
  for_each         = toset(var.vpcs)
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = each.value
}
=== a data source reads the rule
@ vpcs groups outbound
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
data "aws_route53_resolver_rules" "all" {
  depends_on = [aws_route53_resolver_rule.corp]
}
resource "aws_route53_resolver_rule_association" "all" {
  for_each         = data.aws_route53_resolver_rules.all.resolver_rule_ids
  resolver_rule_id = each.value
  vpc_id           = aws_vpc.client.id
}
=== ignore_changes leaves the flags open
@ vpcs
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = false
    endpoint_public_access  = false
  }
  lifecycle {
    ignore_changes = [vpc_config]
  }
}
=== two clusters, each with its own rule
@ vpcs peering tables routes both admit groups outbound inbound rule association
resource "aws_eks_cluster" "second" {
  name     = "second"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = true
    endpoint_public_access  = false
  }
}
=== an Outpost block that is not there
variable "outpost" {
  default = null
}
@ vpcs
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids = aws_subnet.eks[*].id
  }
  dynamic "outpost_config" {
    for_each = var.outpost == null ? [] : [1]
    content {
      outpost_arns = var.outpost
    }
  }
}
=== an Outpost block that may be there
variable "outposts" {}
@ vpcs
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids = aws_subnet.eks[*].id
  }
  dynamic "outpost_config" {
    for_each = var.outposts
    content {
      outpost_arns = [outpost_config.value]
    }
  }
}
=== the default VPC has DNS hostnames
resource "aws_default_vpc" "main" {}
resource "aws_default_subnet" "eks" {
  count             = 2
  availability_zone = ["us-east-1a", "us-east-1b"][count.index]
}
resource "aws_subnet" "eks" {
  count      = 2
  vpc_id     = aws_default_vpc.main.id
  cidr_block = "172.31.${count.index + 200}.0/24"
}
@ private
=== groups: rules apart, the old way
@ vpcs peering tables routes both admit
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.client.id
}
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_security_group_rule" "out" {
  for_each          = toset(["tcp", "udp"])
  type              = "egress"
  security_group_id = aws_security_group.outbound.id
  protocol          = each.key
  from_port         = 53
  to_port           = 53
  cidr_blocks       = ["10.2.0.0/16"]
}
resource "aws_security_group_rule" "in" {
  for_each                 = toset(["tcp", "udp"])
  type                     = "ingress"
  security_group_id        = aws_security_group.inbound.id
  protocol                 = each.key
  from_port                = 53
  to_port                  = 53
  source_security_group_id = aws_security_group.outbound.id
}
@ outbound inbound rule association
=== groups: rules apart, the new way, protocol as a number
@ vpcs peering tables routes both admit
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.client.id
}
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id = aws_security_group.outbound.id
  ip_protocol       = -1
  cidr_ipv4         = "0.0.0.0/0"
}
resource "aws_vpc_security_group_ingress_rule" "in" {
  for_each                     = toset(["6", "17"])
  security_group_id            = aws_security_group.inbound.id
  ip_protocol                  = each.key
  from_port                    = 53
  to_port                      = 53
  referenced_security_group_id = aws_security_group.outbound.id
}
@ outbound inbound rule association
=== groups: attribute syntax, IPv6 beside IPv4
@ vpcs peering tables routes both admit
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.client.id
  egress = [{
    description      = ""
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    cidr_blocks      = ["0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
    prefix_list_ids  = []
    security_groups  = []
    self             = false
  }]
}
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
  ingress = [for protocol in ["udp", "tcp"] : {
    description      = ""
    protocol         = protocol
    from_port        = 0
    to_port          = 65535
    cidr_blocks      = ["10.1.0.0/24", "10.1.1.0/24"]
    ipv6_cidr_blocks = ["2001:db8::/56"]
    prefix_list_ids  = []
    security_groups  = []
    self             = false
  }]
}
@ outbound inbound rule association
=== groups: prefix lists
@ vpcs peering tables routes both admit
variable "list" {}
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.client.id
  egress {
    protocol        = "-1"
    from_port       = 0
    to_port         = 0
    prefix_list_ids = [var.list]
  }
}
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
  ingress {
    protocol        = "-1"
    from_port       = 0
    to_port         = 0
    prefix_list_ids = [var.list]
  }
}
@ outbound inbound rule association
=== groups: a rule for a group that a data source finds
@ vpcs peering tables routes both admit
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.client.id
}
resource "aws_security_group" "inbound" {
  name   = "inbound"
  vpc_id = aws_vpc.eks.id
}
data "aws_security_groups" "dns" {
  tags = { Role = "dns" }
}
resource "aws_security_group_rule" "in" {
  type              = "ingress"
  security_group_id = data.aws_security_groups.dns.ids[0]
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}
resource "aws_security_group_rule" "out" {
  type              = "egress"
  security_group_id = data.aws_security_groups.dns.ids[1]
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}
@ outbound inbound rule association
=== groups: a module that is not at hand was told of the groups
@ vpcs peering tables routes both admit
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.client.id
}
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
}
module "rules" {
  source = "example/rules/aws"
  groups = { out = aws_security_group.outbound.id, in = aws_security_group.inbound.id }
}
@ outbound inbound rule association
=== groups: rules by an unknown for_each
@ vpcs peering tables routes both admit
variable "protocols" {}
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.client.id
  dynamic "egress" {
    for_each = var.protocols
    content {
      protocol    = egress.value
      from_port   = 53
      to_port     = 53
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_vpc_security_group_ingress_rule" "in" {
  for_each          = toset(var.protocols)
  security_group_id = aws_security_group.inbound.id
  ip_protocol       = each.key
  from_port         = 53
  to_port           = 53
  cidr_ipv4         = "10.1.0.0/16"
}
@ outbound inbound rule association
=== groups: rules that ignore_changes leaves to others
@ vpcs peering tables routes both admit
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.client.id
  egress = []
  lifecycle {
    ignore_changes = [egress]
  }
}
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
  lifecycle {
    ignore_changes = [ingress]
  }
}
@ outbound inbound rule association
=== groups: default groups adopted
@ vpcs peering tables routes both admit
resource "aws_default_security_group" "client" {
  vpc_id = aws_vpc.client.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_default_security_group" "eks" {
  vpc_id = aws_vpc.eks.id
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.1.0.0/16"]
  }
}
locals {
  outbound = aws_vpc.client.default_security_group_id
  inbound  = aws_vpc.eks.default_security_group_id
}
resource "aws_route53_resolver_endpoint" "outbound" {
  direction          = "OUTBOUND"
  security_group_ids = [local.outbound]
  ip_address {
    subnet_id = aws_subnet.client[0].id
  }
  ip_address {
    subnet_id = aws_subnet.client[1].id
  }
}
resource "aws_route53_resolver_endpoint" "inbound" {
  direction          = "INBOUND"
  security_group_ids = [local.inbound]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
    ip        = "10.2.0.10"
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
    ip        = "10.2.1.10"
  }
}
@ rule association
=== groups: a default group with a rule of its own more
@ vpcs peering tables routes both admit
resource "aws_security_group_rule" "in" {
  type              = "ingress"
  security_group_id = aws_vpc.eks.default_security_group_id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["10.1.0.0/16"]
}
resource "aws_security_group_rule" "out" {
  type              = "egress"
  security_group_id = aws_vpc.client.default_security_group_id
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.2.0.0/16"]
}
locals {
  outbound = aws_vpc.client.default_security_group_id
  inbound  = aws_vpc.eks.default_security_group_id
}
resource "aws_route53_resolver_endpoint" "outbound" {
  direction          = "OUTBOUND"
  security_group_ids = [local.outbound]
  ip_address {
    subnet_id = aws_subnet.client[0].id
  }
  ip_address {
    subnet_id = aws_subnet.client[1].id
  }
}
resource "aws_route53_resolver_endpoint" "inbound" {
  direction          = "INBOUND"
  security_group_ids = [local.inbound]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
    ip        = "10.2.0.10"
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
    ip        = "10.2.1.10"
  }
}
@ rule association
=== groups: 443 by a group of the client across the peering
@ vpcs peering tables routes private groups outbound inbound rule association
resource "aws_security_group" "client" {
  vpc_id = aws_vpc.client.id
}
resource "aws_security_group_rule" "api" {
  type                     = "ingress"
  security_group_id        = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  source_security_group_id = aws_security_group.client.id
  protocol                 = "tcp"
  from_port                = 443
  to_port                  = 443
}
=== groups: 443 on the cluster group that a data source finds
@ vpcs peering tables routes private groups outbound inbound rule association
data "aws_security_group" "cluster" {
  tags = { "aws:eks:cluster-name" = "main" }
  depends_on = [aws_eks_cluster.main]
}
resource "aws_security_group_rule" "api" {
  type              = "ingress"
  security_group_id = data.aws_security_group.cluster.id
  cidr_blocks       = ["10.1.0.0/16"]
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
}
=== groups: 443 on the group of the cluster as a data source reads it
@ vpcs peering tables routes private groups outbound inbound rule association
data "aws_eks_cluster" "main" {
  name = aws_eks_cluster.main.name
}
resource "aws_security_group_rule" "api" {
  type              = "ingress"
  security_group_id = data.aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_blocks       = ["10.1.0.0/16"]
  protocol          = "6"
  from_port         = 443
  to_port           = 443
}
=== routes: inline
@ vpcs peering
resource "aws_route_table" "all" {
  for_each = { client = aws_vpc.client.id, eks = aws_vpc.eks.id }
  vpc_id   = each.value
  route {
    cidr_block                = "10.0.0.0/8"
    vpc_peering_connection_id = aws_vpc_peering_connection.both.id
  }
}
resource "aws_route_table_association" "client" {
  count          = 2
  subnet_id      = aws_subnet.client[count.index].id
  route_table_id = aws_route_table.all["client"].id
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.all["eks"].id
}
@ both admit groups outbound inbound rule association
=== routes: in the main tables, which no block mentions
@ vpcs peering
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route" "back" {
  route_table_id            = aws_vpc.eks.main_route_table_id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
@ both admit groups outbound inbound rule association
=== routes: in an adopted main table
@ vpcs peering
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_default_route_table" "eks" {
  default_route_table_id = aws_vpc.eks.default_route_table_id
  route {
    cidr_block                = "10.1.0.0/16"
    vpc_peering_connection_id = aws_vpc_peering_connection.both.id
  }
}
@ both admit groups outbound inbound rule association
=== routes: in a table made the main one
@ vpcs peering
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_main_route_table_association" "eks" {
  vpc_id         = aws_vpc.eks.id
  route_table_id = aws_route_table.eks.id
}
resource "aws_route" "back" {
  route_table_id            = aws_route_table.eks.id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
@ both admit groups outbound inbound rule association
=== routes: in main tables that a data source finds
@ vpcs peering
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
data "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
  filter {
    name   = "association.main"
    values = ["true"]
  }
}
resource "aws_route" "back" {
  route_table_id            = data.aws_route_table.eks.id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
@ both admit groups outbound inbound rule association
=== routes: in all tables that a data source lists
@ vpcs peering
data "aws_route_tables" "all" {
  for_each = { client = aws_vpc.client.id, eks = aws_vpc.eks.id }
  vpc_id   = each.value
}
resource "aws_route" "there" {
  for_each                  = toset(data.aws_route_tables.all["client"].ids)
  route_table_id            = each.value
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route" "back" {
  count                     = length(data.aws_route_tables.all["eks"].ids)
  route_table_id            = tolist(data.aws_route_tables.all["eks"].ids)[count.index]
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
@ both admit groups outbound inbound rule association
=== routes: through the VPC as a data source reads it
@ vpcs peering
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
data "aws_vpc" "eks" {
  id = aws_vpc.eks.id
}
resource "aws_route" "back" {
  route_table_id            = data.aws_vpc.eks.main_route_table_id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
@ both admit groups outbound inbound rule association
=== routes: a table for each subnet
@ vpcs peering
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route_table" "eks" {
  for_each = { for index, subnet in aws_subnet.eks : index => subnet.id }
  vpc_id   = aws_vpc.eks.id
}
resource "aws_route_table_association" "eks" {
  for_each       = aws_route_table.eks
  subnet_id      = aws_subnet.eks[each.key].id
  route_table_id = each.value.id
}
resource "aws_route" "back" {
  for_each                  = { for key, table in aws_route_table.eks : key => table.id }
  route_table_id            = each.value
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
@ both admit groups outbound inbound rule association
=== routes: to a prefix list
@ vpcs peering
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
resource "aws_ec2_managed_prefix_list" "clients" {
  name           = "clients"
  address_family = "IPv4"
  max_entries    = 5
  entry {
    cidr = "10.1.0.0/16"
  }
}
resource "aws_route" "back" {
  route_table_id             = aws_route_table.eks.id
  destination_prefix_list_id = aws_ec2_managed_prefix_list.clients.id
  vpc_peering_connection_id  = aws_vpc_peering_connection.both.id
}
@ both admit groups outbound inbound rule association
=== routes: gateway_id is a peering connection
@ vpcs peering
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
resource "aws_route" "back" {
  route_table_id         = aws_route_table.eks.id
  destination_cidr_block = "10.1.0.0/16"
  gateway_id             = aws_vpc_peering_connection.both.id
}
@ both admit groups outbound inbound rule association
=== routes: gateway_id is a transit gateway
@ vpcs peering
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
resource "aws_route" "back" {
  route_table_id         = aws_route_table.eks.id
  destination_cidr_block = "10.0.0.0/8"
  gateway_id             = aws_ec2_transit_gateway.hub.id
}
@ both admit groups outbound inbound rule association hub
=== routes: through a module that is not at hand
@ vpcs peering
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
module "routes" {
  source = "example/routes/aws"
  table  = aws_route_table.eks.id
}
@ both admit groups outbound inbound rule association
=== routes: whether there is a route is open
@ vpcs peering
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
variable "route" {}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
resource "aws_route" "back" {
  count                     = var.route ? 1 : 0
  route_table_id            = aws_route_table.eks.id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
@ both admit groups outbound inbound rule association
=== routes: to a block from a variable
@ vpcs peering
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
variable "clients" {}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
resource "aws_route" "back" {
  route_table_id            = aws_route_table.eks.id
  destination_cidr_block    = var.clients
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
@ both admit groups outbound inbound rule association
=== routes: routes that ignore_changes leaves to others
@ vpcs peering
resource "aws_route" "there" {
  route_table_id            = aws_vpc.client.main_route_table_id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
  lifecycle {
    ignore_changes = [route]
  }
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
@ both admit groups outbound inbound rule association
=== a transit gateway joins the two: not judged
@ vpcs tables private admit groups outbound inbound rule association hub
resource "aws_route" "all" {
  for_each               = { client = aws_route_table.client.id, eks = aws_route_table.eks.id }
  route_table_id         = each.value
  destination_cidr_block = "10.0.0.0/8"
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
}
=== a transit gateway of others, and nobody admitted by address: the source may be translated
@ vpcs tables private groups outbound inbound rule association
variable "hub" {}
resource "aws_route" "all" {
  for_each               = { client = aws_route_table.client.id, eks = aws_route_table.eks.id }
  route_table_id         = each.value
  destination_cidr_block = "0.0.0.0/0"
  transit_gateway_id     = var.hub
}
=== the subnets of the client are in a module that is not at hand
resource "aws_vpc" "client" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_subnet" "database" {
  vpc_id     = aws_vpc.client.id
  cidr_block = "10.1.9.0/24"
}
module "application" {
  source = "example/subnets/aws"
  vpc_id = aws_vpc.client.id
}
resource "aws_vpc" "eks" {
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_subnet" "eks" {
  count      = 2
  vpc_id     = aws_vpc.eks.id
  cidr_block = "10.2.${count.index}.0/24"
}
@ peering private admit
resource "aws_route" "back" {
  route_table_id            = aws_vpc.eks.main_route_table_id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
=== a client subnet that is not meant to reach the API has no route
@ vpcs peering tables routes private admit
resource "aws_subnet" "database" {
  vpc_id     = aws_vpc.client.id
  cidr_block = "10.1.9.0/24"
}
=== a secondary block
@ vpcs peering tables routes both admit groups outbound
resource "aws_vpc_ipv4_cidr_block_association" "eks" {
  vpc_id     = aws_vpc.eks.id
  cidr_block = "100.64.0.0/16"
}
resource "aws_vpc_ipv6_cidr_block_association" "eks" {
  vpc_id            = aws_vpc.eks.id
  ipv6_ipam_pool_id = "ipam-pool-0123"
}
resource "aws_subnet" "dns" {
  count      = 2
  vpc_id     = aws_vpc_ipv4_cidr_block_association.eks.vpc_id
  cidr_block = "100.64.${count.index}.0/24"
}
resource "aws_route" "secondary" {
  route_table_id            = aws_route_table.client.id
  destination_cidr_block    = "100.64.0.0/10"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route" "main" {
  route_table_id            = aws_vpc.eks.main_route_table_id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route53_resolver_endpoint" "inbound" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.inbound.id]
  dynamic "ip_address" {
    for_each = aws_subnet.dns
    content {
      subnet_id = ip_address.value.id
      ip        = cidrhost(ip_address.value.cidr_block, 10)
    }
  }
}
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  dynamic "target_ip" {
    for_each = aws_subnet.dns
    content {
      ip = cidrhost(target_ip.value.cidr_block, 10)
    }
  }
}
@ association
=== a wide rule to a target from a variable
@ vpcs peering tables routes both admit groups outbound inbound
variable "dns" {}
resource "aws_route53_resolver_rule" "all" {
  domain_name          = "."
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = var.dns
  }
}
resource "aws_route53_resolver_rule_association" "all" {
  resolver_rule_id = aws_route53_resolver_rule.all.id
  vpc_id           = aws_vpc.client.id
}
=== a DNS server of one's own in the cluster's VPC
@ vpcs peering tables routes both admit groups outbound rule association
resource "aws_instance" "unbound" {
  subnet_id  = aws_subnet.eks[0].id
  private_ip = "10.2.0.10"
}
=== two VPCs with the same addresses: the rule's target is in the other
@ vpcs both
resource "aws_vpc" "hub" {
  cidr_block = "10.2.0.0/16"
}
resource "aws_subnet" "hub" {
  count      = 2
  vpc_id     = aws_vpc.hub.id
  cidr_block = "10.2.${count.index}.0/24"
}
resource "aws_security_group" "hub" {
  vpc_id = aws_vpc.hub.id
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
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
    cidr_blocks = ["0.0.0.0/0"]
  }
}
@ inbound
resource "aws_route53_resolver_endpoint" "hub" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.hub.id]
  ip_address {
    subnet_id = aws_subnet.hub[0].id
    ip        = "10.2.0.10"
  }
  ip_address {
    subnet_id = aws_subnet.hub[1].id
    ip        = "10.2.1.10"
  }
}
resource "aws_route53_resolver_endpoint" "outbound" {
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.hub.id]
  ip_address {
    subnet_id = aws_subnet.hub[0].id
  }
  ip_address {
    subnet_id = aws_subnet.hub[1].id
  }
}
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "eks" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.eks.id
}
=== DHCP options with the Amazon DNS server
@ vpcs peering tables routes both admit groups outbound inbound rule association
resource "aws_vpc_dhcp_options" "all" {
  domain_name_servers = ["AmazonProvidedDNS"]
}
resource "aws_vpc_dhcp_options_association" "all" {
  for_each        = { client = aws_vpc.client.id, eks = aws_vpc.eks.id }
  vpc_id          = each.value
  dhcp_options_id = aws_vpc_dhcp_options.all.id
}
=== DHCP options with the inbound endpoint
@ vpcs peering tables routes both admit groups inbound
resource "aws_vpc_dhcp_options" "client" {
  domain_name_servers = ["10.2.0.10", "10.2.1.10"]
}
resource "aws_vpc_dhcp_options_association" "client" {
  vpc_id          = aws_vpc.client.id
  dhcp_options_id = aws_vpc_dhcp_options.client.id
}
=== DHCP options with own servers, which may ask the inbound endpoint
@ vpcs peering tables routes both admit groups inbound
resource "aws_vpc_dhcp_options" "client" {
  domain_name_servers = ["10.1.0.11", "10.1.1.11"]
}
resource "aws_vpc_dhcp_options_association" "client" {
  vpc_id          = aws_vpc.client.id
  dhcp_options_id = aws_vpc_dhcp_options.client.id
}
=== an inbound endpoint over HTTPS
@ vpcs
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "aws_route53_resolver_endpoint" "inbound" {
  direction          = "INBOUND"
  protocols          = ["DoH"]
  security_group_ids = [aws_security_group.inbound.id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
  }
}
=== a company's own names for what runs on EKS
@ vpcs peering tables routes both admit groups outbound inbound rule association
resource "aws_route53_resolver_rule" "own" {
  domain_name          = "prod.eks.example.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "own" {
  resolver_rule_id = aws_route53_resolver_rule.own.id
  vpc_id           = aws_vpc.client.id
}
=== a VPC that the code makes, found again by its tags
@ vpcs
data "aws_vpc" "again" {
  tags       = { Name = "eks" }
  depends_on = [aws_vpc.eks]
}
resource "aws_subnet" "again" {
  count      = 2
  vpc_id     = data.aws_vpc.again.id
  cidr_block = "10.2.1${count.index}.0/24"
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.again[*].id
    endpoint_private_access = true
  }
}
resource "aws_security_group_rule" "api" {
  type              = "ingress"
  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_blocks       = [aws_vpc.eks.cidr_block]
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
}
=== the client is another account's VPC
provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias  = "client"
  region = "us-east-1"
  assume_role {
    role_arn = "arn:aws:iam::444455556666:role/network"
  }
}
variable "client_vpc" {}
resource "aws_vpc" "eks" {
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_subnet" "eks" {
  count      = 2
  vpc_id     = aws_vpc.eks.id
  cidr_block = "10.2.${count.index}.0/24"
}
data "aws_vpc" "client" {
  provider = aws.client
  id       = var.client_vpc
}
resource "aws_vpc_peering_connection" "both" {
  vpc_id        = data.aws_vpc.client.id
  peer_vpc_id   = aws_vpc.eks.id
  peer_owner_id = "111122223333"
}
@ both
resource "aws_vpc_security_group_ingress_rule" "client" {
  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_ipv4         = data.aws_vpc.client.cidr_block
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
=== one cluster name in two Regions, and a data source for the other
provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias  = "west"
  region = "us-west-2"
}
@ vpcs private groups outbound
data "aws_eks_cluster" "west" {
  provider = aws.west
  name     = "main"
}
resource "aws_route53_resolver_rule" "west" {
  domain_name          = trimprefix(data.aws_eks_cluster.west.endpoint, "https://")
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "west" {
  resolver_rule_id = aws_route53_resolver_rule.west.id
  vpc_id           = aws_vpc.eks.id
}
=== a local zone's subnet beside those of the cluster
@ vpcs private
resource "aws_subnet" "local" {
  vpc_id            = aws_vpc.eks.id
  cidr_block        = "10.2.9.0/24"
  availability_zone = "us-west-2-lax-1a"
}
=== some subnets of the cluster are from a variable
variable "more" {}
@ vpcs peering tables both admit groups outbound inbound rule association
resource "aws_route" "there" {
  route_table_id            = aws_route_table.client.id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route" "back" {
  for_each                  = toset(concat([aws_route_table.eks.id], var.more))
  route_table_id            = each.value
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
=== whether the VPCs are peered is open
variable "peer" {}
@ vpcs tables private admit
resource "aws_vpc_peering_connection" "both" {
  count       = var.peer ? 1 : 0
  vpc_id      = aws_vpc.client.id
  peer_vpc_id = aws_vpc.eks.id
}
=== the cluster has a further group that a module makes
@ vpcs peering tables routes groups outbound inbound rule association
module "group" {
  source = "example/group/aws"
  vpc_id = aws_vpc.eks.id
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    security_group_ids      = [module.group.id]
    endpoint_private_access = true
    endpoint_public_access  = false
  }
}
=== nested variables hold subnets of two VPCs
variable "net" {}
resource "aws_security_group" "in" {
  vpc_id = var.net.eks.vpc
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "aws_security_group" "out" {
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.0.0.0/8"]
  }
}
resource "aws_route53_resolver_endpoint" "in" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.in.id]
  dynamic "ip_address" {
    for_each = { a = "10.2.0.10", b = "10.2.1.10" }
    content {
      subnet_id = var.net.subnets["eks-${ip_address.key}"]
      ip        = ip_address.value
    }
  }
}
resource "aws_route53_resolver_endpoint" "out" {
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.out.id]
  dynamic "ip_address" {
    for_each = toset(["a", "b"])
    content {
      subnet_id = var.net.subnets["shared-${ip_address.key}"]
    }
  }
}
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.out.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = var.net.shared.vpc
}
=== a chain through the hub to another Region
provider "aws" {
  region = "us-east-1"
}
@ vpcs peering tables routes private admit groups outbound inbound
resource "aws_route53_resolver_rule" "west" {
  domain_name          = "us-west-2.eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "west" {
  resolver_rule_id = aws_route53_resolver_rule.west.id
  vpc_id           = aws_vpc.client.id
}
resource "aws_security_group" "chain" {
  vpc_id = aws_vpc.eks.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_route53_resolver_endpoint" "chain" {
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.chain.id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
  }
}
resource "aws_route53_resolver_rule" "chain" {
  domain_name          = "us-west-2.eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.chain.id
  target_ip {
    ip = "172.20.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "chain" {
  resolver_rule_id = aws_route53_resolver_rule.chain.id
  vpc_id           = aws_vpc.eks.id
}
=== one domain on each VPC, and one of the two rules by condition
variable "new" { type = bool }
@ vpcs groups outbound
resource "aws_route53_resolver_rule" "corp" {
  count                = 2
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "172.16.${count.index}.53"
  }
}
resource "aws_route53_resolver_rule_association" "old" {
  count            = var.new ? 0 : 1
  resolver_rule_id = aws_route53_resolver_rule.corp[0].id
  vpc_id           = aws_vpc.client.id
}
resource "aws_route53_resolver_rule_association" "new" {
  count            = var.new ? 1 : 0
  resolver_rule_id = aws_route53_resolver_rule.corp[1].id
  vpc_id           = aws_vpc.client.id
}
=== private blocks in a list that a condition leaves out
@ vpcs
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = true
    public_access_cidrs     = [for block in ["198.51.100.7/32", "10.0.0.0/8"] : block if !startswith(block, "10.")]
  }
}
=== nobody knows what name the rule of a client with servers of its own is for
@ vpcs peering tables routes both admit groups outbound inbound
variable "domain" {}
resource "aws_route53_resolver_rule" "open" {
  domain_name          = var.domain
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "open" {
  resolver_rule_id = aws_route53_resolver_rule.open.id
  vpc_id           = aws_vpc.client.id
}
resource "aws_vpc_dhcp_options" "own" {
  domain_name_servers = ["10.9.9.9"]
}
resource "aws_vpc_dhcp_options_association" "own" {
  vpc_id          = aws_vpc.client.id
  dhcp_options_id = aws_vpc_dhcp_options.own.id
}
=== secondary blocks overlap, and the transit gateway between the VPCs carries neither
@ vpcs tables private admit groups outbound inbound rule association
resource "aws_vpc_ipv4_cidr_block_association" "pods" {
  for_each   = { client = aws_vpc.client.id, eks = aws_vpc.eks.id }
  vpc_id     = each.value
  cidr_block = "100.64.0.0/16"
}
resource "aws_ec2_transit_gateway" "hub" {}
resource "aws_ec2_transit_gateway_vpc_attachment" "client" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.client.id
  subnet_ids         = aws_subnet.client[*].id
}
resource "aws_ec2_transit_gateway_vpc_attachment" "eks" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.eks.id
  subnet_ids         = aws_subnet.eks[*].id
}
resource "aws_route" "there" {
  route_table_id         = aws_route_table.client.id
  destination_cidr_block = "10.2.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
}
resource "aws_route" "back" {
  route_table_id         = aws_route_table.eks.id
  destination_cidr_block = "10.1.0.0/16"
  transit_gateway_id     = aws_ec2_transit_gateway.hub.id
}
=== a hub with the outbound endpoint and no way to its spokes
@ vpcs peering tables routes private admit inbound association
resource "aws_vpc" "hub" {
  cidr_block           = "10.9.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_subnet" "hub" {
  for_each          = { a = 0, b = 1 }
  vpc_id            = aws_vpc.hub.id
  availability_zone = "us-east-1${each.key}"
  cidr_block        = cidrsubnet(aws_vpc.hub.cidr_block, 8, each.value)
}
resource "aws_vpc_peering_connection" "hub" {
  vpc_id      = aws_vpc.hub.id
  peer_vpc_id = aws_vpc.eks.id
  auto_accept = true
}
resource "aws_route" "hub" {
  route_table_id            = aws_vpc.hub.main_route_table_id
  destination_cidr_block    = aws_vpc.eks.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection.hub.id
}
resource "aws_route" "to_hub" {
  route_table_id            = aws_route_table.eks.id
  destination_cidr_block    = aws_vpc.hub.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection.hub.id
}
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.hub.id
  egress {
    protocol    = -1
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
  ingress {
    protocol    = -1
    from_port   = 0
    to_port     = 0
    cidr_blocks = [aws_vpc.hub.cidr_block]
  }
}
resource "aws_route53_resolver_endpoint" "outbound" {
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.outbound.id]
  dynamic "ip_address" {
    for_each = aws_subnet.hub
    content {
      subnet_id = ip_address.value.id
    }
  }
}
@ rule
=== a service of others, and one of all Regions, are of no other Region
provider "aws" {
  region = "us-east-1"
}
resource "aws_vpc" "eks" {
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_vpc_endpoint" "partner" {
  vpc_id            = aws_vpc.eks.id
  service_name      = "com.amazonaws.vpce.us-east-1.vpce-svc-0e123abc123198abc"
  vpc_endpoint_type = "Interface"
}
resource "aws_vpc_endpoint" "s3g" {
  vpc_id            = aws_vpc.eks.id
  service_name      = "com.amazonaws.s3-global.accesspoint"
  vpc_endpoint_type = "Interface"
}
=== nodes with IPv6 leave by an egress-only internet gateway
@ vpcs
provider "aws" {
  region = "us-east-1"
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
  route {
    ipv6_cidr_block        = "::/0"
    egress_only_gateway_id = aws_egress_only_internet_gateway.eks.id
  }
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = false
    endpoint_public_access  = true
  }
  kubernetes_network_config {
    ip_family = "ipv6"
  }
}
resource "aws_eks_node_group" "main" {
  cluster_name    = aws_eks_cluster.main.name
  node_group_name = "main"
  node_role_arn   = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids      = aws_subnet.eks[*].id
  scaling_config {
    desired_size = 1
    max_size     = 1
    min_size     = 1
  }
}
resource "aws_egress_only_internet_gateway" "eks" {
  vpc_id = aws_vpc.eks.id
}
=== the zone that EKS keeps is looked up only perhaps
@ vpcs private
provider "aws" {
  region = "us-east-1"
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
variable "look_up" {
  type = bool
}
data "aws_route53_zone" "eks" {
  count        = var.look_up ? 1 : 0
  name         = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  private_zone = true
}
=== an authorization names the zone through a data source
provider "aws" {
  region = "eu-west-1"
  assume_role { role_arn = "arn:aws:iam::111111111111:role/network" }
}
provider "aws" {
  alias  = "client"
  region = "eu-west-1"
  assume_role { role_arn = "arn:aws:iam::222222222222:role/network" }
}
resource "aws_vpc" "hub" {
  cidr_block           = "10.1.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_vpc" "client" {
  provider             = aws.client
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_route53_zone" "corp" {
  name = "corp.example.com"
  vpc { vpc_id = aws_vpc.hub.id }
  lifecycle { ignore_changes = [vpc] }
}
resource "aws_route53_zone_association" "client" {
  provider = aws.client
  zone_id  = aws_route53_zone.corp.zone_id
  vpc_id   = aws_vpc.client.id
}
data "aws_route53_zone" "corp" {
  name         = "corp.example.com"
  private_zone = true
}
resource "aws_route53_vpc_association_authorization" "client" {
  zone_id = data.aws_route53_zone.corp.zone_id
  vpc_id  = aws_vpc.client.id
}
=== the narrower rule sends nobody knows where
@ vpcs
provider "aws" {
  region = "us-east-1"
}
variable "target" {}
resource "aws_route53_resolver_endpoint" "eks_in" {
  direction          = "INBOUND"
  security_group_ids = ["sg-0aaaaaaaaaaaaaaaa"]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
    ip        = "10.2.0.10"
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
    ip        = "10.2.1.10"
  }
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = true
    endpoint_public_access  = true
  }
}
resource "aws_route53_resolver_rule" "region" {
  domain_name          = "us-east-1.eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = "rslvr-out-0aaaaaaaaaaaaaaaa"
  target_ip { ip = "10.2.0.10" }
  target_ip { ip = "10.2.1.10" }
}
resource "aws_route53_resolver_rule" "main" {
  domain_name          = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  rule_type            = "FORWARD"
  resolver_endpoint_id = "rslvr-out-0aaaaaaaaaaaaaaaa"
  target_ip { ip = var.target }
}
resource "aws_route53_resolver_rule_association" "region" {
  resolver_rule_id = aws_route53_resolver_rule.region.id
  vpc_id           = aws_vpc.client.id
}
resource "aws_route53_resolver_rule_association" "main" {
  resolver_rule_id = aws_route53_resolver_rule.main.id
  vpc_id           = aws_vpc.client.id
}
=== a rule that is read may lead to a VPC with the zone
@ vpcs
resource "aws_route53_zone" "corp" {
  name = "corp.example.com"
  vpc {
    vpc_id = aws_vpc.client.id
  }
}
data "aws_route53_resolver_rule" "corp" {
  domain_name = "corp.example.com"
  rule_type   = "FORWARD"
}
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = data.aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.client.id
}
=== an alias answers, and another record of the zone is written out
@ vpcs private
provider "aws" {
  region = "us-east-1"
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
resource "aws_lb" "api" {
  name               = "api"
  internal           = true
  load_balancer_type = "network"
  subnets            = aws_subnet.eks[*].id
}
resource "aws_route53_zone" "eks" {
  name = "us-east-1.eks.amazonaws.com"
  vpc {
    vpc_id = aws_vpc.client.id
  }
}
resource "aws_route53_record" "api" {
  zone_id = aws_route53_zone.eks.zone_id
  name    = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  type    = "A"
  alias {
    name                   = aws_lb.api.dns_name
    zone_id                = aws_lb.api.zone_id
    evaluate_target_health = false
  }
}
resource "aws_route53_record" "other" {
  zone_id = aws_route53_zone.eks.zone_id
  name    = "proxy.us-east-1.eks.amazonaws.com"
  type    = "A"
  ttl     = 60
  records = ["10.1.0.99"]
}
=== what is excluded from the block on public access is looked up
@ vpcs
provider "aws" {
  region = "us-east-1"
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.n.id
  }
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = false
    endpoint_public_access  = true
  }
}
resource "aws_eks_node_group" "main" {
  cluster_name    = aws_eks_cluster.main.name
  node_group_name = "main"
  node_role_arn   = "arn:aws:iam::123456789012:role/nodes"
  subnet_ids      = aws_subnet.eks[*].id
  scaling_config {
    desired_size = 1
    max_size     = 1
    min_size     = 1
  }
}
resource "aws_eip" "n" {
  domain = "vpc"
}
resource "aws_internet_gateway" "i" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_subnet" "public" {
  vpc_id     = aws_vpc.eks.id
  cidr_block = "10.2.100.0/24"
}
resource "aws_nat_gateway" "n" {
  subnet_id     = aws_subnet.public.id
  allocation_id = aws_eip.n.id
}
resource "aws_vpc_block_public_access_options" "all" {
  internet_gateway_block_mode = "block-bidirectional"
}
data "aws_subnets" "nodes" {
  filter {
    name   = "vpc-id"
    values = [aws_vpc.eks.id]
  }
}
resource "aws_vpc_block_public_access_exclusion" "nodes" {
  count                           = 2
  subnet_id                       = data.aws_subnets.nodes.ids[count.index]
  internet_gateway_exclusion_mode = "allow-egress"
}
=== a second Profile that may not be there
@ vpcs
variable "second" {
  type = bool
}
resource "aws_route53_zone" "z" {
  name = "corp.example.com"
  vpc {
    vpc_id = aws_vpc.client.id
  }
}
resource "aws_route53profiles_profile" "corp" {
  name = "corp"
}
resource "aws_route53profiles_profile" "other" {
  name = "other"
}
resource "aws_route53profiles_resource_association" "a" {
  name         = "a"
  profile_id   = aws_route53profiles_profile.corp.id
  resource_arn = aws_route53_zone.z.arn
}
resource "aws_route53profiles_resource_association" "b" {
  name         = "b"
  profile_id   = aws_route53profiles_profile.other.id
  resource_arn = aws_route53_zone.z.arn
}
resource "aws_route53profiles_association" "one" {
  name        = "one"
  profile_id  = aws_route53profiles_profile.corp.id
  resource_id = aws_vpc.client.id
}
resource "aws_route53profiles_association" "two" {
  count       = var.second ? 1 : 0
  name        = "two"
  profile_id  = aws_route53profiles_profile.other.id
  resource_id = aws_vpc.client.id
}
=== queries by HTTPS need port 443 alone
provider "aws" { region = "us-east-1" }
resource "aws_vpc" "hub" { cidr_block = "10.1.0.0/16" }
resource "aws_subnet" "hub" {
  count             = 2
  vpc_id            = aws_vpc.hub.id
  cidr_block        = cidrsubnet(aws_vpc.hub.cidr_block, 8, count.index)
  availability_zone = ["us-east-1a", "us-east-1b"][count.index]
}
resource "aws_security_group" "out" {
  vpc_id = aws_vpc.hub.id
  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["172.16.0.0/12"]
  }
}
resource "aws_route53_resolver_endpoint" "out" {
  direction          = "OUTBOUND"
  protocols          = ["DoH"]
  security_group_ids = [aws_security_group.out.id]
  ip_address { subnet_id = aws_subnet.hub[0].id }
  ip_address { subnet_id = aws_subnet.hub[1].id }
}
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.out.id
  target_ip {
    ip       = "172.16.0.53"
    port     = 443
    protocol = "DoH"
  }
  target_ip {
    ip       = "172.16.1.53"
    port     = 443
    protocol = "DoH"
  }
}
resource "aws_route53_resolver_rule_association" "hub" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.hub.id
}
=== a rule for where clusters are managed, and nobody knows whether the endpoint is private
@ vpcs
provider "aws" { region = "us-east-1" }
variable "private" { type = bool }
resource "aws_route53_resolver_endpoint" "in" {
  direction          = "INBOUND"
  security_group_ids = ["sg-0aaaaaaaaaaaaaaaa"]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
    ip        = "10.2.0.10"
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
    ip        = "10.2.1.10"
  }
}
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = "eks.us-east-1.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = "rslvr-out-0aaaaaaaaaaaaaaaa"
  target_ip { ip = "10.2.0.10" }
  target_ip { ip = "10.2.1.10" }
}
resource "aws_route53_resolver_rule_association" "client" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = aws_vpc.client.id
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = var.private
    endpoint_public_access  = true
  }
}
=== users of a split tunnel ask a public server by themselves
resource "aws_vpc" "eks" {
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.eks.id
  cidr_block        = "10.2.0.0/24"
  availability_zone = "us-east-1a"
}
resource "aws_subnet" "b" {
  vpc_id            = aws_vpc.eks.id
  cidr_block        = "10.2.1.0/24"
  availability_zone = "us-east-1b"
}
resource "aws_ec2_client_vpn_endpoint" "users" {
  client_cidr_block      = "172.16.0.0/22"
  server_certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/a"
  vpc_id                 = aws_vpc.eks.id
  dns_servers            = ["8.8.8.8"]
  split_tunnel           = true
  authentication_options {
    type                       = "certificate-authentication"
    root_certificate_chain_arn = "arn:aws:acm:us-east-1:123456789012:certificate/a"
  }
  connection_log_options {
    enabled = false
  }
}
resource "aws_ec2_client_vpn_network_association" "a" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  subnet_id              = aws_subnet.a.id
}
resource "aws_ec2_client_vpn_authorization_rule" "eks" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  target_network_cidr    = aws_vpc.eks.cidr_block
  authorize_all_groups   = true
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  vpc_config {
    subnet_ids              = [aws_subnet.a.id, aws_subnet.b.id]
    endpoint_private_access = true
    endpoint_public_access  = false
  }
}
=== name servers on instances that are bid for
@ vpcs
provider "aws" { region = "us-east-1" }
resource "aws_vpc_peering_connection" "peer" {
  vpc_id      = aws_vpc.client.id
  peer_vpc_id = aws_vpc.eks.id
  auto_accept = true
}
resource "aws_route_table" "client" {
  vpc_id = aws_vpc.client.id
  route {
    cidr_block                = aws_vpc.eks.cidr_block
    vpc_peering_connection_id = aws_vpc_peering_connection.peer.id
  }
}
resource "aws_route_table_association" "client" {
  count          = 2
  subnet_id      = aws_subnet.client[count.index].id
  route_table_id = aws_route_table.client.id
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
  route {
    cidr_block                = aws_vpc.client.cidr_block
    vpc_peering_connection_id = aws_vpc_peering_connection.peer.id
  }
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
resource "aws_security_group" "client" {
  vpc_id = aws_vpc.client.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_route53_resolver_endpoint" "out" {
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.client.id]
  ip_address { subnet_id = aws_subnet.client[0].id }
  ip_address { subnet_id = aws_subnet.client[1].id }
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = true
    endpoint_public_access  = true
  }
}
resource "aws_vpc_security_group_ingress_rule" "api" {
  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_ipv4         = aws_vpc.client.cidr_block
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.out.id
  target_ip { ip = "10.2.0.53" }
  target_ip { ip = "10.2.1.53" }
}
resource "aws_route53_resolver_rule_association" "client" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = aws_vpc.client.id
}
resource "aws_spot_instance_request" "dns" {
  count         = 2
  ami           = "ami-0aaaaaaaaaaaaaaaa"
  instance_type = "t3.small"
  subnet_id     = aws_subnet.eks[count.index].id
  private_ip    = ["10.2.0.53", "10.2.1.53"][count.index]
}
=== a target in the shared address space is no public one
provider "aws" { region = "us-east-1" }
resource "aws_vpc" "hub" { cidr_block = "10.1.0.0/16" }
resource "aws_subnet" "hub" {
  count             = 2
  vpc_id            = aws_vpc.hub.id
  cidr_block        = cidrsubnet(aws_vpc.hub.cidr_block, 8, count.index)
  availability_zone = ["us-east-1a", "us-east-1b"][count.index]
}
resource "aws_internet_gateway" "hub" { vpc_id = aws_vpc.hub.id }
resource "aws_route_table" "hub" {
  vpc_id = aws_vpc.hub.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.hub.id
  }
}
resource "aws_route_table_association" "hub" {
  count          = 2
  subnet_id      = aws_subnet.hub[count.index].id
  route_table_id = aws_route_table.hub.id
}
resource "aws_route53_resolver_endpoint" "out" {
  direction          = "OUTBOUND"
  security_group_ids = ["sg-0aaaaaaaaaaaaaaaa"]
  ip_address { subnet_id = aws_subnet.hub[0].id }
  ip_address { subnet_id = aws_subnet.hub[1].id }
}
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.out.id
  target_ip { ip = "100.64.0.53" }
}
resource "aws_route53_resolver_rule_association" "hub" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.hub.id
}
