//! `/calls` and `/follow`: what goes on, and what becomes of one call.

use crate::ami::Packet;
use crate::output::{Look, Role, report};
use crate::perform::Channels;
use crate::perform::watch::calls::{Found, Leg, Row, Story};
use crate::session::{Arrival, Classes, Gap, Wake};
use crate::shell::{Flow, Shell};
use jiff::tz::TimeZone;
use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime};

/// How long after a call what belongs to it may come, such as its record.
const AFTERWARDS: Duration = Duration::from_millis(300);

/// Before Asterisk 12 a channel is there before anything tells whose it is: so
/// many events of strangers are looked at again.
const STRANGERS: usize = 200;

impl Shell<'_> {
    /// `/calls`
    pub(in crate::shell) fn calls(&mut self) -> Result<(), String> {
        self.connected()?;
        let wanted = self.session.want(Classes::CALL);
        let _wanted = wanted.map_err(|error| error.to_string())?;
        let now = self.refresh()?;
        let rows = self
            .screen
            .watch()
            .calls()
            .overview(now, &TimeZone::system());
        let mut out = Vec::new();
        overview(&mut out, rows, &self.screen.printer().look);
        self.page(&out);
        Ok(())
    }

    /// Asks which channels there are, and notes it. When that was.
    fn refresh(&self) -> Result<SystemTime, String> {
        let mut aside = |arrived| self.aside(arrived);
        let channels = Channels::ask(&self.session, self.rules, &mut aside)?;
        self.screen.watch().refresh(&channels);
        Ok(channels.time)
    }

    /// `/follow CHANNEL`
    pub(in crate::shell) fn follow(&mut self, channel: &str) -> Result<Flow, String> {
        self.connected()?;
        let wanted = self.session.want(Classes::ALL);
        let _wanted = wanted.map_err(|error| error.to_string())?;
        self.refresh()?;
        let mut followed = self.followed(channel)?;
        self.say(&format!("following {}; Ctrl-C stops", followed.who));
        let mut flow = Flow::On;
        let mut over: Option<Instant> = None;
        loop {
            match self.session.next(over) {
                Wake::Arrived(arrived) => {
                    let renews = matches!(arrived.what, Arrival::Gap(Gap::Reconnect { .. }));
                    match arrived.what {
                        Arrival::Event(event) => self.pass(&mut followed, arrived.time, event),
                        _ => self.aside(arrived),
                    }
                    if renews {
                        // What ended meanwhile sends no event any more.
                        self.refresh()?;
                    }
                }
                Wake::Interrupted => {
                    flow = Flow::Stop;
                    break;
                }
                Wake::Timeout => break,
                Wake::Nudged if !self.session.is_open() && !self.session.is_returning() => break,
                Wake::Nudged => {}
            }
            over = match (self.is_over(&followed), over) {
                (true, None) => Some(Instant::now() + AFTERWARDS),
                (true, over) => over,
                (false, _) => None,
            };
        }
        self.tell(&followed);
        Ok(flow)
    }

    /// The call that `channel` means.
    fn followed(&self, channel: &str) -> Result<Followed, String> {
        let watch = self.screen.watch();
        let calls = watch.calls();
        let call = match calls.find(channel) {
            Found::One(call) => calls.call(call),
            Found::Other(names) if names.is_empty() => {
                return Err(format!("no call of {channel}: there is no call at all"));
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
            strangers: VecDeque::new(),
        })
    }

    /// An event passes by; it is shown if it is of the call.
    fn pass(&self, followed: &mut Followed, time: SystemTime, event: Packet) {
        let mut out = Vec::new();
        let mut watch = self.screen.watch();
        let mut printer = self.screen.own();
        watch.note(time, &event);
        let calls = watch.calls();
        let own = calls.leg(&followed.leg).map(|leg| leg.call);
        let begun = own.and_then(|own| calls.call(own)?.begun);
        let begun = begun.unwrap_or(time);
        let is_own = |event: &Packet| own.is_some() && calls.call_of(event) == own;
        followed.strangers.retain(|(time, event)| {
            let is_own = is_own(event);
            if is_own {
                printer.event_after(&mut out, begun, *time, event);
            }
            !is_own
        });
        if is_own(&event) {
            if watch.lets_see(&event) {
                printer.event_after(&mut out, begun, time, &event);
            }
        } else if event.get("Linkedid").is_none() && event.get("Uniqueid").is_some() {
            if followed.strangers.len() == STRANGERS {
                followed.strangers.pop_front();
            }
            let copy = Packet::new(event.bytes().into());
            followed.strangers.push_back((time, copy));
        }
        watch.keep(time, event);
        drop((watch, printer));
        self.screen.show(&out);
    }

    fn is_over(&self, followed: &Followed) -> bool {
        let watch = self.screen.watch();
        let calls = watch.calls();
        let call = calls
            .leg(&followed.leg)
            .and_then(|leg| calls.call(leg.call));
        call.is_none_or(|call| call.ended.is_some())
    }

    /// What became of the call.
    fn tell(&self, followed: &Followed) {
        let watch = self.screen.watch();
        let calls = watch.calls();
        let leg = calls.leg(&followed.leg);
        let zone = TimeZone::system();
        let told = leg.and_then(|leg| calls.story(leg.call, SystemTime::now(), &zone));
        drop(watch);
        if let Some(told) = told {
            let mut out = Vec::new();
            story(&mut out, &told, &self.screen.printer().look);
            self.screen.show(&out);
        }
    }
}

/// The call that is followed.
struct Followed {
    /// The Uniqueid of a leg of it: calls become one, legs stay.
    leg: String,
    /// Its phones when it was begun to follow.
    who: String,
    /// Events that may turn out to be of it.
    strangers: VecDeque<(SystemTime, Packet)>,
}

/// A few of many names.
fn shortened(mut names: Vec<String>) -> String {
    const SHOWN: usize = 8;
    let more = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    match more {
        0 => names.join(", "),
        _ => format!("{} and {more} more", names.join(", ")),
    }
}

fn overview(out: &mut Vec<u8>, rows: Vec<Row>, look: &Look) {
    let calls = rows.iter().filter(|row| row.first).count();
    let footer = match (calls, rows.len()) {
        (0, _) => "No calls.".to_owned(),
        (calls, legs) => format!("{}, {}", counted(calls, "call"), counted(legs, "leg")),
    };
    if calls == 0 {
        out.extend_from_slice(look.palette.paint(Role::Dim, &footer).as_bytes());
        out.push(b'\n');
        return;
    }
    let heads = ["Leg", "Who", "Whom", "State", "Where", "Since", "Time"];
    let heads = heads.map(|head| (head, head == "Time"));
    let row = |row: Row| {
        let mut cells = Vec::from(row.cells);
        if let Some(leg) = cells.first_mut().filter(|_| !row.first) {
            leg.insert_str(0, "└ ");
        }
        cells
    };
    let rows = rows.into_iter().map(row).collect();
    report::table(out, &heads, rows, &footer, look);
}

fn story(out: &mut Vec<u8>, story: &Story, look: &Look) {
    let heading = look.palette.paint(Role::Heading, &story.title);
    out.extend_from_slice(format!("\n{heading}\n").as_bytes());
    report::happenings(out, &story.turns, look);
    out.push(b'\n');
    let heads = ["Leg", "Who", "Came", "Answered", "Left", "Cause"];
    let heads = heads.map(|head| (head, ["Came", "Answered", "Left"].contains(&head)));
    let rows: Vec<Vec<String>> = story.legs.iter().map(|leg| leg.to_vec()).collect();
    let footer = match &story.end {
        Some(end) => format!("{}; {end}", counted(rows.len(), "leg")),
        None => counted(rows.len(), "leg"),
    };
    report::table(out, &heads, rows, &footer, look);
}

fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}
