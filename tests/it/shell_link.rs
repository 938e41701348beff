//! The shell while its link ends and comes back: the prompt, the messages, and
//! `/reconnect`.

use crate::back::{at, refuse_login};
use crate::pty::Pty;
use crate::scripted::Scripted;
use crate::servers::simulator;
use crate::support::BOUND;
use std::sync::mpsc::{Sender, channel};

fn shell(target: &str, args: &[&str]) -> Pty {
    let args: Vec<&str> = args
        .iter()
        .copied()
        .chain(["-o", "packet", target])
        .collect();
    let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    Pty::spawn(&args, &env, 120, 24)
}

/// A server that accepts logins when the test says so.
fn gate() -> (Scripted, Sender<bool>, Sender<()>) {
    let (say, may) = channel();
    let (end, ended) = channel();
    let server = Scripted::start(move |conversation| {
        match may.recv_timeout(BOUND) {
            Ok(true) => conversation.log_in(),
            Ok(false) => return refuse_login(conversation),
            Err(_) => return,
        }
        // ListCommands, unless the test is over.
        if conversation.hear().is_some() {
            conversation.answer("Error", "Message: Permission denied");
        }
        // Nobody sends anything until it ends.
        let _ = ended.recv_timeout(BOUND);
    });
    (server, say, end)
}

// A refused login is reported once, and tried again only on request; then the
// session reconnects as before.
#[test]
fn a_shell_whose_login_is_refused_waits_to_be_asked() {
    let (server, let_in, end) = gate();
    let_in.send(true).unwrap();
    let mut pty = shell(&server.target(), &[]);
    let prompt = format!("demo@{}> ", server.target());
    pty.wait_typed(&prompt);
    let_in.send(false).unwrap();
    end.send(()).unwrap();
    pty.wait_line("not connected again: the server refused the login: Authentication failed");
    pty.wait_line("/reconnect, /connect TARGET or quit");
    pty.type_line("");
    pty.wait_typed("not connected> ");
    pty.type_line("Ping");
    pty.wait_line("not connected: nothing was sent; /reconnect");
    let_in.send(false).unwrap();
    pty.type_line("/reconnect");
    pty.wait_for("another refusal", |screen| {
        screen.contents().matches("refused the login").count() == 2
    });
    pty.wait_typed("not connected> ");
    let_in.send(true).unwrap();
    pty.type_line("/reconnect");
    pty.wait_line("connected again after");
    pty.wait_typed(&prompt);
    let_in.send(true).unwrap();
    end.send(()).unwrap();
    pty.wait_line("the server closed the connection; connecting again");
    pty.wait_typed(&prompt);
}

// If the server is absent, /reconnect says so at once, and does not retry if
// the shell does not reconnect by itself.
#[test]
fn reconnect_is_answered_in_every_state() {
    for (args, still) in [
        (
            &["--no-reconnect"][..],
            "not connected again: cannot connect to",
        ),
        (&[], "still not connected, trying again: cannot connect to"),
    ] {
        let pbx = simulator();
        let address = pbx.addr();
        let mut pty = shell(&address.to_string(), args);
        let prompt = format!("demo@{address}> ");
        pty.wait_typed(&prompt);
        pty.type_line("/reconnect");
        pty.wait_line("connected again after");
        pty.wait_typed(&prompt);
        drop(pbx);
        pty.wait_line("the server closed the connection; ");
        pty.type_line("/reconnect");
        pty.wait_line(still);
        pty.wait_typed("not connected> ");
        pty.type_line("/events");
        pty.wait_line("events: off");
        let pbx = at(address);
        pty.type_line("/reconnect");
        pty.wait_for("another link", |screen| {
            screen.contents().matches("connected again after").count() == 2
        });
        pty.wait_typed(&prompt);
        drop(pbx);
    }
}

// A link ended by Logoff is not lost.
#[test]
fn a_goodbye_is_no_reason_to_come_back() {
    let pbx = simulator();
    let mut pty = shell(&pbx.addr().to_string(), &[]);
    pty.wait_typed(&format!("demo@{}> ", pbx.addr()));
    pty.type_line("Logoff");
    pty.wait_line("/reconnect, /connect TARGET or quit");
    pty.wait_typed("not connected> ");
    pty.type_line("/reconnect");
    pty.wait_line("connected again after");
    pty.wait_typed(&format!("demo@{}> ", pbx.addr()));
}
