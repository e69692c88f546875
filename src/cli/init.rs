//! `init`: a commented configuration, a pre-commit entry and a workflow; nothing is overwritten.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::output::{self, complain};
use super::{FAILED, OK};

/// Each file and its text.
const FILES: [(&str, &str); 3] = [
    ("eksdns-lint.toml", include_str!("init/eksdns-lint.toml")),
    (".pre-commit-config.yaml", include_str!("init/pre-commit.yaml")),
    (".github/workflows/eksdns-lint.yml", include_str!("init/workflow.yml")),
];

/// Writes the files that are not there, and prints what to add to those that are.
pub(super) fn init() -> u8 {
    let mut code = OK;
    let mut told = String::new();
    for (name, text) in FILES {
        match write_new(Path::new(name), text) {
            Ok(()) => _ = writeln!(told, "{name}: written"),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let _ = writeln!(told, "{name}: is there and stays as it is; this could be added:");
                told.extend(
                    text.lines().map(|line| format!("  {line}").trim_end().to_owned() + "\n"),
                );
            }
            Err(error) => {
                complain("error", &format!("{name}: cannot be written: {error}"));
                code = FAILED;
            }
        }
    }
    if let Err(error) = output::write(&told, false) {
        complain("error", &format!("it could not be written: {error}"));
        return FAILED;
    }
    code
}

/// A link that leads to nothing is there, too: what it names is not made.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}
