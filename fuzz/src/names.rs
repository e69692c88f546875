//! A small network in both languages with a name wherever people choose one.

use serde_json::{json, Value};

/// A template whose ids, names, keys and values are a text.
pub fn template(name: &str) -> String {
    json!({
        "Description": name,
        "Metadata": {name: name},
        "Resources": {
            name: {"Type": "AWS::Route53Resolver::ResolverRule", "Properties": {
                "RuleType": "FORWARD", "DomainName": name, "Name": name, name: name,
                "ResolverEndpointId": "rslvr-out-1", "TargetIps": [{"Ip": name}]}},
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "Name", "Value": name}]}},
            "A": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24", "AvailabilityZone": name}},
            "Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {"Name": name, "ResourcesVpcConfig": {
                "SubnetIds": [{"Ref": "A"}, name], "EndpointPrivateAccess": true, "EndpointPublicAccess": false}}},
        }
    })
    .to_string()
}

/// Terraform whose instances are called so.
pub fn terraform(name: &str) -> String {
    let text = Value::from(name).to_string().replace("${", "$${").replace("%{", "%%{");
    format!(
        "resource \"aws_vpc\" \"v\" {{\n  for_each = toset([{text}])\n  cidr_block = \"10.1.0.0/16\"\n}}\n\
         resource \"aws_subnet\" \"s\" {{\n  for_each = aws_vpc.v\n  vpc_id = each.value.id\n  cidr_block = \"10.1.0.0/24\"\n}}\n\
         resource \"aws_eks_cluster\" \"c\" {{\n  name = {text}\n  vpc_config {{\n    subnet_ids = [for s in aws_subnet.s : s.id]\n    \
         endpoint_private_access = true\n    endpoint_public_access = false\n  }}\n}}\n\
         resource \"aws_vpc\" \"other\" {{\n  cidr_block = \"10.2.0.0/16\"\n  tags = {{ {text} = {text} }}\n}}\n\
         resource \"aws_vpc_peering_connection\" \"p\" {{\n  for_each = aws_vpc.v\n  vpc_id = each.value.id\n  peer_vpc_id = aws_vpc.other.id\n}}\n"
    )
}
