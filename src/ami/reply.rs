//! A Response and the packets that belong to it.

use super::packet::Packet;
use super::status::Status;
use crate::peer_text::PeerText;

/// How an answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With the Response alone.
    Response,
    /// With the list's completion event.
    Complete,
    /// The server broke the list off with `EventList: cancelled`.
    Cancelled,
    /// An Error ended the list.
    Error,
    /// With the one event that is documented to follow.
    Single,
    /// Nothing came for two seconds, from a server that does not mark the end
    /// of this answer.
    Idle,
    /// The answer to a later Action began before the end of this list.
    Overtaken,
    /// The answer to a later Action began, so this one, which has no end mark,
    /// is over.
    Unmarked,
    /// The answer to a later Action began, and this one is of those that some
    /// versions carry out without a word. A refusal would have come before.
    Unanswered,
    /// Announced packets did not come: this is a part of the answer.
    Cut,
    /// The answer exceeded [`MAX_ANSWER`]: this is a part, and the rest will be
    /// late.
    Full,
}

/// What keeps an answer from being whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortfall {
    /// The server counts so many items, and fewer came.
    Counted(u64),
    /// The server broke the list off.
    Cancelled,
    /// Announced packets did not come.
    Cut,
    /// It exceeded [`MAX_ANSWER`].
    Full,
    /// The next answer began before the end of this list.
    Overtaken,
}

/// The complete answer to an Action. The protocol has no term for it.
#[derive(Debug, Clone)]
pub struct Reply {
    /// None for the few Actions that are answered without a Response.
    pub response: Option<Packet>,
    /// The items of a list, in order.
    pub items: Vec<Packet>,
    /// The packet that ended a list.
    pub completion: Option<Packet>,
    /// How it ended.
    pub ending: Ending,
    /// Of a list that was handed out as it came ([`Router::flow`]): how many
    /// items came. `items` holds the first of them, up to [`MAX_FLOWN`].
    ///
    /// [`Router::flow`]: super::Router::flow
    pub flown: Option<u64>,
}

impl Reply {
    /// A Response that nothing follows.
    pub fn single(response: Packet) -> Reply {
        Reply {
            response: Some(response),
            items: Vec::new(),
            completion: None,
            ending: Ending::Response,
            flown: None,
        }
    }

    /// What was received of a Response that is not complete.
    pub fn cut(response: Packet) -> Reply {
        Reply {
            ending: Ending::Cut,
            ..Reply::single(response)
        }
    }

    /// Why this is not the whole answer, if it is not.
    pub fn shortfall(&self) -> Option<Shortfall> {
        let counted = self.counted_more().map(Shortfall::Counted);
        counted.or(match self.ending {
            Ending::Cancelled => Some(Shortfall::Cancelled),
            Ending::Cut => Some(Shortfall::Cut),
            Ending::Full => Some(Shortfall::Full),
            Ending::Overtaken => Some(Shortfall::Overtaken),
            Ending::Response
            | Ending::Complete
            | Ending::Error
            | Ending::Single
            | Ending::Idle
            | Ending::Unanswered
            | Ending::Unmarked => None,
        })
    }

    /// How many items the server says that the list has, if fewer came. More
    /// mean nothing: DBGetTree of 16 always counts one.
    fn counted_more(&self) -> Option<u64> {
        let says = self.completion.as_ref()?.get("ListItems")?;
        let counted = std::str::from_utf8(says.trim_ascii()).ok()?.parse().ok()?;
        // The beginning of a very long list was handed out before.
        let is_whole = self.response.is_some();
        (is_whole && counted > self.count()).then_some(counted)
    }

    /// How many items came.
    pub fn count(&self) -> u64 {
        self.flown.unwrap_or(self.items.len() as u64)
    }

    /// The packets that were not handed out before, in the order of arrival.
    pub fn unseen(&self) -> impl Iterator<Item = &Packet> {
        let flown = self.flown.is_some();
        let begin = self.response.iter().chain(&self.items);
        begin.filter(move |_| !flown).chain(&self.completion)
    }

    /// The Response's status; Success if there is no Response, Error if one
    /// ended the list.
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

    /// The server's Message, without the line feed that many messages end with.
    /// If an Error ended the list, that Error's Message.
    pub fn message(&self) -> Option<PeerText<'_>> {
        let errs = self
            .completion
            .as_ref()
            .filter(|_| self.ending == Ending::Error);
        let says = errs.or(self.response.as_ref())?.get("Message")?;
        Some(PeerText::new(says.trim_ascii_end()))
    }

    /// The output of a Command, line by line, in both wire forms; None if this
    /// is not the answer to a Command. The final line end is dropped; no output
    /// is one empty line, as servers from 14 send it.
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

/// The most of a list that is kept, in bytes of memory of its items: more than
/// a hundred times the largest of any known server. A list that never ends
/// would fill the memory.
pub const MAX_ANSWER: usize = 256 * 1024 * 1024;

/// The same for each part of a list after its Action was given up. Showing more
/// at once would block typing.
pub const MAX_LATE: usize = 1024 * 1024;

/// How much of a list is kept beside being handed out as it comes, in bytes of
/// memory of its items: enough for whoever looks back at a header of it.
pub const MAX_FLOWN: usize = 1024 * 1024;

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

    // Before 14 the output comes raw, with or without a line end of its own.
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

    // Many messages end in a line feed.
    #[test]
    fn a_message_loses_its_line_feed() {
        let found = reply("Response: Error\r\nMessage: No endpoints found\n\r\n\r\n");
        assert_eq!(
            found.message(),
            Some(PeerText::new(&b"No endpoints found"[..]))
        );
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

    // The Error that broke a list off is the status of the whole reply.
    #[test]
    fn an_error_at_the_end_of_a_list_is_its_status() {
        let mut list = reply("Response: Success\r\nMessage: it will follow\r\n\r\n");
        let error = reply("Response: Error\r\nMessage: broke off\r\n\r\n");
        list.completion = error.response;
        list.ending = Ending::Error;
        assert_eq!(list.status(), Status::Error);
        assert_eq!(list.message(), Some(PeerText::new(&b"broke off"[..])));
        assert_eq!(list.packets().count(), 2);
    }
}
