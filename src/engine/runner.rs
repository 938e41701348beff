//! Runs statements one after the other, for any face, showing and judging each
//! answer.

use super::batch::Batch;
use super::face::Face;
use super::flow::{Done, Failure, Flow, Halt};
use super::in_flight::InFlight;
use super::policy::Rules;
use super::rights::Vain;
use super::seen::Seen;
use super::step::Line;
use super::tally::Tally;
use super::transcript::{Shared, Shown};
use crate::catalog::Catalog;
use crate::exit_code::Code;
use crate::language::{Place, Variables};
use crate::output::Printer;
use crate::session::{Session, Wanted};
use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Instant;

/// Runs the statements of one script, or of one input at the prompt.
pub struct Runner<'a> {
    pub(super) session: &'a Session,
    pub(super) transcript: Shared,
    pub(super) face: &'a mut dyn Face,
    pub(super) rules: Rules,
    /// Ask for confirmation before a dangerous Action.
    pub(super) asks: bool,
    pub(super) place: Place,
    /// The name of the script, shown before the line number in messages; empty
    /// at the prompt and for a single Action.
    pub(super) name: &'a str,
    pub(super) code: Code,
    /// Output to be shown once nothing more is waiting.
    pub(super) batch: Batch,
    /// Collects replies instead of passing them to the face.
    pub(super) capture: Option<Capture>,
    pub(super) catalog: Arc<Catalog>,
    pub(super) variables: Variables,
    /// The reply or event that `set` reads.
    pub(super) answered: Option<Shown>,
    /// The events that `expect` may look back at.
    pub(super) seen: Seen,
    /// Keeps the events that `expect` needs turned on, from the first `expect`
    /// on.
    pub(super) expected: Option<Wanted<'a>>,
    /// What is waited for that this user may not read.
    pub(super) vain: Vain,
    /// Actions in flight, in the order of the script.
    pub(super) in_flight: VecDeque<InFlight>,
    pub(super) tally: Tally,
    /// The number of Actions in the script, if known.
    pub(super) total: Option<usize>,
    /// The user has sent Logoff, so the end of the link is expected.
    pub(super) goodbye: bool,
    /// An exchange is under way, and its answer will report the end of the
    /// link.
    pub(super) exchanging: bool,
    /// A moment in the past; waiting until then only takes what is already
    /// there.
    pub(super) began: Instant,
    /// Arrivals taken since the clock was last read.
    pub(super) taken: usize,
    /// Nesting depth of `/source`.
    pub(super) depth: usize,
}

/// Output collected for a local command or for `/watch`.
pub(super) struct Capture {
    pub printer: Printer,
    pub text: Vec<u8>,
}

impl<'a> Runner<'a> {
    /// A runner for the prompt. With `asks`, dangerous Actions are confirmed.
    pub fn at_prompt(
        session: &'a Session,
        transcript: Shared,
        face: &'a mut dyn Face,
        rules: Rules,
        asks: bool,
    ) -> Runner<'a> {
        Runner {
            session,
            transcript,
            face,
            rules,
            asks,
            place: Place::Shell,
            name: "",
            code: Code::Ok,
            batch: Batch::default(),
            capture: None,
            catalog: Arc::default(),
            variables: Variables::default(),
            answered: None,
            seen: Seen::default(),
            expected: None,
            vain: Vain::default(),
            in_flight: VecDeque::new(),
            tally: Tally::default(),
            total: None,
            goodbye: false,
            exchanging: false,
            began: Instant::now(),
            taken: 0,
            depth: 0,
        }
    }

    /// A runner for the script `name`. It uses the built-in documentation only:
    /// a script asks the server nothing beforehand.
    pub fn for_script(
        session: &'a Session,
        transcript: Shared,
        face: &'a mut dyn Face,
        rules: Rules,
        name: &'a str,
    ) -> Runner<'a> {
        Runner {
            place: Place::Script,
            name,
            ..Runner::at_prompt(session, transcript, face, rules, false)
        }
    }

    /// A moment in the past: waiting until then takes what is there.
    pub fn past(&self) -> Instant {
        self.began
    }

    /// The same, with dangerous Actions confirmed.
    pub fn asking(self) -> Runner<'a> {
        Runner { asks: true, ..self }
    }

    /// The summary of a script of more than one Action: if a person is
    /// watching, or if Errors were passed over.
    pub fn summary(&self, watched: bool) -> Option<String> {
        let passed = self.rules.keep_going && self.tally.ok < self.tally.all();
        let wanted = self.tally.all() > 1 && (watched || passed) && !self.quiet();
        wanted.then(|| self.tally.words())
    }

    pub(super) fn is_script(&self) -> bool {
        self.place == Place::Script
    }

    pub(super) fn quiet(&self) -> bool {
        self.transcript.lock().quiet
    }

    /// The printer for replies: without colours and column limits if a command
    /// reads them.
    pub(super) fn printer(&self) -> Printer {
        match &self.capture {
            Some(capture) => capture.printer.clone(),
            None => self.transcript.lock().printer.clone(),
        }
    }

    /// Shows the output collected so far.
    pub fn flush(&mut self) -> io::Result<()> {
        if !self.batch.is_empty() {
            self.transcript.lock().settle(&mut self.batch);
            self.face.show(&self.batch)?;
            self.batch.clear();
        }
        if self.is_script() {
            self.face.progress(self.tally, self.total);
        }
        Ok(())
    }

    pub(super) fn page(&mut self, text: &[u8]) -> io::Result<()> {
        self.flush()?;
        match &mut self.capture {
            Some(capture) => {
                capture.text.extend_from_slice(text);
                Ok(())
            }
            None => self.face.page(text),
        }
    }

    /// Names the `--fields` that no packet had.
    pub fn say_unmet_fields(&mut self) -> io::Result<()> {
        let unmet = self.transcript.lock().printer.unmet();
        unmet.map_or(Ok(()), |words| self.say(&words))
    }

    /// Shows a message of amish's own, after the output collected so far.
    pub fn say(&mut self, words: &str) -> io::Result<()> {
        self.flush()?;
        self.face.say(words);
        Ok(())
    }

    /// As [`Runner::say`], but not with `--quiet`.
    pub(super) fn tell(&mut self, words: &str) -> io::Result<()> {
        match self.quiet() {
            true => Ok(()),
            false => self.say(words),
        }
    }

    pub(super) fn located(&self, line: usize, words: &str) -> String {
        match self.name {
            "" => words.to_owned(),
            name => format!("{name}:{line}: {words}"),
        }
    }

    pub(super) fn fail(&mut self, code: Code, words: &str) -> io::Result<Flow> {
        self.say(words)?;
        self.code = self.code.with(code);
        Ok(Flow::Stop)
    }

    /// Reports what ended a statement half way; `-LINE` forgives exit codes 3
    /// and 7.
    pub(super) fn settled(&mut self, done: Done, line: Line) -> io::Result<Flow> {
        let Failure(code, words) = match done {
            Ok(flow) | Err(Halt::Flow(flow)) => return Ok(flow),
            Err(Halt::Output(why)) => return Err(why),
            Err(Halt::Failed(failure)) => failure,
            Err(Halt::Unsent(error)) => self.not_sent(&error),
        };
        if line.forgiven && matches!(code, Code::Error | Code::Unmet) {
            return Ok(Flow::Go);
        }
        let words = self.located(line.number, &words);
        self.fail(code, &words)?;
        Ok(self.after(code))
    }
}
