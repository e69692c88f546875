//! Network ACLs: stateless lists at the border of subnets, asked in order, there and back
//! (<https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html>).

use crate::network::{
    AclTable, Attached, Direction, Id, Network, Protocol, Subnet, TransitGatewayAttachment, Tri,
    Vpc,
};
use crate::source::Span;
use crate::trace::Steps;
use crate::unknown::{Unknown, Why};

use super::route::Ends;
use super::{AclDenial, Disposition, Interface, filter};

/// The ports that answers go to: any of them may be the client's
/// (<https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports>).
pub(super) const EPHEMERAL: (u16, u16) = (1024, u16::MAX);

/// First and last of some ports.
pub(super) type Ports = (u16, u16);

/// One way of a flow, past the ACLs that stand on it.
pub(super) struct Way<'a> {
    pub(super) network: &'a Network,
    pub(super) ends: Ends<'a>,
    pub(super) protocol: Protocol,
    pub(super) ports: Ports,
    /// The attachments of transit gateways that it crosses.
    pub(super) attachments: &'a [TransitGatewayAttachmentId],
    /// Whether the packets surely go this way, and arrive with the address they left with.
    pub(super) certain: Result<(), Unknown>,
}

type TransitGatewayAttachmentId = Id<TransitGatewayAttachment>;

impl Way<'_> {
    /// What the ACLs do with it.
    pub(super) fn judge(&self, steps: &mut Steps) -> Result<Disposition, Unknown> {
        let within = match (self.ends.from.place, self.ends.to.place) {
            (Some((_, from)), Some((_, to))) => self.same_subnet(from, to),
            _ => Tri::No,
        };
        if within == Tri::Yes {
            return Ok(Disposition::Delivered);
        }
        let end = both(self.leave(), || self.arrive());
        if let (Tri::Maybe(unknown), Ok(Disposition::DeniedByAcl(_))) = (within, &end) {
            return Err(unknown);
        }
        if let Ok(Disposition::DeniedByAcl(denial)) = &end {
            let acl = &self.network.network_acls[denial.acl];
            let subnet = &self.network.subnets[denial.subnet].name;
            let way = if denial.direction == Direction::Egress { "out of" } else { "into" };
            let span = denial.rule.unwrap_or(acl.span);
            let (protocol, ports) = (self.protocol, shown(self.ports));
            let text = format!("{} lets no {protocol} {ports} {way} {subnet}", acl.name);
            steps.add(span, text);
        }
        end
    }

    fn same_subnet(&self, a: Id<Subnet>, b: Id<Subnet>) -> Tri {
        let subnets = &self.network.subnets;
        self.network.same(&subnets[a], &subnets[b])
    }

    /// Out of the subnet, and into that of a transit gateway's interface; where both are one, it meets
    /// both directions on the way out (<https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html>).
    fn leave(&self) -> Result<Disposition, Unknown> {
        let Some((vpc, subnet)) = self.ends.from.place else { return Ok(Disposition::Delivered) };
        let own = self.pass(subnet, Direction::Egress, self.ends.to);
        both(own, || {
            let (interfaces, open) = self.interfaces(vpc);
            let mut unsure = open;
            for at in interfaces {
                match self.network.same_zone(at, subnet) {
                    Tri::Yes => return self.pass(at, Direction::Ingress, self.ends.from),
                    Tri::Maybe(unknown) => unsure = unsure.or(Some(unknown)),
                    Tri::No => {}
                }
            }
            unsure.map_or(Ok(Disposition::Delivered), Err)
        })
    }

    /// Out of the subnet of a transit gateway's interface, and into the subnet; where both are one, it
    /// meets neither.
    fn arrive(&self) -> Result<Disposition, Unknown> {
        let Some((vpc, subnet)) = self.ends.to.place else { return Ok(Disposition::Delivered) };
        let own = || self.pass(subnet, Direction::Ingress, self.ends.from);
        let (interfaces, open) = self.interfaces(vpc);
        let end = if interfaces.is_empty() {
            own()
        } else {
            let ends = interfaces.into_iter().map(|at| {
                if at == subnet {
                    return Ok(Disposition::Delivered);
                }
                both(self.pass(at, Direction::Egress, self.ends.to), own)
            });
            alike(ends.collect())
        };
        match (end, open, &self.certain) {
            (Ok(Disposition::DeniedByAcl(_)), Some(unknown), _) => Err(unknown),
            (Ok(Disposition::DeniedByAcl(_)), _, Err(unknown)) => Err(unknown.clone()),
            (end, ..) => end,
        }
    }

    /// The subnets of a VPC by which transit gateways take and give its packets.
    fn interfaces(&self, vpc: Id<Vpc>) -> (Vec<Id<Subnet>>, Option<Unknown>) {
        let (mut all, mut open) = (Vec::new(), None);
        for id in self.attachments {
            let Attached::Vpc(of, subnets) = &self.network.attachments[*id].attached else {
                continue;
            };
            let here = of.get().map(|of| self.network.same_vpc(*of, vpc) == Tri::Yes);
            if here == Ok(true) {
                all.extend(subnets.known().map(|(subnet, _)| *subnet));
                open = open.or_else(|| subnets.open());
            }
        }
        (all, open)
    }

    /// Past one ACL; `remote` is the end whose address the rules name.
    fn pass(
        &self,
        subnet: Id<Subnet>,
        direction: Direction,
        remote: &Interface,
    ) -> Result<Disposition, Unknown> {
        let acl = self.network.acl_of(subnet)?;
        let table = self.network.acl_table(acl, direction);
        let pieces = pieces(table, self.protocol, self.ports, |block| {
            filter::lies_in(self.network, block, remote, self.ends.family)
        });
        match sum(&pieces, self.ports) {
            Verdict::Passes => Ok(Disposition::Delivered),
            Verdict::Drops(rule) => {
                let denial = AclDenial { acl, subnet, direction, rule };
                Ok(Disposition::DeniedByAcl(denial))
            }
            Verdict::Open(unknown) => Err(unknown),
        }
    }
}

/// One after the other: a certain fault is enough.
fn both(
    first: Result<Disposition, Unknown>,
    second: impl FnOnce() -> Result<Disposition, Unknown>,
) -> Result<Disposition, Unknown> {
    match first {
        Ok(Disposition::Delivered) => second(),
        Ok(fault) => Ok(fault),
        Err(unknown) => match second() {
            Ok(Disposition::Delivered) => Err(unknown),
            Err(more) => Err(unknown.and(more)),
            fault => fault,
        },
    }
}

/// The end of a packet that takes one of some ways, and it is not known which.
fn alike(ends: Vec<Result<Disposition, Unknown>>) -> Result<Disposition, Unknown> {
    let passes = |end: &Result<Disposition, Unknown>| *end == Ok(Disposition::Delivered);
    if ends.iter().all(passes) {
        return Ok(Disposition::Delivered);
    }
    if let Some(Err(unknown)) = ends.iter().find(|end| end.is_err()) {
        return Err(unknown.clone());
    }
    if ends.iter().any(passes) {
        let name = "the interface of the transit gateway that takes it";
        return Err(Unknown::new(name, Why::KnownAfterApply));
    }
    ends.into_iter().next().unwrap_or(Ok(Disposition::Delivered))
}

/// What an ACL does with some ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// A rule allows them.
    Passes,
    /// A rule denies them, or none matches.
    Drops(Option<Span>),
    /// It cannot be told.
    Open(Unknown),
}

/// Ports that no certain rule has matched yet, and what earlier ones may have done with them.
#[derive(Debug, Clone)]
struct Rest {
    ports: Ports,
    may_pass: Option<Unknown>,
    may_drop: Option<Unknown>,
}

impl Rest {
    fn end(self, allows: Result<bool, Unknown>, rule: Option<Span>) -> (Ports, Verdict) {
        let verdict = match (allows, self.may_pass, self.may_drop) {
            (Err(unknown), ..) | (Ok(true), _, Some(unknown)) | (Ok(false), Some(unknown), _) => {
                Verdict::Open(unknown)
            }
            (Ok(true), ..) => Verdict::Passes,
            (Ok(false), ..) => Verdict::Drops(rule),
        };
        (self.ports, verdict)
    }

    fn maybe(&mut self, allows: &Result<bool, Unknown>, why: &Unknown) {
        if allows.as_ref().map_or(true, |allows| *allows) {
            self.may_pass.get_or_insert_with(|| why.clone());
        }
        if allows.as_ref().map_or(true, |allows| !*allows) {
            self.may_drop.get_or_insert_with(|| why.clone());
        }
    }

    /// The parts of it below, within and above some ports.
    fn cut(self, (first, last): Ports) -> (Vec<Self>, Option<Self>) {
        let (low, high) = self.ports;
        if last < low || high < first {
            return (vec![self], None);
        }
        let with = |ports| Self { ports, ..self.clone() };
        let below = (low < first).then(|| with((low, first - 1)));
        let above = (last < high).then(|| with((last + 1, high)));
        let within = with((low.max(first), high.min(last)));
        (below.into_iter().chain(above).collect(), Some(within))
    }
}

/// What an ACL does with each of some ports, by intervals.
pub(super) fn pieces(
    table: &AclTable,
    protocol: Protocol,
    ports: Ports,
    lies_in: impl Fn(&crate::network::Cidr) -> Tri,
) -> Vec<(Ports, Verdict)> {
    let (may_pass, may_drop) = (table.open.clone(), table.open.clone());
    let mut open = vec![Rest { ports, may_pass, may_drop }];
    let mut ends = Vec::new();
    for (rule, maybe) in &table.rules {
        let (protocol, range) = rule.matched(protocol);
        let block = rule.block.get().map_or_else(Tri::Maybe, &lies_in);
        let there = maybe.clone().map_or(Tri::Yes, Tri::Maybe);
        let matches = Tri::all([there, protocol, block]);
        if matches == Tri::No {
            continue;
        }
        let allows = rule.allows.get().copied();
        let mut left = Vec::new();
        for rest in open {
            let (apart, within) = rest.cut(range);
            left.extend(apart);
            let Some(mut within) = within else { continue };
            match &matches {
                Tri::Maybe(why) => {
                    within.maybe(&allows, why);
                    left.push(within);
                }
                _ => ends.push(within.end(allows.clone(), Some(rule.span))),
            }
        }
        open = left;
    }
    ends.extend(open.into_iter().map(|rest| rest.end(Ok(false), None)));
    ends.sort_by_key(|(ports, _)| *ports);
    ends
}

/// What becomes of a packet to one of some ports, and it is not known which.
fn sum(pieces: &[(Ports, Verdict)], ports: Ports) -> Verdict {
    let open = pieces.iter().find(|(_, end)| matches!(end, Verdict::Open(_)));
    let passes = pieces.iter().filter(|(_, end)| *end == Verdict::Passes).count();
    match (open, pieces.first()) {
        (Some((_, open)), _) => open.clone(),
        (None, Some(_)) if passes == pieces.len() => Verdict::Passes,
        (None, Some((_, first))) if passes == 0 => first.clone(),
        _ => {
            let name = format!("which of the ports {} the answers go to", shown(ports));
            Verdict::Open(Unknown::new(name, Why::KnownAfterApply))
        }
    }
}

fn shown((first, last): Ports) -> String {
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}
