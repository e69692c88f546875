//! The only place that writes: the report to one stream, everything else to the other.

use std::ffi::OsString;
use std::io::{ErrorKind, IsTerminal, Result, Write, stderr, stdout};

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

/// Says something that is not a finding.
pub(super) fn complain(severity: &str, message: &str) {
    // Where the standard error is closed, there is nobody to tell.
    let _ = writeln!(stderr().lock(), "{severity}: {}", escape(message));
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
