//! Every kind in one order: declared, read and put into its table.

use hashbrown::{HashMap, HashSet};
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use crate::graph::{Graph, Language, Mode};
use crate::source::Span;
use crate::unknown::{ResourceId, Unknown, Why};

use super::fields::{Asked, Context, Fields};
use super::id::{Entries, Registry};
#[allow(clippy::wildcard_imports, reason = "every kind is named once, in the list below")]
use super::*;

/// Declares, reads and tables every kind in the same order; a new kind is one line below, and its field in `Network`.
macro_rules! kinds {
    ($($field:ident: $kind:ty,)*) => {
        #[derive(Default)]
        pub(super) struct Kinds { $($field: Vec<$kind>,)* }

        impl Kinds {
            pub(super) fn declare(registry: &Registry<'_>) -> Self {
                $(registry.declare::<$kind>();)*
                Self::default()
            }

            /// Whether resources of a type are read at all.
            pub(super) fn hold(kind: &str) -> bool {
                static HELD: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
                    let types = [$(<$kind>::TERRAFORM, <$kind>::CLOUDFORMATION,)*];
                    types.into_iter().flatten().copied().collect()
                });
                HELD.contains(kind)
            }

            /// The attributes that its kinds read of a resource; `None` where one takes it as a whole.
            pub(super) fn attributes(
                registry: &Registry<'_>,
                resource: ResourceId,
            ) -> Option<BTreeSet<String>> {
                let asked = Asked::new(Some(BTreeSet::new()));
                let kind = &registry.graph.resource(resource).kind;
                $(if <$kind>::is(kind) {
                    ask::<$kind>(registry, resource, &asked);
                })*
                asked.into_inner()
            }

            pub(super) fn read(&mut self, registry: &Registry<'_>) {
                $(self.$field = read_declared(registry);)*
            }

            pub(super) fn into_network(self, registry: &Registry<'_>) -> Network {
                Network {
                    $($field: table(registry, self.$field),)*
                    problems: registry.graph.problems.clone(),
                    gaps: registry.graph.gaps.clone(),
                    exports: around::exported(registry.graph),
                    held: around::held(registry.graph).map(|(id, _)| id).collect(),
                    used: around::used(registry.graph),
                    hosts: hosts::all(registry.graph),
                    holders: HashMap::new(),
                    placement: Placement::default(),
                    ties: HashMap::new(),
                    by_block: HashMap::new(),
                    forwarding: Forwarding::default(),
                    acls: Acls::default(),
                    is_cloudformation: registry.graph.language == Language::CloudFormation,
                    views: HashMap::new(),
                }
            }
        }
    };
}

kinds! {
    vpcs: Vpc,
    vpc_cidrs: VpcCidr,
    subnets: Subnet,
    route_tables: RouteTable,
    routes: TableRoute,
    route_table_associations: RouteTableAssociation,
    main_route_tables: MainRouteTableAssociation,
    peerings: Peering,
    peering_accepters: PeeringAccepter,
    peering_options: PeeringOptions,
    nat_gateways: NatGateway,
    internet_gateways: InternetGateway,
    internet_gateway_attachments: InternetGatewayAttachment,
    public_access_blocks: BlockPublicAccess,
    public_access_exclusions: BlockPublicAccessExclusion,
    prefix_lists: PrefixList,
    prefix_list_entries: PrefixListEntry,
    transit_gateways: TransitGateway,
    attachments: TransitGatewayAttachment,
    transit_gateway_accepters: TransitGatewayAccepter,
    transit_gateway_tables: TransitGatewayTable,
    transit_gateway_routes: TransitGatewayRoute,
    transit_gateway_associations: TransitGatewayAssociation,
    transit_gateway_propagations: TransitGatewayPropagation,
    transit_gateway_defaults: TransitGatewayDefault,
    vpn_gateways: VpnGateway,
    vpn_gateway_attachments: VpnGatewayAttachment,
    vpn_propagations: VpnPropagation,
    vpn_connections: VpnConnection,
    vpn_routes: VpnRoute,
    dx_associations: DxAssociation,
    dx_interfaces: DxInterface,
    core_networks: CoreNetwork,
    core_documents: CoreDocument,
    core_policies: CorePolicyAttachment,
    core_attachments: CoreAttachment,
    core_accepters: CoreAccepter,
    client_vpns: ClientVpn,
    client_vpn_associations: ClientVpnAssociation,
    client_vpn_routes: ClientVpnRoute,
    client_vpn_authorizations: ClientVpnAuthorization,
    security_groups: SecurityGroup,
    security_group_rules: SecurityGroupRule,
    group_associations: GroupAssociation,
    network_acls: NetworkAcl,
    network_acl_entries: NetworkAclEntry,
    network_acl_associations: NetworkAclAssociation,
    dhcp_options: DhcpOptions,
    dhcp_associations: DhcpAssociation,
    endpoints: ResolverEndpoint,
    rules: ResolverRule,
    rule_associations: RuleAssociation,
    resolver_configs: ResolverConfig,
    profiles: Profile,
    profile_associations: ProfileAssociation,
    profile_resources: ProfileResource,
    shares: ResourceShare,
    share_members: ShareMember,
    share_principals: SharePrincipal,
    share_accepters: ShareAccepter,
    firewall_lists: FirewallDomainList,
    firewall_groups: FirewallRuleGroup,
    firewall_rules: GroupedFirewallRule,
    firewall_associations: FirewallAssociation,
    firewall_configs: FirewallConfig,
    zones: HostedZone,
    zone_associations: ZoneAssociation,
    zone_authorizations: ZoneAuthorization,
    records: Records,
    namespaces: Namespace,
    vpc_endpoints: VpcEndpoint,
    vpc_endpoint_dns: VpcEndpointPrivateDns,
    vpc_endpoint_tables: VpcEndpointRouteTable,
    vpc_endpoint_subnets: VpcEndpointSubnet,
    vpc_endpoint_groups: VpcEndpointGroup,
    clusters: Cluster,
    node_groups: NodeGroup,
    fargate_profiles: FargateProfile,
    launch_templates: LaunchTemplate,
}

/// Notes the attributes that a kind reads of a resource.
fn ask<K: Kind>(registry: &Registry<'_>, id: ResourceId, asked: &Asked) {
    let fields = Fields::of(Context { registry }, registry.graph.resource(id), None).noted(asked);
    K::read(&fields);
    let (terraform, cloudformation) = K::CALLED;
    fields.has(terraform, cloudformation);
}

/// Reads the fields of the declared resources of a kind, in the order in which they were declared.
fn read_declared<K: Kind>(registry: &Registry<'_>) -> Vec<K> {
    let context = Context { registry };
    let declared = registry.declared::<K>();
    declared
        .into_iter()
        .map(|id| {
            let resource = registry.graph.resource(id);
            let open = Unknown::new(Arc::clone(&resource.address), Why::ReadAtApply);
            K::read(&Fields::of(context, resource, Some(&open)))
        })
        .collect()
}

fn table<K: Kind>(registry: &Registry<'_>, declared: Vec<K>) -> Table<K> {
    let Entries { order, aliases, .. } = registry.entries::<K>();
    let mut table = Table::default();
    let mut declared = declared.into_iter();
    for (key, span) in order {
        let name = name_of(registry.graph, &key);
        table.push(key.clone(), |id| match (declared.next(), &key) {
            (Some(it), Key::Resource(resource)) => {
                let resource = registry.graph.resource(*resource);
                Declared {
                    id,
                    key,
                    name,
                    span,
                    managed: resource.mode == Mode::Managed,
                    exists: resource.exists.clone(),
                    region: name::region_label(&resource.region, &Context { registry }),
                    account: Arc::clone(&resource.account),
                    it,
                }
            }
            _ => named(registry, id, key, name, span),
        });
    }
    for (key, position) in aliases {
        table.alias(key, position);
    }
    table
}

/// A thing that the code names and does not declare, or that another resource brings along.
fn named<K: Kind>(
    registry: &Registry<'_>,
    id: Id<K>,
    key: Key,
    name: Arc<str>,
    span: Span,
) -> Declared<K> {
    let open = match &key {
        Key::Symbol(symbol) => symbol.unknown(),
        _ => Unknown::new(Arc::clone(&name), Why::ReadAtApply),
    };
    let owner = match &key {
        Key::Derived(resource, role) => Some((registry.graph.resource(*resource), *role)),
        _ => None,
    };
    let derived = owner
        .filter(|(resource, _)| resource.mode == Mode::Managed)
        .and_then(|(_, role)| K::derived(role));
    Declared {
        id,
        key,
        name,
        span,
        managed: derived.is_some(),
        exists: Ok(()),
        region: owner
            .and_then(|(resource, _)| name::region_label(&resource.region, &Context { registry })),
        account: owner.map_or_else(|| "".into(), |(resource, _)| Arc::clone(&resource.account)),
        it: derived.unwrap_or_else(|| K::read(&Fields::unread(Context { registry }, span, &open))),
    }
}

fn name_of(graph: &Graph, key: &Key) -> Arc<str> {
    match key {
        Key::Resource(resource) => Arc::clone(&graph.resource(*resource).address),
        Key::Derived(resource, role) => {
            let address = &graph.resource(*resource).address;
            match *role {
                "cluster" => format!("the cluster security group of {address}"),
                "default" => format!("the default security group of {address}"),
                "main" => format!("the main route table of {address}"),
                "vpc" => format!("the VPC of {address}"),
                other => format!("the {other} of {address}"),
            }
            .into()
        }
        Key::Symbol(symbol) => symbol.to_string().into(),
        Key::Literal(text) => Arc::clone(text),
    }
}
