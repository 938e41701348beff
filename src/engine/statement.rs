//! Runs one statement: its variables, its check, its confirmation, and what it
//! does.

use super::face::Lookup;
use super::flow::{Done, Failure, Flow};
use super::in_flight::{Background, Sent, stands_alone};
use super::runner::{Capture, Runner};
use super::sending::{Manner, completed, is_followed};
use super::step::{Line, Step, sent};
use super::transcript::Shown;
use crate::ami::banner::is_1_4;
use crate::ami::{Action, Classes};
use crate::catalog::{Catalog, absent, needed};
use crate::exit_code::Code;
use crate::language::{
    ActionLine, Assigned, Command, Fault, Then, Usage, check, lacking_of, usage_of, without_secret,
};
use crate::peer_text::visible;
use crate::session::Wanted;
use std::io;
use std::sync::Arc;
use std::time::Instant;

impl Runner<'_> {
    /// Runs `step`.
    pub fn statement(&mut self, step: Step) -> io::Result<Flow> {
        let line = Line::of(&step.statement);
        let done = self.carry_out(step, line);
        self.settled(done, line)
    }

    pub(super) fn carry_out(&mut self, step: Step, line: Line) -> Done {
        let Step { statement, made } = step;
        let command = statement.command.with(&self.variables)?.into_owned();
        match statement.then {
            Then::Show => self.command(command, made, line),
            Then::Pipe(local) => self.piped(command, line, &local),
            Then::Behind(typed) => self.in_background(&command, line, &typed),
        }
    }

    /// `made` is its Action, if checking the script has already built it.
    pub(super) fn command(
        &mut self,
        command: Command,
        made: Option<(Action, Manner)>,
        line: Line,
    ) -> Done {
        match self.sending(&command, made, line)? {
            Some((action, manner))
                if self.rules.window > 1 && !stands_alone(&action, manner, self.rules) =>
            {
                self.send_ahead(action, line)
            }
            sending => {
                // Everything but an Action may depend on earlier answers.
                self.all_landed()?;
                self.flush()?;
                match sending {
                    Some((action, manner)) => self.act(action, manner, line),
                    None => self.own(command, line),
                }
            }
        }
    }

    /// Commands that send no Action of the user's.
    fn own(&mut self, command: Command, line: Line) -> Done {
        match command {
            Command::Echo(text) => {
                let mut transcript = self.transcript.lock();
                transcript.printer.echo(self.batch.text(), &text);
                drop(transcript);
                self.flush()?;
            }
            Command::Sleep(time) => self.rest(Some(Instant::now() + time))?,
            Command::Set { name, value } => self.assign(&name, &value)?,
            Command::Expect(expected) => return self.expect(&expected),
            Command::Fail(text) => {
                let words = match visible::text(&text) {
                    words if words.is_empty() => "fail".to_owned(),
                    words => words.into_owned(),
                };
                return Err(Failure(Code::Unmet, words).into());
            }
            Command::Builtin(builtin) => return self.builtin(builtin, line),
            Command::Local(text) => return Ok(self.face.local(&text, None)?),
            // These are sent.
            Command::Action(_) | Command::Raw(_) | Command::Cli(_) => {}
        }
        Ok(Flow::Go)
    }

    /// `set`: keeps a header of an answer for later lines.
    fn assign(&mut self, name: &str, value: &Assigned) -> Done<()> {
        let key = match value {
            Assigned::Text(text) => return Ok(self.variables.set(name, text.to_vec())?),
            Assigned::Header(key) => key,
        };
        if let Some(found) = self.answered.as_ref().and_then(|one| one.get(key)) {
            return Ok(self.variables.set(name, found)?);
        }
        // A failing `set` must not leave the old value to be used.
        self.variables.unset(name);
        let whose = match self.answered {
            Some(Shown::Reply(_)) => format!("the last reply has no header {key}"),
            Some(Shown::Event(_)) => format!("the expected event has no header {key}"),
            None => "no reply or event has come yet".to_owned(),
        };
        Err(Failure(Code::Unmet, format!("set {name}: {whose}")).into())
    }

    /// The Action to send for `command`, if any and if there is a link;
    /// confirmed if dangerous.
    fn sending(
        &mut self,
        command: &Command,
        made: Option<(Action, Manner)>,
        line: Line,
    ) -> Done<Option<(Action, Manner)>> {
        let catalog = match command {
            Command::Action(line) if !self.is_script() => {
                self.at_hand()?;
                self.checked(line)?
            }
            _ => self.catalog.clone(),
        };
        let Some((action, manner)) = sent(made, command, &catalog).transpose()? else {
            return Ok(None);
        };
        self.at_hand()?;
        let is_1_4 = is_1_4(&self.session.banner());
        let is_unchecked = self.is_script() && manner == Manner::Line;
        let unchecked = is_unchecked.then_some(&*catalog);
        self.rules.admit_keys(&action, unchecked)?;
        let strays = self.rules.strays(command, &catalog).into_iter();
        for words in strays.chain(self.rules.notes(&action, unchecked, is_1_4)) {
            let words = self.located(line.number, &words);
            self.say(&words)?;
        }
        if !self.rules.no_check
            && let Some(words) = unchecked.and_then(|catalog| lacking_of(&action, catalog))
        {
            self.tell(&words)?;
        }
        if self.asks
            && let Some(warning) = self.rules.warning(&action)
        {
            let warning = match self.met(&action)? {
                Some(met) => format!("{warning}: {met}"),
                None => warning,
            };
            self.face.consent(&warning)?;
        }
        Ok(Some((action, manner)))
    }

    /// At the prompt, where nobody waits for a link, there must be one.
    fn at_hand(&self) -> Result<(), Failure> {
        match self.is_script() || self.session.is_open() {
            true => Ok(()),
            false => Err(self.not_connected()),
        }
    }

    /// Checks `line` against what this server can do. Before it is refused the
    /// server is asked again: it may have loaded a module or finished booting
    /// since.
    fn checked(&mut self, line: &ActionLine) -> Result<Arc<Catalog>, String> {
        let catalog = self.known(Lookup::Known)?;
        if self.rules.no_check {
            return Ok(catalog);
        }
        let checked = match check(line, &catalog) {
            Err(Fault::Unknown { .. } | Fault::NotListed { .. }) => {
                let catalog = self.known(Lookup::Listing)?;
                check(line, &catalog).map(|doubt| (catalog, doubt))
            }
            checked => checked.map(|doubt| (catalog, doubt)),
        };
        match checked {
            Ok((catalog, doubt)) => {
                if let Some(doubt) = doubt {
                    self.face.say(&doubt);
                }
                Ok(catalog)
            }
            Err(fault) => {
                if let Fault::NotListed { name, .. } = &fault {
                    self.transcript.lock().refused = Some(name.clone());
                    if let Some(words) =
                        absent(name, &self.session.banner(), self.session.built_in())
                    {
                        return Err(words);
                    }
                }
                Err(explained(&self.for_this_version(fault)))
            }
        }
    }

    /// With the classes that this server's version wants.
    fn for_this_version(&self, fault: Fault) -> Fault {
        match fault {
            Fault::NotListed { name, .. } => {
                let needs = needed(&name, is_1_4(&self.session.banner())).unwrap_or_default();
                Fault::NotListed { name, needs }
            }
            fault => fault,
        }
    }

    pub(super) fn known(&mut self, wanted: Lookup<'_>) -> Result<Arc<Catalog>, String> {
        let known = self.face.catalog(wanted)?;
        Ok(known.unwrap_or_else(|| self.catalog.clone()))
    }

    /// `LINE | cmd`: passes the output to the command. Without output the
    /// command is not run.
    fn piped(&mut self, command: Command, line: Line, local: &str) -> Done {
        self.face.admits_local()?;
        let (flow, text) = self.captured(|runner| {
            let done = runner.command(command, None, line);
            runner.settled(done, line)
        })?;
        if !text.is_empty() {
            self.face.local(local, Some(&text))?;
        }
        Ok(flow)
    }

    /// Runs `work` and returns its output instead of showing it.
    pub(super) fn captured(
        &mut self,
        work: impl FnOnce(&mut Self) -> io::Result<Flow>,
    ) -> io::Result<(Flow, Vec<u8>)> {
        let printer = self.transcript.lock().piped_printer();
        let capture = Capture {
            printer,
            text: Vec::new(),
        };
        let outer = self.capture.replace(capture);
        let done = work(self);
        let capture = std::mem::replace(&mut self.capture, outer);
        let text = capture.map(|capture| capture.text).unwrap_or_default();
        Ok((done?, text))
    }

    /// `LINE &`.
    fn in_background(&mut self, command: &Command, line: Line, typed: &str) -> Done {
        let Some((action, manner)) = self.sending(command, None, line)? else {
            return Err("& works for an Action or `cli TEXT` only".to_owned().into());
        };
        // A user without class call is answered Success all the same, so the
        // answer to Events is not waited for.
        let wanted = match is_followed(&action, manner, self.rules) {
            true => Some(self.session.want(Classes::CALL)?.0),
            false => None,
        };
        let one = Background {
            sent: self.post(action, manner)?,
            line: without_secret(typed).into_owned(),
            asked: line.asked,
        };
        self.session.flush();
        // The prompt is down, so nothing can take the answer before this line.
        let wish = wanted.map(Wanted::keep);
        self.transcript.lock().await_in_background(one, wish);
        // The pump must learn of the new deadline.
        self.session.backlog().nudge();
        Ok(Flow::Go)
    }

    /// Posts an Action to be answered in the background. Originate is sent with
    /// Async: an answer that waits for the call would hold up every later one.
    fn post(&mut self, action: Action, manner: Manner) -> Done<Sent> {
        self.rules.admit(&action)?;
        let action = completed(action, manner, self.rules).map_err(|why| why.to_string())?;
        Ok(Sent::post(self.session, self.rules, action)?)
    }
}

/// `fault` in words, with a hint if only the slash is missing.
pub fn explained(fault: &Fault) -> String {
    let Fault::Unknown { name: typed, .. } = fault else {
        return fault.to_string();
    };
    match usage_of(typed) {
        Some(Usage { name, .. }) => format!("{name} is a command of amish: type /{name}"),
        None => fault.to_string(),
    }
}
