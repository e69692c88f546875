//! Input that wants too much: time, memory, stack.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::{load, names, problems, property, read};
use crate::graph::{Graph, Value};
use crate::source::Workspace;

fn quickly(text: &str) -> (Workspace, Graph) {
    let start = Instant::now();
    let result = load(text);
    assert!(start.elapsed() < Duration::from_mins(1), "{:?}", start.elapsed());
    result
}

/// How many nodes and bytes a reader of the value would meet, counted up to a limit.
fn weight(value: &Value, limit: &mut u64) {
    *limit = limit.saturating_sub(1);
    match value {
        _ if *limit == 0 => {}
        Value::List { items, .. } => items.iter().for_each(|item| weight(&item.value, limit)),
        Value::Map(map) => map.entries.values().for_each(|node| weight(&node.value, limit)),
        Value::String(text) => *limit = limit.saturating_sub(text.len() as u64 / 64),
        _ => {}
    }
}

fn assert_bounded(graph: &Graph) {
    let mut limit = 5_000_000;
    for node in graph.resources.iter().flat_map(|resource| resource.body.values()) {
        weight(&node.value, &mut limit);
    }
    assert!(limit > 0);
}

#[test]
fn billion_laughs() {
    let mut text = "X:\n  l0: &l0 [a, a]\n".to_owned();
    for at in 1..60 {
        let before = at - 1;
        writeln!(text, "  l{at}: &l{at} [*l{before}, *l{before}]").unwrap();
    }
    text += "Resources:\n  A: {Type: 'A::B', Properties: {P: *l59}}\n";
    let (_, graph) = quickly(&text);
    assert_bounded(&graph);
}

#[test]
fn attributes_that_double() {
    for double in [
        "[!GetAtt R@.P, !GetAtt R@.P]",
        "!Sub '${R@.P}${R@.P}'",
        "!Join ['', [!GetAtt R@.P, !GetAtt R@.P]]",
    ] {
        let mut text = "Resources:\n  R0: {Type: 'A::B', Properties: {P: abc}}\n".to_owned();
        for at in 1..60 {
            let double = double.replace('@', &(at - 1).to_string());
            writeln!(text, "  R{at}: {{Type: 'A::B', Properties: {{P: {double}}}}}").unwrap();
        }
        let (_, graph) = quickly(&text);
        assert_bounded(&graph);
    }
}

#[test]
fn merge_keys_that_double() {
    let mut text = "X:\n  - &m0 {a: 1}\n".to_owned();
    for at in 1..3000 {
        writeln!(text, "  - &m{at} {{<<: *m{}, k{at}: 1}}", at - 1).unwrap();
    }
    text += "Resources: {A: {Type: 'A::B'}}\n";
    let (_, graph) = quickly(&text);
    assert!(graph.problems.len() <= 50 && !graph.problems.is_empty());
}

#[test]
fn deep_nesting_is_a_problem() {
    let (open, close) = ("[".repeat(10_000), "]".repeat(10_000));
    let (workspace, graph) =
        quickly(&format!("Resources:\n  A: {{Type: 'AWS::X::Y', P: {open}{close}}}\n"));
    assert_eq!(problems(&workspace, &graph), ["2:283 nested more than 100 levels deep"]);
    assert_eq!(graph.gaps.len(), 1);
    let (_, graph) = quickly(&format!(
        "{{\"Resources\": {{\"A\": {{\"Type\": \"AWS::X::Y\", \"P\": {open}{close}}}}}}}"
    ));
    assert_eq!((graph.problems.len(), graph.gaps.len()), (1, 1));
    let (_, graph) = quickly(&format!("Resources:\n  A: {{Type: 'AWS::X::Y', P: {open}\n"));
    assert_eq!((graph.problems.len(), graph.gaps.len()), (1, 1));
    assert!(read(&format!("a: {open} Resources ::")).1.is_none());
}

#[test]
fn long_chains_end() {
    let mut text = "Conditions:\n  C0: !Equals [a, a]\n".to_owned();
    for at in 1..20_000 {
        writeln!(text, "  C{at}: !Not [!Condition C{}]", at - 1).unwrap();
    }
    text += "Resources:\n  R0: {Type: 'A::B', Properties: {P: x}}\n";
    for at in (1..20_000).rev() {
        writeln!(text, "  R{at}: {{Type: 'A::B', Properties: {{P: !GetAtt R{}.P}}}}", at - 1)
            .unwrap();
    }
    text += "  Z: {Type: 'A::B', Condition: C19999}\n";
    let (_, graph) = quickly(&text);
    assert_eq!(graph.resources.len(), 20_001);
    assert_bounded(&graph);
}

#[test]
fn deep_evaluation_fits_a_small_stack() {
    let mut text = "Conditions:\n".to_owned();
    for at in 0..400 {
        let deep = "!Not [".repeat(45);
        let close = "]".repeat(45);
        writeln!(text, "  C{at}: {deep}!Condition C{}{close}", at + 1).unwrap();
    }
    text += "Resources:\n  Z: {Type: 'A::B', Condition: C0}\n";
    let run = move || assert!(quickly(&text).1.resources[0].exists.is_err());
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().unwrap();
}

#[test]
fn loops_in_loops() {
    let items = (0..100).map(|at| format!("i{at}")).collect::<Vec<_>>().join(", ");
    let mut text = "Transform: AWS::LanguageExtensions\nResources:\n".to_owned();
    for level in 0..8 {
        let indent = "    ".repeat(level);
        writeln!(text, "{indent}  Fn::ForEach::L{level}:\n{indent}    - V{level}\n{indent}    - [{items}]\n{indent}    -").unwrap();
    }
    writeln!(text, "{}  R${{V0}}${{V7}}: {{Type: 'A::B'}}", "    ".repeat(8)).unwrap();
    let (_, graph) = quickly(&text);
    assert!(graph.gaps.iter().any(|gap| gap.given.is_none()));
    assert!(graph.gaps.len() < 1000, "{}", graph.gaps.len());
}

#[test]
fn aliases_inside_what_they_refer_to() {
    let (workspace, graph) = quickly("Resources:\n  A: &a {Type: 'A::B', Properties: {P: *a}}\n");
    assert_eq!(problems(&workspace, &graph).len(), 1);
    assert!(matches!(property(&graph, "A.P").value, Value::Unknown(_)));
}

#[test]
fn many_comments_and_long_keys() {
    let comments = "    # why\n".repeat(500);
    let key = "k".repeat(3000);
    let (workspace, graph) =
        quickly(&format!("Resources:\n  A:\n{comments}    Type: A::B\n    {key}: 1\n"));
    assert_eq!(problems(&workspace, &graph), [""; 0]);
    assert_eq!(names(&graph), ["A"]);
}

#[test]
fn one_line_files() {
    let members: Vec<_> = (0..20_000)
        .map(|at| format!("\"R{at}\": {{\"Type\": \"A::B\", \"Type\": \"A::B\", \"Properties\": {{\"P\": {{\"Fn::X\": 1}}}}}}"))
        .collect();
    let (_, graph) = quickly(&format!("{{\"Resources\": {{{}}}}}", members.join(", ")));
    assert_eq!((graph.resources.len(), graph.problems.len()), (20_000, 50));
    assert_ne!(property(&graph, "R5000.P"), property(&graph, "R5001.P"));
}

#[test]
fn templates_are_shared_between_threads() {
    fn shared<T: Send + Sync>(_: Option<T>) {}
    shared(read("").1);
}

#[test]
fn wrong_shapes_do_no_harm() {
    for broken in [
        "Parameters: []\nResources: {A: {Type: 'A::B', Properties: {P: !Ref X}}}",
        "Parameters: {X: 1, Y: {Type: [], Default: {}}}\nResources: {A: {Type: 'A::B', Properties: !Ref Y}}",
        "Mappings: 1\nResources: {A: {Type: 'A::B', Properties: {P: !FindInMap [a, b, c]}}}",
        "Conditions: [a]\nResources: {A: {Type: 'A::B', Condition: [x]}}",
        "Conditions: {C: 1}\nResources: {A: {Type: 'A::B', Condition: C}}",
        "Outputs: {A: 1, B: [], C: {Value: }}\nResources: {A: {Type: 'A::B'}}",
        "Transform: {}\nResources: {A: {Type: 'A::B', Properties: [a, b]}}",
        "Resources: {A: {Type: 'A::B', Properties: {1: 2, ? [a] : b, ~: c}}}",
        "Resources: {A: {Type: 'A::B', Properties: {P: !Sub , Q: !GetAtt , R: !Join , S: !Cidr [], T: !If []}}}",
        "Resources: {A: {Type: 'A::B', Properties: {P: !Sub [], Q: !GetAtt [], R: !Join [a], S: !Select [], T: !Split [a]}}}",
        "Resources: {A: {Type: 'A::B', Properties: {P: !Sub {a: b}, Q: !GetAtt {a: b}, R: !Ref [], S: !ImportValue [], T: !Base64 []}}}",
        "Resources: {Fn::ForEach::A: [], Fn::ForEach::B: [x, y, z], Fn::Transform: {}, A: {Type: 'A::B'}}",
        "Resources: {A: {Type: 'A::B', Properties: {P: !GetAtt A, Q: !GetAtt .x, R: !GetAtt A., S: !Sub '${.}${A.}${:}'}}}",
    ] {
        let (_, graph) = quickly(broken);
        assert_bounded(&graph);
    }
}

/// Pieces that templates are made of.
const PIECES: [&str; 40] = [
    "Resources:\n",
    "  A:\n",
    "    Type: AWS::EC2::VPC\n",
    "    Properties:\n",
    "      P: ",
    "!Ref A",
    "!GetAtt A.P",
    "!Sub '${A}-${A.P}'",
    "!Sub |\n        ${A}\n",
    "!If [C, ",
    "!Select [0, ",
    "!Split ['/', ",
    "!Join [',', ",
    "Fn::ForEach::X: [N, [a, b], ",
    "{'V${N}': ",
    "{Type: 'A::B', ",
    "Properties: {P: ",
    "Conditions:\n",
    "  C: !Equals [!Ref A, b]\n",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ": ",
    "\n",
    "  ",
    "- ",
    "*a",
    "&a ",
    "<<: ",
    "'",
    "\"",
    "|\n",
    "é",
    "\t",
    "\r\n",
    "# c\n",
    "---\n",
    "!Cidr ['10.0.0.0/16', 2, 8]",
];

const WHOLE: &str = "Parameters: {P: {Type: String}}
Conditions: {C: !Equals [!Ref P, x]}
Resources:
  A: {Type: 'AWS::EC2::VPC', Condition: C, Properties: {P: !If [C, 'é', !Ref 'AWS::NoValue'], Q: !Sub '${P}x'}}
  B:
    Type: AWS::EC2::Subnet
    Properties:
      V: !GetAtt A.P
      L: &l
        - |
          text
        - !Select [0, !Split ['/', !GetAtt B.V]]
      M: *l
";

/// Nothing panics, and every span is a piece of the text.
fn check(text: &str) {
    let (workspace, template) = read(text);
    let Some(template) = template else { return };
    let graph = template.load(&workspace);
    let valid = |span: crate::source::Span| {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?}");
    };
    graph.problems.iter().for_each(|problem| valid(problem.span));
    graph.gaps.iter().for_each(|gap| valid(gap.span));
    for resource in &graph.resources {
        valid(resource.span);
        resource.body.values().for_each(|node| valid(node.span));
    }
    assert_bounded(&graph);
}

proptest! {
    #[test]
    fn pieces_do_no_harm(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
        check(&pieces.concat());
        check(&format!("Resources:\n  A: {{Type: 'AWS::EC2::VPC'}}\n{}", pieces.concat()));
    }

    #[test]
    fn edits_do_no_harm(at in 0..WHOLE.len(), cut in 0..8usize, piece in prop::sample::select(&PIECES[..])) {
        let Some((before, after)) = WHOLE.split_at_checked(at) else { return Ok(()) };
        let after: String = after.chars().skip(cut).collect();
        check(&format!("{before}{piece}{after}"));
    }
}
