//! The names that AWS keeps for every VPC: of instances, of reverse lookups.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::LazyLock;

use ipnet::IpNet;

use crate::network::{Cidr, Family, Id, Label, Name, Network, Reverse, Tri, Vpc};
use crate::unknown::{Symbol, Why};

use super::Question;
use super::matching::Asked;

/// Reverse zones that every VPC has
/// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-DSN-queries-to-vpc.html>).
const REVERSE: [&str; 5] = [
    "10.in-addr.arpa",
    "168.192.in-addr.arpa",
    "254.169.254.169.in-addr.arpa",
    "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa",
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa",
];

/// Names that mean the host itself.
const LOCAL: [&str; 3] = ["localhost", "localdomain", "127.in-addr.arpa"];

/// Both as names, with the reverse zones of the second private block.
static KEPT: LazyLock<(Vec<Name>, Vec<Name>)> = LazyLock::new(|| {
    let private = (16..32).map(|second| Name::new(&format!("{second}.172.in-addr.arpa")));
    let reverse = REVERSE.iter().map(|name| Name::new(name)).chain(private);
    (LOCAL.iter().map(|name| Name::new(name)).collect(), reverse.collect())
});

/// A name that AWS keeps, with whether it is there.
pub(super) type Kept = (Cow<'static, Name>, Tri);

/// The names that AWS keeps for a VPC, as far as they may matter to a question, each with whether it is
/// there. Those of connected VPCs, which come with an option of the connection, are not among them.
pub(super) fn names(network: &Network, vpc: Id<Vpc>, asked: &Asked) -> Vec<Kept> {
    if matches!(asked.question, Question::Endpoint(_)) {
        return Vec::new(); // none of them is above an endpoint's name
    }
    let (view, vpc) = (network.view(vpc), network.vpc(vpc));
    let hostnames: Tri = match vpc.dns_hostnames.get() {
        Ok(on) => (*on).into(),
        Err(unknown) => Tri::Maybe(unknown),
    };
    let reverse = match &view.reverse {
        None | Some(Ok(Reverse::Enabled)) => Tri::Yes,
        Some(Ok(Reverse::Disabled)) => Tri::No,
        Some(Err(unknown)) => Tri::Maybe(unknown.clone()),
    };
    let reverse = Tri::all([hostnames.clone(), reverse]);
    let (local, common) = &*KEPT;
    let mut names: Vec<Kept> = Vec::new();
    names.extend(local.iter().map(|name| (Cow::Borrowed(name), Tri::Yes)));
    let region = region_of(network, vpc.id);
    if !is_of_service(&asked.name, &region) {
        let instances = instances(&region).into_iter();
        names.extend(instances.map(|name| (Cow::Owned(name), hostnames.clone())));
    }
    let blocks = network.blocks_of(vpc.id, Family::V4);
    let own = blocks.items.iter().flat_map(|(block, _)| zones_of(block)).map(Cow::Owned);
    let all = common.iter().map(Cow::Borrowed).chain(own);
    names.extend(all.map(|name| (name, reverse.clone())));
    names
}

/// The Region of a VPC as a label, equal to itself where it is open.
pub(super) fn region_of(network: &Network, vpc: Id<Vpc>) -> Label {
    network.region_of_vpc(vpc).cloned().unwrap_or_else(|| {
        let name = format!("the Region of {}", network.vpc(vpc).name);
        Label::Open(Symbol::input(name, Why::KnownAfterApply))
    })
}

/// Whether a name is one of a service, with the Region where an instance's name has `compute`: no Region
/// is called that, be it open or not.
fn is_of_service(name: &Name, region: &Label) -> bool {
    let amazonaws = |label: &Label| matches!(label, Label::Text(text) if &**text == "amazonaws");
    name.0.windows(2).any(|pair| pair[0] == *region && amazonaws(&pair[1]))
}

/// The names of instances in a Region.
fn instances(region: &Label) -> Vec<Name> {
    let first = ["ec2.internal", "compute-1.internal", "compute-1.amazonaws.com"];
    let suffix = match region {
        Label::Text(text) if &**text == "us-east-1" => {
            return first.iter().map(|name| Name::new(name)).collect();
        }
        Label::Text(text) if text.starts_with("cn-") => "compute.amazonaws.com.cn",
        _ => "compute.amazonaws.com",
    };
    let below =
        |suffix: &str| Name(std::iter::once(region.clone()).chain(Name::new(suffix).0).collect());
    vec![below("compute.internal"), below(suffix)]
}

/// The reverse zones of a block, at the next boundary between octets.
fn zones_of(block: &Cidr) -> Vec<Name> {
    let Cidr::Net(IpNet::V4(net)) = block else { return Vec::new() };
    let octets = usize::from(net.prefix_len().div_ceil(8)).clamp(1, 3);
    let boundary = u8::try_from(octets * 8).unwrap_or(24).max(net.prefix_len().min(24));
    let Ok(zones) = net.subnets(boundary) else { return Vec::new() };
    let name = |zone: ipnet::Ipv4Net| {
        let IpAddr::V4(address) = IpAddr::from(zone.network()) else { return Name(Vec::new()) };
        let reversed: Vec<_> =
            address.octets()[..octets].iter().rev().map(ToString::to_string).collect();
        Name::new(&format!("{}.in-addr.arpa", reversed.join(".")))
    };
    zones.take(256).map(name).collect()
}
