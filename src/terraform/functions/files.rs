//! Files of the workspace: what a function reads must lie within it.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use regex::Regex;

use super::super::fault::{Eval, Fault, MAX_NODES, MAX_TEXT, error};
use super::super::parse;
use super::{Body, Call, Outcome};
use crate::graph::{ListKind, Value};
use crate::source::{FileId, ReadError, Span};
use crate::unknown::{Form, Symbol, Why};

pub(super) fn body(name: &str) -> Option<Body> {
    Some(match name {
        "file" => |call| with_file(call, |_, text| Ok(Value::string(text))),
        "filebase64" => |call| {
            with_file(call, |_, text| Ok(Value::string(super::encoding::encode(text.as_bytes()))))
        },
        "fileexists" => fileexists,
        "fileset" => fileset,
        "templatefile" => templatefile,
        "templatestring" => templatestring,
        "basename" => |call| Ok(call.text(0)?.map(|path| Value::string(basename(&path)))),
        "dirname" => |call| Ok(call.text(0)?.map(|path| Value::string(dirname(&path)))),
        _ => return None,
    })
}

/// A value that a file outside the workspace would decide.
fn outside(call: &Call<'_>, path: &str) -> Value {
    let name = format!("{}({path:?})", call.name);
    let why = Why::NotEvaluated("a file outside the workspace".into());
    Value::Unknown(Symbol::input(name, why))
}

/// Where a path leads: Terraform runs in the root module's folder.
fn place(call: &Call<'_>, path: &str) -> PathBuf {
    call.evaluator.root.join(path)
}

/// What is read of a file.
enum Read {
    File(FileId),
    Missing,
    Outside,
}

fn read(call: &Call<'_>, path: &str) -> Eval<Read> {
    match call.evaluator.workspace.read(&place(call, path)) {
        Ok(id) => Ok(Read::File(id)),
        Err(ReadError::Outside) => Ok(Read::Outside),
        Err(ReadError::TooLarge) => Err(Fault::Budget),
        Err(ReadError::NotUtf8(_) | ReadError::Utf16) => error(format!("{path} is not UTF-8")),
        Err(ReadError::Missing | ReadError::NotAFile | ReadError::Io(_)) => Ok(Read::Missing),
    }
}

fn with_file(call: &Call<'_>, then: impl FnOnce(FileId, &str) -> Eval) -> Outcome {
    let Some(path) = call.text(0)? else { return Ok(None) };
    match read(call, &path)? {
        Read::Outside => Ok(Some(outside(call, &path))),
        Read::Missing => error(format!("there is no file {path}")),
        Read::File(id) => {
            let text = Arc::clone(&call.evaluator.workspace.sources().file(id).text);
            call.spend(text.len() / 16)?;
            if text.len() > MAX_TEXT {
                return Err(Fault::Budget);
            }
            then(id, &text).map(Some)
        }
    }
}

fn fileexists(call: &Call<'_>) -> Outcome {
    let Some(path) = call.text(0)? else { return Ok(None) };
    Ok(Some(match call.evaluator.workspace.resolve(&place(call, &path)) {
        Ok(found) if found.is_file() => Value::Bool(true),
        Ok(_) => return error(format!("{path} is not a regular file")),
        Err(ReadError::Outside) => outside(call, &path),
        Err(_) => Value::Bool(false),
    }))
}

fn fileset(call: &Call<'_>) -> Outcome {
    let (Some(path), Some(pattern)) = (call.text(0)?, call.text(1)?) else { return Ok(None) };
    let folder = match call.evaluator.workspace.resolve(&place(call, &path)) {
        Ok(folder) => folder,
        Err(ReadError::Outside) => return Ok(Some(outside(call, &path))),
        Err(_) => return Ok(Some(Value::sequence(ListKind::Set, Vec::new()))),
    };
    if pattern.split('/').any(|part| part == "..") {
        let why = Why::NotEvaluated("a pattern of files that climbs".into());
        return Ok(Some(Value::Unknown(Symbol::input(format!("fileset({pattern:?})"), why))));
    }
    let matcher = glob(&pattern)?;
    let deep = pattern.contains("**");
    let depth = pattern.matches('/').count() + 1;
    let mut found = Vec::new();
    let mut open = vec![(folder, String::new(), 1usize)];
    while let Some((folder, prefix, level)) = open.pop() {
        for path in call.evaluator.workspace.list(&folder).unwrap_or_default() {
            call.spend(1)?;
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let relative = format!("{prefix}{name}");
            if path.is_symlink() && call.evaluator.workspace.resolve(&path).is_err() {
                continue;
            }
            if path.is_dir() && !path.is_symlink() && (deep || level < depth) && level < 64 {
                open.push((path, format!("{relative}/"), level + 1));
            } else if path.is_file() && matcher.is_match(&relative) {
                found.push(relative);
            }
            if found.len() > MAX_NODES {
                return Err(Fault::Budget);
            }
        }
    }
    found.sort();
    let nodes = found.into_iter().map(|path| call.node(Value::string(path)));
    Ok(Some(Value::sequence(ListKind::Set, nodes.collect::<Vec<_>>())))
}

/// `*`, `**`, `?`, `[a-z]`, `{a,b}`.
fn glob(pattern: &str) -> Eval<Regex> {
    let mut out = String::from("^");
    let mut chars = pattern.chars().peekable();
    let mut braces = 0;
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.peek() == Some(&'*') => {
                chars.next();
                if chars.peek() == Some(&'/') {
                    chars.next();
                    out.push_str("(?:.*/)?");
                } else {
                    out.push_str(".*");
                }
            }
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '[' => {
                out.push('[');
                if matches!(chars.peek(), Some('!' | '^')) {
                    chars.next();
                    out.push('^');
                }
            }
            ']' => out.push(']'),
            '{' => {
                braces += 1;
                out.push_str("(?:");
            }
            '}' if braces > 0 => {
                braces -= 1;
                out.push(')');
            }
            ',' if braces > 0 => out.push('|'),
            '\\' => out.push_str(&regex::escape(&chars.next().unwrap_or('\\').to_string())),
            '-' => out.push('-'),
            c => out.push_str(&regex::escape(&c.to_string())),
        }
    }
    out.push('$');
    super::regexes::compile(&out)
}

fn templatefile(call: &Call<'_>) -> Outcome {
    let vars = call.arg(1)?;
    let Some(path) = call.text(0)? else { return Ok(None) };
    match read(call, &path)? {
        Read::Outside => Ok(Some(outside(call, &path))),
        Read::Missing => error(format!("there is no file {path}")),
        Read::File(id) => {
            let text = Arc::clone(&call.evaluator.workspace.sources().file(id).text);
            if text.len() > MAX_TEXT {
                return Err(Fault::Budget);
            }
            let span = Span::new(id, 0..text.len());
            render(call, &text, span, Some(0), vars)
        }
    }
}

fn templatestring(call: &Call<'_>) -> Outcome {
    let Some(text) = call.text(0)? else { return Ok(None) };
    render(call, &text, call.span, None, call.arg(1)?)
}

/// A template sees the names it is given, and no others.
fn render(call: &Call<'_>, text: &str, span: Span, exact: Option<usize>, vars: &Value) -> Outcome {
    call.spend(text.len() / 4)?;
    let map = match vars {
        Value::Map(map) if map.rest.is_none() => map,
        Value::Map(_) | Value::Unknown(_) => return Ok(None),
        _ => return error("the variables of a template are a map"),
    };
    let Some(expr) = parse::template(text, span, exact) else {
        return error("the template does not parse");
    };
    let mut scope = call.scope.closed();
    for (name, node) in &map.entries {
        scope = scope.with(name, node.value.clone());
    }
    let value = call.evaluator.budget.nested(|| call.evaluator.eval(&expr, &scope))?;
    Ok(Some(match value {
        // Equal to another only where it is the same template of the same values.
        Value::Unknown(symbol) if matches!(symbol.form(), Form::Input { .. }) => {
            Value::Unknown(symbol)
        }
        value => value,
    }))
}

fn basename(path: &str) -> String {
    if path.is_empty() {
        return ".".to_owned();
    }
    match path.trim_end_matches('/') {
        "" => "/".to_owned(),
        path => path.rsplit('/').next().unwrap_or(path).to_owned(),
    }
}

fn dirname(path: &str) -> String {
    clean(path.rfind('/').map_or("", |at| &path[..=at]))
}

/// The shortest path that means the same.
pub(in crate::terraform) fn clean(path: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let absolute = path.starts_with('/');
    for part in Path::new(path).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::ParentDir if parts.last().is_some_and(|last| last != "..") => {
                parts.pop();
            }
            Component::ParentDir if !absolute => parts.push("..".to_owned()),
            _ => {}
        }
    }
    let joined = parts.join("/");
    match (absolute, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}
