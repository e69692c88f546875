//! The report as a page, and pictures: what they promise, whatever the code is called.

use std::collections::BTreeSet;

use regex::Regex;

use crate::odd::{HOSTILE, address, estate, hostile};
use crate::support::Tree;

/// A figure of the project, in a tree of its own.
fn figure(number: u8) -> Tree {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = top.join(format!("fixtures/figures/{number}/main.tf"));
    Tree::new(&[("main.tf", &std::fs::read_to_string(file).unwrap())])
}

/// The report of a tree.
fn report(tree: &Tree, arguments: &[&str]) -> String {
    let ran = tree.run(&[&["report", "--output", "out.html"], arguments].concat());
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    std::fs::read_to_string(tree.path("out.html")).unwrap()
}

/// Whatever begins like an element of HTML, without its text.
fn tags(page: &str) -> Vec<String> {
    let script = Regex::new("(?s)<script.*?</script>|<style>.*?</style>").unwrap();
    let page = script.replace_all(page, "");
    let tag = Regex::new("<[^>]*>").unwrap();
    tag.find_iter(&page).map(|found| found.as_str().to_owned()).collect()
}

/// What a page must not have, and where its links must lead.
fn is_strict(page: &str) {
    assert_eq!(page.matches("Content-Security-Policy").count(), 1);
    assert!(!page.contains("unsafe-inline"));
    let tags = tags(page);
    let attribute = Regex::new(r"\s(style|on\w+|src|srcset|action)\s*=").unwrap();
    let id = Regex::new(r#"\sid="([^"]*)""#).unwrap();
    let href = Regex::new(r##"\shref="#([^"=]+)""##).unwrap();
    let mut ids = BTreeSet::new();
    for tag in &tags {
        // Texts of attributes hold no quotes, so what looks like an attribute is one.
        assert!(!attribute.is_match(&quoted_away(tag)), "{tag}");
        if let Some(found) = id.captures(tag) {
            assert!(ids.insert(found[1].to_owned()), "{tag} twice");
        }
    }
    for found in tags.iter().filter_map(|tag| href.captures(tag)) {
        assert!(ids.contains(&found[1]), "#{} leads nowhere", &found[1]);
    }
}

/// A tag with its attributes' texts emptied.
fn quoted_away(tag: &str) -> String {
    Regex::new("\"[^\"]*\"").unwrap().replace_all(tag, "\"\"").into_owned()
}

/// What the script of a page works on.
fn data(page: &str) -> serde_json::Value {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

/// What the cells of the only table say, row by row.
fn cells(page: &str) -> Vec<String> {
    let data = data(page);
    let digits = data["tables"][0]["cells"].as_str().unwrap();
    digits
        .chars()
        .map(|digit| {
            let kind = &data["kinds"][usize::try_from(digit.to_digit(36).unwrap()).unwrap()];
            format!("{} {}", kind["sign"].as_str().unwrap(), kind["told"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn cells_say_what_traces_do() {
    for number in 1..=4 {
        let tree = figure(number);
        for option in [&[][..], &["--no-eks-public-dns"]] {
            let page = report(&tree, option);
            let traced = tree.run(&[&["trace", "--format", "json"], option].concat());
            let traced: serde_json::Value = serde_json::from_str(&traced.stdout).unwrap();
            let told = cells(&page);
            let paths = traced["paths"].as_array().unwrap();
            assert_eq!(told.len(), paths.len());
            for (told, path) in told.iter().zip(paths) {
                let (sign, words) = told.split_once(' ').unwrap();
                let wanted = match path["outcome"].as_str().unwrap() {
                    "holds" => "✓",
                    "fails" => "✕",
                    "partly" => "~",
                    _ => "?",
                };
                let name = path["name"]["message"].as_str().unwrap();
                assert_eq!(sign, wanted, "{told}: {path}");
                assert_eq!(
                    words.contains("privately"),
                    name.contains("private addresses"),
                    "{told}: {name}"
                );
                assert_eq!(
                    words.contains("publicly"),
                    name.contains("public addresses"),
                    "{told}: {name}"
                );
            }
        }
    }
}

#[test]
fn every_trace_is_behind_its_cell() {
    let tree = figure(3);
    let page = report(&tree, &["--no-eks-public-dns"]);
    let traced = tree.run(&["trace", "--format", "json", "--no-eks-public-dns"]);
    let traced: serde_json::Value = serde_json::from_str(&traced.stdout).unwrap();
    let data = data(&page);
    let text = |at: &serde_json::Value| {
        data["texts"][usize::try_from(at.as_u64().unwrap()).unwrap()].as_str().unwrap().to_owned()
    };
    for (at, path) in traced["paths"].as_array().unwrap().iter().enumerate() {
        let own = data["tables"][0]["traces"][at.to_string()].as_u64().unwrap();
        let own = &data["traces"][usize::try_from(own).unwrap()];
        assert_eq!(text(&own["name"]), path["name"]["message"].as_str().unwrap());
        assert_eq!(text(&own["connection"]), path["connection"]["message"].as_str().unwrap());
        for part in ["name", "connection"] {
            let told = own[format!("{part}_hops")].as_array().unwrap();
            let hops = path[part]["hops"].as_array().unwrap();
            assert_eq!(told.len(), hops.len());
            for (told, hop) in told.iter().zip(hops) {
                let told = &data["hops"][usize::try_from(told.as_u64().unwrap()).unwrap()];
                assert_eq!(text(&told[1]), hop["message"].as_str().unwrap());
                let place = format!("{}:{}", hop["path"].as_str().unwrap(), hop["start"]["line"]);
                assert_eq!(text(&told[0]), place);
            }
        }
    }
}

#[test]
fn findings_are_told_with_their_fingerprints_and_lead_to_their_paths() {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = top.join("fixtures/missing-peering-route/flag-return.tf");
    let tree = Tree::new(&[("main.tf", &std::fs::read_to_string(file).unwrap())]);
    let page = report(&tree, &[]);
    is_strict(&page);
    let found = tree.run(&["--format", "json"]);
    let found: serde_json::Value = serde_json::from_str(&found.stdout).unwrap();
    let findings = found["findings"].as_array().unwrap();
    assert_eq!(page.matches("<article").count(), findings.len());
    for finding in findings {
        let print = finding["fingerprint"].as_str().unwrap();
        assert!(page.contains(&format!("id=\"f-{print}\"")), "{print}");
        let drawn = tree.run(&["draw", "--finding", print, "--format", "mermaid"]);
        assert_eq!(drawn.code, Some(0), "{}", drawn.stderr);
        assert!(drawn.stdout.contains("--x"), "{}", drawn.stdout);
        let link = "#from=aws_vpc.client&amp;to=aws_eks_cluster.main&amp;in=.";
        assert!(page.contains(link), "{page}");
    }
    let none = tree.run(&["draw", "--finding", "0123456789abcdef"]);
    assert_eq!(none.code, Some(2));
    assert!(
        none.stderr.contains("--finding 0123456789abcdef: nothing found has this"),
        "{}",
        none.stderr
    );
}

#[test]
fn names_of_any_kind_stay_text() {
    let long = "x".repeat(5000);
    for name in HOSTILE.into_iter().chain([long.as_str()]) {
        let tree = Tree::new(&[("main.tf", &hostile(name))]);
        tree.write(
            "a'b&<c>.tf",
            "resource \"aws_vpc\" \"odd\" {\n  cidr_block = \"10.9.0.0/16\"\n}\n",
        );
        let page = report(&tree, &[]);
        is_strict(&page);
        assert!(!page.contains("<img") && !page.contains("alert(1)</script>"), "{name}");
        assert!(!page.contains(['\u{202e}', '\u{2066}', '\u{200d}']), "{name:?}");
        let errors = tree.run(&["--format", "json"]);
        let found: serde_json::Value = serde_json::from_str(&errors.stdout).unwrap();
        assert!(!found["findings"].as_array().unwrap().is_empty(), "{name}: {}", errors.stderr);
        let from = address(name);
        for form in ["svg", "html", "mermaid", "dot"] {
            let one = ["draw", "--from", &from, "--to", "aws_eks_cluster.main", "--format", form];
            for arguments in [&one[..], &["draw", "--format", form]] {
                let drawn = tree.run(arguments);
                assert_eq!(drawn.code, Some(0), "{name}, {form}: {}", drawn.stderr);
                // In DOT only quotes mean anything; Graphviz itself is asked elsewhere.
                assert!(form == "dot" || !drawn.stdout.contains("<img"), "{name}, {form}");
                assert!(
                    !drawn.stdout.contains(['\u{202e}', '\u{2066}', '\u{200d}']),
                    "{name:?}, {form}"
                );
                assert!(drawn.stdout.len() < 200_000, "{name}, {form}: {}", drawn.stdout.len());
            }
        }
    }
}

#[test]
fn the_page_asks_nobody() {
    let page = report(&figure(2), &[]);
    is_strict(&page);
    // Addresses stand in the pages of the rules, as links, and name the markup of pictures.
    let address = Regex::new(r"(?:https?:)?//[\w.-]+\.\w+").unwrap();
    let rules = page.find("<details id=\"rules\">").unwrap();
    for found in address.find_iter(&page[..rules]) {
        assert_eq!(found.as_str(), "http://www.w3.org");
    }
    assert!(page.contains("default-src 'none'; script-src 'sha256-"));
}

#[test]
fn the_same_code_is_the_same_page() {
    let tree = figure(4);
    assert_eq!(report(&tree, &[]), report(&tree, &[]));
}

#[test]
fn a_large_estate_is_folded_and_bounded() {
    let tree = Tree::new(&[("main.tf", &estate(300, 4))]);
    let page = report(&tree, &[]);
    is_strict(&page);
    assert!(page.len() < 6_000_000, "{} bytes", page.len());
    let data = data(&page);
    let table = &data["tables"][0];
    assert_eq!(table["cells"].as_str().unwrap().len(), 302 * 4);
    assert!(table["traces"].as_object().unwrap().len() <= 2000);
    let drawn = tree.run(&["draw", "--format", "mermaid"]);
    assert_eq!(drawn.code, Some(0), "{}", drawn.stderr);
    // 300 spokes and a hub: what is told as one is counted.
    let counted = Regex::new(r"\+(\d+) VPCs").unwrap();
    let folded: usize =
        counted.captures_iter(&drawn.stdout).map(|it| it[1].parse::<usize>().unwrap()).sum();
    let boxes = Regex::new(r"(?m)^ +(?:subgraph )?g\d+\[.(?:aws_vpc|\+)")
        .unwrap()
        .find_iter(&drawn.stdout)
        .count();
    let sets = counted.find_iter(&drawn.stdout).count();
    assert_eq!(folded + boxes - sets, 301, "{}", drawn.stdout);
    assert!(boxes <= 26, "{boxes}");
}

/// Left, top, right and bottom.
type Bounds = (f32, f32, f32, f32);

/// What is on top of what it must not be on, by the numbers in a picture itself.
fn overlaps(svg: &str) -> Vec<String> {
    let number = r#"="([\d.]+)""#;
    let rect = format!("<rect [^>]*x{number} y{number} width{number} height{number}");
    let rect = Regex::new(&rect).unwrap();
    let text = format!("<text [^>]*x{number} y{number} textLength{number}>([^<]*)<");
    let text = Regex::new(&text).unwrap();
    let value = |found: &regex::Captures<'_>, at: usize| found[at].parse::<f32>().unwrap();
    let rects: Vec<Bounds> = rect
        .captures_iter(svg)
        .map(|it| {
            (
                value(&it, 1),
                value(&it, 2),
                value(&it, 1) + value(&it, 3),
                value(&it, 2) + value(&it, 4),
            )
        })
        .collect();
    let texts: Vec<(String, Bounds)> = text
        .captures_iter(svg)
        .map(|it| {
            let (x, y) = (value(&it, 1), value(&it, 2));
            (it[4].to_owned(), (x, y - 11.0, x + value(&it, 3), y + 3.0))
        })
        .collect();
    assert!(rects.len() > 2 && texts.len() > 2, "{svg}");
    let meet = |a: &Bounds, b: &Bounds| a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3;
    let inside = |a: &Bounds, b: &Bounds| a.0 >= b.0 && a.1 >= b.1 && a.2 <= b.2 && a.3 <= b.3;
    let mut wrong = Vec::new();
    for (at, (line, own)) in texts.iter().enumerate() {
        let others = texts[..at].iter().filter(|(_, other)| meet(own, other));
        wrong.extend(others.map(|(other, _)| format!("{line} is on {other}")));
        let edges = rects.iter().filter(|rect| meet(own, rect) && !inside(own, rect));
        wrong.extend(edges.map(|rect| format!("{line} crosses {rect:?}")));
    }
    for (at, own) in rects.iter().enumerate() {
        let others = rects[..at].iter().filter(|other| meet(own, other));
        let crossing = others.filter(|other| !inside(own, other) && !inside(other, own));
        wrong.extend(crossing.map(|other| format!("{own:?} crosses {other:?}")));
    }
    wrong
}

#[test]
fn nothing_in_a_picture_is_on_anything_else() {
    let long = "x".repeat(5000);
    let names = HOSTILE.into_iter().chain([long.as_str()]).map(hostile);
    let texts = names.chain([estate(300, 3), estate(25, 25)]);
    for text in texts {
        let tree = Tree::new(&[("main.tf", &text)]);
        let drawn = tree.run(&["draw"]);
        assert_eq!(drawn.code, Some(0), "{}", drawn.stderr);
        assert_eq!(overlaps(&drawn.stdout), Vec::<String>::new());
    }
}

#[test]
fn a_picture_can_be_read_without_being_seen() {
    let tree = figure(1);
    let path =
        ["draw", "--from", "aws_vpc.shared", "--to", "aws_eks_cluster.main", "--no-eks-public-dns"];
    let drawn = tree.run(&path).stdout;
    let (_, desc) = drawn.split_once("<desc id=\"d\">").unwrap();
    let desc = desc.split_once("</desc>").unwrap().0;
    let steps: Vec<&str> = desc.split("; ").collect();
    assert_eq!(
        steps,
        [
            "1: query, from any host here to AmazonProvidedDNS",
            "2: query, from AmazonProvidedDNS to public DNS",
            "3: ✕ NXDOMAIN, from public DNS to any host here",
        ]
    );
    // The numbers on the sheet, and the class, the sign and the cross of the broken one.
    let numbers = Regex::new("text-anchor=\"middle\">(\\d+)<").unwrap();
    let numbers: Vec<String> = numbers.captures_iter(&drawn).map(|it| it[1].to_owned()).collect();
    assert_eq!(numbers, ["1", "2", "3"]);
    assert_eq!(drawn.matches("class=\"a a-broken\"").count(), 1, "{drawn}");
    assert!(drawn.contains("class=\"broken\"") && drawn.contains(">✕ NXDOMAIN<"), "{drawn}");
    let estate = tree.run(&["draw"]).stdout;
    let (_, desc) = estate.split_once("<desc id=\"d\">").unwrap();
    let desc = desc.split_once("</desc>").unwrap().0;
    assert!(desc.contains("aws_vpc.eks (paths: 1 of 1 hold)"), "{desc}");
    assert!(
        desc.contains(
            "peering aws_vpc_peering_connection.shared_eks joins aws_vpc.shared, aws_vpc.eks"
        ),
        "{desc}"
    );
}

#[test]
fn draw_and_report_take_values_as_trace_does() {
    let tree = figure(3);
    let path = ["--from", "aws_vpc.shared", "--to", "aws_eks_cluster.main"];
    tree.write("public.tfvars", "public_access = true\n");
    tree.write("eksdns-lint.toml", "[assumptions]\neks-public-dns = false\n");
    for options in [
        &["--var", "public_access=true"][..],
        &["--var-file", "public.tfvars"],
        &["--no-eks-public-dns"],
        &["--config", "eksdns-lint.toml"],
        &["--no-config"],
    ] {
        let traced = tree.run(&[&["trace"], &path[..], options].concat());
        let told = traced.stdout.lines().next().unwrap().split(": ").last().unwrap().to_owned();
        let drawn = tree.run(&[&["draw"], &path[..], options].concat());
        assert_eq!(drawn.code, Some(0), "{options:?}: {}", drawn.stderr);
        assert!(
            drawn.stdout.contains(&format!("aws_eks_cluster.main: {told}</title>")),
            "{options:?}: {told}"
        );
        let page = report(&tree, options);
        let wanted = if traced.code == Some(0) { "✓" } else { "✕" };
        assert!(cells(&page)[0].starts_with(wanted), "{options:?}: {:?}", cells(&page));
    }
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let template = std::fs::read_to_string(top.join("fixtures/figures/3/template.yaml")).unwrap();
    let tree = Tree::new(&[
        ("t.yaml", &template),
        ("p.json", "{\"Parameters\": {\"PublicAccess\": \"true\"}}"),
    ]);
    let named =
        Regex::new(r"(?m)^  (\w*Public\w*):").unwrap().captures(&template).unwrap()[1].to_owned();
    tree.write("p.json", format!("{{\"Parameters\": {{\"{named}\": \"true\"}}}}"));
    let given = format!("{named}=true");
    for option in [["--parameter", given.as_str()], ["--parameter-file", "p.json"]] {
        let ran = |more: &[&str]| {
            let ends = ["--from", "Shared", "--to", "Cluster", "--no-eks-public-dns"];
            tree.run(&[&["draw"], &ends[..], more].concat()).stdout
        };
        assert_ne!(ran(&option), ran(&[]), "{option:?}");
    }
}

#[test]
fn without_a_network_there_is_nothing_to_draw() {
    let tree = Tree::new(&[("main.tf", "resource \"aws_s3_bucket\" \"b\" {}\n")]);
    let drawn = tree.run(&["draw"]);
    assert_eq!((drawn.code, drawn.stdout.as_str()), (Some(2), ""));
    assert!(drawn.stderr.contains("there is no VPC to draw"), "{}", drawn.stderr);
    let page = report(&tree, &[]);
    is_strict(&page);
    assert!(page.contains("There is no VPC in the code.") && page.contains("Nothing found."));
    let none = tree.run(&["report", "nowhere"]);
    assert_eq!(none.code, Some(2), "{}", none.stderr);
    let two = tree.run(&["draw", "--finding", "0", "--from", "a"]);
    assert_eq!(two.code, Some(2), "{}", two.stderr);
}

#[test]
fn several_roots_are_one_picture() {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = |number| {
        std::fs::read_to_string(top.join(format!("fixtures/figures/{number}/main.tf"))).unwrap()
    };
    let tree = Tree::new(&[("a/main.tf", &text(1)), ("b/main.tf", &text(4))]);
    let drawn = tree.run(&["draw", "--format", "mermaid"]);
    assert_eq!(drawn.code, Some(0), "{}", drawn.stderr);
    assert_eq!(drawn.stdout.matches("aws_vpc.eks,").count(), 2, "{}", drawn.stdout);
    // Equal names are told apart by the box around them, each once.
    for form in ["mermaid", "dot", "svg"] {
        let text = tree.run(&["draw", "--format", form]).stdout;
        for (root, label) in [("a", r#"["=>]a["<]"#), ("b", r#"["=>]b["<]"#)] {
            let boxes = Regex::new(label).unwrap().find_iter(&text).count();
            assert_eq!(boxes, if form == "svg" { 2 } else { 1 }, "{root}: {text}");
        }
    }
    assert_eq!(overlaps(&tree.run(&["draw"]).stdout), Vec::<String>::new());
    let path = ["draw", "--from", "aws_vpc.shared", "--to", "aws_eks_cluster.main"];
    let one = tree.run(&path);
    assert_eq!(one.code, Some(0));
    assert!(one.stderr.contains("2 paths are of this name: that of a is drawn"), "{}", one.stderr);
    let page = report(&tree, &[]);
    is_strict(&page);
    let names: Vec<String> = data(&page)["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn a_finding_is_of_the_clusters_that_it_names() {
    // In the fourth spoke the route back is missing: its cluster alone has a finding.
    let tree = Tree::new(&[("main.tf", &estate(5, 5))]);
    let page = report(&tree, &[]);
    let clusters =
        Regex::new(r#"data-rule="missing-peering-route" data-clusters="([^"]*)""#).unwrap();
    let named: Vec<&str> =
        clusters.captures_iter(&page).map(|it| it.get(1).unwrap().as_str()).collect();
    assert_eq!(named, ["3"], "{page}");
    let data = data(&page);
    let table = &data["tables"][0];
    let name = |at: &serde_json::Value| {
        let at = usize::try_from(at.as_u64().unwrap()).unwrap();
        data["texts"][at].as_str().unwrap().to_owned()
    };
    let names =
        |of: &str| -> Vec<String> { table[of].as_array().unwrap().iter().map(name).collect() };
    let (clients, clusters) = (names("clients"), names("clusters"));
    let cells: Vec<char> = table["cells"].as_str().unwrap().chars().collect();
    let class = |from: &str, to: &str| {
        let row = clients.iter().position(|one| one == from).unwrap();
        let column = clusters.iter().position(|one| one == to).unwrap();
        let kind = cells[row * clusters.len() + column].to_digit(36).unwrap();
        data["kinds"][usize::try_from(kind).unwrap()]["class"].as_str().unwrap().to_owned()
    };
    assert_eq!(class("aws_vpc.hub", "aws_eks_cluster.c3"), "k-bad");
    assert_eq!(class("aws_vpc.hub", "aws_eks_cluster.c2"), "k-ok");
    // Nothing says that a spoke is meant to reach the clusters of others.
    assert_eq!(class("aws_vpc.spoke1", "aws_eks_cluster.c2"), "k-off");
    assert_eq!(class("aws_vpc.spoke1", "aws_eks_cluster.c3"), "k-off");
}

#[test]
fn a_fault_of_a_cluster_is_red_for_all_who_ask() {
    let figure = include_str!("../../fixtures/figures/1/main.tf");
    let off = figure.replace("endpoint_private_access = true", "endpoint_private_access = false");
    assert_ne!(off, figure);
    let tree = Tree::new(&[("main.tf", &off)]);
    let page = report(&tree, &[]);
    assert!(page.contains("data-rule=\"no-endpoint-access\""), "{page}");
    let classes = |page: &str| -> Vec<String> {
        let data = data(page);
        let cells = data["tables"][0]["cells"].as_str().unwrap();
        let kind = |digit: char| usize::try_from(digit.to_digit(36).unwrap()).unwrap();
        cells
            .chars()
            .map(|digit| data["kinds"][kind(digit)]["class"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(classes(&page).iter().all(|class| class == "k-bad"), "{:?}", classes(&page));
    // Who takes it for a note says that nobody is meant to reach it.
    tree.write("eksdns-lint.toml", "[severities]\nno-endpoint-access = \"note\"\n");
    let noted = classes(&report(&tree, &[]));
    assert!(noted.iter().all(|class| class == "k-off"), "{noted:?}");
}
