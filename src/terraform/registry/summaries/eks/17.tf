# terraform-aws-modules/eks/aws version 17: the cluster, a further security group of its interfaces and
# one of its workers; `subnets` rather than `subnet_ids`, a public endpoint only by default.

summary {
  irrelevant = [
    "tags", "*_tags", "*iam_*", "*_log_*", "*kms_*", "*_encryption_*", "*_timeout", "*kubeconfig*", "*aws_auth*",
    "map_*", "worker_groups*", "workers_*", "node_groups*", "worker_ami_*", "*_arns",
    "permissions_boundary", "enable_irsa", "eks_oidc_*", "openid_*", "fargate_*",
    "create_fargate_*", "*_version", "default_platform", "*_service_ipv4_cidr", "wait_for_*",
    "*public_access_cidrs", "attach_*", "worker_create_initial_*", "*_role_name", "worker_additional_*",
    "cluster_enabled_log_types", "manage_*", "timeouts",
  ]
  leaves_out = []
}

variable "create_eks" {
  default = true
}

variable "cluster_name" {
  default = ""
}

variable "vpc_id" {
  default = null
}

variable "subnets" {
  default = []
}

variable "cluster_create_security_group" {
  default = true
}

variable "cluster_security_group_id" {
  default = ""
}

variable "worker_create_security_group" {
  default = true
}

variable "worker_security_group_id" {
  default = ""
}

variable "worker_create_cluster_primary_security_group_rules" {
  default = false
}

variable "worker_sg_ingress_from_port" {
  default = 1025
}

variable "workers_egress_cidrs" {
  default = ["0.0.0.0/0"]
}

variable "cluster_egress_cidrs" {
  default = ["0.0.0.0/0"]
}

variable "cluster_endpoint_private_access" {
  default = false
}

variable "cluster_endpoint_public_access" {
  default = true
}

variable "cluster_create_endpoint_private_access_sg_rule" {
  default = false
}

variable "cluster_endpoint_private_access_cidrs" {
  default = null
}

variable "cluster_endpoint_private_access_sg" {
  default = null
}

locals {
  group   = var.cluster_create_security_group ? join("", aws_security_group.cluster[*].id) : var.cluster_security_group_id
  workers = var.worker_create_security_group ? join("", aws_security_group.workers[*].id) : var.worker_security_group_id
  primary = try(aws_eks_cluster.this[0].vpc_config[0].cluster_security_group_id, "")

  own         = var.create_eks && var.cluster_create_security_group
  own_workers = var.create_eks && var.worker_create_security_group
  admits      = var.create_eks && var.cluster_create_endpoint_private_access_sg_rule && var.cluster_endpoint_private_access
}

resource "aws_eks_cluster" "this" {
  count = var.create_eks ? 1 : 0

  name = var.cluster_name

  vpc_config {
    security_group_ids      = compact([local.group])
    subnet_ids              = var.subnets
    endpoint_private_access = var.cluster_endpoint_private_access
    endpoint_public_access  = var.cluster_endpoint_public_access
  }
}

resource "aws_security_group" "cluster" {
  count  = local.own ? 1 : 0
  vpc_id = var.vpc_id
}

resource "aws_security_group_rule" "cluster_egress_internet" {
  count = local.own ? 1 : 0

  security_group_id = local.group
  type              = "egress"
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = var.cluster_egress_cidrs
}

resource "aws_security_group_rule" "cluster_https_worker_ingress" {
  count = local.own && var.worker_create_security_group ? 1 : 0

  security_group_id        = local.group
  type                     = "ingress"
  protocol                 = "tcp"
  from_port                = 443
  to_port                  = 443
  source_security_group_id = local.workers
}

resource "aws_security_group_rule" "cluster_private_access_cidrs_source" {
  for_each = local.admits && var.cluster_endpoint_private_access_cidrs != null ? toset(var.cluster_endpoint_private_access_cidrs) : []

  security_group_id = aws_eks_cluster.this[0].vpc_config[0].cluster_security_group_id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = [each.value]
}

resource "aws_security_group_rule" "cluster_private_access_sg_source" {
  count = local.admits && var.cluster_endpoint_private_access_sg != null ? length(var.cluster_endpoint_private_access_sg) : 0

  security_group_id        = aws_eks_cluster.this[0].vpc_config[0].cluster_security_group_id
  type                     = "ingress"
  protocol                 = "tcp"
  from_port                = 443
  to_port                  = 443
  source_security_group_id = var.cluster_endpoint_private_access_sg[count.index]
}

resource "aws_security_group" "workers" {
  count  = local.own_workers ? 1 : 0
  vpc_id = var.vpc_id
}

resource "aws_security_group_rule" "workers_egress_internet" {
  count = local.own_workers ? 1 : 0

  security_group_id = local.workers
  type              = "egress"
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = var.workers_egress_cidrs
}

resource "aws_security_group_rule" "workers_ingress_self" {
  count = local.own_workers ? 1 : 0

  security_group_id        = local.workers
  type                     = "ingress"
  protocol                 = "-1"
  from_port                = 0
  to_port                  = 65535
  source_security_group_id = local.workers
}

resource "aws_security_group_rule" "workers_ingress_cluster" {
  count = local.own_workers ? 1 : 0

  security_group_id        = local.workers
  type                     = "ingress"
  protocol                 = "tcp"
  from_port                = var.worker_sg_ingress_from_port
  to_port                  = 65535
  source_security_group_id = local.group
}

resource "aws_security_group_rule" "workers_ingress_cluster_kubelet" {
  count = local.own_workers && var.worker_sg_ingress_from_port > 10250 ? 1 : 0

  security_group_id        = local.workers
  type                     = "ingress"
  protocol                 = "tcp"
  from_port                = 10250
  to_port                  = 10250
  source_security_group_id = local.group
}

resource "aws_security_group_rule" "workers_ingress_cluster_https" {
  count = local.own_workers ? 1 : 0

  security_group_id        = local.workers
  type                     = "ingress"
  protocol                 = "tcp"
  from_port                = 443
  to_port                  = 443
  source_security_group_id = local.group
}

resource "aws_security_group_rule" "workers_ingress_cluster_primary" {
  count = local.own_workers && var.worker_create_cluster_primary_security_group_rules ? 1 : 0

  security_group_id        = local.workers
  type                     = "ingress"
  protocol                 = "all"
  from_port                = 0
  to_port                  = 65535
  source_security_group_id = local.primary
}

resource "aws_security_group_rule" "cluster_primary_ingress_workers" {
  count = local.own_workers && var.worker_create_cluster_primary_security_group_rules ? 1 : 0

  security_group_id        = local.primary
  type                     = "ingress"
  protocol                 = "all"
  from_port                = 0
  to_port                  = 65535
  source_security_group_id = local.workers
}

output "cluster_id" {
  value = try(aws_eks_cluster.this[0].id, "")
}

output "cluster_arn" {
  value = try(aws_eks_cluster.this[0].arn, "")
}

output "cluster_endpoint" {
  value = try(aws_eks_cluster.this[0].endpoint, "")
}

output "cluster_version" {
  value = try(aws_eks_cluster.this[0].version, "")
}

output "cluster_certificate_authority_data" {
  value = try(aws_eks_cluster.this[0].certificate_authority[0].data, "")
}

output "cluster_security_group_id" {
  value = local.group
}

output "cluster_primary_security_group_id" {
  value = local.primary
}

output "worker_security_group_id" {
  value = local.workers
}
