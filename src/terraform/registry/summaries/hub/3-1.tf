# Versions from 3.1: a central VPC may go without a table where the gateway is another's.

locals {
  has_table = {
    for name, vpc in var.central_vpcs :
    name => try(vpc.associate_and_propagate_to_tgw, true) != false || local.create
  }
}
