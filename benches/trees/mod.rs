//! Trees of code as people write it, made from a seed: projects of several roots or stacks each.
//!
//! What stands in the files is `parts.tf` and `parts.yaml`: `### name` begins a part, `@word@` is replaced by
//! what the seed gives. The mix is near that of public projects: of 100 resources of Terraform 45 are of kinds that
//! the linter reads, two blocks of five are repeated by `count` or `for_each`, a file has some forty lines; stacks are
//! nested, and one template of nine has a `Fn::ForEach`.

#![allow(dead_code, unused_imports, reason = "shared by benches and tests that use a part each")]

mod estate;
pub(crate) mod floor;

use std::collections::BTreeMap;
use std::path::Path;

pub(crate) use estate::estate;

/// Files by their paths below the top, with `/`.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    pub(crate) files: Vec<(String, String)>,
    pub(crate) lines: usize,
}

impl Tree {
    /// Projects in Terraform, until there are so many lines.
    pub(crate) fn terraform(lines: usize, seed: u64) -> Self {
        Self::of(lines, seed, &parts(include_str!("parts.tf")), terraform)
    }

    /// Projects in CloudFormation, until there are so many lines.
    pub(crate) fn cloudformation(lines: usize, seed: u64) -> Self {
        Self::of(lines, seed, &parts(include_str!("parts.yaml")), cloudformation)
    }

    /// One file.
    pub(crate) fn one(path: &str, text: String) -> Self {
        Self { lines: text.lines().count(), files: vec![(path.to_owned(), text)] }
    }

    /// Writes the files below a folder.
    pub(crate) fn write(&self, folder: &Path) -> std::io::Result<()> {
        for (path, text) in &self.files {
            let path = folder.join(path);
            path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
            std::fs::write(path, text)?;
        }
        Ok(())
    }

    fn of(lines: usize, seed: u64, parts: &Parts, project: fn(&mut Project<'_>)) -> Self {
        let mut tree = Self::default();
        let mut dice = Dice(seed);
        let mut number = 0;
        while tree.lines < lines {
            let mut made = Project { parts, dice: &mut dice, number, tree: &mut tree };
            project(&mut made);
            number += 1;
        }
        tree
    }
}

/// Texts by name; several may have one name.
type Parts = BTreeMap<&'static str, Vec<&'static str>>;

fn parts(text: &'static str) -> Parts {
    let mut parts = Parts::new();
    for part in text.split("### ").skip(1) {
        let (name, text) = part.split_once('\n').expect("a part has a name");
        parts.entry(name).or_default().push(text);
    }
    parts
}

/// A project that is being written.
struct Project<'t> {
    parts: &'t Parts,
    dice: &'t mut Dice,
    number: usize,
    tree: &'t mut Tree,
}

const WORDS: [&str; 16] = [
    "orders",
    "billing",
    "search",
    "catalogue",
    "payments",
    "reports",
    "users",
    "stock",
    "events",
    "mail",
    "media",
    "ledger",
    "quotes",
    "prices",
    "audit",
    "fleet",
];

/// Two networks and their DNS, one or two clusters, and applications that are none of ours.
fn terraform(project: &mut Project<'_>) {
    for module in ["network", "service"] {
        let folder = format!("modules/{module}");
        for (file, part) in [("main", ""), ("variables", " variables"), ("outputs", " outputs")] {
            project.file(&format!("{folder}/{file}.tf"), &[&format!("{module} module{part}")], &[]);
        }
    }
    let names = &WORDS[..project.dice.between(2, 4)];
    let width = names.iter().map(|name| name.len()).max().unwrap_or_default();
    let networks = names.iter().enumerate().map(|(at, name)| {
        let (octet, public) = (32 + project.dice.between(0, 15) * 8 + at, at == 0);
        format!("    {name:width$} = {{ cidr = \"10.{octet}.0.0/16\", public = {public} }}\n")
    });
    let networks: String = networks.collect();
    project.root("network", &["network"], &[], &[("networks", &networks)]);
    project.root("dns", &["dns"], &[], &[]);
    for at in 0..project.dice.between(1, 2) {
        project.root(&format!("cluster-{at}"), &["cluster"], &["cluster variables"], &[]);
    }
    for at in 0..project.dice.between(3, 5) {
        let name = format!("application-{at}");
        let mut files = vec![("main".to_owned(), project.part(&["application"], &[]))];
        let first = project.dice.between(0, WORDS.len() - 1);
        for word in 0..project.dice.between(3, 8) {
            let word = WORDS[(first + word) % WORDS.len()];
            files.push((word.to_owned(), project.part(&["part"], &[("name", word)])));
        }
        project.root(&name, &[], &[], &[]);
        for (file, text) in files {
            project.add(&format!("live/{name}/{file}.tf"), text);
        }
    }
}

/// A stack with those nested in it, and stacks of services beside it.
fn cloudformation(project: &mut Project<'_>) {
    for name in ["parent", "network", "names", "cluster"] {
        project.file(&format!("{name}.yaml"), &[name], &[]);
    }
    project.file("laboratory.json", &["json"], &[]);
    for at in 0..project.dice.between(2, 3) {
        let mut text = project.part(&["services"], &[]);
        let first = project.dice.between(0, WORDS.len() - 1);
        for word in 0..project.dice.between(6, 14) {
            let word = WORDS[(first + word) % WORDS.len()];
            text += &project.part(&["part"], &[("name", word), ("Name", &capital(word))]);
        }
        project.add(&format!("services-{at}.yaml"), text);
    }
}

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

impl Project<'_> {
    fn name(&self) -> String {
        format!("{}-{:04}", WORDS[self.number % WORDS.len()], self.number)
    }

    /// A root of Terraform with what each has.
    fn root(&mut self, root: &str, main: &[&str], variables: &[&str], values: &[(&str, &str)]) {
        let more = [values, &[("root", root)]].concat();
        let mut file = |name: &str, parts: &[&str]| {
            self.file(&format!("live/{root}/{name}"), parts, &more);
        };
        file("versions.tf", &["versions"]);
        file("variables.tf", &[&["variables"], variables].concat());
        file("locals.tf", &["locals"]);
        file("settings.json", &["settings"]);
        file("outputs.tf", &["outputs"]);
        if !main.is_empty() {
            file("main.tf", main);
        }
    }

    fn file(&mut self, path: &str, parts: &[&str], values: &[(&str, &str)]) {
        let text = self.part(parts, values);
        self.add(path, text);
    }

    fn add(&mut self, path: &str, text: String) {
        self.tree.lines += text.lines().count();
        self.tree.files.push((format!("{}/{path}", self.name()), text));
    }

    /// Parts of these names, one of each, with everything put in.
    fn part(&mut self, names: &[&str], values: &[(&str, &str)]) -> String {
        let mut text = String::new();
        for name in names {
            let all = &self.parts[*name];
            let chosen = all[self.dice.between(0, all.len() - 1)];
            let mut pieces = chosen.split('@');
            text += pieces.next().unwrap_or_default();
            while let (Some(word), Some(rest)) = (pieces.next(), pieces.next()) {
                match values.iter().find(|(known, _)| *known == word) {
                    Some((_, value)) => text += value,
                    None => text += &self.value(word),
                }
                text += rest;
            }
        }
        text
    }

    fn value(&mut self, word: &str) -> String {
        match word {
            "project" => self.name(),
            "account" => format!("{:012}", 100_000_000_000 + self.number),
            "environment" => ["dev", "test", "prod"][self.dice.between(0, 2)].to_owned(),
            "days" => self.dice.between(7, 90).to_string(),
            "two" => self.dice.between(10, 99).to_string(),
            "octet" => self.dice.between(16, 31).to_string(),
            _ => panic!("nothing is known of @{word}@"),
        }
    }
}

/// Numbers that depend on the seed alone (splitmix64).
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    /// From the first to the last, both included.
    fn between(&mut self, first: usize, last: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let range = (last - first + 1) as u64;
        first + usize::try_from(mixed % range).unwrap_or_default()
    }
}
