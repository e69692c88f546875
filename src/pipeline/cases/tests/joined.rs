//! Templates that are joined by exports, or nested in one another, are divided into cases as one would be.

use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{count, designs};
use crate::finding::Finding;

/// What a run says of templates, with under which condition; names of a root lose its path.
fn run(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let request = crate::Request { paths: vec![".".into()], ..crate::Request::default() };
    let run = crate::run(&request, folder.path()).unwrap();
    assert_eq!(run.failures, Vec::<String>::new());
    let one = |it: &Finding| format!("{} {} {}", it.rule.id, it.message, it.environments);
    let mut all: Vec<String> =
        run.outcome.findings.iter().map(|it| one(it).trim_end().to_owned()).collect();
    all.sort();
    all
}

const ZONE: &str = "Resources: {Zone: {Type: AWS::Route53::HostedZone, Properties: {Name: a.b, VPCs: [{VPCId: \
                    !ImportValue vpc, VPCRegion: eu-west-1}]}}}\n";

/// Templates that are joined by exports are divided into cases as one would be.
#[test]
fn joined_templates_are_divided() {
    let network = |resources: &str, value: &str| {
        format!(
            "Parameters: {{Mode: {{Type: String, AllowedValues: [private, public]}}}}\n\
             Conditions: {{Private: !Equals [!Ref Mode, private]}}\nResources:\n{resources}\
             Outputs: {{Vpc: {{Value: {value}, Export: {{Name: vpc}}}}}}\n"
        )
    };
    let vpc = |name: &str, hostnames: &str| {
        format!(
            "  {name}: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.0.0.0/16, EnableDnsHostnames: {hostnames}}}}}\n"
        )
    };
    let off = |name: &str, case: &str| {
        format!(
            "disabled-vpc-dns {name} has DNS hostnames off, so Zone does not answer there {case}"
        )
    };
    let public = "where Condition a.yaml/Private is false (a.yaml/Mode = public)";
    let one = network(&vpc("Vpc", "!If [Private, true, false]"), "!Ref Vpc");
    assert_eq!(run(&[("a.yaml", &one), ("b.yaml", ZONE)]), [off("Vpc", public)]);
    // What the other template is told hangs on the case.
    let two = vpc("On", "true") + &vpc("Off", "false");
    let two = network(&two, "!If [Private, !Ref On, !Ref Off]");
    assert_eq!(run(&[("a.yaml", &two), ("b.yaml", ZONE)]), [off("Off", public)]);
    // Parameters of one name are two: what needs both to be chosen is left to whoever does so.
    let head = "Parameters: {Mode: {Type: String, AllowedValues: [private, public]}}\n\
                Conditions: {Public: !Equals [!Ref Mode, public]}\n";
    let under = ZONE.replace("HostedZone,", "HostedZone, Condition: Public,");
    let under = format!("{head}{under}");
    assert_eq!(run(&[("a.yaml", &one), ("b.yaml", &under)]), [""; 0]);
    let on = network(&vpc("Vpc", "false"), "!Ref Vpc");
    let case = "under Condition b.yaml/Public (b.yaml/Mode = public)";
    assert_eq!(run(&[("a.yaml", &on), ("b.yaml", &under)]), [off("Vpc", case)]);
}

/// A template says the same when another one is joined to it.
#[test]
fn joining_changes_no_case() {
    let config = Config {
        cases: count().div_ceil(4),
        failure_persistence: None,
        max_shrink_iters: 16,
        ..Config::default()
    };
    let algorithm = proptest::test_runner::RngAlgorithm::ChaCha;
    let rng = proptest::test_runner::TestRng::deterministic_rng(algorithm);
    let under = AtomicUsize::new(0);
    TestRunner::new_with_rng(config, rng)
        .run(&designs(), |design| {
            let text = design.text();
            let exports = format!("{text}Outputs: {{Vpc: {{Value: !Ref Client, Export: {{Name: vpc}}}}}}\n");
            let other = "Resources: {Other: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x, VpcId: \
                         !ImportValue vpc}}}\n";
            let joined = run(&[("a.yaml", &exports), ("b.yaml", other)]);
            let joined: Vec<String> = joined.iter().map(|it| it.replace("a.yaml/", "")).collect();
            let alone = run(&[("a.yaml", &exports)]);
            under.fetch_add(alone.iter().filter(|it| it.contains(" Condition ")).count(), Ordering::Relaxed);
            prop_assert_eq!(joined, alone, "{}", text);
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
    assert!(under.into_inner() > 0);
}
