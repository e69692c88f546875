# Versions 4.3 to 5.0: prefix lists go with every rule.

locals {
  lists_beside_cidrs = true
}
