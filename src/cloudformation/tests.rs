//! What the tests of this front end share.

mod conditions;
mod extensions;
mod functions;
mod hostile;
mod parameters;
mod recognition;
mod recorded;
mod resources;
mod spans;

use std::fmt::Write as _;

use crate::cloudformation::{Template, parse};
use crate::graph::{Graph, Node, Value};
use crate::source::Workspace;

fn workspace() -> Workspace {
    let here = std::path::Path::new(".");
    Workspace::new(here, here).unwrap()
}

/// The template of a text, and where its text is.
fn read(text: &str) -> (Workspace, Option<Template>) {
    let workspace = workspace();
    let file = workspace.sources().add("t.yaml", text);
    let template = parse(&workspace, file);
    (workspace, template)
}

fn load(text: &str) -> (Workspace, Graph) {
    let (workspace, template) = read(text);
    let graph = template.expect("a template").load(&workspace);
    (workspace, graph)
}

/// A property of a resource.
fn property(graph: &Graph, path: &str) -> Node {
    let (resource, name) = path.split_once('.').unwrap();
    let resource = graph.resources.iter().find(|it| &*it.address == resource).expect(resource);
    resource.body.get(name).unwrap_or_else(|| panic!("no {path}")).clone()
}

fn names(graph: &Graph) -> Vec<&str> {
    graph.resources.iter().map(|resource| &*resource.address).collect()
}

fn problems(workspace: &Workspace, graph: &Graph) -> Vec<String> {
    let problems = graph.problems.iter();
    problems
        .map(|it| {
            let (line, column) = workspace.sources().file(it.span.file).position(it.span.start);
            format!("{line}:{column} {}", it.message)
        })
        .collect()
}

/// A value as text: JSON, with symbols as they print and `..` before what may follow.
fn show(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(truth) => write!(out, "{truth}").unwrap(),
        Value::Number(number) => write!(out, "{number}").unwrap(),
        Value::String(text) => write!(out, "{text:?}").unwrap(),
        Value::Unknown(symbol) => write!(out, "<{symbol}>").unwrap(),
        Value::List { items, rest } => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write(&item.value, out);
            }
            if let Some(symbol) = rest {
                write!(out, " ..{symbol}").unwrap();
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            for (at, (key, node)) in map.entries.iter().enumerate() {
                write!(out, "{}{key}: ", if at > 0 { ", " } else { "" }).unwrap();
                write(&node.value, out);
            }
            if let Some(symbol) = &map.rest {
                write!(out, " ..{symbol}").unwrap();
            }
            out.push('}');
        }
    }
}

const HEAD: &str = r#"
Parameters:
  Env: {Type: String, Default: prod}
  Empty: {Type: String, Default: ""}
  Open: {Type: String}
  Names: {Type: CommaDelimitedList, Default: "a, b,c"}
  Ports: {Type: List<Number>, Default: "53,443"}
  OpenNames: {Type: CommaDelimitedList}
  Count: {Type: Number, Default: 3}
  Yes: {Type: String, Default: "true"}
  Vpc: {Type: "AWS::EC2::VPC::Id", Default: vpc-1}
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>", Default: "subnet-1,subnet-2"}
  Image: {Type: "AWS::SSM::Parameter::Value<String>", Default: /path}
Mappings:
  Cidrs:
    prod: {Eks: 10.1.0.0/16, Dns: [10.0.0.53, 10.0.1.53]}
    dev: {Eks: 10.9.0.0/16}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  IsDev: !Equals [!Ref Env, dev]
  Maybe: !Equals [!Ref Open, x]
  Other: !Equals [y, !Ref Open]
Resources:
  Net: {Type: "AWS::EC2::VPC", Properties: {CidrBlock: 10.0.0.0/16, Tags: [{Key: a, Value: b}]}}
  Sub: {Type: "AWS::EC2::Subnet", Properties: {VpcId: !Ref Net}}
  Cluster: {Type: "AWS::EKS::Cluster"}
  Gone: {Type: "AWS::EC2::VPC", Condition: IsDev}
  Child: {Type: "AWS::CloudFormation::Stack", Properties: {Parameters: {Vpc: !Ref Net, Name: x}}}
  Custom: {Type: "Custom::Thing", Properties: {Ip: 10.0.0.1}}
"#;

/// What an expression evaluates to, in a template with the declarations above.
fn value(expression: &str) -> Value {
    let text = format!("{HEAD}  It: {{Type: 'A::B::C', Properties: {{Value: {expression}}}}}\n");
    let (workspace, graph) = load(&text);
    assert_eq!(problems(&workspace, &graph), [""; 0], "{expression}");
    let it = graph.resources.iter().find(|it| &*it.address == "It").unwrap();
    it.body.get("Value").map_or(Value::Null, |node| node.value.clone())
}

fn assert_values(cases: &[(&str, &str)]) {
    for (expression, expected) in cases {
        assert_eq!(show(&value(expression)), *expected, "{expression}");
    }
}

/// Why an expression is open.
fn why(expression: &str) -> String {
    let Value::Unknown(symbol) = value(expression) else { panic!("{expression} is known") };
    symbol.unknown().to_string()
}
