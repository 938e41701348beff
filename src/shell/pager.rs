//! Shows text longer than the screen through a pager: the user's, or with
//! `--no-shell` a `less` that cannot start programs. Reading from the server
//! continues; arrivals wait in the backlog and are shown afterwards.

use super::Shell;
use super::display::size;
use super::local::{Lent, by_shell, is_not_run};
use crate::output::without_colours;
use crate::peer_text::visible;
use crate::settings::{Programs, child};
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;

/// Options of `less`: quit if the text fits, pass colours through, leave the
/// text on the screen.
const OPTIONS: &str = "FRX";

/// What the text is, whatever the locale: without one `less` shows the bytes.
const CHARSET: &str = "utf-8";

/// The prompt of `less`, which is a bare colon else: whoever meets it for the
/// first time must learn how to leave.
const PROMPT: &str = "-Ps?e(END) .q leaves, h shows the keys$";

/// Where `less` is looked for with `--no-shell`: not in `PATH`, which the user
/// controls too.
const STANDARD: [&str; 2] = ["/usr/bin/less", "/bin/less"];

/// The environment passed to that `less`: terminal type and character set.
/// Variables such as `LESSOPEN`, `LESSKEY_CONTENT` and `LESSSECURE_ALLOW` could
/// make it run commands.
const HARMLESS: [&str; 4] = ["TERM", "LANG", "LC_ALL", "LC_CTYPE"];
/// Bytes written to the terminal between two checks for Ctrl-C.
const PIECE: usize = 4 * 1024;

impl Shell<'_> {
    /// Shows `text`, through the pager if it is longer than the screen.
    pub(super) fn paged(&self, text: &[u8]) {
        let fits = size().is_none_or(|(width, height)| fits(text, width, height));
        let pager = self.display.transcript().lock().pager;
        let command = match fits || !pager {
            true => None,
            false => command(&self.context.settings.programs),
        };
        let Some(command) = command else {
            return self.show_whole(text);
        };
        let why = match self.lend(command, Some(text)) {
            Ok(ended) => failure(&ended),
            // The default pager may not be installed.
            Err(why) if why.kind() == io::ErrorKind::NotFound => Some(String::new()),
            Err(why) => Some(format!("cannot start the pager: {why}")),
        };
        if let Some(why) = why {
            self.show_whole(text);
            self.say(&why);
        }
    }

    /// Shows all of `text`, until Ctrl-C: a terminal takes a minute for what a
    /// server sends in a second.
    pub(super) fn show_whole(&self, text: &[u8]) {
        let mut rest = text;
        while !rest.is_empty() {
            // A Ctrl-C that ended the Action shown here has been handled.
            if self.lead.session.backlog().is_interrupted() {
                let lines = rest.iter().filter(|byte| **byte == b'\n').count();
                return self.say(&format!("stopped: {lines} more lines were not shown"));
            }
            let (piece, more) = rest.split_at(piece(rest));
            self.display.show(piece);
            rest = more;
        }
    }
}

/// How much of `text` to write at once: whole lines, so that nothing is
/// inserted inside coloured text.
fn piece(text: &[u8]) -> usize {
    let end = text.iter().skip(PIECE).position(|byte| *byte == b'\n');
    end.map_or(text.len(), |end| PIECE + end + 1)
}

/// Why the text has to be shown without the pager; None if it was shown, or
/// its reader wanted no more of it.
fn failure(ended: &Lent) -> Option<String> {
    let status = ended.status;
    let signal = status.signal().or(status.code().map(|code| code - 128));
    if is_not_run(status) {
        return Some("PAGER cannot be run".to_owned());
    }
    // Ctrl-C or Ctrl-\ in the pager.
    if matches!(signal, Some(2 | 3)) {
        return None;
    }
    match status.success() {
        true => (ended.is_unread).then(|| "the pager showed nothing".to_owned()),
        false => Some(format!("the pager ended with {status}")),
    }
}

/// The pager to start; None if the user wants none or no safe one exists.
fn command(programs: &Programs) -> Option<Command> {
    let mut command = match programs.pager.as_deref() {
        Some("cat") => return None,
        _ if programs.forbidden => return secure(),
        Some("") => return None,
        Some(pager) => by_shell("sh", pager),
        None => {
            let mut less = child("less");
            less.arg(format!("-{OPTIONS}")).arg(PROMPT);
            less
        }
    };
    command.env("LESS", less(programs.less.as_deref()));
    if !programs.charset {
        command.env("LESSCHARSET", CHARSET);
    }
    Some(command)
}

/// The user's options for `less`, or ours. Whatever they are, colours are
/// colours: without that they are shown as `ESC[1m`.
fn less(options: Option<&str>) -> String {
    match options {
        Some(own) => format!("-R {own}"),
        None => format!("-{OPTIONS} {PROMPT}"),
    }
}

/// `less` in secure mode: it starts no program and writes no file.
fn secure() -> Option<Command> {
    let program = STANDARD.into_iter().find(|one| Path::new(one).is_file())?;
    let mut less = child(program);
    less.env_clear();
    for name in HARMLESS {
        if let Some(value) = std::env::var_os(name) {
            less.env(name, value);
        }
    }
    less.env("LESSSECURE", "1").env("LESSHISTFILE", "-");
    less.env("LESSCHARSET", CHARSET);
    less.arg(format!("-{OPTIONS}")).arg(PROMPT);
    Some(less)
}

/// Does all of `text`, with the prompt below it, fit a screen of this size?
fn fits(text: &[u8], width: usize, height: usize) -> bool {
    let mut rows = 0;
    let width = width.max(1);
    // Stops early: a reply may have a hundred thousand lines.
    text.split(|byte| *byte == b'\n').all(|line| {
        let shown = visible::width(&without_colours(&String::from_utf8_lossy(line)));
        rows += shown.div_ceil(width).max(1);
        // The last line end does not begin another line.
        rows <= height
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // A pager for text that fits costs a keypress; no pager for text that does
    // not loses the head of the table.
    #[test]
    fn what_fits_above_the_prompt_needs_no_pager() {
        for (text, fit) in [
            ("a\n".repeat(9), true),
            ("a\n".repeat(10), false),
            // Each wraps into two rows.
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
