//! Where the interfaces of a transit gateway stand, and blocks that both ends have.

use super::{CLOUDFORMATION, Stage, TERRAFORM, journey, network, word, words};

/// An ACL at the subnet of the cluster, which is that of the attachment too.
const ACL: &str = r#"
resource "aws_network_acl" "eks" {
  vpc_id     = aws_vpc.eks.id
  subnet_ids = [aws_subnet.eks.id]
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "10.2.0.0/16"
  }
  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "10.1.0.0/16"
  }
}
resource "aws_subnet" "inner" {
  vpc_id            = aws_vpc.eks.id
  cidr_block        = "10.2.1.0/24"
  availability_zone = "us-east-1c"
}
"#;

const ACL_CFN: &str = "
  Acl: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref EksVpc}}
  AclIn:
    Type: AWS::EC2::NetworkAclEntry
    Properties: {NetworkAclId: !Ref Acl, RuleNumber: 100, Protocol: -1, RuleAction: allow, CidrBlock: 10.2.0.0/16}
  AclOut:
    Type: AWS::EC2::NetworkAclEntry
    Properties: {NetworkAclId: !Ref Acl, RuleNumber: 100, Protocol: -1, RuleAction: allow, CidrBlock: 10.1.0.0/16, Egress: true}
  AclUsed:
    Type: AWS::EC2::SubnetNetworkAclAssociation
    Properties: {NetworkAclId: !Ref Acl, SubnetId: !Ref Eks}
  Inner:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref EksVpc, CidrBlock: 10.2.1.0/24, AvailabilityZone: !Select [2, !GetAZs \"\"]}
";

/// What a transit gateway brings into the very subnet of its interface meets no ACL there; what leaves it
/// meets both directions (<https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html>).
#[test]
fn an_acl_where_the_interface_stands() {
    for (file, text, acl, allowed) in [
        (
            "main.tf",
            TERRAFORM,
            ACL,
            ["\"10.2.0.0/16\"\n  }\n  egress", "\"10.9.0.0/16\"\n  }\n  egress"],
        ),
        (
            "template.yaml",
            CLOUDFORMATION,
            ACL_CFN,
            ["CidrBlock: 10.2.0.0/16}\n  AclOut", "CidrBlock: 10.9.0.0/16}\n  AclOut"],
        ),
    ] {
        let text = format!("{text}{acl}");
        let ends = |changes: &[(&str, &str)], to: &str| {
            let journey = journey(&network(file, &text, changes), "client", to);
            [Stage::AclsThere, Stage::AclsBack].map(|stage| word(&journey, stage) == "delivered")
        };
        assert_eq!(ends(&[], "eks"), [true, true], "{file}");
        assert_eq!(ends(&[(allowed[0], allowed[1])], "eks"), [true, false], "{file}");
        // The interface of the zone stands before another subnet, and only lets out to the client.
        assert_eq!(ends(&[], "inner"), [false, true], "{file}");
    }
}

/// A VPC whose block is the other's as well keeps the packet, also where no subnet's block is known; so does
/// one whose table says so.
#[test]
fn one_block_at_both_ends() {
    let third = "\"\n}\nresource \"aws_vpc\" \"third\"";
    let same = (&*format!("10.2.0.0/16{third}"), &*format!("10.1.0.0/16{third}"));
    let open = ("cidr_block        = \"10.2.0.0/24\"", "cidr_block = var.open");
    let nowhere = ("cidr_block = \"10.1.0.0/16\"", "cidr_block = var.open");
    let local = (
        "destination_cidr_block = \"10.2.0.0/16\" # client\n  transit_gateway_id     = aws_ec2_transit_gateway.hub.id",
        "destination_cidr_block = \"10.2.0.0/16\"\n  gateway_id = \"local\"",
    );
    let text = format!("{TERRAFORM}variable \"open\" {{}}\n");
    for (what, changes, expected) in [
        ("the other subnet is of another block", vec![same], "no gateway route"),
        ("the other subnet's block is open", vec![same, open], "stays inside"),
        ("the table says so", vec![nowhere, local], "stays inside"),
    ] {
        let [there, _] = words(&network("main.tf", &text, &changes), "client", "eks");
        assert_eq!(there, expected, "{what}");
    }
}

/// What is shared through RAM, and with whom, changes no verdict: without its share nobody of another account can name a
/// transit gateway, a prefix list or a subnet, and an apply fails. What an attachment waits for is its acceptance. Nor does
/// appliance mode: it only chooses the interface by which packets come in, and any of them may anyway.
#[test]
fn shares_and_appliance_mode_change_nothing() {
    let provider = "provider \"aws\" {\n  alias = \"network\"\n  assume_role { role_arn = \
                    \"arn:aws:iam::111111111111:role/network\" }\n}\n";
    let text = format!("{TERRAFORM}{provider}");
    let hub = "resource \"aws_ec2_transit_gateway\" \"hub\" {";
    let in_other_account = format!("{hub}\n  provider = aws.network");
    let accepts = format!("{in_other_account}\n  auto_accept_shared_attachments = \"enable\"");
    let share = |principal: &str| {
        format!(
            "resource \"aws_ram_resource_share\" \"hub\" {{\n  provider = aws.network\n  name = \"hub\"\n}}\nresource \
             \"aws_ram_resource_association\" \"hub\" {{\n  provider = aws.network\n  resource_arn = \
             aws_ec2_transit_gateway.hub.arn\n  resource_share_arn = aws_ram_resource_share.hub.arn\n}}\nresource \
             \"aws_ram_principal_association\" \"hub\" {{\n  provider = aws.network\n  principal = \"{principal}\"\n  \
             resource_share_arn = aws_ram_resource_share.hub.arn\n}}\n"
        )
    };
    let end = |more: &str, changes: &[(&str, &str)]| {
        let journey =
            journey(&network("main.tf", &[&text, more].concat(), changes), "client", "eks");
        [Stage::There, Stage::Back, Stage::Connections].map(|stage| word(&journey, stage))
    };
    for share in [String::new(), share("222222222222"), share("333333333333")] {
        assert_eq!(end(&share, &[]), ["delivered"; 3]);
        assert_eq!(end(&share, &[(hub, &accepts)]), ["delivered"; 3]);
        let [there, back, accepted] = end(&share, &[(hub, &in_other_account)]);
        assert_eq!([&*there, &*back], ["delivered"; 2]);
        assert!(accepted.starts_with("unknown: the acceptance of"), "{accepted}");
    }
    let on = [("# uses", "appliance_mode_support = \"enable\"")];
    assert_eq!(end("", &on), ["delivered"; 3]);
}
