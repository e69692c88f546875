# Versions 18 to 20 name the cluster's inputs `cluster_…`.

variable "cluster_name" {
  default = ""
}

variable "cluster_additional_security_group_ids" {
  default = []
}

variable "create_cluster_security_group" {
  default = true
}

variable "cluster_security_group_id" {
  default = ""
}

variable "cluster_security_group_additional_rules" {
  default = {}
}

variable "node_security_group_additional_rules" {
  default = {}
}

locals {
  name               = var.cluster_name
  create_group       = var.create_cluster_security_group
  given_group        = var.cluster_security_group_id
  further_groups     = var.cluster_additional_security_group_ids
  private            = var.cluster_endpoint_private_access
  public             = var.cluster_endpoint_public_access
  ip_family          = var.cluster_ip_family
  more_cluster_rules = var.cluster_security_group_additional_rules
}
