//! `-e`: events until stopped.

use super::{Sink, narrow};
use crate::ami::{Packet, Status};
use crate::error::session_code;
use crate::language::Expr;
use crate::perform::Code;
use crate::session::{Answer, Arrival, Arrived, Classes, Error, Session, Wake};
use std::io;
use std::time::{Duration, Instant};

/// When a stream ends by itself.
#[derive(Debug, Clone, Default)]
pub struct Until {
    /// With this event, which is shown in any case.
    pub event: Option<Expr>,
    /// After so many events.
    pub count: Option<u64>,
    /// After so long.
    pub time: Option<Duration>,
}

impl Until {
    fn is_met_by(&self, event: &Packet) -> bool {
        let last = self.event.as_ref();
        last.is_some_and(|last| last.matches(event))
    }
}

/// Gathered before it is written: large writes while there is a flood, one
/// event at a time when they are rare.
const WRITE: usize = 64 * 1024;

/// So many arrivals are looked at between two looks at the clock.
const TAKEN: usize = 4096;

/// Why a stream went no further.
enum Stop {
    /// The event came.
    Met,
    /// Count reached.
    Counted,
    /// Time reached.
    Over,
    Interrupted,
    /// The server answered Error to Events; its words.
    Refused(String),
    /// There is no link, and there will be none; the words for it.
    Ended(Code, String),
}

/// Asks for events of `classes` and writes them until `until`.
///
/// # Errors
/// The output cannot be written.
pub fn run(
    session: &Session,
    classes: Classes,
    until: Until,
    sink: &mut Sink<'_>,
) -> io::Result<Code> {
    let deadline = until.time.map(|time| Instant::now() + time);
    session.narrow(narrow::actions(sink.filter.as_ref(), &until));
    // Not waited for: a server that does not answer may send events all the same.
    let mut known = match session.ask_events(classes) {
        Ok(asked) => asked.is_none(),
        // The end of the link is in the backlog, with its words.
        Err(Error::NotConnected) => true,
        Err(error) => {
            sink.say(&error.to_string());
            return Ok(Code::Usage);
        }
    };
    let stop = pump(session, deadline, &until, &mut known, sink)?;
    sink.unmet();
    let lost = match session.backlog().lost() {
        0 => Code::Ok,
        _ => Code::Lost,
    };
    let met = match &until.event {
        Some(event) if !matches!(stop, Stop::Met | Stop::Interrupted) => {
            sink.say(&format!("no event came that --until means: {event}"));
            Code::Unmet
        }
        _ => Code::Ok,
    };
    Ok(lost.with(met).with(match stop {
        Stop::Counted | Stop::Met => Code::Ok,
        Stop::Over if !session.is_open() => {
            sink.say("there was no link at the end: events may be missing");
            Code::Unknown
        }
        Stop::Over if known => Code::Ok,
        Stop::Over => {
            sink.say("the server did not answer Events: whether it sends any is unknown");
            Code::Unknown
        }
        Stop::Refused(why) => {
            sink.say(&format!("the server refuses to send events: {why}"));
            Code::Error
        }
        Stop::Interrupted => Code::Signal(2),
        Stop::Ended(..) if session.is_leaving() => Code::Ok,
        Stop::Ended(code, words) => {
            sink.say(&words);
            code
        }
    }))
}

/// `known`: does the server send what was asked for? It says so, or an event does.
fn pump(
    session: &Session,
    deadline: Option<Instant>,
    until: &Until,
    known: &mut bool,
    sink: &mut Sink<'_>,
) -> io::Result<Stop> {
    let mut left = until.count;
    let mut taken = 0;
    let mut text = Vec::with_capacity(2 * WRITE);
    // In the past: take what is there, wait for nothing.
    let at_once = Some(Instant::now());
    loop {
        let mut wake = session.backlog().next(at_once);
        if matches!(wake, Wake::Timeout) {
            sink.show(&text)?;
            text.clear();
            wake = session.next(deadline);
        }
        let stop = match wake {
            Wake::Arrived(arrived) => {
                taken += 1;
                take(arrived, until, &mut left, known, &mut text, sink)
            }
            Wake::Nudged => None,
            Wake::Interrupted => Some(Stop::Interrupted),
            Wake::Timeout => Some(Stop::Over),
        };
        // Events that the filter drops make no text.
        if stop.is_some() || text.len() >= WRITE || taken >= TAKEN {
            taken = 0;
            sink.show(&text)?;
            text.clear();
            // A flood leaves no moment of rest in which time would be noticed.
            if deadline.is_some_and(|at| at <= Instant::now()) {
                return Ok(stop.unwrap_or(Stop::Over));
            }
        }
        if let Some(stop) = stop {
            return Ok(stop);
        }
    }
}

fn take(
    arrived: Arrived,
    until: &Until,
    left: &mut Option<u64>,
    known: &mut bool,
    text: &mut Vec<u8>,
    sink: &mut Sink<'_>,
) -> Option<Stop> {
    match arrived.what {
        Arrival::Event(event) => {
            *known = true;
            let is_last = until.is_met_by(&event);
            if is_last || sink.lets_see(&event) {
                sink.printer.event(text, arrived.time, &event);
                *left = left.map(|left| left.saturating_sub(1));
            }
            match is_last {
                true => Some(Stop::Met),
                false => (*left == Some(0)).then_some(Stop::Counted),
            }
        }
        Arrival::Gap(gap) => {
            sink.gap(text, arrived.time, gap);
            None
        }
        Arrival::Ended(ended, false) => Some(Stop::Ended(Code::Unknown, ended.to_string())),
        Arrival::StillDown(error, false) => {
            let code = session_code(&error);
            Some(Stop::Ended(code, format!("not connected again: {error}")))
        }
        Arrival::NotRenewed(_, why) => Some(Stop::Refused(why)),
        news @ (Arrival::Ended(..)
        | Arrival::StillDown(..)
        | Arrival::Back(_)
        | Arrival::Unchecked) => {
            sink.say(&news.news().unwrap_or_default());
            None
        }
        // Events is all that was asked.
        Arrival::Answer(_, Answer::Reply(reply)) | Arrival::Late(reply) => {
            let why = reply.message().unwrap_or_default().into_owned();
            *known = true;
            (reply.status() == Status::Error).then_some(Stop::Refused(why))
        }
        Arrival::Answer(_, Answer::TimedOut(_) | Answer::Lost(_)) => None,
        Arrival::Unsolicited(packet) => {
            sink.unsolicited(text, arrived.time, &packet);
            None
        }
    }
}
