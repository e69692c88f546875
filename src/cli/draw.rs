//! `draw`: the picture of a path.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use eksdns_lint::{Ask, Options, diagram};

use super::output::{self, complain};
use super::{FAILED, OK, Selection};

/// What `draw` is told.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Folders and files, in any mix
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Who asks: the address of a VPC, a subnet or a Client VPN endpoint, or `on-premises`
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// What for: the address of a cluster, or a domain name
    #[arg(long, value_name = "CLUSTER|NAME")]
    to: Option<String>,
    /// How to draw it
    #[arg(long, value_enum, default_value_t = Form::Svg)]
    format: Form,
    /// Write it to this file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Assume that public DNS does not answer for private-only endpoints
    #[arg(long)]
    no_eks_public_dns: bool,
    #[command(flatten)]
    selection: Selection,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// One file for screens and for print
    Svg,
    /// For GitHub and GitLab
    Mermaid,
    /// For Graphviz
    Dot,
}

/// Draws the path and returns the exit code.
pub(super) fn draw(arguments: &Arguments) -> u8 {
    let request = eksdns_lint::Request {
        options: Options { eks_public_dns: !arguments.no_eks_public_dns, today: None },
        ..arguments.selection.request(arguments.paths.clone())
    };
    let ask = Ask {
        from: arguments.from.clone(),
        to: arguments.to.clone(),
        pictures: true,
        ..Ask::default()
    };
    let drawn = std::env::current_dir().and_then(|cwd| eksdns_lint::trace(&request, &ask, &cwd));
    let (drawn, workspace) = match drawn {
        Ok(drawn) => drawn,
        Err(error) => {
            complain("error", &error.to_string());
            return FAILED;
        }
    };
    drawn.warnings.iter().for_each(|warning| complain("warning", warning));
    drawn.failures.iter().for_each(|failure| complain("error", failure));
    let Some(picture) = drawn.pictures.first() else { return FAILED };
    let text = match arguments.format {
        Form::Svg => diagram::svg(picture, workspace.sources()),
        Form::Mermaid => diagram::mermaid(picture),
        Form::Dot => diagram::dot(picture),
    };
    let written = match &arguments.output {
        Some(file) => output::write_file(file, &text),
        None => output::write(&text, false),
    };
    match written {
        Ok(()) => OK,
        Err(error) => {
            complain("error", &format!("the picture could not be written: {error}"));
            FAILED
        }
    }
}
