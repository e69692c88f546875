resource "aws_vpc" "client" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_vpc" "eks" {
  cidr_block = "10.2.0.0/16"
}
resource "aws_subnet" "client" {
  vpc_id            = aws_vpc.client.id
  cidr_block        = "10.1.0.0/24"
  availability_zone = "eu-central-1a"
}
resource "aws_subnet" "eks" {
  vpc_id            = aws_vpc.eks.id
  cidr_block        = "10.2.0.0/24"
  availability_zone = "eu-central-1a"
}
resource "aws_networkmanager_global_network" "all" {}
data "aws_networkmanager_core_network_policy_document" "all" {
  core_network_configuration {
    asn_ranges = ["65022-65534"]
    edge_locations { location = "eu-central-1" }
  }
  segments {
    name                          = "clients"
    require_attachment_acceptance = false
    isolate_attachments           = false # isolation
  }
  segments {
    name                          = "shared"
    require_attachment_acceptance = false
  }
  segment_actions {
    action     = "share"
    mode       = "attachment-route"
    segment    = "shared"
    share_with = ["clients"]
  }
  # route
  attachment_policies {
    rule_number     = 100
    condition_logic = "or"
    conditions {
      type     = "tag-value"
      operator = "equals"
      key      = "segment"
      value    = "shared"
    }
    action {
      association_method = "constant"
      segment            = "shared"
    }
  }
  attachment_policies {
    rule_number = 200
    conditions {
      type = "tag-exists"
      key  = "segment"
    }
    action {
      association_method = "tag"
      tag_value_of_key   = "segment"
    }
  }
}
resource "aws_networkmanager_core_network" "all" {
  global_network_id = aws_networkmanager_global_network.all.id
}
resource "aws_networkmanager_core_network_policy_attachment" "all" {
  core_network_id = aws_networkmanager_core_network.all.id
  policy_document = data.aws_networkmanager_core_network_policy_document.all.json
}
resource "aws_networkmanager_vpc_attachment" "client" {
  core_network_id = aws_networkmanager_core_network.all.id
  vpc_arn         = aws_vpc.client.arn
  subnet_arns     = [aws_subnet.client.arn]
  tags            = { segment = "clients" }
}
resource "aws_networkmanager_vpc_attachment" "eks" {
  core_network_id = aws_networkmanager_core_network.all.id
  vpc_arn         = aws_vpc.eks.arn
  subnet_arns     = [aws_subnet.eks.arn]
  tags            = { segment = "shared" }
}
resource "aws_route" "there" {
  route_table_id         = aws_vpc.client.main_route_table_id
  destination_cidr_block = "10.2.0.0/16"
  core_network_arn       = aws_networkmanager_core_network.all.arn
}
resource "aws_route" "back" {
  route_table_id         = aws_vpc.eks.main_route_table_id
  destination_cidr_block = "10.1.0.0/16"
  core_network_arn       = aws_networkmanager_core_network.all.arn
}
