//! Files that do not parse, cycles, and code that would never end.

use std::fmt::Write as _;

use super::{load, show};
use crate::graph::Value;
use crate::unknown::Why;

fn why(value: &Value) -> Why {
    let Value::Unknown(symbol) = value else { panic!("{}", show(value)) };
    symbol.unknown().inputs().next().unwrap().why.clone()
}

#[test]
fn a_block_that_does_not_parse_costs_only_itself() {
    let loaded = load(&[(
        "main.tf",
        "resource \"aws_a\" \"one\" { x = 1 }\nresource \"aws_a\" \"bad\" {\n  x = = 2\n}\nresource \"aws_a\" \"two\" { x = aws_a.bad.id }\nlocals {\n  y = [1,\n}\nresource \"aws_a\" \"three\" {}\n",
    )]);
    assert_eq!(loaded.addresses(), ["aws_a.one", "aws_a.two", "aws_a.three"]);
    assert_eq!(loaded.graph.problems.len(), 2);
    assert_eq!(loaded.graph.gaps.len(), 2);
    assert!(loaded.graph.gaps.iter().all(|gap| gap.given.is_none() && &*gap.name == "main.tf"));
    assert_eq!(why(&loaded.resource("aws_a.two").body.get("x").unwrap().value), Why::Unparsable);
    assert_eq!(loaded.workspace.sources().text(loaded.graph.problems[0].span), "=");
}

#[test]
fn what_only_the_parser_refuses_is_a_gap() {
    let (open, close) = ("(".repeat(200), ")".repeat(200));
    let code = format!("locals {{\n  a = {open}1{close}\n}}\nresource \"aws_a\" \"x\" {{}}");
    let loaded = load(&[("main.tf", &code)]);
    assert_eq!(loaded.graph.problems.len(), 0);
    assert_eq!(loaded.graph.gaps.len(), 1);
    assert_eq!(loaded.addresses(), ["aws_a.x"]);
}

#[test]
fn the_last_of_equal_keys_wins() {
    let code = "resource \"aws_a\" \"x\" {\n  v = { b = 1, b = 2, \"c\" = 3, \"c\" = 4, b = 5 }\n}";
    let loaded = load(&[("main.tf", code)]);
    assert_eq!(loaded.entry("aws_a.x", "v"), "{b=5, c=4}");
    assert!(loaded.graph.gaps.is_empty());
}

#[test]
fn a_cycle_is_reported_once() {
    let loaded = load(&[(
        "main.tf",
        "locals {\n  a = local.b\n  b = local.c\n  c = local.a\n}\nresource \"aws_a\" \"x\" { v = local.a }\nresource \"aws_a\" \"y\" { count = length(aws_a.y) }",
    )]);
    assert!(matches!(
        why(&loaded.resource("aws_a.x").body.get("v").unwrap().value),
        Why::Invalid(_)
    ));
    let messages: Vec<&str> =
        loaded.graph.problems.iter().map(|problem| &*problem.message).collect();
    assert_eq!(
        messages,
        [
            "a reference cycle: aws_a.y (main.tf:7) -> aws_a.y",
            "a reference cycle: local.a (main.tf:2) -> local.b (main.tf:3) -> local.c (main.tf:4) -> local.a"
        ]
    );
}

#[test]
fn a_long_chain_of_locals_is_followed() {
    let mut code = String::from("locals {\n  v0 = \"end\"\n");
    for index in 1..2000 {
        writeln!(code, "  v{index} = \"${{upper(lower(local.v{}))}}\"", index - 1).unwrap();
    }
    code.push_str("}\nresource \"aws_a\" \"x\" { v = local.v1999 }");
    let loaded = load(&[("main.tf", &code)]);
    assert_eq!(loaded.entry("aws_a.x", "v"), "\"END\"");
}

#[test]
fn an_endless_chain_runs_out_of_budget() {
    let mut code = String::from("locals {\n  v0 = \"end\"\n");
    for index in 1..30_000 {
        writeln!(code, "  v{index} = [local.v{}]", index - 1).unwrap();
    }
    code.push_str("}\nresource \"aws_a\" \"x\" { v = local.v29999 }");
    let loaded = load(&[("main.tf", &code)]);
    assert_eq!(loaded.resource("aws_a.x").body.len(), 1);
}

#[test]
fn bombs_are_budget() {
    let mut code = String::from("locals {\n  s0 = \"0123456789\"\n  l0 = [1, 2]\n");
    for index in 1..64 {
        let last = index - 1;
        writeln!(code, "  s{index} = \"${{local.s{last}}}${{local.s{last}}}\"").unwrap();
        writeln!(code, "  l{index} = [local.l{last}, local.l{last}]").unwrap();
    }
    code.push_str(
        r#"}
resource "aws_a" "x" {
  text    = local.s63
  list    = local.l63
  range   = range(1000000000)
  product = setproduct(range(1000), range(1000), range(1000))
  width   = format("%999999999d", 1)
  indent  = indent(999999999, "a\nb")
}
resource "aws_a" "many" { count = 1000000000 }
"#,
    );
    let loaded = load(&[("main.tf", &code)]);
    for name in ["text", "list", "product", "width", "indent"] {
        assert_eq!(
            why(&loaded.resource("aws_a.x").body.get(name).unwrap().value),
            Why::Budget,
            "{name}"
        );
    }
    let range = why(&loaded.resource("aws_a.x").body.get("range").unwrap().value);
    assert!(matches!(range, Why::Invalid(_)), "{range:?}");
    assert!(loaded.resource("aws_a.many[?]").exists.is_err());
}

#[test]
fn undeclared_names_are_invalid() {
    let loaded = load(&[(
        "main.tf",
        "resource \"aws_a\" \"x\" {\n  a = aws_vpc.main.id\n  b = var.nope\n  c = each.key\n  d = nonsense\n  e = { x = 1 }.y\n}",
    )]);
    for name in ["a", "b", "c", "d", "e"] {
        let why = why(&loaded.resource("aws_a.x").body.get(name).unwrap().value);
        assert!(matches!(why, Why::Invalid(_)), "{name}: {why:?}");
    }
}

#[test]
fn what_is_not_utf8_is_a_problem() {
    let loaded = load(&[("main.tf", "resource \"aws_a\" \"x\" {}")]);
    assert!(loaded.graph.problems.is_empty());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.tf"), b"# \xff\n").unwrap();
    let workspace = crate::source::Workspace::new(folder.path(), folder.path()).unwrap();
    let project = super::super::Project::parse(&workspace, &[folder.path().to_owned()], &[]);
    let graph = project.load(&workspace, folder.path());
    assert_eq!(graph.problems.len(), 1);
    assert_eq!(graph.gaps.len(), 1);
}

#[test]
fn an_object_of_very_many_keys_is_a_gap_and_no_problem() {
    for closing in ["  }\n}", "}\n}"] {
        let mut code = String::from("locals {\n  big = {\n");
        for index in 0..30_000 {
            writeln!(code, "    k{index} = {index}").unwrap();
        }
        code.push_str(closing);
        code.push_str("\nresource \"aws_a\" \"x\" {\n  v = local.big.k1\n}\n");
        let loaded = load(&[("main.tf", &code)]);
        assert_eq!(loaded.graph.problems.len(), 0, "{:?}", loaded.graph.problems);
        assert_eq!(loaded.graph.gaps.len(), 1);
        assert_eq!(why(&loaded.resource("aws_a.x").body.get("v").unwrap().value), Why::Unparsable);
    }
}

#[test]
fn an_unterminated_heredoc_is_one_problem() {
    let code = "resource \"aws_a\" \"x\" {}\nlocals {\n  a = <<EOT\n  text\n}\nresource \"aws_a\" \"y\" {}\n";
    let loaded = load(&[("main.tf", code)]);
    assert_eq!(loaded.graph.problems.len(), 1, "{:?}", loaded.graph.problems);
    assert_eq!(loaded.addresses(), ["aws_a.x"]);
}

#[test]
fn thousands_of_instances_refer_to_each_other() {
    let code = "resource \"aws_a\" \"x\" { count = 6000 }\nresource \"aws_a\" \"y\" {\n  for_each = toset([for i in range(6) : \"k${i}\"])\n}\nresource \"aws_a\" \"z\" {\n  count = 6000\n  v     = aws_a.x[count.index].id\n}\n";
    let start = std::time::Instant::now();
    let loaded = load(&[("main.tf", code)]);
    assert_eq!(loaded.graph.resources.len(), 12_006);
    assert_eq!(loaded.entry("aws_a.z[5999]", "v"), "<aws_a.x[5999].id>");
    assert!(start.elapsed() < std::time::Duration::from_secs(30), "{:?}", start.elapsed());
}

#[test]
fn a_bug_in_the_thread_of_the_evaluator_is_told_by_who_asked() {
    let failure = crate::bug::guarded("infra: evaluation", || {
        crate::stack::on_large(|| -> u8 { panic!("seeded {}", 1) })
    });
    let failure = failure.unwrap_err();
    assert!(
        failure.starts_with("infra: evaluation: a bug") && failure.contains("seeded 1;"),
        "{failure}"
    );
    assert_eq!(crate::stack::on_large(|| 1), Some(1));
}
