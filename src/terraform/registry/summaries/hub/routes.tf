# The routes of the transit gateway's tables, static and propagated.

resource "aws_ec2_transit_gateway_route" "spokes_to_inspection_default_route" {
  for_each = { for domain, table in local.tables : domain => table if local.inspects && (!local.egresses || !local.east_west) }

  destination_cidr_block         = "0.0.0.0/0"
  transit_gateway_attachment_id  = module.central_vpcs["inspection"].transit_gateway_attachment_id
  transit_gateway_route_table_id = each.value
}

resource "aws_ec2_transit_gateway_route" "spokes_to_egress_default_route" {
  for_each = { for domain, table in local.tables : domain => table if local.out_alone }

  destination_cidr_block         = "0.0.0.0/0"
  transit_gateway_attachment_id  = module.central_vpcs["egress"].transit_gateway_attachment_id
  transit_gateway_route_table_id = each.value
}

resource "aws_ec2_transit_gateway_route" "spokes_to_inspection_network_route" {
  for_each = { for domain, table in local.tables : domain => table if local.inspects && local.egresses && local.east_west && !local.by_list }

  destination_cidr_block         = local.network
  transit_gateway_attachment_id  = module.central_vpcs["inspection"].transit_gateway_attachment_id
  transit_gateway_route_table_id = each.value
}

resource "aws_ec2_transit_gateway_prefix_list_reference" "spokes_to_inspection_network_prefix_list" {
  for_each = { for domain, table in local.tables : domain => table if local.inspects && local.egresses && local.east_west && local.by_list }

  prefix_list_id                 = local.network
  transit_gateway_attachment_id  = module.central_vpcs["inspection"].transit_gateway_attachment_id
  transit_gateway_route_table_id = each.value
}

resource "aws_ec2_transit_gateway_route" "inspection_to_egress_default_route" {
  count = local.before_out && try(local.has_table["inspection"], true) ? 1 : 0

  destination_cidr_block         = "0.0.0.0/0"
  transit_gateway_attachment_id  = module.central_vpcs["egress"].transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.tgw_route_table["inspection"].id
}

resource "aws_ec2_transit_gateway_route" "egress_to_inspection_network_route" {
  count = local.before_out && !local.by_list && try(local.has_table["egress"], true) ? 1 : 0

  destination_cidr_block         = local.network
  transit_gateway_attachment_id  = module.central_vpcs["inspection"].transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.tgw_route_table["egress"].id
}

resource "aws_ec2_transit_gateway_prefix_list_reference" "egress_to_inspection_network_prefix_list" {
  count = local.before_out && local.by_list && try(local.has_table["egress"], true) ? 1 : 0

  prefix_list_id                 = local.network
  transit_gateway_attachment_id  = module.central_vpcs["inspection"].transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.tgw_route_table["egress"].id
}

resource "aws_ec2_transit_gateway_route" "ingress_to_inspection_network_route" {
  count = local.before_in && !local.by_list && try(local.has_table["ingress"], true) ? 1 : 0

  destination_cidr_block         = local.network
  transit_gateway_attachment_id  = module.central_vpcs["inspection"].transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.tgw_route_table["ingress"].id
}

resource "aws_ec2_transit_gateway_prefix_list_reference" "ingress_to_inspection_network_prefix_list" {
  count = local.before_in && local.by_list && try(local.has_table["ingress"], true) ? 1 : 0

  prefix_list_id                 = local.network
  transit_gateway_attachment_id  = module.central_vpcs["inspection"].transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.tgw_route_table["ingress"].id
}

resource "aws_ec2_transit_gateway_route_table_propagation" "ingress_to_inspection_propagation" {
  count = local.before_in && try(local.has_table["inspection"], true) ? 1 : 0

  transit_gateway_attachment_id  = module.central_vpcs["ingress"].transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.tgw_route_table["inspection"].id
}

resource "aws_ec2_transit_gateway_route_table_propagation" "spokes_to_inspection_propagation" {
  count = local.inspects && try(local.has_table["inspection"], true) ? local.spokes : 0

  transit_gateway_attachment_id  = local.spoke[count.index].transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.tgw_route_table["inspection"].id
}

resource "aws_ec2_transit_gateway_route_table_propagation" "spokes_to_egress_propagation" {
  count = local.out_alone && try(local.has_table["egress"], true) ? local.spokes : 0

  transit_gateway_attachment_id  = local.spoke[count.index].transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.tgw_route_table["egress"].id
}

resource "aws_ec2_transit_gateway_route_table_propagation" "spokes_to_ingress_propagation" {
  count = local.in_alone && try(local.has_table["ingress"], true) ? local.spokes : 0

  transit_gateway_attachment_id  = local.spoke[count.index].transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.tgw_route_table["ingress"].id
}

resource "aws_ec2_transit_gateway_route_table_propagation" "ingress_to_spokes_propagation" {
  for_each = { for domain, table in local.tables : domain => table if local.in_alone }

  transit_gateway_attachment_id  = module.central_vpcs["ingress"].transit_gateway_attachment_id
  transit_gateway_route_table_id = each.value
}

resource "aws_ec2_transit_gateway_route_table_propagation" "spokes_to_shared_services_propagation" {
  count = local.shares && try(local.has_table["shared_services"], true) ? local.spokes : 0

  transit_gateway_attachment_id  = local.spoke[count.index].transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.tgw_route_table["shared_services"].id
}

resource "aws_ec2_transit_gateway_route_table_propagation" "spokes_to_hybrid_dns_propagation" {
  count = local.resolves && try(local.has_table["hybrid_dns"], true) ? local.spokes : 0

  transit_gateway_attachment_id  = local.spoke[count.index].transit_gateway_attachment_id
  transit_gateway_route_table_id = aws_ec2_transit_gateway_route_table.tgw_route_table["hybrid_dns"].id
}

resource "aws_ec2_transit_gateway_route_table_propagation" "shared_services_to_spokes_propagation" {
  for_each = { for domain, table in local.tables : domain => table if local.shares }

  transit_gateway_attachment_id  = module.central_vpcs["shared_services"].transit_gateway_attachment_id
  transit_gateway_route_table_id = each.value
}

resource "aws_ec2_transit_gateway_route_table_propagation" "hybrid_dns_to_spokes_propagation" {
  for_each = { for domain, table in local.tables : domain => table if local.resolves }

  transit_gateway_attachment_id  = module.central_vpcs["hybrid_dns"].transit_gateway_attachment_id
  transit_gateway_route_table_id = each.value
}
