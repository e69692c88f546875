//! Internet gateways.

use crate::unknown::{Unknown, Why};

use super::attr::Attr;
use super::fields::{Fields, Kind};
use super::id::Id;
use super::vpc::Vpc;
use super::{Network, Tri};

/// An internet gateway.
#[derive(Debug)]
pub struct InternetGateway {
    /// The VPC that it is attached to, if it says so itself.
    pub vpc: Attr<Option<Id<Vpc>>>,
}

impl Kind for InternetGateway {
    const TERRAFORM: &'static [&'static str] = &["aws_internet_gateway"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::InternetGateway"];
    const NAMES: &'static [&'static str] = &["InternetGatewayId"];

    fn read(fields: &Fields<'_>) -> Self {
        Self { vpc: fields.id("vpc_id", "") }
    }
}

/// Attaches an internet gateway to a VPC; in CloudFormation also a virtual private gateway.
#[derive(Debug)]
pub struct InternetGatewayAttachment {
    /// The gateway; absent where it is a virtual private gateway.
    pub gateway: Attr<Option<Id<InternetGateway>>>,
}

impl Kind for InternetGatewayAttachment {
    const TERRAFORM: &'static [&'static str] = &["aws_internet_gateway_attachment"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::VPCGatewayAttachment"];

    fn read(fields: &Fields<'_>) -> Self {
        Self { gateway: fields.id("internet_gateway_id", "InternetGatewayId") }
    }
}

impl Network {
    /// Whether an internet gateway is attached. AWS takes no route to one that is not, so that it is left open where
    /// nothing in the code attaches it
    /// (<https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html>).
    pub fn is_attached(&self, id: Id<InternetGateway>) -> Tri {
        let gateway = &self.internet_gateways[id];
        let itself = !gateway.managed || !matches!(gateway.vpc.get(), Ok(None));
        let apart =
            self.internet_gateway_attachments.iter().filter_map(|one| match one.gateway.get() {
                Ok(Some(own)) if *own == gateway.id => Some(one.exists.clone()),
                Ok(_) => None,
                Err(unknown) => Some(Err(unknown)),
            });
        let apart = apart.map(|one| one.map_or_else(Tri::Maybe, |()| Tri::Yes));
        let elsewhere =
            Unknown::new(format!("the attachment of {}", gateway.name), Why::ReadAtApply);
        Tri::any(apart.chain([itself.into(), Tri::Maybe(elsewhere)]))
    }
}
