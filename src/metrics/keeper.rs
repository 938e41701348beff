//! One PBX: its events are counted, and its questions asked one after the other
//! when somebody wants to know.

use super::board::Board;
use super::label::label;
use super::question::{ALL, FAMILIES, Figures, Question, Reading};
use crate::ami::{Classes, Reply, Status, Ticket};
use crate::catalog::{Listing, absent};
use crate::diagnosis::{is_denied, permission_hint};
use crate::exit_code::Code;
use crate::session::{Answer, Arrival, Arrived, Gap, Session, Wake};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// How often it is looked whether nothing is in flight, while figures are wanted.
const GLANCE: Duration = Duration::from_millis(100);

/// How one PBX is kept.
pub struct Keeping<'a> {
    /// What is known of all.
    pub board: &'a Board,
    /// Its number, from 0.
    pub number: usize,
    /// Count events, until the link is over for good; otherwise one round of
    /// questions is all.
    pub stays: bool,
    /// End a link over which no question is answered.
    pub renews: bool,
    /// Do not tell what is not known of it.
    pub quiet: bool,
    /// Shows a message.
    pub say: &'a dyn Fn(&str),
}

/// What one PBX is asked on this link.
struct Keeper<'a> {
    keeping: &'a Keeping<'a>,
    session: &'a Arc<Session>,
    figures: Figures,
    listing: Option<Listing>,
    /// What it refused, which is not asked again.
    refused: Vec<&'static str>,
    /// What was told already.
    told: Vec<&'static str>,
    round: Option<Asking>,
}

/// A round of questions.
struct Asking {
    /// How many questions were asked or left out.
    next: usize,
    ticket: Ticket,
    question: Question,
    at: SystemTime,
    reading: Reading,
}

/// What follows an arrival.
#[derive(PartialEq, Eq)]
enum Next {
    Go,
    End,
}

/// Keeps `session` until its link is over for good, or until its one round is.
pub fn keep(keeping: &Keeping<'_>, session: &Arc<Session>) {
    let mut keeper = Keeper {
        keeping,
        session,
        figures: Figures::default(),
        listing: None,
        refused: Vec::new(),
        told: Vec::new(),
        round: None,
    };
    if keeping.stays {
        // If the link has ended, that is the first arrival.
        let _ = session.ask_events(Classes::ALL);
    }
    keeper.open();
    loop {
        let until = keeper.is_wanted().then(|| Instant::now() + GLANCE);
        let next = match session.next(until) {
            Wake::Arrived(arrived) => keeper.take(arrived),
            Wake::Interrupted | Wake::Nudged | Wake::Timeout => Next::Go,
        };
        if next == Next::End {
            break;
        }
        // News of a new link come before it can be used.
        if keeper.is_wanted() && session.is_open() && session.is_quiet() {
            keeper.keeping.board.begin(keeping.number);
            keeper.ask(0);
        }
    }
    if keeping.stays {
        keeping.board.over(keeping.number);
    }
}

impl Keeper<'_> {
    fn open(&mut self) {
        let banner = self.session.banner();
        let version = banner.rsplit(|byte| *byte == b'/').next();
        let ami = version.map(|version| label(version.trim_ascii()));
        self.listing = None;
        self.refused.clear();
        let number = self.keeping.number;
        self.keeping.board.opened(number, self.session, ami);
    }

    fn is_wanted(&self) -> bool {
        let stations = &self.keeping.board.stations;
        let station = stations.get(self.keeping.number);
        self.round.is_none() && station.is_some_and(|one| one.is_wanted())
    }

    fn take(&mut self, arrived: Arrived) -> Next {
        let counts = match self.keeping.board.stations.get(self.keeping.number) {
            Some(station) => &station.counts,
            None => return Next::End,
        };
        let news = arrived.what.news();
        let mut next = Next::Go;
        match arrived.what {
            Arrival::Event(event) => counts.event(event.get("Privilege")),
            Arrival::Part(ticket, item) => {
                let round = self.round.as_mut();
                if let Some(asked) = round.filter(|asked| asked.ticket == ticket) {
                    asked.reading.item(&item);
                }
            }
            Arrival::Answer(ticket, answer) => {
                match (self.round.take_if(|asked| asked.ticket == ticket), answer) {
                    (Some(asked), answer) => next = self.answered(asked, answer, arrived.time),
                    (None, Answer::TimedOut(_)) => self.give_up("Events"),
                    (None, Answer::Reply(reply)) if reply.status() == Status::Error => {
                        self.refused_events(&reply);
                    }
                    (None, _) => {}
                }
            }
            Arrival::Gap(gap) => {
                counts.gap(gap);
                if matches!(gap, Gap::Reconnect { .. }) {
                    self.open();
                }
            }
            Arrival::Back(_) => {
                counts.reconnect();
                self.open();
            }
            Arrival::Ended(_, again) | Arrival::StillDown(_, again) => {
                self.round = None;
                let code = (!self.keeping.stays).then_some(Code::Unknown);
                self.keeping.board.down(self.keeping.number, code);
                if !again {
                    next = Next::End;
                }
            }
            Arrival::Late(_)
            | Arrival::Unsolicited(_)
            | Arrival::NotRenewed(..)
            | Arrival::Unchecked => {}
        }
        if let Some(words) = news {
            (self.keeping.say)(&words);
        }
        next
    }

    /// Asks the first question, from the one with this number on, that this PBX may
    /// have an answer to.
    fn ask(&mut self, from: usize) -> Next {
        let questions = ALL.iter().enumerate().skip(from);
        let mut due = questions.filter(|(_, (question, name))| self.is_due(*question, name));
        let Some((number, (question, _))) = due.next() else {
            self.keeping.board.done(self.keeping.number, true);
            return self.after();
        };
        let at = SystemTime::now();
        let sent = self
            .session
            .send_flowing(question.action(), self.session.patience());
        match sent {
            Ok((ticket, _)) => {
                self.round = Some(Asking {
                    next: number + 1,
                    ticket,
                    question: *question,
                    at,
                    reading: Reading::of(*question),
                });
            }
            // The link has ended, which will be heard.
            Err(_) => self.keeping.board.done(self.keeping.number, false),
        }
        Next::Go
    }

    /// What follows a round.
    fn after(&self) -> Next {
        match self.keeping.stays {
            true => Next::Go,
            false => Next::End,
        }
    }

    fn is_due(&self, question: Question, name: &'static str) -> bool {
        let listing = self.listing.as_ref();
        match question {
            Question::Ping => return true,
            Question::Listing => return listing.is_none(),
            Question::Settings if self.figures.version.is_some() => return false,
            Question::OldChannels if self.may("CoreShowChannels") => return false,
            _ => {}
        }
        self.may(name)
    }

    fn may(&self, name: &str) -> bool {
        let listing = self.listing.as_ref().filter(|listing| !listing.is_empty());
        !self.refused.contains(&name)
            && absent(name, &self.session.banner(), self.session.built_in()).is_none()
            && listing.is_none_or(|listing| listing.is_cut() || listing.get(name).is_some())
    }

    fn answered(&mut self, asked: Asking, answer: Answer, time: SystemTime) -> Next {
        let Asking {
            next,
            question,
            at,
            mut reading,
            ..
        } = asked;
        let reply = match answer {
            Answer::Reply(reply) => reply,
            // The end of the link comes next.
            Answer::Lost(_) => return Next::Go,
            Answer::TimedOut(_) => {
                self.keeping.board.done(self.keeping.number, false);
                self.give_up(&question.action().name());
                return self.after();
            }
        };
        if reply.flown.is_none() {
            reply.items.iter().for_each(|item| reading.item(item));
        }
        let number = self.keeping.number;
        match question {
            Question::Ping => {
                let ping = time.duration_since(at).unwrap_or_default();
                self.keeping.board.ponged(number, ping);
            }
            Question::Listing => {
                self.listing = Some(Listing::of(&reply));
                self.tell_lacking();
            }
            _ if self.is_whole(question, &reply) => reading.finish(&reply, &mut self.figures),
            _ => question.forget(&mut self.figures),
        }
        self.keeping.board.answered(number, &self.figures);
        self.ask(next)
    }

    /// Nothing is asked behind a question that hangs, so its link is of no use.
    fn give_up(&self, name: &str) {
        let renews = self.keeping.stays && self.keeping.renews;
        let words = match renews {
            true => ": the connection counts as dead",
            false => "",
        };
        (self.keeping.say)(&format!("no answer to {name} in time{words}"));
        if renews {
            self.session.reconnect();
        }
    }

    fn refused_events(&mut self, reply: &Reply) {
        let message = reply.message().unwrap_or_default();
        let words = format!("events are not counted: {}", message.terminal());
        self.tell("Events", &words);
    }

    /// Whether `reply` tells figures. What was refused is not asked again.
    fn is_whole(&mut self, question: Question, reply: &Reply) -> bool {
        if reply.status() != Status::Error {
            return reply.shortfall().is_none();
        }
        let message = reply.message().unwrap_or_default();
        // `No endpoints found` is an empty list, told as an Error.
        if message.starts_with("No ") && message.mentions("found") {
            return true;
        }
        let action = question.action();
        let name = ALL.iter().find(|(one, _)| *one == question);
        if let Some((_, name)) = name
            && question != Question::Count
            && (is_denied(reply) || message.starts_with("Invalid/unknown command"))
        {
            self.refused.push(name);
            let user = self.session.user();
            let hint = permission_hint(&action, reply, user.as_deref(), &self.session.banner());
            if let Some(hint) = hint {
                self.tell(name, &format!("no figures of {name}: {hint}"));
            }
        }
        false
    }

    /// Tells once what this user is not told of, or no module knows.
    fn tell_lacking(&mut self) {
        for (family, names) in FAMILIES {
            if !self.keeping.quiet && !names.iter().any(|name| self.may(name)) {
                let names = names.join(", ");
                let words = format!(
                    "no figures of {family}: this server lists none of {names} for its user: write= in manager.conf lacks a class, or a module is not loaded"
                );
                self.tell(family, &words);
            }
        }
    }

    fn tell(&mut self, what: &'static str, words: &str) {
        if !self.told.contains(&what) {
            self.told.push(what);
            (self.keeping.say)(words);
        }
    }
}
