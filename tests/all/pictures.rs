//! Pictures as files: well-formed, each arrow with its place in the code, every kind of link, what is folded and told.

use std::path::{Path, PathBuf};

use regex::Regex;
use roxmltree::Document;

use crate::odd::{HOSTILE, estate, hostile};
use crate::support::{Tree, program};

const ONE_PATH: [&str; 4] = ["--from", "aws_vpc.shared", "--to", "aws_eks_cluster.main"];

/// What `draw` prints in the project.
fn drawn(arguments: &[&str]) -> String {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = program(top).arg("draw").args(arguments).output().unwrap();
    assert!(out.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

/// Well-formed by a parser of others, and with nothing in it that a picture does not need.
fn is_plain(svg: &str) {
    let document = Document::parse(svg).unwrap_or_else(|error| panic!("{error}: {svg}"));
    for element in document.descendants().filter(roxmltree::Node::is_element) {
        let name = element.tag_name();
        assert_eq!(name.namespace(), Some("http://www.w3.org/2000/svg"), "{name:?}");
        let known =
            ["svg", "title", "desc", "style", "rect", "polyline", "path", "circle", "text", "g"];
        assert!(known.contains(&name.name()), "{name:?}");
        for attribute in element.attributes() {
            assert!(!attribute.name().starts_with("on"), "{attribute:?}");
            assert!(!attribute.value().contains("javascript"), "{attribute:?}");
        }
    }
}

#[test]
fn every_picture_is_well_formed() {
    for rule in ["figures/4", "blocked-dns-query", "client-vpn-dns", "transitive-peering"] {
        for file in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(rule)) {
            is_plain(&drawn(&[file.to_str().unwrap()]));
        }
    }
    let long = "x".repeat(5000);
    for name in HOSTILE.into_iter().chain([long.as_str()]) {
        let tree = Tree::new(&[("main.tf", &hostile(name))]);
        let from = crate::odd::address(name);
        is_plain(&tree.run(&["draw"]).stdout);
        is_plain(&tree.run(&["draw", "--from", &from, "--to", "aws_eks_cluster.main"]).stdout);
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let code = |path: &PathBuf| path.extension().is_some_and(|end| end == "tf" || end == "yaml");
    entries.filter(code).collect()
}

/// Where each numbered arrow of a picture stands in the code: the line there.
fn lines_of_arrows(file: &str, options: &[&str]) -> Vec<String> {
    let svg = drawn(&[&[file], options].concat());
    let document = Document::parse(&svg).unwrap();
    let arrows = document.descendants().filter(|node| node.has_tag_name("g"));
    let place = Regex::new(r"\((\S+):(\d+)\)$").unwrap();
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let line = |arrow: roxmltree::Node<'_, '_>| {
        let title = arrow.first_element_child().and_then(|title| title.text()).unwrap();
        let found = place.captures(title).unwrap_or_else(|| panic!("{title}: no place"));
        let text = std::fs::read_to_string(top.join(&found[1])).unwrap();
        let line = text.lines().nth(found[2].parse::<usize>().unwrap() - 1).unwrap();
        line.trim().to_owned()
    };
    arrows.map(line).collect()
}

#[test]
fn each_arrow_has_the_place_that_makes_it() {
    assert_eq!(
        lines_of_arrows("fixtures/figures/4/main.tf", &ONE_PATH),
        [
            // What has no block of its own stands at its VPC's.
            "resource \"aws_vpc\" \"shared\" {",
            "resource \"aws_route53_resolver_rule\" \"eks\" {",
            "dynamic \"target_ip\" {",
            "resource \"aws_vpc\" \"eks\" {",
            "resource \"aws_eks_cluster\" \"main\" {",
            "resource \"aws_eks_cluster\" \"main\" {",
        ]
    );
    let second = lines_of_arrows("fixtures/figures/2/main.tf", &ONE_PATH);
    assert_eq!(second[2..4], ["target_ip {", "target_ip {"]);
    let template = ["--from", "Shared", "--to", "Cluster"];
    let fourth = lines_of_arrows("fixtures/figures/4/template.yaml", &template);
    assert_eq!(fourth[1], "EksRule:");
    assert!(fourth[2].contains("Ip: 10.2."), "{fourth:?}");
}

#[test]
fn an_arrow_that_ends_shows_where() {
    for (file, from, wanted) in [
        (
            "fixtures/missing-peering-route/flag-return.tf",
            "aws_vpc.client",
            "resource \"aws_route_table\" \"eks\" {",
        ),
        (
            "fixtures/disabled-vpc-dns/flag-support-off.tf",
            "aws_vpc.eks",
            "enable_dns_support   = false",
        ),
    ] {
        let lines = lines_of_arrows(file, &["--from", from, "--to", "aws_eks_cluster.main"]);
        assert_eq!(lines.last().unwrap(), wanted, "{lines:#?}");
    }
}

#[test]
fn whatever_joins_networks_is_drawn() {
    for (file, link) in [
        ("fixtures/figures/4/main.tf", "peering aws_vpc_peering_connection.shared_eks"),
        ("fixtures/figures/4/main.tf", "virtual private gateway aws_vpn_gateway.campus"),
        ("tests/all/paths/gateway.tf", "transit gateway aws_ec2_transit_gateway.hub"),
        (
            "tests/all/paths/gateways.tf",
            "transit gateway peering aws_ec2_transit_gateway_peering_attachment.both",
        ),
        ("tests/all/paths/core.tf", "core network aws_networkmanager_core_network.all"),
        (
            "fixtures/missing-on-premises-route/flag-direct-connect.tf",
            "Direct Connect gateway association aws_dx_gateway_association.eks",
        ),
        (
            "fixtures/client-vpn-dns/flag-not-authorized.tf",
            "Client VPN aws_ec2_client_vpn_endpoint.users",
        ),
    ] {
        let chart = drawn(&[file, "--format", "mermaid"]);
        assert!(chart.contains(&format!("---|\"{link}\"| ")), "{file}: {chart}");
        // A gateway with one network joins nothing.
        let joined = if file.contains("figures") {
            2
        } else {
            1 + usize::from(link.contains("Direct Connect"))
        };
        assert_eq!(chart.matches("---").count(), joined, "{file}: {chart}");
        let (at, name) = link.rsplit_once(' ').unwrap();
        assert!(drawn(&[file]).contains(&format!("<title>{at}: {name} (")), "{file}");
    }
}

#[test]
fn of_too_many_networks_the_most_telling_stay_and_all_are_counted() {
    // A hub joins 60 spokes by peerings of their own; clusters stand in 30 of them.
    let tree = Tree::new(&[("main.tf", &estate(60, 30))]);
    let drawn = tree.run(&["draw"]);
    let document = Document::parse(&drawn.stdout).unwrap();
    let titles: Vec<String> = document
        .descendants()
        .filter(|node| node.has_tag_name("rect") && node.attribute("class") == Some("r-vpc"))
        .map(|rect| rect.first_element_child().and_then(|title| title.text()).unwrap().to_owned())
        .collect();
    let counted = Regex::new(r"\+(\d+) VPCs").unwrap();
    let folded: usize = titles
        .iter()
        .filter_map(|title| counted.captures(title))
        .map(|found| found[1].parse::<usize>().unwrap())
        .sum();
    let single = titles.iter().filter(|title| !counted.is_match(title)).count();
    assert_eq!(folded + single, 61, "{titles:#?}");
    assert!(single <= 24 && single > 10, "{titles:#?}");
    assert!(titles.iter().any(|title| title.contains("aws_vpc.hub")), "{titles:#?}");
    assert!(titles.iter().any(|title| title.contains("aws_vpc.spoke0 ")), "{titles:#?}");
}

#[test]
fn who_is_undecided_is_told_apart() {
    let text = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/figures/4/main.tf"),
    )
    .unwrap();
    let open = text.replace(
        "variable \"public_access\" {\n  default = false\n}",
        "variable \"public_access\" {\n  default = false\n}\nvariable \"cidr\" {}",
    );
    let open = open.replacen(
        "destination_cidr_block    = aws_vpc.shared.cidr_block",
        "destination_cidr_block    = var.cidr",
        1,
    );
    assert_ne!(open, text);
    let tree = Tree::new(&[("main.tf", &open)]);
    let told = tree.run(&["draw", "--format", "mermaid"]).stdout;
    // The client cannot be told of; who stands on premises gets no answer for certain.
    let of = |name: &str| told.lines().find(|line| line.contains(&format!("\"{name}, "))).unwrap();
    assert!(of("aws_vpc.shared").contains("paths: 0 of 1 hold, 1 undecided"), "{told}");
    assert!(!of("on-premises").contains("undecided"), "{told}");
    let path = tree.run(&[&["draw"][..], &ONE_PATH].concat()).stdout;
    assert!(path.contains("class=\"a a-open\""), "{path}");
}

#[test]
fn hosts_of_the_code_stand_in_their_subnets_and_ask() {
    let figure = include_str!("../../fixtures/figures/4/main.tf");
    let hosts = "resource \"aws_instance\" \"jump\" {\n  subnet_id = aws_subnet.shared[1].id\n}\n\
                 resource \"aws_autoscaling_group\" \"runners\" {\n  vpc_zone_identifier = aws_subnet.shared[*].id\n}\n";
    let tree = Tree::new(&[("main.tf", figure), ("hosts.tf", hosts)]);
    let any = tree.run(&[&["draw"][..], &ONE_PATH].concat()).stdout;
    for (host, subnet) in [("aws_autoscaling_group.runners", 0), ("aws_instance.jump +1", 1)] {
        let cell = cell_of(&any, &format!("aws_subnet.shared[{subnet}]"));
        assert_eq!(cell, host);
    }
    let own = ["--from", "aws_instance.jump", "--to", "aws_eks_cluster.main"];
    let one = tree.run(&[&["draw"][..], &own].concat()).stdout;
    assert!(one.contains("<title>client aws_instance.jump (hosts.tf:1)</title>"), "{one}");
    assert_eq!(cell_of(&one, "aws_subnet.shared[1]"), "here");
    let traced = tree.run(&[&["trace"][..], &own].concat());
    assert_eq!(traced.code, Some(0), "{}", traced.stderr);
    assert!(
        traced
            .stdout
            .starts_with("aws_instance.jump asks for aws_eks_cluster.main: it resolves and"),
        "{}",
        traced.stdout
    );
}

#[test]
fn a_host_in_several_subnets_asks_from_each() {
    let figure = include_str!("../../fixtures/figures/4/main.tf");
    let group = |subnets: &str| {
        format!(
            "resource \"aws_autoscaling_group\" \"runners\" {{\n  vpc_zone_identifier = {subnets}\n}}\n"
        )
    };
    let asks = ["--from", "aws_autoscaling_group.runners", "--to", "aws_eks_cluster.main"];
    let both = group("aws_subnet.shared[*].id");
    let tree = Tree::new(&[("main.tf", figure), ("hosts.tf", &both)]);
    let drawn = tree.run(&[&["draw"][..], &asks].concat()).stdout;
    assert!(drawn.contains("it resolves and reaches<"), "{drawn}");
    for subnet in ["aws_subnet.shared[0]", "aws_subnet.shared[1]"] {
        assert_eq!(cell_of(&drawn, subnet), "here");
    }
    // One of the two has a table of its own, without the route to the cluster.
    let lost = "resource \"aws_route_table\" \"lost\" {\n  vpc_id = aws_vpc.shared.id\n}\n\
                resource \"aws_route_table_association\" \"lost\" {\n  subnet_id = aws_subnet.lost.id\n  \
                route_table_id = aws_route_table.lost.id\n}\n\
                resource \"aws_subnet\" \"lost\" {\n  vpc_id = aws_vpc.shared.id\n  cidr_block = \"10.1.9.0/24\"\n}\n";
    for (subnets, ways) in [
        ("[aws_subnet.shared[0].id, aws_subnet.lost.id]", "on some ways"),
        ("[aws_subnet.lost.id]", "✕"),
        ("aws_subnet.shared[*].id", "6 TCP 443\""),
    ] {
        let group = group(subnets);
        let tree = Tree::new(&[("main.tf", figure), ("hosts.tf", &group), ("lost.tf", lost)]);
        let chart = tree.run(&[&["draw", "--format", "mermaid"][..], &asks].concat()).stdout;
        let last = chart.lines().find(|line| line.contains("6 TCP 443")).expect(&chart);
        assert!(last.contains(ways), "{subnets}: {last}");
        let traced = tree.run(&[&["trace"][..], &asks].concat()).stdout;
        let told =
            traced.contains("on some ways to aws_subnet.eks[0]: aws_route_table.lost has no");
        assert_eq!(told, ways == "on some ways", "{traced}");
    }
    // In two VPCs it is no one client.
    let across = group("[aws_subnet.shared[0].id, aws_subnet.eks[0].id]");
    let tree = Tree::new(&[("main.tf", figure), ("hosts.tf", &across)]);
    let none = tree.run(&[&["trace"][..], &asks].concat());
    assert_eq!(none.code, Some(2));
    assert!(none.stderr.contains("nobody asks from there"), "{}", none.stderr);
}

/// What stands in the client's column of a subnet's row.
fn cell_of(svg: &str, subnet: &str) -> String {
    cell_in(svg, "client ", subnet)
}

/// What stands in a column of a subnet's row, and where that is on the sheet.
fn cell_in(svg: &str, column: &str, subnet: &str) -> String {
    let document = Document::parse(svg).unwrap();
    let number =
        |node: roxmltree::Node<'_, '_>, name| node.attribute(name).unwrap().parse::<f32>().unwrap();
    let title = |node: &roxmltree::Node<'_, '_>| {
        node.first_element_child().and_then(|title| title.text()).unwrap_or_default().to_owned()
    };
    let cell = document
        .descendants()
        .filter(|node| node.attribute("class") == Some("r-cell"))
        .find(|node| title(node).starts_with(column) && title(node).contains(subnet))
        .unwrap_or_else(|| panic!("{subnet}: {svg}"));
    let (x, y) = (number(cell, "x"), number(cell, "y"));
    let row = document
        .descendants()
        .filter(|node| node.attribute("class") == Some("r-subnet"))
        .find(|node| title(node).contains(subnet))
        .unwrap();
    let below = number(row, "y") + number(row, "height");
    assert!((number(row, "y")..below).contains(&y), "{subnet}: the cell is in another row");
    let (right, bottom) = (x + number(cell, "width"), y + number(cell, "height"));
    let inside = |node: &roxmltree::Node<'_, '_>| {
        node.has_tag_name("text")
            && (x..right).contains(&number(*node, "x"))
            && (y..bottom).contains(&number(*node, "y"))
    };
    let found = document.descendants().find(inside).unwrap();
    found.text().unwrap_or_default().to_owned()
}

/// The boxes around the one whose name begins so, in a chart or a graph, the widest first.
fn around(text: &str, inner: &str) -> Vec<String> {
    let opened = Regex::new(r#"^\s*(?:subgraph )?\w+(?:\["(.*)"\]| \{)$"#).unwrap();
    let label = Regex::new(r#"^\s*label="([^"]*)"; style"#).unwrap();
    let mut open: Vec<String> = Vec::new();
    for line in text.lines().skip(1) {
        if let Some(named) = label.captures(line) {
            named[1].clone_into(open.last_mut().unwrap());
        } else if let Some(box_of) = opened.captures(line) {
            open.push(box_of.get(1).map(|name| name.as_str().to_owned()).unwrap_or_default());
        } else if matches!(line.trim(), "end" | "}") {
            open.pop();
        }
        if open.last().is_some_and(|name| name.starts_with(inner)) {
            open.pop();
            return open;
        }
        // What holds nothing stands on one line.
        if !line.contains("subgraph") && opened.is_match(line) {
            open.pop();
        }
    }
    panic!("{inner} is not drawn: {text}")
}

#[test]
fn boxes_nest_as_regions_accounts_and_vpcs_do() {
    let account = |alias: &str, number: &str| {
        format!(
            "provider \"aws\" {{\n{alias}  region = \"us-east-1\"\n  assume_role {{\n    role_arn = \"arn:aws:iam::{number}:role/x\"\n  }}\n}}\n"
        )
    };
    let figure = include_str!("../../fixtures/figures/1/main.tf");
    let figure = figure
        .replace("provider \"aws\" {\n  region = \"us-east-1\"\n}\n", &account("", "111122223333"));
    let other = account("  alias = \"eks\"\n", "444455556666");
    let figure = ["aws_vpc\" \"eks", "aws_subnet\" \"eks", "aws_eks_cluster\" \"main"].iter().fold(
        other + &figure,
        |text, block| {
            text.replace(&format!("{block}\" {{"), &format!("{block}\" {{\n  provider = aws.eks"))
        },
    );
    let tree = Tree::new(&[("main.tf", &figure)]);
    let drawn = tree.run(&[&["draw"][..], &ONE_PATH].concat()).stdout;
    let estate = tree.run(&["draw"]).stdout;
    let of_shared = ["AWS · us-east-1", "account 111122223333"];
    let of_eks = ["AWS · us-east-1", "account 444455556666"];
    for svg in [&drawn, &estate] {
        assert_eq!(boxes_around(svg, "VPC aws_vpc.shared"), of_shared);
        assert_eq!(boxes_around(svg, "VPC aws_vpc.eks"), of_eks);
    }
    assert_eq!(boxes_around(&estate, "EKS endpoint").len(), 3);
    assert_eq!(boxes_around(&drawn, "subnet aws_subnet.eks[0] ").len(), 3);
    for form in ["mermaid", "dot"] {
        for path in [&ONE_PATH[..], &[]] {
            let text = tree.run(&[&["draw", "--format", form][..], path].concat()).stdout;
            assert_eq!(around(&text, "aws_vpc.shared"), of_shared, "{text}");
            assert_eq!(around(&text, "aws_vpc.eks"), of_eks, "{text}");
        }
    }
}

/// The titles of the boxes around the one whose title begins so, in a picture.
fn boxes_around(svg: &str, inner: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    let bounds = |node: &roxmltree::Node<'_, '_>| {
        let number = |name| node.attribute(name).unwrap().parse::<f32>().unwrap();
        (number("x"), number("y"), number("x") + number("width"), number("y") + number("height"))
    };
    let title = |node: &roxmltree::Node<'_, '_>| {
        node.first_element_child().and_then(|title| title.text()).unwrap().to_owned()
    };
    let rects = || document.descendants().filter(|node| node.has_tag_name("rect"));
    let own = rects().find(|rect| title(rect).starts_with(inner)).unwrap();
    let own = bounds(&own);
    let holds = |rect: &roxmltree::Node<'_, '_>| {
        let it = bounds(rect);
        it.0 < own.0 && it.1 < own.1 && it.2 > own.2 && it.3 > own.3
    };
    rects().filter(holds).map(|rect| title(&rect)).collect()
}

#[test]
fn a_broken_arrow_is_red_in_every_form() {
    let broken = [&["fixtures/figures/1/main.tf", "--no-eks-public-dns"][..], &ONE_PATH].concat();
    let form = |form: &'static str| drawn(&[&broken[..], &["--format", form]].concat());
    let dot = form("dot");
    let arrows: Vec<&str> =
        dot.lines().filter(|line| line.contains("arrowhead") || line.contains("#1a7f37")).collect();
    assert_eq!(arrows.len(), 3, "{dot}");
    assert!(arrows[2].contains("#cf222e") && arrows[2].contains("NXDOMAIN"), "{dot}");
    assert!(arrows[..2].iter().all(|line| line.contains("#1a7f37")), "{dot}");
    let chart = form("mermaid");
    assert!(chart.contains("linkStyle 2 stroke:#cf222e"), "{chart}");
    assert_eq!(chart.matches("linkStyle").count(), 1, "{chart}");
}

#[test]
fn interfaces_stand_in_their_subnets() {
    let svg = drawn(&[&["fixtures/figures/4/main.tf"][..], &ONE_PATH].concat());
    for (subnet, address) in
        [("aws_subnet.eks[0]", "10.2.0.10"), ("aws_subnet.eks[1]", "10.2.1.10")]
    {
        assert_eq!(cell_in(&svg, "inbound endpoint ", subnet), address);
    }
}

#[test]
fn what_holds_on_some_ways_only_is_neither_whole_nor_broken() {
    let figure = include_str!("../../fixtures/figures/1/main.tf");
    // The second subnet of the cluster is left with the main table, which leads nowhere.
    let (head, tail) =
        figure.split_once("resource \"aws_route_table_association\" \"eks\" {").unwrap();
    let tail = tail.replacen("= 2", "= 1", 1);
    let partly = format!("{head}resource \"aws_route_table_association\" \"eks\" {{{tail}");
    let tree = Tree::new(&[("main.tf", &partly)]);
    let drawn = tree.run(&[&["draw"][..], &ONE_PATH].concat()).stdout;
    assert_eq!(drawn.matches("class=\"a a-partly\"").count(), 1, "{drawn}");
    assert_eq!(drawn.matches("class=\"a a-broken\"").count(), 0, "{drawn}");
    assert!(drawn.contains("TCP 443 ~ ") && drawn.contains(" on some ways<"), "{drawn}");
}

#[test]
fn a_broken_arrow_says_why() {
    let path = ["--from", "aws_vpc.client", "--to", "aws_eks_cluster.main"];
    let svg = drawn(&[&["fixtures/missing-peering-route/flag-return.tf"][..], &path].concat());
    let why = Regex::new(r">TCP 443 ✕ [a-z ]+</text>").unwrap();
    assert!(why.is_match(&svg), "{svg}");
}

#[test]
fn a_transit_gateway_with_a_vpn_leads_outside() {
    let figure = include_str!("../../fixtures/figures/1/main.tf");
    let hub = "resource \"aws_ec2_transit_gateway\" \"hub\" {}\n\n\
               resource \"aws_ec2_transit_gateway_vpc_attachment\" \"shared\" {\n  \
               transit_gateway_id = aws_ec2_transit_gateway.hub.id\n  vpc_id = aws_vpc.shared.id\n  \
               subnet_ids = aws_subnet.shared[*].id\n}\n\n\
               resource \"aws_customer_gateway\" \"campus\" {\n  bgp_asn = 65000\n  ip_address = \"192.0.2.1\"\n  type = \"ipsec.1\"\n}\n\n\
               resource \"aws_vpn_connection\" \"campus\" {\n  transit_gateway_id = aws_ec2_transit_gateway.hub.id\n  \
               customer_gateway_id = aws_customer_gateway.campus.id\n  type = \"ipsec.1\"\n}\n";
    let tree = Tree::new(&[("main.tf", figure), ("hub.tf", hub)]);
    let told = tree.run(&["draw", "--format", "mermaid"]).stdout;
    let named = |name: &str| {
        let line = told.lines().find(|line| line.contains(&format!("[\"{name}")));
        let line = line.unwrap_or_else(|| panic!("{name}: {told}")).trim();
        line.trim_start_matches("subgraph ").split('[').next().unwrap().to_owned()
    };
    let ends = [named("on-premises"), named("aws_vpc.shared,")];
    let link =
        format!("{} ---|\"transit gateway aws_ec2_transit_gateway.hub\"| {}", ends[0], ends[1]);
    assert!(told.contains(&link), "{link}: {told}");
}

/// The boxes of networks in a chart.
fn boxes(chart: &str) -> Vec<&str> {
    let is_box = Regex::new(r"^ +(?:subgraph )?g\d+\[").unwrap();
    chart.lines().filter(|line| is_box.is_match(line)).collect()
}

#[test]
fn many_roots_stay_readable() {
    let figure = include_str!("../../fixtures/figures/1/main.tf");
    let tree = Tree::new(&[]);
    for at in 0..40 {
        tree.write(&format!("r{at}/main.tf"), figure);
    }
    let drawn = tree.run(&["draw", "--format", "mermaid"]);
    assert_eq!(drawn.code, Some(0), "{}", drawn.stderr);
    let boxes = boxes(&drawn.stdout);
    assert!(boxes.len() <= 30, "{} boxes: {}", boxes.len(), drawn.stdout);
    let outside: Vec<_> = boxes.iter().filter(|line| line.contains("on-premises")).collect();
    assert!(matches!(*outside, [one] if !one.contains("paths")), "{outside:#?}");
    // Two VPCs in each root, told one by one or counted.
    let counted = Regex::new(r"\+(\d+) VPCs").unwrap();
    let count =
        |line: &&str| counted.captures(line).map_or(1, |it| it[1].parse::<usize>().unwrap());
    assert_eq!(boxes.iter().map(count).sum::<usize>(), 1 + 80, "{}", drawn.stdout);
    let svg = tree.run(&["draw"]).stdout;
    is_plain(&svg);
    assert!(svg.contains("of 40 roots"), "{svg}");
    let folded = Regex::new(r"\+\d+ VPCs, r\d+ · aws_vpc\.\w+ … r\d+ · aws_vpc").unwrap();
    assert!(folded.is_match(&drawn.stdout), "{}", drawn.stdout);
}

#[test]
fn who_fares_otherwise_is_not_told_as_one() {
    let spokes = |name: &str, at: usize, back: &str| {
        format!(
            "resource \"aws_vpc\" \"{name}\" {{\n  count = 3\n  cidr_block = \"10.{at}.${{count.index}}.0/24\"\n}}\n\
             resource \"aws_subnet\" \"{name}\" {{\n  count = 3\n  vpc_id = aws_vpc.{name}[count.index].id\n  \
             cidr_block = aws_vpc.{name}[count.index].cidr_block\n}}\n\
             resource \"aws_vpc_peering_connection\" \"{name}\" {{\n  count = 3\n  vpc_id = aws_vpc.{name}[count.index].id\n  \
             peer_vpc_id = aws_vpc.eks.id\n  auto_accept = true\n}}\n\
             resource \"aws_route\" \"{name}\" {{\n  count = 3\n  \
             route_table_id = aws_vpc.{name}[count.index].main_route_table_id\n  destination_cidr_block = \"{back}\"\n  \
             vpc_peering_connection_id = aws_vpc_peering_connection.{name}[count.index].id\n}}\n\
             resource \"aws_route\" \"to_{name}\" {{\n  count = 3\n  route_table_id = aws_vpc.eks.main_route_table_id\n  \
             destination_cidr_block = aws_vpc.{name}[count.index].cidr_block\n  \
             vpc_peering_connection_id = aws_vpc_peering_connection.{name}[count.index].id\n}}\n"
        )
    };
    let hub = "resource \"aws_vpc\" \"eks\" {\n  cidr_block = \"10.2.0.0/16\"\n  enable_dns_hostnames = true\n}\n\
               resource \"aws_subnet\" \"eks\" {\n  count = 2\n  vpc_id = aws_vpc.eks.id\n  \
               cidr_block = \"10.2.${count.index}.0/24\"\n  availability_zone = [\"us-east-1a\", \"us-east-1b\"][count.index]\n}\n\
               resource \"aws_eks_cluster\" \"main\" {\n  name = \"main\"\n  role_arn = \"arn:aws:iam::123456789012:role/eks\"\n  \
               vpc_config {\n    subnet_ids = aws_subnet.eks[*].id\n    endpoint_private_access = true\n    \
               endpoint_public_access = false\n  }\n}\n\
               resource \"aws_vpc_security_group_ingress_rule\" \"api\" {\n  \
               security_group_id = aws_eks_cluster.main.vpc_config[0].cluster_security_group_id\n  cidr_ipv4 = \"10.0.0.0/8\"\n  \
               ip_protocol = \"tcp\"\n  from_port = 443\n  to_port = 443\n}\n";
    let good = spokes("good", 4, "10.2.0.0/16");
    let bad = spokes("bad", 5, "10.9.0.0/16");
    let tree = Tree::new(&[("hub.tf", hub), ("good.tf", &good), ("bad.tf", &bad)]);
    let drawn = tree.run(&["draw", "--format", "mermaid"]).stdout;
    let folded: Vec<&str> =
        boxes(&drawn).into_iter().filter(|line| line.contains("+3 VPCs")).collect();
    let says = |name: &str| {
        *folded.iter().find(|line| line.contains(&format!("aws_vpc.{name}"))).expect(&drawn)
    };
    assert!(says("good").contains("paths: 1 of 1 hold"), "{drawn}");
    assert!(says("bad").contains("paths: 0 of 1 hold"), "{drawn}");
}
