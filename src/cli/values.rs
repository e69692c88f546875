//! Values of Terraform's variables: from the environment, and from the options in their order.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::ArgMatches;
use eksdns_lint::terraform::{Given, Values};

/// Everything that gives variables their values.
pub(super) fn values(
    vars: &[(String, String)],
    var_files: &[PathBuf],
    matches: &ArgMatches,
) -> Values {
    let at = |id: &str| matches.indices_of(id).into_iter().flatten();
    let vars = at("vars").zip(vars);
    let vars = vars.map(|(at, (name, value))| (at, Given::Value(name.clone(), value.clone())));
    let files = at("var_files").zip(var_files);
    let files = files.map(|(at, file): (usize, &PathBuf)| (at, Given::File(file.clone())));
    let mut given: Vec<_> = vars.chain(files).collect();
    given.sort_by_key(|(at, _)| *at);
    Values {
        environment: from(std::env::vars_os()),
        given: given.into_iter().map(|(_, given)| given).collect(),
    }
}

/// `TF_VAR_name`; what is no text cannot be a value.
fn from(environment: impl Iterator<Item = (OsString, OsString)>) -> Vec<(String, String)> {
    let mut found: Vec<_> = environment
        .filter_map(|(name, value)| {
            let name = name.to_str()?.strip_prefix("TF_VAR_")?.to_owned();
            Some((name, value.into_string().ok()?))
        })
        .filter(|(name, _)| !name.is_empty())
        .collect();
    found.sort();
    found
}
