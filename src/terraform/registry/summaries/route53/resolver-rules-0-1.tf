# Versions up to 0.1.4: every rule is shared.

resource "aws_ram_resource_association" "endpoint_ram_resource" {
  count = length(var.rules)

  resource_arn = aws_route53_resolver_rule.r[count.index].arn
}
