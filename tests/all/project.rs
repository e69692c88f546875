//! The project's own files.

use std::path::Path;

use crate::support::program;

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn the_readme_lists_every_option_and_exit_code() {
    let (readme, cli) = (read("README.md"), read("src/cli.rs"));
    let options = regex::Regex::new(r"(?m)^ +(?:-\w, )?(--[a-z][a-z-]+)").unwrap();
    let help = crate::support::Tree::new(&[]).run(&["--help"]).stdout;
    let told = help.split_once("Options:").unwrap().1.split_once("Exit codes:").unwrap().0;
    let told: Vec<_> = options.captures_iter(told).map(|it| it[1].to_owned()).collect();
    assert!(told.len() > 8, "{help}");
    for option in told {
        assert!(readme.contains(&format!("`{option}")), "README.md does not tell {option}");
    }
    for code in ["| 0 |", "| 1 |", "| 2 |"] {
        assert!(readme.contains(code), "README.md does not tell exit code {code}");
    }
    assert!(cli.contains("Exit codes:"));
}

#[test]
fn the_example_of_the_readme_is_a_real_run() {
    let readme = read("README.md");
    let command = "\n```sh\ncargo run -q -- ";
    let path = readme.split(command).nth(1).and_then(|rest| rest.lines().next()).unwrap();
    let ran = program(Path::new(env!("CARGO_MANIFEST_DIR"))).arg(path).output().unwrap();
    let printed = String::from_utf8(ran.stdout).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{printed}");
    assert!(readme.contains(&format!("\n```text\n{printed}```\n")), "not in README.md:\n{printed}");
}

#[test]
fn the_required_steps_run_the_test_command_of_the_readme() {
    let command = "cargo test";
    assert!(read("README.md").contains(&format!("```sh\n{command}\n```")));
    assert!(read(".ci/run").lines().any(|line| line.trim() == command));
}

/// What is fuzzed is what is released; and the libraries are built once for both.
#[test]
fn the_fuzz_targets_have_the_versions_of_the_linter() {
    let locked = |name: &str| -> std::collections::BTreeSet<(String, String)> {
        let lock: toml::Table = read(name).parse().unwrap();
        let packages = lock["package"].as_array().unwrap().iter();
        let text = |package: &toml::Value, key: &str| package[key].as_str().unwrap().to_owned();
        packages.map(|package| (text(package, "name"), text(package, "version"))).collect()
    };
    let (own, fuzz) = (locked("Cargo.lock"), locked("fuzz/Cargo.lock"));
    let names: std::collections::BTreeSet<_> = own.iter().map(|(name, _)| name).collect();
    let other: Vec<_> = fuzz.difference(&own).filter(|(name, _)| names.contains(name)).collect();
    assert!(own.len() > 50 && fuzz.intersection(&own).count() > 50, "the files are read");
    assert_eq!(
        other,
        Vec::<&(String, String)>::new(),
        "copy Cargo.lock over fuzz/Cargo.lock, and run cargo metadata in fuzz"
    );
}

#[test]
fn the_changelog_knows_this_version_or_what_comes() {
    let changelog = read("CHANGELOG.md");
    let version = format!("## [{}]", env!("CARGO_PKG_VERSION"));
    assert!(changelog.contains("## [Unreleased]") || changelog.contains(&version));
}

#[test]
fn every_source_file_says_what_it_holds() {
    fn walk(folder: &Path) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                assert!(text.starts_with("//! "), "{} does not say what it holds", path.display());
            }
        }
    }
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    walk(&top.join("src"));
    walk(&top.join("tests"));
}
