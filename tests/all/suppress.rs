//! Comments that ignore findings, as a user writes them.

use std::fmt::Write;

use crate::support::Tree;

/// A rule that no VPC has, with something before, on and in its block.
fn rule(before: &str, head: &str, inside: &str) -> String {
    format!(
        "{before}\nresource \"aws_route53_resolver_rule\" \"corp\" {{ {head}\n  {inside}\n  \
         domain_name = \"corp.example.com\"\n  rule_type = \"FORWARD\"\n  \
         resolver_endpoint_id = \"rslvr-out-0aaaaaaaaaaaaaaaa\"\n  target_ip {{\n    ip = \"172.16.0.53\"\n  }}\n  \
         target_ip {{\n    ip = \"172.16.1.53\"\n  }}\n}}\n"
    )
}

const WELL: &str = "eksdns-lint: ignore[unassociated-rule] by hand";

/// The rules that are found, with the text at the place of each.
fn found(tree: &Tree, arguments: &[&str]) -> Vec<String> {
    let arguments: Vec<_> = arguments.iter().copied().chain(["--format", "json"]).collect();
    let ran = tree.run(&arguments);
    assert_eq!(ran.stderr, "", "{arguments:?}");
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let all = json["findings"].as_array().unwrap();
    let mut found: Vec<_> =
        all.iter().map(|one| one["rule"].as_str().unwrap().to_owned()).collect();
    found.sort();
    found
}

fn messages(tree: &Tree) -> String {
    let ran = tree.run(&["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    json["findings"].as_array().unwrap().iter().fold(String::new(), |mut all, one| {
        let _ = writeln!(all, "{}: {} | {}", one["start"]["line"], one["message"], one["help"]);
        all
    })
}

const FAULT: &str = "unassociated-rule";
const UNUSED: &str = "unused-suppression";

#[test]
fn a_comment_holds_on_its_line_and_above() {
    let tree = Tree::new(&[]);
    let file = "eksdns-lint: ignore-file[unassociated-rule]";
    for (text, expected) in [
        (rule(&format!("# {WELL}"), "", ""), &[][..]),
        (rule(&format!("// {WELL}"), "", ""), &[]),
        (rule(&format!("/* {WELL} */"), "", ""), &[]),
        (rule(&format!("# {WELL}\n\n# another\n/* and\n one */\n"), "", ""), &[]),
        (rule("", &format!("# {WELL}"), ""), &[]),
        (rule(&format!("# {file}\n\nlocals {{}}\n"), "", ""), &[]),
        (rule("", "", ""), &[FAULT]),
        (rule("", "", &format!("# {WELL}")), &[FAULT, UNUSED]),
        (rule(&format!("# {WELL}\nlocals {{}}"), "", ""), &[FAULT, UNUSED]),
        (rule(&format!("locals {{}}\n# {file}\n"), "", ""), &[FAULT, UNUSED]),
        (rule(&format!("locals {{\n  a = \"# {WELL}\"\n}}"), "", ""), &[FAULT]),
    ] {
        tree.write("main.tf", &text);
        assert_eq!(found(&tree, &[]), expected, "{text}");
        tree.write("main.tf", text.replace('\n', "\r\n"));
        assert_eq!(found(&tree, &[]), expected, "with CRLF: {text}");
    }
}

#[test]
fn days_keys_and_what_is_wrong() {
    let tree = Tree::new(&[]);
    for (comment, expected, told) in [
        ("eksdns-lint: ignore[unassociated-rule] until=2999-12-31 x", &[][..], ""),
        (
            "eksdns-lint: ignore[unassociated-rule] until=2020-01-01 x",
            &[FAULT, UNUSED],
            "until 2020-01-01",
        ),
        ("eksdns-lint: ignore[unassociated-rule] until=soon", &[FAULT, UNUSED], "soon is no day"),
        ("eksdns-lint: ignore[unasociated-rule] x", &[FAULT, UNUSED], "write unassociated-rule"),
        (
            "eksdns-lint: ignore unassociated-rule",
            &[FAULT, UNUSED],
            "write `eksdns-lint: ignore[unassociated-rule] reason`",
        ),
        (
            "eksdns-lint: ignore[unassociated-rule, public-answer]",
            &[UNUSED],
            "public-answer finds nothing here",
        ),
        (
            "eksdns-lint: ignore[unassociated-rule, unparsable-file]",
            &[UNUSED],
            "unparsable-file cannot be ignored",
        ),
        (
            "eksdns-lint: ignore[unassociated-rule] key=\"a\"",
            &[FAULT, UNUSED],
            "finds nothing here",
        ),
    ] {
        tree.write("main.tf", rule(&format!("# {comment}"), "", ""));
        assert_eq!(found(&tree, &[]), expected, "{comment}");
        let messages = messages(&tree);
        assert!(messages.contains(told), "{comment}: {messages}");
    }
    // A rule that does not run may still be needed.
    let system = "domain_name = \"corp.example.com\"\n  rule_type = \"SYSTEM\"";
    let needless =
        format!("# {WELL}\nresource \"aws_route53_resolver_rule\" \"corp\" {{\n  {system}\n}}\n");
    tree.write("main.tf", needless);
    assert_eq!(found(&tree, &["--ignore", FAULT]), Vec::<String>::new());
    assert_eq!(found(&tree, &["--select", "public-answer"]), Vec::<String>::new());
    tree.write("main.tf", rule(&format!("# {WELL}"), "", ""));
    tree.write("eksdns-lint.toml", "inline-suppressions = \"deny\"\n");
    assert_eq!(found(&tree, &[]), [FAULT, UNUSED]);
    assert!(messages(&tree).contains("eksdns-lint.toml:1 denies"), "{}", messages(&tree));
}

#[test]
fn one_instance_can_be_ignored() {
    let each = |comment: &str| rule(comment, "", "for_each = toset([\"dev\", \"prod\"])");
    let tree = Tree::new(&[("main.tf", &each(""))]);
    assert!(messages(&tree).contains("prod"), "{}", messages(&tree));
    tree.write("main.tf", each("# eksdns-lint: ignore[unassociated-rule] key=\"prod\" x"));
    let left = messages(&tree);
    assert!(left.contains("dev") && !left.contains("prod"), "{left}");
    let both = "# eksdns-lint: ignore[unassociated-rule] key=\"prod\"\n# eksdns-lint: ignore[unassociated-rule] key=\"dev\"";
    tree.write("main.tf", each(both));
    assert_eq!(messages(&tree), "");
}

#[test]
fn a_comment_on_a_call_is_for_all_beneath_it() {
    let call = |name: &str, before: &str| {
        format!("{before}\nmodule \"{name}\" {{\n  source = \"../m\"\n}}\n")
    };
    let tree = Tree::new(&[("m/main.tf", &rule("", "", ""))]);
    let well = format!("# {WELL}");
    tree.write("root/main.tf", call("a", &well));
    assert_eq!(found(&tree, &["root"]), Vec::<String>::new());
    tree.write("root/main.tf", call("a", &well) + &call("b", ""));
    assert_eq!(found(&tree, &["root"]), [FAULT], "the other call is not ignored");
    tree.write("m/main.tf", rule(&well, "", ""));
    tree.write("root/main.tf", call("a", "") + &call("b", ""));
    assert_eq!(
        found(&tree, &["root"]),
        Vec::<String>::new(),
        "beside the code it is for all calls"
    );
    tree.write("n/main.tf", call("inner", ""));
    tree.write("m/main.tf", rule("", "", ""));
    tree.write("root/main.tf", call("outer", &well).replace("../m", "../n"));
    assert_eq!(found(&tree, &["root"]), Vec::<String>::new(), "calls lead on");
}

const STACK: &str = "Resources:\n@above@\n  Corp: @head@\n    Type: AWS::Route53Resolver::ResolverRule\n@meta@\n    \
                     Properties:\n      DomainName: corp.example.com\n      RuleType: FORWARD\n      \
                     ResolverEndpointId: rslvr-out-0aaaaaaaaaaaaaaaa\n      TargetIps: [{Ip: 172.16.0.53}, {Ip: 172.16.1.53}]\n";

fn stack(above: &str, head: &str, meta: &str) -> String {
    STACK.replace("@above@", above).replace("@head@", head).replace("@meta@", meta)
}

#[test]
fn templates_have_comments_and_metadata() {
    let tree = Tree::new(&[]);
    let meta = |rule: &str| {
        format!(
            "    Metadata:\n      eksdns-lint:\n        ignore:\n          - rule: {rule}\n            reason: by hand"
        )
    };
    let second = stack("", "", "").replace("Resources:\n\n", "").replace("Corp", "Second");
    let top = "Metadata: {eksdns-lint: {ignore: [{rule: unassociated-rule, reason: x}]}}\n";
    for (text, expected) in [
        (stack("", "", ""), &[FAULT][..]),
        (stack(&format!("  # {WELL}"), "", ""), &[]),
        (stack("", &format!("# {WELL}"), ""), &[]),
        (stack("", "", &meta(FAULT)), &[]),
        (stack("", "", &meta(FAULT)) + &second, &[FAULT]),
        (stack("", "", &meta("public-answer")), &[FAULT, UNUSED]),
        (stack("", "", &meta("nothing")), &[FAULT, UNUSED]),
        (format!("{top}{}", stack("", "", "")), &[]),
        (format!("{top}{}{second}", stack("", "", "")), &[]),
        (format!("# eksdns-lint: ignore-file[unassociated-rule]\n{}", stack("", "", "")), &[]),
        (stack("", "", &format!("    # {WELL}")), &[FAULT, UNUSED]),
    ] {
        tree.write("t.yaml", &text);
        assert_eq!(found(&tree, &["t.yaml"]), expected, "{text}");
    }
    let json = |ignore: &str| {
        format!(
            "{{\"Resources\": {{\"Corp\": {{\"Type\": \"AWS::Route53Resolver::ResolverRule\",\n\t{ignore}\"Properties\": \
             {{\"DomainName\": \"corp.example.com\", \"RuleType\": \"FORWARD\", \"ResolverEndpointId\": \
             \"rslvr-out-0aaaaaaaaaaaaaaaa\", \"TargetIps\": [{{\"Ip\": \"172.16.0.53\"}}]}}}}}}}}"
        )
    };
    let meta = "\"Metadata\": {\"eksdns-lint\": {\"ignore\": [{\"rule\": \"unassociated-rule\", \"reason\": \"x\"}]}},\n";
    std::fs::remove_file(tree.path("t.yaml")).unwrap();
    tree.write("t.json", json(""));
    assert_eq!(found(&tree, &["t.json"]), [FAULT]);
    tree.write("t.json", json(meta));
    assert_eq!(found(&tree, &["t.json"]), Vec::<String>::new());
}

#[test]
fn json_of_terraform_has_keys_for_comments() {
    let text = |inside: &str, top: &str| {
        format!(
            "{{{top}\"resource\": {{\"aws_route53_resolver_rule\": {{\"corp\": {{{inside}\"domain_name\": \"corp.example.com\", \
             \"rule_type\": \"FORWARD\", \"resolver_endpoint_id\": \"rslvr-out-0aaaaaaaaaaaaaaaa\", \
             \"target_ip\": {{\"ip\": \"172.16.0.53\"}}}}}}}}}}"
        )
    };
    let comment = format!("\"//\": \"{WELL}\", ");
    let tree = Tree::new(&[("main.tf.json", &text("", ""))]);
    assert_eq!(found(&tree, &[]), [FAULT]);
    tree.write("main.tf.json", text(&comment, ""));
    assert_eq!(found(&tree, &[]), Vec::<String>::new());
    tree.write("main.tf.json", text("", &comment));
    assert_eq!(found(&tree, &[]), Vec::<String>::new(), "that of the file is for the file");
    tree.write("main.tf.json", text("\"//\": \"just a remark\", ", ""));
    assert_eq!(found(&tree, &[]), [FAULT]);
}

#[test]
fn metadata_that_ignores_nothing_is_told_with_what_is_right() {
    let right =
        "write `Metadata: {eksdns-lint: {ignore: [{rule: unassociated-rule, reason: why}]}}`";
    for wrong in [
        "{eksdns-lint: {ignore: unassociated-rule}}",
        "{eksdns-lint: {ignore: [unassociated-rule]}}",
        "{eksdns-lint: {ignored: [{rule: unassociated-rule, reason: why}]}}",
        "{eksdns-lint: {ignore: [{rules: unassociated-rule, reason: why}]}}",
        "{eksdns-lint: {ignore: [{rule: unassociated-rule, untill: 2099-01-01}]}}",
        "{eksdns_lint: {ignore: [{rule: unassociated-rule, reason: why}]}}",
        "{EksDnsLint: {ignore: [{rule: unassociated-rule, reason: why}]}}",
    ] {
        let template = stack("", "", &format!("    Metadata: {wrong}\n"));
        let tree = Tree::new(&[("stack.yaml", &template)]);
        let said = tree.run(&["--no-config", "--width", "200"]).stdout;
        assert!(said.contains("error[unassociated-rule]"), "{wrong}: it ignores nothing: {said}");
        assert!(
            said.contains("warning[unused-suppression]: this is to ignore findings"),
            "{wrong}: {said}"
        );
        assert!(said.contains(right), "{wrong}: {said}");
    }
    // The words of others are theirs.
    let other = stack("", "", "    Metadata: {cfn-lint: {config: {ignore_checks: [E3002]}}}\n");
    let said = Tree::new(&[("stack.yaml", &other)]).run(&[]).stdout;
    assert!(!said.contains("unused-suppression"), "{said}");
}

#[test]
fn a_finding_is_ignored_at_any_place_of_its_trace() {
    let flawed = include_str!("../../fixtures/missing-peering-route/flag.tf");
    for (head, is_of_trace) in [
        ("resource \"aws_route_table\" \"client\" {", true),
        ("resource \"aws_subnet\" \"client\" {", true),
        ("resource \"aws_vpc_peering_connection\" \"peer\" {", true),
        ("resource \"aws_vpc_security_group_ingress_rule\" \"api\" {", true),
        ("resource \"aws_route\" \"to_client\" {", false),
    ] {
        let comment = "# eksdns-lint: ignore[missing-peering-route] by hand";
        assert_eq!(flawed.matches(&format!("\n{head}")).count(), 1, "{head}");
        let text = flawed.replace(&format!("\n{head}"), &format!("\n{comment}\n{head}"));
        let rules = found(&Tree::new(&[("main.tf", &text)]), &[]);
        let left = rules.iter().any(|rule| rule == "missing-peering-route");
        assert_eq!(
            (left, rules.contains(&UNUSED.to_owned())),
            (!is_of_trace, !is_of_trace),
            "{head}"
        );
    }
}

#[test]
fn what_cannot_be_parsed_is_told_whatever_a_comment_says() {
    let broken = "resource \"a\" {\n# eksdns-lint: ignore[unparsable-file] by hand\n  x = = 1\n}\n";
    let top = "# eksdns-lint: ignore-file[unparsable-file] by hand\n";
    for (text, unused) in [(broken.to_owned(), 1), (format!("{top}{broken}"), 2)] {
        let rules = found(&Tree::new(&[("main.tf", &text)]), &[]);
        let count = |wanted: &str| rules.iter().filter(|rule| *rule == wanted).count();
        assert_eq!((count("unparsable-file"), count(UNUSED)), (1, unused), "{text}");
    }
}

#[test]
fn a_comment_holds_through_its_last_day() {
    let text = rule("# eksdns-lint: ignore[unassociated-rule] until=2026-02-28 by hand", "", "");
    let tree = Tree::new(&[("main.tf", &text)]);
    let top = tree.path("");
    for (today, left) in
        [("2026-02-27", vec![]), ("2026-02-28", vec![]), ("2026-03-01", vec![FAULT, UNUSED])]
    {
        let today = eksdns_lint::suppress::Date::read(today);
        let options = eksdns_lint::Options { today, ..eksdns_lint::Options::default() };
        let run = eksdns_lint::check(std::slice::from_ref(&top), &top, options).unwrap();
        let mut rules: Vec<_> = run.outcome.findings.iter().map(|one| one.rule.id).collect();
        rules.sort_unstable();
        assert_eq!(rules, left, "{today:?}");
    }
}
