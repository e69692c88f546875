//! What a run prints: one file a format, each a pure function of the outcome.

mod escape;
mod excerpt;
mod json;
mod order;
mod text;

pub use escape::escape;
pub use json::json;
pub use text::text;

#[cfg(test)]
mod samples;
