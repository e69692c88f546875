//! Resources, loops, stacks, macros: the shape of the graph.

use super::{load, names, problems, property, show};

#[test]
fn properties_keep_their_names_and_types() {
    let (_, graph) = load(
        "
Resources:
  C:
    Type: AWSQS::EKS::Cluster
    DependsOn: x
    Properties:
      A: {b: [1, 010, '2', yes, 'no', 1.10, ~], C: null}
",
    );
    let resource = &graph.resources[0];
    assert_eq!((&*resource.kind, &*resource.account), ("AWS::EKS::Cluster", ""));
    assert_eq!(show(&resource.region), "<AWS::Region>");
    assert_eq!(resource.body.len(), 1);
    assert_eq!(show(&property(&graph, "C.A").value), r#"{b: [1, "010", "2", true, "no", "1.10"]}"#);
}

#[test]
fn loops_unroll() {
    let (_, graph) = load(
        "
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: 'a,b-c'}}
Conditions:
  Fn::ForEach::Each:
    - N
    - !Ref Names
    - 'Is${N}': !Equals [!Ref N, a]
Resources:
  Fn::ForEach::Vpcs:
    - N
    - !Ref Names
    - 'Vpc&{N}':
        Type: AWS::EC2::VPC
        Condition: 'Is${N}'
        Properties: {Name: !Sub '${N}!', Other: '${N}', Id: !GetAtt 'Vpc&{N}.Arn'}
  Fn::ForEach::Outer:
    - X
    - [p, q]
    - Fn::ForEach::Inner:
        - Y
        - [1, 2]
        - Zone${X}${Y}: {Type: AWS::Route53::HostedZone, Properties: {Name: !Sub '${X}${Y}'}}
  Plain:
    Type: AWS::EC2::VPC
    Properties:
      Fn::ForEach::Tags: [T, [A, B], {'Tag${T}': !Ref T}]
Outputs:
  Fn::ForEach::Out: [N, !Ref Names, {'Out${N}': {Value: !Ref N}}]
",
    );
    assert!(graph.gaps.is_empty());
    assert_eq!(names(&graph), ["Vpca", "Zonep1", "Zonep2", "Zoneq1", "Zoneq2", "Plain"]);
    assert_eq!(show(&property(&graph, "Vpca.Name").value), r#""a!""#);
    assert_eq!(show(&property(&graph, "Vpca.Other").value), r#""a""#);
    assert_eq!(show(&property(&graph, "Vpca.Id").value), "<Vpca.Arn>");
    assert_eq!(show(&property(&graph, "Zoneq2.Name").value), r#""q2""#);
    assert_eq!(show(&property(&graph, "Plain.TagB").value), r#""B""#);
    assert_eq!(graph.exports.len(), 2);
}

#[test]
fn open_loops_are_gaps() {
    let (_, graph) = load(
        "
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Vpcs: [N, !Ref Names, {'Vpc${N}': {Type: AWS::EC2::VPC}}]
  A: {Type: AWS::EC2::VPC, Properties: {Fn::ForEach::X: [N, !Ref Names, {'${N}': 1}], B: c}}
",
    );
    assert_eq!(names(&graph), ["A"]);
    let gaps: Vec<_> = graph
        .gaps
        .iter()
        .map(|gap| format!("{} | {} | {:?}", gap.name, gap.unknown, gap.given.is_some()))
        .collect();
    assert_eq!(
        gaps,
        [
            "Fn::ForEach::Vpcs | Names has no value in the code | false",
            "A | Names has no value in the code | true"
        ]
    );
}

#[test]
fn stacks_are_gaps_that_know_what_they_are_given() {
    let (_, graph) = load(
        "
Resources:
  Vpc: {Type: AWS::EC2::VPC}
  Child:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: x, Parameters: {Vpc: !Ref Vpc, Name: y}}
  Module: {Type: My::Org::Vpc::MODULE}
  Sub: {Type: AWS::EC2::Subnet, Properties: {VpcId: !GetAtt Child.Outputs.Vpc, X: !Ref Child}}
",
    );
    assert_eq!(names(&graph), ["Vpc", "Sub"]);
    let given = |at: usize| {
        let given = graph.gaps[at].given.as_ref().unwrap();
        given.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!((given(0), given(1)), (vec!["Vpc.id".to_owned()], vec![]));
    assert_eq!(show(&property(&graph, "Sub.VpcId").value), "<Child.Outputs.Vpc>");
}

#[test]
fn macros_are_gaps() {
    let gaps = |transform: &str| {
        let text = format!("Transform: {transform}\nResources: {{A: {{Type: 'AWS::EC2::VPC'}}}}");
        let (_, graph) = load(&text);
        graph.gaps.iter().map(|gap| gap.unknown.to_string()).collect::<Vec<_>>()
    };
    assert!(gaps("AWS::Serverless-2016-10-31").is_empty());
    assert!(gaps("[AWS::LanguageExtensions, AWS::Include]").is_empty());
    assert_eq!(gaps("Mine"), ["Mine uses the macro Mine, which is not evaluated"]);
    assert_eq!(gaps("[AWS::LanguageExtensions, {Name: Mine}]").len(), 1);
    assert_eq!(gaps("{Name: AWS::Include, Parameters: {Location: x}}").len(), 1);
    assert_eq!(gaps("AWS::LanguageExtensions\nFn::Transform: {Name: AWS::Include}").len(), 1);
    assert_eq!(
        gaps("AWS::LanguageExtensions\nModules: {Net: {Source: ./net.yaml}}"),
        ["Net comes from a module whose source is not at hand"]
    );
}

#[test]
fn anchors_and_merge_keys() {
    let (workspace, graph) = load(
        "
X-Base: &base {CidrBlock: 10.0.0.0/16, EnableDnsSupport: true}
Resources:
  A: {Type: AWS::EC2::VPC, Properties: *base}
  B:
    Type: AWS::EC2::VPC
    Properties:
      <<: *base
      CidrBlock: 10.1.0.0/16
  C: {Type: AWS::EC2::VPC, Properties: {<<: [{A: 1}, {A: 2, B: 2}], C: 3}}
  D: {Type: AWS::EC2::VPC, Properties: {CidrBlock: *nowhere}}
",
    );
    assert_eq!(
        problems(&workspace, &graph),
        ["11:52 no anchor `nowhere` stands before this alias"]
    );
    assert_eq!(show(&property(&graph, "A.CidrBlock").value), r#""10.0.0.0/16""#);
    assert_eq!(show(&property(&graph, "B.CidrBlock").value), r#""10.1.0.0/16""#);
    assert_eq!(show(&property(&graph, "B.EnableDnsSupport").value), "true");
    let c: Vec<_> = ["C.A", "C.B", "C.C"].map(|it| show(&property(&graph, it).value)).to_vec();
    assert_eq!(c, ["1", "2", "3"]);
}

#[test]
fn duplicate_keys_are_problems() {
    let (workspace, graph) = load(
        "Resources:\n  A: {Type: 'AWS::X::Y', Properties: {a: 1, a: 2}}\n  A: {Type: 'AWS::X::Z'}\n",
    );
    assert_eq!(
        problems(&workspace, &graph),
        ["2:45 the key `a` is already on line 2", "3:3 the key `A` is already on line 2"]
    );
    let first: Vec<_> = graph.problems.iter().map(|problem| problem.labels[0].span.start).collect();
    assert_eq!(first, [49, 13], "the first of the two is shown too");
    assert_eq!(graph.resources.len(), 1);
    assert_eq!(&*graph.resources[0].kind, "AWS::X::Z");
    let (workspace, graph) =
        load("{\"Resources\":\n {\"A\": {\"Type\": \"A::B\",\n \"Type\": \"A::C\"}}}");
    assert_eq!(problems(&workspace, &graph), ["3:2 the key `Type` is already on line 2"]);
}

#[test]
fn a_resource_without_type_is_a_problem() {
    let (workspace, graph) =
        load("Resources:\n  A: {Type: 'A::B'}\n  B: {Properties: {}}\n  C: x\n");
    assert_eq!(
        problems(&workspace, &graph),
        ["3:3 the resource `B` has no Type", "4:3 the resource `C` has no Type"]
    );
}
