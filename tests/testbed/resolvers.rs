//! The name servers: each VPC's Resolver, the campus's and public DNS, as configurations of unbound.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::namespaces::PUBLIC_SERVER;
use crate::topology::{
    CAMPUS_ADDRESS, CAMPUS_NAME, INTERNET_ADDRESS, INTERNET_NAME, Rule, Topology, Verdict, Zone,
};

/// The port of a server that stands behind what filters names.
pub(crate) const BEHIND: u16 = 5300;

/// Addresses by name.
type Records = BTreeMap<String, Vec<String>>;

#[derive(Debug, Default)]
pub(crate) struct Server {
    pub(crate) space: String,
    pub(crate) listen: Vec<String>,
    /// Where the names of a domain go.
    pub(crate) forward: BTreeMap<String, Vec<String>>,
    pub(crate) zones: BTreeMap<String, Records>,
    /// What DNS Firewall does with names, the first match first.
    walls: Vec<(Verdict, Vec<String>)>,
    /// Private addresses are dropped from what others answer.
    filtered: bool,
    /// What it has no forwarder for is refused.
    closed: bool,
}

impl Server {
    pub(crate) fn new(space: &str, listen: &[&str]) -> Self {
        let listen = listen.iter().map(|&one| one.to_owned()).collect();
        Self { space: space.to_owned(), listen, ..Self::default() }
    }
}

/// The rules of a VPC: its own, and those of its Profiles that nothing of its own has the domain of: "the
/// local VPC's configuration takes priority"
/// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/profile-high-level-steps.html>).
pub(crate) fn rules(topology: &Topology, vpc: usize) -> Vec<&Rule> {
    let mut all: Vec<&Rule> =
        topology.rules.iter().filter(|rule| rule.vpcs.contains(&vpc)).collect();
    let profiles = topology.profiles.iter().filter(|profile| profile.vpcs.contains(&vpc));
    let further = profiles.flat_map(|profile| &profile.rules).map(|rule| &topology.rules[*rule]);
    let zones = own_zones(topology, vpc);
    for rule in further {
        let domain = Topology::domain(rule);
        let taken = all.iter().any(|one| Topology::domain(one) == domain);
        if !taken && !zones.contains_key(&domain) {
            all.push(rule);
        }
    }
    all
}

/// The private zones that are tied to a VPC itself, and the one that EKS keeps for a private endpoint. It
/// needs both DNS attributes for them
/// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html>,
/// <https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html>).
fn own_zones(topology: &Topology, vpc: usize) -> BTreeMap<String, Records> {
    let mut zones: BTreeMap<String, Records> = BTreeMap::new();
    if !topology.vpcs[vpc].dns_support || !topology.vpcs[vpc].dns_hostnames {
        return zones;
    }
    for zone in topology.zones.iter().filter(|zone| zone.vpcs.contains(&vpc)) {
        zones.insert(zone.name.text(), records(zone));
    }
    for (number, cluster) in topology.clusters.iter().enumerate() {
        if cluster.vpc == vpc && cluster.private {
            let name = Topology::cluster_name(number);
            let records = [(name.clone(), topology.cluster_addresses(number))].into();
            zones.insert(name, records);
        }
    }
    zones
}

/// All private zones of a VPC: its own win over a Profile's.
fn zones(topology: &Topology, vpc: usize) -> BTreeMap<String, Records> {
    let it = &topology.vpcs[vpc];
    let mut zones = BTreeMap::new();
    if it.dns_support && it.dns_hostnames {
        let profiles = topology.profiles.iter().filter(|profile| profile.vpcs.contains(&vpc));
        for zone in profiles.flat_map(|profile| &profile.zones).map(|zone| &topology.zones[*zone]) {
            zones.insert(zone.name.text(), records(zone));
        }
    }
    zones.extend(own_zones(topology, vpc));
    zones
}

fn records(zone: &Zone) -> Records {
    let mut records = Records::new();
    for (name, address) in &zone.records {
        records.entry(name.text()).or_default().push(address.clone());
    }
    records
}

/// What DNS Firewall does in a VPC: rule groups by priority, rules by priority, and the first match ends
/// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-dns-firewall-overview.html>).
fn walls(topology: &Topology, vpc: usize) -> Vec<(Verdict, Vec<String>)> {
    let mut all = Vec::new();
    for wall in &topology.walls {
        for (_, group) in wall.vpcs.iter().filter(|(own, _)| *own == vpc) {
            let rules = wall.rules.iter();
            all.extend(
                rules.map(|(rule, verdict, names)| ((*group, *rule), *verdict, names.clone())),
            );
        }
    }
    all.sort_by_key(|(order, ..)| *order);
    all.into_iter().map(|(_, verdict, names)| (verdict, names)).collect()
}

fn below(name: &str, domain: &str) -> bool {
    domain == "." || name == domain || name.ends_with(&format!(".{domain}"))
}

/// Tells every server what it knows. The forwarders of rules are there already.
pub(crate) fn fill(topology: &Topology, servers: &mut BTreeMap<String, Server>) {
    for vpc in 0..topology.vpcs.len() {
        if let Some(server) = servers.get_mut(&format!("d{vpc}")) {
            resolver(topology, vpc, server);
        }
    }
    let campus = servers.get_mut("dc").unwrap();
    let known = [(CAMPUS_NAME.to_owned(), vec![CAMPUS_ADDRESS.to_owned()])].into();
    campus.zones.insert("campus.example".to_owned(), known);
    campus.forward.extend(topology.campus.forwards.iter().cloned());
    campus.filtered = topology.campus.rebind_protection;
    campus.closed = !topology.campus.recursion;
    if topology.campus.recursion {
        campus.forward.entry(".".to_owned()).or_insert_with(|| vec![PUBLIC_SERVER.to_owned()]);
    }
    let mut records = Records::new();
    records.insert(INTERNET_NAME.to_owned(), vec![INTERNET_ADDRESS.to_owned()]);
    for (number, cluster) in topology.clusters.iter().enumerate() {
        if cluster.public {
            records.insert(Topology::cluster_name(number), vec![Topology::public_address(number)]);
        } else if topology.public_dns_answers {
            records.insert(Topology::cluster_name(number), topology.cluster_addresses(number));
        }
    }
    servers.get_mut("pub").unwrap().zones.insert(".".to_owned(), records);
}

fn resolver(topology: &Topology, vpc: usize, server: &mut Server) {
    server.walls = walls(topology, vpc);
    let zones = zones(topology, vpc);
    for rule in rules(topology, vpc).into_iter().filter(|rule| rule.endpoint.is_none()) {
        // A SYSTEM rule: the most specific private zone around the domain answers, else public DNS
        // (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-DSN-queries-to-vpc.html).
        let domain = Topology::domain(rule);
        let around = zones.iter().filter(|(zone, _)| below(&domain, zone));
        if let Some((_, records)) = around.max_by_key(|(zone, _)| zone.len()) {
            let own = records.iter().filter(|(name, _)| below(name, &domain));
            let own = own.map(|(name, addresses)| (name.clone(), addresses.clone())).collect();
            server.zones.insert(domain, own);
        } else {
            server.forward.insert(domain, vec![PUBLIC_SERVER.to_owned()]);
        }
    }
    for (zone, records) in zones {
        // A rule takes precedence over a zone of the same name
        // (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html).
        if !server.forward.contains_key(&zone) {
            server.zones.entry(zone).or_insert(records);
        }
    }
    server.forward.entry(".".to_owned()).or_insert_with(|| vec![PUBLIC_SERVER.to_owned()]);
}

/// How a configuration for unbound begins.
fn head(folder: &str, log: &str, modules: &str, addresses: &[String]) -> String {
    let patience = crate::probe::patience().as_millis();
    let (unknown, patience) = (patience / 2, patience * 2);
    let mut text = format!(
        "server:\n do-daemonize: no\n username: \"\"\n chroot: \"\"\n pidfile: \"\"\n directory: \
         \"{folder}\"\n use-syslog: no\n logfile: \"{folder}/{log}.log\"\n num-threads: 1\n \
         outgoing-range: 64\n num-queries-per-thread: 64\n msg-cache-size: 64k\n rrset-cache-size: 64k\n \
         cache-max-ttl: 0\n cache-max-negative-ttl: 0\n infra-host-ttl: 0\n unknown-server-time-limit: \
         {unknown}\n infra-cache-max-rtt: {patience}\n outbound-msg-retry: 1\n max-sent-count: 8\n do-ip6: \
         no\n module-config: \"{modules}\"\n qname-minimisation: no\n unblock-lan-zones: yes\n \
         insecure-lan-zones: yes\n access-control: 0.0.0.0/0 allow\n"
    );
    for address in addresses {
        let _ = writeln!(text, " interface: {address}");
    }
    text
}

impl Server {
    /// The arguments for dnsmasq: the second opinion.
    pub(crate) fn dnsmasq(&self) -> Vec<String> {
        let flags = "-k -C /dev/null --no-resolv --no-hosts --bind-interfaces --cache-size=0 --user=root \
                     --pid-file= --all-servers --local-ttl=0";
        let mut all: Vec<String> = flags.split_whitespace().map(str::to_owned).collect();
        if self.walls.is_empty() {
            all.extend(self.fronts().iter().map(|address| format!("--listen-address={address}")));
        } else {
            all.extend(["--listen-address=127.0.0.1".to_owned(), format!("--port={BEHIND}")]);
        }
        if self.filtered {
            all.push("--stop-dns-rebind".to_owned());
        }
        for (zone, records) in &self.zones {
            all.push(format!("--local=/{zone}/"));
            for (name, ip) in self.own(zone, records) {
                all.push(match name.strip_prefix("*.") {
                    Some(base) => format!("--address=/{base}/{ip}"),
                    None => format!("--host-record={name},{ip}"),
                });
            }
        }
        for (domain, servers) in &self.forward {
            let within = if domain == "." { String::new() } else { format!("/{domain}/") };
            all.extend(servers.iter().map(|server| format!("--server={within}{server}")));
        }
        all
    }

    /// The configuration for unbound: zones are local zones (`auth-zone` gives way to forwarders), and the
    /// domain of a forwarder is transparent in a zone around it.
    pub(crate) fn unbound(&self, folder: &str) -> String {
        let mut text = head(folder, &self.space, "iterator", &self.addresses());
        if self.filtered {
            for block in ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] {
                let _ = writeln!(text, " private-address: {block}");
            }
        }
        if self.closed {
            text.push_str(" local-zone: \".\" refuse\n");
        }
        for (zone, records) in &self.zones {
            let _ = writeln!(text, " local-zone: \"{zone}\" static");
            for (name, address) in self.own(zone, records) {
                let kind = if address.contains(':') { "AAAA" } else { "A" };
                let base = name.strip_prefix("*.");
                if let Some(base) = base {
                    let _ = writeln!(text, " local-zone: \"{base}\" redirect");
                } else if records.keys().any(|one| one.starts_with("*.")) {
                    // A name that is written beats a wildcard.
                    let _ = writeln!(text, " local-zone: \"{name}\" static");
                }
                let name = base.unwrap_or(name);
                let _ = writeln!(text, " local-data: \"{name}. 1 IN {kind} {address}\"");
            }
        }
        for domain in self.forward.keys().filter(|domain| *domain != ".") {
            let _ = writeln!(text, " local-zone: \"{domain}\" always_transparent");
        }
        text.push_str("remote-control:\n control-enable: no\n");
        for (domain, servers) in &self.forward {
            let _ = write!(text, "forward-zone:\n name: \"{domain}\"\n forward-no-cache: yes\n");
            for server in servers {
                let _ = writeln!(text, " forward-addr: {server}");
            }
        }
        text
    }

    /// Where it answers: behind what filters names, if something does.
    fn addresses(&self) -> Vec<String> {
        if self.walls.is_empty() { self.fronts() } else { vec![format!("127.0.0.1@{BEHIND}")] }
    }

    fn fronts(&self) -> Vec<String> {
        self.listen.iter().cloned().chain(["127.0.0.1".to_owned()]).collect()
    }

    /// What filters names before the server sees them, if something does: response policy zones, of which the
    /// first that has the name decides (unbound.conf(5)). A server's own zones would come before them.
    pub(crate) fn front(&self, folder: &str) -> Option<String> {
        if self.walls.is_empty() {
            return None;
        }
        let log = format!("{}.front", self.space);
        let mut text = head(folder, &log, "respip iterator", &self.fronts());
        text.push_str(" do-not-query-localhost: no\nremote-control:\n control-enable: no\n");
        for number in 0..self.walls.len() {
            let file = self.wall(folder, number);
            let _ = writeln!(text, "rpz:\n name: \"wall{number}\"\n zonefile: \"{file}\"");
        }
        let _ = write!(
            text,
            "forward-zone:\n name: \".\"\n forward-no-cache: yes\n forward-addr: 127.0.0.1@{BEHIND}\n"
        );
        Some(text)
    }

    /// The records of a zone that no more specific one hides: a server puts all data into the closest zone.
    fn own<'a>(
        &'a self,
        zone: &'a str,
        records: &'a Records,
    ) -> impl Iterator<Item = (&'a String, &'a String)> {
        let hidden = |name: &str| {
            let mut closer = self.zones.keys().filter(|one| one.len() > zone.len());
            closer.any(|one| below(name, one))
        };
        let seen = records.iter().filter(move |(name, _)| !hidden(name));
        seen.flat_map(|(name, all)| all.iter().map(move |one| (name, one)))
    }

    fn wall(&self, folder: &str, number: usize) -> String {
        format!("{folder}/{}.wall{number}", self.space)
    }

    /// Whether DNS Firewall answers for a name.
    pub(crate) fn blocks(&self, name: &str) -> bool {
        let matches = |pattern: &String| match pattern.strip_prefix('*') {
            Some(base) => name.ends_with(base) && name != base.trim_start_matches('.'),
            None => name == pattern,
        };
        let first = self.walls.iter().find(|(_, names)| names.iter().any(matches));
        first.is_some_and(|(verdict, _)| *verdict != Verdict::Allow)
    }

    /// The files that its configuration names: what DNS Firewall does, as response policy zones.
    pub(crate) fn files(&self, folder: &str) -> Vec<(String, String)> {
        let file = |(number, (verdict, names)): (usize, &(Verdict, Vec<String>))| {
            let mut text = "$TTL 1\n@ SOA a. b. 1 1 1 1 1\n@ NS a.\n".to_owned();
            let target = match verdict {
                Verdict::Allow => "rpz-passthru.",
                Verdict::NxDomain => ".",
                Verdict::NoData => "*.",
            };
            for name in names {
                let _ = writeln!(text, "{name} CNAME {target}");
            }
            (self.wall(folder, number), text)
        };
        self.walls.iter().enumerate().map(file).collect()
    }

    /// The domain that it forwards a name for; none where a zone of its own answers.
    pub(crate) fn best(&self, name: &str) -> Option<String> {
        let known =
            self.forward.keys().chain(self.zones.keys()).filter(|domain| below(name, domain));
        let best = known.max_by_key(|domain| if *domain == "." { 0 } else { domain.len() })?;
        (!self.zones.contains_key(best)).then(|| best.clone())
    }
}
