//! The formats for forges: against their schemas, against golden files, and through the command line.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::Tree;

/// A root with findings of several places, with names that want to be escaped.
const ROOT: &str = include_str!("../../fixtures/missing-peering-route/flag-return.tf");

/// A repository with a root below it, a file that does not parse, and an open verdict.
fn repository() -> Tree {
    let open = include_str!("../../fixtures/unassociated-rule/unknown.tf");
    let many = include_str!("../../fixtures/unassociated-rule/flag.tf");
    let tree =
        Tree::new(&[("a b,c:%/main.tf", ROOT), ("open/main.tf", open), ("clean/main.tf", "")]);
    tree.write("bad/main.tf", "resource \"aws_vpc\" \"<&>\" {\n  cidr_block = \n}\n");
    tree.write("many/main.tf", many.replace("# flagged: unassociated-rule error", "# x"));
    std::fs::create_dir_all(tree.path(".git")).unwrap();
    tree
}

fn printed(tree: &Tree, format: &str, paths: &[&str]) -> String {
    let arguments: Vec<_> = ["--format", format].into_iter().chain(paths.iter().copied()).collect();
    let ran = tree.run(&arguments);
    assert!(ran.code == Some(1) || ran.code == Some(0), "{format}: {}", ran.stderr);
    ran.stdout
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn each_format_has_its_golden_file() {
    let tree = repository();
    let mut sarif = json(&printed(&tree, "sarif", &["."]));
    // The rules are not those of the findings: a page changes without any of this.
    let rules = sarif.pointer_mut("/runs/0/tool/driver/rules").unwrap();
    *rules = Value::from(rules.as_array().unwrap().len() > 10);
    sarif["runs"][0]["tool"]["driver"]["semanticVersion"] = Value::from("0.0.0");
    for result in sarif["runs"][0]["results"].as_array_mut().unwrap() {
        result.as_object_mut().unwrap().remove("ruleIndex");
    }
    insta::assert_snapshot!("sarif", format!("{sarif:#}"));
    insta::assert_snapshot!("github", printed(&tree, "github", &["."]));
    insta::assert_snapshot!("gitlab", printed(&tree, "gitlab", &["."]));
    insta::assert_snapshot!("markdown", printed(&tree, "markdown", &["."]));
    insta::assert_snapshot!("junit", of_few(&printed(&tree, "junit", &["open", "bad", "many"])));
}

#[test]
fn junit_is_what_its_schema_wants() {
    if Command::new("xmllint").arg("--version").output().is_err() {
        eprintln!("skipped: junit_is_what_its_schema_wants, for xmllint is not installed");
        return;
    }
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/junit-10.xsd");
    let tree = repository();
    let verdict = |xml: &str| {
        tree.write("junit.xml", xml);
        let mut xmllint = Command::new("xmllint");
        xmllint.args(["--noout", "--nonet", "--schema"]).arg(&schema).arg(tree.path("junit.xml"));
        let output = xmllint.output().unwrap();
        output
            .status
            .success()
            .then_some(())
            .ok_or(String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for paths in [&["."][..], &["clean"], &["bad"], &["open"]] {
        assert_eq!(verdict(&printed(&tree, "junit", paths)), Ok(()), "{paths:?}");
    }
    let wrong =
        printed(&tree, "junit", &["bad"]).replace("<error", "<fault").replace("</error", "</fault");
    assert!(verdict(&wrong).is_err_and(|told| told.contains("fault")), "the schema is held");
}

/// `JUnit`'s report without the cases of most rules that pass, and without how many there are.
fn of_few(xml: &str) -> String {
    let passes =
        |line: &&str| line.ends_with("time=\"0\"/>") && !line.contains("unassociated-rule");
    let counts = regex::Regex::new("tests=\"[0-9]+\"").unwrap();
    let lines = xml.lines().filter(|line| !passes(line)).map(|line| line.to_owned() + "\n");
    counts.replace_all(&lines.collect::<String>(), "tests=\"N\"").into_owned()
}

#[test]
fn junit_has_a_case_for_each_rule_and_root() {
    let tree = repository();
    let xml = printed(&tree, "junit", &["."]);
    let rules = eksdns_lint::checks::ALL.len();
    assert_eq!(xml.matches("<testcase ").count(), rules * 5, "{xml}");
    assert_eq!(xml.matches("<testsuite ").count(), 5);
    assert!(xml.contains(&format!("<testsuites name=\"eksdns-lint\" tests=\"{}\"", rules * 5)));
    let open = |name: &str| {
        xml.matches(&format!("<{name}")).count() - xml.matches(&format!("<{name}/>")).count()
    };
    for element in ["testsuites", "testsuite ", "failure ", "error "] {
        let close = format!("</{}>", element.trim());
        assert_eq!(open(element), xml.matches(&close).count(), "{element}");
    }
    assert!(!xml.contains("\"<&>\"") && xml.contains("&lt;"), "{xml}");
}

#[test]
fn sarif_is_what_its_schema_and_github_want() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/sarif-2.1.0.json");
    let mut schema = json(&std::fs::read_to_string(path).unwrap());
    // The published pattern of a language is no regular expression (a bracket too many); we write none.
    for owner in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{owner}/properties/language"));
        language.and_then(Value::as_object_mut).map(|language| language.remove("pattern"));
    }
    let validator = jsonschema::validator_for(&schema).unwrap();
    let tree = repository();
    for paths in [&["."][..], &["clean"], &["bad"]] {
        let sarif = json(&printed(&tree, "sarif", paths));
        let errors: Vec<_> = validator.iter_errors(&sarif).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        let run = &sarif["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        for rule in rules {
            for part in
                ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown"]
            {
                let text = rule.pointer(part).and_then(Value::as_str).unwrap_or_default();
                assert!(
                    !text.is_empty() && (part.starts_with("/help") || text.len() <= 1024),
                    "{part}"
                );
            }
            assert!(rule["properties"].get("security-severity").is_none());
        }
        for result in run["results"].as_array().unwrap() {
            assert_eq!(
                rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()]["id"],
                result["ruleId"]
            );
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(!uri.starts_with(['.', '/']) && !uri.contains(['\\', ' ', ':', ',']), "{uri}");
            assert_eq!(
                place["region"]["startLine"], place["region"]["endLine"],
                "the place is short"
            );
            assert!(
                place["region"]["endColumn"].as_u64() > place["region"]["startColumn"].as_u64()
            );
            let message = result["message"]["text"].as_str().unwrap();
            for related in result["relatedLocations"].as_array().into_iter().flatten() {
                assert!(message.contains(&format!("]({})", related["id"])), "{message}");
            }
            let hash = result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap();
            assert!(hash.contains(':'), "{hash}");
        }
    }
    // From a folder below, paths are the same.
    let below =
        crate::support::program(&tree.path("many")).args(["--format", "sarif"]).output().unwrap();
    let below = json(&String::from_utf8(below.stdout).unwrap());
    let uri = "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri";
    assert_eq!(below.pointer(uri), Some(&Value::from("many/main.tf")));
}

#[test]
fn no_more_annotations_than_are_shown() {
    let flaw = "resource \"aws_route53_resolver_rule\" \"@\" {\n  domain_name = \"@.example.com\"\n  \
                rule_type = \"FORWARD\"\n  resolver_endpoint_id = \"rslvr-out-0aaaaaaaaaaaaaaaa\"\n  \
                target_ip {\n    ip = \"172.16.0.53\"\n  }\n}\n";
    let text: String = (0..23).map(|at| flaw.replace('@', &format!("r{at}"))).collect();
    let tree = Tree::new(&[("main.tf", &text)]);
    let summary = tree.path("summary.md");
    let ran = tree
        .run_with(&["--format", "github"], &[("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())]);
    let errors: Vec<_> = ran.stdout.lines().filter(|line| line.starts_with("::error")).collect();
    assert_eq!(errors.len(), 10, "{}", ran.stdout);
    assert!(errors[9].contains("::14 more"), "{}", errors[9]);
    let table = std::fs::read_to_string(summary).unwrap();
    assert!(table.starts_with("<!-- eksdns-lint -->\n"));
    assert_eq!(table.lines().filter(|line| line.starts_with("| error |")).count(), 23);
}

#[test]
fn gitlab_is_what_its_schema_wants() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas/gitlab-code-quality.json");
    let schema = json(&std::fs::read_to_string(path).unwrap());
    let validator = jsonschema::validator_for(&schema).unwrap();
    let tree = repository();
    for paths in [&["."][..], &["clean"], &["bad"]] {
        let report = json(&printed(&tree, "gitlab", paths));
        let errors: Vec<_> =
            validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    let report = json(&printed(&tree, "gitlab", &["bad"]));
    for (place, wrong) in [
        ("/0/severity", json("\"error\"")),
        ("/0/location/path", json("\"./main.tf\"")),
        ("/0/location/lines/begin", json("0")),
        ("/0/fingerprint", json("null")),
    ] {
        let mut report = report.clone();
        *report.pointer_mut(place).unwrap() = wrong;
        assert!(!validator.is_valid(&report), "the schema is held: {place}");
    }
}

#[test]
fn the_summary_of_a_step_draws_what_findings_are_about() {
    let tree = repository();
    let summary = tree.path("summary.md");
    let variables = [("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())];
    let written = |arguments: &[&str]| {
        let _ = std::fs::remove_file(&summary);
        tree.run_with(arguments, &variables);
        std::fs::read_to_string(&summary).unwrap_or_default()
    };
    let drawn = written(&["--format", "github", "a b,c:%"]);
    assert_eq!(drawn.matches("```mermaid\nflowchart LR\n").count(), 1, "{drawn}");
    assert!(drawn.contains("--x|"), "the arrow that fails: {drawn}");
    let printed = printed(&tree, "markdown", &["a b,c:%"]);
    assert!(drawn.starts_with(&printed), "the whole table stands before");
    assert!(
        !written(&["--format", "github", "many"]).contains("```mermaid"),
        "it is about no path"
    );
    assert_eq!(written(&["--format", "json", "a b,c:%"]), "", "only where it is asked for");
    tree.run(&["--baseline", "b.json", "--write-baseline", "a b,c:%"]);
    let left_out = written(&["--format", "github", "--baseline", "b.json", "a b,c:%"]);
    assert!(left_out.contains("nothing found") && !left_out.contains("```mermaid"), "{left_out}");
}

#[test]
fn gitlab_is_a_list_with_unique_fingerprints_that_know_no_lines() {
    let tree = repository();
    assert_eq!(printed(&tree, "gitlab", &["clean"]), "[]\n");
    let fingerprints = |text: &str| -> Vec<String> {
        let all = json(text);
        let all = all.as_array().unwrap().iter();
        all.map(|one| {
            for key in ["description", "check_name", "fingerprint", "severity"] {
                assert!(one[key].is_string(), "{key}: {one}");
            }
            assert!(
                ["info", "minor", "major", "critical", "blocker"]
                    .contains(&one["severity"].as_str().unwrap())
            );
            assert!(
                one["location"]["path"].is_string() && one["location"]["lines"]["begin"].is_u64()
            );
            one["fingerprint"].as_str().unwrap().to_owned()
        })
        .collect()
    };
    let before = fingerprints(&printed(&tree, "gitlab", &["."]));
    let mut unique = before.clone();
    unique.sort();
    unique.dedup();
    assert!(unique.len() == before.len() && before.len() > 2, "{before:?}");
    for name in ["a b,c:%/main.tf", "many/main.tf"] {
        let text = std::fs::read_to_string(tree.path(name)).unwrap();
        tree.write(name, format!("\n\n# moved\n\n{text}"));
    }
    assert_eq!(fingerprints(&printed(&tree, "gitlab", &["."])), before);
}

#[test]
fn outputs_are_written_whole_or_not_at_all() {
    let tree = repository();
    let ran = tree.run(&[
        "--format", "text", "--format", "sarif", "--output", "r.sarif", "--format", "gitlab",
        "--output", "q.json", "many",
    ]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stdout.contains("error[unassociated-rule]"));
    let read = |name: &str| std::fs::read_to_string(tree.path(name)).unwrap();
    assert_eq!(json(&read("r.sarif"))["version"], "2.1.0");
    assert!(json(&read("q.json")).is_array());
    let ran = tree.run(&["--format", "sarif", "--output", "none/r.sarif", "many"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("none/r.sarif"), "{}", ran.stderr);
    std::fs::create_dir(tree.path("taken")).unwrap();
    assert_eq!(tree.run(&["--format", "sarif", "--output", "taken", "many"]).code, Some(2));
    let left = std::fs::read_dir(tree.path(".")).unwrap();
    let left: Vec<_> =
        left.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!left.iter().any(|name| name.contains(".part")), "{left:?}");
    for wrong in [
        &["--output", "x", "--format", "json"][..],
        &["--format", "json", "--output", "x", "--output", "y"],
        &["--format", "json", "--format", "sarif"],
    ] {
        let ran = tree.run(wrong);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{wrong:?}");
        assert!(!tree.path("x").exists());
    }
}
