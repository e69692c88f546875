# Versions from 2.12.1: the routes of VPCs may be for IPv6.

locals {
  knows_ipv6 = true
}
