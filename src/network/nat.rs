//! NAT gateways.

use std::sync::Arc;

use crate::graph::Value;
use crate::unknown::Form;

use super::attr::Attr;
use super::fields::{Fields, Kind};
use super::id::Id;
use super::vpc::Subnet;

/// A NAT gateway.
#[derive(Debug)]
pub struct NatGateway {
    /// Where it stands: it sends on by the table of this subnet.
    pub subnet: Attr<Option<Id<Subnet>>>,
    /// Its public address is one that this code lets AWS choose.
    pub new_address: bool,
    /// It translates to private addresses, for other private networks.
    pub private: Attr<bool>,
}

impl Kind for NatGateway {
    const TERRAFORM: &'static [&'static str] = &["aws_nat_gateway"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::NatGateway"];
    const NAMES: &'static [&'static str] = &["NatGatewayId"];

    fn read(fields: &Fields<'_>) -> Self {
        let public: Arc<str> = "public".into();
        let connectivity = fields.or("connectivity_type", "ConnectivityType", public);
        Self {
            subnet: fields.id("subnet_id", "SubnetId"),
            new_address: fields.node("allocation_id", "AllocationId").is_some_and(|node| {
                let Value::Unknown(symbol) = &node.value else { return false };
                matches!(symbol.form(), Form::Attribute { data: false, .. })
            }),
            private: connectivity.map(|kind| &*kind == "private"),
        }
    }
}
