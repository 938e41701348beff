//! A link that ends and comes back, as a user who watches a PBX sees it.

use crate::program::{amish_at, signal};
use crate::pty::Pty;
use crate::servers::simulator;
use crate::shell::{COLS, ping_answered};
use amish::session::{Arrival, Backoff, Config, Ended, Keepalive, Session, Wake, supervise};
use amish::simulator::Simulator;
use nix::sys::signal::Signal;
use std::io::{BufRead, BufReader};
use std::process::ChildStdout;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Emits events until the stream shows one, because only then it is listening.
/// Returns what was read, including events of an earlier call that were still
/// in the pipe.
pub fn listening(pbx: &Simulator, lines: &mut BufReader<ChildStdout>) -> Vec<String> {
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let ring = format!("Ring of call {};", CALLS.fetch_add(1, Ordering::Relaxed));
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !over.load(Ordering::Relaxed) {
                pbx.emit("UserEvent", "user", &[("UserEvent", &ring)]);
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let mut read = Vec::new();
        while !read
            .last()
            .is_some_and(|line: &String| line.contains(&ring))
        {
            let mut line = String::new();
            assert!(
                lines.read_line(&mut line).unwrap() > 0,
                "it ended: {read:?}"
            );
            read.push(line);
        }
        over.store(true, Ordering::Relaxed);
        read
    })
}

// A recorder that runs for weeks must neither stop at the first restart of the
// PBX nor hide that something is missing.
#[test]
fn a_stream_goes_on_over_another_link_with_one_gap_between() {
    let pbx = simulator();
    let stream = amish_at(pbx.addr(), "demo", "demo", "-e=user,call -o json");
    let (mut child, _home) = stream.spawn();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    listening(&pbx, &mut lines);
    pbx.kick();
    let read = listening(&pbx, &mut lines);
    let gaps: Vec<&String> = read
        .iter()
        .filter(|line| line.contains("\"gap\""))
        .collect();
    assert_eq!(gaps.len(), 1, "{read:?}");
    assert!(
        gaps[0].contains(r#""reason":"reconnect","seconds":"#),
        "{gaps:?}"
    );
    signal(&child, Signal::SIGINT);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let masks = |one: &&String| one.contains("EventMask: call,user");
    assert_eq!(
        pbx.received().iter().filter(masks).count(),
        2,
        "asked for again"
    );
}

// The shell's messages about the link, and `/reconnect`.
#[test]
fn a_shell_connects_again_by_itself_and_on_demand() {
    let pbx = simulator();
    let target = pbx.addr().to_string();
    let env = [("AMISH_SECRET", "demo"), ("AMISH_USER", "demo")];
    let mut pty = Pty::spawn(&["-o", "packet", &target], &env, COLS, 24);
    let prompt = format!("demo@{target}> ");
    pty.wait_typed(&prompt);
    pty.type_text("Ping Act");
    pbx.kick();
    pty.wait_line("the server closed the connection; connecting again");
    pty.wait_line("connected again after");
    pty.wait_typed(&format!("{prompt}Ping Act"));
    pty.type_line("ionID=first");
    ping_answered(&pty, "first");
    pty.type_line("/reconnect");
    pty.wait_line("disconnected; connecting again");
    pty.wait_typed(&prompt);
    pty.type_line("Ping ActionID=second");
    ping_answered(&pty, "second");
    let pings = pbx.received();
    let pings = pings.iter().filter(|one| one.contains("Action: Ping"));
    assert_eq!(pings.count(), 2, "nothing was sent twice");
}

// A cut cable is noticed by silence alone, because nothing is sent on an idle
// link. Events are missing from the beginning of the silence.
#[test]
fn a_server_that_falls_silent_is_noticed() {
    let mut first = true;
    let pbx = crate::scripted::Scripted::logged_in(move |conversation| {
        if !std::mem::take(&mut first) {
            return conversation.carry_on();
        }
        conversation.expect("Ping");
        // Alive once, then never again.
        conversation.answer("Success", "Ping: Pong");
        conversation.expect("Ping");
        while conversation.hear().is_some() {}
    });
    let (host, port) = pbx
        .target()
        .rsplit_once(':')
        .map(|(h, p)| (h.to_owned(), p.parse().unwrap()))
        .unwrap();
    let moment = Duration::from_millis(100);
    let session = Session::connect(Config {
        host,
        port,
        tls: None,
        connect_timeout: crate::support::BOUND,
        patience: crate::support::BOUND,
        buffer: 1 << 20,
        reconnect: true,
        trace: Default::default(),
        challenged: Default::default(),
        poller: None,
        built_in: None,
        ready_mark: None,
        keepalive: Keepalive {
            idle: moment,
            dead: moment,
        },
    });
    let session = Arc::new(session.unwrap());
    let secret = amish::ami::Secret::new("secret".to_owned());
    session.login("me", secret, false, &mut |_| {}).unwrap();
    supervise(&session).unwrap();
    let until = Some(Instant::now() + crate::support::BOUND);
    let mut came = Vec::new();
    while came.len() < 2 {
        match session.next(until) {
            Wake::Arrived(arrived) => came.push(arrived.what),
            Wake::Nudged => {}
            Wake::Timeout | Wake::Interrupted => break,
        }
    }
    // Before any assertion: the server waits for the end of the session.
    session.close();
    let [ended, back] = &came[..] else {
        panic!("{came:?}");
    };
    assert!(
        matches!(ended, Arrival::Ended(Ended::Silent(_), true)),
        "{ended:?}"
    );
    assert!(
        matches!(back, Arrival::Back(down) if *down >= 2 * moment),
        "{back:?}"
    );
}

// All clients of a restarted server come back, but neither all at once nor too
// often.
#[test]
fn pauses_between_tries_grow_to_a_limit() {
    let mut backoff = Backoff::default();
    let pauses: Vec<f64> = (0..12).map(|_| backoff.pause().as_secs_f64()).collect();
    let mut expected = 0.5;
    for pause in pauses {
        assert!(
            (0.75 * expected..=1.25 * expected).contains(&pause),
            "{pause} for {expected}"
        );
        expected = f64::min(expected * 2.0, 30.0);
    }
}
