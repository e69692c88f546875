# lgallard/route53-resolver-rules/aws up to version 0.4: rules by count.

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
  count = length(var.rules)

  rule_type            = "FORWARD"
  resolver_endpoint_id = var.resolver_endpoint_id
  domain_name          = lookup(element(var.rules, count.index), "domain_name", null)

  dynamic "target_ip" {
    for_each = lookup(element(var.rules, count.index), "ips", [])
    content {
      ip   = split(":", target_ip.value)[0]
      port = try(split(":", target_ip.value)[1], 53)
    }
  }
}

locals {
  associations = flatten([
    for at, rule in var.rules : [for vpc in lookup(rule, "vpc_ids") : { vpc_id = vpc, at = at }]
  ])
}

resource "aws_route53_resolver_rule_association" "ra" {
  count = length(local.associations)

  resolver_rule_id = aws_route53_resolver_rule.r[local.associations[count.index].at].id
  vpc_id           = local.associations[count.index].vpc_id
}
