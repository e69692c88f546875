//! `failed-assertion`: what the project says must hold does not, or what must not hold does.

use crate::dns::{Answer, Assertion, Dns, Must, Origin, Question};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Cluster, Declared, Tri};
use crate::probe::{Client, Connection, Probe, Verdict as End, connections, named, probe, words};
use crate::source::{Language, Note};
use crate::unknown::Unknown;

use super::{Check, Fault, Verdicts};

const RULE: Rule = Rule {
    id: "failed-assertion",
    summary: "what eksdns-lint.toml says must hold does not hold, or what must not hold does",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/failed-assertion.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let mut verdicts = Verdicts::new(&RULE);
    for assertion in &dns.assumptions.assertions {
        let pair = &assertion.pair;
        let client = named::client(dns.network, &dns.assumptions, &pair.from.address);
        let cluster = named::cluster(dns.network, &pair.to.address);
        let (Some(client), Some(cluster)) = (client, cluster) else { continue };
        if let Err(unknown) = exists(dns, &client, cluster) {
            verdicts.undecided(unknown, pair.span);
            continue;
        }
        let probe = probe(dns, &client, &Question::Endpoint(cluster.id));
        match judge(dns, assertion.must, &client, cluster, &probe) {
            Broken::No => {}
            Broken::Open(unknown) => verdicts.undecided(unknown, pair.span),
            Broken::Yes(why, labels) => verdicts.fault(fault(assertion, &why, labels)),
        }
    }
    verdicts.all
}

/// Whether both are there.
fn exists(dns: &Dns<'_>, client: &Client, cluster: &Declared<Cluster>) -> Result<(), Unknown> {
    cluster.exists.clone()?;
    match client.origin {
        Origin::Host(vpc) => dns.network.vpc(vpc).exists.clone(),
        Origin::ClientVpn(endpoint) => dns.network.client_vpns[endpoint].exists.clone(),
        Origin::Inbound(_) | Origin::OnPremises => Ok(()),
    }
}

/// Whether an assertion is broken; where it is, why, and the places that show it.
enum Broken {
    No,
    Yes(String, Vec<Note>),
    Open(Unknown),
}

fn judge(
    dns: &Dns<'_>,
    must: Must,
    client: &Client,
    cluster: &Declared<Cluster>,
    probe: &Probe,
) -> Broken {
    match must {
        Must::ResolvePrivately => match resolves_privately(probe) {
            Tri::Yes => Broken::No,
            Tri::No => by_name(dns, probe, cluster),
            Tri::Maybe(unknown) => Broken::Open(unknown),
        },
        Must::Reach => match probe.verdict(&Question::Endpoint(cluster.id)) {
            End::Holds => Broken::No,
            End::Undecided(unknown) => Broken::Open(unknown),
            End::Fails | End::Partly if matches!(probe.connection, Connection::None) => {
                by_name(dns, probe, cluster)
            }
            End::Fails | End::Partly => by_connection(dns, &probe.connection, probe),
        },
        Must::NotReach => not_reached(dns, client, cluster),
    }
}

/// Who knows the addresses needs no name.
fn not_reached(dns: &Dns<'_>, client: &Client, cluster: &Declared<Cluster>) -> Broken {
    let mut open = None;
    for connection in connections(dns, client, cluster.id) {
        match &connection {
            Connection::None => {}
            tried => match tried.verdict() {
                End::Holds | End::Partly => return accepted(dns, tried, cluster),
                End::Undecided(unknown) => open = open.or(Some(unknown)),
                End::Fails => {}
            },
        }
    }
    open.map_or(Broken::No, Broken::Open)
}

fn resolves_privately(probe: &Probe) -> Tri {
    match &probe.name.end {
        Err(unknown) => Tri::Maybe(unknown.clone()),
        Ok(answer) => privately(answer),
    }
}

fn privately(answer: &Answer) -> Tri {
    match answer {
        Answer::Private(_) => Tri::Yes,
        Answer::Elsewhere(_, then) => privately(then),
        // A record of the code's own may hold the private addresses.
        Answer::Zone(_) | Answer::Namespace(_) | Answer::Service(_) => Tri::Maybe(Unknown::new(
            "whether the record leads to the endpoint",
            crate::unknown::Why::KnownAfterApply,
        )),
        _ => Tri::No,
    }
}

fn by_name(dns: &Dns<'_>, probe: &Probe, cluster: &Declared<Cluster>) -> Broken {
    let name = words::name(dns.network, probe);
    let mut labels = probe.name.steps.clone();
    if let Ok(Answer::Public(_)) = &probe.name.end
        && let Some(span) = cluster.public_access.span()
    {
        labels.push(Note::new(span, "public access is on"));
    }
    if labels.is_empty() {
        labels.push(Note::new(cluster.span, format!("its name: {}", name.text)));
    }
    Broken::Yes(format!("the name gets {}", name.text), labels)
}

fn by_connection(dns: &Dns<'_>, connection: &Connection, probe: &Probe) -> Broken {
    let ending = words::connection(dns.network, probe);
    let mut labels = Vec::new();
    match connection {
        Connection::Interfaces(ways) => {
            let broken = ways.iter().filter(|(_, way)| way.faults().next().is_some());
            for (_, way) in broken {
                let fault = way.faults().next();
                let place = fault.and_then(|fault| words::place(dns.network, fault));
                let text = fault.map(|fault| words::disposition(dns.network, fault));
                labels.extend(way.steps.iter().cloned());
                labels.extend(place.zip(text).map(|(span, text)| Note::new(span, text)));
            }
        }
        Connection::NoEndpoint(span) => {
            labels.push(Note::new(*span, "the private endpoint is off"));
        }
        _ => {}
    }
    Broken::Yes(ending.text, labels)
}

fn accepted(dns: &Dns<'_>, connection: &Connection, cluster: &Declared<Cluster>) -> Broken {
    let labels = words::hops(dns.network, connection);
    let (text, labels) = match connection {
        Connection::Internet(..) => {
            let span = cluster.public_access.span().unwrap_or(cluster.span);
            ("over the internet", vec![Note::new(span, "public access is on")])
        }
        _ => ("by its private addresses", labels),
    };
    Broken::Yes(format!("connections are accepted {text}"), labels)
}

fn fault(assertion: &Assertion, why: &str, labels: Vec<Note>) -> Fault {
    let (from, to) = (&assertion.pair.from.address, &assertion.pair.to.address);
    let (must, what) = match assertion.must {
        Must::ResolvePrivately => ("must resolve", "privately, and does not"),
        Must::Reach => ("must reach", "and does not"),
        Must::NotReach => ("must not reach", "and does"),
    };
    Fault {
        severity: Severity::Error,
        message: format!("{from} {must} {to} {what}: {why}"),
        primary: Note::new(
            assertion.pair.span,
            format!("{}: it does not hold", assertion.must.key()),
        ),
        labels,
        help: format!(
            "`eksdns-lint trace --from {from} --to {to}` shows the whole way; mend what it names, or take \
             the assertion back"
        ),
        subjects: vec![assertion.must.key().to_owned(), from.to_string(), to.to_string()],
    }
}
