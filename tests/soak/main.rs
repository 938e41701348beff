//! Hours in minutes: `cargo test --release --test soak -- 3600` makes 500
//! UserEvents a second on a real server of its own, cuts the link of a stream
//! and of a shell once a minute, and looks whether anything is lost without a
//! word, or leaks. See tests/README.md. Linux.

// Standard output is the report.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod proxy;
// Shared with the tests, which use more of them.
#[allow(dead_code)]
#[path = "../it/follower.rs"]
mod follower;
#[path = "../it/pair.rs"]
mod pair;
#[path = "../it/process.rs"]
mod process;
#[allow(dead_code)]
#[path = "../it/sequence.rs"]
mod sequence;
#[allow(dead_code)]
#[path = "../it/servers.rs"]
mod servers;
#[allow(dead_code)]
#[path = "../it/support.rs"]
mod support;
#[path = "../it/userevents.rs"]
mod userevents;

use follower::{Follower, Source};
use process::Sample;
use proxy::{Cut, Proxy};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use support::BOUND;
use userevents::Sender;

/// UserEvents a second.
const RATE: u64 = 500;

/// Between two looks at the processes.
const LOOK: Duration = Duration::from_secs(10);

/// A keepalive of 30 s, 10 s for its answer, and connecting again.
const NOTICED: Duration = Duration::from_secs(50);

fn main() {
    let given: Vec<u64> = std::env::args()
        .skip(1)
        .map(|word| word.parse().expect("SECONDS [SECONDS BETWEEN CUTS]"))
        .collect();
    let length = Duration::from_secs(given.first().copied().unwrap_or(3600));
    let between = Duration::from_secs(given.get(1).copied().unwrap_or(60));
    let named = servers::real_servers();
    let named = named
        .first()
        .expect("AMISH_TEST_SERVERS; see tests/README.md");
    let server = servers::spawn(&named.name);
    let mut proxy = Proxy::start(server.address);
    let home = tempfile::tempdir().expect("a directory");
    // Another build meanwhile must not change what is tested.
    let program = home.path().join("amish");
    std::fs::copy(env!("CARGO_BIN_EXE_amish"), &program).expect("a copy");
    let source = Source {
        program: program.to_str().expect("a path of letters"),
        address: proxy.address,
        user: "admin",
        secret: "secret",
    };
    println!(
        "Asterisk {}, {length:?}, a cut every {between:?}",
        named.name
    );

    let mut clients = [
        Client::new("stream", Follower::stream(source, &[])),
        Client::new("shell", Follower::shell(source)),
    ];
    let numbers = Numbers::start(server.address);
    for client in &clients {
        let first = client.follower.wait(BOUND, |shown| shown.first);
        assert!(first.is_some(), "{} shows an event", client.name);
    }
    let cuts = watch(&mut clients, &mut proxy, length, between);
    let last = numbers.stop();
    let mut faults = Vec::new();
    for client in &mut clients {
        let all = |shown: &sequence::Sequence| (shown.last == Some(last)).then_some(());
        if client.follower.wait(NOTICED, all).is_none() {
            faults.push(format!("{}: {last} did not come", client.name));
        }
        client.judge(cuts, &mut faults);
        println!("{}: exit code {}", client.name, client.follower.leave());
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    println!("all of it holds");
}

/// Cuts and looks until the time is over. The last cut is long enough ago then
/// to have been noticed.
fn watch(clients: &mut [Client], proxy: &mut Proxy, length: Duration, between: Duration) -> usize {
    let begun = Instant::now();
    let mut ways = [Cut::Reset, Cut::Finish, Cut::Silence].into_iter().cycle();
    let (mut cuts, mut next_cut, mut next_look) = (0, begun + between, begun);
    while begun.elapsed() < length {
        let now = Instant::now();
        let seconds = begun.elapsed().as_secs();
        if next_cut <= now && begun.elapsed() + NOTICED < length {
            let way = ways.next().expect("without end");
            let links = proxy.cut(way);
            println!("{seconds:4} s: {way:?}");
            assert_eq!(links, clients.len(), "all were connected");
            cuts += 1;
            next_cut += between;
        }
        if next_look <= now {
            clients.iter_mut().for_each(|client| client.look(seconds));
            next_look += LOOK;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    cuts
}

/// One of the two that are watched.
struct Client {
    name: &'static str,
    follower: Follower,
    curve: Vec<Sample>,
    gaps_printed: usize,
}

impl Client {
    fn new(name: &'static str, follower: Follower) -> Client {
        Client {
            name,
            follower,
            curve: Vec::new(),
            gaps_printed: 0,
        }
    }

    /// Looks at the process, and prints what there is to see.
    fn look(&mut self, seconds: u64) {
        let sample = self.follower.sample();
        self.curve.push(sample);
        println!("{seconds:4} s: {} {sample:?}", self.name);
        let gaps = self.follower.look(|shown| shown.gaps.clone());
        for gap in gaps.iter().skip(self.gaps_printed) {
            println!("{seconds:4} s: {} {gap}", self.name);
        }
        self.gaps_printed = gaps.len();
    }

    /// What is wrong with what it showed, and with what it took.
    fn judge(&self, cuts: usize, faults: &mut Vec<String>) {
        let name = self.name;
        self.follower.look(|shown| {
            let gaps = shown.gaps.len();
            println!(
                "{name}: {} events, {} missing in {gaps} gaps of {cuts} cuts",
                shown.seen, shown.missing
            );
            faults.extend(shown.faults.iter().map(|fault| format!("{name}: {fault}")));
            if gaps != cuts {
                faults.push(format!("{name}: {cuts} cuts, but {gaps} gaps"));
            }
        });
        // The first quarter is for getting warm.
        let warm = &self.curve[self.curve.len() / 4..];
        let (early, late) = warm.split_at(warm.len() / 2);
        let (early, late) = (median(early), median(late));
        let (first, last) = (self.curve[0], self.follower.sample());
        println!("{name}: {early} KiB, later {late} KiB; {first:?}, at the end {last:?}");
        if late > early + 1024 {
            faults.push(format!("{name}: memory grew from {early} to {late} KiB"));
        }
        if last.threads > first.threads || last.descriptors > first.descriptors {
            faults.push(format!("{name}: {first:?} became {last:?}"));
        }
    }
}

/// Of the memory.
fn median(part: &[Sample]) -> u64 {
    let mut sizes: Vec<u64> = part.iter().map(|sample| sample.rss).collect();
    sizes.sort_unstable();
    sizes[sizes.len() / 2]
}

/// The thread that makes the events.
struct Numbers {
    thread: std::thread::JoinHandle<u64>,
    until: Arc<AtomicU64>,
}

impl Numbers {
    fn start(server: SocketAddr) -> Numbers {
        let until = Arc::new(AtomicU64::new(u64::MAX));
        let over = until.clone();
        let thread = std::thread::spawn(move || {
            let mut sender = Sender::log_in(server, "admin", "secret");
            let begun = Instant::now();
            let mut sent = 0;
            while sent < over.load(Ordering::SeqCst) {
                // Ten at a time, fifty times a second.
                let due = Duration::from_secs(1) * sent as u32 / RATE as u32;
                std::thread::sleep(due.saturating_sub(begun.elapsed()));
                sender.send("Soak", sent..sent + 10, 200);
                sent += 10;
            }
            sender.wait_until_answered();
            sent - 1
        });
        Numbers { thread, until }
    }

    /// The last number that was made.
    fn stop(self) -> u64 {
        self.until.store(0, Ordering::SeqCst);
        self.thread.join().expect("the server takes them")
    }
}
