//! What holds of every design: both languages say the same, and knowing less never says more.

mod styles;
mod surroundings;
mod topology;

use std::collections::BTreeMap;

use eksdns_lint::finding::{Finding, Severity};
use eksdns_lint::{Options, check};
use proptest::prelude::*;
use regex::Regex;

use crate::support::{Tree, property};
use styles::styles;
use surroundings::{cloudformation_roots, terraform_roots};
use topology::{Blocks, topologies};

fn findings(name: &str, text: &str) -> Vec<Finding> {
    findings_in(&[(name, text)])
}

fn findings_in(files: &[(&str, &str)]) -> Vec<Finding> {
    let tree = Tree::new(files);
    let top = tree.path("");
    let run = check(std::slice::from_ref(&top), &top, Options::default()).unwrap();
    assert_eq!(run.failures, Vec::<String>::new(), "{files:?}");
    run.outcome.findings
}

fn rules(findings: &[Finding]) -> Vec<(&'static str, Severity)> {
    let mut rules: Vec<_> = findings.iter().map(|one| (one.rule.id, one.severity)).collect();
    rules.sort_unstable();
    rules
}

fn terraform(blocks: &Blocks) -> Vec<(&'static str, Severity)> {
    rules(&findings("main.tf", &blocks.join("\n")))
}

fn cloudformation(blocks: &Blocks) -> Vec<(&'static str, Severity)> {
    rules(&findings("template.yaml", &format!("Resources:\n{}", blocks.join(""))))
}

/// The worst severity of each rule, at warning or above.
fn worst(rules: &[(&'static str, Severity)]) -> BTreeMap<&'static str, Severity> {
    let mut worst = BTreeMap::new();
    for (rule, severity) in rules.iter().filter(|(_, severity)| *severity >= Severity::Warning) {
        let one = worst.entry(*rule).or_insert(*severity);
        *one = (*one).max(*severity);
    }
    worst
}

/// Every resource under another name, in the other order of the alphabet.
fn renamed_terraform(blocks: &Blocks) -> Blocks {
    let declared = Regex::new(r#"resource "(\w+)" "(\w+)""#).unwrap();
    let mut text = blocks.join(SEAM);
    let names: std::collections::BTreeSet<_> =
        declared.captures_iter(&text).map(|it| (it[1].to_owned(), it[2].to_owned())).collect();
    for (at, (kind, name)) in names.iter().rev().enumerate() {
        let uses = Regex::new(&format!(r#"\b{kind}(\.|" "){name}\b"#)).unwrap();
        text = uses.replace_all(&text, format!("{kind}${{1}}n{at:03}")).into_owned();
    }
    text.split(SEAM).map(str::to_owned).collect()
}

fn renamed_cloudformation(blocks: &Blocks) -> Blocks {
    let declared = Regex::new(r"(?m)^  (\w+):$").unwrap();
    let mut text = blocks.join(SEAM);
    let names: std::collections::BTreeSet<_> =
        declared.captures_iter(&text).map(|it| it[1].to_owned()).collect();
    for (at, name) in names.iter().rev().enumerate() {
        let uses = Regex::new(&format!(r"(?m)(^  |!Ref |!GetAtt |\$\{{){name}\b")).unwrap();
        text = uses.replace_all(&text, format!("${{1}}N{at:03}")).into_owned();
    }
    text.split(SEAM).map(str::to_owned).collect()
}

/// What stands between blocks while they are one text.
const SEAM: &str = "\n# next\n";

proptest! {
    #![proptest_config(property(96))]

    #[test]
    fn both_languages_say_the_same(topology in topologies()) {
        prop_assert_eq!(
            terraform(&topology.terraform()),
            cloudformation(&topology.cloudformation())
        );
    }

    #[test]
    fn a_style_changes_nothing((topology, style) in (topologies(), styles())) {
        // What a loop repeats is one finding in Terraform.
        let told = |mut rules: Vec<(&'static str, Severity)>| {
            rules.dedup();
            rules
        };
        let plain = told(terraform(&topology.terraform()));
        let main = style.terraform(topology.terraform());
        prop_assert_eq!(&told(rules(&findings("main.tf", &main))), &plain, "{}", main);
        let template = style.cloudformation(topology.cloudformation());
        prop_assert_eq!(told(rules(&findings("template.yaml", &template))), plain, "{}", template);
    }

    #[test]
    fn two_roots_say_what_one_says(topology in topologies()) {
        // A VPC that is handed out to the other root may be joined to another one elsewhere: that is open then.
        let told = |mut all: Vec<(&'static str, Severity)>| {
            let before = all.len();
            all.retain(|(rule, _)| *rule != "unconnected-vpcs");
            (all.len() < before, all)
        };
        let (apart, one) = told(terraform(&topology.terraform()));
        let (network, eks) = terraform_roots(topology.terraform());
        let roots = findings_in(&[("network/main.tf", &*network), ("eks/main.tf", &*eks)]);
        let (roots_apart, roots) = told(rules(&roots));
        prop_assert_eq!(&roots, &one, "{}\n{}", network, eks);
        let (network, eks) = cloudformation_roots(topology.cloudformation());
        let stacks = findings_in(&[("network.yaml", &*network), ("eks.yaml", &*eks)]);
        let (stacks_apart, stacks) = told(rules(&stacks));
        prop_assert_eq!(stacks, roots, "{}\n{}", network, eks);
        prop_assert!(apart || !(roots_apart || stacks_apart), "{}\n{}", network, eks);
    }

    #[test]
    fn order_means_nothing(
        (topology, seed) in (topologies(), any::<u64>()),
    ) {
        for (blocks, judge) in [
            (topology.terraform(), terraform as fn(&Blocks) -> _),
            (topology.cloudformation(), cloudformation as fn(&Blocks) -> _),
        ] {
            let mut shuffled = blocks.clone();
            let mut state = seed | 1;
            for at in (1..shuffled.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let other = usize::try_from(state >> 33).unwrap() % (at + 1);
                shuffled.swap(at, other);
            }
            prop_assert_eq!(judge(&blocks), judge(&shuffled));
        }
    }

    #[test]
    fn names_mean_nothing(topology in topologies()) {
        for (blocks, renamed, judge) in [
            (topology.terraform(), renamed_terraform as fn(&Blocks) -> Blocks, terraform as fn(&Blocks) -> _),
            (topology.cloudformation(), renamed_cloudformation, cloudformation as fn(&Blocks) -> _),
        ] {
            let other = renamed(&blocks);
            prop_assert_ne!(&other, &blocks);
            prop_assert_eq!(judge(&other), judge(&blocks), "{}", other.concat());
        }
    }

    #[test]
    fn files_and_modules_mean_nothing(topology in topologies()) {
        let blocks = topology.terraform();
        let whole = terraform(&blocks);
        let names: Vec<_> = (0..blocks.len()).map(|at| format!("part{at}.tf")).collect();
        let parts: Vec<_> = names.iter().zip(&blocks).map(|(name, block)| (&**name, &**block)).collect();
        prop_assert_eq!(rules(&findings_in(&parts)), whole.clone());
        let call = "module \"all\" {\n  source = \"./all\"\n}\n";
        let wrapped = findings_in(&[("main.tf", call), ("all/main.tf", &blocks.join("\n"))]);
        prop_assert_eq!(rules(&wrapped), whole);
        let blocks = topology.cloudformation();
        let stack = "Resources:\n  All:\n    Type: AWS::CloudFormation::Stack\n    \
                     Properties: {TemplateURL: ./all.yaml}\n";
        let nested = format!("Resources:\n{}", blocks.concat());
        let wrapped = findings_in(&[("template.yaml", stack), ("all.yaml", &nested)]);
        prop_assert_eq!(rules(&wrapped), cloudformation(&blocks));
    }

    #[test]
    fn an_unknown_adds_no_finding(
        (topology, at) in (topologies(), any::<prop::sample::Index>()),
    ) {
        let text = topology.terraform().join("\n");
        let before = worst(&rules(&findings("main.tf", &text)));
        let literal = Regex::new(r#"= \[?("[^"]*"|true|false|\d+)\]?\n"#).unwrap();
        let places: Vec<_> =
            literal.captures_iter(&text).map(|found| found.get(1).unwrap().range()).collect();
        let place = places[at.index(places.len())].clone();
        let open = format!("{}var.open{}variable \"open\" {{}}\n", &text[..place.start], &text[place.end..]);
        let after = worst(&rules(&findings("main.tf", &open)));
        for (rule, severity) in &after {
            prop_assert!(
                before.get(rule).is_some_and(|known| known >= severity),
                "{} became unknown: {rule} {severity} was {:?}\n{open}",
                &text[place.clone()],
                before.get(rule)
            );
        }
    }
}

/// Pieces of figure 4 that nothing else stands in for, as patterns over its two writings.
const NEEDED: [(&str, &str); 8] = [
    (
        r#"resource "aws_route53_resolver_rule_association" "eks" \{(.|\n)*?\n\}\n"#,
        "  EksRuleShared:(.|\n)*",
    ),
    (
        r#"resource "aws_route" "shared_to_eks" \{(.|\n)*?\n\}\n"#,
        "  SharedToEks:(.|\n)*?Ref SharedEks\n",
    ),
    (
        r#"resource "aws_route" "eks_to_shared" \{(.|\n)*?\n\}\n"#,
        "  EksToShared:(.|\n)*?Ref SharedEks\n",
    ),
    (
        r#"resource "aws_vpc_security_group_ingress_rule" "client" \{(.|\n)*?\n\}\n"#,
        "  Client:(.|\n)*?Shared.CidrBlock\n",
    ),
    (r#"  dynamic "ingress" \{(.|\n)*?\n  \}\n"#, r"      SecurityGroupIngress:\n(\s+- .*\n)+"),
    (r#"  dynamic "egress" \{(.|\n)*?\n  \}\n"#, r"(\s+- \{IpProtocol.*0.0.0.0/0\})+"),
    (r"(10.2.0.0/16.\n)  enable_dns_hostnames = true\n", "(10.2.0.0/16), EnableDnsHostnames: true"),
    (r"    endpoint_private_access = true\n", r"        EndpointPrivateAccess: true\n"),
];

#[test]
fn every_piece_of_figure_4_is_needed() {
    let home = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/figures/4");
    for (index, name) in ["main.tf", "template.yaml"].into_iter().enumerate() {
        let whole = std::fs::read_to_string(home.join(name)).unwrap();
        assert_eq!(rules(&findings(name, &whole)), [], "{name}");
        for needed in NEEDED {
            let pattern = [needed.0, needed.1][index];
            let with = match pattern {
                _ if pattern.starts_with("(10") => "$1",
                _ if pattern.contains("IpProtocol") => " [{IpProtocol: icmp, CidrIp: 0.0.0.0/0}]",
                _ => "",
            };
            let without = Regex::new(pattern).unwrap().replace(&whole, with);
            assert_ne!(without, whole, "{name} has {pattern}");
            let found = rules(&findings(name, &without));
            let errors = found.iter().filter(|(_, severity)| *severity == Severity::Error).count();
            assert!(errors >= 1, "{name} without {pattern}: {found:?}");
        }
    }
}
