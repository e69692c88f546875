//! Modules: calls, roots, outputs, providers.

use super::super::Project;
use super::{load, show};
use crate::source::Workspace;
use crate::unknown::Why;

#[test]
fn hub_and_spoke_use_each_others_outputs() {
    let loaded = load(&[
        (
            "main.tf",
            r#"
module "hub" {
  source   = "./hub"
  spoke_id = module.spoke.vpc_id
}
module "spoke" {
  source = "./spoke"
  tgw_id = module.hub.tgw_id
}
"#,
        ),
        (
            "hub/main.tf",
            r#"
variable "spoke_id" {}
resource "aws_ec2_transit_gateway" "this" {}
resource "aws_x" "y" { vpc_id = var.spoke_id }
output "tgw_id" { value = aws_ec2_transit_gateway.this.id }
"#,
        ),
        (
            "spoke/main.tf",
            r#"
variable "tgw_id" {}
resource "aws_vpc" "this" { cidr_block = "10.0.0.0/16" }
resource "aws_route" "r" { transit_gateway_id = var.tgw_id }
output "vpc_id" { value = aws_vpc.this.id }
"#,
        ),
    ]);
    assert_eq!(loaded.graph.problems.len(), 0);
    assert_eq!(loaded.entry("module.hub.aws_x.y", "vpc_id"), "<module.spoke.aws_vpc.this.id>");
    assert_eq!(
        loaded.entry("module.spoke.aws_route.r", "transit_gateway_id"),
        "<module.hub.aws_ec2_transit_gateway.this.id>"
    );
}

#[test]
fn for_each_keys_stand_in_addresses() {
    let loaded = load(&[
        (
            "main.tf",
            r#"
module "a" {
  source   = "./m"
  for_each = { x = "10.0.0.0/16", y = "10.1.0.0/16" }
  cidr     = each.value
}
resource "aws_x" "ids" {
  one = module.a["x"].id
  all = [for k, m in module.a : m.cidr]
  map = { for k, m in module.a : k => m.id }
}
"#,
        ),
        (
            "m/main.tf",
            r#"
variable "cidr" {}
resource "aws_vpc" "this" {
  count      = 1
  cidr_block = var.cidr
}
output "id" { value = one(aws_vpc.this[*].id) }
output "cidr" { value = aws_vpc.this[0].cidr_block }
"#,
        ),
    ]);
    assert!(loaded.addresses().contains(&"module.a[\"x\"].aws_vpc.this[0]"));
    assert_eq!(loaded.entry("aws_x.ids", "one"), "<module.a[\"x\"].aws_vpc.this[0].id>");
    assert_eq!(loaded.entry("aws_x.ids", "all"), "[\"10.0.0.0/16\", \"10.1.0.0/16\"]");
    assert_eq!(
        loaded.entry("aws_x.ids", "map"),
        "{x=<module.a[\"x\"].aws_vpc.this[0].id>, y=<module.a[\"y\"].aws_vpc.this[0].id>}"
    );
}

#[test]
fn an_unresolved_module_is_a_gap_and_its_outputs_keep_their_identity() {
    let loaded = load(&[(
        "main.tf",
        r#"
resource "aws_security_group" "s" {}
module "vpc" {
  source = "acme/vpc/aws"
  sg     = aws_security_group.s.id
}
resource "aws_x" "a" {
  vpc     = module.vpc.vpc_id
  same    = module.vpc.vpc_id == module.vpc.vpc_id
  subnets = slice(module.vpc.private_subnets, 0, 2)
}
"#,
    )]);
    let gap = &loaded.graph.gaps[0];
    assert_eq!(&*gap.name, "module.vpc");
    assert_eq!(loaded.workspace.sources().text(gap.span), "\"acme/vpc/aws\"");
    let given: Vec<String> =
        gap.given.iter().flatten().map(std::string::ToString::to_string).collect();
    assert_eq!(given, ["aws_security_group.s.id"]);
    assert_eq!(loaded.entry("aws_x.a", "vpc"), "<module.vpc.vpc_id>");
    assert_eq!(loaded.entry("aws_x.a", "same"), "true");
    assert_eq!(
        loaded.entry("aws_x.a", "subnets"),
        "[<module.vpc.private_subnets[0]>, <module.vpc.private_subnets[1]>]"
    );
}

#[test]
fn an_installed_module_is_used() {
    let loaded = load(&[
        (
            "main.tf",
            "module \"v\" {\n  source = \"org/v/aws\"\n}\nresource \"aws_x\" \"a\" { c = module.v.c }",
        ),
        (
            ".terraform/modules/modules.json",
            r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"v","Source":"registry.terraform.io/org/v/aws","Version":"1.0.0","Dir":".terraform/modules/v"}]}"#,
        ),
        (".terraform/modules/v/main.tf", "output \"c\" { value = \"10.0.0.0/8\" }"),
    ]);
    assert_eq!(loaded.entry("aws_x.a", "c"), "\"10.0.0.0/8\"");
    assert!(loaded.graph.gaps.is_empty());
}

#[test]
fn an_installed_module_belongs_to_its_call() {
    let call = "module \"c\" {\n  source = \"org/c/aws\"\n}\noutput \"c\" { value = module.c.c }";
    let both = "module \"a\" { source = \"./a\" }\nmodule \"b\" { source = \"./b\" }\n\
                resource \"aws_x\" \"x\" {\n  a = module.a.c\n  b = module.b.c\n}";
    let key = |key: &str| {
        format!(r#"{{"Key":"{key}","Source":"org/c/aws","Dir":".terraform/modules/{key}"}}"#)
    };
    let installed = format!(r#"{{"Modules":[{},{}]}}"#, key("a.c"), key("b.c"));
    let loaded = load(&[
        ("main.tf", both),
        ("a/main.tf", call),
        ("b/main.tf", call),
        (".terraform/modules/modules.json", &installed),
        (".terraform/modules/a.c/main.tf", "output \"c\" { value = 1 }"),
        (".terraform/modules/b.c/main.tf", "output \"c\" { value = 2 }"),
    ]);
    assert_eq!(
        (loaded.entry("aws_x.x", "a"), loaded.entry("aws_x.x", "b")),
        ("1".into(), "2".into())
    );
}

#[test]
fn what_is_in_an_open_module_may_not_exist() {
    let loaded = load(&[
        ("main.tf", "variable \"n\" {}\nmodule \"a\" {\n  source = \"./a\"\n  count = var.n\n}"),
        ("a/main.tf", "module \"b\" { source = \"./b\" }"),
        ("a/b/main.tf", "resource \"aws_vpc\" \"v\" {}"),
    ]);
    assert_eq!(loaded.addresses().len(), 1);
    assert!(loaded.graph.resources[0].exists.is_err());
}

#[test]
fn a_module_that_calls_itself_is_a_problem() {
    let loaded = load(&[
        ("main.tf", "module \"a\" { source = \"./a\" }"),
        ("a/main.tf", "module \"b\" { source = \"../a\" }\nresource \"aws_vpc\" \"v\" {}"),
    ]);
    assert_eq!(loaded.graph.problems.len(), 1);
    assert!(loaded.addresses().contains(&"module.a.aws_vpc.v"));
}

#[test]
fn a_source_outside_the_workspace_is_not_read() {
    let loaded = load(&[("main.tf", "module \"a\" { source = \"../../etc\" }")]);
    let gap = &loaded.graph.gaps[0];
    let why = &gap.unknown.inputs().next().unwrap().why;
    assert!(matches!(why, Why::NotEvaluated(_)), "{why:?}");
}

#[test]
fn variables_take_defaults_types_and_tfvars() {
    let loaded = load(&[
        (
            "main.tf",
            r#"
variable "port" {
  type    = number
  default = "53"
}
variable "open" {}
variable "set" {}
variable "vpc" {
  type = object({ cidr = string, dns = optional(bool, true), name = optional(string) })
  default = { cidr = "10.0.0.0/16" }
}
module "m" {
  source = "./m"
  given  = null
}
resource "aws_x" "a" {
  port = var.port
  open = var.open
  set  = var.set
  dns  = var.vpc.dns
  name = var.vpc.name == null
  m    = module.m
  miss = module.m.missing
}
"#,
        ),
        ("terraform.tfvars", "set = \"first\"\n"),
        ("b.auto.tfvars", "set = \"second\"\n"),
        ("other.tfvars", "open = \"never read\"\n"),
        (
            "m/main.tf",
            "variable \"given\" {\n  nullable = false\n  default = \"d\"\n}\nvariable \"missing\" {}\noutput \"o\" { value = var.given }\noutput \"missing\" { value = var.missing }",
        ),
    ]);
    assert_eq!(loaded.entry("aws_x.a", "port"), "53");
    assert_eq!(loaded.entry("aws_x.a", "open"), "<var.open>");
    assert_eq!(loaded.entry("aws_x.a", "set"), "\"second\"");
    assert_eq!(loaded.entry("aws_x.a", "dns"), "true");
    assert_eq!(loaded.entry("aws_x.a", "name"), "true");
    assert_eq!(loaded.entry("aws_x.a", "miss"), "<module.m.var.missing>");
}

#[test]
fn providers_give_region_and_account() {
    let loaded = load(&[
        (
            "main.tf",
            r#"
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "us"
  region = "us-east-1"
}
provider "aws" {
  alias  = "hub"
  region = var.region
  assume_role { role_arn = "arn:aws:iam::111111111111:role/r" }
}
provider "aws" {
  alias   = "p"
  profile = "p"
}
variable "region" {}
resource "aws_vpc" "default" {}
resource "aws_vpc" "us" { provider = aws.us }
resource "aws_vpc" "p" { provider = "aws.p" }
resource "aws_vpc" "own" { region = "ap-south-1" }
module "m" {
  source    = "./m"
  providers = { aws = aws.hub, aws.peer = aws.us }
}
"#,
        ),
        (
            "m/main.tf",
            r#"
resource "aws_vpc" "hub" {}
resource "aws_vpc" "peer" { provider = aws.peer }
"#,
        ),
    ]);
    let place = |address: &str| {
        let resource = loaded.resource(address);
        format!("{} {}", show(&resource.region), resource.account)
    };
    assert_eq!(place("aws_vpc.default"), "\"eu-west-1\" ");
    assert_eq!(place("aws_vpc.us"), "\"us-east-1\" ");
    assert_eq!(place("aws_vpc.p"), "<provider.aws.region> aws.p");
    assert_eq!(place("aws_vpc.own"), "\"ap-south-1\" ");
    assert_eq!(place("module.m.aws_vpc.hub"), "<var.region> 111111111111");
    assert_eq!(place("module.m.aws_vpc.peer"), "\"us-east-1\" ");
}

#[test]
fn roots_are_folders_that_nobody_calls() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("live/main.tf", "module \"a\" { source = \"../modules/a\" }"),
        ("modules/a/main.tf", ""),
        ("loop/x/main.tf", "module \"y\" { source = \"../y\" }"),
        ("loop/y/main.tf", "module \"x\" { source = \"../x\" }"),
    ] {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let workspace = Workspace::new(folder.path(), folder.path()).unwrap();
    let folders = ["live", "modules/a", "loop/x", "loop/y"].map(|it| folder.path().join(it));
    let roots = Project::parse(&workspace, &folders, &[]).roots();
    let names: Vec<String> = roots.iter().map(|root| workspace.display(root)).collect();
    assert_eq!(names, ["live", "loop/x", "loop/y"]);
}

#[test]
fn json_is_read_like_the_native_syntax() {
    let loaded = load(&[
        (
            "main.tf.json",
            r#"{
  "variable": {"ports": {"type": "list(number)", "default": ["53"]}},
  "locals": {"cidr": "10.0.0.0/${8 + 8}"},
  "provider": {"aws": [{"region": "eu-west-1"}, {"alias": "us", "region": "us-east-1"}]},
  "resource": {"aws_vpc": {"v": {
    "cidr_block": "${local.cidr}",
    "provider": "aws.us",
    "tags": {"Name": "x-${upper(\"a\")}"},
    "block": {"id": "${aws_vpc.v.id}"},
    "dynamic": {"rule": {"for_each": "${var.ports}", "content": {"port": "${rule.value}"}}}
  }}},
  "module": {"m": {"source": "./m", "x": true}}
}"#,
        ),
        ("terraform.tfvars.json", r#"{"ports": [1, 2]}"#),
        (
            "m/main.tf.json",
            r#"{"variable": {"x": {}}, "resource": {"aws_a": {"a": {"x": "${var.x}"}}}}"#,
        ),
    ]);
    assert!(loaded.graph.problems.is_empty() && loaded.graph.gaps.is_empty());
    assert_eq!(loaded.entry("aws_vpc.v", "cidr_block"), "\"10.0.0.0/16\"");
    assert_eq!(loaded.text("aws_vpc.v", "cidr_block"), "\"${local.cidr}\"");
    assert_eq!(loaded.entry("aws_vpc.v", "tags"), "{Name=\"x-A\"}");
    assert_eq!(loaded.entry("aws_vpc.v", "block"), "[{id=<aws_vpc.v.id>}]");
    assert_eq!(loaded.entry("aws_vpc.v", "rule"), "[{port=1}, {port=2}]");
    assert_eq!(show(&loaded.resource("aws_vpc.v").region), "\"us-east-1\"");
    assert_eq!(loaded.entry("module.m.aws_a.a", "x"), "true");
}

#[test]
fn overrides_are_merged() {
    let loaded = load(&[
        ("main.tf", "resource \"aws_vpc\" \"v\" {\n  cidr_block = \"10.0.0.0/16\"\n  x = 1\n}"),
        ("a_override.tf", "resource \"aws_vpc\" \"v\" {\n  cidr_block = \"10.1.0.0/16\"\n}"),
    ]);
    assert_eq!(loaded.entry("aws_vpc.v", "cidr_block"), "\"10.1.0.0/16\"");
    assert_eq!(loaded.entry("aws_vpc.v", "x"), "1");
}

#[test]
fn each_kind_of_override_and_shadow() {
    let loaded = load(&[
        (
            "main.tf",
            "resource \"aws_vpc\" \"v\" {\n  a = 1\n  b = 1\n  route { x = 1 }\n  route { x = 2 }\n}\n\
             variable \"v\" {\n  type = string\n  default = 1\n}\nlocals {\n  l = 1\n}\nmodule \"m\" {\n  \
             source = \"./m\"\n  x = 1\n}\nresource \"aws_vpc\" \"w\" {\n  v = var.v\n  l = local.l\n}\n",
        ),
        ("other.tf", "resource \"aws_vpc\" \"shadowed\" {}\n"),
        ("other.tofu", "resource \"aws_vpc\" \"shadow\" {}\n"),
        (
            "override.tf",
            "resource \"aws_vpc\" \"v\" {\n  dynamic \"route\" {\n    for_each = [3]\n    content {\n      \
             x = route.value\n    }\n  }\n}\nlocals {\n  l = 2\n}\n",
        ),
        (
            "z_override.tf.json",
            r#"{"resource": {"aws_vpc": {"v": {"b": 2}}}, "module": {"m": {"x": 2}}, "variable": {"v": {"default": 2}}}"#,
        ),
        ("m/main.tf", "variable \"x\" {}\nresource \"aws_vpc\" \"x\" {\n  x = var.x\n}\n"),
    ]);
    assert!(loaded.graph.problems.is_empty(), "{:?}", loaded.graph.problems);
    let entry = |address: &str, name: &str| loaded.entry(address, name);
    assert_eq!((entry("aws_vpc.v", "a"), entry("aws_vpc.v", "b")), ("1".into(), "2".into()));
    assert_eq!(entry("aws_vpc.v", "route"), "[{x=3}]");
    assert_eq!((entry("aws_vpc.w", "v"), entry("aws_vpc.w", "l")), ("\"2\"".into(), "2".into()));
    assert_eq!(entry("module.m.aws_vpc.x", "x"), "2");
    assert!(loaded.addresses().contains(&"aws_vpc.shadow"));
    assert!(!loaded.addresses().contains(&"aws_vpc.shadowed"));
}

#[test]
fn aliases_pass_two_levels() {
    let alias = "provider \"aws\" {\n  region = \"eu-west-1\"\n}\nprovider \"aws\" {\n  alias = \"hub\"\n  \
                 region = \"us-east-1\"\n  assume_role {\n    role_arn = \
                 \"arn:aws:iam::111111111111:role/r\"\n  }\n}\n";
    let call = |source: &str, providers: &str| {
        format!("module \"m\" {{\n  source = \"{source}\"\n  providers = {{ {providers} }}\n}}\n")
    };
    let loaded = load(&[
        ("main.tf", &format!("{alias}{}", call("./a", "aws = aws, aws.far = aws.hub"))),
        ("a/main.tf", &call("../b", "aws = aws.far, aws.near = aws")),
        (
            "b/main.tf",
            "resource \"aws_vpc\" \"far\" {}\nresource \"aws_vpc\" \"near\" {\n  provider = aws.near\n}\n",
        ),
    ]);
    let far = loaded.resource("module.m.module.m.aws_vpc.far");
    assert_eq!((show(&far.region).as_str(), &*far.account), ("\"us-east-1\"", "111111111111"));
    let near = loaded.resource("module.m.module.m.aws_vpc.near");
    assert_eq!((show(&near.region).as_str(), &*near.account), ("\"eu-west-1\"", ""));
}

#[test]
fn what_is_ephemeral_or_from_a_provider_is_open() {
    let loaded = load(&[(
        "main.tf",
        "ephemeral \"aws_secretsmanager_secret_version\" \"s\" {\n  secret_id = \"x\"\n}\nvariable \"e\" {\n  \
         type = string\n  ephemeral = true\n}\nimport {\n  to = aws_vpc.v\n  id = \"vpc-1\"\n}\n\
         resource \"aws_vpc\" \"v\" {\n  a = provider::aws::arn_parse(\"arn:x\").account\n  b = \
         ephemeral.aws_secretsmanager_secret_version.s.secret_string\n  c = var.e\n}\n",
    )]);
    for name in ["a", "b", "c"] {
        assert!(
            loaded.entry("aws_vpc.v", name).starts_with('<'),
            "{}",
            loaded.entry("aws_vpc.v", name)
        );
    }
    let reason = loaded.resource("aws_vpc.v").body.get("b").unwrap().value.clone();
    let crate::graph::Value::Unknown(symbol) = reason else { panic!() };
    assert!(!symbol.unknown().to_string().contains("not valid"), "{}", symbol.unknown());
}
