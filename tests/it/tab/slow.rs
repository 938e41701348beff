//! Tab while the server does not answer.

use super::prompt::Shell;
use crate::pty::Key;
use crate::scripted::{Conversation, Scripted};
use crate::servers::{real_servers, spawn};
use crate::support::BOUND;
use std::sync::mpsc::channel;

const QUEUES: &str = "EventList: start\nMessage: Queue status will follow\n\n\
    Event: QueueParams\nQueue: support\nCalls: 2\nActionID: $ID\n\n\
    Event: QueueParams\nQueue: sales\nCalls: 0\nActionID: $ID\n\n\
    Event: QueueStatusComplete\nEventList: Complete\nListItems: 2\nActionID: $ID";

/// Refuses requests until `action` comes. None: the client has left.
fn hear(conversation: &mut Conversation, action: &str) -> Option<()> {
    loop {
        let request = conversation.hear()?;
        match request.get("Action").unwrap_or_default() {
            name if name == action => return Some(()),
            "Logoff" => conversation.answer("Goodbye", ""),
            _ => conversation.answer("Error", "Message: Permission denied"),
        }
    }
}

// A slow server must not hold up the user, and a late answer is used at the
// next Tab.
#[test]
fn a_late_answer_is_there_at_the_next_tab() {
    let (go, going) = channel();
    let server = Scripted::logged_in(move |conversation| {
        if hear(conversation, "QueueStatus").is_some() {
            going.recv_timeout(BOUND).expect("the test goes on");
            conversation.answer("Success", QUEUES);
            while hear(conversation, "QueueStatus").is_some() {
                conversation.answer("Success", QUEUES);
            }
        }
    });
    let mut shell = Shell::at(&server.target(), "demo", "demo");
    let line = "QueueStatus Queue=";
    assert_eq!(shell.tab(line), [line]);
    go.send(()).expect("the server waits");
    shell.offers(line, || vec!["support".to_owned(), "sales".to_owned()]);
    shell.pty.key(Key::Ctrl('d'));
    assert_eq!(shell.pty.exit_code(), 0);
}

// Any byte ends a WaitEvent, and a query behind a blocking Action would wait
// for it: while an Action is unanswered, Tab sends nothing.
#[test]
fn tab_disturbs_no_action_that_is_under_way() {
    let (heard, waits) = channel();
    let server = Scripted::logged_in(move |conversation| {
        if hear(conversation, "WaitEvent").is_some() {
            heard.send(()).expect("the test goes on");
            conversation.expect("Ping");
            conversation.answer("Success", "Ping: Pong");
            conversation.carry_on();
        }
    });
    let mut shell = Shell::at(&server.target(), "demo", "demo");
    shell.pty.type_line("Action: WaitEvent");
    shell.pty.type_line("");
    waits.recv().expect("the server hears it");
    shell.pty.key(Key::Ctrl('c'));
    shell.pty.wait_line("stopped waiting");
    shell.clear();
    let line = "QueueStatus Queue=";
    assert_eq!(shell.tab(line), [line]);
    shell.pty.type_line("Ping");
    shell.pty.wait_line("Pong");
}

// As above, with a server that has really stopped: Tab uses what is known, and
// queries again when the server continues.
#[test]
fn a_server_that_stands_still_does_not_hold_the_line() {
    for server in real_servers() {
        let own = spawn(&server.name);
        let target = own.address.to_string();
        let mut shell = Shell::at(&target, server.user, server.secret);
        let (known, unknown) = ("QueueStatus Queue=", "AgentLogoff Agent=");
        let queues = shell.tab(known);
        assert!(queues.contains(&"support".to_owned()), "{queues:?}");
        own.ctl("pause");
        assert_eq!(shell.tab(unknown), [unknown]);
        assert_eq!(shell.tab(known), queues);
        own.ctl("resume");
        shell.offers(unknown, || vec!["1001".to_owned()]);
    }
}
