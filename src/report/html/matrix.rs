//! Clients and clusters as data: a digit for each cell, the traces behind some, every text once.

use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Page;
use super::pictures::{line, place};
use crate::finding::{Finding, Severity};
use crate::report::escape::escape;
use crate::source::{Note, Sources};
use crate::trace::{Path, Place};

/// No more traces are in a page: of the other cells it tells how to ask.
const MAX_TRACES: usize = 2_000;

#[derive(Serialize)]
struct Data<'a> {
    kinds: &'a [Kind],
    tables: Vec<Table>,
    traces: Vec<Trace>,
    hops: Vec<[usize; 3]>,
    texts: Vec<String>,
}

/// What a cell says.
#[derive(Debug, Serialize)]
struct Kind {
    sign: &'static str,
    word: &'static str,
    told: &'static str,
    class: &'static str,
}

const fn kind(
    sign: &'static str,
    word: &'static str,
    told: &'static str,
    class: &'static str,
) -> Kind {
    Kind { sign, word, told, class }
}

/// A cell's digit is the place of its kind among these. What fails is red only where a finding says so.
const KINDS: [Kind; 11] = [
    kind("✓", "private", "resolves privately, reaches", "k-ok"),
    kind("✓", "public", "resolves publicly, reaches", "k-pub"),
    kind("✕", "private, no way", "resolves privately, does not reach", "k-bad"),
    kind("✕", "public, no way", "resolves publicly, does not reach", "k-bad"),
    kind("✕", "no answer", "does not resolve", "k-bad"),
    kind("~", "partly", "holds on some paths only", "k-some"),
    kind("?", "undecided", "the code does not tell", "k-none"),
    kind("✓", "reaches", "resolves, reaches", "k-ok"),
    kind("✕", "private, no way", "resolves privately, does not reach; no finding", "k-off"),
    kind("✕", "public, no way", "resolves publicly, does not reach; no finding", "k-off"),
    kind("✕", "no answer", "does not resolve; no finding", "k-off"),
];

/// Digits of cells.
const RADIX: u32 = 36;

/// Of which kind a path is; `blamed` where a finding says that it should hold.
fn kind_of(path: &Path, blamed: bool) -> usize {
    let to = path.moves.last().map(|last| &last.to);
    let is_public = matches!(to, Some(Place::PublicEndpoint(_)));
    let is_private = matches!(to, Some(Place::Cluster(_)));
    match (path.outcome.word, is_private, is_public) {
        ("holds", true, _) => 0,
        ("holds", _, true) => 1,
        ("fails", true, _) => {
            if blamed {
                2
            } else {
                8
            }
        }
        ("fails", _, true) => {
            if blamed {
                3
            } else {
                9
            }
        }
        ("fails", ..) => {
            if blamed {
                4
            } else {
                10
            }
        }
        ("partly", ..) => 5,
        ("undecided", ..) => 6,
        _ => 7,
    }
}

/// The paths of one root in one environment.
#[derive(Serialize)]
struct Table {
    name: String,
    clients: Vec<usize>,
    clusters: Vec<usize>,
    /// A digit for each cell, row by row; a dot where there is no path.
    cells: String,
    /// The trace of a cell, where there is one.
    traces: BTreeMap<usize, usize>,
}

#[derive(Serialize)]
struct Trace {
    name: usize,
    connection: usize,
    name_hops: Vec<usize>,
    connection_hops: Vec<usize>,
    assumptions: Vec<usize>,
    undecided: Vec<usize>,
    picture: Option<usize>,
    findings: Vec<String>,
}

/// The clusters that paths lead to, each with its place among them.
pub(super) fn clusters(paths: &[Path]) -> BTreeMap<&str, usize> {
    let mut clusters: BTreeMap<&str, usize> = paths.iter().map(|path| (&*path.to, 0)).collect();
    clusters.values_mut().enumerate().for_each(|(at, place)| *place = at);
    clusters
}

/// What the table of a path is called.
fn table_name(path: &Path) -> String {
    let name = match &path.environment {
        Some(environment) => format!("{}, {environment}", path.root),
        None => path.root.clone(),
    };
    escape(&name).into_owned()
}

/// Where a path is shown in the page.
pub(super) fn link(path: &Path) -> String {
    let part = |text: &str| -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        let text = escape(text);
        let bytes = text.bytes().map(|byte| {
            if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
        });
        bytes.collect()
    };
    format!("#from={}&to={}&in={}", part(&path.from), part(&path.to), part(&table_name(path)))
}

/// What the script of the page works on, as JSON.
pub(super) fn data(page: &Page<'_>, findings: &[(&Finding, String)]) -> String {
    let mut about: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (finding, fingerprint) in findings {
        if let Some(path) = page.path_of(finding) {
            about.entry(path).or_default().push(fingerprint.clone());
        }
    }
    let mut texts = Texts {
        sources: page.sources(),
        all: Vec::new(),
        known: HashMap::new(),
        hops: Vec::new(),
        places: HashMap::new(),
    };
    let mut traces = Vec::new();
    let mut traced: BTreeMap<usize, usize> = BTreeMap::new();
    for at in chosen(page, &about) {
        let path = &page.paths[at];
        traced.insert(at, traces.len());
        traces.push(Trace {
            name: texts.add(&path.name.text),
            connection: texts.add(&path.connection.text),
            name_hops: path.name_hops.iter().map(|hop| texts.hop(hop)).collect(),
            connection_hops: path.connection_hops.iter().map(|hop| texts.hop(hop)).collect(),
            assumptions: path.assumptions.iter().map(|text| texts.add(text)).collect(),
            undecided: path
                .undecided
                .iter()
                .map(|(input, why)| texts.add(&format!("{input} {why}")))
                .collect(),
            picture: page.pictures.contains_key(&at).then_some(at),
            findings: about.get(&at).cloned().unwrap_or_default(),
        });
    }
    let blamed = blamed(page.paths, findings, &about);
    let tables = tables(page.paths, &traced, &blamed, &mut texts);
    let data = Data { kinds: &KINDS, tables, traces, hops: texts.hops, texts: texts.all };
    // Structs of strings and numbers always serialise.
    serde_json::to_string(&data).unwrap_or_default()
}

/// The paths that errors and warnings are about: by their own paths, or by naming the cluster and, where they name any,
/// the client.
fn blamed(
    paths: &[Path],
    findings: &[(&Finding, String)],
    about: &BTreeMap<usize, Vec<String>>,
) -> BTreeSet<usize> {
    let clients: BTreeSet<&str> = paths.iter().map(|path| &*path.from).collect();
    let clusters: BTreeSet<&str> = paths.iter().map(|path| &*path.to).collect();
    let (mut anyone, mut pairs, mut faults) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (finding, fingerprint) in findings {
        if finding.severity < Severity::Warning {
            continue;
        }
        faults.insert(fingerprint.as_str());
        let named = |names: &BTreeSet<&'_ str>| -> Vec<String> {
            names
                .iter()
                .filter(|name| finding.mentions(name))
                .map(|&name| name.to_owned())
                .collect()
        };
        let who = named(&clients);
        for cluster in named(&clusters) {
            if who.is_empty() {
                anyone.insert(cluster.clone());
            }
            pairs.extend(who.iter().map(|client| (client.clone(), cluster.clone())));
        }
    }
    let is_blamed = |at: &usize| {
        let path = &paths[*at];
        about.get(at).is_some_and(|own| own.iter().any(|one| faults.contains(one.as_str())))
            || anyone.contains(&path.to)
            || pairs.contains(&(path.from.clone(), path.to.clone()))
    };
    (0..paths.len()).filter(is_blamed).collect()
}

/// The paths whose traces are in the page: those that findings are about or that are drawn, then those that do
/// not hold, then the others.
fn chosen(page: &Page<'_>, about: &BTreeMap<usize, Vec<String>>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..page.paths.len()).collect();
    order.sort_by_key(|at| {
        let shown = about.contains_key(at) || page.pictures.contains_key(at);
        (!shown, page.paths[*at].outcome.word == "holds", *at)
    });
    order.truncate(MAX_TRACES);
    order
}

fn tables(
    paths: &[Path],
    traced: &BTreeMap<usize, usize>,
    blamed: &BTreeSet<usize>,
    texts: &mut Texts<'_>,
) -> Vec<Table> {
    let mut sets: Vec<(String, Vec<usize>)> = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        let name = table_name(path);
        match sets.iter_mut().find(|(own, _)| *own == name) {
            Some((_, set)) => set.push(at),
            None => sets.push((name, vec![at])),
        }
    }
    let mut tables = Vec::new();
    for (name, set) in sets {
        let (mut clients, mut clusters) = (Places::default(), Places::default());
        let cells: Vec<(usize, usize, usize)> = set
            .iter()
            .map(|&at| (clients.of(&paths[at].from), clusters.of(&paths[at].to), at))
            .collect();
        let width = clusters.all.len();
        let mut signs = vec!['.'; clients.all.len() * width];
        let mut own = BTreeMap::new();
        for (row, column, at) in cells {
            let cell = row * width + column;
            let digit = u32::try_from(kind_of(&paths[at], blamed.contains(&at))).unwrap_or(6);
            signs[cell] = char::from_digit(digit, RADIX).unwrap_or('.');
            if let Some(trace) = traced.get(&at) {
                own.insert(cell, *trace);
            }
        }
        tables.push(Table {
            name,
            clients: clients.all.iter().map(|name| texts.add(name)).collect(),
            clusters: clusters.all.iter().map(|name| texts.add(name)).collect(),
            cells: signs.into_iter().collect(),
            traces: own,
        });
    }
    tables
}

/// Names in the order in which they are met.
#[derive(Default)]
struct Places<'p> {
    all: Vec<&'p str>,
    known: HashMap<&'p str, usize>,
}

impl<'p> Places<'p> {
    fn of(&mut self, name: &'p str) -> usize {
        *self.known.entry(name).or_insert_with(|| {
            self.all.push(name);
            self.all.len() - 1
        })
    }
}

/// Every text and every hop once.
struct Texts<'s> {
    sources: &'s Sources,
    all: Vec<String>,
    known: HashMap<String, usize>,
    hops: Vec<[usize; 3]>,
    places: HashMap<[usize; 3], usize>,
}

impl Texts<'_> {
    fn add(&mut self, text: &str) -> usize {
        let text = escape(text).into_owned();
        *self.known.entry(text.clone()).or_insert_with(|| {
            self.all.push(text);
            self.all.len() - 1
        })
    }

    /// Place, text, and the line of code.
    fn hop(&mut self, hop: &Note) -> usize {
        let own = [
            self.add(&place(hop.span, self.sources)),
            self.add(&hop.text),
            self.add(&line(hop.span, self.sources)),
        ];
        *self.places.entry(own).or_insert_with(|| {
            self.hops.push(own);
            self.hops.len() - 1
        })
    }
}
