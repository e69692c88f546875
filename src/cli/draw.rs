//! `draw`: the picture of an estate, of a path, or of what a finding is about.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use eksdns_lint::diagram::{self, Picture};
use eksdns_lint::source::Workspace;
use eksdns_lint::terraform::Values;
use eksdns_lint::{Ask, Request, report};

use super::given::Given;
use super::output::{self, complain};
use super::{FAILED, OK};

/// What `draw` is told.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Who asks: the address of a VPC, a subnet, a host or a Client VPN endpoint, or `on-premises`
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// What for: the address of a cluster, or a domain name
    #[arg(long, value_name = "CLUSTER|NAME")]
    to: Option<String>,
    /// The path that a finding is about, by its fingerprint
    #[arg(long, value_name = "FINGERPRINT", conflicts_with_all = ["from", "to"])]
    finding: Option<String>,
    /// How to draw it
    #[arg(long, value_enum, default_value_t = Form::Svg)]
    format: Form,
    /// Write it to this file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) given: Given,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// One file for screens and for print
    Svg,
    /// For GitHub and GitLab
    Mermaid,
    /// For Graphviz
    Dot,
    /// A page with the picture, the places of the code and their lines
    Html,
}

/// Draws and returns the exit code.
pub(super) fn draw(arguments: &Arguments, values: Values) -> u8 {
    match drawn(arguments, &arguments.given.request(values)) {
        Ok(code) => code,
        Err(reason) => {
            complain("error", &reason);
            FAILED
        }
    }
}

/// A picture, the files that it points into, what failed and what was met on the way.
type Drawn = (Option<Picture>, Workspace, Vec<String>, Vec<String>);

fn drawn(arguments: &Arguments, request: &Request) -> Result<u8, String> {
    let (picture, workspace, failures, warnings) = match &arguments.finding {
        Some(fingerprint) => of_finding(request, fingerprint)?,
        None => of_paths(arguments, request)?,
    };
    for (severity, all) in [("warning", &warnings), ("error", &failures)] {
        for one in all {
            complain(severity, one);
        }
    }
    let Some(picture) = picture else {
        let nothing = "there is no VPC to draw".to_owned();
        return if failures.is_empty() { Err(nothing) } else { Ok(FAILED) };
    };
    let text = match arguments.format {
        Form::Svg => diagram::svg(&picture, workspace.sources()),
        Form::Mermaid => diagram::mermaid(&picture),
        Form::Dot => diagram::dot(&picture),
        Form::Html => report::picture_page(&picture, workspace.sources()),
    };
    let written = match &arguments.output {
        Some(file) => output::write_file(file, &text),
        None => output::write(&text, false),
    };
    written.map_err(|error| format!("the picture could not be written: {error}"))?;
    Ok(if failures.is_empty() { OK } else { FAILED })
}

/// A path where both of its ends are told, else the estate with the paths that are asked for.
fn of_paths(arguments: &Arguments, request: &Request) -> Result<Drawn, String> {
    let one = arguments.from.is_some() && arguments.to.is_some();
    let ask = Ask {
        from: arguments.from.clone(),
        to: arguments.to.clone(),
        pictures: one,
        estates: !one,
        // An estate without a cluster is one.
        every: arguments.from.is_none() && arguments.to.is_none(),
        ..Ask::default()
    };
    let cwd = std::env::current_dir().map_err(|error| error.to_string())?;
    let traced = eksdns_lint::trace(request, &ask, &cwd).map_err(|error| error.to_string())?;
    let (mut paths, workspace) = traced;
    if one && paths.paths.len() > 1 {
        let first = &paths.paths[0];
        let named = first.environment.as_ref().map_or(String::new(), |name| format!(", {name}"));
        let text = format!(
            "{} paths are of this name: that of {}{named} is drawn",
            paths.paths.len(),
            first.root
        );
        paths.warnings.push(text);
    }
    let path = paths.pictures.into_values().next();
    let picture = if one { path } else { Picture::together(paths.estates) };
    Ok((picture, workspace, paths.failures, paths.warnings))
}

/// The path that a finding is about; the estate, where it is about none.
fn of_finding(request: &Request, fingerprint: &str) -> Result<Drawn, String> {
    let cwd = std::env::current_dir().map_err(|error| error.to_string())?;
    let survey = eksdns_lint::survey(request, &cwd).map_err(|error| error.to_string())?;
    let eksdns_lint::Survey { run, mut paths, about } = survey;
    let found = report::fingerprinted(&run.outcome, &run.workspace)
        .into_iter()
        .find(|(_, own)| own == fingerprint)
        .map(|(finding, _)| finding);
    let mut failures = run.failures.clone();
    failures.extend(paths.failures);
    let Some(finding) = found else {
        if failures.is_empty() {
            return Err(format!(
                "--finding {fingerprint}: nothing found has this fingerprint (the report in JSON tells them)"
            ));
        }
        return Ok((None, run.workspace, failures, run.warnings));
    };
    let at = run.outcome.findings.iter().position(|one| one == finding);
    let path = at.and_then(|at| about[at]).and_then(|at| paths.pictures.remove(&at));
    let mut warnings = run.warnings.clone();
    let picture = path.or_else(|| {
        warnings.push("the finding is about no path of a client: the estate is drawn".to_owned());
        Picture::together(paths.estates)
    });
    Ok((picture, run.workspace, failures, warnings))
}
