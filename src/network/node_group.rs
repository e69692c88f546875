//! Managed node groups: the subnets in which a cluster's nodes are.

use std::sync::Arc;

use super::attr::{Attr, Item, Many};
use super::cluster::Cluster;
use super::fields::{Fields, Kind};
use super::id::Id;
use super::launch_template::LaunchTemplate;
use super::vpc::Subnet;

/// A managed node group.
#[derive(Debug)]
pub struct NodeGroup {
    /// Its cluster.
    pub cluster: Attr<Id<Cluster>>,
    /// The subnets of its nodes.
    pub subnets: Many<Id<Subnet>>,
    /// The image: `AL2023_x86_64_STANDARD`, `BOTTLEROCKET_x86_64`, `CUSTOM` and so on.
    pub image: Attr<Option<Arc<str>>>,
    /// The launch template, where it has one of its own.
    pub template: Many<Id<LaunchTemplate>>,
}

impl Kind for NodeGroup {
    const TERRAFORM: &'static [&'static str] = &["aws_eks_node_group"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EKS::Nodegroup"];

    fn read(fields: &Fields<'_>) -> Self {
        let blocks = fields.blocks("launch_template", "LaunchTemplate");
        let template = |item: Item<Fields<'_>>| {
            let named = item.value.and_then(|block| match block.id::<LaunchTemplate>("id", "Id") {
                Attr::Default(None) => block.required_id("name", "Name").get().copied(),
                _ => block.required_id("id", "Id").get().copied(),
            });
            Item { value: named, span: item.span }
        };
        let items = blocks.items.into_iter().map(template).collect();
        Self {
            cluster: fields.required_id("cluster_name", "ClusterName"),
            subnets: fields.ids("subnet_ids", "Subnets"),
            image: fields.parse("ami_type", "AmiType"),
            template: Many { items, rest: blocks.rest },
        }
    }
}
