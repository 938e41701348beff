//! Turns values into text. Everything here appends bytes to a buffer that the
//! caller writes. There are no writers, clocks or terminals in this module, so
//! that what a screen shows can be tested as a value.
//!
//! Text for a terminal leaves this module only through `Look::shown` or
//! [`Printer`]; both pass it through `seal`.

pub mod actions;
mod cell;
mod columns;
mod csv;
pub mod diff;
mod event_line;
mod fields;
mod form;
mod gathering;
mod groups;
mod headers;
mod json;
mod merged;
mod moments;
mod numbered;
mod packet;
pub mod page;
mod pairs;
mod printer;
mod rows;
mod screen;
mod seal;
mod signs;
mod style;
mod table;
pub mod vertical;
pub mod views;
pub mod words;

pub use columns::{cut, message, without_colours, wrap_message};
pub use fields::Fields;
pub use form::Form;
pub use gathering::{Gathering, PbxLabel};
pub use merged::Answered;
pub use printer::{Asked, Printer};
pub use rows::{Gives, Rows};
pub use screen::Block;
pub use signs::{ascii_only, signs};
pub use style::{Palette, Role};

use std::time::SystemTime;

/// Where text is shown.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// The colours of the stream.
    pub palette: Palette,
    /// Whether it is a terminal, to which no control or invisible characters
    /// may be sent.
    pub terminal: bool,
    /// Columns of the terminal. Text for a pipe is not truncated.
    pub width: usize,
    /// What time it is, to tell how long ago something was. None: that is not
    /// known, as in a capture.
    pub now: Option<SystemTime>,
}

impl Look {
    /// Standard error. It is treated as a terminal even when it is a pipe, since a
    /// log is read on a terminal sooner or later.
    pub const STDERR: Look = Look {
        palette: Palette::OFF,
        terminal: true,
        width: 80,
        now: None,
    };

    /// Appends what `show` does. For a terminal it is sealed.
    fn shown(&self, out: &mut Vec<u8>, show: impl FnOnce(&mut Vec<u8>)) {
        let start = out.len();
        show(out);
        if self.terminal {
            seal::seal(out, start, self.palette);
        }
    }
}

/// Appends a packet of amish's own login or logoff, as `Key: Value` lines.
pub fn own_packet(out: &mut Vec<u8>, packet: &crate::ami::Packet, look: &Look) {
    look.shown(out, |out| packet::packet(out, packet, look));
}

/// The lines of the text of a `Response: Follows`. The final line end is
/// dropped; no text is one empty line, as servers from Asterisk 14 send it.
fn body_lines(body: &[u8]) -> impl Iterator<Item = &[u8]> {
    let body = body.strip_suffix(b"\n").unwrap_or(body);
    body.split(|&b| b == b'\n')
}

#[cfg(test)]
mod tests;
