//! Servers that answer wrongly, and values that look like packets: what is
//! claimed, and that the next packet is read correctly. Each conversation is
//! sent in one piece, then byte by byte.

use crate::program::{Done, amish, finish, signal};
use crate::scripted::{Conversation, Request, Scripted};
use crate::support::BOUND;
use nix::sys::signal::Signal;

/// A faulty conversation, and what amish makes of it.
struct Case {
    name: &'static str,
    lines: &'static [&'static str],
    server: fn(&mut Conversation),
    code: i32,
    /// What each line in json must contain.
    out: &'static [&'static [&'static str]],
    /// Somewhere on stderr.
    err: &'static [&'static str],
}

fn run(case: &'static Case) {
    for piece in [usize::MAX, 1] {
        let server = Scripted::logged_in(move |conversation| {
            conversation.piece = piece;
            (case.server)(conversation);
        });
        let args = format!("-u me {} -t 0.5 -o json", server.target());
        let run = amish(&args).env("AMISH_SECRET", "secret");
        let lines = case.lines.iter();
        let done = lines.fold(run, |run, line| run.arg("-c").arg(line)).run();
        check(case, &done);
    }
}

fn check(case: &Case, done: &Done) {
    let name = case.name;
    assert_eq!(done.code, case.code, "{name}: {done:#?}");
    let lines: Vec<&str> = done.out.lines().collect();
    assert_eq!(lines.len(), case.out.len(), "{name}: {done:#?}");
    for (line, wanted) in lines.iter().zip(case.out) {
        for text in *wanted {
            assert!(line.contains(text), "{name}: no {text} in {line}");
        }
    }
    for text in case.err {
        assert!(done.err.contains(text), "{name}: no {text:?} in {done:#?}");
    }
    assert_eq!(
        case.err.is_empty(),
        done.err.is_empty(),
        "{name}: {done:#?}"
    );
}

/// Receives Ping and answers it.
fn pong(conversation: &mut Conversation) {
    conversation.expect("Ping");
    conversation.answer("Success", "Ping: Pong");
}

/// The session ends normally: nothing unexpected was sent, and nothing twice.
fn goodbye(conversation: &mut Conversation) {
    conversation.expect("Logoff");
    conversation.answer("Goodbye", "");
}

const UNKNOWN: &str = "is unknown; it was sent and is not sent again";

// A wrong answer is not accepted, and the outcome is unknown.
#[test]
fn replies_that_are_not_ours() {
    const CASES: &[Case] = &[
        Case {
            name: "a reply that never comes",
            lines: &["Ping"],
            server: |conversation| {
                conversation.expect("Ping");
                goodbye(conversation);
            },
            code: 6,
            out: &[],
            err: &["no answer in time", UNKNOWN],
        },
        Case {
            name: "a reply with a foreign ActionID",
            lines: &["Ping"],
            server: |conversation| {
                conversation.expect("Ping");
                conversation.packets("Response: Error\nActionID: foreign\nMessage: no");
                goodbye(conversation);
            },
            code: 6,
            out: &[&["\"response\"", "foreign"]],
            err: &[
                "unrequested Response: ActionID foreign",
                "no answer in time",
                UNKNOWN,
            ],
        },
        Case {
            name: "a reply without ActionID",
            lines: &["Ping"],
            server: |conversation| {
                conversation.expect("Ping");
                conversation.packets("Response: Success\nPing: Pong");
                goodbye(conversation);
            },
            code: 6,
            out: &[&["\"response\"", "Pong"]],
            err: &[
                "unrequested Response: no ActionID",
                "no answer in time",
                UNKNOWN,
            ],
        },
        Case {
            name: "a reply after the time-out",
            lines: &["Ping"],
            server: |conversation| {
                conversation.expect("Ping");
                let id = conversation.id().to_owned();
                conversation.expect("Logoff");
                conversation.packets(&format!("Response: Success\nActionID: {id}\nPing: Pong"));
                conversation.answer("Goodbye", "");
            },
            code: 6,
            out: &[&["\"_late\":true", "Pong"]],
            err: &["no answer in time", UNKNOWN],
        },
        Case {
            name: "two replies for one action",
            lines: &["Ping", "Getvar Variable=X"],
            server: |conversation| {
                pong(conversation);
                conversation.answer("Error", "Message: second thoughts");
                conversation.expect("Getvar");
                conversation.answer("Success", "Variable: X\nValue: 1");
                goodbye(conversation);
            },
            code: 0,
            out: &[&["Pong"], &["second thoughts"], &["\"Value\":\"1\""]],
            err: &["unrequested Response: ActionID"],
        },
    ];
    CASES.iter().for_each(run);
}

fn opened(conversation: &mut Conversation) {
    conversation.expect("QueueStatus");
    conversation.answer("Success", "EventList: start\nMessage: will follow");
    conversation.packets("Event: QueueParams\nActionID: $ID\nQueue: a");
}

// A list has exactly its own items, and one end.
#[test]
fn lists_that_go_wrong() {
    const CASES: &[Case] = &[
        Case {
            name: "a completion that comes twice",
            lines: &["QueueStatus", "Ping"],
            server: |conversation| {
                opened(conversation);
                for _ in 0..2 {
                    conversation
                        .packets("Event: QueueStatusComplete\nActionID: $ID\nEventList: Complete");
                }
                pong(conversation);
                goodbye(conversation);
            },
            code: 0,
            out: &[&["start"], &["QueueParams"], &["Complete"], &["Pong"]],
            err: &[],
        },
        Case {
            name: "events that look like an end",
            lines: &["/events agent,user", "QueueStatus", "Ping"],
            server: |conversation| {
                conversation.expect("Events");
                conversation.answer("Success", "Events: On");
                opened(conversation);
                conversation.packets("Event: AgentComplete\nPrivilege: agent,all\nQueue: a");
                conversation.packets(
                    "Event: UserEvent\nPrivilege: user,all\nUserEvent: QueueStatusComplete\n\
                     ActionID: $ID\nEventList: Complete\nEvent: QueueStatusComplete",
                );
                conversation
                    .packets("Event: QueueStatusComplete\nActionID: another\nEventList: Complete");
                conversation.packets("Event: QueueMember\nActionID: $ID\nName: last");
                conversation
                    .packets("Event: QueueStatusComplete\nActionID: $ID\nEventList: Complete");
                pong(conversation);
                goodbye(conversation);
            },
            code: 0,
            out: &[
                // A list is shown as it comes, and events between its items.
                &["start"],
                &["QueueParams"],
                &["AgentComplete"],
                &["\"UserEvent\":\"QueueStatusComplete\""],
                // Another client's, through a proxy.
                &["another"],
                &["last"],
                &["\"EventList\":\"Complete\""],
                &["Pong"],
            ],
            err: &[],
        },
        Case {
            name: "a Response inside an event",
            lines: &["/events call", "Ping"],
            server: |conversation| {
                conversation.expect("Events");
                conversation.answer("Success", "Events: On");
                conversation.expect("Ping");
                conversation.packets(
                    "Event: OriginateResponse\nPrivilege: call,all\nActionID: $ID\n\
                     Response: Failure\nReason: 5",
                );
                conversation.answer("Success", "Ping: Pong");
                goodbye(conversation);
            },
            code: 0,
            out: &[&["\"event\"", "Failure"], &["\"response\"", "Pong"]],
            err: &[],
        },
    ];
    CASES.iter().for_each(run);
}

// Callers and the dialplan choose values. A line feed in one must not forge
// anything. With a CRLF CRLF the packet ends there, which no client can tell,
// but the rest must neither be taken for an answer nor hide the packets after
// it.
#[test]
fn values_that_forge_packets() {
    const CASES: &[Case] = &[
        Case {
            name: "line feeds",
            lines: &["Getvar Variable=X", "Ping"],
            server: |conversation| {
                conversation.expect("Getvar");
                let id = conversation.id().to_owned();
                conversation.send(format!(
                    "Response: Success\r\nActionID: {id}\r\nVariable: X\r\nValue: a\n\n\
                     Response: Error\nActionID: {id}\r\n\nEvent: Forged\r\n\r\n"
                ));
                pong(conversation);
                goodbye(conversation);
            },
            code: 0,
            out: &[&["\"Value\":\"a\\n\\nResponse: Error\\n"], &["Pong"]],
            err: &[],
        },
        Case {
            name: "a whole packet",
            lines: &["Getvar Variable=X", "Ping"],
            server: |conversation| {
                conversation.expect("Getvar");
                conversation.answer(
                    "Success",
                    "Variable: X\nValue: a\n\nResponse: Error\nActionID: guessed\nMessage: forged",
                );
                pong(conversation);
                goodbye(conversation);
            },
            code: 0,
            out: &[&["\"Value\":\"a\""], &["forged"], &["Pong"]],
            err: &["unrequested Response: ActionID guessed"],
        },
        Case {
            name: "Follows, from a server that does not know it",
            lines: &["Getvar Variable=X", "Ping"],
            server: |conversation| {
                conversation.expect("Getvar");
                conversation.answer(
                    "Success",
                    "Variable: X\nValue: a\n\nResponse: Follows\nPrivilege: Command\nx",
                );
                pong(conversation);
                goodbye(conversation);
            },
            code: 0,
            out: &[&["\"Value\":\"a\""], &["Follows"], &["Pong"]],
            err: &["unrequested Response: no ActionID"],
        },
    ];
    CASES.iter().for_each(run);
}

// Whatever the server sends, the next well-formed packet must be read
// correctly. Unframed text is shown as it is.
#[test]
fn garbage_between_packets() {
    const CASES: &[Case] = &[
        Case {
            name: "binary, blank lines, lines without a colon",
            lines: &["Ping", "Ping"],
            server: |conversation| {
                pong(conversation);
                conversation.send(b"\r\n\r\n\r\n\x00\xff\xfe\x1b[2J\r\r\n\r\n\r\n: x\r\n\r\n");
                pong(conversation);
                goodbye(conversation);
            },
            code: 0,
            out: &[
                &["Pong"],
                &["\"unframed\"", "\\u001b[2J"],
                &["\"unframed\"", ": x"],
                &["Pong"],
            ],
            err: &[],
        },
        Case {
            name: "half a packet",
            lines: &["/events call", "Ping", "Ping"],
            server: |conversation| {
                conversation.expect("Events");
                conversation.answer("Success", "Events: On");
                pong(conversation);
                conversation.send("Event: Half\r\nPrivilege: call,all\r\nChannel: SIP/");
                conversation.packets("Event: Next\nPrivilege: call,all");
                pong(conversation);
                goodbye(conversation);
            },
            code: 0,
            out: &[&["Pong"], &["Half", "SIP/Event: Next"], &["Pong"]],
            err: &[],
        },
        Case {
            name: "a banner again",
            lines: &["Ping", "Ping"],
            server: |conversation| {
                pong(conversation);
                conversation.send("Asterisk Call Manager/11.0.0\r\n\r\n");
                pong(conversation);
                goodbye(conversation);
            },
            code: 0,
            out: &[&["Pong"], &["\"unframed\"", "Call Manager"], &["Pong"]],
            err: &[],
        },
    ];
    CASES.iter().for_each(run);
}

// A list whose items never stop coming can be ended only by the user.
#[test]
fn a_list_without_end_is_ended_by_ctrl_c() {
    for start in [
        "EventList: start\nMessage: will follow",
        "Message: Queue status will follow",
    ] {
        let (sent, some) = std::sync::mpsc::channel();
        let server = Scripted::logged_in(move |conversation| {
            conversation.expect("QueueStatus");
            conversation.answer("Success", start);
            for _ in 0..100 {
                conversation.packets("Event: QueueMember\nActionID: $ID\nName: Alice");
            }
            sent.send(()).expect("the test waits");
            // A list without an end mark is asked for its end, in vain.
            let is_ping = |heard: Request| heard.get("Action") == Some("Ping");
            while conversation.hear().is_some_and(is_ping) {}
            conversation.answer("Goodbye", "");
        });
        let run = amish(&format!("-u me {} QueueStatus", server.target()));
        let (child, _home) = run.env("AMISH_SECRET", "secret").spawn();
        some.recv_timeout(BOUND).expect("a hundred items");
        signal(&child, Signal::SIGINT);
        let done = finish(child, b"");
        assert_eq!(done.code, 130, "{done:?}");
        assert!(done.err.contains("stopped waiting"), "{done:?}");
        assert!(done.err.contains(UNKNOWN), "{done:?}");
    }
}
