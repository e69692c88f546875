//! Security groups: stateful, allow only, the union of all groups of an interface.

use crate::network::{Direction, Family, Id, Network, Peer, SecurityGroup, Tri};
use crate::source::Span;
use crate::trace::Steps;
use crate::unknown::{Unknown, Why};

use super::{Disposition, Flow, Guard, Interface};

/// The groups of one end of a flow, asked about the other.
pub(super) struct Filter<'a> {
    network: &'a Network,
    flow: &'a Flow<'a>,
    direction: Direction,
    own: &'a Interface,
    peer: &'a Interface,
    /// Whether rules may name groups of the other end: not over every connection.
    named: Tri,
}

impl<'a> Filter<'a> {
    /// Of the source, for what goes out.
    pub(super) fn egress(network: &'a Network, flow: &'a Flow<'a>, named: Tri) -> Self {
        Self { network, flow, direction: Direction::Egress, own: flow.from, peer: flow.to, named }
    }

    /// Of the destination, for what comes in.
    pub(super) fn ingress(network: &'a Network, flow: &'a Flow<'a>, named: Tri) -> Self {
        Self { network, flow, direction: Direction::Ingress, own: flow.to, peer: flow.from, named }
    }

    /// Whether the groups let the packet pass.
    pub(super) fn judge(&self, steps: &mut Steps) -> Result<Disposition, Unknown> {
        let Filter { network, flow, direction, own, .. } = *self;
        let Guard::Groups(groups, open) = &own.guard else { return Ok(Disposition::Delivered) };
        let admitting = groups.iter().map(|group| self.admits(*group));
        match Tri::any(admitting.chain(open.iter().cloned().map(Tri::Maybe))) {
            Tri::Yes => Ok(Disposition::Delivered),
            Tri::Maybe(unknown) => Err(unknown),
            Tri::No => {
                for group in groups {
                    for (group, rule) in self.out_of_reach(*group) {
                        let group = &network.security_groups[group].name;
                        steps.add(
                            rule,
                            format!("names {group}, which counts for nothing that far away"),
                        );
                    }
                    let group = &network.security_groups[*group];
                    let way = if direction == Direction::Egress { "out" } else { "in" };
                    let Flow { protocol, port, .. } = flow;
                    steps
                        .add(group.span, format!("{} lets no {protocol} {port} {way}", group.name));
                }
                Ok(match direction {
                    Direction::Egress => Disposition::DeniedOut(groups.clone()),
                    Direction::Ingress => Disposition::DeniedIn(groups.clone()),
                })
            }
        }
    }

    /// Whether one group admits the packet.
    fn admits(&self, group: Id<SecurityGroup>) -> Tri {
        let Filter { network, flow, direction, peer, ref named, .. } = *self;
        let permissions = network.permissions(group, direction);
        if permissions.everything {
            return Tri::Yes;
        }
        let rules = permissions.rules.iter().map(|(rule, maybe)| {
            let peers = rule.peers.known().map(|(one, _)| self.is_peer(one, group));
            let peers = Tri::any(peers.chain(rule.peers.open().map(Tri::Maybe)));
            let there = maybe.clone().map_or(Tri::Yes, Tri::Maybe);
            Tri::all([there, rule.admits_port(flow.protocol, flow.port), peers])
        });
        let itself = match peer.guard {
            _ if !permissions.itself => Tri::No,
            Guard::AnyHost => in_group(network, group, peer),
            Guard::Groups(..) => has(peer, group).into(),
        };
        let itself = Tri::all([itself, named.clone()]);
        let open = permissions.open.clone().map(Tri::Maybe);
        Tri::any(rules.chain([itself]).chain(open))
    }

    /// The groups that a group's rules name, which the other end has, and which do not count over the way
    /// between the two.
    fn out_of_reach(&self, group: Id<SecurityGroup>) -> Vec<(Id<SecurityGroup>, Span)> {
        if self.named != Tri::No {
            return Vec::new();
        }
        let permissions = self.network.permissions(group, self.direction);
        let named = permissions.rules.iter().flat_map(|(rule, _)| {
            rule.peers.known().filter_map(|(peer, _)| match peer {
                Peer::Group(group) => Some((*group, rule.span)),
                _ => None,
            })
        });
        named.filter(|(group, _)| in_group(self.network, *group, self.peer) == Tri::Yes).collect()
    }

    /// Whether the other end is among those that a rule names.
    fn is_peer(&self, named: &Peer, own: Id<SecurityGroup>) -> Tri {
        let Filter { network, flow, peer, .. } = *self;
        let in_group = |group| Tri::all([in_group(network, group, peer), self.named.clone()]);
        match named {
            Peer::Cidr(block) => is_at(network, block, peer, flow.family()),
            Peer::Itself => in_group(own),
            Peer::Group(group) => in_group(*group),
            Peer::PrefixList(list) => {
                let blocks = network.prefixes_of(*list);
                let listed = blocks
                    .items
                    .iter()
                    .map(|(block, _)| is_at(network, block, peer, flow.family()));
                Tri::any(listed.chain(blocks.open.map(Tri::Maybe)))
            }
        }
    }
}

fn has(interface: &Interface, group: Id<SecurityGroup>) -> bool {
    matches!(&interface.guard, Guard::Groups(groups, _) if groups.contains(&group))
}

/// Whether a block holds the other end.
fn is_at(network: &Network, block: &crate::network::Cidr, peer: &Interface, family: Family) -> Tri {
    match peer.guard {
        Guard::AnyHost if peer.place.is_some() && !is_every(block, family) => {
            some_host(network, block, peer, family)
        }
        Guard::AnyHost | Guard::Groups(..) => lies_in(network, block, peer, family),
    }
}

/// A host somewhere in the VPC: enough that the block and the VPC share an address.
fn some_host(
    network: &Network,
    block: &crate::network::Cidr,
    peer: &Interface,
    family: Family,
) -> Tri {
    let Some((vpc, _)) = peer.place else { return Tri::No };
    let own = network.blocks_of(vpc, family);
    let shared = own.items.iter().map(|(cidr, _)| block.overlaps(cidr));
    Tri::any(shared.chain(own.open.clone().map(Tri::Maybe)))
}

/// Whether a block holds every address of a family.
fn is_every(block: &crate::network::Cidr, family: Family) -> bool {
    block.family() == family && block.net().is_ok_and(|net| net.prefix_len() == 0)
}

/// Whether an interface lies in a block.
pub(super) fn lies_in(
    network: &Network,
    block: &crate::network::Cidr,
    peer: &Interface,
    family: Family,
) -> Tri {
    if is_every(block, family) { Tri::Yes } else { this_one(network, block, peer, family) }
}

/// An interface of its own: its address, or its whole subnet, must lie in the block.
fn this_one(
    network: &Network,
    block: &crate::network::Cidr,
    peer: &Interface,
    family: Family,
) -> Tri {
    let narrow = match peer.prefix(network, family) {
        Ok(prefix) => match block.covers(&prefix) {
            Tri::No if block.overlaps(&prefix) == Tri::Yes => Tri::Maybe(Unknown::new(
                format!("which addresses of {prefix} are used"),
                Why::KnownAfterApply,
            )),
            covers => covers,
        },
        Err(unknown) => Tri::Maybe(unknown),
    };
    if narrow == Tri::Yes || narrow == Tri::No {
        return narrow;
    }
    let Some((vpc, _)) = peer.place else { return narrow };
    let own = network.blocks_of(vpc, family);
    let closed = own.open.is_none() && !own.items.is_empty();
    let whole = Tri::all(own.items.iter().map(|(cidr, _)| block.covers(cidr)));
    let apart = own.items.iter().all(|(cidr, _)| block.overlaps(cidr) == Tri::No);
    match (closed, whole, apart) {
        (true, Tri::Yes, _) => Tri::Yes,
        (true, _, true) => Tri::No,
        _ => narrow,
    }
}

fn in_group(network: &Network, group: Id<SecurityGroup>, peer: &Interface) -> Tri {
    let named = &network.security_groups[group];
    match &peer.guard {
        Guard::Groups(groups, open) => {
            if groups.contains(&group) {
                return Tri::Yes;
            }
            let mut own = groups.iter().map(|own| &network.security_groups[*own]);
            let may = own.find_map(|own| network.same(named, own).maybe());
            may.or_else(|| open.clone()).map_or(Tri::No, Tri::Maybe)
        }
        Guard::AnyHost => match peer.place {
            Some((vpc, _)) => network.is_usable_in(group, vpc),
            None => Tri::No,
        },
    }
}
