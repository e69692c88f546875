//! What each table of a transit gateway holds: static routes, and what attachments announce.

use std::collections::BTreeSet;

use hashbrown::HashMap;

use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::fib::{Entry, Fib, Origin};
use super::id::{Declared, Id, Key};
use super::{
    Attached, Cidr, Family, Network, Prefixes, Tied, TransitGateway, TransitGatewayAttachment,
    TransitGatewayRoute, TransitGatewayTable,
};

/// Where a route of a transit gateway leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Out through an attachment.
    Attachment(Id<TransitGatewayAttachment>),
    /// It is dropped.
    Blackhole,
}

/// Which attachment announces its blocks in which table.
#[derive(Default)]
struct Announcements {
    to: HashMap<Id<TransitGatewayTable>, Vec<Announcement>>,
    /// Gateways whose default cannot be told.
    unsure: HashMap<Id<TransitGateway>, Unknown>,
    /// Tables named from outside: they may be others.
    named: BTreeSet<Id<TransitGatewayTable>>,
    open: Option<Unknown>,
}

/// An attachment, whether it announces, and the place that says so.
type Announcement = (Id<TransitGatewayAttachment>, Result<(), Unknown>, Span);

impl Network {
    /// The routes of a transit gateway's table.
    pub fn gateway_routes(&self, table: Id<TransitGatewayTable>) -> Option<&Fib<Next>> {
        self.forwarding.gateways.get(&table)
    }

    /// The routes of every table of every transit gateway.
    pub(super) fn gateway_fibs(&self) -> HashMap<Id<TransitGatewayTable>, Fib<Next>> {
        let announcements = self.announcements();
        let routes = |table: &Declared<TransitGatewayTable>| {
            let mut entries = Vec::new();
            let mut more = announcements.open.clone();
            for route in self.transit_gateway_routes.iter() {
                match route.table.get().map(|named| &self.transit_gateway_tables[*named]) {
                    Ok(named) if named.id == table.id => self.write(route, &mut entries),
                    Ok(named) if named.managed => {}
                    Ok(named) => more = more.or_else(|| self.may_be(named, table)),
                    Err(unknown) => more = more.or(Some(unknown)),
                }
            }
            let mut named = announcements.named.iter().filter(|named| **named != table.id);
            more = more.or_else(|| {
                named.find_map(|named| self.may_be(&self.transit_gateway_tables[*named], table))
            });
            for (id, exists, span) in announcements.to.get(&table.id).into_iter().flatten() {
                self.propagate(*id, exists, *span, &mut entries);
            }
            let gateway = self.gateway_of_table(table.id).ok();
            let unsure = gateway.and_then(|gateway| announcements.unsure.get(&gateway).cloned());
            let outside = || if table.managed { None } else { self.may_be(table, table) };
            let more = more.or(unsure).or_else(outside).or_else(|| self.unseen_resource(table));
            (table.id, Fib::new(entries, more))
        };
        self.transit_gateway_tables.iter().map(routes).collect()
    }

    /// Which attachment announces its blocks in which table: in the default one, or where it is written.
    fn announcements(&self) -> Announcements {
        let mut all = Announcements::default();
        for attachment in self.attachments.iter() {
            let declared = matches!(attachment.key, Key::Resource(_) | Key::Derived(..));
            let Ok(gateway) = self.gateway_of(attachment.id) else { continue };
            if !declared || matches!(attachment.attached, Attached::Gateway(_)) {
                continue;
            }
            let uses = self.uses_default(attachment, true);
            let default = |uses| if uses { self.default_table(gateway, true) } else { Ok(None) };
            match uses.and_then(default) {
                Ok(Some(table)) => {
                    let one = (attachment.id, Ok(()), attachment.span);
                    all.to.entry(table).or_default().push(one);
                }
                Ok(None) => {}
                Err(unknown) => {
                    all.unsure.entry(gateway).or_insert(unknown);
                }
            }
        }
        for propagation in self.transit_gateway_propagations.iter() {
            match (propagation.table.get(), propagation.attachment.get()) {
                (Ok(table), Ok(attachment)) => {
                    let one = (*attachment, propagation.exists.clone(), propagation.span);
                    all.to.entry(*table).or_default().push(one);
                    if !self.transit_gateway_tables[*table].managed {
                        all.named.insert(*table);
                    }
                }
                (Err(unknown), _) | (_, Err(unknown)) => all.open = Some(unknown),
            }
        }
        all
    }

    fn write(&self, route: &Declared<TransitGatewayRoute>, entries: &mut Vec<Entry<Next>>) {
        let target = match (route.blackhole.get(), route.attachment.get()) {
            (Ok(true), _) => Ok(Next::Blackhole),
            (Err(unknown), _) | (_, Err(unknown)) => Err(unknown),
            (Ok(false), Ok(Some(attachment))) => Ok(Next::Attachment(*attachment)),
            (Ok(false), Ok(None)) => Err(Unknown::new(
                std::sync::Arc::clone(&route.name),
                Why::Invalid("it leads nowhere".into()),
            )),
        };
        let mut add = |destination, origin| {
            let (target, exists) = (target.clone(), route.exists.clone());
            entries.push(Entry { destination, origin, target, span: route.it.span, exists });
        };
        match &route.destination {
            Prefixes::Block(block) => add(block.get().cloned(), Origin::Static),
            Prefixes::List(list) => {
                let tied = match list.get() {
                    Ok(list) => self.prefixes_of(*list),
                    Err(unknown) => Tied { items: Vec::new(), open: Some(unknown) },
                };
                for (block, _) in tied.items {
                    add(Ok(block), Origin::PrefixList);
                }
                if let Some(unknown) = tied.open {
                    add(Err(unknown), Origin::PrefixList);
                }
            }
        }
    }

    /// The blocks behind an attachment.
    fn propagate(
        &self,
        id: Id<TransitGatewayAttachment>,
        exists: &Result<(), Unknown>,
        span: Span,
        entries: &mut Vec<Entry<Next>>,
    ) {
        let attachment = &self.attachments[id];
        let exists = exists.clone().and_then(|()| attachment.exists.clone());
        let mut add = |destination, origin| {
            let (target, exists) = (Ok(Next::Attachment(id)), exists.clone());
            entries.push(Entry { destination, origin, target, span, exists });
        };
        match &attachment.attached {
            Attached::Vpc(vpc, _) => match vpc.get() {
                Ok(vpc) => {
                    for family in [Family::V4, Family::V6] {
                        let blocks = self.blocks_of(*vpc, family);
                        for (block, _) in &blocks.items {
                            add(Ok(block.clone()), Origin::Vpc);
                        }
                        if let (Some(unknown), Family::V4) = (&blocks.open, family) {
                            add(Err(unknown.clone()), Origin::Vpc);
                        }
                    }
                }
                Err(unknown) => add(Err(unknown), Origin::Vpc),
            },
            Attached::Outside => self.announce(attachment, &mut add),
            Attached::Gateway(_) => {}
        }
    }

    /// The blocks of networks outside AWS: written out for a static VPN, else told by BGP.
    fn announce(
        &self,
        attachment: &Declared<TransitGatewayAttachment>,
        add: &mut impl FnMut(Result<Cidr, Unknown>, Origin),
    ) {
        let owner = match attachment.key {
            Key::Derived(owner, _) => Some(Key::Resource(owner)),
            _ => None,
        };
        let vpn = owner.as_ref().and_then(|key| self.vpn_connections.find(key));
        if let Some(vpn) = vpn {
            for (block, _, _) in self.vpn_routes_of(vpn.id) {
                add(block, Origin::VpnStatic);
            }
            if vpn.static_routes_only.get() == Ok(&true) {
                return;
            }
        }
        let dx = owner.as_ref().is_some_and(|key| self.dx_associations.find(key).is_some());
        let origin = match (dx, attachment.transport.get()) {
            (true, _) => Origin::DirectConnect,
            (_, Ok(Some(_))) => Origin::Connect,
            _ => Origin::Vpn,
        };
        let name = format!("what BGP announces through {}", attachment.name);
        add(Err(Unknown::new(name, Why::ReadAtApply)), origin);
    }
}
