//! What `cdk synth` writes: one estate, in the words of the program that made it.

use crate::support::Tree;

const NETWORK: &str = r#"{
 "Resources": {
  "VpcA1": {
   "Type": "AWS::EC2::VPC",
   "Properties": {"CidrBlock": {"Fn::GetAtt": ["NetNestedStackNetNestedStackResourceB2", "Outputs.Range"]}, "EnableDnsHostnames": {"Ref": "Names"}},
   "Metadata": {"aws:cdk:path": "App-Network/Vpc/Resource"}
  },
  "A": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "VpcA1"}, "CidrBlock": "10.0.0.0/24"}},
  "B": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "VpcA1"}, "CidrBlock": "10.0.1.0/24"}},
  "NetNestedStackNetNestedStackResourceB2": {
   "Type": "AWS::CloudFormation::Stack",
   "Properties": {"TemplateURL": {"Fn::Join": ["", ["https://s3.eu-west-1.", {"Ref": "AWS::URLSuffix"}, "/cdk-assets/0123abcd.json"]]}}
  }
 },
 "Parameters": {"Names": {"Type": "String"}},
 "Outputs": {
  "A": {"Value": {"Ref": "A"}, "Export": {"Name": "App-Network:A"}},
  "B": {"Value": {"Ref": "B"}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}:B"}}}
 }
}"#;

const NESTED: &str = r#"{
 "Resources": {"VpcA1": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}}},
 "Outputs": {"Range": {"Value": "10.0.0.0/16"}}
}"#;

/// The second subnet comes over the name of the stack.
const CLUSTER: &str = r#"{
 "Resources": {
  "ClusterC3": {
   "Type": "Custom::AWSCDK-EKS-Cluster",
   "Properties": {
    "ServiceToken": "x",
    "Config": {
     "roleArn": "arn:aws:iam::111122223333:role/eks",
     "resourcesVpcConfig": {
      "subnetIds": [{"Fn::ImportValue": "App-Network:A"}, {"Fn::GetStackOutput": {"StackName": "App-Network", "OutputName": "B"}}],
      "endpointPrivateAccess": true, "endpointPublicAccess": false
     }
    }
   }
  }
 }
}"#;

const METADATA: &str = r#"{
 "/App/Cluster/Resource/Resource/Default": [{"type": "aws:cdk:logicalId", "data": "ClusterC3"}],
 "/App-Network/Net.NestedStack/Net.NestedStackResource": [{"type": "aws:cdk:logicalId", "data": "NetNestedStackNetNestedStackResourceB2"}],
 "/App-Network/Net/Vpc/Resource": [{"type": "aws:cdk:logicalId", "data": "VpcA1"}]
}"#;

const ASSETS: &str = r#"{"version": "40.0.0", "files": {"0123abcd": {
 "source": {"path": "Net.nested.template.json", "packaging": "file"},
 "destinations": {"here": {"bucketName": "cdk-assets", "objectKey": "0123abcd.json"}}
}}}"#;

fn stack(name: &str, region: &str, more: &str) -> String {
    format!(
        r#""{name}": {{"type": "aws:cloudformation:stack", "environment": "aws://111122223333/{region}",
        "properties": {{"templateFile": "{name}.template.json", "stackName": "App-{name}"{more}}},
        "additionalMetadataFile": "App.metadata.json"}}"#
    )
}

fn manifest(artifacts: &[String]) -> String {
    format!(r#"{{"version": "40.0.0", "artifacts": {{{}}}}}"#, artifacts.join(", "))
}

fn assets() -> String {
    r#""Network.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Network.assets.json"}}"#
        .to_owned()
}

/// An assembly in a folder of a tree.
fn write(tree: &Tree, folder: &str, region: &str) {
    let parameters = r#", "parameters": {"Names": "false"}"#;
    let artifacts = [stack("Network", region, parameters), stack("Cluster", region, ""), assets()];
    for (name, text) in [
        ("manifest.json", &*manifest(&artifacts)),
        ("Network.template.json", NETWORK),
        ("Cluster.template.json", CLUSTER),
        ("Net.nested.template.json", NESTED),
        ("Network.assets.json", ASSETS),
        ("App.metadata.json", METADATA),
        ("tree.json", r#"{"version": "tree-0.1", "tree": {}}"#),
    ] {
        tree.write(&format!("{folder}/{name}"), text);
    }
}

#[test]
fn an_assembly_is_one_estate() {
    let tree = Tree::new(&[("app.ts", "")]);
    write(&tree, "cdk.out", "eu-west-1");
    for path in [".", "cdk.out", "cdk.out/manifest.json"] {
        let ran = tree.run(&[path]);
        assert_eq!((ran.code, &*ran.stderr), (Some(1), ""), "{path}: {ran:?}");
        assert!(ran.stdout.contains("2 roots, 2 VPCs, 1 cluster: 1 error"), "{}", ran.stdout);
        assert!(ran.stdout.contains("disabled-vpc-dns"), "{}", ran.stdout);
        let made = "= made by App-Network/Vpc/Resource (VpcA1)";
        assert!(ran.stdout.contains(made), "{}", ran.stdout);
    }
    let json = tree.run(&["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(
        json["findings"][0]["constructs"],
        serde_json::json!([{"address": "VpcA1", "path": "App-Network/Vpc/Resource"}])
    );
    assert_eq!(json["findings"][0]["path"], "cdk.out/Network.template.json");
    let mended = tree.run(&["--parameter", "Names=true"]);
    assert_eq!(mended.code, Some(0), "an option wins: {mended:?}");
}

#[test]
fn stages_are_estates_of_their_own() {
    let tree = Tree::new(&[("cdk.json", "{}")]);
    write(&tree, "cdk.out/assembly-Dev", "eu-west-1");
    write(&tree, "cdk.out/assembly-Prod", "us-east-1");
    let stage = |name: &str| {
        format!(
            r#""assembly-{name}": {{"type": "cdk:cloud-assembly", "properties": {{"directoryName": "assembly-{name}"}}}}"#
        )
    };
    tree.write("cdk.out/manifest.json", manifest(&[stage("Dev"), stage("Prod")]));
    for path in [".", "cdk.out/manifest.json"] {
        let ran = tree.run(&[path]);
        assert_eq!((ran.code, &*ran.stderr), (Some(1), ""), "{path}: {ran:?}");
        // Equal names of exports in two Regions are no two meanings.
        assert!(ran.stdout.contains("4 roots, 4 VPCs, 2 clusters: 2 errors"), "{}", ran.stdout);
    }
}

#[test]
fn a_manifest_that_cannot_be_used_is_told() {
    let unusable = "warning: cdk.out/manifest.json: is a manifest of the CDK that cannot be used: ";
    for (text, reason) in [
        ("{\"x\": \"cdk:cloud-assembly\"", format!("{unusable}not valid JSON: ")),
        ("{\"x\": \"cdk:cloud-assembly\"}", format!("{unusable}it has no artifacts\n")),
        (
            r#"{"artifacts": {"S": {"type": "aws:cloudformation:stack"}}}"#,
            format!("{unusable}the stack S names no template\n"),
        ),
        (
            r#"{"artifacts": {"S": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "../x.json"}}}}"#,
            format!("{unusable}the stack S names no template\n"),
        ),
        (
            r#"{"artifacts": {"S": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "/etc"}}}}"#,
            format!("{unusable}the stage S names no folder\n"),
        ),
        (
            &manifest(&[stack("Gone", "eu-west-1", "")]),
            "warning: cdk.out/manifest.json: is out of date: the template Gone.template.json of the \
             stack Gone is not there; run `cdk synth` again\n"
                .to_owned(),
        ),
    ] {
        let tree = Tree::new(&[("cdk.json", "{}")]);
        write(&tree, "cdk.out", "eu-west-1");
        tree.write("cdk.out/manifest.json", text);
        let ran = tree.run(&[]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(ran.stderr.contains(&reason), "{text}: {}", ran.stderr);
        assert!(ran.stdout.contains("3 roots, 2 VPCs, 1 cluster"), "alone: {}", ran.stdout);
    }
}

#[test]
fn what_an_earlier_run_left_is_told() {
    let tree = Tree::new(&[("cdk.json", "{}")]);
    write(&tree, "cdk.out", "eu-west-1");
    tree.write("cdk.out/Renamed.template.json", NESTED);
    let ran = tree.run(&[]);
    assert_eq!(
        ran.stderr,
        "warning: cdk.out/Renamed.template.json: is no stack of the manifest beside it, and is \
         analysed alone\n"
    );
    assert!(ran.stdout.contains("3 roots, 3 VPCs"), "{}", ran.stdout);
}

#[test]
fn metadata_name_the_file_of_a_nested_stack() {
    let main = r#"{"Resources": {"S": {"Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "https://b.s3.amazonaws.com/5f.json"},
        "Metadata": {"aws:asset:path": "Net.nested.template.json", "aws:asset:property": "TemplateURL"}}}}"#;
    let tree = Tree::new(&[("Main.template.json", main), ("Net.nested.template.json", NESTED)]);
    let ran = tree.run(&[]);
    assert!(ran.stdout.contains("1 root, 1 VPC"), "{}", ran.stdout);
    let other = main.replace("\"TemplateURL\"}", "\"Code\"}");
    tree.write("Main.template.json", other);
    assert!(tree.run(&[]).stdout.contains("2 roots, 1 VPC"));
}
