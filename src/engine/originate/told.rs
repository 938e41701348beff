//! What an OriginateResponse says of the call.

use super::call::Call;
use crate::ami::Packet;
use crate::exit_code::Code;
use std::time::Duration;

/// How long the reason of a failure may come after it.
pub(super) const AFTERWARDS: Duration = Duration::from_millis(300);

/// Is `event` the OriginateResponse to the Action with this ActionID?
pub(super) fn is_outcome_of(event: &Packet, id: &[u8]) -> bool {
    event.is_event("OriginateResponse") && event.get("ActionID") == Some(id)
}

/// The outcome in words.
pub(super) fn words(event: &Packet, call: &Call) -> (Code, String) {
    let channel = event.text("Channel").unwrap_or_default();
    let channel = channel.terminal();
    if is_success(event) {
        let after = call.answered(event);
        return (Code::Ok, format!("{channel} answered after {after}"));
    }
    let why = call.failure(event.get("Reason").unwrap_or_default());
    let reason = event.text("Reason").unwrap_or_default();
    let reason = reason.terminal();
    let cause = call.cause();
    (
        Code::Error,
        format!("{channel} {why} (Reason {reason}{cause})"),
    )
}

pub(super) fn is_success(event: &Packet) -> bool {
    let response = event.get("Response");
    response.is_some_and(|response| response.eq_ignore_ascii_case(b"Success"))
}
