//! Inputs by chance: mutations of a corpus, for as long as is asked for.

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use crate::targets::Target;

/// No input is longer.
const MAX: usize = 8192;
/// No input takes longer, of the processor where the system tells it.
const PATIENCE: Duration = Duration::from_secs(20);

/// What means something in one of the languages.
const TOKENS: &[&str] = &[
    "${",
    "}",
    "%{",
    "<<E\n",
    "<<-E\n",
    "\n",
    "\r\n",
    "\t",
    "\"",
    "\\",
    "\\u0000",
    "\0",
    "\u{feff}",
    "\u{e9}",
    "\u{1f512}",
    "\u{202e}",
    "[",
    "]",
    "{",
    "(",
    ")",
    ",",
    ":",
    "- ",
    "? ",
    "&a ",
    "*a",
    "<<: ",
    "!Ref ",
    "!Sub ",
    "!If ",
    "!Cidr ",
    "!!binary ",
    "|\n",
    ">-\n",
    "---\n",
    "#",
    "//",
    "/*",
    "*/",
    "null",
    "true",
    "-1",
    "0",
    "9223372036854775808",
    "1e999",
    "0x7f",
    "10.0.0.0/8",
    "::/0",
    "for ",
    " in ",
    " if ",
    "...",
    "=>",
    "each.key",
    "count.index",
    "var.a",
    "local.a",
    "module.m",
    "aws_vpc.v",
    "dynamic ",
    "Fn::ForEach::L",
    "Fn::Transform",
    "AWS::NoValue",
    "Resources",
    "Type",
    "AWS::EC2::VPC",
    "eksdns-lint: ignore[",
    "until=",
    "key=\"",
    "</script>",
    "]]>",
    "::error::",
    "=== main.tf\n",
];

/// Numbers by chance, repeatable.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound.max(1) as u64).unwrap_or(0)
    }

    /// One of the corpus, changed in some places.
    fn input(&mut self, corpus: &[Vec<u8>]) -> Vec<u8> {
        let mut input = corpus[self.below(corpus.len())].clone();
        for _ in 0..=self.below(6) {
            let at = self.below(input.len() + 1);
            let end = (at + 1 + self.below(32)).min(input.len());
            let at = at.min(end);
            let part = match self.below(6) {
                0 => Vec::new(),
                1 => input[at..end].repeat(2 + self.below(4)),
                2 => {
                    let other = &corpus[self.below(corpus.len())];
                    let from = self.below(other.len());
                    other[from..(from + self.below(200)).min(other.len())].to_vec()
                }
                3 => vec![u8::try_from(self.below(256)).unwrap_or(0)],
                _ => TOKENS[self.below(TOKENS.len())].as_bytes().to_vec(),
            };
            let end = if self.below(2) == 0 { at } else { end };
            input.splice(at..end, part);
        }
        input.truncate(MAX);
        input
    }
}

/// The files below some folders.
fn files(mut open: Vec<PathBuf>) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    while let Some(path) = open.pop() {
        match std::fs::read_dir(&path) {
            Ok(entries) => open.extend(entries.filter_map(|entry| Some(entry.ok()?.path()))),
            Err(_) => files.extend(std::fs::read(&path).ok().filter(|file| file.len() <= MAX)),
        }
    }
    files.sort();
    files
}

/// Tries a target: seconds, a folder for what breaks it, and the folders of the corpus are the arguments.
pub fn run((name, target): (&str, Target)) {
    let mut arguments = std::env::args().skip(1);
    let seconds = arguments.next().and_then(|text| text.parse().ok()).expect("how many seconds");
    let found = PathBuf::from(arguments.next().expect("a folder for what is found"));
    let corpus = files(arguments.map(PathBuf::from).collect());
    assert!(!corpus.is_empty(), "a corpus");
    let seed = std::env::var("FUZZ_SEED").ok().and_then(|text| text.parse().ok());
    let seed = seed.unwrap_or_else(|| u64::from(std::process::id()));
    let (mut chance, started, mut tried) = (Chance(seed), Instant::now(), 0_u64);
    // What ends the program without a panic is there as well.
    let last = found.join(format!("{name}-last"));
    for input in corpus.clone() {
        tries(target, &input, &last);
        tried += 1;
    }
    while started.elapsed() < Duration::from_secs(seconds) {
        tries(target, &chance.input(&corpus), &last);
        tried += 1;
    }
    let _ = std::fs::remove_file(last);
    println!("{name}: {tried} inputs, seed {seed}");
}

fn tries(target: Target, input: &[u8], last: &Path) {
    std::fs::write(last, input).expect("a file is written");
    let before = spent();
    let outcome = catch_unwind(|| target(input));
    let took = spent().saturating_sub(before);
    if outcome.is_err() || took > PATIENCE {
        eprintln!(
            "{} took {took:?}, {}",
            last.display(),
            if outcome.is_err() { "and failed" } else { "too long" }
        );
        std::process::exit(1);
    }
}

/// What this process has had of the processor: a busy machine is no fault of an input. Where the system does not tell, the
/// time that has passed.
fn spent() -> Duration {
    static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);
    processor_time().unwrap_or_else(|| STARTED.elapsed())
}

/// The user's and the system's part as Linux tells them, in hundredths of a second (`proc_pid_stat(5)`).
fn processor_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name before may have any character.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| -> Option<u64> { fields.get(at)?.parse().ok() };
    Some(Duration::from_millis(10 * (ticks(11)? + ticks(12)?)))
}
