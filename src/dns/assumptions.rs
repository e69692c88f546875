//! What a project tells of the world outside the code, and what it wants to hold.

use std::sync::Arc;

use ipnet::IpNet;

use crate::source::Span;

/// What is taken for true about the world outside the code, and who is meant to reach what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumptions {
    /// Public DNS answers private addresses for private-only endpoints, as it does since December 2019
    /// (<https://aws.amazon.com/blogs/compute/enabling-dns-resolution-for-amazon-eks-cluster-endpoints/>).
    pub eks_public_dns: bool,
    /// What name servers on premises do, where that is told.
    pub on_premises_dns: Option<OnPremisesDns>,
    /// Networks that exist outside the code.
    pub networks: Vec<OutsideNetwork>,
    /// How much of some things an account may have.
    pub quotas: Quotas,
    /// VPCs that are meant to use the private endpoint of a cluster.
    pub clients: Vec<Pair>,
    /// What must hold, and what must not.
    pub assertions: Vec<Assertion>,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self {
            eks_public_dns: true,
            on_premises_dns: None,
            networks: Vec::new(),
            quotas: Quotas::default(),
            clients: Vec::new(),
            assertions: Vec::new(),
        }
    }
}

/// How much of some things an account may have, in each Region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// Resolver endpoints.
    pub endpoints: usize,
    /// Addresses of one Resolver endpoint.
    pub endpoint_addresses: usize,
}

/// What an account has that has asked for nothing
/// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html>).
impl Default for Quotas {
    fn default() -> Self {
        Self { endpoints: 4, endpoint_addresses: 6 }
    }
}

/// What name servers on premises do with a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnPremisesDns {
    /// They ask public DNS for what they do not know.
    pub recurse: bool,
    /// They take private addresses out of what public DNS answers: protection against DNS rebinding.
    pub filter_private_answers: bool,
    /// Names that they send to an inbound endpoint.
    pub forward: Vec<Forward>,
    /// Where that is told.
    pub span: Span,
}

/// Names that are sent to an inbound endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// The domain, with all below it.
    pub domain: Arc<str>,
    /// The endpoint.
    pub to: Named,
    /// Where that is told.
    pub span: Span,
}

/// A network outside the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutsideNetwork {
    /// What the project calls it.
    pub name: Arc<str>,
    /// Its blocks.
    pub cidrs: Vec<IpNet>,
    /// Where that is told.
    pub span: Span,
}

/// The address of something in the code, and where it is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The address.
    pub address: Arc<str>,
    /// Where it is named.
    pub span: Span,
}

/// Who, and which cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Who asks and connects.
    pub from: Named,
    /// The cluster.
    pub to: Named,
    /// Where that is told.
    pub span: Span,
}

/// What must hold between two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assertion {
    /// What.
    pub must: Must,
    /// Between whom.
    pub pair: Pair,
}

/// What an assertion demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Must {
    /// The name of the endpoint resolves to the private addresses.
    ResolvePrivately,
    /// It resolves, and the connection is accepted in every subnet of the cluster.
    Reach,
    /// No connection to the endpoint is accepted.
    NotReach,
}

impl Must {
    /// As the configuration spells it.
    pub fn key(self) -> &'static str {
        match self {
            Self::ResolvePrivately => "must-resolve-privately",
            Self::Reach => "must-reach",
            Self::NotReach => "must-not-reach",
        }
    }
}

impl Assumptions {
    /// Whether a project says that somebody is meant to use the private endpoint of a cluster, and where.
    pub fn declares(&self, from: &str, to: &str) -> Option<Span> {
        let demanded = self.assertions.iter().filter(|one| one.must != Must::NotReach);
        let mut pairs = self.clients.iter().chain(demanded.map(|one| &one.pair));
        let of = |pair: &&Pair| &*pair.from.address == from && &*pair.to.address == to;
        pairs.find(of).map(|pair| pair.span)
    }
}
