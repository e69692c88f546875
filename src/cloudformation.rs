//! CloudFormation: a YAML or JSON template in, a graph out.

mod assembly;
mod cidr;
mod compared;
mod conditions;
mod deployment;
mod evaluate;
mod functions;
mod imports;
mod inputs;
mod json;
mod load;
mod nested;
mod parameters;
mod recognise;
mod references;
mod rules;
mod scope;
mod sets;
mod stacks;
mod standins;
mod sub;
mod syntax;
mod template;
mod text;
mod yaml;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::graph::{Graph, Known, Look};
use crate::source::{FileId, SourceFile, Workspace};
use crate::stages::Stage;

pub use assembly::{Assembly, may_be_assembly};
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
    let parse = || recognise::template(file, &source);
    let parsed = workspace.stages().time(Stage::Parse, parse)?;
    Some(Template { file, source, parsed })
}

/// No more templates than these are read in another.
const MAX_WRITTEN: usize = 32;

impl Template {
    /// The templates that stand in this one, as stack sets have them: in a block scalar, whose text is
    /// that of the file.
    fn written(&self) -> Vec<(syntax::NodeId, Self)> {
        let (tree, root) = match self.parsed.root {
            Some(root) if self.source.text.contains("TemplateBody") => (&self.parsed.tree, root),
            _ => return Vec::new(),
        };
        let resources = tree.get(root, "Resources").map_or(&[][..], |node| tree.entries(node));
        let bodies = resources.iter().filter_map(|entry| {
            let kind = tree.text(tree.get(entry.value, "Type")?)?;
            let properties = tree.get(entry.value, "Properties")?;
            tree.get(properties, "TemplateBody").filter(|_| &**kind == sets::KIND)
        });
        let template = |node| {
            let span = tree.span(node);
            let text = self.source.text.get(span.start as usize..span.end as usize)?;
            let first = text.find('\n').filter(|_| text.starts_with('|'))?;
            let range = span.start as usize + first..span.end as usize;
            let source = Arc::new(self.source.only(range));
            let parsed = recognise::template(self.file, &source)?;
            Some((node, Self { file: self.file, source, parsed }))
        };
        bodies.take(MAX_WRITTEN).filter_map(template).collect()
    }

    /// Evaluates the template alone, with the defaults of its parameters.
    pub fn load(&self, _: &Workspace) -> Graph {
        load::graph(
            self,
            None,
            (&Inputs::default(), &Arc::default()),
            (&Known::new(), Look::at_all()),
        )
    }
}
