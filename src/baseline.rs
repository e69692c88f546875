//! Findings that a project has taken note of: they are left out, wherever their lines have moved to.

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Outcome, Severity, local};

/// The findings of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    version: u32,
    findings: Vec<Entry>,
}

/// One of them: no line, no file and no wording is part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The rule's id.
    pub rule: String,
    /// How bad it was: what has become worse is told again.
    pub severity: String,
    /// The root, from the folder of the file.
    pub root: String,
    /// The addresses that identify it.
    pub addresses: Vec<String>,
}

/// What became of a baseline.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// How many findings were left out.
    pub left_out: usize,
    /// Entries whose finding is gone.
    pub fixed: Vec<Entry>,
    /// The entries that are left.
    pub kept: Baseline,
}

/// Which entries a run can say anything of.
pub trait Seen {
    /// The name of a root in the file.
    fn root(&self, finding: &Finding) -> String;
    /// Whether a root of the file is still there.
    fn exists(&self, root: &str) -> bool;
    /// Whether the run would have found what an entry tells, were it there.
    fn looked_for(&self, entry: &Entry) -> bool;
}

/// The version of the format.
const VERSION: u32 = 1;

impl Baseline {
    /// Reads a file; why it is none.
    pub fn read(text: &str) -> Result<Self, String> {
        let read: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match read.version {
            VERSION => Ok(read),
            other => Err(format!("version {other} is not known, {VERSION} is")),
        }
    }

    /// All findings of a run.
    pub fn of(outcome: &Outcome, seen: &dyn Seen) -> Self {
        let mut findings: Vec<_> =
            outcome.findings.iter().map(|finding| entry(finding, seen)).collect();
        findings.sort();
        Self { version: VERSION, findings }
    }

    /// The text of the file: sorted, so that a change of one finding is a change of its lines.
    pub fn text(&self) -> String {
        // Strings and numbers always serialise.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Leaves out what is in the baseline. Each entry stands for one finding; one that moved into or out of
    /// modules, or whose root is called otherwise now, is the same.
    pub fn apply(self, outcome: &mut Outcome, seen: &dyn Seen) -> Applied {
        let mut open: Vec<Option<Entry>> = self.findings.into_iter().map(Some).collect();
        let mut kept = Vec::new();
        let mut left: Vec<Option<Finding>> = outcome.findings.drain(..).map(Some).collect();
        for moved in [false, true] {
            for wrapped in [false, true] {
                for slot in &mut left {
                    let Some(finding) = slot else { continue };
                    let own = entry(finding, seen);
                    let same_root = |known: &Entry| {
                        let same = known.root == own.root;
                        if moved { !same && !seen.exists(&known.root) } else { same }
                    };
                    let is_it = |known: &Option<Entry>| {
                        known.as_ref().is_some_and(|known| {
                            same_root(known) && known.is(&own, finding.severity, wrapped)
                        })
                    };
                    if let Some(at) = open.iter().position(is_it) {
                        kept.extend(open[at].take());
                        *slot = None;
                    }
                }
            }
        }
        let left_out = left.iter().filter(|slot| slot.is_none()).count();
        outcome.findings = left.into_iter().flatten().collect();
        let (fixed, unseen) = open.into_iter().flatten().partition(|entry| seen.looked_for(entry));
        kept.extend::<Vec<Entry>>(unseen);
        kept.sort();
        Applied { left_out, fixed, kept: Self { version: VERSION, findings: kept } }
    }
}

fn entry(finding: &Finding, seen: &dyn Seen) -> Entry {
    // Which of two is met first says nothing.
    let mut addresses = finding.subjects.clone();
    addresses.sort_by(|a, b| local(a).cmp(local(b)).then_with(|| a.cmp(b)));
    Entry {
        rule: finding.rule.id.to_owned(),
        severity: finding.severity.as_str().to_owned(),
        root: seen.root(finding),
        addresses,
    }
}

impl Entry {
    /// Whether it tells of a finding.
    fn is(&self, own: &Self, severity: Severity, wrapped: bool) -> bool {
        let as_bad = self.severity.parse().is_ok_and(|known: Severity| severity <= known);
        let same = |(a, b): (&String, &String)| a == b || (wrapped && is_wrapped(a, b));
        self.rule == own.rule
            && as_bad
            && self.addresses.len() == own.addresses.len()
            && self.addresses.iter().zip(&own.addresses).all(same)
    }
}

impl std::fmt::Display for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {} ({})", self.rule, self.addresses.join(", "), self.root)
    }
}

/// Whether one address is the other inside of further modules or nested stacks.
fn is_wrapped(a: &str, b: &str) -> bool {
    let (long, short) = if a.len() > b.len() { (a, b) } else { (b, a) };
    let Some(outer) = long.strip_suffix(short).and_then(|outer| outer.strip_suffix('.')) else {
        return false;
    };
    outer.starts_with("module.") || (!short.contains('.') && !outer.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_same_inside_of_a_module_and_in_no_other() {
        assert!(is_wrapped("aws_vpc.a", "module.net.aws_vpc.a"));
        assert!(is_wrapped("module.b[\"x.y\"].module.net.aws_vpc.a[0]", "module.net.aws_vpc.a[0]"));
        assert!(is_wrapped("Vpc", "Network.Vpc"));
        for (a, b) in [
            ("module.x.aws_vpc.a", "module.y.aws_vpc.a"),
            ("aws_vpc.a", "data.aws_vpc.a"),
            ("aws_vpc.a", "module.net.aws_vpc.ba"),
            ("Vpc", "NetworkVpc"),
        ] {
            assert!(!is_wrapped(a, b) && !is_wrapped(b, a), "{a} {b}");
        }
    }

    #[test]
    fn what_is_no_baseline_is_told() {
        assert!(
            Baseline::read("{\"version\": 2, \"findings\": []}").unwrap_err().contains("version 2")
        );
        assert!(Baseline::read("[]").is_err() && Baseline::read("").is_err());
        let unknown = "{\"version\": 1, \"findings\": [], \"ignored\": []}";
        assert!(Baseline::read(unknown).unwrap_err().contains("ignored"));
    }
}
