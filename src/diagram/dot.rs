//! A picture as DOT, for Graphviz: groups are clusters.

use std::fmt::Write;

use super::picture::Picture;
use super::text::{plain, short};
use crate::trace::Way;

/// A directed graph.
pub fn dot(picture: &Picture) -> String {
    let mut out =
        "digraph path {\n  rankdir=LR;\n  compound=true;\n  node [shape=box];\n".to_owned();
    let _ = writeln!(out, "  label={};", quoted(&picture.heading()));
    for (at, group) in picture.groups.iter().enumerate() {
        let label = std::iter::once(&group.name).chain(&group.details).chain(&group.asks);
        let label: Vec<&str> = label.map(String::as_str).collect();
        let _ =
            writeln!(out, "  subgraph cluster_{at} {{\n    label={};", quoted(&label.join("\n")));
        for (node, it) in group.nodes.iter().enumerate() {
            let label = quoted(&format!("{}\n{}", it.kind, it.name));
            let _ = writeln!(out, "    n{at}_{node} [label={label}];");
        }
        if group.nodes.is_empty() {
            // An end for links.
            let _ = writeln!(out, "    n{at}_0 [style=invis, label=\"\"];");
        }
        out.push_str("  }\n");
    }
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

/// A text between quotes, in which only line breaks mean anything.
fn quoted(text: &str) -> String {
    let lines = text.split('\n').map(|line| plain(&short(line, 120)));
    let lines = lines.map(|line| line.replace('\\', "\\\\").replace('"', "\\\""));
    format!("\"{}\"", lines.collect::<Vec<_>>().join("\\n"))
}
