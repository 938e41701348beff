//! Links that come back: what is asked for again, what is not, and what users
//! are told. How a link ends is in cut.rs.

use crate::cut::{await_arrival, session};
use crate::program::{Amish, amish, amish_at, finish, packet_of, type_in};
use crate::proxy::{Break, Proxy};
use crate::scripted::{Conversation, Scripted};
use crate::servers::simulator;
use crate::support::{BOUND, knows_localhost};
use amish::session::{Arrival, Ended, Gap};
use amish::simulator::{Config, Simulator};
use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

fn me(server: &Scripted, args: &str) -> Amish {
    let args = format!("-u me {} {args}", server.target());
    amish(&args).env("AMISH_SECRET", "secret")
}

/// A server that passes its first connection to `first`, the next to `second`,
/// and counts them. Further ones fail the test.
fn twice(
    mut first: impl FnMut(&mut Conversation) + Send + 'static,
    mut second: impl FnMut(&mut Conversation) + Send + 'static,
) -> Scripted {
    let mut count = 0;
    Scripted::start(move |conversation| {
        count += 1;
        match count {
            1 => first(conversation),
            2 => second(conversation),
            _ => panic!("a connection too many"),
        }
    })
}

/// Answers Events, and shows one event of class user.
fn show_one(conversation: &mut Conversation) {
    conversation.log_in();
    let mask = conversation.expect("Events");
    assert_eq!(mask.get("EventMask"), Some("user"));
    conversation.answer("Success", "Events: On");
    conversation.packets("Event: UserEvent\nPrivilege: user,all\nUserEvent: Ring");
}

pub fn refuse_login(conversation: &mut Conversation) {
    conversation.send("Asterisk Call Manager/11.0.0\r\n");
    conversation.expect("Challenge");
    conversation.answer("Success", "Challenge: 1");
    conversation.expect("Login");
    conversation.answer("Error", "Message: Authentication failed");
}

// A stream that ends by its count has succeeded; that something is missing is
// reported once, by a record in its place and by the exit code.
#[test]
fn a_counted_stream_over_two_links_ends_with_8_and_holds_one_gap() {
    let server = twice(show_one, |conversation| {
        show_one(conversation);
        conversation.carry_on();
    });
    let done = me(&server, "-e=user -o json --count 2").run();
    assert_eq!(done.code, 8, "{done:?}");
    let kinds: Vec<serde_json::Value> = done
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(kinds.len(), 3, "{done:?}");
    assert_eq!(kinds[0]["UserEvent"], "Ring");
    assert_eq!(kinds[1]["_kind"], "gap");
    assert_eq!(kinds[1]["reason"], "reconnect");
    assert!(kinds[1]["seconds"].as_f64().unwrap() > 0.1, "{done:?}");
    assert_eq!(kinds[2]["UserEvent"], "Ring");
    let words: Vec<&str> = done.err.lines().collect();
    assert_eq!(
        words[0],
        "amish: the server closed the connection; connecting again"
    );
    assert!(words[1].starts_with("amish: connected again after "));
    assert_eq!(words.len(), 2, "one line a change: {done:?}");
}

// A restarting server may log a client in and close at once, even the first
// time.
#[test]
fn a_link_that_ends_right_behind_the_login_is_made_again() {
    let leave = |conversation: &mut Conversation| {
        conversation.log_in();
        // A connection that is closed with unread data is reset.
        conversation.expect("Events");
    };
    let server = twice(leave, |conversation| {
        show_one(conversation);
        conversation.carry_on();
    });
    let done = me(&server, "-e=user --count 1").run();
    assert_eq!(done.code, 8, "{done:?}");
    let words = "amish: the server closed the connection; connecting again\n";
    assert!(done.err.starts_with(words), "{done:?}");
}

// A secret that was changed meanwhile is tried once: more attempts could lock
// out this address.
#[test]
fn a_login_refused_on_another_link_is_the_end_of_a_stream() {
    let server = twice(show_one, refuse_login);
    let done = me(&server, "-e=user").run();
    assert_eq!(done.code, 4, "{done:?}");
    let last = done.err.lines().last().unwrap();
    assert_eq!(
        last,
        "amish: not connected again: the server refused the login: Authentication failed"
    );
}

// Unlike a refusal: Asterisk says this to everybody while it waits for its last
// call, and is back afterwards.
#[test]
fn a_server_that_is_about_to_restart_is_tried_on() {
    let count = Arc::new(AtomicUsize::new(0));
    let server = Scripted::start({
        let count = count.clone();
        move |conversation| match count.fetch_add(1, Ordering::SeqCst) {
            1 => {
                conversation.send("Asterisk Call Manager/11.0.0\r\n");
                conversation.expect("Challenge");
                conversation.answer("Error", "Message: Asterisk is shutting down");
                assert_eq!(conversation.hear(), None, "no secret in clear");
            }
            0 => show_one(conversation),
            _ => {
                show_one(conversation);
                conversation.carry_on();
            }
        }
    });
    let done = me(&server, "-e=user --count 2").run();
    assert_eq!(done.code, 8, "{done:?}");
    let words: Vec<&str> = done.err.lines().collect();
    assert_eq!(words.len(), 3, "a line each try: {done:?}");
    assert!(words[1].ends_with("refuses logins: Asterisk is shutting down"));
    assert_eq!(count.load(Ordering::SeqCst), 3);
}

// The user's own requests come first on the next link: no event may pass that a
// Filter would have dropped, and no Action may be sent before them. What was in
// flight is not sent again.
#[test]
fn filter_and_mask_are_restored_before_anything_else_is_sent() {
    let filter = |conversation: &mut Conversation| {
        let filter = conversation.expect("Filter");
        assert_eq!(filter.get("Filter"), Some("!Event: Noise"));
        conversation.answer("Success", "Message: Success");
    };
    let events = |conversation: &mut Conversation| {
        let events = conversation.expect("Events");
        assert_eq!(events.get("EventMask"), Some("call,user"));
        conversation.answer("Success", "Events: On");
    };
    let server = twice(
        move |conversation| {
            conversation.log_in();
            filter(conversation);
            events(conversation);
            conversation.expect("Ping");
            conversation.answer("Success", "Ping: Pong");
        },
        move |conversation| {
            conversation.log_in();
            filter(conversation);
            events(conversation);
            let next = conversation.expect("Ping");
            assert_eq!(next.get("ActionID"), Some("two"));
            conversation.answer("Success", "Ping: Pong");
            conversation.carry_on();
        },
    );
    let script = "Filter Operation=Add Filter='!Event: Noise'\n\
                  /events call,user\nPing ActionID=one\nPing ActionID=two\n";
    let run = me(&server, "--reconnect").input("").spawn();
    let (mut child, _home) = run;
    type_in(&mut child, script.rsplit_once("Ping").unwrap().0);
    assert!(packet_of(&mut child).contains("Success"));
    assert!(packet_of(&mut child).contains("Ping: Pong"));
    let err = BufReader::new(child.stderr.as_mut().unwrap())
        .lines()
        .next();
    assert!(err.unwrap().unwrap().ends_with("; connecting again"));
    let done = finish(child, b"Ping ActionID=two\n");
    assert_eq!(done.code, 8, "{done:?}");
    assert!(done.out.contains("ActionID: two"), "{done:?}");
}

// An Action in flight at the cut may have been carried out: its outcome is
// unknown, which ends the script, and it is not sent again on the next link.
#[test]
fn an_action_in_flight_is_not_sent_again() {
    let heard = Arc::new(AtomicUsize::new(0));
    let server = Scripted::start({
        let heard = heard.clone();
        move |conversation| {
            if heard.load(Ordering::SeqCst) == 0 {
                conversation.log_in();
            }
            let next = conversation.hear();
            if next.is_some_and(|one| one.get("Action") == Some("Ping")) {
                heard.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    let script = "Ping ActionID=one\nPing ActionID=two\n";
    let done = me(&server, "--reconnect").input(script).run();
    assert_eq!(done.code, 6, "{done:?}");
    let words = "the outcome of Ping (ActionID one) is unknown; it was sent and is not sent again";
    assert!(done.err.contains(words), "{done:?}");
    assert_eq!(heard.load(Ordering::SeqCst), 1);
}

// A pulled cable does not end a connection by itself. The new link has the mask
// of the old one, and the session reports that something is missing.
#[test]
fn a_cut_cable_is_noticed_and_another_link_made() {
    let pbx = simulator();
    let net = Proxy::to(pbx.addr());
    let session = session(net.address(), "demo", "demo", true);
    assert_eq!(crate::masks::set_events(&session, "user"), Ok(()));
    net.break_all(Break::Silence);
    await_arrival(&session, |what| match what {
        Arrival::Ended(Ended::Silent(_), true) => Some(()),
        _ => None,
    });
    await_arrival(&session, |what| match what {
        Arrival::Gap(Gap::Reconnect { .. }) => Some(()),
        _ => None,
    });
    // Nobody may send before the server has been asked for events again.
    let until = Instant::now() + BOUND;
    while !session.is_open() && Instant::now() < until {
        std::thread::yield_now();
    }
    pbx.emit("UserEvent", "user", &[("UserEvent", "Ring")]);
    await_arrival(&session, |what| match what {
        Arrival::Event(event) => event.is_event("UserEvent").then_some(()),
        _ => None,
    });
    session.close();
}

// A job on a machine that boots together with its PBX: first the PBX is absent,
// then it closes during the login, then it works.
#[test]
fn a_first_connection_is_tried_until_it_succeeds_if_asked_for() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let refused = amish_at(address, "demo", "demo", "Ping").run();
    assert_eq!(refused.code, 5, "{refused:?}");
    assert!(
        refused
            .err
            .contains("connection refused; is Asterisk running there")
    );
    let (mut child, _home) = amish_at(address, "demo", "demo", "--reconnect Ping").spawn();
    let mut err = BufReader::new(child.stderr.as_mut().unwrap());
    let mut line = String::new();
    err.read_line(&mut line).unwrap();
    assert!(
        line.starts_with("amish: retrying: cannot connect to"),
        "{line}"
    );
    let listener = TcpListener::bind(address).unwrap();
    drop(listener.accept().unwrap());
    drop(listener);
    let _pbx = at(address);
    let done = finish(child, b"");
    assert_eq!(
        (done.code, done.err.as_str()),
        (0, ""),
        "said once: {done:?}"
    );
}

/// A PBX at an address that was free a moment ago.
pub fn at(address: SocketAddr) -> Simulator {
    Simulator::start(TcpListener::bind(address).unwrap(), Config::default()).unwrap()
}

// A name may have several addresses, and the server may be at the last.
#[test]
fn every_address_of_a_name_is_tried() {
    for address in ["127.0.0.1:0", "[::1]:0"] {
        // Not every machine has IPv6.
        let Ok(pbx) = Simulator::listen(address, Config::default()) else {
            assert!(address.starts_with('['));
            continue;
        };
        let own = pbx.addr().to_string();
        let done = amish_at(pbx.addr(), "demo", "demo", "Ping -o json").run();
        assert_eq!(done.code, 0, "{done:?}");
        assert!(
            done.out.contains(&format!("\"_target\":\"{own}\"")),
            "{done:?}"
        );
    }
    if !knows_localhost() {
        return;
    }
    let pbx = simulator();
    let target = format!("localhost:{}", pbx.addr().port());
    let done = amish(&format!("-u demo {target} Ping"))
        .env("AMISH_SECRET", "demo")
        .run();
    assert_eq!(done.code, 0, "{done:?}");
}
