//! What people met and asked about in public: each thread, its symptom, and the rule that tells of it.

use std::path::{Path, PathBuf};

use eksdns_lint::Options;
use eksdns_lint::finding::{Finding, Rule, Severity};
use eksdns_lint::source::Language;

use crate::figures::{Change, FURTHER, VARIANTS, WRITINGS, figure, public};

const ERROR: Severity = Severity::Error;
const WARNING: Severity = Severity::Warning;

/// A symptom, where it was told, and what shows it here.
struct Thread {
    threads: &'static [&'static str],
    symptom: &'static str,
    shown: Shown,
    /// `None` where the code is sound and the linter must not speak.
    expected: Option<(&'static str, Severity)>,
}

/// A design with the cause of a thread, in both languages.
enum Shown {
    /// A figure of the design note with one change in each language.
    Figure(u8, [Change; 2]),
    /// A figure with both endpoints on, and one more change.
    Public(u8, [Change; 2]),
    /// Figure 1 as it was before December 2019.
    Before2019,
    /// A variant of figure 4, by its name.
    Variant(&'static str),
    /// A fixture and its twin.
    Fixture(&'static str),
}

use Shown::{Before2019, Figure, Fixture, Public, Variant};

const AS_IT_IS: [Change; 2] = [&[], &[]];

const THREADS: &[Thread] = &[
    Thread {
        threads: &["aws/containers-roadmap#22", "aws/containers-roadmap#221"],
        symptom: "the endpoint does not resolve to its private addresses from a peered VPC",
        shown: Public(1, AS_IT_IS),
        expected: Some(("public-answer", ERROR)),
    },
    Thread {
        threads: &["aws/containers-roadmap#671"],
        symptom: "the name of a private-only cluster that public DNS does not know does not exist",
        shown: Before2019,
        expected: Some(("missing-inbound-endpoint", ERROR)),
    },
    Thread {
        threads: &["aws/containers-roadmap#2003"],
        symptom: "both endpoints, the public one restricted: a peered VPC is refused",
        shown: Public(
            1,
            [
                &[(
                    "endpoint_private_access = true",
                    "endpoint_private_access = true\n    public_access_cidrs = [\"203.0.113.0/24\"]",
                )],
                &[(
                    "EndpointPrivateAccess: true",
                    "EndpointPrivateAccess: true\n        PublicAccessCidrs: [203.0.113.0/24]",
                )],
            ],
        ),
        expected: Some(("public-answer", ERROR)),
    },
    Thread {
        threads: &[
            "aws/containers-roadmap#509",
            "terraform-aws-modules/terraform-aws-eks#420",
            "terraform-aws-modules/terraform-aws-eks#446",
        ],
        symptom: "workers do not join a private cluster: the name does not exist in its own VPC",
        shown: Variant("DNS hostnames are off in the EKS VPC"),
        expected: Some(("disabled-vpc-dns", ERROR)),
    },
    Thread {
        threads: &["awsdocs/amazon-eks-user-guide#991"],
        symptom: "hybrid nodes go to the public addresses",
        shown: Fixture("hybrid-node-endpoint/flag"),
        expected: Some(("hybrid-node-endpoint", WARNING)),
    },
    Thread {
        threads: &[
            "terraform-aws-modules/terraform-aws-eks#554",
            "hashicorp/terraform#23020",
            "hashicorp/terraform#23021",
        ],
        symptom: "the targets of a rule are made from the addresses of an inbound endpoint",
        shown: Figure(4, AS_IT_IS),
        expected: None,
    },
    Thread {
        threads: &[
            "terraform-aws-modules/terraform-aws-eks#2746",
            "cloudposse/terraform-aws-eks-cluster#79",
            "cluster-api-provider-aws#2465",
        ],
        symptom: "kubectl times out from a peered VPC: the cluster's group does not admit it",
        shown: Variant("nothing admits the client on 443"),
        expected: Some(("blocked-api-port", ERROR)),
    },
    Thread {
        threads: &[
            "terraform-aws-modules/terraform-aws-eks#1492",
            "terraform-aws-modules/terraform-aws-eks#2064",
            "terraform-aws-modules/terraform-aws-eks#942",
            "terraform-aws-modules/terraform-aws-eks#434",
            "terraform-aws-modules/terraform-aws-eks#522",
            "terraform-aws-modules/terraform-aws-eks#719",
            "eksctl#3283",
            "eksctl#5681",
        ],
        symptom: "what makes the cluster runs in another VPC and gets no connection to its API",
        shown: Variant("no route there"),
        expected: Some(("missing-peering-route", ERROR)),
    },
    Thread {
        threads: &[
            "terraform-aws-modules/terraform-aws-eks#2149",
            "terraform-aws-modules/terraform-aws-eks#1592",
        ],
        symptom: "nodes cannot come to the public endpoint of their cluster",
        shown: Fixture("unreachable-public-endpoint/flag"),
        expected: Some(("unreachable-public-endpoint", ERROR)),
    },
    Thread {
        threads: &["aws-network-hub-for-terraform#25"],
        symptom: "a shared rule times out: its targets are addresses of the outbound endpoint",
        shown: Variant("the targets are the addresses of the outbound endpoint"),
        expected: Some(("dead-target", ERROR)),
    },
    Thread {
        threads: &["aws-network-hub-for-terraform#26"],
        symptom: "RSLVR-00804: the rule of the hub is associated with the hub itself",
        shown: Fixture("forwarding-loop/flag-hub"),
        expected: Some(("forwarding-loop", ERROR)),
    },
    Thread {
        threads: &["hashicorp/terraform-provider-aws#27694"],
        symptom: "endpoints and rules are made and nothing resolves: the outbound group lets nothing out",
        shown: Variant("the outbound endpoint's group lets nothing out"),
        expected: Some(("blocked-dns-query", ERROR)),
    },
    Thread {
        threads: &["hashicorp/terraform-provider-aws#27694"],
        symptom: "the same: the inbound group admits others",
        shown: Variant("the inbound endpoint admits the EKS VPC alone"),
        expected: Some(("blocked-dns-query", ERROR)),
    },
    Thread {
        threads: &["hashicorp/terraform-provider-aws#27694"],
        symptom: "the same: a target that is no server",
        shown: Fixture("dead-target/flag"),
        expected: Some(("dead-target", ERROR)),
    },
    Thread {
        threads: &["hashicorp/terraform-provider-aws#7799"],
        symptom: "RSLVR-00711 for a domain that is a name with more around it",
        shown: Variant("the domain is a URL"),
        expected: Some(("malformed-rule-domain", ERROR)),
    },
    Thread {
        threads: &["hashicorp/terraform-provider-aws#7799"],
        symptom: "the root, and a dot at the end, are sound domains",
        shown: Fixture("malformed-rule-domain/pass-root"),
        expected: None,
    },
    Thread {
        threads: &["hashicorp/terraform-provider-aws#6563"],
        symptom: "RSLVR-00400: an endpoint with one address",
        shown: Fixture("too-few-endpoint-addresses/flag"),
        expected: Some(("too-few-endpoint-addresses", ERROR)),
    },
    Thread {
        threads: &["upjet-provider-aws#1010"],
        symptom: "RSLVR-00802: two rules for one domain on one VPC",
        shown: Fixture("duplicate-rule-domain/flag"),
        expected: Some(("duplicate-rule-domain", ERROR)),
    },
    Thread {
        threads: &["landing-zone-accelerator#86", "landing-zone-accelerator#1041"],
        symptom: "a SYSTEM rule with an endpoint is refused",
        shown: Fixture("incomplete-rule/flag-system"),
        expected: Some(("incomplete-rule", ERROR)),
    },
    Thread {
        threads: &[
            "grem11n/terraform-aws-vpc-peering#7",
            "grem11n/terraform-aws-vpc-peering#81",
            "eksctl#605",
            "aws/amazon-vpc-cni-k8s#495",
        ],
        symptom: "peered, and one side has no route back",
        shown: Variant("no route back from the inbound endpoint's subnets"),
        expected: Some(("missing-peering-route", ERROR)),
    },
    Thread {
        threads: &["grem11n/terraform-aws-vpc-peering#108"],
        symptom: "peered, and the route is in a table that serves no subnet in use",
        shown: Fixture("missing-peering-route/flag-wrong-table"),
        expected: Some(("missing-peering-route", ERROR)),
    },
    Thread {
        threads: &["coreos-kubernetes#744"],
        symptom: "timeouts: the network ACL does not let the answers out",
        shown: Fixture("blocked-dns-query/flag-acl"),
        expected: Some(("blocked-dns-query", ERROR)),
    },
    Thread {
        threads: &["zscaler terraform modules #84"],
        symptom: "queries are dropped: the default group was emptied when it was adopted",
        shown: Fixture("blocked-dns-query/flag-emptied-default-group"),
        expected: Some(("blocked-dns-query", ERROR)),
    },
    Thread {
        threads: &["zscaler terraform modules #100", "zscaler terraform modules #109"],
        symptom: "queries are dropped: UDP 53 is missing",
        shown: Fixture("blocked-dns-query/flag-only-tcp"),
        expected: Some(("blocked-dns-query", ERROR)),
    },
    Thread {
        threads: &["terraform route53-module#77"],
        symptom: "ConflictingDomainExists: two private zones of one name on one VPC",
        shown: Fixture("duplicate-rule-domain/flag-zones"),
        expected: Some(("duplicate-rule-domain", ERROR)),
    },
    Thread {
        threads: &["pulumi-eks#1436"],
        symptom: "the blocks of a public endpoint that is off are ignored",
        shown: Fixture("invalid-public-access-cidr/pass-idle"),
        expected: Some(("invalid-public-access-cidr", Severity::Note)),
    },
    Thread {
        threads: &["aws-cdk#10103"],
        symptom: "both endpoints off are refused",
        shown: Variant("neither endpoint"),
        expected: Some(("no-endpoint-access", ERROR)),
    },
    Thread {
        threads: &["cdk-enterprise-iac#710"],
        symptom: "nodes do not resolve: their DHCP options name servers of the enterprise",
        shown: Fixture("custom-dhcp-dns/flag"),
        expected: Some(("custom-dhcp-dns", ERROR)),
    },
];

/// Threads whose rule has a fixture of its own, and those that wait until there is one.
const BY_RULE: &[(&[&str], &str, &str)] = &[
    (
        &[
            "aws/containers-roadmap#2038",
            "aws/containers-roadmap#2430",
            "terraform-aws-modules/terraform-aws-eks#2992",
            "terraform-aws-modules/terraform-aws-eks#3237",
            "terraform-aws-modules/terraform-aws-eks#3572",
            "terraform-aws-modules/terraform-aws-eks#3713",
            "eksctl#8417",
        ],
        "the private zone of the endpoint of EKS takes the name of the OIDC issuer",
        "conflicting-private-dns",
    ),
    (
        &["hashicorp/terraform-provider-aws#17535", "hashicorp/terraform-provider-aws#17269"],
        "two interface endpoints claim one private name",
        "conflicting-private-dns",
    ),
    (
        &["terraform-aws-modules/terraform-aws-vpc#982"],
        "S3 for inbound endpoints alone, without the gateway endpoint",
        "conflicting-private-dns",
    ),
    (
        &["hashicorp/terraform-provider-aws#37783"],
        "an interface endpoint without its private name",
        "private-dns-off",
    ),
    (
        &[
            "aws/containers-roadmap#2619",
            "aws/containers-roadmap#298",
            "aws/containers-roadmap#745",
            "aws/containers-roadmap#108",
            "awsdocs/amazon-eks-user-guide#582",
            "awsdocs/amazon-eks-user-guide#690",
            "awsdocs/amazon-eks-user-guide#189",
            "eks-blueprints#306",
            "eks-blueprints#1959",
        ],
        "nodes without the internet lack an endpoint",
        "missing-vpc-endpoint",
    ),
    (
        &[
            "terraform-aws-modules/terraform-aws-eks#3113",
            "terraform-aws-modules/terraform-aws-eks#1546",
            "terraform-aws-modules/terraform-aws-eks#2474",
        ],
        "the group of an endpoint does not admit the nodes",
        "blocked-vpc-endpoint",
    ),
    (
        &[
            "hashicorp/terraform-provider-aws#257",
            "hashicorp/terraform-provider-aws#3069",
            "hashicorp/terraform-provider-aws#3909",
            "hashicorp/terraform-provider-aws#6044",
            "hashicorp/terraform-provider-aws#8733",
            "cloudformation-coverage-roadmap#154",
            "cloudformation-coverage-roadmap#169",
            "scylla-cluster-tests#16105",
        ],
        "the DNS option of a peering connection does not bring the name of the endpoint",
        "futile-peering-dns",
    ),
    (
        &["hashicorp/terraform-provider-aws#33650"],
        "the id of an attachment where that of a transit gateway belongs",
        "unattached-vpc",
    ),
    (
        &["hashicorp/terraform-provider-aws#7805", "base-networking#4"],
        "a zone's own blocks and its associations take turns",
        "drifting-zone-association",
    ),
    (
        &["hashicorp/terraform-provider-aws#617"],
        "a zone of another account without its authorization",
        "unauthorized-zone-association",
    ),
    (
        &["cds-snc/terraform-modules#838"],
        "DNS Firewall blocks a name that is allowed, for its alias",
        "blocked-by-dns-firewall",
    ),
    (
        &["repost.aws: client-vpn-how-dns-works"],
        "users of Client VPN resolve the wrong address",
        "client-vpn-dns",
    ),
];

/// Threads whose cause does not stand in the code.
const NOT_IN_THE_CODE: &[(&[&str], &str)] = &[
    (
        &["aws/containers-roadmap#1606"],
        "the control plane does not ask the VPC's resolver for the names of webhooks, which Kubernetes holds",
    ),
    (
        &["terraform-aws-modules/terraform-aws-eks#1863"],
        "which groups a bastion in the cluster's own VPC has is asked of no rule: it is no client of its own VPC",
    ),
    (
        &["hashicorp/terraform-provider-aws#37186", "hashicorp/terraform-provider-aws#10211"],
        "RSLVR-00907: which account applies what is not told by the rule that it tags",
    ),
    (&["hashicorp/terraform-provider-aws#10025"], "the order in which things are made"),
    (
        &["algo#1049"],
        "a server outside the code drops private addresses from public answers (rebind protection)",
    ),
];

fn findings(file: &Path, eks_public_dns: bool) -> Vec<Finding> {
    let options = Options { eks_public_dns, ..Options::default() };
    let run = eksdns_lint::check(&[file.to_path_buf()], file.parent().unwrap(), options).unwrap();
    assert_eq!(run.failures, Vec::<String>::new(), "{}", file.display());
    run.outcome.findings
}

/// The two writings of a fixture.
fn twins(fixture: &str) -> [PathBuf; 2] {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    ["tf", "yaml"].map(|ending| home.join(format!("{fixture}.{ending}")))
}

/// The writings of a fixture in the languages that can have the fault.
fn writings(rule: &Rule) -> impl Iterator<Item = PathBuf> {
    let languages = [Language::Terraform, Language::CloudFormation];
    let all = languages.into_iter().zip(twins(&format!("{}/flag", rule.id)));
    all.filter(|(language, _)| rule.languages.contains(language)).map(|(_, file)| file)
}

/// One file alone: Terraform reads whole folders.
fn alone(file: &Path) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join(file.file_name().unwrap());
    std::fs::copy(file, &copy).unwrap();
    (folder, copy)
}

impl Shown {
    /// What the linter says of it in each language.
    fn findings(&self) -> [Vec<Finding>; 2] {
        let changed = |number, changes: [Vec<(&str, &str)>; 2], eks_public_dns| {
            [0, 1].map(|at| {
                let (_folder, file) = figure(number, WRITINGS[at], &changes[at]);
                findings(&file, eks_public_dns)
            })
        };
        match self {
            Figure(number, changes) => changed(*number, changes.map(<[_]>::to_vec), true),
            Public(number, changes) => {
                let with = |at: usize| [changes[at], &[public(WRITINGS[at])]].concat();
                changed(*number, [with(0), with(1)], true)
            }
            Before2019 => changed(1, [vec![], vec![]], false),
            Variant(name) => {
                let mut all = VARIANTS.iter().chain(FURTHER);
                let variant = all.find(|variant| variant.name == *name).unwrap();
                changed(4, [variant.terraform.to_vec(), variant.cloudformation.to_vec()], true)
            }
            Fixture(name) => twins(name).map(|file| {
                let (_folder, file) = alone(&file);
                findings(&file, true)
            }),
        }
    }
}

/// Every thread in both languages: the rule speaks, and no other calls anything an error.
#[test]
fn every_thread_that_the_code_can_show() {
    let mut wrong = Vec::new();
    for Thread { threads, symptom, shown, expected } in THREADS {
        for found in shown.findings() {
            let found: Vec<_> = found.iter().map(|one| (one.rule.id, one.severity)).collect();
            let told = expected.is_none_or(|expected| found.contains(&expected));
            let by_another = |(rule, severity): &(&str, Severity)| {
                *severity == ERROR && expected.is_none_or(|(expected, _)| *rule != expected)
            };
            // Only one language can write what some threads are about.
            let unwritten = found.is_empty()
                && matches!(shown, Fixture("blocked-dns-query/flag-emptied-default-group"));
            if !(told || unwritten) || found.iter().any(by_another) {
                wrong.push(format!("{threads:?}, {symptom}: {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Where the rule of a thread has its fixtures, the rule speaks there; the others are told by name.
#[allow(clippy::print_stdout, reason = "what waits is told by name")]
#[test]
fn every_thread_with_a_rule_of_its_own() {
    for (threads, symptom, rule) in BY_RULE {
        let known = eksdns_lint::checks::ALL.iter().find(|check| check.rule.id == *rule);
        let Some(known) = known else {
            println!("waits for {rule}: {threads:?}, {symptom}");
            continue;
        };
        for file in writings(known.rule) {
            let (_folder, file) = alone(&file);
            let found = findings(&file, true);
            assert!(
                found.iter().any(|one| one.rule.id == *rule),
                "{threads:?}: {}",
                file.display()
            );
        }
    }
}

/// No thread stands twice in one list, and none in two.
#[test]
fn every_thread_is_in_one_list() {
    let shown: std::collections::BTreeSet<_> = THREADS.iter().flat_map(|one| one.threads).collect();
    let others = BY_RULE.iter().flat_map(|(threads, ..)| *threads);
    let others = others.chain(NOT_IN_THE_CODE.iter().flat_map(|(threads, _)| *threads));
    let mut seen = std::collections::BTreeSet::new();
    for thread in others {
        assert!(!shown.contains(thread) && seen.insert(thread), "{thread} stands twice");
    }
    assert!(NOT_IN_THE_CODE.iter().all(|(_, reason)| !reason.is_empty()));
}
