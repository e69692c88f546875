//! Launch templates: the groups of what is launched, and whether it sets itself up in its own way.

use std::sync::Arc;

use super::attr::{Attr, Many};
use super::fields::{Fields, Kind};
use super::id::Id;
use super::security_group::SecurityGroup;

/// A launch template.
#[derive(Debug)]
pub struct LaunchTemplate {
    /// What runs at the start; it may name a proxy, or another registry.
    pub user_data: Attr<Option<Arc<str>>>,
    /// The image; one of its own may bring along what others fetch.
    pub image: Attr<Option<Arc<str>>>,
    /// The security groups of the interfaces.
    pub groups: Many<Id<SecurityGroup>>,
}

impl Kind for LaunchTemplate {
    const TERRAFORM: &'static [&'static str] = &["aws_launch_template"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::LaunchTemplate"];
    const NAMES: &'static [&'static str] = &["name", "LaunchTemplateId", "LaunchTemplateName"];
    const CALLED: (&'static str, &'static str) = ("name", "LaunchTemplateName");

    fn read(fields: &Fields<'_>) -> Self {
        let data = if fields.is_terraform() {
            Some(*fields)
        } else {
            fields.block("", "LaunchTemplateData")
        };
        let data = data.unwrap_or_else(|| fields.nothing());
        let mut groups = data.ids("vpc_security_group_ids", "SecurityGroupIds");
        let interfaces = data.blocks("network_interfaces", "NetworkInterfaces");
        groups.rest = groups.rest.or(interfaces.rest);
        for interface in interfaces.items.into_iter().filter_map(|item| item.value.ok()) {
            let own = interface.ids("security_groups", "Groups");
            groups.items.extend(own.items);
            groups.rest = groups.rest.or(own.rest);
        }
        Self {
            user_data: data.parse("user_data", "UserData"),
            image: data.parse("image_id", "ImageId"),
            groups,
        }
    }
}
