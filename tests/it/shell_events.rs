//! Events above the line being typed, which they never disturb.

use crate::pty::{Key, Pty, rows};
use crate::shell::{COLS, demo, pbx, ping_answered};
use crate::support::is_full;
use amish::simulator::Simulator;
use std::time::{Duration, Instant};

/// Turns events on; returns the new prompt.
fn watching(pbx: &Simulator, pty: &mut Pty) -> String {
    pty.type_line("/events user");
    let prompt = format!("demo@{} (events)> ", pbx.addr());
    pty.wait_typed(&prompt);
    prompt
}

fn emit(pbx: &Simulator, number: usize) {
    pbx.emit("UserEvent", "user", &[("Number", &format!("<{number}>"))]);
}

/// The output without colours and cursor movements, split at those: a line that
/// was drawn twice occurs twice.
fn written(pty: &Pty) -> Vec<String> {
    let text = String::from_utf8_lossy(&pty.bytes()).into_owned();
    let mut lines = vec![String::new()];
    let mut chars = text.chars();
    while let Some(one) = chars.next() {
        match one {
            '\x1b' => {
                let end = chars.by_ref().skip(1).find(char::is_ascii_alphabetic);
                if end != Some('m') {
                    lines.push(String::new());
                }
            }
            '\r' | '\n' => lines.push(String::new()),
            one => lines.last_mut().expect("one line").push(one),
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// The numbers after `key` in the output, in order.
fn numbers(pty: &Pty, key: &str) -> Vec<usize> {
    let lines = written(pty);
    let numbers = lines.iter().filter_map(|line| line.strip_prefix(key));
    let inner = numbers.map(|number| number.trim_matches(['<', '>']));
    inner
        .map(|number| number.parse().expect("a number"))
        .collect()
}

// Users turn events off if they disturb the line being typed.
#[test]
fn a_thousand_events_leave_line_and_cursor_as_they_were() {
    let pbx = pbx();
    let mut pty = demo(&pbx);
    let prompt = watching(&pbx, &mut pty);
    pty.type_text("Getvar Variable=FOO");
    for _ in 0..4 {
        pty.key(Key::Left);
    }
    let column = prompt.len() + "Getvar Variable".len();
    let in_place = |screen: &vt100::Screen| usize::from(screen.cursor_position().1) == column;
    pty.wait_for("cursor in place", in_place);
    for number in 0..1_000 {
        emit(&pbx, number);
    }
    pty.wait_line("Number: <999>");
    pty.wait_typed(&format!("{prompt}Getvar Variable=FOO"));
    pty.wait_for("cursor as it was", in_place);
    assert_eq!(numbers(&pty, "Number: "), (0..1_000).collect::<Vec<_>>());
    pty.type_text("s");
    pty.wait_typed(&format!("{prompt}Getvar Variables=FOO"));
}

// The same for a line of several rows, which is computed differently.
#[test]
fn events_leave_a_line_of_two_rows_as_it_was() {
    let pbx = pbx();
    let mut pty = demo(&pbx);
    let prompt = watching(&pbx, &mut pty);
    let line = format!("UserEvent UserEvent=Long Text={}", "x".repeat(60));
    pty.type_text(&line);
    let rest = format!("{prompt}{line}").split_off(usize::from(COLS));
    pty.wait_typed(&rest);
    for number in 0..200 {
        emit(&pbx, number);
    }
    pty.wait_line("Number: <199>");
    pty.wait_typed(&rest);
    pty.wait_for("line once", |screen| {
        let rows = rows(screen);
        let begun = rows.iter().filter(|row| row.contains("Text=")).count();
        begun == 1
    });
}

// Ten seconds are promised; one is enough to detect a lost reply or a swapped
// event.
#[test]
fn every_action_is_answered_in_a_flood_of_events() {
    let seconds = if is_full() { 10 } else { 1 };
    let count = 2_000 * seconds;
    let pbx = pbx();
    let mut pty = demo(&pbx);
    watching(&pbx, &mut pty);
    let pings = std::thread::scope(|scope| {
        let flood = scope.spawn(|| {
            let begin = Instant::now();
            for number in 0..count {
                let due = begin + Duration::from_micros(500) * number as u32;
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
                emit(&pbx, number);
            }
        });
        let mut pings = 0;
        while !flood.is_finished() {
            pty.type_line(&format!("Ping ActionID={pings}"));
            pings += 1;
            std::thread::sleep(Duration::from_millis(50));
        }
        pings
    });
    // Its answer comes behind everything else. (The last event may have been
    // on the screen for less than a moment: answers have pushed it out.)
    pty.type_line("Ping ActionID=last");
    ping_answered(&pty, "last");
    pty.type_line("quit");
    assert_eq!(pty.exit_code(), 0);
    assert_eq!(numbers_of_replies(&pty), (0..pings).collect::<Vec<_>>());
    assert_eq!(numbers(&pty, "Number: "), (0..count).collect::<Vec<_>>());
}

fn numbers_of_replies(pty: &Pty) -> Vec<usize> {
    let lines = written(pty);
    let ids = lines
        .iter()
        .filter_map(|line| line.strip_prefix("ActionID: "));
    ids.filter_map(|id| id.parse().ok()).collect()
}
