=== overbroad-eks-rule: no VPC with the rule has a way to the other cluster
! overbroad-eks-rule note "us-east-1.eks.amazonaws.com"
@ vpcs peering tables routes both admit groups outbound inbound other second wide
=== overbroad-eks-rule: the cluster beside the target is named, whichever comes first
! overbroad-eks-rule note "us-east-1.eks.amazonaws.com"
+ the private addresses of aws_eks_cluster.main alone
@ other second vpcs peering tables routes both admit groups outbound inbound wide
=== overbroad-eks-rule: only another VPC with rules has a way to the other cluster
! overbroad-eks-rule note "us-east-1.eks.amazonaws.com"
@ vpcs peering tables routes both admit groups outbound inbound other second eks-and-other wide onward
resource "aws_route53_resolver_rule" "onward" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.onward.id
  target_ip {
    ip = "10.3.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "onward" {
  resolver_rule_id = aws_route53_resolver_rule.onward.id
  vpc_id           = aws_vpc.eks.id
}
=== overbroad-eks-rule: the VPC of the target sends the other name on to its cluster
! blocked-api-port warning resource "aws_eks_cluster" "second"
@ vpcs peering tables routes both admit groups outbound inbound other second eks-and-other wide onward
resource "aws_route53_resolver_rule" "onward" {
  domain_name          = trimprefix(aws_eks_cluster.second.endpoint, "https://")
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.onward.id
  target_ip {
    ip = "10.3.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "onward" {
  resolver_rule_id = aws_route53_resolver_rule.onward.id
  vpc_id           = aws_vpc.eks.id
}
=== overbroad-eks-rule: a way to the other cluster, which everybody may use
! overbroad-eks-rule warning "us-east-1.eks.amazonaws.com"
@ vpcs peering tables routes both admit groups outbound inbound other second client-and-other wide
resource "aws_vpc_security_group_ingress_rule" "second" {
  security_group_id = aws_eks_cluster.second.vpc_config[0].cluster_security_group_id
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
=== overbroad-eks-rule: the other cluster has public access alone
@ vpcs peering tables routes both admit groups outbound inbound other wide
resource "aws_eks_cluster" "second" {
  name     = "second"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids = aws_subnet.other[*].id
  }
}
=== overbroad-eks-rule: a rule for everything is another rule's
@ vpcs peering tables routes both groups outbound inbound other second
resource "aws_route53_resolver_rule" "root" {
  domain_name          = "."
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "root" {
  resolver_rule_id = aws_route53_resolver_rule.root.id
  vpc_id           = aws_vpc.client.id
}
=== overbroad-eks-rule: two clusters, and nobody knows where the rule sends to
! unassociated-rule error resource "aws_route53_resolver_rule" "wide"
? overbroad-eks-rule
@ vpcs peering tables routes both groups outbound inbound other second
provider "aws" {
  region = "us-east-1"
}
variable "server" {}
resource "aws_route53_resolver_rule" "wide" {
  domain_name          = "us-east-1.eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = var.server
  }
}
=== overbroad-eks-rule: one cluster, and nobody knows where the rule sends to
! unassociated-rule error resource "aws_route53_resolver_rule" "wide"
@ vpcs peering tables routes both groups outbound inbound
provider "aws" {
  region = "us-east-1"
}
variable "server" {}
resource "aws_route53_resolver_rule" "wide" {
  domain_name          = "us-east-1.eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = var.server
  }
}
=== overbroad-eks-rule: two clusters in one VPC, and nobody knows where the rule sends to
! unassociated-rule error resource "aws_route53_resolver_rule" "wide"
@ vpcs peering tables routes both groups outbound inbound
provider "aws" {
  region = "us-east-1"
}
variable "server" {}
resource "aws_eks_cluster" "beside" {
  name     = "beside"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = true
  }
}
resource "aws_route53_resolver_rule" "wide" {
  domain_name          = "us-east-1.eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = var.server
  }
}
=== overbroad-eks-rule: names of services, taken in a VPC that has to do with no cluster
@ vpcs private groups outbound
resource "aws_route53_resolver_rule" "services" {
  domain_name          = "amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "services" {
  resolver_rule_id = aws_route53_resolver_rule.services.id
  vpc_id           = aws_vpc.client.id
}
=== overbroad-eks-rule: names of services, taken in a VPC that is not the client
! unconnected-vpcs error resource "aws_vpc" "other"
@ vpcs private groups outbound other
resource "aws_vpc_security_group_ingress_rule" "other" {
  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_ipv4         = "10.3.0.0/16"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
resource "aws_route53_resolver_rule" "services" {
  domain_name          = "amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "services" {
  resolver_rule_id = aws_route53_resolver_rule.services.id
  vpc_id           = aws_vpc.client.id
}
=== overbroad-eks-rule: names of services, kept back by a SYSTEM rule
@ vpcs peering tables routes private admit groups outbound
resource "aws_route53_resolver_rule" "com" {
  domain_name          = "com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule" "back" {
  domain_name = "amazonaws.com"
  rule_type   = "SYSTEM"
}
resource "aws_route53_resolver_rule_association" "com" {
  resolver_rule_id = aws_route53_resolver_rule.com.id
  vpc_id           = aws_vpc.client.id
}
resource "aws_route53_resolver_rule_association" "back" {
  resolver_rule_id = aws_route53_resolver_rule.back.id
  vpc_id           = aws_vpc.client.id
}
=== missing-inbound-endpoint: nobody knows the VPC of a cluster whose name a rule takes
? missing-inbound-endpoint
@ vpcs groups outbound rule association
variable "subnets" {}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = var.subnets
    endpoint_private_access = true
  }
}
=== missing-inbound-endpoint: nobody knows the VPC of a cluster whose name no rule takes
@ vpcs groups outbound corp
variable "subnets" {}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = var.subnets
    endpoint_private_access = true
  }
}
=== missing-inbound-endpoint: nobody knows the VPC of a cluster without private access
@ vpcs groups outbound rule association
variable "subnets" {}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids = var.subnets
  }
}
=== missing-inbound-endpoint: nobody knows whether a cluster whose name no rule takes has private access
@ vpcs groups outbound corp
variable "private" {}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = var.private
  }
}
=== missing-inbound-endpoint: an address in a VPC to which the rule's endpoint has no connection
@ vpcs both groups outbound rule association
=== missing-inbound-endpoint: an outbound endpoint in a VPC that nobody knows listens to nobody
! missing-inbound-endpoint error "10.2.0.10"
@ vpcs peering tables routes both admit groups outbound rule association
variable "subnets" {}
variable "group" {}
resource "aws_route53_resolver_endpoint" "more" {
  direction          = "OUTBOUND"
  security_group_ids = [var.group]
  ip_address {
    subnet_id = var.subnets[0]
  }
  ip_address {
    subnet_id = var.subnets[1]
  }
}
=== missing-inbound-endpoint: an inbound endpoint in subnets from outside may be the one
? missing-inbound-endpoint
@ vpcs peering tables routes both admit groups outbound rule association
variable "subnets" {}
resource "aws_route53_resolver_endpoint" "more" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.inbound.id]
  ip_address {
    subnet_id = var.subnets[0]
  }
  ip_address {
    subnet_id = var.subnets[1]
  }
}
=== missing-inbound-endpoint: two clients, of which the second has no rule
$ --no-eks-public-dns
! missing-inbound-endpoint error true
+ does not resolve from aws_vpc.other
@ vpcs peering tables routes private admit groups outbound inbound rule association other eks-and-other
resource "aws_vpc_security_group_ingress_rule" "other" {
  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_ipv4         = "10.3.0.0/16"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
=== missing-inbound-endpoint: the name is unknown in the cluster's own VPC alone
$ --no-eks-public-dns
! disabled-vpc-dns error resource "aws_vpc" "eks"
resource "aws_vpc" "eks" {
  cidr_block = "10.2.0.0/16"
}
resource "aws_subnet" "eks" {
  count      = 2
  vpc_id     = aws_vpc.eks.id
  cidr_block = "10.2.${count.index}.0/24"
}
@ private
=== missing-inbound-endpoint: a client gets no answer, and what listens beside the cluster is open
$ --no-eks-public-dns
? missing-inbound-endpoint
@ vpcs peering tables routes private admit
variable "subnets" {}
variable "group" {}
resource "aws_route53_resolver_endpoint" "more" {
  direction          = "INBOUND"
  security_group_ids = [var.group]
  ip_address {
    subnet_id = var.subnets[0]
  }
  ip_address {
    subnet_id = var.subnets[1]
  }
}
=== forwarding-loop: nobody knows the type of a rule on its own target's VPC
? forwarding-loop
@ vpcs peering tables routes both groups outbound inbound
variable "type" {}
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = "corp.example"
  rule_type            = var.type
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "eks" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = aws_vpc.eks.id
}
=== forwarding-loop: what a group lets out is open, and the rule sends to servers outside
@ vpcs both outbound corp
variable "block" {}
resource "aws_security_group" "outbound" {
  vpc_id = aws_vpc.client.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = [var.block]
  }
}
=== forwarding-loop: what a group lets in is open, and the rule sends to an inbound endpoint
? forwarding-loop
@ vpcs peering tables routes both outbound inbound
variable "block" {}
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
    cidr_blocks = [var.block]
  }
}
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "eks" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = aws_vpc.client.id
}
=== forwarding-loop: a rule from outside is none that the code only now makes
! unassociated-rule error resource "aws_route53_resolver_rule" "eks"
@ vpcs peering tables routes both groups outbound inbound rule
variable "rule" {}
resource "aws_route53_resolver_rule_association" "outside" {
  resolver_rule_id = var.rule
  vpc_id           = aws_vpc.eks.id
}
=== forwarding-loop: a VPC from outside is none that the code only now makes
@ vpcs peering tables routes both groups outbound inbound rule
variable "vpc" {}
resource "aws_route53_resolver_rule_association" "outside" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = var.vpc
}
=== shadowing-private-zone: names of services, hidden in a VPC that is not the client
@ vpcs peering tables routes private admit other
resource "aws_route53_zone" "services" {
  name = "amazonaws.com"
  vpc {
    vpc_id = aws_vpc.other.id
  }
}
=== shadowing-private-zone: names of services, hidden from a client and not from the nodes
! shadowing-private-zone error "amazonaws.com"
! missing-vpc-endpoint error resource "aws_eks_node_group" "main"
~ the name of
@ vpcs peering tables routes private admit
resource "aws_eks_node_group" "main" {
  cluster_name  = aws_eks_cluster.main.name
  node_role_arn = "arn:aws:iam::111122223333:role/node"
  subnet_ids    = aws_subnet.eks[*].id
  scaling_config {
    desired_size = 2
    max_size     = 2
    min_size     = 2
  }
}
resource "aws_route53_zone" "services" {
  name = "amazonaws.com"
  vpc {
    vpc_id = aws_vpc.client.id
  }
}
=== shadowing-private-zone: names of EKS, hidden from a client
! shadowing-private-zone error "eks.amazonaws.com"
@ vpcs peering tables routes private admit
resource "aws_route53_zone" "eks" {
  name = "eks.amazonaws.com"
  vpc {
    vpc_id = aws_vpc.client.id
  }
}
=== shadowing-private-zone: names of EKS, hidden in a VPC that is not the client
! shadowing-private-zone warning "eks.amazonaws.com"
@ vpcs peering tables routes private admit other
resource "aws_route53_zone" "eks" {
  name = "eks.amazonaws.com"
  vpc {
    vpc_id = aws_vpc.other.id
  }
}
=== shadowing-private-zone: of two zones the narrower hides the name
! shadowing-private-zone error "eks.amazonaws.com"
@ vpcs peering tables routes private admit
resource "aws_route53_zone" "services" {
  name = "amazonaws.com"
  vpc {
    vpc_id = aws_vpc.client.id
  }
}
resource "aws_route53_zone" "eks" {
  name = "eks.amazonaws.com"
  vpc {
    vpc_id = aws_vpc.client.id
  }
}
=== shadowing-private-zone: the name of another cluster, hidden beside one whose own zone answers
! shadowing-private-zone warning "eks.amazonaws.com"
@ vpcs private other second
resource "aws_route53_zone" "eks" {
  name = "eks.amazonaws.com"
  vpc {
    vpc_id = aws_vpc.eks.id
  }
}
=== shadowing-private-zone: beside the cluster its own zone answers, and names of services are not below
@ vpcs private
resource "aws_eks_node_group" "main" {
  cluster_name  = aws_eks_cluster.main.name
  node_role_arn = "arn:aws:iam::111122223333:role/node"
  subnet_ids    = aws_subnet.eks[*].id
  scaling_config {
    desired_size = 2
    max_size     = 2
    min_size     = 2
  }
}
resource "aws_route53_zone" "eks" {
  name = "eks.amazonaws.com"
  vpc {
    vpc_id = aws_vpc.eks.id
  }
}
=== shadowing-private-zone: written addresses in a zone of another name
@ vpcs peering tables routes private admit
resource "aws_route53_zone" "eks" {
  name = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  vpc {
    vpc_id = aws_vpc.client.id
  }
}
resource "aws_route53_record" "eks" {
  zone_id = aws_route53_zone.eks.zone_id
  name    = ""
  type    = "A"
  alias {
    name                   = "proxy.corp.example"
    zone_id                = "Z26RNL4JYFTOTI"
    evaluate_target_health = false
  }
}
resource "aws_route53_zone" "corp" {
  name = "corp.example"
  vpc {
    vpc_id = aws_vpc.client.id
  }
}
resource "aws_route53_record" "corp" {
  zone_id = aws_route53_zone.corp.zone_id
  name    = "git"
  type    = "A"
  ttl     = 60
  records = ["10.1.0.99"]
}
=== dead-target: two targets are dead for two reasons
! dead-target error "10.3.0.2"
! dead-target error "169.254.169.253"
@ vpcs peering tables groups outbound other client-and-other
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "169.254.169.253"
  }
  target_ip {
    ip = "10.3.0.2"
  }
}
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.client.id
}
=== dead-target: the Amazon server of a VPC with a cluster whose name the rule does not take
! dead-target error "10.2.0.2"
@ vpcs peering tables routes private groups outbound
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.2"
  }
}
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.client.id
}
=== dead-target: a server of one's own beside an inbound endpoint
@ vpcs peering tables routes private admit groups outbound inbound rule association
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.99"
  }
}
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.client.id
}
=== dead-target: beside an inbound endpoint's address stands one that is none of its
! dead-target warning "10.2.0.99"
@ vpcs peering tables routes private groups outbound inbound
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
  target_ip {
    ip = "10.2.0.99"
  }
}
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.client.id
}
=== captured-endpoint-name: a client without a way is captured all the same
! captured-endpoint-name warning "com"
@ vpcs tables private admit groups outbound campus
resource "aws_route53_resolver_rule" "com" {
  domain_name          = "com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "com" {
  resolver_rule_id = aws_route53_resolver_rule.com.id
  vpc_id           = aws_vpc.client.id
}
=== captured-endpoint-name: a narrower rule that no VPC has is the fault
! unassociated-rule error resource "aws_route53_resolver_rule" "eks"
@ vpcs peering tables routes private admit groups outbound campus inbound rule
resource "aws_route53_resolver_rule" "com" {
  domain_name          = "com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "com" {
  resolver_rule_id = aws_route53_resolver_rule.com.id
  vpc_id           = aws_vpc.client.id
}
=== captured-endpoint-name: another VPC has the narrower rule
! unconnected-vpcs error resource "aws_vpc" "other"
! captured-endpoint-name warning "com"
@ vpcs peering tables routes private admit groups outbound campus inbound rule other
resource "aws_route53_resolver_rule_association" "other" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = aws_vpc.other.id
}
resource "aws_route53_resolver_rule" "com" {
  domain_name          = "com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "com" {
  resolver_rule_id = aws_route53_resolver_rule.com.id
  vpc_id           = aws_vpc.client.id
}
=== duplicate-rule-domain: a Profile's rule yields to the VPC's own
@ vpcs groups outbound corp profile
resource "aws_route53_resolver_rule" "shared" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.1.53"
  }
}
resource "aws_route53profiles_resource_association" "shared" {
  name         = "shared"
  profile_id   = aws_route53profiles_profile.dns.id
  resource_arn = aws_route53_resolver_rule.shared.arn
}
=== duplicate-rule-domain: one rule, tied twice
@ vpcs groups outbound corp
resource "aws_route53_resolver_rule_association" "again" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.client.id
}
=== duplicate-rule-domain: a rule that a data source finds may be the one of the code (Terraform alone)
@ vpcs groups outbound corp
data "aws_route53_resolver_rule" "found" {
  domain_name = "corp.example"
  rule_type   = "FORWARD"
}
resource "aws_route53_resolver_rule_association" "found" {
  resolver_rule_id = data.aws_route53_resolver_rule.found.id
  vpc_id           = aws_vpc.client.id
}
=== duplicate-rule-domain: a rule of a hub, found by its domain, on the VPC of the code's own (Terraform alone)
? duplicate-rule-domain
@ vpcs groups outbound corp
provider "aws" {
  alias   = "hub"
  profile = "hub"
}
data "aws_route53_resolver_rule" "found" {
  provider    = aws.hub
  domain_name = "corp.example"
  rule_type   = "FORWARD"
}
resource "aws_route53_resolver_rule_association" "found" {
  resolver_rule_id = data.aws_route53_resolver_rule.found.id
  vpc_id           = aws_vpc.client.id
}
=== unshared-rule: of two shares one has nobody (Terraform alone)
! unshared-rule error resource "aws_ram_resource_share" "lonely"
@ vpcs groups outbound corp
resource "aws_ram_resource_share" "full" {
  name = "full"
}
resource "aws_ram_resource_share" "lonely" {
  name = "lonely"
}
resource "aws_ram_principal_association" "full" {
  resource_share_arn = aws_ram_resource_share.full.arn
  principal          = "444455556666"
}
resource "aws_ram_resource_association" "full" {
  resource_share_arn = aws_ram_resource_share.full.arn
  resource_arn       = aws_route53_resolver_rule.corp.arn
}
resource "aws_ram_resource_association" "lonely" {
  resource_share_arn = aws_ram_resource_share.lonely.arn
  resource_arn       = aws_route53_resolver_rule.corp.arn
}
=== unshared-rule: a share with nobody and no rule is not for DNS (Terraform alone)
@ vpcs groups outbound corp
resource "aws_ram_resource_share" "full" {
  name = "full"
}
resource "aws_ram_resource_share" "empty" {
  name = "empty"
}
resource "aws_ram_principal_association" "full" {
  resource_share_arn = aws_ram_resource_share.full.arn
  principal          = "444455556666"
}
resource "aws_ram_resource_association" "full" {
  resource_share_arn = aws_ram_resource_share.full.arn
  resource_arn       = aws_route53_resolver_rule.corp.arn
}
=== custom-dhcp-dns: four servers of each family
resource "aws_vpc_dhcp_options" "six" {
  domain_name_servers = ["192.168.0.1", "192.168.0.2", "192.168.0.3", "192.168.0.4", "fd00::1"]
}
=== custom-dhcp-dns: own servers in the VPC of a cluster without private access
@ vpcs
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids = aws_subnet.eks[*].id
  }
}
resource "aws_vpc_dhcp_options" "own" {
  domain_name_servers = ["192.168.0.1"]
}
resource "aws_vpc_dhcp_options_association" "own" {
  vpc_id          = aws_vpc.eks.id
  dhcp_options_id = aws_vpc_dhcp_options.own.id
}
=== custom-dhcp-dns: the inbound endpoint of another VPC
! custom-dhcp-dns error "10.3.0.10"
@ vpcs peering tables routes private other eks-and-other onward
resource "aws_vpc_dhcp_options" "own" {
  domain_name_servers = ["10.3.0.10"]
}
resource "aws_vpc_dhcp_options_association" "own" {
  vpc_id          = aws_vpc.eks.id
  dhcp_options_id = aws_vpc_dhcp_options.own.id
}
=== custom-dhcp-dns: a set without servers in another VPC
@ vpcs private
resource "aws_vpc_dhcp_options" "names" {
  domain_name = "corp.example"
}
resource "aws_vpc_dhcp_options_association" "names" {
  vpc_id          = aws_vpc.client.id
  dhcp_options_id = aws_vpc_dhcp_options.names.id
}
=== shadowed-rule: a zone under a SYSTEM rule answers
@ vpcs
resource "aws_route53_zone" "corp" {
  name = "corp.example"
  vpc {
    vpc_id = aws_vpc.client.id
  }
}
resource "aws_route53_resolver_rule" "corp" {
  domain_name = "corp.example"
  rule_type   = "SYSTEM"
}
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.client.id
}
=== shadowed-rule: a rule leads to a VPC that does not see the zone, which is the fault
! unserved-zone error resource "aws_route53_zone" "corp"
@ vpcs peering tables routes groups outbound inbound
resource "aws_route53_zone" "corp" {
  name = "corp.example"
  vpc {
    vpc_id = aws_vpc.client.id
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
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.client.id
}
=== shadowed-rule: a rule leads to a VPC that sees another zone of the name
! shadowed-rule warning aws_vpc.client.id
@ vpcs peering tables routes groups outbound inbound
resource "aws_route53_zone" "corp" {
  name = "corp.example"
  vpc {
    vpc_id = aws_vpc.client.id
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
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.client.id
}
resource "aws_route53_zone" "other" {
  name = "corp.example"
  vpc {
    vpc_id = aws_vpc.eks.id
  }
}
=== unpinned-target: two addresses, meant for two endpoints
! unpinned-target warning "10.2.0.10"
! unpinned-target warning "10.3.0.10"
@ vpcs peering tables routes groups outbound other client-and-other
resource "aws_security_group" "second" {
  vpc_id = aws_vpc.other.id
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.1.0.0/16"]
  }
}
resource "aws_route53_resolver_endpoint" "first" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.inbound.id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
  }
}
resource "aws_route53_resolver_endpoint" "second" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.second.id]
  ip_address {
    subnet_id = aws_subnet.other[0].id
  }
  ip_address {
    subnet_id = aws_subnet.other[1].id
  }
}
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
  target_ip {
    ip = "10.3.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.client.id
}
=== unused-endpoint: of two outbound endpoints rules use one
! unused-endpoint note resource "aws_route53_resolver_endpoint" "idle"
@ vpcs groups outbound corp
resource "aws_route53_resolver_endpoint" "idle" {
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.outbound.id]
  ip_address {
    subnet_id = aws_subnet.client[0].id
  }
  ip_address {
    subnet_id = aws_subnet.client[1].id
  }
}
=== unused-endpoint: an inbound endpoint beside a cluster with private access, which nobody asks
! unused-endpoint warning resource "aws_route53_resolver_endpoint" "inbound"
@ vpcs inbound private
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.2.0.0/16"]
  }
}
=== unused-endpoint: an inbound endpoint beside a cluster without private access
@ vpcs inbound
resource "aws_security_group" "inbound" {
  vpc_id = aws_vpc.eks.id
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["10.2.0.0/16"]
  }
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids = aws_subnet.eks[*].id
  }
}
=== unused-endpoint: an inbound endpoint beside no cluster
@ vpcs groups inbound other second
=== client-vpn-dns: users in another VPC than the cluster's
@ vpcs users other second
resource "aws_ec2_client_vpn_authorization_rule" "all" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  target_network_cidr    = "10.0.0.0/8"
  authorize_all_groups   = true
}
=== client-vpn-dns: users beside the cluster, and not let into its subnets
@ vpcs both users
resource "aws_ec2_client_vpn_authorization_rule" "hosts" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  target_network_cidr    = "10.2.128.0/24"
  authorize_all_groups   = true
}
=== client-vpn-dns: users beside the cluster, let into one of its subnets for whatever reason
! client-vpn-dns warning resource "aws_ec2_client_vpn_endpoint" "users"
@ vpcs both users
resource "aws_ec2_client_vpn_authorization_rule" "hosts" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  target_network_cidr    = "10.2.0.0/24"
  authorize_all_groups   = true
}
=== client-vpn-dns: users whom the cluster admits, let into one of its subnets
! client-vpn-dns warning resource "aws_ec2_client_vpn_endpoint" "users"
+ into every subnet
@ vpcs both users-named
resource "aws_ec2_client_vpn_authorization_rule" "hosts" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  target_network_cidr    = "10.2.0.0/24"
  authorize_all_groups   = true
}
=== client-vpn-dns: users whom the cluster admits, let into its subnets half by half
@ vpcs both users-named
resource "aws_ec2_client_vpn_authorization_rule" "first" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  target_network_cidr    = "10.2.0.0/25"
  authorize_all_groups   = true
}
resource "aws_ec2_client_vpn_authorization_rule" "second" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  target_network_cidr    = "10.2.0.128/25"
  authorize_all_groups   = true
}
resource "aws_ec2_client_vpn_authorization_rule" "other" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  target_network_cidr    = "10.2.1.0/24"
  authorize_all_groups   = true
}
=== client-vpn-dns: the cluster admits the group of the users, on another port
@ vpcs both users
resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id            = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  referenced_security_group_id = aws_vpc.eks.default_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
}
=== private-dns-off: subnets from outside, and an endpoint without private names
? private-dns-off
@ vpcs
provider "aws" {
  region = "us-east-1"
}
variable "subnets" {}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = var.subnets
    endpoint_private_access = true
  }
}
resource "aws_eks_node_group" "main" {
  cluster_name  = aws_eks_cluster.main.name
  node_role_arn = "arn:aws:iam::111122223333:role/node"
  subnet_ids    = var.subnets
  scaling_config {
    desired_size = 2
    max_size     = 2
    min_size     = 2
  }
}
resource "aws_vpc_endpoint" "images" {
  vpc_id              = aws_vpc.eks.id
  service_name        = "com.amazonaws.us-east-1.ecr.api"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = false
}
=== private-dns-off: subnets from outside, and an endpoint with private names
@ vpcs
provider "aws" {
  region = "us-east-1"
}
variable "subnets" {}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = var.subnets
    endpoint_private_access = true
  }
}
resource "aws_eks_node_group" "main" {
  cluster_name  = aws_eks_cluster.main.name
  node_role_arn = "arn:aws:iam::111122223333:role/node"
  subnet_ids    = var.subnets
  scaling_config {
    desired_size = 2
    max_size     = 2
    min_size     = 2
  }
}
resource "aws_vpc_endpoint" "images" {
  vpc_id              = aws_vpc.eks.id
  service_name        = "com.amazonaws.us-east-1.ecr.api"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
}
=== endpoint-protocol-mismatch: an inbound endpoint with both kinds of DNS over HTTPS
! endpoint-protocol-mismatch error "DoH-FIPS"
@ vpcs groups
resource "aws_route53_resolver_endpoint" "inbound" {
  direction          = "INBOUND"
  protocols          = ["Do53", "DoH", "DoH-FIPS"]
  security_group_ids = [aws_security_group.inbound.id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
  }
}
=== conflicting-private-dns: a rule for another name than the endpoint's
@ vpcs groups outbound corp
provider "aws" {
  region = "us-east-1"
}
resource "aws_vpc_endpoint" "sts" {
  vpc_id              = aws_vpc.client.id
  service_name        = "com.amazonaws.us-east-1.sts"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = aws_subnet.client[*].id
  private_dns_enabled = true
}
=== conflicting-private-dns: an endpoint of S3 for all hosts needs no gateway beside it
@ vpcs
provider "aws" {
  region = "us-east-1"
}
resource "aws_vpc_endpoint" "s3" {
  vpc_id              = aws_vpc.client.id
  service_name        = "com.amazonaws.us-east-1.s3"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = aws_subnet.client[*].id
  private_dns_enabled = true
  dns_options {
    private_dns_only_for_inbound_resolver_endpoint = false
  }
}
=== futile-peering-dns: the option of a connection that does not lead to the cluster (Terraform alone)
! public-answer error resource "aws_eks_cluster" "main"
@ vpcs peering tables routes both admit other
resource "aws_vpc_peering_connection" "other" {
  vpc_id      = aws_vpc.client.id
  peer_vpc_id = aws_vpc.other.id
  auto_accept = true
  requester {
    allow_remote_vpc_dns_resolution = true
  }
  accepter {
    allow_remote_vpc_dns_resolution = true
  }
}
=== forwarding-loop: a rule that a data source finds, and that may target this VPC (Terraform alone)
? forwarding-loop
@ vpcs peering tables routes both admit groups outbound inbound rule association
data "aws_route53_resolver_rule" "found" {
  rule_type = "FORWARD"
}
resource "aws_route53_resolver_rule_association" "found" {
  resolver_rule_id = data.aws_route53_resolver_rule.found.id
  vpc_id           = aws_vpc.eks.id
}
=== forwarding-loop: a rule that a data source finds, and that targets another VPC (Terraform alone)
@ vpcs peering tables routes both admit groups outbound inbound rule association other
data "aws_route53_resolver_rule" "found" {
  rule_type = "FORWARD"
}
resource "aws_route53_resolver_rule_association" "found" {
  resolver_rule_id = data.aws_route53_resolver_rule.found.id
  vpc_id           = aws_vpc.other.id
}
=== forwarding-loop: a VPC that a data source finds, and that may be the target's (Terraform alone)
? forwarding-loop
@ vpcs peering tables routes both admit groups outbound inbound rule association
data "aws_vpc" "found" {
  tags = { tier = "apps" }
}
resource "aws_route53_resolver_rule_association" "found" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = data.aws_vpc.found.id
}
=== forwarding-loop: a VPC that a data source finds, and targets that are in no VPC (Terraform alone)
@ vpcs groups outbound corp
data "aws_vpc" "found" {
  tags = { tier = "apps" }
}
resource "aws_route53_resolver_rule_association" "found" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = data.aws_vpc.found.id
}
=== malformed-rule-domain: another Region's name, sent beside a cluster with public access alone (Terraform alone)
@ vpcs peering tables routes groups outbound inbound
provider "aws" {
  region = "us-east-1"
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids = aws_subnet.eks[*].id
  }
}
resource "aws_route53_resolver_rule" "far" {
  domain_name          = "eu-west-1.eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "far" {
  resolver_rule_id = aws_route53_resolver_rule.far.id
  vpc_id           = aws_vpc.client.id
}
=== malformed-rule-domain: another Region's name, and a second cluster elsewhere (Terraform alone)
! malformed-rule-domain error "eu-west-1.eks.amazonaws.com"
@ vpcs peering tables routes both groups outbound inbound other second
provider "aws" {
  region = "us-east-1"
}
resource "aws_route53_resolver_rule" "far" {
  domain_name          = "eu-west-1.eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "far" {
  resolver_rule_id = aws_route53_resolver_rule.far.id
  vpc_id           = aws_vpc.client.id
}
=== malformed-rule-domain: the VPC of the target has a rule for all services, which is no rule for EKS (Terraform alone)
! malformed-rule-domain error "eu-west-1.eks.amazonaws.com"
@ vpcs peering tables routes both groups outbound inbound
provider "aws" {
  region = "us-east-1"
}
resource "aws_route53_resolver_rule" "far" {
  domain_name          = "eu-west-1.eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "far" {
  resolver_rule_id = aws_route53_resolver_rule.far.id
  vpc_id           = aws_vpc.client.id
}
resource "aws_route53_resolver_rule" "services" {
  domain_name = "amazonaws.com"
  rule_type   = "SYSTEM"
}
resource "aws_route53_resolver_rule_association" "services" {
  resolver_rule_id = aws_route53_resolver_rule.services.id
  vpc_id           = aws_vpc.eks.id
}
=== mistaken-eks-domain: sent beside a cluster with public access alone
@ vpcs peering tables routes groups outbound inbound
provider "aws" {
  region = "us-east-1"
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids = aws_subnet.eks[*].id
  }
}
resource "aws_route53_resolver_rule" "manage" {
  domain_name          = "eks.us-east-1.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "manage" {
  resolver_rule_id = aws_route53_resolver_rule.manage.id
  vpc_id           = aws_vpc.client.id
}
=== mistaken-eks-domain: sent to a VPC without a cluster
@ vpcs peering tables routes groups outbound inbound other second
provider "aws" {
  region = "us-east-1"
}
resource "aws_route53_resolver_rule" "manage" {
  domain_name          = "eks.us-east-1.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "manage" {
  resolver_rule_id = aws_route53_resolver_rule.manage.id
  vpc_id           = aws_vpc.client.id
}
=== missing-peering-route: no route leads there, and whether a peering connection joins both is read at apply (Terraform alone)
? missing-peering-route
@ vpcs tables private admit
data "aws_ssm_parameter" "peered" {
  name = "/network/peered"
}
resource "aws_vpc_peering_connection" "maybe" {
  count       = data.aws_ssm_parameter.peered.value == "yes" ? 1 : 0
  vpc_id      = aws_vpc.client.id
  peer_vpc_id = aws_vpc.eks.id
  auto_accept = true
}
=== exceeded-quota: whether the fifth endpoint is of the account of four, its role tells (Terraform alone)
? exceeded-quota
variable "role" {
  type = string
}
provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias  = "other"
  region = "us-east-1"
  assume_role {
    role_arn = var.role
  }
}
resource "aws_route53_resolver_endpoint" "own" {
  count              = 4
  direction          = "INBOUND"
  security_group_ids = ["sg-0aaaaaaaaaaaaaaaa"]
  ip_address { subnet_id = "subnet-0aaaaaaaaaaaaaaaa" }
  ip_address { subnet_id = "subnet-0bbbbbbbbbbbbbbbb" }
}
resource "aws_route53_resolver_endpoint" "fifth" {
  provider           = aws.other
  direction          = "INBOUND"
  security_group_ids = ["sg-0cccccccccccccccc"]
  ip_address { subnet_id = "subnet-0cccccccccccccccc" }
  ip_address { subnet_id = "subnet-0dddddddddddddddd" }
}
=== unconnected-vpcs: who is told public addresses needs no way to the private ones
! public-answer error resource "aws_eks_cluster" "main"
@ vpcs tables both admit
=== unconnected-vpcs: what joins them is a transit gateway of which only one is a part
! unconnected-vpcs error resource "aws_vpc" "client"
@ vpcs tables private admit
resource "aws_ec2_transit_gateway" "hub" {
}
resource "aws_ec2_transit_gateway_vpc_attachment" "client" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
  vpc_id             = aws_vpc.client.id
  subnet_ids         = [aws_subnet.client_a.id]
}
=== unconnected-vpcs: a default route leads the client to other networks, and nothing leads back
! unconnected-vpcs error resource "aws_vpc" "client"
@ vpcs tables private admit
resource "aws_vpn_gateway" "campus" {
  vpc_id = aws_vpc.client.id
}
resource "aws_route" "campus" {
  route_table_id         = aws_route_table.client.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_vpn_gateway.campus.id
}
=== unconnected-vpcs: both have a gateway to other networks, which may lead from the one to the other
@ vpcs tables private admit
resource "aws_vpn_gateway" "campus" {
  vpc_id = aws_vpc.client.id
}
resource "aws_route" "campus" {
  route_table_id         = aws_route_table.client.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_vpn_gateway.campus.id
}
resource "aws_vpn_gateway" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route" "eks" {
  route_table_id         = aws_route_table.eks.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_vpn_gateway.eks.id
}
=== unconnected-vpcs: both are attached to a core network, to which no route leads
@ vpcs tables private admit
resource "aws_networkmanager_global_network" "all" {}
resource "aws_networkmanager_core_network" "all" {
  global_network_id = aws_networkmanager_global_network.all.id
}
resource "aws_networkmanager_vpc_attachment" "client" {
  core_network_id = aws_networkmanager_core_network.all.id
  vpc_arn         = aws_vpc.client.arn
  subnet_arns     = [aws_subnet.client_a.arn]
}
resource "aws_networkmanager_vpc_attachment" "eks" {
  core_network_id = aws_networkmanager_core_network.all.id
  vpc_arn         = aws_vpc.eks.arn
  subnet_arns     = [aws_subnet.eks_a.arn]
}
=== blocked-api-port: the client has addresses of the cluster too, and no group admits it
! overlapping-cidrs error resource "aws_vpc" "client"
@ vpcs tables private hub groups outbound inbound rule association
resource "aws_vpc_ipv4_cidr_block_association" "client" {
  vpc_id     = aws_vpc.client.id
  cidr_block = "10.2.0.0/17"
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
=== client-vpn-dns: nobody knows whether the cluster is beside the users
@ vpcs users
variable "subnets" {}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = var.subnets
    endpoint_private_access = true
  }
}
resource "aws_ec2_client_vpn_authorization_rule" "all" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  target_network_cidr    = "10.2.0.0/16"
  authorize_all_groups   = true
}
=== client-vpn-dns: users ask the inbound endpoint of another VPC
! client-vpn-dns warning "10.3.0.10"
@ vpcs both other eks-and-other onward
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
resource "aws_ec2_client_vpn_endpoint" "users" {
  client_cidr_block      = "172.16.0.0/22"
  server_certificate_arn = "arn:aws:acm:us-east-1:111122223333:certificate/a"
  vpc_id                 = aws_vpc.eks.id
  dns_servers            = ["10.3.0.10"]
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
resource "aws_ec2_client_vpn_authorization_rule" "all" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  target_network_cidr    = "10.0.0.0/8"
  authorize_all_groups   = true
}
resource "aws_ec2_client_vpn_route" "other" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  destination_cidr_block = "10.3.0.0/16"
  target_vpc_subnet_id   = aws_ec2_client_vpn_network_association.eks.subnet_id
}
=== conflicting-private-dns: endpoints of two services of somebody's own
@ vpcs
resource "aws_vpc_endpoint" "own" {
  for_each            = toset(["0aaaaaaaaaaaaaaaa", "0bbbbbbbbbbbbbbbb"])
  vpc_id              = aws_vpc.client.id
  service_name        = "com.amazonaws.vpce.us-east-1.vpce-svc-${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = aws_subnet.client[*].id
}
=== custom-dhcp-dns: the address of an interface at which somebody may answer
? custom-dhcp-dns
@ vpcs both
resource "aws_network_interface" "dns" {
  subnet_id = aws_subnet.eks[0].id
}
resource "aws_vpc_dhcp_options" "own" {
  domain_name_servers = [aws_network_interface.dns.private_ip]
}
resource "aws_vpc_dhcp_options_association" "own" {
  vpc_id          = aws_vpc.eks.id
  dhcp_options_id = aws_vpc_dhcp_options.own.id
}
=== custom-dhcp-dns: an address that two endpoints have
? custom-dhcp-dns
@ vpcs both groups inbound
resource "aws_route53_resolver_endpoint" "again" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.inbound.id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
    ip        = "10.2.0.10"
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
    ip        = "10.2.1.11"
  }
}
resource "aws_vpc_dhcp_options" "own" {
  domain_name_servers = ["10.2.0.10"]
}
resource "aws_vpc_dhcp_options_association" "own" {
  vpc_id          = aws_vpc.eks.id
  dhcp_options_id = aws_vpc_dhcp_options.own.id
}
=== dead-target: the Amazon server of the cluster's VPC, for the cluster's name
! missing-inbound-endpoint error "10.2.0.2"
@ vpcs peering tables routes private admit groups outbound association
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.2"
  }
}
=== disabled-vpc-dns: the option of a connection needs the attributes of both VPCs (Terraform alone)
! disabled-vpc-dns warning resource "aws_vpc" "one"
! disabled-vpc-dns warning resource "aws_vpc" "two"
resource "aws_vpc" "one" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_vpc" "two" {
  cidr_block = "10.2.0.0/16"
}
resource "aws_vpc" "apart" {
  cidr_block = "10.3.0.0/16"
}
resource "aws_vpc_peering_connection" "both" {
  vpc_id      = aws_vpc.one.id
  peer_vpc_id = aws_vpc.two.id
  auto_accept = true
  accepter {
    allow_remote_vpc_dns_resolution = true
  }
  requester {
    allow_remote_vpc_dns_resolution = true
  }
}
=== drifting-zone-association: what is tied beside says no VPC (Terraform alone)
? drifting-zone-association
@ vpcs
resource "aws_route53_zone" "corp" {
  name = "corp.example"
  vpc {
    vpc_id = aws_vpc.eks.id
  }
}
resource "aws_route53_zone_association" "beside" {
  zone_id = aws_route53_zone.corp.id
  vpc_id  = null
}
=== duplicate-rule-domain: a domain that is none beside one
? duplicate-rule-domain
@ vpcs groups outbound corp
resource "aws_route53_resolver_rule" "none" {
  domain_name          = ["corp.example"]
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "none" {
  resolver_rule_id = aws_route53_resolver_rule.none.id
  vpc_id           = aws_vpc.client.id
}
=== duplicate-rule-domain: two rules of one domain that data sources find (Terraform alone)
@ vpcs
data "aws_route53_resolver_rule" "shared" {
  count       = 2
  domain_name = "corp.example"
  rule_type   = "FORWARD"
}
resource "aws_route53_resolver_rule_association" "shared" {
  count            = 2
  resolver_rule_id = data.aws_route53_resolver_rule.shared[count.index].id
  vpc_id           = aws_vpc.client.id
}
=== endpoint-protocol-mismatch: an endpoint for delegation that takes queries by Do53
@ vpcs groups
resource "aws_route53_resolver_endpoint" "inbound" {
  direction          = "INBOUND_DELEGATION"
  protocols          = ["Do53"]
  security_group_ids = [aws_security_group.inbound.id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
  }
}
=== exceeded-quota: the fifth endpoint is in another Region (Terraform alone)
provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias  = "other"
  region = "eu-west-1"
}
resource "aws_route53_resolver_endpoint" "own" {
  count              = 4
  direction          = "INBOUND"
  security_group_ids = ["sg-0aaaaaaaaaaaaaaaa"]
  ip_address { subnet_id = "subnet-0aaaaaaaaaaaaaaaa" }
  ip_address { subnet_id = "subnet-0bbbbbbbbbbbbbbbb" }
}
resource "aws_route53_resolver_endpoint" "fifth" {
  provider           = aws.other
  direction          = "INBOUND"
  security_group_ids = ["sg-0cccccccccccccccc"]
  ip_address { subnet_id = "subnet-0cccccccccccccccc" }
  ip_address { subnet_id = "subnet-0dddddddddddddddd" }
}
=== exceeded-quota: the Region of the fifth endpoint is open (Terraform alone)
? exceeded-quota
variable "region" {}
provider "aws" {
  region = "us-east-1"
}
provider "aws" {
  alias  = "other"
  region = var.region
}
resource "aws_route53_resolver_endpoint" "own" {
  count              = 4
  direction          = "INBOUND"
  security_group_ids = ["sg-0aaaaaaaaaaaaaaaa"]
  ip_address { subnet_id = "subnet-0aaaaaaaaaaaaaaaa" }
  ip_address { subnet_id = "subnet-0bbbbbbbbbbbbbbbb" }
}
resource "aws_route53_resolver_endpoint" "fifth" {
  provider           = aws.other
  direction          = "INBOUND"
  security_group_ids = ["sg-0cccccccccccccccc"]
  ip_address { subnet_id = "subnet-0cccccccccccccccc" }
  ip_address { subnet_id = "subnet-0dddddddddddddddd" }
}
=== missing-inbound-endpoint: a rule that no endpoint sends for
! incomplete-rule error resource "aws_route53_resolver_rule" "eks"
@ vpcs peering tables routes private admit
resource "aws_route53_resolver_rule" "eks" {
  domain_name = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  rule_type   = "FORWARD"
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "client" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = aws_vpc.client.id
}
=== missing-inbound-endpoint: an endpoint from outside through which a rule sends takes no queries
! missing-inbound-endpoint error "10.2.0.10"
@ vpcs peering tables routes private admit groups outbound rule association
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = "rslvr-out-0aaaaaaaaaaaaaaaa"
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.client.id
}
=== missing-inbound-endpoint: a client without a way, and a VPC that has nothing to do with the cluster
$ --no-eks-public-dns
! missing-inbound-endpoint error true
~ aws_vpc.other
@ vpcs tables private admit other
=== overbroad-eks-rule: a way to the other cluster, which admits the client by name
! overbroad-eks-rule note "us-east-1.eks.amazonaws.com"
! public-answer error resource "aws_eks_cluster" "second"
@ vpcs peering tables routes both admit groups outbound inbound other second client-and-other wide
resource "aws_vpc_security_group_ingress_rule" "second" {
  security_group_id = aws_eks_cluster.second.vpc_config[0].cluster_security_group_id
  cidr_ipv4         = aws_vpc.client.cidr_block
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
=== private-dns-off: subnets from outside, and an endpoint of a service that nodes do not need, without private names
@ vpcs
variable "subnets" {}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = var.subnets
    endpoint_private_access = true
  }
}
resource "aws_eks_node_group" "main" {
  cluster_name  = aws_eks_cluster.main.name
  node_role_arn = "arn:aws:iam::111122223333:role/node"
  subnet_ids    = var.subnets
  scaling_config {
    desired_size = 2
    max_size     = 2
    min_size     = 2
  }
}
resource "aws_vpc_endpoint" "queues" {
  vpc_id              = aws_vpc.eks.id
  service_name        = "com.amazonaws.us-east-1.sqs"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = false
}
=== shadowed-rule: the zone of the VPC itself goes before the rule of a Profile
@ vpcs groups outbound profile
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53profiles_resource_association" "corp" {
  name         = "corp"
  profile_id   = aws_route53profiles_profile.dns.id
  resource_arn = aws_route53_resolver_rule.corp.arn
}
resource "aws_route53_zone" "corp" {
  name = "corp.example"
  vpc {
    vpc_id = aws_vpc.client.id
  }
}
=== private-dns-off: one endpoint, of which nobody knows whether it has private names
? private-dns-off
! missing-vpc-endpoint error resource "aws_eks_node_group" "main"
@ vpcs private
variable "on" { type = bool }
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
resource "aws_eks_node_group" "main" {
  cluster_name  = aws_eks_cluster.main.name
  node_role_arn = "arn:aws:iam::111122223333:role/node"
  subnet_ids    = aws_subnet.eks[*].id
  scaling_config {
    desired_size = 2
    max_size     = 2
    min_size     = 2
  }
}
resource "aws_vpc_endpoint" "images" {
  vpc_id              = aws_vpc.eks.id
  service_name        = "com.amazonaws.us-east-1.ecr.api"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = var.on
  subnet_ids          = aws_subnet.eks[*].id
}
=== unattached-vpc: an attachment that is in a second table beside the default one
! unattached-vpc error resource "aws_ec2_transit_gateway_route_table_association" "own"
+ set transit_gateway_default_route_table_association = false in
@ vpcs hub
resource "aws_ec2_transit_gateway_route_table" "own" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}
resource "aws_ec2_transit_gateway_route_table_association" "own" {
  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.all["eks"].id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.own.id
}
=== unattached-vpc: an attachment of a VPN connection that is in a second table beside the default one (Terraform alone)
! unattached-vpc error resource "aws_ec2_transit_gateway_route_table_association" "own"
+ set default_route_table_association = "disable" in
resource "aws_ec2_transit_gateway" "hub" {}
resource "aws_customer_gateway" "campus" {
  bgp_asn    = 65000
  ip_address = "198.51.100.1"
  type       = "ipsec.1"
}
resource "aws_vpn_connection" "campus" {
  customer_gateway_id = aws_customer_gateway.campus.id
  transit_gateway_id  = aws_ec2_transit_gateway.hub.id
  type                = "ipsec.1"
}
resource "aws_ec2_transit_gateway_route_table" "own" {
  transit_gateway_id = aws_ec2_transit_gateway.hub.id
}
resource "aws_ec2_transit_gateway_route_table_association" "own" {
  transit_gateway_attachment_id  = aws_vpn_connection.campus.transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.own.id
}
=== unconnected-vpcs: a core network of which nobody is a part joins nobody
! unconnected-vpcs error resource "aws_vpc" "client"
@ vpcs tables private admit
resource "aws_networkmanager_global_network" "all" {}
resource "aws_networkmanager_core_network" "all" {
  global_network_id = aws_networkmanager_global_network.all.id
}
=== unpinned-target: what addresses the endpoint has only the caller knows
? unpinned-target
@ vpcs groups outbound
variable "addresses" { type = list(string) }
resource "aws_route53_resolver_endpoint" "inbound" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.inbound.id]
  dynamic "ip_address" {
    for_each = var.addresses
    content {
      subnet_id = aws_subnet.eks[0].id
      ip        = ip_address.value
    }
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
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.client.id
}
=== unresolved-module: a cluster is told of, and nothing else of DNS
! unresolved-module note "example/further/aws"
@ vpcs private
module "further" {
  source  = "example/further/aws"
  cluster = aws_eks_cluster.main.id
}
=== unresolved-module: an endpoint is told of, and nothing else of DNS
! unresolved-module note "example/further/aws"
@ vpcs groups inbound
module "further" {
  source   = "example/further/aws"
  endpoint = aws_route53_resolver_endpoint.inbound.id
}
=== unserved-zone: a Profile with something that answers no queries
@ vpcs profile
resource "aws_route53profiles_resource_association" "log" {
  name         = "log"
  profile_id   = aws_route53profiles_profile.dns.id
  resource_arn = "arn:aws:route53resolver:us-east-1:111122223333:resolver-query-log-config/rqlc-0aaaaaaaaaaaaaaa"
}
=== unused-endpoint: rules send through an endpoint that is read, and may be this one (Terraform alone)
? unused-endpoint
@ vpcs groups outbound corp
variable "endpoint" {}
data "aws_route53_resolver_endpoint" "shared" {
  resolver_endpoint_id = var.endpoint
}
resource "aws_route53_resolver_endpoint" "idle" {
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.outbound.id]
  ip_address {
    subnet_id = aws_subnet.client[0].id
  }
  ip_address {
    subnet_id = aws_subnet.client[1].id
  }
}
resource "aws_route53_resolver_rule" "other" {
  domain_name          = "other.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = data.aws_route53_resolver_endpoint.shared.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "other" {
  resolver_rule_id = aws_route53_resolver_rule.other.id
  vpc_id           = aws_vpc.client.id
}
=== unused-endpoint: an inbound endpoint beside a cluster, which a VPC of others may ask
? unused-endpoint
@ vpcs groups inbound private
resource "aws_vpc_peering_connection" "others" {
  vpc_id      = "vpc-0aaaaaaaaaaaaaaaa"
  peer_vpc_id = aws_vpc.eks.id
}
=== unused-endpoint: an inbound endpoint beside a cluster, and a connection of which nobody knows whose it is
? unused-endpoint
@ vpcs groups inbound private
resource "aws_vpc_peering_connection" "others" {
  vpc_id      = ["vpc-0aaaaaaaaaaaaaaaa"]
  peer_vpc_id = aws_vpc.other.id
}
@ other
=== unused-endpoint: an inbound endpoint beside a cluster, and a rule whose targets only the caller knows
? unused-endpoint
@ vpcs groups inbound outbound private
variable "servers" { type = list(string) }
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  dynamic "target_ip" {
    for_each = var.servers
    content {
      ip = target_ip.value
    }
  }
}
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.client.id
}
=== unused-endpoint: an inbound endpoint beside a cluster, and a rule for its name that has no targets
! incomplete-rule error resource "aws_route53_resolver_rule" "eks"
@ vpcs groups inbound outbound private association
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
}
=== unused-endpoint: an inbound endpoint beside a cluster, and a rule that keeps its name back
! unused-endpoint warning resource "aws_route53_resolver_endpoint" "inbound"
@ vpcs groups inbound private
resource "aws_route53_resolver_rule" "eks" {
  domain_name = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  rule_type   = "SYSTEM"
}
=== blocked-dns-query: both endpoints have one group, which does not name itself
! blocked-dns-query error resource "aws_security_group" "dns"
@ vpcs tables
resource "aws_security_group" "dns" {
  vpc_id = aws_vpc.eks.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_route53_resolver_endpoint" "outbound" {
  direction          = "OUTBOUND"
  security_group_ids = [aws_security_group.dns.id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
  }
}
resource "aws_route53_resolver_endpoint" "inbound" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.dns.id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
    ip        = "10.2.0.10"
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
    ip        = "10.2.1.10"
  }
}
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
  target_ip {
    ip = "10.2.1.10"
  }
}
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.client.id
}
=== blocked-api-port: a part of the client's subnet is admitted
@ vpcs peering tables routes private
resource "aws_vpc_security_group_ingress_rule" "host" {
  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_ipv4         = "10.1.0.64/26"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
resource "aws_vpc_security_group_ingress_rule" "more" {
  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_ipv4         = "10.1.1.64/26"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
=== blocked-dns-query: the whole VPC of an endpoint is admitted, whatever its subnets have
@ vpcs-open peering tables routes private admit groups outbound inbound rule association
=== blocked-dns-query: nothing of the VPC of an endpoint is admitted, whatever its subnets have
! blocked-dns-query error resource "aws_security_group" "inbound"
@ vpcs-open peering tables routes private admit outbound inbound rule association
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
    cidr_blocks = ["10.9.0.0/16"]
  }
}
=== missing-peering-route: another subnet of the client, which may be there, has the route
? missing-peering-route
@ vpcs peering tables private admit
variable "more" { type = bool }
resource "aws_subnet" "more" {
  count      = var.more ? 1 : 0
  vpc_id     = aws_vpc.client.id
  cidr_block = "10.1.2.0/24"
}
resource "aws_route_table" "more" {
  vpc_id = aws_vpc.client.id
}
resource "aws_route_table_association" "more" {
  count          = var.more ? 1 : 0
  subnet_id      = aws_subnet.more[0].id
  route_table_id = aws_route_table.more.id
}
resource "aws_route" "there" {
  route_table_id            = aws_route_table.more.id
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
resource "aws_route" "back" {
  route_table_id            = aws_route_table.eks.id
  destination_cidr_block    = "10.1.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.both.id
}
=== public-answer: a client whose subnets nobody knows
! public-answer warning resource "aws_eks_cluster" "main"
resource "aws_vpc" "client" {
  cidr_block           = "10.1.0.0/16"
  enable_dns_hostnames = true
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
@ peering both admit
=== missing-vpc-endpoint: nodes that are given no subnets
? missing-vpc-endpoint
@ vpcs private
resource "aws_eks_node_group" "main" {
  cluster_name  = aws_eks_cluster.main.name
  node_role_arn = "arn:aws:iam::111122223333:role/node"
  subnet_ids    = []
  scaling_config {
    desired_size = 2
    max_size     = 2
    min_size     = 2
  }
}
=== missing-vpc-endpoint: nodes in subnets whose table is none
? missing-vpc-endpoint
@ vpcs private
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = [aws_vpc.eks.main_route_table_id]
}
resource "aws_eks_node_group" "main" {
  cluster_name  = aws_eks_cluster.main.name
  node_role_arn = "arn:aws:iam::111122223333:role/node"
  subnet_ids    = aws_subnet.eks[*].id
  scaling_config {
    desired_size = 2
    max_size     = 2
    min_size     = 2
  }
}
=== blocked-api-port: an ACL denies a block that only the caller knows
? blocked-api-port
@ vpcs peering tables routes private admit
variable "block" {}
resource "aws_network_acl" "eks" {
  vpc_id     = aws_vpc.eks.id
  subnet_ids = aws_subnet.eks[*].id
  ingress {
    rule_no    = 90
    action     = "deny"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = var.block
  }
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}
=== blocked-api-port: a host in a subnet of a VPC that is read, and no group admits it
! blocked-api-port error resource "aws_eks_cluster" "main"
variable "client" {}
resource "aws_vpc" "eks" {
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_subnet" "client" {
  count      = 2
  vpc_id     = var.client
  cidr_block = "10.1.${count.index}.0/24"
}
resource "aws_subnet" "eks" {
  count      = 2
  vpc_id     = aws_vpc.eks.id
  cidr_block = "10.2.${count.index}.0/24"
}
resource "aws_vpc_peering_connection" "both" {
  vpc_id      = var.client
  peer_vpc_id = aws_vpc.eks.id
  auto_accept = true
}
resource "aws_route_table" "client" {
  vpc_id = var.client
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
@ routes private
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  rule_type            = "FORWARD"
  resolver_endpoint_id = "rslvr-out-0aaaaaaaaaaaaaaaa"
  target_ip {
    ip = "172.16.0.53"
  }
  target_ip {
    ip = "172.16.1.53"
  }
}
resource "aws_route53_resolver_rule_association" "client" {
  resolver_rule_id = aws_route53_resolver_rule.eks.id
  vpc_id           = var.client
}
=== blocked-api-port: a name that is written out and sent to the VPC of the cluster tells of a client
! blocked-api-port error resource "aws_eks_cluster" "main"
@ vpcs peering tables routes private groups outbound inbound
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = "0123456789ABCDEF0123456789ABCDEF.gr7.us-east-1.eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
@ association
=== blocked-api-port: a name that is written out and sent elsewhere tells of none
@ vpcs peering tables routes private groups outbound campus
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = "0123456789ABCDEF0123456789ABCDEF.gr7.us-east-1.eks.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
@ association
=== blocked-api-port: a rule for the names of all services tells of no client, wherever it leads
@ vpcs peering tables routes private groups outbound inbound
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = "amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
@ association
=== mistaken-eks-domain: a rule whose domain is open is not for the cluster
! mistaken-eks-domain error "eks.us-east-1.amazonaws.com"
@ vpcs peering tables routes private groups outbound inbound
provider "aws" {
  region = "us-east-1"
}
resource "aws_route53_resolver_rule" "manage" {
  domain_name          = "eks.us-east-1.amazonaws.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule_association" "manage" {
  resolver_rule_id = aws_route53_resolver_rule.manage.id
  vpc_id           = aws_vpc.client.id
}
resource "aws_route53_resolver_rule" "open" {
  domain_name          = var.domain
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "192.168.0.53"
  }
}
resource "aws_route53_resolver_rule_association" "open" {
  resolver_rule_id = aws_route53_resolver_rule.open.id
  vpc_id           = aws_vpc.client.id
}
variable "domain" {}
=== missing-peering-route: other targets of the rule are elsewhere
! missing-peering-route warning resource "aws_route_table" "dns"
! single-zone-endpoint warning resource "aws_route53_resolver_endpoint" "inbound"
@ vpcs peering tables routes private admit groups outbound campus
resource "aws_route_table" "dns" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_subnet" "dns" {
  vpc_id     = aws_vpc.eks.id
  cidr_block = "10.2.9.0/24"
}
resource "aws_route_table_association" "dns" {
  subnet_id      = aws_subnet.dns.id
  route_table_id = aws_route_table.dns.id
}
resource "aws_route53_resolver_endpoint" "inbound" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.inbound.id]
  ip_address {
    subnet_id = aws_subnet.dns.id
    ip        = "10.2.9.10"
  }
  ip_address {
    subnet_id = aws_subnet.dns.id
    ip        = "10.2.9.11"
  }
}
resource "aws_route53_resolver_rule" "eks" {
  domain_name          = trimprefix(aws_eks_cluster.main.endpoint, "https://")
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.9.10"
  }
  target_ip {
    ip = "192.168.0.53"
  }
}
@ association
=== missing-vpc-endpoint: a gateway endpoint of a peered VPC is for that VPC alone (Terraform alone)
! missing-vpc-endpoint error resource "aws_eks_node_group" "main"
@ vpcs private
provider "aws" {
  region = "us-east-1"
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
  route {
    cidr_block                = aws_vpc.hub.cidr_block
    vpc_peering_connection_id = aws_vpc_peering_connection.hub.id
  }
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
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
resource "aws_security_group" "endpoints" {
  vpc_id = aws_vpc.eks.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [aws_vpc.eks.cidr_block]
  }
}
resource "aws_vpc_endpoint" "interface" {
  for_each            = toset(["ec2", "ecr.api", "ecr.dkr"])
  vpc_id              = aws_vpc.eks.id
  service_name        = "com.amazonaws.us-east-1.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = aws_subnet.eks[*].id
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true
}
resource "aws_vpc" "hub" {
  cidr_block           = "10.9.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_vpc_peering_connection" "hub" {
  vpc_id      = aws_vpc.eks.id
  peer_vpc_id = aws_vpc.hub.id
  auto_accept = true
}
resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.hub.id
  service_name = "com.amazonaws.us-east-1.s3"
}
=== conflicting-private-dns: private names for inbound endpoints alone, which nodes do not get (Terraform alone)
! conflicting-private-dns error true
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
resource "aws_security_group" "endpoints" {
  vpc_id = aws_vpc.eks.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = [aws_vpc.eks.cidr_block]
  }
}
resource "aws_vpc_endpoint" "interface" {
  for_each            = toset(["ec2", "ecr.api", "ecr.dkr"])
  vpc_id              = aws_vpc.eks.id
  service_name        = "com.amazonaws.us-east-1.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = aws_subnet.eks[*].id
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true
}
resource "aws_vpc_endpoint" "s3" {
  vpc_id              = aws_vpc.eks.id
  service_name        = "com.amazonaws.us-east-1.s3"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = aws_subnet.eks[*].id
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true
  dns_options {
    private_dns_only_for_inbound_resolver_endpoint = true
  }
}
=== client-vpn-dns: a public server that users ask through the tunnel (Terraform alone)
! client-vpn-dns warning "8.8.8.8"
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
    endpoint_public_access  = true
  }
}
resource "aws_internet_gateway" "eks" { vpc_id = aws_vpc.eks.id }
resource "aws_eip" "nat" {}
resource "aws_subnet" "nat" {
  vpc_id            = aws_vpc.eks.id
  cidr_block        = "10.2.9.0/24"
  availability_zone = "us-east-1a"
}
resource "aws_nat_gateway" "nat" {
  subnet_id     = aws_subnet.nat.id
  allocation_id = aws_eip.nat.id
}
resource "aws_route_table" "nat" {
  vpc_id = aws_vpc.eks.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.eks.id
  }
}
resource "aws_route_table_association" "nat" {
  subnet_id      = aws_subnet.nat.id
  route_table_id = aws_route_table.nat.id
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.nat.id
  }
}
resource "aws_route_table_association" "eks_a" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.eks.id
}
resource "aws_route_table_association" "eks_b" {
  subnet_id      = aws_subnet.b.id
  route_table_id = aws_route_table.eks.id
}
resource "aws_ec2_client_vpn_authorization_rule" "all" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  target_network_cidr    = "0.0.0.0/0"
  authorize_all_groups   = true
}
resource "aws_ec2_client_vpn_route" "all" {
  client_vpn_endpoint_id = aws_ec2_client_vpn_endpoint.users.id
  destination_cidr_block = "0.0.0.0/0"
  target_vpc_subnet_id   = aws_subnet.a.id
}
=== forwarding-loop: a Profile brings the rule to the VPC of its target
! forwarding-loop error resource "aws_route53profiles_association" "eks"
@ vpcs peering tables routes groups outbound inbound
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53profiles_profile" "dns" {
  name = "dns"
}
resource "aws_route53profiles_association" "eks" {
  name        = "eks"
  profile_id  = aws_route53profiles_profile.dns.id
  resource_id = aws_vpc.eks.id
}
resource "aws_route53profiles_resource_association" "corp" {
  name         = "corp"
  profile_id   = aws_route53profiles_profile.dns.id
  resource_arn = aws_route53_resolver_rule.corp.arn
}
=== forwarding-loop: what the VPC has itself goes before what a Profile brings
@ vpcs peering tables routes groups outbound inbound
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = aws_route53_resolver_endpoint.outbound.id
  target_ip {
    ip = "10.2.0.10"
  }
}
resource "aws_route53_resolver_rule" "local" {
  domain_name = "corp.example"
  rule_type   = "SYSTEM"
}
resource "aws_route53_resolver_rule_association" "local" {
  resolver_rule_id = aws_route53_resolver_rule.local.id
  vpc_id           = aws_vpc.eks.id
}
resource "aws_route53profiles_profile" "dns" {
  name = "dns"
}
resource "aws_route53profiles_association" "eks" {
  name        = "eks"
  profile_id  = aws_route53profiles_profile.dns.id
  resource_id = aws_vpc.eks.id
}
resource "aws_route53profiles_resource_association" "corp" {
  name         = "corp"
  profile_id   = aws_route53profiles_profile.dns.id
  resource_arn = aws_route53_resolver_rule.corp.arn
}
=== missing-inbound-endpoint: a VPC behind a transit gateway, before public DNS had private addresses (Terraform alone)
! missing-inbound-endpoint warning true
$ --no-eks-public-dns
@ vpcs tables private hub
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
=== too-few-cluster-subnets: a Local Zone by its id (Terraform alone)
! too-few-cluster-subnets error aws_subnet.far.id
@ vpcs
resource "aws_subnet" "far" {
  vpc_id               = aws_vpc.eks.id
  cidr_block           = "10.2.9.0/24"
  availability_zone_id = "usw2-lax1-az1"
}
resource "aws_subnet" "near" {
  vpc_id               = aws_vpc.eks.id
  cidr_block           = "10.2.8.0/24"
  availability_zone_id = "usw2-az1"
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = [aws_subnet.far.id, aws_subnet.near.id]
    endpoint_private_access = true
    endpoint_public_access  = false
  }
}
=== no-endpoint-access: a local cluster of which nobody knows whether it is public (Terraform alone)
? no-endpoint-access
variable "public" {}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  outpost_config {
    control_plane_instance_type = "m5d.large"
    outpost_arns                = ["arn:aws:outposts:us-west-2:111122223333:outpost/op-1"]
  }
  vpc_config {
    subnet_ids              = ["subnet-1", "subnet-2"]
    endpoint_private_access = true
    endpoint_public_access  = var.public
  }
}
=== custom-dhcp-dns: of three servers one answers, one does not, and of one nobody knows
! custom-dhcp-dns warning "192.0.2.53"
@ vpcs private groups inbound
variable "server" {}
resource "aws_vpc_dhcp_options" "eks" {
  domain_name_servers = ["10.2.0.10", "192.0.2.53", var.server]
}
resource "aws_vpc_dhcp_options_association" "eks" {
  vpc_id          = aws_vpc.eks.id
  dhcp_options_id = aws_vpc_dhcp_options.eks.id
}
=== custom-dhcp-dns: of two servers one answers, and of one nobody knows
? custom-dhcp-dns
@ vpcs private groups inbound
variable "server" {}
resource "aws_vpc_dhcp_options" "eks" {
  domain_name_servers = ["10.2.0.10", var.server]
}
resource "aws_vpc_dhcp_options_association" "eks" {
  vpc_id          = aws_vpc.eks.id
  dhcp_options_id = aws_vpc_dhcp_options.eks.id
}
=== custom-dhcp-dns: of two servers one does not answer, and of one nobody knows
? custom-dhcp-dns
@ vpcs private groups inbound
variable "server" {}
resource "aws_vpc_dhcp_options" "eks" {
  domain_name_servers = ["192.0.2.53", var.server]
}
resource "aws_vpc_dhcp_options_association" "eks" {
  vpc_id          = aws_vpc.eks.id
  dhcp_options_id = aws_vpc_dhcp_options.eks.id
}
=== blocked-dns-query: the port of the targets is another one (Terraform alone)
! blocked-dns-query error resource "aws_security_group" "hub"
+ lets UDP and TCP 5353 out to the rule's targets
resource "aws_vpc" "hub" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_subnet" "hub" {
  count      = 2
  vpc_id     = aws_vpc.hub.id
  cidr_block = "10.1.${count.index}.0/24"
}
resource "aws_security_group" "hub" {
  vpc_id = aws_vpc.hub.id
  egress {
    protocol    = "udp"
    from_port   = 53
    to_port     = 53
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_route53_resolver_endpoint" "hub" {
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
  resolver_endpoint_id = aws_route53_resolver_endpoint.hub.id
  target_ip {
    ip   = "172.16.0.53"
    port = 5353
  }
}
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = aws_vpc.hub.id
}
=== blocked-by-dns-firewall: the name of a cluster with IPv6 has another end (Terraform alone)
! blocked-by-dns-firewall error resource "aws_route53_resolver_firewall_rule" "rest"
+ for *.api.aws and the AWS services
@ vpcs
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = true
    endpoint_public_access  = false
  }
  kubernetes_network_config {
    ip_family = "ipv6"
  }
}
resource "aws_route53_resolver_firewall_domain_list" "all" {
  name    = "all"
  domains = ["*"]
}
resource "aws_route53_resolver_firewall_rule_group" "main" {
  name = "main"
}
resource "aws_route53_resolver_firewall_rule" "rest" {
  name                    = "rest"
  action                  = "BLOCK"
  block_response          = "NODATA"
  firewall_rule_group_id  = aws_route53_resolver_firewall_rule_group.main.id
  firewall_domain_list_id = aws_route53_resolver_firewall_domain_list.all.id
  priority                = 200
}
resource "aws_route53_resolver_firewall_rule_group_association" "eks" {
  name                   = "eks"
  firewall_rule_group_id = aws_route53_resolver_firewall_rule_group.main.id
  priority               = 101
  vpc_id                 = aws_vpc.eks.id
}
