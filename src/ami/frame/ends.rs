//! Where a packet ends, and where the next one of ours begins although it has
//! not.

use super::follows::{Reading, Waiting, id_of_packet};
use crate::ami::packet::END_COMMAND;
use memchr::memmem::Finder;

const BLANK_LINE: &[u8] = b"\r\n\r\n";

/// CoreShowChannelMap of 18.19 to 18.23, 20.4 to 20.8 and 21.0 to 21.3 ends its
/// packets like this. A value that holds it is as broken as one that holds an
/// empty line.
const BARE_LINE: &[u8] = b"\r\n\n";

/// Bytes that are searched for one kind of end before the other kind is: small
/// packets of one kind must not each cost a search of all that was received.
const WINDOW: usize = 4096;

/// How a packet ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    BlankLine,
    Command,
}

impl End {
    /// The most bytes of it that may have come without being recognised.
    pub fn longest_part(self) -> usize {
        match self {
            End::BlankLine => BLANK_LINE.len() - 1,
            End::Command => END_COMMAND.len() - 1,
        }
    }
}

/// What a search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// The packet ends before this offset, as it should.
    End(usize),
    /// The text of a `Follows` has no end before this offset, where a packet of
    /// ours begins.
    Broken(usize),
    /// From this offset on more bytes are needed to tell.
    Undecided(usize),
    Nothing,
}

/// Kept, because building one costs more than finding the end of an event.
#[derive(Debug)]
pub(super) struct Ends {
    blank_line: Finder<'static>,
    bare_line: Finder<'static>,
    command: Finder<'static>,
}

impl Ends {
    pub fn new() -> Ends {
        Ends {
            blank_line: Finder::new(BLANK_LINE),
            bare_line: Finder::new(BARE_LINE),
            command: Finder::new(END_COMMAND),
        }
    }

    /// Looks for `end` in `bytes`.
    pub fn find(&self, bytes: &[u8], end: End, waiting: &dyn Waiting) -> Found {
        match end {
            End::BlankLine => self.blank_line(bytes).map_or(Found::Nothing, Found::End),
            End::Command => {
                let marker = self.command.find(bytes);
                let text = bytes.get(..marker.unwrap_or(bytes.len()));
                match self.packet_of_ours(text.unwrap_or_default(), waiting) {
                    Found::Nothing | Found::Undecided(_) if marker.is_some() => {
                        Found::End(marker.unwrap_or_default() + END_COMMAND.len())
                    }
                    found => found,
                }
            }
        }
    }

    fn blank_line(&self, bytes: &[u8]) -> Option<usize> {
        let mut from = 0;
        loop {
            let to = bytes.len().min(from + WINDOW);
            let window = bytes.get(from..to)?;
            let whole = self.blank_line.find(window);
            let before = window.get(..whole.unwrap_or(window.len()))?;
            if let Some(at) = self.bare_line(before) {
                return Some(from + at + BARE_LINE.len());
            }
            if let Some(at) = whole {
                return Some(from + at + BLANK_LINE.len());
            }
            if to == bytes.len() {
                return None;
            }
            from = to - (BLANK_LINE.len() - 1);
        }
    }

    /// Most bytes are in packets without any, where two LF in a row are missed
    /// sooner than the line is.
    fn bare_line(&self, bytes: &[u8]) -> Option<usize> {
        let next = bytes.get(1..).unwrap_or_default();
        let pairs = bytes.iter().zip(next);
        // Without an early end, so that the compiler can vectorise it.
        let is_there = pairs.fold(false, |is_there, (one, next)| {
            is_there | ((*one == b'\n') & (*next == b'\n'))
        });
        is_there.then(|| self.bare_line.find(bytes)).flatten()
    }

    /// Whether a packet with one of our open ActionIDs begins in `text`. Then
    /// the text is forged: nobody but the server knows the ActionID, and it
    /// sends one answer after the other.
    fn packet_of_ours(&self, text: &[u8], waiting: &dyn Waiting) -> Found {
        for at in self.blank_line.find_iter(text) {
            let begins = at + BLANK_LINE.len();
            match id_of_packet(text.get(begins..).unwrap_or_default()) {
                Reading::Is(Some(id)) if waiting.awaits(id) => return Found::Broken(begins),
                Reading::Is(_) => {}
                Reading::TooShort => return Found::Undecided(at),
            }
        }
        Found::Nothing
    }
}
