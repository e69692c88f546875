//! Far too many files, far too large ones, numbers that overflow, patterns that explode elsewhere.

use std::fmt::Write as _;
use std::io::Write as _;

use super::CLEAN;
use crate::support::{Ran, Tree};

/// A run that ends by itself, within what the system grants, and says nothing of a bug.
fn bounded(tree: &Tree, arguments: &[&str], what: &str) -> Ran {
    let ran = tree.run(arguments);
    assert!(matches!(ran.code, Some(0 | 1)), "{what}: {ran:?}");
    assert!(!ran.stderr.contains("bug"), "{what}: {}", ran.stderr);
    ran
}

#[test]
fn a_hundred_thousand_files() {
    let tree = Tree::new(&[]);
    for folder in 0..100 {
        let folder = tree.path(&format!("d{folder}"));
        std::fs::create_dir(&folder).unwrap();
        for file in 0..1000 {
            let ending = if file % 2 == 0 { "tf" } else { "yaml" };
            std::fs::File::create(folder.join(format!("f{file}.{ending}"))).unwrap();
        }
    }
    assert_eq!(bounded(&tree, &[], "files").stdout, CLEAN.replace("1 root", "100 roots"));
}

#[test]
fn two_hundred_megabytes() {
    let tree = Tree::new(&[("a/main.tf", "")]);
    for name in ["a/large.tf", "large.yaml"] {
        let file = std::fs::File::create(tree.path(name)).unwrap();
        file.set_len(200 << 20).unwrap();
    }
    let ran = bounded(&tree, &[], "large");
    assert!(ran.stdout.contains("a/large.tf:1:1"), "{}", ran.stdout);
    assert_eq!(ran.stderr, "warning: large.yaml: is larger than 32 MiB\n");
}

#[test]
fn a_plan_of_two_hundred_megabytes() {
    let tree = Tree::new(&[]);
    let file = std::fs::File::create(tree.path("plan.json")).unwrap();
    let mut file = std::io::BufWriter::new(file);
    file.write_all(
        b"{\"format_version\":\"1.2\",\"planned_values\":{\"root_module\":{\"resources\":[",
    )
    .unwrap();
    let filler = "x".repeat(100 << 10);
    for at in 0..2000 {
        let comma = if at == 0 { "" } else { "," };
        write!(
            file,
            "{comma}{{\"address\":\"aws_vpc.v[{at}]\",\"mode\":\"managed\",\"type\":\"aws_vpc\",\"name\":\"v\",\"index\":{at},\
             \"values\":{{\"cidr_block\":\"10.0.0.0/16\",\"tags\":{{\"a\":\"{filler}\"}}}}}}"
        )
        .unwrap();
    }
    file.write_all(b"]}}}").unwrap();
    file.flush().unwrap();
    let ran = bounded(&tree, &["plan.json"], "plan");
    assert!(ran.stdout.contains("1 root, 2000 VPCs"), "{}", ran.stdout);
}

#[test]
fn numbers_that_overflow() {
    let far = "99999999999999999999999999999999999999999";
    let values = [
        "cidrsubnet(\"10.0.0.0/8\", 9999999999, 1)",
        "cidrsubnet(\"10.0.0.0/8\", 24, @)",
        "cidrsubnet(\"10.0.0.0/8\", -1, 0)",
        "cidrsubnet(\"fe80::/10\", 118, pow(2, 118) - 1)",
        "cidrsubnet(\"::/0\", 128, pow(2, 128))",
        "cidrhost(\"10.0.0.0/8\", @)",
        "cidrhost(\"::/0\", -@)",
        "cidrnetmask(\"10.0.0.0/33\")",
        "cidrsubnets(\"10.0.0.0/8\", -1, @)",
        "\"10.0.0.0/@\"",
        "\"10.0.0.0/-1\"",
        "\"::/129\"",
        "\"256.0.0.1/16\"",
        "substr(\"abc\", -@, @)",
        "substr(\"abc\", 1, -9223372036854775808)",
        "element([1], -9223372036854775808)",
        "element([1], @)",
        "[1][@]",
        "range(@)",
        "range(0, 1, 1e-300)",
        "range(0, -@, -1e300)",
        "pow(0, -1)",
        "pow(@, @)",
        "log(-1, 0)",
        "1 / 0",
        "@ % 0",
        "-9223372036854775808 % -1",
        "1e999999999",
        "1e-999999999",
        "ceil(1e400)",
        "floor(-1e400)",
        "chunklist([1], 0)",
        "chunklist([1], -@)",
        "slice([1], 5, 2)",
        "slice([1], -1, @)",
        "parseint(\"@\", 36)",
        "parseint(\"1\", 99)",
        "format(\"%@d\", 1)",
        "format(\"%.@f\", 1)",
        "format(\"%[@]d\", 1)",
        "formatlist(\"%*d\", [1])",
        "timeadd(\"2017-11-22T00:00:00Z\", \"@h\")",
        "formatdate(\"@\", \"0000-00-00T00:00:00Z\")",
        "indent(-@, \"a\\nb\")",
        "repeat(\"a\", @)",
        "strrev(format(\"%0@d\", 1))",
        "tonumber(\"@e@\")",
        "tostring(1e@)",
        "signum(-@)",
        "abs(-1e308 * 1e308)",
        "jsondecode(\"1e@\")",
        "jsondecode(\"[@, -@, 0.@]\")",
        "yamldecode(\"a: @\\nb: 0x@\\nc: 1e@\")",
        "csvdecode(\"a\\n@\")",
        "base64decode(\"@\")",
        "min(@, -@)",
        "sum([@, -@, 1e300])",
        "!@",
        "@ == @ + 1 ? 1 : 2",
    ];
    for value in values {
        let value = value.replace('@', far);
        let tree = Tree::new(&[]);
        let rule = "resource \"aws_security_group_rule\" \"r\" {\n  type = \"ingress\"\n  protocol = \"tcp\"\n";
        tree.write("main.tf", format!(
            "resource \"aws_vpc\" \"v\" {{\n  cidr_block = {value}\n}}\n{rule}  from_port = {value}\n  to_port = {value}\n}}\n\
             resource \"aws_subnet\" \"s\" {{\n  count = {value}\n}}\n"
        ));
        bounded(&tree, &["--explain-values"], &value);
        bounded(&tree, &[], &value);
    }
    let values = [
        "!Select [@, [a, b]]",
        "!Select [-1, [a, b]]",
        "!Cidr [10.0.0.0/8, @, 5]",
        "!Select [0, !Cidr [10.0.0.0/8, 256, @]]",
        "!Select [0, !Cidr [10.0.0.0/33, 1, 8]]",
        "!Select [0, !Cidr [10.0.0.0/8, 0, -1]]",
        "@",
        "-@",
        "1e@",
        "10.0.0.0/@",
        "!Join ['', [@, !Length [a]]]",
        "0x@",
        "!Sub '${@}'",
        "!Split [@, @]",
    ];
    for value in values {
        let value = value.replace('@', far);
        let tree = Tree::new(&[]);
        tree.write("t.yaml", format!(
            "Resources:\n  V:\n    Type: AWS::EC2::VPC\n    Properties: {{CidrBlock: {value}}}\n  R:\n    Type: AWS::EC2::SecurityGroupIngress\n    \
             Properties:\n      GroupId: sg-1\n      IpProtocol: {value}\n      FromPort: {value}\n      ToPort: {value}\n"
        ));
        bounded(&tree, &["--explain-values"], &value);
        bounded(&tree, &[], &value);
    }
}

#[test]
fn patterns_that_explode_elsewhere() {
    let long = "a".repeat(20_000);
    for value in [
        format!("regex(\"(a+)+$\", \"{long}!\")"),
        format!("regex(\"(a|a)*b\", \"{long}\")"),
        format!("join(\"\", flatten(regexall(\"(a*)*?\", \"{long}\")))"),
        format!("replace(\"{long}!\", \"/(a*)*b/\", \"$1$1$1$1\")"),
        format!("replace(\"{long}\", \"a\", \"{long}\")"),
        format!("replace(\"{long}\", \"\", \"{long}\")"),
        "regex(\"((((a{99}){99}){99}){99}){99}\", \"a\")".to_owned(),
        format!("regex(\"{}\", \"a\")", "(".repeat(20_000)),
        format!("join(\"\", fileset(\".\", \"{}\"))", "{a,b}".repeat(2_000)),
        format!("join(\"\", fileset(\".\", \"{}*\"))", "**/".repeat(2_000)),
    ] {
        let tree = Tree::new(&[]);
        tree.write(
            "main.tf",
            format!("resource \"aws_vpc\" \"v\" {{\n  cidr_block = {value}\n}}\n"),
        );
        bounded(&tree, &["--explain-values"], &value[..60.min(value.len())]);
    }
    let template = format!(
        "Parameters: {{P: {{Type: String, Default: '{long}!', AllowedPattern: '^(a+)+$'}}}}\nResources:\n  V: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: !Ref P}}}}\n"
    );
    bounded(&Tree::new(&[("t.yaml", &template)]), &[], "AllowedPattern");
    for pattern in ["{a,b}".repeat(500), "**/".repeat(500), "[a-z]*".repeat(500), "{".repeat(5_000)]
    {
        let tree = Tree::new(&[("main.tf", "")]);
        tree.write(
            "eksdns-lint.toml",
            format!("exclude = ['{pattern}']\n[[roots]]\npath = '{pattern}'\n"),
        );
        let ran = tree.run(&[]);
        assert!(ran.code.is_some() && !ran.stderr.contains("bug"), "{ran:?}");
    }
}

/// One text after the other.
fn repeated(count: usize, one: &dyn Fn(usize) -> String) -> String {
    (0..count).map(one).collect()
}

/// Terraform that is wide or long rather than deep, each with a name.
fn wide_terraform() -> Vec<(&'static str, &'static str, String)> {
    let fault = "resource \"aws_eks_cluster\" \"c\" {\n  vpc_config {\n    endpoint_private_access = false\n    endpoint_public_access = false\n  }\n}\n";
    let ignored = "# eksdns-lint: ignore[no-endpoint-access]\n".repeat(50_000);
    vec![
        (
            "blocks",
            "main.tf",
            repeated(20_000, &|at| format!("resource \"aws_vpc\" \"v{at}\" {{\n}}\n")),
        ),
        (
            "locals",
            "main.tf",
            format!("locals {{\n{}}}\n", repeated(50_000, &|at| format!("  l{at} = {at}\n"))),
        ),
        (
            "chain",
            "main.tf",
            format!(
                "locals {{\n  l0 = \"10.0.0.0/16\"\n{}}}\nresource \"aws_vpc\" \"v\" {{\n  cidr_block = local.l20000\n}}\n",
                repeated(20_000, &|at| format!("  l{} = local.l{at}\n", at + 1))
            ),
        ),
        (
            "sum",
            "main.tf",
            format!(
                "resource \"aws_vpc\" \"v\" {{\n  cidr_block = {}1\n}}\n",
                "1 + ".repeat(20_000)
            ),
        ),
        (
            "list",
            "main.tf",
            format!(
                "locals {{\n  l = [{}]\n}}\nresource \"aws_vpc\" \"v\" {{\n  cidr_block = local.l[0]\n}}\n",
                "1, ".repeat(200_000)
            ),
        ),
        (
            "line",
            "main.tf",
            fault.replace("false\n  }", &format!("false /*{}*/\n  }}", "x".repeat(5 << 20))),
        ),
        ("name", "main.tf", fault.replace("\"c\"", &format!("\"{}\"", "c".repeat(1 << 20)))),
        ("comments", "main.tf", format!("{ignored}{fault}")),
        ("lines", "main.tf", format!("{}{fault}", "\n".repeat(5 << 20))),
        ("brackets", "main.tf", format!("{fault}{}", "[".repeat(1 << 20))),
        ("quotes", "main.tf", format!("{fault}{}", "\"".repeat((1 << 20) + 1))),
        (
            "heredocs",
            "main.tf",
            format!(
                "locals {{\n{}}}\n",
                repeated(20_000, &|at| format!("  h{at} = <<E{at}\n  x\nE{at}\n"))
            ),
        ),
        (
            "open heredocs",
            "main.tf",
            format!("{fault}{}", repeated(5_000, &|at| format!("a{at} = <<E{at}\n"))),
        ),
    ]
}

/// Templates that are.
fn wide_templates() -> Vec<(&'static str, &'static str, String)> {
    let anchors = repeated(5_000, &|at| {
        format!("  k{at}: &a{at} {{<<: *a{}, x{at}: 1}}\n", at.saturating_sub(1))
    });
    let mut indented = String::from("Resources:\n V: {Type: AWS::EC2::VPC}\n");
    for at in 1..1_500 {
        writeln!(indented, "{}k:", " ".repeat(at)).unwrap();
    }
    vec![
        (
            "keys",
            "t.yaml",
            format!(
                "Resources:\n  V: {{Type: AWS::EC2::VPC}}\n{}",
                repeated(50_000, &|at| format!("  k{at}: {{Type: A::B::C}}\n"))
            ),
        ),
        (
            "merges",
            "t.yaml",
            format!(
                "Mappings:\n  k: &a0 {{y: 1}}\n{anchors}Resources: {{V: {{Type: AWS::EC2::VPC, Properties: *a4999}}}}\n"
            ),
        ),
        (
            "itself",
            "t.yaml",
            "a: &a [*a, *a]\nResources: {V: {Type: AWS::EC2::VPC, Properties: *a}}\n".to_owned(),
        ),
        ("indented", "t.yaml", indented),
        (
            "conditions",
            "t.yaml",
            format!(
                "Parameters: {{P: {{Type: String}}}}\nConditions:\n  C0: !Equals [!Ref P, a]\n{}Resources:\n  V: {{Type: AWS::EC2::VPC, Condition: C2000}}\n",
                repeated(2_000, &|at| format!(
                    "  C{}: !Or [!Condition C{at}, !Equals [!Ref P, x{at}]]\n",
                    at + 1
                ))
            ),
        ),
        (
            "scalar",
            "t.yaml",
            format!(
                "Resources:\n  V: {{Type: AWS::EC2::VPC}}\nX: |\n{}",
                "  xxxxxxxxxxxxxxxx\n".repeat(500_000)
            ),
        ),
        (
            "question marks",
            "t.yaml",
            format!("Resources: {{V: {{Type: AWS::EC2::VPC}}}}\n{}", "? ".repeat(5_000)),
        ),
        (
            "dashes",
            "t.yaml",
            format!("Resources: {{V: {{Type: AWS::EC2::VPC}}}}\nX: \n  {}", "- ".repeat(5_000)),
        ),
        (
            "refs",
            "t.json",
            format!(
                "{{\"Resources\": {{\"V\": {{\"Type\": \"AWS::EC2::VPC\", \"Properties\": {{\"CidrBlock\": {{\"Fn::Join\": [\"\", [{}\"\"]]}}}}}}}}}}",
                "{\"Ref\": \"AWS::Region\"}, ".repeat(20_000)
            ),
        ),
    ]
}

/// Networks with more of everything than AWS has, all asked to reach all; and the same with each name open.
fn wide_networks() -> Vec<(&'static str, &'static str, String)> {
    let many = 500;
    let listed = |one: &str| {
        let all: Vec<_> = (0..many).map(|at| one.replace('#', &at.to_string())).collect();
        all.join(", ")
    };
    let blocks = |one: &str| repeated(many, &|at| one.replace('#', &at.to_string()) + "\n");
    let rule = |way: &str, peers: &str| {
        format!("{way} {{\nfrom_port = 53\nto_port = 53\nprotocol = \"udp\"\n{peers}\n}}\n")
    };
    let network = |subnet: &str, address: &str, peers: &str| {
        let mut text = String::new();
        for (vpc, block, direction) in [("a", 0, "OUTBOUND"), ("b", 1, "INBOUND")] {
            let subnets = blocks(&format!(
                "resource \"aws_subnet\" \"{vpc}#\" {{\nvpc_id = aws_vpc.{vpc}.id\ncidr_block = cidrsubnet(\"10.{block}.0.0/16\", 12, #)\n}}"
            ));
            let subnet = subnet.replace('@', vpc);
            let addresses = blocks(&format!(
                "ip_address {{\nsubnet_id = {subnet}\nip = cidrhost(\"10.{block}.0.0/16\", #)\n}}"
            ));
            let rules = blocks(&(rule("ingress", peers) + &rule("egress", peers)));
            writeln!(
                text,
                "resource \"aws_vpc\" \"{vpc}\" {{\ncidr_block = \"10.{block}.0.0/16\"\n}}\n{subnets}\
                 resource \"aws_security_group\" \"{vpc}\" {{\nvpc_id = aws_vpc.{vpc}.id\n{rules}}}\n\
                 resource \"aws_route53_resolver_endpoint\" \"{vpc}\" {{\ndirection = \"{direction}\"\n\
                 security_group_ids = [aws_security_group.{vpc}.id]\n{addresses}}}"
            )
            .unwrap();
        }
        let subnets = listed(&subnet.replace('@', "b"));
        let targets = blocks(&format!("target_ip {{\nip = {address}\n}}"));
        text + &format!(
            "resource \"aws_vpc_peering_connection\" \"p\" {{\nvpc_id = aws_vpc.a.id\npeer_vpc_id = aws_vpc.b.id\nauto_accept = true\n}}\n\
             resource \"aws_route\" \"p\" {{\nroute_table_id = aws_vpc.a.main_route_table_id\ndestination_cidr_block = \"10.1.0.0/16\"\n\
             vpc_peering_connection_id = aws_vpc_peering_connection.p.id\n}}\n\
             resource \"aws_eks_cluster\" \"c\" {{\nvpc_config {{\nsubnet_ids = [{subnets}]\nendpoint_private_access = true\n\
             endpoint_public_access = false\n}}\n}}\n\
             resource \"aws_route53_resolver_rule\" \"r\" {{\ndomain_name = \"eks.amazonaws.com\"\nrule_type = \"FORWARD\"\n\
             resolver_endpoint_id = aws_route53_resolver_endpoint.a.id\n{targets}}}\n\
             resource \"aws_route53_resolver_rule_association\" \"r\" {{\nresolver_rule_id = aws_route53_resolver_rule.r.id\nvpc_id = aws_vpc.a.id\n}}\n"
        )
    };
    let inputs = blocks("variable \"s#\" {\n}\nvariable \"i#\" {\n}\nvariable \"g#\" {\n}");
    let known = "cidr_blocks = [cidrsubnet(\"192.168.0.0/16\", 16, #)]";
    vec![
        ("paths", "main.tf", network("aws_subnet.@#.id", "cidrhost(\"10.1.0.0/16\", #)", known)),
        ("open paths", "main.tf", inputs + &network("var.s#", "var.i#", "cidr_blocks = [var.g#]")),
    ]
}

#[test]
fn wide_and_long_files() {
    let files = wide_terraform().into_iter().chain(wide_templates()).chain(wide_networks());
    for (what, name, text) in files {
        let tree = Tree::new(&[(name, &text)]);
        for format in ["text", "sarif"] {
            let ran = bounded(&tree, &["--format", format], what);
            let room = 4 * text.len() + (2 << 20);
            assert!(ran.stdout.len() < room, "{what}: {} bytes are printed", ran.stdout.len());
        }
    }
}

#[test]
fn a_tower_of_modules() {
    let tree = Tree::new(&[]);
    for at in 0..300 {
        let next = at + 1;
        tree.write(&format!("m{at}/main.tf"), format!("module \"m\" {{\n  source = \"../m{next}\"\n  a = var.a\n}}\nvariable \"a\" {{\n  default = 1\n}}\n"));
    }
    tree.write("m300/main.tf", "variable \"a\" {}\n");
    bounded(&tree, &[], "modules");
    let tree = Tree::new(&[]);
    for at in 0..300 {
        let next = at + 1;
        let stack = format!(
            "{{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: ./t{next}.yaml}}}}"
        );
        tree.write(&format!("t{at}.yaml"), format!("Resources:\n  A: {stack}\n"));
    }
    tree.write("t300.yaml", "Resources:\n  V: {Type: AWS::EC2::VPC}\n");
    bounded(&tree, &[], "stacks");
    // Each calls the next twice: two to the power of thirty.
    let tree = Tree::new(&[]);
    for at in 0..30 {
        let next = at + 1;
        let call = |name: &str| format!("module \"{name}\" {{\n  source = \"../m{next}\"\n}}\n");
        tree.write(&format!("m{at}/main.tf"), call("a") + &call("b"));
        let stack = format!(
            "{{Type: AWS::CloudFormation::Stack, Properties: {{TemplateURL: ./t{next}.yaml}}}}"
        );
        tree.write(&format!("t{at}.yaml"), format!("Resources:\n  A: {stack}\n  B: {stack}\n"));
    }
    tree.write("m30/main.tf", "resource \"aws_vpc\" \"v\" {}\n");
    tree.write("t30.yaml", "Resources:\n  V: {Type: AWS::EC2::VPC}\n");
    bounded(&tree, &["m0"], "modules twice");
    bounded(&tree, &["t0.yaml"], "stacks twice");
}
