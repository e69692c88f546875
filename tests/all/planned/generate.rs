//! Random roots with networking resources: repeated blocks, dynamic blocks, modules, layers of values.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::differential::Random;

/// Files by path.
pub(super) type Files = BTreeMap<String, String>;

const PROVIDER: &str = r#"
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "dummy"
  secret_key                  = "dummy"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
}
"#;

/// A module of one network; `§` marks what varies.
const NETWORK: &str = r#"
variable "name" {
  type = string
}
variable "cidr" {
  type    = string
  default = "10.99.0.0/16"
}
variable "zones" {
  type    = list(string)
  default = ["a", "b"]
}
variable "options" {
  type = object({
    dns   = optional(bool, true)
    ports = optional(list(number), [443])
    names = optional(map(string), {})
    note  = optional(string)
  })
  default  = {}
  nullable = false
}
locals {
  zones = { for i, z in var.zones : z => cidrsubnet(var.cidr, 4, i) }
}
resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = var.options.dns
  enable_dns_hostnames = var.options.dns ? "true" : "false"
  tags                 = merge(var.options.names, { Name = var.name })
}
resource "aws_subnet" "this" {
  for_each          = local.zones
  vpc_id            = aws_vpc.this.id
  cidr_block        = each.value
  availability_zone = "eu-west-1${each.key}"
  tags = {
    Name = "${var.name}-${each.key}%{ if var.options.note != null }-${var.options.note}%{ endif }"
  }
}
resource "aws_security_group" "this" {
  name   = "${var.name}-sg"
  vpc_id = aws_vpc.this.id
  dynamic "ingress" {
    for_each = toset(var.options.ports)
    iterator = it
    content {
      from_port   = it.value
      to_port     = it.key
      protocol    = it.value == 53 ? "udp" : "tcp"
      cidr_blocks = [for k, c in local.zones : c if k != "c"]
    }
  }
}
resource "aws_route_table" "this" {
  count  = length(var.zones)
  vpc_id = aws_vpc.this.id
  tags   = { n = count.index, z = element(var.zones, count.index + 1) }
}
output "id" {
  value = aws_vpc.this.id
}
output "cidr" {
  value = aws_vpc.this.cidr_block
}
output "subnets" {
  value = { for k, s in aws_subnet.this : k => s.id }
}
output "cidrs" {
  value = values(aws_subnet.this)[*].cidr_block
}
output "groups" {
  value = [aws_security_group.this.id]
}
output "tables" {
  value = aws_route_table.this[*].id
}
"#;

const WRAPPER: &str = r#"
variable "networks" {
  type = map(object({
    cidr  = string
    zones = optional(set(string), ["b", "a", "b"])
    ports = optional(list(string), ["53", 443])
  }))
}
module "network" {
  source   = "../network"
  for_each = { for k, n in var.networks : upper(k) => n if n.cidr != "10.9.0.0/16" }
  name     = lower(each.key)
  cidr     = each.value.cidr
  zones    = tolist(each.value.zones)
  options  = { ports = each.value.ports, note = length(each.value.zones) > 1 ? "many" : null }
}
resource "aws_vpc_peering_connection" "this" {
  for_each    = setsubtract(keys(module.network), ["A"])
  vpc_id      = module.network[each.key].id
  peer_vpc_id = module.network["A"].id
  auto_accept = true
}
output "networks" {
  value = module.network
}
output "ids" {
  value = { for k, n in module.network : k => n.id }
}
"#;

/// The forms of the language that random roots do not have.
const LANGUAGE: &str = r#"
variable "secret" {
  type      = string
  default   = "10.0.0.0/16"
  sensitive = true
}
variable "token" {
  type      = string
  default   = "t"
  ephemeral = true
}
check "blocks" {
  assert {
    condition     = aws_vpc.main.cidr_block != ""
    error_message = "no block"
  }
}
moved {
  from = aws_vpc.old
  to   = aws_vpc.main
}
removed {
  from = aws_vpc.gone
  lifecycle {
    destroy = false
  }
}
resource "aws_vpc" "main" {
  cidr_block         = var.secret
  enable_dns_support = false
  tags               = { Name = "base", Kept = "yes" }
  lifecycle {
    postcondition {
      condition     = self.cidr_block != ""
      error_message = "no block"
    }
  }
}
resource "aws_subnet" "all" {
  count      = 2
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(nonsensitive(var.secret), 8, count.index)
}
resource "aws_route_table" "main" {
  vpc_id = aws_vpc.main.id
  route  = [for b in aws_subnet.all.*.cidr_block : {
    cidr_block = "192.168.${index(aws_subnet.all.*.cidr_block, b)}.0/24", gateway_id = "igw-0123456789abcdef0"
    carrier_gateway_id = "", core_network_arn = "", destination_prefix_list_id = "", egress_only_gateway_id = ""
    ipv6_cidr_block = null, local_gateway_id = "", nat_gateway_id = "", network_interface_id = ""
    transit_gateway_id = "", vpc_endpoint_id = "", vpc_peering_connection_id = ""
  }]
}
resource "aws_security_group" "main" {
  name   = "main"
  vpc_id = aws_vpc.main.id
  ingress {
    from_port = 1
    to_port   = 1
    protocol  = "tcp"
  }
}
resource "aws_lb_listener_rule" "nested" {
  listener_arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/x/0123456789abcdef/0123456789abcdef"
  dynamic "action" {
    for_each = { a = "b" }
    iterator = outer
    content {
      type = "forward"
      dynamic "forward" {
        for_each = ["x"]
        iterator = inner
        content {
          dynamic "target_group" {
            for_each = [outer.value, inner.value]
            content {
              arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/${outer.key}${inner.key}${target_group.value}/0123456789abcdef"
            }
          }
        }
      }
    }
  }
  condition {
    host_header {
      values = [aws_subnet.all.0.cidr_block]
    }
  }
}
module "outer" {
  source    = "./outer"
  providers = { aws = aws, aws.far = aws.us }
}
"#;

/// A root with the forms of the language that random ones do not have.
pub(super) fn language() -> Files {
    let over = r#"
resource "aws_vpc" "main" {
  enable_dns_support = true
  tags               = { Name = "over" }
}
resource "aws_security_group" "main" {
  dynamic "ingress" {
    for_each = [53, 443]
    content {
      from_port = ingress.value
      to_port   = ingress.value
      protocol  = "udp"
    }
  }
}
"#;
    let json = r#"{"resource": {"aws_security_group": {"main": {"name": "${upper(\"json\")}"}}},
  "variable": {"secret": {"default": "10.3.0.0/16"}}}"#;
    let outer = r#"
terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.far]
    }
  }
}
module "inner" {
  source    = "../inner"
  providers = { aws = aws.far }
}
"#;
    let inner = "data \"aws_availability_zones\" \"never\" {\n  count = 0\n}\nresource \"aws_vpc\" \"far\" {\n  cidr_block = join(\"\", [\"10.8.0.0/16\"][*])\n}\n";
    let us = PROVIDER.replace("eu-west-1\"", "us-east-1\"\n  alias = \"us\"");
    let text = |text: &str| text.to_owned();
    BTreeMap::from([
        ("main.tf".to_owned(), format!("{PROVIDER}{us}{LANGUAGE}")),
        ("a_override.tf".to_owned(), text(over)),
        ("b_override.tf.json".to_owned(), text(json)),
        ("outer/main.tf".to_owned(), text(outer)),
        ("inner/main.tf".to_owned(), text(inner)),
    ])
}

/// Blocks of the root, each with `§` for what varies.
const BLOCKS: &[&str] = &[
    "resource \"aws_route53_zone\" \"§N\" {\n  for_each = toset([\"x§D.example\", \"a§D.example\"])\n  name = each.value\n  vpc {\n    vpc_id = module.one.id\n  }\n}\n",
    "resource \"aws_route53_resolver_endpoint\" \"§N\" {\n  direction = \"INBOUND\"\n  security_group_ids = module.one.groups\n  ip_address {\n    subnet_id = values(module.one.subnets)[0]\n  }\n  dynamic \"ip_address\" {\n    for_each = module.one.subnets\n    content {\n      subnet_id = ip_address.value\n      ip = cidrhost(cidrsubnet(module.one.cidr, 4, index(keys(module.one.subnets), ip_address.key)), 1§D)\n    }\n  }\n}\n",
    "resource \"aws_route53_resolver_rule\" \"§N\" {\n  count = var.rules\n  domain_name = \"d${count.index}.§N.example\"\n  rule_type = \"FORWARD\"\n  dynamic \"target_ip\" {\n    for_each = distinct(concat(tolist(var.targets), [\"10.0.0.§D\"]))\n    content {\n      ip = target_ip.value\n      port = \"5§D\"\n    }\n  }\n}\n",
    "resource \"aws_route\" \"§N\" {\n  count = length(module.one.tables)\n  route_table_id = module.one.tables[count.index]\n  destination_cidr_block = try(module.all.networks[\"B\"].cidr, \"10.7.§D.0/24\")\n  gateway_id = var.gateway\n}\n",
    "resource \"aws_security_group_rule\" \"§N\" {\n  for_each = { for p in setproduct([\"tcp\", \"udp\"], [53, §D]) : \"${p[0]}-${p[1]}\" => p }\n  type = \"ingress\"\n  protocol = each.value[0]\n  from_port = each.value[1]\n  to_port = each.value[1]\n  cidr_blocks = concat([module.one.cidr], var.targets == [] ? [] : [for t in var.targets : \"${t}/32\"])\n  security_group_id = one(module.one.groups)\n}\n",
    "resource \"aws_vpc_dhcp_options\" \"§N\" {\n  domain_name_servers = coalescelist(tolist(var.targets), [\"AmazonProvidedDNS\"])\n  domain_name = join(\".\", reverse(split(\".\", \"example.§N\")))\n}\nresource \"aws_vpc_dhcp_options_association\" \"§N\" {\n  vpc_id = module.one.id\n  dhcp_options_id = aws_vpc_dhcp_options.§N.id\n}\n",
    "resource \"aws_network_acl\" \"§N\" {\n  vpc_id = module.one.id\n  subnet_ids = values(module.one.subnets)\n  dynamic \"ingress\" {\n    for_each = { for i, c in module.one.cidrs : 100 + i * 10 => c }\n    content {\n      rule_no = ingress.key\n      action = \"allow\"\n      protocol = -1\n      from_port = 0\n      to_port = 0\n      cidr_block = ingress.value\n    }\n  }\n}\n",
    "resource \"aws_route_table\" \"§N\" {\n  vpc_id = module.one.id\n  route = [for i in range(§D % 3) : {\n    cidr_block = cidrsubnet(\"172.16.0.0/12\", 8, i)\n    gateway_id = \"igw-§D\"\n    carrier_gateway_id = null\n    core_network_arn = null\n    destination_prefix_list_id = null\n    egress_only_gateway_id = null\n    ipv6_cidr_block = null\n    local_gateway_id = null\n    nat_gateway_id = null\n    network_interface_id = null\n    transit_gateway_id = null\n    vpc_endpoint_id = null\n    vpc_peering_connection_id = null\n  }]\n}\n",
    "resource \"aws_ec2_transit_gateway\" \"§N\" {\n  amazon_side_asn = 64512 + §D\n  dns_support = contains(var.targets, \"10.0.0.1\") ? \"enable\" : \"disable\"\n}\nresource \"aws_ec2_transit_gateway_vpc_attachment\" \"§N\" {\n  count = signum(var.rules)\n  transit_gateway_id = aws_ec2_transit_gateway.§N.id\n  vpc_id = module.one.id\n  subnet_ids = slice(values(module.one.subnets), 0, 1)\n}\n",
    "resource \"aws_eks_cluster\" \"§N\" {\n  name = format(\"%s-%02d\", \"§N\", §D)\n  role_arn = \"arn:aws:iam::123456789012:role/x\"\n  vpc_config {\n    subnet_ids = [for k in sort(keys(module.one.subnets)) : module.one.subnets[k]]\n    endpoint_private_access = true\n    endpoint_public_access = !var.private\n    security_group_ids = var.private ? module.one.groups : []\n  }\n}\n",
    "resource \"aws_vpc\" \"§N\" {\n  for_each = { for o in jsondecode(file(\"${path.module}/nets.json\")) : o.name => o }\n  cidr_block = each.value.cidr\n  instance_tenancy = lookup(each.value, \"tenancy\", \"default\")\n  tags = { k = each.key, w = terraform.workspace, y = yamldecode(\"[a, §D]\")[1] }\n}\n",
    "resource \"aws_subnet\" \"§N\" {\n  count = var.private ? §D % 4 : 0\n  vpc_id = module.one.id\n  cidr_block = cidrsubnets(\"192.168.0.0/16\", 8, 8, 6, 8)[count.index]\n  map_public_ip_on_launch = !var.private\n}\noutput \"§N\" {\n  value = one(slice(aws_subnet.§N[*].cidr_block, 0, min(1, length(aws_subnet.§N))))\n}\n",
];

pub(super) fn root(random: &mut Random) -> Files {
    let mut main = PROVIDER.to_owned();
    main.push_str("variable \"rules\" {\n  type = number\n  default = \"1\"\n}\nvariable \"private\" {\n  type = bool\n  default = true\n}\nvariable \"gateway\" {\n  default = \"igw-0\"\n}\n");
    main.push_str("variable \"targets\" {\n  type = set(string)\n  default = []\n}\nvariable \"nets\" {\n  type = any\n  default = {}\n}\n");
    let zones = random.pick(&["[\"a\", \"b\"]", "[\"c\", \"a\", \"b\"]", "[\"b\"]"]);
    let options = random.pick(&[
        "null",
        "{}",
        "{ ports = [\"53\", 22, 53] }",
        "{ dns = \"false\", names = { n = 1 } }",
        "{ note = \"x\", other = 1 }",
    ]);
    let name = random.pick(&["one", "o-${var.rules}", "${upper(\"z\")}1"]);
    writeln!(main, "module \"one\" {{\n  source = \"./network\"\n  name = \"{name}\"\n  zones = {zones}\n  options = {options}\n}}").unwrap();
    let nets = random.pick(&[
        "{ b = { cidr = \"10.2.0.0/16\" }, a = { cidr = \"10.1.0.0/16\", zones = [\"c\"] } }",
        "merge({ a = { cidr = \"10.1.0.0/16\" } }, { for i in range(3) : \"n${i}\" => { cidr = \"10.${i + 8}.0.0/16\", ports = [i] } })",
    ]);
    writeln!(main, "module \"all\" {{\n  source = \"./wrapper\"\n  networks = {nets}\n}}").unwrap();
    for number in 0..random.below(4) + 4 {
        let block = random.pick(BLOCKS);
        let digit = random.range(1, 9).to_string();
        main.push_str(&block.replace("§N", &format!("r{number}")).replace("§D", &digit));
    }
    let mut files = Files::new();
    files.insert("main.tf".into(), main);
    files.insert("network/main.tf".into(), NETWORK.into());
    files.insert("wrapper/main.tf".into(), WRAPPER.into());
    files.insert("nets.json".into(), "[{\"name\": \"q\", \"cidr\": \"10.50.0.0/16\"}, {\"name\": \"p\", \"cidr\": \"10.51.0.0/16\", \"tenancy\": \"dedicated\"}]\n".into());
    files.insert(
        "terraform.tfvars".into(),
        format!("rules = {}\ngateway = \"igw-tfvars\"\n", random.range(0, 3)),
    );
    if random.below(2) == 0 {
        files.insert(
            "b.auto.tfvars".into(),
            "targets = [\"10.0.0.2\", \"10.0.0.1\", \"10.0.0.2\"]\nprivate = \"false\"\n".into(),
        );
        files.insert(
            "a.auto.tfvars.json".into(),
            "{\"targets\": [\"10.0.0.9\"], \"rules\": \"2\"}\n".into(),
        );
    }
    files
}
