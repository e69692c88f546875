//! Tells the program its version, in a release with the commit that it was built from.
//!
//! No program is started: the commit stands in what git, or cargo when it packs, has written. Where neither has,
//! and in development, the version stands alone.

use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let told = match release.then(commit).flatten() {
        Some(commit) => format!("{version} ({})", &commit[..12]),
        None => version,
    };
    println!("cargo:rustc-env=EKSDNS_LINT_VERSION={told}");
}

/// The commit, where it is written down.
fn commit() -> Option<String> {
    let top = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
    let commit = packed(&top).or_else(|| head(&top.join(".git")))?;
    let commit = commit.trim().to_owned();
    (commit.len() >= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(commit)
}

/// What cargo wrote when it packed the crate: `{"git": {"sha1": "…"}}`.
fn packed(top: &Path) -> Option<String> {
    let text = read(&top.join(".cargo_vcs_info.json"))?;
    let (_, rest) = text.split_once("\"sha1\"")?;
    rest.split('"').nth(1).map(str::to_owned)
}

/// What `HEAD` of a repository or of a work tree of one points to.
fn head(git: &Path) -> Option<String> {
    let own = match read(git).as_deref().and_then(|text| text.strip_prefix("gitdir: ")) {
        Some(folder) => git.parent()?.join(folder.trim()),
        None => git.to_path_buf(),
    };
    let shared = read(&own.join("commondir")).map_or(own.clone(), |folder| own.join(folder.trim()));
    let head = read(&own.join("HEAD"))?;
    let Some(name) = head.trim().strip_prefix("ref: ") else { return Some(head) };
    read(&own.join(name)).or_else(|| read(&shared.join(name))).or_else(|| {
        let packed = read(&shared.join("packed-refs"))?;
        let line = packed.lines().find(|line| line.ends_with(&format!(" {name}")))?;
        line.split(' ').next().map(str::to_owned)
    })
}

/// A file, which is looked at again when it changes.
fn read(path: &Path) -> Option<String> {
    if path.is_file() {
        println!("cargo:rerun-if-changed={}", path.display());
    }
    std::fs::read_to_string(path).ok()
}
