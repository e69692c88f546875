//! Names that are markup, workflow commands or terminal escapes: in every format they stay text.

use serde_json::Value;

use crate::odd::{HOSTILE, hostile};
use crate::support::Tree;

/// More names that mean something to those who read a report line by line.
const COMMANDS: [&str; 7] = [
    "x\n::error::forged",
    "x\r\n::set-output name=forged::1",
    "%0A::error::forged",
    "\u{1b}]8;;https://example.com\u{7}forged\u{1b}]8;;\u{7}",
    "\u{1b}[2J\u{9b}31m\u{0}\u{8}\u{7f}",
    "| a | b |\n|---|---|\n[x](https://example.com) ![y](z) <!-- -->",
    "]]>\u{2028}\u{2029}\u{feff}\u{fffe}\u{e0041}",
];

const FORMATS: [&str; 7] = ["text", "json", "sarif", "github", "gitlab", "junit", "markdown"];

/// What no report has raw: control characters but line ends and tabs.
fn steers(text: &str) -> Option<char> {
    text.chars().find(|&c| c.is_control() && c != '\n' && c != '\t')
}

/// What no report for people has raw besides.
fn hides(text: &str) -> bool {
    text.contains([
        '\u{202e}',
        '\u{2066}',
        '\u{200d}',
        '\u{2028}',
        '\u{2029}',
        '\u{feff}',
        '\u{e0041}',
    ])
}

/// What every report on names of any kind must be.
fn is_sound(format: &str, text: &str, name: &str) {
    assert_eq!(steers(text), None, "{format}, {name:?}: {text}");
    match format {
        "json" | "sarif" | "gitlab" => {
            let _: Value = serde_json::from_str(text).unwrap();
        }
        "github" => {
            for line in text.lines() {
                let own = ["::error file=", "::warning file=", "::notice file="];
                let is_own = own.iter().any(|start| line.starts_with(start));
                assert!(is_own || !line.contains("::"), "{name:?}: {line}");
            }
        }
        "junit" => assert!(!text.contains("<img") && !text.contains("<script"), "{name:?}: {text}"),
        "markdown" => is_own_markdown(text, name),
        _ => assert!(!text.lines().any(|line| line.starts_with("::")), "{name:?}: {text}"),
    }
    // The names of files are what they are: annotations find their files by them.
    let told = |line: &str| line.split_once(",title=").map_or(line, |(_, told)| told).to_owned();
    if format == "text" || format == "github" || format == "markdown" {
        assert!(!text.lines().any(|line| hides(&told(line))), "{format}, {name:?}: {text}");
    }
}

/// Read by a parser, a comment holds no markup but its own.
fn is_own_markdown(text: &str, name: &str) {
    use pulldown_cmark::{Event, Options, Parser, Tag};
    for event in Parser::new_ext(text, Options::all()) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let tags = html.replace("<!-- eksdns-lint -->", "");
                let own = ["<details>", "</details>", "<summary>", "</summary>"];
                let tags = own.iter().fold(tags, |tags, own| tags.replace(own, ""));
                assert!(!tags.contains('<'), "{name:?}: {html}");
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                panic!("{name:?}: a link to {dest_url}: {text}");
            }
            _ => {}
        }
    }
}

/// A name as it is written in a string of HCL or JSON.
fn quoted(name: &str) -> String {
    let text = Value::from(name).to_string();
    text[1..text.len() - 1].replace("${", "$${").replace("%{", "%%{")
}

#[test]
fn of_instances() {
    for name in HOSTILE.into_iter().chain(COMMANDS) {
        let text = hostile("@@").replace("@@", &quoted(name));
        let tree = Tree::new(&[("main.tf", &text)]);
        for format in FORMATS {
            let ran = tree.run(&["--format", format]);
            assert_eq!(ran.code, Some(1), "{format}, {name:?}: {ran:?}");
            is_sound(format, &ran.stdout, name);
            assert_eq!(steers(&ran.stderr), None, "{name:?}");
        }
        let ran = tree.run(&["--explain-values"]);
        assert!(steers(&ran.stdout).is_none() && !hides(&ran.stdout), "{name:?}: {}", ran.stdout);
    }
}

#[test]
fn of_everything_in_a_template() {
    for name in HOSTILE.into_iter().chain(COMMANDS) {
        let key = Value::from(name);
        let template = serde_json::json!({
            "Description": key,
            "Metadata": {name: key},
            "Resources": {
                name: {"Type": "AWS::Route53Resolver::ResolverRule", "Properties": {
                    "RuleType": "FORWARD", "DomainName": name, "Name": name, name: name,
                    "ResolverEndpointId": "rslvr-out-1", "TargetIps": [{"Ip": name}]}},
                "Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {"Name": name, "ResourcesVpcConfig": {
                    "SubnetIds": [name], "EndpointPrivateAccess": false, "EndpointPublicAccess": false}}},
            }
        });
        let tree = Tree::new(&[("t.json", &template.to_string())]);
        for format in FORMATS {
            let ran = tree.run(&["--format", format]);
            assert_eq!(ran.code, Some(1), "{format}, {name:?}: {ran:?}");
            is_sound(format, &ran.stdout, name);
            assert_eq!(steers(&ran.stderr), None, "{name:?}");
        }
    }
}

/// Files are called so as well, where the system has such names.
#[cfg(target_os = "linux")]
#[test]
fn of_files() {
    let fault = "resource \"aws_eks_cluster\" \"c\" {\n  vpc_config {\n    subnet_ids = [\"subnet-1\"]\n    \
                 endpoint_private_access = false\n    endpoint_public_access = false\n  }\n}\n";
    for name in HOSTILE.into_iter().chain(COMMANDS) {
        let name = name.replace('/', "\u{2215}").replace('\0', "");
        let tree = Tree::new(&[]);
        tree.write(&format!("{name}/{name}.tf"), fault);
        tree.write(&format!("{name}.yaml"), b"\xff");
        for format in FORMATS {
            let ran = tree.run(&["--format", format]);
            assert_eq!(ran.code, Some(1), "{format}, {name:?}: {ran:?}");
            is_sound(format, &ran.stdout, &name);
            assert!(
                steers(&ran.stderr).is_none() && !hides(&ran.stderr),
                "{name:?}: {}",
                ran.stderr
            );
        }
    }
}

/// Messages of the command line tell of what they were given.
#[test]
fn of_arguments() {
    let tree = Tree::new(&[("main.tf", "")]);
    for name in HOSTILE.into_iter().chain(COMMANDS).filter(|name| !name.contains('\0')) {
        for arguments in [
            &[name][..],
            &["--var", &format!("{name}=1")],
            &["--parameter", &format!("{name}=1")],
            &["--var-file", name],
            &["--config", name],
            &["--select", name],
            &["--tfvars-matrix", name],
            &["--baseline", name],
            &["trace", "--from", name, "--to", name],
            &["draw", "--finding", name],
            &["explain", name],
            &["--format", name],
            &["diff", name, name],
        ] {
            let ran = tree.run(arguments);
            assert!(steers(&ran.stdout).is_none(), "{arguments:?}: {}", ran.stdout);
            assert!(
                steers(&ran.stderr).is_none() && !hides(&ran.stderr),
                "{arguments:?}: {}",
                ran.stderr
            );
            assert!(!ran.stderr.contains("bug"), "{arguments:?}: {}", ran.stderr);
        }
    }
}
