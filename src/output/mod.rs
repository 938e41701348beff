//! Values to text. Everything appends bytes to a buffer that the caller
//! writes: no writer, no clock and no question to the terminal in here, so
//! what a screen shows can be tested as a value.

mod actions;
mod cell;
pub mod changes;
mod columns;
pub mod event_line;
mod fields;
pub mod json;
mod kinds;
pub mod packet;
pub mod page;
pub mod printer;
mod repeats;
pub mod report;
pub mod sanitize;
mod separated;
mod sheet;
pub mod style;
mod subjects;
pub mod table;
mod unknown;
pub mod vertical;
pub mod words;

pub use fields::{BadFields, Fields};
pub use printer::{Asked, Form, Printer};
pub use style::{Palette, Role};

use std::time::SystemTime;

/// Where text is shown.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// The colours of the stream.
    pub palette: Palette,
    /// Is it a terminal? Then everything of the server is sanitised.
    pub terminal: bool,
    /// Columns of the terminal. Text for a pipe is not cut to it.
    pub width: usize,
}

/// When a packet came and from where.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// When its last byte was read.
    pub time: SystemTime,
    /// host:port as connected.
    pub target: &'a str,
}

/// The lines of the text of a `Response: Follows`. The final line end is
/// dropped; no text is one empty line, as servers from Asterisk 14 send it.
fn body_lines(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    let body = body.strip_suffix(b"\n").unwrap_or(body);
    body.split(|&b| b == b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ami::{Frame, Framer, Packet};

    pub(super) const PLAIN: Look = Look {
        palette: Palette::OFF,
        terminal: true,
        width: 80,
    };

    /// The packets of recorded bytes.
    pub(super) fn frames(bytes: &[u8]) -> Vec<Packet> {
        let mut framer = Framer::for_capture();
        framer.feed(bytes);
        std::iter::from_fn(|| framer.next_frame())
            .filter_map(|frame| match frame {
                Frame::Packet(packet) => Some(packet),
                _ => None,
            })
            .collect()
    }
}
