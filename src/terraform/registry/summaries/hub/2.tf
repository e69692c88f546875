# Versions 2.0 and 3.0.0: the egress VPC looks at the NAT gateways of the inspection VPC.

locals {
  egress_nat = local.inspection_nat
}

variable "central_vpcs" {}
