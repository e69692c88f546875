//! Hosts and services with addresses of their own, which the model does not hold: what they are told of.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Network;
use super::attr::Tri;
use super::id::{Id, Key};
use super::vpc::{Subnet, Vpc};
use crate::graph::Graph;
use crate::source::Span;
use crate::unknown::{Form, ResourceId, Symbol, Unknown, Why};

/// Resources that may ask, and that may run a DNS server.
const HOSTS: [&str; 15] = [
    "aws_instance",
    "aws_spot_instance_request",
    "aws_network_interface",
    "aws_autoscaling_group",
    "aws_launch_template",
    "aws_directory_service_directory",
    "aws_lb",
    "aws_ecs_service",
    "AWS::EC2::Instance",
    "AWS::EC2::NetworkInterface",
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::DirectoryService::MicrosoftAD",
    "AWS::DirectoryService::SimpleAD",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ECS::Service",
];

/// One of them.
#[derive(Debug)]
pub struct Host {
    /// Its address.
    pub name: Arc<str>,
    /// Its block in the code.
    pub span: Span,
    /// What it is told of.
    told: Vec<Symbol>,
}

/// Those of a graph.
pub(super) fn all(graph: &Graph) -> Vec<Host> {
    let of_kind = graph.resources.iter().filter(|one| HOSTS.contains(&&*one.kind));
    let host = |resource: &crate::graph::Resource| {
        let mut told = Vec::new();
        for node in resource.body.values() {
            node.value.symbols(&mut |symbol| told.push(symbol.clone()));
        }
        Host { name: Arc::clone(&resource.address), span: resource.span, told }
    };
    of_kind.map(host).collect()
}

impl Network {
    /// Why something in a VPC may answer queries all the same: a host, or a service with addresses there.
    pub fn may_listen(&self, vpc: Id<Vpc>) -> Option<Unknown> {
        let vpc = self.vpc(vpc);
        let may_hold = |subnet: Id<Subnet>| match self.vpc_of_subnet(subnet) {
            Ok(own) => self.same_vpc(own, vpc.id) != Tri::No,
            Err(_) => !self.subnets[subnet].managed,
        };
        let tells = |host: &&Host| {
            host.told.iter().any(|symbol| self.tells_of(symbol, vpc))
                || self.subnets_of_host(host).into_iter().any(may_hold)
        };
        self.hosts.iter().find(tells).map(|host| {
            Unknown::new(Arc::clone(&host.name), Why::NotEvaluated("what listens there".into()))
        })
    }

    /// The host of an address.
    pub fn host(&self, address: &str) -> Option<&Host> {
        self.hosts.iter().find(|host| &*host.name == address)
    }

    /// The hosts of the code, in its order.
    pub fn hosts(&self) -> impl Iterator<Item = &Host> {
        self.hosts.iter()
    }

    /// The subnets that a host is told of, as resources of the code.
    pub fn subnets_of_host(&self, host: &Host) -> BTreeSet<Id<Subnet>> {
        let mut named = BTreeSet::new();
        let mut name = |resource: ResourceId| {
            named.extend(self.subnets.find(&Key::Resource(resource)).map(|subnet| subnet.id));
        };
        for symbol in &host.told {
            symbol.walk(&mut |part| {
                if let Form::Attribute { resource, .. } = part.form() {
                    name(*resource);
                }
            });
        }
        named
    }
}
