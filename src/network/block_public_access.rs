//! VPC Block Public Access: a switch of a Region that takes internet gateways away, and its exclusions
//! (<https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html>).

use crate::graph::Value;
use crate::unknown::Unknown;

use super::Network;
use super::attr::{Attr, Tri};
use super::fields::{Context, Fields, Kind, Parse};
use super::id::{Declared, Id};
use super::vpc::{Subnet, Vpc};

/// What is kept from the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocked {
    /// Nothing.
    Nothing,
    /// What comes in: only NAT and egress-only gateways go on working.
    Ingress,
    /// Everything.
    Bidirectional,
}

impl Parse for Blocked {
    const WANTED: &'static str = "off, block-ingress or block-bidirectional";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        let Value::String(text) = value else { return None };
        match &**text {
            "off" => Some(Self::Nothing),
            "block-ingress" => Some(Self::Ingress),
            "block-bidirectional" => Some(Self::Bidirectional),
            _ => None,
        }
    }
}

/// The switch of an account in a Region.
#[derive(Debug)]
pub struct BlockPublicAccess {
    /// What it blocks.
    pub mode: Attr<Blocked>,
}

impl Kind for BlockPublicAccess {
    const TERRAFORM: &'static [&'static str] = &["aws_vpc_block_public_access_options"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::VPCBlockPublicAccessOptions"];

    fn read(fields: &Fields<'_>) -> Self {
        Self { mode: fields.required("internet_gateway_block_mode", "InternetGatewayBlockMode") }
    }
}

/// Whom the switch leaves alone, wholly or for what goes out.
#[derive(Debug)]
pub struct BlockPublicAccessExclusion {
    /// A VPC with all its subnets.
    pub vpc: Attr<Option<Id<Vpc>>>,
    /// Or one subnet.
    pub subnet: Attr<Option<Id<Subnet>>>,
}

impl Kind for BlockPublicAccessExclusion {
    const TERRAFORM: &'static [&'static str] = &["aws_vpc_block_public_access_exclusion"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::VPCBlockPublicAccessExclusion"];

    fn read(fields: &Fields<'_>) -> Self {
        Self { vpc: fields.id("vpc_id", "VpcId"), subnet: fields.id("subnet_id", "SubnetId") }
    }
}

impl Network {
    /// What of a subnet is kept from the internet.
    pub fn blocks_public_access(&self, subnet: Id<Subnet>) -> Result<Blocked, Unknown> {
        let vpc = self.vpc(self.vpc_of_subnet(subnet)?);
        let own = |one: &&Declared<BlockPublicAccess>| {
            one.managed && one.account == vpc.account && one.region == vpc.region
        };
        let Some(switch) = self.public_access_blocks.iter().find(own) else {
            return Ok(Blocked::Nothing);
        };
        switch.exists.clone()?;
        let mode = *switch.mode.get()?;
        let excluded = self.public_access_exclusions.iter().map(|one| {
            let there = one.exists.clone().map_or_else(Tri::Maybe, |()| Tri::Yes);
            let of_vpc = match one.vpc.get() {
                Ok(Some(other)) => self.same_vpc(*other, vpc.id),
                Ok(None) => Tri::No,
                Err(unknown) => Tri::Maybe(unknown),
            };
            let of_subnet = match one.subnet.get() {
                Ok(Some(other)) => self.same(&self.subnets[*other], &self.subnets[subnet]),
                Ok(None) => Tri::No,
                Err(unknown) => Tri::Maybe(unknown),
            };
            Tri::all([there, Tri::any([of_vpc, of_subnet])])
        });
        match Tri::any(excluded) {
            Tri::Yes => Ok(Blocked::Nothing),
            Tri::No => Ok(mode),
            Tri::Maybe(unknown) => Err(unknown),
        }
    }
}
