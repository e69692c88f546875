//! How a service that nodes need is offered to them: by an endpoint that its name leads to, or not.

use crate::network::{
    Attr, AwsService, Declared, Id, Label, Name, Network, Nodes, RouteTable, Tri, Vpc, VpcEndpoint,
    VpcEndpointType,
};
use crate::reach;
use crate::unknown::{Unknown, Why};

use super::own::region_of;
use super::{Answer, Dns, Origin, Question};

/// How a service is offered.
#[derive(Debug)]
pub enum Offer<'n> {
    /// Its name leads to something private, or something else than a missing endpoint is at fault.
    Led,
    /// A gateway endpoint is there, without routes in these tables of the nodes.
    Unrouted(&'n Declared<VpcEndpoint>, Vec<Id<RouteTable>>),
    /// An interface endpoint is there, and the ordinary name leads past it.
    Unnamed(&'n Declared<VpcEndpoint>),
    /// The endpoint of another VPC is in reach, and its name is not known here.
    Afar(&'n Declared<VpcEndpoint>),
    /// There is none.
    Missing,
}

/// The endpoints of a service.
struct Endpoints<'n> {
    here: Vec<&'n Declared<VpcEndpoint>>,
    afar: Option<&'n Declared<VpcEndpoint>>,
    open: Option<Unknown>,
}

impl<'n> Dns<'n> {
    /// How a service is offered to nodes in a VPC that have no way to public addresses.
    pub fn offer(
        &self,
        home: Id<Vpc>,
        nodes: &Nodes<'_>,
        service: AwsService,
    ) -> Result<Offer<'n>, Unknown> {
        let network = self.network;
        let endpoints = endpoints(network, home, service);
        let mut unrouted = None;
        for endpoint in &endpoints.here {
            if *endpoint.endpoint_type.get()? != VpcEndpointType::Gateway {
                continue;
            }
            let lacking = without(network, endpoint, nodes)?;
            if lacking.is_empty() {
                return Ok(Offer::Led);
            }
            unrouted = Some(Offer::Unrouted(endpoint, lacking));
        }
        let name = host_name(network, home, service, &endpoints.here);
        match self.resolve(&Question::Name(name), Origin::Host(home)).end? {
            Answer::Internet => {}
            Answer::Elsewhere(server, _) => {
                return Err(Unknown::new(format!("what {server} answers"), Why::ReadAtApply));
            }
            _ => return Ok(Offer::Led),
        }
        let vpc = network.vpc(home);
        let outside = || {
            let name = format!("the endpoints of {}", vpc.name);
            (!vpc.managed).then(|| Unknown::new(name, Why::ReadAtApply))
        };
        let open = endpoints.open.or_else(|| network.unseen(home)).or_else(outside);
        if let Some(unknown) = open.or_else(|| network.exported(vpc)) {
            return Err(unknown);
        }
        let named = |one: &&&Declared<VpcEndpoint>| {
            one.endpoint_type.get() == Ok(&VpcEndpointType::Interface)
        };
        // One that has them answers only what comes in through inbound endpoints, which is the fault then.
        let is_on = |one: &&Declared<VpcEndpoint>| network.has_private_names(one) == Tri::Yes;
        if unrouted.is_none() && endpoints.here.iter().filter(named).any(is_on) {
            return Ok(Offer::Led);
        }
        let unnamed = || endpoints.here.iter().find(named).map(|one| Offer::Unnamed(one));
        let afar = || endpoints.afar.map(Offer::Afar);
        Ok(unrouted.or_else(unnamed).or_else(afar).unwrap_or(Offer::Missing))
    }
}

fn endpoints(network: &Network, home: Id<Vpc>, service: AwsService) -> Endpoints<'_> {
    let mut all = Endpoints { here: Vec::new(), afar: None, open: None };
    for endpoint in network.vpc_endpoints.iter() {
        let exists = endpoint.exists.clone().err().map_or(Tri::Yes, Tri::Maybe);
        let fits = Tri::all([endpoint.leads_to(service), exists]);
        let here = match endpoint.vpc.get() {
            Ok(vpc) => network.same_vpc(*vpc, home),
            Err(unknown) => Tri::Maybe(unknown),
        };
        match (here, fits) {
            (_, Tri::No) => {}
            (Tri::Yes, Tri::Yes) => all.here.push(endpoint),
            (Tri::Yes, Tri::Maybe(unknown)) | (Tri::Maybe(unknown), _) => all.open = Some(unknown),
            (Tri::No, Tri::Yes)
                if endpoint.endpoint_type.get() == Ok(&VpcEndpointType::Interface) =>
            {
                let there = endpoint.vpc.get().copied();
                if there.is_ok_and(|there| reach::connected(network, home, there)) {
                    all.afar = Some(endpoint);
                }
            }
            (Tri::No, _) => {}
        }
    }
    all
}

/// The tables of nodes that have no route to a gateway endpoint.
fn without(
    network: &Network,
    endpoint: &Declared<VpcEndpoint>,
    nodes: &Nodes<'_>,
) -> Result<Vec<Id<RouteTable>>, Unknown> {
    let tied = network.tables_of_vpc_endpoint(endpoint);
    let mut lacking = Vec::new();
    let mut open = tied.open;
    for (subnet, _) in nodes.subnets.known() {
        let table = network.route_table_of(*subnet)?;
        match Tri::any(tied.items.iter().map(|(one, _)| same_table(network, *one, table))) {
            Tri::Yes => continue,
            Tri::No => {}
            Tri::Maybe(unknown) => open = open.or(Some(unknown)),
        }
        lacking.push(table);
    }
    lacking.sort_unstable();
    lacking.dedup();
    match open {
        Some(unknown) if !lacking.is_empty() => Err(unknown),
        _ => Ok(lacking),
    }
}

/// The main table of a VPC has a name of its own where it is adopted; a data source may find one of the code.
fn same_table(network: &Network, named: Id<RouteTable>, table: Id<RouteTable>) -> Tri {
    let adopts = |one: Id<RouteTable>, other: Id<RouteTable>| matches!(&network.route_tables[one].adopts, Attr::Set(Some(adopted), _) if *adopted == other);
    if adopts(named, table) || adopts(table, named) {
        return Tri::Yes;
    }
    network.same(&network.route_tables[named], &network.route_tables[table])
}

/// The name that nodes ask for: as the endpoint of the service tells, where there is one.
fn host_name(
    network: &Network,
    home: Id<Vpc>,
    service: AwsService,
    here: &[&Declared<VpcEndpoint>],
) -> Name {
    let told = here.iter().find_map(|endpoint| endpoint.private_name().ok());
    told.unwrap_or_else(|| service_name(network, home, service))
}

/// The name by which a service is asked for in a VPC, in the Region of its provider or its endpoints.
pub fn service_name(network: &Network, vpc: Id<Vpc>, service: AwsService) -> Name {
    let own = network.region_of_vpc(vpc).filter(|label| matches!(label, Label::Text(_)));
    let here = |one: &&Declared<VpcEndpoint>| {
        one.vpc.get().is_ok_and(|other| network.same_vpc(*other, vpc) == Tri::Yes)
    };
    let told = || network.vpc_endpoints.iter().filter(here).find_map(|one| one.service_region());
    match own.or_else(told) {
        Some(region) => service.host_name(region),
        None => service.host_name(&region_of(network, vpc)),
    }
}
