//! Each summary against the module that it stands for, by what both make of the same calls.
//!
//! What the real modules make is recorded for every version, so that the comparison needs no sources.
//! With `EKSDNS_LINT_MODULES` naming a folder of checked-out modules (`terraform-aws-vpc/5.21.0/…`) the
//! real ones are evaluated too, and the records must be what they give; `EKSDNS_LINT_RECORD=1` writes
//! them. A record has a paragraph for each result that differs, under the versions that give it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::super::catalogue;
use super::super::version::Constraint;
use super::cases::{CASES, Case};
use crate::graph::{Map, Node, Value};
use crate::terraform::parse;
use crate::terraform::syntax::{Block, Body};
use crate::terraform::tests::{Loaded, load, show};
use crate::unknown::{Symbol, Why};

/// What the model reads of resources, and of blocks inside them.
const READ: &[&str] = &[
    "action",
    "auto_accept_shared_attachments",
    "availability_zone",
    "blackhole",
    "cidr_block",
    "cidr_blocks",
    "cidr_ipv4",
    "cidr_ipv6",
    "default_network_acl_id",
    "default_route_table_association",
    "default_route_table_id",
    "default_route_table_propagation",
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
    "network_acl_id",
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
    "rule_action",
    "rule_no",
    "rule_number",
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
    "transit_gateway_attachment_id",
    "transit_gateway_default_route_table_association",
    "transit_gateway_default_route_table_propagation",
    "transit_gateway_id",
    "transit_gateway_route_table_id",
    "type",
    "vpc",
    "vpc_config",
    "vpc_id",
    "vpc_peering_connection_id",
];

/// The kinds that the model reads, and those that a route's target is told by.
const KINDS: &[&str] = &[
    "aws_default_network_acl",
    "aws_default_route_table",
    "aws_default_security_group",
    "aws_default_vpc",
    "aws_ec2_transit_gateway",
    "aws_ec2_transit_gateway_prefix_list_reference",
    "aws_ec2_transit_gateway_route",
    "aws_ec2_transit_gateway_route_table",
    "aws_ec2_transit_gateway_route_table_association",
    "aws_ec2_transit_gateway_route_table_propagation",
    "aws_ec2_transit_gateway_vpc_attachment",
    "aws_egress_only_internet_gateway",
    "aws_eks_cluster",
    "aws_internet_gateway",
    "aws_nat_gateway",
    "aws_network_acl",
    "aws_network_acl_rule",
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
    "awscc_ec2_route_table",
    "awscc_ec2_subnet_route_table_association",
];

/// What a real module makes, and the versions of it that make just that.
#[derive(Default)]
struct Results(Vec<(Vec<String>, String)>);

impl Results {
    fn put(&mut self, version: String, text: String) {
        match self.0.iter_mut().find(|(_, known)| *known == text) {
            Some((versions, _)) => versions.push(version),
            None => self.0.push((vec![version], text)),
        }
    }

    fn read(text: &str) -> Self {
        let paragraphs = text.split("# ").filter(|paragraph| !paragraph.is_empty());
        let split = paragraphs.map(|paragraph| paragraph.split_once('\n').unwrap());
        let versions = |line: &str| line.split(' ').map(str::to_owned).collect();
        Self(split.map(|(line, text)| (versions(line), text.to_owned())).collect())
    }

    fn text(&self) -> String {
        let mut out = String::new();
        for (versions, text) in &self.0 {
            let _ = write!(out, "# {}\n{text}", versions.join(" "));
        }
        out
    }
}

#[test]
fn summaries_do_as_the_real_modules_do() {
    let sources = sources();
    let write = std::env::var_os("EKSDNS_LINT_RECORD").is_some();
    let mut wrong = String::new();
    let (mut versions, mut live) = (0, 0);
    for case in CASES {
        let path = record(case);
        let mut recorded = std::fs::read_to_string(&path).unwrap_or_default();
        if let Some(real) = sources.as_deref().map(|sources| real(case, sources)) {
            live += real.0.iter().map(|(versions, _)| versions.len()).sum::<usize>();
            if write {
                std::fs::write(&path, real.text()).unwrap();
                recorded = real.text();
            } else if real.text() != recorded {
                differ(&mut wrong, case, "the record", &recorded, "the real module", &real.text());
            }
        }
        let recorded = Results::read(&recorded);
        versions += recorded.0.iter().map(|(versions, _)| versions.len()).sum::<usize>();
        for (versions, text) in &recorded.0 {
            compare(&mut wrong, case, versions, text);
        }
    }
    if live < versions {
        let versions = format!("{live} of {versions} recorded versions at hand");
        eprintln!("summaries_do_as_the_real_modules_do: {versions}");
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(versions > 100, "only {versions} versions are recorded");
}

/// Each summary that stands for one of the versions against what these make.
fn compare(wrong: &mut String, case: &Case, versions: &[String], recorded: &str) {
    let mut seen: Vec<&str> = Vec::new();
    for version in versions {
        let Some(entry) = entry(case, version) else {
            let _ = writeln!(wrong, "{}: {version} has no summary", case.name);
            continue;
        };
        if seen.contains(&&*entry.name) {
            continue;
        }
        seen.push(&entry.name);
        let ours = rendered(case, entry, version, None);
        // Inputs and outputs that a version does not have are not asked for.
        let known = |line: &&str| {
            let name = |prefix: &str| line.strip_prefix(prefix)?.split(' ').next();
            let absent = |name: &str| format!("aws_out.put {name} = <module.m.{name}>\n");
            name("variable ").is_none_or(|name| recorded.contains(&format!("variable {name} =")))
                && name("aws_out.put ").is_none_or(|name| !recorded.contains(&absent(name)))
        };
        let only_known = |text: &str| text.lines().filter(known).collect::<Vec<_>>().join("\n");
        let (recorded, ours) = (&only_known(recorded), only_known(&ours));
        let real = format!("the real {version}");
        differ(wrong, case, &real, recorded, "the summary", &ours);
    }
}

/// What the versions at hand make.
fn real(case: &Case, sources: &Path) -> Results {
    let mut results = Results::default();
    for version in at_hand(case, sources) {
        if let Some(entry) = entry(case, &version) {
            let text = rendered(case, entry, &version, Some(sources));
            results.put(version, text);
        }
    }
    results
}

/// The versions of a case of which there are sources, oldest first.
fn at_hand(case: &Case, sources: &Path) -> Vec<String> {
    let asked = Constraint::read_whole(case.versions).unwrap();
    let folders = std::fs::read_dir(sources.join(case.folder.0)).into_iter().flatten();
    let names = folders.map(|item| item.unwrap().file_name().to_string_lossy().into_owned());
    let mut versions: Vec<_> = names
        .filter_map(|name| Some((Constraint::read_whole(&name)?, name)))
        .filter(|(version, name)| version.meets(asked) && folder(case, name, sources).is_dir())
        .collect();
    versions.sort_by_key(|(version, _)| version.from);
    versions.into_iter().map(|(_, name)| name).collect()
}

fn folder(case: &Case, version: &str, sources: &Path) -> PathBuf {
    sources.join(case.folder.0).join(version).join(case.folder.1)
}

fn sources() -> Option<PathBuf> {
    std::env::var_os("EKSDNS_LINT_MODULES").map(PathBuf::from)
}

#[test]
fn every_input_of_a_real_module_is_sorted() {
    let Some(sources) = sources() else {
        eprintln!(
            "every_input_of_a_real_module_is_sorted: did not run, EKSDNS_LINT_MODULES is not set"
        );
        return;
    };
    let mut wrong = BTreeMap::<String, Vec<String>>::new();
    for case in CASES {
        for version in at_hand(case, &sources) {
            let Some(entry) = entry(case, &version) else { continue };
            let known = super::super::Declared::of(entry);
            let real = variables(&bodies(&folder(case, &version, &sources)));
            for name in real.keys().filter(|name| !known.has(&name.as_str().into())) {
                let versions = wrong.entry(format!("{} {name}", case.source)).or_default();
                versions.push(version.clone());
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The summary of a version, if there is one.
fn entry(case: &Case, version: &str) -> Option<&'static catalogue::Entry> {
    let text = call(case, version);
    let file = parse::file(crate::source::Sources::default().add("", ""), &text);
    let block = file.body.blocks("module").next().unwrap();
    let summary = super::super::summary(block, &[])?;
    catalogue::SUMMARIES.iter().find(|entry| entry.name == summary.name)
}

fn call(case: &Case, version: &str) -> String {
    let Case { source, arguments, .. } = case;
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
fn rendered(
    case: &Case,
    entry: &catalogue::Entry,
    version: &str,
    sources: Option<&Path>,
) -> String {
    let real = sources.map(|sources| folder(case, version, sources));
    let mut out = defaults(entry, real.as_deref());
    let call = call(case, version);
    let mut text = format!("{call}{}resource \"aws_out\" \"put\" {{\n", case.around);
    let outputs = entry.bodies().iter().flat_map(|body| body.blocks("output"));
    for block in outputs {
        let _ = writeln!(text, "  {0} = module.m.{0}", block.labels[0]);
    }
    text.push_str("}\n");
    let loaded = with_source(&text, real.as_deref(), sources);
    for resource in &loaded.graph.resources {
        let every = &*resource.kind == "aws_out";
        if !every && !KINDS.contains(&&*resource.kind) {
            continue;
        }
        let open = if resource.exists.is_err() { " perhaps" } else { "" };
        let _ = writeln!(out, "{}{open}", resource.address);
        for (name, node) in &resource.body {
            // Which subnets are left to a default ACL, the others say.
            let left = &*resource.kind == "aws_default_network_acl" && &**name == "subnet_ids";
            if every || (READ.contains(&&**name) && !left) {
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
    let mut files = vec![("zz-defaults.tf".to_owned(), text)];
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
            Value::Map(Map { uniform: false, entries: entries.into_iter().collect(), rest }.into())
        }
        // The provider's schema decides: `"53"` is 53 there, and `"true"` true.
        Value::Number(number) => Value::string(number.to_string()),
        Value::Bool(truth) => Value::string(truth.to_string()),
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
            Value::Map(
                Map {
                    uniform: map.uniform,
                    entries: entries.into_iter().collect(),
                    rest: map.rest.clone(),
                }
                .into(),
            )
        }
        Value::List { items, rest } => {
            let items: Vec<_> =
                items.iter().map(|item| Node::new(pruned(&item.value), item.span)).collect();
            Value::List { items: items.into(), rest: rest.clone() }
        }
        other => other.clone(),
    }
}

fn with_source(text: &str, real: Option<&Path>, sources: Option<&Path>) -> Loaded {
    let mut files = vec![("main.tf".to_owned(), text.to_owned())];
    if let (Some(real), Some(sources)) = (real, sources) {
        let mut modules =
            vec![r#"{"Key":"m","Source":"x","Dir":".terraform/modules/m"}"#.to_owned()];
        copy(real, ".terraform/modules/m", &mut files);
        // The modules that it calls in turn, where one of the cases is about them.
        for (name, real) in called(real, sources) {
            let folder = format!(".terraform/modules/m.{name}");
            modules.push(format!(r#"{{"Key":"m.{name}","Source":"x","Dir":"{folder}"}}"#));
            copy(&real, &folder, &mut files);
        }
        let json = format!(r#"{{"Modules":[{}]}}"#, modules.join(","));
        files.push((".terraform/modules/modules.json".to_owned(), json));
    }
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    load(&files)
}

/// The calls of a module that lead to another of which there is a source.
fn called(real: &Path, sources: &Path) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    for body in bodies(real) {
        for call in body.blocks("module") {
            let text = |name: &str| call.body.attribute(name).and_then(|expr| expr.text().cloned());
            let (Some(source), Some(version)) = (text("source"), text("version")) else { continue };
            let Some(case) = CASES.iter().find(|case| case.source == &*source) else { continue };
            let version = version.trim_start_matches(['=', ' ']);
            let at = folder(case, version, sources);
            if at.is_dir() {
                found.push((call.labels[0].to_string(), at));
            }
        }
    }
    found
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
