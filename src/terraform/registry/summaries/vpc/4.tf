# Versions 4 to 6: DNS host names are on, and the default group is emptied.

variable "cidr" {
  default = "10.0.0.0/16"
}

variable "enable_dns_hostnames" {
  default = true
}

variable "default_vpc_enable_dns_hostnames" {
  default = true
}

variable "manage_default_network_acl" {
  default = true
}

variable "manage_default_security_group" {
  default = true
}

variable "manage_default_route_table" {
  default = true
}

variable "default_security_group_ingress" {
  type    = list(map(string))
  default = []
}

variable "default_security_group_egress" {
  type    = list(map(string))
  default = []
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

variable "create_private_nat_gateway_route" {
  default = true
}

variable "create_multiple_public_route_tables" {
  default = false
}

variable "create_multiple_intra_route_tables" {
  default = false
}

variable "public_subnet_ipv6_prefixes" {
  default = []
}

variable "private_subnet_ipv6_prefixes" {
  default = []
}

variable "database_subnet_ipv6_prefixes" {
  default = []
}

variable "redshift_subnet_ipv6_prefixes" {
  default = []
}

variable "elasticache_subnet_ipv6_prefixes" {
  default = []
}

variable "intra_subnet_ipv6_prefixes" {
  default = []
}

variable "outpost_subnet_ipv6_prefixes" {
  default = []
}

variable "public_subnet_ipv6_native" {
  default = false
}

variable "private_subnet_ipv6_native" {
  default = false
}

variable "database_subnet_ipv6_native" {
  default = false
}

variable "redshift_subnet_ipv6_native" {
  default = false
}

variable "elasticache_subnet_ipv6_native" {
  default = false
}

variable "intra_subnet_ipv6_native" {
  default = false
}

variable "outpost_subnet_ipv6_native" {
  default = false
}
variable "private_subnet_enable_dns64" {
  default = true
}

summary {
  leaves_out = ["region"]
}

locals {
  cidr        = var.use_ipam_pool ? null : var.cidr
  ipam_pool   = var.ipv4_ipam_pool_id
  ipam_length = var.ipv4_netmask_length

  count_public      = max(length(var.public_subnets), length(var.public_subnet_ipv6_prefixes))
  count_private     = max(length(var.private_subnets), length(var.private_subnet_ipv6_prefixes))
  count_database    = max(length(var.database_subnets), length(var.database_subnet_ipv6_prefixes))
  count_redshift    = max(length(var.redshift_subnets), length(var.redshift_subnet_ipv6_prefixes))
  count_elasticache = max(length(var.elasticache_subnets), length(var.elasticache_subnet_ipv6_prefixes))
  count_intra       = max(length(var.intra_subnets), length(var.intra_subnet_ipv6_prefixes))
  count_outpost     = max(length(var.outpost_subnets), length(var.outpost_subnet_ipv6_prefixes))
  native_public      = var.public_subnet_ipv6_native
  native_private     = var.private_subnet_ipv6_native
  native_database    = var.database_subnet_ipv6_native
  native_redshift    = var.redshift_subnet_ipv6_native
  native_elasticache = var.elasticache_subnet_ipv6_native
  native_intra       = var.intra_subnet_ipv6_native
  native_outpost     = var.outpost_subnet_ipv6_native

  public_tables = !var.create_vpc || local.count_public == 0 ? 0 : (
    var.create_multiple_public_route_tables ? local.count_public : 1
  )
  private_tables = var.create_vpc && local.count_private > 0 ? local.nat_gateways : 0
  intra_tables = !var.create_vpc || local.count_intra == 0 ? 0 : (
    var.create_multiple_intra_route_tables ? local.count_intra : 1
  )
  nat_route       = var.create_private_nat_gateway_route
  nat_destination = var.nat_gateway_destination_cidr_block
}

resource "aws_route" "private_dns64_nat_gateway" {
  count = (
    var.create_vpc && var.enable_nat_gateway && var.enable_ipv6 && var.private_subnet_enable_dns64
  ) ? local.nat_gateways : 0
  route_table_id              = element(aws_route_table.private[*].id, count.index)
  destination_ipv6_cidr_block = "64:ff9b::/96"
  nat_gateway_id              = element(aws_nat_gateway.this[*].id, count.index)
}

resource "aws_route" "database_dns64_nat_gateway" {
  count = (
    local.database && !var.create_database_internet_gateway_route
    && var.create_database_nat_gateway_route && var.enable_nat_gateway && var.enable_ipv6
    && var.private_subnet_enable_dns64
  ) ? (var.single_nat_gateway ? 1 : local.count_database) : 0
  route_table_id              = element(aws_route_table.database[*].id, count.index)
  destination_ipv6_cidr_block = "64:ff9b::/96"
  nat_gateway_id              = element(aws_nat_gateway.this[*].id, count.index)
}
