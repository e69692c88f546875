//! Resources: references, expansion, blocks, places.

use super::load;
use crate::graph::Value;
use crate::unknown::Why;

#[test]
fn configured_attributes_are_values_and_others_are_symbols() {
    let loaded = load(&[(
        "main.tf",
        r#"
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  count      = 2
  vpc_id     = aws_vpc.v.id
  cidr_block = cidrsubnet(aws_vpc.v.cidr_block, 8, count.index)
}
resource "aws_subnet" "f" {
  for_each = toset(["a", "b"])
  vpc_id   = resource.aws_vpc.v.id
}
resource "aws_eks_cluster" "c" {
  name = "c"
  vpc_config {
    subnet_ids              = aws_subnet.s[*].id
    endpoint_private_access = true
  }
}
resource "aws_route53_resolver_endpoint" "in" {
  ip_address { subnet_id = aws_subnet.s[0].id }
  ip_address {
    subnet_id = aws_subnet.s[1].id
    ip        = "10.0.1.10"
  }
}
resource "aws_x" "x" {
  ids    = [for s in aws_subnet.f : s.id]
  vals   = values(aws_subnet.f)[*].id
  sg     = aws_eks_cluster.c.vpc_config[0].cluster_security_group_id
  host   = trimprefix(aws_eks_cluster.c.endpoint, "https://")
  access = aws_eks_cluster.c.vpc_config[0].endpoint_private_access
  ips    = aws_route53_resolver_endpoint.in.ip_address[*].ip
  first  = tolist(aws_route53_resolver_endpoint.in.ip_address)[0].ip
  cidrs  = aws_subnet.s.*.cidr_block
  legacy = aws_subnet.s.1.id
  null   = null
}
"#,
    )]);
    let entry = |name: &str| loaded.entry("aws_x.x", name);
    assert_eq!(loaded.entry("aws_subnet.s[1]", "cidr_block"), "\"10.0.1.0/24\"");
    assert_eq!(loaded.entry("aws_subnet.f[\"a\"]", "vpc_id"), "<aws_vpc.v.id>");
    assert_eq!(entry("ids"), "[<aws_subnet.f[\"a\"].id>, <aws_subnet.f[\"b\"].id>]");
    assert_eq!(entry("vals"), entry("ids"));
    assert_eq!(entry("sg"), "<aws_eks_cluster.c.vpc_config[0].cluster_security_group_id>");
    assert_eq!(entry("host"), "<trimprefix(aws_eks_cluster.c.endpoint, \"https://\")>");
    assert_eq!(entry("access"), "true");
    assert_eq!(
        entry("ips"),
        "[<aws_route53_resolver_endpoint.in.ip_address[0].ip>, \"10.0.1.10\"]"
    );
    assert_eq!(entry("first"), "<aws_route53_resolver_endpoint.in.ip_address[0].ip>");
    assert_eq!(entry("cidrs"), "[\"10.0.0.0/24\", \"10.0.1.0/24\"]");
    assert_eq!(entry("legacy"), "<aws_subnet.s[1].id>");
    assert_eq!(entry("null"), "absent");
}

#[test]
fn open_families_have_one_open_instance() {
    let loaded = load(&[(
        "main.tf",
        r#"
variable "n" {}
variable "on" {}
variable "m" {}
resource "aws_a" "count" { count = var.n }
resource "aws_a" "maybe" { count = var.on ? 1 : 0 }
resource "aws_a" "none" { count = false ? 1 : 0 }
resource "aws_a" "each" { for_each = var.m }
resource "aws_a" "arms" { for_each = var.on ? toset(["p"]) : [] }
resource "aws_a" "syms" {
  for_each = toset([var.n, var.on])
  key      = each.value
}
resource "aws_x" "x" {
  count = 1
  a = aws_a.count[0].id
  b = aws_a.maybe[0].id
  c = one(aws_a.none[*].id)
  d = try(aws_a.none[0].id, "none")
  e = aws_a.each["k"].id
  f = try(aws_a.maybe[0].id, null)
  g = aws_a.syms[var.n].id
  h = length(aws_a.none)
  i = aws_a.arms["p"].id
}
"#,
    )]);
    let addresses = loaded.addresses();
    for address in [
        "aws_a.count[?]",
        "aws_a.maybe[0]",
        "aws_a.each[?]",
        "aws_a.syms[var.n]",
        "aws_a.syms[var.on]",
    ] {
        assert!(addresses.contains(&address), "{addresses:?}");
    }
    assert!(loaded.resource("aws_a.count[?]").exists.is_err());
    assert!(loaded.resource("aws_a.maybe[0]").exists.is_err());
    assert!(loaded.resource("aws_a.syms[var.n]").exists.is_ok());
    assert!(!addresses.iter().any(|address| address.contains("none")));
    let entry = |name: &str| loaded.entry("aws_x.x[0]", name);
    assert_eq!(entry("b"), "<aws_a.maybe[0].id>");
    assert_eq!(entry("c"), "absent");
    assert_eq!(entry("d"), "\"none\"");
    assert_eq!(entry("f"), "<try(aws_a.maybe[0].id, null)>");
    assert_eq!(entry("g"), "<aws_a.syms[var.n].id>");
    assert_eq!(entry("h"), "0");
    assert_eq!(entry("i"), "<aws_a.arms[\"p\"].id>");
    assert!(loaded.resource("aws_a.arms[\"p\"]").exists.is_err());
    // Elements of an open family equal nothing else, yet keep their identity.
    assert_ne!(entry("a"), entry("e"));
    let Value::Unknown(symbol) = &loaded.resource("aws_x.x[0]").body.get("a").unwrap().value else {
        panic!()
    };
    let found = loaded.graph.resources.iter().position(|it| &*it.address == "aws_a.count[?]");
    let id = crate::unknown::ResourceId(u32::try_from(found.unwrap()).unwrap());
    assert!(symbol.mentions(id));
}

#[test]
fn dynamic_blocks_are_expanded() {
    let loaded = load(&[(
        "main.tf",
        r#"
variable "rules" {}
resource "aws_sg" "a" {
  ingress { from_port = 1 }
  dynamic "ingress" {
    for_each = { x = [1, 2], y = [3] }
    iterator = it
    content {
      name = it.key
      dynamic "inner" {
        for_each = it.value
        content { port = inner.value }
      }
    }
  }
}
resource "aws_sg" "open" {
  dynamic "ingress" {
    for_each = var.rules
    content { from_port = ingress.value.port }
  }
}
resource "aws_sg" "empty" {
  dynamic "ingress" {
    for_each = []
    content {}
  }
}
"#,
    )]);
    assert_eq!(
        loaded.entry("aws_sg.a", "ingress"),
        "[{from_port=1}, {inner=[{port=1}, {port=2}], name=\"x\"}, {inner=[{port=3}], name=\"y\"}]"
    );
    assert_eq!(loaded.entry("aws_sg.open", "ingress"), "[..var.rules]");
    assert_eq!(loaded.entry("aws_sg.empty", "ingress"), "absent");
}

#[test]
fn ignored_changes_are_open() {
    let loaded = load(&[(
        "main.tf",
        r#"
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
  tags       = { a = "b" }
  lifecycle { ignore_changes = [cidr_block, ingress, tags["a"]] }
}
resource "aws_vpc" "all" {
  cidr_block = "10.0.0.0/16"
  lifecycle { ignore_changes = all }
}
resource "aws_x" "x" { c = aws_vpc.v.cidr_block }
"#,
    )]);
    assert_eq!(loaded.entry("aws_vpc.v", "cidr_block"), "<aws_vpc.v.cidr_block>");
    assert_eq!(loaded.entry("aws_vpc.v", "ingress"), "<aws_vpc.v.ingress>");
    assert_eq!(loaded.entry("aws_vpc.all", "cidr_block"), "<aws_vpc.all.cidr_block>");
    let Value::Unknown(symbol) = &loaded.resource("aws_x.x").body.get("c").unwrap().value else {
        panic!()
    };
    assert_eq!(symbol.unknown().inputs().next().unwrap().why, Why::IgnoredChanges);
}

#[test]
fn spans_are_the_exact_text() {
    let loaded = load(&[(
        "main.tf",
        "resource \"aws_vpc\"   \"main\" {\n  cidr_block = \"10.0.0.0/16\" # é\n  name = upper( \"é\" )\n  vpc {\n    id = local.x\n  }\n  dynamic \"d\" {\n    for_each = [1]\n    content {}\n  }\n  list = [ \"a\", local.x ]\n}\nlocals {\n  x = \"y\"\n}\n",
    )]);
    let sources = loaded.workspace.sources();
    let resource = loaded.resource("aws_vpc.main");
    assert_eq!(sources.text(resource.span), "resource \"aws_vpc\"   \"main\"");
    let text = |name: &str| loaded.text("aws_vpc.main", name);
    assert_eq!(text("cidr_block"), "\"10.0.0.0/16\"");
    assert_eq!(text("name"), "upper( \"é\" )");
    assert_eq!(text("vpc"), "vpc");
    assert_eq!(text("d"), "dynamic \"d\"");
    let Value::List { items, .. } = &resource.body.get("list").unwrap().value else { panic!() };
    assert_eq!(sources.text(items[0].span), "\"a\"");
    assert_eq!(sources.text(items[1].span), "local.x");
    let Value::List { items, .. } = &resource.body.get("vpc").unwrap().value else { panic!() };
    let Value::Map(map) = &items[0].value else { panic!() };
    assert_eq!(sources.text(map.entries.get("id").unwrap().span), "local.x");
}

#[test]
fn data_sources_are_symbols_of_what_is_read() {
    let loaded = load(&[(
        "main.tf",
        r#"
data "aws_vpc" "v" { id = "vpc-1" }
data "aws_subnets" "s" {}
resource "aws_x" "x" {
  id    = data.aws_vpc.v.id
  cidr  = data.aws_vpc.v.cidr_block
  first = data.aws_subnets.s.ids[0]
  all   = [for id in data.aws_subnets.s.ids : id]
}
"#,
    )]);
    assert_eq!(loaded.entry("aws_x.x", "id"), "\"vpc-1\"");
    assert_eq!(loaded.entry("aws_x.x", "cidr"), "<data.aws_vpc.v.cidr_block>");
    assert_eq!(loaded.entry("aws_x.x", "first"), "<data.aws_subnets.s.ids[0]>");
    assert_eq!(loaded.entry("aws_x.x", "all"), "[..data.aws_subnets.s.ids]");
}
