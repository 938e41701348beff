//! Reads lines on a dumb terminal (`TERM=dumb`, or none), or if the replies go
//! elsewhere (`amish HOST | tee log`): the system edits the line, amish reads it
//! whole.

use super::display::{Display, ask};
use super::gate::Gate;
use super::job::Job;
use super::keyboard::{self, Typed};
use super::terminal::Terminal;
use std::sync::Arc;

/// The system delivers at most this much of a line at once.
const LONGEST: usize = 4096;

/// Never arrives as a key, unless it was typed ahead.
const CTRL_D: u8 = 4;

pub(super) enum Read {
    Line(String),
    /// A line that is not UTF-8, with what was typed ahead behind it.
    NotText,
    /// Ctrl-C; the typed part of the line is discarded.
    Cleared,
    /// Ctrl-D, or the terminal is gone.
    End,
}

pub(super) struct Plain {
    /// Input typed ahead, which the system delivers in one piece.
    ahead: Vec<u8>,
    display: Arc<Display>,
    job: Arc<Job>,
}

impl Plain {
    pub fn new(display: Arc<Display>, job: Arc<Job>) -> Plain {
        Plain {
            ahead: Vec::new(),
            display,
            job,
        }
    }

    /// Was a line, or part of one, typed ahead?
    pub fn is_ahead(&self) -> bool {
        !self.ahead.is_empty()
    }

    pub fn read(&mut self, prompt: &str, terminal: &Terminal, gate: &Gate) -> Read {
        self.display.prompt(prompt);
        let read = self.answer(prompt, terminal, gate);
        self.display.prompted();
        if matches!(read, Read::Cleared) {
            ask("\n");
        }
        read
    }

    fn answer(&mut self, prompt: &str, terminal: &Terminal, gate: &Gate) -> Read {
        let interrupt = terminal.interrupt_key();
        let mut turns = self.job.turns();
        loop {
            if self.ahead.first() == Some(&CTRL_D) {
                self.ahead.remove(0);
                return Read::End;
            }
            match self.line(interrupt) {
                Some((_, true)) => return Read::Cleared,
                Some((line, false)) => {
                    return String::from_utf8(line).map_or_else(
                        |_| {
                            // The rest of what was pasted would be read as
                            // something else without this line.
                            self.discard(terminal);
                            Read::NotText
                        },
                        Read::Line,
                    );
                }
                None => {}
            }
            match keyboard::read(LONGEST) {
                Typed::Bytes(bytes) => self.ahead.extend(bytes),
                // Emacs sends the signal, for lack of a key.
                Typed::Nothing if gate.take_interrupt() => {
                    self.discard(terminal);
                    return Read::Cleared;
                }
                // The shell has written below the prompt meanwhile.
                Typed::Nothing if self.job.turns() != turns => {
                    turns = self.job.turns();
                    self.display.prompt(prompt);
                }
                Typed::Nothing => {}
                // Ctrl-D leaves on an empty line only.
                Typed::End if self.ahead.is_empty() || !terminal.is_there() => return Read::End,
                Typed::End => {}
            }
        }
    }

    fn discard(&mut self, terminal: &Terminal) {
        self.ahead.clear();
        terminal.discard_typed();
    }

    /// The first complete line, and whether the key `interrupt` ended it. Lines
    /// typed ahead end in CR, since the terminal was not in line mode then.
    fn line(&mut self, interrupt: u8) -> Option<(Vec<u8>, bool)> {
        let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r') || *byte == interrupt;
        let end = self.ahead.iter().position(is_end)?;
        let mut line: Vec<u8> = self.ahead.drain(..=end).collect();
        let by = line.pop();
        // Within a line that is being read, the system drops this key as well.
        line.retain(|byte| *byte != CTRL_D);
        Some((line, by == Some(interrupt)))
    }
}
