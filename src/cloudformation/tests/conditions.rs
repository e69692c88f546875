//! Conditions and what hangs on them.

use std::fmt::Write as _;

use super::{assert_values, load, names, value, why};
use crate::graph::Value;

#[test]
fn known_conditions_choose() {
    assert_values(&[
        ("!If [IsProd, a, b]", r#""a""#),
        ("!If [IsDev, a, !Ref AWS::NoValue]", "null"),
        ("!If [IsProd, [a], b]", r#"["a"]"#),
        ("{'Fn::If': [IsDev, a, {'Fn::If': [IsProd, b, c]}]}", r#""b""#),
        ("!Equals [3, '3']", "true"),
        ("!Equals [!Ref Count, 3]", "true"),
        ("!Equals [!Ref Yes, true]", "true"),
        ("!Equals [True, 'true']", "true"),
        ("!Equals [!Ref Open, !Sub '${Open}']", "true"),
        ("!Equals [[a], [a]]", "true"),
        ("!Equals [[a], [b]]", "false"),
    ]);
}

#[test]
fn three_values() {
    assert_values(&[
        ("!And [!Condition IsProd, !Condition Maybe]", r#"<==(Open, "x")>"#),
        ("!And [!Condition IsDev, !Condition Maybe]", "false"),
        ("!Or [!Condition IsProd, {Condition: Maybe}]", "true"),
        ("!Or [{Condition: IsDev}, {Condition: Maybe}]", r#"<==(Open, "x")>"#),
        ("!Or [!Condition Other, !Condition Maybe]", r#"<||(==(Open, "y"), ==(Open, "x"))>"#),
        ("!And [!Condition Maybe, !Condition Maybe]", r#"<==(Open, "x")>"#),
        ("!Not [!Condition IsDev]", "true"),
        ("!Not [!Condition Maybe]", r#"<!(==(Open, "x"))>"#),
        ("!Not [!Not [!Condition Maybe]]", r#"<==(Open, "x")>"#),
        ("!If [Maybe, a, b]", r#"<?:(==(Open, "x"), "a", "b")>"#),
        ("!If [Maybe, [a], [a]]", r#"["a"]"#),
        ("!If [Maybe, !Ref Net, !Ref Net]", "<Net.id>"),
    ]);
}

#[test]
fn elements_that_may_be_absent_may_follow() {
    assert_values(&[
        (
            "[a, !If [Maybe, b, !Ref AWS::NoValue], c]",
            r#"["a", "c" ..?:(==(Open, "x"), "b", null)]"#,
        ),
        ("[!If [Maybe, b, c]]", r#"[<?:(==(Open, "x"), "b", "c")>]"#),
        (
            "!Select [1, [!If [Maybe, a, !Ref AWS::NoValue], b, c]]",
            r#"<Fn::Select(1, ["b", "c", ?:(==(Open, "x"), "a", null)])>"#,
        ),
    ]);
    let two = "[!If [Maybe, b, !Ref AWS::NoValue], !If [Other, !Ref AWS::NoValue, c]]";
    assert_eq!(super::show(&value(two)).matches("concat(?:").count(), 1);
}

#[test]
fn undeclared_conditions_are_open() {
    assert!(why("!If [Nowhere, a, b]").contains("undeclared condition Nowhere"));
    assert!(why("!Not [x]").contains("not a condition"));
}

#[test]
fn resources_come_and_go() {
    let (_, graph) = load(
        "
Parameters: {Open: {Type: String}}
Conditions:
  No: !Equals [a, b]
  Maybe: !Equals [!Ref Open, x]
Resources:
  A: {Type: AWS::EC2::VPC, Condition: No}
  B: {Type: AWS::EC2::VPC, Condition: Maybe}
  C: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref B}}
  D: {Type: AWS::EC2::VPC, Condition: Nowhere}
Outputs:
  A: {Condition: No, Value: !Ref A}
  C: {Value: !Ref C, Export: {Name: c}}
",
    );
    assert_eq!(names(&graph), ["B", "C", "D"]);
    let exists = |at: usize| graph.resources[at].exists.clone().map_err(|it| it.to_string());
    assert_eq!(exists(0), Err("Open has no value in the code".to_owned()));
    assert_eq!(exists(1), Ok(()));
    assert!(exists(2).is_err());
    assert_eq!(graph.exports.len(), 1);
    let id = super::property(&graph, "C.VpcId");
    id.value.symbols(&mut |symbol| {
        assert!(symbol.mentions(crate::unknown::ResourceId(0)));
    });
}

#[test]
fn circles_end() {
    let (_, graph) = load(
        "
Conditions:
  A: !Not [!Condition B]
  B: !Not [!Condition A]
Resources:
  R: {Type: AWS::EC2::VPC, Condition: A, Properties: {CidrBlock: !GetAtt R.CidrBlock}}
  S: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !GetAtt T.CidrBlock}}
  T: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !GetAtt S.CidrBlock}}
",
    );
    assert!(graph.resources[0].exists.is_err());
    assert_eq!(super::show(&super::property(&graph, "S.CidrBlock").value), "<S.CidrBlock>");
}

/// Values that are too large to keep are equal where they are made of the same.
#[test]
fn large_values_keep_their_identity() {
    let chain = |from: usize| {
        let link = |inner: String, at: usize| format!("!If [C{at}, vpc-{at}, {inner}]");
        (from..40).rev().fold("!Ref Vpc".to_owned(), link)
    };
    let mut text =
        "Parameters: {P: {Type: String}, Vpc: {Type: 'AWS::EC2::VPC::Id'}}\nConditions:\n"
            .to_owned();
    for at in 0..40 {
        writeln!(text, "  C{at}: !Equals [!Ref P, x{at}]").unwrap();
    }
    text += "Resources:\n";
    for (name, from) in [("A", 0), ("B", 0), ("C", 1)] {
        let vpc = chain(from);
        writeln!(text, "  {name}: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: {vpc}}}}}")
            .unwrap();
    }
    let (_, graph) = load(&text);
    let of = |at: usize| graph.resources[at].body.get("VpcId").unwrap().value.clone();
    assert!(matches!(of(0), Value::Unknown(_)));
    assert_eq!(of(0), of(1));
    assert_ne!(of(0), of(2));
}

/// A name that is of a Region says where the stack may be, as long as nobody says where it is.
#[test]
fn a_region_that_is_named_is_one_that_may_be_meant() {
    let of = |domain: &str| {
        let (_, graph) = load(&format!(
            "Resources: {{R: {{Type: 'AWS::Route53Resolver::ResolverRule', Properties: {{DomainName: {domain}}}}}}}"
        ));
        let choices = graph.guards.choices.iter();
        choices.map(|it| format!("{} {:?}", it.symbol, it.values)).collect::<Vec<_>>()
    };
    assert_eq!(of("eu-west-1.eks.amazonaws.com"), [r#"AWS::Region {"eu-west-1"}"#]);
    assert_eq!(of("!Sub '${AWS::Region}.eks.amazonaws.com'"), [""; 0]);
    assert_eq!(of("db-server-1.example"), [""; 0]);
}
