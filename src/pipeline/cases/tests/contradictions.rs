//! What cannot be: values that exclude each other are no case, and what they bring about is not told.

use super::{PROD, rule_and_association, under, with_parameters};

#[test]
fn a_contradiction_is_never_reported() {
    let all = rule_and_association(PROD, "Condition: Prod", "Condition: Prod");
    assert_eq!(under(&all, "unassociated-rule"), [""; 0]);
    let all = rule_and_association(PROD, "Condition: Dev", "Condition: NotProd");
    assert_eq!(under(&all, "unassociated-rule"), [""; 0]);
}

#[test]
fn two_open_values_are_equal_or_not() {
    let conditions = "  Same: !Equals [!Ref Mode, !Ref Env]\n";
    let all = rule_and_association(conditions, "DependsOn: Vpc", "DependsOn: Vpc");
    assert_eq!(under(&all, "unassociated-rule"), [""; 0]);
    let all = rule_and_association(conditions, "DependsOn: Vpc", "Condition: Same");
    assert_eq!(under(&all, "unassociated-rule"), [""; 0], "nobody names a value");
    let found = all.findings.iter().filter(|it| it.finding.rule.id == "unassociated-rule");
    let found: Vec<_> = found.map(|it| it.finding.environments.to_string()).collect();
    assert_eq!(found, ["where Condition Same is false (Env is not Mode)"]);
    // A value that is taken for one thing is not compared with another unseen.
    let conditions = "  Same: !And [!Equals [!Ref Mode, !Ref Env], !Equals [!Ref Env, prod], \
                      !Equals [!Ref Mode, dev]]\n";
    let all = rule_and_association(conditions, "DependsOn: Vpc", "Condition: Same");
    assert_eq!(under(&all, "unassociated-rule").len(), 1);
}

/// A value that is taken for one thing, and an equality that it has a part in, may contradict each other.
#[test]
fn what_may_contradict_itself_is_no_case() {
    let conditions = "  Same: !And [!Equals [!Ref Mode, !Ref Env], !Equals [!Ref Env, prod], \
                      !Equals [!Ref Mode, dev]]\n  Off: !Equals [!Ref Env, x]\n";
    let all = rule_and_association(conditions, "Condition: Same", "Condition: Off");
    let found: Vec<_> = all.findings.iter().map(|it| it.finding.environments.to_string()).collect();
    assert_eq!(found, [""; 0], "dev is not prod");
}

/// Three that are equal in a circle, texts that two have in common, and a value and a part of it.
#[test]
fn what_contradicts_itself_over_several_values_is_not_told() {
    let open = "  A: {Type: String}\n  B: {Type: String}\n  C: {Type: String}\n";
    let circle =
        "!Equals [!Ref A, !Ref B], !Equals [!Ref B, !Ref C], !Not [!Equals [!Ref A, !Ref C]]";
    let closed = "  A: {Type: String, AllowedValues: [a, b, c, d]}\n  B: {Type: String, AllowedValues: [a, b, c, d]}\n";
    let apart = "!Equals [!Ref A, !Ref B], !Not [!Or [!Equals [!Ref A, a], !Equals [!Ref A, b]]], \
                 !Not [!Or [!Equals [!Ref B, c], !Equals [!Ref B, d]]]";
    let part = "!Equals [!Select [0, !Split [\",\", !Ref A]], a], !Not [!Equals [!Ref A, a]]";
    for (parameters, both) in [(open, circle), (closed, apart), (closed, part)] {
        let conditions = format!("  Both: !And [{both}]\n  Never: !Equals [a, b]\n");
        let all = with_parameters(parameters, &conditions, "Condition: Both", "Condition: Never");
        assert_eq!(all.findings.len(), 0, "{both}: {:?}", all.findings);
    }
}

/// A text that `AllowedValues` leave out is never the value, and so no case is looked at.
#[test]
fn what_is_not_allowed_is_no_case() {
    let never =
        rule_and_association("  N: !Equals [!Ref Env, x]\n", "DependsOn: Vpc", "Condition: N");
    assert_eq!(under(&never, "unassociated-rule"), [""]);
    assert_eq!(never.cases, 1);
    let of = |other: &str| {
        let parameters = format!(
            "  Env: {{Type: String, AllowedValues: [dev, prod]}}\n  Mode: {{Type: String, AllowedValues: [{other}]}}\n"
        );
        let same = "  Same: !Equals [!Ref Env, !Ref Mode]\n";
        under(
            &with_parameters(&parameters, same, "DependsOn: Vpc", "Condition: Same"),
            "unassociated-rule",
        )
    };
    assert_eq!(of("a, b"), [""], "nothing is both");
    assert_eq!(of("a, dev"), [""; 0]);
}
