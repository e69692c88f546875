//! Expressions against Terraform itself: recorded answers always, live ones where Terraform is at hand.

mod canonical;
mod generate;
mod oracle;
mod patterns;
mod signatures;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use eksdns_lint::graph::Value;
use eksdns_lint::source::Workspace;
use eksdns_lint::terraform::Project;
use eksdns_lint::unknown::{Form, Why};

use generate::Generator;
pub(crate) use generate::Random;
use oracle::Answer;

/// Each line: an expression as a JSON string, and `!`, or the value and its type.
const RECORDED: &str = include_str!("differential/recorded.tsv");

/// The forms of the language that a generator does not come by, well written and not; with answers.
const FORMS: &str = include_str!("differential/forms.tsv");

/// Each line: an expression as a JSON string, and why our answer is another one.
const KNOWN: &str = include_str!("differential/known.tsv");

/// Our answers.
#[derive(Debug)]
enum Own {
    /// The block does not parse.
    Refused,
    Error(String),
    TooLarge,
    Value(Value),
}

fn own(expressions: &[String]) -> Vec<Own> {
    let folder = tempfile::tempdir().unwrap();
    let numbered: Vec<(usize, &str)> =
        expressions.iter().enumerate().map(|(id, text)| (id, &**text)).collect();
    let (code, starts) = oracle::module(&numbered);
    std::fs::write(folder.path().join("main.tf"), &code).unwrap();
    std::fs::create_dir(folder.path().join(".terraform")).unwrap();
    std::fs::write(folder.path().join(".terraform/environment"), "default").unwrap();
    let workspace = Workspace::new(folder.path(), folder.path()).unwrap();
    let root = folder.path().to_owned();
    let graph =
        Project::parse(&workspace, std::slice::from_ref(&root), &[]).load(&workspace, &root);
    let mut found: BTreeMap<usize, Value> = BTreeMap::new();
    for node in graph.exports {
        let at = starts.partition_point(|start| *start <= node.span.start as usize);
        found.insert(at.saturating_sub(1), node.value);
    }
    (0..expressions.len())
        .map(|id| found.remove(&id).map_or(Own::Refused, |it| outcome(id, it)))
        .collect()
}

fn outcome(id: usize, value: Value) -> Own {
    if let Value::Unknown(symbol) = &value
        && matches!(symbol.form(), Form::Input { why: Why::Unparsable, .. })
    {
        return Own::Refused;
    }
    if let Value::Unknown(symbol) = &value
        && let Form::Input { name, why } = symbol.form()
        && **name == *format!("o{id:05}")
    {
        match why {
            Why::Invalid(message) => return Own::Error(message.to_string()),
            Why::Budget => return Own::TooLarge,
            _ => {}
        }
    }
    Own::Value(value)
}

/// How our answer stands to Terraform's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Same,
    /// We leave open what Terraform knows.
    Less,
    /// We know what Terraform will know later: what does not hang on the open value.
    More,
    /// Listed, with the reason.
    Known,
    /// Terraform 1.11 evaluates both sides of `&&` and `||`; later versions stop where the left side
    /// decides, as we do.
    Later,
    /// We take what Terraform refuses because of a type that we do not keep: that of the elements of an
    /// empty collection, or of a null.
    Lenient,
    Wrong,
}

fn judge(expression: &str, own: &Own, answer: &Answer) -> Verdict {
    match (own, answer) {
        (Own::TooLarge, _) => Verdict::Less,
        (Own::Refused | Own::Error(_), Answer::Error) => Verdict::Same,
        (Own::Value(value), Answer::Value { text, kind }) => {
            let shown = canonical::ours(value);
            let typed = kind.is_empty()
                || canonical::has_type(value, &serde_json::from_str(kind).unwrap_or_default());
            match (typed, shown == *text) {
                (true, true) => Verdict::Same,
                (true, false) if less(&shown, text) => Verdict::Less,
                _ if tells(expression) && less(text, &shown) => Verdict::More,
                (false, _) if shown == *text && drops_types(expression) => Verdict::Lenient,
                _ => Verdict::Wrong,
            }
        }
        // What fails whatever the open value is.
        (Own::Error(_), Answer::Value { text, .. }) if text == canonical::OPEN => Verdict::More,
        // What rests on values that nobody can tell may still fail.
        (Own::Value(value), Answer::Error) if !value.is_known() => Verdict::Less,
        (Own::Value(_), Answer::Error) if stops_early(expression) => Verdict::Later,
        (Own::Value(_), Answer::Error) if drops_types(expression) => Verdict::Lenient,
        _ => Verdict::Wrong,
    }
}

/// Whether an expression fails only in a right side that is not needed: with an operator that needs both
/// sides it fails here too.
fn stops_early(expression: &str) -> bool {
    let strict = expression.replace(" && ", " == ").replace(" || ", " == ");
    strict != expression && matches!(own(&[strict])[0], Own::Refused | Own::Error(_))
}

/// Whether an expression has a null, or what may be an empty collection of one type.
fn drops_types(expression: &str) -> bool {
    let empty =
        ["tolist(", "toset(", "tomap(", "regex", "set", "chunklist(", "range(", "distinct("];
    expression.contains("null") || empty.iter().any(|form| expression.contains(form))
}

/// Forms of which Terraform waits for more than it needs: a `can` of what cannot fail, `x == x`.
fn tells(expression: &str) -> bool {
    ["can(", "try(", "slice(", "issensitive(", "&&", "||", "==", "!=", "[*]", "contains("]
        .iter()
        .any(|form| expression.contains(form))
}

fn is_about(line: &str, expression: &str) -> bool {
    line.split_once('\t').is_some_and(|(known, _)| canonical::quoted(expression) == known)
}

/// Whether our text is Terraform's with some parts left open.
fn less(own: &str, theirs: &str) -> bool {
    let mut pattern = String::from("(?s)^");
    for (at, part) in own.split(canonical::OPEN).enumerate() {
        if at > 0 {
            pattern.push_str(".*");
        }
        pattern.push_str(&regex::escape(part));
    }
    pattern.push('$');
    own.contains(canonical::OPEN) && regex::Regex::new(&pattern).unwrap().is_match(theirs)
}

fn report(expressions: &[String], answers: &[Answer]) -> (BTreeMap<Verdict, usize>, String) {
    let mut counts = BTreeMap::new();
    let mut wrong = String::new();
    for ((expression, answer), own) in expressions.iter().zip(answers).zip(own(expressions)) {
        let mut verdict = judge(expression, &own, answer);
        if verdict == Verdict::Wrong && KNOWN.lines().any(|line| is_about(line, expression)) {
            verdict = Verdict::Known;
        }
        *counts.entry(verdict).or_default() += 1;
        if verdict == Verdict::Wrong
            || (verdict == Verdict::Less && std::env::var_os("SHOW_LESS").is_some())
        {
            let own = match &own {
                Own::Value(value) => canonical::ours(value),
                Own::Error(message) => format!("error: {message}"),
                other => format!("{other:?}"),
            };
            writeln!(wrong, "{expression}\n  terraform {answer:?}\n  ours      {own}").unwrap();
        }
    }
    (counts, wrong)
}

fn random(seed: u64, count: usize) -> Vec<String> {
    let closed = count * 3 / 4;
    let mut generator = Generator { random: Random::new(seed), open: false };
    let mut all: Vec<String> = (0..closed).map(|_| generator.expression()).collect();
    generator.open = true;
    all.extend((closed..count).map(|_| generator.expression()));
    all
}

/// The recorded answers, or those of the file that `ANSWERS` names.
fn recorded() -> (Vec<String>, Vec<Answer>) {
    match std::env::var_os("ANSWERS") {
        Some(path) => read(&std::fs::read_to_string(path).unwrap()),
        None => read(RECORDED),
    }
}

fn read(lines: &str) -> (Vec<String>, Vec<Answer>) {
    let line = |line: &str| -> Option<(String, Answer)> {
        let mut parts = line.split('\t');
        let expression = serde_json::from_str(parts.next()?).ok()?;
        let answer = match parts.next()? {
            "!" => Answer::Error,
            text => {
                Answer::Value { text: text.to_owned(), kind: parts.next().unwrap_or("").to_owned() }
            }
        };
        Some((expression, answer))
    };
    lines.lines().filter_map(line).unzip()
}

#[test]
fn recorded_answers_are_ours() {
    let (expressions, answers) = recorded();
    assert!(expressions.len() > 1000, "the recorded answers are there");
    let (counts, wrong) = report(&expressions, &answers);
    let share = |verdict| counts.get(&verdict).copied().unwrap_or(0);
    assert!(wrong.is_empty(), "{counts:?}\n{wrong}");
    assert!(share(Verdict::Less) * 50 < expressions.len(), "too much is left open: {counts:?}");
    assert!(share(Verdict::Lenient) * 100 < expressions.len(), "types are lost: {counts:?}");
}

/// Each in a file of its own: some of them swallow what follows.
#[test]
fn recorded_forms_are_ours() {
    let (forms, answers) = read(FORMS);
    assert!(forms.len() > 150, "the recorded forms are there");
    let mut all = String::new();
    for (form, answer) in forms.iter().zip(&answers) {
        let form = std::slice::from_ref(form);
        all.push_str(&report(form, std::slice::from_ref(answer)).1);
    }
    assert!(all.is_empty(), "\n{all}");
}

#[test]
fn live_forms_are_as_recorded() {
    if !oracle::version().is_some_and(|version| version.starts_with("1.11.")) {
        eprintln!("live_forms_are_as_recorded did not run: there is no terraform 1.11 on the PATH");
        return;
    }
    let record = std::env::var_os("RECORD").is_some();
    let (forms, answers) = read(FORMS);
    let step = if record { 1 } else { 12 };
    let mut live = Vec::new();
    for (form, answer) in forms.iter().zip(&answers).step_by(step) {
        let now = oracle::ask(std::slice::from_ref(form)).remove(0);
        assert!(record || now == *answer, "{form}: {now:?}");
        live.push(now);
    }
    if record {
        write(&forms, &live, "forms.tsv");
    }
}

/// Asks again what is recorded, or new expressions: `SEED` and `COUNT` choose them, and `RECORD=1` writes
/// their answers where the recorded ones are, or in the file that `ANSWERS` names.
#[test]
fn live_answers_are_ours() {
    let Some(version) = oracle::version() else {
        eprintln!("live_answers_are_ours did not run: there is no terraform on the PATH");
        return;
    };
    if !version.starts_with("1.11.") {
        eprintln!("live_answers_are_ours did not run: terraform is {version}, not 1.11");
        return;
    }
    let number = |name: &str| std::env::var(name).ok().and_then(|it| it.parse::<u64>().ok());
    let expressions = match (number("SEED"), number("COUNT").unwrap_or(240)) {
        (Some(seed), count) => random(seed, usize::try_from(count).unwrap()),
        (None, count) => recorded().0.into_iter().take(usize::try_from(count).unwrap()).collect(),
    };
    let answers = oracle::ask(&expressions);
    if std::env::var_os("RECORD").is_some() {
        write(&expressions, &answers, "recorded.tsv");
    }
    let (counts, wrong) = report(&expressions, &answers);
    assert!(wrong.is_empty(), "{counts:?}\n{wrong}");
    eprintln!("{counts:?}");
}

fn write(expressions: &[String], answers: &[Answer], name: &str) {
    let mut out = String::new();
    for (expression, answer) in expressions.iter().zip(answers) {
        let expression = canonical::quoted(expression);
        if expression.len() > 300 || format!("{answer:?}").len() > 400 {
            continue;
        }
        match answer {
            Answer::Error => writeln!(out, "{expression}\t!").unwrap(),
            Answer::Value { text, kind } => writeln!(out, "{expression}\t{text}\t{kind}").unwrap(),
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/all/differential");
    let path = std::env::var_os("ANSWERS").map_or(folder.join(name), Into::into);
    std::fs::write(path, out).unwrap();
}
