//! `/follow`: shows every event of one call until it ends, then a summary.

use super::calls::counted;
use crate::ami::{Classes, Packet};
use crate::calls::{Found, Leg, Story};
use crate::engine::batch::Batch;
use crate::engine::flow::{Done, Failure, Flow};
use crate::engine::runner::Runner;
use crate::engine::transcript::Transcript;
use crate::engine::wait::{Taken, Waited};
use crate::exit_code::Code;
use crate::output::{Block, Look, Role, Rows, views};
use crate::session::{Arrival, Arrived, Gap};
use jiff::tz::TimeZone;
use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime};

/// How long events of a call, such as its Cdr, may come after its last hangup.
const AFTERWARDS: Duration = Duration::from_millis(300);

/// Before Asterisk 12 nothing says whose call a new channel belongs to until
/// later events do: this many undecided events are kept and checked again.
const UNDECIDED: usize = 200;

struct Followed {
    /// The Uniqueid of one leg. Calls may be merged, legs stay.
    leg: String,
    /// Its parties when `/follow` began.
    who: String,
    /// Events that may turn out to belong to it.
    undecided: VecDeque<(SystemTime, Packet)>,
}

/// What ends a wait for the next event of the call.
enum Ends {
    /// The call ended, or came back.
    Changed,
    /// A new link: a call that ended meanwhile sends no more events.
    Renewed,
}

impl Runner<'_> {
    pub(super) fn follow(&mut self, channel: &str) -> Done {
        self.connected()?;
        let _wanted = self.want(Classes::ALL)?;
        self.say_in_vain(Classes::CALL, None)?;
        self.refresh_channels()?;
        let followed = followed(&self.transcript.lock(), channel);
        let mut followed = followed.map_err(|words| Failure(Code::Unmet, words))?;
        self.tell(&format!("following {}; Ctrl-C stops", followed.who))?;
        let flow = self.follow_to_the_end(&mut followed);
        self.tell_story(&followed)?;
        flow
    }

    fn follow_to_the_end(&mut self, followed: &mut Followed) -> Done {
        let session = self.session;
        let mut over: Option<Instant> = None;
        loop {
            let was_over = over.is_some();
            let waited = self.wait(over, &mut |transcript, batch, arrived| {
                let renews = matches!(arrived.what, Arrival::Gap(Gap::Reconnect { .. }));
                match arrived.what {
                    Arrival::Event(event) => {
                        transcript.hear(batch, session, &event);
                        followed.pass(transcript, batch, arrived.time, event);
                    }
                    what => transcript.arrival(batch, session, Arrived { what, ..arrived }),
                }
                if renews {
                    return Taken::Done(Ends::Renewed);
                }
                match followed.is_over(transcript) == was_over {
                    true => Taken::Kept,
                    false => Taken::Done(Ends::Changed),
                }
            })?;
            match waited {
                Waited::Done(Ends::Renewed) => {
                    self.refresh_channels()?;
                }
                Waited::Done(Ends::Changed) => {}
                Waited::Interrupted => {
                    self.interrupted();
                    return Ok(Flow::Stop);
                }
                Waited::Over => return Ok(Flow::Go),
                Waited::Ended => return Ok(Flow::Stop),
                Waited::Nudged if !session.is_open() && !session.is_returning() => {
                    return Ok(Flow::Go);
                }
                Waited::Nudged => {}
            }
            let is_over = followed.is_over(&self.transcript.lock());
            over = match (is_over, over) {
                (true, None) => Some(Instant::now() + AFTERWARDS),
                (true, over) => over,
                (false, _) => None,
            };
        }
    }

    fn tell_story(&mut self, followed: &Followed) -> Done<()> {
        self.flush()?;
        let look = self.printer().drawn_look();
        let told = {
            let transcript = self.transcript.lock();
            transcript.observed.as_ref().and_then(|observed| {
                let calls = &observed.calls;
                let leg = calls.leg(&followed.leg)?;
                calls.story(leg.call, SystemTime::now(), &TimeZone::system())
            })
        };
        if let Some(told) = told {
            self.screen(&story(told, &look))?;
        }
        Ok(())
    }
}

/// The call that `channel` refers to.
fn followed(transcript: &Transcript, channel: &str) -> Result<Followed, String> {
    let Some(observed) = &transcript.observed else {
        return Err(format!("no call of {channel}: calls are not tracked here"));
    };
    let calls = &observed.calls;
    let call = match calls.find(channel) {
        Found::One(call) => calls.call(call),
        Found::Other(names) if names.is_empty() => {
            return Err(format!("no call of {channel}: there are no calls"));
        }
        Found::Other(names) => {
            let none = match names.iter().any(|name| name.contains(channel)) {
                true => "several calls match",
                false => "no call of",
            };
            let names = shortened(names);
            return Err(format!("{none} {channel}; there are {names}"));
        }
    };
    let legs = call.into_iter().flat_map(|call| &call.legs);
    let legs = legs.filter_map(|uid| calls.leg(uid));
    let legs: Vec<&Leg> = legs.filter(|leg| leg.ended.is_none()).collect();
    let mut phones: Vec<&str> = legs.iter().map(|leg| leg.phone()).collect();
    phones.dedup();
    Ok(Followed {
        leg: legs.first().map(|leg| leg.uid.clone()).unwrap_or_default(),
        who: phones.join(", "),
        undecided: VecDeque::new(),
    })
}

impl Followed {
    /// Shows the event if it belongs to the call.
    fn pass(
        &mut self,
        transcript: &mut Transcript,
        batch: &mut Batch,
        time: SystemTime,
        event: Packet,
    ) {
        let Transcript {
            observed: Some(observed),
            printer,
            filter,
            ..
        } = transcript
        else {
            return;
        };
        observed.note(time, &event);
        let calls = &observed.calls;
        let own = calls.leg(&self.leg).map(|leg| leg.call);
        let begun = own.and_then(|own| calls.call(own)?.begun);
        let begun = begun.unwrap_or(time);
        let is_own = |event: &Packet| own.is_some() && calls.call_of(event) == own;
        let mut show = |time: SystemTime, event: &Packet| {
            if filter.as_ref().is_none_or(|filter| filter.matches(event)) {
                printer.event_after(batch.text(), begun, time, event);
            }
        };
        self.undecided.retain(|(time, event)| {
            let is_own = is_own(event);
            if is_own {
                show(*time, event);
            }
            !is_own
        });
        if is_own(&event) {
            show(time, &event);
        } else if event.get("Linkedid").is_none() && event.get("Uniqueid").is_some() {
            if self.undecided.len() == UNDECIDED {
                self.undecided.pop_front();
            }
            self.undecided.push_back((time, event.clone().kept()));
        }
        observed.keep(time, event);
    }

    fn is_over(&self, transcript: &Transcript) -> bool {
        let Some(observed) = &transcript.observed else {
            return true;
        };
        let calls = &observed.calls;
        let call = calls.leg(&self.leg).and_then(|leg| calls.call(leg.call));
        call.is_none_or(|call| call.ended.is_some())
    }
}

fn shortened(mut names: Vec<String>) -> String {
    const SHOWN: usize = 8;
    let more = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    match more {
        0 => names.join(", "),
        _ => format!("{} and {more} more", names.join(", ")),
    }
}

fn story(story: Story, look: &Look) -> Vec<Block> {
    let mut text = Vec::new();
    let heading = look.palette.paint(Role::Heading, &story.title);
    text.extend_from_slice(format!("\n{heading}\n").as_bytes());
    views::timeline(&mut text, &story.turns, look);
    text.push(b'\n');
    let heads = ["Leg", "Who", "Came", "Answered", "Left", "Cause"];
    let rows: Vec<Vec<String>> = story.legs.iter().map(|leg| leg.to_vec()).collect();
    let footer = match &story.end {
        Some(end) => format!("{}; {end}", counted(rows.len(), "leg")),
        None => counted(rows.len(), "leg"),
    };
    let kind = "story";
    let heads = heads.map(|head| (head, ["Came", "Answered", "Left"].contains(&head)));
    let heads = heads.to_vec();
    let legs = Block::Rows(Rows {
        kind: "leg",
        heads,
        rows,
        footer,
        gives: &[],
    });
    vec![Block::Text { kind, text }, legs]
}
