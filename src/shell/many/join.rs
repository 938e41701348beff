//! PBXs that come to a shell on several, and go: those that were not reached at the
//! start, `/connect` and `/disconnect`.

use super::super::display::Display;
use super::super::gate::Gate;
use super::super::member::Member;
use super::super::pump::Pumps;
use super::super::{Connect, Shell};
use super::choice::Choice;
use super::roster::{Entry, Out, Roster, State};
use super::{Maker, Many, ONE};
use crate::error::Error;
use crate::fleet::Unopened;
use crate::session::{Backoff, Classes, Session};
use crate::settings::Pbx;
use std::sync::Arc;

/// What a thread needs that connects to one more PBX.
struct Joining {
    pbx: Pbx,
    connect: Connect,
    roster: Arc<Roster>,
    maker: Arc<Maker>,
    gate: Arc<Gate>,
    pumps: Arc<Pumps>,
    display: Arc<Display>,
}

impl Joining {
    /// Tries until there is a session, or another try would be pointless.
    fn run(&self) {
        let mut backoff = Backoff::default();
        let name = &self.pbx.name;
        loop {
            std::thread::sleep(backoff.pause());
            // It may have been taken away, or connected to by hand.
            let entry = self.roster.entry(name);
            if !matches!(
                entry,
                Some(Entry {
                    state: State::Out(_),
                    ..
                })
            ) {
                return;
            }
            match (self.connect)(&self.pbx.destination) {
                Ok(session) => {
                    if let Err(why) = self.join(session) {
                        self.display.tell_later(format!("{name}: {why}"));
                    }
                    return;
                }
                Err(error) if error.is_temporary() => {
                    self.roster.set_out(name, Out::of(Unopened::of(&error)));
                }
                Err(error) => {
                    self.roster.set_out(name, Out::of(Unopened::of(&error)));
                    let words = format!("{name}: not tried again: {error}; /connect {name} does");
                    return self.display.tell_later(words);
                }
            }
        }
    }

    /// The PBX is one of the shell now.
    fn join(&self, session: Arc<Session>) -> Result<(), Error> {
        let lead = self.gate.lead();
        let member = self.maker.member(&self.pbx, session.clone());
        member.like(&lead);
        let is_here = self.roster.set(&self.pbx.name, State::In(member.clone()));
        if !is_here || !self.gate.add(member.clone()) {
            session.close();
            return Ok(());
        }
        self.pumps.start(&member).map_err(Error::Thread)?;
        self.display
            .tell_later(format!("{}: connected", self.pbx.name));
        let events = lead.session.events();
        if events != Classes::NONE {
            session.ask_events(events)?;
        }
        Ok(())
    }
}

impl Member {
    /// Shows what it has as `lead` does.
    fn like(&self, lead: &Member) {
        let theirs = lead.transcript.lock();
        let mut own = self.transcript.lock();
        own.printer.form = theirs.printer.form;
        own.printer.look = theirs.printer.look;
        own.printer.set_fields(theirs.printer.fields().clone());
        own.timing = theirs.timing;
        own.color = theirs.color;
        own.pager = theirs.pager;
        own.filter.clone_from(&theirs.filter);
    }
}

impl Shell<'_> {
    fn joining(&self, many: &Many, pbx: Pbx) -> Joining {
        Joining {
            pbx,
            connect: self.context.connect.clone(),
            roster: many.roster.clone(),
            maker: many.maker.clone(),
            gate: self.gate.clone(),
            pumps: self.pumps.clone(),
            display: self.display.clone(),
        }
    }

    /// Goes on trying to connect to those that were not reached.
    pub(super) fn join_later(&self) {
        let Some(many) = &self.many else { return };
        for entry in many.roster.entries() {
            if matches!(&entry.state, State::Out(out) if out.is_temporary) {
                let joining = self.joining(many, entry.pbx);
                let thread = std::thread::Builder::new().name("join".into());
                // Without a thread /connect does it.
                let _ = thread.spawn(move || joining.run());
            }
        }
    }

    /// `/connect` among several: one more, or one that was not reached.
    pub(in crate::shell) fn connect_one_more(&mut self, word: &str) -> Result<(), String> {
        let Some(many) = &self.many else {
            return Err(ONE.to_owned());
        };
        let settings = self.context.settings;
        let word = word.trim_start_matches('@');
        let entry = many.roster.entry(word);
        let pbx = match entry {
            Some(Entry {
                state: State::In(_),
                ..
            }) => {
                return Err(format!(
                    "{word} is here already; @{word} /reconnect connects it again"
                ));
            }
            Some(entry) => entry.pbx,
            None => {
                let destination = settings.elsewhere(word);
                let destination = destination.map_err(|error| error.to_string())?;
                let name = match settings.config.profile(word) {
                    Some(profile) => &profile.name,
                    None => word.rsplit_once('@').map_or(word, |(_, place)| place),
                };
                if many.roster.entry(name).is_some() {
                    return Err(format!("{name} is here already"));
                }
                Pbx {
                    name: name.to_owned(),
                    destination,
                    events: None,
                    filter: None,
                }
            }
        };
        let joining = self.joining(many, pbx.clone());
        let session = self.session_with(pbx.destination.clone())?;
        joining.roster.add_out(pbx);
        let joined = joining.join(session).map_err(|error| error.to_string());
        self.tell_news();
        joined
    }

    /// `/disconnect NAME`
    pub(in crate::shell) fn disconnect(&mut self, word: &str) -> Result<(), String> {
        let Some(many) = &mut self.many else {
            return Err(ONE.to_owned());
        };
        let config = &self.context.settings.config;
        let choice = many.named(word, config)?;
        let leaving = many.roster.chosen(&choice);
        let is_leaving = |one: &Arc<Member>| {
            let mut names = leaving.iter().map(|one| &one.pbx.name);
            names.any(|name| one.name.as_ref() == Some(name))
        };
        if many.roster.members().iter().all(is_leaving) {
            return Err("nothing would be left: quit leaves the shell".to_owned());
        }
        let mut sessions = Vec::new();
        for entry in &leaving {
            let name = &entry.pbx.name;
            many.roster.remove(name);
            if let Some(member) = entry.member() {
                self.gate.remove(name);
                member.worker.end();
                sessions.push(member.session.clone());
            }
        }
        if many.roster.chosen(&many.usual).is_empty() {
            many.usual = Choice::all(many.roster.name());
        }
        super::super::signals::close(sessions);
        let names: Vec<String> = leaving.into_iter().map(|one| one.pbx.name).collect();
        self.say(&format!("{}: disconnected", names.join(", ")));
        Ok(())
    }
}
