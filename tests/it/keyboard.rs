//! What keys do, and when.

mod asked;
mod bytes;
mod ctrl_c;
mod inserted;

use crate::pty::{Key, Pty};
use crate::shell::pbx;

/// A shell with this configuration at its first prompt, and the prompt.
fn shell(target: &str, config: &str, env: &[(&str, &str)], rows: u16) -> (Pty, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    std::fs::write(&path, config).unwrap();
    let own = [
        ("AMISH_SECRET", "demo"),
        ("AMISH_USER", "demo"),
        ("AMISH_CONFIG", path.to_str().unwrap()),
    ];
    let env: Vec<_> = own.iter().chain(env).copied().collect();
    let pty = Pty::spawn(&["-o", "packet", target], &env, 100, rows);
    let prompt = format!("demo@{target}> ");
    pty.wait_typed(&prompt);
    (pty, prompt)
}

/// Waits until `word` is refused as an Action: by amish, or by the server, whose
/// Actions are not known yet.
fn refused(pty: &Pty, word: &str) {
    pty.wait_for("a refusal", |screen| {
        let text = screen.contents();
        text.contains(&format!("lists no Action {word}"))
            || text.contains(&format!("Invalid/unknown command: {word}."))
    });
}

const KEYS: &str = "[keys]\nF5 = 'Ping ActionID=f5'\nF6 = 'QueueReset'\n";

const F5: &str = "\x1b[15~";

const F6: &str = "\x1b[17~";

// A list longer than the screen asks nothing: every key after it belongs to the
// line, and acts at once.
#[test]
fn a_key_below_a_list_of_candidates_acts_when_it_is_pressed() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx.addr().to_string(), KEYS, &[], 6);
    // Until the server's list is there, the table of amish's own is offered, which
    // is longer.
    pty.type_text("Q");
    pty.key(Key::Tab);
    pty.wait_line("QueueAdd");
    pty.wait_typed(&format!("{prompt}Q"));
    pty.type_text(F5);
    pty.wait_line("ActionID: f5");
    pty.wait_typed(&format!("{prompt}Q"));
    pty.key(Key::Tab);
    pty.wait_line("QueueAdd");
    pty.key(Key::Ctrl('c'));
    pty.wait_typed(&prompt);
    // Nothing of it remains for the next Enter.
    pty.type_line("Ping ActionID=next");
    pty.wait_line("ActionID: next");
    pty.wait_typed(&prompt);
    // Line ends pasted below it are the user's.
    pty.type_text("Q\t\x15");
    pty.paste("Ping ActionID=one\nPing ActionID=two");
    pty.key(Key::Enter);
    pty.wait_line("ActionID: two");
    pty.wait_typed(&prompt);
    // What is typed ahead after Tab must not be consumed by a question.
    pty.type_text("Q\tueueStatus ActionID=ahead\r");
    pty.wait_line("ActionID: ahead");
    assert_eq!(pbx.received().join("\n").matches("ActionID: f5").count(), 1);
}

// Nor on the smallest screens, where even one row is too many.
#[test]
fn no_list_of_candidates_asks_for_a_key() {
    let pbx = pbx();
    for rows in [1, 2, 3, 4, 24] {
        let (mut pty, prompt) = shell(&pbx.addr().to_string(), "", &[], rows);
        for typed in ["", "Queue", "DB", "help ", "/", "/set "] {
            // What would leave a question is for the line.
            for after in ["q", "n", " ", "y", "\x1b[D"] {
                pty.type_text(&format!("{typed}\t\t{after}"));
            }
            pty.key(Key::Ctrl('c'));
            pty.type_text(&format!("{typed}\tq"));
            pty.wait_for("the key", |screen| {
                crate::pty::typed(screen).trim_end() == format!("{prompt}{typed}q")
            });
            pty.key(Key::Ctrl('c'));
            pty.wait_typed(&prompt);
        }
        let id = format!("rows{rows}");
        pty.type_text(&format!("Q\tueueStatus Queue=none\rPing ActionID={id}\r"));
        pty.wait_for("the answer", |_| {
            pbx.received().iter().any(|one| one.contains(&id))
        });
        let written = String::from_utf8_lossy(&pty.bytes()).into_owned();
        assert!(!written.contains("More--") && !written.contains("Display all"));
    }
}

fn question(pty: &Pty) {
    pty.wait_typed("send it? [y/N] ");
}
