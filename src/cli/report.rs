//! `report`: one page with everything.

use std::path::PathBuf;

use clap::Args;
use eksdns_lint::Request;
use eksdns_lint::checks::ALL;
use eksdns_lint::report::{self, Page, Subject};
use eksdns_lint::terraform::Values;

use super::given::Given;
use super::output::{self, complain};
use super::progress::Progress;
use super::{FAILED, OK, check};

/// What `report` is told.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Arguments {
    /// Write it to this file, whole or not at all
    #[arg(short, long, value_name = "FILE", default_value = "report.html")]
    output: PathBuf,
    #[command(flatten)]
    pub(super) given: Given,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  the report is written, whatever it says
  2  could not do the job, or a part of it: what could be told is still written";

/// Writes the report and returns the exit code.
pub(super) fn report(arguments: &Arguments, values: Values) -> u8 {
    let mut request = arguments.given.request(values);
    request.options.today = check::today();
    match written(arguments, &request) {
        Ok(code) => code,
        Err(reason) => {
            complain("error", &reason);
            FAILED
        }
    }
}

fn written(arguments: &Arguments, request: &Request) -> Result<u8, String> {
    let cwd = std::env::current_dir().map_err(|error| error.to_string())?;
    let progress = Progress::start(&request.stages);
    let survey = eksdns_lint::survey(request, &cwd).map_err(|error| error.to_string())?;
    drop(progress);
    let (run, paths) = (&survey.run, &survey.paths);
    let mut failures = run.failures.clone();
    failures.extend(paths.failures.iter().filter(|one| !run.failures.contains(one)).cloned());
    for (severity, all) in [("warning", &run.warnings), ("error", &failures)] {
        for one in all {
            complain(severity, one);
        }
    }
    if run.outcome.counts.roots == 0 && run.outcome.findings.is_empty() && !failures.is_empty() {
        return Ok(FAILED);
    }
    let page = Page {
        subject: Subject {
            outcome: &run.outcome,
            workspace: &run.workspace,
            rules: ALL.iter().map(|check| check.rule).collect(),
            failures: &failures,
            warnings: &run.warnings,
        },
        paths: &paths.paths,
        pictures: &paths.pictures,
        estates: &paths.estates,
        about: &survey.about,
    };
    output::write_file(&arguments.output, &report::page(&page))
        .map_err(|error| format!("the report could not be written: {error}"))?;
    Ok(if failures.is_empty() { OK } else { FAILED })
}
