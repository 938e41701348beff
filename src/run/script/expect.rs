//! Events that a script waits for.

use super::{Flow, Script, Wait};
use crate::ami::Packet;
use crate::catalog::event;
use crate::language::{Expected, Expr, Statement};
use crate::perform::Code;
use crate::run::Sink;
use crate::session::arrival::in_words;
use crate::session::{Arrival, Arrived, Classes, Session};
use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant, SystemTime};

/// Received bytes of events that are kept for an `expect` to come. A script
/// that sleeps for days while events come must not fill the memory.
const KEPT: usize = 64 * 1024 * 1024;

/// What came since the last Action was sent, and no `expect` has met yet.
#[derive(Default)]
pub(super) struct Seen {
    /// Will there be an `expect`? In a pipe that is not known.
    pub is_kept: bool,
    events: VecDeque<Event>,
    bytes: usize,
    /// How many have left at the front: places count from the first ever.
    gone: usize,
    /// Of these, how many for want of room.
    dropped: usize,
}

/// One event, and whether the user has seen it.
pub(super) struct Event {
    pub time: SystemTime,
    pub event: Packet,
    pub shown: bool,
}

impl Seen {
    /// Shows what is neither the answer to anything nor waited for, and keeps
    /// it if it is an event.
    pub fn aside(
        &mut self,
        out: &mut Vec<u8>,
        session: &Session,
        arrived: Arrived,
        sink: &mut Sink<'_>,
    ) {
        let time = arrived.time;
        match arrived.what {
            Arrival::Event(event) if self.is_kept => {
                let shown = sink.lets_see(&event) && session.is_wanted(&event);
                if shown {
                    sink.printer.event(out, time, &event);
                }
                self.push(Event { time, event, shown });
            }
            what => sink.aside(out, session, Arrived { time, what }),
        }
    }

    /// Another one.
    pub fn push(&mut self, event: Event) {
        self.bytes += event.event.bytes().len();
        self.events.push_back(event);
        while self.bytes > KEPT && self.events.len() > 1 {
            self.dropped += 1;
            self.gone += 1;
            let first = self.events.pop_front();
            self.bytes -= first.map_or(0, |first| first.event.bytes().len());
        }
    }

    /// An Action is sent: what came before is of no matter any more.
    pub fn clear(&mut self) {
        self.gone += self.events.len();
        self.events.clear();
        self.bytes = 0;
        self.dropped = 0;
    }

    /// Takes the first that is meant, of those from the place `from` on; they
    /// need not be looked at again.
    fn take(&mut self, expr: &Expr, from: &mut usize) -> Option<Event> {
        let start = from.saturating_sub(self.gone);
        let mut unread = self.events.iter().skip(start);
        let found = unread.position(|one| expr.matches(&one.event));
        *from = self.gone + self.events.len();
        let event = self.events.remove(start + found?)?;
        self.bytes -= event.event.bytes().len();
        Some(event)
    }
}

impl Script<'_> {
    /// Has the server send the events that the script will wait for. What the
    /// user sent meanwhile may have changed the mask, so it is told again.
    ///
    /// # Errors
    /// Nothing could be sent.
    pub(super) fn foresee(&mut self, expected: &[Expr]) -> Result<(), crate::session::Error> {
        let classes = expected.iter().fold(Classes::NONE, |all, expr| {
            all.and(classes_of(self.session, expr))
        });
        // The old one is dropped when the new one holds.
        self.wanted = Some(self.session.want(classes)?);
        Ok(())
    }

    /// `expect`: waits for an event, or sees to it that none comes.
    pub(super) fn expect(
        &mut self,
        expected: &Expected,
        at: &Statement,
        sink: &mut Sink<'_>,
    ) -> io::Result<Flow> {
        let Expected { expr, none, within } = expected;
        let time = within.unwrap_or(self.session.patience());
        let until = Instant::now() + time;
        let mut looked = 0;
        let event = loop {
            if let Some(event) = self.seen.take(expr, &mut looked) {
                break event;
            }
            match self.wait(Some(until), sink)? {
                Wait::Arrived | Wait::Nudged => {}
                Wait::Over => return Ok(self.nothing_came(expected, time, at, sink)),
                Wait::Stop => return Ok(Flow::Stop),
            }
        };
        if !event.shown {
            let mut out = Vec::new();
            sink.printer.event(&mut out, event.time, &event.event);
            sink.show(&out)?;
        }
        if *none {
            let words = format!("expect none: it came: {expr}");
            return Ok(self.unmet(at, &words, sink));
        }
        self.last = Some(super::set::Last::Event(event.event));
        Ok(Flow::Go)
    }

    fn nothing_came(
        &mut self,
        expected: &Expected,
        time: Duration,
        at: &Statement,
        sink: &mut Sink<'_>,
    ) -> Flow {
        if expected.none {
            return Flow::Go;
        }
        let mut words = format!(
            "expect: nothing came in {}: {}",
            in_words(time),
            expected.expr
        );
        if self.seen.dropped > 0 {
            let dropped = self.seen.dropped;
            words += &format!("; {dropped} events before were too many to be kept");
        }
        self.unmet(at, &words, sink)
    }

    /// Exit 7, which the line may forgive.
    pub(super) fn unmet(&mut self, at: &Statement, words: &str, sink: &mut Sink<'_>) -> Flow {
        match at.forgiven {
            true => Flow::Go,
            false => self.fail_at(at.line, Code::Unmet, words, sink),
        }
    }
}

/// The classes of the events that `expr` can mean; all where it does not say.
/// Up to 1.8 (AMI/1.1) servers put some events into other classes than later.
fn classes_of(session: &Session, expr: &Expr) -> Classes {
    let banner = session.banner();
    let is_old = banner.ends_with(b"/1.0") || banner.ends_with(b"/1.1");
    let class = |name: &str| event(name).and_then(|(_, class)| class.parse().ok());
    let names = expr.names().filter(|_| !is_old);
    let classes: Option<Vec<Classes>> =
        names.and_then(|names| names.into_iter().map(class).collect());
    let classes = classes.unwrap_or_else(|| vec![Classes::ALL]);
    classes.into_iter().fold(Classes::NONE, Classes::and)
}
