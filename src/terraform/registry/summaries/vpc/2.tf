# Versions 2 and 3: DNS host names are off, and what AWS made is left alone.

variable "cidr" {
  default = "0.0.0.0/0"
}

variable "enable_dns_hostnames" {
  default = false
}

variable "default_vpc_enable_dns_hostnames" {
  default = false
}

variable "manage_default_network_acl" {
  default = false
}

variable "manage_default_security_group" {
  default = false
}

variable "manage_default_route_table" {
  default = false
}

variable "default_security_group_ingress" {
  type    = list(map(string))
  default = null
}

variable "default_security_group_egress" {
  type    = list(map(string))
  default = null
}

variable "use_ipam_pool" {
  default = false
}

variable "ipv4_ipam_pool_id" {
  default = null
}

variable "ipv4_netmask_length" {
  default = null
}

variable "nat_gateway_destination_cidr_block" {
  default = "0.0.0.0/0"
}

# An IPv6 prefix list only numbers the IPv6 blocks of the subnets.
summary {
  irrelevant = ["*_subnet_ipv6_prefixes"]
  # As `enable_ipv6` was called at first.
  leaves_out = ["assign_generated_ipv6_cidr_block"]
}

locals {
  cidr        = var.use_ipam_pool ? null : var.cidr
  ipam_pool   = var.ipv4_ipam_pool_id
  ipam_length = var.ipv4_netmask_length

  count_public      = length(var.public_subnets)
  count_private     = length(var.private_subnets)
  count_database    = length(var.database_subnets)
  count_redshift    = length(var.redshift_subnets)
  count_elasticache = length(var.elasticache_subnets)
  count_intra       = length(var.intra_subnets)
  count_outpost     = length(var.outpost_subnets)
  native_public      = false
  native_private     = false
  native_database    = false
  native_redshift    = false
  native_elasticache = false
  native_intra       = false
  native_outpost     = false
  widest = max(
    local.count_private,
    local.count_elasticache,
    local.count_database,
    local.count_redshift,
  )

  public_tables   = var.create_vpc && local.count_public > 0 ? 1 : 0
  private_tables  = var.create_vpc && local.widest > 0 ? local.nat_gateways : 0
  intra_tables    = var.create_vpc && local.count_intra > 0 ? 1 : 0
  nat_route       = true
  nat_destination = var.nat_gateway_destination_cidr_block
  ipv6_egress     = local.count_private
}
