//! Expressions of Terraform by a grammar: deep rather than broken.

use std::fmt::Write;

use arbitrary::{Result, Unstructured};

const FUNCTIONS: &[&str] = &[
    "abs",
    "alltrue",
    "anytrue",
    "base64decode",
    "base64encode",
    "basename",
    "can",
    "ceil",
    "chomp",
    "chunklist",
    "cidrhost",
    "cidrnetmask",
    "cidrsubnet",
    "cidrsubnets",
    "coalesce",
    "coalescelist",
    "compact",
    "concat",
    "contains",
    "csvdecode",
    "dirname",
    "distinct",
    "element",
    "endswith",
    "file",
    "fileexists",
    "fileset",
    "flatten",
    "floor",
    "format",
    "formatdate",
    "formatlist",
    "indent",
    "index",
    "join",
    "jsondecode",
    "jsonencode",
    "keys",
    "length",
    "log",
    "lookup",
    "lower",
    "matchkeys",
    "max",
    "md5",
    "merge",
    "min",
    "one",
    "parseint",
    "pow",
    "range",
    "regex",
    "regexall",
    "replace",
    "reverse",
    "setintersection",
    "setproduct",
    "setsubtract",
    "setunion",
    "sha256",
    "signum",
    "slice",
    "sort",
    "split",
    "startswith",
    "strcontains",
    "strrev",
    "substr",
    "sum",
    "templatestring",
    "timeadd",
    "title",
    "tobool",
    "tolist",
    "tomap",
    "tonumber",
    "toset",
    "tostring",
    "transpose",
    "trim",
    "trimprefix",
    "trimspace",
    "trimsuffix",
    "try",
    "upper",
    "urlencode",
    "values",
    "yamldecode",
    "yamlencode",
    "zipmap",
];

const ATOMS: &[&str] = &[
    "0",
    "1",
    "-1",
    "2",
    "0.5",
    "1e9",
    "1e400",
    "9223372036854775807",
    "-9223372036854775808",
    "340282366920938463463374607431768211456",
    "true",
    "false",
    "null",
    "\"\"",
    "\"a\"",
    "\"10.0.0.0/8\"",
    "\"fd00::/8\"",
    "\"%s%d%v\"",
    "\"a,b\"",
    "\"\u{e9}\u{1f512}\"",
    "\"/(a+)+/\"",
    "\"{\\\"a\\\": [1]}\"",
    "\"a: [1, b]\"",
    "[]",
    "{}",
    "var.open",
    "var.known",
    "local.other",
    "aws_vpc.v.id",
    "aws_vpc.v.cidr_block",
    "data.aws_vpc.d.id",
    "path.module",
    "each.key",
    "count.index",
    "terraform.workspace",
    "x",
    "y",
];

const OPERATORS: &[&str] = &["+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"];

/// One expression, as text.
pub fn any(u: &mut Unstructured<'_>) -> Result<String> {
    let mut out = String::new();
    write(u, 7, &mut out)?;
    Ok(out)
}

fn list(u: &mut Unstructured<'_>, depth: u8, out: &mut String) -> Result<()> {
    for at in 0..u.int_in_range(0..=3)? {
        if at > 0 {
            out.push_str(", ");
        }
        write(u, depth, out)?;
    }
    Ok(())
}

fn write(u: &mut Unstructured<'_>, depth: u8, out: &mut String) -> Result<()> {
    let kind = if depth == 0 { 0 } else { u.int_in_range(0..=13)? };
    let down = depth.saturating_sub(1);
    let parts = |u: &mut Unstructured<'_>, between: &[&str], out: &mut String| -> Result<()> {
        for (at, text) in between.iter().enumerate() {
            if at > 0 {
                write(u, down, out)?;
            }
            out.push_str(text);
        }
        Ok(())
    };
    match kind {
        0 | 1 => out.push_str(u.choose(ATOMS)?),
        2 | 3 => {
            let _ = write!(out, "{}(", u.choose(FUNCTIONS)?);
            list(u, down, out)?;
            out.push_str(if u.ratio(1, 8)? { "...)" } else { ")" });
        }
        4 => {
            let operator = format!(" {} ", u.choose(OPERATORS)?);
            parts(u, &["(", &operator, ")"], out)?;
        }
        5 => parts(u, &["(", " ? ", " : ", ")"], out)?,
        6 => {
            out.push('[');
            list(u, down, out)?;
            out.push(']');
        }
        7 => parts(u, &["{ a = ", ", (", ") = ", " }"], out)?,
        8 => parts(u, &["[for x, y in ", " : ", " if ", "]"], out)?,
        9 => parts(u, &["{ for x, y in ", " : ", " => ", "... }"], out)?,
        10 => parts(u, &["\"<${", "}%{ if ", " ~}${", "}%{ endif }>\""], out)?,
        11 => parts(u, &["", "[", "]"], out)?,
        12 => parts(u, &["", "[*].a"], out)?,
        _ => {
            let sign = *u.choose(&["!", "-"])?;
            parts(u, &[sign, ""], out)?;
        }
    }
    Ok(())
}
