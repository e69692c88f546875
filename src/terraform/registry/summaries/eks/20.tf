# Versions from 20.8.2: the address family is named.

variable "cluster_ip_family" {
  default = "ipv4"
}
