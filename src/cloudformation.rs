//! CloudFormation: a YAML or JSON template in, a graph out.

mod cidr;
mod compared;
mod conditions;
mod evaluate;
mod functions;
mod inputs;
mod json;
mod load;
mod nested;
mod parameters;
mod recognise;
mod references;
mod scope;
mod stacks;
mod syntax;
mod template;
mod text;
mod yaml;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::graph::{Case, Graph, Known};
use crate::source::{FileId, SourceFile, Workspace};

pub use inputs::{Inputs, Values};
pub use stacks::Stacks;

/// A file that is a template, or was meant to be one.
#[derive(Debug)]
pub struct Template {
    file: FileId,
    source: Arc<SourceFile>,
    parsed: syntax::Parsed,
}

/// Reads a file as a template. `None` when it is not one, and does not try to be.
///
/// Only the content counts: a mapping with `Resources` whose members have a `Type` with `::` in it,
/// or, where the file does not parse, the words of a template in the places of a template.
pub fn parse(workspace: &Workspace, file: FileId) -> Option<Template> {
    let source = workspace.sources().file(file);
    recognise::template(file, &source).map(|parsed| Template { file, source, parsed })
}

impl Template {
    /// Evaluates the template alone, with the defaults of its parameters.
    pub fn load(&self, _: &Workspace) -> Graph {
        load::graph(self, None, &Inputs::default(), (&Known::new(), &Case::default()))
    }
}
