//! What a packet is and what it says, by its first line.

use super::packet::Packet;

/// What a packet is. Its first line alone decides: a UserEvent may carry an
/// `Event:` or a `Response:` header further down, and an OriginateResponse
/// event always does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The first key is `Response`.
    Response,
    /// The first key is `Event`.
    Event,
    /// Anything else, such as the bare table of IAXnetstats.
    Unframed,
}

impl Kind {
    pub(super) fn of_first_key(key: &[u8]) -> Kind {
        if key.eq_ignore_ascii_case(b"Event") {
            Kind::Event
        } else if key.eq_ignore_ascii_case(b"Response") {
            Kind::Response
        } else {
            Kind::Unframed
        }
    }
}

/// How a Response judges its Action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// `Error`, or `Failure` (JabberSend of 1.4).
    Error,
    /// `Goodbye`, the answer to Logoff.
    Goodbye,
    /// `Follows`: the text of a Command up to Asterisk 13, which does not say
    /// whether the Command succeeded.
    Follows,
    /// Anything else: `Success`, and in 1.4 `Pong`, `Events On`, `Events Off`.
    Success,
}

impl Status {
    /// The status of `response`, which must be of [`Kind::Response`].
    pub fn of(response: &Packet) -> Status {
        let says = |word: &str| {
            response
                .name()
                .trim_ascii()
                .eq_ignore_ascii_case(word.as_bytes())
        };
        if says("Error") || says("Failure") {
            Status::Error
        } else if says("Goodbye") {
            Status::Goodbye
        } else if says("Follows") {
            Status::Follows
        } else {
            Status::Success
        }
    }
}
