//! One program for all targets: the variable `FUZZ_TARGET` names the one that is run. With the feature
//! `guided` libFuzzer chooses the inputs by the branches that they take; without, they are mutations of the
//! corpus by chance.

#![cfg_attr(feature = "guided", no_main)]

#[cfg(not(feature = "guided"))]
mod chance;
mod expression;
mod invariants;
mod names;
mod targets;
mod tree;

/// The target that is run, and its name.
fn target() -> (&'static str, targets::Target) {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    let names: Vec<_> = targets::ALL.iter().map(|(own, _)| *own).collect();
    let found = targets::ALL.iter().find(|(own, _)| *own == name);
    *found.unwrap_or_else(|| panic!("FUZZ_TARGET is one of {}", names.join(", ")))
}

#[cfg(feature = "guided")]
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    static TARGET: std::sync::LazyLock<targets::Target> = std::sync::LazyLock::new(|| target().1);
    TARGET(data);
});

#[cfg(not(feature = "guided"))]
fn main() {
    chance::run(target());
}
