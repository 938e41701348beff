//! A text longer than the screen goes through the user's pager. Reading goes on
//! behind it: what arrives waits in the backlog and is shown afterwards.

use super::Shell;
use super::local::{by_shell, is_not_run};
use crate::settings::Programs;
use std::io;
use std::process::Command;
use unicode_width::UnicodeWidthStr;

/// Ends by itself where the text fits, lets colours through, and leaves what
/// was read on the screen.
const OPTIONS: &str = "FRX";

impl Shell<'_> {
    /// Shows what was asked for, through the pager if it is longer than the
    /// screen.
    pub(super) fn page(&self, text: &[u8]) {
        if let Some(held) = self.held.borrow_mut().as_mut() {
            held.extend_from_slice(text);
            return;
        }
        let size = terminal_size::terminal_size();
        let fits = size.is_none_or(|(width, height)| fits(text, width.0.into(), height.0.into()));
        let command = match fits || !self.values.pager {
            true => None,
            false => command(&self.context.settings.programs),
        };
        let Some(command) = command else {
            return self.screen.show(text);
        };
        let why = match self.lend(command, Some(text)) {
            Ok(status) if !is_not_run(status) => return,
            Ok(_) => "PAGER names nothing that can be run".to_owned(),
            // The usual one is not everywhere.
            Err(why) if why.kind() == io::ErrorKind::NotFound => String::new(),
            Err(why) => format!("no pager: {why}"),
        };
        self.screen.show(text);
        self.say(&why);
    }
}

/// The pager to start; None where the user wants none.
fn command(programs: &Programs) -> Option<Command> {
    let mut command = match programs.pager.as_deref() {
        Some("cat") => return None,
        Some(pager) => by_shell("sh", pager),
        None => {
            let mut less = Command::new("less");
            less.arg(format!("-{OPTIONS}"));
            less
        }
    };
    if !programs.less {
        command.env("LESS", OPTIONS);
    }
    if programs.forbidden {
        // Else one `!` in it runs what the shell refuses.
        command.env("LESSSECURE", "1");
    }
    Some(command)
}

/// Is `text` on a screen of this size as a whole, with the prompt below it?
fn fits(text: &[u8], width: usize, height: usize) -> bool {
    let mut rows = 0;
    let width = width.max(1);
    // A reply of a hundred thousand lines is not measured to its end.
    text.split(|byte| *byte == b'\n').all(|line| {
        let shown = without_colours(&String::from_utf8_lossy(line)).width();
        rows += shown.div_ceil(width).max(1);
        // The last line end begins no line.
        rows <= height
    })
}

fn without_colours(line: &str) -> String {
    let mut parts = line.split("\x1b[");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push_str(part.split_once('m').map_or(part, |(_, after)| after));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    // A pager for what fits is a key too many; without one for what does not,
    // the head of the table is gone.
    #[test]
    fn what_fits_above_the_prompt_needs_no_pager() {
        for (text, fit) in [
            ("a\n".repeat(9), true),
            ("a\n".repeat(10), false),
            // Wraps into two rows each.
            ("a".repeat(21) + "\n", true),
            (("a".repeat(11) + "\n").repeat(5), false),
            (("a".repeat(10) + "\n").repeat(9), true),
            // Colours take no room, double-width letters two columns.
            ("\x1b[32maaaaaaaaaa\x1b[0m\n".repeat(9), true),
            ("日本語日本\n".repeat(9), true),
            ("日本語日本語\n".repeat(5), false),
            (String::new(), true),
        ] {
            assert_eq!(fits(text.as_bytes(), 10, 10), fit, "{text:?}");
        }
    }
}
