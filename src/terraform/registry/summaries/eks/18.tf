# Version 18: a public endpoint only, by default, and egress rule by rule.

variable "cluster_endpoint_private_access" {
  default = false
}

variable "cluster_endpoint_public_access" {
  default = true
}

variable "cluster_ip_family" {
  default = null
}

variable "node_security_group_ntp_ipv4_cidr_block" {
  default = ["0.0.0.0/0"]
}

variable "node_security_group_ntp_ipv6_cidr_block" {
  default = ["::/0"]
}

locals {
  outpost = null

  cluster_rules = {
    ingress_nodes_443 = {
      protocol                   = "tcp"
      from_port                  = 443
      to_port                    = 443
      type                       = "ingress"
      source_node_security_group = true
    }
    egress_nodes_443 = {
      protocol                   = "tcp"
      from_port                  = 443
      to_port                    = 443
      type                       = "egress"
      source_node_security_group = true
    }
    egress_nodes_kubelet = {
      protocol                   = "tcp"
      from_port                  = 10250
      to_port                    = 10250
      type                       = "egress"
      source_node_security_group = true
    }
  }

  node_rules = {
    egress_cluster_443 = {
      protocol                      = "tcp"
      from_port                     = 443
      to_port                       = 443
      type                          = "egress"
      source_cluster_security_group = true
    }
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
    egress_self_coredns_tcp = {
      protocol  = "tcp"
      from_port = 53
      to_port   = 53
      type      = "egress"
      self      = true
    }
    egress_self_coredns_udp = {
      protocol  = "udp"
      from_port = 53
      to_port   = 53
      type      = "egress"
      self      = true
    }
    egress_https = {
      protocol         = "tcp"
      from_port        = 443
      to_port          = 443
      type             = "egress"
      cidr_blocks      = ["0.0.0.0/0"]
      ipv6_cidr_blocks = local.ip_family == "ipv6" ? ["::/0"] : null
    }
    egress_ntp_tcp = {
      protocol         = "tcp"
      from_port        = 123
      to_port          = 123
      type             = "egress"
      cidr_blocks      = var.node_security_group_ntp_ipv4_cidr_block
      ipv6_cidr_blocks = local.ip_family == "ipv6" ? var.node_security_group_ntp_ipv6_cidr_block : null
    }
    egress_ntp_udp = {
      protocol         = "udp"
      from_port        = 123
      to_port          = 123
      type             = "egress"
      cidr_blocks      = var.node_security_group_ntp_ipv4_cidr_block
      ipv6_cidr_blocks = local.ip_family == "ipv6" ? var.node_security_group_ntp_ipv6_cidr_block : null
    }
  }
}

output "cluster_id" {
  value = try(aws_eks_cluster.this[0].id, null)
}
