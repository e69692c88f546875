//! The command line.

mod baseline;
mod check;
mod config;
mod diff;
mod draw;
mod given;
mod init;
mod output;
mod progress;
mod report;
mod rules;
mod shell;
mod targets;
mod terminal;
mod trace;
mod values;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use eksdns_lint::bug::guarded;
use eksdns_lint::checks::ALL;
use eksdns_lint::finding::{Rule, Severity};
use eksdns_lint::near::hint;
use eksdns_lint::{Choice, Request};

/// Tells whether the API name of a private EKS cluster resolves, and is reachable, from where it is
/// needed: reads Terraform and CloudFormation, asks nobody, changes nothing.
#[derive(Debug, Parser)]
#[command(version = env!("EKSDNS_LINT_VERSION"), after_help = EXIT_CODES, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Folders and files, in any mix; `-` reads a plan from the standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// The paths are changed files: analyse those roots below the working directory that they are part of
    #[arg(long)]
    touched: bool,
    /// Give a parameter of the CloudFormation templates a value; repeatable, wins over the files
    #[arg(long = "parameter", value_name = "KEY=VALUE", value_parser = key_and_value)]
    parameters: Vec<(String, String)>,
    /// Take values of parameters from a file (AWS CLI, `CodePipeline`, Git sync or samconfig); repeatable
    #[arg(long = "parameter-file", value_name = "FILE")]
    parameter_files: Vec<PathBuf>,
    /// Give a variable of the Terraform roots a value; repeatable
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = name_and_value)]
    vars: Vec<(String, String)>,
    /// Take values of variables from a file; repeatable, in order with --var
    #[arg(long = "var-file", value_name = "FILE")]
    var_files: Vec<PathBuf>,
    /// Analyse the Terraform roots once with each of the files that match, relative to the root or to the
    /// working directory
    #[arg(long, value_name = "GLOB")]
    tfvars_matrix: Option<String>,
    /// Instead of findings, print what is known of each attribute that is read, or why it is not
    #[arg(long)]
    explain_values: bool,
    /// How to print the findings; repeatable, each but one with an --output after it
    #[arg(long = "format", value_enum, default_value = "text")]
    formats: Vec<Format>,
    /// Write the format before it to this file, whole or not at all
    #[arg(long = "output", value_name = "FILE", requires = "formats")]
    outputs: Vec<PathBuf>,
    /// The lowest severity that makes the exit code 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Warning)]
    fail_on: FailOn,
    /// Assume that public DNS does not answer for private-only endpoints (AWS before December 2019, and
    /// networks that cannot ask public DNS)
    #[arg(long)]
    no_eks_public_dns: bool,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    baseline: baseline::Options,
    #[command(flatten)]
    terminal: terminal::Looks,
    #[command(flatten)]
    tending: Tending,
}

/// What is done beside a run.
#[derive(Debug, Args)]
struct Tending {
    /// At the end, print to the standard error what each stage, root and rule took, and what it said
    #[arg(long)]
    statistics: bool,
    /// Run again whenever a file changes, until Ctrl-C
    #[arg(long, conflicts_with_all = ["explain_values", "touched", "write_baseline", "prune_baseline"])]
    watch: bool,
}

/// What else it can do.
#[derive(Debug, Subcommand)]
enum Command {
    /// List the rules
    Rules {
        /// How to print them
        #[arg(long, value_enum, default_value_t = rules::Form::Text)]
        format: rules::Form,
    },
    /// Print the whole page of a rule
    Explain {
        /// Its id
        #[arg(value_name = "RULE", value_parser = rule)]
        rule: &'static Rule,
    },
    /// The configuration
    Config {
        #[command(subcommand)]
        command: Configuration,
    },
    /// Follow a name and the connection to it from a client to a cluster, hop by hop, by the code alone
    Trace(Box<trace::Arguments>),
    /// Draw an estate, the path from a client to a cluster, or what a finding is about
    Draw(Box<draw::Arguments>),
    /// Write all of it as one page: who reaches which cluster, the findings, pictures, the rules
    Report(Box<report::Arguments>),
    /// Tell which clients gain or lose what between two states of the code, and which findings come and go
    Diff(Box<diff::Arguments>),
    /// Print what a shell completes
    Completions {
        /// Which
        #[arg(value_enum)]
        shell: shell::Name,
    },
    /// Print the page of the manual, for `man`
    Man,
    /// Write a commented configuration, a pre-commit entry and a CI workflow; overwrites nothing
    Init,
}

#[derive(Debug, Subcommand)]
enum Configuration {
    /// Print what holds, and where each value comes from
    Show {
        /// Folders and files, in any mix
        #[arg(value_name = "PATH", default_value = ".")]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        selection: Selection,
    },
}

/// Which configuration holds, and which rules run.
#[derive(Debug, Args)]
struct Selection {
    /// Take this configuration for all paths, not the nearest eksdns-lint.toml
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Take no configuration
    #[arg(long)]
    no_config: bool,
    /// Run only these rules, whatever the configuration says; ids, comma-separated
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = rule)]
    select: Option<Vec<&'static Rule>>,
    /// Do not run these rules; ids, comma-separated
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = rule)]
    ignore: Vec<&'static Rule>,
}

impl Selection {
    /// A request for these paths.
    fn request(&self, paths: Vec<PathBuf>) -> Request {
        let config = match (&self.config, self.no_config) {
            (Some(file), _) => Choice::File(file.clone()),
            (None, true) => Choice::None,
            (None, false) => Choice::Nearest,
        };
        let (select, ignore) = (self.select.clone(), self.ignore.clone());
        Request { paths, config, select, ignore, ..Request::default() }
    }
}

fn rule(id: &str) -> Result<&'static Rule, String> {
    let id = id.trim();
    let rules = || ALL.iter().map(|check| check.rule);
    let known = rules().find(|rule| rule.id == id);
    known.ok_or_else(|| format!("unknown rule{}", hint(id, rules().map(|rule| rule.id))))
}

fn key_and_value(text: &str) -> Result<(String, String), String> {
    pair(text).ok_or_else(|| "it must be KEY=VALUE".to_owned())
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    pair(text).ok_or_else(|| "it must be NAME=VALUE".to_owned())
}

fn pair(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let name = name.trim();
    (!name.is_empty()).then(|| (name.to_owned(), value.to_owned()))
}

const EXIT_CODES: &str = "\
Exit codes:
  0  no finding at or above the severity of --fail-on
  1  findings
  2  could not do the job: wrong usage, a named path that cannot be read or in
     which no Terraform or CloudFormation was found; findings elsewhere are
     still printed

Findings go to the standard output, everything else to the standard error.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, like a compiler's
    Text,
    /// For programs, stable
    Json,
    /// SARIF 2.1.0, as GitHub's code scanning takes it
    Sarif,
    /// Annotations of a GitHub workflow, and the summary of its step
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// A test case for each rule and root
    Junit,
    /// For a comment on a pull request
    Markdown,
}

impl Format {
    /// As the arguments name it.
    fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl FailOn {
    /// The severity that fails a run; none does under `never`.
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

/// Nothing at or above `--fail-on`.
const OK: u8 = 0;
/// Findings.
const FINDINGS: u8 = 1;
/// The job could not be done.
const FAILED: u8 = 2;

/// `trace` and `diff` cannot tell.
const UNDECIDED: u8 = 3;

/// Does what the arguments ask.
pub(crate) fn run() -> ExitCode {
    std::panic::set_hook(Box::new(|panic| output::complain("bug", &panic.to_string())));
    let matches = Arguments::command().try_get_matches();
    let parsed = matches.and_then(|matches| {
        let arguments = Arguments::from_arg_matches(&matches)?;
        let values = match (&arguments.command, matches.subcommand()) {
            (Some(Command::Diff(diff)), Some((_, matches))) => {
                values::values(&diff.vars, &diff.var_files, matches)
            }
            (Some(Command::Trace(trace)), Some((_, matches))) => trace.given.values(matches),
            (Some(Command::Draw(draw)), Some((_, matches))) => draw.given.values(matches),
            (Some(Command::Report(report)), Some((_, matches))) => report.given.values(matches),
            _ => values::values(&arguments.vars, &arguments.var_files, &matches),
        };
        let targets = targets::targets(&arguments, &matches)?;
        Ok((arguments, values, targets))
    });
    let code = match parsed {
        Ok((arguments, values, targets)) => {
            guarded("the run", || execute(&arguments, values, &targets)).unwrap_or_else(|failure| {
                output::complain("error", &failure);
                FAILED
            })
        }
        Err(error) => {
            // Help and version come here too. A reader that has gone away needs no message.
            if error.use_stderr() {
                output::explain(&error.render().to_string());
                FAILED
            } else {
                let _ = error.print();
                OK
            }
        }
    };
    code.into()
}

fn execute(
    arguments: &Arguments,
    values: eksdns_lint::terraform::Values,
    targets: &[targets::Target],
) -> u8 {
    match &arguments.command {
        None => check::check(arguments, values, targets),
        Some(Command::Rules { format }) => rules::list(*format),
        Some(Command::Explain { rule }) => rules::explain(rule),
        Some(Command::Config { command: Configuration::Show { paths, selection } }) => {
            config::show(&selection.request(paths.clone()))
        }
        Some(Command::Trace(arguments)) => trace::trace(arguments, values),
        Some(Command::Draw(arguments)) => draw::draw(arguments, values),
        Some(Command::Report(arguments)) => report::report(arguments, values),
        Some(Command::Diff(arguments)) => diff::diff(arguments, &values),
        Some(Command::Completions { shell }) => shell::completions(*shell),
        Some(Command::Man) => shell::man(),
        Some(Command::Init) => init::init(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::builder::PossibleValue;

    use super::*;

    /// The commands of `tests/commands`: the words of each, and how it ends.
    fn commands() -> Vec<(Vec<String>, u8)> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commands");
        let mut all: Vec<(Vec<String>, u8)> = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() || path.ends_with("README.md") {
                continue;
            }
            for line in std::fs::read_to_string(path).unwrap().lines() {
                if let Some(line) = line.strip_prefix("$ ") {
                    all.push((line.split_whitespace().map(str::to_owned).collect(), 0));
                } else if let (Some(code), Some(last)) = (line.strip_prefix("? "), all.last_mut()) {
                    last.1 = code.parse().unwrap();
                }
            }
        }
        all.retain(|(words, _)| words.iter().any(|word| word == "eksdns-lint"));
        assert!(all.len() > 100, "the files are found");
        all
    }

    /// What the commands show of the program, or of what is below it: each option and value, each exit code.
    fn shown(
        command: &clap::Command,
        path: &[&str],
        all: &[(Vec<String>, u8)],
    ) -> BTreeSet<String> {
        let mut shown = BTreeSet::new();
        for (words, code) in all {
            let own = words.iter().skip_while(|word| *word != "eksdns-lint").skip(1);
            let own: Vec<&str> = own.map(String::as_str).collect();
            let below = |name: &&str| command.find_subcommand(name).is_some();
            if !own.starts_with(path) || own.get(path.len()).is_some_and(below) {
                continue;
            }
            shown.insert(format!("exit code {code}"));
            shown.extend(own.iter().map(|word| (*word).replace('=', " ")));
            shown.extend(own.iter().map(|word| word.split('=').next().unwrap_or(word).to_owned()));
            shown.extend(own.windows(2).map(|pair| pair.join(" ")));
        }
        shown
    }

    /// What there is to show.
    fn wanted(command: &clap::Command) -> BTreeSet<String> {
        let mut wanted = BTreeSet::new();
        for argument in command.get_arguments() {
            let values = argument.get_possible_values();
            let values: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
            let takes = argument.get_action().takes_values();
            wanted.extend(argument.get_short().map(|short| format!("-{short}")));
            match argument.get_long() {
                Some(long) if takes && !values.is_empty() => {
                    wanted.extend(values.iter().map(|value| format!("--{long} {value}")));
                }
                Some(long) => {
                    wanted.insert(format!("--{long}"));
                }
                None => wanted.extend(values.iter().map(|value| (*value).to_owned())),
            }
        }
        let codes = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let code = |line: &str| line.strip_prefix("  ")?.split_once("  ")?.0.parse::<u8>().ok();
        wanted.extend(codes.lines().filter_map(code).map(|code| format!("exit code {code}")));
        wanted
    }

    fn missing(command: &clap::Command, path: &[&str], all: &[(Vec<String>, u8)]) -> Vec<String> {
        let shown = shown(command, path, all);
        let name = ["eksdns-lint"].iter().chain(path).copied().collect::<Vec<_>>().join(" ");
        let own = wanted(command).into_iter().filter(|one| !shown.contains(one));
        let mut missing: Vec<String> = own.map(|one| format!("{name}: {one}")).collect();
        for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
            let path: Vec<&str> = path.iter().copied().chain([below.get_name()]).collect();
            missing.extend(self::missing(below, &path, all));
        }
        missing
    }

    #[test]
    fn each_option_and_exit_code_is_shown() {
        let mut command = Arguments::command();
        command.build();
        let all = commands();
        assert_eq!(
            missing(&command, &[], &all),
            Vec::<String>::new(),
            "in no file of tests/commands"
        );
    }

    #[test]
    fn what_is_not_shown_is_named() {
        let mut command = Arguments::command();
        command.build();
        let mut all = commands();
        all.retain(|(words, code)| {
            *code != 3 && !words.iter().any(|word| word == "junit" || word == "--watch")
        });
        let expected = [
            "eksdns-lint: --format junit",
            "eksdns-lint: --watch",
            "eksdns-lint diff: exit code 3",
            "eksdns-lint trace: exit code 3",
        ];
        let named = missing(&command, &[], &all);
        assert!(expected.iter().all(|one| named.iter().any(|named| named == one)), "{named:?}");
        assert_eq!(named.len(), expected.len(), "{named:?}");
    }
}
