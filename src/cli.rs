//! The command line.

mod check;
mod output;
mod values;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, ValueEnum};
use eksdns_lint::finding::Severity;

/// Tells whether the API name of a private EKS cluster resolves, and is reachable, from where it is
/// needed: reads Terraform and CloudFormation, asks nobody, changes nothing.
#[derive(Debug, Parser)]
#[command(version, after_help = EXIT_CODES)]
struct Arguments {
    /// Folders and files, in any mix; `-` reads a plan from the standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Give a parameter of the CloudFormation templates a value; repeatable, wins over the files
    #[arg(long = "parameter", value_name = "KEY=VALUE", value_parser = key_and_value)]
    parameters: Vec<(String, String)>,
    /// Take values of parameters from a file (AWS CLI, `CodePipeline`, Git sync or samconfig); repeatable
    #[arg(long = "parameter-file", value_name = "FILE")]
    parameter_files: Vec<PathBuf>,
    /// Give a variable of the Terraform roots a value; repeatable
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = name_and_value)]
    vars: Vec<(String, String)>,
    /// Take values of variables from a file; repeatable, in order with --var
    #[arg(long = "var-file", value_name = "FILE")]
    var_files: Vec<PathBuf>,
    /// Analyse the Terraform roots once with each of the files that match, relative to the root or to the
    /// working directory
    #[arg(long, value_name = "GLOB")]
    tfvars_matrix: Option<String>,
    /// Instead of findings, print what is known of each attribute that is read, or why it is not
    #[arg(long)]
    explain_values: bool,
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
    pair(text).ok_or_else(|| "it must be KEY=VALUE".to_owned())
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    pair(text).ok_or_else(|| "it must be NAME=VALUE".to_owned())
}

fn pair(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let name = name.trim();
    (!name.is_empty()).then(|| (name.to_owned(), value.to_owned()))
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
    let matches = Arguments::command().try_get_matches();
    let parsed = matches.and_then(|matches| {
        let arguments = Arguments::from_arg_matches(&matches)?;
        let values = values::values(&arguments, &matches);
        Ok((arguments, values))
    });
    let code = match parsed {
        Ok((arguments, values)) => {
            std::panic::catch_unwind(|| check::check(&arguments, values)).unwrap_or(FAILED)
        }
        Err(error) => {
            // Help and version come here too. A reader that has gone away needs no message.
            let _ = error.print();
            if error.use_stderr() { FAILED } else { OK }
        }
    };
    code.into()
}
