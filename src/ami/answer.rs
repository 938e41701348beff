//! How an Action is answered, and how a list that its Response opens ends.

use super::banner::Age;
use super::packet::{Header, Packet};
use super::reply::Ending;
use super::status::Status;

/// How long nothing must come before a list without an end mark counts as
/// ended. Handlers write such lists in one go.
pub const IDLE: std::time::Duration = std::time::Duration::from_secs(2);

/// Actions answered by unframed text, without Response or ActionID: IAXnetstats
/// in every version, Queues up to 14.
const UNFRAMED: [&str; 2] = ["IAXnetstats", "Queues"];

/// Answers that end with one event, without a completion.
const SINGLE: [(&str, &str); 2] = [("FAXSession", "FAXSession"), ("FAXStats", "FAXStats")];

/// How an Action is answered when it succeeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// A Response, and whatever it announces.
    Response,
    /// Unframed text, ended by silence.
    Unframed,
    /// A Response, or none: UserEvent of 1.4 and 1.6.0 sends its event and says
    /// nothing, and 1.8 has the banner of 1.6.0.
    Perhaps,
    /// `Event: DataGet Tree` alone (1.8 to 14).
    DataTree,
}

impl Answer {
    /// QueueRule of 1.6 has no Response.
    pub(super) fn of(action: &str, age: Age) -> Answer {
        let is = |name: &str| action.eq_ignore_ascii_case(name);
        if UNFRAMED.iter().any(|name| is(name)) || age <= Age::Old && is("QueueRule") {
            Answer::Unframed
        } else if is("DataGet") {
            Answer::DataTree
        } else if age <= Age::Old && is("UserEvent") {
            Answer::Perhaps
        } else {
            Answer::Response
        }
    }
}

/// The headers that the server itself writes in a Response. After them come
/// values that a caller or the dialplan may have chosen, and a CRLF in one
/// could forge a header: Getvar would open a list that never ends.
fn own_words(response: &Packet) -> impl Iterator<Item = Header<'_>> {
    let own = ["Response", "ActionID", "EventList", "Message"];
    let headers = response.headers();
    headers.take_while(move |header| own.iter().any(|key| header.is(key)))
}

/// How a list opened by a Response ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListEnd {
    /// At an event with `EventList: Complete` or `Cancelled`.
    EventList,
    /// At the event of this name, which is what was asked for.
    Event(&'static str),
    /// At WaitEventComplete, which may take minutes and always comes.
    WaitEvent,
    /// At an event whose name ends in Complete, or by silence.
    AnyComplete,
}

impl ListEnd {
    /// How the list ends that `response`, the answer to `action`, opens; None
    /// if it opens none.
    pub(super) fn of(action: &str, response: &Packet, age: Age) -> Option<ListEnd> {
        if Status::of(response) != Status::Success {
            return None;
        }
        let says = |key| own_words(response).find(|header| header.is(key));
        if let Some(says) = says("EventList") {
            let says = says.first_line();
            let starts = says.trim_ascii().eq_ignore_ascii_case(b"start");
            // 1.6 marks its beginning only.
            return starts.then_some(
                match age <= Age::Old && action.eq_ignore_ascii_case("IAXpeers") {
                    true => ListEnd::AnyComplete,
                    false => ListEnd::EventList,
                },
            );
        }
        // WaitEvent's Message does not announce a list, and its items are
        // broadcast events.
        if action.eq_ignore_ascii_case("WaitEvent") {
            return Some(ListEnd::WaitEvent);
        }
        let message = String::from_utf8_lossy(says("Message")?.value);
        let message = message.trim_end_matches(['.', ' ', '\n', '\r']);
        let follows = ends_with(message, "will follow")
            || starts_with(message, "Following are")
            || starts_with(message, "A listing of");
        if !follows {
            return None;
        }
        let single = SINGLE
            .iter()
            .find(|(name, _)| action.eq_ignore_ascii_case(name));
        Some(match single {
            Some((_, event)) => ListEnd::Event(event),
            // 1.4 sends only the event; 1.8 a DBGetComplete after it.
            None if age == Age::Oldest && action.eq_ignore_ascii_case("DBGet") => {
                ListEnd::Event("DBGetResponse")
            }
            None => ListEnd::AnyComplete,
        })
    }

    /// Whether `event` can be part of the list. Asterisk sends no events inside
    /// an answer, so one means that the list lost its end. Events have a
    /// Privilege that ends in `all`; items have none, or `Call` (Status). Only
    /// WaitEvent answers with events.
    pub(super) fn takes(self, event: &Packet) -> bool {
        let broadcast = || {
            event
                .get("Privilege")
                .is_some_and(|classes| classes.trim_ascii_end().ends_with(b",all"))
        };
        self == ListEnd::WaitEvent || !broadcast()
    }

    /// How `event` ends the list, if it does.
    pub(super) fn at(self, event: &Packet) -> Option<Ending> {
        match self {
            ListEnd::EventList => {
                let says = event.get("EventList")?.trim_ascii();
                if says.eq_ignore_ascii_case(b"complete") {
                    Some(Ending::Complete)
                } else {
                    says.eq_ignore_ascii_case(b"cancelled")
                        .then_some(Ending::Cancelled)
                }
            }
            ListEnd::Event(name) => event.is_event(name).then_some(Ending::Single),
            ListEnd::WaitEvent => {
                let is_end = event.is_event("WaitEventComplete");
                is_end.then_some(Ending::Complete)
            }
            ListEnd::AnyComplete => {
                let name = String::from_utf8_lossy(event.name());
                ends_with(&name, "Complete").then_some(Ending::Complete)
            }
        }
    }
}

fn ends_with(text: &str, end: &str) -> bool {
    let at = text.len().wrapping_sub(end.len());
    text.get(at..)
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(start))
}
