//! Who asks for what: from texts to things of a network.

use std::collections::BTreeSet;

use crate::dns::{Assumptions, Origin, Question};
use crate::graph::{Graph, Language};
use crate::near::hint;
use crate::network::{Declared, Key, Name, Network};
use crate::probe::Client;
use crate::probe::named::{self, ON_PREMISES, anywhere};

use super::Ask;

/// A client and a question, with their names.
pub(super) struct Pair {
    pub(super) client: Client,
    pub(super) from: String,
    pub(super) question: Question,
    pub(super) to: String,
}

/// All pairs of a network that are asked for.
pub(super) fn pairs(
    network: &Network,
    assumptions: &Assumptions,
    graph: &Graph,
    ask: &Ask,
) -> Vec<Pair> {
    let clients = clients(network, assumptions);
    let clients: Vec<_> = match &ask.from {
        Some(from) => {
            let found = named::client(network, assumptions, from);
            found.map(|client| (client, from.clone())).into_iter().collect()
        }
        // In a root without a network nobody asks for a name.
        None if ask.to.is_some() && !has_network(network) => Vec::new(),
        None => clients,
    };
    let questions = match &ask.to {
        Some(to) => question(network, graph, to).into_iter().collect(),
        None => clusters(network),
    };
    let pair = |(client, from): &(Client, String), (question, to): &(Question, String)| Pair {
        client: client.clone(),
        from: from.clone(),
        question: question.clone(),
        to: to.clone(),
    };
    questions.iter().flat_map(|to| clients.iter().map(move |from| pair(from, to))).collect()
}

fn has_network(network: &Network) -> bool {
    network.vpcs.iter().next().is_some() || network.clusters.iter().next().is_some()
}

fn is_own<T>(one: &Declared<T>) -> bool {
    matches!(one.key, Key::Resource(_)) && one.exists.is_ok()
}

/// The networks outside the code that are told stand for what is on premises.
fn outside(assumptions: &Assumptions) -> Vec<(Client, String)> {
    let anywhere = anywhere(Origin::OnPremises);
    let told = assumptions.networks.iter().enumerate();
    let told = told
        .map(|(at, one)| (Client { network: Some(at), ..anywhere.clone() }, one.name.to_string()));
    let told: Vec<_> = told.collect();
    if told.is_empty() { vec![(anywhere, ON_PREMISES.to_owned())] } else { told }
}

fn clients(network: &Network, assumptions: &Assumptions) -> Vec<(Client, String)> {
    let vpcs = network.distinct_vpcs().filter(|vpc| is_own(vpc));
    let vpcs = vpcs.map(|vpc| (anywhere(Origin::Host(vpc.id)), vpc.name.to_string()));
    let vpns = network.client_vpns.iter().filter(|vpn| is_own(vpn));
    let vpns = vpns.map(|vpn| (anywhere(Origin::ClientVpn(vpn.id)), vpn.name.to_string()));
    vpcs.chain(vpns).chain(outside(assumptions)).collect()
}

fn clusters(network: &Network) -> Vec<(Question, String)> {
    let clusters = network.clusters.iter().filter(|cluster| is_own(cluster));
    clusters.map(|one| (Question::Endpoint(one.id), one.name.to_string())).collect()
}

fn question(network: &Network, graph: &Graph, text: &str) -> Option<(Question, String)> {
    let cluster = named::cluster(network, text).map(|one| Question::Endpoint(one.id));
    let name = || is_name(graph, text).then(|| Question::Name(Name::new(text)));
    Some((cluster.or_else(name)?, text.to_owned()))
}

/// Whether a text is a domain name, and no address of a resource, not even a mistyped one.
fn is_name(graph: &Graph, text: &str) -> bool {
    let label = |label: &str| {
        let inside = |c: char| c.is_ascii_alphanumeric() || c == '-';
        !label.is_empty() && label.len() <= 63 && label.chars().all(inside)
    };
    let first = text.split('.').next().unwrap_or_default();
    let stacks = graph.language == Language::CloudFormation
        && graph.resources.iter().any(|one| one.address.split('.').next() == Some(first));
    let is_module = matches!(first, "module" | "data");
    text.trim_end_matches('.').contains('.')
        && text.trim_end_matches('.').split('.').all(label)
        && !stacks
        && !is_module
}

/// What is said where nothing is found.
pub(super) struct Faults {
    ask: Ask,
    clients: BTreeSet<String>,
    clusters: BTreeSet<String>,
    from: bool,
    to: bool,
    all: BTreeSet<String>,
    gone: BTreeSet<String>,
    /// What could not be seen and may hold what is asked for.
    unseen: BTreeSet<String>,
}

impl Faults {
    pub(super) fn new(ask: &Ask) -> Self {
        Self {
            ask: ask.clone(),
            clients: BTreeSet::from([ON_PREMISES.to_owned()]),
            clusters: BTreeSet::new(),
            from: false,
            to: false,
            all: BTreeSet::new(),
            gone: BTreeSet::new(),
            unseen: BTreeSet::new(),
        }
    }

    /// Learns what a network has.
    pub(super) fn add(
        &mut self,
        (network, assumptions): (&Network, &Assumptions),
        graph: &Graph,
        gone: &BTreeSet<String>,
    ) {
        let is_client = |it: &String| named::client(network, assumptions, it).is_some();
        self.from |= self.ask.from.as_ref().is_none_or(is_client);
        self.to |= self.ask.to.as_ref().is_none_or(|it| question(network, graph, it).is_some());
        self.clients.extend(clients(network, assumptions).into_iter().map(|(_, name)| name));
        self.clusters.extend(clusters(network).into_iter().map(|(_, name)| name));
        let subnets = network.subnets.iter().filter(|one| is_own(one));
        self.clients.extend(subnets.map(|one| one.name.to_string()));
        self.clients.extend(network.hosts().map(|host| host.name.to_string()));
        self.all.extend(graph.resources.iter().map(|one| one.address.to_string()));
        self.gone.extend(gone.iter().cloned());
        self.unseen.extend(graph.gaps.iter().map(|gap| gap.name.to_string()));
    }

    /// Why there is no path.
    pub(super) fn told(&self) -> Vec<String> {
        let known =
            |names: &BTreeSet<String>, text: &str| hint(text, names.iter().map(String::as_str));
        let mut told = Vec::new();
        if let (Some(from), false) = (&self.ask.from, self.from) {
            told.push(if self.gone.contains(from) {
                format!("--from {from}: it is not there without what is taken out")
            } else if self.all.contains(from) {
                format!(
                    "--from {from}: nobody asks from there: it must be a VPC, a subnet, a host in one, a \
                     Client VPN endpoint or {ON_PREMISES}"
                )
            } else {
                let near = known(&self.clients, from);
                format!("--from {from}: there is no such VPC, subnet, host or Client VPN endpoint{near}")
            });
        }
        if let (Some(to), false) = (&self.ask.to, self.to) {
            told.push(if self.gone.contains(to) {
                format!("--to {to}: it is not there without what is taken out")
            } else if self.all.contains(to) {
                format!("--to {to}: it is neither a cluster nor a domain name")
            } else {
                format!("--to {to}: there is no such cluster{}", known(&self.clusters, to))
            });
        }
        if told.is_empty() {
            told.push(match (&self.ask.from, &self.ask.to) {
                (Some(from), Some(to)) => {
                    format!("{from} and {to} are in roots that do not name each other")
                }
                (_, Some(_)) => "there is no client to trace from".to_owned(),
                (_, None) => "there is no cluster to trace to; --to takes any name".to_owned(),
            });
        }
        let mut unseen = self.unseen.iter();
        if let Some(first) = unseen.next() {
            let (more, they) = match unseen.count() {
                0 => (String::new(), "it holds"),
                more => (format!(" and {more} more"), "they hold"),
            };
            told.push(format!("{first}{more} could not be read: what {they} is not known"));
        }
        told
    }
}
