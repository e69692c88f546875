# Version 2 makes its VPCs with version 3 of that module.

module "central_vpcs" {
  for_each = var.central_vpcs

  source  = "aws-ia/vpc/aws"
  version = "= 3.0.1"

  vpc_id                   = try(each.value.vpc_id, null)
  cidr_block               = try(each.value.cidr_block, null)
  vpc_secondary_cidr       = try(each.value.vpc_secondary_cidr, false)
  az_count                 = each.value.az_count
  vpc_enable_dns_hostnames = try(each.value.vpc_enable_dns_hostnames, true)
  vpc_enable_dns_support   = try(each.value.vpc_enable_dns_support, true)
  vpc_ipv4_ipam_pool_id    = try(each.value.vpc_ipv4_ipam_pool_id, null)
  vpc_ipv4_netmask_length  = try(each.value.vpc_ipv4_netmask_length, null)

  subnets                = local.subnets[each.key]
  transit_gateway_id     = local.gateway
  transit_gateway_routes = local.routes[each.key]
}
