# terraform-aws-modules/transit-gateway/aws from version 2.5: a gateway, its attachments, and the routes of
# VPCs towards it.

summary {
  irrelevant = [
    "name", "description", "amazon_side_asn", "enable_*", "*_tags", "tags", "timeouts",
    "transit_gateway_cidr_blocks", "transit_gateway_route_table_id", "create_tgw_routes",
    "ram_allow_external_principals", "ram_principals", "ram_name", "ram_resource_share_arn",
  ]
  leaves_out = ["region"]
}

variable "create_tgw" {
  default = true
}

variable "vpc_attachments" {
  default = {}
}

variable "share_tgw" {
  default = true
}

locals {
  vpc_routes = flatten([
    for attachment in var.vpc_attachments : [
      for table in try(attachment.vpc_route_table_ids, []) : {
        table   = table
        cidr    = attachment.tgw_destination_cidr
        gateway = var.create_tgw ? aws_ec2_transit_gateway.this[0].id : attachment.tgw_id
      }
    ]
  ])
}

resource "aws_ec2_transit_gateway" "this" {
  count = var.create_tgw ? 1 : 0
}

resource "aws_ec2_transit_gateway_vpc_attachment" "this" {
  for_each = var.vpc_attachments

  transit_gateway_id = var.create_tgw ? aws_ec2_transit_gateway.this[0].id : each.value.tgw_id
  vpc_id             = each.value.vpc_id
  subnet_ids         = each.value.subnet_ids
}

resource "aws_route" "this" {
  for_each = { for route in local.vpc_routes : route.table => route }

  route_table_id              = each.key
  destination_cidr_block      = try(each.value.ipv6_support, false) ? null : each.value.cidr
  destination_ipv6_cidr_block = try(each.value.ipv6_support, false) ? each.value.cidr : null
  transit_gateway_id          = each.value.gateway
}

resource "aws_ram_resource_association" "this" {
  count = var.create_tgw && var.share_tgw ? 1 : 0

  resource_arn = aws_ec2_transit_gateway.this[0].arn
}

output "ec2_transit_gateway_arn" {
  value = try(aws_ec2_transit_gateway.this[0].arn, "")
}

output "ec2_transit_gateway_id" {
  value = try(aws_ec2_transit_gateway.this[0].id, "")
}

output "ec2_transit_gateway_owner_id" {
  value = try(aws_ec2_transit_gateway.this[0].owner_id, "")
}

output "ec2_transit_gateway_association_default_route_table_id" {
  value = try(aws_ec2_transit_gateway.this[0].association_default_route_table_id, "")
}

output "ec2_transit_gateway_propagation_default_route_table_id" {
  value = try(aws_ec2_transit_gateway.this[0].propagation_default_route_table_id, "")
}

output "ec2_transit_gateway_vpc_attachment_ids" {
  value = [for attachment in aws_ec2_transit_gateway_vpc_attachment.this : attachment.id]
}

output "ec2_transit_gateway_vpc_attachment" {
  value = aws_ec2_transit_gateway_vpc_attachment.this
}
