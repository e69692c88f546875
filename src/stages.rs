//! Where the time of a run goes, and how far it is.

use hashbrown::HashMap;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

/// What is being done, in the order of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Files are looked for.
    Discovery,
    /// Files are read.
    Read,
    /// Texts become syntax.
    Parse,
    /// Syntax becomes resources with values.
    Evaluate,
    /// Resources become a network.
    Network,
    /// Queries and packets are followed.
    Simulation,
    /// Rules judge what they are told.
    Checks,
    /// What was found is written down.
    Report,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Discovery,
        Self::Read,
        Self::Parse,
        Self::Evaluate,
        Self::Network,
        Self::Simulation,
        Self::Checks,
        Self::Report,
    ];

    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Read => "read",
            Self::Parse => "parse",
            Self::Evaluate => "evaluate",
            Self::Network => "network",
            Self::Simulation => "simulation",
            Self::Checks => "checks",
            Self::Report => "report",
        }
    }
}

/// A stage, and whose it is where that is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Work {
    /// What is done.
    pub stage: Stage,
    /// For which root.
    pub root: Option<Arc<str>>,
    /// By which rule.
    pub rule: Option<&'static str>,
}

impl From<Stage> for Work {
    fn from(stage: Stage) -> Self {
        Self { stage, root: None, rule: None }
    }
}

impl Stage {
    /// This, for a root.
    pub fn of(self, root: &str) -> Work {
        Work { root: Some(root.into()), ..self.into() }
    }
}

/// The record of one run, and how far it is. Where times are written down, each instant counts for the innermost
/// work of its thread, so that the sum over all work is the time of all threads together.
#[derive(Debug, Default)]
pub struct Stages {
    /// Whether times are written down: that costs a part of the time itself.
    measures: bool,
    record: Mutex<Record>,
    stage: AtomicUsize,
    done: AtomicUsize,
    total: AtomicUsize,
}

#[derive(Debug, Default)]
struct Record {
    spent: BTreeMap<Work, Duration>,
    /// For each work that a thread is in, what other work inside of it has taken.
    inside: HashMap<ThreadId, Vec<Duration>>,
}

impl Stages {
    /// One in which times are written down.
    pub fn measuring() -> Self {
        Self { measures: true, ..Self::default() }
    }

    /// Does some work, and counts its time where that is wanted.
    pub fn time<T>(&self, work: impl Into<Work>, act: impl FnOnce() -> T) -> T {
        if !self.measures {
            return act();
        }
        self.record().inside.entry(std::thread::current().id()).or_default().push(Duration::ZERO);
        let _running = Running { stages: self, work: Some(work.into()), since: Instant::now() };
        act()
    }

    /// Counts time that was measured elsewhere.
    pub fn add(&self, work: impl FnOnce() -> Work, time: Duration) {
        if self.measures {
            *self.record().spent.entry(work()).or_default() += time;
        }
    }

    /// The time of each work so far.
    pub fn spent(&self) -> BTreeMap<Work, Duration> {
        self.record().spent.clone()
    }

    /// From now on this is done, for so many things; none where they are not counted.
    pub fn begin(&self, stage: Stage, total: usize) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
        self.stage.store(stage as usize, Ordering::Relaxed);
    }

    /// One of the things is done.
    pub fn one_done(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }

    /// What is done now, how many things are done, and of how many.
    pub fn progress(&self) -> (Stage, usize, usize) {
        let stage = Stage::ALL[self.stage.load(Ordering::Relaxed)];
        (stage, self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Work that a thread is in; it ends where this is dropped, a panic included.
struct Running<'s> {
    stages: &'s Stages,
    work: Option<Work>,
    since: Instant,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let whole = self.since.elapsed();
        let mut record = self.stages.record();
        let thread = std::thread::current().id();
        let open = record.inside.entry(thread).or_default();
        let inside = open.pop().unwrap_or_default();
        if let Some(outer) = open.last_mut() {
            *outer += whole;
        } else {
            record.inside.remove(&thread);
        }
        if let Some(work) = self.work.take() {
            *record.spent.entry(work).or_default() += whole.saturating_sub(inside);
        }
    }
}

/// What one thread has taken for work that calls itself again.
#[derive(Debug, Default)]
pub struct Stopwatch {
    running: Cell<bool>,
    spent: Cell<Duration>,
}

impl Stopwatch {
    /// Does some work, and counts its time unless it is part of work that counts already.
    pub fn time<T>(&self, act: impl FnOnce() -> T) -> T {
        if self.running.replace(true) {
            return act();
        }
        let _lap = Lap { watch: self, since: Instant::now() };
        act()
    }

    /// All of it so far.
    pub fn spent(&self) -> Duration {
        self.spent.get()
    }
}

/// Ends where it is dropped, a panic included.
struct Lap<'s> {
    watch: &'s Stopwatch,
    since: Instant,
}

impl Drop for Lap<'_> {
    fn drop(&mut self) {
        self.watch.running.set(false);
        self.watch.spent.set(self.watch.spent.get() + self.since.elapsed());
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::thread::sleep;

    use super::*;

    const NAP: Duration = Duration::from_millis(20);

    #[test]
    fn each_instant_counts_once() {
        let stages = Stages::measuring();
        let began = Instant::now();
        stages.time(Stage::Evaluate.of("a"), || {
            sleep(NAP);
            stages.time(Stage::Read, || sleep(NAP));
            sleep(NAP);
        });
        let whole = began.elapsed();
        let spent = stages.spent();
        let [read, evaluate] = [Stage::Read.into(), Stage::Evaluate.of("a")].map(|it| spent[&it]);
        assert!(read >= NAP && evaluate >= 2 * NAP, "{spent:?}");
        assert!(read + evaluate <= whole, "{spent:?} of {whole:?}");
    }

    #[test]
    fn nothing_is_written_down_unless_it_is_asked_for() {
        let stages = Stages::default();
        assert_eq!(stages.time(Stage::Parse, || 1), 1);
        stages.add(|| panic!("nobody asked for it"), NAP);
        assert!(stages.spent().is_empty());
    }

    #[test]
    fn threads_are_told_apart() {
        let stages = Stages::measuring();
        stages.time(Stage::Parse, || {
            std::thread::scope(|scope| {
                scope.spawn(|| stages.time(Stage::Read, || sleep(NAP)));
            });
        });
        let spent = stages.spent();
        assert!(spent.values().all(|time| *time >= NAP), "{spent:?}");
    }

    #[test]
    fn a_bug_ends_its_work() {
        let stages = Stages::measuring();
        let bug = || stages.time(Stage::Parse, || panic!("seeded"));
        assert!(catch_unwind(AssertUnwindSafe(bug)).is_err());
        assert!(stages.record().inside.is_empty());
        assert_eq!(stages.spent().len(), 1);
        let watch = Stopwatch::default();
        let bug = || watch.time(|| panic!("seeded"));
        assert!(catch_unwind(AssertUnwindSafe(bug)).is_err());
        let before = watch.spent();
        watch.time(|| sleep(NAP));
        assert!(watch.spent() >= before + NAP, "it counts again");
    }

    #[test]
    fn what_calls_itself_counts_once() {
        let watch = Stopwatch::default();
        let began = Instant::now();
        watch.time(|| watch.time(|| sleep(NAP)));
        assert!(watch.spent() >= NAP && watch.spent() <= began.elapsed());
    }
}
