//! Calls of well-known modules whose source is not at hand.

use super::{Loaded, load, load_with};
use crate::terraform::{OwnSummary, Setting, Summaries, Wrong};

const VPC: &str = r#"
module "vpc" {
  source               = "terraform-aws-modules/vpc/aws"
  version              = "VERSION"
  cidr                 = "10.0.0.0/16"
  azs                  = ["eu-west-1a", "eu-west-1b"]
  private_subnets      = ["10.0.1.0/24", "10.0.2.0/24"]
  EXTRA
}
output "x" { value = module.vpc }
resource "aws_x" "a" {
  first   = module.vpc.private_subnets[0]
  strange = module.vpc.nothing_we_know
}
"#;

fn vpc(version: &str, extra: &str) -> Loaded {
    load(&[("main.tf", &VPC.replace("VERSION", version).replace("EXTRA", extra))])
}

#[test]
fn defaults_follow_the_version() {
    for (version, hostnames) in [
        ("~> 2.0", "false"),
        ("3.19.0", "false"),
        ("~> 4.0", "true"),
        (">= 3.0", "true"),
        ("< 4.0", "false"),
        ("v6.0.1", "true"),
    ] {
        let loaded = vpc(version, "");
        let address = "module.vpc.aws_vpc.this[0]";
        assert_eq!(loaded.entry(address, "enable_dns_hostnames"), hostnames, "{version}");
    }
}

#[test]
fn the_newest_version_that_takes_the_arguments_is_meant() {
    let source = "git::https://github.com/terraform-aws-modules/terraform-aws-eks.git";
    let call = |argument: &str| {
        let text = format!("module \"e\" {{\n  source = \"{source}\"\n  {argument} = true\n}}\n");
        load(&[("main.tf", &text)])
    };
    let private = |loaded: &Loaded| loaded.entry("module.e.aws_eks_cluster.this[0]", "vpc_config");
    let old = call("cluster_endpoint_public_access");
    let new = call("endpoint_public_access");
    for loaded in [&old, &new] {
        assert!(private(loaded).contains("endpoint_public_access=true"));
        assert!(private(loaded).contains("endpoint_private_access=true"));
        assert!(loaded.graph.gaps.is_empty());
    }
    let oldest = call("cluster_create_security_group");
    assert!(private(&oldest).contains("endpoint_private_access=false"));
}

#[test]
fn places_are_those_of_the_call() {
    let loaded = vpc("~> 5.0", "enable_dns_support = false");
    let vpc = "module.vpc.aws_vpc.this[0]";
    let subnet = "module.vpc.aws_subnet.private[1]";
    assert_eq!(loaded.text(vpc, "enable_dns_support"), "false");
    assert_eq!(loaded.text(vpc, "cidr_block"), "\"10.0.0.0/16\"");
    assert_eq!(loaded.text(vpc, "enable_dns_hostnames"), "\"terraform-aws-modules/vpc/aws\"");
    let head = |address: &str| loaded.workspace.sources().text(loaded.resource(address).span);
    assert_eq!(head(vpc), "module \"vpc\"");
    assert_eq!(head(subnet), "[\"10.0.1.0/24\", \"10.0.2.0/24\"]");
    assert_eq!(head("module.vpc.aws_route_table.private[0]"), head(subnet));
    let main = loaded.resource(vpc).span.file;
    for resource in &loaded.graph.resources {
        assert!(resource.span.file == main, "{}", resource.address);
        for node in resource.body.values() {
            assert!(node.span.file == main, "{}", resource.address);
        }
    }
}

#[test]
fn what_a_summary_does_not_hold_stays_open() {
    let loaded = vpc("~> 5.0", "future_argument = true");
    assert_eq!(loaded.entry("aws_x.a", "first"), "<module.vpc.aws_subnet.private[0].id>");
    assert_eq!(loaded.entry("aws_x.a", "strange"), "<module.vpc.nothing_we_know>");
    let [gap] = loaded.graph.gaps.as_slice() else { panic!("{:?}", loaded.graph.gaps) };
    assert_eq!(loaded.workspace.sources().text(gap.span), "true");
    let vpc = loaded.graph.resources.iter().position(|one| &*one.kind == "aws_vpc").unwrap();
    let vpc = crate::unknown::ResourceId(u32::try_from(vpc).unwrap());
    assert!(gap.given.iter().flatten().any(|symbol| symbol.mentions(vpc)));
    assert!(vpc_gaps("vpc_tags = {}").is_empty() && vpc_gaps("region = null").is_empty());
    assert_eq!(vpc_gaps("region = \"eu-west-2\"").len(), 1);
}

fn vpc_gaps(extra: &str) -> Vec<crate::graph::Gap> {
    vpc("~> 6.0", extra).graph.gaps
}

#[test]
fn modules_that_do_not_matter_are_no_gap() {
    let loaded = load(&[(
        "main.tf",
        r#"
resource "aws_security_group" "s" {}
module "key" {
  source = "terraform-aws-modules/kms/aws"
  sg     = aws_security_group.s.id
}
module "role" {
  source = "terraform-aws-modules/iam/aws//modules/iam-role"
}
"#,
    )]);
    assert!(loaded.graph.gaps.is_empty());
}

/// A module of a private registry, with a summary of the user's for its second major version.
fn own(version: &str, summaries: &[OwnSummary]) -> (Loaded, Vec<(usize, Wrong)>) {
    let call = format!(
        "module \"n\" {{\n  source = \"app.example.com/acme/net/aws\"\n  version = \"{version}\"\n  block = \"10.0.0.0/16\"\n}}\n"
    );
    let summary = r#"
summary { irrelevant = ["tags"] }
variable "block" {}
resource "aws_vpc" "it" { cidr_block = var.block }
"#;
    let files = [
        ("main.tf", &*call),
        ("lint/net/main.tf", summary),
        ("lint/bad/main.tf", "a {"),
        ("lint/calls/main.tf", "module \"n\" {\n  source = \"app.example.com/acme/net/aws\"\n}\n"),
    ];
    let mut wrong = Vec::new();
    let loaded = load_with(&files, |workspace| {
        let summaries = Summaries::read(workspace, summaries).unwrap_or_else(|reasons| {
            wrong = reasons;
            Summaries::default()
        });
        Setting { summaries, ..Setting::default() }
    });
    (loaded, wrong)
}

#[test]
fn users_write_summaries_of_their_own() {
    let at = |folder: &str, source: &str, versions: &str| OwnSummary {
        source: source.into(),
        versions: versions.into(),
        folder: folder.into(),
    };
    let net = at("lint/net", "app.example.com/acme/net/aws", "~> 2.0");
    let (loaded, wrong) = own("2.3.1", std::slice::from_ref(&net));
    assert_eq!(wrong, []);
    assert!(loaded.graph.gaps.is_empty());
    assert_eq!(loaded.entry("module.n.aws_vpc.it", "cidr_block"), "\"10.0.0.0/16\"");
    assert_eq!(loaded.text("module.n.aws_vpc.it", "cidr_block"), "\"10.0.0.0/16\"");

    for version in ["3.0.0", "~> 1.4"] {
        let (loaded, _) = own(version, std::slice::from_ref(&net));
        assert!(loaded.addresses().is_empty(), "{version}");
        assert_eq!(loaded.graph.gaps.len(), 1);
    }

    let source = "app.example.com/acme/net/aws";
    let (_, wrong) = own(
        "2.0.0",
        &[
            at("lint/bad", source, ""),
            at("lint/none", source, ""),
            at("lint", source, ""),
            at("../../etc", source, ""),
            at("lint/calls", source, ""),
            at("lint/net", "./net", ""),
            at("lint/net", source, "two"),
            at("lint/net", source, ">= 3, < 2"),
        ],
    );
    let told: Vec<_> = wrong.iter().map(|(at, wrong)| format!("{at} {wrong:?}")).collect();
    assert_eq!(told.len(), 8, "{told:?}");
    for (at, start) in [
        "Folder(\"lint/bad/main.tf:1:",
        "Folder(\"lint/none is no folder",
        "Folder(\"lint holds no .tf file",
        "Folder(\"../../etc ",
        "Folder(\"lint/calls/main.tf:1:1: a summary calls no module",
        "Source(",
        "Versions(",
        "Versions(",
    ]
    .iter()
    .enumerate()
    {
        assert!(told[at].starts_with(&format!("{at} {start}")), "{}", told[at]);
    }
}

#[test]
fn a_users_summary_goes_before_an_embedded_one() {
    let files = [
        ("main.tf", "module \"v\" { source = \"terraform-aws-modules/vpc/aws\" }\n"),
        ("own/main.tf", "resource \"aws_vpc\" \"mine\" {}\n"),
    ];
    let summary = OwnSummary {
        source: "terraform-aws-modules/vpc/aws".into(),
        versions: String::new(),
        folder: "own".into(),
    };
    let loaded = load_with(&files, |workspace| {
        let summaries = Summaries::read(workspace, &[summary]).unwrap();
        Setting { summaries, ..Setting::default() }
    });
    assert_eq!(loaded.addresses(), ["module.v.aws_vpc.mine"]);
}
