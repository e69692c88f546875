//! The command line as files: `tests/commands/*.md` have commands, and what each prints.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use regex::Regex;

use crate::support::{Tree, program};

/// How many lines around a difference are shown.
const AROUND: usize = 3;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commands")
}

/// A copy of the tree in which the commands of a file are run.
fn tree() -> Tree {
    let tree = Tree::new(&[]);
    let top = folder().join("tree");
    let mut folders = vec![top.clone()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&top).unwrap().to_str().unwrap().replace('\\', "/");
                tree.write(&name, fs::read(&path).unwrap());
            }
        }
    }
    tree
}

/// What a command prints, in the form of the files.
fn printed(tree: &Tree, command: &str) -> String {
    let mut words: Vec<&str> = command.split_whitespace().collect();
    let input = words.iter().position(|word| *word == "<").map(|at| {
        let file = words[at + 1];
        words.truncate(at);
        fs::read(tree.path(file)).unwrap()
    });
    match words.as_slice() {
        ["cat", file] => return masked(&fs::read_to_string(tree.path(file)).unwrap()),
        ["cp", from, to] => {
            fs::copy(tree.path(from), tree.path(to)).unwrap();
            return String::new();
        }
        _ => {}
    }
    let name = words.iter().position(|word| *word == "eksdns-lint").expect("it is ours");
    let mut child = program(&tree.path("."));
    // As wide as it is told to be, and in no step of a workflow.
    child.env("COLUMNS", "100").env_remove("GITHUB_STEP_SUMMARY").args(&words[name + 1..]);
    child.envs(words[..name].iter().map(|word| word.split_once('=').expect("NAME=value")));
    child.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A program that does not read it may end before.
    let _ = stdin.write_all(&input.unwrap_or_default());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let mut out = masked(&String::from_utf8(output.stdout).unwrap());
    for line in masked(&String::from_utf8(output.stderr).unwrap()).lines() {
        out += format!("! {line}").trim_end();
        out.push('\n');
    }
    match output.status.code() {
        Some(0) => out,
        code => format!("{out}? {}\n", code.expect("it ends by itself")),
    }
}

/// Without what differs from run to run and from release to release; escape sequences become visible.
fn masked(text: &str) -> String {
    let seconds = Regex::new(r" *[0-9]+\.[0-9]{3} s\b").unwrap();
    let text = seconds.replace_all(text, "  N s");
    let text = text.replace('\u{1b}', "␛");
    // Not a part of an address.
    let version = regex::escape(env!("CARGO_PKG_VERSION"));
    let version = Regex::new(&format!(r"(^|[^0-9.]){version}($|[^0-9.])")).unwrap();
    let text = version.replace_all(&text, "${1}VERSION${2}");
    let mut lines = String::with_capacity(text.len());
    for line in text.lines() {
        lines.push_str(line.trim_end());
        lines.push('\n');
    }
    lines.replace("```", "'''")
}

/// Whether lines are what is expected, where `...` is any number of them.
fn matches(expected: &[&str], lines: &[&str]) -> bool {
    match expected.split_first() {
        None => lines.is_empty(),
        Some((&"...", rest)) => (0..=lines.len()).any(|at| matches(rest, &lines[at..])),
        Some((first, rest)) => {
            lines.split_first().is_some_and(|(own, then)| own == first && matches(rest, then))
        }
    }
}

/// A file as it should be, and what is not as it says.
fn judged(text: &str, mut run: impl FnMut(&str) -> String) -> (String, Vec<String>) {
    let (mut out, mut faults) = (String::new(), Vec::new());
    let mut lines = text.lines().peekable();
    let mut inside = false;
    while let Some(line) = lines.next() {
        out += line;
        out.push('\n');
        if line.starts_with("```") {
            inside = !inside;
        }
        let Some(command) = line.strip_prefix("$ ").filter(|_| inside) else { continue };
        let mut expected = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("$ ") && *line != "```") {
            expected.push(line);
        }
        let said = run(command);
        let said_lines: Vec<&str> = said.lines().collect();
        if matches(&expected, &said_lines) {
            for line in expected {
                out.push_str(line);
                out.push('\n');
            }
            continue;
        }
        let equal = expected.iter().zip(&said_lines).take_while(|(a, b)| a == b).count();
        let shown = |lines: &[&str]| {
            let from = equal.saturating_sub(AROUND).min(lines.len());
            lines[from..(equal + AROUND).min(lines.len())].join("\n    ")
        };
        faults.push(format!(
            "$ {command}\n  line {} should be\n    {}\n  and is\n    {}",
            equal + 1,
            shown(&expected),
            shown(&said_lines)
        ));
        out += &said;
    }
    (out, faults)
}

#[test]
fn each_command_prints_what_its_file_says() {
    let is_list = |path: &PathBuf| {
        path.extension().is_some_and(|end| end == "md") && !path.ends_with("README.md")
    };
    let files: Vec<PathBuf> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(is_list)
        .collect();
    assert!(files.len() > 5, "the files are found");
    let update = std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always");
    let mut faults = Vec::new();
    for file in files {
        let tree = tree();
        let text = fs::read_to_string(&file).unwrap();
        let (new, own) = judged(&text, |command| printed(&tree, command));
        if update && !own.is_empty() {
            fs::write(&file, new).unwrap();
        } else {
            let name = file.file_name().unwrap().to_str().unwrap();
            faults.extend(own.iter().map(|fault| format!("{name}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn a_difference_is_seen() {
    let text = "# A\n\n```console\n$ a\nsame\n$ b\nold\n? 1\n$ c\n...\nlast\n```\n";
    let run = |command: &str| match command {
        "a" => "same\n".to_owned(),
        "b" => "old\n".to_owned(),
        _ => "first\nlast\n".to_owned(),
    };
    let (new, faults) = judged(text, run);
    assert_eq!(faults.len(), 1, "the exit code is not there: {faults:?}");
    assert!(faults[0].starts_with("$ b\n  line 2 should be"), "{}", faults[0]);
    assert_eq!(new, text.replace("? 1\n", ""));
    assert!(
        matches(&["a", "...", "d"], &["a", "b", "c", "d"]) && !matches(&["...", "d"], &["d", "e"])
    );
}
