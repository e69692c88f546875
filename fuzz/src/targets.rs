//! What is tried: each target takes bytes, and fails where an invariant does not hold.

use std::path::PathBuf;

use arbitrary::{Arbitrary, Unstructured};
use eksdns_lint::graph::{Graph, Value};
use eksdns_lint::source::Workspace;
use eksdns_lint::{cloudformation, terraform};

use crate::tree::{drawn, request, run, Tree};
use crate::{expression, invariants, names};

pub type Target = fn(&[u8]);

pub const ALL: &[(&str, Target)] = &[
    ("hcl", hcl),
    ("tf_json", tf_json),
    ("template", template),
    ("plan", plan),
    ("expression", of_expressions),
    ("config", config),
    ("comments", comments),
    ("tree", of_tree),
    ("writers", writers),
];

/// The graph of a folder of Terraform, twice.
fn loaded(files: &[(&str, &[u8])]) -> Graph {
    let tree = Tree::new(files);
    let [graph, again] = [(), ()].map(|()| {
        let workspace = Workspace::new(&tree.top, &tree.top).expect("the folder is there");
        let folders: [PathBuf; 1] = [tree.top.clone()];
        let project = terraform::Project::parse(&workspace, &folders, &[]);
        let graph = project.load(&workspace, &tree.top);
        invariants::graph(&graph, workspace.sources());
        graph
    });
    same(&graph, &again);
    graph
}

fn same(one: &Graph, other: &Graph) {
    let told =
        |graph: &Graph| format!("{:?} {:?} {:?}", graph.resources, graph.gaps, graph.problems);
    assert_eq!(told(one), told(other), "two runs differ");
}

/// HCL as a file of a folder, or as values of variables.
fn hcl(data: &[u8]) {
    loaded(&[("main.tf", data)]);
    loaded(&[
        ("main.tf", b"variable \"a\" {}\noutput \"a\" {\n  value = var.a\n}\n"),
        ("terraform.tfvars", data),
    ]);
}

/// The same as JSON.
fn tf_json(data: &[u8]) {
    loaded(&[("main.tf.json", data)]);
}

/// A template in YAML or JSON.
fn template(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let here = std::env::temp_dir();
    for name in ["t.yaml", "t.json"] {
        let [first, again] = [(), ()].map(|()| {
            let workspace = Workspace::new(&here, &here).expect("the folder is there");
            let file = workspace.sources().add(name, text);
            let graph = cloudformation::parse(&workspace, file)?.load(&workspace);
            invariants::graph(&graph, workspace.sources());
            Some(graph)
        });
        if let (Some(first), Some(again)) = (first, again) {
            same(&first, &again);
        }
    }
}

/// A plan on the standard input.
fn plan(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let tree = Tree::new(&[]);
    let asked =
        eksdns_lint::Request { paths: Vec::new(), stdin: Some(text.to_owned()), ..request() };
    run(&tree, &asked);
}

/// What an expression is does not depend on parentheses around it.
fn of_expressions(data: &[u8]) {
    let Ok(text) = expression::any(&mut Unstructured::new(data)) else { return };
    let file = format!(
        "variable \"open\" {{}}\nvariable \"known\" {{\n  default = [\"a\", {{ b = 1 }}]\n}}\nlocals {{\n  other = {{ a = [1, \"10.0.0.0/8\"] }}\n}}\n\
         resource \"aws_vpc\" \"v\" {{\n  cidr_block = \"10.0.0.0/16\"\n}}\ndata \"aws_vpc\" \"d\" {{}}\n\
         resource \"aws_x\" \"x\" {{\n  plain   = {text}\n  grouped = ({text})\n}}\n"
    );
    let graph = loaded(&[("main.tf", file.as_bytes())]);
    let values = graph.resources.iter().filter(|it| &*it.kind == "aws_x").map(|it| {
        ["plain", "grouped"].map(|name| it.body.get(name).map(|node| node.value.clone()))
    });
    for [plain, grouped] in values {
        if let (Some(plain), Some(grouped)) = (&plain, &grouped) {
            if let (Value::String(_) | Value::Number(_) | Value::Bool(_), _)
            | (_, Value::String(_)) = (plain, grouped)
            {
                assert_eq!(plain, grouped, "{text}");
            }
        }
    }
}

/// A configuration over a root.
fn config(data: &[u8]) {
    let tree = Tree::new(&[
        ("eksdns-lint.toml", data),
        ("main.tf", names::terraform("a").as_bytes()),
        ("a.tfvars", b"a = 1"),
        ("m/main.tf", b"output \"a\" {\n  value = 1\n}\n"),
    ]);
    run(&tree, &request());
    let settings = eksdns_lint::settings(&request(), &tree.top).expect("the folder is there");
    invariants::printed("settings", &settings.to_string());
}

/// Comments that may ignore findings, somewhere in code of both languages.
fn comments(data: &[u8]) {
    #[derive(Arbitrary)]
    struct Comment {
        line: u8,
        begins: u8,
        is_right: bool,
        text: String,
        ends_line: bool,
    }
    let Ok(all) = Vec::<Comment>::arbitrary_take_rest(Unstructured::new(data)) else { return };
    let commented = |text: &str, signs: &[&str]| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for comment in &all {
            let at = usize::from(comment.line) % lines.len();
            let sign = signs[usize::from(comment.begins) % signs.len()];
            let right =
                if comment.is_right { "eksdns-lint: ignore[no-endpoint-access" } else { "eksdns" };
            let text = format!("{sign} {right}{}", comment.text);
            match comment.ends_line {
                true => lines[at] += &text,
                false => lines.insert(at, text),
            }
        }
        lines.join("\n")
    };
    let terraform = commented(&names::terraform("a"), &["#", "//", "/*", "*/"]);
    let template = "Resources:\n  C:\n    Type: AWS::EKS::Cluster\n    Properties:\n      ResourcesVpcConfig:\n        \
                    EndpointPrivateAccess: false\n        EndpointPublicAccess: false\n";
    let template = commented(template, &["#", " #", "  #", "Metadata:"]);
    let tree = Tree::new(&[("main.tf", terraform.as_bytes()), ("t.yaml", template.as_bytes())]);
    run(&tree, &request());
}

/// A whole run on files with chosen names and any content.
fn of_tree(data: &[u8]) {
    const NAMES: &[&str] = &[
        "main.tf",
        "other.tf",
        "override.tf",
        "main.tf.json",
        "terraform.tfvars",
        "x.auto.tfvars.json",
        "m/main.tf",
        "m/a.tf",
        "t.yaml",
        "t.json",
        "m/t.template",
        "plan.json",
        "eksdns-lint.toml",
        "m/eksdns-lint.toml",
        ".gitignore",
        "cdk.out/manifest.json",
        ".terraform/modules/modules.json",
        "samconfig.toml",
    ];
    // Names and contents by turns, as a person would write them into one file.
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut files: Vec<(&str, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let name = line.strip_prefix("=== ").map(str::trim_end);
        match (name.and_then(|name| NAMES.iter().find(|own| **own == name)), files.last_mut()) {
            (Some(name), _) => files.push((name, String::new())),
            (None, Some((_, content))) => content.push_str(line),
            (None, None) => {}
        }
    }
    files.truncate(8);
    let files: Vec<_> = files.iter().map(|(name, content)| (*name, content.as_bytes())).collect();
    let tree = Tree::new(&files);
    run(&tree, &request());
    let values = [(), ()].map(|()| {
        eksdns_lint::values(&request(), &tree.top).expect("the folder is there").to_string()
    });
    assert_eq!(values[0], values[1], "two runs differ");
    invariants::printed("values", &values[0]);
}

/// Everything that is written, with names that want to be more.
fn writers(data: &[u8]) {
    let Ok(name) = std::str::from_utf8(data) else { return };
    let tree = Tree::new(&[
        ("main.tf", names::terraform(name).as_bytes()),
        ("t.json", names::template(name).as_bytes()),
    ]);
    run(&tree, &request());
    drawn(&tree, &request());
}
