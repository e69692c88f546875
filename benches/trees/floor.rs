//! The floor: files read and parsed by the parsers of the linter, and nothing else.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

/// Reads and parses all below a folder on all threads, each tree dropped at once; how many files parse.
pub(crate) fn folder(folder: &Path) -> usize {
    let mut files = Vec::new();
    list(folder, &mut files);
    let parses = |path: &&PathBuf| {
        std::fs::read_to_string(path).is_ok_and(|text| self::parses(&path.to_string_lossy(), &text))
    };
    files.par_iter().filter(parses).count()
}

/// Whether a text parses as what its name says.
pub(crate) fn parses(path: &str, text: &str) -> bool {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("tf") => hcl_edit::parser::parse_body(text).is_ok(),
        Some("yaml") => granit_parser::Parser::new_from_str(text).all(|event| event.is_ok()),
        Some("json") => {
            let collect = jsonc_parser::CollectOptions::default();
            let options = jsonc_parser::ParseOptions::default();
            jsonc_parser::parse_to_ast(text, &collect, &options).is_ok()
        }
        _ => false,
    }
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => list(&entry.path(), files),
            _ => files.push(entry.path()),
        }
    }
}
