# Versions from 2.6: the module's own table, where there is one, takes those that leave the default one.

variable "create_tgw_routes" {
  default = true
}

locals {
  has_table      = var.create_tgw && var.create_tgw_routes
  joins_table    = local.has_table
  routes_gateway = local.has_table
  routes_vpcs    = true
  gateway_of = {
    for name, attachment in var.vpc_attachments :
    name => var.create_tgw ? aws_ec2_transit_gateway.this[0].id : attachment.tgw_id
  }
  table_of = { for name, attachment in var.vpc_attachments : name => aws_ec2_transit_gateway_route_table.this[0].id }
}
