//! The main job: analyse what was named, print the report.

use std::cmp::Reverse;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use eksdns_lint::bug::guarded;
use eksdns_lint::checks::ALL;
use eksdns_lint::cloudformation;
use eksdns_lint::diagram::Picture;
use eksdns_lint::finding::{Finding, Severity};
use eksdns_lint::stages::{Stage, Stages};
use eksdns_lint::suppress::Date;
use eksdns_lint::terraform::Values;
use eksdns_lint::{Options, Request, Run, Survey, report};

use super::output::{self, complain};
use super::progress::Progress;
use super::targets::Target;
use super::watch;
use super::{Arguments, FAILED, FINDINGS, FailOn, Format, OK};

/// So many pictures stand in the summary of a step.
const PICTURES: usize = 3;

/// Analyses the named paths and returns the exit code.
pub(super) fn check(arguments: &Arguments, values: Values, targets: &[Target]) -> u8 {
    match request(arguments, values) {
        Ok(request) if arguments.explain_values => explain(&request),
        Ok(mut request) if arguments.tending.watch => {
            let own: Vec<_> = targets.iter().filter_map(|target| target.file.clone()).collect();
            let paths = request.paths.clone();
            let result = watch::watch(&paths, &own, || {
                request.stages = stages(arguments);
                judge(arguments, targets, &request).1
            });
            match result {
                Ok(never) => match never {},
                Err(error) => failed(&error.to_string()),
            }
        }
        Ok(request) => judge(arguments, targets, &request).0,
        Err(reason) => failed(&reason),
    }
}

fn failed(reason: &str) -> u8 {
    complain("error", reason);
    FAILED
}

/// What is to be done, as the arguments say.
fn request(arguments: &Arguments, values: Values) -> Result<Request, String> {
    let (stdin, paths): (Vec<_>, Vec<_>) =
        arguments.paths.iter().cloned().partition(|path| path.as_os_str() == "-");
    if arguments.tending.watch && !stdin.is_empty() {
        return Err("-: cannot be watched".to_owned());
    }
    let stdin = (!stdin.is_empty()).then(input).transpose();
    let stdin = stdin.map_err(|error| format!("-: cannot be read: {error}"))?;
    let touched = arguments.touched.then(|| paths.clone());
    let paths = if arguments.touched { vec![".".into()] } else { paths };
    Ok(Request {
        stdin,
        touched,
        options: Options { eks_public_dns: !arguments.no_eks_public_dns, today: today() },
        parameters: cloudformation::Values {
            files: arguments.parameter_files.clone(),
            given: arguments.parameters.clone(),
        },
        values,
        matrix: arguments.tfvars_matrix.clone(),
        stages: stages(arguments),
        ..arguments.selection.request(paths)
    })
}

/// The record of a run: with its times where they are asked for.
fn stages(arguments: &Arguments) -> Arc<Stages> {
    Arc::new(if arguments.tending.statistics { Stages::measuring() } else { Stages::default() })
}

/// Runs once and prints; the exit code, and what was looked at.
fn judge(arguments: &Arguments, targets: &[Target], request: &Request) -> (u8, Option<Run>) {
    let since = Instant::now();
    let progress = Progress::start(&request.stages);
    let of_step = output::summary_file();
    let of_step = of_step.filter(|_| targets.iter().any(|one| one.format == Format::Github));
    let drawn = std::env::current_dir().and_then(|cwd| match &of_step {
        Some(_) => eksdns_lint::survey(request, &cwd).map(drawn),
        None => eksdns_lint::run(request, &cwd).map(|run| (run, Vec::new())),
    });
    drop(progress);
    let (mut run, pictures) = match drawn {
        Ok(drawn) => drawn,
        Err(error) => return (failed(&error.to_string()), None),
    };
    if !arguments.terminal.quiet {
        run.warnings.iter().for_each(|warning| complain("warning", warning));
    }
    run.failures.iter().for_each(|failure| complain("error", failure));
    let nothing_seen = run.outcome.counts.roots == 0 && run.outcome.findings.is_empty();
    if let Err(reason) = arguments.baseline.apply(&mut run) {
        complain("error", &reason);
        run.failures.push(reason);
    }
    let silent = nothing_seen && !run.failures.is_empty();
    if !silent {
        let unwritten = print(arguments, targets, &run, (of_step.as_deref(), &pictures));
        for failure in &unwritten {
            complain("error", failure);
        }
        run.failures.extend(unwritten);
    }
    if arguments.tending.statistics {
        let (sources, spent) = (run.workspace.sources(), request.stages.spent());
        output::tell(&report::statistics(&run.outcome, sources, &spent, since.elapsed()));
    }
    let code = exit_code(!run.failures.is_empty(), run.outcome.worst(), arguments.fail_on);
    (code, Some(run))
}

/// Prints the values instead of findings.
fn explain(request: &Request) -> u8 {
    let explained = std::env::current_dir().and_then(|cwd| eksdns_lint::values(request, &cwd));
    let explained = match explained {
        Ok(explained) => explained,
        Err(error) => return failed(&error.to_string()),
    };
    explained.warnings.iter().for_each(|warning| complain("warning", warning));
    explained.failures.iter().for_each(|failure| complain("error", failure));
    if let Err(error) = output::write(&explained.to_string(), false) {
        return failed(&format!("the values could not be written: {error}"));
    }
    if explained.failures.is_empty() { OK } else { FAILED }
}

/// The day by the clock of this machine, in UTC.
pub(super) fn today() -> Option<Date> {
    const DAY: u64 = 24 * 60 * 60;
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(Date::from_days(i64::try_from(since.as_secs() / DAY).ok()?))
}

/// All of the standard input, within the size of a plan.
fn input() -> std::io::Result<String> {
    const MAX: u64 = 256 * 1024 * 1024;
    let mut text = String::new();
    std::io::stdin().lock().take(MAX + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MAX {
        return Err(std::io::Error::other("it is larger than 256 MiB"));
    }
    Ok(text)
}

/// Findings, each with the picture of the path that it is about, the most severe first, and each picture once.
fn drawn(survey: Survey) -> (Run, Vec<(Finding, Picture)>) {
    let Survey { run, mut paths, about } = survey;
    let findings = run.outcome.findings.iter().zip(about);
    let mut drawn: Vec<_> = findings
        .filter_map(|(finding, about)| Some((finding.clone(), paths.pictures.remove(&about?)?)))
        .collect();
    drawn.sort_by_key(|(finding, _)| Reverse(finding.severity));
    (run, drawn)
}

/// Prints each report, and tells why one is not there.
fn print(
    arguments: &Arguments,
    targets: &[Target],
    run: &Run,
    (of_step, pictures): (Option<&Path>, &[(Finding, Picture)]),
) -> Vec<String> {
    let subject = report::Subject {
        outcome: &run.outcome,
        workspace: &run.workspace,
        rules: ALL.iter().map(|check| check.rule).collect(),
        failures: &run.failures,
        warnings: &run.warnings,
    };
    let stages = run.workspace.stages();
    let reports = targets.iter().map(|target| {
        written(&format!("the report, --format {}", target.format.name()), || {
            let style = arguments.terminal.style(target.file.is_some());
            let colour = style.colour;
            let text = stages.time(Stage::Report, || rendered(target.format, &subject, style));
            match &target.file {
                Some(file) => output::write_file(file, &text),
                None => output::write(&text, colour),
            }
        })
    });
    let summary = of_step.map(|file| {
        written("the summary of the step", || {
            // What a baseline has left out is not drawn.
            let told = pictures.iter().filter(|(one, _)| run.outcome.findings.contains(one));
            let told = told.map(|(_, picture)| picture).take(PICTURES);
            output::summary(file, &report::summary(&subject, told))
        })
    });
    reports.chain(summary).flatten().collect()
}

fn rendered(format: Format, subject: &report::Subject, style: report::Style) -> String {
    let (outcome, sources) = (subject.outcome, subject.workspace.sources());
    match format {
        Format::Text => report::text(outcome, sources, style),
        Format::Json => report::json(outcome, sources),
        Format::Sarif => report::sarif(subject),
        Format::Github => report::github(subject),
        Format::Gitlab => report::gitlab(subject),
        Format::Junit => report::junit(subject),
        Format::Markdown => report::markdown(subject),
    }
}

/// Writes one of several; why it is not there, where it failed: the others are written all the same.
fn written(what: &str, write: impl FnOnce() -> std::io::Result<()>) -> Option<String> {
    match guarded(what, write) {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(format!("the report could not be written: {error}")),
        Err(bug) => Some(bug),
    }
}

fn exit_code(failed: bool, worst: Option<Severity>, fail_on: FailOn) -> u8 {
    let reached = worst.zip(fail_on.severity()).is_some_and(|(worst, limit)| worst >= limit);
    match (failed, reached) {
        (true, _) => FAILED,
        (false, true) => FINDINGS,
        (false, false) => OK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_that_fails_is_told_and_costs_no_other() {
        assert_eq!(written("the report, --format json", || Ok(())), None);
        let full = || Err(std::io::Error::other("full"));
        let told = written("the report, --format json", full).unwrap();
        assert_eq!(told, "the report could not be written: full");
        let told = written("the report, --format json", || panic!("odd")).unwrap();
        assert!(told.starts_with("the report, --format json: a bug in this program"), "{told}");
    }

    #[test]
    fn the_exit_code_tells_findings_from_failure() {
        let code = |worst, fail_on| exit_code(false, worst, fail_on);
        assert_eq!(code(None, FailOn::Note), OK);
        assert_eq!(code(Some(Severity::Note), FailOn::Note), FINDINGS);
        assert_eq!(code(Some(Severity::Note), FailOn::Warning), OK);
        assert_eq!(code(Some(Severity::Warning), FailOn::Warning), FINDINGS);
        assert_eq!(code(Some(Severity::Warning), FailOn::Error), OK);
        assert_eq!(code(Some(Severity::Error), FailOn::Error), FINDINGS);
        assert_eq!(code(Some(Severity::Error), FailOn::Never), OK);
        assert_eq!(exit_code(true, None, FailOn::Never), FAILED);
        assert_eq!(exit_code(true, Some(Severity::Error), FailOn::Note), FAILED);
    }
}
