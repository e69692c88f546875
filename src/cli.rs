//! The command line.

mod check;
mod output;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use eksdns_lint::finding::Severity;

/// Tells whether the API name of a private EKS cluster resolves, and is reachable, from where it is
/// needed: reads Terraform and CloudFormation, asks nobody, changes nothing.
#[derive(Debug, Parser)]
#[command(version, after_help = EXIT_CODES)]
struct Arguments {
    /// Folders and files, in any mix
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Give a parameter of the CloudFormation templates a value; repeatable, wins over the files
    #[arg(long = "parameter", value_name = "KEY=VALUE", value_parser = key_and_value)]
    parameters: Vec<(String, String)>,
    /// Take values of parameters from a file (AWS CLI, `CodePipeline`, Git sync or samconfig); repeatable
    #[arg(long = "parameter-file", value_name = "FILE")]
    parameter_files: Vec<PathBuf>,
    /// How to print the findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The lowest severity that makes the exit code 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Warning)]
    fail_on: FailOn,
    /// Assume that public DNS does not answer for private-only endpoints (AWS before December 2019, and
    /// networks that cannot ask public DNS)
    #[arg(long)]
    no_eks_public_dns: bool,
    /// When to use colour; beats `NO_COLOR`, `CLICOLOR_FORCE` and `FORCE_COLOR`
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto)]
    color: Colour,
}

fn key_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.to_owned()))
        }
        _ => Err("it must be KEY=VALUE".to_owned()),
    }
}

const EXIT_CODES: &str = "\
Exit codes:
  0  no finding at or above the severity of --fail-on
  1  findings
  2  could not do the job: wrong usage, a named path that cannot be read or in
     which no Terraform or CloudFormation was found; findings elsewhere are
     still printed

Findings go to the standard output, everything else to the standard error.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, like a compiler's
    Text,
    /// For programs, stable
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl FailOn {
    /// The severity that fails a run; none does under `never`.
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

/// Nothing at or above `--fail-on`.
const OK: u8 = 0;
/// Findings.
const FINDINGS: u8 = 1;
/// The job could not be done.
const FAILED: u8 = 2;

/// Does what the arguments ask.
pub(crate) fn run() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| output::complain("bug", &panic.to_string())));
    let code = match Arguments::try_parse() {
        Ok(arguments) => std::panic::catch_unwind(|| check::check(&arguments)).unwrap_or(FAILED),
        Err(error) => {
            // Help and version come here too. A reader that has gone away needs no message.
            let _ = error.print();
            if error.use_stderr() { FAILED } else { OK }
        }
    };
    code.into()
}
