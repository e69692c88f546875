//! Sound designs, in every writing style, with every fault that a rule knows: what is found, and where.

#![allow(clippy::print_stdout, reason = "the table is to be looked at")]
#![allow(
    clippy::format_collect,
    clippy::match_bool,
    reason = "texts are small, and stand side by side"
)]

mod cloudformation;
mod lost;
mod model;
mod needed;
mod parts;
mod terraform;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use eksdns_lint::checks::ALL;
use eksdns_lint::finding::Severity;
use eksdns_lint::{Options, check};

use crate::support::Tree;
use cloudformation::folded;
use model::Design;
use written::Written;

/// How a design is written; none where the language has no words for a part of it.
type Writer = fn(&Design) -> Option<Written>;

struct Style {
    name: &'static str,
    write: Writer,
    /// How the code names the values that it leaves open.
    open: &'static [&'static str],
}

const fn style(name: &'static str, write: Writer) -> Style {
    Style { name, write, open: &[] }
}

/// What one root offers, a root that is not at hand may use.
const ELSEWHERE: &[&str] = &["an output uses it elsewhere"];

const STYLES: &[Style] = &[
    style("Terraform, flat", |it| Some(terraform::flat(it))),
    style("Terraform, JSON", |it| Some(terraform::json(it))),
    style("Terraform, modules", |it| Some(parts::modules(it))),
    style("Terraform, for_each and dynamic", |it| Some(terraform::for_each(it))),
    style("Terraform, count and splats", |it| Some(terraform::count(it))),
    style("Terraform, variables with values", |it| Some(terraform::variables(it))),
    Style {
        name: "Terraform, remote states",
        write: |it| Some(parts::states(it)),
        open: ELSEWHERE,
    },
    style("CloudFormation, YAML", |it| cloudformation::yaml_template(&folded(it))),
    style("CloudFormation, JSON", |it| cloudformation::json_template(&folded(it))),
    style("CloudFormation, nested stacks", |it| parts::nested(&folded(it))),
    Style {
        name: "CloudFormation, exports",
        write: |it| parts::exports(&folded(it)),
        open: ELSEWHERE,
    },
    style("CloudFormation, Conditions", |it| cloudformation::conditions(&folded(it))),
    style("CloudFormation, parameters", |it| cloudformation::parameters(&folded(it))),
    Style {
        name: "Terraform, ids from variables",
        write: |it| Some(terraform::open_variables(it)),
        open: &["var."],
    },
    Style {
        name: "Terraform, ids from data sources",
        write: |it| Some(terraform::data_sources(it)),
        open: &["data."],
    },
    Style {
        name: "CloudFormation, ids from parameters",
        write: |it| cloudformation::open_parameters(&folded(it)),
        open: &["Vpc", "Subnet"],
    },
];

const DESIGNS: [&str; 4] = ["figure4", "hub", "premises", "island"];

fn read(name: &str) -> String {
    let home = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/all/mutations");
    std::fs::read_to_string(home.join(name)).unwrap()
}

fn design(name: &str) -> Design {
    Design::read(&read(&format!("designs/{name}.tf")))
}

/// A fault: what it changes in a design, and what must be said of it.
#[derive(Debug, Default)]
struct Fault<'a> {
    name: &'a str,
    /// The designs that it is put into; none is all that have what it changes.
    designs: Vec<&'a str>,
    rule: &'a str,
    /// The block at fault; where the languages divide one thing differently, the blocks that it may be.
    places: Vec<&'a str>,
    /// Other rules that have a reason to speak.
    noise: BTreeMap<&'a str, &'a str>,
    /// Why the rule may say nothing where ids come from outside.
    silent: Option<&'a str>,
    change: String,
    /// What is wrong with the files, not with the design.
    scribble: Option<&'a str>,
}

/// `=== name`, `in designs`, `! rule places`, `~ rule why it may speak too`, `? why it may be silent where ids
/// come from outside`, `@ what is scribbled into the files`, and the change.
fn faults(text: &str) -> Vec<Fault<'_>> {
    let mut all: Vec<Fault<'_>> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("=== ") {
            all.push(Fault { name, ..Fault::default() });
            continue;
        }
        let fault = all.last_mut().expect("a fault begins with ===");
        if let Some(designs) = line.strip_prefix("in ") {
            fault.designs = designs.split(' ').collect();
        } else if let Some(said) = line.strip_prefix("! ") {
            let (rule, places) = said.split_once(' ').expect("! rule places");
            (fault.rule, fault.places) = (rule, places.split(' ').collect());
        } else if let Some(noise) = line.strip_prefix("~ ") {
            let (rule, why) = noise.split_once(' ').expect("~ rule why");
            fault.noise.insert(rule, why);
        } else if let Some(why) = line.strip_prefix("? ") {
            fault.silent = Some(why);
        } else if let Some(what) = line.strip_prefix("@ ") {
            fault.scribble = Some(what);
        } else {
            fault.change += line;
            fault.change.push('\n');
        }
    }
    all
}

/// What the linter says: the rule, how loud, and where.
struct Said {
    findings: Vec<(&'static str, Severity, String, usize)>,
    /// Rules that could not decide, and why.
    undecided: Vec<(&'static str, String)>,
}

fn ask(written: &Written) -> Said {
    let files: Vec<_> = written.files.iter().map(|(name, text)| (&**name, &**text)).collect();
    let tree = Tree::new(&files);
    let top = tree.path("");
    let run = check(std::slice::from_ref(&top), &top, Options::default()).unwrap();
    assert_eq!(run.failures, Vec::<String>::new(), "{written:?}");
    let findings = run.outcome.findings.iter();
    let sources = run.workspace.sources();
    let place = |span: eksdns_lint::source::Span| {
        (sources.file(span.file).path.clone(), span.start as usize)
    };
    Said {
        findings: findings
            .map(|one| {
                let (file, start) = place(one.primary.span);
                (one.rule.id, one.severity, file, start)
            })
            .collect(),
        undecided: run
            .outcome
            .undecided
            .iter()
            .map(|one| (one.rule.id, one.unknown.to_string()))
            .collect(),
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Found,
    /// The rule says that it cannot tell, and names what the style leaves open.
    Undecided,
    /// What the style leaves out of the code, the rule would have to see.
    Silent,
    /// The rule speaks of another place.
    Misplaced(String),
    Missed(String),
}

/// One run: the verdict, and the other rules that spoke.
fn judge(fault: &Fault<'_>, style: &Style, written: &Written) -> (Verdict, BTreeSet<&'static str>) {
    let said = ask(written);
    let loud = said.findings.iter().filter(|(_, severity, ..)| *severity >= Severity::Warning);
    let noise = loud.map(|(rule, ..)| *rule).filter(|rule| *rule != fault.rule).collect();
    let of_rule: Vec<_> = said.findings.iter().filter(|(rule, ..)| *rule == fault.rule).collect();
    let is_at =
        |file: &str, start| fault.places.iter().any(|place| written.is_at(place, file, start));
    let verdict = if of_rule.iter().any(|(.., file, start)| is_at(file, *start)) {
        Verdict::Found
    } else if let Some((.., file, start)) = of_rule.first() {
        let text = &written.files.get(file).map_or("", |text| &text[*start..]);
        let line = text.lines().next().unwrap_or_default();
        Verdict::Misplaced(format!("{file}: {line}"))
    } else {
        let why = said.undecided.iter().filter(|(rule, _)| *rule == fault.rule);
        let why: Vec<_> = why.map(|(_, why)| &**why).collect();
        let is_open = |why: &&&str| style.open.iter().any(|open| why.contains(open));
        match why.iter().find(is_open) {
            Some(_) => Verdict::Undecided,
            None if style.name.contains("ids from") && fault.silent.is_some() => Verdict::Silent,
            None => Verdict::Missed(why.join(", ")),
        }
    };
    (verdict, noise)
}

/// Does something with each case, on every core; a run has a pool of its own, which another must not wait in.
fn each<T: Sync, R: Send>(cases: &[T], run: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let share = cases.len().div_ceil(threads).max(1);
    let run = &run;
    std::thread::scope(|scope| {
        let own = |cases: &'_ [T]| cases.iter().map(run).collect::<Vec<_>>();
        let all: Vec<_> = cases.chunks(share).map(|some| scope.spawn(move || own(some))).collect();
        all.into_iter().flat_map(|one| one.join().expect("a run does not panic")).collect()
    })
}

#[test]
fn sound_designs() {
    let cases: Vec<_> =
        DESIGNS.iter().flat_map(|it| STYLES.iter().map(move |style| (it, style))).collect();
    let wrong = each(&cases, |(name, style)| {
        let written = (style.write)(&design(name)).expect("both languages write it");
        let mut said = ask(&written).findings;
        said.retain(|(_, severity, ..)| *severity >= Severity::Warning);
        let lines = said.iter().map(|(rule, _, file, start)| {
            format!(
                "\n    {rule} {file}: {}",
                written.files[file][*start..].lines().next().unwrap_or_default()
            )
        });
        (!said.is_empty()).then(|| format!("{name}, {}:{}", style.name, lines.collect::<String>()))
    });
    let wrong: Vec<_> = wrong.into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn every_rule_has_a_fault() {
    let text = read("faults.txt");
    let of_faults: BTreeSet<_> = faults(&text).iter().map(|fault| fault.rule).collect();
    let of_catalogue: BTreeSet<_> = ALL.iter().map(|check| check.rule.id).collect();
    let without: Vec<_> = of_catalogue.difference(&of_faults).collect();
    assert!(without.is_empty(), "tests/all/mutations/faults.txt has no fault for {without:?}");
    let unknown: Vec<_> = of_faults.difference(&of_catalogue).collect();
    assert!(unknown.is_empty(), "tests/all/mutations/faults.txt names no rule: {unknown:?}");
}

/// What became of one fault in one style, over the designs.
#[derive(Debug, Default)]
struct Cell {
    found: usize,
    undecided: usize,
    silent: usize,
    missed: usize,
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts =
            [(self.found, ""), (self.undecided, "?"), (self.silent, "s"), (self.missed, "!")];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        let text: String = parts.map(|(count, mark)| format!("{count}{mark}")).collect();
        f.pad(if text.is_empty() { "-" } else { &text })
    }
}

#[test]
fn faults_are_found() {
    let text = read("faults.txt");
    let faults = faults(&text);
    let mut cases = Vec::new();
    for (at, fault) in faults.iter().enumerate() {
        let before = cases.len();
        for name in DESIGNS {
            if fault.designs.is_empty() || fault.designs.contains(&name) {
                let changed = design(name).changed(&fault.change);
                assert!(changed.is_some() || fault.designs.is_empty(), "{}: {name}", fault.name);
                let changed = changed.into_iter();
                cases.extend(changed.flat_map(|it| {
                    STYLES.iter().enumerate().map(move |(style, _)| (at, name, it.clone(), style))
                }));
            }
        }
        assert!(cases.len() > before, "no design has what is changed: {}", fault.name);
    }
    let styles = STYLES.iter().enumerate();
    let sound: BTreeMap<_, _> = styles
        .flat_map(|(number, style)| {
            DESIGNS.map(|name| {
                let written = (style.write)(&design(name)).expect("both languages write it");
                ((name, number), written.files)
            })
        })
        .collect();
    let verdicts = each(&cases, |(at, name, design, number)| {
        let style = &STYLES[*number];
        // Where the style leaves out what the fault changes, there is nothing to find.
        let written = (style.write)(design)
            .and_then(|it| faults[*at].scribble.map_or(Some(it.clone()), |what| it.scribbled(what)))
            .filter(|it| it.files != sound[&(*name, *number)]);
        written.map(|it| judge(&faults[*at], style, &it))
    });
    let mut table: BTreeMap<(usize, usize), Cell> = BTreeMap::new();
    let mut noise: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for ((at, design, _, style), verdict) in cases.iter().zip(verdicts) {
        let cell = table.entry((*at, *style)).or_default();
        let Some((verdict, others)) = verdict else { continue };
        match verdict {
            Verdict::Found => cell.found += 1,
            Verdict::Undecided => cell.undecided += 1,
            Verdict::Silent => cell.silent += 1,
            other => {
                cell.missed += 1;
                wrong.push(format!(
                    "{}, {design}, {}: {other:?}",
                    faults[*at].name, STYLES[*style].name
                ));
            }
        }
        for rule in others {
            *noise.entry((*at, rule)).or_default() += 1;
            if !faults[*at].noise.contains_key(rule) {
                wrong.push(format!(
                    "{}, {design}, {}: also {rule}",
                    faults[*at].name, STYLES[*style].name
                ));
            }
        }
    }
    let printed = print(&faults, &table, &noise);
    println!("{printed}\n{}", wrong.join("\n"));
    let sum = |of: fn(&Cell) -> usize| table.values().map(of).sum::<usize>();
    let (found, missed) = (sum(|it| it.found), sum(|it| it.missed));
    assert!(!printed.contains("unexplained"), "{}", wrong.join("\n"));
    assert!(found * 100 >= 98 * (found + missed), "{}", wrong.join("\n"));
    insta::assert_snapshot!("mutations", printed);
}

fn print(
    faults: &[Fault<'_>],
    table: &BTreeMap<(usize, usize), Cell>,
    noise: &BTreeMap<(usize, &str), usize>,
) -> String {
    let mut out = String::new();
    for (index, style) in STYLES.iter().enumerate() {
        let letter = char::from(b'A' + u8::try_from(index).expect("few styles"));
        let _ = writeln!(out, "{letter}  {}", style.name);
    }
    let letters: String = (0..STYLES.len())
        .map(|at| format!("{:>5}", char::from(b'A' + u8::try_from(at).expect("few"))))
        .collect();
    let _ = writeln!(out, "\n{:60}{letters}", "");
    let mut sum = Cell::default();
    for (at, fault) in faults.iter().enumerate() {
        let _ = write!(out, "{:60}", fault.name);
        for style in 0..STYLES.len() {
            let none = Cell::default();
            let cell = table.get(&(at, style)).unwrap_or(&none);
            sum.found += cell.found;
            sum.undecided += cell.undecided;
            sum.silent += cell.silent;
            sum.missed += cell.missed;
            let _ = write!(out, "{cell:>5}");
        }
        out.push('\n');
    }
    let _ = writeln!(
        out,
        "\n{} faults: {} found at their place, {} undecided (?), {} silent with a reason (s), {} missed (!)",
        faults.len(),
        sum.found,
        sum.undecided,
        sum.silent,
        sum.missed
    );
    out += "\nsilent where ids come from outside, because\n";
    for fault in faults {
        if let Some(why) = fault.silent {
            let _ = writeln!(out, "{}: {why}", fault.name);
        }
    }
    out += "\nalso said:\n";
    for ((at, rule), times) in noise {
        let why = faults[*at].noise.get(rule).unwrap_or(&"unexplained");
        let _ = writeln!(out, "{}: {rule} ({times}): {why}", faults[*at].name);
    }
    out
}
