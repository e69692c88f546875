//! `diff`: which clients gain or lose what between two states of the code.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use eksdns_lint::compare::{self, Kind};
use eksdns_lint::finding::Severity;
use eksdns_lint::git::Repository;
use eksdns_lint::report::{Difference, diff_json, diff_markdown, diff_text};
use eksdns_lint::source::Workspace;
use eksdns_lint::terraform::Values;
use eksdns_lint::{Ask, Options, Paths, Request, Run, cloudformation};

use super::output::{self, complain};
use super::progress::Progress;
use super::{FAILED, FINDINGS, OK, Selection, UNDECIDED, key_and_value, name_and_value};

/// What `diff` is told.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(super) struct Arguments {
    /// The state before: a folder, or a revision of the git repository around the working directory
    #[arg(value_name = "BASE")]
    base: String,
    /// The state after: a folder or a revision; the working directory unless given
    #[arg(value_name = "HEAD")]
    head: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Give a parameter of the CloudFormation templates a value; repeatable
    #[arg(long = "parameter", value_name = "KEY=VALUE", value_parser = key_and_value)]
    parameters: Vec<(String, String)>,
    /// Give a variable of the Terraform roots a value; repeatable
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = name_and_value)]
    pub(super) vars: Vec<(String, String)>,
    /// Take values of variables from a file; repeatable, in order with --var
    #[arg(long = "var-file", value_name = "FILE")]
    pub(super) var_files: Vec<PathBuf>,
    /// Assume that public DNS does not answer for private-only endpoints
    #[arg(long)]
    no_eks_public_dns: bool,
    #[command(flatten)]
    selection: Selection,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  nothing is lost, and no error or warning is new or was less
  1  a client loses resolution or reach, or an error or warning is new or was
     less
  2  could not do the job: wrong usage, no such folder or revision
  3  nothing is certainly lost, and what held cannot be told any more";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For programs, stable
    Json,
}

/// One of the two states: where its files are, and what of them is looked at.
struct State {
    name: String,
    top: PathBuf,
    below: PathBuf,
    /// Where the files of a revision are as long as they are needed.
    files: Option<tempfile::TempDir>,
}

/// What is known of one state.
struct Judged {
    run: Run,
    paths: Paths,
    /// The files that the paths point into.
    workspace: Workspace,
}

/// Compares the two states and returns the exit code.
pub(super) fn diff(arguments: &Arguments, values: &Values) -> u8 {
    match compared(arguments, values) {
        Ok(code) => code,
        Err(reason) => {
            complain("error", &reason);
            FAILED
        }
    }
}

fn compared(arguments: &Arguments, values: &Values) -> Result<u8, String> {
    let cwd = std::env::current_dir().and_then(|cwd| cwd.canonicalize());
    let cwd = cwd.map_err(|error| error.to_string())?;
    let base = state(&arguments.base, &cwd)?;
    let head = match &arguments.head {
        Some(head) => state(head, &cwd)?,
        None => as_it_is(&cwd, base.files.is_some()),
    };
    let before = judge(arguments, values, &base)?;
    let after = judge(arguments, values, &head)?;
    let failed = [(&base, &before), (&head, &after)].into_iter().any(|(state, judged)| {
        let all = judged.run.failures.iter().chain(&judged.paths.failures);
        all.clone().for_each(|failure| complain("error", &format!("{}: {failure}", state.name)));
        all.count() > 0
    });
    let undecided =
        |paths: &Paths| paths.paths.iter().filter(|path| path.outcome.word == "undecided").count();
    let difference = Difference {
        names: (base.name.clone(), head.name.clone()),
        changes: compare::changes(&before.paths.paths, &after.paths.paths),
        findings: compare::findings(&before.run.outcome, &after.run.outcome),
        sources: (before.run.workspace.sources(), after.run.workspace.sources()),
        hops: after.workspace.sources(),
        open: undecided(&before.paths).min(undecided(&after.paths)),
    };
    let text = match arguments.format {
        Form::Text => diff_text(&difference),
        Form::Markdown => diff_markdown(&difference),
        Form::Json => diff_json(&difference),
    };
    output::write(&text, false).map_err(|error| format!("it could not be written: {error}"))?;
    let has = |kind| difference.changes.iter().any(|change| change.kind == kind);
    let found = &difference.findings;
    let worsened = found.changed.iter().filter(|one| one.was < one.finding.severity);
    let mut worse = found.new.iter().chain(worsened.map(|one| &one.finding));
    let worse = worse.any(|one| one.severity >= Severity::Warning);
    Ok(match () {
        () if failed => FAILED,
        () if has(Kind::Lost) || worse => FINDINGS,
        () if has(Kind::Opened) => UNDECIDED,
        () => OK,
    })
}

/// A folder, or the files of a revision in a folder of their own.
fn state(text: &str, cwd: &Path) -> Result<State, String> {
    let folder = cwd.join(text);
    if folder.is_dir() {
        let top = folder.canonicalize().map_err(|error| format!("{text}: {error}"))?;
        return Ok(State { name: text.to_owned(), top, below: PathBuf::from("."), files: None });
    }
    let told = |reason: String| format!("{text}: {reason}");
    let repository =
        Repository::around(cwd).map_err(|fault| told(format!("is no folder, and {fault}")))?;
    let commit = repository.commit(text).map_err(|fault| fault.to_string())?;
    let files = tempfile::tempdir().map_err(|error| told(error.to_string()))?;
    let top = files.path().canonicalize().map_err(|error| told(error.to_string()))?;
    repository.check_out(commit, &top).map_err(|fault| told(fault.to_string()))?;
    let below = cwd.strip_prefix(repository.top()).unwrap_or(Path::new("")).to_owned();
    let below = if below.as_os_str().is_empty() { PathBuf::from(".") } else { below };
    Ok(State { name: text.to_owned(), top, below, files: Some(files) })
}

/// The working directory; beside a revision its roots are called as they are there, from the top.
fn as_it_is(cwd: &Path, beside_revision: bool) -> State {
    let top = Repository::around(cwd).ok().filter(|_| beside_revision);
    let top = top.map_or_else(|| cwd.to_owned(), |repository| repository.top().to_owned());
    let below = cwd.strip_prefix(&top).unwrap_or(Path::new("")).to_owned();
    let below = if below.as_os_str().is_empty() { PathBuf::from(".") } else { below };
    State { name: "the working directory".to_owned(), top, below, files: None }
}

fn judge(arguments: &Arguments, values: &Values, state: &State) -> Result<Judged, String> {
    if !state.top.join(&state.below).exists() {
        return Err(format!("{}: {} is not there", state.name, state.below.display()));
    }
    let request = Request {
        options: Options { eks_public_dns: !arguments.no_eks_public_dns, today: None },
        parameters: cloudformation::Values {
            files: Vec::new(),
            given: arguments.parameters.clone(),
        },
        values: values.clone(),
        ..arguments.selection.request(vec![state.below.clone()])
    };
    let told = |error: std::io::Error| format!("{}: {error}", state.name);
    let progress = Progress::start(&request.stages);
    let run = eksdns_lint::run(&request, &state.top).map_err(told)?;
    let ask = Ask { every: true, ..Ask::default() };
    let (paths, workspace) = eksdns_lint::trace(&request, &ask, &state.top).map_err(told)?;
    drop(progress);
    run.warnings.iter().for_each(|text| complain("warning", &format!("{}: {text}", state.name)));
    Ok(Judged { run, paths, workspace })
}
