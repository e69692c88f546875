//! What network ACLs drop, for the rules that speak of it: one finding an ACL.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::{Fault, list};
use crate::finding::Severity;
use crate::network::{Direction, Id, Network, NetworkAcl, Protocol, Subnet};
use crate::reach::{Disposition, Journey};
use crate::source::{Note, Span};

/// What was dropped, by the ACL that drops it.
#[derive(Default)]
pub(in crate::checks) struct Drops(BTreeMap<Id<NetworkAcl>, Dropped>);

/// What one ACL drops.
#[derive(Default)]
pub(in crate::checks) struct Dropped {
    /// Whether something fails for good because of it.
    pub(in crate::checks) whole: bool,
    /// Of which protocols.
    pub(in crate::checks) protocols: BTreeSet<Protocol>,
    /// What it concerns.
    pub(in crate::checks) labels: Vec<Note>,
    ways: BTreeMap<(bool, Direction), BTreeSet<Id<Subnet>>>,
    rule: Option<Span>,
}

/// Whether an ACL drops a packet or its answer.
pub(in crate::checks) fn is_dropped(journey: &Journey) -> bool {
    journey.faults().any(|fault| fault.acl().is_some())
}

impl Drops {
    /// Adds what ACLs do to a flow.
    pub(in crate::checks) fn add(
        &mut self,
        journey: &Journey,
        protocol: Protocol,
        whole: bool,
        labels: &[Note],
    ) {
        for fault in journey.faults() {
            let Some(denial) = fault.acl() else { continue };
            let back = matches!(fault, Disposition::NoReturn(_));
            let dropped = self.0.entry(denial.acl).or_default();
            dropped.whole |= whole;
            dropped.protocols.insert(protocol);
            dropped.labels.extend_from_slice(labels);
            dropped.rule = dropped.rule.or(denial.rule);
            dropped.ways.entry((back, denial.direction)).or_default().insert(denial.subnet);
        }
    }

    /// One finding an ACL; `judge` tells the severity, and what comes of it.
    pub(in crate::checks) fn faults(
        self,
        network: &Network,
        port: u16,
        judge: impl Fn(&Dropped) -> (Severity, String),
    ) -> Vec<Fault> {
        let fault = |(acl, dropped): (Id<NetworkAcl>, Dropped)| {
            let (severity, effect) = judge(&dropped);
            dropped.fault(network, acl, port, (severity, &effect))
        };
        self.0.into_iter().map(fault).collect()
    }
}

impl Dropped {
    fn fault(
        self,
        network: &Network,
        acl: Id<NetworkAcl>,
        port: u16,
        (severity, effect): (Severity, &str),
    ) -> Fault {
        let acl = &network.network_acls[acl];
        let protocols: Vec<_> = self.protocols.iter().map(ToString::to_string).collect();
        let what = list(&protocols);
        let way = |((back, direction), subnets): (&(bool, Direction), &BTreeSet<Id<Subnet>>)| {
            let names = subnets.iter().map(|subnet| network.subnets[*subnet].name.to_string());
            let into = if *direction == Direction::Ingress { "into" } else { "out of" };
            let packets = if *back { "the answers".to_owned() } else { format!("{what} {port}") };
            format!("{packets} {into} {}", list(&names.collect::<Vec<_>>()))
        };
        let ways: Vec<_> = self.ways.iter().map(way).collect();
        let missing = |((back, direction), _): (&(bool, Direction), &_)| {
            let way = if *direction == Direction::Ingress { "in" } else { "out" };
            let ports = if *back { "1024-65535".to_owned() } else { port.to_string() };
            format!("{what} {ports} {way}")
        };
        let missing: Vec<_> = self.ways.iter().map(missing).collect();
        let keeps = if self.ways.keys().any(|(back, _)| *back) {
            "; a network ACL keeps no connections, and answers go to the ports from 1024 on"
        } else {
            ""
        };
        let denied = self.rule.is_some();
        let order = if denied { ", with a lower number than the rule that denies it" } else { "" };
        let label = if denied { "denies it" } else { "no rule of it allows it" };
        Fault {
            severity,
            message: format!("{} does not let {}: {effect}", acl.name, ways.join(", nor ")),
            primary: Note::new(self.rule.unwrap_or(acl.span), label),
            labels: self.labels,
            help: format!("in {}, let {}{order}{keeps}", acl.name, list(&missing)),
            subjects: vec![acl.name.to_string()],
        }
    }
}
