//! `--touched`: of all roots, those that changed files are part of.

use crate::support::Tree;

/// A forwarding rule that no VPC has: one error where it is looked at.
fn rule(name: &str) -> String {
    format!(
        "resource \"aws_route53_resolver_rule\" \"{name}\" {{\n  domain_name          = \"corp.example\"\n  \
         rule_type            = \"FORWARD\"\n  resolver_endpoint_id = var.endpoint\n  target_ip {{\n    ip = \
         \"192.0.2.53\"\n  }}\n}}\nvariable \"endpoint\" {{\n  type = string\n}}\n"
    )
}

const TEMPLATE: &str = "Resources:\n  Rule:\n    Type: AWS::Route53Resolver::ResolverRule\n    Properties:\n      \
                        DomainName: corp.example\n      RuleType: FORWARD\n      ResolverEndpointId: rslvr-out-1\n      \
                        TargetIps: [{Ip: 192.0.2.53}]\n";

/// Two roots that share a module, one that reads a file outside it, and two stacks of which one is nested.
fn estate() -> Tree {
    let call = "module \"shared\" {\n  source   = \"../modules/shared\"\n  endpoint = \"rslvr-out-1\"\n}\n";
    let reads = "locals {\n  names = yamldecode(file(\"${path.module}/../data/names.yaml\"))\n}\n";
    let parent = "Resources:\n  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      \
                  TemplateURL: child.yaml\n";
    let alone = rule("alone").replace("\"corp.example\"", "local.names[0]");
    let shared = rule("shared");
    Tree::new(&[
        ("a/main.tf", call),
        ("a/prod.tfvars", ""),
        ("b/main.tf", call),
        ("modules/shared/main.tf", &shared),
        ("c/main.tf", &(alone + reads)),
        ("data/names.yaml", "[corp.example]"),
        ("stacks/parent.yaml", parent),
        ("stacks/child.yaml", TEMPLATE),
        ("stacks/other.yaml", TEMPLATE),
        ("docs/readme.md", ""),
    ])
}

/// The roots that a run with these changed files tells of.
fn roots(tree: &Tree, changed: &[&str]) -> Vec<String> {
    let ran = tree.run(&[&["--touched", "--format", "junit"], changed].concat());
    assert_eq!(ran.stderr, "", "{changed:?}");
    let suites = regex::Regex::new(r#"<testsuite name="([^"]+)""#).unwrap();
    suites.captures_iter(&ran.stdout).map(|it| it[1].to_owned()).collect()
}

#[test]
fn the_roots_of_a_changed_file_are_analysed_whole() {
    let tree = estate();
    let touched = |changed: &[&str]| roots(&tree, changed);
    assert_eq!(touched(&["a/main.tf"]), ["a"]);
    assert_eq!(touched(&["a/prod.tfvars", "c/main.tf"]), ["a", "c"]);
    assert_eq!(touched(&["modules/shared/main.tf"]), ["a", "b"]);
    assert_eq!(touched(&["stacks/child.yaml"]), ["stacks/parent.yaml"]);
    assert_eq!(touched(&["stacks"]), ["stacks/other.yaml", "stacks/parent.yaml"]);
    assert_eq!(touched(&["docs/readme.md"]), [] as [&str; 0]);
}

#[test]
fn a_file_that_was_deleted_counts() {
    let tree = estate();
    assert_eq!(roots(&tree, &["a/gone.tf"]), ["a"]);
    std::fs::remove_file(tree.path("modules/shared/main.tf")).unwrap();
    assert_eq!(roots(&tree, &["modules/shared/main.tf"]), ["a", "b"]);
}

#[test]
fn what_an_expression_reads_belongs_to_all() {
    assert_eq!(roots(&estate(), &["data/names.yaml"]).len(), 5);
}

#[test]
fn the_configuration_belongs_to_all_below_it() {
    let tree = estate();
    tree.write("eksdns-lint.toml", "[[roots]]\npath = \"b\"\ntfvars = [\"values/b.tfvars\"]\n");
    tree.write("values/b.tfvars", "");
    assert_eq!(roots(&tree, &["eksdns-lint.toml"]).len(), 5);
    assert_eq!(roots(&tree, &["values/b.tfvars"]), ["b"]);
}

#[test]
fn only_their_findings_are_told_and_decide() {
    let tree = estate();
    let ran = tree.run(&["--touched", "stacks/parent.yaml"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(1), ""), "{}", ran.stdout);
    assert!(ran.stdout.contains("stacks/child.yaml:2"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("other.yaml"), "{}", ran.stdout);
    let ran = tree.run(&["--touched", "docs/readme.md"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{}", ran.stdout);
    let ran = tree.run(&["--touched", "../elsewhere/main.tf"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.stderr.contains("../elsewhere/main.tf: lies outside"), "{}", ran.stderr);
}

#[test]
fn a_tree_without_anything_of_ours_is_no_failure() {
    let ran = Tree::new(&[("x.yaml", "a: 1\n")]).run(&["--touched", "x.yaml"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
}
