//! Runs topologies in namespaces of their own, some at a time, each within a bound of time.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// How long a topology may take.
const LIMIT: Duration = Duration::from_mins(1);

/// This program again, in private namespaces without a way out, told something and telling something.
pub(crate) fn isolated<I: Serialize, O: DeserializeOwned>(
    what: &str,
    input: &I,
    patience: u32,
) -> Result<O, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new("unshare");
    command.args(["-n", "-m", "-p", "-f", "--kill-child", "--mount-proc"]).arg(own).arg(what);
    command.env("TESTBED_PATIENCE", patience.to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let input = serde_json::to_vec(input).unwrap();
    child.stdin.take().unwrap().write_all(&input).map_err(|error| error.to_string())?;
    let (mut out, mut err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let (mut text, mut errors) = (String::new(), String::new());
    let started = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| out.read_to_string(&mut text));
        scope.spawn(|| err.read_to_string(&mut errors));
        while child.try_wait().is_ok_and(|ended| ended.is_none()) {
            if started.elapsed() > LIMIT {
                let _ = child.kill();
                break;
            }
            thread::sleep(Duration::from_millis(5));
        }
    });
    let _ = child.wait();
    serde_json::from_str(&text).map_err(|error| format!("{error}; {errors}"))
}

/// Does something for each, a few at a time; the results are in order.
pub(crate) fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..count("TESTBED_WORKERS", 8) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let result = work(item);
                    results.lock().unwrap().push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// A number from the environment.
pub(crate) fn count(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}
