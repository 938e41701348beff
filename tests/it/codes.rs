//! Every exit code, in every way that leads to it, and which of several counts:
//! a cron job has nothing else to go by.

use crate::program::{Amish, amish, finish};
use crate::scripted::{Conversation, Scripted};
use amish::exit_code::Code;
use nix::sys::signal::Signal;
use std::net::TcpListener;
use std::sync::mpsc::channel;

/// Answers by the name of the Action: Getvar fails, Status is never answered,
/// DBGet ends the connection, and everything else succeeds.
fn serve(conversation: &mut Conversation) {
    conversation.send("Asterisk Call Manager/11.0.0\r\n");
    while let Some(request) = conversation.hear() {
        match request.get("Action").unwrap_or_default() {
            "Challenge" => conversation.answer("Success", "Challenge: 123456789"),
            "Login" if request.get("Username") == Some("nobody") => {
                conversation.answer("Error", "Message: Authentication failed");
            }
            "Login" => conversation.answer("Success", "Message: Authentication accepted"),
            "Getvar" => conversation.answer("Error", "Message: No such channel"),
            "PJSIPShowEndpoints" => conversation.answer("Error", "Message: No endpoints found"),
            "Status" => {}
            "DBGet" => return,
            "Logoff" => conversation.answer("Goodbye", ""),
            _ => conversation.answer("Success", ""),
        }
    }
}

fn begin(args: &str) -> Amish {
    amish(args).env("AMISH_SECRET", "secret")
}

#[track_caller]
fn assert_codes(server: &Scripted, rows: &[(&str, &str, u8)]) {
    for (args, input, code) in rows {
        let args = args.replace("TARGET", &server.target());
        let done = begin(&args).file("s", *input).input(*input).run();
        assert_eq!(done.code, i32::from(*code), "{args} {input:?}: {done:?}");
    }
}

#[test]
fn each_way_to_a_code() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = closed.local_addr().unwrap();
    let server = Scripted::start(serve);
    let nobody_there = format!("-u me {closed} Ping");
    assert_codes(
        &server,
        &[
            ("-u me TARGET Ping", "", 0),
            ("-u me TARGET", "Ping\nPing\n", 0),
            ("-u me TARGET PJSIPShowEndpoints", "", 0),
            ("-u me TARGET", "-Getvar X\n", 0),
            ("-u me TARGET -e --for 1s", "", 0),
            ("--version", "", 0),
            ("--help", "", 0),
            ("-u me TARGET -f nothing", "", 1),
            ("-u me --secret-file nothing TARGET Ping", "", 1),
            ("-u me --cacert nothing --tls TARGET Ping", "", 1),
            ("--decode nothing", "", 1),
            ("--nothing", "", 2),
            ("-u me host:port Ping", "", 2),
            ("-u me TARGET Ping x", "", 2),
            ("-u me TARGET -f s", "Ping\nPing 'x\n", 2),
            ("-u me TARGET", "Ping\n/connect x\n", 2),
            ("-u me TARGET -e=nothing", "", 2),
            ("-u me --read-only TARGET Hangup x", "", 2),
            ("-u me TARGET Getvar X", "", 3),
            ("-u me TARGET", "Ping\nGetvar X\nPing\n", 3),
            ("-u me TARGET --keep-going", "Getvar X\nPing\n", 3),
            ("-u me --strict TARGET PJSIPShowEndpoints", "", 3),
            ("-u nobody TARGET Ping", "", 4),
            ("-u nobody TARGET -e", "", 4),
            ("TARGET", "Login Username=nobody Secret=x\nPing\n", 4),
            (&nobody_there, "", 5),
            ("-u me no.such.name.invalid Ping", "", 5),
            ("-u me -t 0.2 TARGET Status", "", 6),
            ("-u me TARGET DBGet a b", "", 6),
            ("-u me TARGET", "DBGet a b\nPing\n", 6),
            ("-u me TARGET", "Action: DBGet\n\nPing\n", 6),
        ],
    );
}

// The worst result is the one that somebody must look at.
#[test]
fn of_several_codes_the_one_counts_that_matters_most() {
    let server = Scripted::start(serve);
    assert_codes(
        &server,
        &[
            ("-u me TARGET --keep-going", "Getvar X\nDBGet a b\n", 6),
            ("-u me -t 0.2 TARGET --keep-going", "Status\nGetvar X\n", 6),
            ("-u me TARGET --keep-going", "Getvar X\nPing 'x\n", 2),
            ("-u me -t 0.2 TARGET --keep-going", "Status\nPing 'x\n", 6),
            (
                "TARGET --keep-going",
                "Login Username=nobody Secret=x\nGetvar X\n",
                4,
            ),
        ],
    );
    let ranks = [
        Code::Signal(2),
        Code::Failed,
        Code::Unknown,
        Code::NoConnection,
        Code::Login,
        Code::Usage,
        Code::Error,
        Code::Lost,
        Code::Ok,
    ];
    for (rank, first) in ranks.iter().enumerate() {
        for second in &ranks[rank..] {
            assert_eq!(first.with(*second), *first);
            assert_eq!(second.with(*first), *first);
        }
    }
}

// Lost events do not make anything else a failure, but success must not hide
// them.
#[test]
fn events_that_were_lost_are_8_unless_worse_happened() {
    for (status, code) in [("Success", 8), ("Error", 3)] {
        let mut again = false;
        let server = Scripted::logged_in(move |conversation| {
            conversation.expect("Events");
            if !std::mem::replace(&mut again, true) {
                return conversation.answer("Success", "Events: On");
            }
            conversation.answer(status, "Message: as it is");
            if status == "Success" {
                conversation.packets("Event: UserEvent\nPrivilege: user,all\nUserEvent: x");
            }
            conversation.carry_on();
        });
        let args = format!("-u me {} -e --count 1", server.target());
        let done = begin(&args).run();
        assert_eq!(done.code, code, "{status}: {done:?}");
    }
}

// A user who stopped it knows that it did not end by itself, whatever came
// before.
#[test]
fn a_signal_counts_more_than_what_failed_before() {
    for (sent, code) in [
        (Signal::SIGINT, 130),
        (Signal::SIGTERM, 143),
        (Signal::SIGQUIT, 131),
    ] {
        let (asked, is_asked) = channel();
        let server = Scripted::logged_in(move |conversation| {
            conversation.expect("Getvar");
            conversation.answer("Error", "Message: No such channel");
            conversation.expect("Status");
            asked.send(()).unwrap();
            conversation.carry_on();
        });
        let args = format!("-u me {} --keep-going", server.target());
        let (child, _home) = begin(&args).spawn();
        let stopping = std::thread::spawn({
            let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
            move || {
                is_asked.recv().unwrap();
                nix::sys::signal::kill(pid, sent).unwrap();
            }
        });
        let done = finish(child, b"Getvar X\nStatus\nPing\n");
        stopping.join().unwrap();
        assert_eq!(done.code, code, "{done:?}");
    }
}
