# Versions from 4: tables are of the usual provider.

locals {
  public_tables  = aws_route_table.public
  private_tables = aws_route_table.private
  tgw_tables     = aws_route_table.tgw
  cwan_tables    = aws_route_table.cwan
}

resource "aws_route_table" "public" {
  for_each = local.public_azs
  vpc_id   = local.vpc_id
}

resource "aws_route_table_association" "public" {
  for_each       = local.public_azs
  subnet_id      = aws_subnet.public[each.key].id
  route_table_id = aws_route_table.public[each.key].id
}

resource "aws_route_table" "private" {
  for_each = toset(try(local.per_az, []))
  vpc_id   = local.vpc_id
}

resource "aws_route_table_association" "private" {
  for_each       = toset(try(local.per_az, []))
  subnet_id      = aws_subnet.private[each.key].id
  route_table_id = aws_route_table.private[each.key].id
}

resource "aws_route_table" "tgw" {
  for_each = local.gateway_azs
  vpc_id   = local.vpc_id
}

resource "aws_route_table_association" "tgw" {
  for_each       = local.gateway_azs
  subnet_id      = aws_subnet.tgw[each.key].id
  route_table_id = aws_route_table.tgw[each.key].id
}

resource "aws_route_table" "cwan" {
  for_each = local.wan_azs
  vpc_id   = local.vpc_id
}

resource "aws_route_table_association" "cwan" {
  for_each       = local.wan_azs
  subnet_id      = aws_subnet.cwan[each.key].id
  route_table_id = aws_route_table.cwan[each.key].id
}
