# Version 19: the address family is left to AWS.

variable "cluster_ip_family" {
  default = null
}
