//! The program on a real terminal: colour, width, links, the line of progress.

#![cfg(unix)]

use std::fs::File;
use std::io::Read;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::support::{Tree, program};

const LONE: &str = include_str!("../../fixtures/unassociated-rule/flag.tf");
/// Carriage return, and the rest of the line goes.
const EMPTY: &str = "\r\u{1b}[K";

/// What the program writes to a terminal with so many columns, both streams as they come.
fn shown(tree: &Tree, columns: u16, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
    let side = File::options().read(true).write(true).open(name).unwrap();
    let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(side.as_fd(), size).unwrap();
    let mut command = program(&tree.path("."));
    let known = ["VTE_VERSION", "TERM_PROGRAM", "COLORTERM", "DOMTERM", "WT_SESSION"];
    for variable in known.iter().chain(&["KONSOLE_VERSION", "FORCE_HYPERLINK"]) {
        command.env_remove(variable);
    }
    command.env("TERM", "xterm-256color").envs(variables.iter().copied()).args(arguments);
    command.stdout(side.try_clone().unwrap()).stderr(side);
    let mut child = command.spawn().unwrap();
    // The command holds the terminal, too, and its end is told only when nobody does.
    drop(command);
    let mut bytes = Vec::new();
    // Linux ends a terminal whose other side is closed with an error.
    let _ = File::from(terminal).read_to_end(&mut bytes);
    child.wait().unwrap();
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

#[test]
fn a_terminal_gets_colour_unless_told_otherwise() {
    let tree = Tree::new(&[("main.tf", LONE)]);
    let coloured = |arguments: &[&str], variables: &[(&str, &str)]| {
        shown(&tree, 80, arguments, variables).contains("\u{1b}[")
    };
    assert!(coloured(&[], &[]));
    assert!(!coloured(&["--color=never"], &[]));
    assert!(!coloured(&[], &[("NO_COLOR", "1")]));
    assert!(!coloured(&[], &[("TERM", "dumb")]));
    assert!(coloured(&["--color=always"], &[("NO_COLOR", "1")]));
    let seen = shown(&tree, 80, &[], &[]);
    let piped = tree.run(&["--width", "80"]).stdout;
    let lines =
        |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
    assert_eq!(lines(&plain(&seen)), lines(&piped), "a terminal is told the same");
}

#[test]
fn prose_fits_into_the_columns_of_the_terminal() {
    let tree = Tree::new(&[("main.tf", LONE)]);
    let headings = |columns, arguments: &[&str]| -> Vec<String> {
        let text = plain(&shown(&tree, columns, arguments, &[]));
        let code = |line: &&str| !line.contains('│') && !line.contains('┌');
        text.lines().filter(code).map(str::to_owned).collect()
    };
    let widest = |lines: &[String]| lines.iter().map(|line| line.chars().count()).max().unwrap();
    let (wide, narrow) = (headings(200, &[]), headings(50, &[]));
    assert!(widest(&wide) > 60 && widest(&narrow) <= 50, "{wide:#?} {narrow:#?}");
    assert_eq!(headings(200, &["--width", "50"]), narrow, "what is asked for beats the terminal");
    let words = |lines: &[String]| lines.join(" ").split_whitespace().collect::<String>();
    assert_eq!(words(&wide), words(&narrow), "nothing is lost");
}

#[test]
fn rules_are_links_where_the_terminal_knows_them() {
    let tree = Tree::new(&[("main.tf", LONE)]);
    let link = "\u{1b}]8;;https://github.com/eksdns-lint/eksdns-lint/blob/main/rules/\
                unassociated-rule.md\u{1b}\\unassociated-rule\u{1b}]8;;\u{1b}\\";
    let linked = |arguments: &[&str], variables: &[(&str, &str)]| {
        let text = shown(&tree, 80, arguments, variables);
        assert_eq!(text.contains("\u{1b}]8;;"), text.contains(link), "{text:?}");
        text.contains(link)
    };
    assert!(!linked(&[], &[]));
    assert!(linked(&[], &[("TERM_PROGRAM", "WezTerm")]));
    assert!(!linked(&["--color=never"], &[("TERM_PROGRAM", "WezTerm")]));
}

#[test]
fn how_far_it_is_is_told_where_it_lasts_and_then_goes_away() {
    let design = include_str!("../../fixtures/missing-peering-route/flag-return.tf");
    let tree = Tree::new(&[]);
    // As much work as lasts on this machine.
    for count in [10, 40, 160, 640, 2_560, 10_240] {
        for at in 0..count {
            tree.write(&format!("r{at}/main.tf"), design);
        }
        let began = Instant::now();
        let text = shown(&tree, 80, &["--fail-on", "never", "--format", "json"], &[]);
        if began.elapsed() < Duration::from_secs(4) {
            continue;
        }
        let (line, report) = text.rsplit_once(EMPTY).expect("there is a line");
        assert!(
            line.contains("judging: ") && line.contains(&format!(" of {count} roots")),
            "{line:?}"
        );
        assert!(!line.contains('\n'), "it stays one line: {line:?}");
        assert!(report.starts_with('{'), "it is gone before the report: {report:.100?}");
        let piped = tree.run(&["--fail-on", "never", "--format", "json"]);
        assert_eq!(piped.stderr, "", "no terminal, no line");
        return;
    }
    panic!("no work lasts on this machine");
}
