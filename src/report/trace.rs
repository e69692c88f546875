//! Paths for people and for programs.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde::Serialize;

use super::escape::escape;
use super::json::{Place, ascii_controls, place};
use crate::source::{Note, Sources, Span};
use crate::trace::{Dependence, Dependences, Ending, Path};

/// Lines are no wider, as far as their words let them.
const WIDTH: usize = 80;

/// Paths as text: one in full, several as a table of clients for each name.
pub fn trace_text(paths: &[Path], changes: &[String], sources: &Sources) -> String {
    let mut out = String::new();
    for change in changes {
        wrapped(&mut out, "what if: ", change);
    }
    if !changes.is_empty() {
        out.push('\n');
    }
    // Full where one client asks for one name, in each root and environment.
    let several = paths.iter().any(|path| {
        let same = |other: &&Path| other.root == path.root && other.environment == path.environment;
        paths.iter().filter(same).count() > 1
    });
    let places: BTreeSet<_> = paths.iter().map(|path| (&path.root, &path.environment)).collect();
    let mut head = String::new();
    for (at, path) in paths.iter().enumerate() {
        let named = match (&path.environment, places.len()) {
            (_, 1) => String::new(),
            (Some(environment), _) => format!(" ({}, {environment})", path.root),
            (None, _) => format!(" ({})", path.root),
        };
        if several {
            let title = format!("{}{named}", path.to);
            if head != title {
                let gap = if head.is_empty() { "" } else { "\n" };
                let _ = writeln!(out, "{gap}{}", escape(&title));
                head = title;
            }
            row(&mut out, path, width(paths));
        } else {
            if at > 0 {
                out.push('\n');
            }
            full(&mut out, path, &named, sources);
        }
    }
    out
}

/// As wide as the longest client, within reason.
fn width(paths: &[Path]) -> usize {
    paths.iter().map(|path| escape(&path.from).chars().count()).max().unwrap_or(0).min(30)
}

fn row(out: &mut String, path: &Path, width: usize) {
    let from = escape(&path.from);
    // A name that is longer than most stands alone.
    let from = if from.chars().count() > width {
        let _ = writeln!(out, "  {from}");
        "".into()
    } else {
        from
    };
    let head = format!("  {from:<width$}  {:<9}  ", path.outcome.word);
    let text = match (path.name.word, path.connection.word) {
        ("undecided", _) => open(path),
        (_, "none") => path.name.text.clone(),
        (_, "undecided") => format!("{}; {}", path.name.text, open(path)),
        _ => format!("{}; {}", path.name.text, path.connection.text),
    };
    wrapped(out, &head, &text);
}

/// What a table says of a path that cannot be told: the first input, and how many more.
fn open(path: &Path) -> String {
    let Some((name, why)) = path.undecided.first() else { return path.connection.text.clone() };
    match path.undecided.len() - 1 {
        0 => format!("{name} {why}"),
        more => format!("{name} {why} (and {more} more)"),
    }
}

fn full(out: &mut String, path: &Path, named: &str, sources: &Sources) {
    let title = format!("{} asks for {}{named}: {}", path.from, path.to, path.outcome.text);
    wrapped(out, "", &title);
    let place = Places::new(path, sources);
    if !place.folder.is_empty() {
        wrapped(out, "", &format!("places are below {}/", place.folder));
    }
    let hops = path.name_hops.iter().chain(&path.connection_hops);
    let places: Vec<_> = hops.map(|hop| place.short(hop.span)).collect();
    let width = places.iter().map(|place| place.chars().count()).max().unwrap_or(0).min(28);
    let mut number = 0;
    let mut part = |out: &mut String, title: &str, ending: &Ending, hops: &[Note]| {
        wrapped(out, &format!("{title}: "), &ending.text);
        for hop in hops {
            let place = &places[number];
            number += 1;
            let mut head = format!("  {number:>2}  {place:<width$}  ");
            // A place that is longer than most stands alone.
            if place.chars().count() > width {
                let _ = writeln!(out, "{}", head.trim_end());
                head = " ".repeat(width + 8);
            }
            wrapped(out, &head, &hop.text);
        }
    };
    out.push('\n');
    part(out, "name", &path.name, &path.name_hops);
    part(out, "connection", &path.connection, &path.connection_hops);
    listed(out, "rests on", path.assumptions.iter().cloned());
    let open = path.undecided.iter().map(|(name, why)| format!("{name} {why}"));
    listed(out, "undecided until known", open);
    if let Some(dependences) = &path.dependences {
        depends(out, path, dependences, &place);
    }
}

fn listed(out: &mut String, title: &str, items: impl Iterator<Item = String>) {
    for (at, item) in items.enumerate() {
        if at == 0 {
            let _ = writeln!(out, "{title}:");
        }
        wrapped(out, "  - ", &item);
    }
}

fn depends(out: &mut String, path: &Path, dependences: &Dependences, places: &Places<'_>) {
    let without = |word: &[&str]| {
        let ends = |block: &&Dependence| {
            block.without.as_ref().is_some_and(|end| word.contains(&end.word))
        };
        dependences.blocks.iter().filter(ends).collect::<Vec<_>>()
    };
    let holds = path.outcome.word == "holds";
    let fails = if path.outcome.word == "undecided" { "fails" } else { "fails, or cannot be told" };
    // What holds in part is better than what fails, and worse than what holds.
    let (worse, same, better): (&[&str], &[&str], &[&str]) = match path.outcome.word {
        "holds" => (&["fails", "undecided", "partly"], &["holds"], &[]),
        "partly" => (&["fails", "undecided"], &["partly"], &["holds"]),
        "undecided" => (&["fails"], &[], &["holds", "partly"]),
        _ => (&[], &[], &["holds", "partly"]),
    };
    for (title, blocks) in [
        (fails, without(worse)),
        ("has another answer", without(same)),
        ("holds, or does in part", without(better)),
    ] {
        if !blocks.is_empty() {
            let _ = writeln!(out, "without any one of these it {title}:");
        }
        for block in blocks {
            let (address, place) = (escape(&block.address), places.short(block.span));
            let _ = writeln!(out, "  - {address} ({place})");
            let end = block.without.as_ref().map(|end| format!("{}: {}", end.word, end.text));
            wrapped(out, "      ", &end.unwrap_or_default());
        }
    }
    let not = dependences.blocks.iter().filter(|block| block.without.is_none());
    listed(
        out,
        if holds { "on the way, and not needed alone" } else { "on the way" },
        not.map(|block| format!("{} ({})", block.address, places.short(block.span))),
    );
    if dependences.untried > 0 {
        let _ = writeln!(out, "{} further blocks were not tried", dependences.untried);
    }
}

/// How the places of one path are printed: below a folder that is told once.
struct Places<'s> {
    sources: &'s Sources,
    folder: String,
}

impl<'s> Places<'s> {
    fn new(path: &Path, sources: &'s Sources) -> Self {
        let blocks = path.dependences.iter().flat_map(|all| &all.blocks).map(|block| block.span);
        let hops = path.name_hops.iter().chain(&path.connection_hops).map(|hop| hop.span);
        let files: BTreeSet<_> = hops.chain(blocks).map(|span| span.file).collect();
        let mut folder: Option<String> = None;
        for file in files {
            let own = sources.file(file).path.clone();
            let own = own.rsplit_once('/').map_or("", |(folder, _)| folder);
            folder = Some(match folder {
                None => own.to_owned(),
                Some(before) => shared(&before, own),
            });
        }
        Self { sources, folder: folder.unwrap_or_default() }
    }

    /// `main.tf:12`.
    fn short(&self, span: Span) -> String {
        let file = self.sources.file(span.file);
        let below = file.path.strip_prefix(&self.folder).map(|path| path.trim_start_matches('/'));
        let below = below.filter(|_| !self.folder.is_empty()).unwrap_or(&file.path);
        format!("{}:{}", escape(below), file.position(span.start).0)
    }
}

/// The folder that holds two.
fn shared(a: &str, b: &str) -> String {
    let both = a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b);
    both.map(|(part, _)| part).collect::<Vec<_>>().join("/")
}

/// A text behind a head, its further lines under its first word.
fn wrapped(out: &mut String, head: &str, text: &str) {
    let indent = head.chars().count().min(WIDTH / 2);
    let mut line = head.to_owned();
    let mut begun = false;
    for word in escape(text).split_whitespace() {
        let (has, more) = (line.chars().count(), word.chars().count());
        if begun && has + 1 + more > WIDTH {
            let _ = writeln!(out, "{}", line.trim_end());
            line = " ".repeat(indent);
            begun = false;
        }
        if begun {
            line.push(' ');
        }
        line.push_str(word);
        begun = true;
    }
    let _ = writeln!(out, "{}", line.trim_end());
}

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    changes: &'a [String],
    paths: Vec<JsonPath<'a>>,
}

#[derive(Serialize)]
struct JsonPath<'a> {
    root: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'a str>,
    from: &'a str,
    to: &'a str,
    outcome: &'a str,
    name: JsonPart<'a>,
    connection: JsonPart<'a>,
    assumptions: &'a [String],
    undecided: Vec<JsonInput<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    dependences: Option<JsonDependences<'a>>,
}

#[derive(Serialize)]
struct JsonPart<'a> {
    outcome: &'a str,
    message: &'a str,
    hops: Vec<JsonHop<'a>>,
}

#[derive(Serialize)]
struct JsonHop<'a> {
    #[serde(flatten)]
    place: Place,
    message: &'a str,
}

#[derive(Serialize)]
struct JsonInput<'a> {
    input: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct JsonDependences<'a> {
    blocks: Vec<JsonBlock<'a>>,
    tried: usize,
    untried: usize,
}

#[derive(Serialize)]
struct JsonBlock<'a> {
    address: &'a str,
    #[serde(flatten)]
    place: Place,
    without: Option<JsonWithout<'a>>,
}

#[derive(Serialize)]
struct JsonWithout<'a> {
    outcome: &'a str,
    message: &'a str,
}

/// Paths as JSON, with a line end.
pub fn trace_json(paths: &[Path], changes: &[String], sources: &Sources) -> String {
    let paths = paths.iter().map(|path| json_path(path, sources)).collect();
    let report = Report { version: 1, changes, paths };
    // Structs of strings and numbers always serialise.
    ascii_controls(&serde_json::to_string_pretty(&report).unwrap_or_default())
}

fn json_path<'a>(path: &'a Path, sources: &Sources) -> JsonPath<'a> {
    let part = |ending: &'a Ending, hops: &'a [Note]| JsonPart {
        outcome: ending.word,
        message: &ending.text,
        hops: hops
            .iter()
            .map(|hop| JsonHop { place: place(hop.span, sources), message: &hop.text })
            .collect(),
    };
    let undecided =
        path.undecided.iter().map(|(input, reason)| JsonInput { input, reason }).collect();
    let dependences = path.dependences.as_ref().map(|all| JsonDependences {
        blocks: all
            .blocks
            .iter()
            .map(|block| JsonBlock {
                address: &block.address,
                place: place(block.span, sources),
                without: block
                    .without
                    .as_ref()
                    .map(|end| JsonWithout { outcome: end.word, message: &end.text }),
            })
            .collect(),
        tried: all.tried,
        untried: all.untried,
    });
    JsonPath {
        root: &path.root,
        environment: path.environment.as_deref(),
        from: &path.from,
        to: &path.to,
        outcome: path.outcome.word,
        name: part(&path.name, &path.name_hops),
        connection: part(&path.connection, &path.connection_hops),
        assumptions: &path.assumptions,
        undecided,
        dependences,
    }
}
