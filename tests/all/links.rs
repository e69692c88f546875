//! Roots that read each other, and data sources that read what the code makes.

use crate::support::Tree;

/// The rules and places of the findings, and the last line of the text report.
fn run(tree: &Tree) -> (Vec<String>, String) {
    let ran = tree.run(&["--format", "json"]);
    let json: serde_json::Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}"));
    let found =
        json["findings"].as_array().unwrap().iter().map(|one| {
            format!("{} {}", one["rule"].as_str().unwrap(), one["path"].as_str().unwrap())
        });
    let text = tree.run(&[]).stdout;
    (found.collect(), text.lines().last().unwrap_or_default().to_owned())
}

const VPC: &str = r#"
resource "aws_vpc" "main" {
  cidr_block           = "10.1.0.0/16"
  enable_dns_hostnames = false
}
resource "aws_subnet" "a" {
  count      = 2
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
}
"#;

const OUTPUTS: &str = r#"
output "vpc_id" { value = aws_vpc.main.id }
output "subnet_ids" { value = aws_subnet.a[*].id }
"#;

fn cluster(subnets: &str) -> String {
    format!(
        "resource \"aws_eks_cluster\" \"c\" {{\n  name = \"c\"\n  vpc_config {{\n    subnet_ids = \
         {subnets}\n    endpoint_private_access = true\n    endpoint_public_access = false\n  }}\n}}\n"
    )
}

/// A cluster of one root in the VPC of another: only together they show that DNS hostnames are off.
fn two_roots(backend: &str, state: &str) -> Tree {
    let reader = format!(
        "data \"terraform_remote_state\" \"net\" {{\n{state}\n}}\n{}",
        cluster("data.terraform_remote_state.net.outputs.subnet_ids")
    );
    Tree::new(&[("net/main.tf", &format!("{VPC}{OUTPUTS}{backend}")), ("eks/main.tf", &reader)])
}

const S3: &str = "terraform {\n  backend \"s3\" {\n    bucket = \"b\"\n    key = \"net\"\n  }\n}\n";

#[test]
fn a_remote_state_is_the_root_that_keeps_it() {
    let config = |config: &str| format!("  backend = \"s3\"\n  config = {{ {config} }}");
    for (backend, state) in [
        ("", "  backend = \"local\"\n  config = { path = \"../net/terraform.tfstate\" }".to_owned()),
        (
            "",
            "  backend = \"local\"\n  config = { path = \"${path.module}/../net/terraform.tfstate\" }"
                .to_owned(),
        ),
        (S3, config("bucket = \"b\", key = \"net\", region = \"us-east-1\"")),
    ] {
        let (found, last) = run(&two_roots(backend, &state));
        assert_eq!(found, ["disabled-vpc-dns net/main.tf"], "{state}");
        assert!(last.starts_with("2 roots, 1 VPC, 1 cluster: 1 error"), "{last}");
    }
    for state in [
        config("bucket = \"other\", key = \"net\""),
        config("bucket = var.bucket, key = \"net\""),
        config("key = \"net\""),
        format!("{}\n  workspace = \"prod\"", config("bucket = \"b\", key = \"net\"")),
        "  backend = \"local\"\n  config = { path = \"../net/other.tfstate\" }".to_owned(),
        "  backend = \"local\"\n  config = { path = \"../../net/terraform.tfstate\" }".to_owned(),
    ] {
        assert_eq!(run(&two_roots(S3, &state)).0, Vec::<String>::new(), "{state}");
    }
}

#[test]
fn two_roots_with_one_state_are_nobody() {
    let tree = two_roots(S3, "  backend = \"s3\"\n  config = { bucket = \"b\", key = \"net\" }");
    assert_eq!(run(&tree).0.len(), 1);
    tree.write("copy/main.tf", format!("{VPC}{OUTPUTS}{S3}"));
    assert_eq!(run(&tree).0, Vec::<String>::new());
}

#[test]
fn equal_inputs_of_two_roots_are_not_equal() {
    // Both roots have `var.vpc_id`: the rule of one is not for the VPC of the other.
    let net = "variable \"vpc_id\" {}\noutput \"vpc_id\" { value = var.vpc_id }\n\
               output \"rule_id\" { value = aws_route53_resolver_rule.r.id }\n\
               resource \"aws_route53_resolver_rule\" \"r\" {\n  domain_name = \"a.example\"\n  \
               rule_type = \"FORWARD\"\n  resolver_endpoint_id = \"rslvr-out-1\"\n  \
               target_ip { ip = \"192.0.2.1\" }\n}\n";
    let eks = "variable \"vpc_id\" {}\ndata \"terraform_remote_state\" \"net\" {\n  backend = \
               \"local\"\n  config = { path = \"../net/terraform.tfstate\" }\n}\n\
               resource \"aws_route53_resolver_rule_association\" \"r\" {\n  resolver_rule_id = \
               data.terraform_remote_state.net.outputs.rule_id\n  vpc_id = var.vpc_id\n}\n";
    let tree = Tree::new(&[("net/main.tf", net), ("eks/main.tf", eks)]);
    assert_eq!(run(&tree).0, Vec::<String>::new(), "the association of the other root counts");
    let text = tree.run(&["net"]).stdout;
    assert!(!text.contains("error"), "its id is an output: {text}");
    let told = tree.run(&["--explain-values"]).stdout;
    assert!(told.contains("vpc_id: eks/var.vpc_id has no value"), "{told}");
}

#[test]
fn a_chain_of_roots_is_followed() {
    let state = |name: &str| {
        format!(
            "data \"terraform_remote_state\" \"s\" {{\n  backend = \"local\"\n  config = {{ path = \
             \"../{name}/terraform.tfstate\" }}\n}}\n"
        )
    };
    let middle = format!(
        "{}output \"ids\" {{ value = data.terraform_remote_state.s.outputs.subnet_ids }}\n",
        state("a")
    );
    let last = format!("{}{}", state("b"), cluster("data.terraform_remote_state.s.outputs.ids"));
    let tree = Tree::new(&[
        ("a/main.tf", &format!("{VPC}{OUTPUTS}")),
        ("b/main.tf", &middle),
        ("c/main.tf", &last),
    ]);
    let (found, line) = run(&tree);
    assert_eq!(found, ["disabled-vpc-dns a/main.tf"]);
    assert!(line.starts_with("3 roots"), "{line}");
}

#[test]
fn roots_that_read_each_other_end() {
    let root = |own: &str, other: &str| {
        format!(
            "data \"terraform_remote_state\" \"s\" {{\n  backend = \"local\"\n  config = {{ path = \
             \"../{other}/terraform.tfstate\" }}\n}}\noutput \"x\" {{ value = \
             [data.terraform_remote_state.s.outputs.x, aws_vpc.{own}.id] }}\n\
             resource \"aws_vpc\" \"{own}\" {{ cidr_block = \"10.0.0.0/16\" }}\n"
        )
    };
    let tree = Tree::new(&[("a/main.tf", &root("a", "b")), ("b/main.tf", &root("b", "a"))]);
    assert_eq!(run(&tree).0, Vec::<String>::new());
}

#[test]
fn a_data_source_by_exact_key_is_the_resource() {
    let data = |data: &str, subnets: &str| {
        let tree = Tree::new(&[("main.tf", &format!("{VPC}{data}{}", cluster(subnets)))]);
        run(&tree).0
    };
    let found = ["disabled-vpc-dns main.tf"];
    let subnets = "data \"aws_subnets\" \"s\" {\n  filter {\n    name = \"vpc-id\"\n    values = \
                   [aws_vpc.main.id]\n  }\n}\n";
    assert_eq!(data(subnets, "data.aws_subnets.s.ids"), found);
    let tagged = subnets.replace("  filter {\n", "  tags = { Tier = \"private\" }\n  filter {\n");
    assert_eq!(data(&tagged, "data.aws_subnets.s.ids"), [""; 0], "any of them, or none");
    let ids = "data \"aws_subnet_ids\" \"s\" {\n  vpc_id = aws_vpc.main.id\n}\n";
    assert_eq!(data(ids, "tolist(data.aws_subnet_ids.s.ids)"), found);
    let one = "data \"aws_subnet\" \"s\" {\n  id = aws_subnet.a[0].id\n}\n";
    assert_eq!(data(one, "[data.aws_subnet.s.id, aws_subnet.a[1].id]"), found);
    let parameter = "resource \"aws_ssm_parameter\" \"p\" {\n  name = \"/net/subnets\"\n  type = \
                     \"StringList\"\n  value = aws_subnet.a[0].id\n}\n\
                     data \"aws_ssm_parameter\" \"p\" {\n  name = \"/net/subnets\"\n}\n";
    assert_eq!(data(parameter, "[data.aws_ssm_parameter.p.value, aws_subnet.a[1].id]"), found);
}

#[test]
fn the_attributes_of_a_data_source_are_those_of_the_resource() {
    let text = "resource \"aws_vpc\" \"a\" { cidr_block = \"10.1.0.0/16\" }\n\
                data \"aws_vpc\" \"a\" { id = aws_vpc.a.id }\n\
                resource \"aws_eks_cluster\" \"c\" {\n  count = data.aws_vpc.a.cidr_block == \
                \"10.1.0.0/16\" ? 1 : 0\n  name = \"c\"\n  vpc_config {\n    subnet_ids = \
                [\"subnet-1\", \"subnet-2\"]\n    endpoint_private_access = false\n    endpoint_public_access = \
                false\n  }\n}\n";
    let tree = Tree::new(&[("main.tf", text)]);
    assert_eq!(run(&tree).0, ["no-endpoint-access main.tf"]);
}

#[test]
fn an_import_is_the_export_of_that_name() {
    let net = "Resources:\n  Vpc:\n    Type: AWS::EC2::VPC\n    Properties: {CidrBlock: 10.1.0.0/16}\n  \
               A:\n    Type: AWS::EC2::Subnet\n    Properties: {VpcId: !Ref Vpc, CidrBlock: \
               10.1.1.0/24}\nOutputs:\n  A:\n    Value: !Ref A\n    Export: {Name: net-a}\n";
    let eks = "Resources:\n  Cluster:\n    Type: AWS::EKS::Cluster\n    Properties:\n      Name: c\n      \
               ResourcesVpcConfig:\n        SubnetIds: [!ImportValue net-a, subnet-2]\n        \
               EndpointPrivateAccess: true\n        EndpointPublicAccess: false\n";
    let tree = Tree::new(&[("net.yaml", net), ("eks.yaml", eks)]);
    let (found, line) = run(&tree);
    assert_eq!(found, ["disabled-vpc-dns net.yaml"]);
    assert!(line.starts_with("2 roots, 1 VPC, 1 cluster"), "{line}");
    tree.write("copy.yaml", net);
    assert_eq!(run(&tree).0, Vec::<String>::new(), "an export of two templates is nobody's");
}

#[test]
fn nested_stacks_export_and_import() {
    let net = "Resources:\n  Vpc:\n    Type: AWS::EC2::VPC\n    Properties: {CidrBlock: 10.1.0.0/16}\n  \
               A:\n    Type: AWS::EC2::Subnet\n    Properties: {VpcId: !Ref Vpc, CidrBlock: \
               10.1.1.0/24}\nOutputs:\n  A:\n    Value: !Ref A\n    Export: {Name: net-a}\n";
    let eks = "Resources:\n  Cluster:\n    Type: AWS::EKS::Cluster\n    Properties:\n      Name: c\n      \
               ResourcesVpcConfig:\n        SubnetIds: [!ImportValue net-a, subnet-2]\n        \
               EndpointPrivateAccess: true\n        EndpointPublicAccess: false\n";
    let nests = |name: &str, more: &str| {
        format!(
            "Parameters:\n  P: {{Type: String}}\nConditions:\n  C: !Equals [!Ref P, x]\nResources:\n  \
             Nested:\n    Type: AWS::CloudFormation::Stack\n    {more}\n    Properties: \
             {{TemplateURL: {name}}}\n"
        )
    };
    let tree = Tree::new(&[("nested/net.yaml", net), ("nested/eks.yaml", eks)]);
    tree.write("a.yaml", nests("nested/net.yaml", ""));
    tree.write("b.yaml", nests("nested/eks.yaml", ""));
    let (found, line) = run(&tree);
    assert_eq!(found, ["disabled-vpc-dns nested/net.yaml"]);
    assert!(line.starts_with("2 roots, 1 VPC, 1 cluster"), "{line}");
    tree.write("a.yaml", nests("nested/net.yaml", "Condition: C"));
    assert_eq!(run(&tree).0, Vec::<String>::new(), "the stack that exports it may not be there");
    let given = tree.run(&["--parameter", "P=x"]).stdout;
    assert!(given.contains("disabled-vpc-dns"), "{given}");
}

#[test]
fn equal_addresses_never_meet() {
    let tree =
        two_roots("", "  backend = \"local\"\n  config = { path = \"../net/terraform.tfstate\" }");
    tree.write(
        "eks/vpc.tf",
        "resource \"aws_vpc\" \"main\" {\n  cidr_block = \"10.9.0.0/16\"\n}\n",
    );
    let ran = tree.run(&[]);
    assert!(ran.stdout.contains("net/aws_vpc.main has"), "{}", ran.stdout);
    assert!(ran.stdout.contains("2 roots, 2 VPCs, 1 cluster: 1 error"), "{}", ran.stdout);
}

#[test]
fn a_parameter_is_found_by_its_exact_name_in_any_root() {
    let parameter = "resource \"aws_ssm_parameter\" \"a\" {\n  name = \"/net/a\"\n  type = \"String\"\n  \
                     value = aws_subnet.a[0].id\n}\n";
    let reader = |name: &str| {
        let data = format!("data \"aws_ssm_parameter\" \"a\" {{\n  name = {name}\n}}\n");
        format!("{data}{}", cluster("[data.aws_ssm_parameter.a.value, \"subnet-2\"]"))
    };
    let tree = Tree::new(&[("net/main.tf", &format!("{VPC}{parameter}"))]);
    for (name, count) in [("\"/net/a\"", 1), ("\"/net/b\"", 0), ("\"/${var.env}/a\"", 0)] {
        tree.write("eks/main.tf", reader(name));
        assert_eq!(run(&tree).0.len(), count, "{name}");
    }
}

/// A VPC with a subnet, and the id of the subnet as a parameter: without DNS hostnames no private endpoint answers.
const STORED: &str = "Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.1.1.0/24}}
  Stored: {Type: AWS::SSM::Parameter, Properties: {Name: /net/a, Type: String, Value: !Ref A}}
";

/// A private cluster in a subnet, and one elsewhere.
fn cluster_in(parameters: &str, subnets: &str) -> String {
    format!(
        "Parameters:\n  Env: {{Type: String, Default: net}}\n{parameters}Resources:\n  Cluster: {{Type: \
         AWS::EKS::Cluster, Properties: {{Name: c, ResourcesVpcConfig: {{SubnetIds: {subnets}, EndpointPrivateAccess: \
         true, EndpointPublicAccess: false}}}}}}\n"
    )
}

#[test]
fn a_dynamic_reference_is_the_parameter_of_that_name() {
    let tree = Tree::new(&[("net.yaml", STORED)]);
    let found = |parameters: &str, subnets: &str| {
        tree.write("eks.yaml", cluster_in(parameters, subnets));
        run(&tree).0
    };
    let here = ["disabled-vpc-dns net.yaml"];
    assert_eq!(found("", "['{{resolve:ssm:/net/a}}', subnet-2]"), here);
    assert_eq!(found("", "[!Sub '{{resolve:ssm:/${Env}/a}}', subnet-2]"), here);
    let stored = |kind: &str| {
        format!("  P: {{Type: 'AWS::SSM::Parameter::Value<{kind}>', Default: /net/a}}\n")
    };
    assert_eq!(found(&stored("AWS::EC2::Subnet::Id"), "[!Ref P, subnet-2]"), here);
    let alone = found(&stored("List<AWS::EC2::Subnet::Id>"), "!Ref P");
    assert_eq!(alone, ["too-few-cluster-subnets eks.yaml", here[0]], "a list of one");
    let given = "  P: {Type: String, Default: '{{resolve:ssm:/net/a}}'}\n";
    assert_eq!(found(given, "[!Ref P, subnet-2]"), here);
    for other in [
        "{{resolve:ssm:/net/b}}",
        "{{resolve:ssm:/net/a:1}}",
        "{{resolve:ssm-secure:/net/a}}",
        "{{resolve:ssm:arn:aws:ssm:eu-west-1:111122223333:parameter/net/a}}",
        "x{{resolve:ssm:/net/a}}",
    ] {
        assert_eq!(found("", &format!("['{other}', subnet-2]")), [""; 0], "{other}");
    }
    let open = "  P: {Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Subnet::Id>'}\n";
    assert_eq!(found(open, "[!Ref P, subnet-2]"), [""; 0], "nobody says which");
    let same = found("", "['{{resolve:ssm:/net/a}}', subnet-2]");
    assert_eq!(same, here);
    tree.write("copy.yaml", STORED);
    assert_eq!(run(&tree).0, [""; 0], "a parameter of two templates is nobody's");
    tree.write("copy.yaml", "");
    tree.write("net.yaml", STORED.replace("Type: AWS::SSM", "Condition: C, Type: AWS::SSM"));
    assert_eq!(run(&tree).0, [""; 0], "it may not be there");
}

/// Where a set deploys to one Region of one account, a parameter of another one is not the one that is named.
#[test]
fn a_parameter_of_another_region_or_account_is_another() {
    let set = |account: &str, region: &str, template: &str| {
        format!(
            "Resources:\n  Set: {{Type: AWS::CloudFormation::StackSet, Properties: {{StackSetName: s, PermissionModel: \
             SELF_MANAGED, TemplateURL: {template}, StackInstancesGroup: [{{Regions: [{region}], DeploymentTargets: \
             {{Accounts: ['{account}']}}}}]}}}}\n"
        )
    };
    let eks = cluster_in("", "['{{resolve:ssm:/net/a}}', subnet-2]");
    let tree = Tree::new(&[("nested/net.yaml", STORED), ("nested/eks.yaml", &eks)]);
    tree.write("net.yaml", set("111122223333", "eu-west-1", "nested/net.yaml"));
    for (account, region, count) in [
        ("111122223333", "eu-west-1", 1),
        ("111122223333", "us-east-1", 0),
        ("444455556666", "eu-west-1", 0),
    ] {
        tree.write("eks.yaml", set(account, region, "nested/eks.yaml"));
        assert_eq!(run(&tree).0.len(), count, "{account} {region}");
    }
}

/// What names no resource passes between the languages, in both directions.
#[test]
fn a_parameter_with_a_known_value_passes_between_the_languages() {
    let terraform = "resource \"aws_ssm_parameter\" \"a\" {\n  name = \"/dns/domain\"\n  type = \"String\"\n  \
                     value = \"https://a.b\"\n}\n";
    let rule = "Resources: {Rule: {Type: AWS::Route53Resolver::ResolverRule, Properties: {RuleType: FORWARD, DomainName: \
                '{{resolve:ssm:/dns/domain}}', ResolverEndpointId: rslvr-out-1, TargetIps: [{Ip: 10.0.0.5}]}}}\n";
    let tree = Tree::new(&[("made/main.tf", terraform), ("rule.yaml", rule)]);
    assert!(run(&tree).0.iter().any(|it| it.starts_with("malformed-rule-domain")));
    let stored = "Resources: {Stored: {Type: AWS::SSM::Parameter, Properties: {Name: /dns/domain, Type: String, Value: \
                  'https://a.b'}}}\n";
    let rule = "data \"aws_ssm_parameter\" \"a\" {\n  name = \"/dns/domain\"\n}\n\
                resource \"aws_route53_resolver_rule\" \"r\" {\n  domain_name = data.aws_ssm_parameter.a.value\n  \
                rule_type = \"FORWARD\"\n  resolver_endpoint_id = \"rslvr-out-1\"\n  target_ip {\n    ip = \
                \"10.0.0.5\"\n  }\n}\n";
    let tree = Tree::new(&[("made.yaml", stored), ("rule/main.tf", rule)]);
    assert!(run(&tree).0.iter().any(|it| it.starts_with("malformed-rule-domain")));
}

#[test]
fn a_route_table_is_found_by_its_subnet() {
    // The attributes of the table are those of the managed one: its VPC is known.
    let text = "resource \"aws_route_table\" \"t\" { vpc_id = aws_vpc.main.id }\n\
                resource \"aws_route_table_association\" \"a\" {\n  subnet_id = aws_subnet.a[0].id\n  \
                route_table_id = aws_route_table.t.id\n}\n\
                data \"aws_route_table\" \"t\" { subnet_id = aws_subnet.a[0].id }\n\
                data \"aws_subnets\" \"s\" {\n  filter {\n    name = \"vpc-id\"\n    values = \
                [data.aws_route_table.t.vpc_id]\n  }\n}\n";
    let all = format!("{VPC}{text}{}", cluster("data.aws_subnets.s.ids"));
    let tree = Tree::new(&[("main.tf", &all)]);
    assert_eq!(run(&tree).0, ["disabled-vpc-dns main.tf"]);
}
