//! What a terminal sends beside keys that make characters.

use super::shell;
use crate::pty::{Key, Pty, rows};
use crate::shell::pbx;

fn text(pty: &Pty) -> String {
    String::from_utf8_lossy(&pty.bytes()).into_owned()
}

// Seen with a terminal in another charset: the byte took along the rest of its
// line, the Enter, and the next line. Later the line was sent without the byte,
// which nobody had typed.
#[test]
fn a_line_with_a_byte_that_is_not_utf8_is_offered_again_and_not_sent() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx.addr().to_string(), "", &[], 24);
    pty.type_bytes(b"DBPut f caf\xe9 x\rPing ActionID=behind\r");
    pty.wait_line("a byte that is not UTF-8 was left out");
    // What was typed ahead belongs to the line that is still there, and its Enter
    // does as well.
    let refused = "the line was not run: ?? stands for a byte that is not UTF-8";
    pty.wait_for("refused twice", |screen| {
        let rows = rows(screen);
        rows.iter().filter(|row| row.contains(refused)).count() == 2
    });
    let offered = "DBPut f caf?? xPing ActionID=behind";
    pty.wait_typed(&format!("{prompt}{offered}"));
    pty.key(Key::Ctrl('c'));
    pty.wait_typed(&prompt);
    pty.type_bytes(b"Ping ActionID=o\xffn");
    pty.wait_typed(&format!("{prompt}Ping ActionID=o??n"));
    pty.key(Key::Left);
    pty.type_text("\x7f\x05e\r");
    pty.wait_line("ActionID: one");
    pty.wait_typed(&prompt);
    let sent = pbx.received().join("\n");
    assert!(
        !sent.contains("Action: DBPut") && !sent.contains("ID: behind"),
        "{sent}"
    );
    // A paste is one line as well.
    pty.type_bytes(b"\x1b[200~Ping ActionID=t\xe9\rPing ActionID=three\x1b[201~\r");
    pty.wait_typed("Ping ActionID=three");
    pty.key(Key::Ctrl('c'));
    pty.wait_typed(&prompt);
    assert!(!pbx.received().join("\n").contains("three"));
}

// A header was dropped with its line, and the packet sent without it.
#[test]
fn a_packet_is_not_sent_without_a_line_that_is_not_utf8() {
    let pbx = pbx();
    let packet = b"Action: UserEvent\rUserEvent: Z\rB: caf\xe9\r\r";
    let (mut pty, prompt) = shell(&pbx.addr().to_string(), "", &[("TERM", "dumb")], 30);
    pty.type_bytes(packet);
    pty.wait_line("the packet was given up: nothing of it was sent");
    pty.wait_typed(&prompt);
    pty.type_line("Ping ActionID=after");
    pty.wait_line("ActionID: after");
    assert!(!pbx.received().join("\n").contains("Action: UserEvent"));
    // With an editor its line is offered again, and the packet goes on.
    let (mut pty, prompt) = shell(&pbx.addr().to_string(), "", &[], 24);
    pty.type_bytes(packet);
    pty.wait_typed("… B: caf??");
    assert!(!pbx.received().join("\n").contains("Action: UserEvent"));
    pty.type_text("\x7fé\r\r");
    pty.wait_line("Response: Success");
    pty.wait_typed(&prompt);
    let sent = pbx.received().join("\n");
    assert!(sent.contains("UserEvent: Z\nB: café\n"), "{sent}");
}

// The terminal answered a question of a program that had ended, or sent a key
// that nobody knows; what it said was on the line, and was sent with it.
#[test]
fn what_the_terminal_says_by_itself_is_not_typed() {
    let pbx = pbx();
    for config in ["", "[keys]\nedit_mode = 'vi'\n"] {
        let (mut pty, prompt) = shell(&pbx.addr().to_string(), config, &[], 24);
        let said = [
            &b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\"[..],
            b"\x1b]10;rgb:ff/ff/ff\x07",
            b"\x1b[?62;22c",
            b"\x1bP>|XTerm(354)\x1b\\",
            b"\x1b[12;40R",
            b"\x1b[M !!",
            b"\x1b[<0;10;20M",
            b"\x1b[97;5u",
            b"\x1b[27;5;106~",
            b"\x1b[I",
        ];
        for one in said {
            pty.type_bytes(&[b"x", one, b"y"].concat());
        }
        pty.wait_typed(&format!("{prompt}{}", "xy".repeat(said.len())));
        // A key right behind them counts.
        pty.type_bytes(b"\x1b[?62;22c\x03");
        pty.wait_typed(&prompt);
        pty.type_line("Ping ActionID=clean");
        pty.wait_line("ActionID: clean");
    }
}

// Colours, a cleared screen, or a CR over the prompt: the line did it by being
// typed.
#[test]
fn control_characters_of_the_line_are_pictures_and_are_sent_as_typed() {
    let pbx = pbx();
    let folder = tempfile::tempdir().unwrap();
    let history = folder.path().join("history");
    let editor = r#"f() { printf 'UserEvent E A=\033[2Jedited\rx\n' >"$1"; }; f"#;
    for colours in ["NO_COLOR", "NONE"] {
        std::fs::write(&history, "UserEvent E A=\x1b[31mold\x07\r\n").unwrap();
        let env = [
            ("AMISH_HISTFILE", history.to_str().unwrap()),
            ("VISUAL", editor),
            (colours, "1"),
        ];
        let (mut pty, prompt) = shell(&pbx.addr().to_string(), "", &env, 24);
        let shown = |pty: &Pty, line: &str| pty.wait_typed(&format!("{prompt}{line}"));
        // Quoted, and the cursor is where it seems to be.
        pty.type_bytes(b"Ping ActionID=a\x16\x1b[1m\x16\x07\x16\x0d\x16\x7fb");
        shown(&pty, "Ping ActionID=a^[[1m^G^M^?b");
        for _ in 0..4 {
            pty.key(Key::Left);
        }
        pty.type_text("-");
        shown(&pty, "Ping ActionID=a^[[1m-^G^M^?b");
        let (_, column) = pty.look(|screen| screen.cursor_position());
        assert_eq!(usize::from(column), prompt.len() + 21);
        pty.key(Key::Ctrl('c'));
        shown(&pty, "");
        // Pasted.
        pty.type_bytes(b"\x1b[200~UserEvent E A=\x1b[2Jp\x07\xc2\x9b\x1b[201~");
        shown(&pty, "UserEvent E A=^[[2Jp^G~[");
        pty.key(Key::Enter);
        pty.wait_typed(&prompt);
        // From the history, of this shell and of another.
        pty.key(Key::Up);
        shown(&pty, "UserEvent E A=^[[2Jp^G~[");
        pty.key(Key::Up);
        shown(&pty, "UserEvent E A=^[[31mold^G^M");
        // Looked for.
        pty.type_bytes(b"\x03\x12\x16\x1b");
        pty.key(Key::Ctrl('c'));
        shown(&pty, "");
        // From the editor.
        pty.type_text("x");
        shown(&pty, "x");
        pty.type_text("\x18\x05");
        shown(&pty, "UserEvent E A=^[[2Jedited^Mx");
        pty.key(Key::Ctrl('c'));
        shown(&pty, "");
        let written = text(&pty);
        for acts in [
            "\x1b[2J",
            "\x1b[1m-",
            "\x1b[31mold",
            "\x07",
            "\u{9b}",
            "\x7f",
        ] {
            assert!(!written.contains(acts), "{acts:?} in {written:?}");
        }
        assert!(!written.contains('\u{3ff1b}'), "{written:?}");
    }
    let sent = pbx.received().join("\n");
    assert!(sent.contains("A: \x1b[2Jp\x07\u{9b}\n"), "{sent:?}");
}

// Fingers stop and start the output so, though the prompt has none to stop. The
// next key was taken for text, even Ctrl-C.
#[test]
fn ctrl_s_and_ctrl_q_do_nothing_to_the_next_key() {
    let pbx = pbx();
    let (mut pty, prompt) = shell(&pbx.addr().to_string(), "", &[], 24);
    pty.type_bytes(b"Pi\x13\x11ng Act\x11\x01\x13\x11\x05ionID=fingers");
    pty.wait_typed(&format!("{prompt}Ping ActionID=fingers"));
    pty.type_bytes(b"\x13\x11\r");
    pty.wait_line("ActionID: fingers");
    // Before the prompt is back Ctrl-C is a signal, which clears no line.
    pty.wait_typed(&prompt);
    pty.type_bytes(b"Ping\x13\x11\x03");
    pty.wait_typed(&prompt);
}

// Where no key asks, `?` was sent as the name of a queue.
#[test]
fn a_question_mark_that_is_no_key_asks_and_is_not_sent() {
    let pbx = pbx();
    for term in ["dumb", "xterm"] {
        let (mut pty, prompt) = shell(&pbx.addr().to_string(), "", &[("TERM", term)], 24);
        match term {
            "dumb" => pty.type_line("QueueStatus ?"),
            _ => pty.type_bytes(b"\x1b[200~QueueStatus ?\x1b[201~\r"),
        }
        pty.wait_line("Type      QueueStatus [Queue] [Member]");
        pty.wait_typed(&prompt);
        pty.type_line("QueueStatus '?' ActionID=quoted");
        pty.wait_line("ActionID: quoted");
    }
    let sent = pbx.received().join("\n");
    assert_eq!(sent.matches("Queue: ?").count(), 2, "{sent}");
}
