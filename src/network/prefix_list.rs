//! Managed prefix lists.

use crate::unknown::Unknown;

use super::attr::{Attr, Item, Many};
use super::cidr::Cidr;
use super::fields::{Fields, Kind};
use super::id::Id;
use super::{Network, Tied};

/// A managed prefix list.
#[derive(Debug)]
pub struct PrefixList {
    /// The blocks written inside.
    pub entries: Many<Cidr>,
    /// Whether AWS keeps it: it holds the public addresses of a service, which is neither a VPC, nor EKS,
    /// nor a name server
    /// (<https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html>).
    pub of_aws: bool,
}

/// What an interface or gateway endpoint brings along.
const SERVICE: &str = "prefix list of the service";

impl Kind for PrefixList {
    const TERRAFORM: &'static [&'static str] = &["aws_ec2_managed_prefix_list", "aws_prefix_list"];
    const CLOUDFORMATION: &'static [&'static str] = &["AWS::EC2::PrefixList"];
    const NAMES: &'static [&'static str] = &["PrefixListId"];
    const DERIVED: &'static [(&'static str, &'static str)] = &[("prefix_list_id", SERVICE)];

    fn read(fields: &Fields<'_>) -> Self {
        let blocks = fields.blocks("entry", "Entries");
        let items = blocks.items.into_iter().map(|item| {
            let cidr = item.value.and_then(|block| block.required("cidr", "Cidr").get().cloned());
            Item { value: cidr, span: item.span }
        });
        let named = match fields.parse::<std::sync::Arc<str>>("name", "") {
            Attr::Set(Some(name), _) => {
                name.trim_start_matches("cn.").starts_with("com.amazonaws.")
            }
            _ => false,
        };
        Self {
            entries: Many { items: items.collect(), rest: blocks.rest },
            // The older data source knows no others.
            of_aws: named || fields.kind == "aws_prefix_list",
        }
    }

    fn derived(_role: &str) -> Option<Self> {
        Some(Self { entries: Many::default(), of_aws: true })
    }
}

/// A block of a prefix list that is a resource of its own.
#[derive(Debug)]
pub struct PrefixListEntry {
    /// The list.
    pub list: Attr<Id<PrefixList>>,
    /// The block.
    pub cidr: Attr<Cidr>,
}

impl Kind for PrefixListEntry {
    const TERRAFORM: &'static [&'static str] = &["aws_ec2_managed_prefix_list_entry"];
    const CLOUDFORMATION: &'static [&'static str] = &[];

    fn read(fields: &Fields<'_>) -> Self {
        Self { list: fields.required_id("prefix_list_id", ""), cidr: fields.required("cidr", "") }
    }
}

impl Network {
    /// The blocks of a prefix list, as far as they may hold what a packet here goes to or comes from.
    pub fn prefixes_of(&self, list: Id<PrefixList>) -> Tied<Cidr> {
        let list = &self.prefix_lists[list];
        if list.of_aws {
            return Tied { items: Vec::new(), open: None };
        }
        let items = list.entries.known().map(|(cidr, span)| (cidr.clone(), span)).collect();
        let open = list.entries.open().or_else(|| self.unseen_resource(list));
        let open = open.or_else(|| if list.managed { None } else { self.may_be(list, list) });
        let mut tied: Tied<Cidr> = Tied { items, open };
        let mut maybe = |unknown: Option<Unknown>| tied.open = tied.open.take().or(unknown);
        let mut found = Vec::new();
        for entry in self.prefix_list_entries.iter() {
            let owner = match entry.list.get() {
                Ok(owner) => &self.prefix_lists[*owner],
                Err(unknown) => {
                    maybe(Some(unknown));
                    continue;
                }
            };
            if owner.id != list.id {
                maybe(if owner.managed { None } else { self.may_be(owner, list) });
                continue;
            }
            match entry.exists.clone().and_then(|()| entry.cidr.get().cloned()) {
                Ok(cidr) => found.push((cidr, entry.span)),
                Err(unknown) => maybe(Some(unknown)),
            }
        }
        tied.items.extend(found);
        tied
    }
}
