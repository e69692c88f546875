//! `trace`: a dig and a traceroute over the code.

use clap::{Args, ValueEnum};
use eksdns_lint::terraform::Values;
use eksdns_lint::{Ask, report};

use super::given::Given;
use super::output::{self, complain};
use super::{FAILED, FINDINGS, OK, UNDECIDED};

/// What `trace` is told.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Arguments {
    /// Who asks: the address of a VPC, a subnet, a host or a Client VPN endpoint, or `on-premises`; all of them
    /// unless given
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// What for: the address of a cluster, or a domain name; all clusters unless given
    #[arg(long, value_name = "CLUSTER|NAME")]
    to: Option<String>,
    /// As if a resource, a block or a module were not there; repeatable
    #[arg(long, value_name = "ADDRESS")]
    without: Vec<String>,
    /// As if an attribute had another value (`aws_vpc.x.enable_dns_hostnames=true`); repeatable
    #[arg(long, value_name = "ADDRESS.ATTRIBUTE=VALUE")]
    set: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    #[command(flatten)]
    pub(super) given: Given,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  all that is asked for resolves and reaches
  1  something does not, or on some paths only
  2  could not do the job: wrong usage, no such client or cluster
  3  nothing certainly fails, and something cannot be told from the code";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people: one path in full, several as a table
    Text,
    /// For programs, stable
    Json,
}

/// Follows the paths and returns the exit code.
pub(super) fn trace(arguments: &Arguments, values: Values) -> u8 {
    let request = arguments.given.request(values);
    let ask = Ask {
        from: arguments.from.clone(),
        to: arguments.to.clone(),
        without: arguments.without.clone(),
        set: arguments.set.clone(),
        ..Ask::default()
    };
    let traced = std::env::current_dir().and_then(|cwd| eksdns_lint::trace(&request, &ask, &cwd));
    let (traced, workspace) = match traced {
        Ok(traced) => traced,
        Err(error) => {
            complain("error", &error.to_string());
            return FAILED;
        }
    };
    traced.warnings.iter().for_each(|warning| complain("warning", warning));
    traced.failures.iter().for_each(|failure| complain("error", failure));
    if !traced.paths.is_empty() {
        let (paths, changes, sources) = (&traced.paths, &traced.changes, workspace.sources());
        let text = match arguments.format {
            Form::Text => report::trace_text(paths, changes, sources),
            Form::Json => report::trace_json(paths, changes, sources),
        };
        if let Err(error) = output::write(&text, false) {
            complain("error", &format!("the paths could not be written: {error}"));
            return FAILED;
        }
    }
    let any = |words: &[&str]| traced.paths.iter().any(|path| words.contains(&path.outcome.word));
    match () {
        () if !traced.failures.is_empty() || traced.paths.is_empty() => FAILED,
        () if any(&["fails", "partly"]) => FINDINGS,
        () if any(&["undecided"]) => UNDECIDED,
        () => OK,
    }
}
