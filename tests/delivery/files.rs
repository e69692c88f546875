//! The files of delivery by the rules of those who read them.

use super::tools::{here, read};

pub(crate) fn workflows() {
    here("zizmor", &["--offline", "--pedantic", "--no-progress", ".github", "action.yml"]).ok();
}

pub(crate) fn schemas() {
    let schemas = [
        ("vendor.github-workflows", ".github/workflows/ci.yml"),
        ("vendor.github-workflows", ".github/workflows/release.yml"),
        ("vendor.github-workflows", "src/cli/init/workflow.yml"),
        ("vendor.github-actions", "action.yml"),
        ("vendor.gitlab-ci", "packaging/gitlab/eksdns-lint.yml"),
    ];
    for (schema, file) in schemas {
        here("check-jsonschema", &["--builtin-schema", schema, file]).ok();
    }
    written();
    here("pre-commit", &["validate-manifest", ".pre-commit-hooks.yaml"]).ok();
    here("pre-commit", &["validate-config", "src/cli/init/pre-commit.yaml"]).ok();
}

/// The files that the recipes show: the first line of a block names the file.
fn written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shown.yaml");
    let shown = file.to_str().unwrap();
    let mut checked = 0;
    for page in ["pre-commit", "github", "gitlab"] {
        let text = read(&format!("docs/src/recipes/{page}.md"));
        for block in text.split("\n```yaml\n# ").skip(1) {
            let (name, rest) = block.split_once('\n').unwrap();
            std::fs::write(&file, rest.split("\n```").next().unwrap()).unwrap();
            let (program, arguments) = match name {
                ".pre-commit-config.yaml" => ("pre-commit", vec!["validate-config", shown]),
                ".gitlab-ci.yml" => {
                    ("check-jsonschema", vec!["--builtin-schema", "vendor.gitlab-ci", shown])
                }
                name if name.starts_with(".github/workflows/") => {
                    ("check-jsonschema", vec!["--builtin-schema", "vendor.github-workflows", shown])
                }
                name => panic!("what is {name}?"),
            };
            here(program, &arguments).ok();
            checked += 1;
        }
    }
    assert_eq!(checked, 4);
}

pub(crate) fn scripts() {
    let scripts = [
        ".ci/run",
        "docs/build",
        "packaging/archive",
        "packaging/homebrew/fill",
        "tests/delivery/install",
        "tests/testbed/install",
    ];
    here("shellcheck", &scripts).ok();
    here("hadolint", &["Dockerfile"]).ok();
}

pub(crate) fn formula() {
    let targets = [
        "aarch64-apple-darwin",
        "x86_64-apple-darwin",
        "aarch64-unknown-linux-musl",
        "x86_64-unknown-linux-musl",
    ];
    let sum = |target: &&str| {
        format!("{}  eksdns-lint-{target}.tar.gz\n", target.len().to_string().repeat(32))
    };
    let folder = tempfile::tempdir().unwrap();
    let sums = folder.path().join("SHA256SUMS");
    std::fs::write(&sums, targets.iter().map(sum).collect::<String>()).unwrap();
    let fill = |sums: &std::path::Path| {
        here("bash", &["packaging/homebrew/fill", "1.2.3", sums.to_str().unwrap()])
    };
    let formula = fill(&sums).ok();
    assert!(!formula.contains('@'), "{formula}");
    for target in targets {
        assert!(
            formula.contains(&format!("sha256 \"{}\"", target.len().to_string().repeat(32))),
            "{formula}"
        );
        // Each archive is one that a release makes.
        assert!(read(".github/workflows/release.yml").contains(target));
    }
    std::fs::write(&sums, "").unwrap();
    assert_eq!(fill(&sums).code, Some(1));
}

pub(crate) fn versions() {
    let version = env!("CARGO_PKG_VERSION");
    let told = [
        ("pyproject.toml", format!("version = \"{version}\"")),
        ("pyproject.toml", format!("eksdns-lint=={version}")),
        ("src/cli/init/pre-commit.yaml", format!("rev: v{version}")),
        ("src/cli/init/workflow.yml", format!("eksdns-lint@v{version}")),
        ("docs/src/recipes/pre-commit.md", format!("rev: v{version}")),
        ("docs/src/recipes/github.md", format!("eksdns-lint@v{version}")),
        ("docs/src/recipes/gitlab.md", format!("eksdns-lint=={version}")),
        ("packaging/gitlab/eksdns-lint.yml", format!("eksdns-lint=={version}")),
        ("Cargo.toml", format!("version = \"{version}\"")),
    ];
    for (file, text) in told {
        assert!(read(file).contains(&text), "{file} does not have {text}");
    }
}
