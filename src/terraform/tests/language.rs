//! Types, sets, templates and files in whole roots.

use super::load;
use crate::unknown::Why;

#[test]
fn what_is_not_given_is_no_null() {
    let loaded = load(&[(
        "main.tf",
        "variable \"o\" {\n  type = object({ a = string, b = optional(string) })\n  default = {}\n}\n\
         resource \"aws_subnet\" \"s\" {\n  availability_zone = null\n}\nresource \"aws_x\" \"x\" {\n  \
         zone = aws_subnet.s.availability_zone == null\n  a = var.o.a == null\n}",
    )]);
    for name in ["zone", "a"] {
        assert!(loaded.entry("aws_x.x", name).starts_with('<'), "{name}");
    }
}

#[test]
fn nested_types_have_defaults_and_conversions() {
    let loaded = load(&[
        (
            "main.tf",
            r#"
variable "nets" {
  type = map(object({
    cidr = string
    ports = optional(list(number), ["53"])
    dns = optional(object({ on = optional(bool, "true"), zone = optional(string) }), {})
  }))
  default = { a = { cidr = "10.0.0.0/8", extra = 1 }, b = { cidr = 5, dns = { zone = "z" }, ports = null } }
}
variable "nul" {
  type     = set(string)
  default  = ["b", "a", "b"]
  nullable = false
}
module "m" {
  source = "./m"
  set    = null
  keep   = null
}
resource "aws_x" "x" {
  nets  = var.nets
  set   = var.nul
  arms  = true ? [1] : ["a"]
  more  = false ? { a = 1 } : { b = "x", c = true }
  same  = tolist(["a"]) == ["a"]
  empty = var.nul == [] ? "yes" : "no"
  big   = 9007199254740993 + 1
  m     = module.m.set
  k     = module.m.keep == null
}
"#,
        ),
        (
            "m/main.tf",
            "variable \"set\" {\n  type = list(string)\n  default = [1]\n  nullable = false\n}\nvariable \"keep\" {\n  default = 1\n}\noutput \"set\" { value = var.set }\noutput \"keep\" { value = var.keep }\n",
        ),
    ]);
    let entry = |name: &str| loaded.entry("aws_x.x", name);
    assert_eq!(
        entry("nets"),
        "{a={cidr=\"10.0.0.0/8\", dns={on=true, zone=null}, ports=[53]}, b={cidr=\"5\", dns={on=true, zone=\"z\"}, ports=[53]}}"
    );
    assert_eq!(entry("set"), "[\"a\", \"b\"]");
    assert_eq!(entry("arms"), "[\"1\"]");
    assert_eq!(entry("more"), "{b=\"x\", c=\"true\"}");
    assert_eq!(entry("same"), "false");
    assert_eq!(entry("empty"), "\"no\"");
    assert_eq!(entry("big"), "9007199254740994");
    assert_eq!(entry("m"), "[\"1\"]");
    assert_eq!(entry("k"), "true");
}

#[test]
fn attribute_syntax_has_the_shape_of_blocks() {
    let loaded = load(&[(
        "main.tf",
        r#"
resource "aws_route_table" "a" {
  route = [{ cidr_block = "0.0.0.0/0", gateway_id = "igw-1", nat_gateway_id = null }]
}
resource "aws_route_table" "b" {
  route {
    cidr_block     = "0.0.0.0/0"
    gateway_id     = "igw-1"
    nat_gateway_id = null
  }
}
moved {
  from = aws_route_table.old
  to   = aws_route_table.a
}
import {
  to = aws_route_table.b
  id = "rtb-1"
}
removed {
  from = aws_route_table.gone
  lifecycle { destroy = false }
}
check "c" {
  assert {
    condition     = true
    error_message = "no"
  }
}
"#,
    )]);
    assert_eq!(loaded.addresses(), ["aws_route_table.a", "aws_route_table.b"]);
    let route = loaded.entry("aws_route_table.a", "route");
    assert_eq!(route, loaded.entry("aws_route_table.b", "route"));
    assert_eq!(route, "[{cidr_block=\"0.0.0.0/0\", gateway_id=\"igw-1\"}]");
    assert!(loaded.graph.problems.is_empty() && loaded.graph.gaps.is_empty());
}

#[test]
fn files_are_read_inside_the_workspace_only() {
    let loaded = load(&[
        (
            "main.tf",
            r#"
module "m" {
  source = "./mods/m"
}
resource "aws_x" "x" {
  text    = file("data/a.txt")
  missing = try(file("nope.txt"), "none")
  outside = file("../../../../../../etc/hostname")
  there   = [fileexists("data/a.txt"), fileexists("data/b.txt")]
  set     = fileset("data", "**/*.txt")
  list    = fileset(path.module, "data/*.{txt,yaml}")
  yaml    = yamldecode(file("data/c.yaml")).vpcs[1].cidr
  tpl     = templatefile("${path.module}/data/t.tftpl", { names = ["a", "b"], x = 1 })
  closed  = try(templatefile("data/bad.tftpl", {}), "closed")
  module  = module.m.path
  text64  = filebase64("data/a.txt")
}
"#,
        ),
        ("data/a.txt", "hello"),
        ("data/sub/b.txt", ""),
        ("data/c.yaml", "# vpcs\nvpcs:\n  - &a {cidr: 10.0.0.0/16}\n  - <<: *a\n"),
        ("data/t.tftpl", "%{ for n in names ~}\n- ${n}${x}\n%{ endfor ~}\nend\n"),
        ("data/bad.tftpl", "${path.module}"),
        ("mods/m/main.tf", "output \"path\" { value = path.module }\n"),
    ]);
    let entry = |name: &str| loaded.entry("aws_x.x", name);
    assert_eq!(entry("text"), "\"hello\"");
    assert_eq!(entry("missing"), "\"none\"");
    assert_eq!(entry("there"), "[true, false]");
    assert_eq!(entry("set"), "[\"a.txt\", \"sub/b.txt\"]");
    assert_eq!(entry("list"), "[\"data/a.txt\", \"data/c.yaml\"]");
    assert_eq!(entry("yaml"), "\"10.0.0.0/16\"");
    assert_eq!(entry("tpl"), "\"- a1\\n- b1\\nend\\n\"");
    assert_eq!(entry("closed"), "\"closed\"");
    assert_eq!(entry("module"), "\"mods/m\"");
    assert_eq!(entry("text64"), "\"aGVsbG8=\"");
    let crate::graph::Value::Unknown(symbol) =
        &loaded.resource("aws_x.x").body.get("outside").unwrap().value
    else {
        panic!("{}", entry("outside"))
    };
    let why = symbol.unknown().inputs().next().unwrap().why.clone();
    assert_eq!(why, Why::NotEvaluated("a file outside the workspace".into()));
}
