//! A bug of this program costs only what was being done, and says how to report it.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `work`, which is about `what`; a panic in it becomes the text of a failure.
pub fn guarded<T>(what: &str, work: impl FnOnce() -> T) -> Result<T, String> {
    let work = || {
        #[cfg(test)]
        seeds::spring(what);
        work()
    };
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let message = panic.downcast_ref::<String>().map(String::as_str);
        let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
        let message = message.unwrap_or("no message");
        format!(
            "{what}: a bug in this program, nothing is said about it: {message}; please report it at {}/issues",
            env!("CARGO_PKG_REPOSITORY")
        )
    })
}

/// Bugs that tests put where this program guards itself.
#[cfg(test)]
pub(crate) mod seeds {
    use std::sync::RwLock;

    /// What fails, by the words that it is guarded with: no two tests may use the same.
    static SEEDS: RwLock<Vec<String>> = RwLock::new(Vec::new());

    /// Lets what is guarded by these words fail from now on.
    pub(crate) fn plant(what: &str) {
        SEEDS.write().unwrap().push(what.to_owned());
    }

    pub(super) fn spring(what: &str) {
        let seeded = SEEDS.read().unwrap().iter().any(|seed| seed == what);
        assert!(!seeded, "seeded");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bug_costs_what_it_was_doing() {
        assert_eq!(guarded("a", || 1), Ok(1));
        let failure = guarded("infra", || -> u8 { panic!("number {}", 7) }).unwrap_err();
        assert!(failure.starts_with("infra: a bug") && failure.contains("number 7;"), "{failure}");
        assert!(failure.ends_with("/issues"), "{failure}");
    }
}
