//! Asks a question that someone waits for, as soon as no other is in flight.

use super::desk::{Desk, Order, Topic, What};
use super::question::{self, Ask, Unanswered};
use crate::ami::{Action, Reply, Status};
use crate::catalog::{Kind, Value};
use std::time::{Duration, Instant};

/// Pause between tries while another Action is unanswered.
const GAP: Duration = Duration::from_millis(1);

/// Asks the question of `order`, stores the answer on the `desk` and wakes the
/// waiter.
pub(super) fn answer(desk: &Desk, order: Order) {
    match &order.what {
        What::Values(kind) => {
            let values = values(desk, &order, kind);
            desk.change(|state| {
                state.asked = None;
                if let Some(values) = values.filter(|_| state.era == order.era) {
                    state.values.keep(kind.clone(), values);
                }
            });
        }
        What::Topic(topic, waiting) => {
            let answer = match left(&order) {
                Duration::ZERO => Err(Unanswered::Gone),
                _ if *topic != Topic::Listing && !desk.lock().may_ask() => Err(Unanswered::Refused),
                _ => self::topic(desk, &order, topic),
            };
            if *topic != Topic::Listing && answer == Err(Unanswered::Refused) {
                desk.change(|state| state.refused = true);
            }
            // The waiter may have given up.
            let _ = waiting.send(answer);
        }
    }
}

fn topic(desk: &Desk, order: &Order, topic: &Topic) -> Result<(), Unanswered> {
    let ask: Ask<'_> = &|question| put(order, question, &|| left(order));
    match topic {
        Topic::Listing => {
            let listing = question::listing(ask)?;
            desk.learn(order.era, |catalog| catalog.relisted(listing))
        }
        Topic::Action(name) => {
            let told = question::pages(ask, &[name])?;
            desk.learn(order.era, |catalog| catalog.and(told.pages))
        }
        Topic::Event(name) => {
            // The server only knows the exact spelling.
            let names = question::event_names(ask, name)?;
            let Some(name) = names.iter().find(|one| one.eq_ignore_ascii_case(name)) else {
                return Ok(());
            };
            let told = question::event(ask, name)?;
            desk.learn(order.era, |catalog| catalog.and_events(told.pages))
        }
    }
}

/// The values from the first source that answers. None if nothing could be
/// asked.
fn values(desk: &Desk, order: &Order, kind: &Kind) -> Option<Vec<Value>> {
    let catalog = desk.catalog();
    for source in kind.sources() {
        let name = source.question.name();
        let listing = catalog.listing();
        let unlisted = listing.is_some_and(|listing| listing.get(&name).is_none());
        if unlisted || desk.lock().values.is_refused(&name) {
            continue;
        }
        // The waiter gives up at its deadline, but the answer is stored anyway
        // and is there the next time.
        let reply = put(order, &source.question, &|| order.session.patience()).ok()?;
        let is_error = reply.status() == Status::Error;
        if is_error && desk.lock().values.note_refusal(&name, &reply) {
            continue;
        }
        if let Some(values) = source.values(&reply) {
            return Some(values);
        }
    }
    Some(Vec::new())
}

fn left(order: &Order) -> Duration {
    order.until.saturating_duration_since(Instant::now())
}

/// Asks as soon as no Action is unanswered, while someone waits.
fn put(
    order: &Order,
    question: &Action,
    patience: &dyn Fn() -> Duration,
) -> Result<Box<Reply>, Unanswered> {
    loop {
        match question::ask(&order.session, question, patience()) {
            Err(Unanswered::Busy) if Instant::now() < order.until => std::thread::sleep(GAP),
            answer => return answer,
        }
    }
}
