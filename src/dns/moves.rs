//! Where a query goes, from place to place: the arrows of a picture.

use crate::source::Span;
use crate::trace::{Move, Place, Way};
use crate::unknown::Unknown;

use super::Answer;

/// The moves of a query, and where it is.
#[derive(Debug, Default)]
pub(super) struct Moves {
    all: Vec<Move>,
    /// Nowhere else than at the client at first.
    at: Option<Place>,
    /// What becomes of the next one.
    next: Way,
    /// What of the code makes the next one.
    by: Option<Span>,
    /// It did not arrive: nothing follows.
    lost: bool,
}

impl Moves {
    /// Where the query is.
    pub(super) fn here(&self) -> Place {
        self.at.clone().unwrap_or(Place::Client)
    }

    /// What becomes of the next move.
    pub(super) fn way(&self) -> Way {
        self.next.clone()
    }

    /// Another one of several goes on from a place.
    pub(super) fn back(&mut self, place: &Place) {
        self.at = Some(place.clone());
        self.next = Way::Whole;
        self.by = None;
        self.lost = false;
    }

    /// What becomes of the next move.
    pub(super) fn goes(&mut self, way: Way) {
        self.next = way;
    }

    /// What of the code makes the next move.
    pub(super) fn by(&mut self, span: Span) {
        self.by = Some(span);
    }

    /// The next move leads nowhere.
    pub(super) fn breaks(&mut self, why: &str) {
        self.next = Way::Broken(why.to_owned());
    }

    pub(super) fn endpoint(&mut self, name: &str, carries: &str) {
        self.go(Place::Endpoint(name.to_owned()), carries);
    }

    pub(super) fn resolver(&mut self, vpc: &str, carries: &str) {
        self.go(Place::Resolver(vpc.to_owned()), carries);
    }

    pub(super) fn zone(&mut self, name: &str) {
        self.go(Place::Zone(name.to_owned()), "query");
    }

    pub(super) fn server(&mut self, name: &str) {
        self.go(Place::Server(name.to_owned()), "query");
    }

    pub(super) fn public_dns(&mut self) {
        self.go(Place::PublicDns, "query");
    }

    fn go(&mut self, to: Place, carries: &str) {
        let from = self.here();
        let (way, span) = (std::mem::take(&mut self.next), self.by.take());
        if self.lost || from == to {
            return;
        }
        self.lost = matches!(way, Way::Broken(_));
        self.at = Some(to.clone());
        let one = Move { from, to, carries: carries.to_owned(), way, span };
        // Two targets of a rule that are one endpoint's are one arrow.
        if !self.all.iter().any(|other| Move { span, ..other.clone() } == one) {
            self.all.push(one);
        }
    }

    /// All of them, with the answer's.
    pub(super) fn answered(mut self, end: &Result<Answer, Unknown>) -> Vec<Move> {
        let from = self.here();
        if self.lost || from == Place::Client {
            return self.all;
        }
        let (carries, way) = match end {
            Ok(answer) => told(answer),
            Err(unknown) => ("an answer".to_owned(), Way::Open(unknown.to_string())),
        };
        self.all.push(Move { from, to: Place::Client, carries, way, span: self.by });
        self.all
    }
}

/// What an answer carries, and whether it is one.
fn told(answer: &Answer) -> (String, Way) {
    let broken = |text: &str| (text.to_owned(), Way::Broken(text.to_owned()));
    match answer {
        Answer::Private(_) => ("answer: private addresses".to_owned(), Way::Whole),
        Answer::Public(_) => ("answer: public addresses".to_owned(), Way::Whole),
        Answer::Elsewhere(_, then) => told(then),
        Answer::Internet
        | Answer::Zone(_)
        | Answer::Namespace(_)
        | Answer::Service(_)
        | Answer::Own(_) => ("answer".to_owned(), Way::Whole),
        Answer::NxDomain => broken("NXDOMAIN"),
        Answer::NoData => broken("NODATA"),
        Answer::Blocked(_) => broken("blocked by DNS Firewall"),
        Answer::Timeout => broken("no answer"),
        Answer::Refused => broken("REFUSED"),
        Answer::Loop(_) => broken("a loop"),
        Answer::Intermittent => {
            ("answer".to_owned(), Way::Partly("some servers answer".to_owned()))
        }
    }
}
