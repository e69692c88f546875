//! Threads on which recursion may go deep: evaluation follows references, within caps of its own.

use std::cell::Cell;

use rayon::{ThreadBuilder, ThreadPoolBuilder};

/// The stack of a thread for evaluation, in bytes: what is not used takes no memory.
const LARGE: usize = 256 * 1024 * 1024;

/// The stack of the others, in bytes: what is parsed is walked by recursion, within the depth caps of the parsers.
const USUAL: usize = 16 * 1024 * 1024;

thread_local! {
    /// Whether the stack of this thread is a large one.
    static IS_LARGE: Cell<bool> = const { Cell::new(false) };
}

/// Does something with a thread for each core, whose stacks are large where the system grants as much address space.
/// They are gone when it is done.
pub fn on_all_cores<T: Send>(work: impl FnOnce() -> T + Send) -> std::io::Result<T> {
    let mut work = Some(work);
    let mut run = |is_large: bool| {
        let builder = ThreadPoolBuilder::new().stack_size(if is_large { LARGE } else { USUAL });
        let thread = |thread: ThreadBuilder| {
            IS_LARGE.set(is_large);
            thread.run();
        };
        builder.build_scoped(thread, |pool| work.take().map(|work| pool.install(work)))
    };
    let done = run(true).or_else(|_| run(false)).map_err(std::io::Error::other)?;
    done.ok_or_else(|| std::io::Error::other("no threads"))
}

/// Does something that recurses, here if the stack is large, else on a thread of its own; `None` where the system has
/// none. A panic is the caller's.
pub fn on_large<T: Send>(work: impl FnOnce() -> T + Send) -> Option<T> {
    if IS_LARGE.get() {
        return Some(work());
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(LARGE).spawn_scoped(scope, work);
        Some(thread.ok()?.join().unwrap_or_else(|bug| std::panic::resume_unwind(bug)))
    })
}

/// Drops what is large while others go on; within [`on_all_cores`].
pub fn drop_aside(large: impl Send + 'static) {
    rayon::spawn(move || drop(large));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Needs more stack than a usual thread has.
    fn deep(levels: u32) -> u64 {
        let filler = std::hint::black_box([u64::from(levels); 1024]);
        if levels == 0 { 0 } else { filler[0] - u64::from(levels) + 1 + deep(levels - 1) }
    }

    #[test]
    fn there_is_room_on_any_thread() {
        let levels = u32::try_from(2 * USUAL / (1024 * 8)).unwrap();
        assert_eq!(on_large(|| deep(levels)), Some(u64::from(levels)));
        let inside = on_all_cores(|| {
            let here = std::thread::current().id();
            (on_large(|| std::thread::current().id()) == Some(here)).then(|| deep(levels))
        });
        assert_eq!(
            inside.unwrap(),
            Some(u64::from(levels)),
            "the threads of the pool have it themselves"
        );
    }

    #[test]
    fn a_panic_is_the_callers() {
        for panics in [true, false] {
            let caught = std::panic::catch_unwind(|| on_large(|| assert!(!panics, "seeded 1")));
            assert_eq!(caught.is_err(), panics);
        }
    }
}
