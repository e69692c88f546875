//! A design in three parts that name each other: modules, states, nested stacks, exports.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Map, Value as Json, json};

use super::cloudformation::{self, Template};
use super::model::{Block, Design};
use super::terraform::{self, PROVIDER};
use super::written::Written;

/// The parts, each of which names those before it.
const PARTS: [&str; 3] = ["network", "cluster", "resolver"];

fn part(it: &Block) -> &'static str {
    match &*it.kind {
        "aws_eks_cluster" | "aws_eks_node_group" | "aws_vpc_security_group_ingress_rule" => {
            "cluster"
        }
        kind if kind.starts_with("aws_route53") => "resolver",
        _ => "network",
    }
}

/// The parts that a design has blocks for, with these.
fn parts(design: &Design) -> Vec<(&'static str, Vec<&Block>)> {
    let of = |name| design.blocks.iter().filter(|it| part(it) == name).collect::<Vec<_>>();
    let all = PARTS.into_iter().map(|name| (name, of(name)));
    all.filter(|(_, blocks)| !blocks.is_empty()).collect()
}

/// What the parts read of each other: the reader, the part that is read, and the reference.
fn crossings(design: &Design) -> BTreeSet<(&'static str, &'static str, String, String)> {
    let mut all = BTreeSet::new();
    for it in &design.blocks {
        for (of, attribute) in it.body.refs() {
            let owner = part(design.block(of).expect("a reference leads to a block"));
            if owner != part(it) {
                all.insert((part(it), owner, of.to_owned(), attribute.to_owned()));
            }
        }
    }
    all
}

/// A name for an attribute of a block.
fn slug(of: &str, attribute: &str) -> String {
    format!("{of}_{attribute}").replace(['.', '[', ']'], "_")
}

/// Texts of Terraform's outputs of a part.
fn outputs(design: &Design, owner: &str) -> String {
    let read: BTreeMap<_, _> = crossings(design)
        .into_iter()
        .filter(|(_, own, ..)| *own == owner)
        .map(|(.., of, attribute)| (slug(&of, &attribute), terraform::plain(&of, &attribute)))
        .collect();
    read.iter()
        .map(|(name, value)| format!("output \"{name}\" {{\n  value = {value}\n}}\n"))
        .collect()
}

/// Each part is a child module.
pub(super) fn modules(design: &Design) -> Written {
    let mut out = Written::default();
    out.add("main.tf", PROVIDER);
    for (name, blocks) in parts(design) {
        let file = format!("modules/{name}/main.tf");
        let mut arguments = String::new();
        for (_, owner, of, attribute) in crossings(design).iter().filter(|(by, ..)| *by == name) {
            let own = slug(of, attribute);
            let _ = writeln!(arguments, "  {own} = module.{owner}.{own}");
            out.add(&file, &format!("variable \"{own}\" {{\n  type = string\n}}\n"));
        }
        let names = |of: &str, attribute: &str| match design.block(of).map(part) {
            Some(owner) if owner == name => terraform::plain(of, attribute),
            _ => format!("var.{}", slug(of, attribute)),
        };
        for it in blocks {
            out.put(&file, [&*it.address()], &terraform::block(it, &names));
        }
        out.add(&file, &outputs(design, name));
        let call =
            format!("module \"{name}\" {{\n  source = \"./modules/{name}\"\n{arguments}}}\n");
        out.add("main.tf", &call);
    }
    out
}

/// Each part is a root of its own, with its state.
pub(super) fn states(design: &Design) -> Written {
    let settings = |name: &str| {
        format!("    bucket = \"states\"\n    key = \"{name}\"\n    region = \"us-east-1\"\n")
    };
    let mut out = Written::default();
    for (name, blocks) in parts(design) {
        let file = format!("{name}/main.tf");
        let own = settings(name);
        out.add(&file, &format!("terraform {{\n  backend \"s3\" {{\n{own}  }}\n}}\n{PROVIDER}"));
        let read: BTreeSet<_> =
            crossings(design).iter().filter(|(by, ..)| *by == name).map(|it| it.1).collect();
        for owner in read {
            let config = settings(owner);
            let head = format!("data \"terraform_remote_state\" \"{owner}\"");
            let text = format!("{head} {{\n  backend = \"s3\"\n  config = {{\n{config}  }}\n}}\n");
            out.add(&file, &text);
        }
        let names = |of: &str, attribute: &str| match design.block(of).map(part) {
            Some(owner) if owner != name => {
                let own = slug(of, attribute);
                format!("data.terraform_remote_state.{owner}.outputs.{own}")
            }
            _ => terraform::plain(of, attribute),
        };
        for it in blocks {
            out.put(&file, [&*it.address()], &terraform::block(it, &names));
        }
        out.add(&file, &outputs(design, name));
    }
    out
}

/// The logical id and the attribute of what parts read of each other, by the part that is read.
fn reads(design: &Design) -> BTreeSet<(&'static str, &'static str, String, Option<String>)> {
    let all = crossings(design).into_iter();
    all.map(|(by, owner, of, attribute)| {
        let name = std::cell::RefCell::new(None);
        let it = super::model::Value::Ref(of.clone(), attribute);
        cloudformation::value(&it, &|_, attribute| {
            *name.borrow_mut() = attribute.map(str::to_owned);
            Json::Null
        });
        (by, owner, cloudformation::id(&of), name.into_inner())
    })
    .collect()
}

fn key(id: &str, attribute: Option<&str>) -> String {
    format!("{id}{}", attribute.unwrap_or("Id"))
}

/// A part as a template; `elsewhere` writes what another part has, `export` the name it is exported by.
fn template(
    design: &Design,
    (name, blocks): &(&'static str, Vec<&Block>),
    out: Written,
    mut head: Map<String, Json>,
    elsewhere: &dyn Fn(&str, Option<&str>) -> Json,
    exported: bool,
) -> Option<Written> {
    let own: Vec<_> = blocks.iter().map(|it| cloudformation::id(&it.address())).collect();
    let mut outputs = Map::new();
    for (_, owner, id, attribute) in reads(design) {
        if owner == *name {
            let value = cloudformation::plain(&id, attribute.as_deref());
            let key = key(&id, attribute.as_deref());
            let mut output = json!({"Value": value});
            if exported {
                output["Export"] = json!({"Name": format!("shared-{key}")});
            }
            outputs.insert(key, output);
        }
    }
    if !outputs.is_empty() {
        head.insert("Outputs".to_owned(), json!(outputs));
    }
    head.insert("AWSTemplateFormatVersion".to_owned(), json!("2010-09-09"));
    let mut template = Template::new(out, &format!("{name}.yaml"), &Json::Object(head));
    let names = |id: &str, attribute: Option<&str>| match own.iter().any(|one| one == id) {
        true => cloudformation::plain(id, attribute),
        false => elsewhere(id, attribute),
    };
    for it in blocks {
        let address = it.address();
        template.put(
            &address,
            &cloudformation::id(&address),
            &cloudformation::resource(it, &names)?,
        );
    }
    Some(template.end())
}

/// Each part is a nested stack.
pub(super) fn nested(design: &Design) -> Option<Written> {
    let mut out = Written::default();
    let mut stacks = Vec::new();
    for part in parts(design) {
        let mut parameters = Map::new();
        let mut given = Map::new();
        for (by, owner, id, attribute) in reads(design) {
            if by == part.0 {
                let key = key(&id, attribute.as_deref());
                let value =
                    json!({"Fn::GetAtt": [cloudformation::id(owner), format!("Outputs.{key}")]});
                parameters.insert(key.clone(), json!({"Type": "String"}));
                given.insert(key, value);
            }
        }
        let mut head = Map::new();
        if !parameters.is_empty() {
            head.insert("Parameters".to_owned(), json!(parameters));
        }
        let elsewhere = |id: &str, attribute: Option<&str>| json!({"Ref": key(id, attribute)});
        out = template(design, &part, out, head, &elsewhere, false)?;
        let properties = json!({"TemplateURL": format!("./{}.yaml", part.0), "Parameters": given});
        stacks.push((
            part.0,
            json!({"Type": "AWS::CloudFormation::Stack", "Properties": properties}),
        ));
    }
    let head = json!({"AWSTemplateFormatVersion": "2010-09-09"});
    let mut root = Template::new(out, "root.yaml", &head);
    for (name, stack) in stacks {
        root.put("", &cloudformation::id(name), &stack);
    }
    Some(root.end())
}

/// Each part is a stack that exports what the others import.
pub(super) fn exports(design: &Design) -> Option<Written> {
    let elsewhere = |id: &str, attribute: Option<&str>| json!({"Fn::ImportValue": format!("shared-{}", key(id, attribute))});
    let mut out = Written::default();
    for part in parts(design) {
        out = template(design, &part, out, Map::new(), &elsewhere, true)?;
    }
    Some(out)
}
