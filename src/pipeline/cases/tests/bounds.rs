//! How much is looked at, and that what is not is said.

use std::fmt::Write as _;

use super::{Alike, Reading, Written, explore, explored, rule_and_association, template};
use crate::checks;
use crate::finding::{Undecided, Verdict};
use crate::graph::{Case, Known, Look, Taken};
use crate::network::Network;
use crate::unknown::{Symbol, Unknown, Why};

/// What was not looked at is said to be open because of that.
#[test]
fn more_cases_than_are_looked_at_leave_it_open() {
    let all: Vec<_> = (0..300).map(|at| format!("!Equals [!Ref Mode, v{at}]")).collect();
    let conditions = format!("  Any: !Or [{}]\n", all.join(", "));
    let all = rule_and_association(&conditions, "DependsOn: Vpc", "Condition: Any");
    let open = all.undecided.iter().find(|open| open.rule.id == "unassociated-rule").unwrap();
    assert!(open.unknown.inputs().any(|input| input.why == Why::Budget), "{open:?}");
}

/// So are the cases of a question that are too many, each of which would decide it.
#[test]
fn cases_that_are_not_looked_at_are_said_to_be_open() {
    let open_with = |count: usize| {
        let each = |at| format!("  C{at}: !Equals [!Ref Mode, v{at}]\n");
        let conditions: Vec<String> = (0..count).map(each).collect();
        let all = rule_and_association(&conditions.concat(), "DependsOn: Vpc", "Condition: C0");
        let mut of_rule = all.undecided.iter().filter(|open| open.rule.id == "unassociated-rule");
        of_rule.next().map(|open| open.unknown.inputs().any(|input| input.why == Why::Budget))
    };
    assert_eq!(open_with(200), None);
    assert_eq!(open_with(300), Some(true));
}

/// A verdict that each value of one input decides may be open for another reason in a case of a second input.
#[test]
fn what_is_open_anew_in_a_case_is_said() {
    let written = Written::new(
        "Parameters: {Env: {Type: String}, Mode: {Type: String}, Flag: {Type: String}}\n\
         Conditions: {A: !Equals [!Ref Env, prod], B: !Equals [!Ref Mode, x], C: !Equals [!Ref Flag, y]}\n\
         Resources: {One: {Type: AWS::EC2::VPC}, Other: {Type: AWS::EC2::VPC}}\n",
    );
    let stacks = written.stacks(&[]);
    let rule = checks::ALL[0].rule;
    let open_in_x = |reason: &str| {
        let read = |case: &Case, alike: Option<&Alike>| {
            let graph =
                stacks.load(&written.path, &Known::new(), Alike::look(alike, case)).unwrap();
            let taken = |name: &str| case.get(&Symbol::input(name, Why::NoValue));
            let one = match (taken("Mode"), taken("Env")) {
                (Some(Taken::Is(_)), _) => Some(reason),
                (_, None) => Some("Env"),
                (_, Some(_)) => None,
            };
            let other = taken("Mode").is_none().then_some("Mode");
            let open = [one, other].into_iter().zip(&graph.resources);
            let open = open.filter_map(|(name, at)| {
                let unknown = Unknown::new(name?, Why::NoValue);
                Some(Verdict::Undecided(Undecided { rule, unknown, span: at.span }))
            });
            // No case of this input can be read.
            taken("Flag").is_none().then(|| Reading::new(&graph, open.collect(), alike))
        };
        let base = read(&Case::ANY, None).unwrap();
        explore(base, &read).undecided
    };
    assert_eq!(open_in_x("Env").len(), 0, "it is decided whatever it is");
    let told = open_in_x("Flag");
    let names = told.iter().flat_map(|it| it.unknown.inputs().map(|input| &*input.name));
    assert_eq!(names.collect::<Vec<_>>(), ["Flag", "the number of its cases"]);
}

/// What nothing notices is looked at where it can make a template that AWS refuses.
#[test]
fn what_needs_something_left_out_is_looked_at() {
    let with_group = |tag: &str| {
        let parameters = "  Env: {Type: String}\n";
        let text = template(
            parameters,
            "  Prod: !Equals [!Ref Env, prod]\n",
            "DependsOn: Vpc",
            "Condition: Prod",
        );
        let all = explored(&format!(
            "{text}  Group: {{Type: AWS::EC2::SecurityGroup, Properties: {{GroupDescription: x, Tags: [{{Key: a, Value: \
             {tag}}}]}}}}\n"
        ));
        all.findings.iter().filter(|it| it.finding.rule.id == "unassociated-rule").count()
    };
    assert_eq!(with_group("!Ref Vpc"), 1);
    assert_eq!(with_group("!Ref Association"), 0, "it cannot be deployed without");
    assert_eq!(with_group("!If [Prod, !Ref Association, b]"), 1);
}

/// A group is left alone only where all that may name it is seen.
#[test]
fn what_may_be_named_unseen_is_asked_about() {
    let unnoticed = |groups: &str, more: &str| {
        let written = Written::new(&format!(
            "Conditions: {{C: !Equals [!Ref P, a]}}\nParameters: {{P: {{Type: String}}}}\n{more}Resources:\n  G: \
             {{Type: AWS::EC2::SecurityGroup, Properties: {{GroupDescription: x}}}}\n  O: {{Type: \
             AWS::Route53Resolver::ResolverEndpoint, Properties: {{Direction: OUTBOUND, SecurityGroupIds: \
             {groups}}}}}\n"
        ));
        let stacks = written.stacks(&[]);
        let graph = stacks.load(&written.path, &Known::new(), Look::at_all()).unwrap();
        !Network::unnoticed(&graph).is_empty()
    };
    assert!(unnoticed("[sg-1]", ""));
    assert!(!unnoticed("[!If [C, sg-1, !Ref G]]", ""));
    let large = (0..70).fold("!Ref G".to_owned(), |inner, at| format!("!If [C, sg-{at}, {inner}]"));
    assert!(!unnoticed(&format!("[{large}]"), ""), "too large to keep");
    assert!(!unnoticed("[!GetAtt [!Ref P, GroupId]]", ""), "of a name that is chosen");
    assert!(!unnoticed("[sg-1]", "Transform: Mine\n"), "a macro may name it");
}

/// A rule with targets under conditions of a shape.
fn shaped(count: usize, resources: usize, property: impl Fn(usize) -> String) -> String {
    let mut text = String::from("Parameters:\n");
    for at in 0..count {
        let _ = writeln!(text, "  P{at}: {{Type: String}}");
    }
    text.push_str("Conditions:\n");
    for at in 0..count {
        let _ = writeln!(text, "  C{at}: !Equals [!Ref P{at}, \"true\"]");
    }
    text.push_str(
        "Resources:\n  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n",
    );
    for at in 0..resources {
        let _ = writeln!(text, "  R{at}:\n    Type: AWS::EC2::SecurityGroup\n    {}", property(at));
    }
    text
}

/// Each shape of 40 conditions, and how many cases are looked at.
#[test]
fn conditions_are_not_enumerated() {
    let group = |vpc: &str| format!("Properties: {{GroupDescription: x, VpcId: {vpc}}}");
    let nested = |from: usize| {
        (0..40).rev().fold("!Ref Vpc".to_owned(), |inner, at| {
            format!("!If [C{}, vpc-{at}, {inner}]", (at + from) % 40)
        })
    };
    let all: Vec<String> = (0..40).map(|at| format!("!Condition C{at}")).collect();
    let and = || {
        let ten = |at: usize| format!("!And [{}]", all[at * 10..at * 10 + 10].join(", "));
        format!("!And [{}, {}, {}, {}]", ten(0), ten(1), ten(2), ten(3))
    };
    for (name, text, cases) in [
        (
            "each its own",
            shaped(40, 500, |at| group(&format!("!If [C{}, vpc-1, !Ref Vpc]", at % 40))),
            81,
        ),
        ("nested", shaped(40, 500, |_| group(&nested(0))), 81),
        (
            "all on all",
            shaped(40, 500, |at| group(&format!("!If [All, vpc-{at}, !Ref Vpc]")))
                .replace("Resources:", &format!("  All: {}\nResources:", and())),
            3,
        ),
        (
            "existence",
            shaped(40, 500, |at| format!("Condition: C{}\n    {}", at % 40, group("!Ref Vpc"))),
            81,
        ),
    ] {
        // Groups that nothing names are not asked about.
        assert_eq!(explored(&text).cases, 1, "{name}");
        let all: Vec<_> = (0..500).map(|at| format!("!Ref R{at}")).collect();
        let endpoint = format!(
            "{text}  Out: {{Type: AWS::Route53Resolver::ResolverEndpoint, Properties: {{Direction: OUTBOUND, \
             SecurityGroupIds: [{}]}}}}\n",
            all.join(", ")
        );
        let explored = explored(&endpoint);
        println!("{name}: {} cases", explored.cases);
        assert_eq!(explored.cases, cases, "{name}: {}", explored.cases);
    }
}
