//! Calls that `Originate … &` has placed. Their Response says only that they
//! were queued, so the outcome is told when it comes: above the prompt.

use super::call::Call;
use super::told::{AFTERWARDS, is_outcome_of, is_success, words};
use crate::ami::{Action, Packet};
use crate::engine::batch::Batch;
use crate::engine::sending::{GRACE, timeout};
use crate::session::{Session, Wish};
use std::time::{Duration, Instant};

/// The calls whose outcome is not told yet.
#[derive(Default)]
pub(in crate::engine) struct Placed(Vec<One>);

struct One {
    /// The ActionID of its Originate.
    id: Vec<u8>,
    /// The line as typed.
    line: String,
    call: Call,
    limit: Duration,
    /// Keeps events of class call coming.
    wish: Wish,
    /// When it is told at the latest; None before its Response, which its
    /// OriginateResponse may overtake.
    until: Option<Instant>,
    outcome: Option<Packet>,
}

impl One {
    /// What became of it, if nothing more is to be waited for.
    fn told(&self, now: Instant) -> Option<String> {
        let until = self.until?;
        match &self.outcome {
            Some(event) => {
                let is_whole = is_success(event) || !self.call.may_say_more();
                (is_whole || until <= now).then(|| words(event, &self.call).1)
            }
            None => (until <= now).then(|| self.call.unheard()),
        }
    }
}

impl Placed {
    /// Adds the call of `action`, which `line` has sent.
    pub fn add(&mut self, action: &Action, line: String, wish: Wish) {
        let id = action.get("ActionID").unwrap_or_default();
        self.0.push(One {
            id: id.trim_ascii_start().to_vec(),
            line,
            call: Call::of(action, String::new(), true),
            limit: timeout(action) + GRACE,
            wish,
            until: None,
            outcome: None,
        });
    }

    /// The Response to `action` has come, or will not. It may be no Originate.
    pub fn answered(
        &mut self,
        batch: &mut Batch,
        session: &Session,
        action: &Action,
        is_queued: bool,
    ) {
        let id = action.get("ActionID").unwrap_or_default();
        let id = id.trim_ascii_start();
        let Some(at) = self.0.iter().position(|one| one.id == id) else {
            return;
        };
        match is_queued {
            true => {
                let one = &mut self.0[at];
                let limit = one.outcome.as_ref().map_or(one.limit, |_| AFTERWARDS);
                one.until = Some(Instant::now() + limit);
                self.tell(batch, session);
            }
            false => session.unwish(self.0.remove(at).wish),
        }
    }

    /// May `event` be what is waited for? Then it changes what is shown.
    pub fn is_news(&self, event: &Packet) -> bool {
        self.0.iter().any(|one| match one.outcome {
            Some(_) => event.is_event("Hangup"),
            None => is_outcome_of(event, &one.id),
        })
    }

    /// Learns from `event`, and tells what became of a call.
    pub fn hear(&mut self, batch: &mut Batch, session: &Session, event: &Packet) {
        for one in &mut self.0 {
            one.call.notice(event);
            if is_outcome_of(event, &one.id) {
                one.outcome = Some(event.clone());
                one.until = one.until.map(|_| Instant::now() + AFTERWARDS);
            }
        }
        self.tell(batch, session);
    }

    /// Tells what became of each call that has ended, or is overdue.
    pub fn tell(&mut self, batch: &mut Batch, session: &Session) {
        let now = Instant::now();
        let tells = |one: &mut One| one.told(now).is_some();
        for one in self.0.extract_if(.., tells).collect::<Vec<_>>() {
            let told = one.told(now).unwrap_or_default();
            batch.notice(format!("{}: {told}", one.line));
            session.unwish(one.wish);
        }
    }

    /// When the next call is overdue.
    pub fn due(&self) -> Option<Instant> {
        self.0.iter().filter_map(|one| one.until).min()
    }

    /// Nothing more will be heard of any: each in words. Those without a
    /// Response are told as any other Action.
    pub fn lost(&mut self, session: Option<&Session>) -> Vec<String> {
        let all = std::mem::take(&mut self.0).into_iter();
        let mut lost = Vec::new();
        for one in all {
            if let Some(session) = session {
                session.unwish(one.wish);
            }
            if one.until.is_some() {
                lost.push(format!("{}: the outcome of the call is unknown", one.line));
            }
        }
        lost
    }
}
