//! Writes a tree of the benches to a folder, or reads and parses what is in one and does nothing else (the floor):
//! `cargo bench --bench tree -- terraform 100000 FOLDER`, `cargo bench --bench tree -- floor FOLDER`.

#![allow(clippy::print_stdout, reason = "a bench talks")]

mod allocator;
mod trees;

use std::path::Path;

use trees::{Tree, floor};

const USAGE: &str =
    "cargo bench --bench tree -- terraform|cloudformation LINES FOLDER [SEED], or -- floor FOLDER";

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    let words: Vec<&str> = words.iter().map(|word| &**word).collect();
    match *words {
        ["floor", folder] => println!("{} files parsed", floor::folder(Path::new(folder))),
        [language, lines, folder] => write(language, lines, folder, "1"),
        [language, lines, folder, seed] => write(language, lines, folder, seed),
        // Without words it is one of all benches, and has nothing to measure.
        _ => println!("{USAGE}"),
    }
}

fn write(language: &str, lines: &str, folder: &str, seed: &str) {
    let (lines, seed) = (lines.parse().expect(USAGE), seed.parse().expect(USAGE));
    let tree = match language {
        "terraform" => Tree::terraform(lines, seed),
        "cloudformation" => Tree::cloudformation(lines, seed),
        _ => panic!("{USAGE}"),
    };
    tree.write(Path::new(folder)).expect("the folder can be written to");
    println!("{} files, {} lines", tree.files.len(), tree.lines);
}
