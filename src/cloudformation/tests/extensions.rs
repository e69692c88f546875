//! The language extensions, SAM and the sections that say nothing of resources.

use super::{load, names, problems, property, show};

#[test]
fn loops_run_over_lists_of_any_origin() {
    let (_, graph) = load(
        "
Transform: AWS::LanguageExtensions
Parameters:
  Zones: {Type: CommaDelimitedList, Default: 'a,b'}
Mappings:
  Nets:
    prod: {Names: [core, edge], core: 10.1.0.0/16, edge: 10.2.0.0/16}
Conditions:
  Fn::ForEach::Each: [N, [core, edge], {'Is${N}': !Equals [!Ref N, core]}]
Resources:
  Fn::ForEach::Nets:
    - Net
    - !FindInMap [Nets, prod, Names]
    - 'Vpc${Net}':
        Type: AWS::EC2::VPC
        DeletionPolicy: !If ['Is${Net}', Retain, Delete]
        Properties:
          CidrBlock: !FindInMap [Nets, prod, !Ref Net]
          Size: {Fn::Length: !Ref Zones}
          Text: {Fn::ToJsonString: {net: !Ref Net, zones: !Ref Zones}}
          Found: !FindInMap [Nets, prod, !Ref Net, {DefaultValue: !Sub 'no-${Net}'}]
          Missing: !FindInMap [Nets, dev, !Ref Net, {DefaultValue: !Sub 'no-${Net}'}]
          Fn::ForEach::Tags: [Z, !Ref Zones, {'Tag${Z}': !Sub '${Net}${Z}'}]
  Fn::ForEach::Split:
    - Id
    - !Split ['|', 'x.1|y-2']
    - 'Zone&{Id}': {Type: AWS::Route53::HostedZone, Properties: {Name: !Ref Id}}
  Fn::ForEach::Chosen:
    - Id
    - !If [Iscore, [only], [never]]
    - 'Chosen${Id}': {Type: AWS::EC2::VPC, Condition: 'Iscore'}
Outputs:
  Fn::ForEach::Out:
    - N
    - !Ref Zones
    - Fn::ForEach::In: [M, [1, 2], {'Out${N}${M}': {Value: !Sub '${N}${M}', Export: {Name: !Sub 'e-${N}${M}'}}}]
",
    );
    assert!(graph.gaps.is_empty(), "{:?}", graph.gaps);
    assert_eq!(names(&graph), ["Vpccore", "Vpcedge", "Zonex1", "Zoney2", "Chosenonly"]);
    for (path, expected) in [
        ("Vpcedge.CidrBlock", r#""10.2.0.0/16""#),
        ("Vpcedge.Size", "2"),
        ("Vpcedge.Text", r#""{\"net\":\"edge\",\"zones\":[\"a\",\"b\"]}""#),
        ("Vpcedge.Found", r#""10.2.0.0/16""#),
        ("Vpcedge.Missing", r#""no-edge""#),
        ("Vpcedge.Taga", r#""edgea""#),
        ("Zonex1.Name", r#""x.1""#),
    ] {
        assert_eq!(show(&property(&graph, path).value), expected, "{path}");
    }
    let offers: Vec<_> = graph.offers.iter().map(|offer| &*offer.name).collect();
    assert_eq!(offers, ["export e-a1", "export e-a2", "export e-b1", "export e-b2"]);
}

#[test]
fn an_inner_loop_hides_the_outer_one() {
    let (_, graph) = load(
        "
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::A:
    - X
    - [p]
    - 'R${X}':
        Type: A::B
        Properties:
          Fn::ForEach::B: [Y, [q], {'${Y}Own': !Sub '${X}${Y}'}]
          Fn::ForEach::C: [X, [r], {'${X}Hidden': !Ref X}]
          After: !Ref X
",
    );
    assert_eq!(show(&property(&graph, "Rp.qOwn").value), r#""pq""#);
    assert_eq!(show(&property(&graph, "Rp.rHidden").value), r#""r""#);
    assert_eq!(show(&property(&graph, "Rp.After").value), r#""p""#);
}

#[test]
fn sections_that_make_nothing_do_no_harm() {
    let (workspace, graph) = load(
        "
AWSTemplateFormatVersion: 2010-09-09
Transform: AWS::Serverless-2016-10-31
Metadata: {AWS::CloudFormation::Interface: {ParameterGroups: []}}
Globals: {Function: {VpcConfig: {SubnetIds: [subnet-1]}}}
Parameters: {Region: {Type: String, Default: a}}
Rules:
  One:
    RuleCondition: !Equals [!Ref Region, a]
    Assertions: [{Assert: {'Fn::Contains': [[a, b], !Ref Region]}, AssertDescription: b}]
Hooks: {H: {Type: 'AWS::CodeDeploy::BlueGreen'}}
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    UpdatePolicy: {X: !Ref Nothing}
    CreationPolicy: {X: 1}
    UpdateReplacePolicy: !Ref Region
    DependsOn: [Function]
    Properties: {CidrBlock: 10.0.0.0/16}
  Function: {Type: 'AWS::Serverless::Function', Properties: {Events: {A: {Type: Api}}}}
  Role: {Type: 'A::B', Properties: {Arn: !GetAtt FunctionRole.Arn}}
",
    );
    assert_eq!(problems(&workspace, &graph), [""; 0]);
    assert!(graph.gaps.is_empty(), "{:?}", graph.gaps);
    assert_eq!(names(&graph), ["Vpc", "Function", "Role"]);
}

#[test]
fn what_is_not_at_hand_is_not_seen() {
    let (_, graph) = load(
        "
Transform: AWS::Serverless-2016-10-31
Resources:
  App:
    Type: AWS::Serverless::Application
    Properties: {Location: {ApplicationId: 'arn:aws:serverlessrepo:x', SemanticVersion: 1.0.0}}
  Set: {Type: 'AWS::CloudFormation::StackSet', Properties: {TemplateURL: 'https://b/x.yaml'}}
  Product: {Type: 'AWS::ServiceCatalog::CloudFormationProvisionedProduct'}
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: 's3://b/x.yaml'}}
  Vpc:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: 10.0.0.0/16
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: 's3://b/y.yaml'}}
",
    );
    let gaps: Vec<_> = graph.gaps.iter().map(|gap| gap.unknown.to_string()).collect();
    let module = "comes from a module whose source is not at hand";
    assert_eq!(gaps.len(), 5, "{gaps:?}");
    for name in ["App", "Set", "Product"] {
        assert!(gaps.contains(&format!("{name} {module}")), "{gaps:?}");
    }
    let included = gaps.iter().filter(|gap| gap.contains("uses Fn::Transform, which is not"));
    assert_eq!(included.count(), 2, "{gaps:?}");
}

#[test]
fn types_stand_for_a_kind() {
    let (_, graph) = load(
        "
Resources:
  A: {Type: 'AWSQS::EKS::Cluster', Properties: {ResourcesVpcConfig: {EndpointPrivateAccess: true}}}
  B:
    Type: Custom::AWSCDK-EKS-Cluster
    Properties:
      ServiceToken: x
      Config: {name: n, resourcesVpcConfig: {endpointPrivateAccess: true, subnetIds: [!Ref S]}}
  C: {Type: 'Custom::AWSCDK-EKS-Cluster', Properties: {Config: !GetAtt D.Config}}
  D: {Type: 'Custom::Other', Properties: {Endpoint: x}}
  S: {Type: 'AWS::EC2::Subnet', Properties: {E: !GetAtt B.Endpoint, F: !GetAtt D.Endpoint}}
",
    );
    let kinds: Vec<_> = graph.resources.iter().map(|resource| &*resource.kind).collect();
    assert_eq!(
        kinds[..4],
        ["AWS::EKS::Cluster", "AWS::EKS::Cluster", "AWS::EKS::Cluster", "Custom::Other"]
    );
    let config = "{EndpointPrivateAccess: true, SubnetIds: [<S.id>]}";
    assert_eq!(show(&property(&graph, "B.ResourcesVpcConfig").value), config);
    let open = show(&property(&graph, "C.ResourcesVpcConfig").value);
    assert_eq!(open, "<D.Config.ResourcesVpcConfig>");
    assert_eq!(show(&property(&graph, "S.E").value), "<B.Endpoint>");
    assert_eq!(show(&property(&graph, "S.F").value), "<D.Endpoint>");
}

#[test]
fn outputs_of_other_stacks_keep_their_identity() {
    let (_, graph) = load(
        "
Parameters: {Stack: {Type: String}}
Resources:
  A:
    Type: A::B
    Properties:
      Known: !GetStackOutput {StackName: net, OutputName: Vpc}
      Again: {Fn::GetStackOutput: {StackName: net, OutputName: Vpc, Region: !Ref AWS::NoValue}}
      There: {Fn::GetStackOutput: {StackName: net, OutputName: Vpc, Region: eu-west-1}}
      Open: {Fn::GetStackOutput: {StackName: !Ref Stack, OutputName: Vpc}}
      Wrong: {Fn::GetStackOutput: [net, Vpc]}
",
    );
    for (path, expected) in [
        ("A.Known", "<Fn::GetStackOutput net.Vpc>"),
        ("A.Again", "<Fn::GetStackOutput net.Vpc>"),
        ("A.There", "<Fn::GetStackOutput net.Vpc in eu-west-1>"),
        ("A.Open", "<Fn::GetStackOutput ${Stack}.Vpc>"),
    ] {
        assert_eq!(show(&property(&graph, path).value), expected, "{path}");
    }
    let wants: Vec<_> = graph.wants.iter().map(|want| &*want.name).collect();
    assert_eq!(wants, ["output net.Vpc", "output net.Vpc"]);
}
