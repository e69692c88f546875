//! What rules do with a query, and how much of the way to their targets holds.

use std::sync::Arc;

use crate::network::{EndpointDirection, Id, ResolverRule, RuleType};
use crate::reach::{Disposition, Journey};
use crate::source::{Note, Span};
use crate::trace::Way;
use crate::unknown::{Unknown, Why};

use super::{MAX_DEPTH, Query};
use crate::dns::best::Seeker;
use crate::dns::{Answer, Leg, forward};

impl Query<'_, '_> {
    pub(super) fn rule(
        &mut self,
        id: Id<ResolverRule>,
        association: Span,
        seeker: Seeker,
    ) -> Result<Answer, Unknown> {
        let rule = &self.dns.network.rules[id];
        let name = &self.dns.network.vpc(seeker.vpc).name;
        self.steps.add(association, format!("{name} has {}", rule.name));
        match rule.rule_type.get()? {
            RuleType::System => {
                self.steps.add(rule.span, "SYSTEM: resolves locally");
                let below = Seeker { rules: false, ..seeker };
                match self.dns.best_match(&self.asked, below)? {
                    Some((what, through)) => self.take(what, through, below),
                    None => self.public(),
                }
            }
            RuleType::Recursive => self.public(),
            RuleType::Delegate => {
                let why = Why::NotEvaluated("a DELEGATE rule".into());
                Err(Unknown::new(Arc::clone(&rule.name), why))
            }
            RuleType::Forward => {
                if self.seen.len() > MAX_DEPTH {
                    return Err(Unknown::new(rule.name.clone(), Why::Budget));
                }
                if self.seen.contains(&(id, seeker.vpc)) {
                    self.steps.add(association, "the query is here for the second time");
                    return Ok(Answer::Loop(seeker.vpc));
                }
                self.seen.push((id, seeker.vpc));
                let end = self.forward(id);
                self.seen.pop();
                end
            }
        }
    }

    pub(super) fn forward(&mut self, rule: Id<ResolverRule>) -> Result<Answer, Unknown> {
        let network = self.dns.network;
        let rule = &network.rules[rule];
        self.steps.add(rule.span, "FORWARD: sends to its targets");
        let outbound = rule.endpoint.get().ok().copied().flatten();
        if let Some(outbound) = outbound {
            let carries = format!("query, by {}", rule.name);
            self.moves.by(rule.span);
            self.moves.endpoint(&network.endpoints[outbound].name, &carries);
        }
        if let Some(unknown) = rule.targets.open() {
            return Err(unknown);
        }
        let paths = self.through(rule.id)?;
        let (here, way) = (self.moves.here(), self.moves.way());
        let from = outbound.and_then(|endpoint| network.vpc_of_endpoint(endpoint).ok());
        let mut answers: Vec<Answer> = Vec::new();
        for (target, span) in rule.targets.known() {
            self.moves.back(&here);
            self.moves.by(span);
            self.moves.goes(way.clone());
            let answer = self.ask(target.target.get()?, from)?;
            merge(&mut answers, answer);
        }
        match (paths, answers.len()) {
            (Paths::None, _) | (_, 0) => Ok(Answer::Timeout),
            (Paths::All, 1) => Ok(answers.remove(0)),
            // Whoever gets nothing over some paths and nothing over the others gets nothing.
            _ if answers.iter().all(is_none) => Ok(answers.remove(0)),
            _ => Ok(Answer::Intermittent),
        }
    }

    /// Whether the queries of a rule reach its targets, by UDP.
    pub(super) fn through(&mut self, rule: Id<ResolverRule>) -> Result<Paths, Unknown> {
        if let Ok(Some(endpoint)) = self.dns.network.rules[rule].endpoint.get() {
            let endpoint = &self.dns.network.endpoints[*endpoint];
            let inbound = [EndpointDirection::Inbound, EndpointDirection::InboundDelegation];
            if inbound.into_iter().any(|direction| forward::is(endpoint, direction)) {
                self.steps.add(endpoint.span, "an inbound endpoint sends nothing");
                self.moves.breaks("it sends nothing");
                self.moves.by(endpoint.span);
                return Ok(Paths::None);
            }
        }
        let legs = self.dns.legs(rule);
        let legs = (*legs).as_ref().map_err(Clone::clone)?;
        // What becomes of a query on its way to a server outside the code, only that network knows.
        let end = |leg: &Leg| match leg.inbound {
            Some(_) => leg.udp.end(),
            None => leg.udp.end_in_code(),
        };
        self.paths(legs.iter().map(|leg| (&leg.udp, end(leg))))
    }

    pub(super) fn paths<'j>(
        &mut self,
        journeys: impl Iterator<Item = (&'j Journey, Result<Disposition, Unknown>)>,
    ) -> Result<Paths, Unknown> {
        let (mut whole, mut broken) = (0, 0);
        let (mut open, mut why) = (None, "");
        for (journey, end) in journeys {
            self.tell(&journey.steps);
            match end {
                Ok(Disposition::Delivered) => whole += 1,
                Ok(fault) => {
                    broken += 1;
                    why = fault.word();
                }
                Err(unknown) => open = Some(unknown),
            }
        }
        self.moves.goes(match (&open, whole, broken) {
            (Some(unknown), _, _) => Way::Open(unknown.to_string()),
            (None, _, 0) => Way::Whole,
            (None, 0, _) => Way::Broken(why.replace('-', " ")),
            (None, _, _) => Way::Partly(why.replace('-', " ")),
        });
        match (open, whole, broken) {
            (Some(unknown), _, _) => Err(unknown),
            (None, 0, 1..) => Ok(Paths::None),
            (None, _, 0) => Ok(Paths::All),
            (None, _, _) => Ok(Paths::Some),
        }
    }

    pub(super) fn tell(&mut self, steps: &[Note]) {
        for step in steps {
            if !self.steps.0.contains(step) {
                self.steps.0.push(step.clone());
            }
        }
    }
}

/// Whether no server says anything of the name.
pub(super) fn is_none(answer: &Answer) -> bool {
    matches!(answer, Answer::Timeout | Answer::Refused | Answer::Loop(_))
}

/// Several servers outside the code that say the same are one answer; so is one that says, as far as it is
/// known, the same as a server of the code.
pub(super) fn merge(answers: &mut Vec<Answer>, answer: Answer) {
    let then = |one: &Answer, other: &Answer| matches!(one, Answer::Elsewhere(_, then) if **then == *other);
    if let Some(same) = answers.iter_mut().find(|one| then(&answer, one)) {
        *same = answer;
        return;
    }
    if answers.iter().any(|one| then(one, &answer)) {
        return;
    }
    if let Answer::Elsewhere(server, then) = &answer {
        let same = answers.iter_mut().find_map(|one| match one {
            Answer::Elsewhere(servers, other) if other == then => Some(servers),
            _ => None,
        });
        if let Some(servers) = same {
            for one in server.split(", ") {
                if !servers.split(", ").any(|known| known == one) {
                    *servers = format!("{servers}, {one}");
                }
            }
            return;
        }
    }
    if !answers.contains(&answer) {
        answers.push(answer);
    }
}

/// How much of the way between those who ask and a server holds.
pub(super) enum Paths {
    None,
    Some,
    All,
}
