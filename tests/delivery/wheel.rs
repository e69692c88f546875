//! The wheel, and the crate: installed as a new user would, and run.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::tools::{ROOT, command, here, kept, run, top, tree};

/// The folder with the wheel of what is here, built once.
pub(crate) fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = kept().join("dist");
        let _ = std::fs::remove_dir_all(&folder);
        let mut build = command("maturin", &top().join("packaging/wheel"));
        // The profile of tests: a release is the same program, and takes minutes.
        build.args(["build", "--profile", "dev", "--locked", "--compatibility", "linux"]);
        build.arg("--out").arg(&folder);
        run(build).ok();
        folder
    })
}

/// A command that installs from what is at hand alone.
pub(crate) fn offline(command: &mut std::process::Command) {
    let links = [folder().to_owned(), kept().join("wheels")];
    let links = links.map(|folder| folder.to_string_lossy().into_owned()).join(" ");
    command
        .env("PIP_NO_INDEX", "1")
        .env("PIP_FIND_LINKS", links)
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1");
}

pub(crate) fn brings_the_program() {
    let folder = tree(&[("infra/main.tf", ROOT)]);
    run({
        let mut venv = command("python3", folder.path());
        venv.args(["-m", "venv", "new"]);
        venv
    })
    .ok();
    let bin = folder.path().join("new/bin");
    let mut install = command("pip", folder.path());
    offline(install.arg("--python").arg(bin.join("python")).args([
        "install",
        "--quiet",
        "eksdns-lint",
    ]));
    run(install).ok();
    let program = bin.join("eksdns-lint");
    let program = program.to_str().unwrap();
    let mut version = command(program, folder.path());
    version.arg("--version");
    assert!(run(version).ok().starts_with(&format!("eksdns-lint {}", env!("CARGO_PKG_VERSION"))));
    let mut check = command(program, folder.path());
    check.arg("./infra");
    let ran = run(check);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    assert!(ran.text.contains("error[unassociated-rule]"), "{}", ran.text);
}

pub(crate) fn cargo_installs() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().to_str().unwrap();
    here(
        "cargo",
        &[
            "install",
            "--quiet",
            "--path",
            ".",
            "--debug",
            "--locked",
            "--no-track",
            "--root",
            folder,
        ],
    )
    .ok();
    let mut check = command(&format!("{folder}/bin/eksdns-lint"), top());
    check.arg("fixtures/missing-peering-route/flag-return.tf");
    let ran = run(check);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    assert!(ran.text.contains("error[missing-peering-route]"), "{}", ran.text);
}
