//! Which segment of a core network an attachment belongs to, and what each segment knows of the others.

use hashbrown::HashMap;
use std::sync::Arc;

use crate::unknown::{Unknown, Why};

use super::core_policy::{CorePolicy, Facts};
use super::fib::{Entry, Fib, Origin};
use super::id::{Id, Key};
use super::{CoreAttachment, CoreNetwork, Declared, Family, Network, Tied, Tri, Vpc, Written};

/// Where a route of a segment leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoreNext {
    /// Out through an attachment.
    Attachment(Id<CoreAttachment>),
    /// It is dropped.
    Blackhole,
}

/// The routes of every segment, by core network and name.
pub(super) type Segments = HashMap<(Id<CoreNetwork>, Arc<str>), Fib<CoreNext>>;

impl Network {
    /// The policy of a core network, if the code tells it.
    pub fn core_policy(&self, id: Id<CoreNetwork>) -> Result<&CorePolicy, Unknown> {
        let core = &self.core_networks[id];
        let mut given = self.core_policies.iter().filter(|one| one.core.get() == Ok(&id));
        let policy = match given.next() {
            Some(one) => one.exists.clone().and_then(|()| one.policy.get())?.as_ref(),
            None => core.policy.get()?.as_ref(),
        };
        let name = || Unknown::new(format!("the policy of {}", core.name), Why::ReadAtApply);
        match policy.ok_or_else(name)? {
            Written::Here(policy) => policy.as_ref().map_err(Clone::clone),
            Written::By(document) => {
                self.core_documents[*document].policy.as_ref().map_err(Clone::clone)
            }
        }
    }

    /// The segment of an attachment, and whether it is accepted there; `None` where it has none.
    pub fn segment_of(&self, id: Id<CoreAttachment>) -> Result<Option<(Arc<str>, Tri)>, Unknown> {
        let attachment = &self.core_attachments[id];
        let policy = self.core_policy(*attachment.core.get()?)?;
        let tags = attachment.tags.as_ref().map_err(Clone::clone);
        let facts = Facts { kind: attachment.kind, tags, name: &attachment.name };
        let Some((name, rule)) = policy.segment_of(&facts)? else { return Ok(None) };
        let segment = policy.segment(&name);
        let needs = rule.needs_acceptance || segment.is_none_or(|one| one.needs_acceptance);
        let accepted = self
            .core_accepters
            .iter()
            .any(|one| one.attachment.get() == Ok(&id) && one.exists.is_ok());
        let by_hand = || {
            let name = format!("the acceptance of {}", attachment.name);
            Tri::Maybe(Unknown::new(name, Why::ReadAtApply))
        };
        Ok(Some((name, if needs && !accepted { by_hand() } else { Tri::Yes })))
    }

    /// The attachments of a VPC to a core network.
    pub fn core_attachments_of(
        &self,
        vpc: Id<Vpc>,
        core: Id<CoreNetwork>,
    ) -> Tied<Id<CoreAttachment>> {
        let owner = self.vpc(vpc);
        let mut tied = Tied { items: Vec::new(), open: self.unseen(vpc) };
        for attachment in self.core_attachments.iter() {
            let Some((named, _)) = &attachment.vpc else { continue };
            let same = match (named.get(), attachment.core.get()) {
                (Ok(named), Ok(of)) => {
                    let there = self.same(&self.core_networks[*of], &self.core_networks[core]);
                    Tri::all([self.same_vpc(*named, owner.id), there])
                }
                (Err(unknown), _) | (_, Err(unknown)) => Tri::Maybe(unknown),
            };
            match (same, &attachment.exists) {
                (Tri::Yes, Ok(())) => tied.items.push((attachment.id, attachment.span)),
                (Tri::Yes, Err(unknown)) => tied.open = Some(unknown.clone()),
                (Tri::Maybe(unknown), _) => tied.open = Some(unknown),
                (Tri::No, _) => {}
            }
        }
        let outside = || Unknown::new(format!("what attaches {}", owner.name), Why::ReadAtApply);
        let known = owner.managed && self.core_networks[core].managed;
        tied.open = tied.open.or_else(|| (!known).then(outside));
        tied
    }

    /// What a segment knows.
    pub fn segment_routes(
        &self,
        core: Id<CoreNetwork>,
        segment: &Arc<str>,
    ) -> Option<&Fib<CoreNext>> {
        self.forwarding.segments.get(&(core, Arc::clone(segment)))
    }

    /// The routes of every segment.
    pub(super) fn segments(&self) -> Segments {
        let mut all = Segments::new();
        for core in self.core_networks.iter() {
            let Ok(policy) = self.core_policy(core.id) else { continue };
            for segment in &policy.segments {
                let routes = self.known_to(core, policy, &segment.name);
                all.insert((core.id, Arc::clone(&segment.name)), routes);
            }
        }
        all
    }

    fn known_to(
        &self,
        core: &Declared<CoreNetwork>,
        policy: &CorePolicy,
        segment: &str,
    ) -> Fib<CoreNext> {
        let mut entries = Vec::new();
        let mut open = if core.managed { None } else { self.may_be(core, core) };
        for attachment in self.core_attachments.iter() {
            let Ok(named) = attachment.core.get() else { continue };
            match self.same(&self.core_networks[*named], core) {
                Tri::Yes => {}
                Tri::No => continue,
                Tri::Maybe(unknown) => {
                    open = open.or(Some(unknown));
                    continue;
                }
            }
            match self.segment_of(attachment.id) {
                Ok(Some((own, _))) if policy.sees(segment, &own) => {
                    self.announce_to_core(attachment, &mut entries);
                }
                Ok(_) => {}
                Err(unknown) => open = open.or(Some(unknown)),
            }
        }
        for route in policy.routes.iter().filter(|route| &*route.segment == segment) {
            let named = |value: &crate::graph::Value| self.core_attachment_by(value);
            let mut targets: Vec<_> = route.attachments.iter().map(named).collect();
            if targets.is_empty() {
                targets.push(Ok(CoreNext::Blackhole));
            }
            for block in &route.blocks {
                entries.extend(targets.iter().map(|target| Entry {
                    destination: Ok(block.clone()),
                    origin: Origin::Static,
                    target: target.clone(),
                    span: route.span,
                    exists: Ok(()),
                }));
            }
        }
        Fib::new(entries, open.or_else(|| self.unseen_resource(core)))
    }

    fn core_attachment_by(&self, value: &crate::graph::Value) -> Result<CoreNext, Unknown> {
        let crate::graph::Value::Unknown(symbol) = value else {
            return Err(Unknown::new("an attachment", Why::ReadAtApply));
        };
        let (resource, _) = super::id::attribute(symbol).ok_or_else(|| symbol.unknown())?;
        let found = self.core_attachments.find(&Key::Resource(resource));
        found.map(|one| CoreNext::Attachment(one.id)).ok_or_else(|| symbol.unknown())
    }

    fn announce_to_core(
        &self,
        attachment: &Declared<CoreAttachment>,
        entries: &mut Vec<Entry<CoreNext>>,
    ) {
        let mut add = |destination, origin| {
            entries.push(Entry {
                destination,
                origin,
                target: Ok(CoreNext::Attachment(attachment.id)),
                span: attachment.span,
                exists: attachment.exists.clone(),
            });
        };
        let Some((vpc, _)) = &attachment.vpc else {
            let name = format!("what BGP announces through {}", attachment.name);
            return add(Err(Unknown::new(name, Why::ReadAtApply)), Origin::Vpn);
        };
        let vpc = match vpc.get() {
            Ok(vpc) => *vpc,
            Err(unknown) => return add(Err(unknown), Origin::Vpc),
        };
        for family in [Family::V4, Family::V6] {
            let blocks = self.blocks_of(vpc, family);
            blocks.items.iter().for_each(|(block, _)| add(Ok(block.clone()), Origin::Vpc));
            if let (Some(unknown), Family::V4) = (&blocks.open, family) {
                add(Err(unknown.clone()), Origin::Vpc);
            }
        }
    }
}
