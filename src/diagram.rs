//! Pictures: of a path, who asks, whom, over what, and where it ends; of an estate, what there is and what joins it.
//!
//! A [`Picture`] is what a path and its network have to show, without places on a sheet; a layout gives it those, and one
//! file a format writes it down.

mod areas;
mod dot;
mod estate;
mod layout;
mod links;
mod mermaid;
mod picture;
mod svg;
mod text;

pub use dot::dot;
pub use mermaid::mermaid;
pub use picture::Picture;
pub use svg::{Inline, STYLE, inline, svg};
