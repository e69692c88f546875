//! Intrinsic functions, on known and on open values.

use super::{assert_values, value, why};

#[test]
fn references() {
    assert_values(&[
        ("!Ref Env", r#""prod""#),
        ("{Ref: Env}", r#""prod""#),
        ("!Ref Empty", r#""""#),
        ("!Ref Count", r#""3""#),
        ("!Ref Names", r#"["a", "b", "c"]"#),
        ("!Ref Ports", r#"["53", "443"]"#),
        ("!Ref Open", "<Open>"),
        ("!Ref Vpc", "<Vpc>"),
        ("!Ref Subnets", "<Subnets>"),
        ("!Ref Image", "<Image>"),
        ("!Ref Net", "<Net.id>"),
        ("!Ref AWS::Region", "<AWS::Region>"),
        ("!Ref AWS::NoValue", "null"),
        ("[a, !Ref AWS::NoValue, b]", r#"["a", "b"]"#),
        ("{a: 1, b: !Ref AWS::NoValue}", "{a: 1}"),
    ]);
    assert_eq!(why("!Ref Open"), "Open has no value in the code");
    assert_eq!(why("!Ref Vpc"), "Vpc has no value in the code");
    assert_eq!(why("!Ref Net"), "Net.id is known only after apply");
    assert_eq!(why("!Ref Nowhere"), "Nowhere is not valid: reference to undeclared Nowhere");
    assert!(why("!Ref Gone").contains("its condition leaves out"));
}

#[test]
fn attributes() {
    assert_values(&[
        ("!GetAtt Net.CidrBlock", r#""10.0.0.0/16""#),
        ("!GetAtt [Net, CidrBlock]", r#""10.0.0.0/16""#),
        ("{'Fn::GetAtt': [Net, CidrBlock]}", r#""10.0.0.0/16""#),
        ("{'Fn::GetAtt': Net.CidrBlock}", r#""10.0.0.0/16""#),
        ("!GetAtt Sub.VpcId", "<Net.id>"),
        ("!GetAtt Net.VpcId", "<Net.VpcId>"),
        ("!GetAtt Cluster.ClusterSecurityGroupId", "<Cluster.ClusterSecurityGroupId>"),
        ("!GetAtt Cluster.Endpoint", "<Cluster.Endpoint>"),
        ("!GetAtt Child.Outputs.Vpc", "<Child.Outputs.Vpc>"),
        // A custom resource answers what it likes.
        ("!GetAtt Custom.Ip", "<Custom.Ip>"),
    ]);
    assert!(why("!GetAtt Child.Outputs.Vpc").contains("source is not at hand"));
    assert!(why("!GetAtt Nowhere.Id").contains("reference to undeclared Nowhere"));
    assert_eq!(value("!GetAtt Cluster.Endpoint"), value("!Sub '${Cluster.Endpoint}'"));
}

#[test]
fn substitution() {
    assert_values(&[
        ("!Sub '${Env}-${Count}'", r#""prod-3""#),
        ("{'Fn::Sub': 'x'}", r#""x""#),
        ("!Sub ['${A}/${Env}', {A: !Ref Count}]", r#""3/prod""#),
        ("!Sub ['${Env}', {Env: other}]", r#""other""#),
        ("!Sub '${!Env} $x {y}'", r#""${Env} $x {y}""#),
        ("!Sub '${Open}'", "<Open>"),
        ("!Sub '${Net.CidrBlock}'", r#""10.0.0.0/16""#),
        ("!Sub '${Net}'", "<Net.id>"),
        ("!Sub 'a${Env}b${Open}c${Env}'", r#"<template("aprodb", Open, "cprod")>"#),
        ("!Sub ['x${A}', {A: !Sub 'y${Open}'}]", r#"<template("xy", Open)>"#),
        (
            "!Sub 'com.amazonaws.${AWS::Region}.eks'",
            r#"<template("com.amazonaws.", AWS::Region, ".eks")>"#,
        ),
    ]);
    assert!(why("!Sub 'a${Nowhere}'").contains("reference to undeclared Nowhere"));
}

#[test]
fn joins_and_splits() {
    assert_values(&[
        ("!Join [':', [a, 1, !Ref Env]]", r#""a:1:prod""#),
        ("!Join ['', []]", r#""""#),
        ("!Join [',', !Ref Names]", r#""a,b,c""#),
        ("!Join ['.', [!Ref Open, x, y]]", r#"<template(Open, ".x.y")>"#),
        ("!Join [',', [!Ref Open]]", "<Open>"),
        ("!Join [',', [a, !Ref AWS::NoValue]]", r#""a""#),
        ("!Join [',', !Ref OpenNames]", r#"<join(",", OpenNames)>"#),
        ("!Split ['.', a.b.c]", r#"["a", "b", "c"]"#),
        ("!Split ['.', !Ref Open]", r#"<split(".", Open)>"#),
        (
            "!Select [1, !Split ['//', !GetAtt Cluster.Endpoint]]",
            r#"<split("//", Cluster.Endpoint)[1]>"#,
        ),
        ("!Select [1, !Ref Names]", r#""b""#),
        ("!Select ['0', [x, y]]", r#""x""#),
        ("!Select [1, !Ref Subnets]", "<Subnets[1]>"),
        ("!Select [!Ref Open, [x, y]]", r#"<Fn::Select(Open, ["x", "y"])>"#),
    ]);
    assert!(why("!Select [3, [a]]").contains("finds nothing at index 3"));
    assert!(why("!Select x").contains("needs an index and a list"));
    assert_eq!(value("!Join ['', [a, !Ref Open]]"), value("!Sub 'a${Open}'"));
}

#[test]
fn maps() {
    assert_values(&[
        ("!FindInMap [Cidrs, !Ref Env, Eks]", r#""10.1.0.0/16""#),
        ("!Select [1, !FindInMap [Cidrs, prod, Dns]]", r#""10.0.1.53""#),
        ("!FindInMap [Cidrs, none, Eks, {DefaultValue: 10.5.0.0/16}]", r#""10.5.0.0/16""#),
        ("!FindInMap [Cidrs, !Ref Open, Eks]", r#"<Fn::FindInMap("Cidrs", Open, "Eks")>"#),
    ]);
    assert!(why("!FindInMap [Cidrs, none, Eks]").contains("finds no Cidrs.none.Eks"));
}

#[test]
fn networks() {
    assert_values(&[
        ("!Select [5, !Cidr ['192.168.0.0/24', 6, 5]]", r#""192.168.0.160/27""#),
        ("!Select [1, !Cidr [!GetAtt Net.CidrBlock, '4', '8']]", r#""10.0.1.0/24""#),
        ("!Select [1, !Cidr [!Ref Open, 4, 8]]", "<Fn::Cidr(Open, 4, 8)[1]>"),
        ("!Select [0, !GetAZs '']", "<Fn::GetAZs(AWS::Region)[0]>"),
        ("!Select [1, !GetAZs {Ref: 'AWS::Region'}]", "<Fn::GetAZs(AWS::Region)[1]>"),
        ("!GetAZs us-east-1", "<Fn::GetAZs us-east-1>"),
    ]);
    assert!(why("!Cidr ['10.0.0.0/24', 17, 4]").contains("no room"));
}

#[test]
fn what_is_read_elsewhere() {
    assert_values(&[
        ("!ImportValue vpc", "<Fn::ImportValue vpc>"),
        ("{'Fn::ImportValue': !Sub '${Env}-vpc'}", "<Fn::ImportValue prod-vpc>"),
        ("!ImportValue {'Fn::Sub': '${Open}-vpc'}", "<Fn::ImportValue ${Open}-vpc>"),
        ("'{{resolve:ssm:/vpc/id}}'", "<{{resolve:ssm:/vpc/id}}>"),
    ]);
    assert_eq!(why("!ImportValue vpc"), "Fn::ImportValue vpc is read from outside the code");
}

#[test]
fn texts_of_values() {
    assert_values(&[
        ("!Base64 foobar", r#""Zm9vYmFy""#),
        ("!Base64 {Ref: Open}", "<base64encode(Open)>"),
        ("{'Fn::Length': !Ref Names}", "3"),
        ("{'Fn::Length': !Ref Subnets}", "<length(Subnets)>"),
        (
            "{'Fn::ToJsonString': {b: [1, 'x\"y'], a: true}}",
            r#""{\"a\":true,\"b\":[1,\"x\\\"y\"]}""#,
        ),
        ("{'Fn::ToJsonString': [!Ref Open]}", "<jsonencode([Open])>"),
    ]);
}

#[test]
fn unknown_functions_are_open() {
    assert!(why("!Rain::Embed x").contains("uses Fn::Rain::Embed, which is not evaluated"));
    assert!(why("{'Fn::Transform': {Name: X}}").contains("uses Fn::Transform"));
    assert_eq!(
        super::show(&value("{a: 1, 'Fn::Transform': {Name: X}}")).find("{a: 1 ..Fn::Transform at"),
        Some(0)
    );
}

#[test]
fn too_large_symbols_stay_apart() {
    let many = |name: &str| format!("!Sub '{}'", format!("${{Open}}{name}").repeat(80));
    assert!(why(&many("a")).contains("is too large to evaluate"));
    assert_ne!(value(&many("a")), value(&format!("[{}, 1]", many("b"))));
}
