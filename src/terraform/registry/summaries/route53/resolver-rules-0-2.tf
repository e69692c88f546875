# Versions 0.1.5 to 0.4: as many rules are shared as there are principals.

locals {
  shares = flatten([
    for at, rule in var.rules : [for principal in lookup(rule, "principals", []) : { at = at }]
  ])
}

# The real one counts principals and takes the rules in their order; so does this.
resource "aws_ram_resource_association" "endpoint_ram_resource" {
  count = length(local.shares)

  resource_arn = aws_route53_resolver_rule.r[count.index % length(var.rules)].arn
}
