//! The status of a Response.

use super::packet::Packet;

/// The status of a Response.
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
    /// The status of `response`, which must be of [`super::Kind::Response`].
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
