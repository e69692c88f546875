# The tiers: subnets, their tables, and the routes of these.

# public

resource "aws_subnet" "public" {
  count      = var.create_vpc && (
    !var.one_nat_gateway_per_az || local.count_public >= length(var.azs)
  ) ? local.count_public : 0
  vpc_id     = local.vpc_id
  cidr_block = local.native_public ? null : element(concat(var.public_subnets, [""]), count.index)
  availability_zone = (
    length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  )
}

resource "aws_route_table" "public" {
  count  = local.public_tables
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "public" {
  count          = var.create_vpc ? local.count_public : 0
  subnet_id      = element(aws_subnet.public[*].id, count.index)
  route_table_id = element(aws_route_table.public[*].id, local.public_tables > 1 ? count.index : 0)
}

resource "aws_route" "public_internet_gateway" {
  count                  = var.create_igw ? local.public_tables : 0
  route_table_id         = aws_route_table.public[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route" "public_internet_gateway_ipv6" {
  count                       = var.create_igw && var.enable_ipv6 ? local.public_tables : 0
  route_table_id              = aws_route_table.public[count.index].id
  destination_ipv6_cidr_block = "::/0"
  gateway_id                  = aws_internet_gateway.this[0].id
}

# private

resource "aws_subnet" "private" {
  count      = var.create_vpc ? local.count_private : 0
  vpc_id     = local.vpc_id
  cidr_block = local.native_private ? null : element(concat(var.private_subnets, [""]), count.index)
  availability_zone = (
    length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  )
}

resource "aws_route_table" "private" {
  count  = local.private_tables
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "private" {
  count          = var.create_vpc ? local.count_private : 0
  subnet_id      = element(aws_subnet.private[*].id, count.index)
  route_table_id = element(aws_route_table.private[*].id, var.single_nat_gateway ? 0 : count.index)
}

resource "aws_route" "private_nat_gateway" {
  count                  = var.create_vpc && var.enable_nat_gateway && local.nat_route ? local.nat_gateways : 0
  route_table_id         = element(aws_route_table.private[*].id, count.index)
  destination_cidr_block = local.nat_destination
  nat_gateway_id         = element(aws_nat_gateway.this[*].id, count.index)
}

resource "aws_route" "private_ipv6_egress" {
  count                       = var.create_vpc && var.create_egress_only_igw && var.enable_ipv6 ? local.ipv6_egress : 0
  route_table_id              = element(aws_route_table.private[*].id, count.index)
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = element(aws_egress_only_internet_gateway.this[*].id, 0)
}

# database

resource "aws_subnet" "database" {
  count      = var.create_vpc ? local.count_database : 0
  vpc_id     = local.vpc_id
  cidr_block = local.native_database ? null : element(concat(var.database_subnets, [""]), count.index)
  availability_zone = (
    length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  )
}

locals {
  one_database_table = var.single_nat_gateway || var.create_database_internet_gateway_route
}

resource "aws_route_table" "database" {
  count  = !local.database ? 0 : local.one_database_table ? 1 : local.count_database
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "database" {
  count     = var.create_vpc ? local.count_database : 0
  subnet_id = element(aws_subnet.database[*].id, count.index)
  route_table_id = element(
    coalescelist(aws_route_table.database[*].id, aws_route_table.private[*].id),
    var.create_database_subnet_route_table && local.one_database_table ? 0 : count.index,
  )
}

resource "aws_route" "database_internet_gateway" {
  count = (
    local.database && var.create_igw && var.create_database_internet_gateway_route
    && !var.create_database_nat_gateway_route
  ) ? 1 : 0
  route_table_id         = aws_route_table.database[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route" "database_nat_gateway" {
  count = (
    local.database && !var.create_database_internet_gateway_route
    && var.create_database_nat_gateway_route && var.enable_nat_gateway
  ) ? (var.single_nat_gateway ? 1 : local.count_database) : 0
  route_table_id         = element(aws_route_table.database[*].id, count.index)
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = element(aws_nat_gateway.this[*].id, count.index)
}

resource "aws_route" "database_ipv6_egress" {
  count = (
    local.database && var.create_egress_only_igw && var.enable_ipv6
    && var.create_database_internet_gateway_route
  ) ? 1 : 0
  route_table_id              = aws_route_table.database[0].id
  destination_ipv6_cidr_block = "::/0"
  egress_only_gateway_id      = aws_egress_only_internet_gateway.this[0].id
}

# redshift

resource "aws_subnet" "redshift" {
  count      = var.create_vpc ? local.count_redshift : 0
  vpc_id     = local.vpc_id
  cidr_block = local.native_redshift ? null : element(concat(var.redshift_subnets, [""]), count.index)
  availability_zone = (
    length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  )
}

resource "aws_route_table" "redshift" {
  count  = var.create_vpc && var.create_redshift_subnet_route_table && local.count_redshift > 0 ? 1 : 0
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "redshift" {
  count     = var.create_vpc && !var.enable_public_redshift ? local.count_redshift : 0
  subnet_id = element(aws_subnet.redshift[*].id, count.index)
  route_table_id = element(
    coalescelist(aws_route_table.redshift[*].id, aws_route_table.private[*].id),
    var.single_nat_gateway || var.create_redshift_subnet_route_table ? 0 : count.index,
  )
}

resource "aws_route_table_association" "redshift_public" {
  count     = var.create_vpc && var.enable_public_redshift ? local.count_redshift : 0
  subnet_id = element(aws_subnet.redshift[*].id, count.index)
  route_table_id = element(
    coalescelist(aws_route_table.redshift[*].id, aws_route_table.public[*].id),
    var.single_nat_gateway || var.create_redshift_subnet_route_table ? 0 : count.index,
  )
}

# elasticache

resource "aws_subnet" "elasticache" {
  count      = var.create_vpc ? local.count_elasticache : 0
  vpc_id     = local.vpc_id
  cidr_block = local.native_elasticache ? null : element(concat(var.elasticache_subnets, [""]), count.index)
  availability_zone = (
    length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  )
}

resource "aws_route_table" "elasticache" {
  count  = var.create_vpc && var.create_elasticache_subnet_route_table && local.count_elasticache > 0 ? 1 : 0
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "elasticache" {
  count     = var.create_vpc ? local.count_elasticache : 0
  subnet_id = element(aws_subnet.elasticache[*].id, count.index)
  route_table_id = element(
    coalescelist(aws_route_table.elasticache[*].id, aws_route_table.private[*].id),
    var.single_nat_gateway || var.create_elasticache_subnet_route_table ? 0 : count.index,
  )
}

# intra

resource "aws_subnet" "intra" {
  count      = var.create_vpc ? local.count_intra : 0
  vpc_id     = local.vpc_id
  cidr_block = local.native_intra ? null : element(concat(var.intra_subnets, [""]), count.index)
  availability_zone = (
    length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  )
}

resource "aws_route_table" "intra" {
  count  = local.intra_tables
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "intra" {
  count          = var.create_vpc ? local.count_intra : 0
  subnet_id      = element(aws_subnet.intra[*].id, count.index)
  route_table_id = element(aws_route_table.intra[*].id, local.intra_tables > 1 ? count.index : 0)
}

# outpost

resource "aws_subnet" "outpost" {
  count      = var.create_vpc ? local.count_outpost : 0
  vpc_id     = local.vpc_id
  cidr_block = local.native_outpost ? null : element(concat(var.outpost_subnets, [""]), count.index)
}

resource "aws_route_table_association" "outpost" {
  count          = var.create_vpc ? local.count_outpost : 0
  subnet_id      = element(aws_subnet.outpost[*].id, count.index)
  route_table_id = element(aws_route_table.private[*].id, var.single_nat_gateway ? 0 : count.index)
}
