//! `-e`: events until stopped.

use super::Sink;
use crate::perform::Code;
use crate::session::{Arrival, Arrived, Backlog, Classes, Error, Session, Wake};
use std::io;
use std::time::{Duration, Instant};

/// When a stream ends by itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Until {
    /// After so many events.
    pub count: Option<u64>,
    /// After so long.
    pub time: Option<Duration>,
}

/// Gathered before it is written: large writes while there is a flood, one
/// event at a time when they are rare.
const WRITE: usize = 64 * 1024;

/// Why a stream went no further.
enum Stop {
    /// Count or time reached.
    Done,
    Interrupted,
    /// The link ended; the words for it.
    Ended(String),
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
    match session.set_events(classes) {
        Ok(_) => {}
        Err(Error::NotConnected) => {}
        Err(error) => {
            sink.say(&error.to_string());
            return Ok(Code::Usage);
        }
    }
    let stop = pump(session.backlog(), deadline, until.count, sink)?;
    let lost = match session.backlog().lost() {
        0 => Code::Ok,
        _ => Code::Lost,
    };
    Ok(lost.with(match stop {
        Stop::Done => Code::Ok,
        Stop::Interrupted => Code::Signal(2),
        Stop::Ended(_) if session.is_leaving() => Code::Ok,
        Stop::Ended(words) => {
            sink.say(&words);
            Code::Unknown
        }
    }))
}

fn pump(
    backlog: &Backlog,
    deadline: Option<Instant>,
    mut left: Option<u64>,
    sink: &mut Sink<'_>,
) -> io::Result<Stop> {
    let mut text = Vec::with_capacity(2 * WRITE);
    // In the past: take what is there, wait for nothing.
    let at_once = Some(Instant::now());
    loop {
        let mut wake = backlog.next(at_once);
        if matches!(wake, Wake::Timeout) {
            sink.show(&text)?;
            text.clear();
            wake = backlog.next(deadline);
        }
        let stop = match wake {
            Wake::Arrived(arrived) => take(arrived, &mut left, &mut text, sink),
            Wake::Nudged => None,
            Wake::Interrupted => Some(Stop::Interrupted),
            Wake::Timeout => Some(Stop::Done),
        };
        if stop.is_some() || text.len() >= WRITE {
            sink.show(&text)?;
            text.clear();
            // A flood leaves no moment of rest in which time would be noticed.
            if deadline.is_some_and(|at| at <= Instant::now()) {
                return Ok(stop.unwrap_or(Stop::Done));
            }
        }
        if let Some(stop) = stop {
            return Ok(stop);
        }
    }
}

fn take(
    arrived: Arrived,
    left: &mut Option<u64>,
    text: &mut Vec<u8>,
    sink: &mut Sink<'_>,
) -> Option<Stop> {
    match arrived.what {
        Arrival::Event(event) => {
            sink.printer.event(text, arrived.time, &event);
            let left = left.as_mut()?;
            *left = left.saturating_sub(1);
            (*left == 0).then_some(Stop::Done)
        }
        Arrival::Gap(gap) => {
            sink.gap(text, arrived.time, gap);
            None
        }
        Arrival::Ended(_, ended) => Some(Stop::Ended(ended.to_string())),
        // Nothing was asked that could be answered.
        Arrival::Unsolicited(_) | Arrival::Late(_) | Arrival::Answer(..) => None,
    }
}
