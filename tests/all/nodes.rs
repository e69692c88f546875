//! Where the nodes of a cluster are, and what is known of how they are set up, in both languages.

use eksdns_lint::network::{Network, NodeKind};

use crate::figures::load;

const TERRAFORM: &str = r#"
resource "aws_vpc" "main" { cidr_block = "10.2.0.0/16" }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.2.0.0/24"
}
resource "aws_security_group" "nodes" { vpc_id = aws_vpc.main.id }
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn"
  vpc_config { subnet_ids = [aws_subnet.a.id] }
}
resource "aws_eks_node_group" "plain" {
  cluster_name = aws_eks_cluster.main.name
  subnet_ids   = [aws_subnet.a.id]
}
resource "aws_eks_node_group" "image" {
  cluster_name = aws_eks_cluster.main.id
  subnet_ids   = [aws_subnet.a.id]
  ami_type     = "CUSTOM"
}
resource "aws_eks_node_group" "groups" {
  cluster_name = aws_eks_cluster.main.name
  subnet_ids   = [aws_subnet.a.id]
  launch_template {
    id      = aws_launch_template.groups.id
    version = 1
  }
}
resource "aws_eks_node_group" "script" {
  cluster_name = aws_eks_cluster.main.name
  subnet_ids   = [aws_subnet.a.id]
  launch_template {
    name    = aws_launch_template.script.name
    version = 1
  }
}
resource "aws_launch_template" "groups" { vpc_security_group_ids = [aws_security_group.nodes.id] }
resource "aws_launch_template" "script" {
  name      = "script"
  user_data = "cHJveHk="
}
resource "aws_eks_fargate_profile" "pods" {
  cluster_name = aws_eks_cluster.main.name
  subnet_ids   = [aws_subnet.a.id]
}
resource "aws_eks_node_group" "other" {
  cluster_name = "another"
  subnet_ids   = [aws_subnet.a.id]
}
"#;

const CLOUDFORMATION: &str = "
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.2.0.0/16}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.2.0.0/24}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: nodes}}
  Main: {Type: AWS::EKS::Cluster, Properties: {ResourcesVpcConfig: {SubnetIds: [!Ref A]}}}
  plain: {Type: AWS::EKS::Nodegroup, Properties: {ClusterName: !Ref Main, Subnets: [!Ref A]}}
  image:
    Type: AWS::EKS::Nodegroup
    Properties: {ClusterName: !Ref Main, Subnets: [!Ref A], AmiType: CUSTOM}
  groups:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: !Ref Main
      Subnets: [!Ref A]
      LaunchTemplate: {Id: !Ref Groups, Version: '1'}
  script:
    Type: AWS::EKS::Nodegroup
    Properties:
      ClusterName: !Ref Main
      Subnets: [!Ref A]
      LaunchTemplate: {Id: !Ref Script, Version: '1'}
  Groups:
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {SecurityGroupIds: [!Ref Group]}}
  Script: {Type: AWS::EC2::LaunchTemplate, Properties: {LaunchTemplateData: {UserData: cHJveHk=}}}
  pods: {Type: AWS::EKS::FargateProfile, Properties: {ClusterName: !Ref Main, Subnets: [!Ref A]}}
  other: {Type: AWS::EKS::Nodegroup, Properties: {ClusterName: another, Subnets: [!Ref A]}}
";

/// The name, whether Fargate runs them, whether the group is the cluster's own, whether they are plain.
fn told(network: &Network) -> Vec<(String, bool, bool, bool)> {
    let cluster = network.clusters.iter().next().unwrap().id;
    let nodes = network.nodes_of(cluster).into_iter().map(|nodes| {
        assert_eq!(nodes.subnets.known().count(), 1);
        let own = |(group, _): &(_, _)| network.group(*group).name.contains("cluster");
        let name = nodes.name.rsplit('.').next().unwrap().to_owned();
        let fargate = nodes.kind == NodeKind::Fargate;
        (name, fargate, nodes.groups.items.iter().all(own), nodes.own_setup.is_none())
    });
    nodes.collect()
}

#[test]
fn of_a_cluster() {
    let expected = [
        ("plain", false, true, true),
        ("image", false, true, false),
        ("groups", false, false, true),
        ("script", false, true, false),
        ("pods", true, true, true),
    ];
    let expected: Vec<_> =
        expected.map(|(name, a, b, c)| (name.to_owned(), a, b, c)).into_iter().collect();
    for (name, text) in [("main.tf", TERRAFORM), ("template.yaml", CLOUDFORMATION)] {
        let tree = tempfile::tempdir().unwrap();
        let folder = tree.path().canonicalize().unwrap();
        let file = folder.join(name);
        std::fs::write(&file, text).unwrap();
        assert_eq!(told(&Network::new(&load(&folder, &file))), expected, "{name}");
    }
}
