//! Builds a topology inside private namespaces, asks it, and tells what was seen.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::Child;

use serde::{Deserialize, Serialize};

use crate::filters::plus_two;
use crate::inside::{self, command};
use crate::namespaces::{PUBLIC_SERVER, Plan, client, endpoint_interface, user};
use crate::probe::{Heard, all, ask, awaits, echo, passes};
use crate::resolvers::{self, BEHIND};
use crate::six;
use crate::topology::{AMAZON, CAMPUS_HOST, CAMPUS_NAME, CAMPUS_SERVERS, INTERNET_NAME, Topology};

/// What was seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// What those who ask got for a name: from each of their places, of each of their servers.
    pub(crate) names: BTreeMap<String, Vec<Vec<Heard>>>,
    /// Whether queries pass, from each address that forwards to each target: by UDP and by TCP.
    pub(crate) legs: BTreeMap<String, (bool, bool)>,
    /// Whether TCP 443 passes, from each client's address to each of a cluster's.
    pub(crate) connections: BTreeMap<String, bool>,
}

/// Who asks for names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Vpc(usize),
    Users(usize),
    Campus,
}

impl Who {
    /// All of a topology.
    pub(crate) fn all(topology: &Topology) -> Vec<Self> {
        let vpcs = (0..topology.vpcs.len()).map(Self::Vpc);
        vpcs.chain((0..topology.users.len()).map(Self::Users)).chain([Self::Campus]).collect()
    }
}

/// The key of a question.
pub(crate) fn question(who: Who, name: &str) -> String {
    match who {
        Who::Vpc(vpc) => format!("vpc{vpc} {name}"),
        Who::Users(users) => format!("users{users} {name}"),
        Who::Campus => format!("campus {name}"),
    }
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
    let bed = Bed::new(topology, Plan::new(topology));
    let _servers = bed.serve();
    bed.listen_at_deaf_interfaces();
    std::thread::scope(|scope| {
        let names = scope.spawn(|| bed.ask_names());
        let legs = scope.spawn(|| bed.ask_legs());
        let connections = bed.connect();
        Seen { names: names.join().unwrap(), legs: legs.join().unwrap(), connections }
    })
}

/// Which packets pass from each endpoint's interface to each other's: `FROM PROTOCOL:TO:PORT`.
pub(crate) fn packets(topology: &Topology, by_six: bool, ports: &[u16]) -> BTreeMap<String, bool> {
    let mut plan = Plan::new(topology);
    if by_six {
        six::plan(&mut plan);
    }
    Bed::new(topology, plan);
    let mut ends: Vec<(String, String)> = Vec::new();
    for (number, endpoint) in topology.endpoints.iter().enumerate() {
        for (index, (_, ip)) in endpoint.addresses.iter().enumerate() {
            let ip = if by_six { six::address(ip) } else { ip.clone() };
            ends.push((endpoint_interface(number, index), ip));
        }
    }
    // Each interface sends back what comes to one of the ports by UDP; TCP needs no listener.
    listen(ends.iter().map(|(space, _)| space.clone()).collect(), ports, by_six);
    let jobs = ends.iter().map(|(space, from)| {
        let others = ends.iter().filter(move |(other, _)| other != space);
        let specs: Vec<String> = others
            .flat_map(|(_, to)| {
                ports.iter().map(|port| SocketAddr::new(to.parse().unwrap(), *port))
            })
            .flat_map(|to| ["tcp", "udp"].map(|protocol| format!("{protocol}:{to}")))
            .collect();
        (space.clone(), (from, specs))
    });
    let passed = inside::each(jobs, |_, (from, specs)| {
        let passed = all(&specs, |spec| passes(spec));
        specs
            .iter()
            .zip(passed)
            .map(|(spec, passed)| (pair(from, spec), passed))
            .collect::<Vec<_>>()
    });
    passed.into_iter().flatten().collect()
}

/// Sends back what comes to ports by UDP.
fn listen(spaces: Vec<String>, ports: &[u16], by_six: bool) {
    let any: IpAddr =
        if by_six { Ipv6Addr::UNSPECIFIED.into() } else { Ipv4Addr::UNSPECIFIED.into() };
    let all =
        spaces.into_iter().flat_map(|space| ports.iter().map(move |port| (space.clone(), *port)));
    for (space, listener) in
        inside::each(all, |space, port| (space.to_owned(), echo((any, port).into())))
    {
        inside::forever(space, listener);
    }
}

/// Packets of IPv6 pass at once: their addresses are not first tried out, nor errors counted.
fn forward_by_six() {
    const ROOT: &str = "/proc/sys/net/ipv6";
    for device in fs::read_dir(format!("{ROOT}/conf")).unwrap() {
        fs::write(device.unwrap().path().join("accept_dad"), "0").unwrap();
    }
    fs::write(format!("{ROOT}/conf/all/forwarding"), "1").unwrap();
    fs::write(format!("{ROOT}/icmp/ratelimit"), "0").unwrap();
}

struct Bed<'a> {
    topology: &'a Topology,
    plan: Plan,
}

impl<'a> Bed<'a> {
    fn new(topology: &'a Topology, plan: Plan) -> Self {
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
        let jobs = self.plan.spaces.iter().map(|(name, space)| (name.clone(), space));
        inside::each(jobs, |_, space| {
            let settings = [
                ("ip_forward", "1"),
                ("icmp_ratelimit", "0"),
                ("conf/all/rp_filter", "0"),
                ("conf/default/rp_filter", "0"),
            ];
            for (file, value) in settings {
                fs::write(format!("/proc/sys/net/ipv4/{file}"), value).unwrap();
            }
            if self.plan.six {
                forward_by_six();
            }
            let family = if self.plan.six { "-6" } else { "-4" };
            command("ip", &[family, "-batch", "-"], &(space.ip.join("\n") + "\n"));
            if !space.nft.is_empty() {
                command("nft", &["-f", "-"], &space.nft);
            }
        });
    }

    /// Starts the name servers, and waits for them.
    fn serve(&self) -> Vec<Child> {
        let second = std::env::var("TESTBED_RESOLVER").is_ok_and(|program| program == "dnsmasq");
        let jobs =
            self.plan.servers.iter().map(|(name, server)| (server.space.clone(), (name, server)));
        let started = inside::each(jobs, |_, (name, server)| {
            for (file, text) in server.files(FOLDER) {
                fs::write(file, text).unwrap();
            }
            let unbound = |name: &str, text: String| {
                let file = format!("{FOLDER}/{name}.conf");
                fs::write(&file, text).unwrap();
                inside::daemon("unbound", &["-c".to_owned(), file])
            };
            let mut children = Vec::new();
            if second && name != "pub" {
                children.push(inside::daemon("dnsmasq", &server.dnsmasq()));
            } else {
                children.push(unbound(name, server.unbound(FOLDER)));
            }
            if let Some(text) = server.front(FOLDER) {
                assert!(awaits(([127, 0, 0, 1], BEHIND).into()), "{name} does not answer");
                children.push(unbound(&format!("{name}.front"), text));
            }
            let up = awaits(([127, 0, 0, 1], 53).into());
            let log = fs::read_to_string(format!("{FOLDER}/{name}.log"));
            assert!(up, "{name} does not answer: {}", log.unwrap_or_default());
            children
        });
        started.into_iter().flatten().collect()
    }

    /// Where a query arrives and nobody answers, what arrives by UDP is sent back: so that the way is seen to
    /// hold. No server takes its own query for an answer.
    fn listen_at_deaf_interfaces(&self) {
        for (number, endpoint) in self.topology.endpoints.iter().enumerate() {
            if endpoint.inbound && self.topology.vpcs[endpoint.vpc].dns_support {
                continue;
            }
            let spaces =
                (0..endpoint.addresses.len()).map(|index| endpoint_interface(number, index));
            listen(spaces.collect(), &[53], false);
        }
    }

    /// From where somebody asks, and whom.
    fn askers(&self, who: Who) -> (Vec<String>, Vec<String>) {
        let plus_two = |vpc: usize| plus_two(&self.topology.vpcs[vpc].cidr);
        let servers = |vpc: usize, given: &[String]| -> Vec<String> {
            let one = |one: &String| if one == AMAZON { plus_two(vpc) } else { one.clone() };
            given.iter().map(one).collect()
        };
        match who {
            Who::Vpc(vpc) if self.topology.vpcs[vpc].servers.is_empty() => {
                (vec![client(vpc, 0)], vec![plus_two(vpc)])
            }
            Who::Vpc(vpc) => {
                let it = &self.topology.vpcs[vpc];
                let places = (0..it.subnets.len()).map(|subnet| client(vpc, subnet)).collect();
                (places, servers(vpc, &it.servers))
            }
            Who::Users(number) => {
                let it = &self.topology.users[number];
                let places = (0..it.subnets.len()).map(|index| user(number, index)).collect();
                let own = vec![PUBLIC_SERVER.to_owned()];
                let given = servers(it.vpc, &it.servers);
                (places, if given.is_empty() { own } else { given })
            }
            Who::Campus => (vec!["pc".to_owned()], vec![CAMPUS_SERVERS[0].to_owned()]),
        }
    }

    fn ask_names(&self) -> BTreeMap<String, Vec<Vec<Heard>>> {
        let names = names(self.topology);
        let mut jobs = Vec::new();
        let everybody = Who::all(self.topology);
        for who in &everybody {
            let (places, servers) = self.askers(*who);
            jobs.extend(places.into_iter().map(|place| (place, (*who, servers.clone()))));
        }
        let answers = inside::each(jobs, |_, (who, servers)| {
            let pairs: Vec<(&String, &String)> = names
                .iter()
                .flat_map(|name| servers.iter().map(move |server| (name, server)))
                .collect();
            let heard = all(&pairs, |(name, server)| ask(server, name));
            let of_names: Vec<Vec<Heard>> =
                heard.chunks(servers.len()).map(<[Heard]>::to_vec).collect();
            (who, of_names)
        });
        let mut seen: BTreeMap<String, Vec<Vec<Heard>>> = BTreeMap::new();
        for (who, of_names) in answers {
            for (name, heard) in names.iter().zip(of_names) {
                seen.entry(question(who, name)).or_default().push(heard);
            }
        }
        seen
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
        let jobs = wanted.into_iter().map(|((space, from), targets)| {
            (space, (from, targets.into_iter().collect::<Vec<_>>()))
        });
        let legs = inside::each(jobs, |_, (from, targets)| {
            let passed = all(&targets, |target| {
                let both = ["udp", "tcp"].map(|protocol| format!("{protocol}:{target}:53"));
                let passed = all(&both, |spec| passes(spec));
                (passed[0], passed[1])
            });
            let key = |target: &String| pair(&from, target);
            targets.iter().map(key).zip(passed).collect::<Vec<_>>()
        });
        legs.into_iter().flatten().collect()
    }

    fn connect(&self) -> BTreeMap<String, bool> {
        let clusters = 0..self.topology.clusters.len();
        let to: Vec<String> =
            clusters.flat_map(|one| self.topology.cluster_addresses(one)).collect();
        let mut from = vec![("pc".to_owned(), CAMPUS_HOST.to_owned())];
        for (vpc, it) in self.topology.vpcs.iter().enumerate() {
            from.extend(
                it.subnets.iter().enumerate().map(|(no, one)| (client(vpc, no), one.client())),
            );
        }
        for (number, it) in self.topology.users.iter().enumerate() {
            let index = 0..it.subnets.len();
            from.extend(index.map(|index| (user(number, index), user(number, index))));
        }
        let seen = inside::each(from, |_, from| {
            let passed = all(&to, |to| passes(&format!("tcp:{to}:443")));
            to.iter().map(|to| pair(&from, to)).zip(passed).collect::<Vec<_>>()
        });
        seen.into_iter().flatten().collect()
    }
}
