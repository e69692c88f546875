variable "open" {}

resource "aws_vpc" "client" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_subnet" "client" {
  vpc_id     = aws_vpc.client.id
  cidr_block = "10.1.0.0/24"
}
resource "aws_subnet" "public" {
  vpc_id     = aws_vpc.other.id
  cidr_block = "10.5.0.0/24"
}
resource "aws_vpc" "other" {
  cidr_block = "10.5.0.0/16"
}
resource "aws_internet_gateway" "own" {
  vpc_id = aws_vpc.client.id
}
resource "aws_egress_only_internet_gateway" "own" {
  vpc_id = aws_vpc.client.id
}
resource "aws_nat_gateway" "own" {
  subnet_id         = aws_subnet.public.id
  connectivity_type = "public"
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.other.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.own.id
  } # of the NAT gateway
}
resource "aws_route_table_association" "public" {
  route_table_id = aws_route_table.public.id
  subnet_id      = aws_subnet.public.id
}
resource "aws_route_table" "client" {
  vpc_id = aws_vpc.client.id
}
resource "aws_route_table_association" "client" {
  route_table_id = aws_route_table.client.id
  subnet_id      = aws_subnet.client.id
}
resource "aws_route" "out" {
  route_table_id         = aws_route_table.client.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.own.id # client
}
resource "aws_eks_cluster" "four" {
  name     = "four"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config { subnet_ids = [] }
}
resource "aws_eks_cluster" "six" {
  name     = "six"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  vpc_config { subnet_ids = [] }
  kubernetes_network_config { ip_family = "ipv6" }
}
# more
