//! Reads Terraform and CloudFormation and tells whether the API name of a private EKS
//! cluster resolves, and is reachable, from where it is needed.
//!
//! One way through: files are found and read in [`source`]; [`terraform`] and [`cloudformation`] turn
//! them into the resources of a [`graph`], where the languages end; [`link`] joins the graphs of roots
//! that name each other. The [`network`] is AWS's nouns, read from a graph once; [`dns`] and [`reach`]
//! say what a query gets and what becomes of a packet, each with its [`trace`]; a [`probe`] asks both for
//! one client, the [`checks`] for all, and what they say leaves as [`finding`]s, which a [`report`]
//! prints. What cannot be told from the code is [`unknown`], with a reason, and never guessed. What a
//! project decides for itself stands in its [`config`] and in comments that [`suppress`] findings, and in
//! a [`baseline`]; [`near`] knows what a mistyped word may have been meant to be, and a [`bug`] costs one
//! file, one root or one rule. A [`diagram`] draws a path or an estate; two states, of folders or of revisions that
//! [`git`] reads, are told apart in [`compare`]. Where the time goes, and how far a run is,
//! stands in [`stages`]; the [`stack`] of its threads is as deep as evaluation may go.

pub mod baseline;
pub mod bug;
pub mod checks;
pub mod cloudformation;
pub mod compare;
pub mod config;
pub mod diagram;
pub mod dns;
pub mod finding;
pub mod git;
pub mod graph;
pub mod link;
pub mod near;
pub mod network;
mod pipeline;
pub mod probe;
pub mod reach;
pub mod report;
pub mod source;
pub mod stack;
pub mod stages;
pub mod suppress;
pub mod terraform;
pub mod trace;
pub mod unknown;

pub use pipeline::{
    Ask, Choice, Explained, Options, Paths, Request, Run, Settings, Survey, check, run, settings,
    survey, trace, values,
};
