# terraform-aws-modules/route53/aws//modules/resolver-rule-associations up to version 5.

variable "create" {
  default = true
}

variable "vpc_id" {
  default = null
}

variable "resolver_rule_associations" {
  default = {}
}

resource "aws_route53_resolver_rule_association" "this" {
  for_each = { for name, one in var.resolver_rule_associations : name => one if var.create }

  vpc_id           = try(each.value.vpc_id, var.vpc_id)
  resolver_rule_id = each.value.resolver_rule_id
}

output "route53_resolver_rule_association_id" {
  value = { for name, one in aws_route53_resolver_rule_association.this : name => one.id }
}

output "route53_resolver_rule_association_name" {
  value = { for name, one in aws_route53_resolver_rule_association.this : name => one.name }
}

output "route53_resolver_rule_association_resolver_rule_id" {
  value = { for name, one in aws_route53_resolver_rule_association.this : name => one.resolver_rule_id }
}
