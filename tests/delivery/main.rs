//! How the program reaches its users: the wheel, the hooks of pre-commit, the action, the static program, the site,
//! and its pages and pictures in the programs that show them.
//!
//! `tests/delivery/install` brings the programs that these tests run; where one is not there, the tests that need
//! it are skipped by name. `DELIVERY=required` makes that an error.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]
#![allow(clippy::print_stdout, reason = "the output says what ran, and what did not")]

mod action;
mod alone;
mod files;
mod hooks;
#[path = "../all/odd.rs"]
mod odd;
mod pages;
mod site;
mod tools;
mod wheel;

use std::process::ExitCode;
use std::time::Instant;

/// A test: its name, the programs that it needs, and what it does.
type Test = (&'static str, &'static [&'static str], fn());

const TESTS: &[Test] = &[
    ("workflows_and_the_action_have_no_known_weakness", &["zizmor"], files::workflows),
    (
        "workflows_hooks_and_jobs_are_of_their_schemas",
        &["check-jsonschema", "pre-commit"],
        files::schemas,
    ),
    ("scripts_and_the_image_are_clean", &["shellcheck", "hadolint"], files::scripts),
    ("the_formula_is_filled_in", &["bash"], files::formula),
    ("the_versions_agree", &[], files::versions),
    ("the_wheel_brings_the_program", &["maturin", "pip"], wheel::brings_the_program),
    ("cargo_installs_the_program", &["cargo"], wheel::cargo_installs),
    ("the_hook_looks_at_the_roots_that_changed", &["maturin", "pre-commit", "git"], hooks::changed),
    ("the_hook_for_all_looks_at_all", &["maturin", "pre-commit", "git"], hooks::all),
    ("the_hooks_match_every_kind_of_file", &["maturin", "pre-commit", "git"], hooks::kinds),
    ("the_steps_of_the_action_run", &["maturin", "bash"], action::run_all),
    ("it_runs_alone_without_a_network", &["unshare", "chroot"], alone::runs),
    (
        "reports_and_pictures_work_in_a_browser",
        &["chromium", "python", "websocket-client", "pdftotext"],
        pages::in_a_browser,
    ),
    (
        "mermaid_takes_every_diagram",
        &["chromium", "python", "websocket-client", "mermaid.min.js"],
        pages::mermaid,
    ),
    ("graphviz_takes_every_diagram", &["dot"], pages::graphviz),
    ("the_site_is_built_and_its_links_lead_somewhere", &["mdbook", "bash"], site::links),
];

fn main() -> ExitCode {
    let filter = std::env::args().nth(1).unwrap_or_default();
    let mut failed = false;
    for (name, needs, run) in TESTS.iter().filter(|(name, ..)| name.contains(&*filter)) {
        if let Some(program) = needs.iter().find(|program| tools::find(program).is_none()) {
            println!(
                "test delivery::{name} ... skipped: {program} is not here (tests/delivery/install)"
            );
            failed |= std::env::var("DELIVERY").is_ok_and(|value| value == "required");
            continue;
        }
        let started = Instant::now();
        let result = std::panic::catch_unwind(run);
        let word = if result.is_ok() { "ok" } else { "FAILED" };
        println!("test delivery::{name} ... {word} ({:.1} s)", started.elapsed().as_secs_f32());
        failed |= result.is_err();
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
