//! Data sources that read a resource of the same estate: by its id, or by an exact name.

use std::sync::Arc;

use super::{Links, Place};
use crate::graph::{Graph, Known, Mode, Node, Resource, Value};
use crate::unknown::{Form, Operand, ResourceId, Step, Symbol};

/// What a data source can read, and how it says which one.
struct Lookup {
    data: &'static str,
    managed: &'static [&'static str],
    /// Arguments that hold an id of it.
    by_id: &'static [&'static str],
    /// Arguments that are equal to one of its own.
    by_name: &'static [&'static str],
    /// Its attributes that are an id, beside `id` and `arn`.
    ids: &'static [&'static str],
}

const fn by_id(
    data: &'static str,
    managed: &'static [&'static str],
    by_id: &'static [&'static str],
) -> Lookup {
    Lookup { data, managed, by_id, by_name: &[], ids: by_id }
}

const LOOKUPS: [Lookup; 11] = [
    by_id("aws_vpc", &["aws_vpc", "aws_default_vpc"], &["id"]),
    by_id("aws_subnet", &["aws_subnet", "aws_default_subnet"], &["id"]),
    by_id("aws_route_table", &["aws_route_table", "aws_default_route_table"], &["route_table_id"]),
    by_id("aws_security_group", &["aws_security_group"], &["id"]),
    by_id("aws_vpc_peering_connection", &["aws_vpc_peering_connection"], &["id"]),
    by_id("aws_vpc_dhcp_options", &["aws_vpc_dhcp_options"], &["dhcp_options_id"]),
    by_id(
        "aws_route53_resolver_endpoint",
        &["aws_route53_resolver_endpoint"],
        &["resolver_endpoint_id"],
    ),
    by_id("aws_ec2_transit_gateway", &["aws_ec2_transit_gateway"], &["id"]),
    by_id("aws_route53_zone", &["aws_route53_zone"], &["zone_id"]),
    Lookup {
        data: "aws_route53_resolver_rule",
        managed: &["aws_route53_resolver_rule"],
        by_id: &["resolver_rule_id"],
        by_name: &["domain_name"],
        ids: &["resolver_rule_id"],
    },
    Lookup {
        data: "aws_eks_cluster",
        managed: &["aws_eks_cluster"],
        by_id: &["name"],
        by_name: &["name"],
        ids: &["name", "cluster_id"],
    },
];

impl Links {
    /// What the data sources of a root read, where it is a resource of these graphs.
    pub(super) fn look_up(
        &mut self,
        graphs: &[Option<Graph>],
        at: usize,
        graph: &Graph,
        known: &mut Known,
    ) {
        let data = graph.resources.iter().filter(|it| it.mode == Mode::Data && it.exists.is_ok());
        for resource in data {
            let address = &resource.address;
            if matches!(&*resource.kind, "aws_subnets" | "aws_subnet_ids") {
                if let Some(ids) = self.subnets(graphs, at, resource) {
                    known.insert((Arc::clone(address), "ids".into()), ids);
                }
                continue;
            }
            let Some((from, id)) = self.read(graphs, at, graph, resource) else { continue };
            let Some(other) = &graphs[from] else { continue };
            let it = other.resource(id);
            let whole = self.seen_from(at, from, other, &it.whole(id));
            known.insert((Arc::clone(address), "*".into()), whole);
            self.reads.insert((at, Arc::clone(address)), (from, Arc::clone(&it.address)));
        }
    }

    /// The managed resource that a data source reads.
    fn read(
        &self,
        graphs: &[Option<Graph>],
        at: usize,
        graph: &Graph,
        data: &Resource,
    ) -> Option<(usize, ResourceId)> {
        let lookup = LOOKUPS.iter().find(|lookup| lookup.data == &*data.kind)?;
        let mut by_id = lookup.by_id.iter().filter_map(|name| data.body.get(*name));
        let found = by_id.find_map(|node| self.managed(graphs, at, &node.value, lookup));
        let by_name = |name: &&str| {
            let own = named(graph, data, lookup, name).map(|id| (at, id));
            own.or_else(|| elsewhere(graphs, at, data, lookup, name))
        };
        found
            .or_else(|| lookup.by_name.iter().find_map(by_name))
            .or_else(|| self.table_of(graphs, at, graph, data, lookup))
    }

    /// The managed resource whose id a value is.
    fn managed(
        &self,
        graphs: &[Option<Graph>],
        at: usize,
        value: &Value,
        lookup: &Lookup,
    ) -> Option<(usize, ResourceId)> {
        let Value::Unknown(symbol) = value else { return None };
        let Form::Attribute { resource, name, .. } = symbol.form() else { return None };
        let own = matches!(&**name, "" | "id" | "arn") || lookup.ids.contains(&&**name);
        let place = self.place(graphs, at, *resource).filter(|_| own)?;
        let (from, id) = find(graphs, &place)?;
        let it = graphs[from].as_ref()?.resource(id);
        let is = it.mode == Mode::Managed && lookup.managed.contains(&&*it.kind);
        is.then_some((from, id))
    }

    /// The route table that is associated with the subnet that a data source names.
    fn table_of(
        &self,
        graphs: &[Option<Graph>],
        at: usize,
        graph: &Graph,
        data: &Resource,
        lookup: &Lookup,
    ) -> Option<(usize, ResourceId)> {
        let subnet = (lookup.data == "aws_route_table").then(|| data.body.get("subnet_id"))??;
        let mut tables = graph.resources.iter().filter_map(|it| {
            let of_subnet = &*it.kind == "aws_route_table_association"
                && it.exists.is_ok()
                && it.body.get("subnet_id").map(|node| &node.value) == Some(&subnet.value);
            let table = &it.body.get("route_table_id").filter(|_| of_subnet)?.value;
            self.managed(graphs, at, table, lookup)
        });
        match (tables.next(), tables.next()) {
            (Some(table), None) => Some(table),
            _ => None,
        }
    }

    /// The managed subnets of a VPC: there may be others.
    fn subnets(&mut self, graphs: &[Option<Graph>], at: usize, data: &Resource) -> Option<Value> {
        let vpc = self.managed(graphs, at, wanted_vpc(data)?, &LOOKUPS[0])?;
        let other = graphs[vpc.0].as_ref()?;
        let mut items = Vec::new();
        for (id, subnet) in (0u32..).map(ResourceId).zip(&other.resources) {
            let is = LOOKUPS[1].managed.contains(&&*subnet.kind)
                && subnet.mode == Mode::Managed
                && subnet.exists.is_ok();
            let Some(node) = subnet.body.get("vpc_id").filter(|_| is) else { continue };
            if self.managed(graphs, vpc.0, &node.value, &LOOKUPS[0]) != Some(vpc) {
                continue;
            }
            let own = Symbol::attribute(id, Arc::clone(&subnet.address), false, "id");
            let value = self.seen_from(at, vpc.0, other, &Value::Unknown(own));
            items.push(Node::new(value, subnet.span));
        }
        let place: Place = (at, Arc::clone(&data.address));
        let all = Symbol::attribute(self.foreign(place), Arc::clone(&data.address), true, "ids");
        // In an order that nobody knows, and with whatever else there is.
        let rest = Symbol::call("unordered", vec![Operand::Symbol(all)]);
        (!items.is_empty()).then(|| Value::List { items: items.into(), rest })
    }
}

/// The VPC of a data source that asks for all subnets of one VPC, and for nothing more.
fn wanted_vpc(data: &Resource) -> Option<&Value> {
    let asked: Vec<&str> = data
        .body
        .keys()
        .map(|name| &**name)
        .filter(|name| !matches!(*name, "region" | "timeouts"))
        .collect();
    match asked.as_slice() {
        ["vpc_id"] => Some(&data.body.get("vpc_id")?.value),
        ["filter"] => {
            let Value::List { items, rest: None } = &data.body.get("filter")?.value else {
                return None;
            };
            let [filter] = &**items else { return None };
            let step = |name: &str| filter.value.step(&Step::Name(name.into()));
            let Value::Map(map) = &filter.value else { return None };
            if step("name")? != Value::string("vpc-id") {
                return None;
            }
            match &map.entries.get("values")?.value {
                Value::List { items, rest: None } if items.len() == 1 => Some(&items[0].value),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The one managed resource of a graph, in the Region and account of the data source, whose argument is
/// the same.
fn named(graph: &Graph, data: &Resource, lookup: &Lookup, name: &str) -> Option<ResourceId> {
    let wanted = &data.body.get(name)?.value;
    let mut same = (0u32..).map(ResourceId).zip(&graph.resources).filter(|(_, it)| {
        it.mode == Mode::Managed
            && lookup.managed.contains(&&*it.kind)
            && it.body.get(name).map(|node| &node.value) == Some(wanted)
            && it.region == data.region
            && it.account == data.account
    });
    match (same.next(), same.next()) {
        (Some((id, _)), None) => Some(id),
        _ => None,
    }
}

/// The one managed resource of all other roots that has a name which is written out.
fn elsewhere(
    graphs: &[Option<Graph>],
    at: usize,
    data: &Resource,
    lookup: &Lookup,
    name: &str,
) -> Option<(usize, ResourceId)> {
    let wanted = data.body.get(name).map(|node| &node.value);
    let wanted = wanted.filter(|value| matches!(value, Value::String(_)))?;
    let mut found = None;
    for (from, graph) in graphs.iter().enumerate() {
        let all = (0u32..).map(ResourceId).zip(graph.iter().flat_map(|graph| &graph.resources));
        for (id, it) in all {
            let is = it.mode == Mode::Managed
                && lookup.managed.contains(&&*it.kind)
                && it.body.get(name).map(|node| &node.value) == Some(wanted)
                && super::fits(&it.region, &data.region);
            if is && found.replace((from, id)).is_some() {
                return None;
            }
        }
    }
    let (from, id) = found.filter(|(from, _)| *from != at)?;
    graphs[from].as_ref()?.resource(id).exists.is_ok().then_some((from, id))
}

/// The resource at a place, where its address is there once.
fn find(graphs: &[Option<Graph>], (from, address): &Place) -> Option<(usize, ResourceId)> {
    let graph = graphs.get(*from)?.as_ref()?;
    let at = graph.resources.iter().position(|it| it.address == *address)?;
    Some((*from, ResourceId(u32::try_from(at).ok()?)))
}
