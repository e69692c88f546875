# terraform-aws-modules/route53/aws//modules/resolver-endpoints, version 3: an endpoint and its group.

summary {
  irrelevant = [
    "name", "type", "protocols", "tags", "security_group_name", "security_group_name_prefix",
    "security_group_description", "security_group_tags",
  ]
}

variable "create" {
  default = true
}

variable "direction" {
  default = "INBOUND"
}

variable "subnet_ids" {
  default = []
}

variable "security_group_ids" {
  default = []
}

variable "create_security_group" {
  default = true
}

variable "vpc_id" {
  default = ""
}

variable "security_group_ingress_cidr_blocks" {
  default = []
}

resource "aws_route53_resolver_endpoint" "this" {
  count = var.create ? 1 : 0

  direction          = var.direction
  security_group_ids = var.create_security_group ? [aws_security_group.this[0].id] : var.security_group_ids

  dynamic "ip_address" {
    for_each = var.subnet_ids
    content {
      subnet_id = ip_address.value
    }
  }
}

resource "aws_security_group" "this" {
  count  = var.create && var.create_security_group ? 1 : 0
  vpc_id = var.vpc_id

  dynamic "ingress" {
    for_each = toset(["tcp", "udp"])
    content {
      protocol    = ingress.value
      from_port   = 53
      to_port     = 53
      cidr_blocks = var.security_group_ingress_cidr_blocks
    }
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

output "route53_resolver_endpoint_id" {
  value = try(aws_route53_resolver_endpoint.this[0].id, null)
}

output "route53_resolver_endpoint_arn" {
  value = try(aws_route53_resolver_endpoint.this[0].arn, null)
}

output "route53_resolver_endpoint_host_vpc_id" {
  value = try(aws_route53_resolver_endpoint.this[0].host_vpc_id, null)
}

output "route53_resolver_endpoint_security_group_ids" {
  value = try(aws_route53_resolver_endpoint.this[0].security_group_ids, null)
}

output "route53_resolver_endpoint_ip_addresses" {
  value = try(aws_route53_resolver_endpoint.this[0].ip_address, null)
}
