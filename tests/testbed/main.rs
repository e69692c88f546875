//! Real name servers and real packets: topologies built in network namespaces, asked, and compared with
//! what the linter says of their Terraform and CloudFormation. README.md beside this file says what stands for
//! what, and what the bed cannot show.
//!
//! `TESTBED_RANDOM` is the number of random topologies, `TESTBED_SEED` the first one's seed,
//! `TESTBED_WORKERS` how many run at a time, `TESTBED_PACKETS` the number of sets of filters. With
//! `TESTBED_KEPT` what was seen is kept in a folder for the next run, and with `TESTBED_ONCE` nothing is asked
//! a second time: so a change of the simulation is compared within seconds. `TESTBED_RESOLVER=dnsmasq` is the
//! second opinion. `TESTBED=required` makes it an error where it cannot run.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]
#![allow(clippy::format_push_string, clippy::format_collect, reason = "texts are small here")]
#![allow(clippy::print_stdout, reason = "the output says what ran, and what did not")]

mod bed;
mod cloudformation;
mod compare;
mod figures;
mod filters;
mod inside;
mod known;
mod linter;
mod namespaces;
mod packets;
#[path = "../seeded/plant.rs"]
mod plant;
mod probe;
mod random;
mod resolvers;
mod run;
mod six;
mod terraform;
mod threads;
mod topology;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use serde::Serialize;
use serde::de::DeserializeOwned;

use bed::Seen;
use compare::Tally;
use topology::Topology;

/// A test: its name, and what it does; an error says what is wrong.
type Test = (&'static str, fn() -> Result<(), String>);

const TESTS: &[Test] = &[
    ("figures_and_faults", || topologies(threads::all())),
    ("random_topologies", || {
        let first = run::count("TESTBED_SEED", 1) as u64;
        let all = first..first + run::count("TESTBED_RANDOM", 60) as u64;
        topologies(all.map(random::topology).map(readable).collect())
    }),
    ("packets", packets::test),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some(what @ ("inside-packets" | "inside-packets-by-ipv6")) => {
            let topology = serde_json::from_reader(std::io::stdin()).unwrap();
            let passed = bed::packets(&topology, what.ends_with("ipv6"), &packets::PORTS);
            println!("{}", serde_json::to_string(&passed).unwrap());
            ExitCode::SUCCESS
        }
        // To look at: the topology of a seed, and its Terraform.
        Some("show") => {
            let topology = random::topology(run::count("TESTBED_SEED", 1) as u64);
            println!("{topology:#?}\n{}", terraform::write(&topology));
            ExitCode::SUCCESS
        }
        // For `tests/seeded/run`: puts the bugs into the sources below a folder, and names them.
        Some("plant") => {
            plant::plant(std::path::Path::new(arguments.get(2).map_or(".", String::as_str)));
            for name in plant::names(&plant::changes(arguments.get(3).map(String::as_str))) {
                println!("{name}");
            }
            ExitCode::SUCCESS
        }
        Some("bed") => {
            let topology = serde_json::from_reader(std::io::stdin()).unwrap();
            println!("{}", serde_json::to_string(&bed::run(&topology)).unwrap());
            ExitCode::SUCCESS
        }
        _ => test(arguments.get(1).map_or("", |filter| filter.trim_start_matches("--"))),
    }
}

/// Runs the tests whose names have the filter in them, or says which ones cannot run here and why.
fn test(filter: &str) -> ExitCode {
    let lacking = lacking();
    let mut failed = false;
    for (name, run) in TESTS.iter().filter(|(name, _)| name.contains(filter)) {
        if let Some(reason) = &lacking {
            println!("test testbed::{name} ... skipped: {reason}");
            failed |= std::env::var("TESTBED").is_ok_and(|value| value == "required");
            continue;
        }
        let started = Instant::now();
        let result = run();
        let word = result.as_ref().map_or_else(
            |wrong| format!("FAILED, {} mismatches", wrong.lines().count()),
            |()| "ok".to_owned(),
        );
        println!("test testbed::{name} ... {word} ({:.1} s)", started.elapsed().as_secs_f32());
        if let Err(text) = result {
            println!("{text}");
            failed = true;
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// What is not here that the tests need.
fn lacking() -> Option<String> {
    let runs = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    let programs = [("ip", "-V"), ("nft", "--version"), ("unbound", "-V"), ("unshare", "-V")];
    if let Some((program, _)) = programs.iter().find(|(program, flag)| !runs(program, &[flag])) {
        return Some(format!("{program} is not installed (tests/testbed/install)"));
    }
    let private = ["-n", "-m", "-p", "-f", "--kill-child", "--mount-proc", "ip", "link"];
    (!runs("unshare", &private)).then(|| "private namespaces need root".to_owned())
}

/// What the namespaces show of a topology, beside what the linter says.
fn observe(topology: &Topology, patience: u32) -> Result<Tally, String> {
    let seen: Seen = seen("bed", topology, patience)?;
    let said = linter::ask(topology, "main.tf", &terraform::write(topology));
    let mut tally = compare::compare(topology, &seen, &said);
    tally.written.insert("Terraform", 1);
    if let Some(template) = cloudformation::write(topology) {
        let said = linter::ask(topology, "template.json", &template);
        tally.add(compare::compare(topology, &seen, &said));
        tally.written.insert("CloudFormation", 1);
    }
    Ok(tally)
}

/// What the namespaces show; kept in the folder `TESTBED_KEPT`, if that is given, from one run to another.
fn seen<T: Serialize + DeserializeOwned>(
    what: &str,
    topology: &Topology,
    patience: u32,
) -> Result<T, String> {
    let text = serde_json::to_string(topology).unwrap();
    let mut hasher = DefaultHasher::new();
    (what, text).hash(&mut hasher);
    std::env::var("TESTBED_RESOLVER").ok().hash(&mut hasher);
    let kept = std::env::var("TESTBED_KEPT").ok();
    let kept = kept.map(|folder| format!("{folder}/{:016x}.json", hasher.finish()));
    if let Some(file) = &kept
        && patience == FIRST
        && let Ok(text) = std::fs::read_to_string(file)
    {
        return serde_json::from_str(&text).map_err(|error| error.to_string());
    }
    let seen: T = run::isolated(what, topology, patience)?;
    if let Some(file) = &kept {
        std::fs::write(file, serde_json::to_string(&seen).unwrap()).unwrap();
    }
    Ok(seen)
}

/// How many milliseconds a packet may take, and how many when all is asked once more.
const FIRST: u32 = 400;
const SECOND: u32 = 2000;

/// A topology without its network ACLs, where the simulation does not read them.
fn readable(mut topology: Topology) -> Topology {
    if !linter::reads_acls() {
        topology.acls.clear();
        for subnet in topology.vpcs.iter_mut().flat_map(|vpc| &mut vpc.subnets) {
            subnet.acl = None;
        }
    }
    topology
}

/// Compares each topology; what differs is asked once more alone, for a machine under load loses packets.
fn topologies(mut all: Vec<Topology>) -> Result<(), String> {
    let mut sum = Tally::default();
    let mut beyond: BTreeMap<&str, usize> = BTreeMap::new();
    all.retain(|topology| match linter::beyond(topology) {
        Some(what) => {
            *beyond.entry(what).or_default() += 1;
            false
        }
        None => true,
    });
    if !beyond.is_empty() {
        println!("skipped, for the simulation does not read what they have: {beyond:?}");
    }
    let mut wrong = Vec::new();
    let once = std::env::var_os("TESTBED_ONCE").is_some();
    for (topology, first) in all.iter().zip(run::each(&all, |one| observe(one, FIRST))) {
        let tally = match first {
            Ok(tally) if tally.mismatches.is_empty() || once => Ok(tally),
            other => {
                println!("{}: asked again, alone; first {other:?}", topology.name);
                observe(topology, SECOND)
            }
        };
        match tally {
            Ok(tally) => {
                wrong
                    .extend(tally.mismatches.iter().map(|one| format!("{}: {one}", topology.name)));
                sum.add(tally);
            }
            Err(error) => wrong.push(format!("{}: {error}", topology.name)),
        }
    }
    println!("{} topologies", all.len());
    sum.print();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n")) }
}
