//! What is not known makes nothing certain: each part of a sound design is opened in turn, and nothing may be said that
//! was not said before. What a data source finds may be what the code itself makes; a value may be any; a resource may
//! not be there.

use std::collections::{BTreeMap, BTreeSet};

use eksdns_lint::finding::Severity;
use regex::Regex;

use crate::designs::{Design, designs};

/// Designs that are sound, in Terraform.
fn sound() -> Vec<Design> {
    let (clean, parts) = (include_str!("designs/clean.tf"), include_str!("designs/parts.tf"));
    let conditions = include_str!("designs/conditions.tf");
    let mut all = designs(clean, parts, "main.tf");
    all.extend(designs(conditions, parts, "main.tf"));
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    for rule in std::fs::read_dir(folder).unwrap() {
        for file in std::fs::read_dir(rule.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            if !name.contains("/pass") || path.extension().is_none_or(|ending| ending != "tf") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            if !text.contains("# options:") {
                let files = vec![("main.tf".to_owned(), text)];
                all.push(Design { name, files, ..Design::default() });
            }
        }
    }
    all.retain(|design| {
        design.expected.is_empty()
            && design.files.len() == 1
            && design.also.iter().all(|(sign, _)| *sign != '$')
    });
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// A design with one part opened: what was, and the text.
type Opened = (String, String);

/// The kinds of part that were opened: of the designs of a rule or a topic, each once.
type Tried = BTreeSet<[String; 4]>;

/// Where a text stands: the type of its resource, or the kind of its block, and the argument that its line sets.
fn holder(text: &str, at: usize) -> (String, String) {
    let block =
        Regex::new(r#"(?m)^(?:resource "(\w+)"|(output|module|locals|data|variable|provider))"#)
            .unwrap();
    let holder = block.captures_iter(&text[..at]).last();
    let holder = holder.and_then(|it| it.get(1).or(it.get(2))).map_or("", |it| it.as_str());
    let line = text[..at].rsplit('\n').next().unwrap();
    (holder.to_owned(), line.split('=').next().unwrap().trim().to_owned())
}

/// A reference through a data source. Left out is where what it finds decides nothing, and where the model does not look
/// for it.
fn looked_up(design: &Design, tried: &mut Tried) -> Vec<Opened> {
    let reference = Regex::new(
        r"\b(data\.)?(aws_\w+)\.(\w+)(\[[^\]]*\])?\.(id|arn|cidr_block|main_route_table_id|default_security_group_id)\b",
    )
    .unwrap();
    let text = &design.files[0].1;
    let mut all = Vec::new();
    for one in reference.captures_iter(text) {
        let at = one.get(0).unwrap();
        let (kind, attribute) = (&one[2], &one[5]);
        let (holder, argument) = holder(text, at.start());
        // A data source of one Region finds nothing of another; what an output, a parameter or a module that is not at
        // hand is told of counts by its own name alone.
        let is_left = design.name.starts_with("cross-region-rule/")
            || matches!(&*holder, "output" | "module" | "aws_ssm_parameter")
            || argument.is_empty();
        let key = [topic(design), &holder, &argument, kind].map(str::to_owned);
        if one.get(1).is_some() || is_left || !tried.insert(key) {
            continue;
        }
        let changed = format!(
            "{}data.{kind}.looked_up.{attribute}{}\ndata \"{kind}\" \"looked_up\" {{\n  tags = {{ Name = \"looked-up\" }}\n}}\n",
            &text[..at.start()],
            &text[at.end()..]
        );
        all.push((format!("{holder}.{argument}: {}", at.as_str()), changed));
    }
    all
}

/// A value that a variable has, which nobody gives.
fn without_value(design: &Design, tried: &mut Tried) -> Vec<Opened> {
    let value = Regex::new(
        r#"(?m)^ *(\w+) *= *("[^"$]*"|true|false|-?\d+|\["[^"\]$]*"(?:, *"[^"$\]]*")*\])[ \t]*$"#,
    )
    .unwrap();
    let inner = Regex::new(r"(?m)^ +(\w+) \{").unwrap();
    let text = &design.files[0].1;
    let mut all = Vec::new();
    for one in value.captures_iter(text) {
        let at = one.get(2).unwrap();
        let (holder, argument) = holder(text, at.start());
        let block = &text[..at.start()];
        let block = &block[block.rfind("\nresource ").unwrap_or(0)..];
        let block = inner.captures_iter(block).last().map_or("", |it| it.get(1).unwrap().as_str());
        let is_left =
            !holder.starts_with("aws_") || matches!(&*argument, "source" | "provider" | "count");
        // An endpoint of one of two networks with the same addresses; what is no VPC at all.
        let is_left = is_left
            || design.name.starts_with("two VPCs with the same addresses")
            || at.as_str().starts_with("[\"vpc-");
        if is_left || !tried.insert([topic(design), &holder, block, &argument].map(str::to_owned)) {
            continue;
        }
        let (before, after) = (&text[..at.start()], &text[at.end()..]);
        let changed = format!("{before}var.opened{after}\nvariable \"opened\" {{}}\n");
        all.push((format!("{holder}.{argument} = {}", at.as_str()), changed));
    }
    all
}

/// A resource that may or may not be there.
fn perhaps_there(design: &Design, tried: &mut Tried) -> Vec<Opened> {
    let head = Regex::new(r#"(?m)^resource "(\w+)" "(\w+)" \{\n"#).unwrap();
    let text = &design.files[0].1;
    let mut all = Vec::new();
    for one in head.captures_iter(text) {
        let at = one.get(0).unwrap();
        let (kind, name) = (&one[1], &one[2]);
        let body = text[at.end()..].split("\n}").next().unwrap();
        let many = body
            .lines()
            .any(|line| ["count", "for_each"].contains(&line.split('=').next().unwrap().trim()));
        if many || !tried.insert([topic(design), kind, name, ""].map(str::to_owned)) {
            continue;
        }
        let (before, after) = (&text[..at.end()], &text[at.end()..]);
        let counted =
            format!("{before}  count = var.opened ? 1 : 0\n{after}\nvariable \"opened\" {{}}\n");
        let names = Regex::new(&format!(r"\b{kind}\.{name}\.")).unwrap();
        let changed = names.replace_all(&counted, format!("{kind}.{name}[0]."));
        all.push((format!("{kind}.{name}"), changed.into_owned()));
    }
    all
}

/// What a design is about: those of one topic have much in common.
fn topic(design: &Design) -> &str {
    design.name.split([':', '/']).next().unwrap()
}

fn loud(design: &Design) -> BTreeMap<(String, Severity), usize> {
    let mut all = BTreeMap::new();
    for one in design.told().into_iter().filter(|one| one.severity >= Severity::Warning) {
        *all.entry((one.found.0, one.severity)).or_default() += 1;
    }
    all
}

fn says_nothing_more(open: impl Fn(&Design, &mut Tried) -> Vec<Opened>, at_least: usize) {
    let mut wrong = Vec::new();
    let mut tried = Tried::new();
    for design in sound() {
        let before = loud(&design);
        for (what, text) in open(&design, &mut tried) {
            let name = format!("{}: {what}", design.name);
            let files = vec![("main.tf".to_owned(), text)];
            let after = loud(&Design { name: name.clone(), files, ..Design::default() });
            let more: Vec<_> =
                after.iter().filter(|(one, count)| before.get(one) < Some(count)).collect();
            if !more.is_empty() {
                wrong.push(format!("{name}: {more:?}"));
            }
        }
    }
    let tried = tried.len();
    assert!(tried > at_least, "{tried} tried");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_a_data_source_finds_may_be_of_the_code() {
    says_nothing_more(looked_up, 1_000);
}

#[test]
fn a_value_that_nobody_gives_may_be_any() {
    says_nothing_more(without_value, 1_000);
}

#[test]
fn a_resource_may_or_may_not_be_there() {
    says_nothing_more(perhaps_there, 1_000);
}
