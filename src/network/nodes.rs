//! Where the nodes of clusters are, and what the code tells of how they are set up.

use std::sync::Arc;

use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::id::{Declared, Id, Key};
use super::{Cluster, Many, Network, NodeGroup, SecurityGroup, Subnet, Tied};

/// How a cluster's pods are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// On instances of a managed node group.
    Group,
    /// By Fargate.
    Fargate,
}

/// Nodes that the code gives to a cluster.
#[derive(Debug, Clone)]
pub struct Nodes<'a> {
    /// How they are run.
    pub kind: NodeKind,
    /// The name of what declares them.
    pub name: &'a Arc<str>,
    /// The block of what declares them.
    pub span: Span,
    /// Their subnets.
    pub subnets: &'a Many<Id<Subnet>>,
    /// The security groups of their interfaces.
    pub groups: Tied<Id<SecurityGroup>>,
    /// Why they may be set up in ways that are not followed: user data may name a proxy, an image of
    /// one's own may bring along what others fetch.
    pub own_setup: Option<Unknown>,
}

impl Network {
    /// The nodes of a cluster that certainly exist, in the order of the code.
    pub fn nodes_of(&self, cluster: Id<Cluster>) -> Vec<Nodes<'_>> {
        let own = |named: Result<&Id<Cluster>, Unknown>| named == Ok(&cluster);
        let groups = self.node_groups.iter().filter(|one| one.managed && one.exists.is_ok());
        let groups = groups.filter(|one| own(one.cluster.get())).map(|one| Nodes {
            kind: NodeKind::Group,
            name: &one.name,
            span: one.span,
            subnets: &one.subnets,
            groups: self.groups_of_nodes(one, cluster),
            own_setup: self.own_setup(one),
        });
        let pods = self.fargate_profiles.iter().filter(|one| one.managed && one.exists.is_ok());
        let pods = pods.filter(|one| own(one.cluster.get())).map(|one| Nodes {
            kind: NodeKind::Fargate,
            name: &one.name,
            span: one.span,
            subnets: &one.subnets,
            groups: self.made_by_eks(cluster),
            own_setup: None,
        });
        groups.chain(pods).collect()
    }

    /// The groups of a node group's nodes: those of its launch template, else the cluster's own
    /// (<https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html>).
    fn groups_of_nodes(
        &self,
        nodes: &Declared<NodeGroup>,
        cluster: Id<Cluster>,
    ) -> Tied<Id<SecurityGroup>> {
        if let Some(unknown) = nodes.template.open() {
            return Tied { items: Vec::new(), open: Some(unknown) };
        }
        let Some((template, _)) = nodes.template.known().next() else {
            return self.made_by_eks(cluster);
        };
        let template = &self.launch_templates[*template];
        if template.managed && template.groups.is_empty() {
            return self.made_by_eks(cluster);
        }
        let items = template.groups.known().map(|(group, span)| (*group, span)).collect();
        Tied { items, open: template.groups.open() }
    }

    /// The security group that EKS makes for a cluster and gives to its nodes.
    fn made_by_eks(&self, cluster: Id<Cluster>) -> Tied<Id<SecurityGroup>> {
        let cluster = &self.clusters[cluster];
        let own = match cluster.key {
            Key::Resource(resource) => {
                self.security_groups.find(&Key::Derived(resource, "cluster"))
            }
            _ => None,
        };
        let name = || format!("the cluster security group of {}", cluster.name);
        match own {
            Some(group) => Tied { items: vec![(group.id, group.span)], open: None },
            None => Tied { items: Vec::new(), open: Some(Unknown::new(name(), Why::ReadAtApply)) },
        }
    }

    fn own_setup(&self, nodes: &Declared<NodeGroup>) -> Option<Unknown> {
        let image = match nodes.image.get() {
            Ok(Some(image)) if &**image == "CUSTOM" => {
                let why = Why::NotEvaluated("an image of one's own".into());
                Some(Unknown::new(format!("the image of {}", nodes.name), why))
            }
            Ok(_) => None,
            Err(unknown) => Some(unknown),
        };
        let template = || {
            let (template, _) = nodes.template.known().next()?;
            let template = &self.launch_templates[*template];
            let plain = |attr: &super::Attr<Option<Arc<str>>>| matches!(attr.get(), Ok(None));
            let closed = plain(&template.user_data) && plain(&template.image);
            let why = Why::NotEvaluated("what it sets up".into());
            (!closed).then(|| Unknown::new(Arc::clone(&template.name), why))
        };
        image.or_else(|| nodes.template.open()).or_else(template)
    }
}
