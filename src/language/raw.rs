//! A raw packet: AMI as on telnet, ended by an empty line.

use super::word::{first_word, is_blank, trim};
use super::{Fault, SyntaxError};
use crate::ami::{Action, Refused};
use std::ops::Range;

/// Does this line open a raw packet? Its first word ends in a colon; and
/// `Action:Ping`, which telnet users type without the blank, can mean nothing else.
pub(super) fn opens(line: &[u8]) -> bool {
    let word = first_word(trim(line));
    let is_action = word
        .get(..7)
        .is_some_and(|head| head.eq_ignore_ascii_case(b"Action:"));
    word.len() > 1 && (word.ends_with(b":") || is_action)
}

/// One that is open: its lines as they come.
#[derive(Debug)]
pub(super) struct Packet {
    pub(super) forgiven: bool,
    /// The number of its first line.
    pub(super) line: usize,
    /// Its bytes in the buffer.
    pub(super) span: Range<usize>,
    action: Action,
    /// The first line that was refused. The rest is read all the same: its
    /// lines must not be taken for Actions of their own.
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

    /// Takes the next line, which stands at `offset`. The last bytes of its
    /// key and value are as typed; only Action and ActionID lose trailing
    /// blanks, which a server would take for part of the name.
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

    /// The packet is over.
    pub(super) fn close(mut self) -> Result<Action, SyntaxError> {
        if let (None, Err(refused)) = (&self.refused, self.action.packet()) {
            let span = self.span.clone();
            self.refuse(refused, self.line, span);
        }
        match self.refused {
            Some(refused) => Err(refused),
            None => Ok(self.action),
        }
    }
}

/// Key and value. Blanks before the key are not part of it (no server would
/// know it), nor are those between colon and value (Asterisk 1.4 would keep
/// them). None for a line that has no key.
fn header(text: &[u8]) -> Option<(&str, &[u8])> {
    let start = text.iter().take_while(|byte| is_blank(**byte)).count();
    let text = text.get(start..)?;
    let colon = text.iter().position(|byte| *byte == b':')?;
    let key = std::str::from_utf8(text.get(..colon)?).ok()?;
    let value = text.get(colon + 1..)?;
    let start = value.iter().take_while(|byte| is_blank(**byte)).count();
    let value = value.get(start..)?;
    let names = ["Action", "ActionID"];
    let trimmed = names.iter().any(|name| key.eq_ignore_ascii_case(name));
    let value = if trimmed { trim(value) } else { value };
    (!key.is_empty()).then_some((key, value))
}
