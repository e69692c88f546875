//! How the report looks, as options and the terminal say.

use std::io::{IsTerminal, stdout};

use clap::{Args, ValueEnum};
use eksdns_lint::report::{Detail, Sort, Style};

use super::{Colour, output};

#[derive(Debug, Args)]
pub(super) struct Looks {
    /// The order of findings in the text
    #[arg(long, value_enum, value_name = "ORDER", default_value_t = Order::File)]
    sort: Order,
    /// Print findings and errors alone: no open verdicts, no counts, no warnings
    #[arg(short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Print every open verdict with its whole reason, and the roots that were looked at
    #[arg(short, long)]
    verbose: bool,
    /// The columns of the text; without it those of the terminal
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..))]
    width: Option<u16>,
    /// When to use colour; beats `NO_COLOR`, `CLICOLOR_FORCE` and `FORCE_COLOR`
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    color: Colour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Order {
    /// File by file, in each the most severe first
    File,
    /// The most severe first
    Severity,
    /// Rule by rule
    Rule,
}

impl Looks {
    /// For a file, or for the standard output.
    pub(super) fn style(&self, is_file: bool) -> Style {
        let terminal = !is_file && stdout().is_terminal();
        let own = || terminal.then(terminal_size::terminal_size).flatten();
        let colour = !is_file && output::colour(self.color);
        Style {
            colour,
            links: colour && terminal && supports_hyperlinks::supports_hyperlinks(),
            width: self.width.or_else(|| own().map(|(width, _)| width.0.max(40))).map(usize::from),
            sort: match self.sort {
                Order::File => Sort::File,
                Order::Severity => Sort::Severity,
                Order::Rule => Sort::Rule,
            },
            detail: match (self.quiet, self.verbose) {
                (true, _) => Detail::Quiet,
                (false, true) => Detail::Verbose,
                (false, false) => Detail::Normal,
            },
        }
    }
}
