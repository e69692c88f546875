//! The way of a path from place to place: the query's, then the connection's.

use crate::dns::Answer;
use crate::network::{Network, Tri};
use crate::probe::{Connection, Probe, Verdict};
use crate::source::Span;
use crate::trace::{Move, Place, Way};

/// What travels to a cluster.
const CONNECTION: &str = "TCP 443";

/// All moves of a path.
pub(super) fn of(network: &Network, probe: &Probe) -> Vec<Move> {
    let mut moves = probe.name.moves.clone();
    if let (Ok(answer), Some(way)) = (&probe.name.end, way(&probe.connection)) {
        let (from, carries, span) =
            (Place::Client, CONNECTION.to_owned(), stopped_at(&probe.connection));
        moves.extend(place(network, answer).map(|to| Move { from, to, carries, way, span }));
    }
    moves
}

/// Where an answer leads.
fn place(network: &Network, answer: &Answer) -> Option<Place> {
    match answer {
        Answer::Private(cluster) => {
            Some(Place::Cluster(network.clusters[*cluster].name.to_string()))
        }
        Answer::Public(cluster) => {
            Some(Place::PublicEndpoint(network.clusters[*cluster].name.to_string()))
        }
        Answer::Elsewhere(_, then) => place(network, then),
        _ => None,
    }
}

/// Where in the code a connection ends that does not hold: its way tells that last.
fn stopped_at(connection: &Connection) -> Option<Span> {
    match connection {
        Connection::NoEndpoint(span) => Some(*span),
        Connection::Interfaces(ways) => {
            let broken = ways.iter().find(|(_, way)| way.faults().next().is_some());
            broken.and_then(|(_, way)| way.steps.last()).map(|step| step.span)
        }
        Connection::None | Connection::Internet(..) | Connection::Open(_) => None,
    }
}

/// What becomes of the connection.
fn way(connection: &Connection) -> Option<Way> {
    Some(match connection {
        Connection::None => return None,
        Connection::NoEndpoint(_) => Way::Broken("private endpoint off".to_owned()),
        Connection::Internet(Tri::Yes, _) => Way::Whole,
        Connection::Internet(Tri::No, _) => Way::Broken("no internet route".to_owned()),
        Connection::Internet(Tri::Maybe(unknown), _) | Connection::Open(unknown) => {
            Way::Open(unknown.to_string())
        }
        Connection::Interfaces(ways) => {
            let fault = ways.iter().find_map(|(_, way)| way.faults().next());
            let why = || fault.map_or_else(String::new, |fault| fault.word().replace('-', " "));
            match connection.verdict() {
                Verdict::Holds => Way::Whole,
                Verdict::Partly => Way::Partly(why()),
                Verdict::Fails => Way::Broken(why()),
                Verdict::Undecided(unknown) => Way::Open(unknown.to_string()),
            }
        }
    })
}
