//! A line that says how far a run is: on a terminal alone, and only where it lasts.

use std::io::{IsTerminal, Write, stderr};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use eksdns_lint::stages::{Stage, Stages};

/// What takes no longer than this needs no line.
const PATIENCE: Duration = Duration::from_millis(700);
/// So often the line is written anew.
const TICK: Duration = Duration::from_millis(100);
/// To the beginning of the line, which is emptied
/// (<https://invisible-island.net/xterm/ctlseqs/ctlseqs.html>).
const EMPTY: &str = "\r\u{1b}[K";

/// The line; it goes away where this is dropped.
#[derive(Debug)]
pub(super) struct Progress {
    writer: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Of a run whose record this is.
    pub(super) fn start(stages: &Arc<Stages>) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if !stderr().is_terminal() || dumb {
            return Self { writer: None };
        }
        let (end, ended) = channel::<()>();
        let stages = Arc::clone(stages);
        let write = move || {
            let mut wait = PATIENCE;
            let mut shown = false;
            while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                // Who has no standard error any more misses nothing.
                let _ = write!(stderr().lock(), "{EMPTY}{}", line(stages.progress()));
                (wait, shown) = (TICK, true);
            }
            if shown {
                let _ = write!(stderr().lock(), "{EMPTY}");
            }
        };
        // Without a thread there is no line, and all else is as it was.
        let thread = std::thread::Builder::new().spawn(write);
        Self { writer: thread.ok().map(|thread| (end, thread)) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((end, thread)) = self.writer.take() {
            drop(end);
            let _ = thread.join();
        }
    }
}

fn line((stage, done, total): (Stage, usize, usize)) -> String {
    let (verb, noun) = match stage {
        Stage::Discovery | Stage::Read => ("looking for files", ""),
        Stage::Parse => ("reading", "files"),
        Stage::Evaluate => ("evaluating", "roots"),
        Stage::Network | Stage::Simulation | Stage::Checks => ("judging", "roots"),
        Stage::Report => ("writing the report", ""),
    };
    if noun.is_empty() || total == 0 {
        return format!("{verb} …");
    }
    format!("{verb}: {done} of {total} {noun}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_how_far_a_run_is() {
        let stages = Stages::default();
        assert_eq!(line(stages.progress()), "looking for files …");
        stages.begin(Stage::Evaluate, 3);
        stages.one_done();
        assert_eq!(line(stages.progress()), "evaluating: 1 of 3 roots");
        stages.begin(Stage::Checks, 2);
        assert_eq!(line(stages.progress()), "judging: 0 of 2 roots");
    }
}
