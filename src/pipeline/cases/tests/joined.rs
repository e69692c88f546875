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

/// What one template is in a case is so for its own parameters, and under the names that it always has.
#[test]
fn joined_templates_keep_their_parameters_and_names() {
    let parameters = "Parameters: {Mode: {Type: String, AllowedValues: [private, public]}}\n\
                      Conditions: {Private: !Equals [!Ref Mode, private]}\n";
    let rule = |under: &str| {
        format!(
            "  Rule: {{Type: AWS::Route53Resolver::ResolverRule, {under}Properties: {{RuleType: FORWARD, DomainName: \
             corp.example, ResolverEndpointId: rslvr-out-1, TargetIps: [{{Ip: 172.16.0.53}}]}}}}\n"
        )
    };
    let association = "  Association: {Type: AWS::Route53Resolver::ResolverRuleAssociation, Condition: Private, \
                       Properties: {ResolverRuleId: !Ref Rule, VPCId: !ImportValue vpc}}\n";
    let vpc = "  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n";
    let export = "Outputs: {Vpc: {Value: !Ref Vpc, Export: {Name: vpc}}}\n";
    // Each has a rule, the first under a condition; the second is associated under one of the same name, or never.
    let a = format!("{parameters}Resources:\n{vpc}{}{export}", rule("Condition: Private, "));
    let told = |other: &str, case: &str| {
        let b = format!("{parameters}Resources:\n{}{other}", rule(""));
        let of = |file: &str, case: &str| {
            let rule =
                format!("no VPC is associated with {file}/Rule: the rule has no effect {case}");
            format!("unassociated-rule {}", rule.trim_end())
        };
        let private = "under Condition a.yaml/Private (a.yaml/Mode = private)";
        let expected = [of("a.yaml", private), of("b.yaml", case)];
        assert_eq!(run(&[("a.yaml", &a), ("b.yaml", &b)]), expected);
    };
    told(association, "where Condition b.yaml/Private is false (b.yaml/Mode = public)");
    let group = "  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: x, VpcId: !ImportValue vpc}}\n";
    told(group, "");
}

/// What the operator may give or leave out is so for a template that it is passed on to.
#[test]
fn what_is_left_out_is_left_out_of_a_nested_stack() {
    let outer = "Parameters: {Resolver: {Type: String, Default: \"\"}}\nResources:\n  Inner: {Type: \
                 AWS::CloudFormation::Stack, Properties: {TemplateURL: inner.yaml, Parameters: {Mode: !Ref Resolver}}}\n";
    let inner = |association| {
        super::template(
            "  Mode: {Type: String}\n",
            "  Given: !Not [!Equals [!Ref Mode, \"\"]]\n  Not: !Not [!Condition Given]\n",
            "DependsOn: Vpc",
            association,
        )
    };
    let told = |association, case| {
        let found = run(&[("outer.yaml", outer), ("inner.yaml", &inner(association))]);
        let expected =
            "unassociated-rule no VPC is associated with Inner.Rule: the rule has no effect";
        assert_eq!(found, [format!("{expected} {case}")]);
    };
    told("Condition: Given", "under Condition Inner.Not (Resolver = \"\")");
    told("Condition: Not", "under Condition Inner.Given (Resolver is not \"\")");
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
