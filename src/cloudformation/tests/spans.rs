//! Every value stands where it is written: the exact text under its span.

use super::{load, property};
use crate::graph::Value;

fn text(template: &str, path: &str) -> String {
    let (workspace, graph) = load(template);
    workspace.sources().text(property(&graph, path).span)
}

const YAML: &str = r#"
Parameters: {P: {Type: String}}
Resources:
  # Ä comment with | in it.
  Ré:
    Type: AWS::X::Y
    Properties:
      Plain: some text # comment
      Single: 'a ''b'' c'
      Double: "a \"b\" é"
      Number: 53
      Literal: |
        first
        second

      Folded: >-   # why
        first
        second
      Short: !Ref P
      Sub: !Sub "x-${P}-y"
      SubBlock: !Sub |
        x-${P}
      Nested: !Select [1, !Split ["//", !GetAtt Ré.Z]]
      Long: {Ref: P}
      LongBlock:
        Fn::Join:
          - "-"
          - [a, !Ref P]
      Flow: [a, 'b', !Ref P]
      Empty: []
      Block:
        - one
        - !Ref P
        - Key: k   # comment
          Value: v
      Map:
        First: 1
        Last:
          Inner: x

  Next: {Type: AWS::X::Y, Properties: {A: b, C: !Sub c}}
"#;

#[test]
fn scalars_and_functions_in_yaml() {
    for (path, expected) in [
        ("Ré.Plain", "some text"),
        ("Ré.Single", "'a ''b'' c'"),
        ("Ré.Double", r#""a \"b\" é""#),
        ("Ré.Number", "53"),
        ("Ré.Literal", "|\n        first\n        second"),
        ("Ré.Folded", ">-   # why\n        first\n        second"),
        ("Ré.Short", "!Ref P"),
        ("Ré.Sub", r#""x-${P}-y""#),
        ("Ré.SubBlock", "|\n        x-${P}"),
        ("Ré.Nested", r#"!Select [1, !Split ["//", !GetAtt Ré.Z]]"#),
        ("Ré.Long", "{Ref: P}"),
        ("Ré.LongBlock", "Fn::Join:\n          - \"-\"\n          - [a, !Ref P]"),
        ("Ré.Flow", "[a, 'b', !Ref P]"),
        ("Ré.Empty", "[]"),
        ("Ré.Block", "one\n        - !Ref P\n        - Key: k   # comment\n          Value: v"),
        ("Ré.Map", "First: 1\n        Last:\n          Inner: x"),
        ("Next.A", "b"),
        ("Next.C", "c"),
    ] {
        assert_eq!(text(YAML, path), expected, "{path}");
        let crlf = YAML.replace('\n', "\r\n");
        assert_eq!(text(&crlf, path), expected.replace('\n', "\r\n"), "{path}");
    }
}

#[test]
fn elements_keep_their_places() {
    let (workspace, graph) = load(YAML);
    for (path, expected) in [
        ("Ré.Flow", vec!["a", "'b'", "!Ref P"]),
        ("Ré.Block", vec!["one", "!Ref P", "Key: k   # comment\n          Value: v"]),
    ] {
        let Value::List { items, .. } = property(&graph, path).value else { panic!("{path}") };
        let texts: Vec<_> = items.iter().map(|it| workspace.sources().text(it.span)).collect();
        assert_eq!(texts, expected);
    }
    let heads: Vec<_> =
        graph.resources.iter().map(|it| workspace.sources().text(it.span)).collect();
    assert_eq!(heads, ["Ré", "Next"]);
}

#[test]
fn json() {
    let template = r#"{"Resources": {"A": {"Type": "AWS::X::Y", "Properties": {
        "S": "a\"é", "N": 53, "F": {"Ref": "AWS::Region"}, "L": [ "x", 2 ], "E": {} }}}}"#;
    for (path, expected) in [
        ("A.S", r#""a\"é""#),
        ("A.N", "53"),
        ("A.F", r#"{"Ref": "AWS::Region"}"#),
        ("A.L", r#"[ "x", 2 ]"#),
        ("A.E", "{}"),
    ] {
        assert_eq!(text(template, path), expected, "{path}");
    }
    let (workspace, graph) = load(template);
    assert_eq!(workspace.sources().text(graph.resources[0].span), r#""A""#);
}

#[test]
fn every_kind_of_place_after_other_letters_and_before_comments() {
    let template = r#"
Resources:
  # 日本語 — ünï
  A:
    Type: A::B
    Properties:
      Ключ: "日本 ${x}" # é
      Tail: 'é' # "not this"
      Flow: [日本, "b # no", 'c', !Sub "é-${A.X}", {k: v}] # after
      Sub: !Sub
        - "é ${V} z"   # why
        - {V: !GetAtt A.X}
      "quoted key": &anchor plain value   # anchor
      Again: *anchor
      Text: !Join ["", [é, !Ref A]] # last
"#;
    for (path, expected) in [
        ("A.Ключ", "\"日本 ${x}\""),
        ("A.Tail", "'é'"),
        ("A.Flow", "[日本, \"b # no\", 'c', !Sub \"é-${A.X}\", {k: v}]"),
        ("A.Sub", "\"é ${V} z\""),
        ("A.quoted key", "plain value"),
        ("A.Again", "*anchor"),
        ("A.Text", "!Join [\"\", [é, !Ref A]]"),
    ] {
        assert_eq!(text(template, path), expected, "{path}");
    }
    let (workspace, graph) = load(template);
    let Value::List { items, .. } = property(&graph, "A.Flow").value else { panic!() };
    let texts: Vec<_> = items.iter().map(|it| workspace.sources().text(it.span)).collect();
    assert_eq!(texts, ["日本", "\"b # no\"", "'c'", "\"é-${A.X}\"", "{k: v}"]);
}

/// Of a text for `Fn::Sub` what the template does not declare, or the whole text.
#[test]
fn inside_a_sub() {
    let template = r#"
Parameters: {P: {Type: String}}
Conditions: {Never: !Equals [a, b]}
Resources:
  # 日本語
  Gone: {Type: A::B, Condition: Never}
  A:
    Type: A::B
    Properties:
      Ключ: !Sub é-${P}-${Nowhere}-${Nowhere} # ${no}
      Single: !Sub '日本''s ${!P} ${ Nowhere.Arn }'
      Double: !Sub "é\t\u00e9\"${P}\u0024{Nowhere\x7d."
      Folded: !Sub >-   # ${Nowhere}
        日本 ${P}
        ${Nowhere}
      Literal: !Sub |
        日本

          ${Gone} ${A}
      Pair: !Sub
        - "é ${V} ${W}"   # why
        - {V: !Ref Nowhere}
      Inner: !Sub ["é ${V}", {V: !Ref Nowhere}]
      Long: {"Fn::Sub": "é ${AWS::NoValue}"}
      Shared: {Fn::Sub: &text "é ${Nowhere}"}
      Again: {Fn::Sub: *text}
      Plain: !Sub 日本 text  # why
      Block: !Sub |-
        日本
        text
      Empty: !Sub ""
      List: ["é", !Sub "日${Nowhere}", {k: !Sub "${ P }${Nowhere}"}]
      Split: !Split [",", !Sub "é,b"]
"#;
    for (path, expected) in [
        ("A.Ключ", "${Nowhere}"),
        ("A.Single", "${ Nowhere.Arn }"),
        ("A.Double", r"\u0024{Nowhere\x7d"),
        ("A.Folded", "${Nowhere}"),
        ("A.Literal", "${Gone}"),
        ("A.Pair", "${W}"),
        ("A.Inner", "\"é ${V}\""),
        ("A.Long", "${AWS::NoValue}"),
        ("A.Shared", "${Nowhere}"),
        ("A.Again", "*text"),
        ("A.Plain", "日本 text"),
        ("A.Block", "|-\n        日本\n        text"),
        ("A.Empty", "\"\""),
    ] {
        assert_eq!(text(template, path), expected, "{path}");
        let crlf = template.replace('\n', "\r\n");
        assert_eq!(text(&crlf, path), expected.replace('\n', "\r\n"), "{path}");
    }
    let (workspace, graph) = load(template);
    let texts = |path: &str| -> Vec<String> {
        let Value::List { items, .. } = property(&graph, path).value else { panic!("{path}") };
        items.iter().map(|it| workspace.sources().text(it.span)).collect()
    };
    assert_eq!(texts("A.List"), ["\"é\"", "${Nowhere}", "{k: !Sub \"${ P }${Nowhere}\"}"]);
    assert_eq!(texts("A.Split"), ["\"é,b\"", "\"é,b\""]);
    // The mark in the text, not the one in the comment.
    let folded = property(&graph, "A.Folded").span;
    assert_eq!(workspace.sources().file(folded.file).position(folded.start), (15, 9));
}

#[test]
fn inside_a_sub_in_json() {
    let template = r#"{"Parameters": {"P": {"Type": "String"}},
        "Resources": {"A": {"Type": "AWS::X::Y", "Properties": {
        "Escaped": {"Fn::Sub": "\"é\\\ud83d\ude00\n${P}\u0024{Nowhere}\/"},
        "List": {"Fn::Sub": ["日本 ${V} ${Nowhere.Id}", {"V": "\u00e9"}]},
        "Known": {"Fn::Sub": "日\"${!P}"}, "Open": {"Fn::Sub": "é${P}"} }}}}"#;
    for (path, expected) in [
        ("A.Escaped", r"\u0024{Nowhere}"),
        ("A.List", "${Nowhere.Id}"),
        ("A.Known", r#""日\"${!P}""#),
        ("A.Open", r#""é${P}""#),
    ] {
        assert_eq!(text(template, path), expected, "{path}");
    }
}
