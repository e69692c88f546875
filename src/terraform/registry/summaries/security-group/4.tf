# Versions 3.0 to 5.1: prefix lists go with every rule.

locals {
  lists_beside_cidrs = true
}
