# Versions from 3.0.2 know of core networks.

locals {
  knows_wan = true
}

output "core_network_subnet_attributes_by_az" {
  value = aws_subnet.cwan
}
