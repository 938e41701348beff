//! Originate: the outcome of a call, reported as it happens and by the exit
//! code.

use crate::program::{amish, amish_at};
use crate::pty::{Key, Pty};
use crate::scripted::Scripted;
use crate::servers::{real_servers_with, servers};
use std::sync::mpsc::channel;

// Response: Success to an Originate means nothing, which users need not know:
// the exit code tells the outcome.
#[test]
fn originate_tells_the_outcome() {
    for server in servers() {
        let run = |args: &str| amish_at(server.address, server.user, server.secret, args).run();
        let call = "Originate Context=default Exten=200 Priority=1";
        let done = run(&format!("{call} Channel=Local/100@default"));
        assert_eq!(done.code, 0, "{}: {}", server.name, done.err);
        assert!(
            done.err.contains("answered"),
            "{}: {}",
            server.name,
            done.err
        );
        let done = run(&format!("{call} Channel=Local/nosuch@default"));
        assert_eq!(done.code, 3, "{}: {}", server.name, done.err);
        assert!(
            done.err.contains("could not be placed"),
            "{}: {}",
            server.name,
            done.err
        );
    }
}

// A person who waits for a call wants to see its progress; a cron job does not.
#[test]
fn originate_tells_what_happens_as_it_happens() {
    for server in servers() {
        let run = |args: &str| amish_at(server.address, server.user, server.secret, args).run();
        let call = "Originate Application=Wait Data=1 Timeout=1500 Channel=Local";
        let done = run(&format!("{call}/500@default"));
        assert_eq!(done.code, 3, "{}: {}", server.name, done.err);
        let order = [
            "dialing\n",
            "ringing after ",
            "rang and was not answered in time",
        ]
        .map(|words| {
            done.err
                .find(words)
                .unwrap_or_else(|| panic!("{words}: {}", done.err))
        });
        assert!(order.is_sorted(), "{}: {}", server.name, done.err);
        assert!(!done.out.contains("dialing"), "{}", done.out);
        let done = run(&format!("{call}/100@default"));
        assert!(
            done.err.contains("answered after 0."),
            "{}: {}",
            server.name,
            done.err
        );
        let done = run(&format!("-q {call}/100@default"));
        assert_eq!((done.code, &*done.err), (0, ""), "{}", server.name);
    }
}

// Silence must count as neither an answer nor a failure.
#[test]
fn without_class_call_the_outcome_cannot_be_known() {
    for server in real_servers_with(&["class-originate"]) {
        let call = "Originate Application=Wait Data=1 Timeout=1000 Channel=Local/100@default";
        let done = amish_at(server.address, "nocall", "nocall", call).run();
        assert_eq!(done.code, 6, "{}: {}", server.name, done.err);
        let words =
            "no events of class call arrive: without call in read= the outcome cannot be known";
        assert!(done.err.contains(words), "{}: {}", server.name, done.err);
        assert!(
            done.err.contains("no OriginateResponse came"),
            "{}",
            done.err
        );
    }
}

// Two things keep the outcome away: a user without class call, and an
// eventfilter, which lets the other events of a call pass.
#[test]
fn an_outcome_that_is_filtered_away_is_blamed_on_filters() {
    let server = Scripted::logged_in(|client| {
        client.expect("Events");
        client.answer("Success", "Events: On");
        client.expect("Originate");
        client.answer("Success", "Message: Originate successfully queued");
        client
            .packets("Event: Newchannel\nPrivilege: call,all\nChannel: SIP/100-1\nUniqueid: 1.1\n");
        client.packets("Event: Newstate\nPrivilege: call,all\nChannel: SIP/100-1\nChannelStateDesc: Up\nUniqueid: 1.1\n");
        client.carry_on();
    });
    let call = "Originate Channel=SIP/100 Application=Wait Timeout=1";
    let run = amish(&format!("{} -u u {call}", server.target()));
    let done = run.env("AMISH_SECRET", "s").run();
    assert_eq!(done.code, 6, "{}", done.err);
    for words in [
        "no OriginateResponse came",
        "eventfilter",
        "its channel was answered after",
    ] {
        assert!(done.err.contains(words), "{words}: {}", done.err);
    }
    assert!(!done.err.contains("read="), "{}", done.err);
}

// A call that goes out with half of its variable is not noticed before somebody
// misses the other half.
#[test]
fn a_variable_that_the_server_would_cut_is_told_before() {
    let line = "Originate Local/100@default Application=Wait Data=1 Async=yes Variable=LIST=a";
    let run = |line: &str, more: &str| amish(&format!("--demo {more} -c")).arg(line).run();
    let cut = run(&format!("{line},b"), "");
    assert_eq!(cut.code, 0, "{}", cut.err);
    let words = r"drops what is behind the one in LIST: write \, for a comma of the value, as in Variable='LIST=one\,two'";
    assert!(cut.err.contains(words), "{}", cut.err);
    let packet = run("Action: Originate\nVariable: LIST=a,b", "");
    assert!(packet.err.contains(words), "{}", packet.err);
    let dry = run(&format!("{line},b"), "--dry-run");
    assert!(dry.err.contains(words), "{}", dry.err);
    for whole in [r"\,b", ",B=2", ""] {
        let done = run(&format!("{line}{whole}"), "");
        assert!(!done.err.contains("Variable"), "{whole}: {}", done.err);
    }
    let unchecked = run(&format!("{line},b"), "--no-check");
    assert!(!unchecked.err.contains("Variable"), "{}", unchecked.err);
}

// `Success` of a call in the background means that it was queued: whoever sees
// nothing more takes a call that failed for one that goes on.
#[test]
fn behind_the_prompt_the_outcome_comes_above_it() {
    let (heard, asked) = channel();
    let (go, going) = channel();
    let server = Scripted::logged_in(move |client| {
        client.expect("ListCommands");
        client.answer("Error", "Message: Permission denied");
        let events = client.expect("Events");
        assert_eq!(events.get("EventMask"), Some("call"), "{events:?}");
        client.answer("Success", "Events: On");
        let call = client.expect("Originate");
        assert_eq!(call.get("Async"), Some("true"), "{call:?}");
        let id = client.id().to_owned();
        client.answer("Success", "Message: Originate successfully queued");
        going.recv().expect("the test goes on");
        client.packets("Event: Newchannel\nPrivilege: call,all\nChannel: SIP/1-1\nUniqueid: 1.1\n");
        client.packets(&format!("Event: OriginateResponse\nPrivilege: call,all\nActionID: {id}\nResponse: Failure\nChannel: SIP/1\nReason: 5\n"));
        client.packets(
            "Event: Hangup\nPrivilege: call,all\nChannel: SIP/1-1\nUniqueid: 1.1\nCause: 17\n",
        );
        let off = client.expect("Events");
        heard.send(off).expect("the test waits");
        client.carry_on();
    });
    let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    let target = server.target();
    let mut pty = Pty::spawn(&["--color", "never", &target], &env, 100, 30);
    let prompt = format!("demo@{target}> ");
    pty.wait_typed(&prompt);
    pty.type_line("Originate SIP/1 Application=Wait Data=1 &");
    pty.wait_line("Success  Originate successfully queued");
    pty.type_text("half typed");
    pty.wait_typed(&format!("{prompt}half typed"));
    go.send(()).expect("the server waits");
    pty.wait_line(
        "Originate SIP/1 Application=Wait Data=1: SIP/1 is busy (Reason 5, cause 17 User busy)",
    );
    pty.wait_typed(&format!("{prompt}half typed"));
    // The events were for this only, and nobody else saw them.
    let off = asked.recv().expect("amish asks for less");
    assert_eq!(off.get("EventMask"), Some("off"), "{off:?}");
    let seen = pty.look(|screen| screen.contents());
    assert!(
        !seen.contains("Newchannel") && !seen.contains("late"),
        "{seen}"
    );
}

// An outcome that never comes is told as well, with why that may be.
#[test]
fn behind_the_prompt_silence_is_no_success() {
    let server = Scripted::logged_in(|client| {
        client.expect("ListCommands");
        client.answer("Error", "Message: Permission denied");
        for event in ["silent", "cut"] {
            client.expect("Events");
            client.answer("Success", "Events: On");
            client.expect("Originate");
            client.answer("Success", "Message: Originate successfully queued");
            if event == "silent" {
                client.expect("Events");
                client.answer("Success", "Events: Off");
            }
        }
    });
    let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    let target = server.target();
    let args = ["--color", "never", "--no-reconnect", &target];
    let mut pty = Pty::spawn(&args, &env, 240, 30);
    pty.wait_typed(&format!("demo@{target}> "));
    // Its own 1 ms, and the 5 s that its outcome may take.
    pty.type_line("Originate SIP/1 Application=Wait Timeout=1 &");
    pty.wait_line("no OriginateResponse came, so the outcome cannot be known");
    pty.type_line("Originate SIP/2 Application=Wait &");
    pty.wait_line("Originate SIP/2 Application=Wait: the outcome of the call is unknown");
}

// Who presses Ctrl-C while amish asks for events wants none of it: the answer
// to a question of amish's own is nobody's news.
#[test]
fn a_late_answer_to_a_question_of_our_own_is_not_shown() {
    for (line, question) in [
        ("Originate SIP/1 Application=Wait", "Events"),
        ("/events call", "Events"),
        ("/follow SIP/1", "Events"),
        ("/calls", "CoreShowChannels"),
    ] {
        let (heard, asked) = channel();
        let (go, going) = channel();
        let server = Scripted::logged_in(move |client| {
            client.expect("ListCommands");
            client.answer("Error", "Message: Permission denied");
            loop {
                let request = client.hear().expect("a question");
                if request.get("Action") == Some(question) {
                    break;
                }
                client.answer("Success", "Events: On");
            }
            heard.send(()).expect("the test waits");
            going.recv().expect("the test goes on");
            client.answer("Success", "Message: Too late");
            client.carry_on();
        });
        let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
        let target = server.target();
        let mut pty = Pty::spawn(&["--color", "never", &target], &env, 120, 30);
        let prompt = format!("demo@{target}> ");
        pty.wait_typed(&prompt);
        pty.type_line(line);
        asked.recv().expect("it was asked");
        pty.key(Key::Ctrl('c'));
        pty.wait_typed(&prompt);
        go.send(()).expect("the server waits");
        pty.type_line("Ping");
        pty.wait_line("Pong");
        let seen = pty.look(|screen| screen.contents());
        assert!(!seen.contains("late"), "{line}: {seen}");
    }
}
