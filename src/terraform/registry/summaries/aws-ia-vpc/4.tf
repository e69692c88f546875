# Versions 3 to 4.4.1: zones by their number, a VPC unless one is given.

variable "az_count" {}

locals {
  create = var.vpc_id == null
  azs    = slice(data.aws_availability_zones.current.names, 0, var.az_count)
}
