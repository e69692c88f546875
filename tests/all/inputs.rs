//! Values of variables from outside: precedence, types, what is wrong with them, environments.

use crate::support::Tree;

const ROOT: &str = r#"
variable "private" {
  type    = bool
  default = true
}
variable "names" {
  type    = list(string)
  default = ["one"]
}
variable "free" {
  default = "yes"
}
resource "aws_eks_cluster" "c" {
  for_each = toset(var.names)
  name     = each.key
  vpc_config {
    subnet_ids              = ["subnet-1", "subnet-2"]
    endpoint_private_access = var.private
    endpoint_public_access  = var.free == "yes" ? false : true
  }
}
"#;

/// How many clusters have no endpoint at all.
fn faults(tree: &Tree, arguments: &[&str], variables: &[(&str, &str)]) -> usize {
    let arguments: Vec<_> = arguments.iter().copied().chain(["--format", "json"]).collect();
    let ran = tree.run_with(&arguments, variables);
    assert_eq!(ran.stderr, "", "{arguments:?}");
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let found = json["findings"].as_array().unwrap();
    found.iter().filter(|one| one["rule"] == "no-endpoint-access").count()
}

#[test]
fn the_precedence_is_that_of_terraform() {
    let tree = Tree::new(&[("main.tf", ROOT)]);
    let env: &[(&str, &str)] = &[("TF_VAR_private", "false"), ("TF_VAR_other", "x")];
    assert_eq!(faults(&tree, &[], &[]), 0);
    assert_eq!(faults(&tree, &[], env), 1, "the environment beats the default");
    tree.write("unloaded.tfvars", "private = false");
    tree.write("terraform.tfvars", "private = true");
    assert_eq!(faults(&tree, &[], env), 0, "a file beats the environment, others are not loaded");
    tree.write("terraform.tfvars.json", "{\"private\": false}");
    assert_eq!(faults(&tree, &[], &[]), 1);
    tree.write("a.auto.tfvars", "private = true");
    assert_eq!(faults(&tree, &[], &[]), 0);
    tree.write("b.auto.tfvars.json", "{\"private\": false}");
    assert_eq!(faults(&tree, &[], &[]), 1);
    assert_eq!(faults(&tree, &["--var", "private=true"], &[]), 0, "the command line beats files");
    let file = ["--var", "private=true", "--var-file", "unloaded.tfvars"];
    assert_eq!(faults(&tree, &file, &[]), 1, "the last one wins");
    assert_eq!(faults(&tree, &[file[2], file[3], file[0], file[1]], &[]), 0);
}

#[test]
fn a_text_is_read_by_the_type_of_the_variable() {
    let tree = Tree::new(&[("main.tf", ROOT)]);
    let off = ["--var", "private=false"];
    let given = |more: &str| faults(&tree, &[off[0], off[1], "--var", more], &[]);
    assert_eq!(given("names=[]"), 0);
    assert_eq!(given("names=[\"a\"]"), 1);
    assert_eq!(given("free=[\"yes\"]"), 0, "without a type a text is a text");
    let ran = tree.run(&["--var", "names=[\"a\""]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.stderr, "error: --var names: the value of names is no expression\n");
}

#[test]
fn what_is_wrong_with_given_values() {
    let tree = Tree::new(&[("main.tf", ROOT), ("bad.tfvars", "private = true\nnames = [\n")]);
    tree.write("more.tfvars", "private = true\nnobody = 1\n");
    let ran = tree.run(&["--var", "none=1", "--var-file", "more.tfvars"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(
        ran.stderr,
        "warning: --var none: no Terraform root declares the variable none\n\
         warning: more.tfvars:2:10: no Terraform root declares the variable nobody\n"
    );
    let ran = tree.run(&["--var-file", "bad.tfvars"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.starts_with("error: bad.tfvars:"), "{}", ran.stderr);
    let ran = tree.run(&["--var-file", "missing.tfvars"]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.stderr, "error: missing.tfvars: does not exist\n");
    assert_eq!(tree.run(&["--var", "x"]).code, Some(2));
}

#[test]
fn a_matrix_says_where_a_finding_holds() {
    let tree = Tree::new(&[
        ("main.tf", ROOT),
        ("env/dev.tfvars", "private = false"),
        ("env/prod.tfvars", "private = false"),
        ("env/test.tfvars", "private = false\nnames = [\"two\"]"),
        ("env/stage.tfvars", ""),
    ]);
    let ran = tree.run(&["--tfvars-matrix", "env/*.tfvars"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""));
    assert!(ran.stdout.contains("= in dev, prod; not in stage, test\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("= in test; not in dev, prod, stage\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("1 root, 0 VPCs, 1 cluster: 2 errors"), "{}", ran.stdout);
    let ran = tree.run(&["--tfvars-matrix", "env/*.tfvars", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["findings"][0]["environments"], serde_json::json!(["dev", "prod"]));
    let given = ["--tfvars-matrix", "env/*.tfvars", "--var", "private=true"];
    assert_eq!(faults(&tree, &given, &[]), 0, "the command line beats the files of the matrix");
    tree.write("a.auto.tfvars", "private = true");
    assert_eq!(faults(&tree, &given[..2], &[]), 2, "they beat the files of the folder");
    let ran = tree.run(&["--tfvars-matrix", "envs/*"]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.stderr, "error: --tfvars-matrix: no file matches envs/*\n");
}

/// A root is what a plan of it as it stands would be: a default is the value, until somebody gives another.
/// In a module that is called, the caller gives it; its folder is no root.
#[test]
fn a_default_is_the_value_until_another_is_given() {
    let child = ROOT.replace("default = [\"one\"]", "default = []");
    let private = ["--var", "private=false"];
    let tree = Tree::new(&[("main.tf", &child)]);
    assert_eq!(faults(&tree, &private, &[]), 0, "by its default there is none");
    assert_eq!(faults(&tree, &[private[0], private[1], "--var", "names=[\"one\"]"], &[]), 1);
    let tree = Tree::new(&[("m/main.tf", &child)]);
    let call = "module \"m\" {\n  source = \"./m\"\n  private = false\n  names = [\"one\"]\n}\n";
    tree.write("main.tf", call);
    assert_eq!(faults(&tree, &[], &[]), 1, "the caller's value counts, and the folder is no root");
}

#[test]
fn no_output_tells_what_no_echo_hides() {
    let template = "Parameters:\n  Zone: {Type: String, NoEcho: true}\nResources:\n  \
        Zone: {Type: AWS::Route53::HostedZone, Properties: {Name: !Sub '${Zone}.x'}}\n  \
        Rule: {Type: AWS::Route53Resolver::ResolverRule, Properties: {RuleType: FORWARD, \
        DomainName: !Ref Zone, TargetIps: [{Ip: 10.0.0.5}]}}\n";
    let tree = Tree::new(&[("t.yaml", template)]);
    for form in [&["--explain-values"][..], &["--format", "json"], &["--format", "text"]] {
        let arguments = [&["--parameter", "Zone=hunter2..eks"], form].concat();
        let ran = tree.run_with(&arguments, &[]);
        let told = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!told.is_empty() && !told.contains("hunter2"), "{told}");
    }
}
