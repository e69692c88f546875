//! What a mistyped word may have been meant to be.

/// The known words that are close to `word`, the closest first; at most three.
pub fn near<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Vec<&'k str> {
    let plain = |text: &str| text.to_lowercase().replace('_', "-");
    let word = plain(word);
    let rank = |text: &'k str| {
        let one = plain(text);
        let likeness = strsim::jaro_winkler(&word, &one);
        let part = word.len() > 3 && (one.contains(&word) || word.contains(&one));
        (likeness > 0.75 || part).then_some((likeness, text))
    };
    let mut close: Vec<_> = known.into_iter().filter_map(rank).collect();
    close.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.cmp(other)));
    close.into_iter().take(3).map(|(_, one)| one).collect()
}

/// `; did you mean a, b or c?`, or nothing.
pub fn hint<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    match near(word, known).as_slice() {
        [] => String::new(),
        [one] => format!("; did you mean {one}?"),
        [all @ .., last] => format!("; did you mean {} or {last}?", all.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_comes_first_and_the_far_not_at_all() {
        let known = ["public-answer", "blocked-api-port", "blocked-dns-query", "select"];
        assert_eq!(near("public_anwser", known), ["public-answer"]);
        assert_eq!(near("blocked-api", known)[0], "blocked-api-port");
        assert_eq!(near("selct", known), ["select"]);
        assert!(near("tags", known).is_empty());
        assert_eq!(hint("zzz", known), "");
        assert_eq!(hint("selct", known), "; did you mean select?");
    }
}
