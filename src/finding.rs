//! What leaves the analysis: findings, and verdicts that stay open.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::source::{Language, Note, Span};
use crate::unknown::Unknown;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth a line; never fails a run.
    Note,
    /// Works only sometimes, or only while something outside the code holds.
    Warning,
    /// Cannot work, or AWS refuses it.
    Error,
}

impl Severity {
    /// The word used everywhere.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        [Self::Note, Self::Warning, Self::Error]
            .into_iter()
            .find(|severity| severity.as_str() == word)
            .ok_or(())
    }
}

/// A rule of the catalogue.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Kebab-case; its only name.
    pub id: &'static str,
    /// One line: what it flags.
    pub summary: &'static str,
    /// The severities it can have, most severe first.
    pub severities: &'static [Severity],
    /// The languages that can express its fault: what only one of them has a resource for, only that one can.
    pub languages: &'static [Language],
    /// `rules/<id>.md`.
    pub doc: &'static str,
}

/// A fault in the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: &'static Rule,
    /// How bad here.
    pub severity: Severity,
    /// What is wrong, with the names of this configuration.
    pub message: String,
    /// The exact text at fault, and the label under it.
    pub primary: Note,
    /// Further places, in the order of the trace.
    pub labels: Vec<Note>,
    /// What to write, with the names of this configuration.
    pub help: String,
    /// Addresses that identify the fault, whatever file or line they stand in.
    pub subjects: Vec<String>,
    /// The root that it was found in, as reports name it.
    pub root: String,
    /// Other roots with it: the stacks that nest its template.
    pub stacks: BTreeSet<String>,
    /// Where a program wrote the code: what its author calls the subjects.
    pub constructs: Vec<Construct>,
    /// Where a run looks at several environments or cases: those with this fault.
    pub environments: Environments,
}

/// A resource of code that a program wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Construct {
    /// Its address in the code.
    pub address: String,
    /// The path of what makes it in the program.
    pub path: String,
}

/// Where a fault holds: the environments with it, those that were looked at and are without it, and
/// what has to be chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Environments {
    /// With it.
    pub with: Vec<Arc<str>>,
    /// Without it.
    pub without: Vec<Arc<str>>,
    /// What has to be chosen for it: `under Condition Private (Mode = private)`. Empty where it holds
    /// whatever is chosen.
    pub under: Vec<Arc<str>>,
}

impl Environments {
    /// Whether there is anything to say.
    pub fn is_empty(&self) -> bool {
        self.with.is_empty() && self.under.is_empty()
    }
}

impl fmt::Display for Environments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.under.join("; "))?;
        if self.with.is_empty() {
            return Ok(());
        }
        let comma = if self.under.is_empty() { "" } else { "; " };
        write!(f, "{comma}in {}", self.with.join(", "))?;
        if !self.without.is_empty() {
            write!(f, "; not in {}", self.without.join(", "))?;
        }
        Ok(())
    }
}

impl Finding {
    /// All its places: where the fault is, then the others.
    pub fn notes(&self) -> impl Iterator<Item = &Note> {
        std::iter::once(&self.primary).chain(&self.labels)
    }

    /// Whether it names something, as a whole word.
    pub fn mentions(&self, name: &str) -> bool {
        let texts = self.subjects.iter().chain([&self.message]).map(String::as_str);
        let mut texts = texts.chain(self.notes().map(|note| note.text.as_str()));
        texts.any(|text| has_word(text, name))
    }

    /// Whether another is of the same rule and about the same things, whatever modules they are in.
    pub fn is_like(&self, other: &Self) -> bool {
        self.rule == other.rule && self.addresses() == other.addresses()
    }

    /// The addresses involved without the modules that they are in; which of two is met first says nothing.
    fn addresses(&self) -> Vec<&str> {
        let mut addresses: Vec<&str> = self.subjects.iter().map(|one| local(one)).collect();
        addresses.sort_unstable();
        addresses
    }

    /// Identifies the finding across moved lines, renamed files and what is put into a module: 16
    /// hexadecimal digits over the rule's id and the addresses involved, each without the modules that it
    /// is in. `repeat` counts findings with equal content before it.
    pub fn fingerprint(&self, repeat: usize) -> String {
        use std::hash::Hasher;
        let mut hasher = siphasher::sip::SipHasher24::new();
        for part in std::iter::once(self.rule.id).chain(self.addresses()) {
            hasher.write(part.as_bytes());
            hasher.write(&[0]);
        }
        hasher.write(&repeat.to_le_bytes());
        format!("{:016x}", hasher.finish())
    }
}

/// Whether a text has a name that goes on at neither end.
fn has_word(text: &str, name: &str) -> bool {
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '[');
    let mut found = text.match_indices(name);
    !name.is_empty()
        && found.any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + name.len()..]);
            !before.ends_with(|c: char| goes_on(c) || c == '.') && !after.starts_with(goes_on)
        })
}

/// An address without the modules that it is in.
pub(crate) fn local(address: &str) -> &str {
    let mut rest = address;
    while let Some(inner) = rest.strip_prefix("module.") {
        let (mut depth, mut quoted) = (0_usize, false);
        let end = inner.bytes().position(|byte| {
            match byte {
                b'"' => quoted = !quoted,
                b'[' if !quoted => depth += 1,
                b']' if !quoted => depth = depth.saturating_sub(1),
                _ => {}
            }
            byte == b'.' && depth == 0 && !quoted
        });
        match end {
            Some(end) => rest = &inner[end + 1..],
            // What is left is the module itself.
            None => return rest,
        }
    }
    rest
}

/// A verdict that needs a value nobody can know from the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// Which rule could not decide.
    pub rule: &'static Rule,
    /// What would decide it.
    pub unknown: Unknown,
    /// The block in question.
    pub span: Span,
}

/// What a check says about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A fault.
    Finding(Box<Finding>),
    /// It cannot be told.
    Undecided(Undecided),
}

/// How much a run looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Terraform root modules and CloudFormation templates.
    pub roots: usize,
    /// VPCs in all of them.
    pub vpcs: usize,
    /// EKS clusters in all of them.
    pub clusters: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.roots += other.roots;
        self.vpcs += other.vpcs;
        self.clusters += other.clusters;
    }
}

/// Everything a run has to say, in no particular order: reports put it in theirs.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The faults.
    pub findings: Vec<Finding>,
    /// What could not be told.
    pub undecided: Vec<Undecided>,
    /// How much was looked at.
    pub counts: Counts,
    /// What could not be looked at.
    pub unseen: Vec<Unseen>,
    /// The roots that were looked at, as reports name them.
    pub roots: Vec<String>,
    /// The rules that ran for all of them.
    pub ran: Vec<&'static str>,
}

/// A part of the code that could not be looked at: a module whose source is not at hand, a macro, a resource that may or
/// may not be there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unseen {
    /// As the code names it.
    pub name: String,
    /// Why, in words.
    pub reason: String,
    /// Its place.
    pub span: Span,
}

impl Outcome {
    /// Adds what the checks say about one root.
    pub fn add(&mut self, root: &str, counts: Counts, verdicts: impl IntoIterator<Item = Verdict>) {
        self.counts += counts;
        for verdict in verdicts {
            match verdict {
                Verdict::Finding(mut finding) => {
                    root.clone_into(&mut finding.root);
                    self.findings.push(*finding);
                }
                Verdict::Undecided(undecided) => self.undecided.push(undecided),
            }
        }
    }

    /// The worst severity among the findings.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }
}

#[cfg(test)]
mod tests {
    use super::{has_word, local};

    #[test]
    fn a_name_is_found_as_a_whole() {
        assert!(has_word("no route from aws_vpc.a: to", "aws_vpc.a"));
        assert!(has_word("aws_vpc.a[0] and", "aws_vpc.a[0]"));
        for text in ["aws_vpc.ab", "aws_vpc.a-b", "module.m.aws_vpc.a", "aws_vpc.a[0]", ""] {
            assert!(!has_word(text, "aws_vpc.a"), "{text}");
        }
        assert!(!has_word("a", ""));
    }

    #[test]
    fn an_address_is_told_without_its_modules() {
        for (address, inside) in [
            ("aws_vpc.a", "aws_vpc.a"),
            ("module.net.aws_vpc.a[\"module.x.y\"]", "aws_vpc.a[\"module.x.y\"]"),
            ("module.b[\"x.y]\"].module.net[0].aws_vpc.a", "aws_vpc.a"),
            ("module.vpc", "module.vpc"),
            ("module.a.module.vpc", "module.vpc"),
            ("module.a[\"", "module.a[\""),
            ("Network.Vpc", "Network.Vpc"),
        ] {
            assert_eq!(local(address), inside);
        }
    }
}
