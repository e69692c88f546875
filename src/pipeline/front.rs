//! The front ends: which roots the files hold, and the graph of each.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::guarded;
use crate::cloudformation::{self, Template};
use crate::graph::Graph;
use crate::source::{Complaint, Discovered, Named, ReadError, Workspace};
use crate::terraform::{Project, Setting};

/// One thing that is analysed by itself, or joined with those that it names.
#[derive(Debug)]
pub(super) enum Root {
    /// The folder of a Terraform root module.
    Terraform(PathBuf),
    /// A template.
    CloudFormation(PathBuf, Template),
}

impl Root {
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Terraform(path) | Self::CloudFormation(path, _) => path,
        }
    }
}

/// What the front ends made of the files.
#[derive(Debug, Default)]
pub(super) struct FrontEnds {
    pub(super) terraform: Project,
    pub(super) roots: Vec<Root>,
    /// Candidates that are templates.
    templates: Vec<PathBuf>,
    /// Named files that could not be read.
    pub(super) refused: Vec<Complaint>,
    /// Other files that could not be read.
    pub(super) skipped: Vec<Complaint>,
    /// What went wrong in this program.
    pub(super) failures: Vec<String>,
}

impl FrontEnds {
    pub(super) fn read(workspace: &Workspace, found: &Discovered) -> Self {
        let mut front = Self::default();
        let parse = || Project::parse(workspace, &found.terraform, &found.files);
        match guarded("the Terraform files", parse) {
            Ok(project) => {
                front.roots.extend(project.roots().into_iter().map(Root::Terraform));
                front.terraform = project;
            }
            Err(failure) => front.failures.push(failure),
        }
        let candidates = found.candidates.par_iter();
        let read = candidates.map(|path| {
            let read = guarded(&workspace.display(path), || read_template(workspace, path));
            (path, read)
        });
        for (path, result) in read.collect::<Vec<_>>() {
            match result {
                Ok(Ok(Some(template))) => {
                    front.templates.push(path.clone());
                    front.roots.push(Root::CloudFormation(path.clone(), template));
                }
                Ok(Ok(None)) => {}
                Ok(Err(error)) => front.refuse(found, path, &error),
                Err(failure) => front.failures.push(failure),
            }
        }
        front
    }

    fn refuse(&mut self, found: &Discovered, path: &Path, error: &ReadError) {
        let reason = error.to_string();
        match found.named.iter().find(|named| named.path == path) {
            Some(named) => self.refused.push(Complaint::new(&named.given, reason)),
            None => self.skipped.push(Complaint::new(path, reason)),
        }
    }

    pub(super) fn load(&self, workspace: &Workspace, root: &Root, setting: &Setting) -> Graph {
        match root {
            Root::Terraform(path) => self.terraform.load_with(workspace, path, setting),
            Root::CloudFormation(_, template) => template.load_with(workspace, &setting.known),
        }
    }

    /// Whether there was anything to look at in a named path; a file that could not be read has been
    /// complained about.
    pub(super) fn found_in(&self, named: &Named, found: &Discovered) -> bool {
        let seen = found.terraform.iter().chain(&found.files).chain(&self.templates);
        seen.into_iter().any(|path| path.starts_with(&named.path))
            || self.refused.iter().any(|complaint| complaint.path == named.given)
    }
}

/// The template in a file, if there is one.
fn read_template(workspace: &Workspace, path: &Path) -> Result<Option<Template>, ReadError> {
    let file = workspace.read_if(path, may_be_template)?;
    Ok(file.and_then(|file| cloudformation::parse(workspace, file)))
}

/// Whether a text is worth parsing as a template: each has resources, or says that it is one.
fn may_be_template(text: &str) -> bool {
    text.contains("Resources") || text.contains("AWSTemplateFormatVersion")
}
