# Versions before 3.0.2: a type called `core_network` is like any other.

locals {
  knows_wan = false
}
