//! Which format goes where: `--output` belongs to the `--format` before it.

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{ArgMatches, CommandFactory, Error};

use super::{Arguments, Format};

/// A format, and the file that it is written to, if not to the standard output.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) format: Format,
    pub(super) file: Option<PathBuf>,
}

/// The targets in the order of the command line.
pub(super) fn targets(arguments: &Arguments, matches: &ArgMatches) -> Result<Vec<Target>, Error> {
    let at = |id: &str| matches.indices_of(id).into_iter().flatten();
    let wrong = |text: &str| Err(Arguments::command().error(ErrorKind::ArgumentConflict, text));
    let mut targets: Vec<(usize, Target)> = at("formats")
        .zip(&arguments.formats)
        .map(|(at, &format)| (at, Target { format, file: None }))
        .collect();
    for (at, file) in at("outputs").zip(&arguments.outputs) {
        let Some((_, target)) = targets.iter_mut().rev().find(|(own, _)| *own < at) else {
            return wrong("--output needs a --format before it");
        };
        if target.file.replace(file.clone()).is_some() {
            return wrong("a --format has one --output");
        }
    }
    if targets.iter().filter(|(_, target)| target.file.is_none()).count() > 1 {
        return wrong("only one --format goes to the standard output: the others need an --output");
    }
    Ok(targets.into_iter().map(|(_, target)| target).collect())
}
