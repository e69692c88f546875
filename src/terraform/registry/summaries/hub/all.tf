# Versions before 3.1: every central VPC has a table.

locals {
  has_table = { for name in local.central : name => true }
}
