//! Who is attached to a transit gateway, and which table serves whom.

use hashbrown::HashMap;
use std::collections::BTreeSet;

use crate::unknown::{Unknown, Why};

use super::id::{Declared, Id, Key};
use super::transit_gateway_table::DEFAULT;
use super::{
    Attached, Network, Tied, TransitGateway, TransitGatewayAttachment, TransitGatewayTable, Tri,
    Vpc,
};

/// The attachments of each VPC.
pub(super) type AttachedVpcs = HashMap<Id<Vpc>, Vec<Id<TransitGatewayAttachment>>>;

/// The table of each attachment at each of its gateways.
pub(super) type Associations = HashMap<
    (Id<TransitGatewayAttachment>, Id<TransitGateway>),
    Result<Option<Id<TransitGatewayTable>>, Unknown>,
>;

impl Network {
    /// The gateway that an attachment is made to; of a peering the one that asks.
    pub fn gateway_of(
        &self,
        id: Id<TransitGatewayAttachment>,
    ) -> Result<Id<TransitGateway>, Unknown> {
        let attachment = &self.attachments[id];
        if let Some(gateway) = attachment.gateway.get()? {
            return Ok(*gateway);
        }
        let transport = attachment.transport.get().ok().copied().flatten();
        let named = match (&attachment.key, transport) {
            (_, Some(transport)) if transport != id => return self.gateway_of(transport),
            (Key::Derived(owner, _), _) => {
                let key = Key::Resource(*owner);
                let vpn = self.vpn_connections.find(&key).map(|one| one.transit_gateway.get());
                let dx = || self.dx_associations.find(&key).map(|one| one.transit_gateway.get());
                vpn.or_else(dx).transpose()?.copied().flatten()
            }
            _ => None,
        };
        let name = || Unknown::new(format!("the gateway of {}", attachment.name), Why::ReadAtApply);
        named.ok_or_else(name)
    }

    /// The attachments of a VPC to a transit gateway.
    pub fn attachments_of(
        &self,
        vpc: Id<Vpc>,
        gateway: Id<TransitGateway>,
    ) -> Tied<Id<TransitGatewayAttachment>> {
        let owner = self.vpc(vpc);
        let mut tied = Tied { items: Vec::new(), open: self.unseen(vpc) };
        let own = self.forwarding.attached.get(&owner.id).into_iter().flatten();
        for id in own.chain(&self.forwarding.attached_unsure) {
            let attachment = &self.attachments[*id];
            let Attached::Vpc(named, _) = &attachment.attached else { continue };
            let mut maybe = |unknown| tied.open = tied.open.take().or(unknown);
            let named = match named.get() {
                Ok(named) => self.vpc(*named),
                Err(unknown) => {
                    // Who attaches what this root only now creates has it from this root.
                    if matches!(attachment.key, Key::Resource(_)) || !owner.managed {
                        maybe(Some(unknown));
                    }
                    continue;
                }
            };
            if named.id != owner.id {
                maybe(match self.same_vpc(named.id, owner.id) {
                    Tri::Maybe(unknown) => Some(unknown),
                    Tri::Yes | Tri::No => None,
                });
                continue;
            }
            match (self.same_gateway(attachment.id, gateway), &attachment.exists) {
                (Tri::Yes, Ok(())) => tied.items.push((attachment.id, attachment.span)),
                (Tri::Yes, Err(unknown)) => maybe(Some(unknown.clone())),
                (Tri::Maybe(unknown), _) => maybe(Some(unknown)),
                (Tri::No, _) => {}
            }
        }
        let outside = || Unknown::new(format!("what attaches {}", owner.name), Why::ReadAtApply);
        let known = owner.managed && self.transit_gateways[gateway].managed;
        tied.open = tied.open.or_else(|| (!known).then(outside));
        tied.open = tied.open.or_else(|| self.unseen_resource(&self.transit_gateways[gateway]));
        tied
    }

    /// Whether a connection that the code knows joins two VPCs.
    pub fn are_joined(&self, a: Id<Vpc>, b: Id<Vpc>) -> bool {
        !self.peerings_between(a, b).is_empty() || !self.gateways_between(a, b).is_empty()
    }

    /// The transit gateways that two VPCs are both attached to.
    pub fn gateways_between(&self, a: Id<Vpc>, b: Id<Vpc>) -> Vec<Id<TransitGateway>> {
        self.gateways_at(a).intersection(&self.gateways_at(b)).copied().collect()
    }

    /// The transit gateways that a VPC is attached to.
    pub fn gateways_at(&self, vpc: Id<Vpc>) -> BTreeSet<Id<TransitGateway>> {
        let ids = self.forwarding.attached.get(&self.vpc(vpc).id).into_iter().flatten();
        ids.filter_map(|id| self.gateway_of(*id).ok()).collect()
    }

    /// The attachments of each VPC that the code creates, and those that may be of any.
    pub(super) fn attached_vpcs(&self) -> (AttachedVpcs, Vec<Id<TransitGatewayAttachment>>) {
        let (mut all, mut unsure) = (AttachedVpcs::new(), Vec::new());
        for attachment in self.attachments.iter() {
            let Attached::Vpc(vpc, _) = &attachment.attached else { continue };
            match vpc.get().map(|vpc| self.vpc(*vpc)) {
                Ok(vpc) => {
                    all.entry(vpc.id).or_default().push(attachment.id);
                    // It may be another one by a second name.
                    if !vpc.managed {
                        unsure.push(attachment.id);
                    }
                }
                Err(_) => unsure.push(attachment.id),
            }
        }
        (all, unsure)
    }

    /// The tables of all attachments, each at its gateways.
    pub(super) fn find_associations(&self) -> Associations {
        let mut all = HashMap::new();
        for attachment in self.attachments.iter() {
            let peer = match &attachment.attached {
                Attached::Gateway(peer) => peer.get().ok().copied(),
                Attached::Vpc(..) | Attached::Outside => None,
            };
            let own = self.gateway_of(attachment.id).ok();
            for gateway in own.into_iter().chain(peer) {
                let id = (attachment.id, gateway);
                all.insert(id, self.find_association(attachment.id, gateway));
            }
        }
        all
    }

    fn same_gateway(&self, id: Id<TransitGatewayAttachment>, gateway: Id<TransitGateway>) -> Tri {
        let named = match self.gateway_of(id) {
            Ok(named) => &self.transit_gateways[named],
            Err(unknown) => return Tri::Maybe(unknown),
        };
        self.same(named, &self.transit_gateways[gateway])
    }

    /// Whether an attachment is accepted: a gateway of another account must, unless it accepts all
    /// (<https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html>).
    pub fn accepts_attachment(&self, id: Id<TransitGatewayAttachment>) -> Tri {
        let attachment = &self.attachments[id];
        let accepted = self.transit_gateway_accepters.iter().any(|one| {
            matches!(one.attachment.get(), Ok(named) if *named == id) && one.exists.is_ok()
        });
        let Ok(gateway) = self.gateway_of(id) else { return Tri::Yes };
        let gateway = &self.transit_gateways[gateway];
        let peering = matches!(attachment.attached, Attached::Gateway(_));
        let at_home = gateway.managed && self.same_account(attachment, gateway) == Tri::Yes;
        if accepted || at_home && !peering || gateway.auto_accept.get() == Ok(&true) && !peering {
            return Tri::Yes;
        }
        let name = format!("the acceptance of {}", attachment.name);
        Tri::Maybe(Unknown::new(name, Why::ReadAtApply))
    }

    /// The table that looks up what comes in by an attachment; `None` where it surely has none.
    pub fn association_of(
        &self,
        id: Id<TransitGatewayAttachment>,
        gateway: Id<TransitGateway>,
    ) -> Result<Option<Id<TransitGatewayTable>>, Unknown> {
        let known = self.forwarding.associations.get(&(id, gateway)).cloned();
        known.unwrap_or_else(|| self.find_association(id, gateway))
    }

    fn find_association(
        &self,
        id: Id<TransitGatewayAttachment>,
        gateway: Id<TransitGateway>,
    ) -> Result<Option<Id<TransitGatewayTable>>, Unknown> {
        let attachment = &self.attachments[id];
        let mut open = self.unseen_resource(attachment);
        for association in self.transit_gateway_associations.iter() {
            let named = match association.attachment.get() {
                Ok(named) => &self.attachments[*named],
                Err(unknown) => {
                    open = open.or(Some(unknown));
                    continue;
                }
            };
            if named.id == id {
                let table = *association.table.get()?;
                // A peering has a table at either end.
                let of = self.gateway_of_table(table).map(|of| &self.transit_gateways[of]);
                match of.map(|of| self.same(of, &self.transit_gateways[gateway])) {
                    Ok(Tri::No) => continue,
                    Ok(Tri::Maybe(unknown)) => return Err(unknown),
                    Ok(Tri::Yes) | Err(_) => {}
                }
                association.exists.clone()?;
                return Ok(Some(table));
            }
            if !named.managed {
                open = open.or_else(|| self.may_be(named, attachment));
            }
        }
        match open {
            Some(unknown) => Err(unknown),
            None if self.uses_default(attachment, false)? => self.default_table(gateway, false),
            None => Ok(None),
        }
    }

    /// The gateway whose default table serves an attachment as soon as it is made, and that table.
    pub fn default_association(
        &self,
        id: Id<TransitGatewayAttachment>,
    ) -> Option<(Id<TransitGateway>, Id<TransitGatewayTable>)> {
        let attachment = &self.attachments[id];
        let gateway = self.gateway_of(id).ok()?;
        let itself = self.transit_gateways[gateway].managed
            && !matches!(attachment.attached, Attached::Gateway(_))
            && self.uses_default(attachment, false) == Ok(true);
        let table = itself.then(|| self.default_table(gateway, false).ok().flatten())?;
        Some((gateway, table?))
    }

    /// What an attachment, or who accepts it, says of the default table.
    pub(super) fn uses_default(
        &self,
        attachment: &Declared<TransitGatewayAttachment>,
        propagation: bool,
    ) -> Result<bool, Unknown> {
        let vpc = matches!(attachment.attached, Attached::Vpc(..));
        let mut accepters = self.transit_gateway_accepters.iter().filter(|_| vpc);
        let own = if propagation {
            &attachment.default_propagation
        } else {
            &attachment.default_association
        };
        let accepter = accepters
            .find(|one| matches!(one.attachment.get(), Ok(named) if *named == attachment.id));
        let flag = match accepter {
            Some(accepter) if propagation => &accepter.default_propagation,
            Some(accepter) => &accepter.default_association,
            None => own,
        };
        flag.get().copied()
    }

    pub(super) fn gateway_of_table(
        &self,
        id: Id<TransitGatewayTable>,
    ) -> Result<Id<TransitGateway>, Unknown> {
        let table = &self.transit_gateway_tables[id];
        let named = match (&table.key, table.gateway.get()?) {
            (_, Some(gateway)) => Some(*gateway),
            (Key::Derived(owner, _), None) => {
                self.transit_gateways.find(&Key::Resource(*owner)).map(|gateway| gateway.id)
            }
            _ => None,
        };
        named
            .ok_or_else(|| Unknown::new(format!("the gateway of {}", table.name), Why::ReadAtApply))
    }

    /// The default table of a gateway; `None` where it surely has none.
    pub(super) fn default_table(
        &self,
        gateway: Id<TransitGateway>,
        propagation: bool,
    ) -> Result<Option<Id<TransitGatewayTable>>, Unknown> {
        let own = &self.transit_gateways[gateway];
        for default in self.transit_gateway_defaults.iter() {
            if default.of_propagations == propagation && *default.gateway.get()? == gateway {
                default.exists.clone()?;
                return default.table.get().copied().map(Some);
            }
        }
        let (flag, written) = if propagation {
            (&own.default_propagation, &own.propagation_table)
        } else {
            (&own.default_association, &own.association_table)
        };
        if !*flag.get()? {
            return Ok(None);
        }
        if let Some(table) = written.get()? {
            return Ok(Some(*table));
        }
        let brought = match own.key {
            Key::Resource(owner) => self.transit_gateway_tables.find(&Key::Derived(owner, DEFAULT)),
            _ => None,
        };
        let name = || Unknown::new(format!("the {DEFAULT} of {}", own.name), Why::ReadAtApply);
        brought.map(|table| Some(table.id)).ok_or_else(name)
    }
}
