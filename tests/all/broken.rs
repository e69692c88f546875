//! Files whose content is broken, or far too much: the place is named, and the rest is analysed.

use crate::support::{Ran, Tree};

/// A cluster that nobody may reach: a fault that must be found whatever stands beside it.
const FAULT: &str = r#"
resource "aws_eks_cluster" "main" {
  vpc_config {
    subnet_ids              = ["subnet-1", "subnet-2"]
    endpoint_private_access = false
    endpoint_public_access  = false
  }
}
"#;

/// The same fault as a template.
const TEMPLATE: &str = r"
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      ResourcesVpcConfig: {SubnetIds: [subnet-1, subnet-2], EndpointPrivateAccess: false, EndpointPublicAccess: false}
";

/// The rules and places of the findings, as `rule path:line:column`.
fn findings(ran: &Ran) -> Vec<String> {
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let findings = json["findings"].as_array().unwrap();
    let text = |one: &serde_json::Value| one.as_str().unwrap_or_default().to_owned();
    findings
        .iter()
        .map(|one| {
            let start = &one["start"];
            let (rule, path) = (text(&one["rule"]), text(&one["path"]));
            format!("{rule} {path}:{}:{}", start["line"], start["column"])
        })
        .collect()
}

/// Runs on a tree with the fault and something broken beside it.
fn beside(name: &str, content: impl AsRef<[u8]>) -> Vec<String> {
    let tree = Tree::new(&[("ok.tf", FAULT)]);
    tree.write(name, content);
    let ran = tree.run(&["--format", "json"]);
    assert!(!ran.stderr.contains("bug"), "{}", ran.stderr);
    findings(&ran)
}

const FOUND: &str = "no-endpoint-access ok.tf:6:31";

#[test]
fn a_syntax_error_costs_its_block() {
    let broken = "variable \"a\" {}\n\nlocals {\n  a = [1, 2\n}\n\nresource \"aws_vpc\" \"b\" {}\n";
    let found = beside("bad.tf", broken);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].starts_with("unparsable-file bad.tf:"), "{found:?}");
    assert_eq!(found[1], FOUND);
}

#[test]
fn a_broken_file_leaves_open_what_it_could_have_changed() {
    let rule = r#"
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = "rslvr-out-0aaaaaaaaaaaaaaaa"
  target_ip { ip = "172.16.0.53" }
}
"#;
    let tree = Tree::new(&[("rule.tf", rule)]);
    let ran = tree.run(&["--format", "json"]);
    assert_eq!(findings(&ran), ["unassociated-rule rule.tf:2:1"]);
    tree.write("bad.tf", "resource \"aws_route53_resolver_rule_association\" \"x\" {\n");
    let ran = tree.run(&["--format", "json"]);
    let found = findings(&ran);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("unparsable-file bad.tf:"), "{found:?}");
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["undecided"][0]["rule"], "unassociated-rule");
}

#[test]
fn not_utf_8() {
    let found = beside("latin1.tf", b"# caf\xe9\n");
    assert_eq!(found, ["unparsable-file latin1.tf:1:1", FOUND]);
}

#[test]
fn fifty_megabytes() {
    let mut comment = vec![b' '; 50 * 1024 * 1024];
    comment[0] = b'#';
    assert_eq!(beside("large.tf", comment), ["unparsable-file large.tf:1:1", FOUND]);
}

#[test]
fn ten_thousand_deep() {
    let nested = |open: &str, close: &str| {
        format!("locals {{\n  a = {}1{}\n}}\n", open.repeat(10_000), close.repeat(10_000))
    };
    for (open, close) in [("(", ")"), ("[", "]"), ("{ a = ", " }"), ("\"${", "}\""), ("!", "")] {
        // Terraform itself has no limit here: what is not looked at is no fault of the file.
        assert_eq!(beside("deep.tf", nested(open, close)), [FOUND], "{open}");
    }
    let blocks = format!("{}{}", "a {\n".repeat(10_000), "}\n".repeat(10_000));
    assert_eq!(beside("deep.tf", blocks), [FOUND]);
    for name in ["deep.yaml", "deep.json"] {
        let lists = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let text = format!("{{\"AWSTemplateFormatVersion\": \"x\", \"Resources\": {lists}}}");
        let found = beside(name, text);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with(&format!("unparsable-file {name}:1:")), "{found:?}");
    }
}

#[test]
fn values_that_grow_without_end() {
    let doubled = |list: bool| {
        (1..60).fold("locals {\n  a0 = \"lol\"\n".to_owned(), |text, n| {
            let before = n - 1;
            text + &if list {
                format!("  a{n} = [local.a{before}, local.a{before}]\n")
            } else {
                format!("  a{n} = \"${{local.a{before}}}${{local.a{before}}}\"\n")
            }
        })
    };
    let used = "resource \"aws_vpc\" \"v\" {\n  cidr_block = jsonencode(local.a59)\n}\n";
    for list in [true, false] {
        assert_eq!(beside("bomb.tf", format!("{}}}\n{used}", doubled(list))), [FOUND]);
    }
    for value in [
        "range(1000000000)",
        "setproduct(range(1000), range(1000), range(1000))",
        "format(\"%999999999d\", 1)",
        "join(\"\", [for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]])",
    ] {
        let text =
            format!("resource \"aws_vpc\" \"v\" {{\n  cidr_block = jsonencode({value})\n}}\n");
        assert_eq!(beside("bomb.tf", text), [FOUND], "{value}");
    }
    let many = "resource \"aws_vpc\" \"v\" {\n  count = 1000000000\n}\n";
    assert_eq!(beside("bomb.tf", many), [FOUND]);
}

#[test]
fn aliases_that_grow_without_end() {
    let names: Vec<char> = ('a'..='p').collect();
    let lines = names.windows(2).map(|pair| {
        let nine = vec![format!("*{}", pair[0]); 9].join(", ");
        format!("x{}: &{} [{nine}]\n", pair[1], pair[1])
    });
    let text = "x: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    let text = text + &lines.collect::<String>();
    let template = TEMPLATE.replace("SubnetIds: [subnet-1, subnet-2]", "SubnetIds: *p");
    assert_eq!(beside("bomb.yaml", text + &template).last().map(String::as_str), Some(FOUND));
}

#[test]
fn modules_that_call_each_other() {
    let tree = Tree::new(&[("ok.tf", FAULT)]);
    tree.write("a.tf", "module \"a\" {\n  source = \"./a\"\n}\n");
    tree.write("a/main.tf", "module \"b\" {\n  source = \"../a\"\n}\n");
    let found = findings(&tree.run(&["--format", "json"]));
    assert!(found.contains(&FOUND.to_owned()), "{found:?}");
    assert!(found.iter().any(|one| one.starts_with("unparsable-file a/main.tf")), "{found:?}");
}

#[test]
fn a_source_that_climbs_out() {
    let tree = Tree::new(&[("w/.git/HEAD", ""), ("w/ok.tf", FAULT), ("out/main.tf", FAULT)]);
    tree.write("w/a.tf", "module \"a\" {\n  source = \"../out\"\n}\n");
    let ran = tree.run(&["--format", "json", "w"]);
    assert_eq!(findings(&ran), ["no-endpoint-access w/ok.tf:6:31"]);
    let text = tree.run(&["w"]).stdout;
    assert!(text.contains("not seen: module.a"), "{text}");
}

#[test]
fn broken_templates() {
    for (name, text, place) in [
        ("a.yaml", "AWSTemplateFormatVersion: x\nResources:\n  A: [\n", "a.yaml:"),
        ("a.yaml", "AWSTemplateFormatVersion: x\nResources:\n\tA: {}\n", "a.yaml:3:"),
        ("a.json", "{\"AWSTemplateFormatVersion\": \"x\", \"Resources\": {,}}", "a.json:1:"),
        ("a.json", "{\"AWSTemplateFormatVersion\": \"x\", // no\n\"Resources\": {}}", "a.json:1:"),
    ] {
        let found = beside(name, text);
        assert_eq!(found.len(), 2, "{text}: {found:?}");
        assert!(found[0].starts_with(&format!("unparsable-file {place}")), "{found:?}");
    }
    for text in ["- a\n- b\n", "kind: Deployment\nmetadata: {}\n", "a: {{ .Values.x }}\n", "[1, 2]"]
    {
        assert_eq!(beside("other.yaml", text), [FOUND], "{text}");
    }
}

#[test]
fn two_documents_in_one_file() {
    let found = beside("two.yaml", format!("{TEMPLATE}---{TEMPLATE}"));
    assert!(found.iter().any(|one| one.starts_with("unparsable-file two.yaml:")), "{found:?}");
    assert!(found.iter().any(|one| one.starts_with("no-endpoint-access two.yaml:")), "{found:?}");
}
