//! `unserved-zone`: a private zone, or a Profile, that the VPC it is meant for does not have.

use crate::dns::{Answer, Dns, Listener, Origin, Question};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Attr, Declared, Domain, Handed, HostedZone, Id, Name, Network, Profile, ResolverEndpoint,
    ResolverRule, RuleType, Tri, Vpc,
};
use crate::source::{Language, Note, Span};
use crate::unknown::Unknown;

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "unserved-zone",
    summary: "a private zone or a Profile that the VPC it is meant for does not have",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/unserved-zone.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    let mut told: Vec<(Id<HostedZone>, Id<Vpc>)> = Vec::new();
    for rule in managed(network.rules.iter()) {
        if rule.rule_type.get() != Ok(&RuleType::Forward) {
            continue;
        }
        let Some((zone, name)) = zone_of(network, rule) else { continue };
        for endpoint in inbound(dns, rule) {
            let Ok(vpc) = network.vpc_of_endpoint(endpoint.id) else { continue };
            if told.contains(&(zone.id, vpc)) {
                continue;
            }
            let asked = Question::Name(name.clone());
            match dns.resolve(&asked, Origin::Inbound(endpoint.id)).end {
                Ok(Answer::Internet) => {
                    told.push((zone.id, vpc));
                    verdicts.fault(zone_fault(network, zone, rule, endpoint, vpc));
                }
                Ok(_) => {}
                Err(unknown) => verdicts.undecided(unknown, zone.span),
            }
        }
    }
    for profile in managed(network.profiles.iter()) {
        match judge(network, profile) {
            Ok(None) => {}
            Ok(Some(fault)) => verdicts.fault(fault),
            Err(unknown) => verdicts.undecided(unknown, profile.span),
        }
    }
    for vpc in network.distinct_vpcs() {
        if let [(first, at), (second, span), ..] = network.profiles_of(vpc.id)[..]
            && network.same(&network.profiles[first], &network.profiles[second]) == Tri::No
        {
            verdicts.fault(two_profiles(network, vpc, (first, at), (second, span)));
        }
    }
    verdicts.all
}

/// The private zone of the very domain that a rule forwards.
fn zone_of<'a>(
    network: &'a Network,
    rule: &'a ResolverRule,
) -> Option<(&'a Declared<HostedZone>, &'a Name)> {
    let Ok(Some(Domain::Name(domain))) = rule.domain.get() else { return None };
    let same = |zone: &&Declared<HostedZone>| match zone.it.name.get() {
        Ok(Some(Domain::Name(name))) => {
            Tri::all([name.covers(domain), domain.covers(name)]) == Tri::Yes
        }
        _ => false,
    };
    let seen = |zone: &&Declared<HostedZone>| {
        let mut views = network.distinct_vpcs().map(|vpc| network.view(vpc.id));
        views.any(|view| {
            let perhaps = view.perhaps_zones.iter().map(|(one, _)| *one);
            view.zones.iter().map(|one| one.thing).chain(perhaps).any(|one| one == zone.id)
        })
    };
    managed(network.zones.iter()).filter(same).find(seen).map(|zone| (zone, domain))
}

/// The inbound endpoints that a rule sends to.
fn inbound<'a>(dns: &Dns<'a>, rule: &ResolverRule) -> Vec<&'a Declared<ResolverEndpoint>> {
    let network = dns.network;
    let targets = rule.targets.known().filter_map(|(one, _)| one.target.get().ok());
    let listeners = targets.filter_map(|target| dns.listener(target, None).ok());
    let mut all: Vec<_> = listeners
        .filter_map(|one| match one {
            Listener::Inbound(endpoint) => Some(endpoint),
            _ => None,
        })
        .collect();
    all.sort_unstable();
    all.dedup();
    all.into_iter().map(|one| &network.endpoints[one]).collect()
}

fn zone_fault(
    network: &Network,
    zone: &Declared<HostedZone>,
    rule: &Declared<ResolverRule>,
    endpoint: &Declared<ResolverEndpoint>,
    vpc: Id<Vpc>,
) -> Fault {
    let vpc = network.vpc(vpc);
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} is not associated with {}: what {} sends to {} gets the answers of public DNS",
            zone.name, vpc.name, rule.name, endpoint.name
        ),
        primary: Note::new(zone.span, format!("{} does not have it", vpc.name)),
        labels: vec![
            Note::new(rule.span, "forwards the domain of the zone"),
            Note::new(endpoint.span, format!("answers as {} sees it", vpc.name)),
        ],
        help: format!("associate {} with {}", zone.name, vpc.name),
        subjects: vec![zone.name.to_string(), vpc.name.to_string()],
    }
}

/// What is wrong with a Profile, if it can be told.
fn judge(network: &Network, profile: &Declared<Profile>) -> Result<Option<Fault>, Unknown> {
    if !has_vpc(network, profile)? {
        return Ok(Some(profile_fault(
            profile,
            "no VPC has it",
            format!("no VPC is associated with {}: what is in it acts nowhere", profile.name),
            format!(
                "associate {} with the VPCs that it is for, or share it through RAM",
                profile.name
            ),
        )));
    }
    let contents = network.contents_of(profile);
    let nothing = contents.rules.is_empty()
        && contents.zones.is_empty()
        && contents.endpoints.is_empty()
        && contents.firewall.is_empty()
        && !network.profile_resources.iter().any(|one| one.profile.get() == Ok(&profile.id));
    match contents.open {
        _ if !nothing => Ok(None),
        Some(unknown) => Err(unknown),
        None => Ok(Some(profile_fault(
            profile,
            "nothing is in it",
            format!("{} is associated with VPCs, and nothing is in it", profile.name),
            format!("put the zones and rules that the VPCs are to have into {}", profile.name),
        ))),
    }
}

/// Whether anything carries a Profile to a VPC: an association, or a share.
fn has_vpc(network: &Network, profile: &Declared<Profile>) -> Result<bool, Unknown> {
    let is = |named: &Attr<Id<Profile>>| {
        named
            .get()
            .map_or_else(Tri::Maybe, |named| network.same(&network.profiles[*named], profile))
    };
    let there =
        |exists: &Result<(), Unknown>| exists.clone().map_or_else(Tri::Maybe, |()| Tri::Yes);
    let tied = network.profile_associations.iter();
    let tied = tied.map(|one| Tri::all([there(&one.exists), is(&one.profile)]));
    let handed = network.handed_over().flat_map(|(things, exists)| {
        let open = things.open().map(Tri::Maybe);
        let known = things.known().map(|(thing, _)| match thing {
            Handed::Profile(named) => network.same(&network.profiles[*named], profile),
            Handed::Open(unknown) => Tri::Maybe(unknown.clone()),
            _ => Tri::No,
        });
        known.chain(open).map(move |is| Tri::all([there(exists), is]))
    });
    let unseen = network.unseen_resource(profile).or_else(|| network.exported(profile));
    match Tri::any(tied.chain(handed).chain(unseen.map(Tri::Maybe))) {
        Tri::Yes => Ok(true),
        Tri::No => Ok(false),
        Tri::Maybe(unknown) => Err(unknown),
    }
}

fn profile_fault(profile: &Declared<Profile>, what: &str, message: String, help: String) -> Fault {
    Fault {
        severity: Severity::Error,
        message,
        primary: Note::new(profile.span, what),
        labels: Vec::new(),
        help,
        subjects: vec![profile.name.to_string()],
    }
}

/// Older accounts take one Profile a VPC; where several are taken, their order is not in the code.
fn two_profiles(
    network: &Network,
    vpc: &Declared<Vpc>,
    (first, at): (Id<Profile>, Span),
    (second, span): (Id<Profile>, Span),
) -> Fault {
    let [first, second] = [first, second].map(|one| &network.profiles[one].name);
    Fault {
        severity: Severity::Warning,
        message: format!(
            "{} has two Profiles, {first} and {second}: which of them wins is not in the code",
            vpc.name
        ),
        primary: Note::new(span, "a second Profile"),
        labels: vec![Note::new(at, "the first"), Note::new(vpc.span, "the VPC of both")],
        help: format!("put what {} needs into one Profile", vpc.name),
        subjects: vec![vpc.name.to_string(), first.to_string(), second.to_string()],
    }
}
