//! Direct Connect gateways: what they are associated with, and which blocks they announce.

use super::Network;
use super::attr::{Attr, Many};
use super::cidr::Cidr;
use super::fields::{Fields, Kind};
use super::id::{Declared, Id, Key};
use super::transit_gateway::{TransitGateway, TransitGatewayAttachment};
use super::vpn::VpnGateway;

/// Joins a Direct Connect gateway with a gateway of VPCs.
#[derive(Debug)]
pub struct DxAssociation {
    /// The virtual private gateway, if it is one.
    pub vpn_gateway: Attr<Option<Id<VpnGateway>>>,
    /// The transit gateway, if it is one.
    pub transit_gateway: Attr<Option<Id<TransitGateway>>>,
    /// What is announced to the other side; for a virtual private gateway by default the VPC's blocks
    /// (<https://docs.aws.amazon.com/directconnect/latest/UserGuide/allowed-to-prefixes.html>).
    pub allowed_prefixes: Many<Cidr>,
}

impl Kind for DxAssociation {
    const TERRAFORM: &'static [&'static str] = &["aws_dx_gateway_association"];
    const CLOUDFORMATION: &'static [&'static str] =
        &["AWS::DirectConnect::DirectConnectGatewayAssociation"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            vpn_gateway: fields.id_of_kind("associated_gateway_id", "AssociatedGatewayId"),
            transit_gateway: fields.id_of_kind("associated_gateway_id", "AssociatedGatewayId"),
            allowed_prefixes: fields
                .list("allowed_prefixes", "AllowedPrefixesToDirectConnectGateway"),
        }
    }
}

/// A private virtual interface that ends at a virtual private gateway.
#[derive(Debug)]
pub struct DxInterface {
    /// The gateway; absent where it ends at a Direct Connect gateway.
    pub vpn_gateway: Attr<Option<Id<VpnGateway>>>,
}

impl Kind for DxInterface {
    const TERRAFORM: &'static [&'static str] =
        &["aws_dx_private_virtual_interface", "aws_dx_hosted_private_virtual_interface_accepter"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self { vpn_gateway: fields.id("vpn_gateway_id", "") }
    }
}

impl Network {
    /// The association of a Direct Connect gateway that brings an attachment along.
    pub fn dx_association_of(
        &self,
        id: Id<TransitGatewayAttachment>,
    ) -> Option<&Declared<DxAssociation>> {
        match self.attachments[id].key {
            Key::Derived(owner, _) => self.dx_associations.find(&Key::Resource(owner)),
            _ => None,
        }
    }
}
