//! `/doctor` and `/whoami`: queries the server; [`crate::diagnosis`] interprets
//! the answers.

use crate::diagnosis::{PATIENCE, SessionFacts, doctor, whoami};
use crate::engine::flow::Done;
use crate::engine::runner::Runner;
use crate::language::Suspect;
use crate::output::{Block, views};
use jiff::tz::TimeZone;

impl Runner<'_> {
    pub(super) fn doctor(&mut self, suspect: &Suspect) -> Done {
        let refused = self.transcript.lock().refused.clone();
        let findings = match suspect {
            Suspect::Security => return self.security(),
            Suspect::Session => doctor::examine(&self.facts()?, refused.as_deref()),
            Suspect::Action(name) => doctor::examine_action(&self.facts()?, name),
            Suspect::Event(name) => doctor::examine_event(&self.facts()?, name),
        };
        let mut text = Vec::new();
        views::findings(&mut text, &findings, &self.printer().drawn_look());
        self.screen(&[Block::Text {
            kind: "doctor",
            text,
        }])
    }

    pub(super) fn whoami(&mut self) -> Done {
        let facts = self.facts()?;
        let facts = whoami::rows(&facts, &TimeZone::system());
        self.screen(&[Block::Facts {
            kind: "whoami",
            facts,
        }])
    }

    pub(super) fn facts(&mut self) -> Done<SessionFacts> {
        let session = self.session;
        let patience = PATIENCE.min(session.patience());
        let mut failed = None;
        let facts = SessionFacts::of(session, &mut |question| {
            self.told(question, patience).unwrap_or_else(|error| {
                failed = Some(error);
                None
            })
        });
        match failed {
            Some(error) => Err(error),
            None => Ok(facts),
        }
    }
}
