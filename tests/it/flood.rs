//! More events than anybody reads at that moment: none may be lost in silence,
//! and the server must not notice. tests/README.md tells how to run these at
//! their full size.

use crate::follower::{Follower, Source};
use crate::program::AMISH;
use crate::scripted::Scripted;
use crate::servers::{Spawned, real_servers, servers, spawn};
use crate::support::{BOUND, is_full};
use crate::userevents::Sender;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Bytes of an event.
const SIZE: usize = 1_000;

/// A server of the test's own, because everybody gets UserEvents.
struct Target {
    name: String,
    address: SocketAddr,
    user: &'static str,
    secret: &'static str,
    // Ends when the test does.
    _spawned: Option<Spawned>,
    _server: crate::servers::Server,
}

/// The simulator as 22, and one of each real server; at full size only these:
/// how far a client may lag behind is theirs to say.
fn targets() -> impl Iterator<Item = Target> {
    let simulator = servers().into_iter().take(usize::from(!is_full()));
    simulator.chain(real_servers()).map(|server| {
        let own = server.name != "simulator";
        let spawned = own.then(|| spawn(&server.name));
        Target {
            name: server.name.clone(),
            address: spawned.as_ref().map_or(server.address, |own| own.address),
            user: server.user,
            secret: server.secret,
            _spawned: spawned,
            _server: server,
        }
    })
}

impl Target {
    fn source(&self) -> Source<'_> {
        Source {
            program: AMISH,
            address: self.address,
            user: self.user,
            secret: self.secret,
        }
    }

    /// Who makes events; those it has made already are being shown.
    fn sender_seen_by(&self, follower: &Follower) -> (Sender, u64) {
        let mut sender = Sender::log_in(self.address, self.user, self.secret);
        for number in 0..1_000 {
            sender.send("Flood", number..number + 1, SIZE);
            let moment = Duration::from_millis(20);
            if follower.wait(moment, |shown| shown.first).is_some() {
                return (sender, number + 1);
            }
        }
        panic!("no event is shown");
    }

    /// Sends so many events as fast as they are taken while nobody reads, and
    /// at full size waits until nobody has read for 20 s. The number after the
    /// last.
    fn flood(&self, follower: &Follower, sender: &mut Sender, first: u64) -> u64 {
        let end = first + flood_size();
        let begun = Instant::now();
        follower.look_away();
        sender.send("Flood", first..end, SIZE);
        sender.wait_until_answered();
        if is_full() {
            let rest = Duration::from_secs(20).saturating_sub(begun.elapsed());
            std::thread::sleep(rest);
            follower.wait_until_at_rest();
        }
        follower.look_again();
        end
    }
}

fn flood_size() -> u64 {
    match is_full() {
        true => 150_000,
        false => 5_000,
    }
}

/// For everything to be shown that was not read.
const SHOWN: Duration = Duration::from_secs(120);

// Asterisk drops a client that does not read for 100 ms: `| less` or a paused
// consumer must not be one.
#[test]
fn a_stream_that_nobody_reads_for_a_while_loses_nothing() {
    for target in targets() {
        let mut follower = Follower::stream(target.source(), &[]);
        all_of_a_flood_is_shown(&target, &mut follower);
        assert_eq!(follower.leave(), 130, "{}", target.name);
    }
}

// The same for a terminal that does not take what it is sent, as a stopped
// screen or a link that hangs.
#[test]
fn a_terminal_that_nobody_reads_for_a_while_loses_nothing() {
    for target in targets() {
        let mut follower = Follower::shell(target.source());
        all_of_a_flood_is_shown(&target, &mut follower);
        assert_eq!(follower.leave(), 0, "{}", target.name);
    }
}

fn all_of_a_flood_is_shown(target: &Target, follower: &mut Follower) {
    let (mut sender, first) = target.sender_seen_by(follower);
    let end = target.flood(follower, &mut sender, first);
    let all = follower.wait(SHOWN, |shown| (shown.last == Some(end - 1)).then_some(()));
    follower.look(|shown| {
        assert!(all.is_some(), "{}: {shown:?}", target.name);
        assert_eq!(shown.faults, [""; 0], "{}", target.name);
        // One for a cut as well.
        assert_eq!(shown.gaps, [""; 0], "{}", target.name);
    });
}

// What cannot be kept is counted exactly, in a gap or two and not in one for
// every read; the exit code says so though all else went well.
#[test]
fn what_a_small_buffer_loses_is_counted_exactly() {
    for target in targets() {
        // The count is what ends it: more than a MiB holds, less than is sent.
        let args = ["--buffer", "1MiB", "--count", "4500"];
        let mut follower = Follower::stream(target.source(), &args);
        let (mut sender, first) = target.sender_seen_by(&follower);
        let mut next = target.flood(&follower, &mut sender, first);
        let all = follower.wait(SHOWN, |shown| {
            (shown.seen + shown.reported >= next - shown.first?).then_some(())
        });
        follower.look(|shown| {
            assert!(all.is_some(), "{}: {shown:?}", target.name);
            // A server may still have been sending when somebody read again;
            // thousands of reads found the buffer full before.
            assert!(shown.gaps.len() < 5, "{}: {shown:?}", target.name);
        });
        while !follower.is_over() {
            sender.send("Flood", next..next + 100, SIZE);
            sender.wait_until_answered();
            next += 100;
        }
        assert_eq!(follower.leave(), 8, "{}", target.name);
        follower.look(|shown| {
            assert_eq!(shown.faults, [""; 0], "{}", target.name);
            assert_eq!(shown.missing, shown.reported, "{}", target.name);
        });
    }
}

// `--buffer` is a promise of real memory, also for events that are smaller
// than what is usually spent on each, and an amish that had much to keep gives
// it back.
#[test]
#[cfg(target_os = "linux")]
fn a_full_buffer_costs_at_most_half_as_much_again() {
    const BUFFER: u64 = 8 * 1024;
    for size in [100, 1_000, 64_000] {
        let count = 2 * BUFFER * 1024 / size;
        let (go, goes) = std::sync::mpsc::channel();
        let (over, sent) = std::sync::mpsc::channel();
        let server = Scripted::logged_in(move |conversation| {
            conversation.expect("Events");
            conversation.answer("Success", "Events: On");
            conversation.packets("Event: UserEvent\nNumber: 0");
            goes.recv().expect("the test goes on");
            for number in 1..count {
                let head = format!("Event: UserEvent\r\nNumber: {number}\r\nText: ");
                let text = "x".repeat(size as usize - head.len() - 4);
                conversation.send(format!("{head}{text}\r\n\r\n"));
            }
            over.send(()).expect("the test waits");
            conversation.carry_on();
        });
        let source = Source {
            program: AMISH,
            address: server.address(),
            user: "me",
            secret: "secret",
        };
        let mut follower = Follower::stream(source, &["--buffer", &format!("{BUFFER}KiB")]);
        let first = follower.wait(BOUND, |shown| shown.first);
        assert_eq!(first, Some(0));
        let before = follower.sample().rss;
        follower.look_away();
        go.send(()).expect("the server waits");
        sent.recv_timeout(BOUND).expect("the flood is over");
        follower.look_again();
        let all = follower.wait(SHOWN, |shown| {
            (shown.seen + shown.reported == count).then_some(shown.reported)
        });
        assert!(all.is_some_and(|lost| lost > 0), "{size} bytes: {all:?}");
        let after = follower.sample();
        let (most, rest) = (after.peak - before, after.rss - before);
        assert!(
            most <= BUFFER * 3 / 2,
            "{size} bytes: {most} KiB of {BUFFER}"
        );
        assert!(rest <= BUFFER / 2, "{size} bytes: {rest} KiB are kept");
        follower.leave();
    }
}
