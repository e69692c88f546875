# cloudposse/eks-cluster/aws from version 4: the cluster, and rules of the group that EKS makes for it.
#
# Names come out of a labelling module and are left open; `context` may hold every input of that.

summary {
  irrelevant = [
    "namespace", "tenant", "environment", "stage", "name", "delimiter", "attributes",
    "labels_as_tags", "tags", "additional_tag_map", "label_order", "regex_replace_chars",
    "id_length_limit", "label_key_case", "label_value_case", "descriptor_formats", "region",
    "*_iam_*", "*iam_role*", "eks_cluster_service_role_arn", "workers_*", "kubernetes_version",
    "oidc_provider_enabled", "public_access_cidrs", "service_ipv4_cidr", "enabled_cluster_log_types",
    "cluster_log_retention_period", "cluster_encryption_config_*", "permissions_boundary",
    "cloudwatch_*", "addons*", "access_*", "auto_mode_*", "bootstrap_*", "deletion_protection_enabled",
    "capabilities", "upgrade_policy", "zonal_shift_config", "cluster_attributes",
    "cluster_depends_on", "remote_network_config", "create_eks_service_role",
  ]
}

variable "enabled" {
  default = null
}

variable "context" {
  default = {}
}

variable "subnet_ids" {}

variable "associated_security_group_ids" {
  default = []
}

variable "endpoint_private_access" {
  default = false
}

variable "endpoint_public_access" {
  default = true
}

variable "kubernetes_network_ipv6_enabled" {
  default = false
}

variable "managed_security_group_rules_enabled" {
  default = true
}

variable "allowed_security_group_ids" {
  default = []
}

variable "allowed_cidr_blocks" {
  default = []
}

variable "custom_ingress_rules" {
  default = []
}

locals {
  enabled = var.enabled == null ? try(var.context.enabled, null) != false : var.enabled
  group   = one(aws_eks_cluster.default[*].vpc_config[0].cluster_security_group_id)
  managed = local.enabled && var.managed_security_group_rules_enabled
}

resource "aws_eks_cluster" "default" {
  count = local.enabled ? 1 : 0

  vpc_config {
    security_group_ids      = var.associated_security_group_ids
    subnet_ids              = var.subnet_ids
    endpoint_private_access = var.endpoint_private_access
    endpoint_public_access  = var.endpoint_public_access
  }

  dynamic "kubernetes_network_config" {
    for_each = var.kubernetes_network_ipv6_enabled ? [true] : []
    content {
      ip_family = "ipv6"
    }
  }
}

resource "aws_vpc_security_group_ingress_rule" "managed_ingress_security_groups" {
  count = local.managed ? length(var.allowed_security_group_ids) : 0

  ip_protocol                  = "-1"
  referenced_security_group_id = var.allowed_security_group_ids[count.index]
  security_group_id            = local.group
}

resource "aws_vpc_security_group_ingress_rule" "managed_ingress_cidr_blocks" {
  count = local.managed ? length(var.allowed_cidr_blocks) : 0

  ip_protocol       = "-1"
  cidr_ipv4         = var.allowed_cidr_blocks[count.index]
  security_group_id = local.group
}

resource "aws_vpc_security_group_ingress_rule" "custom_ingress_rules" {
  for_each = { for rule in var.custom_ingress_rules : rule.source_security_group_id => rule }

  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  ip_protocol                  = each.value.protocol
  referenced_security_group_id = each.value.source_security_group_id
  security_group_id            = local.group
}

output "eks_cluster_id" {
  value = one(aws_eks_cluster.default[*].id)
}

output "eks_cluster_arn" {
  value = one(aws_eks_cluster.default[*].arn)
}

output "eks_cluster_endpoint" {
  value = one(aws_eks_cluster.default[*].endpoint)
}

output "eks_cluster_managed_security_group_id" {
  value = one(aws_eks_cluster.default[*].vpc_config[0].cluster_security_group_id)
}
