//! The shell, with everything that it draws by itself.

use super::{Hostile, MARK, after_tab};
use crate::calm::assert_calm_shell;
use crate::evils::{EVILS, all_in_one};
use crate::pty::{Key, Pty};

const SECRET: [(&str, &str); 1] = [("AMISH_SECRET", "secret")];

/// Lines, each typed and then deleted or entered. After each, another line is
/// typed and awaited, so that everything for the first has been drawn.
const TYPED: &[&str] = &[
    "\t",
    "Queue\t",
    "QueueRemove \t",
    "QueueRemove Zebra=\t",
    "QueueStatus Queue=\t",
    "QueueRemove Queue=support Interface=\t",
    "help \t",
    "/events Han\t",
    "/filter Hangup Channel=\t",
    "cli \t",
    "cli core \t",
    "help\r",
    "help QueueRemove\r",
    "help event Hangup\r",
    "help /What\r",
    "QueueStatus\r",
    "Hangup x\r",
    "Nothing x=1\r",
    "QueueRemove Nothing=1\r",
    "cli core show channels\r",
    "/events on\r",
    "Ping\r",
    "/calls\r",
    "/x\r",
    "/last\r",
    "/doctor Originate\r",
    "/doctor security\r",
    "/whoami\r",
    "/history\r",
    "/set\r",
];

fn session(evil: &[u8], name: &str, cols: u16) {
    let server = Hostile::everywhere(evil).serve();
    let target = server.target();
    let args = ["-u", "me", "--no-pager", &*target];
    let mut pty = Pty::spawn(&args, &SECRET, cols, 60);
    pty.wait_typed(&format!("me@{target}>"));
    for (number, line) in TYPED.iter().enumerate() {
        pty.type_text(line);
        let mark = format!("~{number}~");
        after_tab(&mut pty, &mark);
        pty.key(Key::Ctrl('u'));
        pty.key(Key::Ctrl('l'));
    }
    pty.type_line("quit");
    pty.exit_code();
    let written = pty.bytes();
    let shown = String::from_utf8_lossy(&written).matches(MARK).count();
    assert!(shown > 10, "{name}: shown {shown} times only");
    assert_calm_shell(name, &written);
}

// Greeting, prompt, names, hints, help, notices: most of it is drawn unasked.
#[test]
fn what_the_shell_draws_is_calm() {
    session(&all_in_one(), "all in one", 2000);
}

// A line end splits a text, and its rest stands at the beginning of a line.
#[test]
fn what_the_shell_draws_of_line_ends_is_calm() {
    for (name, evil) in EVILS.iter().filter(|(_, evil)| evil.len() < 100) {
        if evil.iter().any(|byte| b"\r\n\0".contains(byte)) {
            session(evil, name, 400);
        }
    }
}
