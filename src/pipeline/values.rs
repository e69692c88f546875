//! What is known of each attribute that the model reads, for people who wonder.

use std::fmt::{self, Write};

use crate::graph::{Node, Value};
use crate::link::Estate;
use crate::network::Network;
use crate::report::escape;
use crate::source::{Span, Workspace};
use crate::unknown::{Form, Symbol};

/// Texts are cut after this many characters.
const WIDTH: usize = 100;

/// The attributes of all resources that the model reads.
#[derive(Debug, Default)]
pub struct Explained {
    lines: String,
    /// Attributes whose value, or whose resource, is known.
    pub decided: usize,
    /// All attributes.
    pub total: usize,
    /// Why the job, or a part of it, could not be done.
    pub failures: Vec<String>,
    /// What could not be read on the way.
    pub warnings: Vec<String>,
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { lines, decided, total, .. } = self;
        // One digit after the point, rounded down: all is all.
        let share = if *total == 0 { 1000 } else { decided * 1000 / total };
        writeln!(
            f,
            "{lines}{decided} of {total} attributes decided ({}.{} %)",
            share / 10,
            share % 10
        )
    }
}

/// Tells everything about the roots, environment by environment.
pub(super) fn explain(all: &[(Option<&str>, Vec<Estate>)], workspace: &Workspace) -> Explained {
    let mut teller = Teller { workspace, out: Explained::default() };
    for (environment, estates) in all {
        if let Some(name) = environment {
            let _ = writeln!(teller.out.lines, "environment {}", escape(name));
        }
        for estate in estates {
            teller.estate(estate);
        }
    }
    teller.out
}

struct Teller<'w> {
    workspace: &'w Workspace,
    out: Explained,
}

impl Teller<'_> {
    fn estate(&mut self, estate: &Estate) {
        let read = estate.graph.resources.iter().filter(|it| Network::reads(&it.kind));
        for resource in read {
            let place = self.place(resource.span);
            let address = escape(&resource.address);
            let _ = match &resource.exists {
                Ok(()) => writeln!(self.out.lines, "{place} {address}"),
                Err(open) => writeln!(
                    self.out.lines,
                    "{place} {address}: whether it exists is open: {}",
                    escape(&open.to_string())
                ),
            };
            for (name, node) in &resource.body {
                self.node(name, node);
            }
        }
    }

    fn place(&self, span: Span) -> String {
        let file = self.workspace.sources().file(span.file);
        format!("{}:{}", escape(&file.path), file.position(span.start).0)
    }

    fn node(&mut self, path: &str, node: &Node) {
        let rest = match &node.value {
            Value::List { items, rest } if !items.is_empty() => {
                for (at, item) in items.iter().enumerate() {
                    self.node(&format!("{path}[{at}]"), item);
                }
                rest.as_ref()
            }
            Value::Map(map) if !map.entries.is_empty() => {
                for (name, inner) in &map.entries {
                    self.node(&format!("{path}.{name}"), inner);
                }
                map.rest.as_ref()
            }
            Value::List { rest, .. } => {
                if rest.is_none() {
                    self.line(path, node.span, Ok("[]".to_owned()));
                }
                rest.as_ref()
            }
            Value::Map(map) => {
                if map.rest.is_none() {
                    self.line(path, node.span, Ok("{}".to_owned()));
                }
                map.rest.as_ref()
            }
            Value::Unknown(symbol) => {
                self.line(path, node.span, told(symbol));
                None
            }
            Value::String(text) => {
                self.line(path, node.span, Ok(format!("{text:?}")));
                None
            }
            Value::Number(number) => {
                self.line(path, node.span, Ok(number.to_string()));
                None
            }
            Value::Bool(it) => {
                self.line(path, node.span, Ok(it.to_string()));
                None
            }
            Value::Null => None,
        };
        if let Some(symbol) = rest {
            let reason = symbol.unknown().to_string();
            self.line(&format!("{path}[…]"), node.span, Err(reason));
        }
    }

    fn line(&mut self, path: &str, span: Span, told: Result<String, String>) {
        self.out.total += 1;
        let place = self.place(span);
        let (sign, text) = match told {
            Ok(text) => {
                self.out.decided += 1;
                (" =", text)
            }
            Err(reason) => (":", reason),
        };
        let text: String = match text.char_indices().nth(WIDTH) {
            Some((at, _)) => format!("{}…", &text[..at]),
            None => text,
        };
        let (path, text) = (escape(path), escape(&text));
        let _ = writeln!(self.out.lines, "  {place} {path}{sign} {text}");
    }
}

/// A reference to a resource of the code says which one it is; anything else is open.
fn told(symbol: &Symbol) -> Result<String, String> {
    let mut at = symbol;
    loop {
        match at.form() {
            Form::Attribute { data: false, .. } => return Ok(symbol.to_string()),
            Form::Part { of, .. } => at = of,
            _ => return Err(symbol.unknown().to_string()),
        }
    }
}
