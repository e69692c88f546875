//! What a security group admits, with everything that is attached to it.

use crate::unknown::{Unknown, Why};

use super::id::{Declared, Id, Key};
use super::{Direction, Many, Network, Permission, SecurityGroup, Tri, Vpc};

/// The permissions of one direction.
#[derive(Debug)]
pub struct Permissions<'a> {
    /// The rules; where the second is set, it cannot be told whether the rule is there.
    pub rules: Vec<(&'a Permission, Option<Unknown>)>,
    /// AWS's rule that lets everything out is there.
    pub everything: bool,
    /// The group admits itself: a default group, or a cluster's own.
    pub itself: bool,
    /// Where set, there may be more.
    pub open: Option<Unknown>,
}

impl Network {
    /// A security group by its proper name: `aws_default_security_group` adopts the one that its VPC
    /// brings along, and takes its rules away.
    pub fn group(&self, id: Id<SecurityGroup>) -> &Declared<SecurityGroup> {
        let group = &self.security_groups[id];
        let Key::Derived(owner, "default") = group.key else { return group };
        let adopts = |one: &&Declared<SecurityGroup>| match one.vpc.get() {
            Ok(Some(vpc)) => one.adopts && self.vpc(*vpc).key == Key::Resource(owner),
            _ => false,
        };
        self.security_groups.iter().find(adopts).unwrap_or(group)
    }

    /// Why the default group of a VPC may be adopted: by that of a VPC which may be this one.
    fn may_be_adopted(&self, group: &Declared<SecurityGroup>) -> Option<Unknown> {
        let Key::Derived(_, "default") = group.key else { return None };
        let owner = self.vpc_of_group(group.id)?;
        let mut adopting = self.security_groups.iter().filter(|one| one.adopts);
        adopting.find_map(|one| match one.vpc.get() {
            Ok(Some(vpc)) => self.same_vpc(*vpc, owner).maybe(),
            Ok(None) => None,
            Err(unknown) => Some(unknown),
        })
    }

    /// Whether a group may be used in a VPC beside its own.
    pub fn may_be_in(&self, group: &Declared<SecurityGroup>, vpc: Id<Vpc>) -> bool {
        self.group_associations.iter().any(|one| {
            let group_fits = one.group.get().map_or(true, |other| {
                let other = self.group(*other);
                other.id == group.id || self.may_be(other, group).is_some()
            });
            group_fits && one.vpc.get().map_or(true, |other| self.same_vpc(*other, vpc) != Tri::No)
        })
    }

    /// Whether interfaces in a VPC can have a group: one of the VPC, or one that is associated with it
    /// (<https://docs.aws.amazon.com/vpc/latest/userguide/security-group-assoc.html>).
    pub fn is_usable_in(&self, id: Id<SecurityGroup>, vpc: Id<Vpc>) -> Tri {
        let group = self.group(id);
        let own = match self.vpc_of_group(group.id) {
            Some(own) => self.same_vpc(own, vpc),
            None => Tri::Maybe(Unknown::new(std::sync::Arc::clone(&group.name), Why::ReadAtApply)),
        };
        let further = self.group_associations.iter().map(|one| {
            let of_group = match one.group.get().map(|other| self.group(*other)) {
                Ok(other) if other.id == group.id => Tri::Yes,
                Ok(other) if other.managed => Tri::No,
                Ok(other) => self.may_be(other, group).map_or(Tri::No, Tri::Maybe),
                Err(unknown) => Tri::Maybe(unknown),
            };
            let there = one.exists.clone().map_or_else(Tri::Maybe, |()| Tri::Yes);
            let with = one.vpc.get().map_or_else(Tri::Maybe, |other| self.same_vpc(*other, vpc));
            Tri::all([of_group, there, with])
        });
        Tri::any([own].into_iter().chain(further))
    }

    /// What a group admits in one direction.
    pub fn permissions(&self, id: Id<SecurityGroup>, direction: Direction) -> Permissions<'_> {
        let group = self.group(id);
        let inline: &Many<Permission> = match direction {
            Direction::Ingress => &group.ingress,
            Direction::Egress => &group.egress,
        };
        let mut rules: Vec<_> = inline.known().map(|(rule, _)| (rule, None)).collect();
        let mut open = inline.open();
        if !group.managed {
            open = open.or_else(|| self.may_be(group, group));
        }
        open = open.or_else(|| self.unseen_resource(group)).or_else(|| self.may_be_adopted(group));
        let mut apart = false;
        for rule in self.security_group_rules.iter() {
            let owner = match rule.group.get() {
                Ok(owner) => &self.security_groups[*owner],
                Err(unknown) => {
                    open = open.or(Some(unknown));
                    continue;
                }
            };
            let way = rule.direction.get();
            if way.as_ref().is_ok_and(|way| **way != direction) {
                continue;
            }
            if owner.id == id || owner.id == group.id {
                apart = true;
                let maybe = rule.exists.clone().err().or_else(|| way.err());
                rules.push((&rule.it.permission, maybe));
            } else if !owner.managed {
                open = open.or_else(|| self.may_be(owner, group));
            }
        }
        let out = direction == Direction::Egress;
        let everything = out && group.default_egress;
        let brought = matches!(group.key, Key::Derived(..));
        // Whether a rule of its own removes CloudFormation's default egress rule is not documented.
        if everything && apart && !brought {
            open = open.or_else(|| {
                let name = format!("the default egress of {}", group.name);
                Some(Unknown::new(name, Why::ReadAtApply))
            });
        }
        Permissions {
            rules,
            everything: everything && (!apart || brought),
            itself: !out && brought,
            open,
        }
    }
}
