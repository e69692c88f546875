//! What acts on the queries of a VPC: rules, zones, private names, firewall, by itself or by a Profile.

use hashbrown::HashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::source::Span;
use crate::unknown::{Unknown, Why};

use super::id::{Declared, Id, Table};
use super::{
    Attr, FirewallRuleGroup, Handed, HostedZone, Namespace, Network, Profile, Region, ResolverRule,
    Reverse, Tied, Tri, Vpc, VpcEndpoint, VpcEndpointType,
};

/// How a thing comes to act in a VPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Through {
    /// It is tied to the VPC itself.
    Vpc,
    /// It is in a Profile that is tied to the VPC.
    Profile(Id<Profile>),
}

/// A thing that acts in a VPC.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting<T> {
    /// The thing.
    pub thing: Id<T>,
    /// How it came.
    pub through: Through,
    /// The place that ties it, or its Profile, to the VPC.
    pub span: Span,
}

/// So many VPCs that are only named may be others of the code by a second name; who names more means those of others.
const FEW: usize = 16;

/// What acts on the queries of one VPC.
#[derive(Debug, Default)]
pub struct View {
    /// Resolver rules.
    pub rules: Vec<Acting<ResolverRule>>,
    /// Private zones.
    pub zones: Vec<Acting<HostedZone>>,
    /// Private zones of which it cannot be told whether the VPC sees them.
    pub perhaps_zones: Vec<(Id<HostedZone>, Unknown)>,
    /// Interface endpoints with private names; where the last is set, it cannot be told whether it has.
    pub endpoints: Vec<(Acting<VpcEndpoint>, Option<Unknown>)>,
    /// Namespaces of Cloud Map.
    pub namespaces: Vec<Acting<Namespace>>,
    /// Firewall groups with their priorities.
    pub firewall: Vec<(Acting<FirewallRuleGroup>, Result<i64, Unknown>)>,
    /// Why there may be more rules.
    pub more_rules: Option<Unknown>,
    /// Why there may be more zones.
    pub more_zones: Option<Unknown>,
    /// Why there may be more firewall groups.
    pub more_firewall: Option<Unknown>,
    /// Whether there are rules for reverse lookups.
    pub reverse: Option<Result<Reverse, Unknown>>,
}

/// What is put into a Profile.
#[derive(Debug, Default)]
pub struct Contents {
    /// Rules.
    pub rules: Vec<Id<ResolverRule>>,
    /// Zones.
    pub zones: Vec<Id<HostedZone>>,
    /// Interface endpoints.
    pub endpoints: Vec<Id<VpcEndpoint>>,
    /// Firewall groups with their priorities.
    pub firewall: Vec<(Id<FirewallRuleGroup>, Option<i64>)>,
    /// Where set, there may be more of anything.
    pub open: Option<Unknown>,
}

/// Things by the VPC that they name, so that each VPC need not look at all of them.
struct ByVpc<'a, A> {
    own: HashMap<Id<Vpc>, Vec<&'a Declared<A>>>,
    /// VPCs that may be others under another name.
    named: BTreeSet<Id<Vpc>>,
    /// Why the VPC of one of them cannot be told.
    open: Option<Unknown>,
}

impl<'a, A> ByVpc<'a, A> {
    fn new(network: &Network, table: &'a Table<A>, vpc: impl Fn(&A) -> &Attr<Id<Vpc>>) -> Self {
        let mut all = Self { own: HashMap::new(), named: BTreeSet::new(), open: None };
        for one in table.iter() {
            match vpc(one).get() {
                Ok(owner) => {
                    let owner = network.vpc(*owner);
                    all.own.entry(owner.id).or_default().push(one);
                    if !owner.managed {
                        all.named.insert(owner.id);
                    }
                }
                Err(unknown) => all.open = Some(unknown),
            }
        }
        all
    }

    fn of(&self, vpc: Id<Vpc>) -> impl Iterator<Item = &'a Declared<A>> {
        self.own.get(&vpc).into_iter().flatten().copied()
    }

    /// Why a VPC may have more than those that name it.
    fn more(&self, network: &Network, vpc: &Declared<Vpc>) -> Option<Unknown> {
        let others = self.named.iter().filter(|named| **named != vpc.id);
        let alias =
            || others.into_iter().find_map(|named| network.may_be(network.vpc(*named), vpc));
        self.open.clone().or_else(alias)
    }
}

/// Adds what ties a thing to a VPC.
fn add<T>(
    acting: &mut Vec<Acting<T>>,
    more: &mut Option<Unknown>,
    exists: &Result<(), Unknown>,
    thing: &Attr<Id<T>>,
    span: Span,
) {
    match exists.clone().and_then(|()| thing.get().copied()) {
        Ok(thing) => acting.push(Acting { thing, through: Through::Vpc, span }),
        Err(unknown) => *more = Some(unknown),
    }
}

/// Everything that is tied to VPCs, by VPC.
struct Everything<'a> {
    rules: ByVpc<'a, super::RuleAssociation>,
    profiles: ByVpc<'a, super::ProfileAssociation>,
    zones: ByVpc<'a, super::ZoneAssociation>,
    inline: BTreeMap<Id<Vpc>, Vec<(&'a Declared<HostedZone>, Span)>>,
    /// Zones that may be tied to further VPCs.
    open_zones: Vec<(Id<HostedZone>, Unknown)>,
    /// Whether so few VPCs are only named that each is asked whether it is another one.
    are_few: bool,
    endpoints: ByVpc<'a, VpcEndpoint>,
    namespaces: ByVpc<'a, Namespace>,
    firewall: ByVpc<'a, super::FirewallAssociation>,
    configs: ByVpc<'a, super::ResolverConfig>,
    contents: HashMap<Id<Profile>, Contents>,
}

impl Network {
    /// What acts on the queries of a VPC.
    pub fn view(&self, vpc: Id<Vpc>) -> &View {
        static NOTHING: View = View {
            rules: Vec::new(),
            zones: Vec::new(),
            perhaps_zones: Vec::new(),
            endpoints: Vec::new(),
            namespaces: Vec::new(),
            firewall: Vec::new(),
            more_rules: None,
            more_zones: None,
            more_firewall: None,
            reverse: None,
        };
        self.views.get(&self.vpc(vpc).id).unwrap_or(&NOTHING)
    }

    /// The rules that act in a VPC: associated with it, or through a Profile.
    pub fn rules_of(&self, vpc: Id<Vpc>) -> Tied<Id<ResolverRule>> {
        let view = self.view(vpc);
        let items = view.rules.iter().map(|one| (one.thing, one.span)).collect();
        Tied { items, open: view.more_rules.clone() }
    }

    /// The VPCs in which a rule acts, in the order of the code.
    pub fn vpcs_with_rules(&self) -> BTreeSet<Id<Vpc>> {
        let acted = self.views.iter().filter(|(_, view)| !view.rules.is_empty());
        acted.map(|(vpc, _)| *vpc).collect()
    }

    /// Looks once at everything that is tied to any VPC.
    pub(super) fn view_all(&self) -> HashMap<Id<Vpc>, View> {
        let mut inline: BTreeMap<_, Vec<_>> = BTreeMap::new();
        let mut open_zones = Vec::new();
        for zone in self.zones.iter() {
            for (vpc, span) in zone.vpcs.known() {
                inline.entry(self.vpc(*vpc).id).or_default().push((zone, span));
            }
            let open = zone.vpcs.open().filter(|_| zone.managed);
            open_zones.extend(open.map(|unknown| (zone.id, unknown)));
        }
        let contents = self.profiles.iter().map(|one| (one.id, self.contents_of(one))).collect();
        let all = Everything {
            rules: ByVpc::new(self, &self.rule_associations, |one| &one.vpc),
            profiles: ByVpc::new(self, &self.profile_associations, |one| &one.vpc),
            zones: ByVpc::new(self, &self.zone_associations, |one| &one.vpc),
            inline,
            open_zones,
            are_few: self.distinct_vpcs().filter(|vpc| !vpc.managed).count() <= FEW,
            endpoints: ByVpc::new(self, &self.vpc_endpoints, |one| &one.vpc),
            namespaces: ByVpc::new(self, &self.namespaces, |one| &one.vpc),
            firewall: ByVpc::new(self, &self.firewall_associations, |one| &one.vpc),
            configs: ByVpc::new(self, &self.resolver_configs, |one| &one.vpc),
            contents,
        };
        self.distinct_vpcs().map(|vpc| (vpc.id, self.view_of(vpc, &all))).collect()
    }

    fn view_of(&self, vpc: &Declared<Vpc>, all: &Everything<'_>) -> View {
        let unseen = self.unseen(vpc.id);
        let outside = |what: &str| {
            let name = format!("the {what} of {}", vpc.name);
            (!vpc.managed).then(|| Unknown::new(name, Why::ReadAtApply))
        };
        let mut view = View {
            more_rules: unseen.clone().or_else(|| outside("rules")),
            more_zones: unseen.clone(),
            more_firewall: unseen.or_else(|| outside("DNS Firewall")),
            ..View::default()
        };
        let region = self.whole_region_of_vpc(vpc.id);
        for one in all.rules.of(vpc.id) {
            // AWS refuses the association of a rule with a VPC of another Region.
            let apart = one
                .rule
                .get()
                .is_ok_and(|rule| region.apart(&Region::of(&self.rules[*rule])) == Tri::Yes);
            if !apart {
                add(&mut view.rules, &mut view.more_rules, &one.exists, &one.rule, one.span);
            }
        }
        for (zone, span) in all.inline.get(&vpc.id).into_iter().flatten() {
            let id = Attr::Set(zone.id, *span);
            add(&mut view.zones, &mut view.more_zones, &zone.exists, &id, *span);
        }
        for one in all.zones.of(vpc.id) {
            if let Attr::Set(Some(namespace), span) = one.namespace {
                let id = Attr::Set(namespace, span);
                add(&mut view.namespaces, &mut view.more_zones, &one.exists, &id, one.span);
            } else {
                add(&mut view.zones, &mut view.more_zones, &one.exists, &one.zone, one.span);
            }
        }
        let seen = |zone: Id<HostedZone>| view.zones.iter().any(|one| one.thing == zone);
        let others = all.inline.iter().filter(|(named, _)| {
            all.are_few && **named != vpc.id && !(vpc.managed && self.vpc(**named).managed)
        });
        let of_others = others.flat_map(|(named, zones)| {
            let perhaps = self.same_vpc(*named, vpc.id).maybe();
            let zone =
                |unknown: Unknown| zones.iter().map(move |(zone, _)| (zone.id, unknown.clone()));
            perhaps.into_iter().flat_map(zone)
        });
        let perhaps = all.open_zones.iter().cloned().chain(of_others);
        view.perhaps_zones = perhaps.filter(|(zone, _)| !seen(*zone)).collect();
        for one in all.endpoints.of(vpc.id) {
            self.add_endpoint(&mut view, one, Through::Vpc, one.span, None);
        }
        let named = all.endpoints.named.iter().filter(|named| all.are_few && **named != vpc.id);
        for named in named {
            let Some(unknown) = self.same_vpc(*named, vpc.id).maybe() else { continue };
            for one in all.endpoints.of(*named) {
                self.add_endpoint(&mut view, one, Through::Vpc, one.span, Some(&unknown));
            }
        }
        for one in all.namespaces.of(vpc.id) {
            let id = Attr::Set(one.id, one.span);
            add(&mut view.namespaces, &mut view.more_zones, &one.exists, &id, one.span);
        }
        self.add_firewall(&mut view, vpc, all);
        self.add_profiles(&mut view, vpc, all);
        view.more_rules = view.more_rules.or_else(|| all.rules.more(self, vpc));
        view.more_zones = view.more_zones.or_else(|| all.zones.more(self, vpc));
        view.reverse = all
            .configs
            .of(vpc.id)
            .next()
            .map(|config| config.exists.clone().and_then(|()| config.reverse.get().copied()));
        view
    }

    fn add_endpoint(
        &self,
        view: &mut View,
        endpoint: &Declared<VpcEndpoint>,
        through: Through,
        span: Span,
        perhaps: Option<&Unknown>,
    ) {
        let open = match self.has_private_names(endpoint) {
            Tri::No => return,
            Tri::Yes => None,
            Tri::Maybe(unknown) => Some(unknown),
        };
        let open = open.or_else(|| perhaps.cloned());
        view.endpoints.push((Acting { thing: endpoint.id, through, span }, open));
    }

    /// Whether an endpoint brings the private names of its service.
    pub fn has_private_names(&self, endpoint: &Declared<VpcEndpoint>) -> Tri {
        match endpoint.endpoint_type.get() {
            Ok(VpcEndpointType::Interface) => {}
            Ok(_) => return Tri::No,
            Err(unknown) => return Tri::Maybe(unknown),
        }
        let own = self
            .vpc_endpoint_dns
            .iter()
            .filter(|one| matches!(one.endpoint.get(), Ok(id) if *id == endpoint.id));
        let own = own.map(|one| match (&one.exists, one.enabled.get()) {
            (Ok(()), Ok(enabled)) => (*enabled).into(),
            (Err(unknown), _) => Tri::Maybe(unknown.clone()),
            (_, Err(unknown)) => Tri::Maybe(unknown),
        });
        let written = match endpoint.private_dns.get() {
            Ok(Some(enabled)) => (*enabled).into(),
            Ok(None) => {
                let name = format!("{}.private_dns_enabled", endpoint.name);
                Tri::Maybe(Unknown::new(name, Why::KnownAfterApply))
            }
            Err(unknown) => Tri::Maybe(unknown),
        };
        let there = endpoint.exists.clone().err().map_or(Tri::Yes, Tri::Maybe);
        Tri::all([there, own.last().unwrap_or(written)])
    }

    fn add_firewall(&self, view: &mut View, vpc: &Declared<Vpc>, all: &Everything<'_>) {
        for one in all.firewall.of(vpc.id) {
            let mut acting = Vec::new();
            add(&mut acting, &mut view.more_firewall, &one.exists, &one.group, one.span);
            let priority = one.priority.get().copied();
            view.firewall.extend(acting.into_iter().map(|acting| (acting, priority.clone())));
        }
        let more = || all.firewall.more(self, vpc);
        view.more_firewall = view.more_firewall.take().or_else(more);
    }

    fn add_profiles(&self, view: &mut View, vpc: &Declared<Vpc>, all: &Everything<'_>) {
        let mut profiles = Vec::new();
        let mut more = None;
        for one in all.profiles.of(vpc.id) {
            add(&mut profiles, &mut more, &one.exists, &one.profile, one.span);
        }
        for Acting { thing: profile, span, .. } in profiles {
            let Some(contents) = all.contents.get(&profile) else { continue };
            let through = Through::Profile(profile);
            let rules = contents.rules.iter();
            view.rules.extend(rules.map(|thing| Acting { thing: *thing, through, span }));
            let zones = contents.zones.iter();
            view.zones.extend(zones.map(|thing| Acting { thing: *thing, through, span }));
            for endpoint in &contents.endpoints {
                self.add_endpoint(view, &self.vpc_endpoints[*endpoint], through, span, None);
            }
            for (group, priority) in &contents.firewall {
                let name = || format!("the priority of {}", self.firewall_groups[*group].name);
                let open = || Unknown::new(name(), Why::KnownAfterApply);
                let acting = Acting { thing: *group, through, span };
                view.firewall.push((acting, priority.ok_or_else(open)));
            }
            more = more.or_else(|| contents.open.clone());
        }
        let more = more.or_else(|| all.profiles.more(self, vpc));
        for open in [&mut view.more_rules, &mut view.more_zones, &mut view.more_firewall] {
            *open = open.take().or_else(|| more.clone());
        }
    }

    /// What is put into a Profile.
    pub fn contents_of(&self, profile: &Declared<Profile>) -> Contents {
        let outside = || Unknown::new(Arc::clone(&profile.name), Why::ReadAtApply);
        let mut contents = Contents {
            open: (!profile.managed)
                .then(outside)
                .or_else(|| self.unseen_resource(profile))
                .or_else(|| self.exported(profile)),
            ..Contents::default()
        };
        for one in self.profile_resources.iter() {
            match one.profile.get() {
                Ok(into) if *into == profile.id => {}
                Ok(into) => {
                    let perhaps = self.same(&self.profiles[*into], profile).maybe();
                    contents.open = contents.open.take().or(perhaps);
                    continue;
                }
                Err(unknown) => {
                    contents.open.get_or_insert(unknown);
                    continue;
                }
            }
            if let Some(unknown) = one.exists.clone().err().or_else(|| one.thing.open()) {
                contents.open.get_or_insert(unknown);
                continue;
            }
            for (handed, _) in one.thing.known() {
                match handed {
                    Handed::Rule(rule) => contents.rules.push(*rule),
                    Handed::Zone(zone) => contents.zones.push(*zone),
                    Handed::Endpoint(endpoint) => contents.endpoints.push(*endpoint),
                    Handed::Firewall(group) => contents.firewall.push((*group, one.priority())),
                    Handed::RuleById(_)
                    | Handed::Profile(_)
                    | Handed::ResolverEndpoint(_)
                    | Handed::Other => {}
                    Handed::Open(unknown) => {
                        contents.open.get_or_insert_with(|| unknown.clone());
                    }
                }
            }
        }
        contents
    }

    /// The Profiles that a VPC has, each with the place that ties it.
    pub fn profiles_of(&self, vpc: Id<Vpc>) -> Vec<(Id<Profile>, Span)> {
        let vpc = self.vpc(vpc).id;
        let of_vpc = |one: &&Declared<super::ProfileAssociation>| {
            one.exists.is_ok() && one.vpc.get().is_ok_and(|owner| self.vpc(*owner).id == vpc)
        };
        let all = self.profile_associations.iter().filter(of_vpc);
        all.filter_map(|one| Some((*one.profile.get().ok()?, one.span))).collect()
    }

    /// Whatever is put into Profiles and shares.
    pub fn handed_over(
        &self,
    ) -> impl Iterator<Item = (&super::Many<Handed>, &Result<(), Unknown>)> {
        let profiles = self.profile_resources.iter().map(|one| (&one.thing, &one.exists));
        let members = self.share_members.iter().map(|one| (&one.thing, &one.exists));
        let shares = self.shares.iter().filter(|one| one.managed);
        profiles.chain(members).chain(shares.map(|one| (&one.things, &one.exists)))
    }
}
