//! Fargate profiles: the subnets in which a cluster's pods run without nodes.

use super::attr::{Attr, Many};
use super::cluster::Cluster;
use super::fields::{Fields, Kind};
use super::id::Id;
use super::vpc::Subnet;

/// A Fargate profile.
#[derive(Debug)]
pub struct FargateProfile {
    /// Its cluster.
    pub cluster: Attr<Id<Cluster>>,
    /// The subnets of its pods.
    pub subnets: Many<Id<Subnet>>,
}

impl Kind for FargateProfile {
    const TERRAFORM: &'static [&'static str] = &["aws_eks_fargate_profile"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EKS::FargateProfile"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            cluster: fields.required_id("cluster_name", "ClusterName"),
            subnets: fields.ids("subnet_ids", "Subnets"),
        }
    }
}
