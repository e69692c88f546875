//! Where reports are written to: readers that go away, disks that fill, folders that refuse, an early end.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::{Tree, program};

/// A root whose report is larger than a pipe, or than the room that a test leaves.
fn tree() -> Tree {
    let fault = "resource \"aws_eks_cluster\" \"c@\" {\n  vpc_config {\n    endpoint_private_access = false\n    \
                 endpoint_public_access = false\n  }\n}\n";
    let tree = Tree::new(&[("r.json", "old")]);
    tree.write(
        "a/main.tf",
        (0..500).map(|at| fault.replace('@', &at.to_string())).collect::<String>(),
    );
    tree
}

/// The same run in a shell that does something first.
fn after(tree: &Tree, first: &str, arguments: &[&str]) -> std::process::Output {
    let script = format!("{first}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_eksdns-lint")]).args(arguments);
    command.current_dir(tree.path(".")).stdin(Stdio::null()).output().unwrap()
}

/// What stands in the folder of the tree.
fn names(tree: &Tree) -> Vec<String> {
    let entries = std::fs::read_dir(tree.path(".")).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn a_reader_that_goes_away_in_the_middle() {
    use std::io::Read as _;
    let tree = tree();
    for format in ["text", "json", "sarif", "github", "gitlab", "junit", "markdown"] {
        let mut command = program(&tree.path("."));
        command.args(["--format", format, "a"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut some = [0; 64];
        child.stdout.take().unwrap().read_exact(&mut some).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{format}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_as_standard_output() {
    let tree = tree();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = program(&tree.path("."));
    let output = command.arg("a").stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("the report could not be written: No space left"), "{told}");
}

#[test]
fn a_report_that_cannot_be_written_costs_no_other() {
    let tree = tree();
    let outputs = [
        "--format",
        "json",
        "--output",
        "missing/r.json",
        "--format",
        "sarif",
        "--output",
        "r.sarif",
    ];
    let ran = tree.run(&[&outputs[..], &["--format", "gitlab", "a"]].concat());
    assert_eq!(ran.code, Some(2), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("error: the report could not be written: missing/r.json: "));
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    let sarif: serde_json::Value = serde_json::from_str(&text(&tree.path("r.sarif"))).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 1000);
    let gitlab: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(gitlab.as_array().unwrap().len(), 1000);
}

#[cfg(unix)]
#[test]
fn a_disk_that_fills_while_it_is_written() {
    let tree = tree();
    // The limit of a file's size, in blocks of 512 bytes; its signal is ignored, so that the write fails.
    let ran =
        after(&tree, "trap '' XFSZ; ulimit -f 8", &["--format", "json", "--output", "r.json", "a"]);
    assert_eq!(ran.status.code(), Some(2), "{ran:?}");
    let told = String::from_utf8_lossy(&ran.stderr);
    assert!(
        told.contains("the report could not be written: ") && told.contains("r.json"),
        "{told}"
    );
    assert_eq!(text(&tree.path("r.json")), "old");
    assert_eq!(names(&tree), ["a", "r.json"]);
}

#[cfg(unix)]
#[test]
fn killed_in_the_middle_of_writing() {
    use std::os::unix::process::ExitStatusExt as _;
    let tree = tree();
    // The same limit with its signal: the system ends the program when 4 KiB are written.
    let arguments = ["--format", "json", "--output", "r.json", "a"];
    let ran = after(&tree, "ulimit -c 0; ulimit -f 8", &arguments);
    assert!(ran.status.signal().is_some(), "{ran:?}");
    assert_eq!(text(&tree.path("r.json")), "old");
    // What is left beside it is in nobody's way.
    assert_eq!(names(&tree).len(), 3);
    let ran = tree.run(&arguments);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let report: serde_json::Value = serde_json::from_str(&text(&tree.path("r.json"))).unwrap();
    assert_eq!(report["findings"].as_array().unwrap().len(), 1000);
}

#[cfg(unix)]
#[test]
fn folders_that_refuse() {
    use std::os::unix::fs::PermissionsExt as _;
    let tree = tree();
    let mode = |name: &str, mode: u32| {
        let path = tree.path(name);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    tree.write("locked/x", "");
    tree.write("a/unreadable.tf", "");
    tree.write("closed/main.tf", "");
    tree.write("t.yaml", "Resources: {}");
    mode(".", 0o755);
    mode("locked", 0o555);
    mode("a/unreadable.tf", 0);
    mode("t.yaml", 0);
    mode("closed", 0);
    let output = ["--format", "json", "--output", "locked/r.json", "a"];
    let (written, read, named) = match tree.run_as_nobody(&output) {
        Some(written) => {
            (written, tree.run_as_nobody(&[]).unwrap(), tree.run_as_nobody(&["t.yaml"]).unwrap())
        }
        None => {
            return eprintln!(
                "folders_that_refuse: skipped, the superuser cannot become nobody here"
            );
        }
    };
    mode("closed", 0o755);
    assert_eq!(written.code, Some(2), "{written:?}");
    let refused = "error: the report could not be written: locked/r.json: Permission denied";
    assert!(written.stderr.contains(refused), "{}", written.stderr);
    assert!(read.stdout.contains("a/unreadable.tf:1:1"), "{}", read.stdout);
    for told in
        ["warning: closed: cannot be read: permission denied", "warning: t.yaml: Permission denied"]
    {
        assert!(read.stderr.contains(told), "{}", read.stderr);
    }
    assert_eq!(named.code, Some(2));
    assert!(named.stderr.starts_with("error: t.yaml: Permission denied"), "{}", named.stderr);
}
