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

/// Exports and outputs are those of one account; with a role the output of another one is read.
#[test]
fn a_stack_of_another_account_has_other_exports() {
    let tree = Tree::new(&[("app.ts", "")]);
    write(&tree, "cdk.out", "eu-west-1");
    let path = "cdk.out/manifest.json";
    let other = stack("Cluster", "eu-west-1", "").replace("111122223333", "444455556666");
    let names = r#", "parameters": {"Names": "false"}"#;
    tree.write(path, manifest(&[stack("Network", "eu-west-1", names), other, assets()]));
    let ran = tree.run(&[]);
    assert_eq!((ran.code, &*ran.stderr), (Some(0), ""), "{ran:?}");
    let output = r#"{"Fn::GetStackOutput": {"StackName": "App-Network", "OutputName": "A"}}"#;
    let cluster = CLUSTER.replace(r#"{"Fn::ImportValue": "App-Network:A"}"#, output);
    tree.write("cdk.out/Cluster.template.json", &cluster);
    assert_eq!(tree.run(&[]).code, Some(0), "of one name in the own account");
    let role = r#""StackName": "App-Network", "RoleArn": "arn:aws:iam::111122223333:role/read""#;
    let read = cluster.replace(r#""StackName": "App-Network""#, role);
    tree.write("cdk.out/Cluster.template.json", read);
    assert_eq!(tree.run(&[]).code, Some(1), "a role of the other account reads it");
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

/// The resource of a nested stack, as a stack has it: its template is an asset, found by the hash in its key.
fn nested(hash: &str, parameters: &str) -> String {
    format!(
        r#"{{"Type": "AWS::CloudFormation::Stack", "UpdateReplacePolicy": "Delete", "DeletionPolicy": "Delete",
        "Properties": {{"Parameters": {{{parameters}}}, "TemplateURL": {{"Fn::Join": ["", ["https://s3.eu-west-1.",
        {{"Ref": "AWS::URLSuffix"}}, "/cdk-assets-111122223333-eu-west-1/{hash}.json"]]}}}}}}"#
    )
}

/// An asset of a nested stack.
fn asset(hash: &str, path: &str) -> String {
    format!(
        r#""{hash}": {{"source": {{"path": "{path}", "packaging": "file"}}, "destinations": {{"111122223333-eu-west-1-1a":
        {{"bucketName": "cdk-assets-111122223333-eu-west-1", "objectKey": "{hash}.json", "region": "eu-west-1"}}}}}}"#
    )
}

const OUTER: &str = "OuterNestedStackOuterNestedStackResource34";
const INNER: &str = "InnerNestedStackInnerNestedStackResource74";

/// A stack that nests a stack that nests the network, in this order, and the stack that imports its subnets.
fn templates() -> [String; 4] {
    let out = |name: &str, value: &str| format!(r#""Outputs{name}Ref": {{"Value": {value}}}"#);
    let up = |stack: &str, name: &str| {
        out(name, &format!(r#"{{"Fn::GetAtt": ["{stack}", "Outputs.Outputs{name}Ref"]}}"#))
    };
    let export = |name: &str| {
        let value = format!(r#"{{"Fn::GetAtt": ["{OUTER}", "Outputs.Outputs{name}Ref"]}}"#);
        format!(
            r#""ExportsOutput{name}": {{"Value": {value}, "Export": {{"Name": "Live-Net:ExportsOutput{name}"}}}}"#
        )
    };
    let import = |name: &str| format!(r#"{{"Fn::ImportValue": "Live-Net:ExportsOutput{name}"}}"#);
    let subnet = |at: u8| {
        format!(
            r#"{{"Type": "AWS::EC2::Subnet", "Properties": {{"VpcId": {{"Ref": "Vpc"}}, "AvailabilityZone": {{"Fn::Select": [{at},
            {{"Fn::GetAZs": ""}}]}}, "CidrBlock": {{"Fn::Select": [{at}, {{"Fn::Cidr": [{{"Ref": "referencetoLiveNetRange2FRef"}}, 4, "8"]}}]}}}}}}"#
        )
    };
    let network = format!(
        r#"{{"Resources": {{"Vpc": {{"Type": "AWS::EC2::VPC", "Properties": {{"CidrBlock": {{"Ref":
        "referencetoLiveNetRange2FRef"}}}}}}, "A": {}, "B": {}}}, "Parameters": {{"referencetoLiveNetRange2FRef":
        {{"Type": "String"}}}}, "Outputs": {{{}, {}}}}}"#,
        subnet(0),
        subnet(1),
        out("A", r#"{"Ref": "A"}"#),
        out("B", r#"{"Ref": "B"}"#)
    );
    let middle = format!(
        r#"{{"Resources": {{"{INNER}": {}}}, "Parameters": {{"referencetoLiveNetRange2FRef": {{"Type": "String"}}}},
        "Outputs": {{{}, {}}}}}"#,
        nested(
            "23ff",
            r#""referencetoLiveNetRange2FRef": {"Ref": "referencetoLiveNetRange2FRef"}"#
        ),
        up(INNER, "A"),
        up(INNER, "B")
    );
    let bootstrap = r#""BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/hnb/version"}"#;
    let net = format!(
        r#"{{"Parameters": {{"Range": {{"Type": "String", "Default": "10.2.0.0/16"}}, {bootstrap}}}, "Resources":
        {{"{OUTER}": {}}}, "Outputs": {{{}, {}}}, "Rules": {{"CheckBootstrapVersion": {{"Assertions": [{{"Assert":
        {{"Fn::Not": [{{"Fn::Contains": [["1", "2"], {{"Ref": "BootstrapVersion"}}]}}]}}}}]}}}}}}"#,
        nested("be4e", r#""referencetoLiveNetRange2FRef": {"Ref": "Range"}"#),
        export("A"),
        export("B")
    );
    let cluster = format!(
        r#"{{"Resources": {{"Cluster": {{"Type": "AWS::EKS::Cluster", "Properties": {{"RoleArn": "arn:aws:iam::111122223333:role/eks",
        "ResourcesVpcConfig": {{"EndpointPrivateAccess": true, "EndpointPublicAccess": false, "SubnetIds": [{}, {}]}}}}}}}},
        "Parameters": {{{bootstrap}}}}}"#,
        import("A"),
        import("B")
    );
    [net, middle, network, cluster]
}

/// A stage of these.
fn stage() -> Tree {
    let [net, middle, network, cluster] = templates();
    let entry = |path: &str, id: &str| {
        format!(
            r#""/Live/{path}": [{{"type": "aws:cdk:logicalId", "data": "{id}"}}, {{"type": "aws:cdk:creationStack", "data": ["new Net (app.ts:1:1)"]}}]"#
        )
    };
    let described = |id: &str, name: &str| {
        format!(
            r#""{id}.assets": {{"type": "cdk:asset-manifest", "properties": {{"file": "{id}.assets.json"}}}}, "{id}":
            {{"type": "aws:cloudformation:stack", "environment": "aws://111122223333/eu-west-1", "properties":
            {{"templateFile": "{id}.template.json", "stackName": "Live-{name}", "validateOnSynth": false}},
            "additionalMetadataFile": "{id}.metadata.json", "displayName": "Live/{name}"}}"#
        )
    };
    let metadata = [
        entry("Net/Range", "Range"),
        entry("Net/Outer.NestedStack/Outer.NestedStackResource", OUTER),
        entry("Net/Outer/Inner.NestedStack/Inner.NestedStackResource", INNER),
        entry("Net/Outer/Inner/Vpc", "Vpc"),
        entry("Net/Outer/Inner/A", "A"),
        entry("Net/Outer/Inner/B", "B"),
    ];
    let assets = [
        asset("23ff", "LiveNetOuterInner31.nested.template.json"),
        asset("be4e", "LiveNetOuter5F.nested.template.json"),
    ];
    let files =
        |all: &[String]| format!(r#"{{"version": "55.0.0", "files": {{{}}}}}"#, all.join(", "));
    let top = r#"{"version": "55.0.0", "artifacts": {"assembly-Live": {"type": "cdk:cloud-assembly", "properties":
        {"directoryName": "assembly-Live", "displayName": "Live"}}, "Tree": {"type": "cdk:tree", "properties": {"file":
        "tree.json"}}}}"#;
    let tree = Tree::new(&[("cdk.json", "{}"), ("cdk.out/manifest.json", top)]);
    for (name, text) in [
        (
            "manifest.json",
            manifest(&[described("LiveNet05", "Net"), described("LiveClu4A", "Clu")]),
        ),
        ("LiveNet05.template.json", net),
        ("LiveNet05.metadata.json", format!("{{{}}}", metadata.join(", "))),
        ("LiveNet05.assets.json", files(&assets)),
        ("LiveNetOuter5F.nested.template.json", middle),
        ("LiveNetOuterInner31.nested.template.json", network),
        ("LiveClu4A.template.json", cluster),
        ("LiveClu4A.metadata.json", format!("{{{}}}", entry("Clu/Cluster", "Cluster"))),
        ("LiveClu4A.assets.json", files(&[])),
    ] {
        tree.write(&format!("cdk.out/assembly-Live/{name}"), text);
    }
    tree
}

#[test]
fn a_stage_with_stacks_in_stacks_is_one_estate() {
    let tree = stage();
    for path in [".", "cdk.out", "cdk.out/assembly-Live", "cdk.out/assembly-Live/manifest.json"] {
        let ran = tree.run(&[path]);
        assert_eq!((ran.code, &*ran.stderr), (Some(1), ""), "{path}: {ran:?}");
        assert!(
            ran.stdout.contains("2 roots, 1 VPC, 1 cluster: 1 error"),
            "{path}: {}",
            ran.stdout
        );
        assert!(ran.stdout.contains("error[disabled-vpc-dns]"), "{path}: {}", ran.stdout);
        assert!(
            ran.stdout.contains("LiveNetOuterInner31.nested.template.json:1"),
            "{path}: {}",
            ran.stdout
        );
        let made = "= made by Live/Net/Outer/Inner/Vpc (Outer";
        assert!(ran.stdout.contains(made), "{path}: {}", ran.stdout);
    }
    // Without what names the file of the inner template nothing is said of it.
    tree.write(
        "cdk.out/assembly-Live/LiveNet05.assets.json",
        r#"{"version": "55.0.0", "files": {}}"#,
    );
    let ran = tree.run(&["cdk.out/manifest.json"]);
    assert!(!ran.stdout.contains("error[disabled-vpc-dns]"), "{}", ran.stdout);
}
