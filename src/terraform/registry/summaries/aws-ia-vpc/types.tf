# The types of subnets: their tables, and the routes of these.

resource "aws_subnet" "public" {
  for_each = local.public_azs

  availability_zone = each.key
  vpc_id            = local.vpc_id
  cidr_block        = try(local.blocks["public"][each.key], null)
}

resource "aws_route" "public_to_igw" {
  for_each = (
    !can(var.subnets.public.ipv6_native) && try(var.subnets.public.connect_to_igw, true)
    ? local.public_azs
    : toset([])
  )

  route_table_id         = local.public_tables[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main[0].id
}

resource "aws_route" "public_to_tgw" {
  for_each = contains(keys(var.transit_gateway_routes), "public") ? local.public_azs : toset([])

  destination_cidr_block = (
    can(regex("^pl-", var.transit_gateway_routes["public"])) ? null : var.transit_gateway_routes["public"]
  )
  transit_gateway_id = var.transit_gateway_id
  route_table_id     = local.public_tables[each.key].id
}

resource "aws_subnet" "private" {
  for_each = toset(try(local.per_az, []))

  availability_zone = split("/", each.key)[1]
  vpc_id            = local.vpc_id
  cidr_block        = try(local.blocks[split("/", each.key)[0]][split("/", each.key)[1]], null)
}

resource "aws_route" "private_to_nat" {
  for_each = toset(try(local.to_nat, []))

  route_table_id         = local.private_tables[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = local.nat_per_az[split("/", each.key)[1]].id
}

resource "aws_route" "private_to_tgw" {
  for_each = toset(local.to_gateway)

  destination_cidr_block = (
    can(regex("^pl-", var.transit_gateway_routes[split("/", each.key)[0]]))
    ? null
    : var.transit_gateway_routes[split("/", each.key)[0]]
  )
  route_table_id     = local.private_tables[each.key].id
  transit_gateway_id = var.transit_gateway_id
}

resource "aws_subnet" "tgw" {
  for_each = local.gateway_azs

  availability_zone = each.key
  vpc_id            = local.vpc_id
  cidr_block        = local.blocks["transit_gateway"][each.key]
}

resource "aws_route" "tgw_to_nat" {
  for_each = (
    try(var.subnets.transit_gateway.connect_to_public_natgw == true, false)
    ? local.public_azs
    : toset([])
  )

  route_table_id         = local.tgw_tables[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = local.nat_per_az[each.key].id
}

resource "aws_subnet" "cwan" {
  for_each = local.wan_azs

  availability_zone = each.key
  vpc_id            = local.vpc_id
  cidr_block        = local.blocks["core_network"][each.key]
}

resource "aws_route" "cwan_to_nat" {
  for_each = (
    try(var.subnets.core_network.connect_to_public_natgw == true, false)
    ? local.public_azs
    : toset([])
  )

  route_table_id         = local.cwan_tables[each.key].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = local.nat_per_az[each.key].id
}

output "vpc_attributes" {
  value = local.create ? aws_vpc.main[0] : data.aws_vpc.main[0]
}

output "azs" {
  value = local.azs
}

output "transit_gateway_attachment_id" {
  value = try(aws_ec2_transit_gateway_vpc_attachment.tgw[0].id, null)
}

output "private_subnet_attributes_by_az" {
  value = aws_subnet.private
}

output "public_subnet_attributes_by_az" {
  value = aws_subnet.public
}

output "tgw_subnet_attributes_by_az" {
  value = aws_subnet.tgw
}

output "rt_attributes_by_type_by_az" {
  value = {
    "private"         = local.private_tables
    "public"          = local.public_tables
    "transit_gateway" = local.tgw_tables
    "core_network"    = local.cwan_tables
  }
}

output "nat_gateway_attributes_by_az" {
  value = aws_nat_gateway.main
}

output "natgw_id_per_az" {
  value = local.nat_per_az
}
