//! A small tree of files, and all that is printed of it.

use std::path::{Path, PathBuf};

use eksdns_lint::checks::ALL;
use eksdns_lint::diagram::{self, Picture};
use eksdns_lint::report::{self, Detail, Page, Sort, Style, Subject};
use eksdns_lint::{Request, Run, Survey};

use crate::invariants;

/// A folder in memory, where there is one, that is gone when it is dropped. It is a repository: nothing
/// above it is looked at.
pub struct Tree {
    _temp: tempfile::TempDir,
    pub top: PathBuf,
}

impl Tree {
    pub fn new(files: &[(&str, &[u8])]) -> Self {
        let memory = Path::new("/dev/shm");
        let temp = match memory.is_dir() {
            true => tempfile::tempdir_in(memory),
            false => tempfile::tempdir(),
        };
        let temp = temp.expect("a folder");
        let top = temp.path().canonicalize().expect("it is there");
        let tree = Self { _temp: temp, top };
        tree.write(".git/HEAD", b"");
        for (name, bytes) in files {
            tree.write(name, bytes);
        }
        tree
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.top.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder is made");
        std::fs::write(path, bytes).expect("a file is written");
    }
}

/// What is asked where nothing else is: all of the tree.
pub fn request() -> Request {
    Request { paths: vec![".".into()], ..Request::default() }
}

/// Runs on a tree with one thread and with four, and holds what is found and printed to the invariants.
pub fn run(tree: &Tree, request: &Request) -> Run {
    let [(run, printed), (_, again)] = ["1", "4"].map(|threads| {
        // Nothing else runs while a target does not.
        std::env::set_var("RAYON_NUM_THREADS", threads);
        let run = eksdns_lint::run(request, &tree.top).expect("the folder is there");
        let printed = formats(&run);
        (run, printed)
    });
    for ((format, text), (_, other)) in printed.iter().zip(&again) {
        assert_eq!(text, other, "{format} differs between one and four threads");
        invariants::printed(format, text);
    }
    invariants::spans(&run);
    run
}

/// A run in every format.
fn formats(run: &Run) -> Vec<(&'static str, String)> {
    let subject = subject(run);
    let sources = run.workspace.sources();
    let style = Style {
        colour: false,
        links: false,
        width: Some(100),
        sort: Sort::File,
        detail: Detail::Verbose,
    };
    vec![
        ("text", report::text(&run.outcome, sources, style)),
        ("json", report::json(&run.outcome, sources)),
        ("sarif", report::sarif(&subject)),
        ("github", report::github(&subject)),
        ("gitlab", report::gitlab(&subject)),
        ("junit", report::junit(&subject)),
        ("markdown", report::markdown(&subject)),
        (
            "failures",
            [&*run.failures, &*run.warnings].concat().iter().map(|it| report::escape(it)).collect(),
        ),
    ]
}

fn subject(run: &Run) -> Subject<'_> {
    Subject {
        outcome: &run.outcome,
        workspace: &run.workspace,
        rules: ALL.iter().map(|check| check.rule).collect(),
        failures: &run.failures,
        warnings: &run.warnings,
    }
}

/// Everything that is drawn of a tree, twice.
pub fn drawn(tree: &Tree, request: &Request) {
    let [first, second] = [(), ()].map(|()| {
        let survey = eksdns_lint::survey(request, &tree.top).expect("the folder is there");
        pictures(&survey)
    });
    for ((format, text), (_, other)) in first.iter().zip(&second) {
        assert_eq!(text, other, "{format} differs between two runs");
        invariants::printed(format, text);
    }
}

fn pictures(survey: &Survey) -> Vec<(&'static str, String)> {
    let Survey { run, paths, about } = survey;
    let page = Page {
        subject: subject(run),
        paths: &paths.paths,
        pictures: &paths.pictures,
        estates: &paths.estates,
        about,
    };
    let mut out = vec![("html", report::page(&page))];
    let sources = run.workspace.sources();
    let together = Picture::together(paths.estates.clone());
    for picture in paths.pictures.values().take(2).chain(&together) {
        out.push(("svg", diagram::svg(picture, sources)));
        out.push(("mermaid", diagram::mermaid(picture)));
        out.push(("dot", diagram::dot(picture)));
        out.push(("html", report::picture_page(picture, sources)));
    }
    out
}
