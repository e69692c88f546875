//! Which configuration holds where, and what it makes of the command line's options.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::front::{FrontEnds, Root};
use super::{Choice, Read, Request};
use crate::cloudformation;
use crate::config::{self, Config};
use crate::dns::{Assumptions, Quotas};
use crate::finding::{Rule, Verdict};
use crate::link::Estate;
use crate::source::{Discovered, Workspace, is_terraform};
use crate::terraform::{Given, Inputs, OwnSummary, Summaries, Wrong};

/// What holds for each of the named paths.
#[derive(Debug)]
pub(super) struct Policies {
    /// Named paths, each with the configuration that is nearest to it, by its place among `configs`.
    named: Vec<(PathBuf, usize)>,
    configs: Vec<Config>,
    /// The summaries of each of them.
    summaries: Vec<Summaries>,
    select: Option<Vec<&'static Rule>>,
    ignore: Vec<&'static Rule>,
    eks_public_dns: bool,
}

impl Policies {
    /// Finds and reads the configurations; everything that is wrong with them.
    pub(super) fn read(
        workspace: &Workspace,
        found: &Discovered,
        request: &Request,
    ) -> Result<Self, Vec<String>> {
        let mut policies = Self {
            named: Vec::new(),
            configs: vec![Config::default()],
            summaries: Vec::new(),
            select: request.select.clone(),
            ignore: request.ignore.clone(),
            eks_public_dns: request.options.eks_public_dns,
        };
        match &request.config {
            Choice::None => {}
            Choice::File(path) => {
                policies.configs = vec![Config::read(workspace, path, true)?];
                let named = found.named.iter().map(|named| (named.path.clone(), 0));
                policies.named.extend(named);
            }
            Choice::Nearest => {
                let mut known: BTreeMap<PathBuf, usize> = BTreeMap::new();
                let mut faults = Vec::new();
                for named in &found.named {
                    let Some(file) = config::nearest(workspace, &named.path) else { continue };
                    let at = match known.get(&file) {
                        Some(at) => *at,
                        None => match Config::read(workspace, &file, false) {
                            Ok(config) => {
                                policies.configs.push(config);
                                policies.configs.len() - 1
                            }
                            Err(reasons) => {
                                faults.extend(reasons);
                                0
                            }
                        },
                    };
                    known.insert(file, at);
                    policies.named.push((named.path.clone(), at));
                }
                if !faults.is_empty() {
                    return Err(faults);
                }
            }
        }
        let mut faults = Vec::new();
        for config in &policies.configs {
            match summaries(workspace, config) {
                Ok(own) => policies.summaries.push(own),
                Err(reasons) => faults.extend(reasons),
            }
        }
        if faults.is_empty() { Ok(policies) } else { Err(faults) }
    }

    /// The configuration of a canonical path: that of the longest named path above it.
    pub(super) fn of(&self, path: &Path) -> &Config {
        &self.configs[self.at(path)]
    }

    /// The summaries of modules that hold for a path.
    pub(super) fn summaries(&self, path: &Path) -> Summaries {
        self.summaries[self.at(path)].clone()
    }

    /// Whether a folder is a summary, and so no root.
    pub(super) fn is_summary(&self, workspace: &Workspace, folder: &Path) -> bool {
        let mut own = self.configs.iter().flat_map(|config| &config.modules);
        own.any(|own| workspace.resolve(&own.summary.value).is_ok_and(|own| own == folder))
    }

    fn at(&self, path: &Path) -> usize {
        let above = self.named.iter().filter(|(named, _)| path.starts_with(named));
        let nearest = above.max_by_key(|(named, _)| named.components().count());
        nearest.map_or(0, |(_, at)| *at)
    }

    /// Whether a rule runs for a path.
    pub(super) fn runs(&self, path: &Path, rule: &Rule) -> bool {
        let has = |list: &[&Rule]| list.iter().any(|one| one.id == rule.id);
        let chosen = match &self.select {
            Some(select) => has(select),
            None => self.of(path).runs(rule),
        };
        chosen && !has(&self.ignore)
    }

    /// What is assumed for a path.
    pub(super) fn assumptions(&self, path: &Path) -> Assumptions {
        let config = self.of(path);
        let told = config.eks_public_dns.as_ref();
        let mut quotas = Quotas::default();
        for (key, number) in &config.quotas {
            match *key {
                "resolver-endpoints" => quotas.endpoints = number.value,
                _ => quotas.endpoint_addresses = number.value,
            }
        }
        Assumptions {
            eks_public_dns: self.eks_public_dns && told.is_none_or(|told| told.value),
            on_premises_dns: config.on_premises_dns.clone(),
            networks: config.networks.clone(),
            quotas,
            clients: config.clients.clone(),
            assertions: config.assertions.clone(),
        }
    }

    /// Takes the named files that are excluded out of what was found.
    pub(super) fn exclude_named(&self, workspace: &Workspace, found: &mut Discovered) {
        let excluded = |path: &Path| self.of(path).excludes(path, false);
        let (out, files) = found.files.drain(..).partition(|path| excluded(path));
        found.files = files;
        let out: Vec<PathBuf> = out;
        let canonical = |given: &Path| workspace.cwd().join(given).canonicalize().ok();
        found.named.retain(|named| canonical(&named.given).is_none_or(|path| !out.contains(&path)));
    }

    /// Whether a root is not analysed: its folder or template is excluded, or all of its files are.
    pub(super) fn excludes(&self, workspace: &Workspace, root: &Root) -> bool {
        let path = root.path();
        let config = self.of(path);
        match root {
            _ if !config.has_excluded() => false,
            Root::Terraform(folder) if folder.is_dir() => {
                config.excludes(folder, true) || {
                    let files = workspace.list(folder).unwrap_or_default();
                    let mut files = files.iter().filter(|file| is_terraform(file)).peekable();
                    files.peek().is_some() && files.all(|file| config.excludes(file, false))
                }
            }
            _ => config.excludes(path, false),
        }
    }

    /// The values of a template's parameters that its configuration has, below those that are given.
    pub(super) fn parameters(
        &self,
        workspace: &Workspace,
        template: &Path,
        given: &cloudformation::Inputs,
        failures: &mut Vec<String>,
    ) -> Option<cloudformation::Inputs> {
        let mut values = cloudformation::Values::default();
        for root in self.of(template).roots.iter().filter(|root| root.is_for(template)) {
            values.files.extend(root.parameter_files.iter().map(|file| file.value.clone()));
            let texts = root.parameters.iter();
            values.given.extend(texts.map(|(name, text)| (name.clone(), text.value.clone())));
        }
        if values.files.is_empty() && values.given.is_empty() {
            return None;
        }
        let (own, unread) = cloudformation::Inputs::read(workspace, &values);
        failures.extend(unread);
        Some(given.or(&own))
    }

    /// For each root, the values of its variables: what its configuration has, below what is given.
    pub(super) fn inputs(
        &self,
        workspace: &Workspace,
        front: &FrontEnds,
        given: &Inputs,
        failures: &mut Vec<String>,
    ) -> Vec<Inputs> {
        // Roots with the same values have them together: whether a root declares them is asked once.
        let mut known: Vec<(Vec<Given>, Inputs)> = vec![(Vec::new(), given.clone())];
        let mut of_root = |root: &Root| {
            let path = root.path();
            let settings = self.of(path).roots.iter().filter(|root| root.is_for(path));
            let values: Vec<Given> = settings.flat_map(values).collect();
            if let Some((_, inputs)) = known.iter().find(|(own, _)| *own == values) {
                return inputs.clone();
            }
            let (inputs, unread) = given.configured(workspace, &values);
            failures.extend(unread);
            known.push((values, inputs.clone()));
            inputs
        };
        front.roots.iter().map(&mut of_root).collect()
    }

    /// The configurations, each with its place.
    pub(super) fn configs(&self) -> impl Iterator<Item = (usize, &Config)> {
        self.configs.iter().enumerate()
    }

    /// Whether a run sees all that a configuration may be for: one over a part of the repository does not
    /// see the other roots.
    pub(super) fn is_whole(&self, workspace: &Workspace, at: usize) -> bool {
        let file = self.configs[at].file.map(|file| workspace.sources().file(file).path.clone());
        let folder = file.and_then(|path| Some(workspace.cwd().join(path).parent()?.to_owned()));
        let folder = folder.and_then(|folder| folder.canonicalize().ok());
        let above = |(named, own): &(PathBuf, usize), folder: &Path| {
            *own == at && folder.starts_with(named)
        };
        folder.is_some_and(|folder| self.named.iter().any(|named| above(named, &folder)))
    }

    /// Tables of `[[roots]]` that name no root, as warnings.
    pub(super) fn unused(&self, workspace: &Workspace, roots: &[Root]) -> Vec<String> {
        let all = self.configs.iter().flat_map(|config| &config.roots);
        let unused = all.filter(|one| !roots.iter().any(|root| one.is_for(root.path())));
        let warning = |one: &config::RootSettings| {
            let place = workspace.sources().place(one.path.span);
            format!("{place}: {} is no root of this run", one.path.value)
        };
        let seen: Vec<_> = (0..self.configs.len())
            .filter(|&at| self.is_whole(workspace, at))
            .filter_map(|at| self.configs[at].file)
            .collect();
        unused.filter(|one| seen.contains(&one.path.span.file)).map(warning).collect()
    }
}

/// The summaries that a configuration names; what is wrong with them, as lines with their places.
fn summaries(workspace: &Workspace, config: &Config) -> Result<Summaries, Vec<String>> {
    let own = |own: &config::ModuleSummary| OwnSummary {
        source: own.source.value.clone(),
        versions: own.versions.as_ref().map_or(String::new(), |text| text.value.clone()),
        folder: own.summary.value.clone(),
    };
    let own: Vec<_> = config.modules.iter().map(own).collect();
    let line = |(at, wrong): (usize, Wrong)| {
        let told: &config::ModuleSummary = &config.modules[at];
        let (span, reason) = match (wrong, &told.versions) {
            (Wrong::Versions(reason), Some(versions)) => (versions.span, reason),
            (Wrong::Source(reason) | Wrong::Versions(reason), _) => (told.source.span, reason),
            (Wrong::Folder(reason), _) => (told.summary.span, reason),
        };
        format!("{}: {reason}", workspace.sources().place(span))
    };
    Summaries::read(workspace, &own).map_err(|wrong| wrong.into_iter().map(line).collect())
}

fn values(root: &config::RootSettings) -> Vec<Given> {
    let files = root.tfvars.iter().map(|file| Given::File(file.value.clone()));
    let texts = root.variables.iter();
    let texts = texts.map(|(name, text)| Given::Value(name.clone(), text.value.clone()));
    files.chain(texts).collect()
}

/// What holds for the roots of one estate.
pub(super) struct Policy<'a> {
    given: &'a Read<'a>,
    roots: Vec<&'a Path>,
    /// Whether one configuration holds for all of them.
    is_one: bool,
}

impl<'a> Policy<'a> {
    pub(super) fn new(estate: &Estate, given: &'a Read<'a>) -> Self {
        let roots: Vec<_> = estate.roots.iter().map(|&at| given.front.roots[at].path()).collect();
        let same =
            |root: &&Path| std::ptr::eq(given.policies.of(root), given.policies.of(roots[0]));
        let is_one = roots.iter().all(same);
        Self { given, roots, is_one }
    }

    pub(super) fn may_run(&self, rule: &Rule) -> bool {
        self.roots.iter().any(|root| self.given.policies.runs(root, rule))
    }

    /// Of several configurations, that of the first root; what each of them wants to hold.
    pub(super) fn assumptions(&self) -> Assumptions {
        let policies = &self.given.policies;
        let mut assumptions = policies.assumptions(self.roots[0]);
        let first = policies.at(self.roots[0]);
        for config in self.configs().into_iter().filter(|at| *at != first) {
            let config = &policies.configs[config];
            assumptions.clients.extend(config.clients.iter().cloned());
            assumptions.assertions.extend(config.assertions.iter().cloned());
        }
        assumptions
    }

    /// The configurations that hold for some of the roots, by their place.
    pub(super) fn configs(&self) -> Vec<usize> {
        let mut configs: Vec<_> =
            self.roots.iter().map(|root| self.given.policies.at(root)).collect();
        configs.sort_unstable();
        configs.dedup();
        configs
    }

    /// A verdict as the configuration wants it. Of several, that of the place decides.
    pub(super) fn judge(&self, verdict: Verdict) -> Option<Verdict> {
        let (rule, span) = match &verdict {
            Verdict::Finding(finding) => (finding.rule, finding.primary.span),
            Verdict::Undecided(open) => (open.rule, open.span),
        };
        let Read { workspace, policies, .. } = self.given;
        let path = if self.is_one { self.roots[0].to_owned() } else { workspace.path(span.file) };
        if !policies.runs(&path, rule) {
            return None;
        }
        Some(match (verdict, policies.of(&path).severity(rule)) {
            (Verdict::Finding(mut finding), Some(severity)) => {
                finding.severity = severity;
                Verdict::Finding(finding)
            }
            (verdict, _) => verdict,
        })
    }
}
