# Version 20: the address family is named.

variable "cluster_ip_family" {
  default = "ipv4"
}
