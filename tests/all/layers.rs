//! The layers: which room of `src` may use which.

use std::collections::BTreeSet;
use std::path::Path;

/// A room, and the rooms it may use. A room may always use itself.
const TABLE: &[(&str, &[&str])] = &[
    ("stages", &[]),
    ("stack", &[]),
    ("source", &["stages"]),
    ("unknown", &[]),
    ("near", &[]),
    ("bug", &[]),
    ("git", &[]),
    ("compare", &["baseline", "finding", "trace"]),
    ("baseline", &["finding", "source"]),
    ("suppress", &["checks", "finding", "near", "source"]),
    ("config", &["checks", "dns", "finding", "near", "source"]),
    ("finding", &["source", "unknown"]),
    ("trace", &["source", "unknown"]),
    ("graph", &["source", "unknown"]),
    ("terraform", &["bug", "stack", "stages", "source", "unknown", "graph", "finding"]),
    ("cloudformation", &["bug", "stages", "source", "unknown", "graph", "finding"]),
    ("link", &["bug", "source", "unknown", "graph"]),
    ("network", &["source", "unknown", "graph"]),
    ("dns", &["stages", "network", "reach", "trace", "source", "unknown"]),
    ("reach", &["network", "trace", "source", "unknown"]),
    ("probe", &["network", "dns", "reach", "trace", "source", "unknown"]),
    (
        "checks",
        &["bug", "network", "dns", "reach", "probe", "trace", "finding", "source", "unknown"],
    ),
    ("report", &["stages", "compare", "diagram", "finding", "trace", "source", "unknown"]),
    ("diagram", &["finding", "trace", "source", "unknown", "network"]),
];

/// Where the rooms are put together: these may use everything.
const OPEN: &[&str] = &["lib", "main", "cli", "pipeline"];

/// A source file by its path below `src`, with `/`.
struct File {
    path: String,
    text: String,
}

impl File {
    /// The folders and the file's own name, without the ending; `mod.rs` is its folder.
    fn module(&self) -> Vec<&str> {
        let mut parts: Vec<_> = self.path.trim_end_matches(".rs").split('/').collect();
        if parts.last() == Some(&"mod") {
            parts.pop();
        }
        parts
    }
}

/// What breaks the table, as `file:line: …`.
fn violations(files: &[File]) -> Vec<String> {
    let checks: BTreeSet<_> = files.iter().filter_map(|file| check_name(&file.module())).collect();
    files.iter().flat_map(|file| violations_in(file, &checks)).collect()
}

/// The check a module belongs to.
fn check_name(module: &[&str]) -> Option<String> {
    (module.len() > 1 && module[0] == "checks").then(|| module[1].to_owned())
}

fn violations_in(file: &File, checks: &BTreeSet<String>) -> Vec<String> {
    let module = file.module();
    let room = module[0];
    if OPEN.contains(&room) {
        return vec![];
    }
    let Some((_, allowed)) = TABLE.iter().find(|(known, _)| *known == room) else {
        return vec![format!(
            "src/{}: the room `{room}` is not in the table of the layers",
            file.path
        )];
    };
    let mut found = Vec::new();
    for (line, path) in uses(file) {
        let other = path[0].as_str();
        let is_room = TABLE.iter().any(|(known, _)| *known == other) || OPEN.contains(&other);
        let place = format!("src/{}:{line}", file.path);
        if is_room && other != room && !allowed.contains(&other) {
            found.push(format!("{place}: `{room}` may not use `{other}`"));
        }
        let (own, used) = (check_name(&module), path.get(1));
        if let (Some(own), Some(used), "checks") = (own, used, other)
            && checks.contains(used)
            && own != *used
        {
            found.push(format!("{place}: the check `{own}` may not use the check `{used}`"));
        }
    }
    found
}

/// The paths inside this crate that a file names, from the root, at most two parts of each; unit tests
/// are left out, they may build their input as they like.
fn uses(file: &File) -> Vec<(usize, Vec<String>)> {
    let text = without_tests(&without_comments_and_strings(&file.text));
    let mut found = Vec::new();
    for keyword in ["crate::", "super::", "eksdns_lint::"] {
        for (at, _) in text.match_indices(keyword) {
            let before = text[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | ':')) {
                continue;
            }
            let line = text[..at].matches('\n').count() + 1;
            let (base, rest) = base(&file.module(), &text[at..]);
            found.extend(tails(rest).into_iter().filter_map(|tail| {
                let path: Vec<_> = base.iter().cloned().chain(tail).take(2).collect();
                (!path.is_empty()).then_some((line, path))
            }));
        }
    }
    found
}

/// The module that `crate::` or a chain of `super::` stands for, and what follows.
fn base<'t>(module: &[&str], text: &'t str) -> (Vec<String>, &'t str) {
    let mut base: Vec<_> = module.iter().map(|&part| part.to_owned()).collect();
    let mut rest = text;
    while let Some(next) = rest.strip_prefix("super::") {
        base.pop();
        rest = next;
    }
    for root in ["crate::", "eksdns_lint::"] {
        if let Some(next) = rest.strip_prefix(root) {
            return (vec![], next);
        }
    }
    (base, rest)
}

/// The first parts of the paths in `a::b` or `{a::{b, c}, d}`.
fn tails(text: &str) -> Vec<Vec<String>> {
    let text = text.trim_start();
    let Some(group) = text.strip_prefix('{') else {
        let name: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if name.is_empty() {
            return vec![];
        }
        let rest = text[name.len()..].trim_start().strip_prefix("::");
        let below = rest.map(tails).unwrap_or_default();
        if below.is_empty() {
            return vec![vec![name]];
        }
        let path = |tail: Vec<String>| std::iter::once(name.clone()).chain(tail).collect();
        return below.into_iter().map(path).collect();
    };
    members(group).into_iter().flat_map(tails).collect()
}

/// The members of a group whose opening brace has been taken off.
fn members(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut members) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                members.push(&group[start..at]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                members.push(&group[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    members
}

/// The text with the insides of comments and strings blanked, line by line the same.
fn without_comments_and_strings(text: &str) -> String {
    let pattern =
        r##"(?s)//[^\n]*|/\*.*?\*/|r#".*?"#|r"[^"]*"|"(?:\\.|[^"\\])*"|'(?:\\.[^']*|[^'\\\n])'"##;
    let pattern = regex::Regex::new(pattern).unwrap();
    let blank = |found: &regex::Captures<'_>| "\n".repeat(found[0].matches('\n').count());
    pattern.replace_all(text, blank).into_owned()
}

/// The text without its `#[cfg(test)] mod … { … }`.
fn without_tests(text: &str) -> String {
    let pattern = regex::Regex::new(r"#\[cfg\(test\)\]\s*(?:#\[[^\]]*\]\s*)*mod \w+ \{").unwrap();
    let Some(found) = pattern.find(text) else { return text.to_owned() };
    let mut depth = 1;
    let end = text[found.end()..].char_indices().find_map(|(at, c)| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        (depth == 0).then_some(found.end() + at + 1)
    });
    let rest = end.map_or("", |end| &text[end..]);
    let lines = text[found.start()..text.len() - rest.len()].matches('\n').count();
    without_tests(&format!("{}{}{rest}", &text[..found.start()], "\n".repeat(lines)))
}

fn sources() -> Vec<File> {
    fn walk(folder: &Path, prefix: &str, files: &mut Vec<File>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                walk(&path, &format!("{prefix}{name}/"), files);
            } else if name != "tests.rs" && path.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                files.push(File { path: format!("{prefix}{name}"), text });
            }
        }
    }
    let mut files = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

#[test]
fn every_room_uses_only_what_it_may() {
    let files = sources();
    assert!(files.len() > 10, "the sources are found");
    let found = violations(&files);
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

fn seeded(files: &[(&str, &str)]) -> Vec<String> {
    let file = |(path, text): &(&str, &str)| File { path: (*path).into(), text: (*text).into() };
    violations(&files.iter().map(file).collect::<Vec<_>>())
}

#[test]
fn a_seeded_violation_is_caught() {
    let one = |path, text| seeded(&[(path, text)]);
    assert_eq!(
        one(
            "report/text.rs",
            "//! Text.\n\nuse crate::{finding::Finding, graph::{Graph, Node}};\n"
        ),
        ["src/report/text.rs:3: `report` may not use `graph`"; 2]
    );
    assert_eq!(
        one("network/vpc.rs", "fn f() -> crate::finding::Finding {}"),
        ["src/network/vpc.rs:1: `network` may not use `finding`"]
    );
    assert_eq!(
        one("dns.rs", "use super::graph::Graph;"),
        ["src/dns.rs:1: `dns` may not use `graph`"]
    );
    assert_eq!(
        one("reach/filter.rs", "use super::super::checks;"),
        ["src/reach/filter.rs:1: `reach` may not use `checks`"]
    );
    assert_eq!(
        one("graph.rs", "pub use crate::terraform as language;"),
        ["src/graph.rs:1: `graph` may not use `terraform`"]
    );
    assert_eq!(
        one("attic.rs", ""),
        ["src/attic.rs: the room `attic` is not in the table of the layers"]
    );
}

#[test]
fn checks_do_not_use_each_other() {
    let a = "use super::{Check, b};\nuse crate::checks::b::helper;\nuse crate::checks::Check;";
    let found =
        seeded(&[("checks/a.rs", a), ("checks/b.rs", ""), ("checks.rs", "use crate::checks::b;")]);
    assert_eq!(
        found,
        [
            "src/checks/a.rs:2: the check `a` may not use the check `b`",
            "src/checks/a.rs:1: the check `a` may not use the check `b`",
        ]
    );
}

#[test]
fn what_is_allowed_is_not_reported() {
    let found = seeded(&[
        ("report/text.rs", "use super::escape;\nuse crate::finding::Finding; // crate::graph\n"),
        (
            "source.rs",
            "const X: &str = \"crate::graph\"; /* crate::graph\n */ fn f<'a>(x: &'a str) {}",
        ),
        ("graph.rs", "#[cfg(test)]\nmod tests {\n    use crate::terraform;\n}\n"),
        ("graph/value.rs", "use super::super::source;\nuse crate::graph::Node;"),
        ("pipeline.rs", "use crate::checks;"),
        ("terraform/mod.rs", "use super::source::Span;"),
        ("cli/check.rs", "use eksdns_lint::report;"),
    ]);
    assert!(found.is_empty(), "{found:?}");
}
