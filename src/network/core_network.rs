//! Cloud WAN: core networks, and what is attached to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::graph::{Node, Value};
use crate::unknown::{Form, Operand, Unknown, Why};

use super::attr::{Attr, Item, Many};
use super::core_policy::CorePolicy;
use super::fields::{Fields, Kind};
use super::id::Id;
use super::vpc::{Subnet, Vpc};

/// A core network.
#[derive(Debug)]
pub struct CoreNetwork {
    /// Its policy, where it is written inside.
    pub policy: Attr<Option<Written>>,
}

/// A policy as it is written: itself, or the data source that writes it.
#[derive(Debug, Clone)]
pub enum Written {
    /// Itself.
    Here(Result<CorePolicy, Unknown>),
    /// By a data source.
    By(Id<CoreDocument>),
}

fn written(fields: &Fields<'_>, terraform: &str, cloudformation: &str) -> Attr<Option<Written>> {
    let Some(node) = fields.node(terraform, cloudformation) else {
        return fields.parse::<bool>(terraform, cloudformation).map(|_| None);
    };
    let document = fields.id_of_kind::<CoreDocument>(terraform, cloudformation);
    let written = match document {
        Attr::Set(Some(document), _) => Written::By(document),
        _ => Written::Here(CorePolicy::read(&node.value, node.span)),
    };
    Attr::Set(Some(written), node.span)
}

impl Kind for CoreNetwork {
    const TERRAFORM: &'static [&'static str] = &["aws_networkmanager_core_network"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::NetworkManager::CoreNetwork"];
    const NAMES: &'static [&'static str] = &["CoreNetworkId", "CoreNetworkArn"];

    fn read(fields: &Fields<'_>) -> Self {
        Self { policy: written(fields, "base_policy_document", "PolicyDocument") }
    }
}

/// The data source that writes a policy.
#[derive(Debug)]
pub struct CoreDocument {
    /// What it writes.
    pub policy: Result<CorePolicy, Unknown>,
}

impl Kind for CoreDocument {
    const TERRAFORM: &'static [&'static str] = &["aws_networkmanager_core_network_policy_document"];
    const CLOUDFORMATION: &'static [&'static str] = &[];
    const NAMES: &'static [&'static str] = &["json"];

    fn read(fields: &Fields<'_>) -> Self {
        let unread = || Unknown::new("a core network policy", Why::ReadAtApply);
        let whole = fields.whole().ok_or_else(unread);
        Self { policy: whole.and_then(|value| CorePolicy::read(&value, fields.span)) }
    }
}

/// Gives a core network its policy.
#[derive(Debug)]
pub struct CorePolicyAttachment {
    /// The core network.
    pub core: Attr<Id<CoreNetwork>>,
    /// The policy.
    pub policy: Attr<Option<Written>>,
}

impl Kind for CorePolicyAttachment {
    const TERRAFORM: &'static [&'static str] =
        &["aws_networkmanager_core_network_policy_attachment"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            core: fields.required_id("core_network_id", ""),
            policy: written(fields, "policy_document", ""),
        }
    }
}

/// A VPC, and the subnets of an attachment's interfaces there.
pub type InVpc = (Attr<Id<Vpc>>, Many<Id<Subnet>>);

/// An attachment to a core network.
#[derive(Debug)]
pub struct CoreAttachment {
    /// The core network.
    pub core: Attr<Id<CoreNetwork>>,
    /// The VPC with the subnets of its interfaces; `None` for what leads out of AWS.
    pub vpc: Option<InVpc>,
    /// What a policy calls its type.
    pub kind: &'static str,
    /// Its tags, by which a policy gives it to a segment.
    pub tags: Result<BTreeMap<Arc<str>, Arc<str>>, Unknown>,
}

const KINDS: [(&str, &str, &str); 5] = [
    ("aws_networkmanager_vpc_attachment", "AWS::NetworkManager::VpcAttachment", "vpc"),
    (
        "aws_networkmanager_site_to_site_vpn_attachment",
        "AWS::NetworkManager::SiteToSiteVpnAttachment",
        "site-to-site-vpn",
    ),
    ("aws_networkmanager_connect_attachment", "AWS::NetworkManager::ConnectAttachment", "connect"),
    (
        "aws_networkmanager_dx_gateway_attachment",
        "AWS::NetworkManager::DirectConnectGatewayAttachment",
        "direct-connect-gateway",
    ),
    (
        "aws_networkmanager_transit_gateway_route_table_attachment",
        "AWS::NetworkManager::TransitGatewayRouteTableAttachment",
        "transit-gateway-route-table",
    ),
];

impl Kind for CoreAttachment {
    const TERRAFORM: &'static [&'static str] =
        &[KINDS[0].0, KINDS[1].0, KINDS[2].0, KINDS[3].0, KINDS[4].0];
    const CLOUDFORMATION: &'static [&'static str] =
        &[KINDS[0].1, KINDS[1].1, KINDS[2].1, KINDS[3].1, KINDS[4].1];
    const NAMES: &'static [&'static str] = &["AttachmentId", "attachment_id"];

    fn read(fields: &Fields<'_>) -> Self {
        let of = |(terraform, cloudformation, _): &&(&str, &str, &str)| {
            fields.kind == *terraform || fields.kind == *cloudformation
        };
        let kind = KINDS.iter().find(of).map_or(KINDS[0].2, |(.., kind)| kind);
        let vpc = (kind == KINDS[0].2).then(|| (by_arn(fields), by_arns(fields)));
        Self {
            core: fields.required_id("core_network_id", "CoreNetworkId"),
            vpc,
            kind,
            tags: tags(fields),
        }
    }
}

/// The thing whose ARN is written; CloudFormation has no ARN of VPCs and subnets, and people put it
/// together from the id.
fn behind<K: Kind>(fields: &Fields<'_>, node: &Node) -> Result<Id<K>, Unknown> {
    let mut value = node.value.clone();
    if let Value::Unknown(symbol) = &node.value
        && let Form::Call { function, operands } = symbol.form()
        && &**function == "template"
        && let Some(Operand::Symbol(id)) = operands.last()
    {
        value = Value::Unknown(id.clone());
    }
    let registry = fields.context.registry;
    let key = registry.key::<K>(&value);
    let none = || Unknown::new("an ARN", Why::Invalid("it names nothing".into()));
    key.map(|key| registry.intern(&key, node.span)).ok_or_else(none)
}

fn by_arn(fields: &Fields<'_>) -> Attr<Id<Vpc>> {
    match fields.node("vpc_arn", "VpcArn") {
        Some(node) => match behind(fields, node) {
            Ok(vpc) => Attr::Set(vpc, node.span),
            Err(unknown) => Attr::Unknown(unknown, Some(node.span)),
        },
        None => fields.required_id("vpc_arn", "VpcArn"),
    }
}

fn by_arns(fields: &Fields<'_>) -> Many<Id<Subnet>> {
    match fields.node("subnet_arns", "SubnetArns").map(|node| &node.value) {
        Some(Value::List { items, rest: None }) => {
            let item = |node: &Node| Item { value: behind(fields, node), span: node.span };
            Many { items: items.iter().map(item).collect(), rest: None }
        }
        _ => fields.ids("subnet_arns", "SubnetArns"),
    }
}

fn tags(fields: &Fields<'_>) -> Result<BTreeMap<Arc<str>, Arc<str>>, Unknown> {
    let mut tags = BTreeMap::new();
    let mut add = |key: &Arc<str>, value: &Value| match value {
        Value::String(text) => {
            tags.insert(Arc::clone(key), Arc::clone(text));
            Ok(())
        }
        Value::Unknown(symbol) => Err(symbol.unknown()),
        _ => Ok(()),
    };
    match fields.node("tags", "Tags").map(|node| &node.value) {
        Some(Value::Map(map)) => {
            map.entries.iter().try_for_each(|(key, node)| add(key, &node.value))?;
        }
        Some(Value::List { items, .. }) => {
            for node in items.iter() {
                let Value::Map(map) = &node.value else { continue };
                let text = |name: &str| map.entries.get(name).map(|node| &node.value);
                if let (Some(Value::String(key)), Some(value)) = (text("Key"), text("Value")) {
                    add(key, value)?;
                }
            }
        }
        Some(Value::Unknown(symbol)) => return Err(symbol.unknown()),
        _ => {}
    }
    Ok(tags)
}

/// Accepts an attachment.
#[derive(Debug)]
pub struct CoreAccepter {
    /// The attachment.
    pub attachment: Attr<Id<CoreAttachment>>,
}

impl Kind for CoreAccepter {
    const TERRAFORM: &'static [&'static str] = &["aws_networkmanager_attachment_accepter"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self { attachment: fields.required_id("attachment_id", "") }
    }
}
