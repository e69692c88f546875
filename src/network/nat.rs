//! NAT gateways.

use std::sync::Arc;

use super::attr::Attr;
use super::fields::{Fields, Kind};
use super::id::Id;
use super::vpc::Subnet;

/// A NAT gateway.
#[derive(Debug)]
pub struct NatGateway {
    /// Where it stands: it sends on by the table of this subnet.
    pub subnet: Attr<Option<Id<Subnet>>>,
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
            private: connectivity.map(|kind| &*kind == "private"),
        }
    }
}
