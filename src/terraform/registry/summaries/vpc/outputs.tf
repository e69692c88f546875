# Outputs that all versions have.

output "vpc_id" {
  value = one(aws_vpc.this[*].id)
}

output "vpc_arn" {
  value = one(aws_vpc.this[*].arn)
}

output "vpc_cidr_block" {
  value = one(aws_vpc.this[*].cidr_block)
}

output "vpc_enable_dns_support" {
  value = one(aws_vpc.this[*].enable_dns_support)
}

output "vpc_enable_dns_hostnames" {
  value = one(aws_vpc.this[*].enable_dns_hostnames)
}

output "vpc_main_route_table_id" {
  value = one(aws_vpc.this[*].main_route_table_id)
}

output "vpc_owner_id" {
  value = one(aws_vpc.this[*].owner_id)
}

output "default_security_group_id" {
  value = one(aws_vpc.this[*].default_security_group_id)
}

output "default_network_acl_id" {
  value = one(aws_vpc.this[*].default_network_acl_id)
}

output "default_route_table_id" {
  value = one(aws_vpc.this[*].default_route_table_id)
}

output "vpc_secondary_cidr_blocks" {
  value = compact(aws_vpc_ipv4_cidr_block_association.this[*].cidr_block)
}

output "igw_id" {
  value = one(aws_internet_gateway.this[*].id)
}

output "natgw_ids" {
  value = aws_nat_gateway.this[*].id
}

output "nat_public_ips" {
  value = var.reuse_nat_ips ? var.external_nat_ips : aws_eip.nat[*].public_ip
}

output "egress_only_internet_gateway_id" {
  value = one(aws_egress_only_internet_gateway.this[*].id)
}

output "vgw_id" {
  value = try(aws_vpn_gateway.this[0].id, aws_vpn_gateway_attachment.this[0].vpn_gateway_id, null)
}

output "azs" {
  value = var.azs
}

output "name" {
  value = var.name
}

output "public_subnets" {
  value = aws_subnet.public[*].id
}

output "public_subnet_arns" {
  value = aws_subnet.public[*].arn
}

output "public_subnets_cidr_blocks" {
  value = compact(aws_subnet.public[*].cidr_block)
}

output "public_route_table_association_ids" {
  value = aws_route_table_association.public[*].id
}

output "private_subnets" {
  value = aws_subnet.private[*].id
}

output "private_subnet_arns" {
  value = aws_subnet.private[*].arn
}

output "private_subnets_cidr_blocks" {
  value = compact(aws_subnet.private[*].cidr_block)
}

output "private_route_table_association_ids" {
  value = aws_route_table_association.private[*].id
}

output "database_subnets" {
  value = aws_subnet.database[*].id
}

output "database_subnet_arns" {
  value = aws_subnet.database[*].arn
}

output "database_subnets_cidr_blocks" {
  value = compact(aws_subnet.database[*].cidr_block)
}

output "database_route_table_association_ids" {
  value = aws_route_table_association.database[*].id
}

output "redshift_subnets" {
  value = aws_subnet.redshift[*].id
}

output "redshift_subnet_arns" {
  value = aws_subnet.redshift[*].arn
}

output "redshift_subnets_cidr_blocks" {
  value = compact(aws_subnet.redshift[*].cidr_block)
}

output "redshift_route_table_association_ids" {
  value = aws_route_table_association.redshift[*].id
}

output "elasticache_subnets" {
  value = aws_subnet.elasticache[*].id
}

output "elasticache_subnet_arns" {
  value = aws_subnet.elasticache[*].arn
}

output "elasticache_subnets_cidr_blocks" {
  value = compact(aws_subnet.elasticache[*].cidr_block)
}

output "elasticache_route_table_association_ids" {
  value = aws_route_table_association.elasticache[*].id
}

output "intra_subnets" {
  value = aws_subnet.intra[*].id
}

output "intra_subnet_arns" {
  value = aws_subnet.intra[*].arn
}

output "intra_subnets_cidr_blocks" {
  value = compact(aws_subnet.intra[*].cidr_block)
}

output "intra_route_table_association_ids" {
  value = aws_route_table_association.intra[*].id
}

output "outpost_subnets" {
  value = aws_subnet.outpost[*].id
}

output "outpost_subnet_arns" {
  value = aws_subnet.outpost[*].arn
}

output "outpost_subnets_cidr_blocks" {
  value = compact(aws_subnet.outpost[*].cidr_block)
}

output "public_route_table_ids" {
  value = aws_route_table.public[*].id
}

output "private_route_table_ids" {
  value = aws_route_table.private[*].id
}

output "intra_route_table_ids" {
  value = aws_route_table.intra[*].id
}

output "database_route_table_ids" {
  value = try(coalescelist(aws_route_table.database[*].id, aws_route_table.private[*].id), [])
}

output "elasticache_route_table_ids" {
  value = try(coalescelist(aws_route_table.elasticache[*].id, aws_route_table.private[*].id), [])
}

output "redshift_route_table_ids" {
  value = try(coalescelist(
    aws_route_table.redshift[*].id,
    var.enable_public_redshift ? aws_route_table.public[*].id : aws_route_table.private[*].id,
  ), [])
}

output "default_vpc_id" {
  value = one(aws_default_vpc.this[*].id)
}

output "default_vpc_cidr_block" {
  value = one(aws_default_vpc.this[*].cidr_block)
}

output "default_vpc_default_security_group_id" {
  value = one(aws_default_vpc.this[*].default_security_group_id)
}

output "default_vpc_default_route_table_id" {
  value = one(aws_default_vpc.this[*].default_route_table_id)
}

output "default_vpc_main_route_table_id" {
  value = one(aws_default_vpc.this[*].main_route_table_id)
}

output "default_vpc_enable_dns_support" {
  value = one(aws_default_vpc.this[*].enable_dns_support)
}

output "default_vpc_enable_dns_hostnames" {
  value = one(aws_default_vpc.this[*].enable_dns_hostnames)
}
