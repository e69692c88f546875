# Versions 4.4.2 to 4.6: zones by number or name, a VPC unless it is said otherwise.

variable "create_vpc" {
  default = true
}

variable "az_count" {
  default = 0
}

variable "azs" {
  default = []
}

locals {
  create = var.create_vpc
  azs = (
    length(var.azs) == 0
    ? slice(data.aws_availability_zones.current.names, 0, var.az_count)
    : var.azs
  )
}
