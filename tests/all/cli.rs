//! The command line: exit codes, streams, usage.

use std::process::Stdio;

use crate::support::{Tree, program};

const EMPTY: &str = "terraform {\n}\n";

#[test]
fn a_clean_root_is_said_on_the_standard_output() {
    let tree = Tree::new(&[("main.tf", EMPTY)]);
    for arguments in [&[][..], &["."], &["main.tf"], &["--fail-on", "never", "."]] {
        let ran = tree.run(arguments);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{arguments:?}");
        assert_eq!(ran.stdout, "1 root, 0 VPCs, 0 clusters: nothing found\n");
    }
}

#[test]
fn json_has_a_version_and_a_summary() {
    let tree = Tree::new(&[("a/main.tf", EMPTY), ("b/main.tf", EMPTY)]);
    let ran = tree.run(&["--format", "json"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["version"], 1);
    assert_eq!(json["findings"], serde_json::json!([]));
    assert_eq!(json["summary"]["roots"], 2);
    assert!(ran.stdout.ends_with("}\n"));
    assert_eq!(ran.stdout, tree.run(&["--format", "json"]).stdout);
}

#[test]
fn wrong_usage_is_two() {
    let tree = Tree::new(&[("main.tf", EMPTY)]);
    for arguments in
        [&["--format", "xml"][..], &["--fail-on", "all"], &["--colour"], &["--color=x"]]
    {
        let ran = tree.run(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    }
}

#[test]
fn help_and_version_are_no_errors() {
    let tree = Tree::new(&[]);
    let help = tree.run(&["--help"]);
    assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""));
    for word in
        ["Exit codes:", "--format", "--fail-on", "--no-eks-public-dns", "--color", "[PATH]..."]
    {
        assert!(help.stdout.contains(word), "{word}");
    }
    let version = tree.run(&["--version"]);
    // A release also tells its commit.
    let line = format!("eksdns-lint {}", env!("CARGO_PKG_VERSION"));
    assert!(version.stdout.starts_with(&line) && version.stdout.ends_with('\n'), "{version:?}");
}

#[test]
fn the_text_is_as_long_and_as_wide_as_is_asked_for() {
    let tree = Tree::new(&[("main.tf", LONE)]);
    let [plain, quiet, verbose, narrow] =
        [&[][..], &["-q"], &["-v"], &["--width", "40"]].map(|arguments| tree.run(arguments));
    assert!(plain.stdout.contains("[unassociated-rule]") && plain.stdout.contains("1 root, "));
    assert!(quiet.stdout.contains("[unassociated-rule]") && !quiet.stdout.contains("1 root, "));
    assert_eq!((plain.code, quiet.code), (Some(1), Some(1)));
    assert!(verbose.stdout.contains("looked at: .\n"), "{}", verbose.stdout);
    assert!(narrow.stdout.lines().next().is_some_and(|line| line.chars().count() <= 40));
    for wrong in [&["-q", "-v"][..], &["--width", "10"], &["--sort", "size"]] {
        assert_eq!(tree.run(wrong).code, Some(2), "{wrong:?}");
    }
    assert!(!plain.stdout.contains('\u{1b}'), "a file gets no links");
}

const LONE: &str = r#"
resource "aws_route53_resolver_rule" "lone" {
  domain_name          = "example.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = "rslvr-out-1"
  target_ip { ip = "192.168.0.53" }
}
"#;

#[test]
fn a_path_that_cannot_be_used_is_two_and_the_rest_is_still_done() {
    let tree = Tree::new(&[("a/main.tf", EMPTY), ("b/readme.md", ""), ("c/x.json", "{}")]);
    let ran = tree.run(&["missing"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
    assert_eq!(ran.stderr, "error: missing: does not exist\n");
    for empty in ["b", "c", "b/readme.md", "c/x.json", "./b/../c"] {
        let ran = tree.run(&[empty]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{empty}");
        assert_eq!(
            ran.stderr,
            format!("error: {empty}: no Terraform or CloudFormation was found\n")
        );
    }
    let ran = tree.run(&["a", "missing", "b"]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.stderr.lines().count(), 2);
    assert_eq!(ran.stdout, "1 root, 0 VPCs, 0 clusters: nothing found\n");
}

#[test]
fn an_empty_path_names_nothing() {
    let ran = Tree::new(&[("main.tf", EMPTY)]).run(&[""]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""));
}

#[test]
fn no_colour_where_there_is_no_terminal_unless_asked() {
    let tree = Tree::new(&[("main.tf", EMPTY)]);
    for variables in [&[][..], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]] {
        assert!(!tree.run_with(&[], variables).stdout.contains('\u{1b}'));
    }
    assert!(!tree.run_with(&["--color=never"], &[("FORCE_COLOR", "1")]).stdout.contains('\u{1b}'));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let tree = Tree::new(&[("main.tf", EMPTY)]);
    let mut child = program(&tree.path("."))
        .args(["--format", "json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_file_stands_for_its_folder_unless_that_is_no_module() {
    let rule = "resource \"aws_route53_resolver_rule\" \"r\" {\n  domain_name = \"a.example\"\n  \
                rule_type = \"FORWARD\"\n  resolver_endpoint_id = \"rslvr-out-1\"\n  \
                target_ip { ip = \"172.16.0.53\" }\n}\n";
    let association = "resource \"aws_route53_resolver_rule_association\" \"r\" {\n  \
                       resolver_rule_id = aws_route53_resolver_rule.r.id\n  vpc_id = var.v\n}\n";
    let tree = Tree::new(&[("m/rule.tf", rule), ("m/association.tf", association)]);
    assert_eq!(tree.run(&["m/rule.tf"]).code, Some(0));
    tree.write("m/other.tf", format!("{rule}{association}"));
    let ran = tree.run(&["m/rule.tf"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.starts_with("error[unassociated-rule]"), "{}", ran.stdout);
    let ran = tree.run(&["m/other.tf"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    let ran = tree.run(&["m"]);
    assert!(ran.stdout.starts_with("error[unparsable-file]"), "{}", ran.stdout);
}
