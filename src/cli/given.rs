//! What paths are asked of: the options that `trace`, `draw` and `report` take alike.

use std::path::PathBuf;

use clap::{ArgMatches, Args};
use eksdns_lint::{Options, Request, cloudformation};

use super::{Selection, key_and_value, name_and_value, values};

/// The code, the values that it is given, and what is assumed.
#[derive(Debug, Args)]
pub(super) struct Given {
    /// Folders and files, in any mix
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Give a parameter of the CloudFormation templates a value; repeatable
    #[arg(long = "parameter", value_name = "KEY=VALUE", value_parser = key_and_value)]
    parameters: Vec<(String, String)>,
    /// Take values of parameters from a file; repeatable
    #[arg(long = "parameter-file", value_name = "FILE")]
    parameter_files: Vec<PathBuf>,
    /// Give a variable of the Terraform roots a value; repeatable
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = name_and_value)]
    vars: Vec<(String, String)>,
    /// Take values of variables from a file; repeatable, in order with --var
    #[arg(long = "var-file", value_name = "FILE")]
    var_files: Vec<PathBuf>,
    /// Assume that public DNS does not answer for private-only endpoints
    #[arg(long)]
    no_eks_public_dns: bool,
    #[command(flatten)]
    selection: Selection,
}

impl Given {
    /// The values of variables, in the order of the command line.
    pub(super) fn values(&self, matches: &ArgMatches) -> eksdns_lint::terraform::Values {
        values::values(&self.vars, &self.var_files, matches)
    }

    /// A request for these paths.
    pub(super) fn request(&self, values: eksdns_lint::terraform::Values) -> Request {
        Request {
            options: Options { eks_public_dns: !self.no_eks_public_dns, today: None },
            parameters: cloudformation::Values {
                files: self.parameter_files.clone(),
                given: self.parameters.clone(),
            },
            values,
            ..self.selection.request(self.paths.clone())
        }
    }
}
