//! Rules that name groups of another VPC, prefix lists, and groups that more than one VPC has.

use eksdns_lint::network::{Network, Protocol, Tri};
use eksdns_lint::reach::{Disposition, Flow, Guard, Interface, Stage, reach};

use super::network;

const TERRAFORM: &str = include_str!("groups.tf");
const CLOUDFORMATION: &str = include_str!("groups.yaml");

/// An interface with the group of its subnet's name.
fn guarded(network: &Network, name: &str) -> Interface {
    let named = |one: &str| one.to_lowercase().ends_with(name);
    let subnet = network.subnets.iter().find(|one| named(&one.name)).unwrap();
    let group = network.security_groups.iter().find(|one| named(&one.name.replace("Group", "")));
    let vpc = network.vpc_of_subnet(subnet.id).unwrap();
    let guard = Guard::Groups(vec![group.unwrap().id], None);
    Interface { place: Some((vpc, subnet.id)), address: None, guard }
}

/// Out of the client's group, and into the cluster's.
fn filters(network: &Network) -> [&'static str; 2] {
    let (from, to) = (guarded(network, "client"), guarded(network, "eks"));
    let flow = Flow { from: &from, to: &to, protocol: Protocol::Tcp, port: 443 };
    let journey = reach(network, &flow);
    let end = |stage| journey.stages.iter().find(|(one, _)| *one == stage).unwrap().1.clone();
    assert_eq!(end(Stage::There), Ok(Disposition::Delivered));
    [Stage::Out, Stage::In].map(|stage| match end(stage) {
        Ok(Disposition::Delivered) => "pass",
        Ok(Disposition::DeniedIn(_) | Disposition::DeniedOut(_)) => "denied",
        Ok(_) => "another fault",
        Err(_) => "open",
    })
}

/// What is written in place of a mark.
type Change = (&'static str, &'static str);

/// A name, the changes in Terraform and in CloudFormation, and what the two groups do then.
type Case = (&'static str, &'static [Change], &'static [Change], [&'static str; 2]);

const GATEWAY: &str = "transit_gateway_id = aws_ec2_transit_gateway.hub.id";
const LIST: &str = "prefix_list_ids = [aws_ec2_managed_prefix_list.own.id]";

#[test]
fn references_and_prefix_lists() {
    let cases: [Case; 10] = [
        ("over peering", &[], &[], ["pass", "pass"]),
        (
            "over a transit gateway, by default",
            &[("vpc_peering_connection_id = aws_vpc_peering_connection.pair.id", GATEWAY)],
            &[("VpcPeeringConnectionId: !Ref Pair", "TransitGatewayId: !Ref Hub")],
            ["denied", "denied"],
        ),
        (
            "over a transit gateway that is told to",
            &[
                ("vpc_peering_connection_id = aws_vpc_peering_connection.pair.id", GATEWAY),
                ("# gateway support", "security_group_referencing_support = \"enable\""),
            ],
            &[
                ("VpcPeeringConnectionId: !Ref Pair", "TransitGatewayId: !Ref Hub"),
                ("Description: hub", "SecurityGroupReferencingSupport: enable"),
            ],
            ["denied", "pass"],
        ),
        (
            "an attachment is not",
            &[
                ("vpc_peering_connection_id = aws_vpc_peering_connection.pair.id", GATEWAY),
                ("# gateway support", "security_group_referencing_support = \"enable\""),
                ("# attachment support", "security_group_referencing_support = \"disable\""),
            ],
            &[
                ("VpcPeeringConnectionId: !Ref Pair", "TransitGatewayId: !Ref Hub"),
                ("Description: hub", "SecurityGroupReferencingSupport: enable"),
                ("Options: {}", "Options: {SecurityGroupReferencingSupport: disable}"),
            ],
            ["denied", "denied"],
        ),
        (
            "peering with a Region that may be another",
            &[("# peer region", "peer_region = \"eu-west-1\"")],
            &[("PeerVpcId: !Ref EksVpc", "PeerVpcId: !Ref EksVpc, PeerRegion: eu-west-1")],
            ["open", "open"],
        ),
        (
            "a prefix list with the client's block",
            &[("source_security_group_id = aws_security_group.client.id", LIST)],
            &[("SourceSecurityGroupId: !Ref ClientGroup", "SourcePrefixListId: !Ref List")],
            ["pass", "pass"],
        ),
        (
            "a prefix list without it",
            &[
                ("source_security_group_id = aws_security_group.client.id", LIST),
                ("10.1.0.0/20", "10.9.0.0/20"),
            ],
            &[
                ("SourceSecurityGroupId: !Ref ClientGroup", "SourcePrefixListId: !Ref List"),
                ("10.1.0.0/20", "10.9.0.0/20"),
            ],
            ["pass", "denied"],
        ),
        (
            "a prefix list with it after another",
            &[
                ("source_security_group_id = aws_security_group.client.id", LIST),
                (
                    "cidr = \"10.1.0.0/20\"",
                    "cidr = \"10.9.0.0/20\"\n  }\n  entry {\n    cidr = \"10.1.0.0/20\"",
                ),
            ],
            &[
                ("SourceSecurityGroupId: !Ref ClientGroup", "SourcePrefixListId: !Ref List"),
                ("{Cidr: 10.1.0.0/20}", "{Cidr: 10.9.0.0/20}, {Cidr: 10.1.0.0/20}"),
            ],
            ["pass", "pass"],
        ),
        (
            "a prefix list that nobody knows",
            &[(
                "source_security_group_id = aws_security_group.client.id",
                "prefix_list_ids = [var.list]",
            )],
            &[("SourceSecurityGroupId: !Ref ClientGroup", "SourcePrefixListId: !Ref Open")],
            ["pass", "open"],
        ),
        (
            "a group of neither",
            &[(
                "source_security_group_id = aws_security_group.client.id",
                "source_security_group_id = aws_security_group.third.id",
            )],
            &[("SourceSecurityGroupId: !Ref ClientGroup", "SourceSecurityGroupId: !Ref Third")],
            ["pass", "denied"],
        ),
    ];
    for (name, terraform, cloudformation, expected) in cases {
        let read = network("main.tf", TERRAFORM, terraform);
        assert_eq!(filters(&read), expected, "{name}");
        let read = network("template.yaml", CLOUDFORMATION, cloudformation);
        assert_eq!(filters(&read), expected, "{name} (CloudFormation)");
    }
}

/// Peering between Regions carries no names of groups.
#[test]
fn references_between_regions() {
    let block = "cidr_block = \"10.2.0.0/16\"";
    let far = format!("{block}\n  provider = aws.far");
    for (region, expected) in [("eu-west-1", ["denied", "denied"]), ("eu-central-1", ["pass"; 2])] {
        let providers = format!(
            "provider \"aws\" {{\n  region = \"eu-central-1\"\n}}\nprovider \"aws\" {{\n  \
             alias  = \"far\"\n  region = \"{region}\"\n}}\n"
        );
        let read = network("main.tf", TERRAFORM, &[("# more", &providers), (block, &far)]);
        assert_eq!(filters(&read), expected, "{region}");
    }
}

/// AWS's own lists hold addresses of its services, and no VPC.
#[test]
fn lists_of_aws() {
    let (from, by) = ("source_security_group_id = aws_security_group.client.id", |list: &str| {
        format!("prefix_list_ids = [{list}]")
    });
    for list in [
        "data.aws_prefix_list.s3.id",
        "data.aws_ec2_managed_prefix_list.s3.id",
        "aws_vpc_endpoint.s3.prefix_list_id",
    ] {
        let read = network("main.tf", TERRAFORM, &[(from, &by(list))]);
        assert_eq!(filters(&read), ["pass", "denied"], "{list}");
    }
    let read =
        network("main.tf", TERRAFORM, &[(from, &by("data.aws_ec2_managed_prefix_list.own.id"))]);
    assert_eq!(filters(&read), ["pass", "open"]);
}

/// A group is usable in its own VPC, and in those that it is associated with.
#[test]
fn groups_of_further_vpcs() {
    let usable = |changes: &[(&str, &str)]| {
        let read = network("main.tf", TERRAFORM, changes);
        let group =
            read.security_groups.iter().find(|one| one.name.ends_with(".third")).unwrap().id;
        let by = |name: &str| read.vpcs.iter().find(|one| one.name.ends_with(name)).unwrap().id;
        [".client", ".eks"].map(|vpc| match read.is_usable_in(group, by(vpc)) {
            Tri::Yes => "yes",
            Tri::No => "no",
            Tri::Maybe(_) => "open",
        })
    };
    let association = "resource \"aws_vpc_security_group_vpc_association\" \"a\" {\n  \
                       security_group_id = aws_security_group.third.id\n  vpc_id = aws_vpc.eks.id\n}\n# more";
    assert_eq!(usable(&[]), ["yes", "no"]);
    assert_eq!(usable(&[("# more", association)]), ["yes", "yes"]);
    let open = association.replace("aws_vpc.eks.id", "data.aws_vpc.any.id");
    assert_eq!(usable(&[("# more", &open)]), ["yes", "open"]);
}
