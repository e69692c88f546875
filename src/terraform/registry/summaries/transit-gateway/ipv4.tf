# Versions before 2.12.1: the routes of VPCs are for IPv4.

locals {
  knows_ipv6 = false
}
