//! Originate that tells what became of the call.
//!
//! Its Response says only that the call was queued, even for a number that
//! does not exist. The outcome is an OriginateResponse event, which goes to
//! sessions with class call, and to no others.

mod call;

use super::{Code, Ending, Manner, Meanwhile, Outcome, Rules, exchange, judge};
use crate::ami::{Action, Packet, Refused, Reply, Status};
use crate::session::{Arrival, Arrived, Classes, Error, Session, Wake};
use call::Call;
use std::time::{Duration, Instant, SystemTime};

/// How long after the call's own time the outcome may come.
pub(super) const GRACE: Duration = Duration::from_secs(5);

/// A call that may be seen is seen by then: its channel is announced before
/// anything is dialed.
const DOUBT: Duration = Duration::from_secs(3);

/// The call's Timeout; servers read milliseconds and take 30 s without it.
pub(super) fn timeout(action: &Action) -> Duration {
    let given = action.get("Timeout").and_then(|value| {
        let text = std::str::from_utf8(value.trim_ascii()).ok()?;
        text.parse::<u64>().ok().filter(|&ms| ms > 0)
    });
    Duration::from_millis(given.unwrap_or(30_000))
}

/// Is `action` one whose call is followed, because the user has not said how
/// it is to be placed?
pub(super) fn is_told(action: &Action, manner: Manner, rules: Rules) -> bool {
    let ours = manner == Manner::Line && !rules.no_check;
    ours && action.is("Originate") && action.get("Async").is_none()
}

/// So that the session stays usable, and the outcome is an event.
pub(super) fn make_async(action: &mut Action) -> Result<(), Refused> {
    action.push("Async", b"true")
}

/// Sends it asynchronously and waits for what becomes of the call.
pub(super) fn perform(
    session: &Session,
    rules: Rules,
    mut action: Action,
    aside: &mut dyn FnMut(Meanwhile),
) -> Result<Outcome, Error> {
    make_async(&mut action)?;
    let limit = timeout(&action) + GRACE;
    let _wanted = session.want(Classes::CALL)?;
    let mut call = Call::of(&action);
    let mut early = Vec::new();
    // The event may overtake the Response on its way through the server.
    let mut keep = |arrived: Arrived| match arrived.what {
        Arrival::Event(event) if event.is_event("OriginateResponse") => {
            early.push((arrived.time, event));
        }
        what => {
            let time = arrived.time;
            call.passes(Arrived { time, what }, aside);
        }
    };
    let (time, ending, sent) = exchange(session, action, session.patience(), &mut keep)?;
    let id = sent.get("ActionID").unwrap_or_default().trim_ascii_start();
    let mut told = None;
    for (time, event) in early {
        match event.get("ActionID") == Some(id) {
            true => told = Some(event),
            false => aside(Meanwhile::Arrived(Arrived {
                time,
                what: Arrival::Event(event),
            })),
        }
    }
    let mut reply = match ending {
        Ending::Reply(reply) if reply.status() != Status::Error => reply,
        ending => return Ok(judge(session, rules, &sent, time, ending)),
    };
    let why = match told {
        Some(event) => Ok(event),
        None => wait(session, id, limit, &mut call, aside),
    };
    Ok(match why {
        Ok(event) => {
            let (code, note) = words(&event, &call);
            reply.items.push(event);
            outcome(time, reply, code, note)
        }
        Err(why) => outcome(time, reply, Code::Unknown, why.to_owned()),
    })
}

fn outcome(time: SystemTime, reply: Box<Reply>, code: Code, note: String) -> Outcome {
    Outcome {
        time,
        ending: Ending::Reply(reply),
        code,
        note: Some(note),
    }
}

fn wait(
    session: &Session,
    id: &[u8],
    limit: Duration,
    call: &mut Call,
    aside: &mut dyn FnMut(Meanwhile),
) -> Result<Packet, &'static str> {
    let until = Instant::now() + limit;
    let mut doubt = Some(Instant::now() + DOUBT).filter(|doubt| *doubt < until);
    loop {
        let arrived = match session.next(Some(doubt.unwrap_or(until))) {
            Wake::Arrived(arrived) => arrived,
            Wake::Nudged => continue,
            Wake::Interrupted => {
                return Err("stopped waiting: the call goes on, its outcome is unknown");
            }
            Wake::Timeout if doubt.take().is_some() => {
                call.doubted(until, aside);
                continue;
            }
            Wake::Timeout => {
                return Err(
                    "no OriginateResponse came, so the outcome cannot be known: does this user have class call in read=?",
                );
            }
        };
        match arrived.what {
            Arrival::Event(event)
                if event.is_event("OriginateResponse") && event.get("ActionID") == Some(id) =>
            {
                return Ok(event);
            }
            Arrival::Ended(..) => {
                aside(Meanwhile::Arrived(arrived));
                return Err("the connection ended: the outcome of the call is unknown");
            }
            _ => call.passes(arrived, aside),
        }
    }
}

/// The outcome in words. Reason is a control frame of Asterisk's; 4 and 0 seen
/// from 16 and 22, the others in the source of 22.
fn words(event: &Packet, call: &Call) -> (Code, String) {
    let channel = event.text("Channel").unwrap_or_default();
    if event
        .get("Response")
        .is_some_and(|r| r.eq_ignore_ascii_case(b"Success"))
    {
        let after = call.answered(event);
        return (Code::Ok, format!("{channel} answered after {after}"));
    }
    let why = match event.get("Reason").unwrap_or_default() {
        b"0" => {
            "could not be placed: no such extension, device or technology, or it is not reachable"
        }
        b"1" => "was not answered, or hung up",
        b"3" => "rang and was not answered in time",
        b"5" => "is busy",
        b"8" => "got congestion",
        _ => "failed",
    };
    let reason = event.text("Reason").unwrap_or_default();
    let cause = call.cause();
    (
        Code::Error,
        format!("{channel} {why} (Reason {reason}{cause})"),
    )
}
