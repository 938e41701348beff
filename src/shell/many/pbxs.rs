//! `/pbxs`: each PBX of the shell, and how it is.

use super::super::Shell;
use super::ONE;
use super::roster::{Entry, State};
use crate::ami::banner::ASTERISK;
use crate::ami::{Action, Reply};
use crate::output::{Block, Gives, Rows};
use crate::peer_text::visible;
use crate::session::{Answer, Session};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::time::{Duration, Instant, SystemTime};

/// How long each answer is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long it is waited before a question is asked again.
const PAUSE: Duration = Duration::from_millis(10);

/// Threads that ask at once.
const TOGETHER: usize = 64;

/// The time over which events are counted.
const WINDOW: Duration = Duration::from_secs(10);

/// The most events that are counted.
const COUNTED: usize = 10_000;

const HEADS: [(&str, bool); 9] = [
    ("PBX", false),
    ("Target", false),
    ("State", false),
    ("Version", false),
    ("User", false),
    ("Ping", true),
    ("Events/s", true),
    ("Calls", true),
    ("Since", false),
];

const GIVES: [Gives; 8] = [
    Gives::Room("State", 24),
    Gives::Way("User"),
    Gives::Way("Since"),
    Gives::Room("State", 12),
    Gives::Way("Target"),
    Gives::Way("Events/s"),
    Gives::Way("Version"),
    Gives::Way("Calls"),
];

impl Shell<'_> {
    /// `/pbxs`
    pub(in crate::shell) fn list_pbxs(&mut self) -> Result<(), String> {
        let Some(many) = &self.many else {
            return Err(ONE.to_owned());
        };
        let entries = many.roster.entries();
        let share = entries.len().div_ceil(TOGETHER).max(1);
        let rows = std::thread::scope(|scope| {
            let threads: Vec<_> = entries
                .chunks(share)
                .map(|some| scope.spawn(|| some.iter().map(row).collect::<Vec<_>>()))
                .collect();
            let rows = threads.into_iter().flat_map(|one| one.join().ok());
            rows.flatten().collect::<Vec<_>>()
        });
        let up = entries.iter().filter_map(Entry::member);
        let up = up.filter(|one| one.session.is_open()).count();
        let block = Block::Rows(Rows {
            kind: "pbx",
            heads: HEADS.to_vec(),
            footer: format!("{up} of {} PBXs up", rows.len()),
            rows,
            gives: &GIVES,
        });
        let mut text = Vec::new();
        self.display.printer().screen(&mut text, &[block]);
        self.paged(&text);
        Ok(())
    }
}

fn row(entry: &Entry) -> Vec<String> {
    let destination = &entry.pbx.destination;
    let target = destination.target.as_ref();
    let target = target.map(|target| {
        let port = target.port_of(destination.tls);
        format!("{}:{port}", target.host)
    });
    let target = target.unwrap_or_default();
    let name = entry.pbx.name.clone();
    let member = match &entry.state {
        State::In(member) => member,
        State::Out(out) => {
            let state = match out.is_temporary {
                true => format!("connecting since {}: {}", clock(out.since), out.in_short()),
                false => format!("not connected: {}", out.in_short()),
            };
            let user = destination.user.clone().unwrap_or_default();
            let mut row = vec![name, target, state, String::new(), user];
            row.resize(HEADS.len(), String::new());
            return row;
        }
    };
    let session = &member.session;
    let found = match session.is_open() {
        true => Found::of(session),
        false => Found::default(),
    };
    let state = match session.down_for() {
        None => "up".to_owned(),
        Some(down) => {
            let since = SystemTime::now().checked_sub(down);
            let since = clock(since.unwrap_or(SystemTime::UNIX_EPOCH));
            match session.is_returning() {
                true => format!("reconnecting since {since}"),
                false => format!("down since {since}"),
            }
        }
    };
    let rate = member.transcript.lock().observed.as_ref().map(|observed| {
        let now = SystemTime::now();
        let is_new = |time: SystemTime| now.duration_since(time).is_ok_and(|ago| ago < WINDOW);
        let last = observed.last(COUNTED, None);
        let count = last.iter().filter(|(time, _)| is_new(*time)).count();
        format!("{:.1}", count as f64 / WINDOW.as_secs_f64())
    });
    vec![
        name,
        session.target(),
        state,
        found.version,
        session.user().unwrap_or_default(),
        found.ping,
        rate.unwrap_or_default(),
        found.calls,
        clock(session.since()),
    ]
}

/// What a server says of itself.
#[derive(Default)]
struct Found {
    ping: String,
    version: String,
    calls: String,
}

impl Found {
    fn of(session: &Session) -> Found {
        let banner = session.banner();
        let banner = visible::text(banner.trim_ascii_end());
        let version = match banner.strip_prefix(ASTERISK) {
            Some(version) => format!("AMI {}", version.trim()),
            None => banner.into_owned(),
        };
        let unknown = Found {
            version,
            ..Found::default()
        };
        // The first may have to wait for another question.
        if ask(session, "Ping").is_none() {
            return unknown;
        }
        let asked = Instant::now();
        let ping = ask(session, "Ping").map(|_| asked.elapsed().as_secs_f64() * 1000.0);
        let text = |reply: Option<Box<Reply>>, key: &str| {
            let value = reply?.get(key)?.to_vec();
            Some(visible::text(&value).into_owned()).filter(|text| !text.is_empty())
        };
        let version = text(ask(session, "CoreSettings"), "AsteriskVersion");
        Found {
            ping: ping.map_or_else(String::new, |ping| format!("{ping:.1} ms")),
            version: version.unwrap_or(unknown.version),
            calls: text(ask(session, "CoreStatus"), "CoreCurrentCalls").unwrap_or_default(),
        }
    }
}

/// Asks a question of amish's own, unless an Action is unanswered.
fn ask(session: &Session, name: &'static str) -> Option<Box<Reply>> {
    let until = Instant::now() + PATIENCE;
    loop {
        match session.call_if_quiet(Action::own(name, &[]), PATIENCE) {
            Ok(Some(Answer::Reply(reply))) => return Some(reply),
            // Another question of amish's own is soon answered.
            Ok(None) if !session.is_occupied() && Instant::now() < until => {
                std::thread::sleep(PAUSE);
            }
            _ => return None,
        }
    }
}

/// The time of day, with the date if it is another day's.
fn clock(time: SystemTime) -> String {
    let Ok(time) = Timestamp::try_from(time) else {
        return String::new();
    };
    let zone = TimeZone::system();
    let (time, now) = (zone.to_datetime(time), zone.to_datetime(Timestamp::now()));
    let (hour, minute) = (time.hour(), time.minute());
    match time.date() == now.date() {
        true => format!("{hour:02}:{minute:02}:{:02}", time.second()),
        false => format!("{} {hour:02}:{minute:02}", time.date()),
    }
}
