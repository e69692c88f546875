//! `--watch`: runs again where a file changes that a run has looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::ffi::OsString;
use std::io::{IsTerminal, stdout};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use eksdns_lint::Run;
use eksdns_lint::config::NAME;
use eksdns_lint::source::{discover, is_terraform};

use super::output::{self, complain};

/// So long it waits at least between two looks.
const PAUSE: Duration = Duration::from_millis(300);
/// Looking takes at most a part of the time that goes by.
const SHARE: u32 = 10;
/// The screen and what has scrolled out of it are emptied.
const CLEAR: &str = "\u{1b}[2J\u{1b}[3J\u{1b}[H";

/// Runs again and again; `run` tells what it has looked at, or nothing where it came to nothing.
pub(super) fn watch(
    paths: &[PathBuf],
    own: &[PathBuf],
    mut run: impl FnMut() -> Option<Run>,
) -> std::io::Result<Infallible> {
    let cwd = std::env::current_dir()?.canonicalize()?;
    let scope = Scope { paths, own: own.iter().map(|path| cwd.join(path)).collect(), cwd: &cwd };
    let mut read = BTreeSet::new();
    loop {
        let before = scope.states(&read);
        if stdout().is_terminal() {
            output::write(CLEAR, true)?;
        }
        if let Some(run) = run() {
            read = read_by(&run);
        }
        let states = scope.states(&read);
        // What changed while it ran may not have been seen.
        if before.iter().any(|(path, state)| states.get(path) != Some(state)) {
            continue;
        }
        let files = states.values().filter(|state| matches!(state, State::File(..))).count();
        complain(
            "note",
            &format!("watching {files} files: a change runs it again, Ctrl-C ends it"),
        );
        let mut pause = PAUSE;
        loop {
            std::thread::sleep(pause);
            let since = Instant::now();
            if scope.states(&read) != states {
                break;
            }
            pause = PAUSE.max(since.elapsed() * SHARE);
        }
    }
}

/// What is looked at.
struct Scope<'a> {
    paths: &'a [PathBuf],
    /// What the runs write themselves.
    own: BTreeSet<PathBuf>,
    cwd: &'a Path,
}

/// What a path is like.
#[derive(Debug, PartialEq, Eq)]
enum State {
    Gone,
    File(Option<SystemTime>, u64),
    Folder(Vec<OsString>),
}

impl Scope<'_> {
    /// How everything is that a run would look at now, and what the last one has read.
    fn states(&self, read: &BTreeSet<PathBuf>) -> BTreeMap<PathBuf, State> {
        let found = discover(self.paths, self.cwd);
        let folders = found.terraform.iter().chain(found.named.iter().map(|named| &named.path));
        let above = folders.clone().flat_map(|folder| folder.ancestors());
        let config = above.map(|folder| folder.join(NAME));
        let mut paths: BTreeSet<PathBuf> = config.filter(|file| file.is_file()).collect();
        paths.extend(folders.chain(&found.files).chain(&found.candidates).chain(read).cloned());
        for folder in &found.terraform {
            // One that could not be read is among them.
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            paths.extend(entries.map(|entry| entry.path()).filter(|path| is_terraform(path)));
        }
        let watched = paths.into_iter().filter(|path| !self.is_own(path));
        watched.map(|path| (path.clone(), self.state(&path))).collect()
    }

    fn state(&self, path: &Path) -> State {
        let Ok(metadata) = path.metadata() else { return State::Gone };
        if !metadata.is_dir() {
            return State::File(metadata.modified().ok(), metadata.len());
        }
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        let entries = entries.map(|entry| entry.path()).filter(|path| !self.is_own(path));
        let mut names: Vec<_> =
            entries.filter_map(|path| path.file_name().map(ToOwned::to_owned)).collect();
        names.sort();
        State::Folder(names)
    }

    fn is_own(&self, path: &Path) -> bool {
        self.own.contains(path)
    }
}

/// The files that a run has read, and their folders.
fn read_by(run: &Run) -> BTreeSet<PathBuf> {
    let sources = run.workspace.sources();
    let files = sources.ids().into_iter().map(|file| run.workspace.path(file));
    let files: BTreeSet<PathBuf> = files.filter(|file| file.is_file()).collect();
    let folders = files.iter().filter_map(|file| file.parent()).map(Path::to_owned);
    let folders: BTreeSet<PathBuf> = folders.collect();
    files.into_iter().chain(folders).collect()
}
