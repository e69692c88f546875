//! Trees that are broken or want to do harm: bounded time, a clear message, no panic.

mod climbing;
mod names;
mod outputs;
mod sizes;

use std::fmt::Write as _;

use crate::support::Tree;

const CLEAN: &str = "1 root, 0 VPCs, 0 clusters: nothing found\n";

#[test]
fn a_folder_with_the_name_of_a_file() {
    let tree = Tree::new(&[("x.tf/readme", ""), ("y.yaml/readme", "")]);
    let ran = tree.run(&[]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.stderr, "error: .: no Terraform or CloudFormation was found\n");
    tree.write("main.tf", "");
    assert_eq!(tree.run(&[]).stdout, CLEAN);
}

#[test]
fn an_empty_file() {
    let tree = Tree::new(&[("main.tf", ""), ("empty.yaml", ""), ("empty.json", "")]);
    let ran = tree.run(&[]);
    assert_eq!((ran.code, ran.stderr.as_str(), ran.stdout.as_str()), (Some(0), "", CLEAN));
    assert_eq!(tree.run(&["empty.yaml"]).code, Some(2));
}

#[test]
fn a_template_that_is_not_text() {
    let tree = Tree::new(&[("a/main.tf", "")]);
    tree.write("x.yaml", b"a: \xff\xfe");
    let ran = tree.run(&["x.yaml"]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.stderr, "error: x.yaml: is not UTF-8 (byte 3)\n");
    let ran = tree.run(&[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), CLEAN));
    assert_eq!(ran.stderr, "warning: x.yaml: is not UTF-8 (byte 3)\n");
}

#[test]
fn a_file_of_fifty_megabytes() {
    let tree = Tree::new(&[("a/main.tf", "")]);
    std::fs::File::create(tree.path("x.json")).unwrap().set_len(50 * 1024 * 1024).unwrap();
    let ran = tree.run(&["x.json"]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.stderr, "error: x.json: is larger than 32 MiB\n");
    let ran = tree.run(&[]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(ran.stderr, "warning: x.json: is larger than 32 MiB\n");
}

/// A name, files, and the reason that is given.
type Bomb = (&'static str, Vec<(&'static str, String)>, &'static str);

/// Terraform that wants time or memory; each ends as an open value with its reason, or as an error.
fn bombs() -> Vec<Bomb> {
    let cidr = |value: &str| {
        let text = format!("resource \"aws_vpc\" \"v\" {{\n  cidr_block = {value}\n}}\n");
        vec![("main.tf", text)]
    };
    let doubled = |first: &str, last: &str| {
        let mut text = format!("locals {{\n  b0 = {first}\n");
        for at in 1..64 {
            let value = last.replace('@', &format!("local.b{}", at - 1));
            writeln!(text, "  b{at} = {value}").unwrap();
        }
        text.push_str("}\nresource \"aws_vpc\" \"v\" {\n  cidr_block = local.b63\n}\n");
        vec![("main.tf", text)]
    };
    let deep = |open: &str, close: &str| {
        cidr(&format!("{}1{}", open.repeat(50_000), close.repeat(50_000)))
    };
    let calls = |source: &str| format!("module \"m\" {{\n  source = \"{source}\"\n}}\n");
    let both = format!("{}{}", calls("./a"), calls("./a").replace("\"m\"", "\"n\""));
    let tower: Vec<(&str, String)> = ["main.tf", "a/main.tf"]
        .into_iter()
        .map(|path| (path, both.replace("./a", "../a")))
        .collect();
    let large = "is too large to";
    vec![
        ("range", cidr("join(\"\", range(1000000000))"), "more than 1024 values"),
        ("setproduct", cidr("setproduct(range(1000), range(1000), range(1000))"), large),
        ("format", cidr("format(\"%999999999d\", 1)"), large),
        ("indent", cidr("indent(999999999, \"a\\nb\")"), large),
        ("pow", cidr("pow(10, 999999999)"), ""),
        ("cidrsubnets", cidr("cidrsubnets(\"10.0.0.0/8\", range(1000)...)"), ""),
        ("regex", cidr("regex(\"(a{1000}){1000}\", \"a\")"), ""),
        ("template", doubled("\"0123456789\"", "\"${@}${@}\""), large),
        ("list", doubled("[1]", "[@, @]"), large),
        ("flatten", doubled("[1]", "flatten([@, @])"), large),
        (
            "loop",
            cidr("[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]]"),
            large,
        ),
        ("parentheses", deep("(", ")"), ""),
        ("brackets", deep("[", "]"), ""),
        ("templates", deep("\"${", "}\""), ""),
        ("signs", deep("!", ""), ""),
        ("jsondecode", cidr(&format!("jsondecode(\"{}\")", "[".repeat(100_000))), ""),
        ("yamldecode", cidr(&format!("yamldecode(\"{}\")", "[".repeat(100_000))), ""),
        (
            "count",
            vec![("main.tf", "resource \"aws_vpc\" \"v\" {\n  count = 1000000000\n}\n".into())],
            large,
        ),
        (
            "for_each",
            vec![(
                "main.tf",
                "resource \"aws_vpc\" \"v\" {\n  for_each = toset([for a in \
          range(1000) : [for b in range(1000) : b]])\n}\n"
                    .into(),
            )],
            "",
        ),
        ("module", vec![("main.tf", calls("./")), ("x.tf", String::new())], ""),
        ("modules", tower, ""),
        ("outside", vec![("main.tf", calls("../../../../../../../../etc"))], ""),
        ("file", cidr("file(\"/etc/passwd\")"), "outside the workspace"),
        ("fileset", cidr("fileset(\"/\", \"**\")"), ""),
    ]
}

#[test]
fn bombs_do_not_go_off() {
    for (name, files, reason) in bombs() {
        let tree = Tree::new(&[]);
        for (path, text) in files {
            tree.write(path, text);
        }
        for arguments in [&[][..], &["--explain-values"]] {
            let ran = tree.run(arguments);
            assert!(matches!(ran.code, Some(0 | 1)), "{name}: {ran:?}");
            assert!(!ran.stderr.contains("panicked"), "{name}: {}", ran.stderr);
            assert!(!ran.stdout.contains("root:x:0"), "{name}: {}", ran.stdout);
            if !arguments.is_empty() {
                assert!(ran.stdout.contains(reason), "{name}: {}", ran.stdout);
            }
        }
    }
}

/// A VPC whose finding shows that the other files are still analysed.
const GOOD: &str = "
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Rule:
    Type: AWS::Route53Resolver::ResolverRule
    Properties: {RuleType: FORWARD, DomainName: 'https://example.com', TargetIps: [{Ip: 192.0.2.1}]}
";

/// What is printed of a bad template beside a good one, whose finding must be there.
fn beside_good(name: &str, text: &[u8]) -> crate::support::Ran {
    let tree = Tree::new(&[("good/good.yaml", GOOD)]);
    tree.write(&format!("bad/{name}"), text);
    let ran = tree.run(&[]);
    assert!(ran.stdout.contains("good/good.yaml:"), "{name}: {ran:?}");
    assert!(!ran.stderr.contains("panicked") && !ran.stderr.contains("a bug"), "{name}: {ran:?}");
    ran
}

#[test]
fn bad_templates_cost_no_more_than_themselves() {
    let vpc = "{Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}";
    let deep = "[".repeat(10_000);
    let laugh = |n: u32| format!("  - &l{n} [*l{0}, *l{0}]\n", n - 1);
    let laughs = (1..40).map(laugh).collect::<Vec<_>>().concat();
    for (name, text, expected) in [
        ("deep.yaml", format!("Resources:\n  A: {{Type: AWS::X::Y, P: {deep}"), "nested more than"),
        (
            "deep.json",
            format!("{{\"Resources\": {{\"A\": {{\"Type\": \"AWS::X::Y\", \"P\": {deep}"),
            "bad/deep.json:1:",
        ),
        (
            "laughs.yaml",
            format!(
                "X:\n  - &l0 [a, a]\n{laughs}Resources: {{A: {{Type: AWS::X::Y, Properties: {{P: *l39}}}}}}\n"
            ),
            "2 roots",
        ),
        (
            "two.yaml",
            format!("Resources: {{A: {vpc}}}\n---\nResources: {{B: {vpc}}}\n"),
            "a second one starts",
        ),
        ("tab.yaml", format!("Resources:\n\tA: {vpc}\n"), "bad/tab.yaml:2:"),
        ("bom.yaml", format!("\u{feff}Resources: {{A: {vpc}}}\n"), "2 roots, 2 VPCs"),
        (
            "bom.json",
            "\u{feff}{\"Resources\": {\"A\": {\"Type\": \"AWS::EC2::VPC\"}}}".to_owned(),
            "2 roots, 2 VPCs",
        ),
        ("crlf.yaml", format!("Resources:\r\n  A: {vpc}\r\n"), "2 roots, 2 VPCs"),
        (
            "comment.json",
            "{\"Resources\": { // no\n \"A\": {\"Type\": \"AWS::EC2::VPC\"}}}".to_owned(),
            "bad/comment.json:1:",
        ),
        (
            "first-comment.json",
            "/* of */ // the\n {\"Resources\": {\"A\": {\"Type\": \"AWS::EC2::VPC\"}}}".to_owned(),
            "bad/first-comment.json:1:",
        ),
        (
            "tabs.json",
            "{\t\"Resources\": {\n\t\"A\": {\"Type\": \"AWS::EC2::VPC\"}}}".to_owned(),
            "2 roots, 2 VPCs",
        ),
        ("twice.yaml", format!("Resources:\n  A: {vpc}\n  A: {vpc}\n"), "already on line 2"),
        ("list.yaml", format!("- Resources: {{A: {vpc}}}\n"), "1 root"),
        (
            "list.json",
            "[{\"Resources\": {\"A\": {\"Type\": \"AWS::EC2::VPC\"}}}]".to_owned(),
            "1 root",
        ),
    ] {
        let ran = beside_good(name, text.as_bytes());
        assert!(ran.stdout.contains(expected), "{name}: {}", ran.stdout);
    }
    let wide: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let ran = beside_good("wide.yaml", &[&[0xff, 0xfe][..], &wide].concat());
    assert_eq!(ran.stderr, "warning: bad/wide.yaml: is UTF-16, and only UTF-8 is read\n");
    let ran = beside_good(
        "big.json",
        format!("{{\"Resources\": \"{}\"}}", "x".repeat(60 << 20)).as_bytes(),
    );
    assert_eq!(ran.stderr, "warning: bad/big.json: is larger than 32 MiB\n");
    let long = format!(
        "{{\"Resources\": {{{}}}}}",
        vec!["\"A\": {\"Type\": \"A::B\"}"; 200_000].join(",")
    );
    assert!(beside_good("long.json", long.as_bytes()).stdout.contains("2 roots"));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    #[test]
    fn links_that_go_round() {
        let tree = Tree::new(&[("a/main.tf", "")]);
        symlink("..", tree.path("a/up")).unwrap();
        symlink("loop.yaml", tree.path("loop.yaml")).unwrap();
        symlink("loop.tf", tree.path("a/loop.tf")).unwrap();
        let ran = tree.run(&["."]);
        assert_eq!(ran.code, Some(1));
        assert!(
            ran.stdout.starts_with("error[unparsable-file]: a file of this folder cannot be read")
        );
        assert!(ran.stdout.contains("a/loop.tf:1:1"), "{}", ran.stdout);
        let ran = tree.run(&["loop.yaml"]);
        assert_eq!(ran.code, Some(2));
        assert!(ran.stderr.starts_with("error: loop.yaml: cannot be read: "), "{}", ran.stderr);
    }

    #[test]
    fn pipes_are_never_opened() {
        let tree = Tree::new(&[("a/main.tf", "")]);
        for name in ["a/pipe.tf", "pipe.yaml", "a/terraform.tfvars"] {
            let made = Command::new("mkfifo").arg(tree.path(name)).status().unwrap();
            assert!(made.success());
        }
        let ran = tree.run(&[]);
        assert!(ran.stdout.contains("a/terraform.tfvars:1:1"), "{}", ran.stdout);
        assert!(ran.stdout.contains("it is not a regular file"), "{}", ran.stdout);
        let ran = tree.run(&["pipe.yaml"]);
        assert_eq!(ran.code, Some(2));
        assert_eq!(ran.stderr, "error: pipe.yaml: is neither a file nor a folder\n");
    }

    #[test]
    fn names_that_want_to_be_more() {
        let tree = Tree::new(&[("a\u{1b}[31m/main.tf", ""), ("new\nline/main.tf", "")]);
        tree.write("\u{202e}x.yaml", b"\xff");
        let name = std::ffi::OsStr::from_bytes(b"latin1\xe9");
        std::fs::create_dir(tree.path(".").join(name)).unwrap();
        std::fs::write(tree.path(".").join(name).join("main.tf"), "").unwrap();
        let ran = tree.run(&[]);
        assert_eq!(ran.code, Some(0));
        assert_eq!(ran.stdout, CLEAN.replace("1 root", "3 roots"));
        assert_eq!(ran.stderr, "warning: \\u{202e}x.yaml: is not UTF-8 (byte 0)\n");
        let ran = tree.run(&["\u{1b}[2Jmissing"]);
        assert_eq!(ran.stderr, "error: \\u{1b}[2Jmissing: does not exist\n");
    }

    #[test]
    fn what_lies_outside_stays_outside() {
        let tree = Tree::new(&[("secret.yaml", "secret"), ("repo/a/main.tf", "")]);
        std::fs::create_dir(tree.path("repo/.git")).unwrap();
        symlink("../secret.yaml", tree.path("repo/leak.yaml")).unwrap();
        symlink("..", tree.path("repo/out")).unwrap();
        let ran = tree.run(&["repo"]);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), (CLEAN, ""));
    }

    #[test]
    fn what_is_written_to_may_be_a_link_or_a_full_device() {
        let tree = Tree::new(&[("a/main.tf", ""), ("real.json", "old")]);
        symlink("real.json", tree.path("link.json")).unwrap();
        let ran = tree.run(&["--format", "json", "--output", "link.json", "a"]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        assert!(tree.path("link.json").is_symlink());
        assert!(std::fs::read_to_string(tree.path("real.json")).unwrap().starts_with('{'));
        if cfg!(target_os = "linux") {
            symlink("/dev/full", tree.path("full")).unwrap();
            let ran = tree.run(&["--format", "json", "--output", "full", "a"]);
            assert_eq!(ran.code, Some(2), "{ran:?}");
            assert!(
                ran.stderr.contains(
                    "error: the report could not be written: full: No space left on device"
                ),
                "{}",
                ran.stderr
            );
            assert!(tree.path("full").is_symlink());
        }
    }
}
