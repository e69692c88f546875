# terraform-aws-modules/vpc/aws: a VPC with tiers of subnets, their route tables and gateways.
#
# The same in all versions; what differs by version stands in the file beside this one: defaults, the
# lengths of the tiers (`local.count_…`), and how many tables there are (`local.public_tables`,
# `local.intra_tables`, `local.private_tables`).

summary {
  irrelevant = [
    # Endpoints of other services, logs and names are not in the model.
    "*_acl_name", "*_acl_tags", "*_tags", "*_tags_per_az", "tags", "*_suffix", "*_subnet_names",
    "*_subnet_group_name", "*_subnet_group", "default_*_name", "vpc_flow_log_*", "flow_log_*",
    "create_flow_log_*", "enable_flow_log", "enable_*_endpoint", "*_endpoint_*",
    "*_assign_ipv6_address_on_creation", "assign_ipv6_address_on_creation", "*_enable_dns64",
    "*_record_on_launch", "*_hostname_type_on_launch", "map_*_on_launch", "ipv6_cidr*",
    "ipv6_ipam_*", "ipv6_netmask_length", "instance_tenancy", "amazon_side_asn", "vpn_gateway_az",
    "customer_gateways", "customer_owned_ipv4_pool", "outpost_*", "external_nat_ip_ids",
    "dhcp_options_domain_name", "dhcp_options_netbios_*", "dhcp_options_ntp_servers",
    "dhcp_options_ipv6_*", "enable_classiclink*", "default_vpc_enable_classiclink",
    "enable_network_address_usage_metrics", "putin_khuylo", "default_*_propagating_vgws",
    "vpc_block_public_access_*", "nat_eip_tags", "vpc_endpoint_tags",
  ]
  leaves_out = []
}

variable "name" {
  default = ""
}

variable "azs" {
  default = []
}

variable "create_vpc" {
  default = true
}

variable "create_igw" {
  default = true
}

variable "create_egress_only_igw" {
  default = true
}

variable "secondary_cidr_blocks" {
  default = []
}

variable "enable_dns_support" {
  default = true
}

variable "enable_ipv6" {
  default = false
}

variable "enable_nat_gateway" {
  default = false
}

variable "single_nat_gateway" {
  default = false
}

variable "one_nat_gateway_per_az" {
  default = false
}

variable "enable_dhcp_options" {
  default = false
}

variable "dhcp_options_domain_name_servers" {
  default = ["AmazonProvidedDNS"]
}

variable "create_database_subnet_route_table" {
  default = false
}

variable "create_database_internet_gateway_route" {
  default = false
}

variable "create_database_nat_gateway_route" {
  default = false
}

variable "create_redshift_subnet_route_table" {
  default = false
}

variable "create_elasticache_subnet_route_table" {
  default = false
}

variable "enable_public_redshift" {
  default = false
}

variable "reuse_nat_ips" {
  default = false
}

variable "external_nat_ips" {
  default = []
}

variable "enable_vpn_gateway" {
  default = false
}

variable "vpn_gateway_id" {
  default = ""
}

variable "propagate_public_route_tables_vgw" {
  default = false
}

variable "propagate_private_route_tables_vgw" {
  default = false
}

variable "propagate_intra_route_tables_vgw" {
  default = false
}

variable "manage_default_vpc" {
  default = false
}

variable "default_vpc_enable_dns_support" {
  default = true
}

variable "default_route_table_routes" {
  default = []
}

variable "public_subnets" {
  default = []
}

variable "private_subnets" {
  default = []
}

variable "database_subnets" {
  default = []
}

variable "redshift_subnets" {
  default = []
}

variable "elasticache_subnets" {
  default = []
}

variable "intra_subnets" {
  default = []
}

variable "outpost_subnets" {
  default = []
}

locals {
  vpc_id = try(aws_vpc_ipv4_cidr_block_association.this[0].vpc_id, aws_vpc.this[0].id, "")

  nat_gateways = (
    var.single_nat_gateway ? 1
    : var.one_nat_gateway_per_az ? length(var.azs)
    : local.widest
  )
  vpn      = var.enable_vpn_gateway || var.vpn_gateway_id != ""
  vpn_ids  = concat(aws_vpn_gateway.this[*].id, aws_vpn_gateway_attachment.this[*].vpn_gateway_id)
  database = var.create_vpc && var.create_database_subnet_route_table && local.count_database > 0
}

resource "aws_vpc" "this" {
  count = var.create_vpc ? 1 : 0

  cidr_block           = local.cidr
  ipv4_ipam_pool_id    = local.ipam_pool
  ipv4_netmask_length  = local.ipam_length
  enable_dns_hostnames = var.enable_dns_hostnames
  enable_dns_support   = var.enable_dns_support
}

resource "aws_vpc_ipv4_cidr_block_association" "this" {
  count      = var.create_vpc ? length(var.secondary_cidr_blocks) : 0
  vpc_id     = aws_vpc.this[0].id
  cidr_block = element(var.secondary_cidr_blocks, count.index)
}

resource "aws_vpc_dhcp_options" "this" {
  count               = var.create_vpc && var.enable_dhcp_options ? 1 : 0
  domain_name_servers = var.dhcp_options_domain_name_servers
}

resource "aws_vpc_dhcp_options_association" "this" {
  count           = var.create_vpc && var.enable_dhcp_options ? 1 : 0
  vpc_id          = local.vpc_id
  dhcp_options_id = aws_vpc_dhcp_options.this[0].id
}

resource "aws_internet_gateway" "this" {
  count  = var.create_vpc && var.create_igw && local.count_public > 0 ? 1 : 0
  vpc_id = local.vpc_id
}

resource "aws_egress_only_internet_gateway" "this" {
  count = (
    var.create_vpc && var.create_egress_only_igw && var.enable_ipv6
    && local.widest > 0
  ) ? 1 : 0
  vpc_id = local.vpc_id
}

resource "aws_eip" "nat" {
  count = var.create_vpc && var.enable_nat_gateway && !var.reuse_nat_ips ? local.nat_gateways : 0
}

resource "aws_nat_gateway" "this" {
  count     = var.create_vpc && var.enable_nat_gateway ? local.nat_gateways : 0
  subnet_id = element(aws_subnet.public[*].id, var.single_nat_gateway ? 0 : count.index)
}

resource "aws_vpn_gateway" "this" {
  count  = var.create_vpc && var.enable_vpn_gateway ? 1 : 0
  vpc_id = local.vpc_id
}

resource "aws_vpn_gateway_attachment" "this" {
  count          = var.vpn_gateway_id != "" ? 1 : 0
  vpc_id         = local.vpc_id
  vpn_gateway_id = var.vpn_gateway_id
}

resource "aws_vpn_gateway_route_propagation" "public" {
  count          = var.create_vpc && var.propagate_public_route_tables_vgw && local.vpn ? 1 : 0
  route_table_id = element(aws_route_table.public[*].id, count.index)
  vpn_gateway_id = element(local.vpn_ids, count.index)
}

resource "aws_vpn_gateway_route_propagation" "private" {
  count          = var.create_vpc && var.propagate_private_route_tables_vgw && local.vpn ? local.count_private : 0
  route_table_id = element(aws_route_table.private[*].id, count.index)
  vpn_gateway_id = element(local.vpn_ids, count.index)
}

resource "aws_vpn_gateway_route_propagation" "intra" {
  count          = var.create_vpc && var.propagate_intra_route_tables_vgw && local.vpn ? local.count_intra : 0
  route_table_id = element(aws_route_table.intra[*].id, count.index)
  vpn_gateway_id = element(local.vpn_ids, count.index)
}

resource "aws_default_vpc" "this" {
  count                = var.manage_default_vpc ? 1 : 0
  enable_dns_support   = var.default_vpc_enable_dns_support
  enable_dns_hostnames = var.default_vpc_enable_dns_hostnames
}

resource "aws_default_route_table" "default" {
  count                  = var.create_vpc && var.manage_default_route_table ? 1 : 0
  default_route_table_id = aws_vpc.this[0].default_route_table_id

  dynamic "route" {
    for_each = var.default_route_table_routes
    content {
      cidr_block                = route.value.cidr_block
      ipv6_cidr_block           = lookup(route.value, "ipv6_cidr_block", null)
      egress_only_gateway_id    = lookup(route.value, "egress_only_gateway_id", null)
      gateway_id                = lookup(route.value, "gateway_id", null)
      instance_id               = lookup(route.value, "instance_id", null)
      nat_gateway_id            = lookup(route.value, "nat_gateway_id", null)
      network_interface_id      = lookup(route.value, "network_interface_id", null)
      transit_gateway_id        = lookup(route.value, "transit_gateway_id", null)
      vpc_endpoint_id           = lookup(route.value, "vpc_endpoint_id", null)
      vpc_peering_connection_id = lookup(route.value, "vpc_peering_connection_id", null)
    }
  }
}

resource "aws_default_security_group" "this" {
  count  = var.create_vpc && var.manage_default_security_group ? 1 : 0
  vpc_id = aws_vpc.this[0].id

  dynamic "ingress" {
    for_each = var.default_security_group_ingress
    content {
      self             = lookup(ingress.value, "self", null)
      cidr_blocks      = compact(split(",", lookup(ingress.value, "cidr_blocks", "")))
      ipv6_cidr_blocks = compact(split(",", lookup(ingress.value, "ipv6_cidr_blocks", "")))
      prefix_list_ids  = compact(split(",", lookup(ingress.value, "prefix_list_ids", "")))
      security_groups  = compact(split(",", lookup(ingress.value, "security_groups", "")))
      from_port        = lookup(ingress.value, "from_port", 0)
      to_port          = lookup(ingress.value, "to_port", 0)
      protocol         = lookup(ingress.value, "protocol", "-1")
    }
  }

  dynamic "egress" {
    for_each = var.default_security_group_egress
    content {
      self             = lookup(egress.value, "self", null)
      cidr_blocks      = compact(split(",", lookup(egress.value, "cidr_blocks", "")))
      ipv6_cidr_blocks = compact(split(",", lookup(egress.value, "ipv6_cidr_blocks", "")))
      prefix_list_ids  = compact(split(",", lookup(egress.value, "prefix_list_ids", "")))
      security_groups  = compact(split(",", lookup(egress.value, "security_groups", "")))
      from_port        = lookup(egress.value, "from_port", 0)
      to_port          = lookup(egress.value, "to_port", 0)
      protocol         = lookup(egress.value, "protocol", "-1")
    }
  }
}
