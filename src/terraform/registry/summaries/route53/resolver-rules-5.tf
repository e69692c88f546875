# lgallard/route53-resolver-rules/aws from version 0.5: rules by domain name.

summary {
  irrelevant = ["tags"]
}

variable "resolver_endpoint_id" {
  default = null
}

variable "rules" {
  default = []
}

resource "aws_route53_resolver_rule" "r" {
  for_each = { for rule in var.rules : lookup(rule, "domain_name") => rule }

  rule_type            = "FORWARD"
  resolver_endpoint_id = var.resolver_endpoint_id
  domain_name          = lookup(each.value, "domain_name", null)

  dynamic "target_ip" {
    for_each = lookup(each.value, "ips", [])
    content {
      ip   = split(":", target_ip.value)[0]
      port = try(tonumber(split(":", target_ip.value)[1]), 53)
    }
  }
}

locals {
  associations = flatten([
    for rule in var.rules : [
      for vpc in lookup(rule, "vpc_ids", []) : {
        key         = "${lookup(rule, "domain_name")}-${vpc}"
        vpc_id      = vpc
        domain_name = lookup(rule, "domain_name")
      }
    ]
  ])
}

resource "aws_route53_resolver_rule_association" "ra" {
  for_each = { for one in local.associations : one.key => one }

  resolver_rule_id = aws_route53_resolver_rule.r[each.value.domain_name].id
  vpc_id           = each.value.vpc_id
}

resource "aws_ram_resource_association" "endpoint_ram_resource" {
  for_each = {
    for rule in var.rules :
    lookup(rule, "ram_name", lookup(rule, "domain_name")) => lookup(rule, "domain_name")
    if length(lookup(rule, "principals", [])) > 0
  }

  resource_arn = aws_route53_resolver_rule.r[each.value].arn
}
