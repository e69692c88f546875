//! A picture as Mermaid, as GitHub draws it in comments and summaries: groups as subgraphs, numbered arrows.

use std::fmt::Write;

use super::picture::{Group, GroupKind, Picture};
use super::text::{plain, short};
use crate::trace::Way;

/// A flow chart: groups as subgraphs, numbered arrows.
pub fn mermaid(picture: &Picture) -> String {
    let mut out = "flowchart LR\n".to_owned();
    for (at, group) in picture.groups.iter().enumerate() {
        if group.nodes.is_empty() {
            let _ = writeln!(out, "  g{at}[{}]", quoted(&head(group)));
            continue;
        }
        let _ = writeln!(out, "  subgraph g{at}[{}]", quoted(&head(group)));
        for (node, it) in group.nodes.iter().enumerate() {
            let label = format!("{}: {}", it.kind, it.name);
            let _ = writeln!(out, "    {}[{}]", id((at, node)), quoted(&label));
        }
        out.push_str("  end\n");
    }
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

/// A text between quotes; what means something to Mermaid or to HTML is written as a code.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in plain(&short(text, 120)).chars() {
        match c {
            c if c.is_alphanumeric() || " ._-:,/()[]+?~✕·…".contains(c) => out.push(c),
            c => {
                let _ = write!(out, "#{};", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}
