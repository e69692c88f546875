//! What parameters are worth: given, by default, or as an example.

use super::{load, property, show};

#[test]
fn a_default_may_be_an_example() {
    for (declaration, expected) in [
        ("{Type: String, Default: 10.0.0.0/16}", r#""10.0.0.0/16""#),
        ("{Type: String, Default: 10.0.0.53}", "<P>"),
        ("{Type: String, Default: '2001:db8::53'}", "<P>"),
        ("{Type: CommaDelimitedList, Default: '10.0.0.53,10.0.1.53'}", "<P>"),
        (
            "{Type: CommaDelimitedList, Default: '10.0.0.0/24, 10.0.1.0/24'}",
            r#"["10.0.0.0/24", "10.0.1.0/24"]"#,
        ),
        ("{Type: String, Default: ''}", r#""""#),
        ("{Type: AWS::EC2::VPC::Id, Default: vpc-1}", "<P>"),
        ("{Type: 'AWS::SSM::Parameter::Value<String>', Default: /a}", "<P>"),
        ("{Type: AWS::EC2::AvailabilityZone::Name, Default: eu-west-1a}", r#""eu-west-1a""#),
    ] {
        let text = format!(
            "Parameters: {{P: {declaration}}}\nResources: {{A: {{Type: 'A::B', Properties: {{V: !Ref P}}}}}}\n"
        );
        let (_, graph) = load(&text);
        assert_eq!(show(&property(&graph, "A.V").value), expected, "{declaration}");
    }
}

#[test]
fn a_secret_is_compared_and_never_told() {
    let text = r#"
Parameters:
  Secret: {Type: String, NoEcho: true, Default: hunter2}
  Listed: {Type: CommaDelimitedList, NoEcho: "true", Default: "hunter2,b"}
Conditions:
  Same: !Equals [!Ref Secret, hunter2]
  Empty: !Equals ["", !Ref Secret]
Resources:
  A:
    Type: A::B
    Properties:
      Plain: !Ref Secret
      Inside: !Sub "${Secret}.corp"
      List: !Ref Listed
      Same: !If [Same, yes, no]
      Empty: !If [Empty, yes, no]
"#;
    let (_, graph) = load(text);
    for (path, expected) in [
        ("A.Plain", "<Secret>"),
        ("A.Inside", r#"<template(Secret, ".corp")>"#),
        ("A.List", "<Listed>"),
        ("A.Same", "true"),
        ("A.Empty", "false"),
    ] {
        assert_eq!(show(&property(&graph, path).value), expected, "{path}");
    }
}
