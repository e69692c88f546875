//! Stand-in.
use crate::graph::{Graph, Language};
use crate::source::Workspace;
use std::path::{Path, PathBuf};
/// Stand-in.
#[derive(Debug, Default)]
pub struct Project {}
impl Project {
    /// Stand-in.
    pub fn parse(_: &Workspace, _: &[PathBuf]) -> Self {
        Self {}
    }
    /// Stand-in.
    pub fn roots(&self) -> Vec<PathBuf> {
        vec![]
    }
    /// Stand-in.
    pub fn load(&self, w: &Workspace, p: &Path) -> Graph {
        Graph::new(w.display(p), Language::Terraform)
    }
}
