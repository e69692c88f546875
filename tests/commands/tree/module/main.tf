# A cluster with a public endpoint alone, in a VPC of a module that stands at one place for all its resources.
module "vpc" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.8.1"

  name               = "main"
  cidr               = "10.0.0.0/16"
  azs                = ["eu-central-1a", "eu-central-1b"]
  private_subnets    = ["10.0.0.0/24", "10.0.1.0/24"]
  public_subnets     = ["10.0.8.0/24", "10.0.9.0/24"]
  enable_nat_gateway = true
  single_nat_gateway = true
}

resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"

  vpc_config {
    subnet_ids = module.vpc.private_subnets
  }
}
