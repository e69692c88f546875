//! Each summary against the module that it stands for, by what both make of the same calls.
//!
//! What the real modules make is recorded, so that the comparison needs no sources. With
//! `EKSDNS_LINT_MODULES` naming a folder of checked-out modules (`terraform-aws-vpc/5.21.0/…`) the real
//! ones are evaluated too, and the records must be what they give; `EKSDNS_LINT_RECORD=1` writes them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::super::catalogue;
use super::cases::{CASES, Case};
use crate::graph::{Map, Node, Value};
use crate::terraform::parse;
use crate::terraform::syntax::{Block, Body};
use crate::terraform::tests::{Loaded, load, show};
use crate::unknown::{Symbol, Why};

/// What the model reads of resources, and of blocks inside them.
const READ: &[&str] = &[
    "availability_zone",
    "cidr_block",
    "cidr_blocks",
    "cidr_ipv4",
    "cidr_ipv6",
    "default_route_table_id",
    "destination_cidr_block",
    "destination_ipv6_cidr_block",
    "dhcp_options_id",
    "direction",
    "domain_name",
    "domain_name_servers",
    "egress",
    "egress_only_gateway_id",
    "enable_dns_hostnames",
    "enable_dns_support",
    "endpoint_private_access",
    "endpoint_public_access",
    "from_port",
    "gateway_id",
    "ingress",
    "ip",
    "ip_address",
    "ip_family",
    "ip_protocol",
    "ipv6_cidr_blocks",
    "kubernetes_network_config",
    "nat_gateway_id",
    "outpost_config",
    "port",
    "prefix_list_id",
    "prefix_list_ids",
    "protocol",
    "referenced_security_group_id",
    "resolver_endpoint_id",
    "resolver_rule_id",
    "resource_arn",
    "route",
    "route_table_id",
    "rule_type",
    "security_group_id",
    "security_group_ids",
    "security_groups",
    "self",
    "source_security_group_id",
    "subnet_id",
    "subnet_ids",
    "target_ip",
    "to_port",
    "transit_gateway_id",
    "type",
    "vpc",
    "vpc_config",
    "vpc_id",
    "vpc_peering_connection_id",
];

/// The kinds that the model reads, and those that a route's target is told by.
const KINDS: &[&str] = &[
    "aws_default_route_table",
    "aws_default_security_group",
    "aws_default_vpc",
    "aws_egress_only_internet_gateway",
    "aws_eks_cluster",
    "aws_internet_gateway",
    "aws_nat_gateway",
    "aws_ram_resource_association",
    "aws_route",
    "aws_route53_resolver_endpoint",
    "aws_route53_resolver_rule",
    "aws_route53_resolver_rule_association",
    "aws_route53_zone",
    "aws_route_table",
    "aws_route_table_association",
    "aws_security_group",
    "aws_security_group_rule",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_dhcp_options",
    "aws_vpc_dhcp_options_association",
    "aws_vpc_ipv4_cidr_block_association",
    "aws_vpc_security_group_egress_rule",
    "aws_vpc_security_group_ingress_rule",
    "aws_vpn_gateway",
];

#[test]
fn summaries_do_as_the_real_modules_do() {
    let sources = std::env::var_os("EKSDNS_LINT_MODULES").map(PathBuf::from);
    let write = std::env::var_os("EKSDNS_LINT_RECORD").is_some();
    let mut wrong = String::new();
    let (mut lines, mut live) = (0, 0);
    for case in CASES {
        let entry = entry(case);
        let path = record(case);
        let mut recorded = std::fs::read_to_string(&path).unwrap_or_default();
        if let Some(real) = sources.as_ref().map(|at| at.join(case.folder)).filter(|at| at.is_dir())
        {
            live += 1;
            let given = rendered(case, entry, Some(&real));
            if write {
                std::fs::write(&path, &given).unwrap();
                recorded = given;
            } else {
                differ(&mut wrong, case, "the record", &recorded, "the real module", &given);
            }
        }
        let ours = rendered(case, entry, None);
        let known = |line: &&str| {
            let name = line.strip_prefix("variable ").and_then(|line| line.split(' ').next());
            name.is_none_or(|name| recorded.contains(&format!("variable {name} =")))
        };
        let ours = ours.lines().filter(known).collect::<Vec<_>>().join("\n");
        lines += recorded.lines().count();
        differ(&mut wrong, case, "the real module", &recorded, "the summary", &ours);
    }
    if live < CASES.len() {
        let all = CASES.len();
        eprintln!("summaries_do_as_the_real_modules_do: {live} of {all} real modules at hand");
    }
    assert!(lines > 500, "only {lines} lines are recorded");
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_input_of_a_real_module_is_sorted() {
    let Some(sources) = std::env::var_os("EKSDNS_LINT_MODULES").map(PathBuf::from) else {
        eprintln!(
            "every_input_of_a_real_module_is_sorted: did not run, EKSDNS_LINT_MODULES is not set"
        );
        return;
    };
    let mut wrong = Vec::new();
    for case in CASES {
        let entry = entry(case);
        let known = super::super::Declared::of(entry);
        let real = variables(&bodies(&sources.join(case.folder)));
        let unknown = real.keys().filter(|name| !known.has(&name.as_str().into()));
        wrong.extend(unknown.map(|name| format!("{}: {name}", case.folder)));
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The summary that a case is about, which must be the one that its call leads to.
fn entry(case: &Case) -> &'static catalogue::Entry {
    let text = call(case);
    let file = parse::file(crate::source::Sources::default().add("", ""), &text);
    let block = file.body.blocks("module").next().unwrap();
    let summary = super::super::summary(block, &[]).unwrap_or_else(|| panic!("{}", case.name));
    catalogue::SUMMARIES.iter().find(|entry| entry.name == summary.name).unwrap()
}

fn call(case: &Case) -> String {
    let Case { source, version, arguments, .. } = case;
    format!(
        "module \"m\" {{\n  source = \"{source}\"\n  version = \"{version}\"\n{arguments}\n}}\n"
    )
}

fn record(case: &Case) -> PathBuf {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("src/terraform/registry/tests/recorded");
    folder.join(format!("{}.txt", case.name))
}

fn differ(wrong: &mut String, case: &Case, a: &str, left: &str, b: &str, right: &str) {
    let only = |these: &str, those: &str| -> Vec<String> {
        let mut those: Vec<&str> = those.lines().collect();
        let mut only = Vec::new();
        for line in these.lines() {
            match those.iter().position(|other| *other == line) {
                Some(at) => drop(those.swap_remove(at)),
                None => only.push(line.to_owned()),
            }
        }
        only
    };
    for (who, lines) in [(a, only(left, right)), (b, only(right, left))] {
        for line in lines {
            let _ = writeln!(wrong, "{}: only {who}: {line}", case.name);
        }
    }
}

/// Defaults, outputs and resources, line by line.
fn rendered(case: &Case, entry: &catalogue::Entry, real: Option<&Path>) -> String {
    let mut out = defaults(entry, real);
    let mut text = format!("{}{}resource \"aws_out\" \"put\" {{\n", call(case), case.around);
    let outputs = entry.bodies().iter().flat_map(|body| body.blocks("output"));
    for block in outputs {
        let _ = writeln!(text, "  {0} = module.m.{0}", block.labels[0]);
    }
    text.push_str("}\n");
    let loaded = with_source(&text, real);
    for resource in &loaded.graph.resources {
        let every = &*resource.kind == "aws_out";
        if !every && !KINDS.contains(&&*resource.kind) {
            continue;
        }
        let open = if resource.exists.is_err() { " perhaps" } else { "" };
        let _ = writeln!(out, "{}{open}", resource.address);
        for (name, node) in &resource.body {
            if every || READ.contains(&&**name) {
                let value = show(&pruned(&opened(&node.value)));
                // Nothing is written in many ways.
                if !["[]", "[{}]", "\"\""].contains(&&*value) {
                    let _ = writeln!(out, "{} {name} = {value}", resource.address);
                }
            }
        }
    }
    out
}

/// The defaults of the inputs that a summary declares: what they are when the module is a root.
fn defaults(entry: &catalogue::Entry, real: Option<&Path>) -> String {
    let declared = variables(entry.bodies());
    let mut text = "resource \"aws_out\" \"default\" {\n".to_owned();
    // A table of ports, which the calls look up, and a long map of nothing.
    let compared = || declared.keys().filter(|name| *name != "rules" && *name != "context");
    for name in compared() {
        let _ = writeln!(text, "  {name} = var.{name}");
    }
    text.push_str("}\n");
    let mut files = vec![("defaults.tf".to_owned(), text)];
    match real {
        Some(real) => copy(real, ".", &mut files),
        None => files.extend(
            entry
                .texts()
                .iter()
                .enumerate()
                .map(|(at, text)| (format!("{at}.tf"), (*text).to_owned())),
        ),
    }
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let loaded = load(&files);
    let mut out = String::new();
    for name in compared() {
        let value = loaded.entry("aws_out.default", name);
        let value = if value == "[]" { "absent" } else { &value };
        // Not every version of a range has it.
        if value != format!("<var.{name}>") {
            let _ = writeln!(out, "variable {name} = {value}");
        }
    }
    out
}

/// A value whose open parts are told only when they are attributes or inputs as they stand: what else
/// is open may be spelled in another way.
fn opened(value: &Value) -> Value {
    match value {
        Value::Unknown(symbol) => {
            let text = symbol.to_string();
            let known = !text.contains('(') && !text.ends_with('.');
            Value::Unknown(if known { symbol.clone() } else { open() })
        }
        Value::List { items, rest } => {
            let items: Vec<_> =
                items.iter().map(|item| Node::new(opened(&item.value), item.span)).collect();
            match (items.is_empty(), rest) {
                (true, Some(_)) => Value::Unknown(open()),
                _ => Value::List { items: items.into(), rest: rest.as_ref().map(|_| open()) },
            }
        }
        Value::Map(map) => {
            let entries = map.entries.iter();
            let entries: BTreeMap<_, _> = entries
                .map(|(name, node)| (name.clone(), Node::new(opened(&node.value), node.span)))
                .collect();
            let rest = map.rest.as_ref().map(|_| open());
            Value::Map(Map { uniform: false, entries, rest }.into())
        }
        // The provider's schema decides: `"53"` is 53 there.
        Value::Number(number) => Value::string(number.to_string()),
        other => other.clone(),
    }
}

fn open() -> Symbol {
    Symbol::input("open", Why::NoValue)
}

/// A value without the entries that the model does not read.
fn pruned(value: &Value) -> Value {
    match value {
        Value::Map(map) => {
            let kept = map.entries.iter().filter(|(name, _)| READ.contains(&&***name));
            let entries: BTreeMap<_, _> = kept
                .map(|(name, node)| (name.clone(), Node::new(pruned(&node.value), node.span)))
                .filter(|(_, node)| node.value != Value::Null && node.value != Value::list([]))
                .collect();
            Value::Map(Map { uniform: map.uniform, entries, rest: map.rest.clone() }.into())
        }
        Value::List { items, rest } => {
            let items: Vec<_> =
                items.iter().map(|item| Node::new(pruned(&item.value), item.span)).collect();
            Value::List { items: items.into(), rest: rest.clone() }
        }
        other => other.clone(),
    }
}

fn with_source(text: &str, real: Option<&Path>) -> Loaded {
    let mut files = vec![("main.tf".to_owned(), text.to_owned())];
    if let Some(real) = real {
        let json = r#"{"Modules":[{"Key":"m","Source":"x","Dir":".terraform/modules/m"}]}"#;
        files.push((".terraform/modules/modules.json".to_owned(), json.to_owned()));
        copy(real, ".terraform/modules/m", &mut files);
    }
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    load(&files)
}

fn copy(from: &Path, to: &str, files: &mut Vec<(String, String)>) {
    for item in std::fs::read_dir(from).unwrap() {
        let path = item.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let to = format!("{to}/{name}");
        if path.is_dir() && name == "modules" || path.is_dir() && from.ends_with("modules") {
            copy(&path, &to, files);
        } else if path.extension().is_some_and(|end| end == "tf") {
            files.push((to, std::fs::read_to_string(&path).unwrap()));
        }
    }
}

fn bodies(folder: &Path) -> Vec<Body> {
    let nowhere = crate::source::Sources::default().add("", "");
    let files = std::fs::read_dir(folder).unwrap().map(|item| item.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|end| end == "tf"));
    files.map(|path| parse::file(nowhere, &std::fs::read_to_string(path).unwrap()).body).collect()
}

fn variables(bodies: &[Body]) -> BTreeMap<String, Block> {
    let blocks = bodies.iter().flat_map(|body| body.blocks("variable"));
    blocks.map(|block| (block.labels[0].to_string(), block.clone())).collect()
}
