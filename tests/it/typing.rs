//! What is shown while a line is typed: hints, colours, and refusals before
//! sending.

use crate::pty::{Key, Pty, hint, rows, typed};
use crate::servers::simulator;
use amish::simulator::Simulator;
use vt100::Color;

/// A shell on `pbx`, at its first prompt.
fn shell(pbx: &Simulator, args: &[&str], env: &[(&str, &str)], cols: u16) -> Pty {
    let target = pbx.addr().to_string();
    let args: Vec<&str> = args
        .iter()
        .copied()
        .chain(["-u", "demo", &target])
        .collect();
    let env: Vec<_> = env
        .iter()
        .copied()
        .chain([("AMISH_SECRET", "demo")])
        .collect();
    let pty = Pty::spawn(&args, &env, cols, 24);
    pty.wait_line("> ");
    pty
}

fn wait_hint(pty: &Pty, text: &str) {
    pty.wait_for(&format!("hint {text:?}"), |screen| {
        hint(screen).starts_with(text)
    });
}

/// The colours of `text` in the row of the cursor, and whether it is bold.
fn colours(pty: &Pty, text: &str) -> (Color, bool) {
    pty.look(|screen| {
        let (row, _) = screen.cursor_position();
        let at = typed(screen).find(text).expect(text);
        let cell = screen.cell(row, at as u16).expect("a cell");
        (cell.fgcolor(), cell.bold())
    })
}

#[test]
fn the_right_arrow_takes_the_rest_of_a_line_typed_before() {
    let pbx = simulator();
    let mut pty = shell(&pbx, &[], &[], 80);
    pty.type_line("Ping ActionID=first");
    pty.wait_line("Pong");
    pty.type_text("Ping Act");
    wait_hint(&pty, "ionID=first");
    pty.key(Key::Right);
    let prompt = format!("demo@{}> ", pbx.addr());
    pty.wait_typed(&format!("{prompt}Ping ActionID=first"));
    pty.type_line("2");
    pty.wait_line("first2");
    // Nothing of the hint remains in what was typed.
    pty.wait_line(&format!("{prompt}Ping ActionID=first2"));
}

// A hint that became part of the line would be sent.
#[test]
fn what_may_follow_is_shown_and_not_taken() {
    let pbx = simulator();
    let mut pty = shell(&pbx, &[], &[], 80);
    pty.type_text("queueadd ");
    pty.key(Key::Right);
    pty.type_text("support");
    pty.wait_typed(&format!("demo@{}> queueadd support", pbx.addr()));
    pty.key(Key::Enter);
    pty.wait_line("QueueAdd needs Interface: help QueueAdd tells what it takes");
    let sent = pbx.received();
    assert!(
        !sent.iter().any(|one| one.contains("Action: QueueAdd")),
        "{sent:?}"
    );
}

#[test]
fn what_is_typed_is_in_colours_and_an_open_quote_is_marked() {
    let pbx = simulator();
    let mut pty = shell(&pbx, &[], &[], 80);
    pty.type_text("Hangup Channel='SIP/1");
    pty.wait_typed(&format!("demo@{}> Hangup Channel='SIP/1", pbx.addr()));
    let (cyan, red) = (Color::Idx(6), Color::Idx(1));
    assert_eq!(colours(&pty, "Hangup"), (cyan, true));
    assert_eq!(colours(&pty, "Channel"), (cyan, false));
    assert_eq!(colours(&pty, "'SIP"), (red, true));
    pty.type_text("'");
    pty.wait_typed(&format!("demo@{}> Hangup Channel='SIP/1'", pbx.addr()));
    assert_eq!(colours(&pty, "'SIP"), (Color::Default, false));
}

// Without colours a hint would look typed.
#[test]
fn without_colours_there_is_nothing_but_the_line() {
    for (args, env) in [
        (&["--color", "never"][..], &[][..]),
        (&[], &[("NO_COLOR", "1")]),
    ] {
        let pbx = simulator();
        let mut pty = shell(&pbx, args, env, 80);
        pty.type_line("Ping ActionID=first");
        pty.wait_line("Pong");
        for line in ["Ping Act", "QueueAdd ", "Hangup Channel='x"] {
            pty.type_text(line);
            // A hint is drawn together with what was typed.
            let whole = format!("demo@{}> {line}", pbx.addr());
            pty.wait_for(line, |screen| {
                let (row, _) = screen.cursor_position();
                rows(screen)[usize::from(row)].trim_end() == whole.trim_end()
            });
            pty.key(Key::Ctrl('c'));
        }
        let written = String::from_utf8_lossy(&pty.bytes()).into_owned();
        let coloured = ["\x1b[2m", "\x1b[36m", "\x1b[1;36m", "\x1b[1;31m"];
        assert!(
            !coloured.iter().any(|one| written.contains(one)),
            "{written:?}"
        );
    }
}

// A hint that continues in the next row would leave traces at every event,
// especially after the cursor has moved.
#[test]
fn a_hint_stays_in_its_row_also_while_events_come() {
    let pbx = simulator();
    let mut pty = shell(&pbx, &[], &[], 40);
    pty.type_line("/events user");
    let prompt = format!("demo@{} (events)> ", pbx.addr());
    pty.wait_typed(&prompt);
    let line = "QueueAdd support Local/200 ";
    pty.type_text(line);
    wait_hint(&pty, "[Penalty");
    pty.look(|screen| {
        let columns = typed(screen).trim_end().len() + 1 + hint(screen).chars().count();
        assert!(columns < 40 && hint(screen).ends_with('…'), "{columns}");
    });
    let rest = format!("{prompt}{line}").split_off(40);
    for left in [0, 1, 5] {
        for _ in 0..left {
            pty.key(Key::Left);
        }
        for number in 0..60 {
            pbx.emit(
                "UserEvent",
                "user",
                &[("Number", &format!("<{left}.{number}>"))],
            );
        }
        pty.wait_line(&format!("Number=<{left}.59>"));
        pty.wait_for("the line once", |screen| {
            let rows = rows(screen);
            let of = |text: &str| rows.iter().filter(|row| row.contains(text)).count();
            of(prompt.trim_end()) == 1 && of("[Penalty") <= 1 && of(rest.trim_end()) == 1
        });
    }
}

// The end of the hint went into the next row, and stayed there below every
// further line.
#[test]
fn a_hint_leaves_nothing_behind_when_the_window_becomes_narrower() {
    let pbx = simulator();
    let mut pty = shell(&pbx, &[], &[], 60);
    pty.type_text("QueueAdd ");
    let is_long = |screen: &vt100::Screen| hint(screen).starts_with("Queue=<name> Interface=");
    pty.resize_reflowing(40, 24, is_long);
    wait_hint(&pty, "Queue=<…");
    pty.look(|screen| {
        let (row, _) = screen.cursor_position();
        let below = rows(screen).split_off(usize::from(row) + 1);
        assert!(below.iter().all(String::is_empty), "{below:?}");
    });
}
