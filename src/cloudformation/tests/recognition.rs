//! What is a template, what is not, and what was meant to be one.

use super::{load, names, problems, read};

#[test]
fn other_files_are_passed_over() {
    for text in [
        "",
        "---\n",
        "- a\n- b\n",
        "apiVersion: v1\nkind: Pod\nspec: {Resources: 1}\n",
        "Resources:\n  - AWS::EC2::VPC\n",
        "Resources:\n  a: {Type: x}\n  b: std::vec\n",
        "- Resources: {A: {Type: 'AWS::EC2::VPC'}}\n",
        "{\"name\": \"x\", \"Resources\": {\"a\": {\"Type\": \"b\"}}, \"c\": \"::\"}",
        "{\"resource_changes\": [], \"x\": \"Resources ::\" ",
        // A chart that does not parse, with a template inside.
        "apiVersion: v1\n{{- if .Values.x }}\ndata:\n  t: |\n    AWSTemplateFormatVersion: x\n    Resources:\n      A: {Type: AWS::EC2::VPC}\n{{- end }}\n",
        "{{ toYaml .Values.Resources }} AWS::",
        "kind: ConfigMap\ndata:\n  t: |\n    Resources: {A: {Type: AWS::EC2::VPC}}\n",
    ] {
        assert!(read(text).1.is_none(), "{text}");
    }
}

#[test]
fn templates_are_known_by_their_content() {
    for text in [
        "Resources: {A: {Type: 'AWS::EC2::VPC'}}",
        "---\n# text\nResources:\n  A:\n    Type: Custom::Thing\n",
        "AWSTemplateFormatVersion: '2010-09-09'\nDescription: a::b\nResources: {}\n",
        "{\"Resources\": {\"A\": {\"Type\": \"AWS::EC2::VPC\"}}}",
        "\n\t{\"Resources\":\n\t{\"A\": {\"Type\": \"AWS::EC2::VPC\"}}}\n",
        // No JSON, but YAML, where a comma may trail.
        "{\"Resources\": {\"A\": {\"Type\": \"AWS::EC2::VPC\"},}}",
        "Resources:\r\n  A:\r\n    Type: AWS::EC2::VPC\r\n",
    ] {
        let (workspace, graph) = load(text);
        assert_eq!(problems(&workspace, &graph), [""; 0], "{text}");
        assert!(graph.gaps.is_empty(), "{text}");
    }
}

#[test]
fn a_template_that_does_not_parse_is_a_gap() {
    for (text, place) in [
        ("AWSTemplateFormatVersion: x\nA: [b\nC: ::Resources\n", "3:2"),
        ("Resources:\n  A:\n    Type: AWS::EC2::VPC\n   B: c\n", "4:"),
        ("Resources:\n  A:\n    Type: AWS::EC2::VPC\n\tB: c\n", "4:"),
        ("{\"Resources\": {\"A\": {\"Type\": \"AWS::EC2::VPC\" \"B\": 1}}}", "1:45"),
        ("{\"Resources\": {\"A\": {\"Type\": \"AWS::EC2::VPC\"}}", "1:"),
    ] {
        let (workspace, graph) = load(text);
        let problems = problems(&workspace, &graph);
        assert!(problems.len() == 1 && problems[0].starts_with(place), "{text}: {problems:?}");
        let [gap] = graph.gaps.as_slice() else { panic!("{text}: {:?}", graph.gaps) };
        assert!(gap.given.is_none());
        assert_eq!(gap.unknown.to_string(), "t.yaml depends on a file that cannot be parsed");
        assert_eq!(gap.span, graph.problems[0].span);
        assert!(graph.resources.is_empty());
    }
}

#[test]
fn a_second_document_is_a_problem() {
    let text = "---\nResources: {A: {Type: 'AWS::EC2::VPC'}}\n---\n";
    let (workspace, graph) = load(text);
    assert_eq!(problems(&workspace, &graph), [""; 0]);
    let (workspace, graph) = load(&format!("{text}B: c\n"));
    assert_eq!(
        problems(&workspace, &graph),
        ["4:1 a template is one document, and here a second one starts"]
    );
    assert_eq!(names(&graph), ["A"]);
}
