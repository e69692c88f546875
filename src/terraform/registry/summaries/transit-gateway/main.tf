# terraform-aws-modules/transit-gateway/aws from version 2.3: a gateway, its table and attachments, and the
# routes of VPCs towards it.
#
# What differs by version stands in the files beside this one: what an attachment falls back to, and which
# attachments have the module's own table.

summary {
  irrelevant = [
    "name", "description", "amazon_side_asn", "enable_vpn_*", "enable_multicast_*", "enable_mutlicast_support", "enable_sg_*", "*_tags", "tags", "timeouts",
    "transit_gateway_cidr_blocks",
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

variable "enable_auto_accept_shared_attachments" {
  default = false
}

variable "enable_default_route_table_association" {
  default = true
}

variable "enable_default_route_table_propagation" {
  default = true
}

variable "enable_dns_support" {
  default = true
}

variable "transit_gateway_route_table_id" {
  default = null
}

variable "share_tgw" {
  default = true
}

locals {
  vpc_routes = !local.routes_vpcs ? [] : flatten([
    for attachment in var.vpc_attachments : [
      for table in try(attachment.vpc_route_table_ids, []) : {
        table   = table
        cidr    = attachment.tgw_destination_cidr
        gateway = var.create_tgw ? aws_ec2_transit_gateway.this[0].id : attachment.tgw_id
      }
    ]
  ])
  table_routes = flatten([
    for name, attachment in var.vpc_attachments : [
      for route in try(attachment.tgw_routes, []) : { attachment = name, route = route }
    ] if local.routes_gateway
  ])
}

resource "aws_ec2_transit_gateway" "this" {
  count = var.create_tgw ? 1 : 0

  auto_accept_shared_attachments  = var.enable_auto_accept_shared_attachments ? "enable" : "disable"
  default_route_table_association = var.enable_default_route_table_association ? "enable" : "disable"
  default_route_table_propagation = var.enable_default_route_table_propagation ? "enable" : "disable"
  dns_support                     = var.enable_dns_support ? "enable" : "disable"
}

resource "aws_ec2_transit_gateway_route_table" "this" {
  count              = local.has_table ? 1 : 0
  transit_gateway_id = aws_ec2_transit_gateway.this[0].id
}

resource "aws_ec2_transit_gateway_route" "this" {
  count = length(local.table_routes)

  destination_cidr_block = local.table_routes[count.index].route.destination_cidr_block
  blackhole              = try(local.table_routes[count.index].route.blackhole, null)
  transit_gateway_attachment_id = (
    try(tobool(local.table_routes[count.index].route.blackhole), false) == true
    ? null
    : aws_ec2_transit_gateway_vpc_attachment.this[local.table_routes[count.index].attachment].id
  )
  transit_gateway_route_table_id = (
    var.create_tgw ? aws_ec2_transit_gateway_route_table.this[0].id : var.transit_gateway_route_table_id
  )
}

resource "aws_ec2_transit_gateway_route_table_association" "this" {
  for_each = {
    for name, attachment in var.vpc_attachments : name => attachment
    if local.joins_table && try(attachment.transit_gateway_default_route_table_association, true) != true
  }

  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.this[each.key].id
  transit_gateway_route_table_id = local.table_of[each.key]
}

resource "aws_ec2_transit_gateway_route_table_propagation" "this" {
  for_each = {
    for name, attachment in var.vpc_attachments : name => attachment
    if local.joins_table && try(attachment.transit_gateway_default_route_table_propagation, true) != true
  }

  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.this[each.key].id
  transit_gateway_route_table_id = local.table_of[each.key]
}

resource "aws_ec2_transit_gateway_vpc_attachment" "this" {
  for_each = var.vpc_attachments

  transit_gateway_id = local.gateway_of[each.key]
  vpc_id             = each.value.vpc_id
  subnet_ids         = each.value.subnet_ids

  transit_gateway_default_route_table_association = try(each.value.transit_gateway_default_route_table_association, true)
  transit_gateway_default_route_table_propagation = try(each.value.transit_gateway_default_route_table_propagation, true)
}

resource "aws_route" "this" {
  for_each = { for route in local.vpc_routes : route.table => route }

  route_table_id              = each.key
  destination_cidr_block      = local.knows_ipv6 && try(each.value.ipv6_support, false) ? null : each.value.cidr
  destination_ipv6_cidr_block = local.knows_ipv6 && try(each.value.ipv6_support, false) ? each.value.cidr : null
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

output "ec2_transit_gateway_route_table_id" {
  value = try(aws_ec2_transit_gateway_route_table.this[0].id, "")
}

output "ec2_transit_gateway_route_table_association" {
  value = aws_ec2_transit_gateway_route_table_association.this
}

output "ec2_transit_gateway_route_table_propagation" {
  value = aws_ec2_transit_gateway_route_table_propagation.this
}
