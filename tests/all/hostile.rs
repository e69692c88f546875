//! Trees that are broken or want to do harm: bounded time, a clear message, no panic.

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
}
