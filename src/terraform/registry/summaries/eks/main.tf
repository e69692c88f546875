# terraform-aws-modules/eks/aws from version 18: the cluster, a further security group of its interfaces
# and one of its nodes, with their rules.
#
# The files beside this one name the inputs (`local.name` and so on) and the rules of some versions.

summary {
  irrelevant = [
    # Identities, keys, logs, charts and names; nodes have no part in the model but their group.
    "tags", "*_tags", "*iam_*", "*kms_*", "*_encryption_*", "encryption_*", "*cloudwatch_*", "*_log_types",
    "*_irsa", "*oidc*", "openid_*", "*_timeouts", "timeouts", "prefix_separator", "putin_khuylo",
    "*_description", "*_use_name_prefix", "*_security_group_name", "security_group_name", "*_node_group*",
    "fargate_profile*", "*_aws_auth_*", "aws_auth_*", "*_addons", "addons", "addons_*",
    "*_addons_timeouts", "*access_entries", "*_admin_permissions", "*authentication_mode",
    "*_version", "*_upgrade_policy", "upgrade_policy", "*_force_update_version", "force_update_version",
    "*_zonal_shift_config", "zonal_shift_config", "*compute_config", "*remote_network_config",
    "*identity_providers", "*_service_ipv4_cidr", "*_service_ipv6_cidr", "service_ipv*_cidr",
    "*public_access_cidrs", "dataplane_wait_duration", "*_wait_duration", "bootstrap_*",
    "deletion_protection", "control_plane_scaling_config", "*_creator_admin_*", "attach_*",
    "create_primary_security_group_tags", "enable_*_permissions", "*_security_groups_for_pods",
    "create_auto_mode_iam_resources", "node_iam_role_*", "create_node_iam_role",
    "custom_oidc_thumbprints", "include_oidc_root_ca_thumbprint", "manage_aws_auth_configmap",
    "enable_auto_mode_custom_tags", "create_kms_key",
  ]
  leaves_out = ["region"]
}

variable "create" {
  default = true
}

variable "vpc_id" {
  default = null
}

variable "subnet_ids" {
  default = []
}

variable "control_plane_subnet_ids" {
  default = []
}

variable "create_node_security_group" {
  default = true
}

variable "node_security_group_id" {
  default = ""
}

locals {
  create_node_sg    = var.create && var.create_node_security_group
  create_cluster_sg = var.create && local.create_group

  group_id      = local.create_cluster_sg ? aws_security_group.cluster[0].id : local.given_group
  node_group_id = local.create_node_sg ? aws_security_group.node[0].id : var.node_security_group_id
}

resource "aws_eks_cluster" "this" {
  count = var.create ? 1 : 0

  name = local.name

  vpc_config {
    security_group_ids      = compact(distinct(concat(local.further_groups, [local.group_id])))
    subnet_ids              = coalescelist(var.control_plane_subnet_ids, var.subnet_ids)
    endpoint_private_access = local.private
    endpoint_public_access  = local.public
  }

  dynamic "kubernetes_network_config" {
    for_each = local.outpost != null ? [] : [1]
    content {
      ip_family = local.ip_family
    }
  }

  dynamic "outpost_config" {
    for_each = local.outpost != null ? [local.outpost] : []
    content {
      outpost_arns = outpost_config.value.outpost_arns
    }
  }
}

resource "aws_security_group" "cluster" {
  count  = local.create_cluster_sg ? 1 : 0
  vpc_id = var.vpc_id
}

resource "aws_security_group_rule" "cluster" {
  for_each = {
    for name, rule in merge({ for name, rule in local.cluster_rules : name => rule if local.create_node_sg }, local.more_cluster_rules) :
    name => rule if local.create_cluster_sg
  }

  security_group_id = aws_security_group.cluster[0].id
  protocol          = each.value.protocol
  from_port         = each.value.from_port
  to_port           = each.value.to_port
  type              = each.value.type
  cidr_blocks       = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks  = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids   = try(each.value.prefix_list_ids, null)
  self              = try(each.value.self, null)
  source_security_group_id = (
    try(each.value.source_node_security_group, false)
    ? local.node_group_id
    : try(each.value.source_security_group_id, null)
  )
}

resource "aws_security_group" "node" {
  count  = local.create_node_sg ? 1 : 0
  vpc_id = var.vpc_id
}

resource "aws_security_group_rule" "node" {
  for_each = {
    for name, rule in merge(local.node_rules, var.node_security_group_additional_rules) :
    name => rule if local.create_node_sg
  }

  security_group_id = aws_security_group.node[0].id
  protocol          = each.value.protocol
  from_port         = each.value.from_port
  to_port           = each.value.to_port
  type              = each.value.type
  cidr_blocks       = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks  = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids   = try(each.value.prefix_list_ids, null)
  self              = try(each.value.self, null)
  source_security_group_id = (
    try(each.value.source_cluster_security_group, false)
    ? local.group_id
    : try(each.value.source_security_group_id, null)
  )
}

output "cluster_arn" {
  value = try(aws_eks_cluster.this[0].arn, null)
}

output "cluster_endpoint" {
  value = try(aws_eks_cluster.this[0].endpoint, null)
}

output "cluster_platform_version" {
  value = try(aws_eks_cluster.this[0].platform_version, null)
}

output "cluster_status" {
  value = try(aws_eks_cluster.this[0].status, null)
}

output "cluster_certificate_authority_data" {
  value = try(aws_eks_cluster.this[0].certificate_authority[0].data, null)
}

output "cluster_primary_security_group_id" {
  value = try(aws_eks_cluster.this[0].vpc_config[0].cluster_security_group_id, null)
}

output "cluster_oidc_issuer_url" {
  value = try(aws_eks_cluster.this[0].identity[0].oidc[0].issuer, null)
}

output "cluster_security_group_arn" {
  value = try(aws_security_group.cluster[0].arn, null)
}

output "cluster_security_group_id" {
  value = try(aws_security_group.cluster[0].id, null)
}

output "node_security_group_arn" {
  value = try(aws_security_group.node[0].arn, null)
}

output "node_security_group_id" {
  value = try(aws_security_group.node[0].id, null)
}
