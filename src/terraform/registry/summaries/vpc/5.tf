# Versions from 5.7.1: each table for NAT gateways has one way out for IPv6.

locals {
  widest = max(
    local.count_private,
    local.count_public,
    local.count_elasticache,
    local.count_database,
    local.count_redshift,
  )
  ipv6_egress = local.count_private > 0 ? local.nat_gateways : 0
}
