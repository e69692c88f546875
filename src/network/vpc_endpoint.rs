//! VPC endpoints, and the private names that interface endpoints bring into their VPC.

use crate::graph::Value;
use crate::unknown::{Unknown, Why};

use super::attr::{Attr, Many};
use super::fields::{Context, Fields, Kind, Parse};
use super::id::Id;
use super::name::{Domain, Label, Name};
use super::routing::RouteTable;
use super::security_group::SecurityGroup;
use super::vpc::{Subnet, Vpc};

/// How an endpoint leads to its service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VpcEndpointType {
    /// By routes.
    Gateway,
    /// By network interfaces.
    Interface,
    /// By anything else: gateway load balancers, resources, service networks.
    Other,
}

impl Parse for VpcEndpointType {
    const WANTED: &'static str = "Gateway or Interface";

    fn parse(value: &Value, _: &Context<'_>) -> Option<Self> {
        let Value::String(text) = value else { return None };
        match &**text {
            "Gateway" => Some(Self::Gateway),
            "Interface" => Some(Self::Interface),
            "GatewayLoadBalancer" | "Resource" | "ServiceNetwork" => Some(Self::Other),
            _ => None,
        }
    }
}

/// Terraform takes true and false, CloudFormation words.
struct InboundOnly(bool);

impl Parse for InboundOnly {
    const WANTED: &'static str = "OnlyInboundResolver or AllResolvers";

    fn parse(value: &Value, context: &Context<'_>) -> Option<Self> {
        match value {
            Value::String(text) if &**text == "OnlyInboundResolver" => Some(Self(true)),
            Value::String(text) if matches!(&**text, "AllResolvers" | "NotSpecified") => {
                Some(Self(false))
            }
            other => bool::parse(other, context).map(Self),
        }
    }
}

/// A VPC endpoint.
#[derive(Debug)]
pub struct VpcEndpoint {
    /// The VPC.
    pub vpc: Attr<Id<Vpc>>,
    /// The service's name as written: `com.amazonaws.<region>.sts`.
    pub service: Attr<Option<Domain>>,
    /// How it leads there.
    pub endpoint_type: Attr<VpcEndpointType>,
    /// Whether the service's ordinary names lead to it; what is left out differs by language.
    pub private_dns: Attr<Option<bool>>,
    /// Whether these names are only for queries that come in through an inbound endpoint.
    pub inbound_only: Attr<bool>,
    /// The subnets of its interfaces.
    pub subnets: Many<Id<Subnet>>,
    /// The security groups of its interfaces; without any, the VPC's default group.
    pub groups: Many<Id<SecurityGroup>>,
    /// The route tables that have routes to a gateway endpoint.
    pub tables: Many<Id<RouteTable>>,
    /// Whether it leads to a service of another Region, which is written then.
    pub elsewhere: bool,
}

impl Kind for VpcEndpoint {
    const TERRAFORM: &'static [&'static str] = &["aws_vpc_endpoint"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::VPCEndpoint"];
    const NAMES: &'static [&'static str] = &["vpc_endpoint_id", "Id"];

    fn read(fields: &Fields<'_>) -> Self {
        let options = fields.block("dns_options", "DnsOptions").unwrap_or_else(|| fields.nothing());
        let private_dns = match fields.parse("private_dns_enabled", "PrivateDnsEnabled") {
            // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpoint.html
            Attr::Default(None) if !fields.is_terraform() => Attr::Default(Some(false)),
            written => written,
        };
        Self {
            vpc: fields.required_id("vpc_id", "VpcId"),
            service: fields.parse("service_name", "ServiceName"),
            endpoint_type: fields.or(
                "vpc_endpoint_type",
                "VpcEndpointType",
                VpcEndpointType::Gateway,
            ),
            private_dns,
            inbound_only: options
                .or(
                    "private_dns_only_for_inbound_resolver_endpoint",
                    "PrivateDnsOnlyForInboundResolverEndpoint",
                    InboundOnly(false),
                )
                .map(|InboundOnly(only)| only),
            subnets: fields.ids("subnet_ids", "SubnetIds"),
            groups: fields.ids("security_group_ids", "SecurityGroupIds"),
            tables: fields.ids("route_table_ids", "RouteTableIds"),
            elsewhere: fields.has("service_region", "ServiceRegion"),
        }
    }
}

/// Turns an endpoint's private names on or off, as a resource of its own.
#[derive(Debug)]
pub struct VpcEndpointPrivateDns {
    /// The endpoint.
    pub endpoint: Attr<Id<VpcEndpoint>>,
    /// On or off.
    pub enabled: Attr<bool>,
}

impl Kind for VpcEndpointPrivateDns {
    const TERRAFORM: &'static [&'static str] = &["aws_vpc_endpoint_private_dns"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            endpoint: fields.required_id("vpc_endpoint_id", ""),
            enabled: fields.required("private_dns_enabled", ""),
        }
    }
}

/// Gives a gateway endpoint a route table.
#[derive(Debug)]
pub struct VpcEndpointRouteTable {
    /// The endpoint.
    pub endpoint: Attr<Id<VpcEndpoint>>,
    /// The table.
    pub table: Attr<Id<RouteTable>>,
}

impl Kind for VpcEndpointRouteTable {
    const TERRAFORM: &'static [&'static str] = &["aws_vpc_endpoint_route_table_association"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            endpoint: fields.required_id("vpc_endpoint_id", ""),
            table: fields.required_id("route_table_id", ""),
        }
    }
}

/// Gives an interface endpoint a further subnet.
#[derive(Debug)]
pub struct VpcEndpointSubnet {
    /// The endpoint.
    pub endpoint: Attr<Id<VpcEndpoint>>,
    /// The subnet.
    pub subnet: Attr<Id<Subnet>>,
}

impl Kind for VpcEndpointSubnet {
    const TERRAFORM: &'static [&'static str] = &["aws_vpc_endpoint_subnet_association"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            endpoint: fields.required_id("vpc_endpoint_id", ""),
            subnet: fields.required_id("subnet_id", ""),
        }
    }
}

/// Gives an interface endpoint a further security group, perhaps in place of the default one.
#[derive(Debug)]
pub struct VpcEndpointGroup {
    /// The endpoint.
    pub endpoint: Attr<Id<VpcEndpoint>>,
    /// The group.
    pub group: Attr<Id<SecurityGroup>>,
}

impl Kind for VpcEndpointGroup {
    const TERRAFORM: &'static [&'static str] = &["aws_vpc_endpoint_security_group_association"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            endpoint: fields.required_id("vpc_endpoint_id", ""),
            group: fields.required_id("security_group_id", ""),
        }
    }
}

impl VpcEndpoint {
    /// The ordinary name of its service, for which it has a private zone: the parts of the service's
    /// name in reverse (<https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html>).
    pub fn private_name(&self) -> Result<Name, Unknown> {
        let open = |what: &str| Unknown::new(what, Why::NotEvaluated("its private name".into()));
        let Some(Domain::Name(service)) = self.service.get()? else {
            return Err(open("a VPC endpoint without a service name"));
        };
        let name = service.to_string();
        let text = |label: &str| Label::Text(label.into());
        let is = |label: Option<&Label>, wanted: &str| matches!(label, Some(Label::Text(text)) if **text == *wanted);
        let labels = service.0.as_slice();
        let (china, labels) = match labels {
            [first, rest @ ..] if is(Some(first), "cn") => (true, rest),
            all => (false, all),
        };
        let [com, amazonaws, rest @ ..] = labels else { return Err(open(&name)) };
        if !is(Some(com), "com") || !is(Some(amazonaws), "amazonaws") || is(rest.first(), "vpce") {
            return Err(service.unknown().unwrap_or_else(|| open(&name)));
        }
        let mut own: Vec<Label> = match rest {
            [region, service @ ..] if !service.is_empty() => {
                let auth = is(service.last(), "eks-auth");
                if auth {
                    return Ok(Name(vec![
                        text("eks-auth"),
                        region.clone(),
                        text("api"),
                        text("aws"),
                    ]));
                }
                let mut own: Vec<_> = service.iter().rev().cloned().collect();
                if is(service.first(), "oidc-eks") {
                    own = vec![text("oidc"), text("eks")];
                }
                own.push(region.clone());
                own
            }
            global => global.to_vec(),
        };
        own.extend([text("amazonaws"), text("com")]);
        if china {
            own.push(text("cn"));
        }
        Ok(Name(own))
    }
}
