//! Links that end: the message, the exit code, and that an unanswered Action is
//! never called a failure. Links that come back are in back.rs.

use crate::program::{Done, amish, amish_at, finish, packet_of, type_in};
use crate::proxy::{Break, Proxy};
use crate::scripted::{Conversation, Scripted};
use crate::servers::simulator;
use crate::support::BOUND;
use amish::ami::{Action, Secret};
use amish::session::{Answer, Arrival, Config, Ended, Keepalive, Session, Wake, supervise};
use amish::simulator::Simulator;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

const MOMENT: Duration = Duration::from_millis(100);

fn run(server: &Scripted, args: &str) -> Done {
    let args = format!("-u me {} {args}", server.target());
    amish(&args).env("AMISH_SECRET", "secret").run()
}

/// The ActionIDs of the received Actions `action`, in order.
pub fn heard(pbx: &Simulator, action: &str) -> Vec<String> {
    let of = |request: &String| {
        let lines: Vec<&str> = request.lines().collect();
        let is_one = lines.contains(&format!("Action: {action}").as_str());
        let id = lines
            .iter()
            .find_map(|line| line.strip_prefix("ActionID: "));
        is_one.then(|| id.unwrap_or_default().to_owned())
    };
    pbx.received().iter().filter_map(of).collect()
}

#[track_caller]
fn said(done: &Done, code: i32, words: &str) {
    assert_eq!(done.code, code, "{done:?}");
    assert!(done.err.contains(words), "no {words:?} in {done:?}");
    assert_eq!(done.err.lines().count(), 1, "one calm line: {done:?}");
}

/// A session that soon pings a silent server, and soon gives it up.
pub fn session(address: SocketAddr, user: &str, secret: &str, reconnect: bool) -> Arc<Session> {
    let session = Session::connect(Config {
        host: address.ip().to_string(),
        port: address.port(),
        tls: None,
        connect_timeout: BOUND,
        patience: BOUND,
        buffer: 1 << 20,
        reconnect,
        trace: Default::default(),
        challenged: Default::default(),
        poller: None,
        built_in: None,
        ready_mark: None,
        keepalive: Keepalive {
            idle: MOMENT,
            dead: MOMENT,
        },
    });
    let session = Arc::new(session.unwrap());
    let secret = Secret::new(secret.to_owned());
    session.login(user, secret, true, &mut |_| {}).unwrap();
    supervise(&session).unwrap();
    session
}

/// The first arrival for which `found` returns something.
#[track_caller]
pub fn await_arrival<R>(session: &Session, mut found: impl FnMut(&Arrival) -> Option<R>) -> R {
    let until = Instant::now() + BOUND;
    loop {
        match session.next(Some(until)) {
            Wake::Arrived(arrived) => {
                if let Some(it) = found(&arrived.what) {
                    return it;
                }
            }
            Wake::Interrupted | Wake::Nudged => {}
            Wake::Timeout => panic!("it did not come"),
        }
    }
}

// A server that is killed ends between two packets, or inside one, as when it
// drops a slow client: only the second has a remedy.
#[test]
fn a_stream_says_where_it_was_cut() {
    for (last, words) in [
        ("", "amish: the server closed the connection\n"),
        ("Event: Newch", "in the middle of a packet"),
    ] {
        let server = Scripted::logged_in(move |conversation| {
            conversation.expect("Events");
            conversation.answer("Success", "Events: On");
            conversation.packets("Event: One\nPrivilege: call,all");
            conversation.send(last);
        });
        let done = run(&server, "-e --no-reconnect");
        said(&done, 6, words);
        assert_eq!(done.out, "Event: One\nPrivilege: call,all\n\n");
    }
}

// What was sent may have been carried out: its outcome is unknown. The message
// has the ActionID to look for in the server's log, and says that it is not
// sent again.
#[test]
fn an_action_in_flight_at_the_cut_is_unknown() {
    for last in ["", "Response: Succ"] {
        let server = Scripted::logged_in(move |conversation| {
            conversation.expect("QueueAdd");
            conversation.send(last);
        });
        let done = run(&server, "QueueAdd Queue=q Interface=Local/1 ActionID=mine");
        let words = "the outcome of QueueAdd (ActionID mine) is unknown; \
                     it was sent and is not sent again";
        said(&done, 6, words);
    }
}

// Before the login is answered, nothing of the user's has been sent.
#[test]
fn a_server_that_dies_during_the_login_got_nothing() {
    let after_challenge = |conversation: &mut Conversation| {
        conversation.send("Asterisk Call Manager/11.0.0\r\n");
        conversation.expect("Challenge");
    };
    let after_login = move |conversation: &mut Conversation| {
        after_challenge(conversation);
        conversation.answer("Success", "Challenge: 123456789");
        conversation.expect("Login");
        conversation.send("Response: Suc");
    };
    let words = "closed the connection during the login; none of your actions was sent";
    said(&run(&Scripted::start(after_challenge), "Ping"), 5, words);
    said(&run(&Scripted::start(after_login), "Ping"), 5, words);
}

// Asterisk 13 and later answers every Action this way while it waits for the
// last call, sometimes for an hour. It does not mean a wrong secret, and the
// secret must not go out in clear as after a refused challenge.
#[test]
fn a_server_that_is_about_to_stop_refuses_nobody() {
    let server = Scripted::start(|conversation| {
        conversation.send("Asterisk Call Manager/11.0.0\r\n");
        conversation.expect("Challenge");
        conversation.answer("Error", "Message: Asterisk is shutting down");
        while let Some(request) = conversation.hear() {
            assert_ne!(request.get("Action"), Some("Login"), "{request:?}");
        }
    });
    said(&run(&server, "Ping"), 5, "about to stop or restart");
}

// A paused server, or a wrong port with a silent server, accepts the
// connection.
#[test]
fn an_address_that_accepts_and_says_nothing_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = listener.local_addr().unwrap();
    let done = amish_at(target, "me", "secret", "--connect-timeout 0.4 Ping").run();
    said(&done, 5, "accepted the connection and says nothing");
}

// One byte a second: the time limit is for the whole banner, and the message
// does not blame the port.
#[test]
fn a_banner_that_drips_is_a_slow_one() {
    let server = Scripted::start(|conversation| {
        for byte in b"Asterisk Call Manager/11.0.0" {
            conversation.send([*byte]);
            std::thread::sleep(MOMENT);
        }
    });
    let done = run(&server, "--connect-timeout 0.5 Ping");
    said(&done, 5, "it began to greet with \"Ast");
}

// A slow reply is waited for as long as packets that belong to it keep coming
// in time; single bytes do not count.
#[test]
fn a_reply_that_drips_has_its_time_anew_from_each_packet() {
    let server = Scripted::logged_in(|conversation| {
        conversation.expect("QueueStatus");
        conversation.answer("Success", "EventList: start\nMessage: will follow");
        for _ in 0..12 {
            std::thread::sleep(MOMENT);
            conversation.packets("Event: QueueMember\nActionID: $ID\nName: Alice");
        }
        conversation.packets("Event: QueueStatusComplete\nActionID: $ID\nEventList: Complete");
        conversation.carry_on();
    });
    let done = run(&server, "-t 1 QueueStatus");
    assert_eq!((done.code, done.err.as_str()), (0, ""), "{done:?}");
    let server = Scripted::logged_in(|conversation| {
        conversation.expect("Ping");
        for byte in b"Response: Success\r\nPing" {
            conversation.send([*byte]);
            std::thread::sleep(MOMENT);
        }
    });
    said(&run(&server, "-t 0.5 Ping"), 6, "no answer in time");
}

// A machine that was rebooted: the link looks alive until something is sent,
// and the answer is a reset.
#[test]
fn a_half_open_link_ends_with_the_next_action() {
    let pbx = simulator();
    let net = Proxy::to(pbx.addr());
    let session = session(net.address(), "demo", "demo", false);
    net.break_all(Break::Forgotten);
    let answer = session.call(Action::new("CoreStatus").unwrap()).unwrap();
    assert!(matches!(answer, Answer::Lost(None)), "{answer:?}");
    let why = await_arrival(&session, |what| match what {
        Arrival::Ended(ended, _) => Some(ended.to_string()),
        _ => None,
    });
    assert_eq!(why, "the connection broke: the other side reset it");
    session.close();
}

// A cable pulled while an Action is on its way: the connection never ends, so
// the Action's own time limit applies. The server never got it.
#[test]
fn an_action_into_a_cut_cable_is_unknown() {
    let pbx = simulator();
    let net = Proxy::to(pbx.addr());
    let (mut child, _home) = amish_at(net.address(), "demo", "demo", "-t 0.3").spawn();
    type_in(&mut child, "Ping ActionID=before\n");
    assert!(packet_of(&mut child).contains("before"));
    net.break_all(Break::Silence);
    let done = finish(child, b"Ping ActionID=into\n");
    said(&done, 6, "the outcome of Ping (ActionID into) is unknown");
    assert_eq!(heard(&pbx, "Ping"), ["before"]);
}

// Without --reconnect a script must report that it was not completed.
#[test]
fn a_script_that_is_cut_off_ends() {
    let pbx = simulator();
    let (mut child, _home) = amish_at(pbx.addr(), "demo", "demo", "").spawn();
    type_in(&mut child, "Ping ActionID=one\n");
    assert!(packet_of(&mut child).contains("one"));
    pbx.kick();
    let done = finish(child, b"sleep 30\nPing ActionID=two\n");
    let words = "the server closed the connection before the script was done";
    said(&done, 6, words);
    assert_eq!(heard(&pbx, "Ping"), ["one"]);
}

// Any byte of ours would end a WaitEvent, and a server busy with an Action
// cannot answer a Ping: only an idle link is pinged.
#[test]
fn a_server_that_has_something_to_do_is_not_asked_whether_it_is_there() {
    let (asked, pinged) = channel();
    let server = Scripted::logged_in(move |conversation| {
        conversation.expect("WaitEvent");
        conversation.expect_nothing(15 * MOMENT);
        conversation.answer("Success", "Message: Waiting for Event completed.");
        conversation.packets("Event: WaitEventComplete\nActionID: $ID");
        conversation.expect("Ping");
        conversation.answer("Success", "Ping: Pong");
        asked.send(()).unwrap();
        conversation.carry_on();
    });
    let session = session(server.address(), "me", "secret", false);
    let answer = session.call(Action::new("WaitEvent").unwrap());
    assert!(matches!(answer, Ok(Answer::Reply(_))), "{answer:?}");
    pinged.recv_timeout(BOUND).unwrap();
    session.close();
}

// An Action that was given up may still keep the server busy, but not forever.
#[test]
fn a_link_over_which_an_action_was_given_up_is_asked_later() {
    let server = Scripted::logged_in(|conversation| {
        conversation.expect("Slow");
        conversation.expect("Ping");
        while conversation.hear().is_some() {}
    });
    let session = session(server.address(), "me", "secret", false);
    let slow = Action::new("Slow").unwrap();
    let answer = session.call_within(slow, MOMENT);
    assert!(matches!(answer, Ok(Answer::TimedOut(None))), "{answer:?}");
    let why = await_arrival(&session, |what| match what {
        Arrival::Ended(ended, false) => Some(ended.clone()),
        _ => None,
    });
    assert_eq!(why, Ended::Silent(MOMENT));
    session.close();
}
