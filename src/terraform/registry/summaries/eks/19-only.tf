# Versions 19 to 20.8.1: the address family is left to AWS.

variable "cluster_ip_family" {
  default = null
}
