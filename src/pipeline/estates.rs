//! The graphs of all roots, linked: each estate is analysed by itself.

use rayon::prelude::*;

use super::Read;
use super::environments::Environment;
use super::front::FrontEnds;
use crate::bug::guarded;
use crate::graph::{Case, Graph, Known};
use crate::link::{self, Estate, Links};
use crate::source::Workspace;
use crate::unknown::Why;

/// A chain of roots longer than this is not followed to its end.
const ROUNDS: usize = 6;

/// The roots of an environment, loaded.
pub(super) struct Loaded {
    /// Those that name each other are one.
    pub(super) estates: Vec<Estate>,
    links: Links,
    /// What each root is told of the others.
    told: Vec<Known>,
}

impl Loaded {
    /// Drops the estates none of whose roots is wanted.
    pub(super) fn keep(&mut self, wanted: &[bool]) {
        self.estates.retain(|estate| estate.roots.iter().any(|&root| wanted[root]));
    }

    /// The roots of the estates.
    pub(super) fn roots(&self) -> impl Iterator<Item = usize> {
        self.estates.iter().flat_map(|estate| estate.roots.iter().copied())
    }

    /// The estate of one root that names no other, as it is in a case.
    pub(super) fn again(
        &self,
        given: &Read<'_>,
        environment: &Environment,
        (root, case): (usize, &Case),
    ) -> Option<Estate> {
        let (workspace, front) = (given.workspace, &given.front);
        let mut setting = environment.settings[root].clone()?;
        setting.known.clone_from(&self.told[root]);
        let graph = front.load(workspace, &front.roots[root], &setting, case);
        if self.told[root].is_empty() {
            return Some(Estate { roots: vec![root], graph });
        }
        let mut graphs: Vec<Option<Graph>> = self.told.iter().map(|_| None).collect();
        graphs[root] = Some(graph);
        let mut failures = Vec::new();
        let estate = link::join(&self.links, graphs, &mut failures).pop();
        // Told by who asked.
        assert!(failures.is_empty(), "{}", failures.concat());
        estate
    }
}

/// Loads every root of an environment and joins those that name each other.
pub(super) fn all(
    given: &Read<'_>,
    environment: &Environment,
    failures: &mut Vec<String>,
) -> Loaded {
    let (workspace, front) = (given.workspace, &given.front);
    let count = front.roots.len();
    let mut told = vec![Known::new(); count];
    let every: Vec<usize> = (0..count).collect();
    let mut graphs: Vec<Option<Graph>> = every.iter().map(|_| None).collect();
    load(workspace, front, environment, (&every, &told), &mut graphs, failures);
    let mut links = Links::default();
    for _ in 0..ROUNDS {
        let known = links.known(&graphs, failures);
        let learned: Vec<usize> = (0..count).filter(|&at| known[at] != told[at]).collect();
        if learned.is_empty() {
            break;
        }
        load(workspace, front, environment, (&learned, &known), &mut graphs, failures);
        told = known;
    }
    let estates = link::join(&links, graphs, failures);
    Loaded { estates, links, told }
}

/// Evaluates some of the roots with what they are told.
fn load(
    workspace: &Workspace,
    front: &FrontEnds,
    environment: &Environment,
    (which, told): (&[usize], &[Known]),
    graphs: &mut [Option<Graph>],
    failures: &mut Vec<String>,
) {
    let loaded: Vec<_> = which
        .par_iter()
        .filter_map(|&at| {
            let mut setting = environment.settings[at].clone()?;
            setting.known.clone_from(&told[at]);
            let root = &front.roots[at];
            let what = format!("{}: evaluation", workspace.display(root.path()));
            Some((at, guarded(&what, || front.load(workspace, root, &setting, &Case::ANY))))
        })
        .collect();
    for (at, result) in loaded {
        match result {
            Ok(graph) => {
                let known = graph.gaps.iter().flat_map(|gap| &gap.unknown.inputs);
                failures.extend(known.filter_map(|input| match &input.why {
                    Why::Bug(failure) => Some(failure.to_string()),
                    _ => None,
                }));
                graphs[at] = Some(graph);
            }
            Err(failure) => {
                graphs[at] = None;
                failures.push(failure);
            }
        }
    }
}
