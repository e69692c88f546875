//! How a simulation ended, and what it met on the way: its own explanation.

use crate::source::{Note, Span};
use crate::unknown::Unknown;

/// The end of a simulation with every step that led there.
#[derive(Debug, Clone)]
pub struct Trace<T> {
    /// How it ended, or which inputs would tell.
    pub end: Result<T, Unknown>,
    /// What it met, in order; labels and hops are all these.
    pub steps: Vec<Note>,
    /// Its way from place to place, in order, where it has one: the arrows of a picture.
    pub moves: Vec<Move>,
}

/// A place on the way, by the name of what stands there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// Who asks.
    Client,
    /// The Amazon DNS server of a VPC.
    Resolver(String),
    /// A Resolver endpoint.
    Endpoint(String),
    /// A private zone, a namespace, or an interface endpoint that answers for names.
    Zone(String),
    /// A server outside the code.
    Server(String),
    /// Public DNS.
    PublicDns,
    /// The network interfaces of a cluster.
    Cluster(String),
    /// The public endpoint of a cluster.
    PublicEndpoint(String),
}

/// One step from place to place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Where it begins.
    pub from: Place,
    /// Where it leads.
    pub to: Place,
    /// What travels.
    pub carries: String,
    /// What becomes of it.
    pub way: Way,
    /// What of the code sends it there, or stops it, where something does.
    pub span: Option<Span>,
}

/// What becomes of what travels, in three words or so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Way {
    /// It arrives.
    #[default]
    Whole,
    /// It arrives from or at some interfaces only.
    Partly(String),
    /// It does not arrive.
    Broken(String),
    /// The code does not tell.
    Open(String),
}

impl<T> Trace<T> {
    /// A trace that ends here.
    pub fn new(end: Result<T, Unknown>, steps: Vec<Note>) -> Self {
        Self { end, steps, moves: Vec::new() }
    }
}

/// How something ended, in a word that stays and in words for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// For programs.
    pub word: &'static str,
    /// For people.
    pub text: String,
}

impl Ending {
    /// A word and a text.
    pub fn new(word: &'static str, text: impl Into<String>) -> Self {
        Self { word, text: text.into() }
    }
}

/// A path from a client to a name: what the query got, what became of the connection, and why.
#[derive(Debug, Clone)]
pub struct Path {
    /// The root, as reports print it.
    pub root: String,
    /// The environment, where there are several.
    pub environment: Option<String>,
    /// Who asks.
    pub from: String,
    /// What for.
    pub to: String,
    /// `holds`, `partly`, `fails` or `undecided`.
    pub outcome: Ending,
    /// What the query got.
    pub name: Ending,
    /// The rules that the name was compared with, and the way of the query.
    pub name_hops: Vec<Note>,
    /// What became of the connection.
    pub connection: Ending,
    /// The way of its packets, there and back.
    pub connection_hops: Vec<Note>,
    /// What is taken for true about the world outside the code.
    pub assumptions: Vec<String>,
    /// The inputs that would decide it, each with why it is open.
    pub undecided: Vec<(String, String)>,
    /// The way of both, from place to place.
    pub moves: Vec<Move>,
    /// What it depends on, where that was asked for.
    pub dependences: Option<Dependences>,
}

/// What a path depends on.
#[derive(Debug, Clone, Default)]
pub struct Dependences {
    /// The blocks that its hops name, and those without which it ends otherwise.
    pub blocks: Vec<Dependence>,
    /// How many blocks were tried.
    pub tried: usize,
    /// How many were not, for there are too many.
    pub untried: usize,
}

/// One block that a path depends on.
#[derive(Debug, Clone)]
pub struct Dependence {
    /// Its address.
    pub address: String,
    /// Its head.
    pub span: Span,
    /// How the path ends without it, where that is another way.
    pub without: Option<Ending>,
}

/// Collects the steps of a simulation.
#[derive(Debug, Default)]
pub(crate) struct Steps(pub(crate) Vec<Note>);

impl Steps {
    /// Adds a step; a place that was just named is not named twice.
    pub(crate) fn add(&mut self, span: Span, text: impl Into<String>) {
        let note = Note::new(span, text);
        if self.0.last() != Some(&note) {
            self.0.push(note);
        }
    }
}
