//! A picture as DOT, for Graphviz: boxes and groups are clusters.

use std::fmt::Write;

use super::areas::Area;
use super::picture::{Group, Picture};
use super::text::{plain, short};
use crate::trace::Way;

/// A directed graph.
pub fn dot(picture: &Picture) -> String {
    let mut out =
        "digraph path {\n  rankdir=LR;\n  compound=true;\n  node [shape=box];\n".to_owned();
    let _ = writeln!(out, "  label={};", quoted(&picture.heading()));
    boxes(picture, &picture.sheet(), "area_", 1, &mut out);
    for (at, arrow) in picture.arrows.iter().enumerate() {
        let (style, why) = match &arrow.way {
            Way::Whole => ("color=\"#1a7f37\"", None),
            Way::Partly(why) => ("color=\"#9a6700\", style=dashed", Some(("~", why))),
            Way::Broken(why) => ("color=\"#cf222e\", penwidth=2, arrowhead=tee", Some(("✕", why))),
            Way::Open(why) => ("color=\"#59636e\", style=dotted", Some(("?", why))),
        };
        let why = why.filter(|(_, why)| **why != arrow.text);
        let why = why.map(|(sign, why)| format!("\n{sign} {why}")).unwrap_or_default();
        let label = quoted(&format!("{} {}{why}", at + 1, arrow.text));
        let ((a, b), (c, d)) = (arrow.from, arrow.to);
        let _ = writeln!(out, "  n{a}_{b} -> n{c}_{d} [label={label}, {style}];");
    }
    for (at, link) in picture.links.iter().enumerate() {
        let label = quoted(&format!("{} {}", link.kind, link.name));
        let line = "dir=none, style=bold, color=gray";
        let beside = picture.links.iter().filter(|other| other.ends == link.ends).count() > 1;
        match *link.ends {
            [a, b] if !beside => {
                let _ = writeln!(
                    out,
                    "  n{a}_0 -> n{b}_0 [label={label}, {line}, constraint=false, ltail=cluster_{a}, lhead=cluster_{b}];"
                );
            }
            // What joins more than two stands between them; Graphviz loses its way between lines side by side.
            ref all => {
                let _ = writeln!(out, "  l{at} [label={label}, shape=ellipse];");
                for end in all {
                    let _ = writeln!(out, "  l{at} -> n{end}_0 [{line}, lhead=cluster_{end}];");
                }
            }
        }
    }
    out.push_str("}\n");
    out
}

/// What stands in a box; `id` begins the names of the boxes inside.
fn boxes(picture: &Picture, area: &Area<'_>, id: &str, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    for &at in &area.groups {
        draw(at, &picture.groups[at], &indent, out);
    }
    for (at, inside) in area.inside.iter().enumerate() {
        let id = format!("{id}{at}_");
        let _ = writeln!(out, "{indent}subgraph cluster_{id} {{");
        let _ = writeln!(out, "{indent}  label={}; style=dashed;", quoted(inside.name));
        boxes(picture, inside, &id, depth + 1, out);
        let _ = writeln!(out, "{indent}}}");
    }
}

fn draw(at: usize, group: &Group, indent: &str, out: &mut String) {
    let label = std::iter::once(&group.name).chain(&group.details).chain(&group.asks);
    let label: Vec<&str> = label.map(String::as_str).collect();
    let _ = writeln!(out, "{indent}subgraph cluster_{at} {{");
    let _ = writeln!(out, "{indent}  label={}; style=solid;", quoted(&label.join("\n")));
    for (node, it) in group.nodes.iter().enumerate() {
        let head = [it.kind.to_owned(), it.name.clone()];
        let lines: Vec<String> = head.into_iter().chain(group.interfaces(it)).collect();
        let _ = writeln!(out, "{indent}  n{at}_{node} [label={}];", quoted(&lines.join("\n")));
    }
    if group.nodes.is_empty() {
        // An end for links.
        let _ = writeln!(out, "{indent}  n{at}_0 [style=invis, label=\"\"];");
    }
    let _ = writeln!(out, "{indent}}}");
}

/// A text between quotes, in which only line breaks mean anything.
fn quoted(text: &str) -> String {
    let lines = text.split('\n').map(|line| plain(&short(line, 120)));
    let lines = lines.map(|line| line.replace('\\', "\\\\").replace('"', "\\\""));
    format!("\"{}\"", lines.collect::<Vec<_>>().join("\\n"))
}
