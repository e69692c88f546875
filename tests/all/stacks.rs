//! CloudFormation with its parameters and nested stacks, from the command line.

use std::fmt::Write as _;

use crate::support::Tree;

/// A VPC with a cluster in it; `Hostnames` decides whether its DNS works.
const NETWORK: &str = "
Parameters:
  Hostnames: {Type: String, Default: 'true'}
  Cidr: {Type: String}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: !Ref Cidr, EnableDnsHostnames: !Ref Hostnames}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
Outputs:
  Vpc: {Value: !Ref Vpc}
  Subnets: {Value: !Join [',', [!Ref A, !Ref B]]}
";

const CLUSTER: &str = "
Parameters:
  Subnets: {Type: 'List<AWS::EC2::Subnet::Id>'}
Resources:
  Cluster:
    Type: AWS::EKS::Cluster
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/eks
      ResourcesVpcConfig: {SubnetIds: !Ref Subnets, EndpointPrivateAccess: true, EndpointPublicAccess: false}
";

fn parent(network: &str, cluster: &str) -> String {
    format!(
        "
Parameters:
  Dns: {{Type: String, Default: 'false'}}
  Prefix: {{Type: String}}
Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: {network}
      Parameters: {{Hostnames: !Ref Dns, Cidr: 10.0.0.0/16}}
  Eks:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: {cluster}
      Parameters: {{Subnets: !GetAtt Network.Outputs.Subnets}}
"
    )
}

fn tree(network: &str, cluster: &str) -> Tree {
    let main = parent(network, cluster);
    Tree::new(&[
        ("main.yaml", &main),
        ("nested/network.yaml", NETWORK),
        ("nested/cluster.yaml", CLUSTER),
    ])
}

const FAULT: &str = "Network.Vpc has DNS hostnames off";

#[test]
fn nested_stacks_are_one_with_their_parent() {
    for (network, cluster) in [
        ("./nested/network.yaml", "nested/cluster.yaml"),
        ("file://nested/network.yaml", "https://b.s3.amazonaws.com/p/nested/cluster.yaml"),
        (
            "!Sub 'https://b.s3.${AWS::URLSuffix}/${Prefix}nested/network.yaml'",
            "s3://b/nested/cluster.yaml",
        ),
    ] {
        let tree = tree(network, cluster);
        for path in [".", "main.yaml"] {
            let ran = tree.run(&[path]);
            assert_eq!(ran.code, Some(1), "{path} {network}: {ran:?}");
            assert!(ran.stdout.contains(FAULT), "{network}: {}", ran.stdout);
            assert!(ran.stdout.contains("1 root, 1 VPC, 1 cluster: 1 error"), "{}", ran.stdout);
        }
        let mended = tree.run(&["--parameter", "Dns=true"]);
        assert_eq!(mended.code, Some(0), "{mended:?}");
    }
}

#[test]
fn what_cannot_be_the_template_is_not_taken_for_it() {
    let tree = tree("https://b.s3.amazonaws.com/network.yaml", "elsewhere.yaml");
    tree.write("nested/network.yaml", NETWORK.replace("Cidr:", "Other:"));
    let ran = tree.run(&[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("3 roots"), "{}", ran.stdout);
}

#[test]
fn a_template_that_is_not_loaded_is_a_root() {
    let main = |condition: &str| {
        format!(
            "Conditions: {{On: !Equals [a, {condition}]}}\nResources:\n  S:\n    Type: \
             AWS::CloudFormation::Stack\n    Condition: On\n    Properties:\n      TemplateURL: \
             nested/network.yaml\n      Parameters: {{Cidr: 10.0.0.0/16}}\n"
        )
    };
    for (condition, roots) in [("a", "1 root, 1 VPC"), ("b", "2 roots, 1 VPC")] {
        let tree = Tree::new(&[("main.yaml", &main(condition)), ("nested/network.yaml", NETWORK)]);
        let ran = tree.run(&[]);
        assert!(ran.stdout.contains(roots), "{condition}: {ran:?}");
    }
}

/// A rule that no VPC has, on an endpoint with a name of its parameter's value.
const RULE: &str = "
Parameters:
  Domain: {Type: String}
Resources:
  Rule:
    Type: AWS::Route53Resolver::ResolverRule
    Properties:
      DomainName: !Ref Domain
      RuleType: FORWARD
      ResolverEndpointId: rslvr-out-1
      TargetIps: [{Ip: 192.0.2.53}]
";

/// A stack that nests a template, once or twice, where the operator gives a domain.
fn optional(template: &str, stacks: &[&str]) -> String {
    let mut text = "Parameters: {Domain: {Type: String, Default: ''}}\nConditions: {Given: !Not [!Equals [!Ref \
                    Domain, '']]}\nResources:\n"
        .to_owned();
    for stack in stacks {
        let _ = write!(
            text,
            "  {stack}:\n    Type: AWS::CloudFormation::Stack\n    Condition: Given\n    Properties: {{TemplateURL: \
             {template}, Parameters: {{Domain: !Ref Domain}}}}\n"
        );
    }
    text
}

/// What stands in a template that is analysed by itself, and as a part of stacks, is one fault.
#[test]
fn a_fault_of_a_nested_template_is_told_once() {
    let found = |tree: &Tree, arguments: &[&str]| -> Vec<String> {
        let ran = tree.run(&[&["--format", "json"], arguments].concat());
        let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let all = report["findings"].as_array().unwrap().iter();
        all.map(|it| it["message"].as_str().unwrap().to_owned()).collect()
    };
    let alone = "no VPC is associated with Rule: the rule has no effect";
    let of = |also: &str| [format!("{alone}{also}")];
    let main = optional("rule.yaml", &["Child"]);
    let tree = Tree::new(&[("main.yaml", &main), ("rule.yaml", RULE)]);
    let told = of(" (likewise Child.Rule in main.yaml)");
    assert_eq!(found(&tree, &[]), told);
    // Whatever of the two has changed.
    for changed in ["main.yaml", "rule.yaml"] {
        assert_eq!(found(&tree, &["--touched", changed]), told, "{changed}");
    }
    tree.write("main.yaml", optional("rule.yaml", &["One", "Two"]));
    let more = " (likewise One.Rule in main.yaml, Two.Rule in main.yaml)";
    assert_eq!(found(&tree, &[]), of(more));
    // A stack in a stack: the innermost template has it.
    tree.write("main.yaml", optional("child.yaml", &["Child"]));
    tree.write("child.yaml", optional("rule.yaml", &["Inner"]));
    let more = " (likewise Child.Inner.Rule in main.yaml, Inner.Rule in child.yaml)";
    assert_eq!(found(&tree, &[]), of(more));
    // Two that a loop writes at one place are two.
    let (head, body) = RULE.split_once("  Rule:\n").unwrap();
    let body = body.replace("    ", "          ");
    let looped = format!(
        "Transform: AWS::LanguageExtensions{head}  Fn::ForEach::Rules:\n    - N\n    - [A, B]\n    - Rule${{N}}:\n{body}"
    );
    tree.write("rule.yaml", looped);
    tree.write("child.yaml", "");
    tree.write("main.yaml", optional("rule.yaml", &["Child"]));
    let mut two = found(&tree, &[]);
    two.sort();
    let of_each = |name| {
        format!(
            "no VPC is associated with Rule{name}: the rule has no effect (likewise Child.Rule{name} in main.yaml)"
        )
    };
    assert_eq!(two, ["A", "B"].map(of_each));
    // A stack that is joined to another one, which comes first.
    let vpc = "Resources: {Vpc: {Type: AWS::EC2::VPC, Properties: {EnableDnsHostnames: true}}}\n\
               Outputs: {Vpc: {Value: !Ref Vpc, Export: {Name: vpc}}}\n";
    tree.write("first.yaml", vpc);
    let zone = "  Zone: {Type: AWS::Route53::HostedZone, Properties: {Name: a.b, VPCs: [{VPCId: !ImportValue vpc, \
                VPCRegion: eu-west-1}]}}\n";
    tree.write("main.yaml", optional("rule.yaml", &["Child"]) + zone);
    tree.write("rule.yaml", RULE);
    assert_eq!(found(&tree, &[]), of(" (likewise Child.Rule in first.yaml)"));
    tree.write("first.yaml", "");
    // A stack beside it, with a rule of its own that looks alike, has a fault of its own.
    tree.write("main.yaml", RULE);
    assert_eq!(found(&tree, &[]).len(), 2);
}

/// A fault that the template has only as a part of a stack, or only alone, is told of that.
#[test]
fn a_fault_of_one_place_is_told_of_it() {
    let rule = RULE.replace("{Type: String}", "{Type: String, Default: ''}");
    let vpc = "  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n  A: {Type: \
               AWS::Route53Resolver::ResolverRuleAssociation, Condition: Alone, Properties: {ResolverRuleId: !Ref \
               Rule, VPCId: !Ref Vpc}}\nConditions: {Alone: !Equals [!Ref Domain, '']}\n";
    let tree = Tree::new(&[
        ("main.yaml", &optional("rule.yaml", &["Child"])),
        ("rule.yaml", &format!("{rule}{vpc}")),
    ]);
    let ran = tree.run(&[]);
    assert_eq!(ran.stdout.matches("error[unassociated-rule]").count(), 1, "{}", ran.stdout);
}

#[test]
fn what_passes_a_macro_may_have_changed() {
    let tree = tree("nested/network.yaml", "nested/cluster.yaml");
    let main = parent("nested/network.yaml", "nested/cluster.yaml");
    tree.write("main.yaml", format!("Transform: Mine\n{main}"));
    let ran = tree.run(&[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("1 root, 1 VPC, 1 cluster"), "{ran:?}");
}

#[test]
fn no_template_outside_the_workspace_is_read() {
    let tree = Tree::new(&[("out/network.yaml", NETWORK), ("in/.git/x", "")]);
    tree.write("in/main.yaml", parent("../out/network.yaml", "/etc/passwd"));
    let ran = tree.run(&["in"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("1 root, 0 VPCs"), "{}", ran.stdout);
}

#[test]
fn stacks_that_nest_each_other_end() {
    let nests = |other: &str| {
        format!(
            "Resources:\n  S:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      \
             TemplateURL: {other}\n  V: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.0.0.0/16}}}}\n"
        )
    };
    let tree = Tree::new(&[("a.yaml", &nests("b.yaml")), ("b.yaml", &nests("a.yaml"))]);
    let ran = tree.run(&[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("1 root, 17 VPCs"), "{}", ran.stdout);
}

#[test]
fn parameters_come_from_options_and_files() {
    let tree = tree("nested/network.yaml", "nested/cluster.yaml");
    tree.write("cli.json", r#"[{"ParameterKey": "Dns", "ParameterValue": "true"}]"#);
    tree.write("sam.toml", "[default.deploy.parameters]\nparameter_overrides = 'Dns=\"true\"'\n");
    for file in ["cli.json", "sam.toml"] {
        let ran = tree.run(&["main.yaml", "--parameter-file", file]);
        assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{file}: {}", ran.stdout);
        let ran = tree.run(&["main.yaml", "--parameter-file", file, "--parameter", "Dns=false"]);
        assert_eq!(ran.code, Some(1), "{file}: an option wins");
    }
    let ran = tree.run(&["main.yaml", "--parameter", "Dsn=true"]);
    assert_eq!(ran.code, Some(1));
    let warning = "warning: no template that is analysed as a root declares the parameter Dsn\n";
    assert_eq!(ran.stderr, warning);
    let ran = tree.run(&["main.yaml", "--parameter-file", "none.json"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
}

#[test]
fn what_stands_under_one_open_condition_is_not_judged_apart() {
    let template = "
Parameters: {Env: {Type: String}}
Conditions: {On: !Equals [!Ref Env, prod], Off: !Not [!Condition On]}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Rule:
    Type: AWS::Route53Resolver::ResolverRule
    Condition: On
    Properties: {RuleType: FORWARD, DomainName: example.com, ResolverEndpointId: rslvr-out-1, TargetIps: [{Ip: 192.0.2.1}]}
  Association:
    Type: AWS::Route53Resolver::ResolverRuleAssociation
    Condition: On
    Properties: {ResolverRuleId: !Ref Rule, VPCId: !Ref Vpc}
  Other:
    Type: AWS::Route53Resolver::ResolverRule
    Properties: {RuleType: FORWARD, DomainName: example.org, ResolverEndpointId: rslvr-out-1, TargetIps: [{Ip: 192.0.2.1}]}
  WhenOn:
    Type: AWS::Route53Resolver::ResolverRuleAssociation
    Condition: On
    Properties: {ResolverRuleId: !Ref Other, VPCId: !Ref Vpc}
  WhenOff:
    Type: AWS::Route53Resolver::ResolverRuleAssociation
    Condition: Off
    Properties: {ResolverRuleId: !Ref Other, VPCId: !Ref Vpc}
";
    let tree = Tree::new(&[("t.yaml", template)]);
    let open = tree.run(&[]);
    assert_eq!(open.code, Some(0), "{open:?}");
    let closed = tree.run(&["--parameter", "Env=prod"]);
    assert_eq!(closed.code, Some(0), "{closed:?}");
}

/// A set with two Regions, of which one overrides what its group says; the template is `TEMPLATE`.
fn set(template: &str) -> String {
    format!(
        "
Parameters: {{Names: {{Type: String, Default: 'true'}}}}
Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: nets
      PermissionModel: SELF_MANAGED
      Parameters:
        - {{ParameterKey: Hostnames, ParameterValue: !Ref Names}}
        - {{ParameterKey: Cidr, ParameterValue: 10.0.0.0/16}}
      StackInstancesGroup:
        - DeploymentTargets: {{Accounts: ['111122223333']}}
          Regions: [eu-west-1, us-east-1]
        - DeploymentTargets: {{OrganizationalUnitIds: [ou-1]}}
          Regions: [eu-west-1]
          ParameterOverrides: [{{ParameterKey: Hostnames, ParameterValue: 'false'}}]
{template}"
    )
}

/// A VPC with a cluster in it.
fn both() -> String {
    let outputs = NETWORK.find("Outputs:").unwrap();
    let cluster = CLUSTER.split_once("Resources:\n").unwrap().1;
    format!("{}{}", &NETWORK[..outputs], cluster.replace("!Ref Subnets", "[!Ref A, !Ref B]"))
}

#[test]
fn a_stack_set_is_a_stack_in_each_region() {
    let fault = "Set[eu-west-1/2].Vpc has DNS hostnames off";
    let url = set("      TemplateURL: https://b.s3.amazonaws.com/net.yaml\n");
    let tree = Tree::new(&[("set.yaml", &url), ("net.yaml", &both())]);
    let body = both().replace('\n', "\n        ");
    let written = set(&format!("      TemplateBody: |\n        {body}\n"));
    let inside = Tree::new(&[("set.yaml", &written)]);
    for (tree, place) in [(&tree, "net.yaml:8:60"), (&inside, "set.yaml:26:68")] {
        let ran = tree.run(&[]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stdout.contains("1 root, 3 VPCs, 3 clusters: 1 error"), "{}", ran.stdout);
        assert!(ran.stdout.contains(fault), "{}", ran.stdout);
        assert!(ran.stdout.contains(place), "{}", ran.stdout);
        let all = tree.run(&["--parameter", "Names=false"]);
        assert!(all.stdout.contains("likewise"), "one block is one finding: {}", all.stdout);
    }
}

#[test]
fn a_stack_of_a_set_knows_its_region() {
    let zone = "Resources:\n  Zone: {Type: AWS::Route53::HostedZone, Properties: {Name: !Sub '${AWS::Region}.example'}}\n";
    let main = "Resources:\n  Set:\n    Type: AWS::CloudFormation::StackSet\n    Properties:\n      TemplateURL: \
                zone.yaml\n      StackInstancesGroup:\n        - {DeploymentTargets: {Accounts: ['111122223333']}, \
                Regions: [eu-west-1, eu-north-1]}\n";
    let tree = Tree::new(&[("set.yaml", main), ("zone.yaml", zone)]);
    let ran = tree.run(&["--explain-values"]);
    for region in ["eu-west-1", "eu-north-1"] {
        let name = format!("Name = \"{region}.example\"");
        assert!(ran.stdout.contains(&name), "{region}: {}", ran.stdout);
    }
}

#[test]
fn an_output_that_its_condition_leaves_out_has_no_value() {
    let net = |value: &str| {
        format!(
            "Conditions: {{On: !Equals [a, {value}]}}\nResources:\n  Vpc: {{Type: AWS::EC2::VPC}}\nOutputs:\n  \
             Vpc: {{Condition: On, Value: !Ref Vpc}}\n"
        )
    };
    let main = "Resources:\n  Net: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: net.yaml}}\n  \
                A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !GetAtt Net.Outputs.Vpc, CidrBlock: 10.0.0.0/24}}\n";
    for (value, is_there) in [("a", true), ("b", false)] {
        let tree = Tree::new(&[("main.yaml", main), ("net.yaml", &net(value))]);
        let ran = tree.run(&["--explain-values"]);
        let left_out = ran.stdout.contains("its condition leaves the output out");
        assert_eq!(left_out, !is_there, "{value}: {}", ran.stdout);
    }
}

#[test]
fn a_stack_set_that_is_not_written_out_is_not_seen() {
    let known = "      TemplateURL: net.yaml\n";
    for text in [
        set("      TemplateBody: !Sub '{}'\n"),
        set(known).replace("Regions: [eu-west-1]", "Regions: !Ref Regions"),
        set(known).replace("StackInstancesGroup", "Other"),
    ] {
        let tree = Tree::new(&[("set.yaml", &text), ("net.yaml", &both())]);
        let ran = tree.run(&["set.yaml"]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(ran.stdout.contains("not seen: Set ("), "{}", ran.stdout);
    }
}

#[test]
fn a_serverless_application_is_a_nested_stack() {
    let main = "
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Timeout: 3}}
Resources:
  Net:
    Type: AWS::Serverless::Application
    Properties: {Location: ./net.yaml, Parameters: {Cidr: 10.0.0.0/16, Hostnames: 'false'}}
  Fn: {Type: 'AWS::Serverless::Function', Properties: {VpcConfig: {SubnetIds: [!GetAtt Net.Outputs.Subnets]}}}
";
    let tree = Tree::new(&[("template.yaml", main), ("net.yaml", &both())]);
    let ran = tree.run(&[]);
    assert!(ran.stdout.contains("1 root, 1 VPC, 1 cluster: 1 error"), "{}", ran.stdout);
    let package =
        main.replace("Location: ./net.yaml", "Location: https://s3.amazonaws.com/b/net.yaml");
    let tree = Tree::new(&[("template.yaml", &package), ("net.yaml", &both())]);
    assert!(tree.run(&[]).stdout.contains("1 root, 1 VPC, 1 cluster: 1 error"));
}

#[test]
fn parameter_files_of_every_form_are_taken() {
    let tree = tree("nested/network.yaml", "nested/cluster.yaml");
    for (name, text) in [
        ("cli.json", r#"[{"ParameterKey": "Dns", "ParameterValue": "true"}]"#),
        ("overrides.json", r#"["Dns=true"]"#),
        ("pipeline.json", r#"{"Parameters": {"Dns": true}, "StackPolicy": {}}"#),
        ("sync.yaml", "template-file-path: main.yaml\nparameters: {Dns: 'true'}\ntags: {}\n"),
        ("samconfig.toml", "[default.deploy.parameters]\nparameter_overrides = 'Dns=\"true\"'\n"),
        ("samconfig.yaml", "default: {global: {parameters: {parameter_overrides: [Dns=true]}}}\n"),
    ] {
        tree.write(&format!("values/{name}"), text);
        let ran = tree.run(&["main.yaml", "--parameter-file", &format!("values/{name}")]);
        assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{name}: {}", ran.stdout);
    }
}

#[test]
fn a_template_outside_the_root_is_refused_with_the_reason() {
    let main = parent("../network.yaml", "cluster.yaml");
    let tree = Tree::new(&[
        ("network.yaml", NETWORK),
        ("repo/main.yaml", &main),
        ("repo/cluster.yaml", CLUSTER),
        ("repo/.git/HEAD", ""),
    ]);
    let ran = tree.run(&["repo"]);
    let reason = "nests network.yaml, which lies outside the workspace root";
    assert_eq!(ran.stderr, format!("warning: repo/main.yaml: {reason}\n"));
}
