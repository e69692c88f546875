# Version 2.3: the routes of VPCs are not the module's.

locals {
  has_table      = var.create_tgw
  joins_table    = true
  routes_gateway = true
  routes_vpcs    = false
  gateway_of = {
    for name, attachment in var.vpc_attachments :
    name => lookup(attachment, "tgw_id", var.create_tgw ? aws_ec2_transit_gateway.this[0].id : null)
  }
  table_of = {
    for name, attachment in var.vpc_attachments : name => try(
      coalesce(
        lookup(attachment, "transit_gateway_route_table_id", null),
        var.transit_gateway_route_table_id,
        aws_ec2_transit_gateway_route_table.this[0].id,
      ),
      coalesce(lookup(attachment, "transit_gateway_route_table_id", null), var.transit_gateway_route_table_id),
    )
  }
}
