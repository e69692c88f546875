//! Values of root variables that come from outside the folder: environment, `--var`, `--var-file`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::evaluator::Evaluator;
use super::fault::{Eval, error};
use super::module::Module;
use super::scope::Scope;
use super::syntax::Expr;
use super::types::Type;
use super::{json, parse};
use crate::graph::Value;
use crate::source::{ReadError, Span, Workspace};

/// Values as the user gives them, for every root that declares the variable.
#[derive(Debug, Clone, Default)]
pub struct Values {
    /// Variables of the environment without their `TF_VAR_`.
    pub environment: Vec<(String, String)>,
    /// In the order of the command line: later ones win.
    pub given: Vec<Given>,
}

/// One option of the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// `--var NAME=VALUE`.
    Value(String, String),
    /// `--var-file FILE`.
    File(PathBuf),
}

/// Values that have been read, in Terraform's precedence around the files of the folder.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// Weaker than any file.
    environment: Arc<Layer>,
    /// Stronger than the folder's files, weaker than what the command line has.
    configured: Arc<Layer>,
    /// Stronger than the folder's files.
    matrix: Arc<Layer>,
    /// The strongest.
    given: Arc<Layer>,
}

type Layer = BTreeMap<Arc<str>, Entry>;

#[derive(Debug, Clone)]
enum Entry {
    /// From a file.
    Expr(Arc<Expr>),
    /// A text, to be read by the variable's type.
    Text(Arc<str>, Span),
}

impl Inputs {
    /// Reads what was given. The second part says what could not be read, and where.
    pub fn read(workspace: &Workspace, values: &Values) -> (Self, Vec<String>) {
        let mut environment = Layer::new();
        for (name, value) in &values.environment {
            environment.extend([text(workspace, name, format!("TF_VAR_{name}"), value)]);
        }
        let (given, failures) = layers(workspace, &values.given, "--var", &|_| Ok(()));
        let (environment, given) = (Arc::new(environment), Arc::new(given));
        (Self { environment, given, ..Self::default() }, failures)
    }

    /// The same, and the values of a configuration, which may come with the code that is looked at: its
    /// files lie inside the workspace. The second part says what could not be read.
    pub fn configured(&self, workspace: &Workspace, given: &[Given]) -> (Self, Vec<String>) {
        let inside = |path: &Path| match workspace.resolve(path) {
            Err(ReadError::Outside) => Err(ReadError::Outside),
            _ => Ok(()),
        };
        let (configured, failures) = layers(workspace, given, "variable", &inside);
        (Self { configured: Arc::new(configured), ..self.clone() }, failures)
    }

    /// The same, and the values of a file for one environment.
    pub fn with_file(&self, workspace: &Workspace, path: &Path) -> Result<Self, Vec<String>> {
        Ok(Self { matrix: Arc::new(layer(workspace, path)?), ..self.clone() })
    }

    /// Whether these are the very same values.
    pub fn is_same(&self, other: &Self) -> bool {
        let layers = |inputs: &Self| {
            let Self { environment, configured, matrix, given } = inputs;
            [environment, configured, matrix, given].map(Arc::as_ptr)
        };
        layers(self) == layers(other)
    }

    /// Values whose variable none of the roots declares, as warnings: those of the command line for
    /// `all`, those of a configuration or a matrix file for the roots that have it.
    pub(super) fn undeclared(
        &self,
        workspace: &Workspace,
        own: &[&Module],
        all: &[&Module],
    ) -> Vec<String> {
        let unused = |layer: &Layer, roots: &[&Module]| -> Vec<String> {
            let declared = |name: &str| roots.iter().any(|it| it.variables.contains_key(name));
            let unused = layer.iter().filter(|(name, _)| !declared(name));
            let warning = |(name, entry): (&Arc<str>, &Entry)| {
                let place = entry.place(workspace);
                format!("{place}: no Terraform root declares the variable {name}")
            };
            unused.map(warning).collect()
        };
        let mut warnings = unused(&self.given, all);
        warnings.extend(unused(&self.matrix, own));
        warnings.extend(unused(&self.configured, own));
        warnings
    }

    /// Texts that cannot be read as the variable's type wants them.
    pub(super) fn malformed(&self, workspace: &Workspace, roots: &[&Module]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (name, entry) in self.environment.iter().chain(&*self.configured).chain(&*self.given) {
            let Entry::Text(text, span) = entry else { continue };
            let wanted = |root: &&Module| root.variables.contains_key(name) && !is_text(root, name);
            if roots.iter().any(wanted) && parse::expression(text, *span).is_none() {
                let place = entry.place(workspace);
                found.insert(format!("{place}: the value of {name} is no expression"));
            }
        }
        found
    }
}

impl Entry {
    fn place(&self, workspace: &Workspace) -> String {
        let span = match self {
            Self::Expr(expr) => expr.span,
            Self::Text(_, span) => {
                return workspace.sources().file(span.file).path.clone();
            }
        };
        place(workspace, span)
    }
}

fn place(workspace: &Workspace, span: Span) -> String {
    let file = workspace.sources().file(span.file);
    let (line, column) = file.position(span.start);
    format!("{}:{line}:{column}", file.path)
}

/// A value that is a text, under the name that reports show.
fn text(workspace: &Workspace, name: &str, shown: String, text: &str) -> (Arc<str>, Entry) {
    let file = workspace.sources().add(shown, text);
    (Arc::from(name), Entry::Text(text.into(), Span::new(file, 0..text.len())))
}

/// Values and files in their order; later ones win. Only files that are `allowed` are read.
fn layers(
    workspace: &Workspace,
    all: &[Given],
    shown: &str,
    allowed: &dyn Fn(&Path) -> Result<(), ReadError>,
) -> (Layer, Vec<String>) {
    let (mut layers, mut failures) = (Layer::new(), Vec::new());
    for given in all {
        match given {
            Given::Value(name, value) => {
                layers.extend([text(workspace, name, format!("{shown} {name}"), value)]);
            }
            Given::File(path) => {
                let refused = |error| vec![format!("{}: {error}", path.display())];
                match allowed(path).map_err(refused).and_then(|()| layer(workspace, path)) {
                    Ok(layer) => layers.extend(layer),
                    Err(reasons) => failures.extend(reasons),
                }
            }
        }
    }
    (layers, failures)
}

/// The values of a file that was named, wherever it is.
fn layer(workspace: &Workspace, path: &Path) -> Result<Layer, Vec<String>> {
    let shown = path.display().to_string();
    let id = workspace.read_named(path).map_err(|error| match error {
        ReadError::Missing => vec![format!("{shown}: does not exist")],
        error => vec![format!("{shown}: {error}")],
    })?;
    let text = Arc::clone(&workspace.sources().file(id).text);
    let is_json = path.extension().is_some_and(|ending| ending == "json");
    let file = if is_json { json::file(id, &text, true) } else { parse::file(id, &text) };
    let faults = file.faults.iter().map(|fault| (fault.span, fault.message.clone()));
    let blocks = file.body.blocks.iter();
    let blocks = blocks.map(|it| (it.head, "a file of values has no blocks".to_owned()));
    let wrong: Vec<String> = faults
        .chain(blocks)
        .map(|(span, message)| format!("{}: {message}", place(workspace, span)))
        .collect();
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let entry = |it: super::syntax::Attribute| (it.name, Entry::Expr(it.expr));
    Ok(file.body.attributes.into_iter().map(entry).collect())
}

/// Whether Terraform takes a text for this variable as it is: its type is a primitive one, or none is
/// written.
fn is_text(module: &Module, name: &str) -> bool {
    let block = module.variables.get(name);
    let kind = block.and_then(|block| block.body.attribute("type"));
    kind.is_none_or(|kind| matches!(Type::read(kind), Type::String | Type::Number | Type::Bool))
}

impl Evaluator<'_> {
    /// What is given to a variable of the root, by the first source that has it.
    pub(super) fn root_value(
        &self,
        module: &Module,
        scope: &Scope,
        name: &str,
    ) -> Eval<Option<(Value, Span)>> {
        if let Some(planned) = self.planned_variable(name) {
            return Ok(Some(planned));
        }
        let inputs = &self.setting.inputs;
        let strong = inputs.given.get(name).or_else(|| inputs.matrix.get(name));
        let strong = strong.or_else(|| inputs.configured.get(name));
        let file = || module.tfvars.get(name).map(|expr| Entry::Expr(Arc::clone(expr)));
        let entry = strong.cloned().or_else(file);
        let entry = entry.or_else(|| inputs.environment.get(name).cloned());
        Ok(match entry {
            None => None,
            Some(Entry::Expr(expr)) => Some((self.eval(&expr, scope)?, expr.span)),
            Some(Entry::Text(text, span)) if is_text(module, name) => {
                Some((Value::String(text), span))
            }
            Some(Entry::Text(text, span)) => match parse::expression(&text, span) {
                Some(expr) => Some((self.eval(&expr, scope)?, span)),
                None => return error("its value is no expression"),
            },
        })
    }
}
