//! `completions` and `man`: what shells and `man` want to know of the command line.

use clap::{CommandFactory, ValueEnum};
use clap_complete::{Generator, Shell, generate};
use clap_complete_nushell::Nushell;

use super::output::{self, complain};
use super::{Arguments, FAILED, OK};

/// A shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Name {
    /// Of GNU
    Bash,
    /// Of Zsh
    Zsh,
    /// Of fish
    Fish,
    /// Of `PowerShell`
    Powershell,
    /// Of Elvish
    Elvish,
    /// Of Nushell
    Nushell,
}

/// Prints what a shell completes.
pub(super) fn completions(name: Name) -> u8 {
    let text = match name {
        Name::Bash => script(Shell::Bash),
        Name::Zsh => script(Shell::Zsh),
        Name::Fish => script(Shell::Fish),
        Name::Powershell => script(Shell::PowerShell),
        Name::Elvish => script(Shell::Elvish),
        Name::Nushell => script(Nushell),
    };
    print(&text)
}

fn script(shell: impl Generator) -> Vec<u8> {
    let mut text = Vec::new();
    generate(shell, &mut Arguments::command(), "eksdns-lint", &mut text);
    text
}

/// Prints the page of the manual.
pub(super) fn man() -> u8 {
    let mut text = Vec::new();
    match clap_mangen::Man::new(Arguments::command()).render(&mut text) {
        Ok(()) => print(&text),
        Err(error) => {
            complain("error", &format!("the page could not be made: {error}"));
            FAILED
        }
    }
}

fn print(text: &[u8]) -> u8 {
    match output::write(&String::from_utf8_lossy(text), false) {
        Ok(()) => OK,
        Err(error) => {
            complain("error", &format!("it could not be written: {error}"));
            FAILED
        }
    }
}
