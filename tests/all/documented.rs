//! Every command of the README and of the docs runs, as it is written; every link leads somewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::Tree;

/// The README, and the pages in `docs/src`.
fn pages() -> Vec<PathBuf> {
    fn below(folder: &Path, pages: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, pages);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                pages.push(path);
            }
        }
    }
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![top.join("README.md"), top.join("CONTRIBUTING.md")];
    below(&top.join("docs/src"), &mut pages);
    pages.sort();
    pages
}

/// The lines of the blocks of shell in a page.
fn commands(text: &str) -> Vec<String> {
    let blocks = text.split("\n```sh\n").skip(1).map(|rest| rest.split("\n```").next().unwrap());
    let lines = blocks.flat_map(|block| block.lines().filter(|line| !line.trim().is_empty()));
    lines.map(str::to_owned).collect()
}

/// Programs of others that commands name: what each prints here. What installs is tested elsewhere, by
/// `tests/delivery`.
const OTHERS: [(&str, &str); 9] = [
    ("terraform", "cat recorded.json"),
    ("terragrunt", "case \"$*\" in *show*) cat \"$(dirname \"$0\")/../recorded.json\" ;; esac"),
    ("cdk", "test \"$1\" = synth"),
    ("pip", "test \"$*\" = 'install eksdns-lint'"),
    ("uvx", "test \"$*\" = 'eksdns-lint --version'"),
    ("brew", "test \"$1\" = install"),
    ("docker", "test \"$1\" = run"),
    ("gh", "test \"$1\" = attestation"),
    // The project's own commands: what is run is run here.
    (
        "cargo",
        "case \"$1\" in run) shift 3; cd \"$PROJECT\" && exec eksdns-lint \"$@\" ;; test | install | bench) ;; *) exit 2 ;; esac",
    ),
];

/// What the commands speak of.
fn estate() -> Tree {
    let figure = |file: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/figures/4").join(file);
        std::fs::read_to_string(path).unwrap()
    };
    let (terraform, template) = (figure("main.tf"), figure("template.yaml"));
    let network = "variable \"region\" {\n  type = string\n}\nresource \"aws_vpc\" \"this\" {\n  cidr_block = \
                   \"10.0.0.0/16\"\n}\n";
    let plan = r#"{"format_version":"1.2","terraform_version":"1.11.4","planned_values":{"root_module":{"resources":[{"address":"aws_vpc.a","mode":"managed","type":"aws_vpc","name":"a","provider_name":"registry.terraform.io/hashicorp/aws","schema_version":1,"values":{"cidr_block":"10.0.0.0/16"},"sensitive_values":{}}]}},"resource_changes":[],"configuration":{"root_module":{"resources":[{"address":"aws_vpc.a","mode":"managed","type":"aws_vpc","name":"a","provider_config_key":"aws","expressions":{"cidr_block":{"constant_value":"10.0.0.0/16"}},"schema_version":1}]}}}"#;
    let tree = Tree::new(&[
        ("infra/main.tf", terraform.as_str()),
        ("fixtures/figures/4/main.tf", &terraform),
        (
            "fixtures/missing-peering-route/flag-return.tf",
            include_str!("../../fixtures/missing-peering-route/flag-return.tf"),
        ),
        ("infra/variables.tf", "variable \"region\" {\n  default = \"eu-west-1\"\n}\n"),
        ("stacks/eks.yaml", &template),
        (
            "cdk.out/App.template.json",
            r#"{"Resources":{"Vpc":{"Type":"AWS::EC2::VPC","Properties":{"CidrBlock":"10.0.0.0/16"}}}}"#,
        ),
        ("modules/network/main.tf", network),
        ("live/main.tf", "variable \"region\" {\n  type = string\n}\n"),
        ("live/prod.tfvars", "region = \"eu-central-1\"\n"),
        ("recorded.json", plan),
    ]);
    for (name, script) in OTHERS {
        tree.write(&format!("bin/{name}"), format!("#!/bin/sh\n{script}\n"));
    }
    tree
}

#[cfg(unix)]
#[test]
fn every_command_runs() {
    use std::os::unix::fs::PermissionsExt as _;
    let (mut ran, mut wrong) = (0, Vec::new());
    for page in pages() {
        let tree = estate();
        for (name, _) in OTHERS {
            let runs = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(tree.path(&format!("bin/{name}")), runs).unwrap();
        }
        let own = Path::new(env!("CARGO_BIN_EXE_eksdns-lint")).parent().unwrap().display();
        let path = format!("{}:{own}:/usr/bin:/bin", tree.path("bin").display());
        for command in commands(&std::fs::read_to_string(&page).unwrap()) {
            let mut shell = std::process::Command::new("bash");
            shell.args(["-eo", "pipefail", "-c", &command]).current_dir(tree.path(""));
            shell.env("PATH", &path).env("PROJECT", env!("CARGO_MANIFEST_DIR"));
            let output = shell.stdin(std::process::Stdio::null()).output().unwrap();
            let told = [output.stdout, output.stderr].concat();
            // Findings are a good answer, that the job cannot be done is none.
            if !matches!(output.status.code(), Some(0 | 1)) {
                wrong.push(format!(
                    "{}: {command}\n{}",
                    page.display(),
                    String::from_utf8_lossy(&told)
                ));
            }
            ran += 1;
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(ran > 30, "{ran} commands were found");
}

/// What a heading is called in a link, as GitHub and mdBook do it.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut fenced = false;
    let mut anchors = BTreeSet::new();
    for line in text.lines() {
        fenced ^= line.starts_with("```");
        if let Some(heading) = line.strip_prefix('#').filter(|_| !fenced) {
            let heading = heading.trim_start_matches('#').trim().to_lowercase();
            let kept =
                heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            anchors.insert(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
        }
    }
    anchors
}

#[test]
fn every_link_leads_somewhere() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let link = regex::Regex::new(r"\]\(([^)\s]+)\)").unwrap();
    let rules = std::fs::read_dir(top.join("rules")).unwrap().map(|entry| entry.unwrap().path());
    let made = std::fs::read_to_string(top.join("docs/build")).unwrap();
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for page in pages().into_iter().chain(rules) {
        let text = std::fs::read_to_string(&page).unwrap();
        for target in link.captures_iter(&text).map(|it| it[1].to_owned()) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            seen += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            // The site makes pages of sections of the README, and puts those of the rules among its own.
            let is_made = made.contains(&format!("\npage {file} "));
            if is_made && page.ends_with("SUMMARY.md") {
                continue;
            }
            let placed = page.strip_prefix(top.join("docs/src")).is_ok() && file.contains("rules/");
            let to = match file {
                "" => page.clone(),
                file if placed && file.ends_with("rules/index.md") => top.join("README.md"),
                file if placed => top.join("rules").join(file.rsplit('/').next().unwrap()),
                file => page.parent().unwrap().join(file),
            };
            let found = match std::fs::read_to_string(&to) {
                Ok(text) => anchor.is_empty() || anchors(&text).contains(anchor),
                Err(_) => to.exists() && anchor.is_empty(),
            };
            if !found {
                wrong.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 20, "{seen} links were found");
}

#[test]
fn the_environment_that_the_docs_tell_of_is_all_that_is_asked() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let told = std::fs::read_to_string(top.join("docs/src/privacy.md")).unwrap();
    let asked = regex::Regex::new(r#"env::var(?:_os)?\("([A-Z_]+)"\)"#).unwrap();
    let mut folders = vec![top.join("src")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() && !path.ends_with("tests") {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs")
                && !path.ends_with("tests.rs")
            {
                let text = std::fs::read_to_string(&path).unwrap();
                for name in asked.captures_iter(&text).map(|it| it[1].to_owned()) {
                    let of_colour = ["NO_COLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "TERM"];
                    let is_told = of_colour.contains(&&*name) || told.contains(&name);
                    assert!(
                        is_told,
                        "docs/src/privacy.md does not tell {name} of {}",
                        path.display()
                    );
                }
            }
        }
    }
}
