//! Random expressions over all functions and forms of the language.

use super::patterns::{
    LIST_FORMS, LISTS, MAP_FORMS, MAPS, NUMBER_FORMS, NUMBERS, TEXT_FORMS, TEXTS, TRUTH_FORMS,
    TRUTHS,
};

/// A small generator of numbers, so that a seed gives the same expressions everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or(0)
    }

    pub(crate) fn range(&mut self, from: i64, to: i64) -> i64 {
        from + i64::try_from(self.below(usize::try_from(to - from + 1).unwrap_or(1))).unwrap_or(0)
    }

    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// What stands in for an identifier that AWS gives.
pub(super) const OPEN: &str = "terraform_data.u.id";

/// Writes expressions: in a pattern, `N` is a number, `S` a text, `B` a truth value, `L` a list, `M` a
/// map, `A` anything (all of less depth), `n s l m` leaves, `#` a small whole number.
pub(super) struct Generator {
    pub(super) random: Random,
    /// Whether values that nobody can tell occur.
    pub(super) open: bool,
}

impl Generator {
    pub(super) fn expression(&mut self) -> String {
        let depth = self.random.below(3) + 1;
        self.any(depth)
    }

    fn any(&mut self, depth: usize) -> String {
        let kind = ['N', 'S', 'B', 'L', 'M', 'L', 'S'][self.random.below(7)];
        self.kind(kind, depth)
    }

    fn kind(&mut self, kind: char, depth: usize) -> String {
        if self.open && self.random.below(14) == 0 {
            return match kind {
                'L' | 'l' => format!("split(\",\", {OPEN})"),
                'N' | 'n' => format!("length({OPEN})"),
                'B' => format!("({OPEN} == \"x\")"),
                'M' | 'm' => format!("{{ a = {OPEN}, b = \"x\" }}"),
                _ => OPEN.to_owned(),
            };
        }
        if self.random.below(40) == 0 {
            return "null".to_owned();
        }
        let leaf = depth == 0 || kind.is_lowercase();
        let patterns = match (kind.to_ascii_uppercase(), leaf) {
            ('N', true) => NUMBERS,
            ('N', false) => NUMBER_FORMS,
            ('S', true) => TEXTS,
            ('S', false) => TEXT_FORMS,
            ('B', true) => TRUTHS,
            ('B', false) => TRUTH_FORMS,
            ('M', true) => MAPS,
            ('M', false) => MAP_FORMS,
            ('L', false) => LIST_FORMS,
            _ => LISTS,
        };
        let pattern = self.random.pick(patterns);
        if leaf { pattern.to_owned() } else { self.fill(pattern, depth - 1) }
    }

    /// Replaces `§X` in a pattern.
    fn fill(&mut self, pattern: &str, depth: usize) -> String {
        let mut out = String::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            if c != '§' {
                out.push(c);
                continue;
            }
            match chars.next() {
                Some('#') => out.push_str(&self.random.range(-2, 9).to_string()),
                Some('+') => out.push_str(&self.random.range(0, 40).to_string()),
                Some('A') => out.push_str(&self.any(depth)),
                Some(kind) => out.push_str(&self.kind(kind, depth)),
                None => {}
            }
        }
        out
    }
}
