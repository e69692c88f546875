# Version 21: inputs without `cluster_`, a private endpoint only by default.

variable "name" {
  default = ""
}

variable "additional_security_group_ids" {
  default = []
}

variable "endpoint_private_access" {
  default = true
}

variable "endpoint_public_access" {
  default = false
}

variable "create_security_group" {
  default = true
}

variable "security_group_id" {
  default = ""
}

variable "ip_family" {
  default = "ipv4"
}

variable "node_security_group_enable_recommended_rules" {
  default = true
}

variable "outpost_config" {
  default = null
}

variable "security_group_additional_rules" {
  type    = map(object({
    protocol                 = optional(string, "tcp")
    from_port                = number
    to_port                  = number
    type                     = optional(string, "ingress")
    description              = optional(string)
    cidr_blocks              = optional(list(string))
    ipv6_cidr_blocks         = optional(list(string))
    prefix_list_ids          = optional(list(string))
    self                     = optional(bool)
    source_node_security_group = optional(bool, false)
    source_security_group_id = optional(string)
  }))
  default = {}
}

variable "node_security_group_additional_rules" {
  type    = map(object({
    protocol                 = optional(string, "tcp")
    from_port                = number
    to_port                  = number
    type                     = optional(string, "ingress")
    description              = optional(string)
    cidr_blocks              = optional(list(string))
    ipv6_cidr_blocks         = optional(list(string))
    prefix_list_ids          = optional(list(string))
    self                     = optional(bool)
    source_cluster_security_group = optional(bool, false)
    source_security_group_id = optional(string)
  }))
  default = {}
}

locals {
  cluster_rules = {
    ingress_nodes_443 = {
      protocol                   = "tcp"
      from_port                  = 443
      to_port                    = 443
      type                       = "ingress"
      source_node_security_group = true
    }
  }

  base_rules = {
    ingress_cluster_443 = {
      protocol                      = "tcp"
      from_port                     = 443
      to_port                       = 443
      type                          = "ingress"
      source_cluster_security_group = true
    }
    ingress_cluster_kubelet = {
      protocol                      = "tcp"
      from_port                     = 10250
      to_port                       = 10250
      type                          = "ingress"
      source_cluster_security_group = true
    }
    ingress_self_coredns_tcp = {
      protocol  = "tcp"
      from_port = 53
      to_port   = 53
      type      = "ingress"
      self      = true
    }
    ingress_self_coredns_udp = {
      protocol  = "udp"
      from_port = 53
      to_port   = 53
      type      = "ingress"
      self      = true
    }
  }

  recommended_rules = {
    ingress_nodes_ephemeral = {
      protocol  = "tcp"
      from_port = 1025
      to_port   = 65535
      type      = "ingress"
      self      = true
    }
    ingress_cluster_4443_webhook = {
      protocol                      = "tcp"
      from_port                     = 4443
      to_port                       = 4443
      type                          = "ingress"
      source_cluster_security_group = true
    }
    ingress_cluster_10251_webhook = {
      protocol                      = "tcp"
      from_port                     = 10251
      to_port                       = 10251
      type                          = "ingress"
      source_cluster_security_group = true
    }
    ingress_cluster_6443_webhook = {
      protocol                      = "tcp"
      from_port                     = 6443
      to_port                       = 6443
      type                          = "ingress"
      source_cluster_security_group = true
    }
    ingress_cluster_8443_webhook = {
      protocol                      = "tcp"
      from_port                     = 8443
      to_port                       = 8443
      type                          = "ingress"
      source_cluster_security_group = true
    }
    ingress_cluster_9443_webhook = {
      protocol                      = "tcp"
      from_port                     = 9443
      to_port                       = 9443
      type                          = "ingress"
      source_cluster_security_group = true
    }
    egress_all = {
      protocol         = "-1"
      from_port        = 0
      to_port          = 0
      type             = "egress"
      cidr_blocks      = ["0.0.0.0/0"]
      ipv6_cidr_blocks = local.ip_family == "ipv6" ? ["::/0"] : null
    }
  }

  node_rules = merge(
    local.base_rules,
    { for name, rule in local.recommended_rules : name => rule if var.node_security_group_enable_recommended_rules },
  )
}

locals {
  name               = var.name
  create_group       = var.create_security_group
  given_group        = var.security_group_id
  further_groups     = var.additional_security_group_ids
  private            = var.endpoint_private_access
  public             = var.endpoint_public_access
  ip_family          = var.ip_family
  outpost            = var.outpost_config
  more_cluster_rules = var.security_group_additional_rules
}

output "cluster_name" {
  value = try(aws_eks_cluster.this[0].name, "")
}

output "cluster_id" {
  value = try(aws_eks_cluster.this[0].cluster_id, null)
}
