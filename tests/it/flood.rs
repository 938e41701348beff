//! More events than the reader takes at the moment: none may be lost silently,
//! and the server must not notice. tests/README.md tells how to run these at
//! full size.

use crate::follower::{Follower, Source};
use crate::program::AMISH;
use crate::scripted::Scripted;
use crate::servers::{Spawned, servers, spawn, spawnable};
use crate::support::{BOUND, is_full};
use crate::userevents::Sender;
use crate::witness::Witness;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Bytes of an event.
const SIZE: usize = 1_000;

/// A server of the test's own, because everybody receives UserEvents.
struct Target {
    name: String,
    address: SocketAddr,
    user: &'static str,
    secret: &'static str,
    // Ends when the test does.
    _spawned: Option<Spawned>,
    _server: crate::servers::Server,
}

/// The simulator as 22, and one of each real server. At full size only the real
/// ones: they decide how far a client may lag behind.
fn targets() -> impl Iterator<Item = Target> {
    let simulator = servers().into_iter().take(usize::from(!is_full()));
    simulator
        .chain(spawnable(&["answered-userevents"]))
        .map(|server| {
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

    /// A sender of events whose first ones are already being shown.
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

    /// Sends this many events at full speed while nobody reads; at full size it
    /// also waits until nobody has read for 20 s. Returns the number after the
    /// last.
    fn flood(&self, follower: &Follower, sender: &mut Sender, first: u64) -> u64 {
        self.flood_until(follower, sender, first, |_| ())
    }

    /// The same; nobody reads before `arrived` has returned, which is given the
    /// number after the last.
    fn flood_until(
        &self,
        follower: &Follower,
        sender: &mut Sender,
        first: u64,
        arrived: impl FnOnce(u64),
    ) -> u64 {
        let end = first + flood_size();
        let begun = Instant::now();
        follower.look_away();
        sender.send("Flood", first..end, SIZE);
        sender.wait_until_answered();
        arrived(end);
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

/// The time in which everything that waited must be shown.
const SHOWN: Duration = Duration::from_secs(120);

// Asterisk drops a client that does not read for 100 ms, which `| less` or a
// paused consumer must not cause.
#[test]
fn a_stream_that_nobody_reads_for_a_while_loses_nothing() {
    for target in targets() {
        let mut follower = Follower::stream(target.source(), &[]);
        all_of_a_flood_is_shown(&target, &mut follower);
        assert_eq!(follower.leave(), 130, "{}", target.name);
    }
}

// The same for a terminal that accepts no output, such as a stopped screen or a
// link that hangs.
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
        // Nor one for a cut.
        assert_eq!(shown.gaps, [""; 0], "{}", target.name);
    });
}

// What cannot be kept is counted exactly, in a gap or two instead of one per
// read; the exit code says so although everything else succeeded.
#[test]
fn what_a_small_buffer_loses_is_counted_exactly() {
    for target in targets() {
        // The stream ends by its count: more than a MiB holds, less than is
        // sent.
        const COUNT: u64 = 4500;
        let args = ["--buffer", "1MiB", "--count", &COUNT.to_string()];
        // A server sends its events some time after the Actions that cause them
        // are answered.
        let witness = Witness::log_in(target.address, target.user, target.secret);
        let mut follower = Follower::stream(target.source(), &args);
        let (mut sender, first) = target.sender_seen_by(&follower);
        let mut next = target.flood_until(&follower, &mut sender, first, |end| {
            let all = witness.sees(end - 1, SHOWN);
            assert!(all, "{}: the server did not send all", target.name);
        });
        let all = follower.wait(SHOWN, |shown| {
            let all = shown.seen + shown.reported >= next - shown.first?;
            // A busy server sends most of it only once it is read again.
            (all || shown.seen >= COUNT).then_some(())
        });
        follower.look(|shown| {
            assert!(all.is_some(), "{}: {shown:?}", target.name);
            // The server may still have been sending when reading resumed;
            // before that, thousands of reads found the buffer full.
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

// `--buffer` limits real memory, also for events that are smaller than their
// usual overhead, and the memory is returned after a flood.
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
