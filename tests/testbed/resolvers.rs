//! The name servers: each VPC's Resolver, the campus's and public DNS, as configurations of unbound.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::namespaces::PUBLIC_SERVER;
use crate::topology::{
    CAMPUS_ADDRESS, CAMPUS_NAME, INTERNET_ADDRESS, INTERNET_NAME, Rule, Topology,
};

/// Addresses by name.
type Records = BTreeMap<String, Vec<String>>;

#[derive(Debug, Default)]
pub(crate) struct Server {
    pub(crate) space: String,
    pub(crate) listen: Vec<String>,
    /// Where the names of a domain go.
    pub(crate) forward: BTreeMap<String, Vec<String>>,
    pub(crate) zones: BTreeMap<String, Records>,
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

/// The rules of a VPC: its own, and those of its Profiles that none of its own has the domain of.
pub(crate) fn rules(topology: &Topology, vpc: usize) -> Vec<&Rule> {
    let own: Vec<&Rule> = topology.rules.iter().filter(|rule| rule.vpcs.contains(&vpc)).collect();
    let profiles = topology.profiles.iter().filter(|profile| profile.vpcs.contains(&vpc));
    let further = profiles.flat_map(|profile| &profile.rules).map(|rule| &topology.rules[*rule]);
    let mut all = own;
    for rule in further {
        if all.iter().all(|one| Topology::domain(one) != Topology::domain(rule)) {
            all.push(rule);
        }
    }
    all
}

/// The private zones of a VPC, which needs both DNS attributes for them.
fn zones(topology: &Topology, vpc: usize) -> BTreeMap<String, Records> {
    let it = &topology.vpcs[vpc];
    let mut zones: BTreeMap<String, Records> = BTreeMap::new();
    if !it.dns_support || !it.dns_hostnames {
        return zones;
    }
    let profiles = topology.profiles.iter().filter(|profile| profile.vpcs.contains(&vpc));
    let shared = profiles.flat_map(|profile| &profile.zones).map(|zone| &topology.zones[*zone]);
    let own = topology.zones.iter().filter(|zone| zone.vpcs.contains(&vpc));
    // Later ones win: the VPC's own over a Profile's.
    for zone in shared.chain(own) {
        let mut records = Records::new();
        for (name, address) in &zone.records {
            records.entry(name.clone()).or_default().push(address.clone());
        }
        zones.insert(zone.name.clone(), records);
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
    let zones = zones(topology, vpc);
    for rule in rules(topology, vpc).into_iter().filter(|rule| rule.endpoint.is_none()) {
        // A SYSTEM rule: the most specific private zone around the domain answers, else public DNS.
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
        // A rule takes precedence over a zone of the same name.
        if !server.forward.contains_key(&zone) {
            server.zones.entry(zone).or_insert(records);
        }
    }
    server.forward.entry(".".to_owned()).or_insert_with(|| vec![PUBLIC_SERVER.to_owned()]);
}

impl Server {
    /// The arguments for dnsmasq: the second opinion.
    pub(crate) fn dnsmasq(&self) -> Vec<String> {
        let flags = "-k -C /dev/null --no-resolv --no-hosts --bind-interfaces --cache-size=0 --user=root \
                     --pid-file= --all-servers --local-ttl=0";
        let mut all: Vec<String> = flags.split_whitespace().map(str::to_owned).collect();
        let addresses = self.listen.iter().map(String::as_str).chain(["127.0.0.1"]);
        all.extend(addresses.map(|address| format!("--listen-address={address}")));
        if self.filtered {
            all.push("--stop-dns-rebind".to_owned());
        }
        for (zone, records) in &self.zones {
            all.push(format!("--local=/{zone}/"));
            for (name, addresses) in records {
                all.extend(addresses.iter().map(|ip| format!("--host-record={name},{ip}")));
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
        let patience = crate::probe::patience().as_millis();
        let (unknown, patience) = (patience / 2, patience * 2);
        let mut text = format!(
            "server:\n do-daemonize: no\n username: \"\"\n chroot: \"\"\n pidfile: \"\"\n directory: \
             \"{folder}\"\n use-syslog: no\n logfile: \"{folder}/{}.log\"\n num-threads: 1\n outgoing-range: \
             64\n num-queries-per-thread: 64\n msg-cache-size: 64k\n rrset-cache-size: 64k\n cache-max-ttl: \
             0\n cache-max-negative-ttl: 0\n infra-host-ttl: 0\n unknown-server-time-limit: {unknown}\n \
             infra-cache-max-rtt: {patience}\n outbound-msg-retry: 1\n max-sent-count: 8\n do-ip6: no\n \
             module-config: \"iterator\"\n qname-minimisation: no\n unblock-lan-zones: yes\n \
             insecure-lan-zones: yes\n do-not-query-localhost: yes\n access-control: 0.0.0.0/0 allow\n",
            self.space
        );
        for address in self.listen.iter().map(String::as_str).chain(["127.0.0.1"]) {
            let _ = writeln!(text, " interface: {address}");
        }
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
            for (name, address) in
                records.iter().flat_map(|(name, all)| all.iter().map(move |one| (name, one)))
            {
                let _ = writeln!(text, " local-data: \"{name}. 1 IN A {address}\"");
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
}

impl Server {
    /// The domain that it forwards a name for; none where a zone of its own answers.
    pub(crate) fn best(&self, name: &str) -> Option<String> {
        let known =
            self.forward.keys().chain(self.zones.keys()).filter(|domain| below(name, domain));
        let best = known.max_by_key(|domain| if *domain == "." { 0 } else { domain.len() })?;
        (!self.zones.contains_key(best)).then(|| best.clone())
    }
}
