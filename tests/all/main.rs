//! The tests of the whole: one binary, one module a concern.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

mod analysis;
mod broken;
mod catalogue;
mod cli;
mod docs;
mod figures;
mod fixtures;
mod hostile;
mod layers;
mod project;
mod stacks;
mod support;
