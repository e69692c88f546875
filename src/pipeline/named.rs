//! What a configuration names by its address: it must be in the code.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Read;
use super::policy::Policy;
use crate::config::Config;
use crate::dns::{Named, Pair};
use crate::near::hint;
use crate::network::Network;
use crate::probe::named::ON_PREMISES;

/// What is in one estate.
#[derive(Debug)]
pub(super) struct Names {
    /// The configurations that hold for it, by their place.
    configs: Vec<usize>,
    clients: BTreeSet<Arc<str>>,
    vpcs: BTreeSet<Arc<str>>,
    clusters: BTreeSet<Arc<str>>,
    endpoints: BTreeSet<Arc<str>>,
}

impl Names {
    pub(super) fn new(network: &Network, policy: &Policy<'_>) -> Self {
        let vpcs: BTreeSet<_> = network.vpcs.iter().map(|one| Arc::clone(&one.name)).collect();
        let vpns = network.client_vpns.iter().map(|one| Arc::clone(&one.name));
        let subnets = network.subnets.iter().map(|one| Arc::clone(&one.name));
        Self {
            configs: policy.configs(),
            clients: vpcs.iter().cloned().chain(vpns).chain(subnets).collect(),
            vpcs,
            clusters: network.clusters.iter().map(|one| Arc::clone(&one.name)).collect(),
            endpoints: network.endpoints.iter().map(|one| Arc::clone(&one.name)).collect(),
        }
    }
}

/// What is wrong with names: failures where the whole of what a configuration holds for has been seen,
/// and else warnings.
pub(super) fn faults(given: &Read<'_>, all: &[Names]) -> (Vec<String>, Vec<String>) {
    let Read { workspace, policies, touched, .. } = given;
    let (mut failures, mut warnings) = (Vec::new(), Vec::new());
    for (at, config) in policies.configs() {
        let own: Vec<_> = all.iter().filter(|names| names.configs.contains(&at)).collect();
        if own.is_empty() {
            continue;
        }
        let faults = of_config(config, &own);
        let line = |(named, text): (&Named, String)| {
            format!("{}: {text}", workspace.sources().place(named.span))
        };
        let whole = touched.is_none() && policies.is_whole(workspace, at);
        let told = if whole { &mut failures } else { &mut warnings };
        told.extend(faults.into_iter().map(line));
    }
    (failures, warnings)
}

fn of_config<'c>(config: &'c Config, own: &[&Names]) -> Vec<(&'c Named, String)> {
    let outside = |name: &str| {
        name == ON_PREMISES || config.networks.iter().any(|network| &*network.name == name)
    };
    let mut faults = Vec::new();
    let asserted = config.assertions.iter().map(|one| (&one.pair, false));
    for (pair, declared) in config.clients.iter().map(|pair| (pair, true)).chain(asserted) {
        let names = |names: &&Names| -> BTreeSet<Arc<str>> {
            if declared { names.vpcs.clone() } else { names.clients.clone() }
        };
        let clients: BTreeSet<_> = own.iter().flat_map(names).collect();
        let what = if declared {
            "VPC"
        } else {
            "VPC, subnet, Client VPN endpoint or network of [[assumptions.networks]]"
        };
        faults.extend(missing(
            &pair.from,
            what,
            &clients,
            !declared && outside(&pair.from.address),
        ));
        let clusters: BTreeSet<_> = own.iter().flat_map(|names| names.clusters.clone()).collect();
        faults.extend(missing(&pair.to, "cluster", &clusters, false));
        faults.extend(apart(pair, own, outside(&pair.from.address)));
    }
    let forward = config.on_premises_dns.iter().flat_map(|dns| &dns.forward);
    let endpoints: BTreeSet<_> = own.iter().flat_map(|names| names.endpoints.clone()).collect();
    faults.extend(forward.filter_map(|one| missing(&one.to, "endpoint", &endpoints, false)));
    faults
}

fn missing<'n>(
    named: &'n Named,
    what: &str,
    known: &BTreeSet<Arc<str>>,
    is_outside: bool,
) -> Option<(&'n Named, String)> {
    if is_outside || known.contains(&named.address) {
        return None;
    }
    let near = hint(&named.address, known.iter().map(|name| &**name));
    Some((named, format!("{}: there is no such {what}{near}", named.address)))
}

/// Both are there, and no root has both.
fn apart<'n>(pair: &'n Pair, own: &[&Names], is_outside: bool) -> Option<(&'n Named, String)> {
    let (from, to) = (&pair.from.address, &pair.to.address);
    let has_from = |names: &&&Names| is_outside || names.clients.contains(from);
    let has_to = |names: &&&Names| names.clusters.contains(to);
    let both = own.iter().any(|names| has_from(&names) && has_to(&names));
    let each = own.iter().any(|names| has_from(&names)) && own.iter().any(|names| has_to(&names));
    let text = || format!("{from} and {to} are in roots that do not name each other");
    (each && !both).then(|| (&pair.from, text()))
}
