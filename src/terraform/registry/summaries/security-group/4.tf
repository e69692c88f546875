# Versions 4.0 to 5.0: prefix lists go with every rule.

locals {
  lists_beside_cidrs = true
}
