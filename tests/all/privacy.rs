//! Nothing in the program can open a connection or start another program.

use std::path::Path;

/// The libraries that `deny.toml` keeps out: those that open connections, or that others are built on who do.
fn connecting() -> Vec<String> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(top.join("deny.toml")).unwrap();
    let settings: toml::Table = text.parse().unwrap();
    let names = settings["bans"]["deny"].as_array().unwrap().iter();
    names.map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[test]
fn no_library_opens_connections() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lock = std::fs::read_to_string(top.join("Cargo.lock")).unwrap();
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    let names: Vec<&str> = names.collect();
    assert!(names.contains(&"serde_json"), "the packages are read");
    let connecting = connecting();
    assert!(
        connecting.len() > 20 && connecting.iter().any(|name| name == "tokio"),
        "{connecting:?}"
    );
    for name in connecting {
        assert!(!names.contains(&&*name), "{name} is among the dependencies");
    }
}

#[test]
fn the_sources_open_no_connection_and_start_no_program() {
    let forbidden = [
        "std::net",
        "TcpStream",
        "UdpSocket",
        "ToSocketAddrs",
        "process::Command",
        "Command::new(",
    ];
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files += 1;
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                for line in code {
                    // Addresses are values here, not places to connect to.
                    let line = line.replace("std::net::{Ip", "").replace("std::net::Ip", "");
                    let found = forbidden.iter().find(|word| line.contains(**word));
                    assert_eq!(found, None, "{}: {line}", path.display());
                }
            }
        }
    }
    assert!(files > 100);
}

/// What a run asks of the system, where `strace` can tell.
#[cfg(target_os = "linux")]
mod calls {
    use std::process::Command;

    use crate::support::Tree;

    /// The calls that open connections, start programs or change files, one a line; `None` where there is no
    /// `strace`, or where it may not look.
    fn traced(tree: &Tree, arguments: &[&str]) -> Option<Vec<String>> {
        let log = tree.path("calls.log");
        let kinds = "trace=%network,%process,%desc,%file,io_uring_setup";
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-y", "-e", kinds, "-o"]).arg(&log);
        command.arg(env!("CARGO_BIN_EXE_eksdns-lint")).args(arguments);
        command
            .current_dir(tree.path("w"))
            .stdin(std::fs::File::open(tree.path("plan.json")).unwrap());
        let output = command.output().ok()?;
        let text = std::fs::read_to_string(&log).ok()?;
        assert!(output.status.code().is_some_and(|code| code < 4), "{arguments:?}: {output:?}");
        let of = |line: &str| line.split_once(' ').map(|(_, call)| call.trim().to_owned());
        let calls: Vec<_> = text.lines().filter_map(of).collect();
        calls.iter().any(|call| call.starts_with("execve(")).then_some(calls)
    }

    /// The name of a call.
    fn name(call: &str) -> &str {
        call.split('(').next().unwrap_or_default()
    }

    /// What a call would change: the paths that it is given, where it changes any.
    fn changes(call: &str) -> Vec<String> {
        let opens = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"];
        let changing = match name(call) {
            "open" | "openat" | "openat2" | "creat" => opens.iter().any(|flag| call.contains(flag)),
            "rename" | "renameat" | "renameat2" | "unlink" | "unlinkat" | "mkdir" | "mkdirat"
            | "rmdir" | "link" | "linkat" | "symlink" | "symlinkat" | "truncate" | "chmod"
            | "fchmodat" | "chown" | "fchownat" | "utimensat" | "mknod" | "mknodat"
            | "setxattr" => true,
            _ => false,
        };
        let paths = call.split('"').skip(1).step_by(2).map(str::to_owned);
        if changing { paths.collect() } else { Vec::new() }
    }

    #[test]
    fn no_connection_no_program_no_write_but_the_output() {
        let root = include_str!("../../fixtures/missing-peering-route/flag-return.tf");
        let template = include_str!("../../fixtures/missing-peering-route/flag-return.yaml");
        let tree = Tree::new(&[("w/.git/HEAD", ""), ("w/a/main.tf", root), ("w/t.yaml", template)]);
        tree.write("w/a/terraform.tfvars", "");
        tree.write("w/eksdns-lint.toml", "ignore = ['single-zone-endpoint']\n");
        tree.write(
            "plan.json",
            "{\"format_version\":\"1.2\",\"planned_values\":{\"root_module\":{}}}",
        );
        let cases: &[(&[&str], &[&str])] = &[
            (&["."], &[]),
            (&["--format", "sarif", "--output", "r.sarif", "--format", "text", "."], &["r.sarif"]),
            (&["--format", "github", "--format", "junit", "--output", "r.xml"], &["r.xml"]),
            (&["-"], &[]),
            (&["--explain-values"], &[]),
            (&["--touched", "a/main.tf"], &[]),
            (&["trace"], &[]),
            (&["draw", "--format", "svg"], &[]),
            (&["report", "-o", "r.html"], &["r.html"]),
            (&["diff", "a", "a"], &[]),
            (&["config", "show"], &[]),
            (&["rules"], &[]),
            (&["--version"], &[]),
        ];
        for (arguments, outputs) in cases {
            let Some(calls) = traced(&tree, arguments) else {
                return eprintln!(
                    "no_connection_no_program_no_write_but_the_output: skipped, strace cannot run here"
                );
            };
            assert!(calls.len() > 20, "{arguments:?}: {calls:#?}");
            let of = |wrong: &[&str]| {
                calls.iter().filter(|call| wrong.contains(&name(call))).collect::<Vec<_>>()
            };
            let started = of(&["execve", "execveat", "fork", "vfork"]);
            assert_eq!(started.len(), 1, "{arguments:?}: {started:#?}");
            let threads = of(&["clone", "clone3"]);
            assert!(threads.iter().all(|call| call.contains("CLONE_THREAD")), "{threads:#?}");
            let network = [
                "socket",
                "socketpair",
                "connect",
                "bind",
                "listen",
                "accept",
                "accept4",
                "sendto",
                "sendmsg",
                "recvfrom",
                "io_uring_setup",
            ];
            assert_eq!(of(&network), Vec::<&String>::new(), "{arguments:?}");
            let allowed = |path: &String| {
                let name = path.rsplit('/').next().unwrap_or_default();
                outputs
                    .iter()
                    .any(|output| name == *output || name.starts_with(&format!(".{output}.")))
            };
            let changed: Vec<String> = calls.iter().flat_map(|call| changes(call)).collect();
            assert!(changed.iter().all(allowed), "{arguments:?}: {changed:#?}");
            assert_eq!(changed.is_empty(), outputs.is_empty(), "{arguments:?}: {changed:#?}");
        }
    }
}
