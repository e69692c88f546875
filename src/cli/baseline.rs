//! `--baseline`: leaves out findings that a file has, and writes the file.

use std::path::{Path, PathBuf};

use eksdns_lint::Run;
use eksdns_lint::baseline::{Baseline, Entry, Seen};
use eksdns_lint::checks::ALL;
use eksdns_lint::finding::Finding;

use super::output::{self, complain};

/// What is to be done with it.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// Leave out the findings that this file has
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Write all findings of this run into the file of --baseline
    #[arg(long, requires = "baseline", conflicts_with = "prune_baseline")]
    write_baseline: bool,
    /// Take what is fixed out of the file of --baseline
    #[arg(long, requires = "baseline")]
    prune_baseline: bool,
}

impl Options {
    /// Applies the file to what a run has found; why it cannot be done.
    pub(super) fn apply(&self, run: &mut Run) -> Result<(), String> {
        let Some(file) = &self.baseline else { return Ok(()) };
        let whole = match (run.failures.is_empty(), self.write_baseline || self.prune_baseline) {
            (false, true) => {
                return Err(format!("{}: not written, for this run is not whole", file.display()));
            }
            (whole, _) => whole,
        };
        let looked = Looked::new(file, run);
        if self.write_baseline {
            let text = Baseline::of(&run.outcome, &looked).text();
            output::write_file(file, &text).map_err(|error| error.to_string())?;
            complain(
                "note",
                &format!(
                    "{}: {} written",
                    file.display(),
                    count(run.outcome.findings.len(), "finding")
                ),
            );
            run.outcome.findings.clear();
            return Ok(());
        }
        let text = run.workspace.read_named(file);
        let text = text.map(|file| run.workspace.sources().file(file).text.to_string());
        let text = text
            .map_err(|error| format!("{}: {error}; --write-baseline writes it", file.display()))?;
        let baseline = Baseline::read(&text)
            .map_err(|reason| format!("{}: not a baseline: {reason}", file.display()))?;
        let applied = baseline.apply(&mut run.outcome, &looked);
        if applied.left_out > 0 {
            let left_out = count(applied.left_out, "finding");
            complain("note", &format!("{}: {left_out} left out", file.display()));
        }
        let fixed = if whole { applied.fixed.as_slice() } else { &[] };
        for entry in fixed {
            let hint =
                if self.prune_baseline { "taken out" } else { "--prune-baseline takes it out" };
            complain("note", &format!("{}: fixed: {entry}; {hint}", file.display()));
        }
        if self.prune_baseline && !fixed.is_empty() {
            output::write_file(file, &applied.kept.text()).map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}

fn count(number: usize, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{s}")
}

/// What a run has looked at, as the file names it.
struct Looked {
    folder: PathBuf,
    cwd: PathBuf,
    roots: Vec<String>,
    open: Vec<&'static str>,
    ran: Vec<&'static str>,
}

impl Looked {
    fn new(file: &Path, run: &Run) -> Self {
        let cwd = run.workspace.cwd().to_owned();
        let folder = cwd.join(file).parent().map_or_else(|| cwd.clone(), Path::to_owned);
        let folder = folder.canonicalize().unwrap_or(folder);
        let mut looked = Self { folder, cwd, roots: Vec::new(), open: Vec::new(), ran: Vec::new() };
        looked.roots = run.outcome.roots.iter().map(|root| looked.name(root)).collect();
        looked.open = run.outcome.undecided.iter().map(|open| open.rule.id).collect();
        looked.ran.clone_from(&run.outcome.ran);
        looked
    }

    /// A path from the folder of the file, with `/`.
    fn name(&self, root: &str) -> String {
        let path = self.cwd.join(root);
        let path = path.canonicalize().unwrap_or(path);
        let shared = path.iter().zip(self.folder.iter()).take_while(|(a, b)| a == b).count();
        let up = self.folder.iter().skip(shared).map(|_| "..".to_owned());
        let down = path.iter().skip(shared).map(|part| part.to_string_lossy().into_owned());
        let parts: Vec<_> = up.chain(down).collect();
        if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
    }
}

impl Seen for Looked {
    fn root(&self, finding: &Finding) -> String {
        self.name(&finding.root)
    }

    fn exists(&self, root: &str) -> bool {
        self.folder.join(root).exists()
    }

    /// The root was analysed, or is gone; the rule ran, or is gone, and left nothing undecided.
    fn looked_for(&self, entry: &Entry) -> bool {
        let is_known = ALL.iter().any(|check| check.rule.id == entry.rule);
        let here = self.roots.contains(&entry.root) || !self.exists(&entry.root);
        here && (!is_known
            || self.ran.contains(&&*entry.rule) && !self.open.contains(&&*entry.rule))
    }
}
