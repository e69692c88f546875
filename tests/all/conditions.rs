//! What each condition of a rule is for: designs on both of its sides, and all that the rule says of them.

use std::collections::BTreeSet;

use eksdns_lint::finding::Severity;

use crate::designs::{Design, designs};
use crate::support::Tree;

fn terraform() -> Vec<Design> {
    let (conditions, parts) =
        (include_str!("designs/conditions.tf"), include_str!("designs/parts.tf"));
    designs(conditions, parts, "main.tf")
}

fn cloudformation() -> Vec<Design> {
    let (conditions, parts) =
        (include_str!("designs/conditions.yaml"), include_str!("designs/parts.yaml"));
    designs(conditions, parts, "template.yaml")
}

/// What is not as the design wants it: of its own rule every word counts, of the others what is loud.
fn faults(design: &Design) -> Vec<String> {
    let (rule, _) = design.name.split_once(": ").expect("a name begins with the rule");
    let told = design.told();
    let (own, others): (Vec<_>, Vec<_>) = told.iter().partition(|one| one.found.0 == rule);
    let loud = others.into_iter().filter(|one| one.severity >= Severity::Warning);
    let mut found: Vec<_> = own.iter().copied().chain(loud).map(|one| one.found.clone()).collect();
    found.sort();
    let mut expected = design.expected.clone();
    expected.sort();
    let mut faults = Vec::new();
    if found != expected {
        faults.push(format!("expected {expected:?}\n    found    {found:?}"));
    }
    let open: BTreeSet<_> =
        design.run(|run| run.outcome.undecided.iter().map(|one| one.rule.id).collect());
    let is_open = design.also.iter().any(|(sign, _)| *sign == '?');
    if open.contains(rule) != is_open {
        faults.push(format!("open verdicts are {open:?}"));
    }
    for (sign, text) in &design.also {
        let is_told = own.iter().any(|one| one.words.contains(text));
        match sign {
            '+' if !is_told => faults.push(format!("not told: {text}\n    but {own:?}")),
            '~' if is_told => faults.push(format!("told: {text}")),
            '?' if text != rule => faults.push(format!("{text} is not the rule of the design")),
            _ => {}
        }
    }
    faults
}

#[test]
fn a_rule_says_of_each_design_what_stands_there() {
    let mut wrong = Vec::new();
    for design in terraform().iter().chain(&cloudformation()) {
        let faults = faults(design);
        if !faults.is_empty() {
            let file = &design.files[0].0;
            wrong.push(format!("{file} {}:\n    {}", design.name, faults.join("\n    ")));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_design_is_in_both_languages() {
    let names = |all: &[Design]| -> BTreeSet<String> {
        let both = all.iter().filter(|design| !design.name.ends_with(" alone)"));
        both.map(|design| design.name.clone()).collect()
    };
    let (one, other) = (names(&terraform()), names(&cloudformation()));
    assert_eq!(one.symmetric_difference(&other).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// What may or may not be there, and is in no case, is said not to be seen; what a case decides is judged in it.
#[test]
fn what_may_not_be_there_is_not_passed_over_in_silence() {
    let terraform = |count: &str| {
        format!(
            "variable \"on\" {{}}\nresource \"aws_route53_resolver_rule\" \"r\" {{\n  count = {count}\n  domain_name = \
             \"corp.example\"\n  rule_type = \"FORWARD\"\n  resolver_endpoint_id = \"rslvr-out-1\"\n  target_ip {{\n    ip \
             = \"172.16.0.53\"\n  }}\n}}\n"
        )
    };
    let cloudformation = |condition: &str| {
        format!(
            "Parameters: {{On: {{Type: String}}}}\nConditions: {{C: {condition}}}\nResources:\n  Vpc: {{Type: \
             AWS::EC2::VPC, Properties: {{CidrBlock: 10.0.0.0/16}}}}\n  R:\n    Type: \
             AWS::Route53Resolver::ResolverRule\n    Condition: C\n    Properties: {{RuleType: FORWARD, DomainName: \
             corp.example, ResolverEndpointId: rslvr-out-1, TargetIps: [{{Ip: 172.16.0.53}}]}}\n"
        )
    };
    let table = [
        (
            "main.tf",
            terraform("var.on ? 1 : 0"),
            Some(
                "aws_route53_resolver_rule.r (may or may not be there: var.on has no value in the code)",
            ),
        ),
        ("main.tf", terraform("1"), None),
        ("main.tf", terraform("0"), None),
        (
            "t.yaml",
            cloudformation("!Equals [!Ref On, !Ref Vpc]"),
            Some("R (may or may not be there: On has no value in the code; Vpc"),
        ),
        ("t.yaml", cloudformation("!Equals [!Ref On, \"true\"]"), None),
        ("t.yaml", cloudformation("!Equals [a, b]"), None),
    ];
    for (file, text, told) in table {
        let tree = Tree::new(&[(file, &text)]);
        let out = tree.run(&[]).stdout;
        let json: serde_json::Value =
            serde_json::from_str(&tree.run(&["--format", "json"]).stdout).unwrap();
        assert_eq!(json.get("unseen").is_some(), told.is_some(), "{text}");
        match told {
            Some(told) => assert!(out.contains(&format!("not seen: {told}")), "{text}: {out}"),
            None => assert!(!out.contains("not seen"), "{text}: {out}"),
        }
    }
}

/// However many reasons there are, those that most hangs on are told and the rest is counted.
#[test]
fn many_reasons_why_something_is_not_seen_are_counted() {
    let one = |at: usize| {
        let more =
            if at == 5 { "resource \"aws_vpc\" \"more\" {\n  count = var.v5\n}\n" } else { "" };
        format!(
            "variable \"v{at}\" {{}}\nresource \"aws_vpc\" \"a{at}\" {{\n  count = var.v{at}\n}}\n{more}"
        )
    };
    let text: String = (0..7).map(one).collect();
    let tree = Tree::new(&[("main.tf", &text)]);
    let out = tree.run(&[]).stdout;
    let lines: Vec<_> = out.lines().filter(|line| line.starts_with("not seen: ")).collect();
    assert_eq!(lines.len(), 5, "{out}");
    assert!(lines[0].starts_with("not seen: aws_vpc.a5, aws_vpc.more (may"), "{out}");
    assert_eq!(lines[4], "not seen: 3 more (3 other reasons)");
}

/// A reason is cut as that of a verdict is; JSON has all of it.
#[test]
fn a_long_reason_why_something_is_not_seen_is_cut() {
    let name = "n".repeat(200);
    let text = format!(
        "variable \"{name}\" {{}}\nresource \"aws_vpc\" \"a\" {{\n  count = var.{name}\n}}\n"
    );
    let tree = Tree::new(&[("main.tf", &text)]);
    let out = tree.run(&[]).stdout;
    let line = out.lines().find(|line| line.starts_with("not seen: ")).unwrap();
    assert!(line.ends_with("nnn…)") && line.chars().count() < 200, "{line}");
    assert!(tree.run(&["--format", "json"]).stdout.contains(&format!("{name} has no value")));
}
