# Versions 19 and 20: a private endpoint only, by default.

variable "cluster_endpoint_private_access" {
  default = true
}

variable "cluster_endpoint_public_access" {
  default = false
}

variable "node_security_group_enable_recommended_rules" {
  default = true
}

variable "enable_efa_support" {
  default = false
}

variable "outpost_config" {
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

  efa_rules = {
    ingress_all_self_efa = {
      protocol  = "-1"
      from_port = 0
      to_port   = 0
      type      = "ingress"
      self      = true
    }
    egress_all_self_efa = {
      protocol  = "-1"
      from_port = 0
      to_port   = 0
      type      = "egress"
      self      = true
    }
  }

  node_rules = merge(
    local.base_rules,
    { for name, rule in local.recommended_rules : name => rule if var.node_security_group_enable_recommended_rules },
    { for name, rule in local.efa_rules : name => rule if var.enable_efa_support },
  )
}

locals {
  outpost = length(var.outpost_config) > 0 ? var.outpost_config : null
}

output "cluster_name" {
  value = try(aws_eks_cluster.this[0].name, "")
}

output "cluster_id" {
  value = try(aws_eks_cluster.this[0].cluster_id, null)
}
