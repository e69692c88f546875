//! Each way to read what another root, or this one, makes: by an exact key it is found, by anything else not.

use crate::support::Tree;

/// What the program knows of an argument of `aws_route.probe`.
fn probed(tree: &Tree) -> String {
    let ran = tree.run(&["--explain-values"]);
    let line = ran.stdout.lines().find(|line| line.contains(" gateway_id"));
    let line = line.unwrap_or_else(|| panic!("{ran:?} {}", tree.run(&[]).stdout));
    line.trim().split_once(" gateway_id").unwrap().1.trim_start_matches([' ', '=', ':']).to_owned()
}

fn probe(value: &str) -> String {
    format!("resource \"aws_route\" \"probe\" {{\n  gateway_id = {value}\n}}\n")
}

const NET: &str = "resource \"aws_vpc\" \"net\" {\n  cidr_block = \"10.0.0.0/16\"\n}\noutput \"id\" {\n  \
                   value = aws_vpc.net.id\n}\n";

/// A root with a backend, and another that reads its state.
fn state(backend: &str, reader: &str) -> String {
    let tree = Tree::new(&[("net/main.tf", &format!("{NET}terraform {{\n{backend}\n}}\n"))]);
    let data = format!("data \"terraform_remote_state\" \"net\" {{\n{reader}\n}}\n");
    let probe = probe("data.terraform_remote_state.net.outputs.id");
    tree.write("app/main.tf", format!("variable \"v\" {{}}\n{data}{probe}"));
    probed(&tree)
}

/// Each backend: as a root writes it, and the configurations that do, and do not, name the same state.
const STATES: &[(&str, &str, &[&str], &[&str])] = &[
    (
        "s3",
        "bucket = \"b\"\n key = \"k\"\n region = \"us-east-1\"",
        &["bucket = \"b\", key = \"k\", region = \"us-east-1\"", "bucket = \"b\", key = \"k\""],
        &["bucket = \"b\", key = \"other\"", "bucket = \"b\"", "bucket = var.v, key = \"k\""],
    ),
    (
        "gcs",
        "bucket = \"b\"\n prefix = \"p\"",
        &["bucket = \"b\", prefix = \"p\""],
        &["bucket = \"b\"", "bucket = \"b\", prefix = var.v", "bucket = \"c\", prefix = \"p\""],
    ),
    (
        "azurerm",
        "storage_account_name = \"s\"\n container_name = \"c\"\n key = \"k\"",
        &["storage_account_name = \"s\", container_name = \"c\", key = \"k\", use_oidc = true"],
        &["container_name = \"c\", key = \"k\""],
    ),
    (
        "http",
        "address = \"https://x.example/s\"",
        &["address = \"https://x.example/s\""],
        &["username = \"u\""],
    ),
    ("consul", "path = \"p\"", &["path = \"p\""], &["path = \"p\", address = \"c.example:8500\""]),
    (
        "pg",
        "conn_str = \"postgres://p.example/t\"",
        &[
            "conn_str = \"postgres://p.example/t\"",
            "conn_str = \"postgres://p.example/t\", schema_name = \"terraform_remote_state\"",
        ],
        &["conn_str = \"postgres://p.example/t\", schema_name = \"net\""],
    ),
    (
        "kubernetes",
        "secret_suffix = \"net\"",
        &["secret_suffix = \"net\"", "secret_suffix = \"net\", namespace = \"default\""],
        &["secret_suffix = \"net\", namespace = \"x\"", "secret_suffix = \"net\", host = var.v"],
    ),
    (
        "oss",
        "bucket = \"b\"\n prefix = \"p\"",
        &["bucket = \"b\", prefix = \"p\", key = \"terraform.tfstate\""],
        &["bucket = \"b\"", "bucket = \"b\", prefix = \"p\", key = \"k\""],
    ),
    (
        "cos",
        "bucket = \"b\"\n prefix = \"p\"",
        &["bucket = \"b\", prefix = \"p\""],
        &["bucket = \"b\"", "bucket = \"b\", prefix = \"p\", key = \"k\""],
    ),
    (
        "remote",
        "organization = \"o\"\n workspaces {\n name = \"net\"\n }",
        &[
            "organization = \"o\", workspaces = { name = \"net\" }",
            "organization = \"o\", workspaces = [{ name = \"net\" }], hostname = \"app.terraform.io\"",
        ],
        &[
            "organization = \"o\", workspaces = { name = \"other\" }",
            "organization = \"o\", workspaces = { prefix = \"net\" }",
            "organization = \"o\", workspaces = { name = \"net\" }, hostname = \"tfe.example\"",
        ],
    ),
];

#[test]
fn a_state_is_found_by_what_its_backend_says() {
    for (kind, written, same, others) in STATES {
        let backend = format!("  backend \"{kind}\" {{\n {written}\n }}");
        let read = |config: &str| {
            state(&backend, &format!("backend = \"{kind}\"\nconfig = {{ {config} }}"))
        };
        for config in *same {
            assert_eq!(read(config), "aws_vpc.net.id", "{kind}: {config}");
        }
        for config in *others {
            let told = read(config);
            assert!(
                told.contains("read from outside") || told.contains("no value"),
                "{kind}: {told}"
            );
        }
    }
}

#[test]
fn the_state_of_a_cloud_workspace() {
    let reader =
        "backend = \"remote\"\nconfig = { organization = \"o\", workspaces = { name = \"net\" } }";
    let cloud =
        |of: &str| format!("  cloud {{\n organization = \"o\"\n workspaces {{\n {of}\n }}\n }}");
    assert_eq!(state(&cloud("name = \"net\""), reader), "aws_vpc.net.id");
    let told = state(&cloud("tags = [\"net\"]"), reader);
    assert!(told.contains("read from outside"), "any workspace of that tag: {told}");
}

#[test]
fn a_state_of_another_workspace_is_another_state() {
    let backend = "  backend \"s3\" {\n bucket = \"b\"\n key = \"k\"\n }";
    let reader = |more: &str| {
        format!("backend = \"s3\"\nconfig = {{ bucket = \"b\", key = \"k\" }}\n{more}")
    };
    for own in ["", "workspace = \"default\"", "workspace = terraform.workspace"] {
        assert_eq!(state(backend, &reader(own)), "aws_vpc.net.id", "{own}");
    }
    for other in ["workspace = \"prod\"", "workspace = var.v"] {
        let told = state(backend, &reader(other));
        assert!(told.contains("read from outside"), "{told}");
    }
    let key = "backend = \"s3\"\nconfig = { bucket = \"b\", key = \"${terraform.workspace}/k\" }";
    assert!(state(backend, key).contains("read from outside"));
}

#[test]
fn the_selected_workspace_is_known() {
    let code = probe("\"igw-${terraform.workspace}\"");
    let tree = Tree::new(&[("main.tf", &code)]);
    assert_eq!(probed(&tree), "terraform.workspace has no value in the code");
    tree.write(".terraform/environment", "prod\n");
    assert_eq!(probed(&tree), "\"igw-prod\"");
}

/// Each data source: the resource `x`, the exact key, the key as another root gets it, and keys that leave
/// it open.
struct Lookup {
    data: &'static str,
    kind: &'static str,
    body: &'static str,
    key: &'static str,
    id: &'static str,
    open: &'static [&'static str],
}

const LOOKUPS: &[Lookup] = &[
    Lookup {
        data: "aws_vpc",
        kind: "aws_vpc",
        body: "cidr_block = \"10.0.0.0/16\"",
        key: "id = ID",
        id: "id",
        open: &[
            "tags = { Name = \"x\" }",
            "filter {\n name = \"tag:x\"\n values = [\"y\"]\n }",
            "id = var.v",
        ],
    },
    Lookup {
        data: "aws_subnet",
        kind: "aws_subnet",
        body: "vpc_id = \"vpc-1\"\n cidr_block = \"10.0.0.0/24\"",
        key: "id = ID",
        id: "id",
        open: &["tags = { Name = \"x\" }", "cidr_block = \"10.0.0.0/24\""],
    },
    Lookup {
        data: "aws_route_table",
        kind: "aws_route_table",
        body: "vpc_id = \"vpc-1\"",
        key: "route_table_id = ID",
        id: "id",
        open: &["vpc_id = \"vpc-1\"", "tags = { Name = \"x\" }"],
    },
    Lookup {
        data: "aws_security_group",
        kind: "aws_security_group",
        body: "name = \"x\"\n vpc_id = \"vpc-1\"",
        key: "id = ID",
        id: "id",
        open: &["name = \"x\"", "tags = { Name = \"x\" }"],
    },
    Lookup {
        data: "aws_vpc_peering_connection",
        kind: "aws_vpc_peering_connection",
        body: "vpc_id = \"vpc-1\"\n peer_vpc_id = \"vpc-2\"",
        key: "id = ID",
        id: "id",
        open: &["status = \"active\"", "tags = { Name = \"x\" }"],
    },
    Lookup {
        data: "aws_vpc_dhcp_options",
        kind: "aws_vpc_dhcp_options",
        body: "domain_name = \"x.example\"",
        key: "dhcp_options_id = ID",
        id: "id",
        open: &["filter {\n name = \"key\"\n values = [\"domain-name\"]\n }"],
    },
    Lookup {
        data: "aws_route53_resolver_endpoint",
        kind: "aws_route53_resolver_endpoint",
        body: "direction = \"INBOUND\"",
        key: "resolver_endpoint_id = ID",
        id: "id",
        open: &["filter {\n name = \"Name\"\n values = [\"x\"]\n }"],
    },
    Lookup {
        data: "aws_ec2_transit_gateway",
        kind: "aws_ec2_transit_gateway",
        body: "description = \"x\"",
        key: "id = ID",
        id: "id",
        open: &["filter {\n name = \"options.amazon-side-asn\"\n values = [\"64512\"]\n }"],
    },
    Lookup {
        data: "aws_route53_zone",
        kind: "aws_route53_zone",
        body: "name = \"x.example\"",
        key: "zone_id = ID",
        id: "zone_id",
        open: &["name = \"x.example\"", "tags = { Name = \"x\" }"],
    },
    Lookup {
        data: "aws_route53_resolver_rule",
        kind: "aws_route53_resolver_rule",
        body: "domain_name = \"x.example\"\n rule_type = \"FORWARD\"",
        key: "domain_name = \"x.example\"",
        id: "id",
        open: &["domain_name = \"y.example\"", "name = \"x\"", "domain_name = var.v"],
    },
    Lookup {
        data: "aws_route53_resolver_rule",
        kind: "aws_route53_resolver_rule",
        body: "domain_name = \"x.example\"\n rule_type = \"FORWARD\"",
        key: "resolver_rule_id = ID",
        id: "id",
        open: &["name_regex = \"x\""],
    },
    Lookup {
        data: "aws_eks_cluster",
        kind: "aws_eks_cluster",
        body: "name = \"x\"",
        key: "name = \"x\"",
        id: "arn",
        open: &["name = \"y\"", "name = var.v"],
    },
    Lookup {
        data: "aws_ssm_parameter",
        kind: "aws_ssm_parameter",
        body: "name = \"/x\"\n type = \"String\"\n value = aws_vpc.other.id",
        key: "name = \"/x\"",
        id: "value",
        open: &["name = \"/y\"", "name = \"/${var.v}\""],
    },
];

#[test]
fn each_data_source_is_found_by_its_key() {
    for one in LOOKUPS {
        let Lookup { data, kind, body, key, id, open } = one;
        let managed = format!("resource \"{kind}\" \"x\" {{\n {body}\n}}\n");
        let other = "resource \"aws_vpc\" \"other\" {\n  cidr_block = \"10.1.0.0/16\"\n}\n";
        let read =
            |key: &str| format!("variable \"v\" {{}}\ndata \"{data}\" \"d\" {{\n {key}\n}}\n");
        let wanted = probe(&format!("data.{data}.d.{id}"));
        let found = match *kind {
            "aws_ssm_parameter" => "aws_vpc.other.id".to_owned(),
            kind => format!("{kind}.x.{id}"),
        };
        let own_key = key.replace("ID", &format!("{kind}.x.{id}"));
        let here = |key: &str| {
            let text = format!("{managed}{other}{}{wanted}", read(key));
            probed(&Tree::new(&[("main.tf", &text)]))
        };
        assert_eq!(here(&own_key), found, "{data} in its own root");
        for key in *open {
            let told = here(key);
            assert!(
                !told.starts_with(kind)
                    && (told.contains(&format!("data.{data}.d")) || told.contains("var.v")),
                "{data} {key}: {told}"
            );
        }
        let across = |key: &str| {
            let net = format!("{managed}{other}output \"id\" {{\n value = {kind}.x.{id}\n}}\n");
            let state = "data \"terraform_remote_state\" \"s\" {\n backend = \"local\"\n config = { path = \
                         \"../net/terraform.tfstate\" }\n}\n";
            let app = format!("{state}{}{wanted}", read(key));
            probed(&Tree::new(&[("net/main.tf", &net), ("app/main.tf", &app)]))
        };
        let foreign = key.replace("ID", "data.terraform_remote_state.s.outputs.id");
        assert_eq!(across(&foreign), found, "{data} in another root");
    }
}

#[test]
fn a_name_that_two_roots_use_is_nobodys() {
    let cluster = "resource \"aws_eks_cluster\" \"x\" {\n  name = \"x\"\n}\n";
    let data = "data \"aws_eks_cluster\" \"d\" {\n  name = \"x\"\n}\n";
    let app = format!("{data}{}", probe("data.aws_eks_cluster.d.arn"));
    let tree = Tree::new(&[("a/main.tf", cluster), ("app/main.tf", &app)]);
    assert_eq!(probed(&tree), "aws_eks_cluster.x.arn");
    tree.write("b/main.tf", cluster);
    assert!(probed(&tree).starts_with("data.aws_eks_cluster.d.arn is read"));
    std::fs::remove_file(tree.path("b/main.tf")).unwrap();
    let region = |name: &str| format!("provider \"aws\" {{\n  region = \"{name}\"\n}}\n");
    tree.write("a/main.tf", format!("{}{cluster}", region("us-east-1")));
    tree.write("app/main.tf", format!("{}{app}", region("us-west-2")));
    assert!(probed(&tree).starts_with("data.aws_eks_cluster.d.arn is read"), "another Region");
}

#[test]
fn the_subnets_of_a_vpc_in_another_root() {
    let net = format!(
        "{NET}resource \"aws_subnet\" \"a\" {{\n  vpc_id = aws_vpc.net.id\n  cidr_block = \"10.0.0.0/24\"\n}}\n"
    );
    let state = "data \"terraform_remote_state\" \"s\" {\n backend = \"local\"\n config = { path = \
                 \"../net/terraform.tfstate\" }\n}\n";
    let subnets = |by: &str| format!("{state}data \"aws_subnets\" \"d\" {{\n{by}\n}}\n");
    let probe = probe("data.aws_subnets.d.ids");
    let told = |by: &str| {
        let tree = Tree::new(&[("net/main.tf", &net)]);
        tree.write("app/main.tf", format!("{}{probe}", subnets(by)));
        probed(&tree)
    };
    let exact =
        "filter {\n name = \"vpc-id\"\n values = [data.terraform_remote_state.s.outputs.id]\n }";
    assert_eq!(told(exact), "[0] = aws_subnet.a.id");
    let tagged = format!("{exact}\n tags = {{ Tier = \"private\" }}");
    assert!(told(&tagged).contains("data.aws_subnets.d"), "{}", told(&tagged));
}

#[test]
fn a_name_is_one_of_its_region() {
    let code = |provider: &str| {
        format!(
            "provider \"aws\" {{\n  region = \"eu-west-1\"\n}}\nprovider \"aws\" {{\n  alias = \"far\"\n  \
             region = \"us-east-1\"\n}}\nresource \"aws_route53_resolver_rule\" \"x\" {{\n  domain_name = \
             \"a.example\"\n  rule_type = \"FORWARD\"\n}}\ndata \"aws_route53_resolver_rule\" \"x\" {{\n  \
             domain_name = \"a.example\"\n  provider = {provider}\n}}\n{}",
            probe("data.aws_route53_resolver_rule.x.id")
        )
    };
    let told = |provider| probed(&Tree::new(&[("main.tf", &code(provider))]));
    assert_eq!(told("aws"), "aws_route53_resolver_rule.x.id");
    assert!(told("aws.far").contains("read from outside"), "{}", told("aws.far"));
}

#[test]
fn a_vpc_may_have_more_subnets_than_the_code_makes() {
    let code = "resource \"aws_vpc\" \"v\" {\n  cidr_block = \"10.0.0.0/16\"\n}\nresource \"aws_subnet\" \
                \"s\" {\n  vpc_id = aws_vpc.v.id\n  cidr_block = \"10.0.0.0/24\"\n}\ndata \"aws_subnets\" \
                \"all\" {\n  filter {\n    name = \"vpc-id\"\n    values = [aws_vpc.v.id]\n  }\n}\n\
                resource \"aws_eks_cluster\" \"c\" {\n  vpc_config {\n    subnet_ids = \
                data.aws_subnets.all.ids\n  }\n}\n";
    let told = Tree::new(&[("main.tf", code)]).run(&["--explain-values"]).stdout;
    assert!(told.contains("subnet_ids[0] = aws_subnet.s.id"), "{told}");
    assert!(told.contains("subnet_ids[…]: "), "nobody knows that there are no others: {told}");
}
