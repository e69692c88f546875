//! The only place that writes: the report to one stream, everything else to the other.

use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{ErrorKind, IsTerminal, Result, Write, stderr, stdout};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};
use eksdns_lint::report::escape;

use super::Colour;

/// Writes the report. A reader that has seen enough and closes the pipe is no error.
pub(super) fn write(text: &str, colour: bool) -> Result<()> {
    let choice = if colour { ColorChoice::Always } else { ColorChoice::Never };
    let mut out = AutoStream::new(stdout(), choice).lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Writes a file, whole or not at all: beside it first, then in its place. A link stays, and what it leads
/// to is written; into what is no file (a device, a pipe) the text goes as it is.
pub(super) fn write_file(path: &Path, text: &str) -> Result<()> {
    let told = |error: std::io::Error| {
        std::io::Error::new(error.kind(), format!("{}: {error}", path.display()))
    };
    let real = path.canonicalize();
    let path = real.as_deref().unwrap_or(path);
    if std::fs::metadata(path).is_ok_and(|it| !it.is_file() && !it.is_dir()) {
        let mut file = OpenOptions::new().write(true).open(path).map_err(told)?;
        return file.write_all(text.as_bytes()).map_err(told);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&beside)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        // What is left of it helps nobody; where it cannot be removed, the first error says more.
        let _ = std::fs::remove_file(&beside);
    }
    written.map_err(told)
}

/// The summary of a workflow's step, where there is one.
pub(super) fn summary_file() -> Option<PathBuf> {
    let path = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty())?;
    Some(path.into())
}

/// Adds to the summary of a workflow's step; more than a MiB is not taken.
pub(super) fn summary(path: &Path, text: &str) -> Result<()> {
    const MAX: usize = 1024 * 1024;
    let mut end = text.len().min(MAX - 1024);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let cut = if end < text.len() { "\n\nMore than a summary takes was found.\n" } else { "" };
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(format!("{}{cut}", &text[..end]).as_bytes())
}

/// Says something that is not a finding.
pub(super) fn complain(severity: &str, message: &str) {
    // Where the standard error is closed, there is nobody to tell.
    let _ = writeln!(stderr().lock(), "{severity}: {}", escape(message));
}

/// Says why the arguments cannot be used; what they hold may come from names of files.
pub(super) fn explain(message: &str) {
    for line in message.lines() {
        let _ = writeln!(stderr().lock(), "{}", escape(line));
    }
}

/// Says more than a line that is not a finding.
pub(super) fn tell(text: &str) {
    let _ = stderr().lock().write_all(text.as_bytes());
}

/// Whether the report is coloured.
pub(super) fn colour(choice: Colour) -> bool {
    decide(choice, |name| std::env::var_os(name), stdout().is_terminal())
}

fn decide(choice: Colour, env: impl Fn(&str) -> Option<OsString>, terminal: bool) -> bool {
    let set = |name| env(name).filter(|value| !value.is_empty());
    let forced = |name| set(name).is_some_and(|value| value != "0");
    match choice {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto if set("NO_COLOR").is_some() => false,
        Colour::Auto if forced("CLICOLOR_FORCE") || forced("FORCE_COLOR") => true,
        Colour::Auto => terminal && set("TERM").is_none_or(|term| term != "dumb"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_decided_in_order() {
        let auto = |vars: &[(&str, &str)], terminal| {
            let env = |name: &str| {
                let found = vars.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| OsString::from(value))
            };
            decide(Colour::Auto, env, terminal)
        };
        assert!(auto(&[], true) && !auto(&[], false));
        assert!(!auto(&[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], true));
        assert!(auto(&[("NO_COLOR", "")], true));
        assert!(auto(&[("CLICOLOR_FORCE", "1")], false));
        assert!(auto(&[("FORCE_COLOR", "1"), ("TERM", "dumb")], false));
        assert!(!auto(&[("FORCE_COLOR", "0")], false));
        assert!(!auto(&[("TERM", "dumb")], true));
        let no_color = |_: &str| Some(OsString::from("1"));
        assert!(decide(Colour::Always, no_color, false) && !decide(Colour::Never, no_color, true));
    }
}
