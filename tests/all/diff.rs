//! `diff`: what is lost between two states is named, and nothing else.

use std::path::Path;
use std::process::Command;

use crate::designs::designs;
use crate::support::{Ran, Tree, program};

const FIGURE: &str = include_str!("../../fixtures/figures/4/main.tf");

/// The answer of `diff --format json`.
fn diff(tree: &Tree, arguments: &[&str]) -> (Ran, serde_json::Value) {
    let arguments: Vec<_> =
        ["diff"].iter().chain(arguments).chain(&["--format", "json"]).copied().collect();
    let ran = tree.run(&arguments);
    let json = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
    (ran, json)
}

/// The changes, each in a line.
fn changes(json: &serde_json::Value) -> Vec<String> {
    let word = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
    let change = |one: &serde_json::Value| {
        ["kind", "what", "from", "to"].map(|key| word(&one[key])).join(" ")
    };
    json["changes"].as_array().unwrap().iter().map(change).collect()
}

/// A text without the block that begins with a line.
fn without(text: &str, head: &str) -> String {
    let start = text.find(head).unwrap_or_else(|| panic!("no {head}"));
    let end = start + text[start..].find("\n}\n").unwrap() + 3;
    format!("{}{}", &text[..start], &text[end..])
}

#[test]
fn what_a_change_takes_away_is_named() {
    let routeless = without(FIGURE, "resource \"aws_route\" \"eks_to_shared\"");
    let closed = without(FIGURE, "resource \"aws_vpc_security_group_ingress_rule\" \"client\"");
    let public = FIGURE.replace("default = false", "default = true");
    for (head, expected, code) in [
        (FIGURE, &[][..], 0),
        (&routeless, &["lost resolution aws_vpc.shared aws_eks_cluster.main"], 1),
        (&closed, &["lost reach aws_vpc.shared aws_eks_cluster.main"], 1),
        // The rule still leads to the private addresses; whoever asks public DNS gains.
        (&public, &[], 0),
    ] {
        let tree = Tree::new(&[("base/main.tf", FIGURE), ("head/main.tf", head)]);
        let (ran, json) = diff(&tree, &["base", "head"]);
        let lost: Vec<_> =
            changes(&json).into_iter().filter(|line| !line.starts_with("gained")).collect();
        assert_eq!(
            (lost.as_slice(), ran.code),
            (&expected.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>()[..], Some(code)),
            "{json:#}"
        );
        let (_, back) = diff(&tree, &["head", "base"]);
        let gained = changes(&back).into_iter().filter(|line| line.starts_with("gained")).count();
        let gone = expected.iter().filter(|line| line.starts_with("lost")).count();
        assert_eq!(gained, gone, "the other way round it is gained: {back:#}");
        assert_eq!(json["new"], back["gone"]);
    }
}

/// A VPC that nothing shows to be a client, and a cluster that it reaches over the internet.
const PASSER_BY: &str = r#"
resource "aws_vpc" "eks" {
  cidr_block           = "10.2.0.0/16"
  enable_dns_hostnames = true
}
resource "aws_subnet" "eks" {
  count             = 2
  vpc_id            = aws_vpc.eks.id
  cidr_block        = cidrsubnet(aws_vpc.eks.cidr_block, 8, count.index)
  availability_zone = ["us-east-1a", "us-east-1b"][count.index]
}
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/eks"
  vpc_config {
    subnet_ids              = aws_subnet.eks[*].id
    endpoint_private_access = true
    endpoint_public_access  = true
  }
}
resource "aws_vpc" "other" {
  cidr_block = "10.1.0.0/16"
}
resource "aws_internet_gateway" "other" {
  vpc_id = aws_vpc.other.id
}
resource "aws_subnet" "other" {
  vpc_id                  = aws_vpc.other.id
  cidr_block              = "10.1.0.0/24"
  map_public_ip_on_launch = true
}
resource "aws_route_table" "other" {
  vpc_id = aws_vpc.other.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.other.id
  }
}
resource "aws_route_table_association" "other" {
  subnet_id      = aws_subnet.other.id
  route_table_id = aws_route_table.other.id
}
"#;

#[test]
fn a_loss_is_told_where_no_finding_changes() {
    let closed =
        PASSER_BY.replace("endpoint_public_access  = true", "endpoint_public_access  = false");
    let tree = Tree::new(&[("base/main.tf", PASSER_BY), ("head/main.tf", &closed)]);
    let (ran, json) = diff(&tree, &["base", "head"]);
    assert_eq!((&json["new"], &json["gone"]), (&serde_json::json!([]), &serde_json::json!([])));
    let lost = "lost reach aws_vpc.other aws_eks_cluster.main";
    assert!(changes(&json).contains(&lost.to_owned()), "{json:#}");
    assert_eq!(ran.code, Some(1));
}

/// The designs with one fault each, against a sound one: the finding is new, and where something is lost, the
/// client loses it.
#[test]
fn the_faults_of_the_designs_are_named() {
    let parts = include_str!("designs/parts.tf");
    let sound = "=== sound\n@ vpcs peering tables routes both admit groups outbound inbound rule association\n";
    let sound = designs(sound, parts, "main.tf").remove(0).files.remove(0).1;
    let faults = designs(include_str!("designs/faults.tf"), parts, "main.tf");
    let mut named = 0;
    for fault in faults {
        let [(_, text)] = fault.files.as_slice() else { continue };
        let tree = Tree::new(&[("base/main.tf", &sound), ("head/main.tf", text)]);
        let (_, json) = diff(&tree, &["base", "head"]);
        let rule = &fault.expected[0].0;
        // Some designs have another cluster, which is public or not for everybody.
        let of_vpcs = |line: &String| line.starts_with("lost") && !line.contains("on-premises");
        let lost: Vec<_> = changes(&json).into_iter().filter(of_vpcs).collect();
        let client = "aws_vpc.client aws_eks_cluster.main";
        let is_own = |line: &String| line.ends_with(client);
        assert!(lost.is_empty() || lost.iter().any(is_own), "{}: {lost:?}", fault.name);
        let came: Vec<_> = json["new"].as_array().unwrap().iter().map(|one| &one["rule"]).collect();
        assert!(came.contains(&&serde_json::json!(rule)), "{}: {json:#}", fault.name);
        named += usize::from(!lost.is_empty());
    }
    assert!(named >= 8, "only {named} designs lose something");
}

#[test]
fn a_root_that_is_called_otherwise_is_the_same() {
    let tree = Tree::new(&[("base/prod/main.tf", FIGURE), ("head/live/main.tf", FIGURE)]);
    let (ran, json) = diff(&tree, &["base", "head"]);
    assert_eq!((ran.code, changes(&json)), (Some(0), vec![]), "{json:#}");
    assert_eq!((&json["new"], &json["gone"]), (&serde_json::json!([]), &serde_json::json!([])));
    // Nothing at all is a state, too.
    let tree = Tree::new(&[("base/main.tf", "terraform {\n}\n"), ("head/main.tf", FIGURE)]);
    let (ran, json) = diff(&tree, &["base", "head"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(changes(&json).iter().all(|line| line.starts_with("new")), "{json:#}");
}

/// One finding whose severity depends on something else.
#[test]
fn a_finding_that_is_worse_or_better_has_changed() {
    let config = |severity: &str| format!("[severities]\nunassociated-rule = \"{severity}\"\n");
    let lone = include_str!("../../fixtures/unassociated-rule/flag.tf");
    let tree = Tree::new(&[("base/main.tf", lone), ("head/main.tf", lone)]);
    let word = |json: &serde_json::Value, word: &str| json[word].as_array().unwrap().len();
    for (base, head, code) in [
        ("warning", "error", 1),
        ("error", "warning", 0),
        ("note", "warning", 1),
        ("warning", "note", 0),
    ] {
        tree.write("base/eksdns-lint.toml", config(base));
        tree.write("head/eksdns-lint.toml", config(head));
        let (ran, json) = diff(&tree, &["base", "head"]);
        assert_eq!(
            (word(&json, "new"), word(&json, "gone"), word(&json, "changed")),
            (0, 0, 1),
            "{json:#}"
        );
        let changed = &json["changed"][0];
        assert_eq!((&changed["was"], &changed["severity"]), (&base.into(), &head.into()));
        assert_eq!(ran.code, Some(code), "{base} {head}");
        let text = tree.run(&["diff", "base", "head"]).stdout;
        assert!(text.starts_with(&format!("changed {head}[unassociated-rule]: ")), "{text}");
        assert!(
            text.contains(&format!("\n  was: {base}\n")) && text.contains(", 1 changed"),
            "{text}"
        );
    }
    // Another beside it is new, and not what this one has become.
    let second =
        lone.replace("aws_route53_resolver_rule\" \"", "aws_route53_resolver_rule\" \"second_");
    tree.write("head/eksdns-lint.toml", config("warning"));
    tree.write("base/eksdns-lint.toml", config("warning"));
    tree.write("head/second.tf", second.replace("corp.example.com", "other.example.com"));
    let (_, json) = diff(&tree, &["base", "head"]);
    assert_eq!(
        (word(&json, "new"), word(&json, "gone"), word(&json, "changed")),
        (1, 0, 0),
        "{json:#}"
    );
}

#[test]
fn text_and_markdown_are_to_be_read() {
    let routeless = without(FIGURE, "resource \"aws_route\" \"eks_to_shared\"");
    let tree = Tree::new(&[("base/main.tf", FIGURE), ("head/main.tf", &routeless)]);
    insta::assert_snapshot!("diff_text", tree.run(&["diff", "base", "head"]).stdout);
    let markdown = tree.run(&["diff", "base", "head", "--format", "markdown"]).stdout;
    insta::assert_snapshot!("diff_markdown", markdown);
}

#[test]
fn what_cannot_be_compared_is_two() {
    let tree = Tree::new(&[("main.tf", FIGURE), ("empty/readme.md", "")]);
    for arguments in [&["diff", "none"][..], &["diff"], &["diff", ".", "empty"]] {
        let ran = tree.run(arguments);
        assert_eq!(ran.code, Some(2), "{arguments:?}: {}", ran.stdout);
        assert!(ran.stderr.starts_with("error: "), "{}", ran.stderr);
    }
    assert!(tree.run(&["diff", "none"]).stderr.contains("none: is no folder, and this is no git"));
}

/// Runs git in a folder, without what the machine says of it; nothing where it is not installed.
fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    command.current_dir(folder).args(["-c", "user.name=a", "-c", "user.email=a@b.c"]);
    command.args(["-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"]).args(arguments);
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    let ran = command.output().ok()?;
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
    Some(String::from_utf8(ran.stdout).unwrap().trim().to_owned())
}

/// A repository with a sound commit, a broken one, and a sound work tree; it has tags, a branch and packs.
fn repository(packed: bool) -> Option<Tree> {
    let tree = Tree::new(&[("infra/eks/main.tf", FIGURE), ("infra/notes.md", &"x\n".repeat(3000))]);
    let top = tree.path(".");
    git(&top, &["init", "-q"])?;
    git(&top, &["add", "-A"])?;
    git(&top, &["commit", "-qm", "sound"])?;
    git(&top, &["tag", "-am", "first", "v1"])?;
    tree.write("infra/eks/main.tf", without(FIGURE, "resource \"aws_route\" \"eks_to_shared\""));
    tree.write("infra/notes.md", "x\n".repeat(2999) + "y\n");
    git(&top, &["commit", "-qam", "broken"])?;
    git(&top, &["branch", "topic/broken"])?;
    if packed {
        git(&top, &["gc", "-q", "--aggressive"])?;
        git(&top, &["pack-refs", "--all"])?;
    }
    tree.write("infra/eks/main.tf", FIGURE);
    Some(tree)
}

#[test]
fn revisions_are_read_without_git() {
    let lost = ["lost resolution aws_vpc.shared aws_eks_cluster.main"];
    for packed in [false, true] {
        let Some(tree) = repository(packed) else {
            eprintln!("skipped: revisions_are_read_without_git needs git");
            return;
        };
        let short = git(&tree.path("."), &["rev-parse", "--short", "HEAD"]).unwrap();
        let long = git(&tree.path("."), &["rev-parse", "HEAD~1"]).unwrap();
        for (base, head) in [
            ("v1", "main"),
            ("HEAD~1", "HEAD"),
            ("main^", "topic/broken"),
            (&*long, &*short),
            ("tags/v1", "refs/heads/main"),
            ("@~", "@"),
        ] {
            let (ran, json) = diff(&tree, &[base, head]);
            assert_eq!(
                (changes(&json).as_slice(), ran.code),
                (&lost.map(str::to_owned)[..], Some(1)),
                "{base} {head}"
            );
        }
        // The work tree is as sound as the first commit.
        let (ran, json) = diff(&tree, &["v1"]);
        assert_eq!((ran.code, changes(&json)), (Some(0), vec![]), "{json:#}");
        let (ran, json) = diff(&tree, &["HEAD"]);
        assert_eq!((ran.code, changes(&json).len()), (Some(0), 1), "{json:#}");
        // From a folder below, that folder is compared.
        let below = program(&tree.path("infra")).args(["diff", "v1", "HEAD"]).output().unwrap();
        assert_eq!(below.status.code(), Some(1), "{}", String::from_utf8_lossy(&below.stderr));
        for (wrong, told) in [
            ("v2", "v2 is neither a folder nor a revision"),
            ("HEAD~9", "has no parent 1"),
            ("HEAD^2", "has no parent 2"),
            ("../x", "is neither a folder nor a revision"),
            ("HEAD^{tree}", "is neither a folder nor a revision"),
        ] {
            let ran = tree.run(&["diff", wrong]);
            assert_eq!(ran.code, Some(2), "{wrong}");
            assert!(ran.stderr.contains(told), "{wrong}: {}", ran.stderr);
        }
    }
}

/// Every file of a commit is as git itself writes it.
#[test]
fn files_of_a_revision_are_those_that_git_has() {
    let Some(tree) = repository(true) else {
        eprintln!("skipped: files_of_a_revision_are_those_that_git_has needs git");
        return;
    };
    let repository = eksdns_lint::git::Repository::around(&tree.path("infra/eks")).unwrap();
    for revision in ["v1", "HEAD"] {
        let out = tempfile::tempdir().unwrap();
        repository.check_out(repository.commit(revision).unwrap(), out.path()).unwrap();
        for file in ["infra/eks/main.tf", "infra/notes.md"] {
            let own = std::fs::read_to_string(out.path().join(file)).unwrap();
            let theirs = git(&tree.path("."), &["show", &format!("{revision}:{file}")]).unwrap();
            assert_eq!(own.trim_end(), theirs, "{revision} {file}");
        }
    }
}

#[test]
fn a_root_that_may_be_one_of_several_is_none_of_them() {
    let tree = Tree::new(&[("head/c/main.tf", PASSER_BY)]);
    for root in ["a", "b"] {
        tree.write(&format!("base/{root}/main.tf"), PASSER_BY);
    }
    let (_, json) = diff(&tree, &["base", "head"]);
    let of = |kind: &str| {
        let all = json["changes"].as_array().unwrap().iter();
        all.filter(|one| one["kind"] == kind && one["from"] == "aws_vpc.other")
            .map(|one| one["root"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (of("new"), of("gone")),
        (vec!["c".to_owned()], vec!["a".to_owned(), "b".to_owned()])
    );
    // Where one alone is gone, it has moved.
    tree.write("head/b/main.tf", PASSER_BY);
    let (_, json) = diff(&tree, &["base", "head"]);
    assert_eq!(json["changes"], serde_json::json!([]), "{json:#}");
}

#[test]
fn what_holds_on_some_ways_only_is_between_what_holds_and_what_fails() {
    let lone = "resource \"aws_route_table_association\" \"eks\" {\n  count          = ";
    let partly = FIGURE.replace(&format!("{lone}2"), &format!("{lone}1"));
    let none = FIGURE.replace(&format!("{lone}2"), &format!("{lone}0"));
    assert!(partly != FIGURE && none != FIGURE);
    for (base, head) in [(FIGURE, &*partly), (&partly, &none)] {
        let tree = Tree::new(&[("base/main.tf", base), ("head/main.tf", head)]);
        let lost = ["lost resolution aws_vpc.shared aws_eks_cluster.main"];
        assert_eq!(changes(&diff(&tree, &["base", "head"]).1), lost);
        assert_eq!(changes(&diff(&tree, &["head", "base"]).1), [lost[0].replace("lost", "gained")]);
    }
}
