//! Text of strangers that looks like the protocol, sent by real servers.

use crate::program::{amish_at, code};
use crate::servers::{real_servers_with, servers, with};
use crate::support::BOUND;
use std::io::{BufRead, BufReader, Write};
use std::sync::mpsc::{Receiver, channel};

// Getvar returns what the dialplan or a caller put into a value, line ends
// included. A forged Follows once hid every packet after it.
#[test]
fn a_value_of_a_real_server_forges_no_answer() {
    for server in real_servers_with(&["ping-pong"]) {
        let getvar = |forged: &str| {
            let line = format!("Getvar Variable='URIDECODE({forged})'");
            let run = amish_at(server.address, server.user, server.secret, "-o json -c");
            let done = run.arg(&line).arg("-c").arg("Ping").run();
            assert_eq!(done.code, 0, "{}: {done:?}", server.name);
            let lines: Vec<String> = done.out.lines().map(str::to_owned).collect();
            assert!(lines.last().unwrap().contains("Pong"), "{done:?}");
            (lines, done.err)
        };
        let (lines, err) = getvar("a%0a%0aResponse: Error%0aActionID: x%0a%0a");
        assert_eq!((lines.len(), err.as_str()), (2, ""));
        assert!(lines[0].contains(r#""Value":"a\n\nResponse: Error\nActionID: x\n\n""#));
        // CRLF CRLF is the end of a packet, whoever wrote it.
        let (lines, err) = getvar("a%0d%0a%0d%0aResponse: Error%0d%0aActionID: x");
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[1].contains(r#""Response":"Error","ActionID":"x""#));
        assert!(err.contains("unrequested Response: ActionID x"), "{err}");
        // Up to 13 an answer to a Command looks so, but none was sent.
        let (lines, err) = getvar("a%0d%0a%0d%0aResponse: Follows%0d%0aPrivilege: Command%0d%0ax");
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(err.contains("unrequested Response: no ActionID"), "{err}");
    }
}

fn until(lines: &Receiver<String>, text: &str, seen: &mut Vec<String>) {
    while !seen.last().is_some_and(|line| line.contains(text)) {
        let line = lines.recv_timeout(BOUND);
        seen.push(line.unwrap_or_else(|_| panic!("no {text} in {seen:#?}")));
    }
}

// A UserEvent has every header that its sender wrote, perhaps with our
// ActionID: it must neither end our lists nor answer for them.
#[test]
fn an_event_with_our_action_id_is_an_event() {
    const LISTS: usize = 30;
    for server in with(&["answered-userevents"], servers()) {
        let at = |args: &str| amish_at(server.address, server.user, server.secret, args);
        let (mut child, _home) = at("-o json").spawn();
        let mut input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sent, lines) = channel();
        std::thread::spawn(move || {
            let mut lines = output.lines().map_while(Result::ok);
            lines.try_for_each(|line| sent.send(line))
        });
        let mut seen = Vec::new();
        write!(input, "/events user\nPing ActionID=ready\n").unwrap();
        until(&lines, "\"ActionID\":\"ready\"", &mut seen);
        let list = "QueueStatus ActionID=ours\n";
        input.write_all(list.repeat(LISTS).as_bytes()).unwrap();
        let forged = "UserEvent UserEvent=Forged ActionID=ours EventList=Complete \
                      Response=Error Event=QueueStatusComplete\n";
        let stranger = at("").input(forged.repeat(LISTS)).run();
        assert_eq!(stranger.code, 0, "{}: {stranger:?}", server.name);
        input.write_all(b"UserEvent UserEvent=Last\n").unwrap();
        until(&lines, "\"UserEvent\":\"Last\"", &mut seen);
        drop(input);
        assert_eq!(code(child.wait().unwrap()), 0, "{}", server.name);
        let count = |text: &str| seen.iter().filter(|line| line.contains(text)).count();
        assert_eq!(count("\"UserEvent\":\"Forged\""), LISTS, "{}", server.name);
        assert_eq!(
            count("\"Event\":\"QueueStatusComplete\""),
            LISTS,
            "{}",
            server.name
        );
        assert_eq!(count("\"_late\""), 0, "{}", server.name);
        assert_eq!(
            count("\"Response\":\"Error\",\"ActionID\""),
            0,
            "{}",
            server.name
        );
    }
}
