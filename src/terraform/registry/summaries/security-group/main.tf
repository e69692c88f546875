# terraform-aws-modules/security-group/aws: a group, and its rules as resources.

summary {
  irrelevant = [
    "name", "description", "revoke_rules_on_delete", "tags", "create_timeout", "delete_timeout",
    "putin_khuylo", "auto_groups",
  ]
}

variable "create" {
  default = true
}

variable "create_sg" {
  default = true
}

variable "security_group_id" {
  default = null
}

variable "vpc_id" {
  default = null
}

variable "use_name_prefix" {
  default = true
}

locals {
  group = (
    var.create_sg
    ? try(aws_security_group.this[0].id, aws_security_group.this_name_prefix[0].id, "")
    : var.security_group_id
  )
}

resource "aws_security_group" "this" {
  count  = var.create && var.create_sg && !var.use_name_prefix ? 1 : 0
  vpc_id = var.vpc_id
}

resource "aws_security_group" "this_name_prefix" {
  count  = var.create && var.create_sg && var.use_name_prefix ? 1 : 0
  vpc_id = var.vpc_id
}

output "security_group_id" {
  value = try(aws_security_group.this[0].id, aws_security_group.this_name_prefix[0].id, "")
}

output "security_group_vpc_id" {
  value = try(aws_security_group.this[0].vpc_id, aws_security_group.this_name_prefix[0].vpc_id, "")
}

output "security_group_owner_id" {
  value = try(aws_security_group.this[0].owner_id, aws_security_group.this_name_prefix[0].owner_id, "")
}

output "security_group_arn" {
  value = try(aws_security_group.this[0].arn, aws_security_group.this_name_prefix[0].arn, "")
}
