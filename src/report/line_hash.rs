//! The hash of a line that GitHub knows an alert by, as the `CodeQL` action computes it.

use hashbrown::HashMap;

/// A line is known by this many characters from its start on, blanks and tabs left out.
const BLOCK: usize = 100;
const FACTOR: u64 = 37;
/// Stands for the end of the file.
const END: u64 = 65_535;

/// The hash of each line, with a count that tells equal ones apart
/// (<https://github.com/github/codeql-action/blob/main/src/fingerprints.ts>).
///
/// A rolling hash over UTF-16 units: CR, LF and both together are one line end; after the end come zeros.
pub(super) fn line_hashes(text: &str) -> Vec<String> {
    let mut units: Vec<u64> = Vec::new();
    let mut starts: Vec<usize> = Vec::new();
    let (mut at_start, mut after_return) = (true, false);
    for unit in text.encode_utf16().map(u64::from).chain([END]) {
        let (is_blank, is_feed) = (unit == 32 || unit == 9, unit == 10);
        let joined = after_return && is_feed;
        if is_blank || joined {
            after_return = false;
            continue;
        }
        after_return = unit == 13;
        if std::mem::take(&mut at_start) {
            starts.push(units.len());
        }
        at_start = is_feed || after_return;
        units.push(if after_return { 10 } else { unit });
    }
    // The sum over a block, from its first unit with the highest power down.
    let end = units.len();
    units.resize(end + BLOCK, 0);
    let highest = (0..BLOCK).fold(1_u64, |power, _| power.wrapping_mul(FACTOR));
    let mut hash = 0_u64;
    let mut at = 0;
    let mut counts: HashMap<u64, usize> = HashMap::new();
    let mut lines = Vec::new();
    for start in starts {
        while at < start + BLOCK {
            let gone = if at >= BLOCK { units[at - BLOCK] } else { 0 };
            hash = FACTOR.wrapping_mul(hash).wrapping_add(units[at]);
            hash = hash.wrapping_sub(highest.wrapping_mul(gone));
            at += 1;
        }
        let count = counts.entry(hash).or_insert(0);
        *count += 1;
        lines.push(format!("{hash:x}:{count}"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hashes_are_those_of_the_action() {
        // The values that the action's own tests expect (fingerprints.test.ts).
        assert_eq!(line_hashes(""), ["c129715d7a2bc9a3:1"]);
        assert_eq!(
            line_hashes(" a\nb\n  \t\tc\n d"),
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]
        );
        let greeting = [
            "e9496ae3ebfced30:1",
            "fb7c023a8b9ccb3f:1",
            "ce8ba1a563dcdaca:1",
            "e20e36e16fcb0cc8:1",
            "b3edc88f2938467e:1",
            "c8e28b0b4002a3a0:1",
            "c129715d7a2bc9a3:1",
        ];
        for text in [
            " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n",
            " hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r",
            " hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n",
            " hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n",
        ] {
            assert_eq!(line_hashes(text), greeting, "{text:?}");
        }
        let repeated = line_hashes(&"Lorem ipsum dolor sit amet.\n".repeat(10));
        assert_eq!(repeated[..2], ["a7f2ff13bc495cf2:1", "a7f2ff13bc495cf2:2"]);
        assert_eq!(
            repeated[5..],
            [
                "a7f2ff13bc495cf2:6",
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ]
        );
    }
}
