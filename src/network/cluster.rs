//! EKS clusters: the endpoint that everything is about.

use std::sync::Arc;

use super::attr::{Attr, Many, Tri};
use super::cidr::Cidr;
use super::fields::{Fields, Kind};
use super::id::Id;
use super::security_group::SecurityGroup;
use super::vpc::Subnet;

/// An EKS cluster.
#[derive(Debug)]
pub struct Cluster {
    /// The subnets of its network interfaces.
    pub subnets: Many<Id<Subnet>>,
    /// Further security groups of these interfaces, beside the one that EKS makes.
    pub groups: Many<Id<SecurityGroup>>,
    /// `endpointPrivateAccess`, by default off.
    pub private_access: Attr<bool>,
    /// `endpointPublicAccess`, by default on.
    pub public_access: Attr<bool>,
    /// Whom the public endpoint admits; none means everybody.
    pub public_cidrs: Many<Cidr>,
    /// The address family; `ipv6` clusters have names under `api.aws`.
    pub ip_family: Attr<Option<Arc<str>>>,
    /// Whether it is a local cluster on an Outpost.
    pub on_outpost: Tri,
    /// The networks of hybrid nodes and their pods, outside AWS.
    pub remote: Many<Cidr>,
}

impl Kind for Cluster {
    const TERRAFORM: &'static [&'static str] = &["aws_eks_cluster"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EKS::Cluster"];
    const NAMES: &'static [&'static str] = &["name", "cluster_id", "Name"];
    const CALLED: (&'static str, &'static str) = ("name", "Name");

    fn read(fields: &Fields<'_>) -> Self {
        let vpc = fields.blocks("vpc_config", "ResourcesVpcConfig");
        let open = vpc.open();
        let block = vpc.items.into_iter().find_map(|item| item.value.ok());
        let config = block.unwrap_or_else(|| fields.nothing());
        let network = fields
            .block("kubernetes_network_config", "KubernetesNetworkConfig")
            .unwrap_or_else(|| fields.nothing());
        let outpost = fields.blocks("outpost_config", "OutpostConfig");
        let flag = |terraform, cloudformation, default| match (&open, &block) {
            (Some(unknown), None) => Attr::Unknown(unknown.clone(), None),
            _ => config.or(terraform, cloudformation, default),
        };
        Self {
            subnets: match (&open, &block) {
                (Some(unknown), None) => Many::unknown(unknown.clone()),
                _ => config.ids("subnet_ids", "SubnetIds"),
            },
            groups: config.ids("security_group_ids", "SecurityGroupIds"),
            // https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html
            private_access: flag("endpoint_private_access", "EndpointPrivateAccess", false),
            public_access: flag("endpoint_public_access", "EndpointPublicAccess", true),
            public_cidrs: config.list("public_access_cidrs", "PublicAccessCidrs"),
            ip_family: network.parse("ip_family", "IpFamily"),
            on_outpost: match (outpost.items.is_empty(), &outpost.rest) {
                (false, _) => Tri::Yes,
                (true, Some(rest)) if fields.has("outpost_config", "OutpostConfig") => {
                    Tri::Maybe(rest.unknown.clone())
                }
                (true, _) => Tri::No,
            },
            remote: remote(fields),
        }
    }
}

/// The blocks of `remote_network_config`
/// (<https://docs.aws.amazon.com/eks/latest/userguide/hybrid-nodes-networking.html>).
fn remote(fields: &Fields<'_>) -> Many<Cidr> {
    let config = fields.blocks("remote_network_config", "RemoteNetworkConfig");
    let mut all = Many { items: Vec::new(), rest: config.rest };
    for config in config.items.into_iter().filter_map(|item| item.value.ok()) {
        let nodes = config.blocks("remote_node_networks", "RemoteNodeNetworks");
        let pods = config.blocks("remote_pod_networks", "RemotePodNetworks");
        for networks in [nodes, pods] {
            all.rest = all.rest.or(networks.rest);
            for block in networks.items.into_iter().filter_map(|item| item.value.ok()) {
                let cidrs: Many<Cidr> = block.list("cidrs", "Cidrs");
                all.items.extend(cidrs.items);
                all.rest = all.rest.or(cidrs.rest);
            }
        }
    }
    all
}
