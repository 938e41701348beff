//! The confirmation of dangerous Actions.
//!
//! The answer is read without the editor, whose history, hints and function
//! keys could answer instead of the person. Only keys pressed after the
//! question count. If something was typed ahead, nothing is sent, and the typed
//! text stays for the prompt.

use super::Shell;
use super::job;
use super::keyboard::{self, Typed};
use super::terminal::{Borrowed, Terminal, prompted};
use crate::ami::Action;
use crate::catalog::Catalog;
use crate::engine::{Rules, intended};
use crate::language::Command;
use crate::output::Role;
use crate::peer_text::visible;
use crate::settings::{EchoGuard, Settings, starter};
use nix::sys::signal::{Signal, raise};
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

const QUESTION: &str = "send it? [y/N] ";

/// Longer than any answer that counts.
const LONGEST: usize = 16;

/// Erases the question, to show events above it.
const ERASE: &[u8] = b"\r\x1b[K";

const CTRL_C: u8 = 3;
const CTRL_D: u8 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    /// Ctrl-C.
    Interrupted,
    /// Ctrl-\.
    Quit,
    /// Keys were pressed before the question appeared.
    Ahead,
}

impl Answer {
    /// Why nothing is sent; None if it is.
    fn refusal(self) -> Option<&'static str> {
        match self {
            Answer::Yes => None,
            Answer::No | Answer::Interrupted | Answer::Quit => Some("nothing was sent"),
            Answer::Ahead => Some(
                "nothing was sent: keys were pressed before the question appeared; send it again, then answer",
            ),
        }
    }
}

/// What a single `command` sends and what that will do, if it is dangerous and
/// someone can answer.
pub fn doubt(settings: &Settings, rules: Rules, command: &Command) -> Option<(Action, String)> {
    let asks = io::stdin().is_terminal() && settings.destination.confirm && !settings.dry_run;
    let intended = intended(command, &Catalog::default()).filter(|_| asks)?;
    let (action, _) = intended.ok()?;
    let warning = rules.warning(&action)?;
    Some((action, warning))
}

/// Asks, without a shell, whether to do what `warning` says. `leaving` is done
/// if a signal ends the program meanwhile.
///
/// # Errors
/// The terminal cannot be used.
pub fn consent(warning: &str, leaving: impl Fn() + Send + 'static) -> io::Result<bool> {
    // A signal restores the terminal and ends the program.
    let _asking = EchoGuard::begin(leaving)?;
    let borrowed = Borrowed(Arc::new(Terminal::save()));
    let question = Question {
        painted: QUESTION,
        stop_key: borrowed.0.stop_key(),
        quit_key: borrowed.0.quit_key(),
        stop: &starter::stop,
        news: &|| None,
    };
    let mut out: Box<dyn Write> = match io::stderr().is_terminal() {
        true => Box::new(io::stderr()),
        false => prompted(),
    };
    writeln!(out, "{}", visible::text(warning.as_bytes()))?;
    borrowed.0.set_asking();
    let answer = question.ask(&mut *out, keyboard::is_ahead())?;
    drop(borrowed);
    if answer == Answer::Interrupted {
        // As if the key had raised the signal; the handler ends amish.
        let _ = raise(Signal::SIGINT);
    }
    if answer == Answer::Ahead {
        writeln!(out, "{}", answer.refusal().unwrap_or_default())?;
    }
    Ok(answer.refusal().is_none())
}

impl Shell<'_> {
    /// Asks whether to do what `warning` says.
    pub(super) fn ask_consent(&mut self, warning: &str) -> Result<(), String> {
        let palette = self.display.printer().look.palette;
        let question = Question {
            painted: &palette.paint(Role::Warning, QUESTION),
            stop_key: self.terminal.stop_key(),
            quit_key: self.terminal.quit_key(),
            stop: &|| self.job.ask_to_stop(),
            news: &|| {
                let news = self.display.news(&self.gate.members());
                let erase = if self.line.is_plain() { b"\n" } else { ERASE };
                (!news.is_empty()).then(|| [erase, news.as_bytes()].concat())
            },
        };
        self.say(warning);
        self.terminal.set_asking();
        let answer = question.ask(&mut *prompted(), self.line.is_ahead());
        self.terminal.set_quiet();
        // The next prompt will notice a broken terminal.
        let answer = answer.unwrap_or(Answer::No);
        if answer == Answer::Interrupted {
            self.signalled.interrupt();
        }
        match answer.refusal() {
            None => Ok(()),
            Some(words) => Err(words.to_owned()),
        }
    }
}

/// A question on a terminal in a mode that delivers each key, Ctrl-C included.
struct Question<'a> {
    /// [`QUESTION`], in colour if colours are on.
    painted: &'a str,
    /// The suspend key, and what it does.
    stop_key: Option<char>,
    stop: &'a dyn Fn(),
    /// The quit key, which ends amish.
    quit_key: Option<char>,
    /// New arrivals to show, with the bytes that make room for them.
    news: &'a dyn Fn() -> Option<Vec<u8>>,
}

impl Question<'_> {
    /// Asks on `out`. `ahead`: something was typed before.
    fn ask(&self, out: &mut dyn Write, ahead: bool) -> io::Result<Answer> {
        if ahead {
            return Ok(Answer::Ahead);
        }
        out.write_all(self.painted.as_bytes())?;
        out.flush()?;
        let answer = self.read(out)?;
        out.write_all(b"\n")?;
        Ok(answer)
    }

    fn read(&self, out: &mut dyn Write) -> io::Result<Answer> {
        let mut answer: Vec<u8> = Vec::new();
        loop {
            // One byte at a time: what follows the answer belongs to the next
            // reader.
            let key = match keyboard::read(1) {
                Typed::Bytes(bytes) => bytes.first().copied(),
                Typed::Nothing => None,
                Typed::End => return Ok(Answer::No),
            };
            match key {
                None => {
                    if let Some(news) = (self.news)() {
                        out.write_all(&news)?;
                        self.repeat(out, &answer)?;
                    }
                }
                Some(b'\r' | b'\n') => return Ok(meant(&answer)),
                Some(CTRL_C) => return Ok(Answer::Interrupted),
                Some(CTRL_D) => return Ok(Answer::No),
                Some(key) if self.quit_key == Some(char::from(key)) => {
                    job::quit();
                    return Ok(Answer::Quit);
                }
                Some(key) if self.stop_key == Some(char::from(key)) => {
                    (self.stop)();
                    self.repeat(out, &answer)?;
                }
                Some(b'\x08' | b'\x7f') => {
                    if answer.pop().is_some_and(is_shown) {
                        out.write_all(b"\x08 \x08")?;
                    }
                }
                Some(key) if answer.len() < LONGEST => {
                    answer.push(key);
                    if is_shown(key) {
                        out.write_all(&[key])?;
                    }
                }
                Some(_) => {}
            }
            out.flush()?;
        }
    }

    /// Repeats the question below what was shown meanwhile.
    fn repeat(&self, out: &mut dyn Write, answer: &[u8]) -> io::Result<()> {
        out.write_all(self.painted.as_bytes())?;
        let shown: Vec<u8> = answer
            .iter()
            .copied()
            .filter(|key| is_shown(*key))
            .collect();
        out.write_all(&shown)?;
        out.flush()
    }
}

/// Is the key echoed? Any other key turns the answer into a no.
fn is_shown(key: u8) -> bool {
    key == b' ' || key.is_ascii_graphic()
}

fn meant(answer: &[u8]) -> Answer {
    let answer = answer.trim_ascii();
    match answer.eq_ignore_ascii_case(b"y") || answer.eq_ignore_ascii_case(b"yes") {
        true => Answer::Yes,
        false => Answer::No,
    }
}
