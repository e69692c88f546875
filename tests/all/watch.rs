//! `--watch`: a change runs it again, and nothing else does.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::support::{Tree, program};

const LONE: &str = include_str!("../../fixtures/unassociated-rule/flag.tf");
const CLEAN: &str = include_str!("../../fixtures/unassociated-rule/pass.tf");
/// Longer than any look at a few files, on a busy machine too.
const PATIENCE: Duration = Duration::from_mins(1);
/// Long enough for some looks.
const QUIET: Duration = Duration::from_secs(2);

/// The program while it watches.
struct Watching {
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn new(tree: &Tree, arguments: &[&str]) -> Self {
        let mut command = program(&tree.path("."));
        command.arg("--watch").args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (send, lines) = channel();
        let streams: [Box<dyn std::io::Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for stream in streams {
            let send = send.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let _ = send.send(line);
                }
            });
        }
        Self { child, lines }
    }

    /// What it says until it watches again.
    fn run(&self) -> String {
        let mut said = String::new();
        let is_end = |line: &str| line.starts_with("note: watching ");
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{said}"));
            said += &line;
            said.push('\n');
            if is_end(&line) {
                // The other stream may be behind.
                while let Ok(line) = self.lines.recv_timeout(Duration::from_millis(200)) {
                    said += &line;
                    said.push('\n');
                }
                return said;
            }
        }
    }

    fn is_quiet(&self) {
        let said = self.lines.recv_timeout(QUIET);
        assert!(said.is_err(), "nothing has changed: {said:?}");
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_change_runs_it_again() {
    let tree = Tree::new(&[("main.tf", CLEAN), ("other/readme.md", "")]);
    let watching = Watching::new(&tree, &[]);
    assert!(watching.run().contains("nothing found"));
    tree.write("main.tf", LONE);
    assert!(watching.run().contains("[unassociated-rule]"));
    tree.write("eksdns-lint.toml", "ignore = [\"unassociated-rule\"]\n");
    assert!(!watching.run().contains("[unassociated-rule]"));
    tree.write("other/new.tf", LONE.replace("# flagged", "# x"));
    std::fs::remove_file(tree.path("eksdns-lint.toml")).unwrap();
    let said = watching.run();
    assert!(said.contains("2 roots, "), "{said}");
    // It runs on where it cannot do the job.
    tree.write("eksdns-lint.toml", "ignored = []\n");
    assert!(watching.run().contains("error: "));
    std::fs::remove_file(tree.path("eksdns-lint.toml")).unwrap();
    assert!(watching.run().contains("[unassociated-rule]"));
}

#[test]
fn what_it_writes_itself_is_no_change() {
    let tree = Tree::new(&[("main.tf", CLEAN)]);
    let watching = Watching::new(&tree, &["--format", "json", "--output", "report.json"]);
    watching.run();
    watching.is_quiet();
    let before = std::fs::read_to_string(tree.path("report.json")).unwrap();
    tree.write("main.tf", LONE);
    watching.run();
    assert_ne!(std::fs::read_to_string(tree.path("report.json")).unwrap(), before);
    tree.write("notes.md", "of no interest");
    // A new name in the folder is looked at once, whatever it is.
    watching.run();
    tree.write("notes.md", "still of no interest");
    watching.is_quiet();
}

#[test]
fn a_module_outside_of_the_named_folder_is_watched() {
    let call = "module \"m\" {\n  source = \"../m\"\n}\n";
    let tree = Tree::new(&[("root/main.tf", call), ("m/main.tf", CLEAN)]);
    std::fs::create_dir(tree.path(".git")).unwrap();
    let watching = Watching::new(&tree, &["root"]);
    assert!(!watching.run().contains("[unassociated-rule]"));
    tree.write("m/main.tf", LONE);
    assert!(watching.run().contains("[unassociated-rule]"));
}

#[test]
fn what_cannot_be_watched_is_refused() {
    let tree = Tree::new(&[("main.tf", CLEAN)]);
    for arguments in
        [&["--watch", "-"][..], &["--watch", "--explain-values"], &["--watch", "--touched"]]
    {
        let ran = tree.run(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    }
}
