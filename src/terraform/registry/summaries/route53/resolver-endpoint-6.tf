# terraform-aws-modules/route53/aws//modules/resolver-endpoint from version 6: an endpoint, its group, and
# rules with their associations.

summary {
  irrelevant = [
    "tags", "name", "type", "protocols", "security_group_name", "security_group_use_name_prefix",
    "security_group_description", "security_group_tags",
  ]
  leaves_out = ["region"]
}

variable "create" {
  default = true
}

variable "direction" {
  default = "INBOUND"
}

variable "ip_address" {
  type    = list(object({
    ip        = optional(string)
    ipv6      = optional(string)
    subnet_id = string
  }))
  default = []
}

variable "security_group_ids" {
  default = []
}

variable "create_security_group" {
  default = true
}

variable "vpc_id" {
  default = null
}

variable "security_group_ingress_rules" {
  type    = map(object({
    name                         = optional(string)
    cidr_ipv4                    = optional(string)
    cidr_ipv6                    = optional(string)
    prefix_list_id               = optional(string)
    referenced_security_group_id = optional(string)
  }))
  default = {}
}

variable "security_group_egress_rules" {
  type    = map(object({
    name                         = optional(string)
    cidr_ipv4                    = optional(string)
    cidr_ipv6                    = optional(string)
    prefix_list_id               = optional(string)
    referenced_security_group_id = optional(string)
  }))
  default = {}
}

variable "rules" {
  type    = map(object({
    domain_name = string
    name        = optional(string)
    rule_type   = string
    target_ip = optional(list(object({
      ip       = string
      ipv6     = optional(string)
      port     = optional(number)
      protocol = optional(string)
    })))
    vpc_id = optional(string)
  }))
  default = {}
}

locals {
  group = var.create && var.create_security_group
}

resource "aws_route53_resolver_endpoint" "this" {
  count = var.create ? 1 : 0

  direction          = var.direction
  security_group_ids = concat(aws_security_group.this[*].id, var.security_group_ids)

  dynamic "ip_address" {
    for_each = var.ip_address
    content {
      ip        = ip_address.value.ip
      ipv6      = ip_address.value.ipv6
      subnet_id = ip_address.value.subnet_id
    }
  }
}

resource "aws_security_group" "this" {
  count  = local.group ? 1 : 0
  vpc_id = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "tcp" {
  for_each = { for name, rule in var.security_group_ingress_rules : name => rule if local.group }

  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = "tcp"
  from_port                    = 53
  to_port                      = 53
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
}

resource "aws_vpc_security_group_ingress_rule" "udp" {
  for_each = { for name, rule in var.security_group_ingress_rules : name => rule if local.group }

  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = "udp"
  from_port                    = 53
  to_port                      = 53
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
}

resource "aws_vpc_security_group_egress_rule" "tcp" {
  for_each = { for name, rule in var.security_group_egress_rules : name => rule if local.group }

  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = "tcp"
  from_port                    = 53
  to_port                      = 53
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
}

resource "aws_vpc_security_group_egress_rule" "udp" {
  for_each = { for name, rule in var.security_group_egress_rules : name => rule if local.group }

  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = "udp"
  from_port                    = 53
  to_port                      = 53
  cidr_ipv4                    = each.value.cidr_ipv4
  cidr_ipv6                    = each.value.cidr_ipv6
  prefix_list_id               = each.value.prefix_list_id
  referenced_security_group_id = each.value.referenced_security_group_id
}

resource "aws_route53_resolver_rule" "this" {
  for_each = { for name, rule in var.rules : name => rule if var.create && rule.vpc_id != null }

  domain_name          = each.value.domain_name
  rule_type            = each.value.rule_type
  resolver_endpoint_id = each.value.rule_type == "FORWARD" ? aws_route53_resolver_endpoint.this[0].id : null

  dynamic "target_ip" {
    for_each = each.value.target_ip != null ? each.value.target_ip : []
    content {
      ip       = target_ip.value.ip
      ipv6     = target_ip.value.ipv6
      port     = target_ip.value.port
      protocol = target_ip.value.protocol
    }
  }
}

resource "aws_route53_resolver_rule_association" "this" {
  for_each = { for name, rule in var.rules : name => rule if var.create && rule.vpc_id != null }

  resolver_rule_id = aws_route53_resolver_rule.this[each.key].id
  vpc_id           = each.value.vpc_id
}

output "id" {
  value = try(aws_route53_resolver_endpoint.this[0].id, null)
}

output "arn" {
  value = try(aws_route53_resolver_endpoint.this[0].arn, null)
}

output "host_vpc_id" {
  value = try(aws_route53_resolver_endpoint.this[0].host_vpc_id, null)
}

output "security_group_ids" {
  value = try(aws_route53_resolver_endpoint.this[0].security_group_ids, null)
}

output "ip_addresses" {
  value = try(aws_route53_resolver_endpoint.this[0].ip_address, null)
}

output "security_group_arn" {
  value = try(aws_security_group.this[0].arn, null)
}

output "security_group_id" {
  value = try(aws_security_group.this[0].id, null)
}

output "rules" {
  value = aws_route53_resolver_rule.this
}
