# Versions up to 5.1.1: intra subnets count for the number of NAT gateways.

locals {
  widest = max(
    local.count_private,
    local.count_public,
    local.count_intra,
    local.count_elasticache,
    local.count_database,
    local.count_redshift,
  )
  ipv6_egress = local.count_private
}
