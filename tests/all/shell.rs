//! Completions and the page of the manual: each names every command and every option.

use crate::support::Tree;

/// The long options that a help text tells of.
fn options(help: &str) -> Vec<String> {
    let words = help.split(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '='));
    let mut found: Vec<_> = words
        .filter(|word| word.len() > 2 && word.starts_with("--"))
        .map(|word| word.trim_end_matches(['.', ';', ':', '`', ')']).to_owned())
        .collect();
    found.sort();
    found.dedup();
    found
}

const COMMANDS: [&str; 10] =
    ["rules", "explain", "config", "trace", "draw", "report", "diff", "completions", "man", "init"];

#[test]
fn each_shell_completes_every_command_and_option() {
    let tree = Tree::new(&[]);
    let options = options(&tree.run(&["--help"]).stdout);
    assert!(options.len() > 15, "{options:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish", "nushell"] {
        let ran = tree.run(&["completions", shell]);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{shell}");
        for option in &options {
            let bare = option.trim_start_matches('-');
            assert!(ran.stdout.contains(bare), "{shell} does not know {option}");
        }
        for command in COMMANDS {
            assert!(ran.stdout.contains(command), "{shell} does not know {command}");
        }
    }
    assert_eq!(tree.run(&["completions", "tcsh"]).code, Some(2));
}

#[test]
fn the_manual_has_every_option() {
    let tree = Tree::new(&[]);
    let ran = tree.run(&["man"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert!(ran.stdout.contains(".TH eksdns-lint 1"), "{}", &ran.stdout[..200]);
    let plain = ran.stdout.replace("\\-", "-");
    for option in options(&tree.run(&["--help"]).stdout) {
        assert!(plain.contains(&option), "the manual does not know {option}");
    }
}
