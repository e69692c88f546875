//! Paths that climb out of the workspace, from everything that can name a file: nothing there is read.

use crate::support::{Ran, Tree};

/// Stands in every file outside, and must never be printed.
const SECRET: &str = "10.77.0.0/16";

/// A repository `w` beside what it must not see.
fn tree() -> Tree {
    let tree = Tree::new(&[("w/.git/HEAD", "")]);
    let vpc = format!("resource \"aws_vpc\" \"secret\" {{\n  cidr_block = \"{SECRET}\"\n}}\n");
    tree.write("out/main.tf", vpc);
    tree.write("out/secret.txt", SECRET);
    tree.write("out/secret.tfvars", format!("cidr = \"{SECRET}\"\n"));
    tree.write(
        "out/secret.json",
        format!("[{{\"ParameterKey\": \"Cidr\", \"ParameterValue\": \"{SECRET}\"}}]"),
    );
    let template = format!("{{Type: AWS::EC2::VPC, Properties: {{CidrBlock: {SECRET}}}}}");
    tree.write("out/secret.yaml", format!("Resources:\n  Secret: {template}\n"));
    tree
}

/// What is printed of `w` with one more file, with values and with findings.
fn both(tree: &Tree) -> [Ran; 2] {
    let ran = [tree.run(&["--explain-values", "w"]), tree.run(&["w"])];
    for ran in &ran {
        assert!(!ran.stdout.contains(SECRET) && !ran.stderr.contains(SECRET), "{ran:?}");
        assert!(!ran.stderr.contains("a bug"), "{ran:?}");
    }
    ran
}

#[test]
fn functions() {
    let tree = tree();
    let out = tree.path("out").display().to_string();
    for (path, folder) in [("../out/secret.txt", "../out"), (&format!("{out}/secret.txt"), &out)] {
        for value in [
            format!("file(\"{path}\")"),
            format!("filebase64(\"{path}\")"),
            format!("templatefile(\"{path}\", {{}})"),
            format!("fileexists(\"{path}\") ? \"10.1.0.0/16\" : \"10.2.0.0/16\""),
            format!("join(\"\", fileset(\"{folder}\", \"*\"))"),
            format!("join(\"\", fileset(path.module, \"{folder}/*\"))"),
        ] {
            if value.contains("path.module, \"/") {
                continue; // Terraform joins it to the folder: it leads nowhere.
            }
            tree.write(
                "w/main.tf",
                format!("resource \"aws_vpc\" \"v\" {{\n  cidr_block = {value}\n}}\n"),
            );
            let [values, _] = both(&tree);
            let reason =
                if value.contains("path.module") { "that climbs" } else { "outside the workspace" };
            assert!(values.stdout.contains(reason), "{value}: {}", values.stdout);
        }
    }
}

#[test]
fn modules() {
    let tree = tree();
    let out = tree.path("out").display().to_string();
    for source in ["../out", "./x/../../out", &out] {
        tree.write("w/main.tf", format!("module \"m\" {{\n  source = \"{source}\"\n}}\n"));
        let [_, found] = both(&tree);
        assert!(found.stdout.contains("module.m"), "{source}: {}", found.stdout);
    }
    // What is fetched is listed in a file that anyone can write.
    let call = "module \"m\" {\n  source = \"example/m/aws\"\n}\n";
    for folder in ["../out", &out] {
        let listed = format!(
            "{{\"Modules\": [{{\"Key\": \"m\", \"Source\": \"registry.terraform.io/example/m/aws\", \"Dir\": \"{folder}\"}}]}}"
        );
        tree.write("w/main.tf", call);
        tree.write("w/.terraform/modules/modules.json", listed);
        let [_, found] = both(&tree);
        assert!(found.stdout.contains("module.m"), "{folder}: {}", found.stdout);
    }
}

#[test]
fn nested_templates() {
    let tree = tree();
    let out = tree.path("out").display().to_string();
    for target in [
        "../out/secret.yaml",
        &format!("{out}/secret.yaml"),
        &format!("file://{out}/secret.yaml"),
        "https://b.s3.amazonaws.com/../out/secret.yaml",
    ] {
        for kind in [
            "CloudFormation::Stack, Properties: {TemplateURL",
            "Serverless::Application, Properties: {Location",
        ] {
            let text = format!(
                "Transform: AWS::Serverless-2016-10-31\nResources:\n  A: {{Type: AWS::{kind}: '{target}'}}}}\n"
            );
            tree.write("w/t.yaml", text);
            let [_, found] = both(&tree);
            assert!(found.stdout.contains("not seen: A"), "{target}: {}", found.stdout);
        }
    }
}

#[test]
fn configuration() {
    let tree = tree();
    let out = tree.path("out").display().to_string();
    tree.write(
        "w/main.tf",
        "variable \"cidr\" {}\nresource \"aws_vpc\" \"v\" {\n  cidr_block = var.cidr\n}\n",
    );
    tree.write("w/t.yaml", "Parameters: {Cidr: {Type: String}}\nResources:\n  V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: !Ref Cidr}}\n");
    for folder in ["../out", &out] {
        for text in [
            format!("[[roots]]\npath = '.'\ntfvars = ['{folder}/secret.tfvars']"),
            format!("[[roots]]\npath = 't.yaml'\nparameter-files = ['{folder}/secret.json']"),
            format!("[[modules]]\nsource = 'a/b/aws'\nsummary = '{folder}'"),
        ] {
            tree.write("w/eksdns-lint.toml", &text);
            for ran in both(&tree) {
                assert_eq!(ran.code, Some(2), "{text}: {ran:?}");
                assert!(
                    ran.stderr.contains("lies outside the workspace root"),
                    "{text}: {}",
                    ran.stderr
                );
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn links() {
    use std::os::unix::fs::symlink;
    let tree = tree();
    tree.write(
        "w/main.tf",
        "variable \"cidr\" {}\nresource \"aws_vpc\" \"v\" {\n  cidr_block = var.cidr\n}\n",
    );
    for (name, target) in [
        ("terraform.tfvars", "../out/secret.tfvars"),
        ("more.tf", "../out/main.tf"),
        ("t.yaml", "../out/secret.yaml"),
        ("eksdns-lint.toml", "../out/secret.tfvars"),
    ] {
        symlink(target, tree.path("w").join(name)).unwrap();
        both(&tree);
        std::fs::remove_file(tree.path("w").join(name)).unwrap();
    }
    symlink("../out", tree.path("w/folder")).unwrap();
    tree.write("w/call.tf", "module \"m\" {\n  source = \"./folder\"\n}\n");
    let [_, found] = both(&tree);
    assert!(found.stdout.contains("module.m"), "{}", found.stdout);
}
