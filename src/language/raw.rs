//! Raw packets: AMI as on telnet, ended by an empty line.

use super::word::{first_word, trim, trim_start};
use super::{Command, Fault, Statement, SyntaxError, Then};
use crate::ami::{Action, Refused};
use std::ops::Range;

/// Does this line open a raw packet? Its first word ends in a colon.
/// `Action:Ping`, which telnet users type without the blank, is unambiguous
/// too.
pub(super) fn opens(line: &[u8]) -> bool {
    let word = first_word(trim(line));
    let is_action = word
        .get(..7)
        .is_some_and(|head| head.eq_ignore_ascii_case(b"Action:"));
    word.len() > 1 && (word.ends_with(b":") || is_action)
}

/// An unfinished raw packet.
#[derive(Debug)]
pub(super) struct Packet {
    forgiven: bool,
    /// The line number of its first line.
    line: usize,
    /// Its byte range in the buffer.
    span: Range<usize>,
    action: Action,
    /// The first error. The rest is still read: its lines must not be taken for
    /// Actions of their own.
    refused: Option<SyntaxError>,
}

impl Packet {
    pub(super) fn open(forgiven: bool, line: usize, offset: usize) -> Packet {
        Packet {
            forgiven,
            line,
            span: offset..offset,
            action: Action::empty(),
            refused: None,
        }
    }

    /// Adds the next line, at `offset`. Key and value stay as typed, except
    /// that Action and ActionID lose trailing blanks, which a server would take
    /// for part of the name.
    pub(super) fn push(&mut self, text: &[u8], line: usize, offset: usize) {
        self.span.end = offset + text.len();
        if self.refused.is_some() {
            return;
        }
        let pushed = match header(text) {
            Some((key, value)) => self.action.push(key, value),
            None => self.action.push_bare(text),
        };
        if let Err(refused) = pushed {
            self.refuse(refused, line, offset..self.span.end);
        }
    }

    fn refuse(&mut self, refused: Refused, line: usize, span: Range<usize>) {
        self.refused = Some(SyntaxError {
            line,
            column: 1,
            span,
            fault: Fault::Refused(refused),
        });
    }

    /// Completes the packet.
    pub(super) fn close(mut self) -> Result<Statement, SyntaxError> {
        if let (None, Err(refused)) = (&self.refused, self.action.packet()) {
            let span = self.span.clone();
            self.refuse(refused, self.line, span);
        }
        match self.refused {
            Some(refused) => Err(refused),
            None => Ok(Statement {
                command: Command::Raw(self.action),
                then: Then::Show,
                forgiven: self.forgiven,
                line: self.line,
                span: self.span,
            }),
        }
    }
}

/// Key and value. Blanks before the key are dropped (no server would recognise
/// it), and those between colon and value (Asterisk 1.4 would keep them). None
/// for a line without a key.
fn header(text: &[u8]) -> Option<(&str, &[u8])> {
    let text = trim_start(text);
    let colon = text.iter().position(|byte| *byte == b':')?;
    let key = std::str::from_utf8(text.get(..colon)?).ok()?;
    let value = trim_start(text.get(colon + 1..)?);
    let names = ["Action", "ActionID"];
    let trimmed = names.iter().any(|name| key.eq_ignore_ascii_case(name));
    let value = if trimmed { trim(value) } else { value };
    (!key.is_empty()).then_some((key, value))
}
