//! `unattached-vpc`: a VPC that a transit gateway does not take packets from, or give them to.

use hashbrown::HashSet;

use crate::dns::Dns;
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    Attached, Declared, Id, Network, Subnet, TransitGateway, TransitGatewayAttachment, Tri, Vpc,
};
use crate::reach::{Disposition, End, Stage, Unreachable};
use crate::source::{Language, Note, Span};

use super::{Cause, Check, Fault, Verdicts, causes, managed, open};

const RULE: Rule = Rule {
    id: "unattached-vpc",
    summary: "a VPC not attached to the transit gateway, not in the zone, not associated, not accepted; an attachment id where a gateway id belongs",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/unattached-vpc.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// Why the gateway does not serve the VPC.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Apart {
    /// It is not attached.
    Unattached(Id<TransitGateway>, Id<Vpc>),
    /// The attachment has no interface in the zone of a subnet.
    OutOfZone(Id<TransitGatewayAttachment>, Id<Subnet>),
    /// No table serves the attachment.
    Unserved(Id<TransitGatewayAttachment>),
}

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let ways = dns.ways();
    let mut verdicts = Verdicts::new(&RULE);
    for (apart, cause) in &causes(ways, |_, fault| apart(network, fault)) {
        verdicts.fault(fault(network, *apart, cause));
    }
    let inline = managed(network.route_tables.iter())
        .flat_map(|table| table.routes.known().map(|(route, _)| (&table.name, route.misnamed)));
    let routes = managed(network.routes.iter()).map(|one| (&one.name, one.route.misnamed));
    let attachments = managed(network.attachments.iter()).map(|one| (&one.name, one.misnamed));
    for (name, named) in inline.chain(routes).chain(attachments) {
        if let Some((other, span)) = named {
            verdicts.fault(misnamed(network, name, other, span));
        }
    }
    for attachment in managed(network.attachments.iter()) {
        if let Some(fault) = associated_twice(network, attachment) {
            verdicts.fault(fault);
        }
    }
    let used: HashSet<Id<Vpc>> =
        ways.known.iter().filter_map(|way| way.ends).flat_map(|(a, b)| [a, b]).collect();
    for attachment in managed(network.attachments.iter()) {
        if let Some(fault) = pending(network, attachment, &used) {
            verdicts.fault(fault);
        }
    }
    if network.transit_gateways.iter().next().is_some() {
        open(&mut verdicts, ways, &[Stage::There, Stage::Back, Stage::Connections], |_| true);
    }
    verdicts.all
}

fn apart(network: &Network, fault: &Disposition) -> Option<Apart> {
    match fault {
        Disposition::NeighborUnreachable(why, _) => match *why {
            Unreachable::NotAttached(gateway, vpc) => Some(Apart::Unattached(gateway, vpc)),
            Unreachable::NoInterfaceInZone(attachment, subnet) => {
                Some(Apart::OutOfZone(attachment, subnet))
            }
            Unreachable::NotAssociated(attachment) => Some(Apart::Unserved(attachment)),
            _ => None,
        },
        Disposition::NoGatewayRoute(missing) if missing.far.is_none() => {
            let End::Vpc(vpc) = missing.to else { return None };
            let gateway = network.gateway_of(missing.from).ok()?;
            let closed = network.attachments_of(vpc, gateway).open.is_none();
            closed.then_some(Apart::Unattached(gateway, vpc))
        }
        _ => None,
    }
}

fn fault(network: &Network, apart: Apart, cause: &Cause<'_>) -> Fault {
    let effect = cause.effect();
    let (message, primary, further, help, subjects) = match apart {
        Apart::Unattached(gateway, vpc) => {
            let (gateway, vpc) = (&network.transit_gateways[gateway], network.vpc(vpc));
            (
                format!("{} is not attached to {}: {effect}", vpc.name, gateway.name),
                Note::new(vpc.span, format!("no attachment to {}", gateway.name)),
                Note::new(gateway.span, "the transit gateway"),
                format!(
                    "attach {} to {}, with a subnet in every zone that is used",
                    vpc.name, gateway.name
                ),
                vec![gateway.name.to_string(), vpc.name.to_string()],
            )
        }
        Apart::OutOfZone(attachment, subnet) => {
            let (attachment, subnet) = (&network.attachments[attachment], &network.subnets[subnet]);
            (
                format!(
                    "{} has no subnet in the zone of {}: {effect}",
                    attachment.name, subnet.name
                ),
                Note::new(attachment.span, format!("not in the zone of {}", subnet.name)),
                Note::new(subnet.span, "cannot reach the gateway from its zone"),
                format!("add a subnet of that zone to {}", attachment.name),
                vec![attachment.name.to_string(), subnet.name.to_string()],
            )
        }
        Apart::Unserved(attachment) => {
            let attachment = &network.attachments[attachment];
            (
                format!("no route table of the gateway serves {}: {effect}", attachment.name),
                Note::new(attachment.span, "what comes in here is dropped"),
                Note::new(attachment.span, ""),
                format!("associate {} with a route table of the gateway", attachment.name),
                vec![attachment.name.to_string()],
            )
        }
    };
    Fault {
        severity: cause.severity,
        message,
        primary,
        labels: cause.notes().chain([further]).collect(),
        help,
        subjects,
    }
}

/// An attachment that is named as a gateway.
fn misnamed(
    network: &Network,
    name: &str,
    other: Id<TransitGatewayAttachment>,
    span: Span,
) -> Fault {
    let other = &network.attachments[other];
    let gateway =
        network.gateway_of(other.id).ok().map(|id| network.transit_gateways[id].name.clone());
    let gateway = gateway.unwrap_or_else(|| "the transit gateway".into());
    Fault {
        severity: Severity::Error,
        message: format!(
            "{name} names {}, an attachment, where a transit gateway belongs: AWS refuses it",
            other.name
        ),
        primary: Note::new(span, "the id of an attachment"),
        labels: vec![Note::new(other.span, "the attachment")],
        help: format!("write the id of {gateway} here"),
        subjects: vec![name.to_owned(), other.name.to_string()],
    }
}

/// An attachment that goes into the default table by itself, and is associated with another one too.
fn associated_twice(
    network: &Network,
    attachment: &Declared<TransitGatewayAttachment>,
) -> Option<Fault> {
    let (gateway, default) = network.default_association(attachment.id)?;
    let mut associations = managed(network.transit_gateway_associations.iter());
    let explicit = associations.find(|one| {
        one.attachment.get() == Ok(&attachment.id)
            && one.replaces.get() == Ok(&false)
            && one.table.get().is_ok_and(|table| *table != default)
    })?;
    let gateway = &network.transit_gateways[gateway];
    let table = &network.transit_gateway_tables[*explicit.table.get().ok()?];
    let help = match &attachment.attached {
        Attached::Vpc(..) if !network.is_cloudformation() => format!(
            "set transit_gateway_default_route_table_association = false in {}, or \
             replace_existing_association = true in {}",
            attachment.name, explicit.name
        ),
        _ if network.is_cloudformation() => {
            format!("set DefaultRouteTableAssociation: disable in {}", gateway.name)
        }
        _ => format!(
            "set default_route_table_association = \"disable\" in {}, or \
             replace_existing_association = true in {}",
            gateway.name, explicit.name
        ),
    };
    Some(Fault {
        severity: Severity::Error,
        message: format!(
            "{} is associated with the default route table of {} by itself: {} fails",
            attachment.name, gateway.name, explicit.name
        ),
        primary: Note::new(explicit.span, format!("a second table, {}", table.name)),
        labels: vec![
            Note::new(attachment.span, "goes into the default table when it is made"),
            Note::new(gateway.span, "has a default table for associations"),
        ],
        help,
        subjects: vec![explicit.name.to_string(), attachment.name.to_string()],
    })
}

/// An attachment from another account that nothing here accepts.
fn pending(
    network: &Network,
    attachment: &Declared<TransitGatewayAttachment>,
    used: &HashSet<Id<Vpc>>,
) -> Option<Fault> {
    let Attached::Vpc(vpc, _) = &attachment.attached else { return None };
    let gateway = network.gateway_of(attachment.id).ok()?;
    let gateway = &network.transit_gateways[gateway];
    let on_the_way = used.contains(&network.vpc(*vpc.get().ok()?).id);
    let closed = gateway.managed && gateway.auto_accept.get() == Ok(&false);
    let open = matches!(network.accepts_attachment(attachment.id), Tri::Maybe(_));
    // Other credentials may be of the same account: only its number tells.
    let foreign = network.same_account(attachment, gateway) == Tri::No;
    (on_the_way && closed && open && foreign).then(|| Fault {
        severity: Severity::Warning,
        message: format!(
            "{} is of another account than {}, and nothing here accepts it: until somebody does, it \
             carries nothing",
            attachment.name, gateway.name
        ),
        primary: Note::new(attachment.span, "waits for acceptance"),
        labels: vec![Note::new(gateway.span, "accepts no attachment by itself")],
        help: format!(
            "add an aws_ec2_transit_gateway_vpc_attachment_accepter for {} in the account of {}, or set \
             auto_accept_shared_attachments = \"enable\" there",
            attachment.name, gateway.name
        ),
        subjects: vec![attachment.name.to_string(), gateway.name.to_string()],
    })
}
