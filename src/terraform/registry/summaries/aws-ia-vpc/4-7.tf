# Versions from 4.7: zones by number or name, a VPC unless it is said otherwise.

variable "create_vpc" {
  default = true
}

variable "az_count" {
  default = null
}

variable "azs" {
  default = null
}

locals {
  create = var.create_vpc
  # The real one asks AWS for the zones of these names.
  azs = (
    var.az_count != null
    ? slice(data.aws_availability_zones.current.names, 0, var.az_count)
    : var.azs == null ? data.aws_availability_zones.current.names : sort(var.azs)
  )
}
