//! Core networks: segments, who belongs to which, what they share, static routes, acceptance.

use super::{Stage, journey, network, word, words};

const TERRAFORM: &str = include_str!("core.tf");
const CLOUDFORMATION: &str = include_str!("core.yaml");

/// A name, what is replaced in Terraform and in CloudFormation, and how the client and the cluster fare.
type Case = (&'static str, [(&'static str, &'static str); 2], [&'static str; 2]);

#[test]
fn pieces_of_a_core_network() {
    let cases: [Case; 8] = [
        ("all is there", [("# route", ""), ("# route", "")], ["delivered", "delivered"]),
        (
            "nothing is shared",
            [
                ("share_with = [\"clients\"]", "share_with = [\"others\"]"),
                ("share-with: [clients]", "share-with: [others]"),
            ],
            ["no segment route", "no segment route"],
        ),
        (
            "shared with all",
            [
                ("share_with = [\"clients\"]", "share_with = [\"*\"]"),
                ("share-with: [clients]", "share-with: \"*\""),
            ],
            ["delivered", "delivered"],
        ),
        (
            "both in one segment",
            [
                ("segment = \"clients\"", "segment = \"shared\""),
                ("Value: clients", "Value: shared"),
            ],
            ["delivered", "delivered"],
        ),
        (
            "a blackhole",
            [
                (
                    "# route",
                    "segment_actions {\n    action = \"create-route\"\n    segment = \"clients\"\n    destination_cidr_blocks = [\"10.2.0.0/16\"]\n    destinations = [\"blackhole\"]\n  }",
                ),
                (
                    "# route",
                    "- {action: create-route, segment: clients, destination-cidr-blocks: [10.2.0.0/16], destinations: [blackhole]}",
                ),
            ],
            ["null routed", "delivered"],
        ),
        (
            "the cluster's VPC is not attached",
            [
                ("vpc_arn         = aws_vpc.eks.arn", "vpc_arn = aws_vpc.client.arn"),
                ("vpc/${EksVpc}", "vpc/${ClientVpc}"),
            ],
            ["no segment route", "not in the core network"],
        ),
        (
            "the client's table has no route",
            [
                (
                    "destination_cidr_block = \"10.2.0.0/16\"",
                    "destination_cidr_block = \"10.9.0.0/16\"",
                ),
                ("DestinationCidrBlock: 10.2.0.0/16", "DestinationCidrBlock: 10.9.0.0/16"),
            ],
            ["no route", "delivered"],
        ),
        (
            "no rule takes the client",
            [
                (
                    "type = \"tag-exists\"",
                    "type = \"attachment-type\"\n      operator = \"equals\"\n      value = \"connect\"",
                ),
                (
                    "{type: tag-exists, key: segment}",
                    "{type: attachment-type, operator: equals, value: connect}",
                ),
            ],
            ["no segment", "no segment route"],
        ),
    ];
    for (name, changes, expected) in cases {
        for (file, text, change) in
            [("main.tf", TERRAFORM, changes[0]), ("template.yaml", CLOUDFORMATION, changes[1])]
        {
            let read = network(file, text, &[change]);
            assert_eq!(words(&read, "client", "eks"), expected, "{name} ({file})");
        }
    }
}

/// What is attached to a segment that isolates sees only what is shared with it.
#[test]
fn an_isolating_segment() {
    let one = ("segment = \"shared\" }", "segment = \"clients\" }");
    let isolates = ("isolate_attachments           = false", "isolate_attachments = true");
    let ends =
        |changes: &[(&str, &str)]| words(&network("main.tf", TERRAFORM, changes), "client", "eks");
    assert_eq!(ends(&[one]), ["delivered", "delivered"]);
    assert_eq!(ends(&[one, isolates]), ["no segment route", "no segment route"]);
    assert_eq!(ends(&[isolates]), ["delivered", "delivered"]);
}

/// What becomes of packets of a zone without an interface is in no document of Cloud WAN.
#[test]
fn a_zone_without_an_interface_is_open() {
    let cases = [
        (
            "main.tf",
            TERRAFORM,
            ("[aws_subnet.client.arn]", "[aws_subnet.far.arn]"),
            (
                "resource \"aws_networkmanager_global_network\" \"all\" {}",
                "resource \"aws_networkmanager_global_network\" \"all\" {}\nresource \"aws_subnet\" \"far\" {\n  \
                 vpc_id = aws_vpc.client.id\n  cidr_block = \"10.1.1.0/24\"\n  availability_zone = \
                 \"eu-central-1b\"\n}\n",
            ),
        ),
        (
            "template.yaml",
            CLOUDFORMATION,
            ("subnet/${Client}", "subnet/${Far}"),
            (
                "  Global: {",
                "  Far:\n    Type: AWS::EC2::Subnet\n    Properties: {VpcId: !Ref ClientVpc, CidrBlock: \
                 10.1.1.0/24, AvailabilityZone: eu-central-1b}\n  Global: {",
            ),
        ),
    ];
    for (file, text, elsewhere, more) in cases {
        let [there, back] = words(&network(file, text, &[elsewhere, more]), "client", "eks");
        assert!(there.starts_with("unknown: the zones of"), "{file}: {there}");
        assert_eq!(back, "delivered", "{file}");
    }
}

/// What the policy does not tell is no fault.
#[test]
fn an_open_policy_is_no_fault() {
    let open = [
        ("data.aws_networkmanager_core_network_policy_document.all.json", "var.policy"),
        ("tags            = { segment = \"clients\" }", "tags = {}"),
        ("share_with = [\"clients\"]", "share_with = [var.name]"),
        ("\"share\"", "\"send-via\""),
    ];
    for change in open {
        let text = format!("{TERRAFORM}\nvariable \"policy\" {{}}\nvariable \"name\" {{}}\n");
        let read = network("main.tf", &text, &[change]);
        let [there, _] = words(&read, "client", "eks");
        assert!(there.starts_with("unknown"), "{change:?}: {there}");
    }
}

/// A segment lets attachments in by itself, or waits for somebody.
#[test]
fn acceptance_of_core_attachments() {
    let needed = ("require_attachment_acceptance = false", "");
    let accepted = |changes: &[(&str, &str)]| {
        word(&journey(&network("main.tf", TERRAFORM, changes), "client", "eks"), Stage::Connections)
    };
    assert_eq!(accepted(&[]), "delivered");
    assert!(accepted(&[needed]).starts_with("unknown: the acceptance of"));
    let accepters: String = ["client", "eks"].map(|name| format!(
        "resource \"aws_networkmanager_attachment_accepter\" \"{name}\" {{\n  attachment_id = \
         aws_networkmanager_vpc_attachment.{name}.id\n  attachment_type = \"VPC\"\n}}\n"
    )).concat();
    let global = "resource \"aws_networkmanager_global_network\" \"all\" {}";
    let with = format!("{global}\n{accepters}");
    assert_eq!(accepted(&[needed, (global, &with)]), "delivered");
}
