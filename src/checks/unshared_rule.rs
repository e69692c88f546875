//! `unshared-rule`: a rule reaches another account only through a share that has it, and that names somebody.

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{Declared, Handed, Network, ResourceShare, RuleAssociation, Tri, Vpc};
use crate::source::{Language, Note, Span};
use crate::unknown::Unknown;

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "unshared-rule",
    summary: "a rule used across accounts without a share that carries it",
    severities: &[Severity::Error],
    languages: Language::ALL,
    doc: include_str!("../../rules/unshared-rule.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for share in managed(network.shares.iter()) {
        let things = things(network, share);
        for (handed, at) in &things {
            if let Handed::ResolverEndpoint(endpoint) = handed {
                let name = &network.endpoints[*endpoint].name;
                verdicts.fault(endpoint_fault(share, name, *at));
            }
        }
        for (handed, at) in &things {
            if let Handed::RuleById(rule) = handed {
                verdicts.fault(id_fault(share, &network.rules[*rule].name, *at));
            }
        }
        let rule = things.iter().find_map(|(handed, at)| match handed {
            Handed::Rule(rule) => Some((&network.rules[*rule].name, *at)),
            _ => None,
        });
        let Some((rule, at)) = rule else { continue };
        match has_principal(network, share) {
            Ok(true) => {}
            Ok(false) => verdicts.fault(nobody(share, rule, at)),
            Err(unknown) => verdicts.undecided(unknown, share.span),
        }
    }
    for association in managed(network.rule_associations.iter()) {
        if let (Some(at), Ok(rule)) = (association.by_arn, association.rule.get()) {
            verdicts.fault(arn_fault(association, &network.rules[*rule].name, at));
        }
        let Ok(vpc) = association.vpc.get() else { continue };
        let vpc = network.vpc(*vpc);
        if vpc.managed && network.same_account(association, vpc) == Tri::No {
            verdicts.fault(wrong_account(association, vpc, &association.account, &vpc.account));
        }
    }
    verdicts.all
}

/// What a share certainly has, each with its place.
fn things<'a>(network: &'a Network, share: &'a Declared<ResourceShare>) -> Vec<(&'a Handed, Span)> {
    let members = managed(network.share_members.iter());
    let members = members.filter(|one| one.share.get() == Ok(&share.id));
    share.things.known().chain(members.flat_map(|one| one.thing.known())).collect()
}

/// Whether a share names anybody.
fn has_principal(network: &Network, share: &Declared<ResourceShare>) -> Result<bool, Unknown> {
    let mut open = share.principals.open();
    if !share.principals.items.is_empty() {
        return Ok(true);
    }
    for one in network.share_principals.iter() {
        let named = one.share.get().map(|named| network.same(&network.shares[*named], share));
        match (named, &one.exists) {
            (Ok(Tri::Yes), Ok(())) => return Ok(true),
            (Ok(Tri::Yes), Err(unknown)) => open = Some(unknown.clone()),
            (Ok(Tri::No), _) => {}
            (Ok(Tri::Maybe(unknown)) | Err(unknown), _) => open = Some(unknown),
        }
    }
    let open = open.or_else(|| network.unseen_resource(share)).or_else(|| network.exported(share));
    open.map_or(Ok(false), Err)
}

fn id_fault(share: &Declared<ResourceShare>, rule: &str, at: Span) -> Fault {
    Fault {
        severity: Severity::Error,
        message: format!("{} is to have {rule}, and has its id where its ARN belongs", share.name),
        primary: Note::new(at, "an id: RAM takes ARNs"),
        labels: vec![Note::new(share.span, "the share")],
        help: format!("name the ARN of {rule} here"),
        subjects: vec![share.name.to_string(), rule.to_owned()],
    }
}

fn arn_fault(association: &Declared<RuleAssociation>, rule: &str, at: Span) -> Fault {
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} has the ARN of {rule} where its id belongs: Route 53 Resolver finds no such rule",
            association.name
        ),
        primary: Note::new(at, "an ARN"),
        labels: vec![Note::new(association.span, "the association")],
        help: format!("name the id of {rule} here"),
        subjects: vec![association.name.to_string(), rule.to_owned()],
    }
}

fn endpoint_fault(share: &Declared<ResourceShare>, endpoint: &str, at: Span) -> Fault {
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} shares {endpoint}, and a Resolver endpoint cannot be shared",
            share.name
        ),
        primary: Note::new(at, "an endpoint: its rules carry it along"),
        labels: vec![Note::new(share.span, "the share")],
        help: format!("share the rules that send through {endpoint} by their ARN"),
        subjects: vec![share.name.to_string(), endpoint.to_owned()],
    }
}

fn nobody(share: &Declared<ResourceShare>, rule: &str, at: Span) -> Fault {
    Fault {
        severity: Severity::Error,
        message: format!("{} shares {rule} with nobody", share.name),
        primary: Note::new(share.span, "names no principal"),
        labels: vec![Note::new(at, "the rule in it")],
        help: format!("let the accounts that are to have {rule} into {}", share.name),
        subjects: vec![share.name.to_string(), rule.to_owned()],
    }
}

fn wrong_account(
    association: &Declared<RuleAssociation>,
    vpc: &Declared<Vpc>,
    own: &str,
    other: &str,
) -> Fault {
    Fault {
        severity: Severity::Error,
        message: format!(
            "{} is made in account {own}, and {} is in account {other}: only the owner of a VPC associates it",
            association.name, vpc.name
        ),
        primary: Note::new(association.span, format!("made in account {own}")),
        labels: vec![Note::new(vpc.span, format!("in account {other}"))],
        help: format!("share the rule with account {other}, and make {} there", association.name),
        subjects: vec![association.name.to_string(), vpc.name.to_string()],
    }
}
