//! A Response with what belongs to it, and how each kind of answer ends.

use super::message::Status;
use super::packet::{Header, Packet};
use std::borrow::Cow;

/// How an answer came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// A Response alone.
    Response,
    /// A list with its completion event.
    Complete,
    /// A list that the server broke off with `EventList: cancelled`.
    Cancelled,
    /// A list that an Error ended.
    Error,
    /// The one event that is documented to follow.
    Single,
    /// Nothing more came for two seconds, from a server that does not mark the
    /// end of this answer.
    Idle,
    /// The answer to a later Action began: this one cannot go on.
    Overtaken,
    /// More was announced, and it did not come: this is a part.
    Cut,
    /// More came than [`MAX_ANSWER`]: this is a part, the rest will be late.
    Full,
}

/// An answer: ours is the word, the protocol has none for it.
#[derive(Debug)]
pub struct Reply {
    /// None for the few Actions that are answered without one.
    pub response: Option<Packet>,
    /// The items of a list, in order.
    pub items: Vec<Packet>,
    /// The packet that ended a list.
    pub completion: Option<Packet>,
    /// How it ended.
    pub ending: Ending,
}

impl Reply {
    /// A Response that nothing follows.
    pub fn single(response: Packet) -> Reply {
        Reply {
            response: Some(response),
            items: Vec::new(),
            completion: None,
            ending: Ending::Response,
        }
    }

    /// The Response's status; Success where there is no Response, Error where
    /// one ended the list.
    pub fn status(&self) -> Status {
        match (&self.response, self.ending) {
            (_, Ending::Error) => Status::Error,
            (Some(response), _) => Status::of(response),
            (None, _) => Status::Success,
        }
    }

    /// Every packet, in the order of arrival.
    pub fn packets(&self) -> impl Iterator<Item = &Packet> {
        let list = self.items.iter().chain(&self.completion);
        self.response.iter().chain(list)
    }

    /// A header of the Response.
    pub fn get(&self, key: &str) -> Option<&[u8]> {
        self.response.as_ref()?.get(key)
    }

    /// What the server says of it: the Message, less the line feed that
    /// dozens of messages end with. Of an Error that ended a list, its own.
    pub fn message(&self) -> Option<Cow<'_, str>> {
        let errs = self
            .completion
            .as_ref()
            .filter(|_| self.ending == Ending::Error);
        let says = errs.or(self.response.as_ref())?.get("Message")?;
        Some(String::from_utf8_lossy(says.trim_ascii_end()))
    }

    /// What a Command printed, line by line, in both wire forms. None where
    /// this is not the answer to a Command. The final line end is dropped; no
    /// output is one empty line, as servers from 14 send it.
    pub fn output(&self) -> Option<Vec<&[u8]>> {
        let response = self.response.as_ref()?;
        if let Some(body) = response.body() {
            let text = body.strip_suffix(b"\n").unwrap_or(body);
            return Some(text.split(|&b| b == b'\n').collect());
        }
        let lines: Vec<&[u8]> = response.all("Output").map(|header| header.value).collect();
        (!lines.is_empty()).then_some(lines)
    }
}

/// The most of a list that is kept, in bytes of its items: one that never ends
/// would fill the memory. The largest of any server is a hundredth of this.
pub const MAX_ANSWER: usize = 256 * 1024 * 1024;

/// How long nothing may come before a list whose end the server does not mark
/// is taken as ended. Handlers write such lists in one go.
pub const IDLE: std::time::Duration = std::time::Duration::from_secs(2);

/// Actions answered by unframed text, with no Response and no ActionID.
/// (IAXnetstats of every version, Queues up to 14.)
const UNFRAMED: [&str; 2] = ["IAXnetstats", "Queues"];

/// Lists that one event ends, which no completion follows.
const SINGLE: [(&str, &str); 2] = [("FAXSession", "FAXSession"), ("FAXStats", "FAXStats")];

/// What comes for an Action when it is answered well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// A Response, and what it says will follow.
    Response,
    /// Unframed text, ended by silence.
    Unframed,
    /// `Event: DataGet Tree` alone (1.8 to 14).
    DataTree,
}

impl Answer {
    pub(super) fn of(action: &str) -> Answer {
        if UNFRAMED
            .iter()
            .any(|name| action.eq_ignore_ascii_case(name))
        {
            Answer::Unframed
        } else if action.eq_ignore_ascii_case("DataGet") {
            Answer::DataTree
        } else {
            Answer::Response
        }
    }
}

/// What the server itself says in a Response. Behind it come values that the
/// dialplan or a caller may have chosen, and one with a CRLF in it looks like
/// a header: Getvar would open a list that never ends.
fn own_words(response: &Packet) -> impl Iterator<Item = Header<'_>> {
    let own = ["Response", "ActionID", "EventList", "Message"];
    let headers = response.headers();
    headers.take_while(move |header| own.iter().any(|key| header.is(key)))
}

/// How a list that a Response opened will end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListEnd {
    /// At an event with `EventList: Complete` or `Cancelled`.
    EventList,
    /// At the event of this name.
    Event(&'static str),
    /// At an event whose name ends in Complete, or by silence.
    AnyComplete,
}

/// It may wait for minutes, and its own Complete always comes.
pub(super) const WAIT_EVENT: ListEnd = ListEnd::Event("WaitEventComplete");

impl ListEnd {
    /// Does `response`, the answer to `action`, open a list?
    pub(super) fn of(action: &str, response: &Packet, oldest: bool) -> Option<ListEnd> {
        if Status::of(response) != Status::Success {
            return None;
        }
        let says = |key| own_words(response).find(|header| header.is(key));
        if let Some(says) = says("EventList") {
            let says = says.first_line();
            let starts = says.trim_ascii().eq_ignore_ascii_case(b"start");
            return starts.then_some(ListEnd::EventList);
        }
        // Its message is past tense, its events are broadcast ones.
        if action.eq_ignore_ascii_case("WaitEvent") {
            return Some(WAIT_EVENT);
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
            // 1.4 sends the one event, 1.8 a DBGetComplete after it.
            None if oldest && action.eq_ignore_ascii_case("DBGet") => {
                ListEnd::Event("DBGetResponse")
            }
            None => ListEnd::AnyComplete,
        })
    }

    /// Can `event` be part of it? Events go out between answers, never inside
    /// one, so one that does not belong means that the list lost its end. They
    /// have a Privilege that ends in `all`; items have none, or (Status) `Call`.
    /// Only WaitEvent answers with events.
    pub(super) fn takes(self, event: &Packet) -> bool {
        let broadcast = || {
            event
                .get("Privilege")
                .is_some_and(|classes| classes.trim_ascii_end().ends_with(b",all"))
        };
        self == WAIT_EVENT || !broadcast()
    }

    /// Does `event` end it?
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
            ListEnd::Event(name) => event.is_event(name).then_some(match name {
                "WaitEventComplete" => Ending::Complete,
                _ => Ending::Single,
            }),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ami::{Frame, Framer};

    fn reply(text: &str) -> Reply {
        let mut framer = Framer::new();
        framer.feed(b"banner\r\n");
        framer.feed(text.as_bytes());
        framer.next_frame();
        match framer.next_frame() {
            Some(Frame::Packet(packet)) => Reply::single(packet),
            other => panic!("{other:?}"),
        }
    }

    // Before 14 the text comes raw, with or without a line end of its own.
    #[test]
    fn output_is_the_same_in_both_wire_forms() {
        for (lines, follows) in [
            (&["one", "", "Response: x"][..], "one\n\nResponse: x\n"),
            (&["no end"], "no end"),
            (&["two\r", " three "], "two\r\n three \n"),
            (&["a", ""], "a\n\n"),
            (&[""], ""),
        ] {
            let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            let raw = format!(
                "Response: Follows\r\nPrivilege: Command\r\n{follows}--END COMMAND--\r\n\r\n"
            );
            assert_eq!(reply(&raw).output().as_ref(), Some(&lines), "{follows:?}");
            let mut new = b"Response: Success\r\nMessage: Command output follows\r\n".to_vec();
            for line in &lines {
                new.extend([b"Output: ", *line, b"\r\n"].concat());
            }
            let new = String::from_utf8(new).expect("UTF-8") + "\r\n";
            assert_eq!(reply(&new).output(), Some(lines));
        }
        assert_eq!(
            reply("Response: Error\r\nMessage: x\r\n\r\n").output(),
            None
        );
    }

    // Dozens of messages end in a line feed of their own.
    #[test]
    fn a_message_loses_its_line_feed() {
        let found = reply("Response: Error\r\nMessage: No endpoints found\n\r\n\r\n");
        assert_eq!(found.message().as_deref(), Some("No endpoints found"));
        assert_eq!(found.status(), Status::Error);
    }

    #[test]
    fn anything_but_error_and_failure_is_success() {
        for (says, status) in [
            ("Success", Status::Success),
            ("Pong", Status::Success),
            ("Events On", Status::Success),
            ("error", Status::Error),
            ("Failure", Status::Error),
            ("Goodbye", Status::Goodbye),
        ] {
            let response = reply(&format!("Response: {says}\r\n\r\n"));
            assert_eq!(response.status(), status, "{says}");
        }
    }

    // What broke a list off speaks for the whole.
    #[test]
    fn an_error_at_the_end_of_a_list_is_its_status() {
        let mut list = reply("Response: Success\r\nMessage: it will follow\r\n\r\n");
        let error = reply("Response: Error\r\nMessage: broke off\r\n\r\n");
        list.completion = error.response;
        list.ending = Ending::Error;
        assert_eq!(list.status(), Status::Error);
        assert_eq!(list.message().as_deref(), Some("broke off"));
        assert_eq!(list.packets().count(), 2);
    }
}
