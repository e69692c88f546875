//! What an operator may give or leave out: an empty default is looked at both ways.

use super::{Written, template, under, with_parameters};

/// An empty default is an offer: a condition that asks for it is looked at both ways.
#[test]
fn what_may_be_left_out_may_be_given() {
    let conditions = |empty: &str| {
        format!(
            "  Given: !Not [!Equals [{empty}, \"\"]]\n  Not: !Not [!Condition Given]\n  \
             Both: !And [!Condition Given, !Not [!Equals [!Ref More, \"\"]]]\n"
        )
    };
    let of = |kind: &str, empty: &str, rule: &str, association: &str| {
        let more = format!(
            "  More: {{Type: String, Default: \"\"}}\n  Mode: {{Type: {kind}, Default: \"\"}}\n"
        );
        let all = with_parameters(&more, &conditions(empty), rule, association);
        under(&all, "unassociated-rule")
    };
    let (always, name) = ("DependsOn: Vpc", "!Ref Mode");
    let left_out = ["under Condition Not (Mode = \"\")"];
    let given = ["under Condition Given (Mode is not \"\")"];
    assert_eq!(of("String", name, always, "Condition: Given"), left_out);
    assert_eq!(of("String", name, always, "Condition: Not"), given);
    assert_eq!(of("String", "!Sub \"${Mode}\"", always, "Condition: Not"), given);
    assert_eq!(of("String", name, "Condition: Given", "Condition: Not"), given);
    assert_eq!(of("String", name, "Condition: Given", "Condition: Given"), [""; 0]);
    let joined = "!Join [\"\", !Ref Mode]";
    let of_list = of("CommaDelimitedList", joined, always, "Condition: Not");
    assert_eq!(of_list, ["under Condition Given (join(\"\", Mode) is not \"\")"]);
    // The second parameter is met only where the first is given; a rule that neither gives a VPC is found.
    let of_both = of("String", name, "Condition: Both", "Condition: Not");
    assert_eq!(of_both, ["under Condition Both (Mode is not \"\", More is not \"\")"]);
    let closed =
        "  Mode: {Type: String, Default: \"\", AllowedValues: [\"\", a]}\n  More: {Type: String}\n";
    let all = with_parameters(closed, &conditions(name), always, "Condition: Not");
    assert_eq!(under(&all, "unassociated-rule"), ["under Condition Given (Mode = a)"]);
}

/// Only what an operator may give is looked at both ways.
#[test]
fn what_is_given_is_not_looked_at_both_ways() {
    let template = |more: &str| {
        template(
            &format!("  Mode: {{Type: String, Default: \"\"{more}}}\n"),
            "  Given: !Not [!Equals [!Ref Mode, \"\"]]\n  Not: !Not [!Condition Given]\n",
            "DependsOn: Vpc",
            "Condition: Not",
        )
    };
    let given = |more: &str, values: &[(&str, &str)]| {
        let values: Vec<_> =
            values.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
        under(&Written::new(&template(more)).explored_with(&values), "unassociated-rule")
    };
    for secret in ["", ", NoEcho: true"] {
        assert_eq!(given(secret, &[]), ["under Condition Given (Mode is not \"\")"], "{secret}");
        assert_eq!(given(secret, &[("Mode", "")]), [""; 0], "said to be left out{secret}");
        assert_eq!(given(secret, &[("Mode", "x")]), [""], "{secret}");
    }
}
