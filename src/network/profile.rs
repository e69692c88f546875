//! Route 53 Profiles: what is put into them, and the VPCs that have them.

use std::sync::Arc;

use super::attr::{Attr, Many};
use super::fields::{Fields, Kind};
use super::id::Id;
use super::sharing::Handed;
use super::vpc::Vpc;

/// A Route 53 Profile.
#[derive(Debug)]
pub struct Profile {}

impl Kind for Profile {
    const TERRAFORM: &'static [&'static str] = &["aws_route53profiles_profile"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::Route53Profiles::Profile"];

    fn read(_: &Fields<'_>) -> Self {
        Self {}
    }
}

/// Ties a Profile to a VPC.
#[derive(Debug)]
pub struct ProfileAssociation {
    /// The Profile.
    pub profile: Attr<Id<Profile>>,
    /// The VPC.
    pub vpc: Attr<Id<Vpc>>,
}

impl Kind for ProfileAssociation {
    const TERRAFORM: &'static [&'static str] = &["aws_route53profiles_association"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::Route53Profiles::ProfileAssociation"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            profile: fields.required_id("profile_id", "ProfileId"),
            vpc: fields.required_id("resource_id", "ResourceId"),
        }
    }
}

/// Puts a thing into a Profile.
#[derive(Debug)]
pub struct ProfileResource {
    /// The Profile.
    pub profile: Attr<Id<Profile>>,
    /// The thing.
    pub thing: Many<Handed>,
    /// Its properties as JSON: the priority of a firewall rule group.
    pub properties: Attr<Option<Arc<str>>>,
}

impl Kind for ProfileResource {
    const TERRAFORM: &'static [&'static str] = &["aws_route53profiles_resource_association"];
    const CLOUDFORMATION: &'static [&'static str] =
        &["AWS::Route53Profiles::ProfileResourceAssociation"];

    fn read(fields: &Fields<'_>) -> Self {
        Self {
            profile: fields.required_id("profile_id", "ProfileId"),
            thing: fields.single("resource_arn", "ResourceArn"),
            properties: fields.parse("resource_properties", "ResourceProperties"),
        }
    }
}

impl ProfileResource {
    /// The priority that the properties give a firewall rule group.
    pub fn priority(&self) -> Option<i64> {
        let text = self.properties.get().ok()?.as_ref()?;
        let (_, rest) = text.split_once("\"priority\"")?;
        let rest = rest.trim_start_matches([' ', ':', '"']);
        rest[..rest.find(|c: char| !c.is_ascii_digit())?].parse().ok()
    }
}
