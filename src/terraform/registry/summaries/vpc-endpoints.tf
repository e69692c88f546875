# terraform-aws-modules/vpc/aws//modules/vpc-endpoints: endpoints of AWS services, and perhaps a group of
# theirs.

summary {
  irrelevant = [
    "tags", "timeouts", "security_group_name", "security_group_name_prefix",
    "security_group_description", "security_group_tags",
  ]
  leaves_out = ["region"]
}

variable "create" {
  default = true
}

variable "vpc_id" {
  default = null
}

variable "endpoints" {
  default = {}
}

variable "security_group_ids" {
  default = []
}

variable "subnet_ids" {
  default = []
}

variable "create_security_group" {
  default = false
}

variable "security_group_rules" {
  default = {}
}

locals {
  groups = concat(var.security_group_ids, aws_security_group.this[*].id)
}

resource "aws_vpc_endpoint" "this" {
  for_each = {
    for name, endpoint in var.endpoints : name => endpoint if var.create && try(endpoint.create, true)
  }

  vpc_id            = var.vpc_id
  vpc_endpoint_type = try(each.value.service_type, "Interface")
  security_group_ids = (
    try(each.value.service_type, "Interface") == "Interface"
    ? distinct(concat(local.groups, lookup(each.value, "security_group_ids", [])))
    : null
  )
  subnet_ids = (
    try(each.value.service_type, "Interface") == "Interface"
    ? distinct(concat(var.subnet_ids, lookup(each.value, "subnet_ids", [])))
    : null
  )
  route_table_ids = (
    try(each.value.service_type, "Interface") == "Gateway"
    ? lookup(each.value, "route_table_ids", null)
    : null
  )
}

resource "aws_security_group" "this" {
  count  = var.create && var.create_security_group ? 1 : 0
  vpc_id = var.vpc_id
}

resource "aws_security_group_rule" "this" {
  for_each = {
    for name, rule in var.security_group_rules : name => rule if var.create && var.create_security_group
  }

  security_group_id        = aws_security_group.this[0].id
  protocol                 = try(each.value.protocol, "tcp")
  from_port                = try(each.value.from_port, 443)
  to_port                  = try(each.value.to_port, 443)
  type                     = try(each.value.type, "ingress")
  cidr_blocks              = lookup(each.value, "cidr_blocks", null)
  ipv6_cidr_blocks         = lookup(each.value, "ipv6_cidr_blocks", null)
  prefix_list_ids          = lookup(each.value, "prefix_list_ids", null)
  self                     = try(each.value.self, null)
  source_security_group_id = lookup(each.value, "source_security_group_id", null)
}

output "endpoints" {
  value = aws_vpc_endpoint.this
}

output "security_group_arn" {
  value = try(aws_security_group.this[0].arn, null)
}

output "security_group_id" {
  value = try(aws_security_group.this[0].id, null)
}
