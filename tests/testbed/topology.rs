//! A topology: what AWS is told to build, and what the campus does. Two writers and the namespaces read it.

use serde::{Deserialize, Serialize};

/// The campus: its block, and where its name servers and its workplaces are.
pub(crate) const CAMPUS: &str = "192.168.0.0/16";
pub(crate) const CAMPUS_SERVERS: [&str; 2] = ["192.168.0.53", "192.168.1.53"];
pub(crate) const CAMPUS_HOST: &str = "192.168.9.10";

/// The names that are asked for beside the clusters'.
pub(crate) const CAMPUS_NAME: &str = "ldap.campus.example";
pub(crate) const CAMPUS_ADDRESS: &str = "192.168.7.7";
pub(crate) const INTERNET_NAME: &str = "www.example.org";
pub(crate) const INTERNET_ADDRESS: &str = "11.22.33.44";

/// What stands for the Amazon DNS server in DHCP options.
pub(crate) const AMAZON: &str = "AmazonProvidedDNS";

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Topology {
    pub(crate) name: String,
    /// Whether public DNS answers for endpoints that are private only: it does since December 2019.
    pub(crate) public_dns_answers: bool,
    pub(crate) vpcs: Vec<Vpc>,
    pub(crate) peerings: Vec<Peering>,
    pub(crate) transit: Option<Transit>,
    pub(crate) groups: Vec<Group>,
    pub(crate) acls: Vec<Acl>,
    pub(crate) endpoints: Vec<Endpoint>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) zones: Vec<Zone>,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) walls: Vec<Wall>,
    pub(crate) clusters: Vec<Cluster>,
    pub(crate) users: Vec<Users>,
    /// Managed prefix lists.
    pub(crate) lists: Vec<Vec<String>>,
    pub(crate) campus: Campus,
    /// Whether VPCs and subnets have IPv6 blocks: those that stand for their IPv4 ones.
    #[serde(skip)]
    pub(crate) six: bool,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Vpc {
    pub(crate) cidr: String,
    pub(crate) dns_support: bool,
    pub(crate) dns_hostnames: bool,
    pub(crate) subnets: Vec<Subnet>,
    /// The route tables; the first is the main one.
    pub(crate) tables: Vec<Table>,
    /// The name servers of the DHCP options, [`AMAZON`] among them; none is that alone.
    pub(crate) servers: Vec<String>,
    /// Whether a virtual private gateway joins it with the campus.
    pub(crate) vpn: bool,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Subnet {
    pub(crate) cidr: String,
    /// The letter of its Availability Zone.
    pub(crate) zone: char,
    /// A route table of its VPC; 0, the main one, is not associated in writing.
    pub(crate) table: usize,
    pub(crate) acl: Option<usize>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) routes: Vec<(String, Via)>,
    /// Routes for the blocks of a prefix list.
    pub(crate) listed: Vec<(usize, Via)>,
    /// Whether the virtual private gateway propagates the campus into it.
    pub(crate) propagated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Via {
    Peering(usize),
    Transit,
    Vpn,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Peering {
    pub(crate) requester: usize,
    pub(crate) accepter: usize,
    pub(crate) accepted: bool,
}

/// A transit gateway.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Transit {
    /// Whether attachments associate with the default table, and propagate to it: then the tables are
    /// that one alone.
    pub(crate) defaults: bool,
    pub(crate) attachments: Vec<Attachment>,
    /// Of each table, the static routes; none is a blackhole.
    pub(crate) tables: Vec<Vec<(String, Option<usize>)>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Attachment {
    /// The VPC; none is the campus, by VPN.
    pub(crate) vpc: Option<usize>,
    pub(crate) subnets: Vec<usize>,
    pub(crate) table: Option<usize>,
    pub(crate) propagates: Vec<usize>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) vpc: usize,
    pub(crate) ingress: Vec<Permit>,
    pub(crate) egress: Vec<Permit>,
}

/// A rule of a security group.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Permit {
    /// `tcp`, `udp` or `-1`.
    pub(crate) protocol: String,
    pub(crate) from: u16,
    pub(crate) to: u16,
    pub(crate) peer: Peer,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Peer {
    Block(String),
    Group(usize),
    /// A prefix list.
    List(usize),
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Acl {
    pub(crate) vpc: usize,
    pub(crate) ingress: Vec<Entry>,
    pub(crate) egress: Vec<Entry>,
}

/// A rule of a network ACL.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) number: u16,
    pub(crate) allow: bool,
    pub(crate) protocol: String,
    pub(crate) from: u16,
    pub(crate) to: u16,
    pub(crate) block: String,
}

/// A Resolver endpoint.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Endpoint {
    pub(crate) inbound: bool,
    pub(crate) vpc: usize,
    /// Subnets of its VPC, each with an address.
    pub(crate) addresses: Vec<(usize, String)>,
    pub(crate) groups: Vec<usize>,
}

/// A Resolver rule, and the VPCs it is associated with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Rule {
    pub(crate) domain: Domain,
    /// The endpoint to forward from; none is a SYSTEM rule.
    pub(crate) endpoint: Option<usize>,
    pub(crate) targets: Targets,
    pub(crate) vpcs: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Domain {
    /// The name of a cluster's endpoint, by reference.
    Cluster(usize),
    Name(String),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Targets {
    /// The addresses of an endpoint, by reference.
    Endpoint(usize),
    Addresses(Vec<String>),
}

/// A private hosted zone with its address records: a name, which may begin with `*.`, and an address of
/// either kind.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Zone {
    pub(crate) name: Domain,
    pub(crate) records: Vec<(Domain, String)>,
    pub(crate) vpcs: Vec<usize>,
}

/// A Route 53 Profile.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Profile {
    pub(crate) rules: Vec<usize>,
    pub(crate) zones: Vec<usize>,
    pub(crate) vpcs: Vec<usize>,
}

/// A rule group of DNS Firewall.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Wall {
    /// By priority: what is done with which names; a name may begin with `*`.
    pub(crate) rules: Vec<(u16, Verdict, Vec<String>)>,
    /// The VPCs that have it, and its priority there.
    pub(crate) vpcs: Vec<(usize, u16)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Verdict {
    Allow,
    NxDomain,
    NoData,
}

/// The users of a Client VPN endpoint.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Users {
    pub(crate) vpc: usize,
    /// The subnets that the endpoint is associated with.
    pub(crate) subnets: Vec<usize>,
    /// The name servers that they get; without, they keep their own.
    pub(crate) servers: Vec<String>,
    pub(crate) groups: Vec<usize>,
    /// The blocks that they are authorised for.
    pub(crate) admitted: Vec<String>,
    /// Routes beside those of the VPC: the block, and which of the subnets leads there.
    pub(crate) routes: Vec<(String, usize)>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Cluster {
    pub(crate) vpc: usize,
    pub(crate) subnets: Vec<usize>,
    pub(crate) private: bool,
    pub(crate) public: bool,
    /// What the cluster security group admits beside itself.
    pub(crate) admitted: Vec<Permit>,
    /// Further groups.
    pub(crate) groups: Vec<usize>,
}

/// What the campus does: the code does not show it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Campus {
    /// Domains that its name servers forward to an address.
    pub(crate) forwards: Vec<(String, Vec<String>)>,
    /// Whether its name servers drop private addresses from public answers.
    pub(crate) rebind_protection: bool,
    /// Whether its name servers resolve the names of the internet.
    pub(crate) recursion: bool,
}

impl Default for Campus {
    fn default() -> Self {
        Self { forwards: vec![], rebind_protection: false, recursion: true }
    }
}

impl Topology {
    /// The name of a cluster's endpoint, as AWS might give it.
    pub(crate) fn cluster_name(cluster: usize) -> String {
        format!("{cluster:032x}.gr7.us-east-1.eks.amazonaws.com")
    }

    /// The addresses of a cluster's interfaces, one in each of its subnets.
    pub(crate) fn cluster_addresses(&self, cluster: usize) -> Vec<String> {
        let it = &self.clusters[cluster];
        let vpc = &self.vpcs[it.vpc];
        let last = 100 + u32::try_from(cluster).unwrap();
        it.subnets.iter().map(|subnet| vpc.subnets[*subnet].address(last)).collect()
    }

    /// The public address of a cluster's endpoint.
    pub(crate) fn public_address(cluster: usize) -> String {
        format!("11.0.0.{}", cluster + 1)
    }

    pub(crate) fn domain(rule: &Rule) -> String {
        rule.domain.text()
    }

    pub(crate) fn targets(&self, rule: &Rule) -> Vec<String> {
        match &rule.targets {
            Targets::Endpoint(endpoint) => {
                self.endpoints[*endpoint].addresses.iter().map(|(_, ip)| ip.clone()).collect()
            }
            Targets::Addresses(addresses) => addresses.clone(),
        }
    }
}

impl Domain {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Cluster(cluster) => Topology::cluster_name(*cluster),
            Self::Name(name) => name.clone(),
        }
    }
}

impl From<&str> for Domain {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

impl Zone {
    /// Its records as sets of one name and type.
    pub(crate) fn sets(&self) -> Vec<(&Domain, &'static str, Vec<String>)> {
        let mut sets: Vec<(&Domain, &'static str, Vec<String>)> = Vec::new();
        for (name, address) in &self.records {
            let kind = if address.contains(':') { "AAAA" } else { "A" };
            match sets.iter_mut().find(|(one, of, _)| (*one, *of) == (name, kind)) {
                Some((.., all)) => all.push(address.clone()),
                None => sets.push((name, kind, vec![address.clone()])),
            }
        }
        sets
    }
}

impl Table {
    /// Every route with its block; those of prefix lists come last.
    pub(crate) fn all(&self, lists: &[Vec<String>]) -> Vec<(String, Via)> {
        let listed = self.listed.iter();
        let listed =
            listed.flat_map(|(list, via)| lists[*list].iter().map(|one| (one.clone(), *via)));
        self.routes.iter().cloned().chain(listed).collect()
    }
}

impl Users {
    /// The address of its interface in one of its subnets.
    pub(crate) fn address(&self, topology: &Topology, index: usize) -> String {
        topology.vpcs[self.vpc].subnets[self.subnets[index]].address(30)
    }
}

impl Subnet {
    /// The address at a place of the subnet.
    pub(crate) fn address(&self, place: u32) -> String {
        let net: ipnet::Ipv4Net = self.cidr.parse().unwrap();
        std::net::Ipv4Addr::from(u32::from(net.network()) + place).to_string()
    }

    /// Where its client is.
    pub(crate) fn client(&self) -> String {
        self.address(20)
    }
}
