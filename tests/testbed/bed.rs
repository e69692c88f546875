//! Builds a topology inside private namespaces, asks it, and tells what was seen.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::thread;

use serde::{Deserialize, Serialize};

use crate::filters::plus_two;
use crate::namespaces::{Plan, client, endpoint_interface};
use crate::resolvers;
use crate::topology::{CAMPUS_HOST, CAMPUS_NAME, CAMPUS_SERVERS, INTERNET_NAME, Topology};

/// What was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// What clients of a VPC (none: the campus) got for a name: the distinct outcomes over the subnets,
    /// and over the name servers of the DHCP options.
    pub(crate) names: BTreeMap<String, BTreeSet<Heard>>,
    /// Whether queries pass, from each address that forwards to each target: by UDP and by TCP.
    pub(crate) legs: BTreeMap<String, (bool, bool)>,
    /// Whether TCP 443 passes, from each client's address to each of a cluster's.
    pub(crate) connections: BTreeMap<String, bool>,
}

/// What a query got.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Heard {
    Addresses(Vec<String>),
    NxDomain,
    NoData,
    Refused,
    /// SERVFAIL, or nothing.
    Failure,
}

/// The key of a question.
pub(crate) fn question(vpc: Option<usize>, name: &str) -> String {
    format!("{} {name}", vpc.map_or("campus".to_owned(), |vpc| format!("vpc{vpc}")))
}

/// The key of a leg or a connection.
pub(crate) fn pair(from: &str, to: &str) -> String {
    format!("{from} {to}")
}

/// The names that every client asks for.
pub(crate) fn names(topology: &Topology) -> Vec<String> {
    let clusters = (0..topology.clusters.len()).map(Topology::cluster_name);
    clusters.chain([CAMPUS_NAME.to_owned(), INTERNET_NAME.to_owned()]).collect()
}

const FOLDER: &str = "/run/bed";

/// Inside the private namespaces: nothing leaves them, and the kernel takes all away at the end.
pub(crate) fn run(topology: &Topology) -> Seen {
    let bed = Bed::new(topology);
    let _servers = bed.serve();
    thread::scope(|scope| {
        let names = scope.spawn(|| bed.ask_names());
        let legs = scope.spawn(|| bed.ask_legs());
        let connections = bed.connect();
        Seen { names: names.join().unwrap(), legs: legs.join().unwrap(), connections }
    })
}

/// Which packets pass from each endpoint's interface to each other's: `FROM PROTOCOL:TO:PORT`.
pub(crate) fn packets(topology: &Topology, ports: &[u16]) -> BTreeMap<String, bool> {
    Bed::new(topology);
    let own = std::env::current_exe().unwrap();
    let own = own.to_str().unwrap();
    let listed = ports.iter().map(u16::to_string).collect::<Vec<_>>();
    let ends: Vec<(String, &String)> = topology
        .endpoints
        .iter()
        .enumerate()
        .flat_map(|(number, endpoint)| {
            let addresses = endpoint.addresses.iter().enumerate();
            addresses.map(move |(index, (_, ip))| (endpoint_interface(number, index), ip))
        })
        .collect();
    // Each interface sends back what comes to one of the ports by UDP; TCP needs no listener.
    for (space, _) in &ends {
        let mut arguments = vec!["netns", "exec", space, own, "echo"];
        arguments.extend(listed.iter().map(String::as_str));
        let mut command = Command::new("ip");
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut ready = [0; 1];
        command.spawn().unwrap().stdout.unwrap().read_exact(&mut ready).unwrap();
    }
    let mut passed = BTreeMap::new();
    thread::scope(|scope| {
        let probed = ends.iter().map(|(space, from)| {
            let others = ends.iter().filter(move |(other, _)| other != space);
            let specs: Vec<String> = others
                .flat_map(|(_, to)| ports.iter().map(move |port| format!("{to}:{port}")))
                .flat_map(|to| ["tcp", "udp"].map(|protocol| format!("{protocol}:{to}")))
                .collect();
            (from, scope.spawn(move || (probe(space, &specs), specs)))
        });
        for (from, probed) in probed.collect::<Vec<_>>() {
            let (results, specs) = probed.join().unwrap();
            for (spec, result) in specs.iter().zip(results) {
                passed.insert(pair(from, spec), result);
            }
        }
    });
    passed
}

struct Bed<'a> {
    topology: &'a Topology,
    plan: Plan,
}

/// Runs a command, and gives what it printed.
fn command(program: &str, arguments: &[&str], input: &str) -> String {
    let mut child = spawn(program, arguments);
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}\n{input}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn spawn(program: &str, arguments: &[&str]) -> Child {
    let mut command = Command::new(program);
    command.args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

impl<'a> Bed<'a> {
    fn new(topology: &'a Topology) -> Self {
        let plan = Plan::new(topology);
        command("mount", &["-t", "tmpfs", "tmpfs", "/run"], "");
        fs::create_dir_all("/run/netns").unwrap();
        fs::create_dir_all(FOLDER).unwrap();
        let bed = Self { topology, plan };
        bed.build();
        bed
    }

    fn build(&self) {
        let mut batch = String::new();
        for name in self.plan.spaces.keys() {
            batch += &format!("netns add {name}\n");
        }
        for [(a, left), (b, right)] in &self.plan.cables {
            batch += &format!("link add {left} netns {a} type veth peer name {right} netns {b}\n");
        }
        command("ip", &["-batch", "-"], &batch);
        let mut children = Vec::new();
        for (name, space) in &self.plan.spaces {
            let (ip, nft) = (format!("{FOLDER}/{name}.ip"), format!("{FOLDER}/{name}.nft"));
            fs::write(&ip, space.ip.join("\n") + "\n").unwrap();
            fs::write(&nft, &space.nft).unwrap();
            let script = format!(
                "cd /proc/sys/net/ipv4; echo 1 >ip_forward; echo 0 >icmp_ratelimit; for each in all \
                 default; do echo 0 >conf/$each/rp_filter; done; ip -batch {ip} && nft -f {nft}"
            );
            children.push((name, spawn("ip", &["netns", "exec", name, "sh", "-c", &script])));
        }
        for (name, child) in children {
            let output = child.wait_with_output().unwrap();
            let errors = String::from_utf8_lossy(&output.stderr);
            let space = &self.plan.spaces[name];
            assert!(
                output.status.success(),
                "{name}: {errors}\n{}\n{}",
                space.ip.join("\n"),
                space.nft
            );
        }
    }

    /// Starts the name servers, and waits for them.
    fn serve(&self) -> Vec<Child> {
        let second = std::env::var("TESTBED_RESOLVER").is_ok_and(|program| program == "dnsmasq");
        let mut children = Vec::new();
        for (name, server) in &self.plan.servers {
            let file = format!("{FOLDER}/{name}.conf");
            fs::write(&file, server.unbound(FOLDER)).unwrap();
            let mut command = Command::new("ip");
            command.args(["netns", "exec", &server.space]);
            if second && name != "pub" {
                command.arg("dnsmasq").args(server.dnsmasq());
            } else {
                command.args(["unbound", "-c", &file]);
            }
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            children.push(command.spawn().unwrap());
        }
        thread::scope(|scope| {
            for (name, server) in &self.plan.servers {
                scope.spawn(move || {
                    let up =
                        (0..20).any(|_| probe(&server.space, &["udp:127.0.0.1:53".to_owned()])[0]);
                    let log = fs::read_to_string(format!("{FOLDER}/{name}.log"));
                    assert!(up, "{name} does not answer: {}", log.unwrap_or_default());
                });
            }
        });
        children
    }

    fn ask_names(&self) -> BTreeMap<String, BTreeSet<Heard>> {
        let mut questions: Vec<(Option<usize>, String, String)> = Vec::new();
        for (vpc, it) in self.topology.vpcs.iter().enumerate() {
            if it.servers.is_empty() {
                questions.push((Some(vpc), client(vpc, 0), plus_two(&it.cidr)));
            }
            for (subnet, server) in (0..it.subnets.len())
                .flat_map(|subnet| it.servers.iter().map(move |one| (subnet, one)))
            {
                questions.push((Some(vpc), client(vpc, subnet), server.clone()));
            }
        }
        questions.push((None, "pc".to_owned(), CAMPUS_SERVERS[0].to_owned()));
        let all = names(self.topology);
        let mut heard: BTreeMap<String, BTreeSet<Heard>> = BTreeMap::new();
        thread::scope(|scope| {
            let asked = questions.iter().map(|(vpc, space, server)| {
                let all = &all;
                (vpc, scope.spawn(move || dig(space, server, all)))
            });
            let asked: Vec<(_, thread::ScopedJoinHandle<'_, Vec<Heard>>)> = asked.collect();
            for (vpc, answers) in asked {
                for (name, answer) in all.iter().zip(answers.join().unwrap()) {
                    heard.entry(question(*vpc, name)).or_default().insert(answer);
                }
            }
        });
        heard
    }

    /// From every interface that forwards, and from the campus's servers, to every target.
    fn ask_legs(&self) -> BTreeMap<String, (bool, bool)> {
        let mut wanted: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
        for rule in
            (0..self.topology.vpcs.len()).flat_map(|vpc| resolvers::rules(self.topology, vpc))
        {
            let Some(number) = rule.endpoint else { continue };
            for (index, (_, address)) in
                self.topology.endpoints[number].addresses.iter().enumerate()
            {
                let key = (endpoint_interface(number, index), address.clone());
                wanted.entry(key).or_default().extend(self.topology.targets(rule));
            }
        }
        let campus = wanted.entry(("dc".to_owned(), CAMPUS_SERVERS[0].to_owned())).or_default();
        for endpoint in self.topology.endpoints.iter().filter(|one| one.inbound) {
            campus.extend(endpoint.addresses.iter().map(|(_, address)| address.clone()));
        }
        let mut legs = BTreeMap::new();
        for ((space, from), targets) in &wanted {
            let targets: Vec<&String> = targets.iter().collect();
            let both = ["udp", "tcp"];
            let specs: Vec<String> = targets
                .iter()
                .flat_map(|target| both.map(|protocol| format!("{protocol}:{target}:53")))
                .collect();
            let passed = probe(space, &specs);
            for (target, passed) in targets.iter().zip(passed.chunks(2)) {
                legs.insert(pair(from, target), (passed[0], passed[1]));
            }
        }
        legs
    }

    fn connect(&self) -> BTreeMap<String, bool> {
        let clusters = 0..self.topology.clusters.len();
        let to: Vec<String> =
            clusters.flat_map(|one| self.topology.cluster_addresses(one)).collect();
        let specs: Vec<String> = to.iter().map(|address| format!("tcp:{address}:443")).collect();
        let mut from = vec![("pc".to_owned(), CAMPUS_HOST.to_owned())];
        for (vpc, it) in self.topology.vpcs.iter().enumerate() {
            from.extend(
                it.subnets.iter().enumerate().map(|(no, one)| (client(vpc, no), one.client())),
            );
        }
        let mut seen = BTreeMap::new();
        for (space, from) in &from {
            for (to, passed) in to.iter().zip(probe(space, &specs)) {
                seen.insert(pair(from, to), passed);
            }
        }
        seen
    }
}

/// Asks a server for names, one after the other.
fn dig(space: &str, server: &str, names: &[String]) -> Vec<Heard> {
    let at = format!("@{server}");
    let mut command = Command::new("ip");
    command.args(["netns", "exec", space, "dig", "+time=9", "+tries=1", "+noedns", "+noall"]);
    command.args(["+comments", "+answer", &at]);
    for name in names {
        command.args([name, "A"]);
    }
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let mut heard: Vec<Heard> = Vec::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        if line.contains("no servers could be reached") {
            heard.push(Heard::Failure);
        } else if let Some((_, rest)) = line.split_once("status: ") {
            heard.push(match rest.split(',').next() {
                Some("NOERROR") => Heard::NoData,
                Some("NXDOMAIN") => Heard::NxDomain,
                Some("REFUSED") => Heard::Refused,
                _ => Heard::Failure,
            });
        } else if let ([_, _, "IN", "A", address], Some(last)) = (&fields[..], heard.last_mut()) {
            match last {
                Heard::Addresses(known) => known.push((*address).to_owned()),
                other => *other = Heard::Addresses(vec![(*address).to_owned()]),
            }
        }
    }
    for one in &mut heard {
        if let Heard::Addresses(addresses) = one {
            addresses.sort();
        }
    }
    assert_eq!(heard.len(), names.len(), "{text}");
    heard
}

/// What passes from a namespace: this program again, inside of it.
fn probe(space: &str, specs: &[String]) -> Vec<bool> {
    if specs.is_empty() {
        return vec![];
    }
    let own = std::env::current_exe().unwrap();
    let mut arguments = vec!["netns", "exec", space, own.to_str().unwrap(), "probe"];
    arguments.extend(specs.iter().map(String::as_str));
    serde_json::from_str(&command("ip", &arguments, "")).unwrap()
}
