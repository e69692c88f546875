# Versions from 3.0.1: the egress VPC looks at its own NAT gateways.

locals {
  egress_nat = local.own_egress_nat
}

variable "central_vpcs" {
  default = {}
}
