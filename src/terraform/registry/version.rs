//! Version constraints of module calls, as Terraform reads them
//! (<https://developer.hashicorp.com/terraform/language/expressions/version-constraints>).
//!
//! Written here rather than taken from a crate: `~> 1.2` means something else there, and what is asked
//! is not whether a version fits but whether any version of a range may.

/// Major, minor, patch.
pub(super) type Version = (u64, u64, u64);

/// Above every version.
const MAX: Version = (u64::MAX, u64::MAX, u64::MAX);

/// The versions from one up to another; a single one where only that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Constraint {
    /// The first version.
    pub(super) from: Version,
    /// The first version after those.
    pub(super) below: Version,
}

impl Default for Constraint {
    /// Any version.
    fn default() -> Self {
        Self { from: (0, 0, 0), below: MAX }
    }
}

impl Constraint {
    /// Reads `>= 1.0, < 2.0`; what cannot be read constrains nothing.
    pub(super) fn read(text: &str) -> Self {
        text.split(',').filter_map(one).fold(Self::default(), |all, one| Self {
            from: all.from.max(one.from),
            below: all.below.min(one.below),
        })
    }

    /// Reads `>= 1.0, < 2.0`; `None` when any part of it cannot be read, or nothing is left.
    pub(super) fn read_whole(text: &str) -> Option<Self> {
        let readable = text.split(',').all(|part| one(part).is_some() || is_exclusion(part));
        let all = Self::read(text);
        (readable && all.from < all.below).then_some(all)
    }

    /// The versions from one up to another.
    pub(super) const fn between(from: Version, below: Version) -> Self {
        Self { from, below }
    }

    /// Reads a tag; a branch or a commit may be any version.
    pub(super) fn revision(text: &str) -> Self {
        let full = text.trim_start_matches('v').split('.').count() == 3;
        segments(text)
            .filter(|_| full)
            .map_or_else(Self::default, |(version, _)| Self::exactly(version))
    }

    /// Whether both admit some version.
    pub(super) fn meets(self, other: Self) -> bool {
        self.from.max(other.from) < self.below.min(other.below)
    }

    fn exactly(version: Version) -> Self {
        Self { from: version, below: after(version) }
    }
}

/// `!= 1.2.3`.
fn is_exclusion(text: &str) -> bool {
    text.trim().strip_prefix("!=").is_some_and(|version| segments(version).is_some())
}

fn after((major, minor, patch): Version) -> Version {
    (major, minor, patch.saturating_add(1))
}

/// One comparison. `!=` excludes one version of many, which no range depends on.
fn one(text: &str) -> Option<Constraint> {
    let text = text.trim();
    let digits = text.find(|c: char| c.is_ascii_digit() || c == 'v')?;
    let (operator, version) = text.split_at(digits);
    let (version, given) = segments(version)?;
    let any = Constraint::default();
    Some(match operator.trim() {
        "" | "=" => Constraint::exactly(version),
        ">" => Constraint { from: after(version), ..any },
        ">=" => Constraint { from: version, ..any },
        "<" => Constraint { below: version, ..any },
        "<=" => Constraint { below: after(version), ..any },
        // The last number given may rise; a single one is no upper bound.
        "~>" => {
            let below = match given {
                1 => MAX,
                2 => (version.0.saturating_add(1), 0, 0),
                _ => (version.0, version.1.saturating_add(1), 0),
            };
            Constraint { from: version, below }
        }
        _ => return None,
    })
}

/// A version and how many of its numbers are given; what follows `-` or `+` is passed over.
fn segments(text: &str) -> Option<(Version, usize)> {
    let text = text.trim();
    let text = text.strip_prefix('v').unwrap_or(text);
    let plain = text.split(['-', '+']).next()?;
    let numbers: Option<Vec<u64>> = plain.split('.').map(|part| part.parse().ok()).collect();
    let numbers = numbers?;
    let at = |index: usize| numbers.get(index).copied().unwrap_or(0);
    Some(((at(0), at(1), at(2)), numbers.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The majors of which a constraint admits a version.
    fn majors(text: &str) -> Vec<u64> {
        let constraint = Constraint::read(text);
        (0..8)
            .filter(|major| {
                constraint.meets(Constraint::between((*major, 0, 0), (*major + 1, 0, 0)))
            })
            .collect()
    }

    #[test]
    fn operators_are_terraforms() {
        assert_eq!(majors("~> 5.0"), [5]);
        assert_eq!(majors("~>5.1.2"), [5]);
        assert_eq!(majors("5.7.0"), [5]);
        assert_eq!(majors("= v5.21.0"), [5]);
        assert_eq!(majors(">= 3.0, < 5"), [3, 4]);
        assert_eq!(majors("> 2.78.0, <= 4.0"), [2, 3, 4]);
        assert_eq!(majors("!= 3.0.0, ~> 3.0"), [3]);
        assert_eq!(majors("~> 6"), [6, 7]);
        assert_eq!(majors("what"), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(majors("v1.12.2-eksbuild.1"), [1]);
        assert!(majors(">= 5, < 4").is_empty());
    }

    #[test]
    fn the_last_number_may_rise() {
        let constraint = Constraint::read("~> 5.1.2");
        assert!(constraint.meets(Constraint::between((5, 1, 9), (5, 2, 0))));
        assert!(!constraint.meets(Constraint::between((5, 2, 0), (6, 0, 0))));
        assert!(!constraint.meets(Constraint::between((5, 0, 0), (5, 1, 2))));
    }

    #[test]
    fn only_full_tags_are_versions() {
        let any = Constraint::default();
        assert_eq!(Constraint::revision("v1.2.3"), Constraint::read("1.2.3"));
        assert_eq!(Constraint::revision("main"), any);
        assert_eq!(Constraint::revision("1234567"), any);
    }
}
