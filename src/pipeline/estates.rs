//! The graphs of all roots, linked: each estate is analysed by itself.

use hashbrown::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::Read;
use super::environments::Environment;
use super::front::FrontEnds;
use crate::bug::guarded;
use crate::graph::{Graph, Known, Look};
use crate::link::{self, Estate, Links};
use crate::source::Workspace;
use crate::stages::Stage;
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
    /// What each root is called in an estate.
    paths: Vec<String>,
    /// The roots that offer something under a name.
    offered: HashMap<Arc<str>, Vec<usize>>,
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

    /// An estate as it is where one looks at it once more.
    pub(super) fn again(
        &self,
        given: &Read<'_>,
        environment: &Environment,
        (estate, look): (&Estate, Look<'_>),
    ) -> Option<Estate> {
        let (workspace, front) = (given.workspace, &given.front);
        let mut links = self.links.clone();
        let mut graphs: Vec<Option<Graph>> = self.told.iter().map(|_| None).collect();
        let mut told: Vec<Known> = self.told.clone();
        let mut waiting = estate.roots.clone();
        let mut failures = Vec::new();
        for _ in 0..ROUNDS {
            for &root in &waiting {
                let mut setting = environment.settings[root].clone()?;
                setting.known.clone_from(&told[root]);
                let path = &self.paths[root];
                let case = link::case_of(look.case, estate, path);
                let unnoticed = link::addresses_of(look.unnoticed, estate, path);
                let look = Look { case: &case, unnoticed: &unnoticed };
                graphs[root] = Some(front.load(workspace, &front.roots[root], &setting, look));
            }
            let known = links.known(&graphs, &mut failures);
            // Told by who asked.
            assert!(failures.is_empty(), "{}", failures.concat());
            waiting.clear();
            for &root in &estate.roots {
                let learned = self.learned(estate, root, graphs[root].as_ref()?, &known[root]);
                if learned != told[root] {
                    told[root] = learned;
                    waiting.push(root);
                }
            }
            if waiting.is_empty() {
                break;
            }
        }
        Some(link::rejoin(&links, estate, graphs))
    }

    /// What a root is told in a case: what other estates offer is as it was.
    fn learned(&self, estate: &Estate, root: usize, graph: &Graph, known: &Known) -> Known {
        let outside = |name| {
            let mut by = self.offered.get(name).into_iter().flatten();
            by.any(|root| !estate.roots.contains(root))
        };
        let told = graph.wants.iter().filter_map(|want| {
            let from = if outside(&want.name) { &self.told[root] } else { known };
            Some((want.asked.clone(), from.get(&want.asked)?.clone()))
        });
        told.collect()
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
    let path = |graph: &Option<Graph>| graph.as_ref().map(|it| it.root.clone()).unwrap_or_default();
    let paths = graphs.iter().map(path).collect();
    let mut offered: HashMap<Arc<str>, Vec<usize>> = HashMap::new();
    for (at, graph) in graphs.iter().enumerate() {
        for offer in graph.iter().flat_map(|graph| &graph.offers) {
            offered.entry(Arc::clone(&offer.name)).or_default().push(at);
        }
    }
    let join = || link::join(&links, graphs, failures);
    let estates = workspace.stages().time(Stage::Evaluate, join);
    Loaded { estates, links, told, paths, offered }
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
    workspace.stages().begin(Stage::Evaluate, which.len());
    let loaded: Vec<_> = which
        .par_iter()
        .filter_map(|&at| {
            let mut setting = environment.settings[at].clone()?;
            setting.known.clone_from(&told[at]);
            let root = &front.roots[at];
            let what = format!("{}: evaluation", workspace.display(root.path()));
            let loaded = guarded(&what, || front.load(workspace, root, &setting, Look::at_all()));
            workspace.stages().one_done();
            Some((at, loaded))
        })
        .collect();
    for (at, result) in loaded {
        match result {
            Ok(graph) => {
                let known = graph.gaps.iter().flat_map(|gap| gap.unknown.inputs());
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
