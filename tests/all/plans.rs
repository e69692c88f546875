//! Plans of the figures, made by Terraform itself: alone, and beside their configuration.

use std::path::{Path, PathBuf};
use std::process::Command;

use eksdns_lint::finding::{Finding, Severity};
use eksdns_lint::{Options, Request};

use crate::figures::{CAPTURED, VARIANTS, WRITINGS, figure, public, rules};
use crate::support::Tree;

/// A figure with some changes, and what it leads to.
struct Case {
    name: String,
    number: u8,
    changes: Vec<(&'static str, &'static str)>,
    expected: Vec<(&'static str, Severity)>,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for number in 1..=4 {
        let name = format!("figure-{number}");
        let expected = match number {
            2 => vec![CAPTURED],
            3 => vec![("unused-endpoint", Severity::Warning), CAPTURED],
            _ => vec![],
        };
        cases.push(Case { name, number, changes: vec![], expected });
        let expected = if number < 4 { vec![("public-answer", Severity::Error)] } else { vec![] };
        let name = format!("figure-{number}-public");
        cases.push(Case { name, number, changes: vec![public(WRITINGS[0])], expected });
    }
    cases.extend(VARIANTS.iter().map(|variant| Case {
        name: variant.name.replace(' ', "-").replace('\'', ""),
        number: 4,
        changes: variant.terraform.to_vec(),
        expected: variant.expected.to_vec(),
    }));
    cases
}

fn recorded(name: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/figures/plans");
    home.join(format!("{name}.json"))
}

fn findings(folder: &Path, paths: &[&str], stdin: Option<String>) -> Vec<Finding> {
    let request = Request {
        paths: paths.iter().map(|path| folder.join(path)).collect(),
        options: Options::default(),
        stdin,
        ..Request::default()
    };
    let run = eksdns_lint::run(&request, folder).unwrap();
    assert_eq!(run.failures, Vec::<String>::new());
    run.outcome.findings
}

/// What only the configuration tells: a plan says that a domain comes from an endpoint, and leaves out
/// the function that it went through.
const LOST: &str = "the-domain-is-a-URL";

#[test]
fn a_plan_alone_says_what_the_code_says() {
    for case in cases() {
        let (joined, _) = figure(case.number, WRITINGS[0], &case.changes);
        let folder = tempfile::tempdir().unwrap();
        for folder in [&joined, &folder] {
            std::fs::copy(recorded(&case.name), folder.path().join("plan.json")).unwrap();
        }
        let alone = findings(folder.path(), &["plan.json"], None);
        let joined = findings(joined.path(), &["plan.json"], None);
        // A plan does not say which VPC an association by `for_each` names.
        if case.name == LOST || case.expected.contains(&CAPTURED) {
            let mut without = case.expected.clone();
            without.retain(|one| case.name != LOST && *one != CAPTURED);
            assert_eq!((rules(&alone), rules(&joined)), (without, case.expected), "{}", case.name);
            continue;
        }
        let said = |found: &[Finding]| -> Vec<String> {
            found.iter().map(|one| format!("{} {}", one.severity.as_str(), one.message)).collect()
        };
        assert_eq!(said(&alone), said(&joined), "{}", case.name);
        assert_eq!(rules(&alone), case.expected, "{}", case.name);
    }
}

#[test]
fn what_a_plan_leaves_out_is_undecided() {
    for name in [LOST, "figure-4"] {
        let tree = Tree::new(&[]);
        tree.write("plan.json", std::fs::read(recorded(name)).unwrap());
        let ran = tree.run(&["--format", "json", "plan.json"]);
        let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let open = json["undecided"].as_array().unwrap();
        let of_rule = |one: &&serde_json::Value| one["rule"] == "malformed-rule-domain";
        let open: Vec<_> = open.iter().filter(of_rule).collect();
        assert_eq!(open.len(), 1, "{name}: {open:#?}");
        let reason = open[0]["reason"].as_str().unwrap();
        let why =
            "aws_route53_resolver_rule.eks.domain_name uses a function that the plan leaves out";
        assert!(reason.contains(why), "{reason}");
    }
}

/// AWS takes an address of an endpoint only in a subnet that holds it, and subnets of a VPC never overlap.
#[test]
fn an_address_tells_its_subnet() {
    let (folder, _) = figure(
        4,
        WRITINGS[0],
        &[
            ("route_table_id            = aws_route_table.eks.id", "route_table_id = var.other"),
            ("subnet_id = ip_address.value.id", "subnet_id = var.subnets[ip_address.key]"),
            (
                "variable \"public_access\"",
                "variable \"subnets\" {}\nvariable \"other\" {}\nvariable \"public_access\"",
            ),
        ],
    );
    let found = findings(folder.path(), &["."], None);
    assert_eq!(rules(&found), [("missing-peering-route", Severity::Error)]);
    assert!(found[0].message.contains("queries of aws_route53_resolver_rule.eks"), "{found:?}");
}

#[test]
fn a_plan_beside_its_configuration_points_into_the_code() {
    for case in cases() {
        let (folder, _) = figure(case.number, WRITINGS[0], &case.changes);
        let text = std::fs::read_to_string(recorded(&case.name)).unwrap();
        let piped = findings(folder.path(), &["."], Some(text.clone()));
        assert_eq!(rules(&piped), case.expected, "{} (standard input)", case.name);
        std::fs::write(folder.path().join("plan.json"), text).unwrap();
        for paths in [&["plan.json"][..], &["."], &["main.tf", "plan.json"]] {
            let found = findings(folder.path(), paths, None);
            assert_eq!(rules(&found), case.expected, "{} {paths:?}", case.name);
        }
        let tree = Tree::new(&[]);
        for file in ["main.tf", "plan.json"] {
            tree.write(file, std::fs::read(folder.path().join(file)).unwrap());
        }
        let ran = tree.run(&["plan.json"]);
        assert!(ran.stdout.contains("1 root, 2 VPCs"), "{}", ran.stdout);
        assert!(!ran.stdout.contains("plan.json"), "{}", ran.stdout);
    }
}

const OPEN: &str = r#"
variable "private" {}
data "aws_availability_zones" "here" {}
resource "aws_eks_cluster" "c" {
  count = length(data.aws_availability_zones.here.names)
  name  = "c"
  vpc_config {
    subnet_ids              = ["subnet-1", "subnet-2"]
    endpoint_private_access = var.private
    endpoint_public_access  = false
  }
}
"#;

#[test]
fn a_plan_tells_what_the_code_leaves_open() {
    let plan = r#"{"format_version":"1.2","variables":{"private":{"value":false}},
        "planned_values":{"root_module":{"resources":[]}},
        "prior_state":{"values":{"root_module":{"resources":[{"address":
        "data.aws_availability_zones.here","mode":"data","type":"aws_availability_zones",
        "values":{"names":["us-east-1a"]}}]}}},
        "configuration":{"root_module":{"resources":[{"address":"aws_eks_cluster.c"},
        {"address":"data.aws_availability_zones.here"}]}}}"#;
    let tree = Tree::new(&[("main.tf", OPEN)]);
    assert!(tree.run(&[]).stdout.contains("nothing found"));
    tree.write("p.json", plan);
    let ran = tree.run(&["p.json"]);
    assert!(ran.stdout.starts_with("error[no-endpoint-access]: aws_eks_cluster.c[0]"), "{ran:?}");
    assert!(ran.stdout.contains("main.tf:10:31"), "{}", ran.stdout);
    // A plan of something else is not joined.
    let tree =
        Tree::new(&[("main.tf", OPEN), ("p.json", &plan.replace("_cluster.c", "_cluster.d"))]);
    assert!(tree.run(&["."]).stdout.contains("2 roots"));
}

#[test]
fn ids_that_are_known_stand_for_their_resources() {
    let vpc = "vpc-0123456789abcdef0";
    let plan = format!(
        r#"{{"format_version":"1.2","planned_values":{{"root_module":{{"resources":[
        {{"address":"aws_vpc.v","mode":"managed","type":"aws_vpc","values":{{"id":"{vpc}",
          "cidr_block":"10.0.0.0/16","enable_dns_hostnames":false}}}},
        {{"address":"aws_subnet.s","mode":"managed","type":"aws_subnet","values":{{
          "id":"subnet-0123456789abcdef0","vpc_id":"{vpc}","cidr_block":"10.0.1.0/24"}}}},
        {{"address":"aws_eks_cluster.c","mode":"managed","type":"aws_eks_cluster","values":{{
          "name":"c","vpc_config":[{{"subnet_ids":["subnet-0123456789abcdef0"],
          "endpoint_private_access":true,"endpoint_public_access":false}}]}}}}]}}}}}}"#
    );
    let tree = Tree::new(&[("p.json", &plan)]);
    let ran = tree.run(&["--format", "json", "p.json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["findings"][0]["rule"], "disabled-vpc-dns", "{json}");
    assert_eq!(json["findings"][0]["start"]["line"], 2);
}

#[test]
fn what_is_no_plan_is_said() {
    let tree = Tree::new(&[("x.json", "{\"format_version\": \"1.2\", \"configuration\": 1}")]);
    let ran = tree.run(&["x.json"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    let ran = tree.run(&["-"]);
    assert_eq!(ran.code, Some(2));
    assert_eq!(ran.stderr, "error: -: is no plan of Terraform\n");
    let deep = "[".repeat(100_000);
    let text = format!("{{\"format_version\":\"1\",\"planned_values\":{{\"root_module\":{deep}");
    tree.write("deep.json", text);
    assert_eq!(tree.run(&["deep.json"]).code, Some(2));
}

/// Makes the recorded plans again where Terraform and its provider are at hand: the folder of plugins is
/// named by `EKSDNS_TERRAFORM_PLUGINS`.
#[test]
fn recorded_plans_are_what_terraform_makes() {
    let Some(plugins) = std::env::var_os("EKSDNS_TERRAFORM_PLUGINS") else { return };
    for case in cases() {
        let (folder, _) = figure(case.number, WRITINGS[0], &case.changes);
        let offline = "provider \"aws\" {\n  access_key = \"x\"\n  secret_key = \"x\"\n  \
                       skip_credentials_validation = true\n  skip_requesting_account_id = true\n  \
                       skip_metadata_api_check = true\n  skip_region_validation = true\n}\n";
        std::fs::write(folder.path().join("offline_override.tf"), offline).unwrap();
        let terraform = |arguments: &[&str]| {
            let mut command = Command::new("terraform");
            command.args(arguments).current_dir(folder.path());
            command.env("CHECKPOINT_DISABLE", "1").env_remove("TF_CLI_CONFIG_FILE");
            let output = command.output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{}: {said}", case.name);
            output.stdout
        };
        let plugins = format!("-plugin-dir={}", plugins.to_string_lossy());
        terraform(&["init", "-input=false", &plugins]);
        terraform(&["plan", "-refresh=false", "-input=false", "-out=p"]);
        let shown = terraform(&["show", "-json", "p"]);
        let json: serde_json::Value = serde_json::from_slice(&shown).unwrap();
        let path = recorded(&case.name);
        if std::env::var_os("EKSDNS_RECORD").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &shown).unwrap();
        }
        let known: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for part in ["planned_values", "configuration", "variables"] {
            assert_eq!(json[part], known[part], "{}: {part}", case.name);
        }
    }
}
