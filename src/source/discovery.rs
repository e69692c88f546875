//! Which files a run looks at: folders with Terraform, and files that may be templates.

use std::path::PathBuf;

/// What was named on the command line, made absolute.
pub type Inputs = Vec<PathBuf>;

/// What was found under the inputs, sorted.
#[derive(Debug, Default)]
pub struct Discovered {
    /// Folders that hold Terraform files.
    pub terraform: Vec<PathBuf>,
    /// YAML and JSON files that may be CloudFormation templates: only their content tells.
    pub candidates: Vec<PathBuf>,
}

/// Looks under the inputs.
pub fn discover(_inputs: &[PathBuf]) -> Discovered {
    Discovered::default()
}
