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
            let kind = &data["kinds"][usize::try_from(digit.to_digit(10).unwrap()).unwrap()];
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
    let tree = Tree::new(&[("main.tf", &estate(300, 12))]);
    let page = report(&tree, &[]);
    is_strict(&page);
    assert!(page.len() < 6_000_000, "{} bytes", page.len());
    let data = data(&page);
    let table = &data["tables"][0];
    assert_eq!(table["cells"].as_str().unwrap().len(), 302 * 12);
    assert!(table["traces"].as_object().unwrap().len() <= 2000);
    let drawn = tree.run(&["draw", "--format", "mermaid"]);
    assert_eq!(drawn.code, Some(0), "{}", drawn.stderr);
    // 300 spokes and a hub: what is told as one is counted.
    let counted = Regex::new(r"\+(\d+) VPCs").unwrap();
    let folded: usize =
        counted.captures_iter(&drawn.stdout).map(|it| it[1].parse::<usize>().unwrap()).sum();
    let boxes = Regex::new(r"(?m)^  (?:subgraph )?g\d+\[.(?:aws_vpc|\+)")
        .unwrap()
        .find_iter(&drawn.stdout)
        .count();
    let sets = counted.find_iter(&drawn.stdout).count();
    assert_eq!(folded + boxes - sets, 301, "{}", drawn.stdout);
    assert!(boxes <= 26, "{boxes}");
}
