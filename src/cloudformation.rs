//! CloudFormation: a YAML or JSON template in, a graph out.

mod cidr;
mod conditions;
mod evaluate;
mod functions;
mod json;
mod load;
mod parameters;
mod recognise;
mod references;
mod scope;
mod syntax;
mod template;
mod text;
mod yaml;

#[cfg(test)]
mod tests;

use crate::graph::{Graph, Known};
use crate::source::{FileId, Workspace};

/// A file that is a template, or was meant to be one.
#[derive(Debug)]
pub struct Template {
    file: FileId,
    parsed: syntax::Parsed,
}

/// Reads a file as a template. `None` when it is not one, and does not try to be.
///
/// Only the content counts: a mapping with `Resources` whose members have a `Type` with `::` in it,
/// or, where the file does not parse, the words of a template in the places of a template.
pub fn parse(workspace: &Workspace, file: FileId) -> Option<Template> {
    let source = workspace.sources().file(file);
    recognise::template(file, &source).map(|parsed| Template { file, parsed })
}

impl Template {
    /// Evaluates the template, with the defaults of its parameters.
    pub fn load(&self, workspace: &Workspace) -> Graph {
        self.load_with(workspace, &Known::new())
    }

    /// Evaluates the template with what is known of its imports.
    pub fn load_with(&self, workspace: &Workspace, known: &Known) -> Graph {
        load::graph(&self.parsed, self.file, &workspace.sources().file(self.file), known)
    }
}
