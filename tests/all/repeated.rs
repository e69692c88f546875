//! What a block that is repeated leads to: one finding, which says where else it holds.

use eksdns_lint::finding::Finding;
use eksdns_lint::{Options, check};

use crate::support::Tree;

fn findings(text: &str) -> Vec<Finding> {
    let tree = Tree::new(&[("main.tf", text)]);
    let top = tree.path("");
    let run = check(std::slice::from_ref(&top), &top, Options::default()).unwrap();
    run.outcome.findings.into_iter().filter(|one| one.rule.id == "unassociated-rule").collect()
}

/// So many rules that nobody is associated with.
fn rules(name: &str, count: usize) -> String {
    format!(
        "resource \"aws_route53_resolver_rule\" \"{name}\" {{\n  count = {count}\n  domain_name = \
         \"${{count.index}}.{name}.example\"\n  rule_type = \"FORWARD\"\n  resolver_endpoint_id = \
         \"rslvr-out-0aaaaaaaaaaaaaaaa\"\n  target_ip {{\n    ip = \"192.168.0.53\"\n  }}\n}}\n"
    )
}

#[test]
fn names_three_and_counts_the_others() {
    for (count, likewise) in [
        (1, ""),
        (2, " (likewise aws_route53_resolver_rule.corp[1])"),
        (
            4,
            " (likewise aws_route53_resolver_rule.corp[1], aws_route53_resolver_rule.corp[2], \
             aws_route53_resolver_rule.corp[3])",
        ),
        (
            6,
            " (likewise aws_route53_resolver_rule.corp[1], aws_route53_resolver_rule.corp[2], \
             aws_route53_resolver_rule.corp[3] and 2 more)",
        ),
    ] {
        let found = findings(&rules("corp", count));
        assert_eq!(found.len(), 1, "{count} rules of one block");
        let message = &found[0].message;
        let expected = format!(
            "no VPC is associated with aws_route53_resolver_rule.corp[0]: the rule has no effect{likewise}"
        );
        assert_eq!(*message, expected);
        let subjects: Vec<_> =
            (0..count).map(|at| format!("aws_route53_resolver_rule.corp[{at}]")).collect();
        assert_eq!(found[0].subjects, subjects);
    }
}

#[test]
fn two_blocks_are_two_findings() {
    let found = findings(&(rules("corp", 2) + &rules("lab", 3)));
    let told: Vec<_> = found.iter().map(|one| one.subjects.len()).collect();
    assert_eq!(told, [2, 3]);
    for one in &found {
        let own = one.message.matches("aws_route53_resolver_rule.").count();
        assert_eq!(own, one.subjects.len(), "{}", one.message);
    }
}

/// A label that several steps would put at one place stands there once, and none where the finding itself stands.
#[test]
fn each_place_has_one_label() {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folders = std::fs::read_dir(top).unwrap().map(|entry| entry.unwrap().path());
    let (mut seen, mut labelled) = (0, 0);
    for path in folders.map(|folder| folder.join("flag.tf")).filter(|path| path.exists()) {
        let run = check(std::slice::from_ref(&path), &path, Options::default());
        let run = run.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for finding in &run.outcome.findings {
            let mut places: Vec<_> = finding.labels.iter().map(|label| label.span).collect();
            labelled += usize::from(places.len() > 1);
            places.push(finding.primary.span);
            let all = places.len();
            places.sort();
            places.dedup();
            assert_eq!(places.len(), all, "{}: {finding:?}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 40 && labelled > 20, "{seen} findings, {labelled} of them with further places");
}
