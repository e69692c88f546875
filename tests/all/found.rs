//! A data source may find what the code itself makes. Each reference of a sound design is put through one: then
//! nothing is certain that depends on what it finds.

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

/// References where what a data source finds decides nothing, or where the model does not look for it.
fn is_left(design: &str, holder: &str, argument: &str) -> bool {
    // A data source of one Region finds nothing of another.
    design.starts_with("cross-region-rule/")
        // What an output, a parameter or a module that is not at hand is told of counts by its own name alone.
        || matches!(holder, "output" | "module" | "aws_ssm_parameter")
        || argument.is_empty()
}

/// The kinds of reference that were tried: of the designs of a rule or a topic, each once.
type Tried = BTreeSet<[String; 4]>;

/// The design with each further kind of reference through a data source.
fn found(design: &Design, tried: &mut Tried) -> Vec<(String, String)> {
    let block =
        Regex::new(r#"(?m)^(?:resource "(\w+)"|(output|module|locals|data|variable|provider))"#)
            .unwrap();
    let reference = Regex::new(
        r"\b(data\.)?(aws_\w+)\.(\w+)(\[[^\]]*\])?\.(id|arn|cidr_block|main_route_table_id|default_security_group_id)\b",
    )
    .unwrap();
    let text = &design.files[0].1;
    let topic = design.name.split([':', '/']).next().unwrap();
    let mut all = Vec::new();
    for one in reference.captures_iter(text) {
        let at = one.get(0).unwrap();
        let (kind, attribute) = (&one[2], &one[5]);
        let line = text[..at.start()].rsplit('\n').next().unwrap();
        let argument = line.split('=').next().unwrap().trim().to_owned();
        let holder = block.captures_iter(&text[..at.start()]).last();
        let holder = holder.and_then(|it| it.get(1).or(it.get(2))).map_or("", |it| it.as_str());
        if one.get(1).is_some() || is_left(&design.name, holder, &argument) {
            continue;
        }
        if !tried.insert([topic, holder, &argument, kind].map(str::to_owned)) {
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

fn loud(design: &Design) -> BTreeMap<(String, Severity), usize> {
    let mut all = BTreeMap::new();
    for one in design.told().into_iter().filter(|one| one.severity >= Severity::Warning) {
        *all.entry((one.found.0, one.severity)).or_default() += 1;
    }
    all
}

#[test]
fn what_a_data_source_finds_may_be_of_the_code() {
    let mut wrong = Vec::new();
    let mut tried = Tried::new();
    for design in sound() {
        let before = loud(&design);
        for (what, text) in found(&design, &mut tried) {
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
    assert!(tried > 800, "{tried} references");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
}
