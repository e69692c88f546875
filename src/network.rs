//! The network as AWS's nouns, read from a graph once; no language is known beyond this point.

mod addresses;
mod around;
mod attachments;
mod attr;
mod aws_service;
mod block_public_access;
mod cidr;
mod client_vpn;
mod cluster;
mod core_network;
mod core_policy;
mod core_segments;
mod dhcp;
mod direct_connect;
mod endpoint_ties;
mod fargate_profile;
mod fib;
mod fields;
mod firewall;
mod forwarding;
mod gateway_tables;
mod groups;
mod hosts;
mod hybrid;
mod id;
mod internet_gateway;
mod kinds;
mod launch_template;
mod name;
mod nat;
mod network_acl;
mod node_group;
mod nodes;
mod noticed;
mod open;
mod peering;
mod placement;
mod prefix_list;
mod profile;
mod region;
mod resolver;
mod routing;
mod security_group;
mod sharing;
mod tables;
mod ties;
mod transit_gateway;
mod transit_gateway_table;
mod view;
mod vpc;
mod vpc_endpoint;
mod vpn;
mod zone;

use hashbrown::{HashMap, HashSet};
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::graph::{Gap, Graph, Problem};
use crate::unknown::ResourceId;

use forwarding::Forwarding;
use id::Registry;
use kinds::Kinds;
use network_acl::Acls;
use placement::Placement;

pub use addresses::Place;
pub use attr::{Attr, Item, Many, Rest, Tri};
pub use aws_service::AwsService;
pub use block_public_access::{BlockPublicAccess, BlockPublicAccessExclusion, Blocked};
pub use cidr::{Cidr, Family, plus_two};
pub use client_vpn::{ClientVpn, ClientVpnAssociation, ClientVpnAuthorization, ClientVpnRoute};
pub use cluster::Cluster;
pub use core_network::{
    CoreAccepter, CoreAttachment, CoreDocument, CoreNetwork, CorePolicyAttachment, InVpc, Written,
};
pub use core_policy::CorePolicy;
pub use core_segments::CoreNext;
pub use dhcp::{DhcpAssociation, DhcpOptions, NameServer};
pub use direct_connect::{DxAssociation, DxInterface};
pub use fargate_profile::FargateProfile;
pub use fib::{Entry, Fib, Matches, Origin};
pub use fields::{Kind, Parse};
pub use firewall::{
    BlockResponse, FirewallAction, FirewallAssociation, FirewallConfig, FirewallDomainList,
    FirewallRule, FirewallRuleGroup, GroupedFirewallRule,
};
pub use gateway_tables::Next;
pub use groups::Permissions;
pub use hosts::Host;
pub use id::{Declared, Id, Key, Table};
pub use internet_gateway::{InternetGateway, InternetGatewayAttachment};
pub use launch_template::LaunchTemplate;
pub use name::{Domain, Label, Name, Pattern};
pub use nat::NatGateway;
pub use network_acl::{AclRule, AclTable, NetworkAcl, NetworkAclAssociation, NetworkAclEntry};
pub use node_group::NodeGroup;
pub use nodes::{NodeKind, Nodes};
pub use peering::{Peering, PeeringAccepter, PeeringOptions};
pub use prefix_list::{PrefixList, PrefixListEntry};
pub use profile::{Profile, ProfileAssociation, ProfileResource};
pub use region::Region;
pub use resolver::{
    DO53, Destination, EndpointAddress, EndpointDirection, EndpointFamily, ResolverConfig,
    ResolverEndpoint, ResolverRule, Reverse, RuleAssociation, RuleTarget, RuleType,
};
pub use routing::{
    MainRouteTableAssociation, Route, RouteDestination, RouteTable, RouteTableAssociation,
    TableRoute, Target,
};
pub use security_group::{
    Direction, GroupAssociation, Peer, Permission, Protocol, SecurityGroup, SecurityGroupRule,
};
pub use sharing::{Handed, ResourceShare, ShareAccepter, ShareMember, SharePrincipal};
pub use ties::{DnsServers, Tied};
pub use transit_gateway::{
    Attached, TransitGateway, TransitGatewayAccepter, TransitGatewayAttachment,
};
pub use transit_gateway_table::{
    Prefixes, TransitGatewayAssociation, TransitGatewayDefault, TransitGatewayPropagation,
    TransitGatewayRoute, TransitGatewayTable,
};
pub use view::{Acting, Contents, Through, View};
pub use vpc::{Subnet, Vpc, VpcCidr, Zone};
pub use vpc_endpoint::{
    VpcEndpoint, VpcEndpointGroup, VpcEndpointPrivateDns, VpcEndpointRouteTable, VpcEndpointSubnet,
    VpcEndpointType,
};
pub use vpn::{VpnConnection, VpnGateway, VpnGatewayAttachment, VpnPropagation, VpnRoute};
pub use zone::{HostedZone, Namespace, Record, Records, ZoneAssociation, ZoneAuthorization};

/// Everything one root says about its network.
#[derive(Debug)]
pub struct Network {
    /// VPCs.
    pub vpcs: Table<Vpc>,
    /// Further blocks of VPCs.
    pub vpc_cidrs: Table<VpcCidr>,
    /// Subnets.
    pub subnets: Table<Subnet>,
    /// Route tables.
    pub route_tables: Table<RouteTable>,
    /// Routes that are resources of their own.
    pub routes: Table<TableRoute>,
    /// Explicit tables of subnets.
    pub route_table_associations: Table<RouteTableAssociation>,
    /// Main tables of VPCs.
    pub main_route_tables: Table<MainRouteTableAssociation>,
    /// Peering connections.
    pub peerings: Table<Peering>,
    /// Acceptances of peering connections.
    pub peering_accepters: Table<PeeringAccepter>,
    /// Options of peering connections.
    pub peering_options: Table<PeeringOptions>,
    /// NAT gateways.
    pub nat_gateways: Table<NatGateway>,
    /// Internet gateways.
    pub internet_gateways: Table<InternetGateway>,
    /// Which of them are attached to a VPC.
    pub internet_gateway_attachments: Table<InternetGatewayAttachment>,
    /// VPC Block Public Access, by account and Region.
    pub public_access_blocks: Table<BlockPublicAccess>,
    /// What it leaves alone.
    pub public_access_exclusions: Table<BlockPublicAccessExclusion>,
    /// Prefix lists.
    pub prefix_lists: Table<PrefixList>,
    /// Blocks of prefix lists that are resources of their own.
    pub prefix_list_entries: Table<PrefixListEntry>,
    /// Transit gateways.
    pub transit_gateways: Table<TransitGateway>,
    /// What is attached to transit gateways.
    pub attachments: Table<TransitGatewayAttachment>,
    /// Acceptances of attachments.
    pub transit_gateway_accepters: Table<TransitGatewayAccepter>,
    /// Route tables of transit gateways.
    pub transit_gateway_tables: Table<TransitGatewayTable>,
    /// Static routes of transit gateways.
    pub transit_gateway_routes: Table<TransitGatewayRoute>,
    /// Which attachment uses which table.
    pub transit_gateway_associations: Table<TransitGatewayAssociation>,
    /// Which attachment fills which table.
    pub transit_gateway_propagations: Table<TransitGatewayPropagation>,
    /// Other default tables of transit gateways.
    pub transit_gateway_defaults: Table<TransitGatewayDefault>,
    /// Virtual private gateways.
    pub vpn_gateways: Table<VpnGateway>,
    /// Which VPC has which gateway.
    pub vpn_gateway_attachments: Table<VpnGatewayAttachment>,
    /// Tables that take the routes of gateways.
    pub vpn_propagations: Table<VpnPropagation>,
    /// VPN connections.
    pub vpn_connections: Table<VpnConnection>,
    /// Static routes of VPN connections.
    pub vpn_routes: Table<VpnRoute>,
    /// What Direct Connect gateways are associated with.
    pub dx_associations: Table<DxAssociation>,
    /// Virtual interfaces of Direct Connect.
    pub dx_interfaces: Table<DxInterface>,
    /// Core networks of Cloud WAN.
    pub core_networks: Table<CoreNetwork>,
    /// Data sources that write their policies.
    pub core_documents: Table<CoreDocument>,
    /// Which core network has which policy.
    pub core_policies: Table<CorePolicyAttachment>,
    /// What is attached to core networks.
    pub core_attachments: Table<CoreAttachment>,
    /// Acceptances of these attachments.
    pub core_accepters: Table<CoreAccepter>,
    /// Client VPN endpoints.
    pub client_vpns: Table<ClientVpn>,
    /// Interfaces of Client VPN endpoints.
    pub client_vpn_associations: Table<ClientVpnAssociation>,
    /// Routes of Client VPN endpoints.
    pub client_vpn_routes: Table<ClientVpnRoute>,
    /// What the clients of Client VPN endpoints may reach.
    pub client_vpn_authorizations: Table<ClientVpnAuthorization>,
    /// Security groups.
    pub security_groups: Table<SecurityGroup>,
    /// Security group rules that are resources of their own.
    pub security_group_rules: Table<SecurityGroupRule>,
    /// Further VPCs of security groups.
    pub group_associations: Table<GroupAssociation>,
    /// Network ACLs.
    pub network_acls: Table<NetworkAcl>,
    /// Rules of network ACLs that are resources of their own.
    pub network_acl_entries: Table<NetworkAclEntry>,
    /// Which subnet has which network ACL.
    pub network_acl_associations: Table<NetworkAclAssociation>,
    /// DHCP options.
    pub dhcp_options: Table<DhcpOptions>,
    /// Which VPC has which DHCP options.
    pub dhcp_associations: Table<DhcpAssociation>,
    /// Resolver endpoints.
    pub endpoints: Table<ResolverEndpoint>,
    /// Resolver rules.
    pub rules: Table<ResolverRule>,
    /// Which VPC has which rule.
    pub rule_associations: Table<RuleAssociation>,
    /// What the resolvers of VPCs are told of their own rules.
    pub resolver_configs: Table<ResolverConfig>,
    /// Profiles.
    pub profiles: Table<Profile>,
    /// Which VPC has which Profile.
    pub profile_associations: Table<ProfileAssociation>,
    /// What is put into which Profile.
    pub profile_resources: Table<ProfileResource>,
    /// Shares through RAM.
    pub shares: Table<ResourceShare>,
    /// What is put into which share.
    pub share_members: Table<ShareMember>,
    /// Who is let into which share.
    pub share_principals: Table<SharePrincipal>,
    /// Acceptances of shares.
    pub share_accepters: Table<ShareAccepter>,
    /// Lists of names of DNS Firewall.
    pub firewall_lists: Table<FirewallDomainList>,
    /// Groups of DNS Firewall rules.
    pub firewall_groups: Table<FirewallRuleGroup>,
    /// DNS Firewall rules that are resources of their own.
    pub firewall_rules: Table<GroupedFirewallRule>,
    /// Which VPC has which group.
    pub firewall_associations: Table<FirewallAssociation>,
    /// What VPCs do when the firewall does not answer.
    pub firewall_configs: Table<FirewallConfig>,
    /// Hosted zones.
    pub zones: Table<HostedZone>,
    /// Which VPC sees which zone.
    pub zone_associations: Table<ZoneAssociation>,
    /// Which VPC of another account may see which zone.
    pub zone_authorizations: Table<ZoneAuthorization>,
    /// Records.
    pub records: Table<Records>,
    /// Private namespaces of Cloud Map.
    pub namespaces: Table<Namespace>,
    /// VPC endpoints.
    pub vpc_endpoints: Table<VpcEndpoint>,
    /// What turns their private names on or off.
    pub vpc_endpoint_dns: Table<VpcEndpointPrivateDns>,
    /// Further route tables of gateway endpoints.
    pub vpc_endpoint_tables: Table<VpcEndpointRouteTable>,
    /// Further subnets of interface endpoints.
    pub vpc_endpoint_subnets: Table<VpcEndpointSubnet>,
    /// Further security groups of interface endpoints.
    pub vpc_endpoint_groups: Table<VpcEndpointGroup>,
    /// EKS clusters.
    pub clusters: Table<Cluster>,
    /// Managed node groups.
    pub node_groups: Table<NodeGroup>,
    /// Fargate profiles.
    pub fargate_profiles: Table<FargateProfile>,
    /// Launch templates.
    pub launch_templates: Table<LaunchTemplate>,
    /// What the language would refuse.
    pub problems: Vec<Problem>,
    /// What could not be seen.
    pub gaps: Vec<Gap>,
    /// What is handed to outputs and to resources that the model does not hold, and by whom.
    exports: Vec<(Arc<str>, crate::unknown::Symbol)>,
    /// The resources of the graph that the model reads.
    held: HashSet<ResourceId>,
    /// The outputs of unresolved modules that these use.
    used: HashSet<Arc<str>>,
    /// Hosts and services with addresses of their own.
    hosts: Vec<Host>,
    holders: addresses::Holders,
    placement: Placement,
    ties: HashMap<Id<Vpc>, ties::Ties>,
    by_block: ties::ByBlock,
    forwarding: Forwarding,
    acls: Acls,
    is_cloudformation: bool,
    views: HashMap<Id<Vpc>, View>,
}

impl Network {
    /// Reads a graph.
    pub fn new(graph: &Graph) -> Self {
        let registry = Registry::new(graph);
        let mut kinds = Kinds::declare(&registry);
        registry.bring::<Vpc, RouteTable>("main");
        registry.bring::<Vpc, NetworkAcl>(network_acl::DEFAULT);
        registry.bring::<Cluster, SecurityGroup>("cluster");
        registry.bring::<Vpc, SecurityGroup>("default");
        registry.bring::<TransitGateway, TransitGatewayTable>(transit_gateway_table::DEFAULT);
        registry.bring::<VpnConnection, TransitGatewayAttachment>(transit_gateway::ATTACHMENT);
        registry.bring::<DxAssociation, TransitGatewayAttachment>(transit_gateway::ATTACHMENT);
        kinds.read(&registry);
        let mut network = kinds.into_network(&registry);
        network.placement = Placement::of(&network);
        network.locate();
        network.holders = network.find_holders();
        network.ties = network.tie_all();
        network.by_block = network.block_all();
        network.views = network.view_all();
        network.forwarding = Forwarding::of(&network);
        network.acls = Acls::of(&network);
        network
    }

    /// Puts the declared subnet in place of one that is only named, where the address of an interface
    /// lies in it.
    fn locate(&mut self) {
        let found = self.placement.by_address(self);
        for endpoint in self.endpoints.iter_mut() {
            for address in endpoint.it.addresses.known_mut() {
                if let Attr::Set(subnet, _) = &mut address.subnet
                    && let Some(declared) = found.get(subnet)
                {
                    *subnet = *declared;
                }
            }
        }
    }

    /// Whether resources of a type are read at all.
    pub fn reads(kind: &str) -> bool {
        Kinds::hold(kind)
    }

    /// The attributes that are read of a resource, whether or not it has them; `None` where all of it is.
    pub fn attributes(graph: &Graph, resource: ResourceId) -> Option<BTreeSet<String>> {
        let registry = Registry::new(graph);
        let _declared = Kinds::declare(&registry);
        Kinds::attributes(&registry, resource)
    }
}
