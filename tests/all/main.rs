//! The tests of the whole: one binary, one module a concern.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

mod acls;
mod analysis;
mod assemblies;
mod assumptions;
mod baseline;
mod broken;
mod catalogue;
mod clean;
mod cli;
mod config;
mod designs;
mod diff;
mod differential;
mod dns;
mod docs;
mod documented;
mod faults;
mod figures;
mod fixtures;
mod formats;
mod hostile;
mod inputs;
mod labels;
mod layers;
mod links;
mod lookups;
mod mutations;
mod nodes;
mod odd;
mod paths;
mod planned;
mod plans;
mod privacy;
mod project;
mod properties;
mod report;
mod shell;
mod stacks;
mod support;
mod suppress;
mod threads;
mod touched;
mod trace;
mod values;
