//! The shell as the face of the engine.

use super::Shell;
use super::background::Unanswered;
use crate::catalog::Catalog;
use crate::engine::{About, Batch, Face, Flow, Lookup, Runner};
use crate::language::{Interactive, Statement};
use crate::session::Classes;
use std::io;
use std::sync::Arc;

/// From this length on, in bytes, a text keeps a terminal busy long enough that
/// Ctrl-C must stop it. Only a reply is that long in one piece.
const LONG: usize = 256 * 1024;

impl Face for Shell<'_> {
    fn show(&mut self, batch: &Batch) -> io::Result<()> {
        let text = self.display.text(batch);
        match &mut self.block {
            Some(block) => {
                let text = block.erased() + &text + &block.drawn();
                self.display.show(text.as_bytes());
            }
            None if text.len() > LONG => self.show_whole(text.as_bytes()),
            None => self.display.show(text.as_bytes()),
        }
        self.display.measure();
        Ok(())
    }

    fn page(&mut self, text: &[u8]) -> io::Result<()> {
        self.paged(text);
        Ok(())
    }

    fn say(&mut self, words: &str) {
        self.display.say(words);
    }

    fn consent(&mut self, warning: &str) -> Result<(), String> {
        self.ask_consent(warning)
    }

    fn catalog(&mut self, wanted: Lookup<'_>) -> Result<Option<Arc<Catalog>>, String> {
        let known = self
            .lead
            .worker
            .catalog_with(wanted, &self.lead.session, &self.stop());
        let why = match known {
            Ok(catalog) => return Ok(Some(catalog)),
            Err(Unanswered::Refused) => return Ok(Some(self.lead.worker.catalog())),
            Err(why) => why,
        };
        let Lookup::Event(name) = wanted else {
            return Ok(Some(self.lead.worker.catalog()));
        };
        Err(match why {
            Unanswered::Busy => format!(
                "the server cannot be asked about {name} while an Action is unanswered; try again afterwards"
            ),
            Unanswered::Stopped => {
                format!("stopped waiting: the server has not answered about {name}")
            }
            _ => format!("the server did not answer about {name}; try again"),
        })
    }

    fn logged_in(&mut self) {
        self.lead.worker.study(self.lead.session.clone());
    }

    fn interactive(&mut self, command: &Interactive) -> Result<Flow, String> {
        match command {
            Interactive::Cli => self.turn_cli(),
            Interactive::Connect(target) if self.many.is_some() => self.connect_one_more(target)?,
            Interactive::Connect(target) => self.connect(target)?,
            Interactive::Disconnect(name) => self.disconnect(name)?,
            Interactive::Pbxs => self.list_pbxs()?,
            Interactive::Use(names) => self.use_from_now(names)?,
            Interactive::Edit => self.edit_last()?,
        }
        Ok(Flow::Go)
    }

    fn history(&self) -> Option<String> {
        let entries = self.line.entries().enumerate();
        let line = |(at, entry): (usize, String)| {
            format!("{:5}  {}\n", at + 1, entry.replace('\n', "\n       "))
        };
        Some(entries.map(line).collect())
    }

    fn admits_local(&self) -> Result<(), String> {
        self.local_shell().map(drop)
    }

    fn local(&mut self, command: &str, input: Option<&[u8]>) -> Result<Flow, String> {
        match input {
            Some(input) => self.feed(command, input),
            None => self.local_command(command),
        }
    }

    fn redraw(&mut self, title: &str, text: &str, before: Option<&str>) -> io::Result<()> {
        self.display.measure();
        let look = self.display.printer().look;
        if !look.terminal {
            // In a file nothing can be drawn anew.
            self.display.show(text.as_bytes());
            return Ok(());
        }
        let block = self.block.get_or_insert_default();
        let drawn = block.redrawn(title, text, before, &look);
        self.display.show(drawn.as_bytes());
        Ok(())
    }

    fn redrawn(&mut self) {
        self.block = None;
    }
}

impl Shell<'_> {
    /// Runs `work` with a runner for the current session.
    pub(super) fn with_runner<T>(&mut self, work: impl FnOnce(&mut Runner<'_>) -> T) -> T {
        self.display.measure();
        let lead = self.lead.clone();
        let (rules, asks) = (self.rules, self.asks && !self.in_script);
        let mut runner =
            Runner::at_prompt(&lead.session, lead.transcript.clone(), self, rules, asks);
        work(&mut runner)
    }

    /// Runs one statement. The next read will notice a terminal that is gone.
    pub(super) fn statement(&mut self, statement: Statement) -> Flow {
        if self.many.is_none() {
            return self.statement_here(statement);
        }
        let flow = match self.statement_of_many(&statement) {
            Some(flow) => flow,
            None => self.statement_here(statement.clone()),
        };
        self.settle_many(&statement);
        flow
    }

    fn statement_here(&mut self, statement: Statement) -> Flow {
        self.with_runner(|runner| {
            let flow = runner.statement(statement.into());
            let flushed = runner.flush();
            flow.and_then(|flow| flushed.map(|()| flow))
        })
        .unwrap_or(Flow::Stop)
    }

    /// Shows what has arrived.
    pub(super) fn tell_news(&self) {
        let news = self.display.news(&self.gate.members());
        self.display.show(news.as_bytes());
    }

    /// Asks the server for events of `classes` and no others.
    pub(super) fn show_events(&mut self, classes: Classes) -> Result<(), String> {
        let shown = self.with_runner(|runner| runner.show_events(classes));
        shown.map_err(|why| why.to_string())
    }

    /// Shows the help that `?` asks for.
    pub(super) fn answer(&mut self, about: &About) {
        // As in [`Shell::statement`], the next read will notice a broken
        // terminal.
        let _ = self.with_runner(|runner| runner.help_on(about));
    }

    /// `/connect`: replaces the session, keeping the current one on failure.
    fn connect(&mut self, word: &str) -> Result<(), String> {
        let destination = self.context.settings.elsewhere(word);
        let destination = destination.map_err(|error| error.to_string())?;
        let session = self.session_with(destination.clone())?;
        session.set_patience(self.lead.session.patience());
        self.tell_news();
        let moved = self.lead.moved_to(session);
        let old = std::mem::replace(&mut self.lead, moved);
        self.rules.read_only = destination.read_only;
        self.asks = destination.confirm;
        self.attend();
        old.session.close();
        self.greet();
        Ok(())
    }
}
