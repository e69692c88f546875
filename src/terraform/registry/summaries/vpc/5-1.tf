# Versions 5.1.2 to 5.7.0: intra subnets no longer count for the number of NAT gateways.

locals {
  widest = max(
    local.count_private,
    local.count_public,
    local.count_elasticache,
    local.count_database,
    local.count_redshift,
  )
  ipv6_egress = local.count_private
}
