# Whether the API has an endpoint at all is a variable's choice.
variable "private" {
  type = bool
}

resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"

  vpc_config {
    subnet_ids              = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
    endpoint_private_access = var.private
    endpoint_public_access  = false
  }
}
