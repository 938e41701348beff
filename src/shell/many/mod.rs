//! A shell on several PBXs.
//!
//! Each is a [`Member`] with a session, a transcript and a pump of its own; all
//! show what they have through the one gate. A line is for the PBXs of a
//! [`Choice`]: for one of them it is run as in a shell of its own, for several by
//! [`crate::fleet`], whose answers are shown together.

mod aim;
mod choice;
mod join;
mod line;
mod pbxs;
mod roster;
mod typing;

pub(super) use choice::Choice;
pub(super) use roster::Roster;
pub(super) use typing::{aim_of, names_at};

use super::member::Member;
use super::reserved::Reserved;
use super::{Context, Shell, lock};
use crate::exit_code::Code;
use crate::fleet::Unopened;
use crate::output::{PbxLabel, Printer, Role};
use crate::peer_text::visible::{self, width};
use crate::session::{Classes, Session};
use crate::settings::{Config, Pbx, Settings};
use aim::bare;
use roster::{Entry, State};
use std::io;
use std::sync::Arc;

/// The most columns for the name of a PBX before its events.
const NAME: usize = 20;

/// PBXs, each with its session, or why it has none.
pub type Opened = Vec<(Pbx, Result<Arc<Session>, Unopened>)>;

/// What a shell on several PBXs begins with.
pub struct Several {
    /// What they are together, for the prompt.
    pub name: String,
    /// Each with its session, or why it has none.
    pub pbxs: Opened,
    /// Show what one PBX says after the other, in their order.
    pub by_target: bool,
    /// Taken before their sessions were opened.
    pub reserved: Reserved,
}

/// What a shell on several PBXs has beside that on one.
pub(super) struct Many {
    roster: Arc<Roster>,
    maker: Arc<Maker>,
    by_target: bool,
    /// Whom a line is for that names nobody.
    usual: Choice,
    /// Whom the line that runs is for.
    now: Choice,
}

/// Runs a shell on `several`, of which one is connected at least. As
/// [`super::run`].
///
/// # Errors
/// The terminal cannot be used.
pub fn run_several(several: Several, context: Context<'_>) -> io::Result<Code> {
    let Several {
        name,
        pbxs,
        by_target,
        reserved,
    } = several;
    let maker = Arc::new(Maker {
        settings: context.settings.clone(),
        printer: context.printer.clone(),
        columns: columns(pbxs.iter().map(|(pbx, _)| &pbx.name[..])),
    });
    let roster = Arc::new(Roster::of(name, pbxs, &maker));
    let members = roster.members();
    let Some(lead) = members.first().cloned() else {
        return Err(io::ErrorKind::NotConnected.into());
    };
    let many = Many {
        usual: Choice::all(roster.name()),
        now: Choice::all(roster.name()),
        roster,
        maker,
        by_target,
    };
    super::carry_on(members, lead, Some(many), Some(reserved), context)
}

impl Many {
    pub fn roster(&self) -> &Arc<Roster> {
        &self.roster
    }

    /// Those of `words`.
    fn named(&self, words: &str, config: &Config) -> Result<Choice, String> {
        let known = (self.roster.name(), &self.roster.names()[..]);
        Choice::named(words, known, config)
    }
}

/// What is the same for all members of a shell.
pub(super) struct Maker {
    settings: Settings,
    printer: Printer,
    /// Columns for the names.
    columns: usize,
}

impl Maker {
    /// The member that `pbx` is with `session`.
    fn member(&self, pbx: &Pbx, session: Arc<Session>) -> Arc<Member> {
        let mut transcript = super::transcript(&self.settings, &self.printer);
        let whose = PbxLabel {
            number: 0,
            name: pbx.name.clone(),
            columns: self.columns,
            gathering: None,
        };
        transcript.printer = transcript.printer.of_pbx(whose);
        transcript.printer.target = session.target();
        let filter = transcript.filter.take();
        transcript.filter = filter.map(|filter| filter.at_pbx(&pbx.name));
        let cache = self.settings.cache.clone();
        Member::one_of_many(&pbx.name, session, transcript, cache)
    }
}

/// How wide the names are.
fn columns<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    names.map(width).max().unwrap_or(0).min(NAME)
}

impl Shell<'_> {
    /// The prompt of a shell on several PBXs: whom a line is for.
    pub(super) fn prompt_of_many(&self, many: &Many) -> (String, Role) {
        let label = visible::text(many.usual.label.as_bytes());
        let chosen = many.roster.chosen(&many.usual);
        let is_open = |one: &Entry| one.member().is_some_and(|one| one.session.is_open());
        if !chosen.iter().any(is_open) {
            return (format!("{label} (not connected)> "), Role::Warning);
        }
        if self.in_cli {
            return (format!("{label}*CLI> "), Role::Prompt);
        }
        let events = match self.lead.session.events() == Classes::NONE {
            true => "",
            false => " (events)",
        };
        (format!("{label}{events}> "), Role::Prompt)
    }

    /// `line` without whom it is for.
    pub(super) fn bare<'l>(&self, line: &'l str) -> &'l str {
        match self.many {
            Some(_) => bare(line),
            None => line,
        }
    }

    /// `lines` without whom each is for.
    pub(super) fn all_bare(&self, lines: &str) -> String {
        let lines: Vec<&str> = lines.split('\n').map(|line| self.bare(line)).collect();
        lines.join("\n")
    }

    /// Greets a person who has several PBXs.
    pub(super) fn greet_many(&self, many: &Many) {
        let all = many.roster.entries();
        let mut count = all.len();
        for entry in &all {
            if let State::Out(out) = &entry.state {
                count -= 1;
                let name = &entry.pbx.name;
                let again = match out.is_temporary {
                    true => "; trying again",
                    false => "",
                };
                self.say(&format!("{name}: {}{again}", out.why));
            }
        }
        if !self.context.settings.quiet {
            let all = all.len();
            self.say(&format!(
                "{count} of {all} PBXs connected; @NAME LINE is for one, /pbxs lists them; type help"
            ));
        }
    }

    /// Points all parts of the shell to the PBXs, and goes on trying those that were
    /// not reached.
    pub(super) fn attend_to_many(&mut self) {
        self.join_later();
        self.aim_as_usual();
    }

    /// From now on lines are for `choice`: one of it leads.
    pub(super) fn aim(&mut self, choice: Choice) {
        let Some(many) = &mut self.many else { return };
        let chosen = many.roster.chosen(&choice);
        many.now = choice;
        let members = || chosen.iter().filter_map(Entry::member);
        let open = members().find(|one| one.session.is_open());
        let lead = open.or_else(|| members().next());
        let lead = lead.or_else(|| many.roster.members().first().cloned());
        let Some(lead) = lead else { return };
        let mut pbxs = chosen.iter().map(|one| &one.pbx);
        if let Some(pbx) = pbxs.find(|pbx| lead.name.as_ref() == Some(&pbx.name)) {
            self.asks = pbx.destination.confirm;
            self.rules.read_only = self.context.rules.read_only || pbx.destination.read_only;
        }
        self.gate.set_lead(lead.clone());
        self.lead = lead;
        self.ask_again();
    }

    /// Lines that name nobody are for whom they were for before.
    pub(super) fn aim_as_usual(&mut self) {
        if let Some(usual) = self.many.as_ref().map(|many| many.usual.clone()) {
            self.aim(usual);
        }
    }

    /// `/use @NAMES`
    pub(super) fn use_from_now(&mut self, words: &str) -> Result<(), String> {
        let Some(many) = &mut self.many else {
            return Err(ONE.to_owned());
        };
        many.usual = many.named(words, &self.context.settings.config)?;
        self.aim_as_usual();
        Ok(())
    }
}

/// Said of a command for several PBXs.
const ONE: &str = "this shell is on one PBX: amish @all, @GROUP or a,b begins one on several";
