//! Programs that the tests run, and folders to run them in.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The project.
pub(crate) fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What these tests keep from one run to the next.
pub(crate) fn kept() -> PathBuf {
    top().join("target/delivery")
}

/// A program or a library: one that was installed for these tests, or one of the system.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let library = match program {
        "mermaid.min.js" => Some(kept().join("mermaid/package/dist/mermaid.min.js")),
        "websocket-client" => Some(kept().join("tools/bin/wsdump")),
        _ => None,
    };
    if let Some(library) = library {
        return Some(library).filter(|path| path.is_file());
    }
    let own = kept().join("tools/bin").join(program);
    let system = std::env::var_os("PATH").unwrap_or_default();
    let system = std::env::split_paths(&system).map(|folder| folder.join(program));
    std::iter::once(own).chain(system).find(|path| path.is_file())
}

/// A command of a program in a folder, without what would lead it elsewhere.
pub(crate) fn command(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(find(program).unwrap_or_else(|| program.into()));
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .env_remove("GIT_DIR")
        .env_remove("EKSDNS_LINT_VERSION")
        .env_remove("RUST_BACKTRACE");
    for (name, _) in std::env::vars_os() {
        // What cargo tells this test is not for the programs that it runs.
        if name.to_string_lossy().starts_with("CARGO_")
            && name != "CARGO_HOME"
            && name != "CARGO_TARGET_DIR"
        {
            command.env_remove(name);
        }
    }
    command
}

/// How a program ended, and all that it printed.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) text: String,
}

impl Ran {
    /// Of a program that must succeed.
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.text);
        self.text
    }
}

pub(crate) fn run(mut command: Command) -> Ran {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = [output.stdout, output.stderr].concat();
    Ran { code: output.status.code(), text: String::from_utf8_lossy(&text).into_owned() }
}

/// Runs a program in the project.
pub(crate) fn here(program: &str, arguments: &[&str]) -> Ran {
    let mut command = command(program, top());
    command.args(arguments);
    run(command)
}

pub(crate) fn read(name: &str) -> String {
    std::fs::read_to_string(top().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A folder with files.
pub(crate) fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let tree = tempfile::tempdir().unwrap();
    for (name, text) in files {
        write(tree.path(), name, text);
    }
    tree
}

pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// A Terraform root with one error: a forwarding rule that no VPC has.
pub(crate) const ROOT: &str = r#"resource "aws_route53_resolver_rule" "corp" {
  domain_name          = "corp.example"
  rule_type            = "FORWARD"
  resolver_endpoint_id = "rslvr-out-0123456789abcdef0"
  target_ip {
    ip = "192.0.2.53"
  }
}
"#;

/// The same as a template.
pub(crate) const TEMPLATE: &str = "Resources:
  Corp:
    Type: AWS::Route53Resolver::ResolverRule
    Properties:
      DomainName: corp.example
      RuleType: FORWARD
      ResolverEndpointId: rslvr-out-0123456789abcdef0
      TargetIps: [{Ip: 192.0.2.53}]
";
