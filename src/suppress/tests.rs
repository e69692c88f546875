//! Comments are found where they are, and nowhere else.

use std::fmt::Write;

use proptest::prelude::*;

use super::*;

fn texts(text: &str, layout: &Layout) -> Vec<String> {
    layout.comments.iter().map(|range| text[range.clone()].to_owned()).collect()
}

/// What looks like a comment, for places where none can be.
fn bait() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "# eksdns-lint: ignore[a]",
        "// eksdns-lint: ignore[a]",
        "/* eksdns-lint: ignore[a] */",
        "plain",
        "#",
        "*/",
        "{ [ (",
        "日本 #",
    ])
    .prop_map(str::to_owned)
}

fn comment() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "# eksdns-lint: ignore[b] \"quoted",
        "// it's <<EOF no heredoc",
        "/* over\n  two { lines # */",
        "/* ${ */",
        "#",
    ])
    .prop_map(str::to_owned)
}

/// An attribute and the comments in it.
fn hcl_piece() -> impl Strategy<Value = (String, Vec<String>)> {
    prop_oneof![
        bait().prop_map(|bait| (format!("  a = \"{bait} \\\" \\\\\""), vec![])),
        bait().prop_map(|bait| (format!("  a = \"$${{ {bait} %%{{\""), vec![])),
        (bait(), bait())
            .prop_map(|(a, b)| (format!("  a = \"{a} ${{ f(\"{b} ${{1}}\") }} x\""), vec![])),
        bait().prop_map(|bait| (
            format!("  a = <<EOF\n{bait}\n EOF2\n  ${{ \"{bait}\" }}\nEOF"),
            vec![]
        )),
        bait().prop_map(|bait| (format!("  a = <<-EOF\n  {bait} \" '\n  EOF"), vec![])),
        comment().prop_map(|comment| (format!("  {comment}"), vec![comment])),
        comment().prop_map(|comment| (format!("  a = 1 {comment}"), vec![comment])),
        (bait(), comment())
            .prop_map(|(bait, own)| (format!("  a = [\"{bait}\", 2] {own}"), vec![own])),
    ]
}

fn yaml_piece() -> impl Strategy<Value = (String, Vec<String>)> {
    let own = || {
        prop::sample::select(vec!["# eksdns-lint: ignore[b]", "# \"x", "#"]).prop_map(str::to_owned)
    };
    let plain = prop::sample::select(vec!["# eksdns-lint: ignore[a]", "// x", "a #", "日本 #"]);
    let plain = || plain.clone().prop_map(str::to_owned);
    prop_oneof![
        plain().prop_map(|bait| (format!("\"{bait} \\\" x\""), vec![])),
        plain().prop_map(|bait| (format!("'{bait} '' x'"), vec![])),
        plain().prop_map(|bait| (format!("\"{bait}\n    {bait}\""), vec![])),
        plain().prop_map(|bait| (format!("|\n    {bait}\n    {bait}"), vec![])),
        plain().prop_map(|bait| (format!(">-\n    x {bait}\n\n    {bait}"), vec![])),
        Just(("a#b".to_owned(), vec![])),
        own().prop_map(|own| (format!("x {own}"), vec![own])),
        own().prop_map(|own| (format!("\n    - 1\n    {own}\n    - {{b: 2}}"), vec![own])),
        (plain(), own()).prop_map(|(bait, own)| (format!("[\"{bait}\", !Ref b] {own}"), vec![own])),
    ]
}

proptest! {
    #[test]
    fn hcl_comments_are_found_and_nothing_else(pieces in prop::collection::vec(hcl_piece(), 0..8)) {
        let mut text = String::from("resource \"a\" \"b\" {\n");
        for (at, (piece, _)) in pieces.iter().enumerate() {
            text.push_str(&piece.replacen("  a = ", &format!("  a{at} = "), 1));
            text.push('\n');
        }
        text.push_str("}\n");
        let parsed: Result<hcl_edit::structure::Body, _> = text.parse();
        prop_assert!(parsed.is_ok(), "no HCL: {text}");
        let layout = hcl::layout(&text);
        let expected: Vec<_> = pieces.into_iter().flat_map(|(_, comments)| comments).collect();
        prop_assert_eq!(texts(&text, &layout), expected, "{}", text);
        prop_assert!(layout.nodes.contains(&(17..text.len() - 1)), "the block is whole: {text}");
    }

    #[test]
    fn yaml_comments_are_found_and_nothing_else(pieces in prop::collection::vec(yaml_piece(), 1..8)) {
        let mut text = String::from("top:\n");
        for (at, (piece, _)) in pieces.iter().enumerate() {
            let _ = writeln!(text, "  k{at}: {piece}");
        }
        let layout = tree::layout(&text);
        let expected: Vec<_> = pieces.into_iter().flat_map(|(_, comments)| comments).collect();
        prop_assert_eq!(texts(&text, &layout), expected, "{}", text);
    }

    #[test]
    fn anything_is_laid_out(text in "[a\"#/*{}<E\\n$ -]{0,40}") {
        for layout in [hcl::layout(&text), tree::layout(&text)] {
            for range in layout.comments.iter().chain(&layout.nodes) {
                prop_assert!(text.get(range.clone()).is_some());
            }
        }
    }
}

#[test]
fn what_is_a_directive_and_what_only_talks() {
    let seen = |comment: &str| directive::read(comment).map(|it| it.fault(None).is_none());
    for right in [
        "# eksdns-lint: ignore[a]",
        "//eksdns-lint:ignore[a, b] reason",
        "/* eksdns-lint: ignore-file[a] until=2027-01-31 key=\"x y\" reason */",
        "/* eksdns-lint: ignore[a]*/",
    ] {
        assert_eq!(seen(right), Some(true), "{right}");
    }
    for wrong in [
        "# eksdns-lint: ignore public-answer",
        "# eksdns-lint ignore[public-answer]",
        "# eksdns-lint: ignored[a]",
        "# eksdns-lint: ignore[]",
        "# eksdns-lint: ignore[a,]",
        "# eksdns-lint: ignore(a)",
        "# eksdns-lint: disable=a",
        "# eksdns-lint:ignore: a",
        "# eksdns-lint-ignore: a",
        "# eksdns_lint: ignore[a]",
        "# EKSDNS-LINT: ignore[a]",
        "# eksdsn-lint: ignore[a]",
        "# tfsec-lint: ignore[public-answer]",
        "# eksdns-lint: ignore[a]reason",
        "# eksdns-lint: ignore[a] until=2026-02-30 x",
    ] {
        assert_eq!(seen(wrong), Some(false), "{wrong}");
    }
    for talk in [
        "# eksdns-lint runs in CI",
        "# eksdns-lint: see README",
        "# we ignore[a] nothing",
        "# see eksdns-lint: ignore[a] in the docs",
        "# zizmor: ignore[a]",
        "# tflint-ignore: a",
        "# eksdns-linter",
    ] {
        assert_eq!(seen(talk), None, "{talk}");
    }
}
