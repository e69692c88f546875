//! The hooks, run by pre-commit itself in a repository of their own, installed from the project without an index.

use std::path::Path;

use super::tools::{ROOT, Ran, TEMPLATE, command, kept, read, run, top, tree, write};
use super::wheel::offline;

fn git(folder: &Path, arguments: &[&str]) -> String {
    let mut git = command("git", folder);
    git.args([
        "-c",
        "user.name=test",
        "-c",
        "user.email=test@example.com",
        "-c",
        "commit.gpgsign=false",
    ]);
    git.args(["-c", "init.defaultBranch=main"]).args(arguments);
    run(git).ok()
}

/// What pre-commit installs: the hooks as they stand here, committed in a repository of their own.
fn project() -> tempfile::TempDir {
    let files = [".pre-commit-hooks.yaml", "pyproject.toml"].map(|name| (name, read(name)));
    let project = tree(&files.each_ref().map(|(name, text)| (*name, text.as_str())));
    git(project.path(), &["init", "--quiet"]);
    git(project.path(), &["add", "."]);
    git(project.path(), &["commit", "--quiet", "-m", "hooks"]);
    project
}

/// A repository of a user with one hook.
struct Repository {
    folder: tempfile::TempDir,
    _project: tempfile::TempDir,
}

impl Repository {
    fn new(hook: &str, files: &[(&str, &str)]) -> Self {
        let project = project();
        let revision = git(project.path(), &["rev-parse", "HEAD"]);
        let config = format!(
            "repos:\n  - repo: {}\n    rev: {}\n    hooks:\n      - id: {hook}\n",
            project.path().display(),
            revision.trim()
        );
        let folder = tree(files);
        write(folder.path(), ".pre-commit-config.yaml", &config);
        git(folder.path(), &["init", "--quiet"]);
        git(folder.path(), &["add", "."]);
        git(folder.path(), &["commit", "--quiet", "-m", "all"]);
        Self { folder, _project: project }
    }

    fn git(&self, arguments: &[&str]) {
        git(self.folder.path(), arguments);
    }

    fn pre_commit(&self, arguments: &[&str]) -> Ran {
        let mut hook = command("pre-commit", self.folder.path());
        offline(hook.args(["run", "--verbose"]).args(arguments));
        hook.env("PRE_COMMIT_HOME", kept().join("pre-commit"));
        run(hook)
    }
}

fn estate() -> Vec<(&'static str, &'static str)> {
    let call = "module \"shared\" {\n  source = \"../modules/shared\"\n}\n";
    vec![
        ("a/main.tf", call),
        ("modules/shared/main.tf", ROOT),
        ("b/main.tf", ROOT),
        ("stacks/corp.yaml", TEMPLATE),
        ("notes.txt", "nothing\n"),
    ]
}

pub(crate) fn changed() {
    let repository = Repository::new("eksdns-lint", &estate());
    let top = repository.folder.path();
    let ran = repository.pre_commit(&[]);
    assert!(ran.code == Some(0) && ran.text.contains("(no files to check)"), "{}", ran.text);

    write(top, "notes.txt", "something\n");
    repository.git(&["add", "."]);
    assert_eq!(repository.pre_commit(&[]).code, Some(0));

    // A module that changed is judged through the root that calls it, and nothing else is.
    write(top, "modules/shared/main.tf", &format!("# changed\n{ROOT}"));
    repository.git(&["add", "."]);
    let ran = repository.pre_commit(&[]);
    assert!(ran.code == Some(1) && ran.text.contains("1 root, 0 VPCs"), "{}", ran.text);
    assert!(ran.text.contains("modules/shared/main.tf:2"), "{}", ran.text);
    assert!(!ran.text.contains("b/main.tf") && !ran.text.contains("corp.yaml"), "{}", ran.text);

    // What a commit deletes is not passed, so it needs the hook for all.
    repository.git(&["commit", "--quiet", "--no-verify", "-m", "changed"]);
    repository.git(&["rm", "--quiet", "stacks/corp.yaml"]);
    let ran = repository.pre_commit(&[]);
    assert!(ran.code == Some(0) && ran.text.contains("(no files to check)"), "{}", ran.text);
}

pub(crate) fn all() {
    let repository = Repository::new("eksdns-lint-all", &estate());
    let ran = repository.pre_commit(&["--all-files"]);
    assert!(ran.code == Some(1) && ran.text.contains("3 roots, 0 VPCs"), "{}", ran.text);
    for file in ["modules/shared/main.tf", "b/main.tf", "stacks/corp.yaml"] {
        assert!(ran.text.contains(file), "{}", ran.text);
    }
}

/// Every ending of a file that is read has the hooks run.
pub(crate) fn kinds() {
    let json = r#"{"resource": {"aws_vpc": {"this": {"cidr_block": "10.0.0.0/16"}}}}"#;
    let template = r#"{"Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}}}"#;
    let files = [
        ("hcl/main.tf", ""),
        ("json/main.tf.json", json),
        ("tofu/main.tofu", ""),
        ("tofu-json/main.tofu.json", json),
        ("values/main.tf", ""),
        ("values/prod.tfvars", ""),
        ("values/prod.tfvars.json", "{}"),
        ("stacks/a.yaml", "Resources: {}\n"),
        ("stacks/b.yml", "Resources: {}\n"),
        ("stacks/c.json", template),
        ("stacks/d.template", template),
        ("configured/main.tf", ""),
        ("configured/eksdns-lint.toml", ""),
    ];
    let repository = Repository::new("eksdns-lint", &files);
    for (name, _) in files {
        let ran = repository.pre_commit(&["--files", name]);
        assert_eq!(ran.code, Some(0), "{name}: {}", ran.text);
        assert!(
            ran.text.contains("1 root, ") || ran.text.contains(" roots, "),
            "{name}: {}",
            ran.text
        );
    }
    let ran = repository.pre_commit(&["--files", "notes.txt"]);
    assert!(ran.text.contains("(no files to check)"), "{}", ran.text);
    assert!(top().join(".pre-commit-hooks.yaml").is_file());
}
