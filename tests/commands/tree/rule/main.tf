# A rule that no VPC uses.
resource "aws_route53_resolver_rule" "lone" {
  domain_name          = "corp.example.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = "rslvr-out-0aaaaaaaaaaaaaaaa"
  target_ip {
    ip = "172.16.0.53"
  }
}
