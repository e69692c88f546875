//! `private-dns-off`: the service's ordinary name does not lead to the endpoint.

use crate::dns::{Dns, Offer};
use crate::finding::{Rule, Severity, Verdict};
use crate::network::{
    AwsService, Declared, Domain, Label, Name, Network, Nodes, Tri, VpcEndpoint, VpcEndpointType,
};
use crate::reach::is_cut_off;
use crate::source::{Language, Note, Span};

use super::{Check, Fault, Verdicts, managed};

const RULE: Rule = Rule {
    id: "private-dns-off",
    summary: "the service's ordinary name does not lead to the endpoint",
    severities: &[Severity::Error, Severity::Warning],
    languages: Language::ALL,
    doc: include_str!("../../rules/private-dns-off.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(dns: &Dns<'_>) -> Vec<Verdict> {
    let network = dns.network;
    let mut verdicts = Verdicts::new(&RULE);
    for endpoint in managed(network.vpc_endpoints.iter()) {
        let unfit = no_gateway(endpoint).or_else(|| other_region(network, endpoint));
        if let Some(fault) = unfit {
            verdicts.fault(fault);
        }
    }
    let mut told = Vec::new();
    for cluster in managed(network.clusters.iter()) {
        // Without the private endpoint such nodes lack the API itself: that is another rule's fault.
        match cluster.private_access.get() {
            Ok(true) => {}
            Ok(false) => continue,
            Err(unknown) => {
                verdicts.undecided(unknown, cluster.span);
                continue;
            }
        }
        let home = network.vpc_of_cluster(cluster.id);
        for nodes in network.nodes_of(cluster.id) {
            let home = match (is_cut_off(network, &nodes), home.clone()) {
                (Tri::No, _) => continue,
                (Tri::Yes, Ok(home)) => home,
                (Tri::Maybe(unknown), _) | (_, Err(unknown)) => {
                    if let Some(span) = without_names(network, &nodes) {
                        verdicts.undecided(unknown, span);
                    }
                    continue;
                }
            };
            for service in AwsService::needed_by(nodes.kind) {
                let fault = match dns.offer(home, &nodes, *service) {
                    Ok(Offer::Unnamed(endpoint)) => (endpoint, unnamed(endpoint, &nodes)),
                    Ok(Offer::Afar(endpoint)) => {
                        let vpc = &network.vpc(home).name;
                        (endpoint, afar(network, endpoint, vpc, &nodes))
                    }
                    Ok(Offer::Led | Offer::Missing | Offer::Unrouted(..)) => continue,
                    Err(unknown) => {
                        if let Some(span) = open_switch(network, service) {
                            verdicts.undecided(unknown, span);
                        }
                        continue;
                    }
                };
                if !told.contains(&fault.0.id) {
                    told.push(fault.0.id);
                    verdicts.fault(fault.1);
                }
            }
        }
    }
    verdicts.all
}

/// An endpoint of a service that nodes need, without private names as far as can be told.
fn without_names(network: &Network, nodes: &Nodes<'_>) -> Option<Span> {
    let needed = AwsService::needed_by(nodes.kind);
    let is_one = |endpoint: &&Declared<VpcEndpoint>| {
        endpoint.endpoint_type.get() == Ok(&VpcEndpointType::Interface)
            && needed.iter().any(|service| endpoint.leads_to(*service) == Tri::Yes)
            && network.has_private_names(endpoint) != Tri::Yes
    };
    managed(network.vpc_endpoints.iter()).find(is_one).map(|endpoint| endpoint.span)
}

/// An endpoint of a service of which it cannot be told whether it has private names.
fn open_switch(network: &Network, service: &AwsService) -> Option<Span> {
    let open = |endpoint: &&Declared<VpcEndpoint>| {
        endpoint.leads_to(*service) == Tri::Yes
            && matches!(network.has_private_names(endpoint), Tri::Maybe(_))
    };
    managed(network.vpc_endpoints.iter()).find(open).map(|endpoint| endpoint.span)
}

fn unnamed(endpoint: &Declared<VpcEndpoint>, nodes: &Nodes<'_>) -> Fault {
    let written = endpoint.private_dns.span();
    let label = match written {
        Some(_) => "turns private names off",
        None => "leaves private names out: CloudFormation turns them off then",
    };
    Fault {
        severity: if written.is_some() { Severity::Error } else { Severity::Warning },
        message: format!(
            "{} has no private names: {} asks for the service by its ordinary name, gets public \
             addresses, and has no way there",
            endpoint.name, nodes.name
        ),
        primary: Note::new(written.unwrap_or(endpoint.span), label),
        labels: vec![
            Note::new(endpoint.span, "the endpoint"),
            Note::new(nodes.span, "without a way to the internet"),
        ],
        help: format!("turn private DNS on in {}", endpoint.name),
        subjects: vec![endpoint.name.to_string()],
    }
}

fn afar(
    network: &Network,
    endpoint: &Declared<VpcEndpoint>,
    vpc: &str,
    nodes: &Nodes<'_>,
) -> Fault {
    let there =
        endpoint.vpc.get().map_or_else(|_| "its VPC".into(), |vpc| network.vpc(*vpc).name.clone());
    Fault {
        severity: Severity::Error,
        message: format!(
            "the private names of {} are known in {there} alone: {} in {vpc} gets public addresses, \
             and has no way there",
            endpoint.name, nodes.name
        ),
        primary: Note::new(endpoint.span, format!("its private names act in {there}")),
        labels: vec![Note::new(nodes.span, format!("asks in {vpc}"))],
        help: format!(
            "make a private zone of the service's name with an alias for {}, and associate it with \
             {vpc}; put the endpoint into a Profile of {vpc}; or make an endpoint in {vpc}",
            endpoint.name
        ),
        subjects: vec![endpoint.name.to_string(), vpc.to_owned()],
    }
}

/// The service's name in parts, after `com.amazonaws`: the Region, and what is left.
fn parts(endpoint: &VpcEndpoint) -> Option<(&Label, Vec<&str>)> {
    let Ok(Some(Domain::Name(Name(labels)))) = endpoint.service.get() else { return None };
    let text =
        |label: &Label, wanted: &str| matches!(label, Label::Text(text) if **text == *wanted);
    let labels = match labels.as_slice() {
        [cn, rest @ ..] if text(cn, "cn") => rest,
        all => all,
    };
    let [com, amazonaws, named @ ..] = labels else { return None };
    // The services of others stand behind `vpce`; what is no Region there is a service of all of them.
    let named = match named {
        [vpce, rest @ ..] if text(vpce, "vpce") => rest,
        all => all,
    };
    let [region, own @ ..] = named else { return None };
    let is_region = match region {
        Label::Text(text) => text.ends_with(|last: char| last.is_ascii_digit()),
        Label::Open(_) => true,
    };
    if !text(com, "com") || !text(amazonaws, "amazonaws") || own.is_empty() || !is_region {
        return None;
    }
    let own = own.iter().map(|label| match label {
        Label::Text(text) => Some(&**text),
        Label::Open(_) => None,
    });
    Some((region, own.collect::<Option<_>>()?))
}

/// Services that have gateway endpoints
/// (<https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html>).
const GATEWAYS: [&str; 3] = ["s3", "dynamodb", "s3express"];

fn no_gateway(endpoint: &Declared<VpcEndpoint>) -> Option<Fault> {
    let (_, own) = parts(endpoint)?;
    let gateway = endpoint.endpoint_type.get() == Ok(&VpcEndpointType::Gateway);
    if !gateway || own.first().is_some_and(|first| GATEWAYS.contains(first)) {
        return None;
    }
    let service = own.join(".");
    let written = endpoint.endpoint_type.span();
    let label = if written.is_some() { "this type" } else { "without a type it is a gateway" };
    Some(Fault {
        severity: Severity::Error,
        message: format!(
            "{} is a gateway endpoint, and {service} has interface endpoints only: AWS refuses it",
            endpoint.name
        ),
        primary: Note::new(written.unwrap_or(endpoint.span), label),
        labels: endpoint
            .service
            .span()
            .map(|at| Note::new(at, "has no gateway endpoints"))
            .into_iter()
            .collect(),
        help: format!("make {} an endpoint of the type Interface", endpoint.name),
        subjects: vec![endpoint.name.to_string(), "type".to_owned()],
    })
}

fn other_region(network: &Network, endpoint: &Declared<VpcEndpoint>) -> Option<Fault> {
    let (region, _) = parts(endpoint)?;
    let vpc = network.vpc(*endpoint.vpc.get().ok()?);
    let own = network.region_of_vpc(vpc.id)?;
    let (Label::Text(region), Label::Text(own)) = (region, own) else { return None };
    if region == own || endpoint.elsewhere || !vpc.managed {
        return None;
    }
    Some(Fault {
        severity: Severity::Error,
        message: format!(
            "{} is for a service of {region}, and {} is in {own}: AWS knows no such service there",
            endpoint.name, vpc.name
        ),
        primary: Note::new(
            endpoint.service.span().unwrap_or(endpoint.span),
            format!("a service of {region}"),
        ),
        labels: vec![Note::new(vpc.span, format!("in {own}"))],
        help: format!("name the service of {own}"),
        subjects: vec![endpoint.name.to_string(), "region".to_owned()],
    })
}
