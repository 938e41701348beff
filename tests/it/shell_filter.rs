//! `/filter`, `/events EXPR`, `/last` and `/top` at the prompt; `/filter` in
//! scripts.

use crate::program::amish_at;
use crate::pty::{Pty, rows};
use crate::shell::{demo, pbx};
use amish::simulator::Simulator;

/// The text on the screen.
fn text(pty: &Pty) -> String {
    pty.look(|screen| rows(screen).join("\n"))
}

fn emit(pbx: &Simulator, name: &str, number: usize) {
    pbx.emit(name, "user", &[("Number", &format!("<{number}>"))]);
}

// A user who waits for one event in a flood sees that one, in its place among
// the replies, and can find the others later.
#[test]
fn a_filter_shows_what_it_means_and_last_shows_the_rest() {
    let pbx = pbx();
    let mut pty = demo(&pbx);
    pty.type_line("/filter Wanted*");
    pty.wait_line("filter: Wanted*; events are off: /events on");
    pty.type_line("/events user");
    pty.wait_line("events: user; filtered by Wanted* (/filter off shows all)");
    pty.type_text("Ping Act");
    for number in 0..500 {
        emit(&pbx, "Noise", number);
    }
    emit(&pbx, "WantedHere", 500);
    pty.wait_line("Number: <500>");
    assert!(!text(&pty).contains("Noise"), "{}", text(&pty));
    // The line being typed is unchanged.
    pty.type_line("ionID=1");
    pty.wait_line("ActionID: 1");
    pty.type_line("/last 2 Noise");
    pty.wait_line("Number: <499>");
    let seen = text(&pty);
    assert!(seen.contains("<498>") && !seen.contains("<497>"), "{seen}");
    pty.type_line("/filter off");
    pty.wait_line("filter: off");
    emit(&pbx, "Noise", 501);
    pty.wait_line("Number: <501>");
    // A malformed expression, and what to write instead.
    pty.type_line("/filter Number~(");
    pty.wait_line("not a regular expression: unclosed group");
}

// A user may know the event but not its class.
#[test]
fn events_takes_an_expression_as_well() {
    let pbx = pbx();
    let mut pty = demo(&pbx);
    pty.type_line("/events UserEvent Number~5");
    pty.wait_line("events: every class; filtered by UserEvent Number~5");
    (0..6).for_each(|number| emit(&pbx, "UserEvent", number));
    pty.wait_line("Number: <5>");
    assert!(!text(&pty).contains("<4>"), "{}", text(&pty));
    pty.type_line("/events usre");
    pty.wait_line("'usre' is not an event class");
}

// The source of a flood can be found and silenced; nothing stays turned on.
#[test]
fn top_counts_what_comes_and_turns_it_off_again() {
    let pbx = pbx();
    let mut pty = demo(&pbx);
    pty.type_line("/top");
    pty.wait_line("counting events for 5 seconds");
    (0..300).for_each(|number| emit(&pbx, "Noise", number));
    pbx.emit("Rare", "user", &[("Channel", "PJSIP/alice-0000001f")]);
    pty.wait_line("eventfilter(action(exclude),name(Noise)) =");
    let seen = text(&pty);
    assert!(seen.contains("301 events in 5."), "{seen}");
    assert!(seen.contains("100%  Noise"), "{seen}");
    assert!(seen.contains("PJSIP/alice\n"), "{seen}");
    assert!(seen.contains("/filter !Noise\n"), "{seen}");
    assert!(
        !seen.contains("Number:"),
        "nobody asked to see them: {seen}"
    );
    // The server has received everything sent before.
    pty.type_line("Ping");
    pty.wait_line("Pong");
    let masks: Vec<String> = pbx.received();
    let mut masks = masks.iter().filter(|one| one.contains("Action: Events"));
    assert!(masks.next_back().unwrap().contains("EventMask: off"));
}

// A script selects events by an expression, also with a variable.
#[test]
fn a_filter_in_a_script_holds_until_it_is_off() {
    let pbx = pbx();
    let script = "/events user\n\
        set q = \"two words\"\n\
        /filter UserEvent Text=$q\n\
        UserEvent UserEvent=A Text=one\n\
        UserEvent UserEvent=B Text='two words'\n\
        /filter\n\
        /filter off\n\
        UserEvent UserEvent=C Text=one\nPing\n\
        /events UserEvent Text!=one\n\
        UserEvent UserEvent=D Text=one\n\
        UserEvent UserEvent=E Text=x\n";
    let done = amish_at(pbx.addr(), "demo", "demo", "-o packet")
        .input(script)
        .run();
    assert_eq!(done.code, 0, "{}", done.err);
    let events = done
        .out
        .lines()
        .filter_map(|line| line.strip_prefix("UserEvent: "));
    assert_eq!(events.collect::<Vec<_>>(), ["B", "C", "E"], "{}", done.out);
    assert!(done.err.contains("filter: UserEvent Text="), "{}", done.err);
    for (line, why) in [
        ("/filter Queue=", "no value to compare with"),
        ("/events agnet", "is not an event class"),
        ("/history", "works at the prompt only"),
    ] {
        let run = amish_at("127.0.0.1:1".parse().unwrap(), "demo", "demo", "-c Ping -c");
        let done = run.arg(line).run();
        assert_eq!(done.code, 2, "nothing was sent: {line}");
        assert!(
            done.err.contains(why) && done.err.contains("-c:2"),
            "{}",
            done.err
        );
    }
}
