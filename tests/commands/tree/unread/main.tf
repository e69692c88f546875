# Modules that are not at hand.
module "network" {
  source = "git::https://git.example.org/network.git"
}

module "eks" {
  source     = "git::https://git.example.org/eks.git"
  subnet_ids = module.network.subnet_ids
}
