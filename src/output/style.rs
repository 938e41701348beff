//! Colours by meaning. The one file that knows `colored`.

use colored::{Color, Colorize};
use std::borrow::Cow;

/// What a piece of text is; the colour follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The key of a header.
    Key,
    /// The value of a header: always the terminal's own colour.
    Value,
    /// A head of a column, a title.
    Heading,
    /// The name of an event.
    Event,
    /// The name of an Action.
    Action,
    /// The subject of a line: a channel, a queue, a peer.
    Subject,
    /// Success, presence.
    Ok,
    /// Something to notice: ringing, paused, late.
    Warning,
    /// Failure.
    Error,
    /// Something that has changed.
    Changed,
    /// Secondary text.
    Dim,
    /// The prompt.
    Prompt,
}

/// The beginnings and ends of the colours of [`Palette::paint`].
const SEQUENCES: [&[u8]; 11] = [
    b"\x1b[0m",
    b"\x1b[1m",
    b"\x1b[2m",
    b"\x1b[7m",
    b"\x1b[32m",
    b"\x1b[33m",
    b"\x1b[36m",
    b"\x1b[94m",
    b"\x1b[1;31m",
    b"\x1b[1;32m",
    b"\x1b[1;36m",
];

/// Colours, or none.
///
/// Each stream has its own, since stdout may be a pipe and stderr a terminal.
/// Escape the server's text before painting it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    on: bool,
}

impl Palette {
    /// No colours.
    pub const OFF: Palette = Palette { on: false };

    /// Whether to colour is decided by the caller (`--color`, `NO_COLOR`, the
    /// stream).
    pub fn new(on: bool) -> Palette {
        if on {
            // Otherwise colored would look at stdout and the environment
            // itself, and decide for both streams at once.
            colored::control::set_override(true);
        }
        Palette { on }
    }

    /// Whether there are colours.
    pub fn is_on(self) -> bool {
        self.on
    }

    /// `text` in the colour of `role`.
    pub fn paint<'a>(self, role: Role, text: &'a str) -> Cow<'a, str> {
        if !self.on || text.is_empty() {
            return Cow::Borrowed(text);
        }
        let painted = match role {
            Role::Value => return Cow::Borrowed(text),
            Role::Key => text.color(Color::Cyan),
            Role::Heading => text.bold(),
            Role::Event => text.color(Color::BrightBlue),
            Role::Action => text.color(Color::Cyan).bold(),
            Role::Subject => text.color(Color::Cyan),
            Role::Ok => text.color(Color::Green),
            Role::Warning => text.color(Color::Yellow),
            Role::Error => text.color(Color::Red).bold(),
            Role::Changed => text.reversed(),
            Role::Dim => text.dimmed(),
            Role::Prompt => text.color(Color::Green).bold(),
        };
        Cow::Owned(painted.to_string())
    }

    /// The colour sequence at the start of `text`, if [`Palette::paint`] uses
    /// it. None of these hides text or moves the cursor.
    pub(super) fn sequence(self, text: &[u8]) -> Option<&'static [u8]> {
        let begins = |sequence: &&&[u8]| self.on && text.starts_with(sequence);
        SEQUENCES.iter().find(begins).copied()
    }

    pub(super) fn append(self, out: &mut Vec<u8>, role: Role, text: &str) {
        out.extend_from_slice(self.paint(role, text).as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // stdout may be a pipe while stderr is a terminal: one must not colour the
    // other.
    #[test]
    fn a_palette_without_colours_stays_so_beside_one_with() {
        let (on, off) = (Palette::new(true), Palette::new(false));
        assert_eq!(on.paint(Role::Ok, "up"), "\x1b[32mup\x1b[0m");
        assert_eq!(off.paint(Role::Ok, "up"), "up");
    }

    // A colour missing from the list would be shown as `\x1b[…m`.
    #[test]
    fn every_colour_is_known_as_ours() {
        let on = Palette::new(true);
        for role in [
            Role::Key,
            Role::Heading,
            Role::Event,
            Role::Action,
            Role::Subject,
            Role::Ok,
            Role::Warning,
            Role::Error,
            Role::Changed,
            Role::Dim,
            Role::Prompt,
        ] {
            let painted = on.paint(role, "x").into_owned();
            let (before, after) = painted.split_once('x').unwrap();
            for sequence in [before, after] {
                let known = on.sequence(sequence.as_bytes());
                assert_eq!(known, Some(sequence.as_bytes()), "{role:?}");
            }
        }
        assert_eq!(Palette::OFF.sequence(b"\x1b[0m"), None);
    }
}
