//! Comparison of a sound design with a broken one: exactly what the two states tell of paths and findings.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::written::Written;
use super::{DESIGNS, STYLES, design, each, faults, read};
use crate::support::Tree;

/// What a state tells.
struct State {
    tree: Tree,
    /// How good each path, and what its name gets, is.
    paths: BTreeMap<(String, String), [Option<usize>; 2]>,
    /// The rules and messages of findings.
    findings: BTreeSet<String>,
}

fn word(value: &Json) -> String {
    value.as_str().unwrap_or("-").to_owned()
}

fn sentences(findings: &Json) -> BTreeSet<String> {
    let sentence = |one: &Json| format!("{}: {}", word(&one["rule"]), word(&one["message"]));
    findings.as_array().unwrap().iter().map(sentence).collect()
}

/// From best to worst; nothing where it cannot be told.
fn rank(outcome: &Json) -> Option<usize> {
    ["holds", "partly", "fails"].iter().position(|word| outcome == word)
}

/// Of the whole path, and of its name: an answer to connect to is a good one.
fn ranks(path: &Json) -> [Option<usize>; 2] {
    let whole = rank(&path["outcome"]);
    let name = match (&path["name"]["outcome"], &path["connection"]["outcome"]) {
        (name, _) if name == "undecided" => None,
        (_, connection) if connection == "none" => whole,
        _ => Some(0),
    };
    [whole, name]
}

fn state(written: &Written) -> State {
    let files: Vec<_> = written.files.iter().map(|(name, text)| (&**name, &**text)).collect();
    let tree = Tree::new(&files);
    let json = |arguments: &[&str]| -> Json {
        let ran = tree.run(arguments);
        serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr))
    };
    let traced = json(&["trace", "--format", "json"]);
    let paths = traced["paths"].as_array().unwrap().iter();
    let paths = paths.map(|one| ((word(&one["from"]), word(&one["to"])), ranks(one))).collect();
    let findings = sentences(&json(&["--format", "json"])["findings"]);
    State { tree, paths, findings }
}

/// What became of a path, or of its name.
fn became((old, new): (&Option<usize>, &Option<usize>)) -> Option<&'static str> {
    match (old, new) {
        (Some(old), Some(new)) if old < new => Some("lost"),
        (Some(old), Some(new)) if old > new => Some("gained"),
        (Some(0 | 1), None) => Some("opened"),
        (None, Some(_)) => Some("decided"),
        _ => None,
    }
}

/// What the comparison says, a line each; what is wrong with it, if anything is.
fn compared(base: &State, head: &State) -> Result<Vec<String>, String> {
    let folders = [base, head].map(|state| state.tree.path("").display().to_string());
    let ran = base.tree.run(&["diff", &folders[0], &folders[1], "--format", "json"]);
    let json: Json = serde_json::from_str(&ran.stdout).map_err(|_| ran.stderr.clone())?;
    let mut told = BTreeSet::new();
    let mut lines = Vec::new();
    for one in json["changes"].as_array().unwrap() {
        let [kind, what, from, to] = ["kind", "what", "from", "to"].map(|key| word(&one[key]));
        lines.push(format!("{kind} {what} {from} {to}"));
        if kind != "answer" {
            told.insert((kind, from, to));
        }
    }
    let mut expected = BTreeSet::new();
    for (pair, old) in &base.paths {
        let kinds: Vec<_> = match head.paths.get(pair) {
            Some(new) => old.iter().zip(new).filter_map(became).collect(),
            None => vec!["gone"],
        };
        let one = |kind: &str| (kind.to_owned(), pair.0.clone(), pair.1.clone());
        expected.extend(kinds.into_iter().map(one));
    }
    let fresh = head.paths.keys().filter(|pair| !base.paths.contains_key(pair));
    expected.extend(fresh.map(|pair| ("new".to_owned(), pair.0.clone(), pair.1.clone())));
    if told != expected {
        return Err(format!("paths: {told:?}, expected {expected:?}"));
    }
    let changed: BTreeSet<_> = sentences(&json["changed"]);
    for (said, here, other) in [("new", head, base), ("gone", base, head)] {
        let own: BTreeSet<_> = here.findings.difference(&other.findings).cloned().collect();
        let own: BTreeSet<_> = own.difference(&changed).cloned().collect();
        let told = sentences(&json[said]);
        if told != own {
            return Err(format!("{said} findings: {told:?}, expected {own:?}"));
        }
    }
    let worse = told.iter().any(|(kind, ..)| matches!(&**kind, "lost" | "opened"));
    let loud = |one: &Json| one["severity"] != "note";
    let worse = worse || json["new"].as_array().unwrap().iter().any(loud);
    if (ran.code == Some(0)) == worse {
        return Err(format!("exit code {:?}: {json:#}", ran.code));
    }
    Ok(lines)
}

#[test]
fn a_comparison_names_exactly_what_a_fault_takes() {
    let text = read("faults.txt");
    let mut cases = Vec::new();
    for (at, fault) in faults(&text).into_iter().enumerate().filter(|(_, it)| it.scribble.is_none())
    {
        for name in DESIGNS {
            let Some(broken) = design(name).changed(&fault.change) else { continue };
            if !fault.designs.is_empty() && !fault.designs.contains(&name) {
                continue;
            }
            // Told in one style, and true in another, of which each fault has its own.
            for number in BTreeSet::from([0, at % STYLES.len()]) {
                let write = STYLES[number].write;
                let sound = write(&design(name)).unwrap();
                let broken = write(&broken).filter(|it| it.files != sound.files);
                cases.extend(broken.map(|it| (fault.name, name, number, sound.clone(), it)));
            }
        }
    }
    let all = each(&cases, |(_, _, _, sound, broken)| compared(&state(sound), &state(broken)));
    let mut table = String::new();
    let mut wrong = Vec::new();
    for ((fault, name, number, ..), lines) in cases.iter().zip(all) {
        match lines {
            Ok(lines) if *number == 0 => {
                table.extend([fault, ", ", name, "\n"]);
                table.extend(lines.iter().map(|line| format!("    {line}\n")));
            }
            Ok(_) => {}
            Err(why) => wrong.push(format!("{fault}, {name}, {}: {why}", STYLES[*number].name)),
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    insta::assert_snapshot!("lost", table);
}
