//! Environments: the same roots with the values of one file after the other.

use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::front::{FrontEnds, Root};
use crate::finding::{self, Finding, Outcome};
use crate::source::{Pattern, Span, Workspace};
use crate::terraform::{Inputs, Setting};

/// What the roots are given in one environment.
#[derive(Debug)]
pub(super) struct Environment {
    /// `None` where there is only one, without a name.
    name: Option<Arc<str>>,
    /// For each root; `None` when the root has files for other environments only.
    pub(super) settings: Vec<Option<Setting>>,
}

impl Environment {
    /// What it is called, where there are several.
    pub(super) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }
}

/// All environments of a run: at least one.
#[derive(Debug)]
pub(super) struct Environments {
    pub(super) all: Vec<Environment>,
}

impl Environments {
    /// One after the other, with the values of each root.
    pub(super) fn new(
        workspace: &Workspace,
        front: &FrontEnds,
        inputs: &[Inputs],
        pattern: Option<&str>,
        failures: &mut Vec<String>,
    ) -> Self {
        let plain =
            |inputs: &Inputs| Some(Setting { inputs: inputs.clone(), ..Setting::default() });
        let files = match pattern.map(|pattern| files(workspace, front, pattern)) {
            None => BTreeMap::new(),
            Some(Ok(files)) => files,
            Some(Err(failure)) => {
                failures.push(failure);
                BTreeMap::new()
            }
        };
        if files.is_empty() {
            let settings = inputs.iter().map(plain).collect();
            return Self { all: vec![Environment { name: None, settings }] };
        }
        let with_files: BTreeSet<usize> =
            files.values().flat_map(BTreeMap::keys).copied().collect();
        let mut all = Vec::new();
        for (name, files) in files {
            let mut settings = Vec::new();
            for (at, inputs) in inputs.iter().enumerate() {
                settings.push(match files.get(&at) {
                    None if with_files.contains(&at) => None,
                    None => plain(inputs),
                    Some(file) => match inputs.with_file(workspace, file) {
                        Ok(inputs) => Some(Setting { inputs, ..Setting::default() }),
                        Err(reasons) => {
                            failures.extend(reasons);
                            None
                        }
                    },
                });
            }
            all.push(Environment { name: Some(name), settings });
        }
        Self { all }
    }

    /// Warnings and failures over the given values.
    pub(super) fn judge<'r>(
        &self,
        workspace: &Workspace,
        front: &'r FrontEnds,
        failures: &mut Vec<String>,
    ) -> Vec<String> {
        let mut warnings = BTreeSet::new();
        let terraform = |root: &'r Root| match root {
            Root::Terraform(path) => Some(path),
            Root::CloudFormation(..) | Root::Plan(..) => None,
        };
        let all: Vec<&PathBuf> = front.roots.iter().filter_map(terraform).collect();
        for environment in &self.all {
            let mut by_inputs: Vec<(&Inputs, Vec<&PathBuf>)> = Vec::new();
            for (root, setting) in front.roots.iter().zip(&environment.settings) {
                let (Some(path), Some(setting)) = (terraform(root), setting) else { continue };
                match by_inputs.iter_mut().find(|(inputs, _)| inputs.is_same(&setting.inputs)) {
                    Some((_, own)) => own.push(path),
                    None => by_inputs.push((&setting.inputs, vec![path])),
                }
            }
            for (inputs, own) in by_inputs {
                let (unused, wrong) = front.terraform.judge(workspace, (&own, &all), inputs);
                warnings.extend(unused);
                failures.extend(wrong);
            }
        }
        warnings.into_iter().collect()
    }

    /// One outcome: what is the same in several environments is there once.
    pub(super) fn merged(&self, outcomes: Vec<Outcome>) -> Outcome {
        let mut merged = Outcome::default();
        let mut known: HashMap<Key, usize> = HashMap::new();
        let names: Vec<_> = self.all.iter().filter_map(|it| it.name.clone()).collect();
        for (environment, outcome) in self.all.iter().zip(outcomes) {
            for finding in outcome.findings {
                let at = *known.entry(key(&finding)).or_insert(merged.findings.len());
                if at == merged.findings.len() {
                    merged.findings.push(finding);
                }
                let with = &mut merged.findings[at].environments.with;
                with.extend(environment.name.clone().filter(|name| !with.contains(name)));
            }
            for open in outcome.undecided {
                if names.is_empty() || !merged.undecided.contains(&open) {
                    merged.undecided.push(open);
                }
            }
            merged.unseen.extend(outcome.unseen);
            merged.counts = finding::Counts {
                roots: merged.counts.roots.max(outcome.counts.roots),
                vpcs: merged.counts.vpcs.max(outcome.counts.vpcs),
                clusters: merged.counts.clusters.max(outcome.counts.clusters),
            };
        }
        for finding in &mut merged.findings {
            let with = &finding.environments.with;
            let without = names.iter().filter(|name| !with.contains(name));
            finding.environments.without = without.cloned().collect();
        }
        merged
    }
}

type Key = (&'static str, finding::Severity, String, Span, Vec<String>, Vec<Arc<str>>);

/// Findings with equal keys are one fault in several environments.
fn key(finding: &Finding) -> Key {
    let subjects = finding.subjects.clone();
    let (span, under) = (finding.primary.span, finding.environments.under.clone());
    (finding.rule.id, finding.severity, finding.message.clone(), span, subjects, under)
}

/// The files of each environment by the position of the root.
type Files = BTreeMap<Arc<str>, BTreeMap<usize, PathBuf>>;

/// Files relative to each root; where no root has any, relative to the working directory for all.
fn files(workspace: &Workspace, front: &FrontEnds, pattern: &str) -> Result<Files, String> {
    let pattern = Pattern::new(pattern).map_err(|reason| format!("--tfvars-matrix: {reason}"))?;
    let roots: Vec<(usize, &Path)> = front
        .roots
        .iter()
        .enumerate()
        .filter(|(_, root)| matches!(root, Root::Terraform(_)))
        .map(|(at, root)| (at, root.path()))
        .collect();
    let mut all = Files::new();
    for (at, folder) in &roots {
        add(&mut all, &pattern.files(folder), &[*at]);
    }
    if all.is_empty() {
        let every: Vec<usize> = roots.iter().map(|(at, _)| *at).collect();
        add(&mut all, &pattern.files(workspace.cwd()), &every);
    }
    if all.is_empty() {
        return Err(format!("--tfvars-matrix: no file matches {}", pattern.text()));
    }
    Ok(all)
}

fn add(all: &mut Files, files: &[PathBuf], roots: &[usize]) {
    for (name, file) in names(files).into_iter().zip(files) {
        let of_name = all.entry(name).or_default();
        of_name.extend(roots.iter().map(|root| (*root, file.clone())));
    }
}

/// The name of each file's environment: its own, or as much of its path as tells them apart.
fn names(files: &[PathBuf]) -> Vec<Arc<str>> {
    let parts = |file: &PathBuf| -> Vec<String> {
        let mut parts: Vec<String> =
            file.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if let Some(last) = parts.last_mut() {
            let stem = last.trim_end_matches(".json").trim_end_matches(".tfvars");
            *last = stem.trim_end_matches(".auto").to_owned();
        }
        parts
    };
    let all: Vec<_> = files.iter().map(parts).collect();
    let longest = all.iter().map(Vec::len).max().unwrap_or(1);
    let tail =
        |parts: &Vec<String>, length: usize| parts[parts.len().saturating_sub(length)..].join("/");
    for length in 1..=longest {
        let names: Vec<String> = all.iter().map(|parts| tail(parts, length)).collect();
        if names.iter().collect::<BTreeSet<_>>().len() == names.len() {
            // What all share at the end tells nothing: `dev/terraform`, `prod/terraform`.
            let last = |name: &String| name.rsplit('/').next().map(str::to_owned);
            let shared = length > 1 && names.iter().all(|name| last(name) == last(&names[0]));
            let short = |name: &String| match name.rsplit_once('/') {
                Some((before, _)) if shared => before.into(),
                _ => Arc::from(name.as_str()),
            };
            return names.iter().map(short).collect();
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_are_called_what_tells_them_apart() {
        let of = |files: &[&str]| -> Vec<String> {
            let files: Vec<_> = files.iter().map(PathBuf::from).collect();
            names(&files).iter().map(ToString::to_string).collect()
        };
        assert_eq!(of(&["/a/env/dev.tfvars", "/a/env/prod.tfvars.json"]), ["dev", "prod"]);
        assert_eq!(of(&["/a/dev/terraform.tfvars", "/a/prod/terraform.tfvars"]), ["dev", "prod"]);
        assert_eq!(of(&["/a/eu/dev.tfvars", "/a/us/dev.tfvars", "/a/us/x.tfvars"])[2], "us/x");
        assert_eq!(of(&["/a/only.tfvars"]), ["only"]);
    }
}
