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
    /// What a line is about: a channel, a queue, a peer.
    Subject,
    /// It went well, somebody is there.
    Ok,
    /// Take note: ringing, paused, late.
    Warning,
    /// It failed.
    Error,
    /// Other than it was.
    Changed,
    /// There when looked for, out of the way otherwise.
    Dim,
    /// The prompt.
    Prompt,
}

/// Colours, or none.
///
/// Each stream has its own, since stdout may be a pipe and stderr a terminal.
/// What is painted must be sanitised before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    on: bool,
}

impl Palette {
    /// No colours.
    pub const OFF: Palette = Palette { on: false };

    /// Whether to colour is the caller's to know (`--color`, `NO_COLOR`, the
    /// stream).
    pub fn new(on: bool) -> Palette {
        if on {
            // Otherwise colored would look at stdout and the environment
            // itself, and decide for both streams at once.
            colored::control::set_override(true);
        }
        Palette { on }
    }

    /// Are there colours?
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
}
