//! What is tied to a VPC endpoint: subnets, security groups, route tables.

use crate::unknown::{Unknown, Why};

use super::id::{Declared, Id, Key};
use super::{Attr, Many, Network, RouteTable, SecurityGroup, Subnet, Tied, VpcEndpoint};

impl Network {
    /// The subnets of an interface endpoint.
    pub fn subnets_of_vpc_endpoint(&self, endpoint: &Declared<VpcEndpoint>) -> Tied<Id<Subnet>> {
        let apart = self.vpc_endpoint_subnets.iter();
        let apart = apart.map(|one| (&one.it.endpoint, &one.it.subnet, &one.exists));
        self.tied_to(endpoint, &endpoint.subnets, apart)
    }

    /// The route tables of a gateway endpoint.
    pub fn tables_of_vpc_endpoint(&self, endpoint: &Declared<VpcEndpoint>) -> Tied<Id<RouteTable>> {
        let apart = self.vpc_endpoint_tables.iter();
        let apart = apart.map(|one| (&one.it.endpoint, &one.it.table, &one.exists));
        self.tied_to(endpoint, &endpoint.tables, apart)
    }

    /// The security groups of an interface endpoint: the VPC's default one where none is written
    /// (<https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcendpoint.html>).
    pub fn groups_of_vpc_endpoint(
        &self,
        endpoint: &Declared<VpcEndpoint>,
    ) -> Tied<Id<SecurityGroup>> {
        let apart = self.vpc_endpoint_groups.iter();
        let apart = apart.map(|one| (&one.it.endpoint, &one.it.group, &one.exists));
        let mut tied = self.tied_to(endpoint, &endpoint.groups, apart);
        if !tied.items.is_empty() || tied.open.is_some() {
            return tied;
        }
        let default = endpoint.vpc.get().map(|vpc| match self.vpc(*vpc).key {
            Key::Resource(vpc) => self.security_groups.find(&Key::Derived(vpc, "default")),
            _ => None,
        });
        match default {
            Ok(Some(group)) => tied.items.push((group.id, endpoint.span)),
            Ok(None) => {
                let name = format!("the default security group of the VPC of {}", endpoint.name);
                tied.open = Some(Unknown::new(name, Why::ReadAtApply));
            }
            Err(unknown) => tied.open = Some(unknown),
        }
        tied
    }

    /// What the endpoint itself names, and what resources of their own add.
    fn tied_to<'a, T: 'a>(
        &self,
        endpoint: &Declared<VpcEndpoint>,
        own: &Many<Id<T>>,
        apart: impl Iterator<
            Item = (&'a Attr<Id<VpcEndpoint>>, &'a Attr<Id<T>>, &'a Result<(), Unknown>),
        >,
    ) -> Tied<Id<T>> {
        let mut tied = Tied {
            items: own.known().map(|(one, span)| (*one, span)).collect(),
            open: own.open().or_else(|| self.unseen_resource(endpoint)),
        };
        for (named, thing, exists) in apart {
            match named.get().map(|named| &self.vpc_endpoints[*named]) {
                Ok(named) if named.id == endpoint.id => {}
                Ok(named) if named.managed => continue,
                Ok(named) => {
                    tied.open = tied.open.or_else(|| self.may_be(named, endpoint));
                    continue;
                }
                Err(unknown) => {
                    tied.open = tied.open.or(Some(unknown));
                    continue;
                }
            }
            match exists.clone().and_then(|()| thing.get().copied()) {
                Ok(one) => tied.items.push((one, thing.span().unwrap_or(endpoint.span))),
                Err(unknown) => tied.open = tied.open.or(Some(unknown)),
            }
        }
        tied
    }
}
