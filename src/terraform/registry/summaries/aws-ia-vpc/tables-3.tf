# Version 3: tables are of the Cloud Control provider.

locals {
  public_tables  = awscc_ec2_route_table.public
  private_tables = awscc_ec2_route_table.private
  tgw_tables     = awscc_ec2_route_table.tgw
  cwan_tables    = awscc_ec2_route_table.cwan
}

resource "awscc_ec2_route_table" "public" {
  for_each = local.public_azs
  vpc_id   = local.vpc_id
}

resource "awscc_ec2_subnet_route_table_association" "public" {
  for_each       = local.public_azs
  subnet_id      = aws_subnet.public[each.key].id
  route_table_id = awscc_ec2_route_table.public[each.key].id
}

resource "awscc_ec2_route_table" "private" {
  for_each = toset(try(local.per_az, []))
  vpc_id   = local.vpc_id
}

resource "awscc_ec2_subnet_route_table_association" "private" {
  for_each       = toset(try(local.per_az, []))
  subnet_id      = aws_subnet.private[each.key].id
  route_table_id = awscc_ec2_route_table.private[each.key].id
}

resource "awscc_ec2_route_table" "tgw" {
  for_each = local.gateway_azs
  vpc_id   = local.vpc_id
}

resource "awscc_ec2_subnet_route_table_association" "tgw" {
  for_each       = local.gateway_azs
  subnet_id      = aws_subnet.tgw[each.key].id
  route_table_id = awscc_ec2_route_table.tgw[each.key].id
}

resource "awscc_ec2_route_table" "cwan" {
  for_each = local.wan_azs
  vpc_id   = local.vpc_id
}

resource "awscc_ec2_subnet_route_table_association" "cwan" {
  for_each       = local.wan_azs
  subnet_id      = aws_subnet.cwan[each.key].id
  route_table_id = awscc_ec2_route_table.cwan[each.key].id
}
