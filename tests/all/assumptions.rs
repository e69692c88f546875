//! What a project tells of the world outside the code, and what it asserts: each key changes what the
//! simulation says, and nothing else does.

use crate::support::{Ran, Tree};

/// A cluster whose VPC a VPN with static routes leads to, and an inbound endpoint beside it.
const SITE: &str = r#"
variable "public" {
  type    = bool
  default = false
}
resource "aws_vpc" "eks" {
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_vpc" "guests" {
  cidr_block = "10.9.0.0/16"
}
resource "aws_subnet" "guests" {
  vpc_id     = aws_vpc.guests.id
  cidr_block = "10.9.0.0/24"
}
resource "aws_subnet" "eks" {
  count             = 2
  vpc_id            = aws_vpc.eks.id
  cidr_block        = cidrsubnet(aws_vpc.eks.cidr_block, 8, count.index)
  availability_zone = ["us-east-1a", "us-east-1b"][count.index]
}
resource "aws_vpn_gateway" "campus" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_customer_gateway" "campus" {
  bgp_asn    = 65000
  ip_address = "203.0.113.1"
  type       = "ipsec.1"
}
resource "aws_vpn_connection" "campus" {
  vpn_gateway_id      = aws_vpn_gateway.campus.id
  customer_gateway_id = aws_customer_gateway.campus.id
  type                = "ipsec.1"
  static_routes_only  = true
}
resource "aws_vpn_connection_route" "campus" {
  vpn_connection_id      = aws_vpn_connection.campus.id
  destination_cidr_block = "172.16.0.0/12"
}
resource "aws_route_table" "eks" {
  vpc_id = aws_vpc.eks.id
}
resource "aws_route" "campus" {
  route_table_id         = aws_route_table.eks.id
  destination_cidr_block = "172.16.0.0/12"
  gateway_id             = aws_vpn_gateway.campus.id
}
resource "aws_route_table_association" "eks" {
  count          = 2
  subnet_id      = aws_subnet.eks[count.index].id
  route_table_id = aws_route_table.eks.id
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = true
    endpoint_public_access  = var.public
  }
}
resource "aws_vpc_security_group_ingress_rule" "api" {
  security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id
  cidr_ipv4         = "172.16.0.0/12"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
resource "aws_security_group" "dns" {
  vpc_id = aws_vpc.eks.id
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["172.16.0.0/12"]
  }
}
resource "aws_route53_resolver_endpoint" "inbound" {
  direction          = "INBOUND"
  security_group_ids = [aws_security_group.dns.id]
  ip_address {
    subnet_id = aws_subnet.eks[0].id
    ip        = "10.2.0.10"
  }
  ip_address {
    subnet_id = aws_subnet.eks[1].id
    ip        = "10.2.1.10"
  }
}
"#;

const CAMPUS: &str = "[[assumptions.networks]]\nname = 'campus'\ncidrs = ['172.16.0.0/12']\n";

fn site(config: &str) -> Tree {
    Tree::new(&[("main.tf", SITE), ("eksdns-lint.toml", config)])
}

/// The outcome of a path and what the name gets, in their words.
fn traced(config: &str, from: &str, options: &[&str]) -> (String, String) {
    traced_in(&site(config), from, options)
}

fn traced_in(tree: &Tree, from: &str, options: &[&str]) -> (String, String) {
    let base = ["trace", "--from", from, "--to", "aws_eks_cluster.main", "--format", "json"];
    let arguments: Vec<_> = base.iter().chain(options).copied().collect();
    let ran = tree.run(&arguments);
    let json: serde_json::Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
    let path = &json["paths"][0];
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    (word(&path["outcome"]), word(&path["name"]["message"]))
}

fn outcome(config: &str, from: &str, options: &[&str]) -> String {
    traced(config, from, options).0
}

#[test]
fn what_name_servers_on_premises_do_decides_what_on_premises_gets() {
    let dns = |text: &str| format!("[assumptions.on-premises-dns]\n{text}\n{CAMPUS}");
    // Beside an inbound endpoint nobody knows what they were told.
    assert_eq!(outcome(CAMPUS, "on-premises", &[]), "undecided");
    assert_eq!(outcome(&dns("recurse = true"), "campus", &[]), "holds");
    let (end, name) = traced(&dns("recurse = false"), "campus", &[]);
    assert_eq!((&*end, name.starts_with("REFUSED")), ("fails", true), "{name}");
    let filtered = dns("filter-private-answers = true");
    let (end, name) = traced(&filtered, "campus", &[]);
    assert_eq!((&*end, name.starts_with("NODATA")), ("fails", true), "{name}");
    // It filters private addresses, not public ones.
    assert_eq!(outcome(&filtered, "campus", &["--var", "public=true"]), "holds");
    let forward = |domain: &str| {
        format!(
            "filter-private-answers = true\nforward = [{{ domain = '{domain}', to = \
             'aws_route53_resolver_endpoint.inbound' }}]"
        )
    };
    let to_inbound = dns(&forward("eks.amazonaws.com"));
    let (end, name) = traced(&to_inbound, "campus", &["--var", "public=true"]);
    assert_eq!((&*end, name.contains("private")), ("holds", true), "{name}");
    assert_eq!(outcome(&dns(&forward("amazonaws.com.")), "campus", &[]), "holds");
    assert_eq!(outcome(&dns(&forward("example.com")), "campus", &[]), "fails");
    // The narrowest domain wins, wherever it stands and with or without the dot at its end.
    let guests = "resource \"aws_route53_resolver_endpoint\" \"guests\" {\n  direction = \"INBOUND\"\n  \
                  security_group_ids = []\n  ip_address { subnet_id = aws_subnet.guests.id }\n}\n";
    for (wide, narrow) in [(".", "com"), ("amazonaws.com.", "eks.amazonaws.com")] {
        let to = |domain: &str, endpoint: &str| {
            format!("{{ domain = '{domain}', to = 'aws_route53_resolver_endpoint.{endpoint}' }}")
        };
        let both = |first: String, second: String| dns(&format!("forward = [{first}, {second}]"));
        for (told, expected) in [
            (both(to(wide, "guests"), to(narrow, "inbound")), "holds"),
            (both(to(narrow, "inbound"), to(wide, "guests")), "holds"),
            (both(to(wide, "inbound"), to(narrow, "guests")), "fails"),
        ] {
            let tree = site(&told);
            tree.write("guests.tf", guests);
            assert_eq!(traced_in(&tree, "campus", &[]).0, expected, "{told}");
        }
    }
    // The way to the endpoint is followed, there and back.
    let unanswered = ["--without", "aws_route.campus"];
    let (end, name) = traced(&to_inbound, "campus", &unanswered);
    assert_eq!((&*end, name.starts_with("timeout")), ("fails", true), "{name}");
}

/// A rule that takes the endpoint to name servers on premises: what these do with it the project may tell.
#[test]
fn what_is_told_of_a_captured_name() {
    let code = include_str!("../../fixtures/captured-endpoint-name/flag.tf");
    for (told, found) in [
        ("", Some("only while that server asks public DNS")),
        ("[assumptions.on-premises-dns]\nrecurse = true\n", None),
        ("[assumptions.on-premises-dns]\nrecurse = false\n", Some("hosts get REFUSED")),
        (
            "[assumptions.on-premises-dns]\nfilter-private-answers = true\n",
            Some("hosts get NODATA"),
        ),
        // Of servers elsewhere it tells nothing.
        (
            "[assumptions.on-premises-dns]\nrecurse = true\n[[assumptions.networks]]\nname = 'campus'\ncidrs = \
             ['172.16.0.0/12']\n",
            Some("only while that server asks public DNS"),
        ),
    ] {
        let tree = Tree::new(&[("main.tf", code), ("eksdns-lint.toml", told)]);
        let ran = tree.run(&["--select", "captured-endpoint-name", "--width", "400"]);
        match found {
            Some(words) => assert!(ran.stdout.contains(words), "{told}: {ran:?}"),
            None => assert!(!ran.stdout.contains("captured-endpoint-name"), "{told}: {ran:?}"),
        }
    }
}

/// What is told of name servers on premises is told of those that stand there: in a network that the project tells
/// of; where it tells of none, at a private address that no VPC of the code has.
#[test]
fn which_name_servers_are_on_premises() {
    let all = |server: &str| {
        format!(
            "resource \"aws_vpc_dhcp_options\" \"eks\" {{\n  domain_name_servers = [\"{server}\"]\n}}\nresource \
             \"aws_vpc_dhcp_options_association\" \"eks\" {{\n  vpc_id = aws_vpc.eks.id\n  dhcp_options_id = \
             aws_vpc_dhcp_options.eks.id\n}}\nresource \"aws_route\" \"all\" {{\n  route_table_id = \
             aws_route_table.eks.id\n  destination_cidr_block = \"0.0.0.0/0\"\n  gateway_id = \
             aws_vpn_gateway.campus.id\n}}\nresource \"aws_vpn_connection_route\" \"all\" {{\n  vpn_connection_id = \
             aws_vpn_connection.campus.id\n  destination_cidr_block = \"0.0.0.0/0\"\n}}\n"
        )
    };
    for (networks, server, there) in [
        ("", "172.16.0.53", true),
        ("", "198.51.100.53", false),
        ("", "10.2.0.53", false),
        (CAMPUS, "172.16.0.53", true),
        (CAMPUS, "192.168.0.53", false),
        (CAMPUS, "198.51.100.53", false),
        (
            "[[assumptions.networks]]\nname = 'campus'\ncidrs = ['198.51.100.0/24']\n",
            "198.51.100.53",
            true,
        ),
    ] {
        let tree = site(&format!("[assumptions.on-premises-dns]\nrecurse = false\n{networks}"));
        tree.write("servers.tf", all(server));
        let ran = tree.run(&["trace", "--from", "aws_vpc.eks", "--to", "www.example.org"]);
        assert_eq!(ran.stdout.contains("REFUSED"), there, "{networks}{server}: {ran:?}");
    }
}

#[test]
fn the_blocks_of_a_network_are_what_answers_must_find_a_way_to() {
    let dns = "[assumptions.on-premises-dns]\nrecurse = true\n";
    let other = "[[assumptions.networks]]\nname = 'branch'\ncidrs = ['192.168.0.0/16']\n";
    let both = format!("{dns}{CAMPUS}{other}");
    assert_eq!(outcome(&both, "campus", &[]), "holds");
    assert_eq!(outcome(&both, "branch", &[]), "fails");
    assert_eq!(outcome(&both, "on-premises", &[]), "partly", "all of them");
    let wide = CAMPUS.replace("172.16.0.0/12", "172.0.0.0/8");
    assert_ne!(outcome(&format!("{dns}{wide}"), "campus", &[]), "holds");
    // Without any, nobody knows where answers must go.
    assert_eq!(outcome(dns, "on-premises", &[]), "undecided");
}

fn check(config: &str, options: &[&str]) -> (Ran, Vec<String>) {
    let tree = site(config);
    let arguments: Vec<_> = ["--format", "json"].iter().chain(options).copied().collect();
    let ran = tree.run(&arguments);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_default();
    let rule = |one: &serde_json::Value| one["rule"].as_str().unwrap().to_owned();
    let found = json["findings"].as_array().map(|all| all.iter().map(rule).collect());
    (ran, found.unwrap_or_default())
}

#[test]
fn an_assertion_is_kept_broken_or_open() {
    let dns = "[assumptions.on-premises-dns]\nrecurse = true\n";
    for (must, from, options, broken) in [
        ("must-reach", "campus", &[][..], false),
        ("must-resolve-privately", "campus", &[], false),
        ("must-not-reach", "campus", &[], true),
        ("must-resolve-privately", "campus", &["--var", "public=true"], true),
        ("must-reach", "aws_vpc.guests", &[], true),
        ("must-not-reach", "aws_vpc.guests", &[], false),
        // Public DNS tells the private addresses to everybody.
        ("must-resolve-privately", "aws_vpc.guests", &[], false),
        ("must-resolve-privately", "aws_vpc.guests", &["--no-eks-public-dns"], true),
        ("must-not-reach", "on-premises", &["--var", "public=true"], true),
        ("must-reach", "aws_subnet.guests", &[], true),
    ] {
        let config =
            format!("{must} = [{{ from = '{from}', to = 'aws_eks_cluster.main' }}]\n{dns}{CAMPUS}");
        let (ran, found) = check(&config, options);
        assert_eq!(ran.stderr, "", "{must} {from}");
        let failed = found.iter().any(|rule| rule == "failed-assertion");
        assert_eq!(failed, broken, "{must} {from} {options:?}: {}", ran.stdout);
        let open = ran.stdout.contains("\"rule\": \"failed-assertion\",\n      \"reason\"");
        assert!(!open, "{must} {from}: {}", ran.stdout);
    }
    // In one of two subnets of the cluster it is reached: not as it must be, and not out of reach.
    let one = SITE.replace(
        "\"aws_route_table_association\" \"eks\" {\n  count          = 2",
        "\"aws_route_table_association\" \"eks\" {\n  count          = 1",
    );
    assert_ne!(one, SITE);
    for must in ["must-reach", "must-not-reach"] {
        let tree = site(&format!(
            "{must} = [{{ from = 'campus', to = 'aws_eks_cluster.main' }}]\n{dns}{CAMPUS}"
        ));
        tree.write("main.tf", &one);
        let ran = tree.run(&["--select", "failed-assertion", "--format", "json"]);
        assert!(ran.stdout.contains("\"errors\": 1"), "{must}: {}", ran.stdout);
    }
    let open = "must-reach = [{ from = 'campus', to = 'aws_eks_cluster.main' }]\n";
    let (ran, found) = check(&format!("{open}{CAMPUS}"), &[]);
    assert!(found.is_empty(), "{found:?}");
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["undecided"][0]["rule"], "failed-assertion");
    assert_eq!(json["undecided"][0]["path"], "eksdns-lint.toml");
}

#[test]
fn a_broken_assertion_points_at_itself_and_at_what_breaks_it() {
    let config = "must-reach = [{ from = 'branch', to = 'aws_eks_cluster.main' }]\n\
                  [assumptions.on-premises-dns]\n\
                  [[assumptions.networks]]\nname = 'branch'\ncidrs = ['192.168.0.0/16']\n";
    let (ran, _) = check(config, &[]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let finding = &json["findings"][0];
    assert_eq!(
        (&finding["path"], &finding["start"]["line"]),
        (&"eksdns-lint.toml".into(), &1.into())
    );
    let table = SITE.lines().position(|line| line.contains("\"aws_route_table\" \"eks\"")).unwrap();
    let breaks = |label: &serde_json::Value| {
        label["path"] == "main.tf" && label["start"]["line"].as_u64() == Some(table as u64 + 1)
    };
    assert!(finding["labels"].as_array().unwrap().iter().any(breaks), "{finding:#}");
}

#[test]
fn whoever_is_told_to_be_a_client_is_one_for_all_rules() {
    let both = "clients = [{ from = 'aws_vpc.guests', to = 'aws_eks_cluster.main' }]\n";
    let (_, found) = check("", &["--var", "public=true"]);
    assert!(found.is_empty(), "being there is no will: {found:?}");
    let (_, found) = check(both, &["--var", "public=true"]);
    assert_eq!(found, ["public-answer"]);
    let asserted = both.replace("clients", "must-reach");
    let (_, found) = check(&asserted, &["--var", "public=true"]);
    assert!(found.contains(&"public-answer".to_owned()), "{found:?}");
    let unwanted = both.replace("clients", "must-not-reach");
    assert!(check(&unwanted, &["--var", "public=true"]).1.is_empty());
}

#[test]
fn what_is_not_in_the_code_is_an_error_with_what_is_near() {
    let pair =
        |key: &str, from: &str, to: &str| format!("{key} = [{{ from = '{from}', to = '{to}' }}]\n");
    let main = "aws_eks_cluster.main";
    for (config, message) in [
        (
            pair("must-reach", "aws_vpc.guest", main),
            "1:24: aws_vpc.guest: there is no such VPC, subnet, Client VPN endpoint or network of \
             [[assumptions.networks]]; did you mean aws_vpc.guests",
        ),
        (
            pair("must-reach", "aws_vpc.guests", "aws_eks_cluster.mein"),
            "1:47: aws_eks_cluster.mein: there is no such cluster; did you mean aws_eks_cluster.main?",
        ),
        (pair("clients", "campus", main), "1:21: campus: there is no such VPC"),
        (
            "[assumptions.on-premises-dns]\nforward = [{ domain = 'a.b', to = 'inbound' }]\n"
                .to_owned(),
            "2:35: inbound: there is no such endpoint; did you mean aws_route53_resolver_endpoint.inbound?",
        ),
    ] {
        let tree = site(&format!("{config}{CAMPUS}"));
        let ran = tree.run(&["."]);
        assert_eq!(ran.code, Some(2), "{config}");
        let expected = format!("error: eksdns-lint.toml:{message}");
        assert!(ran.stderr.starts_with(&expected), "{config}: {}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
        assert!(ran.stdout.contains("1 root"), "the rest is still told: {}", ran.stdout);
    }
    let tree = Tree::new(&[
        ("a/main.tf", SITE),
        ("b/main.tf", ""),
        ("c/main.tf", "resource \"aws_vpc\" \"lone\" {}\n"),
    ]);
    tree.write("eksdns-lint.toml", pair("must-reach", "aws_vpc.lone", main));
    let ran = tree.run(&["."]);
    let apart = "aws_vpc.lone and aws_eks_cluster.main are in roots that do not name each other\n";
    assert_eq!(ran.stderr, format!("error: eksdns-lint.toml:1:24: {apart}"));
    // Only a part of what the file is for: it may be elsewhere.
    let ran = tree.run(&["b"]);
    assert_eq!((ran.code, ran.stderr.matches("warning: ").count()), (Some(0), 2), "{}", ran.stderr);
}

#[test]
fn config_show_tells_all_of_it() {
    let pair = "[{ from = 'campus', to = 'aws_eks_cluster.main' }]";
    let config = format!(
        "must-reach = {pair}\nmust-not-reach = {pair}\nclients = {pair}\n{CAMPUS}[assumptions.on-premises-dns]\n\
         forward = [{{ domain = 'a.b', to = 'x' }}]\n"
    );
    let shown = site(&config).run(&["config", "show"]).stdout;
    let rest = shown.split_once("eks-public-dns = true  # default\n").unwrap().1;
    insta::assert_snapshot!(rest, @r#"
    assumptions.networks."campus".cidrs = ["172.16.0.0/12"]  # eksdns-lint.toml:4:1
    assumptions.on-premises-dns.recurse = true  # eksdns-lint.toml:7:1
    assumptions.on-premises-dns.filter-private-answers = false  # eksdns-lint.toml:7:1
    assumptions.on-premises-dns.forward = { domain = "a.b", to = "x" }  # eksdns-lint.toml:8:12
    clients = { from = "campus", to = "aws_eks_cluster.main" }  # eksdns-lint.toml:3:12
    must-not-reach = { from = "campus", to = "aws_eks_cluster.main" }  # eksdns-lint.toml:2:19
    must-reach = { from = "campus", to = "aws_eks_cluster.main" }  # eksdns-lint.toml:1:15
    "#);
}

#[test]
fn of_roots_that_stand_together_each_has_its_assertions() {
    let backend = |key: &str| {
        format!("    bucket = \"states\"\n    key = \"{key}\"\n    region = \"us-east-1\"\n")
    };
    let own = |key: &str| format!("terraform {{\n  backend \"s3\" {{\n{}  }}\n}}\n", backend(key));
    let site = format!("{}{SITE}output \"vpc\" {{\n  value = aws_vpc.eks.id\n}}\n", own("site"));
    let lone = format!(
        "{}data \"terraform_remote_state\" \"site\" {{\n  backend = \"s3\"\n  config = {{\n{}  }}\n}}\n\
         resource \"aws_vpc\" \"lone\" {{\n  cidr_block = \"10.9.0.0/16\"\n}}\n\
         resource \"aws_vpc_peering_connection\" \"site\" {{\n  vpc_id = aws_vpc.lone.id\n  \
         peer_vpc_id = data.terraform_remote_state.site.outputs.vpc\n  auto_accept = true\n}}\n",
        own("lone"),
        backend("site")
    );
    let reach = |from| {
        format!("must-reach = [{{ from = 'aws_vpc.{from}', to = 'aws_eks_cluster.main' }}]\n")
    };
    let tree = Tree::new(&[
        ("a/main.tf", &site),
        ("a/eksdns-lint.toml", &reach("guests")),
        ("b/main.tf", &lone),
        ("b/eksdns-lint.toml", &reach("lone")),
    ]);
    let ran = tree.run(&["a", "b", "--select", "failed-assertion", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect(&ran.stderr);
    // What becomes of hosts in a VPC without subnets is open.
    let told = ["findings", "undecided"].iter().flat_map(|key| json[key].as_array().unwrap());
    let places: Vec<_> = told.map(|one| one["path"].as_str().unwrap()).collect();
    assert_eq!(places, ["a/eksdns-lint.toml", "b/eksdns-lint.toml"], "{json:#}");
}
