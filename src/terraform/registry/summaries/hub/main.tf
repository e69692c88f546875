# aws-ia/network-hubandspoke/aws from version 2: a transit gateway, central VPCs, and the routing domains of
# the spokes.
#
# What differs by version stands in the files beside this one: which module makes the central VPCs, which
# of them have tables (`local.has_table`), and when the egress VPC's gateway subnets lead to NAT gateways.

summary {
  irrelevant = ["identifier", "tags"]
}

variable "transit_gateway_id" {
  default = null
}

variable "transit_gateway_attributes" {
  default = {}
}

variable "network_definition" {}

variable "spoke_vpcs" {
  default = {}
}

locals {
  create  = try(var.transit_gateway_attributes.name, null) != null
  gateway = local.create ? aws_ec2_transit_gateway.tgw[0].id : var.transit_gateway_id
  network = var.network_definition.value
  by_list = var.network_definition.type == "PREFIX_LIST"

  spokes  = try(var.spoke_vpcs.number_vpcs, 0)
  domains = local.spokes > 0 ? try(var.spoke_vpcs.routing_domains, ["spokes"]) : []
  spoke   = try(values(var.spoke_vpcs.vpc_information), [])
  tables  = { for domain, table in aws_ec2_transit_gateway_route_table.spokes_tgw_rt : domain => table.id }

  central    = keys(var.central_vpcs)
  inspects   = contains(local.central, "inspection")
  egresses   = contains(local.central, "egress")
  ingresses  = contains(local.central, "ingress")
  shares     = contains(local.central, "shared_services")
  resolves   = contains(local.central, "hybrid_dns")
  flow       = try(var.central_vpcs.inspection.inspection_flow, "all")
  east_west  = local.flow == "east-west"
  before_out = local.inspects && local.egresses && !local.east_west
  before_in  = local.inspects && local.ingresses && !local.east_west
  out_alone  = local.egresses && (!local.inspects || local.east_west)
  in_alone   = local.ingresses && (!local.inspects || local.east_west)
}

resource "aws_ec2_transit_gateway" "tgw" {
  count = local.create ? 1 : 0

  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
  auto_accept_shared_attachments  = try(var.transit_gateway_attributes.auto_accept_shared_attachments, "disable")
  dns_support                     = try(var.transit_gateway_attributes.dns_support, "enable")
}

resource "aws_ec2_transit_gateway_route_table" "tgw_route_table" {
  for_each           = { for name, vpc in module.central_vpcs : name => vpc if local.has_table[name] }
  transit_gateway_id = local.gateway
}

resource "aws_ec2_transit_gateway_route_table_association" "tgw_route_table_association" {
  for_each = { for name, vpc in module.central_vpcs : name => vpc if local.has_table[name] }

  transit_gateway_attachment_id  = each.value.transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.tgw_route_table[each.key].id
}

resource "aws_ec2_transit_gateway_route_table" "spokes_tgw_rt" {
  for_each           = toset(local.domains)
  transit_gateway_id = local.gateway
}

resource "aws_ec2_transit_gateway_route_table_association" "spokes_tgw_rt_association" {
  count = local.spokes

  transit_gateway_attachment_id  = local.spoke[count.index].transit_gateway_attachment_id
  transit_gateway_route_table_id = local.tables[try(local.spoke[count.index].routing_domain, "spokes")]
}

resource "aws_ec2_transit_gateway_route_table_propagation" "spokes_to_spokes_propagation" {
  count = !local.inspects || local.flow == "north-south" ? local.spokes : 0

  transit_gateway_attachment_id  = local.spoke[count.index].transit_gateway_attachment_id
  transit_gateway_route_table_id = local.tables[try(local.spoke[count.index].routing_domain, "spokes")]
}

output "transit_gateway" {
  value = try(aws_ec2_transit_gateway.tgw[0], null)
}

output "central_vpcs" {
  value = module.central_vpcs
}

output "transit_gateway_route_tables" {
  value = {
    central_vpcs = aws_ec2_transit_gateway_route_table.tgw_route_table
    spoke_vpcs   = aws_ec2_transit_gateway_route_table.spokes_tgw_rt
  }
}
