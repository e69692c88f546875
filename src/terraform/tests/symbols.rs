//! Open values: what stays structure, and what stays the same.

use std::fmt::Write as _;

use super::load;

/// The values of expressions over two open variables, a list and a map.
fn values(expressions: &[&str]) -> Vec<String> {
    let mut code =
        String::from("variable \"x\" {}\nvariable \"y\" {}\nresource \"aws_v\" \"v\" {}\n");
    code.push_str("resource \"aws_a\" \"a\" {\n");
    for (index, expression) in expressions.iter().enumerate() {
        writeln!(code, "  e{index} = {expression}").unwrap();
    }
    code.push('}');
    let loaded = load(&[("main.tf", &code)]);
    assert_eq!(loaded.graph.problems.len(), 0, "{:?}", loaded.graph.problems);
    (0..expressions.len()).map(|index| loaded.entry("aws_a.a", &format!("e{index}"))).collect()
}

#[test]
fn structure_is_kept_around_open_elements() {
    let cases = [
        ("length([var.x, var.y])", "2"),
        ("concat([var.x], [\"a\"])[1]", "\"a\""),
        ("element([\"a\", var.x], 3)", "<var.x>"),
        ("lookup({ a = var.x }, \"a\", \"z\")", "<var.x>"),
        ("merge({ a = var.x }, { b = 1 })", "{a=<var.x>, b=1}"),
        ("keys({ a = var.x })", "[\"a\"]"),
        ("values({ a = var.x })[0]", "<var.x>"),
        ("flatten([[aws_v.v.id], [\"b\"]])", "[<aws_v.v.id>, \"b\"]"),
        ("compact([aws_v.v.id, \"\"])", "[<aws_v.v.id>]"),
        ("coalesce(null, aws_v.v.id, \"b\")", "<aws_v.v.id>"),
        ("one([var.x])", "<var.x>"),
        ("toset([\"b\", var.x, \"a\"])", "[\"a\", \"b\", <var.x>]"),
        ("try(var.x, \"d\")", "<var.x>"),
        ("distinct([var.x, var.x])", "[<var.x>]"),
        ("contains([var.x, \"a\"], \"a\")", "true"),
        ("slice(var.x, 1, 3)", "[<var.x[1]>, <var.x[2]>]"),
        ("zipmap([\"a\"], [var.x])", "{a=<var.x>}"),
    ];
    let got = values(&cases.map(|(expression, _)| expression));
    for ((expression, expected), got) in cases.iter().zip(got) {
        assert_eq!(got, *expected, "{expression}");
    }
}

#[test]
fn open_operations_keep_their_identity() {
    let cases = [
        ("var.x == var.x", "true"),
        ("\"${var.x}-a\" == \"${var.x}-a\"", "true"),
        ("\"${var.x}\"", "<var.x>"),
        ("\"a${\"b${var.x}\"}c\"", "<template(\"ab\", var.x, \"c\")>"),
        ("var.x == var.y", "<==(var.x, var.y)>"),
        ("false && var.x", "false"),
        ("true && var.x", "<var.x>"),
        ("var.x || true", "true"),
        ("var.x && false", "false"),
        ("var.x && true", "<var.x>"),
        ("var.x || false", "<var.x>"),
        ("\"%{ if var.x }a%{ else }b%{ endif }\"", "<?:(var.x, \"a\", \"b\")>"),
        ("var.x ? 1 : 1", "1"),
        ("var.x ? 1 : 2", "<?:(var.x, 1, 2)>"),
        ("!var.x", "<!(var.x)>"),
        ("var.x + 1", "<+(var.x, 1)>"),
        ("var.x[var.y]", "<[](var.x, var.y)>"),
        ("var.x.a[0][\"b\"]", "<var.x.a[0].b>"),
        ("[for s in var.x : s.id]", "[..[*](var.x, \"id\")]"),
        ("var.x[*].id", "[..[*](var.x, \"id\")]"),
        ("var.x[*].id[0] == null ? 1 : 1", "1"),
        ("[for s in var.x : s.id][0]", "<var.x[0].id>"),
        ("concat([\"a\"], var.x)", "[\"a\", ..concat([\"a\"], var.x)]"),
        ("concat(var.x, [\"a\"])[0]", "<concat(var.x, [\"a\"])[0]>"),
        ("merge({ a = 1 }, var.x)[\"a\"]", "<merge([\"a\", 1], var.x).a>"),
        ("merge(var.x, { a = 1 })[\"a\"]", "1"),
        ("aws_v.v.id != null", "true"),
        ("split(\"//\", aws_v.v.endpoint)[1]", "<split(\"//\", aws_v.v.endpoint)[1]>"),
        (
            "replace(aws_v.v.endpoint, \"https://\", \"\")",
            "<replace(aws_v.v.endpoint, \"https://\", \"\")>",
        ),
        ("md5(\"a.txt\")", "<md5(\"a.txt\")>"),
        ("try(var.x.y, \"d\")", "<try(var.x.y, \"d\")>"),
        ("{ for k, v in { a = 1, b = 2 } : k => v if v == 1 || var.x }[\"a\"]", "1"),
    ];
    let got = values(&cases.map(|(expression, _)| expression));
    for ((expression, expected), got) in cases.iter().zip(got) {
        assert_eq!(got, *expected, "{expression}");
    }
}

#[test]
fn what_hangs_on_something_open_is_open() {
    let open = [
        "lookup(merge(var.x, { a = 1 }), \"b\", \"z\")",
        "contains([var.x, \"b\"], \"a\")",
        "length(concat([\"a\"], var.x))",
        "length(distinct([var.x, var.y]))",
        "length(flatten([[\"a\"], var.x]))",
        "length([for v in [\"a\", \"b\"] : v if var.x == v])",
        "var.x ? tonumber(\"a\") : null",
        "length(setunion([\"a\"], var.x))",
    ];
    for (expression, got) in open.iter().zip(values(&open)) {
        assert!(got.starts_with('<'), "{expression}: {got}");
    }
}

#[test]
fn nested_loops_do_not_mix_their_elements() {
    let got = values(&["[for a in var.x : [for b in var.x : a == b]]"]);
    assert!(!got[0].contains("true"), "{}", got[0]);
}
