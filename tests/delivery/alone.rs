//! The program as the image has it: static, in an empty root, without a user, without a network.

use std::path::Path;

use super::tools::{ROOT, command, find, here, kept, read, run, top, tree};

/// Copies what the image is built from, and nothing else, into a folder.
fn copy_sources(folder: &Path) {
    let file = read("Dockerfile");
    let (build, _) = file.rsplit_once("\nFROM ").unwrap();
    for line in build.lines().filter_map(|line| line.strip_prefix("COPY ")) {
        let words: Vec<_> = line.split(' ').collect();
        let (to, from) = words.split_last().unwrap();
        let mut copy = command("cp", top());
        copy.arg("-r").args(from).arg(folder.join(to));
        run(copy).ok();
    }
}

/// The target of the image if its library is here, else this machine's own.
fn target() -> String {
    let musl = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
    let mut libraries = command("rustc", top());
    libraries.args(["--print", "target-libdir", "--target", &musl]);
    if Path::new(run(libraries).text.trim()).is_dir() && find("musl-gcc").is_some() {
        return musl;
    }
    let own = musl.replace("musl", "gnu");
    println!("no library or compiler for {musl} is here: linked statically for {own}");
    own
}

pub(crate) fn runs() {
    let mut user = command("id", top());
    user.arg("-u");
    if run(user).text.trim() != "0" {
        println!("skipped: an empty root needs root");
        return;
    }
    let target = target();
    let sources = tempfile::tempdir().unwrap();
    copy_sources(sources.path());
    let mut build = command("cargo", sources.path());
    build.args(["build", "--quiet", "--locked", "--bin", "eksdns-lint", "--target", &target]);
    build
        .env("RUSTFLAGS", "-C target-feature=+crt-static")
        .env("CARGO_TARGET_DIR", kept().join("static"));
    run(build).ok();
    let program = kept().join("static").join(&target).join("debug/eksdns-lint");
    let linked = here("ldd", &[program.to_str().unwrap()]).text;
    assert!(
        linked.contains("statically linked") || linked.contains("not a dynamic executable"),
        "{linked}"
    );

    let root = tree(&[("work/infra/main.tf", ROOT)]);
    std::fs::copy(&program, root.path().join("eksdns-lint")).unwrap();
    let mut alone = command("unshare", root.path());
    // A network namespace of its own has no interface that is up.
    alone
        .args(["--net", "chroot", "--userspec=65532:65532"])
        .arg(root.path())
        .args(["/eksdns-lint", "/work"]);
    let ran = run(alone);
    assert_eq!(ran.code, Some(1), "{}", ran.text);
    assert!(ran.text.contains("error[unassociated-rule]"), "{}", ran.text);
}
