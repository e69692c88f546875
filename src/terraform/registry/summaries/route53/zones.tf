# terraform-aws-modules/route53/aws//modules/zones, versions 2.8.2 to 5: hosted zones.

summary {
  irrelevant = ["tags"]
}

variable "create" {
  default = true
}

variable "zones" {
  default = {}
}

resource "aws_route53_zone" "this" {
  for_each = { for name, zone in var.zones : name => zone if var.create }

  name = lookup(each.value, "domain_name", each.key)

  dynamic "vpc" {
    for_each = try(tolist(lookup(each.value, "vpc", [])), [lookup(each.value, "vpc", {})])
    content {
      vpc_id     = vpc.value.vpc_id
      vpc_region = lookup(vpc.value, "vpc_region", null)
    }
  }
}

output "route53_zone_zone_id" {
  value = { for name, zone in aws_route53_zone.this : name => zone.zone_id }
}

output "route53_zone_zone_arn" {
  value = { for name, zone in aws_route53_zone.this : name => zone.arn }
}

output "route53_zone_name_servers" {
  value = { for name, zone in aws_route53_zone.this : name => zone.name_servers }
}

output "route53_zone_name" {
  value = { for name, zone in aws_route53_zone.this : name => zone.name }
}

output "route53_static_zone_name" {
  value = { for name, zone in var.zones : name => lookup(zone, "domain_name", name) if var.create }
}
