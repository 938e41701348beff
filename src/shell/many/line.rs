//! A line of a shell on several PBXs.

use super::super::Shell;
use super::super::display::{Display, size};
use super::aim::parts;
use super::roster::{Entry, State};
use crate::engine::{Face, Flow, Lookup, Rules, Shared, Source, explained, intended};
use crate::fleet::{self, Chosen, Line, Streams};
use crate::language::{
    Builtin, Command, Fault, Filter, Setting, Statement, Then, check, raw_packet_open,
};
use crate::session::Classes;
use std::io::{self, Write};
use std::sync::Arc;

/// How a statement is carried out on several PBXs.
enum How {
    /// Here, by the one that leads.
    Here,
    /// On each.
    Each,
    /// Not at all, since `/name` is for one.
    ForOne(&'static str),
}

impl Shell<'_> {
    /// Runs `text`, each line on whom it is for.
    pub(in crate::shell) fn typed_to_many(&mut self, text: &str) -> Flow {
        for part in parts(text, |text| raw_packet_open(text.as_bytes())) {
            if self.signalled.is_interrupted() {
                self.say("the lines behind it were not sent");
                return Flow::Stop;
            }
            let Some(names) = part.names else {
                if self.typed_here(&part.text) == Flow::Leave {
                    return Flow::Leave;
                }
                continue;
            };
            let Some(many) = &self.many else { continue };
            let choice = many.named(&names, &self.context.settings.config);
            let flow = match choice {
                Err(why) => {
                    self.say(&why);
                    return Flow::Stop;
                }
                Ok(_) if part.text.trim().is_empty() => {
                    self.say(&format!(
                        "@{names} is for a line behind it; /use @{names} sends it every line"
                    ));
                    Flow::Stop
                }
                Ok(choice) => {
                    self.aim(choice);
                    let flow = self.typed_here(&part.text);
                    self.aim_as_usual();
                    flow
                }
            };
            if flow == Flow::Leave {
                return Flow::Leave;
            }
        }
        Flow::Go
    }

    /// Runs a statement on several PBXs, if it is for several. None: it is not.
    pub(in crate::shell) fn statement_of_many(&mut self, statement: &Statement) -> Option<Flow> {
        let many = self.many.as_ref()?;
        let chosen = many.roster.chosen(&many.now);
        let is_one = chosen.len() == 1 && chosen.iter().all(|one| one.member().is_some());
        match how(statement) {
            How::Here => return None,
            _ if is_one => return None,
            How::ForOne(name) => {
                let first = chosen.first().map_or("NAME", |one| &one.pbx.name[..]);
                self.say(&format!(
                    "{name} is for one PBX at a time: name it, as in @{first} {name} …"
                ));
                return Some(Flow::Stop);
            }
            How::Each => {}
        }
        self.on_each(statement, &chosen);
        Some(Flow::Go)
    }

    fn on_each(&mut self, statement: &Statement, entries: &[Entry]) {
        let chosen: Vec<Chosen> = entries.iter().filter_map(chosen).collect();
        if !chosen.is_empty() {
            let allowed = self.allowed_on(statement, entries);
            let shown = allowed.and_then(|()| self.shown_of(statement, &chosen));
            if let Err(why) = shown {
                return self.say(&why);
            }
        }
        for entry in entries {
            if let State::Out(out) = &entry.state {
                let (name, why) = (&entry.pbx.name, out.in_short());
                self.say(&format!("{name}: not connected, nothing was sent: {why}"));
            }
        }
    }

    /// May it be sent, by what can be known before?
    fn allowed_on(&mut self, statement: &Statement, entries: &[Entry]) -> Result<(), String> {
        if matches!(statement.then, Then::Pipe(_)) {
            self.admits_local()?;
        }
        self.checked_for_many(&statement.command)?;
        self.consent_of_many(statement, entries)
    }

    /// Carries it out on `chosen` and shows what they answer, or has a local command
    /// read it.
    fn shown_of(&mut self, statement: &Statement, chosen: &[Chosen]) -> Result<(), String> {
        let (piped, then) = match &statement.then {
            Then::Pipe(command) => (Some(command), Then::Show),
            then => (None, then.clone()),
        };
        self.display.measure();
        let mut printer = self.context.printer.clone();
        {
            let transcript = self.lead.transcript.lock();
            let own = &transcript.printer;
            printer.form = own.form;
            printer.look = match piped {
                Some(_) => transcript.piped_printer().look,
                None => own.look,
            };
            printer.set_fields(own.fields().clone());
        }
        let line = Line {
            statement: &Statement {
                then,
                ..statement.clone()
            },
            is_piped: piped.is_some(),
            rules: self.context.rules,
            by_target: self.many.as_ref().is_some_and(|many| many.by_target),
            limit: self.context.settings.buffer,
        };
        let told = fleet::line(&line, chosen, printer, streams(&self.display));
        let fed = match piped {
            _ if told.text.is_empty() => Ok(Flow::Go),
            None => {
                self.paged(&told.text);
                Ok(Flow::Go)
            }
            Some(command) => self.feed(command, &told.text),
        };
        told.words.iter().for_each(|words| self.say(words));
        fed.map(drop)
    }

    /// Checks an Action line by what the one that leads documents. What that does not
    /// have another may, so only what amish does not know either is refused.
    fn checked_for_many(&mut self, command: &Command) -> Result<(), String> {
        let Command::Action(line) = command else {
            return Ok(());
        };
        if self.context.rules.no_check {
            return Ok(());
        }
        let mut checked = check(line, &self.lead.worker.catalog());
        if matches!(checked, Err(Fault::Unknown { .. })) {
            // A module may have been loaded since.
            let known = self.catalog(Lookup::Listing)?;
            let known = known.unwrap_or_else(|| self.lead.worker.catalog());
            checked = check(line, &known);
        }
        match checked {
            Ok(_) | Err(Fault::NotListed { .. }) => Ok(()),
            Err(fault) => Err(explained(&fault)),
        }
    }

    /// Asks the person before something is changed on several PBXs.
    fn consent_of_many(&mut self, statement: &Statement, chosen: &[Entry]) -> Result<(), String> {
        let is_asked = |one: &&Entry| {
            let destination = &one.pbx.destination;
            one.member().is_some() && destination.confirm && !destination.read_only
        };
        let names = chosen.iter().filter(is_asked);
        let names: Vec<&str> = names.map(|one| &one.pbx.name[..]).collect();
        if names.is_empty() || self.in_script || self.context.rules.read_only {
            return Ok(());
        }
        let reading = Rules {
            read_only: true,
            ..self.context.rules
        };
        let is_script = matches!(statement.command, Command::Builtin(Builtin::Source(_)));
        if !is_script && Source::one(statement.command.clone(), reading).is_ok() {
            return Ok(());
        }
        let changing = fleet::changing(&names);
        let intended = intended(&statement.command, &self.lead.worker.catalog());
        let danger = intended.and_then(Result::ok);
        let danger = danger.and_then(|(action, _)| self.context.rules.warning(&action));
        self.ask_consent(&match danger {
            Some(danger) => format!("{danger}\n{changing}"),
            None => changing,
        })
    }

    /// What concerns how things are shown, and what is shown, is so for all.
    pub(in crate::shell) fn settle_many(&mut self, statement: &Statement) {
        let Some(many) = &self.many else { return };
        let chosen = || many.roster.chosen(&many.now).into_iter();
        let lead = self.lead.transcript.clone();
        match &statement.command {
            Command::Builtin(Builtin::Set(Some(setting))) => {
                for member in many.roster.members() {
                    member.transcript.lock().set(setting);
                    if let Setting::Timeout(time) = setting {
                        member.session.set_patience(*time);
                    }
                }
            }
            Command::Builtin(Builtin::Timing(_)) => {
                let on = lead.lock().timing;
                for member in many.roster.members() {
                    member.transcript.lock().timing = on;
                }
            }
            Command::Builtin(Builtin::Filter(Filter::Off | Filter::Only(_))) => {
                let filter = lead.lock().filter.clone();
                for entry in chosen() {
                    if let Some(member) = entry.member() {
                        member.transcript.lock().filter.clone_from(&filter);
                    }
                }
            }
            Command::Builtin(Builtin::Events(Some(_))) => self.begin_rows(&lead),
            _ => return,
        }
        // A test of _pbx holds for all events of one, or for none.
        for entry in chosen() {
            if let Some(member) = entry.member() {
                let mut transcript = member.transcript.lock();
                let filter = transcript.filter.take();
                transcript.filter = filter.map(|filter| filter.at_pbx(&entry.pbx.name));
            }
        }
    }
}

impl Shell<'_> {
    /// The header row of events of several PBXs, in forms that have one.
    fn begin_rows(&self, lead: &Shared) {
        let mut printer = lead.lock().printer.clone();
        let is_on = self.lead.session.events() != Classes::NONE;
        if is_on && printer.fields().named().is_some() {
            let mut head = Vec::new();
            printer.begin_merged(&mut head);
            self.display.show(&head);
        }
    }
}

fn how(statement: &Statement) -> How {
    match &statement.command {
        Command::Builtin(builtin) => match builtin {
            Builtin::Calls
            | Builtin::Doctor(_)
            | Builtin::Events(Some(_))
            | Builtin::Follow(_)
            | Builtin::Last(_)
            | Builtin::Reconnect
            | Builtin::Source(_)
            | Builtin::Top
            | Builtin::Whoami => How::Each,
            Builtin::Save(_) => How::ForOne("/save"),
            Builtin::Watch(_) => How::ForOne("/watch"),
            Builtin::Vertical => How::ForOne("/x"),
            Builtin::Events(None)
            | Builtin::Filter(_)
            | Builtin::Help(_)
            | Builtin::History
            | Builtin::Interactive(_)
            | Builtin::Quit
            | Builtin::Set(_)
            | Builtin::Timing(_) => How::Here,
        },
        Command::Local(_) => How::Here,
        _ => How::Each,
    }
}

fn chosen(entry: &Entry) -> Option<Chosen> {
    let member = entry.member()?;
    Some(Chosen {
        name: entry.pbx.name.clone(),
        session: member.session.clone(),
        transcript: member.transcript.clone(),
        read_only: entry.pbx.destination.read_only,
    })
}

/// What is shown while the line is carried out.
fn streams(display: &Arc<Display>) -> Streams {
    Streams {
        out: Box::new(Shown(display.clone())),
        err: Box::new(Shown(display.clone())),
        columns: size().map_or(usize::MAX, |(width, _)| width),
        prefix: "",
    }
}

/// The terminal as an output.
struct Shown(Arc<Display>);

impl Write for Shown {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.show(text);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
