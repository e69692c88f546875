//! The site: built with mdBook, and every link of every page followed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use regex::Regex;

use super::tools::{find, here, kept};

/// The pages below a folder.
fn pages(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut pages = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "html") {
                let text = std::fs::read_to_string(&path).unwrap();
                pages.insert(path, text);
            }
        }
    }
    pages
}

pub(crate) fn links() {
    let out = kept().join("site");
    let _ = std::fs::remove_dir_all(&out);
    let mdbook = find("mdbook").unwrap();
    here("bash", &["docs/build", out.to_str().unwrap(), mdbook.to_str().unwrap()]).ok();
    let pages = pages(&out);
    let rules = std::fs::read_dir(super::tools::top().join("rules")).unwrap();
    for rule in rules.map(|entry| entry.unwrap().path()) {
        let page = out.join("rules").join(rule.file_stem().unwrap()).with_extension("html");
        assert!(pages.contains_key(&page), "{} has no page", rule.display());
    }
    let (link, id) =
        (Regex::new(r#"(?:href|src)="([^"]+)""#).unwrap(), Regex::new(r#"id="([^"]+)""#).unwrap());
    let ids: BTreeMap<&PathBuf, BTreeSet<&str>> = pages
        .iter()
        .map(|(page, text)| {
            (page, id.captures_iter(text).map(|it| it.get(1).unwrap().as_str()).collect())
        })
        .collect();
    let (mut followed, mut wrong) = (0, Vec::new());
    for (page, text) in &pages {
        // These two are read at the place of others.
        if page.ends_with("404.html") || page.ends_with("print.html") {
            continue;
        }
        for target in link.captures_iter(text).map(|it| it[1].to_owned()) {
            if target.contains(':') || target.starts_with("//") {
                continue;
            }
            followed += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((&target, ""));
            let to = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            let to = to.canonicalize().unwrap_or(to);
            let has = |ids: &BTreeSet<&str>| anchor.is_empty() || ids.contains(anchor);
            if !to.is_file() || !ids.get(&to).is_none_or(has) {
                wrong.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(followed > 1000, "{followed} links were followed");
}
