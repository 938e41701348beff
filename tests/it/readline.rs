//! Keys that fingers know from bash and other shells.

use crate::pty::{Key, Pty, hint, rows};
use crate::shell::pbx;
use amish::simulator::Simulator;
use nix::sys::signal::Signal;

/// A shell at its first prompt, and the prompt.
fn shell(pbx: &Simulator, color: &str) -> (Pty, String) {
    let target = pbx.addr().to_string();
    let args = ["--color", color, "-u", "demo", &target];
    let pty = Pty::spawn(&args, &[("AMISH_SECRET", "demo")], 80, 24);
    let prompt = format!("demo@{target}> ");
    pty.wait_typed(&prompt);
    (pty, prompt)
}

// A finger that has begun a sequence by mistake goes to Ctrl-C, and the line
// must be gone then, not after the second Ctrl-C.
#[test]
fn ctrl_c_discards_the_line_behind_every_prefix() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx, "never");
    for prefix in ["\x18", "\x1b", "\x1d", "\x1b\x1d", "\x1b5", "\x1b5\x1d"] {
        pty.type_text("QueueReset");
        pty.wait_typed(&format!("{prompt}QueueReset"));
        pty.type_text(prefix);
        pty.key(Key::Ctrl('c'));
        pty.wait_typed(&prompt);
    }
    // What the keys do otherwise.
    pty.type_text("Getvar abc def\x1b\x1dcX");
    pty.wait_typed(&format!("{prompt}Getvar abXc def"));
    pty.type_text("\x01\x1b2\x1daY\x05\x1b\x1dtZ");
    pty.wait_typed(&format!("{prompt}GeZtvarY abXc def"));
}

// The argument of the line before is what is most often wanted again.
#[test]
fn alt_dot_inserts_the_last_word_of_an_earlier_line() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx, "never");
    pty.type_line("QueueStatus support");
    pty.wait_line("3 members");
    pty.type_line("Getvar Variable='EPOCH'");
    pty.wait_typed(&prompt);
    pty.type_text("QueueSummary ");
    pty.type_text("\x1b.");
    pty.wait_typed(&format!("{prompt}QueueSummary Variable='EPOCH'"));
    pty.type_text("\x1b.");
    pty.wait_typed(&format!("{prompt}QueueSummary support"));
    pty.key(Key::Enter);
    pty.wait_line("1 queue");
}

// A search is for text, and shows nothing else.
#[test]
fn a_search_takes_characters_and_shows_no_hint() {
    let pbx = pbx();
    let (mut pty, _) = shell(&pbx, "always");
    pty.type_line("UserEvent what? Key=1");
    pty.wait_line("Event Sent");
    pty.type_text("QueueAdd ");
    pty.wait_for("a hint", |screen| !hint(screen).is_empty());
    pty.key(Key::Ctrl('r'));
    pty.type_text("?");
    pty.wait_line("(reverse-i-search)`?': UserEvent what? Key=1");
    pty.type_text("zz");
    pty.wait_line("(failed reverse-i-search)`?zz'");
    pty.look(|screen| assert_eq!(hint(screen), "", "{:?}", rows(screen)));
}

// The key must not discard a line here, answer a question there and end amish
// elsewhere.
#[test]
fn ctrl_backslash_ends_amish_wherever_it_is_pressed() {
    let pbx = pbx();
    let code = 128 + Signal::SIGQUIT as i32;
    for begun in ["", "Ping", "Ping\x18", "\x12", "QueueReset\r"] {
        let (mut pty, _) = shell(&pbx, "never");
        pty.type_text(begun);
        if begun.ends_with('\r') {
            pty.wait_typed("send it? [y/N] ");
        }
        pty.key(Key::Ctrl('\\'));
        assert_eq!(pty.exit_code(), code, "{begun:?}");
    }
    let target = format!("demo@{}", pbx.addr());
    let mut pty = Pty::spawn(
        &[&target, "QueueReset"],
        &[("AMISH_SECRET", "demo")],
        80,
        24,
    );
    pty.wait_typed("send it? [y/N] ");
    pty.key(Key::Ctrl('\\'));
    assert_eq!(pty.exit_code(), code);
    let sent = pbx.received();
    assert!(!sent.iter().any(|one| one.contains("Action: QueueReset")));
}

// Blanks up to the edge wrap into empty rows when the window is made narrower.
#[test]
fn candidates_take_no_more_of_a_row_than_their_words() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx, "never");
    pty.type_text("QueueRe\t");
    pty.wait_line("QueueReset ");
    pty.wait_typed(&format!("{prompt}QueueRe"));
    let rows = pty.look(rows);
    let one_each = rows.iter().filter(|row| row.starts_with("QueueRe"));
    assert!(one_each.count() >= 2, "{rows:?}");
    let written = String::from_utf8_lossy(&pty.bytes()).into_owned();
    let mut lines = written.lines().filter(|line| line.contains("QueueReset "));
    assert!(!lines.any(|line| line.ends_with(' ')), "{written:?}");
}
