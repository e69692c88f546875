//! What must never change an answer, on random sets of rules, zones and firewall lists.

use super::{ask, terraform};
use crate::differential::Random;
use crate::support::cases;

const NAMES: [&str; 8] = [
    "example",
    "corp.example",
    "east.corp.example",
    "db.east.corp.example",
    "west.corp.example",
    "org",
    "www.org",
    "other",
];

/// Blocks of one VPC: rules, zones and what blocks names, with different domains where AWS wants that.
fn blocks(random: &mut Random) -> Vec<String> {
    let mut all = vec![
        "resource \"aws_vpc\" \"a\" {\n  cidr_block = \"10.0.0.0/16\"\n  enable_dns_hostnames = true\n}\n".to_owned(),
    ];
    for (at, domain) in NAMES.iter().enumerate() {
        if random.below(10) < 4 {
            all.push(rule(at, domain));
        }
        if random.below(10) < 3 {
            all.push(zone(at, domain, random.pick(&NAMES)));
        }
    }
    all
}

fn rule(at: usize, domain: &str) -> String {
    format!(
        "resource \"aws_route53_resolver_rule\" \"r{at}\" {{\n  domain_name = \"{domain}\"\n  rule_type = \
         \"FORWARD\"\n  target_ip {{ ip = \"192.0.2.{at}\" }}\n}}\nresource \
         \"aws_route53_resolver_rule_association\" \"r{at}\" {{\n  resolver_rule_id = \
         aws_route53_resolver_rule.r{at}.id\n  vpc_id = aws_vpc.a.id\n}}\n"
    )
}

fn zone(at: usize, domain: &str, record: &str) -> String {
    format!(
        "resource \"aws_route53_zone\" \"z{at}\" {{\n  name = \"{domain}\"\n  vpc {{ vpc_id = aws_vpc.a.id }}\n}}\n\
         resource \"aws_route53_record\" \"z{at}\" {{\n  zone_id = aws_route53_zone.z{at}.id\n  name = \
         \"{record}\"\n  type = \"A\"\n  records = [\"10.0.0.9\"]\n}}\n"
    )
}

fn answers(blocks: &[String]) -> Vec<String> {
    let network = terraform(&blocks.concat());
    NAMES.iter().map(|name| ask(&network, "aws_vpc.a", &format!("x.{name}"))).collect()
}

#[test]
fn order_changes_nothing() {
    for seed in 0..u64::from(cases(25)) {
        let mut random = Random::new(seed);
        let mut blocks = blocks(&mut random);
        let before = answers(&blocks);
        for at in (1..blocks.len()).rev() {
            blocks.swap(at, random.below(at + 1));
        }
        assert_eq!(answers(&blocks), before, "seed {seed}");
    }
}

#[test]
fn a_rule_changes_nothing_outside_its_domain() {
    for seed in 0..u64::from(cases(25)) {
        let mut random = Random::new(seed);
        let mut blocks = blocks(&mut random);
        let before = answers(&blocks);
        let domain = format!("new.{}", random.pick(&NAMES));
        blocks.push(rule(99, &domain));
        assert_eq!(answers(&blocks), before, "seed {seed}: {domain}");
        let network = terraform(&blocks.concat());
        let inside = ask(&network, "aws_vpc.a", &format!("x.{domain}"));
        assert_eq!(inside, "192.0.2.99: internet", "seed {seed}: {domain}");
    }
}

/// What becomes unknown may leave an answer open, and never gives another.
#[test]
fn the_unknown_never_gives_another_answer() {
    let literal =
        regex::Regex::new(r#""(192\.0\.2\.\d+|FORWARD|A|[a-z.]*(example|org|other))"|true"#)
            .unwrap();
    let mut open = 0;
    for seed in 0..u64::from(cases(15)) {
        let mut random = Random::new(seed);
        let text = blocks(&mut random).concat();
        let before = answers(std::slice::from_ref(&text));
        let places: Vec<_> = literal.find_iter(&text).map(|found| found.range()).collect();
        for place in places {
            let mut changed = text.clone();
            changed.replace_range(place.clone(), "var.unknown");
            changed.push_str("variable \"unknown\" {}\n");
            for (was, is) in before.iter().zip(answers(&[changed])) {
                assert!(
                    is == "undecided" || is == *was,
                    "seed {seed}: {} gives {is}, was {was}\n{text}",
                    &text[place.clone()]
                );
                open += usize::from(is == "undecided");
            }
        }
    }
    assert!(open > 100, "{open}");
}
