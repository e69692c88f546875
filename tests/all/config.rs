//! The configuration: where it is found, what it changes, what is wrong in it, its schema, its template.

use std::collections::BTreeSet;
use std::path::Path;

use eksdns_lint::checks::ALL;
use eksdns_lint::config::{
    ASSUMPTIONS, FORWARD, KEYS, MODULE, NETWORK, ON_PREMISES_DNS, PAIR, QUOTAS, ROOT,
};

use crate::support::{Ran, Tree};

/// A rule that no VPC has.
const FLAWED: &str = include_str!("../../fixtures/unassociated-rule/flag.tf");

/// A rule that a module of a private registry is told of.
const CALL: &str = r#"
resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example.com"
  rule_type            = "FORWARD"
  resolver_endpoint_id = "rslvr-out-0aaaaaaaaaaaaaaaa"
  target_ip { ip = "172.16.0.53" }
  target_ip { ip = "172.16.1.53" }
}
resource "aws_route53_resolver_rule_association" "corp" {
  resolver_rule_id = aws_route53_resolver_rule.corp.id
  vpc_id           = "vpc-0aaaaaaaaaaaaaaaa"
}
module "dns" {
  source  = "app.example.com/acme/dns/aws"
  version = "VERSION"
  rule    = aws_route53_resolver_rule.corp.id
}
"#;

/// A cluster that nobody reaches while the variable is not given.
const OPEN: &str = r#"
variable "private" { default = false }
variable "tags" {
  type    = map(string)
  default = {}
}
resource "aws_eks_cluster" "c" {
  vpc_config {
    subnet_ids              = ["subnet-1", "subnet-2"]
    endpoint_private_access = var.private
    endpoint_public_access  = try(var.tags["public"], "no") == "yes"
  }
}
"#;

const STACK: &str = "Parameters:\n  Private: {Type: String, Default: 'false'}\nResources:\n  C:\n    \
                     Type: AWS::EKS::Cluster\n    Properties:\n      ResourcesVpcConfig:\n        \
                     SubnetIds: [subnet-1, subnet-2]\n        EndpointPrivateAccess: !Ref Private\n        \
                     EndpointPublicAccess: false\n";

fn rules(ran: &Ran) -> Vec<String> {
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    let all = json["findings"].as_array().cloned().unwrap_or_default();
    let rule = |one: &serde_json::Value| {
        format!("{} {}", one["rule"].as_str().unwrap(), one["severity"].as_str().unwrap())
    };
    all.iter().map(rule).collect()
}

fn found(tree: &Tree, arguments: &[&str]) -> Vec<String> {
    let arguments: Vec<_> = arguments.iter().copied().chain(["--format", "json"]).collect();
    let ran = tree.run(&arguments);
    assert_eq!(ran.stderr, "", "{arguments:?}");
    rules(&ran)
}

const FAULT: &str = "unassociated-rule error";

#[test]
fn the_nearest_file_holds_up_to_the_repository() {
    let off = "ignore = [\"unassociated-rule\"]\n";
    let tree = Tree::new(&[("eksdns-lint.toml", off), ("repo/a/b/main.tf", FLAWED)]);
    std::fs::create_dir_all(tree.path("repo/.git")).unwrap();
    assert_eq!(found(&tree, &["repo/a/b"]), [FAULT], "it stands above the repository");
    tree.write("repo/eksdns-lint.toml", off);
    for path in ["repo", "repo/a/b", "repo/a/b/main.tf"] {
        assert!(found(&tree, &[path]).is_empty(), "{path}");
    }
    assert_eq!(found(&tree, &["repo", "--no-config"]), [FAULT]);
    tree.write("repo/a/eksdns-lint.toml", "");
    assert_eq!(found(&tree, &["repo/a/b"]), [FAULT], "the nearest wins");
    assert!(found(&tree, &["repo"]).is_empty(), "from the named folder upward, not below it");
    assert!(found(&tree, &["repo/a", "--config", "eksdns-lint.toml"]).is_empty());
    assert!(found(&tree, &["repo", "repo/a/b"]).len() == 1, "the longest named path decides");
    // With several repositories the workspace is the folder above them, and each ends where it ends.
    tree.write("repo/a/eksdns-lint.toml", off);
    tree.write("other/.git/x", "");
    tree.write("other/main.tf", FLAWED);
    assert_eq!(found(&tree, &["repo", "other"]), [FAULT], "it stands above both");
}

#[test]
fn rules_are_chosen_and_severities_given() {
    let tree = Tree::new(&[("main.tf", FLAWED)]);
    for (text, arguments, expected) in [
        ("select = ['public-answer']", &[][..], &[][..]),
        ("select = ['unassociated-rule']", &[], &[FAULT]),
        ("select = ['unassociated-rule']\nignore = ['unassociated-rule']", &[], &[]),
        (
            "ignore = ['unassociated-rule']",
            &["--select", "unassociated-rule,public-answer"],
            &[FAULT],
        ),
        ("select = ['unassociated-rule']", &["--select", "public-answer"], &[]),
        ("", &["--ignore", "public-answer, unassociated-rule"], &[]),
        ("", &["--select", "unassociated-rule", "--ignore", "unassociated-rule"], &[]),
        ("[severities]\nunassociated-rule = 'note'", &[], &["unassociated-rule note"]),
    ] {
        tree.write("eksdns-lint.toml", text);
        assert_eq!(found(&tree, arguments), expected, "{text} {arguments:?}");
    }
}

#[test]
fn what_is_excluded_is_not_analysed_even_when_it_is_named() {
    let call = "module \"m\" {\n  source = \"../kept\"\n}\n";
    let tree = Tree::new(&[
        ("examples/a/main.tf", FLAWED),
        ("examples/caller/main.tf", call),
        ("kept/main.tf", FLAWED),
        ("two/main.tf", ""),
        ("two/other.tf", FLAWED),
        ("x.yaml", "Resources:\n  T: {Type: AWS::SNS::Topic}\n"),
    ]);
    for (text, arguments, expected) in [
        ("exclude = ['two/main.tf']", &["two/main.tf", "x.yaml"][..], 0),
        ("exclude = ['two/main.tf']", &["two/other.tf", "x.yaml"], 1),
        ("exclude = ['examples/']", &["."], 2),
        ("exclude = ['/examples/**']", &["."], 2),
        ("exclude = ['examples/']", &["examples/a/main.tf"], 0),
        ("exclude = ['examples/', '!examples/a/']", &["."], 3),
        ("exclude = ['examples/a/*.tf']", &["examples/a", "x.yaml"], 0),
        ("exclude = ['main.tf', 'x.yaml']", &["kept/main.tf", "x.yaml"], 0),
        ("exclude = ['*.yaml']", &["x.yaml", "examples/a/main.tf"], 1),
    ] {
        tree.write("eksdns-lint.toml", text);
        assert_eq!(found(&tree, arguments).len(), expected, "{text} {arguments:?}");
    }
    tree.write("examples/caller/main.tf", call.replace("../", "../../"));
    tree.write("eksdns-lint.toml", "exclude = ['kept/']");
    assert_eq!(found(&tree, &["examples/caller"]), [FAULT], "a root needs it");
}

#[test]
fn roots_get_their_values() {
    let tree = Tree::new(&[
        ("live/prod/main.tf", OPEN),
        ("live/dev/main.tf", OPEN),
        ("stacks/c.yaml", STACK),
        ("prod.tfvars", "private = true\n"),
        ("p.json", "{\"Parameters\": {\"Private\": \"true\"}}"),
    ]);
    let count = |text: &str, arguments: &[&str]| {
        tree.write("eksdns-lint.toml", text);
        found(&tree, arguments).len()
    };
    let prod = "[[roots]]\npath = 'live/prod'\n";
    assert_eq!(count("", &["."]), 3);
    assert_eq!(count(&format!("{prod}tfvars = ['prod.tfvars']"), &["."]), 2);
    assert_eq!(count(&format!("{prod}tfvars = ['prod.tfvars']"), &["live/prod"]), 0);
    assert_eq!(count(&format!("{prod}variables = {{ private = true }}"), &["."]), 2);
    assert_eq!(count(&format!("{prod}[roots.variables.tags]\npublic = 'yes'"), &["."]), 2);
    let both = format!("{prod}tfvars = ['prod.tfvars']\nvariables = {{ private = false }}");
    assert_eq!(count(&both, &["live"]), 2, "a value beats the files");
    let all = "[[roots]]\npath = 'live/*'\nvariables = { private = true }";
    assert_eq!(count(all, &["live"]), 0);
    assert_eq!(count(all, &["live", "--var", "private=false"]), 2, "the command line wins");
    let stack = "[[roots]]\npath = 'stacks/*.yaml'\n";
    assert_eq!(count(&format!("{stack}parameters = {{ Private = true }}"), &["stacks"]), 0);
    assert_eq!(count(&format!("{stack}parameter-files = ['p.json']"), &["stacks/c.yaml"]), 0);
    let given = ["stacks", "--parameter", "Private=false"];
    assert_eq!(count(&format!("{stack}parameters = {{ Private = true }}"), &given), 1);
    tree.write("eksdns-lint.toml", "[[roots]]\npath = 'live/stage'\n");
    let ran = tree.run(&["."]);
    assert_eq!(ran.stderr, "warning: eksdns-lint.toml:2:8: live/stage is no root of this run\n");
    assert_eq!(tree.run(&["live/dev"]).stderr, "", "other roots are not seen");
    tree.write("eksdns-lint.toml", format!("{stack}parameters = {{ Privat = true }}"));
    assert!(tree.run(&["stacks"]).stderr.contains("parameter Privat\n"));
}

#[test]
fn modules_get_summaries() {
    let call = |version: &str| CALL.replace("VERSION", version);
    let summary = format!("variable \"rule\" {{}}\n{FLAWED}");
    let tree = Tree::new(&[("live/main.tf", &call("2.3.1")), ("lint/dns/main.tf", &summary)]);
    let told =
        "[[modules]]\nsource = 'app.example.com/acme/dns/aws'\nversions = '~> 2.0'\nsummary = ";
    let unknown = "unresolved-module note";
    assert_eq!(found(&tree, &["live"]), [unknown]);
    tree.write("eksdns-lint.toml", format!("{told}'lint/dns'\n"));
    for paths in [&["live"][..], &["."], &["live", "lint"]] {
        assert_eq!(found(&tree, paths), [FAULT], "{paths:?}");
    }
    let ran = tree.run(&["live"]);
    assert!(ran.stdout.contains("live/main.tf:"), "it points at the call: {}", ran.stdout);
    assert!(!ran.stdout.contains("lint/dns/"), "{}", ran.stdout);
    assert_eq!(found(&tree, &["live", "--no-config"]), [unknown]);
    let shown = tree.run(&["config", "show"]).stdout;
    let key = "modules.\"app.example.com/acme/dns/aws\"";
    assert!(shown.contains(&format!("{key}.versions = \"~> 2.0\"  # eksdns-lint.toml:3:12\n")));
    assert!(shown.contains(&format!("{key}.summary = \"lint/dns\"  # eksdns-lint.toml:4:11\n")));
    tree.write("live/main.tf", call("3.0.0"));
    assert_eq!(found(&tree, &["live"]), [unknown], "it does not hold for that version");
    // Each configuration speaks for its own roots.
    tree.write("live/main.tf", call("2.3.1"));
    tree.write("other/main.tf", call("2.3.1"));
    tree.write("other/eksdns-lint.toml", "");
    assert_eq!(found(&tree, &["live", "other"]).len(), 2);
    tree.write("lint/dns/main.tf", "resource {");
    let ran = tree.run(&["live"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.starts_with("error: eksdns-lint.toml:4:11: lint/dns/main.tf:1:"));
}

#[test]
fn what_is_assumed_can_be_told() {
    let tree = Tree::new(&[("main.tf", "terraform {\n}\n")]);
    let shown = |arguments: &[&str]| {
        let arguments: Vec<_> = ["config", "show"].iter().chain(arguments).copied().collect();
        let ran = tree.run(&arguments);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
        ran.stdout
    };
    assert!(shown(&[]).contains("assumptions.eks-public-dns = true  # default\n"));
    tree.write("eksdns-lint.toml", "[assumptions]\neks-public-dns = false\n");
    let line = "assumptions.eks-public-dns = false  # eksdns-lint.toml:2:18\n";
    assert!(shown(&[]).contains(line) && !shown(&["--no-config"]).contains(line));
    let chosen = shown(&["--select", "public-answer"]);
    assert!(chosen.contains("select = [\"public-answer\"]  # --select\n"), "{chosen}");
    insta::assert_snapshot!(shown(&["--select", "public-answer", "--ignore", "public-answer"]), @r#"
    # for .
    select = ["public-answer"]  # --select
    ignore = ["public-answer"]  # --ignore
    exclude = []  # default
    inline-suppressions = "allow"  # default
    assumptions.eks-public-dns = false  # eksdns-lint.toml:2:18
    "#);
}

#[test]
fn an_assumption_reaches_the_simulation() {
    let figure = include_str!("../../fixtures/missing-inbound-endpoint/pass-public-dns.tf");
    let tree = Tree::new(&[("main.tf", figure)]);
    let rules = |text: &str, arguments: &[&str]| {
        tree.write("eksdns-lint.toml", text);
        found(&tree, arguments)
    };
    let option = rules("", &["--no-eks-public-dns"]);
    assert_ne!(rules("", &[]), option);
    assert_eq!(rules("[assumptions]\neks-public-dns = false", &[]), option);
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_nothing_is_analysed() {
    let tree = Tree::new(&[("main.tf", FLAWED)]);
    for (text, message) in [
        ("\nselct = []", "2:1: unknown key selct; did you mean select?"),
        (
            "[assumptions]\neks-dns = true",
            "2:1: unknown key eks-dns in [assumptions]; known: eks-public-dns",
        ),
        (
            "[[roots]]\npath = 'a'\ntfvar = []",
            "3:1: unknown key tfvar in [[roots]]; did you mean tfvars?",
        ),
        ("[[roots]]\n", "1:1: a table of [[roots]] needs a path"),
        (
            "select = ['public_anwser']",
            "1:11: unknown rule public_anwser; did you mean public-answer?",
        ),
        (
            "[severities]\nblocked-api = 'note'",
            "2:1: unknown rule blocked-api; did you mean blocked-api-port, blocked-vpc-endpoint or",
        ),
        (
            "[severities]\npublic-answer = 'high'",
            "2:17: a severity must be \"error\", \"warning\" or \"note\"",
        ),
        ("select = 'all'", "1:10: select must be a list of texts"),
        ("exclude = ['a/{b']", "1:12: not a pattern of paths"),
        ("inline-suppressions = false", "1:23: inline-suppressions must be \"allow\" or \"deny\""),
        ("a = ", "1:5: not valid TOML"),
        (
            "[[roots]]\npath = 'a'\nvariables = { a = 2020-01-01 }",
            "3:19: variables cannot have a datetime as value",
        ),
        (
            "[[modules]]\nsource = 'acme/dns/aws'",
            "1:1: a table of [[modules]] needs a source and a",
        ),
        (
            "[[modules]]\nsource = 'acme/dns/aws'\nsummary = 's'\nversion = '2.0'",
            "4:1: unknown key version in [[modules]]; did you mean versions?",
        ),
        (
            "[[modules]]\nsource = 'acme/dns/aws'\nsummary = 'none'",
            "3:11: none is no folder that can be read",
        ),
        ("[[modules]]\nsource = 'acme/dns/aws'\nsummary = '../..'", "3:11: ../.. lies outside"),
        (
            "[[modules]]\nsource = './dns'\nsummary = '.'",
            "2:10: a summary stands for a registry or git module, never for a local one",
        ),
        (
            "[[modules]]\nsource = 'acme/dns/aws'\nsummary = '.'\nversions = 'two'",
            "4:12: not a version constraint",
        ),
        (
            "[[assumptions.networks]]\nname = 'a'\ncidr = ['10.0.0.0/8']",
            "3:1: unknown key cidr in [[assumptions.networks]]; did you mean cidrs?",
        ),
        (
            "[[assumptions.networks]]\nname = 'a'\ncidrs = ['10.0.0.0']",
            "3:10: 10.0.0.0 is no block of addresses (10.0.0.0/8)",
        ),
        ("must-reach = [{ from = 'a' }]", "1:15: must-reach needs a from and a to"),
        ("must_reach = []", "1:1: unknown key must_reach; did you mean must-reach, "),
        (
            "[assumptions]\non-premises-dns = { recursive = true }",
            "2:21: unknown key recursive in on-premises-dns; did you mean recurse?",
        ),
        ("modules = 1", "1:11: modules must be tables: [[modules]]"),
    ] {
        tree.write("eksdns-lint.toml", text);
        let ran = tree.run(&["."]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{text}");
        let expected = format!("error: eksdns-lint.toml:{message}");
        assert!(ran.stderr.starts_with(&expected), "{text}: {}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
        assert_eq!(tree.run(&["config", "show"]).stderr, ran.stderr);
    }
    assert_eq!(tree.run(&["--config", "none.toml"]).stderr, "error: none.toml: does not exist\n");
    let ran = tree.run(&["--select", "public-anser"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("unknown rule; did you mean public-answer?"), "{}", ran.stderr);
}

fn schema() -> serde_json::Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("eksdns-lint.schema.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_schema_has_the_keys_of_the_parser_and_no_others() {
    let schema = schema();
    let keys = |at: &str| -> BTreeSet<String> {
        schema.pointer(at).unwrap().as_object().unwrap().keys().cloned().collect()
    };
    let own = |keys: &[&str]| keys.iter().map(|&key| key.to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(keys("/properties"), own(KEYS));
    assert_eq!(keys("/properties/roots/items/properties"), own(ROOT));
    assert_eq!(keys("/properties/modules/items/properties"), own(MODULE));
    let assumptions = "/properties/assumptions/properties";
    assert_eq!(keys(assumptions), own(ASSUMPTIONS));
    let dns = format!("{assumptions}/on-premises-dns/properties");
    assert_eq!(keys(&dns), own(ON_PREMISES_DNS));
    assert_eq!(keys(&format!("{dns}/forward/items/properties")), own(FORWARD));
    assert_eq!(keys(&format!("{assumptions}/networks/items/properties")), own(NETWORK));
    assert_eq!(keys("/definitions/pairs/items/properties"), own(PAIR));
    let ids: Vec<_> = ALL.iter().map(|check| check.rule.id).collect();
    let known = &schema["definitions"]["rule"]["enum"];
    assert_eq!(*known, serde_json::json!(ids), "write the rules as the checks have them");
}

/// Every key, with a value that has an effect.
const WHOLE: &str = r#"
select = ["public-answer"]
ignore = ["public-answer"]
exclude = ["examples/"]
inline-suppressions = "deny"
clients = [{ from = "aws_vpc.a", to = "aws_eks_cluster.c" }]
must-resolve-privately = [{ from = "campus", to = "aws_eks_cluster.c" }]
must-reach = [{ from = "on-premises", to = "aws_eks_cluster.c" }]
must-not-reach = []
[severities]
public-answer = "note"
[[roots]]
path = "."
tfvars = ["a.tfvars"]
variables = { private = true, tags = { a = "b" } }
parameter-files = []
parameters = { A = ["a", "b"], B = 1 }
[[modules]]
source = "app.example.com/acme/dns/aws"
versions = "~> 2.0"
summary = "summaries/dns"
[assumptions]
eks-public-dns = false
[assumptions.on-premises-dns]
recurse = true
filter-private-answers = false
forward = [{ domain = "eks.amazonaws.com", to = "aws_route53_resolver_endpoint.in" }]
[assumptions.quotas]
resolver-endpoints = 8
resolver-endpoint-addresses = 10
[[assumptions.networks]]
name = "campus"
cidrs = ["172.16.0.0/12"]
"#;

/// All keys that the parser knows.
fn all_keys() -> impl Iterator<Item = &'static &'static str> {
    let tables = [KEYS, ROOT, MODULE, ASSUMPTIONS, ON_PREMISES_DNS, FORWARD, NETWORK, QUOTAS, PAIR];
    tables.into_iter().flatten()
}

#[test]
fn the_schema_and_the_parser_agree() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let accepts = |text: &str| {
        let table: toml::Table = text.parse().unwrap();
        validator.is_valid(&serde_json::to_value(table).unwrap())
    };
    let tree = Tree::new(&[("main.tf", OPEN), ("a.tfvars", ""), ("summaries/dns/main.tf", FLAWED)]);
    let parses = |text: &str| {
        tree.write("eksdns-lint.toml", text);
        let ran = tree.run(&["config", "show"]);
        assert!(ran.code == Some(0) || ran.stderr.contains("eksdns-lint.toml:"), "{}", ran.stderr);
        ran.code == Some(0)
    };
    assert!(accepts(WHOLE) && parses(WHOLE));
    for key in all_keys() {
        let forms = [format!("{key} = "), format!("{key}]")];
        assert!(forms.iter().any(|form| WHOLE.contains(form)), "{key}");
    }
    // One line of it broken at a time: both refuse it.
    for (line, broken) in [
        ("select = [\"public-answer\"]", "select = [\"public\"]"),
        ("ignore = [\"public-answer\"]", "ignore = 1"),
        ("exclude = [\"examples/\"]", "exclude = [1]"),
        ("inline-suppressions = \"deny\"", "inline-suppressions = \"no\""),
        ("public-answer = \"note\"", "public-answer = \"low\""),
        ("public-answer = \"note\"", "answer = \"note\""),
        ("path = \".\"", ""),
        ("tfvars = [\"a.tfvars\"]", "tfvars = \"a.tfvars\""),
        ("parameter-files = []", "parameter-file = []"),
        ("parameters = { A = [\"a\", \"b\"], B = 1 }", "parameters = { A = { b = 1 } }"),
        ("variables = { private = true", "variables = 1 # {"),
        ("source = \"app.example.com/acme/dns/aws\"", ""),
        ("versions = \"~> 2.0\"", "versions = 2"),
        ("summary = \"summaries/dns\"", "folder = \"summaries/dns\""),
        ("eks-public-dns = false", "eks-public-dns = \"no\""),
        ("eks-public-dns = false", "public-dns = true"),
        ("recurse = true", "recurse = 1"),
        ("filter-private-answers = false", "filter-answers = false"),
        ("forward = [{ domain = \"eks.amazonaws.com\", to", "forward = [{ to"),
        ("forward = [{ domain = \"eks", "forward = [{ domain = \"\" } ] # \"eks"),
        ("resolver-endpoints = 8", "resolver-endpoints = 0"),
        ("resolver-endpoints = 8", "resolver-endpoint = 8"),
        ("resolver-endpoint-addresses = 10", "resolver-endpoint-addresses = \"10\""),
        ("name = \"campus\"", "name = 1"),
        ("cidrs = [\"172.16.0.0/12\"]", "cidrs = [\"172.16.0.0\"]"),
        ("cidrs = [\"172.16.0.0/12\"]", "cidrs = []"),
        ("clients = [{ from = \"aws_vpc.a\", to", "clients = [{ frm = \"aws_vpc.a\", to"),
        ("must-reach = [{ from = \"on-premises\", to", "must-reach = [{ to"),
        ("must-not-reach = []", "must-not-reach = {}"),
        ("must-resolve-privately = [{", "must-resolve = [{"),
    ] {
        assert!(WHOLE.contains(line), "{line}");
        let text = WHOLE.replace(line, broken);
        assert!(!accepts(&text), "the schema takes {broken}");
        assert!(!parses(&text), "the parser takes {broken}");
    }
}

#[test]
fn what_init_writes_is_whole_and_overwrites_nothing() {
    let tree =
        Tree::new(&[("main.tf", "terraform {\n}\n"), (".pre-commit-config.yaml", "repos: []\n")]);
    let ran = tree.run(&["init"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert!(ran.stdout.contains("eksdns-lint.toml: written\n"), "{}", ran.stdout);
    assert!(ran.stdout.contains("stays as it is") && ran.stdout.contains("- id: eksdns-lint"));
    let read = |name: &str| std::fs::read_to_string(tree.path(name)).unwrap();
    assert_eq!(read(".pre-commit-config.yaml"), "repos: []\n");
    assert!(read(".github/workflows/eksdns-lint.yml").contains("uses: eksdns-lint/eksdns-lint@v"));
    assert_eq!(tree.run(&["."]).code, Some(0), "all of it is comments");
    let written = read("eksdns-lint.toml");
    // Every key is told, and each line that is taken in is right.
    let is_code = |line: &&str| {
        line.starts_with(['[', ']'])
            || line.split_once(" = ").is_some_and(|(key, _)| !key.contains(' '))
    };
    let lines = written.lines().filter_map(|line| line.strip_prefix("# ")).filter(is_code);
    let uncommented = lines.map(|line| line.to_owned() + "\n").collect::<String>();
    for key in all_keys() {
        assert!(uncommented.contains(key), "{key} is not told");
    }
    tree.write("eksdns-lint.toml", &uncommented);
    tree.write("summaries/network/main.tf", "");
    let ran = tree.run(&["config", "show"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{uncommented}");
    tree.run(&["init"]);
    assert_eq!(read("eksdns-lint.toml"), uncommented, "it is not overwritten");
}

#[test]
fn quotas_can_be_raised() {
    let seven = include_str!("../../fixtures/exceeded-quota/flag.tf");
    let five = include_str!("../../fixtures/exceeded-quota/flag-endpoints.tf");
    let (addresses, endpoints) = ("resolver-endpoint-addresses", "resolver-endpoints");
    for (code, quota, found_at) in [
        (seven, format!("{addresses} = 7"), 0),
        (seven, format!("{addresses} = 5"), 1),
        (seven, format!("{endpoints} = 7"), 1),
        (five, format!("{endpoints} = 5"), 0),
        (five, format!("{endpoints} = 3"), 1),
        (five, format!("{addresses} = 5"), 1),
        (five, format!("{addresses} = 1"), 2),
    ] {
        let config = format!("[assumptions.quotas]\n{quota}\n");
        let tree = Tree::new(&[("main.tf", code), ("eksdns-lint.toml", &config)]);
        let notes = found(&tree, &["--select", "exceeded-quota"]).len();
        assert_eq!(notes, found_at, "{quota}");
        let shown = tree.run(&["config", "show"]).stdout;
        let line = format!("assumptions.quotas.{quota}  # eksdns-lint.toml:2:");
        assert!(shown.contains(&line), "{shown}");
    }
}
