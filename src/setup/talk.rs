//! What `init` says, and what it asks.

use crate::error::Error;
use crate::output::{Palette, Role, signs, wrap_message};
use crate::peer_text::visible::{self, pad};
use crate::settings::{Echo, SecretError, Settings, ask};
use crate::streams::{look, print};
use std::io::{self, ErrorKind, IsTerminal};

/// So many answers of no use end it: nobody reads what is wrong with them.
const ANSWERS: usize = 20;

/// The columns of a mark and its words.
const MARK: usize = 21;

/// With less room for words beside their start, they stand below it.
const ROOM: usize = 24;
const INDENT: usize = 4;

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Ok,
    Note,
    Wrong,
}

/// Standard output, and the person at the terminal if there is one.
pub struct Talk {
    palette: Palette,
    columns: usize,
    /// Somebody is there to be asked.
    pub asks: bool,
}

impl Talk {
    /// `unasked`: nobody is.
    pub fn new(settings: &Settings, unasked: bool) -> Talk {
        let is_shown = io::stdout().is_terminal();
        let look = look(settings, is_shown);
        Talk {
            palette: look.palette,
            columns: if is_shown { look.width } else { usize::MAX },
            asks: is_shown && io::stdin().is_terminal() && !unasked,
        }
    }

    /// One line as it is: it is to be copied.
    pub fn line(&self, text: &str) -> Result<(), Error> {
        let text = visible::text(text.as_bytes());
        print(format!("{}\n", signs(&text)).as_bytes()).map(drop)
    }

    pub fn lines(&self, lines: impl IntoIterator<Item = impl AsRef<str>>) -> Result<(), Error> {
        let mut lines = lines.into_iter();
        lines.try_for_each(|line| self.line(line.as_ref()))
    }

    pub fn heading(&self, words: &str) -> Result<(), Error> {
        let words = visible::text(words.as_bytes());
        let words = signs(&words);
        print(format!("\n{}\n", self.palette.paint(Role::Heading, &words)).as_bytes()).map(drop)
    }

    /// Words, broken where the terminal ends, below `start`.
    pub fn say(&self, start: &str, words: &str) -> Result<(), Error> {
        self.hang(start, visible::width(start), words)
    }

    /// `start` takes so many columns without its colours.
    fn hang(&self, start: &str, columns: usize, words: &str) -> Result<(), Error> {
        let words = visible::text(words.as_bytes());
        let words = signs(&words);
        let mut text = String::new();
        let is_narrow = columns > INDENT && self.columns.saturating_sub(columns) < ROOM;
        let columns = if is_narrow { INDENT } else { columns };
        let blanks = " ".repeat(columns);
        let mut start = start;
        if is_narrow {
            if !start.trim().is_empty() {
                text += &format!("{}\n", start.trim_end());
            }
            start = &blanks;
        }
        let room = self.columns.saturating_sub(columns);
        for line in wrap_message(&words, room) {
            text += &format!("{start}{line}\n");
            start = &blanks;
        }
        print(text.as_bytes()).map(drop)
    }

    /// A line of the list of checks.
    pub fn mark(&self, mark: Mark, what: &str, words: &str) -> Result<(), Error> {
        let (sign, word, role) = match mark {
            Mark::Ok => ("✓", "ok", Role::Ok),
            Mark::Note => ("·", "note", Role::Warning),
            Mark::Wrong => ("✗", "wrong", Role::Error),
        };
        let sign = signs(sign);
        let head = format!("{sign} {}", pad(word, 6));
        let head = self.palette.paint(role, &head);
        let start = format!("  {head}  {}", pad(what, MARK - 12));
        self.hang(&start, MARK, words)
    }

    /// Asks until `take` accepts the answer; nothing typed is `usual`.
    pub fn ask<T>(
        &self,
        question: &str,
        usual: &str,
        take: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Error> {
        for _ in 0..ANSWERS {
            let Some(typed) = self.typed(&format!("{question} [{usual}]: "), Echo::On)? else {
                continue;
            };
            let typed = typed.trim();
            match take(if typed.is_empty() { usual } else { typed }) {
                Ok(taken) => return Ok(taken),
                Err(why) => self.say("  ", &why)?,
            }
        }
        Err(Error::Declined)
    }

    pub fn is_yes(&self, question: &str, usual: bool) -> Result<bool, Error> {
        let usual = if usual { "yes" } else { "no" };
        self.ask(question, usual, |typed| match &*typed.to_lowercase() {
            "y" | "yes" => Ok(true),
            "n" | "no" => Ok(false),
            _ => Err("yes or no?".to_owned()),
        })
    }

    /// What is typed is not shown. None: nothing was.
    pub fn secret(&self, question: &str) -> Result<Option<String>, Error> {
        for _ in 0..ANSWERS {
            if let Some(typed) = self.typed(question, Echo::Off)? {
                return Ok(Some(typed).filter(|typed| !typed.is_empty()));
            }
        }
        Err(Error::Declined)
    }

    /// One answer. None: it is told what is wrong with it. Ctrl-D leaves as Ctrl-C
    /// does: taken for Enter, it would write the profile.
    fn typed(&self, question: &str, echo: Echo) -> Result<Option<String>, Error> {
        let why = match ask(question, echo) {
            Ok(Some(typed)) => return Ok(Some(typed)),
            Ok(None) => return Err(SecretError::Interrupted.into()),
            Err(why) => why,
        };
        match why.kind() {
            ErrorKind::Interrupted => Err(SecretError::Interrupted.into()),
            ErrorKind::InvalidData => {
                self.say("  ", &format!("what was typed {why}"))?;
                Ok(None)
            }
            _ => Err(Error::Terminal(why)),
        }
    }
}
