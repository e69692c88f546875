//! What is said in all cases at once against what is said with each choice of parameters given.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::told::{Guarded, fault, without_milder};
use super::{Alike, Explored, Reading, explore};
use crate::checks;
use crate::cloudformation::{Inputs, Stacks, Values, parse};
use crate::dns::{Assumptions, Dns};
use crate::finding::{Finding, Severity};
use crate::graph::{Case, Graph, Known, Look, Taken};
use crate::network::Network;
use crate::source::Workspace;
use crate::unknown::{Operand, Symbol, Why};

mod bounds;
mod contradictions;
mod joined;
mod optional;

/// A template in a folder of its own.
struct Written {
    workspace: Workspace,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

impl Written {
    fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("t.yaml");
        std::fs::write(&path, text).unwrap();
        let workspace = Workspace::new(path.parent().unwrap(), path.parent().unwrap()).unwrap();
        Self { workspace, path, _folder: folder }
    }

    fn stacks(&self, given: &[(String, String)]) -> Stacks {
        let values = Values { given: given.to_vec(), ..Values::default() };
        let inputs = Inputs::read(&self.workspace, &values).0;
        let file = self.workspace.read(&self.path).unwrap();
        let template = parse(&self.workspace, file).unwrap();
        Stacks::new(
            &self.workspace,
            vec![(self.path.clone(), template)],
            Vec::new(),
            inputs,
            BTreeMap::new(),
        )
    }

    /// What it says in all cases.
    fn explored(&self) -> Explored {
        self.explored_with(&[])
    }

    /// What it says in all cases with the values of some parameters.
    fn explored_with(&self, values: &[(String, String)]) -> Explored {
        let stacks = self.stacks(values);
        let graph = |look: Look<'_>| stacks.load(&self.path, &Known::new(), look).unwrap();
        explore(reading(&graph(Look::at_all()), None), &|case, alike| {
            Some(reading(&graph(Alike::look(alike, case)), alike))
        })
    }

    /// What it says with the values of all parameters.
    fn given(&self, values: &[(String, String)]) -> Reading {
        reading(&self.stacks(values).load(&self.path, &Known::new(), Look::at_all()).unwrap(), None)
    }
}

fn reading(graph: &Graph, alike: Option<&Alike>) -> Reading {
    let network = Network::new(graph);
    let dns = Dns::new(&network, Assumptions::default());
    let said = checks::ALL.iter().filter_map(|check| checks::run(&dns, check, |_| true).ok());
    Reading::new(graph, said.flatten().collect(), alike)
}

fn explored(text: &str) -> Explored {
    Written::new(text).explored()
}

type Faults = BTreeMap<String, Severity>;

fn worst<'f>(findings: impl Iterator<Item = &'f Finding>) -> Faults {
    let mut faults = Faults::new();
    for finding in findings {
        let worst = faults.entry(format!("{:?}", fault(finding))).or_insert(finding.severity);
        *worst = finding.severity.max(*worst);
    }
    faults
}

/// The parameters of the random templates, and what each is given: `other` stands for all else.
const PARAMETERS: [(&str, &[&str]); 4] = [
    ("Env", &["dev", "prod"]),
    ("Mode", &["private", "public", "other"]),
    ("Size", &["", "other"]),
    ("Tier", &["one", "two", "three"]),
];

/// The parts of the template that may stand under a condition: as they are, and as they may be besides.
const PARTS: [(&str, &[&str]); 14] = [
    ("EnableDnsHostnames: true", &["EnableDnsHostnames: false", ""]),
    ("Direction: INBOUND", &["Direction: OUTBOUND"]),
    (
        "TargetIps: [{Ip: 10.2.0.10}, {Ip: 10.2.1.10}]",
        &["TargetIps: [{Ip: 10.2.0.10}]", "TargetIps: [{Ip: 10.2.9.9}]"],
    ),
    ("EndpointPrivateAccess: true", &["EndpointPrivateAccess: false", ""]),
    ("VPCId: !Ref Client", &["VPCId: !Ref Eks"]),
    ("ResolverEndpointId: !Ref Outbound", &["ResolverEndpointId: !Ref Inbound"]),
    ("DestinationCidrBlock: !GetAtt Eks.CidrBlock", &["DestinationCidrBlock: 10.9.0.0/16"]),
    ("DestinationCidrBlock: !GetAtt Client.CidrBlock", &["DestinationCidrBlock: 10.9.0.0/16"]),
    ("FromPort: 443", &["FromPort: 444"]),
    ("CidrIp: 10.1.0.0/16", &["CidrIp: 10.8.0.0/16"]),
    (
        "SubnetId: !Ref ClientA, RouteTableId: !Ref ClientTable",
        &["SubnetId: !Ref ClientA, RouteTableId: !Ref EksTable"],
    ),
    (
        "DomainName: eks.amazonaws.com",
        &["DomainName: \"https://eks.amazonaws.com\"", "DomainName: example.org"],
    ),
    ("EndpointPublicAccess: false", &["EndpointPublicAccess: true"]),
    ("GroupDescription: idle", &["GroupDescription: !Ref Association"]),
];

/// The resources that may stand under a condition.
const RESOURCES: [&str; 10] = [
    "ToEks",
    "ToClient",
    "EksTableOfA",
    "Rule",
    "Association",
    "Api",
    "Inbound",
    "Peering",
    "Cluster",
    "Idle",
];

const TEMPLATE: &str = include_str!("design.yaml");

/// Which condition stands where.
#[derive(Debug, Clone)]
struct Design {
    conditions: Vec<String>,
    /// Whether the parameter that may be empty is so by default.
    optional: bool,
    /// A rule's condition, and what it asserts then.
    rule: Option<(String, String)>,
    /// A part, its other form, and the conditions: of two the second is within the first.
    parts: Vec<(usize, usize, usize, Option<usize>)>,
    resources: Vec<(usize, usize)>,
    /// An element of a list that is left out.
    element: Option<(usize, bool)>,
}

fn condition(at: usize) -> impl Strategy<Value = String> {
    let atom = (0..PARAMETERS.len()).prop_flat_map(|parameter| {
        let (name, values) = PARAMETERS[parameter];
        proptest::sample::select(values.to_vec()).prop_map(move |value| {
            let value = if value == "other" { "private" } else { value };
            format!("!Equals [!Ref {name}, \"{value}\"]")
        })
    });
    let equality = (0..PARAMETERS.len(), 0..PARAMETERS.len()).prop_map(|(one, other)| {
        format!("!Equals [!Ref {}, !Ref {}]", PARAMETERS[one].0, PARAMETERS[other].0)
    });
    let atom = prop_oneof![6 => atom, 1 => equality];
    let leaf = match at {
        0 => atom.boxed(),
        _ => prop_oneof![atom, (0..at).prop_map(|other| format!("!Condition C{other}"))].boxed(),
    };
    leaf.prop_recursive(2, 4, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| format!("!Not [{one}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("!And [{a}, {b}]")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("!Or [{a}, {b}]")),
        ]
    })
}

fn designs() -> impl Strategy<Value = Design> {
    (1..=5usize).prop_flat_map(|count| {
        let conditions: Vec<_> = (0..count).map(|at| condition(at).boxed()).collect();
        let part = (0..PARTS.len()).prop_flat_map(move |part| {
            (Just(part), 0..PARTS[part].1.len(), 0..count, proptest::option::of(0..count))
        });
        let resource = (0..RESOURCES.len(), 0..count);
        let parts = proptest::collection::vec(part, 0..3);
        let resources = proptest::collection::vec(resource, 0..3);
        let element = proptest::option::of((0..count, any::<bool>()));
        let rule = proptest::option::weighted(0.3, (condition(0), condition(0)));
        (conditions, any::<bool>(), rule, parts, resources, element).prop_map(
            |(conditions, optional, rule, parts, resources, element)| Design {
                conditions,
                optional,
                rule,
                parts,
                resources,
                element,
            },
        )
    })
}

impl Design {
    fn text(&self) -> String {
        let mut text = String::from("Parameters:\n");
        for (name, values) in PARAMETERS {
            let closed = !values.contains(&"other");
            let allowed = if closed {
                format!(", AllowedValues: [{}]", values.join(", "))
            } else {
                String::new()
            };
            let default =
                if self.optional && values.contains(&"") { ", Default: \"\"" } else { "" };
            let _ = writeln!(text, "  {name}: {{Type: String{allowed}{default}}}");
        }
        if let Some((condition, assertion)) = &self.rule {
            let _ = writeln!(
                text,
                "Rules:\n  R:\n    RuleCondition: {condition}\n    Assertions:\n      - Assert: {assertion}"
            );
        }
        text.push_str("Conditions:\n");
        for (at, condition) in self.conditions.iter().enumerate() {
            let _ = writeln!(text, "  C{at}: {condition}");
        }
        let mut body = TEMPLATE.to_owned();
        let mut done = BTreeSet::new();
        for &(part, other, first, second) in self.parts.iter().filter(|it| done.insert(it.0)) {
            let (from, others) = PARTS[part];
            assert!(body.contains(from), "{from}");
            let (key, value) = from
                .rsplit_once(": ")
                .filter(|_| !from.contains('{'))
                .unwrap_or_else(|| from.split_once(": ").unwrap());
            let otherwise = others[other]
                .strip_prefix(key)
                .map_or("!Ref AWS::NoValue", |it| it.trim_start_matches([':', ' ']));
            let choice = match second {
                None => format!("!If [C{first}, {value}, {otherwise}]"),
                Some(second) => {
                    format!("!If [C{first}, {value}, !If [C{second}, {otherwise}, {value}]]")
                }
            };
            body = body.replacen(from, &format!("{key}: {choice}"), 1);
        }
        for &(resource, condition) in &self.resources {
            let head = format!("  {}:\n    Type", RESOURCES[resource]);
            assert!(
                body.contains(&head)
                    || body.contains(&format!("  {}:\n    Condition", RESOURCES[resource])),
                "{head}"
            );
            let with = format!("  {}:\n    Condition: C{condition}\n    Type", RESOURCES[resource]);
            body = body.replacen(&head, &with, 1);
        }
        if let Some((condition, swapped)) = self.element {
            let from =
                "- {IpProtocol: tcp, FromPort: 53, ToPort: 53, CidrIp: !GetAtt Client.CidrBlock}";
            assert!(body.contains(from));
            let rule = from.trim_start_matches("- ");
            let nothing = "!Ref AWS::NoValue";
            let (then, otherwise) = if swapped { (nothing, rule) } else { (rule, nothing) };
            body = body.replacen(from, &format!("- !If [C{condition}, {then}, {otherwise}]"), 1);
        }
        text + &body
    }
}

fn assignments() -> Vec<Vec<(String, String)>> {
    let mut all = vec![Vec::new()];
    for (name, values) in PARAMETERS {
        let with = |given: &Vec<(String, String)>| -> Vec<Vec<(String, String)>> {
            let one = |value: &&str| {
                let mut given = given.clone();
                given.push((name.to_owned(), (*value).to_owned()));
                given
            };
            values.iter().map(one).collect()
        };
        all = all.iter().flat_map(with).collect();
    }
    all
}

fn point(given: &[(String, String)]) -> Case {
    let symbol = |name: &String| Symbol::input(name.as_str(), Why::NoValue);
    let mut case = Case::ANY;
    for (name, value) in given {
        case = case.with(symbol(name), Taken::Is(value.as_str().into()));
        for (other, value_of_other) in given.iter().filter(|(other, _)| name < other) {
            let both = [name, other].map(|name| Operand::Symbol(symbol(name)));
            let equal = Symbol::call("==", both.to_vec()).unwrap();
            let truth = (value == value_of_other).to_string();
            case = case.with(equal, Taken::Is(truth.into()));
        }
    }
    case
}

/// How many random templates: 24, or as many as `PROPTEST_CASES` says.
fn count() -> u32 {
    let told = std::env::var("PROPTEST_CASES").ok();
    told.map_or(24, |told| told.parse().expect("PROPTEST_CASES is a number"))
}

/// What holds under a choice of parameters is what comes out when it is given: no more, and no less
/// but where a verdict is said to be open.
#[test]
fn cases_say_what_each_choice_says() {
    let (compared, guarded, missed): (AtomicUsize, AtomicUsize, AtomicUsize) = Default::default();
    let config = Config {
        cases: count(),
        max_shrink_iters: 24,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    )
    .run(&designs(), |design| {
        let text = design.text();
        let written = Written::new(&text);
        let explored = written.explored();
        for given in assignments() {
            let point = point(&given);
            let separate = written.given(&given);
            if separate.guards.refused {
                continue;
            }
            let separate = worst(separate.findings());
            let holds = |cases: &[Case]| cases.iter().any(|case| point.implies(case));
            let here = explored.findings.iter().filter(|one| holds(&one.cases));
            let here = worst(here.map(|one| &one.finding));
            for (fault, severity) in &separate {
                compared.fetch_add(1, Ordering::Relaxed);
                if here.get(fault) != Some(severity) {
                    let open = explored.undecided.iter().any(|it| fault.contains(it.rule.id));
                    prop_assert!(open, "{fault} is missing with {given:?} in\n{text}");
                    missed.fetch_add(1, Ordering::Relaxed);
                }
            }
            for fault in here.keys() {
                prop_assert!(
                    separate.contains_key(fault),
                    "{fault} is wrong with {given:?} in\n{text}"
                );
            }
        }
        let under = explored.findings.iter().filter(|it| !it.cases.iter().any(Case::is_empty));
        guarded.fetch_add(under.count(), Ordering::Relaxed);
        Ok(())
    })
    .unwrap_or_else(|failure| panic!("{failure}"));
    let (compared, missed) = (compared.into_inner(), missed.into_inner());
    println!("{compared} findings compared, {missed} left open, {guarded:?} under conditions");
    assert!(guarded.into_inner() > 5);
    assert!(missed * 50 <= compared, "{missed} of {compared} are left open");
}

/// The findings of a rule, each with where it holds.
fn under(explored: &Explored, rule: &str) -> Vec<String> {
    let own = explored.findings.iter().filter(|it| it.finding.rule.id == rule && it.reported);
    own.map(|it| it.finding.environments.to_string()).collect()
}

fn rule_and_association(conditions: &str, rule: &str, association: &str) -> Explored {
    let parameters =
        "  Env: {Type: String, AllowedValues: [dev, test, prod]}\n  Mode: {Type: String}\n";
    with_parameters(parameters, conditions, rule, association)
}

fn with_parameters(parameters: &str, conditions: &str, rule: &str, association: &str) -> Explored {
    explored(&template(parameters, conditions, rule, association))
}

fn template(parameters: &str, conditions: &str, rule: &str, association: &str) -> String {
    format!(
        "Parameters:\n{parameters}Conditions:\n{conditions}\
         Resources:\n  Vpc: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.0.0.0/16}}}}\n  Rule:\n    \
         Type: AWS::Route53Resolver::ResolverRule\n    {rule}\n    Properties: {{RuleType: FORWARD, \
         DomainName: corp.example, ResolverEndpointId: rslvr-out-1, TargetIps: [{{Ip: 172.16.0.53}}]}}\n  \
         Association:\n    Type: AWS::Route53Resolver::ResolverRuleAssociation\n    {association}\n    \
         Properties: {{ResolverRuleId: !Ref Rule, VPCId: !Ref Vpc}}\n"
    )
}

const PROD: &str = "  Prod: !Equals [!Ref Env, prod]\n  Dev: !Equals [!Ref Env, dev]\n  \
                    NotProd: !Not [!Condition Prod]\n  Private: !Equals [!Ref Mode, private]\n";

#[test]
fn a_finding_names_the_least_that_has_to_be_chosen() {
    let of = |rule, association| {
        under(&rule_and_association(PROD, rule, association), "unassociated-rule")
    };
    assert_eq!(of("Condition: Prod", "Condition: Dev"), ["under Condition Prod (Env = prod)"]);
    assert_eq!(
        of("Condition: NotProd", "Condition: Prod"),
        ["under Condition NotProd (Env = dev or Env = test)"]
    );
    assert_eq!(of("DependsOn: Vpc", "Condition: NotProd"), ["under Condition Prod (Env = prod)"]);
    // Dev, test and prod are all there are.
    let conditions = "  A: !Equals [!Ref Env, dev]\n  B: !Equals [!Ref Env, test]\n  \
                      C: !Or [!Condition A, !Condition B]\n  N: !Equals [!Ref Env, x]\n";
    let of = |rule, association| {
        under(&rule_and_association(conditions, rule, association), "unassociated-rule")
    };
    assert_eq!(of("Condition: C", "Condition: A"), ["under Condition B (Env = test)"]);
    assert_eq!(of("DependsOn: Vpc", "Condition: C"), ["where Condition C is false (Env = prod)"]);
    assert_eq!(of("DependsOn: Vpc", "Condition: N"), [""], "x is not allowed");
}

#[test]
fn two_switches_that_fail_together_stay_open() {
    let all = rule_and_association(PROD, "Condition: Prod", "Condition: Private");
    assert_eq!(under(&all, "unassociated-rule"), [""; 0]);
    let verdicts = all.verdicts();
    let open = verdicts.iter().any(|verdict| match verdict {
        crate::finding::Verdict::Undecided(open) => {
            let names: Vec<&Arc<str>> = open.unknown.inputs().map(|it| &it.name).collect();
            open.rule.id == "unassociated-rule"
                && names.iter().map(|name| &***name).eq(["Env", "Mode"])
        }
        crate::finding::Verdict::Finding(_) => false,
    });
    assert!(open, "{verdicts:?}");
    // Nor is it reported where a condition names the value of each.
    let conditions = format!("{PROD}  NotPrivate: !Not [!Condition Private]\n");
    let all = rule_and_association(&conditions, "Condition: Prod", "Condition: NotPrivate");
    assert_eq!(under(&all, "unassociated-rule"), [""; 0]);
    assert!(all.findings.iter().any(|it| it.finding.rule.id == "unassociated-rule"));
    // A fault of what stands under both is one whenever it is there.
    let conditions = "  Both: !And [!Equals [!Ref Env, prod], !Equals [!Ref Mode, private]]\n  \
                      Never: !Equals [!Ref Env, x]\n";
    let all = rule_and_association(conditions, "Condition: Both", "Condition: Never");
    assert_eq!(
        under(&all, "unassociated-rule"),
        ["under Condition Both (Env = prod, Mode = private)"]
    );
}

#[test]
fn what_a_rule_excludes_is_no_case() {
    let of = |assertion: &str| {
        let conditions = format!(
            "{PROD}Rules:\n  R:\n    RuleCondition: !Equals [!Ref Mode, !Ref Mode]\n    Assertions:\n      \
             - Assert: {assertion}\n"
        );
        under(
            &rule_and_association(&conditions, "DependsOn: Vpc", "Condition: NotProd"),
            "unassociated-rule",
        )
    };
    let here = ["under Condition Prod (Env = prod)"];
    assert_eq!(of("!Equals [a, a]"), here);
    assert_eq!(of("!Not [!Equals [!Ref Env, prod]]"), [""; 0]);
    assert_eq!(of("{'Fn::Contains': [[dev, test], !Ref Env]}"), [""; 0]);
    assert_eq!(of("{'Fn::Contains': [[dev, prod], !Ref Env]}"), here);
    assert_eq!(of("{'Fn::EachMemberIn': [[!Ref Env, dev], [dev, test]]}"), [""; 0]);
    assert_eq!(of("{'Fn::EachMemberEquals': [[!Ref Env], dev]}"), [""; 0]);
    assert_eq!(of("{'Fn::EachMemberEquals': [[!Ref Env], prod]}"), here);
    assert_eq!(of("{'Fn::Unheard': [!Ref Env]}"), here);
}

/// A question is answered where it is so in every case.
#[test]
fn what_is_open_in_one_case_stays_open() {
    let of = |otherwise: &str| {
        let all = explored(&format!(
            "Parameters:\n  Env: {{Type: String}}\n  Flag: {{Type: String}}\n\
             Conditions: {{Dev: !Equals [!Ref Env, dev]}}\nResources:\n  Vpc: {{Type: AWS::EC2::VPC, Properties: \
             {{CidrBlock: 10.0.0.0/16, EnableDnsHostnames: !If [Dev, true, {otherwise}]}}}}\n  Zone: {{Type: \
             AWS::Route53::HostedZone, Properties: {{Name: a.b, VPCs: [{{VPCId: !Ref Vpc, VPCRegion: eu-west-1}}]}}}}\n"
        ));
        let of_rule = |open: &&crate::finding::Undecided| open.rule.id == "disabled-vpc-dns";
        all.undecided.iter().filter(of_rule).count()
    };
    assert_eq!(of("!Ref Flag"), 1);
    assert_eq!(of("true"), 0);
}

/// Two switches that have nothing to do with each other: what the one decides is not open under the other.
#[test]
fn what_is_decided_is_not_open_in_a_part_of_it() {
    let conditions = format!("{PROD}  Other: !Equals [!Ref Mode, public]\n");
    let all = rule_and_association(&conditions, "DependsOn: Vpc", "Condition: NotProd");
    let text = template(
        "  Env: {Type: String}\n  Mode: {Type: String}\n",
        &conditions,
        "DependsOn: Vpc",
        "Condition: NotProd",
    );
    let both = explored(&format!(
        "{text}  Zone: {{Type: AWS::Route53::HostedZone, Condition: Other, Properties: {{Name: a.b, VPCs: \
         [{{VPCId: !Ref Vpc, VPCRegion: eu-west-1}}]}}}}\n"
    ));
    let open = |all: &Explored| {
        all.undecided.iter().filter(|it| it.rule.id == "unassociated-rule").count()
    };
    assert_eq!((open(&all), open(&both)), (0, 0));
}

/// A fault that is always there hides one under a condition only where it is as bad.
#[test]
fn a_worse_fault_under_a_condition_is_told() {
    let of = |under: Severity| {
        let one = |severity, cases: Vec<Case>| {
            let all = rule_and_association(PROD, "DependsOn: Vpc", "Condition: Prod");
            let of_rule = |it: &Guarded| it.finding.rule.id == "unassociated-rule";
            let mut one = all.findings.into_iter().find(of_rule).unwrap();
            (one.finding.severity, one.cases) = (severity, cases);
            one
        };
        let case = Case::ANY.with(Symbol::input("Env", Why::NoValue), Taken::Is("prod".into()));
        let all = vec![one(Severity::Warning, vec![Case::ANY]), one(under, vec![case])];
        without_milder(all).len()
    };
    assert_eq!([Severity::Note, Severity::Warning, Severity::Error].map(of), [1, 1, 2]);
}

/// A condition is named where the fault is there just when it holds.
#[test]
fn a_condition_that_says_more_or_less_is_not_named() {
    let conditions = "  A: !Or [!Equals [!Ref Env, prod], !Equals [!Ref Env, test]]\n  \
                      B: !Or [!Equals [!Ref Env, prod], !Equals [!Ref Env, dev]]\n  \
                      C: !And [!Condition A, !Not [!Condition B]]\n";
    let all = rule_and_association(conditions, "Condition: A", "Condition: C");
    assert_eq!(under(&all, "unassociated-rule"), ["where Env = prod"]);
}

/// A rule asserts nothing where its condition does not hold.
#[test]
fn a_rule_holds_under_its_condition() {
    let of = |condition: &str| {
        let conditions = format!(
            "{PROD}Rules:\n  R:\n    RuleCondition: {condition}\n    Assertions:\n      - Assert: !Not \
             [!Equals [!Ref Env, prod]]\n"
        );
        let all = rule_and_association(&conditions, "DependsOn: Vpc", "Condition: NotProd");
        under(&all, "unassociated-rule")
    };
    let here = ["under Condition Prod (Env = prod)"];
    assert_eq!(of("!Equals [!Ref Env, dev]"), here);
    assert_eq!(of("!Equals [!Ref Env, prod]"), [""; 0]);
    assert_eq!(of("!Equals [!Ref Mode, x]"), here, "in another mode");
}

/// What may be left out, and is compared with what somebody chooses, is looked at both ways too.
#[test]
fn what_may_be_left_out_may_be_given_as_another_is() {
    let parameters = "  Mode: {Type: String}\n  Size: {Type: String, Default: \"\"}\n";
    let all = with_parameters(
        parameters,
        "  Same: !Equals [!Ref Size, !Ref Mode]\n  Not: !Not [!Condition Same]\n",
        "DependsOn: Vpc",
        "Condition: Not",
    );
    let own = all.findings.iter().filter(|it| it.finding.rule.id == "unassociated-rule");
    let cases: Vec<_> = own.flat_map(|it| &it.cases).map(ToString::to_string).collect();
    assert_eq!(cases, ["Mode = \"\", Size = \"\"", "Mode = Size"]);
}
