//! What DNS Firewall does with a query: groups by priority, rules by priority, the first match ends.

use crate::network::{
    BlockResponse, FirewallAction, FirewallRule, FirewallRuleGroup, Id, Through, Tri, Vpc,
};
use crate::source::{Note, Span};
use crate::unknown::{Unknown, Why};

use super::matching::Asked;
use super::{Dns, Question};

/// What becomes of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filtered {
    /// It passes; whether the names that an alias leads to pass with it.
    Passed {
        /// See `firewall_domain_redirection_action`.
        trusts_aliases: bool,
    },
    /// It does not.
    Blocked(BlockResponse),
}

/// A rule that matches, or may match.
struct Hit {
    /// The group's place and the rule's; `None` where the order cannot be told.
    order: Option<(i64, i64)>,
    through: Through,
    matched: Tri,
    outcome: Result<Filtered, Unknown>,
    note: Note,
}

impl Dns<'_> {
    /// What DNS Firewall does with a question in a VPC, with the rule that decides.
    pub fn firewall(
        &self,
        question: &Question,
        vpc: Id<Vpc>,
    ) -> Result<(Filtered, Option<Note>), Unknown> {
        self.filter(&self.asked(question), vpc)
    }

    pub(super) fn filter(
        &self,
        asked: &Asked,
        vpc: Id<Vpc>,
    ) -> Result<(Filtered, Option<Note>), Unknown> {
        let view = self.network.view(vpc);
        let mut hits = Vec::new();
        let mut open = None;
        for (acting, priority) in &view.firewall {
            let group = &self.network.firewall_groups[acting.thing];
            let place = priority.clone().ok();
            let through = acting.through;
            let more = self.more_rules_of(acting.thing);
            open = open.or(more);
            for (rule, span, exists) in self.rules_of_group(acting.thing) {
                let matched = Tri::all([self.rule_matches(rule, asked), exists]);
                if matched == Tri::No {
                    continue;
                }
                let order = place.zip(rule.priority.get().ok().copied());
                let text = format!("a DNS Firewall rule of {} matches the name", group.name);
                let note = Note::new(span, text);
                hits.push(Hit { order, through, matched, outcome: outcome(rule), note });
            }
        }
        let blocks = |hit: &Hit| !matches!(hit.outcome, Ok(Filtered::Passed { .. }));
        let decided = if ordered(&hits) {
            hits.sort_by_key(|hit| hit.order);
            first_match(&hits)
        } else {
            any_match(&hits)
        };
        match (open, hits.iter().any(blocks), view.more_firewall.clone()) {
            (Some(unknown), ..) => Err(unknown),
            // What cannot be seen may let pass what is blocked here; that it blocks more is not assumed.
            (None, true, Some(unknown)) => match decided? {
                passed @ (Filtered::Passed { .. }, _) => Ok(passed),
                _ => Err(unknown),
            },
            _ => decided,
        }
    }

    fn rules_of_group(&self, id: Id<FirewallRuleGroup>) -> Vec<(&FirewallRule, Span, Tri)> {
        let group = &self.network.firewall_groups[id];
        let inline = group.rules.known().map(|(rule, span)| (rule, span, Tri::Yes));
        let own = self.network.firewall_rules.iter();
        let own = own.filter(|one| matches!(one.group.get(), Ok(of) if *of == id));
        let own = own.map(|one| {
            (&one.it.rule, one.span, one.exists.clone().err().map_or(Tri::Yes, Tri::Maybe))
        });
        inline.chain(own).collect()
    }

    /// Why a group may have more rules.
    fn more_rules_of(&self, id: Id<FirewallRuleGroup>) -> Option<Unknown> {
        let group = &self.network.firewall_groups[id];
        let outside = || {
            let name = format!("the rules of {}", group.name);
            (!group.managed).then(|| Unknown::new(name, Why::ReadAtApply))
        };
        let nameless = || {
            self.network.firewall_rules.iter().find_map(|one| match one.group.get() {
                Ok(named) => {
                    self.network.same(&self.network.firewall_groups[*named], group).maybe()
                }
                Err(unknown) => Some(unknown),
            })
        };
        outside()
            .or_else(|| group.rules.open())
            .or_else(|| self.network.unseen_resource(group))
            .or_else(nameless)
    }

    fn rule_matches(&self, rule: &FirewallRule, asked: &Asked) -> Tri {
        // Queries for addresses are what this is about.
        match rule.query_type.get() {
            Ok(Some(kind)) if !matches!(&**kind, "A" | "AAAA") => return Tri::No,
            Ok(_) => {}
            Err(unknown) => return Tri::Maybe(unknown),
        }
        let list = match rule.list.get() {
            Ok(Some(list)) => &self.network.firewall_lists[*list],
            Ok(None) => {
                let why = Why::NotEvaluated("DNS Firewall Advanced".into());
                return Tri::Maybe(Unknown::new("a rule without a list", why));
            }
            Err(unknown) => return Tri::Maybe(unknown),
        };
        let outside = Unknown::new(format!("the domains of {}", list.name), Why::ReadAtApply);
        let file = !matches!(list.file.get(), Ok(None));
        let open = (!list.managed || file).then_some(outside).or_else(|| list.domains.open());
        let open = open.or_else(|| self.network.unseen_resource(list));
        let known = list.domains.known().map(|(pattern, _)| asked.matched(pattern));
        Tri::any(known.chain(open.map(Tri::Maybe)))
    }
}

fn outcome(rule: &FirewallRule) -> Result<Filtered, Unknown> {
    match rule.action.get()? {
        FirewallAction::Allow | FirewallAction::Alert => {
            Ok(Filtered::Passed { trusts_aliases: *rule.trusts_aliases.get()? })
        }
        FirewallAction::Block => {
            Ok(Filtered::Blocked(rule.response.get()?.unwrap_or(BlockResponse::NoData)))
        }
    }
}

/// Whether the order of the rules is certain: all priorities are known and no two are one, and the
/// groups come by one way, since no page tells how those of a Profile stand to those of the VPC.
fn ordered(hits: &[Hit]) -> bool {
    let mut places: Vec<_> = hits.iter().map(|hit| hit.order).collect();
    places.sort_unstable();
    let known = places.iter().all(Option::is_some);
    let distinct = places.windows(2).all(|pair| pair[0] != pair[1]);
    let one_way = hits.windows(2).all(|pair| pair[0].through == pair[1].through);
    known && distinct && one_way
}

const PASSED: Filtered = Filtered::Passed { trusts_aliases: false };

fn first_match(hits: &[Hit]) -> Result<(Filtered, Option<Note>), Unknown> {
    let certain = hits.iter().position(|hit| hit.matched == Tri::Yes);
    any_match(certain.map_or(hits, |at| &hits[..=at]))
}

/// The outcome that all have that may be the first.
fn any_match(hits: &[Hit]) -> Result<(Filtered, Option<Note>), Unknown> {
    let mut outcomes: Vec<(Filtered, Option<Note>)> = Vec::new();
    let mut open = Vec::new();
    for hit in hits {
        if let Tri::Maybe(unknown) = &hit.matched {
            open.push(unknown.clone());
        }
        outcomes.push((hit.outcome.clone()?, Some(hit.note.clone())));
    }
    if hits.iter().all(|hit| hit.matched != Tri::Yes) {
        outcomes.push((PASSED, None));
    }
    let kind = |one: &Filtered| match one {
        Filtered::Passed { .. } => None,
        Filtered::Blocked(response) => Some(*response),
    };
    let last = outcomes.pop().unwrap_or((PASSED, None));
    if outcomes.iter().all(|(one, _)| kind(one) == kind(&last.0)) {
        return Ok(last);
    }
    let order = || {
        let why = Why::NotEvaluated("rules whose order cannot be told".into());
        Unknown::new("the order of DNS Firewall rules", why)
    };
    Err(Unknown::of_all(open).unwrap_or_else(order))
}
