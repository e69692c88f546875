//! What a private zone says of a name: addresses, another name, a delegation, nothing.

use crate::network::{
    Declared, Domain, HostedZone, Id, Name, Network, Pattern, Record, Records, Tri,
};
use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::matching::Asked;
use super::{Dns, Question};

/// What is found in a zone.
#[derive(Debug)]
pub(super) enum Found {
    /// Addresses, or a thing of AWS that has some.
    Addresses(Span),
    /// Another name.
    Alias(Question, Span),
    /// Name servers for the part of the zone that the name is in.
    Delegation(Vec<Domain>, Span),
    /// The name exists without an address.
    NoData,
    /// The name does not exist.
    NxDomain,
}

/// How a record stands to the name that is asked for.
struct Hit<'a> {
    record: &'a Record,
    span: Span,
    exact: bool,
}

impl Dns<'_> {
    /// Looks a name up in a zone that covers it.
    pub(super) fn look_up(&self, zone: Id<HostedZone>, asked: &Asked) -> Result<Found, Unknown> {
        let zone = &self.network.zones[zone];
        let (records, mut open) = self.records_of(zone);
        let mut hits: Vec<Hit<'_>> = Vec::new();
        let mut below = false;
        for (record, span, exists) in records {
            let name = match record.name.get() {
                Ok(Some(pattern)) => whole(zone, pattern),
                Ok(None) => continue,
                Err(unknown) => {
                    open = open.or(Some(unknown));
                    continue;
                }
            };
            let kind = record.record_type.get().ok().and_then(|kind| kind.as_deref());
            let delegates = kind == Some("NS") && !at_apex(zone, &name);
            let taken = if delegates { asked.covered(&name.domain) } else { asked.matched(&name) };
            match Tri::all([taken, exists]) {
                Tri::Yes => hits.push(Hit { record, span, exact: !name.wildcard }),
                Tri::No => below |= is_below(&name, asked),
                Tri::Maybe(unknown) => open = open.or(Some(unknown)),
            }
        }
        // A name that is written beats a wildcard, whatever it has.
        if hits.iter().any(|hit| hit.exact) {
            hits.retain(|hit| hit.exact);
        }
        let known = hits.iter().find_map(|hit| said(hit));
        match (known, open) {
            (Some(found), _) => found,
            (None, Some(unknown)) => Err(unknown),
            // The name of the zone itself has the records that every zone has.
            (None, None) if below || !hits.is_empty() || is_apex(zone, asked) => Ok(Found::NoData),
            (None, None) => Ok(Found::NxDomain),
        }
    }

    /// The records of a zone, each with whether it is there, and why there may be more.
    fn records_of(
        &self,
        zone: &Declared<HostedZone>,
    ) -> (Vec<(&Record, Span, Tri)>, Option<Unknown>) {
        let outside = || {
            let name = format!("the records of {}", zone.name);
            (!zone.managed).then(|| Unknown::new(name, Why::ReadAtApply))
        };
        let network = self.network;
        let mut open = network.unseen_resource(zone).or_else(|| network.exported(zone));
        open = open.or_else(outside);
        let mut all = Vec::new();
        for set in network.records.iter() {
            match in_zone(network, zone, set) {
                Tri::Yes => {}
                Tri::No => continue,
                Tri::Maybe(unknown) => {
                    open = open.or(Some(unknown));
                    continue;
                }
            }
            open = open.or_else(|| set.all.open());
            let exists = || set.exists.clone().err().map_or(Tri::Yes, Tri::Maybe);
            all.extend(set.all.known().map(|(record, span)| (record, span, exists())));
        }
        (all, open)
    }
}

/// Whether records are in a zone, by its id or by its name.
fn in_zone(network: &Network, zone: &Declared<HostedZone>, set: &Records) -> Tri {
    match (set.zone.get(), set.zone_name.get()) {
        (Ok(Some(named)), _) => network.same(&network.zones[*named], zone),
        (Err(unknown), _) | (Ok(None), Err(unknown)) => Tri::Maybe(unknown),
        (Ok(None), Ok(None)) => Tri::No,
        (Ok(None), Ok(name)) => (zone.it.name.get() == Ok(name)).into(),
    }
}

/// What a record says, where it says anything of addresses.
fn said(hit: &Hit<'_>) -> Option<Result<Found, Unknown>> {
    let kind = match hit.record.record_type.get() {
        Ok(kind) => kind.as_deref(),
        Err(unknown) => return Some(Err(unknown)),
    };
    match kind {
        Some("A" | "AAAA") | None => Some(Ok(Found::Addresses(hit.span))),
        Some("CNAME") => Some(alias(hit)),
        Some("NS") => {
            let servers = hit.record.values.known().map(|(server, _)| server.clone());
            Some(Ok(Found::Delegation(servers.collect(), hit.span)))
        }
        Some(_) => None,
    }
}

fn alias(hit: &Hit<'_>) -> Result<Found, Unknown> {
    if hit.record.alias {
        return Ok(Found::Addresses(hit.span));
    }
    if let Some(unknown) = hit.record.values.open() {
        return Err(unknown);
    }
    let question = match hit.record.values.known().next() {
        Some((Domain::Name(name), _)) => Question::Name(name.clone()),
        Some((Domain::EndpointHost(cluster), _)) => Question::Endpoint(*cluster),
        _ => return Ok(Found::NoData),
    };
    Ok(Found::Alias(question, hit.span))
}

/// A record's name with the zone's, which may be left out.
fn whole(zone: &Declared<HostedZone>, pattern: &Pattern) -> Pattern {
    let (Ok(Some(Domain::Name(zone))), Domain::Name(name)) = (zone.it.name.get(), &pattern.domain)
    else {
        let apex = matches!(&pattern.domain, Domain::Name(name) if name.0.is_empty());
        let own = zone.it.name.get().ok().cloned().flatten().filter(|_| apex);
        return own.map_or_else(
            || pattern.clone(),
            |domain| Pattern { wildcard: pattern.wildcard, domain },
        );
    };
    if zone.covers(name) != Tri::No {
        return pattern.clone();
    }
    let labels = name.0.iter().chain(&zone.0).cloned().collect();
    Pattern { wildcard: pattern.wildcard, domain: Domain::Name(Name(labels)) }
}

fn at_apex(zone: &Declared<HostedZone>, name: &Pattern) -> bool {
    matches!(zone.it.name.get(), Ok(Some(apex)) if *apex == name.domain)
}

/// Whether a record is below the name that is asked for, which exists then.
fn is_below(record: &Pattern, asked: &Asked) -> bool {
    matches!(&record.domain, Domain::Name(name) if asked.name.covers(name) == Tri::Yes)
}

fn is_apex(zone: &HostedZone, asked: &Asked) -> bool {
    matches!(zone.name.get(), Ok(Some(apex)) if asked.is(apex) == Tri::Yes)
}
