//! The tests of the whole: one binary, one module a concern.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

mod cli;
mod differential;
mod figures;
mod hostile;
mod layers;
mod plans;
mod project;
mod support;
