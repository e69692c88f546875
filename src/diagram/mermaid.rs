//! A picture as Mermaid, as GitHub draws it in comments and summaries: groups as subgraphs, numbered arrows.

use std::fmt::Write;

use super::areas::Area;
use super::picture::{Group, GroupKind, Node, Picture};
use super::text::{plain, short};
use crate::trace::Way;

/// A flow chart: boxes and groups as subgraphs, numbered arrows.
pub fn mermaid(picture: &Picture) -> String {
    let mut out = "flowchart LR\n".to_owned();
    boxes(picture, &picture.sheet(), "a", 1, &mut out);
    let mut styles = String::new();
    for (at, arrow) in picture.arrows.iter().enumerate() {
        let number = at + 1;
        let (line, text) = match &arrow.way {
            Way::Whole => ("-->", arrow.text.clone()),
            Way::Partly(why) => ("-.->", format!("{} ~ {why} on some ways", arrow.text)),
            Way::Broken(why) if *why == arrow.text => ("--x", format!("✕ {why}")),
            Way::Broken(why) => ("--x", format!("{} ✕ {why}", arrow.text)),
            Way::Open(why) => ("-.->", format!("{} ? {why}", arrow.text)),
        };
        let text = quoted(&format!("{number} {text}"));
        let _ = writeln!(out, "  {} {line}|{text}| {}", id(arrow.from), id(arrow.to));
        if matches!(arrow.way, Way::Broken(_)) {
            let _ = writeln!(styles, "  linkStyle {at} stroke:#cf222e,stroke-width:2px");
        }
    }
    let mut links = String::new();
    for (at, link) in picture.links.iter().enumerate() {
        let text = quoted(&format!("{} {}", link.kind, link.name));
        match *link.ends {
            [a, b] => {
                let _ = writeln!(links, "  g{a} ---|{text}| g{b}");
            }
            // What joins more than two stands between them.
            ref all => {
                let _ = writeln!(links, "  l{at}([{text}])");
                for end in all {
                    let _ = writeln!(links, "  l{at} --- g{end}");
                }
            }
        }
    }
    out + &links + &styles
}

/// What stands in a box; `id` begins the names of the boxes inside.
fn boxes(picture: &Picture, area: &Area<'_>, id: &str, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    for &at in &area.groups {
        draw(at, &picture.groups[at], &indent, out);
    }
    for (at, inside) in area.inside.iter().enumerate() {
        let id = format!("{id}{at}_");
        let _ = writeln!(out, "{indent}subgraph {id}[{}]", quoted(inside.name));
        boxes(picture, inside, &id, depth + 1, out);
        let _ = writeln!(out, "{indent}end");
    }
}

fn draw(at: usize, group: &Group, indent: &str, out: &mut String) {
    if group.nodes.is_empty() {
        let _ = writeln!(out, "{indent}g{at}[{}]", quoted(&head(group)));
        return;
    }
    let _ = writeln!(out, "{indent}subgraph g{at}[{}]", quoted(&head(group)));
    for (node, it) in group.nodes.iter().enumerate() {
        let _ = writeln!(out, "{indent}  {}[\"{}\"]", id((at, node)), label(group, it));
    }
    let _ = writeln!(out, "{indent}end");
}

/// What a node is, and a line for each subnet that it stands in.
fn label(group: &Group, node: &Node) -> String {
    let head = format!("{}: {}", node.kind, node.name);
    let lines = std::iter::once(head).chain(group.interfaces(node));
    let lines: Vec<String> = lines.map(|line| safe(&line)).collect();
    lines.join("<br>")
}

fn head(group: &Group) -> String {
    let mut parts = vec![group.name.clone()];
    if group.kind == GroupKind::Vpc {
        parts.extend(group.details.iter().cloned());
    }
    parts.extend(group.asks.iter().cloned());
    parts.join(", ")
}

fn id((group, node): (usize, usize)) -> String {
    format!("n{group}_{node}")
}

/// A text between quotes.
fn quoted(text: &str) -> String {
    format!("\"{}\"", safe(text))
}

/// A text in which what means something to Mermaid or to HTML is written as a code.
fn safe(text: &str) -> String {
    let mut out = String::new();
    for c in plain(&short(text, 120)).chars() {
        match c {
            c if c.is_alphanumeric() || " ._-:,/()[]+?~✕·…".contains(c) => out.push(c),
            c => {
                let _ = write!(out, "#{};", u32::from(c));
            }
        }
    }
    out
}
