//! TERM, HUP and INT end amish soon, whatever the server does with what it is
//! sent. The limits are far above what is promised, and far below the time that
//! a blocked write takes.

use crate::cut::session;
use crate::program::{amish, signal};
use crate::scripted::{Conversation, Scripted};
use crate::support::{BOUND, code_of};
use amish::ami::Action;
use nix::sys::signal::Signal;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// A write to a server that does not read is given up after ten seconds: what is
/// over before has not waited for it. How fast it is says nothing.
const SOON: Duration = Duration::from_secs(4);

/// More than all buffers in between hold.
const MUCH: usize = 64 << 20;

/// A server that reads one request, reports it, and reads nothing more until
/// the test is over.
fn deaf(heard: Sender<()>, over: Receiver<()>) -> Scripted {
    Scripted::logged_in(move |conversation: &mut Conversation| {
        conversation.expect("UserEvent");
        heard.send(()).expect("the test waits");
        // If the sender is dropped, the test is over as well.
        let _ = over.recv_timeout(BOUND);
    })
}

// Service managers send it before they kill.
#[test]
fn a_signal_ends_amish_while_the_server_takes_nothing() {
    for (ending, window) in [
        (Signal::SIGTERM, "--keep-going --window 65535"),
        (Signal::SIGHUP, "--keep-going --window 65535"),
        (Signal::SIGINT, "--keep-going --window 65535"),
        (Signal::SIGTERM, ""),
    ] {
        let (heard, is_heard) = channel();
        let (over, is_over) = channel();
        let server = deaf(heard, is_over);
        let args = format!("-u me {} -q {window}", server.target());
        let (mut child, _home) = amish(&args).env("AMISH_SECRET", "secret").spawn();
        let mut stdin = child.stdin.take().expect("a pipe");
        let fed = std::thread::spawn(move || {
            let line = format!("UserEvent UserEvent=x Text='{}'\n", "x".repeat(900));
            let lines = line.repeat(1024);
            // Fails when the program has ended.
            for _ in 0..MUCH / lines.len() {
                if stdin.write_all(lines.as_bytes()).is_err() {
                    return;
                }
            }
        });
        let sent = is_heard.recv_timeout(BOUND);
        sent.unwrap_or_else(|_| panic!("{ending} {window}: it sends"));
        let begun = Instant::now();
        signal(&child, ending);
        let code = code_of(child.wait().expect("its end"));
        let took = begun.elapsed();
        assert_eq!(code, 128 + ending as i32, "{ending} {window}");
        assert!(took < SOON, "{ending} {window}: {took:?}");
        drop((over, server));
        fed.join().expect("it ends with the program");
    }
}

// Closing must not wait for a write in progress, and must end it.
#[test]
fn closing_a_session_ends_a_write_that_hangs() {
    let (heard, is_heard) = channel();
    let (over, is_over) = channel();
    let server = deaf(heard, is_over);
    let session = session(server.address(), "me", "secret", false);
    let posted = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut action = Action::new("UserEvent").unwrap();
            for _ in 0..100 {
                action.push("Text", &[b'x'; 1_000]).unwrap();
            }
            while session.send(action.clone(), BOUND).is_ok() {
                posted.fetch_add(100_000, Ordering::SeqCst);
                assert!(posted.load(Ordering::SeqCst) < MUCH, "it takes everything");
            }
        });
        is_heard.recv_timeout(BOUND).expect("it sends");
        let begun = Instant::now();
        session.close();
        assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
        writing.join().expect("it ends with the link");
    });
    drop((over, server));
}

// The goodbye of a server that is busy with a list never comes, and its items
// go on after the socket is shut: neither may keep amish alive.
#[test]
fn a_signal_ends_amish_while_a_list_has_no_end() {
    let (heard, is_heard) = channel();
    let is_over = Arc::new(AtomicBool::new(false));
    let over = is_over.clone();
    let server = Scripted::logged_in(move |conversation: &mut Conversation| {
        let id = conversation.expect("QueueStatus");
        let id = id.get("ActionID").expect("amish sends one").to_owned();
        conversation.answer("Success", "EventList: start");
        let item = format!("Event: QueueParams\r\nActionID: {id}\r\nQueue: support\r\n\r\n");
        let items = item.repeat(500);
        conversation.send(&items);
        heard.send(()).expect("the test waits");
        while !over.load(Ordering::SeqCst) {
            conversation.send(&items);
        }
    });
    let args = format!("-u me {} QueueStatus", server.target());
    let (mut child, _home) = amish(&args).env("AMISH_SECRET", "secret").spawn();
    is_heard.recv_timeout(BOUND).expect("it sends");
    let begun = Instant::now();
    signal(&child, Signal::SIGTERM);
    let code = code_of(child.wait().expect("its end"));
    let took = begun.elapsed();
    is_over.store(true, Ordering::SeqCst);
    assert_eq!(code, 143);
    assert!(took < SOON, "{took:?}");
}
