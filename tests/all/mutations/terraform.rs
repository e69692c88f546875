//! A design in Terraform: one block each, JSON, `for_each` with `dynamic` blocks, `count` with splats, variables.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::model::{Block, Body, Design, Value};
use super::written::Written;

/// How a reference is written.
pub(super) type Names<'a> = &'a dyn Fn(&str, &str) -> String;

pub(super) const PROVIDER: &str = "provider \"aws\" {\n  region = \"us-east-1\"\n}\n";

pub(super) fn expression(value: &Value, names: Names<'_>) -> String {
    match value {
        Value::Text(text) => format!("\"{text}\""),
        Value::Bare(text) => text.clone(),
        Value::Ref(of, attribute) => names(of, attribute),
        Value::Host(of) => format!("trimprefix({}, \"https://\")", names(of, "endpoint")),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(|item| expression(item, names)).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

pub(super) fn body(it: &Body, deep: usize, names: Names<'_>) -> String {
    let space = "  ".repeat(deep);
    let mut out = String::new();
    for (name, value) in &it.fields {
        let _ = writeln!(out, "{space}{name} = {}", expression(value, names));
    }
    for (name, inner) in &it.blocks {
        let _ = write!(out, "{space}{name} {{\n{}{space}}}\n", body(inner, deep + 1, names));
    }
    out
}

pub(super) fn block(it: &Block, names: Names<'_>) -> String {
    format!("resource \"{}\" \"{}\" {{\n{}}}\n", it.kind, it.name, body(&it.body, 1, names))
}

pub(super) fn plain(of: &str, attribute: &str) -> String {
    format!("{of}.{attribute}")
}

/// One block each.
pub(super) fn flat(design: &Design) -> Written {
    let mut out = Written::default();
    out.add("main.tf", PROVIDER);
    for it in &design.blocks {
        out.put("main.tf", [&*it.address()], &block(it, &plain));
    }
    out
}

/// The JSON syntax.
pub(super) fn json(design: &Design) -> Written {
    fn value(it: &Value) -> String {
        match it {
            Value::Text(text) => format!("{text:?}"),
            Value::Bare(text) => text.clone(),
            Value::Ref(..) | Value::Host(_) => {
                format!("{:?}", format!("${{{}}}", expression(it, &plain)))
            }
            Value::List(items) => {
                format!("[{}]", items.iter().map(value).collect::<Vec<_>>().join(", "))
            }
        }
    }
    fn object(it: &Body) -> String {
        let mut members: Vec<_> =
            it.fields.iter().map(|(name, one)| format!("{name:?}: {}", value(one))).collect();
        let mut blocks: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (name, inner) in &it.blocks {
            blocks.entry(name).or_default().push(object(inner));
        }
        members.extend(blocks.iter().map(|(name, all)| format!("{name:?}: [{}]", all.join(", "))));
        format!("{{{}}}", members.join(", "))
    }
    let mut out = Written::default();
    out.add(
        "main.tf.json",
        "{\"provider\": {\"aws\": {\"region\": \"us-east-1\"}}, \"resource\": [",
    );
    for (index, it) in design.blocks.iter().enumerate() {
        let text = format!("{{{:?}: {{{:?}: {}}}}}", it.kind, it.name, object(&it.body));
        out.add("main.tf.json", if index > 0 { ",\n" } else { "\n" });
        out.put("main.tf.json", [&*it.address()], &text);
    }
    out.add("main.tf.json", "\n]}\n");
    out
}

/// Blocks that become one; a name, and the members in order.
struct Group<'a> {
    name: String,
    members: Vec<&'a Block>,
}

/// Groups blocks of one kind and shape that `alike` gives one name, and that do not name each other.
fn groups<'a>(design: &'a Design, alike: fn(&str) -> String) -> Vec<Group<'a>> {
    let mut groups: Vec<(String, Group<'a>)> = Vec::new();
    for it in &design.blocks {
        let key = format!("{} {} {}", it.kind, alike(&it.name), it.body.shape());
        match groups.iter_mut().find(|(own, _)| *own == key) {
            Some((_, group)) => group.members.push(it),
            None => groups.push((key, Group { name: String::new(), members: vec![it] })),
        }
    }
    let mut named = Vec::new();
    for (index, (_, group)) in groups.into_iter().enumerate() {
        let own = group.members.iter().map(|it| it.address()).collect::<Vec<_>>();
        let mut refs = group.members.iter().flat_map(|it| it.body.refs());
        if group.members.len() == 1 || refs.any(|(of, _)| own.iter().any(|one| one == of)) {
            let alone = |it: &&'a Block| Group { name: it.name.clone(), members: vec![*it] };
            named.extend(group.members.iter().map(alone));
        } else {
            named.push(Group { name: format!("all{index}"), ..group });
        }
    }
    named
}

/// The group of a block, and its number in it.
fn place<'g, 'a>(groups: &'g [Group<'a>], address: &str) -> (&'g Group<'a>, usize, &'a Block) {
    let mut all = groups.iter().flat_map(|group| {
        group.members.iter().enumerate().map(move |(index, it)| (group, index, *it))
    });
    all.find(|(.., it)| it.address() == address).expect("each block is in a group")
}

/// A row of a table of instances: the arguments, and of each name of blocks the list of them.
fn row(it: &Body, names: Names<'_>) -> String {
    let mut members: Vec<_> = it
        .fields
        .iter()
        .map(|(name, value)| format!("{name} = {}", expression(value, names)))
        .collect();
    let mut blocks: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, inner) in &it.blocks {
        blocks.entry(name).or_default().push(row(inner, names));
    }
    members.extend(blocks.iter().map(|(name, all)| format!("{name} = [{}]", all.join(", "))));
    format!("{{ {} }}", members.join(", "))
}

/// A body that takes everything from `from`.
fn dynamic(it: &Body, deep: usize, from: &str) -> String {
    let space = "  ".repeat(deep);
    let mut out = String::new();
    for (name, _) in &it.fields {
        let _ = writeln!(out, "{space}{name} = {from}.{name}");
    }
    let mut seen = Vec::new();
    for (name, inner) in &it.blocks {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let content = dynamic(inner, deep + 2, &format!("{name}.value"));
        let _ = write!(
            out,
            "{space}dynamic \"{name}\" {{\n{space}  for_each = {from}.{name}\n{space}  content \
             {{\n{content}{space}  }}\n{space}}}\n"
        );
    }
    out
}

fn repeated(groups: &[Group<'_>], by_key: bool) -> Written {
    let name = |of: &str, attribute: &str| {
        let (group, index, it) = place(groups, of);
        match group.members.len() {
            1 => format!("{of}.{attribute}"),
            _ if by_key => format!("{}.{}[\"{}\"].{attribute}", it.kind, group.name, it.name),
            _ => format!("{}.{}[{index}].{attribute}", it.kind, group.name),
        }
    };
    let mut out = Written::default();
    out.add("main.tf", PROVIDER);
    for group in groups {
        let kind = &group.members[0].kind;
        let table = format!("{kind}_{}", group.name);
        if let [it] = group.members[..] {
            let text = block(it, &name);
            out.put("main.tf", [&*it.address()], &splatted(&text, groups));
            continue;
        }
        let (open, close) = if by_key { ("{", "}") } else { ("[", "]") };
        out.add("main.tf", &format!("locals {{\n  {table} = {open}\n"));
        for it in &group.members {
            let row = splatted(&row(&it.body, &name), groups);
            let key = if by_key { format!("{} = ", it.name) } else { String::new() };
            out.put("main.tf", [&*it.address()], &format!("    {key}{row},\n"));
        }
        out.add("main.tf", &format!("  {close}\n}}\n"));
        let (each, from) = if by_key {
            (format!("for_each = local.{table}"), "each.value".to_owned())
        } else {
            (format!("count = length(local.{table})"), format!("local.{table}[count.index]"))
        };
        let inside = dynamic(&group.members[0].body, 1, &from);
        let text = format!("resource \"{kind}\" \"{}\" {{\n  {each}\n{inside}}}\n", group.name);
        let addresses: Vec<_> = group.members.iter().map(|it| it.address()).collect();
        out.put("main.tf", addresses.iter().map(String::as_str), &text);
    }
    out
}

/// A list of all members of a group is a splat.
fn splatted(text: &str, groups: &[Group<'_>]) -> String {
    let mut text = text.to_owned();
    for group in groups.iter().filter(|group| group.members.len() > 1) {
        let base = format!("{}.{}", group.members[0].kind, group.name);
        let all: Vec<_> = (0..group.members.len()).map(|at| format!("{base}[{at}].id")).collect();
        text = text.replace(&format!("[{}]", all.join(", ")), &format!("{base}[*].id"));
    }
    text
}

/// Blocks of one kind and shape by `for_each` over a map, their inner blocks `dynamic`.
pub(super) fn for_each(design: &Design) -> Written {
    repeated(&groups(design, |_| String::new()), true)
}

/// Blocks that differ in the last part of their names by `count`; a list of them is a splat.
pub(super) fn count(design: &Design) -> Written {
    let stem = |name: &str| name.rsplit_once('_').map_or(name, |(stem, _)| stem).to_owned();
    repeated(&groups(design, stem), false)
}

/// Every text from a variable with its value in `terraform.tfvars`, or with a default.
pub(super) fn variables(design: &Design) -> Written {
    fn lift(it: &mut Body, path: &str, out: &mut Vec<(String, String)>) {
        for (name, value) in &mut it.fields {
            if let Value::Text(text) = value {
                let variable = format!("{path}_{name}");
                out.push((variable.clone(), text.clone()));
                *value = Value::Bare(format!("var.{variable}"));
            }
        }
        for (index, (name, inner)) in it.blocks.iter_mut().enumerate() {
            lift(inner, &format!("{path}_{name}{index}"), out);
        }
    }
    let mut out = Written::default();
    out.add("main.tf", PROVIDER);
    for (index, it) in design.blocks.iter().enumerate() {
        let (address, mut it, mut lifted) = (it.address(), it.clone(), Vec::new());
        let path = format!("{}_{}", it.kind, it.name);
        lift(&mut it.body, &path, &mut lifted);
        out.put("main.tf", [&*address], &block(&it, &plain));
        for (name, text) in lifted {
            let default =
                if index % 2 == 0 { format!("  default = {text:?}\n") } else { String::new() };
            let head = format!("variable \"{name}\" {{\n{default}}}\n");
            out.put("variables.tf", [&*address], &head);
            if default.is_empty() {
                out.put("terraform.tfvars", [&*address], &format!("{name} = {text:?}\n"));
            }
        }
    }
    out
}

/// Kinds that a design may be given from outside.
pub(super) const GIVEN: [&str; 2] = ["aws_vpc", "aws_subnet"];

fn is_given(of: &str) -> bool {
    GIVEN.iter().any(|kind| of.split('.').next() == Some(kind))
}

/// VPCs and subnets are variables without a value.
pub(super) fn open_variables(design: &Design) -> Written {
    let name = |of: &str, attribute: &str| match is_given(of) {
        true => format!("var.{}_{attribute}", of.replace('.', "_")),
        false => plain(of, attribute),
    };
    let mut out = Written::default();
    out.add("main.tf", PROVIDER);
    let mut variables = std::collections::BTreeSet::new();
    for it in design.blocks.iter().filter(|it| !is_given(&it.address())) {
        for (of, attribute) in it.body.refs().into_iter().filter(|(of, _)| is_given(of)) {
            variables.insert(name(of, attribute));
        }
        out.put("main.tf", [&*it.address()], &block(it, &name));
    }
    for variable in variables {
        out.add("variables.tf", &format!("variable \"{}\" {{}}\n", &variable[4..]));
    }
    out
}

/// VPCs and subnets are found by data sources.
pub(super) fn data_sources(design: &Design) -> Written {
    let name = |of: &str, attribute: &str| match is_given(of) {
        true => format!("data.{of}.{attribute}"),
        false => plain(of, attribute),
    };
    let mut out = Written::default();
    out.add("main.tf", PROVIDER);
    for it in &design.blocks {
        let text = match is_given(&it.address()) {
            true => format!(
                "data \"{}\" \"{}\" {{\n  tags = {{ Name = \"{}\" }}\n}}\n",
                it.kind, it.name, it.name
            ),
            false => block(it, &name),
        };
        out.put("main.tf", [&*it.address()], &text);
    }
    out
}
