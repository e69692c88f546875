# aws-ia/vpc/aws from version 3: a VPC with a subnet of each type in each zone, and a table of each.
#
# What a netmask makes of the VPC's block is the work of another module, whose source is not at hand
# either: such subnets have an open block. IPv6 is left out.

summary {
  irrelevant = [
    "name", "tags", "vpc_instance_tenancy", "vpc_flow_logs", "vpc_assign_generated_ipv6_cidr_block",
    "vpc_ipv6_*", "vpc_egress_only_internet_gateway",
  ]
  leaves_out = [
    "vpc_lattice", "core_network_ipv6_routes", "transit_gateway_ipv6_routes", "core_network_routes",
    "optimize_subnet_cidr_ranges",
  ]
}

variable "subnets" {}

variable "cidr_block" {
  default = null
}

variable "vpc_id" {
  default = null
}

variable "vpc_enable_dns_hostnames" {
  default = true
}

variable "vpc_enable_dns_support" {
  default = true
}

variable "vpc_secondary_cidr" {
  default = false
}

variable "vpc_secondary_cidr_natgw" {
  default = {}
}

variable "vpc_ipv4_ipam_pool_id" {
  default = null
}

variable "vpc_ipv4_netmask_length" {
  default = null
}

variable "transit_gateway_id" {
  default = null
}

variable "transit_gateway_routes" {
  default = {}
}

variable "core_network" {
  default = { id = null, arn = null }
}

data "aws_availability_zones" "current" {}

data "aws_vpc" "main" {
  count = local.create ? 0 : 1
  id    = var.vpc_id
}

locals {
  vpc_id = local.create ? aws_vpc.main[0].id : data.aws_vpc.main[0].id

  types      = keys(var.subnets)
  singletons = concat(["public", "transit_gateway"], local.knows_wan ? ["core_network"] : [])
  wan        = local.knows_wan && contains(local.types, "core_network")

  private = setsubtract(local.types, local.singletons)
  per_az  = flatten([for az in local.azs : [for type in local.private : "${type}/${az}"]])

  public_azs  = contains(local.types, "public") ? toset(local.azs) : toset([])
  gateway_azs = contains(local.types, "transit_gateway") ? toset(local.azs) : toset([])
  wan_azs     = local.wan ? toset(local.azs) : toset([])

  blocks = merge(
    {
      for type in local.types : type => zipmap(local.azs, var.subnets[type].cidrs[*])
      if !can(var.subnets[type].netmask) && !can(var.subnets[type].ipv6_native)
    },
    try(module.subnet_calculator[0].grouped_by_separator, {}),
  )

  nat_choice = try(coalesce(var.subnets.public.nat_gateway_configuration), "none")
  nat_azs = !contains(local.types, "public") ? [] : {
    all_azs   = local.azs
    single_az = [local.azs[0]]
    none      = []
  }[local.nat_choice]
  nat_per_az = var.vpc_secondary_cidr ? var.vpc_secondary_cidr_natgw : {
    for az in local.azs : az => {
      id = try(aws_nat_gateway.main[az].id, aws_nat_gateway.main[local.nat_azs[0]].id)
    } if length(local.nat_azs) > 0
  }
  nat_types = [
    for type in local.private : type if try(var.subnets[type].connect_to_public_natgw == true, false)
  ]
  to_nat = [for name in local.per_az : name if contains(local.nat_types, split("/", name)[0])]
  to_gateway = [
    for name in local.per_az : name if contains(keys(var.transit_gateway_routes), split("/", name)[0])
  ]
}

module "subnet_calculator" {
  source = "drewmullen/subnets/cidr"
  count  = length([for subnet in var.subnets : subnet if can(subnet.netmask)]) == 0 ? 0 : 1

  base_cidr_block = var.cidr_block
}

resource "aws_vpc" "main" {
  count = local.create ? 1 : 0

  cidr_block           = var.cidr_block
  ipv4_ipam_pool_id    = var.vpc_ipv4_ipam_pool_id
  ipv4_netmask_length  = var.vpc_ipv4_netmask_length
  enable_dns_hostnames = var.vpc_enable_dns_hostnames
  enable_dns_support   = var.vpc_enable_dns_support
}

resource "aws_vpc_ipv4_cidr_block_association" "secondary" {
  count = var.vpc_secondary_cidr && !local.create ? 1 : 0

  vpc_id            = var.vpc_id
  cidr_block        = var.cidr_block == null ? data.aws_vpc.main[0].cidr_block : var.cidr_block
  ipv4_ipam_pool_id = var.vpc_ipv4_ipam_pool_id
}

resource "aws_internet_gateway" "main" {
  count  = contains(local.types, "public") ? 1 : 0
  vpc_id = local.vpc_id
}

resource "aws_nat_gateway" "main" {
  for_each  = toset(local.nat_azs)
  subnet_id = aws_subnet.public[each.key].id
}

resource "aws_ec2_transit_gateway_vpc_attachment" "tgw" {
  count = contains(local.types, "transit_gateway") ? 1 : 0

  subnet_ids         = values(aws_subnet.tgw)[*].id
  transit_gateway_id = var.transit_gateway_id
  vpc_id             = local.vpc_id

  appliance_mode_support                          = try(var.subnets.transit_gateway.transit_gateway_appliance_mode_support, "disable")
  dns_support                                     = try(var.subnets.transit_gateway.transit_gateway_dns_support, "enable")
  transit_gateway_default_route_table_association = try(var.subnets.transit_gateway.transit_gateway_default_route_table_association, null)
  transit_gateway_default_route_table_propagation = try(var.subnets.transit_gateway.transit_gateway_default_route_table_propagation, null)
}

resource "aws_ec2_transit_gateway_route_table_association" "tgw" {
  count = can(var.subnets.transit_gateway.transit_gateway_route_table_id) ? 1 : 0

  transit_gateway_attachment_id  = aws_ec2_transit_gateway_vpc_attachment.tgw[0].id
  transit_gateway_route_table_id = var.subnets.transit_gateway.transit_gateway_route_table_id
}

resource "aws_networkmanager_vpc_attachment" "cwan" {
  count = local.wan ? 1 : 0

  core_network_id = var.core_network.id
  subnet_arns     = values(aws_subnet.cwan)[*].arn
}
