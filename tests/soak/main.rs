//! Hours in minutes: `cargo test --release --test soak -- 3600` makes 500
//! UserEvents a second on a real server of its own, cuts the link of a stream
//! and of a shell once a minute, and looks whether anything is lost without a
//! word, or leaks. See tests/README.md. Linux.

// Standard output is the report.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod client;
mod process;
mod proxy;
mod sequence;
// Shared with the tests, which use more of them.
#[allow(dead_code)]
#[path = "../it/servers.rs"]
mod servers;
#[path = "../it/userevents.rs"]
mod userevents;

use client::Client;
use process::Sample;
use proxy::{Cut, Proxy};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
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
    let program = program.to_str().expect("a path of letters");
    println!(
        "Asterisk {}, {length:?}, a cut every {between:?}",
        named.name
    );

    let clients = [
        Client::stream(program, proxy.address, home.path()),
        Client::shell(program, proxy.address, home.path()),
    ];
    let numbers = Numbers::start(server.address);
    wait("the first events", Duration::from_secs(30), || {
        clients
            .iter()
            .all(|client| client.shown.lock().unwrap().seen > 0)
    });
    let (curves, cuts) = watch(&clients, &mut proxy, length, between);
    let last = numbers.stop();
    wait("the last event", NOTICED, || {
        clients
            .iter()
            .all(|client| client.shown.lock().unwrap().last() == Some(last))
    });
    let mut faults = Vec::new();
    for (client, curve) in clients.iter().zip(&curves) {
        judge(client, curve, cuts, &mut faults);
    }
    clients.into_iter().for_each(Client::leave);
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    println!("all of it holds");
}

/// Cuts and looks until the time is over. The last cut is long enough ago then
/// to have been noticed.
fn watch(
    clients: &[Client],
    proxy: &mut Proxy,
    length: Duration,
    between: Duration,
) -> (Vec<Vec<Sample>>, u64) {
    let begun = Instant::now();
    let mut curves: Vec<Vec<Sample>> = clients.iter().map(|_| Vec::new()).collect();
    let mut ways = [Cut::Reset, Cut::Finish, Cut::Silence].into_iter().cycle();
    let (mut cuts, mut next_cut, mut next_look) = (0, begun + between, begun);
    while begun.elapsed() < length {
        let now = Instant::now();
        if next_cut <= now && begun.elapsed() + NOTICED < length {
            let way = ways.next().expect("without end");
            let links = proxy.cut(way);
            println!(
                "{:4} s: {way:?} of {links} links",
                begun.elapsed().as_secs()
            );
            assert_eq!(links, clients.len(), "all were connected");
            cuts += 1;
            next_cut += between;
        }
        if next_look <= now {
            print!("{:4} s:", begun.elapsed().as_secs());
            for (client, curve) in clients.iter().zip(&mut curves) {
                let sample = client.sample();
                print!("  {} {sample:?}", client.name);
                curve.push(sample);
            }
            println!();
            next_look += LOOK;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    (curves, cuts)
}

/// What is wrong with what `client` showed, and with what it took.
fn judge(client: &Client, curve: &[Sample], cuts: u64, faults: &mut Vec<String>) {
    let shown = client.shown.lock().unwrap();
    let name = client.name;
    println!(
        "{name}: {} events, {} missing in {} gaps, {cuts} cuts",
        shown.seen, shown.missing, shown.gaps
    );
    faults.extend(shown.faults.iter().map(|fault| format!("{name}: {fault}")));
    if shown.gaps != cuts {
        faults.push(format!("{name}: {cuts} cuts, but {} gaps", shown.gaps));
    }
    let last = client.sample();
    // The first quarter is for getting warm.
    let warm = &curve[curve.len() / 4..];
    let median = |part: &[Sample]| {
        let mut sizes: Vec<u64> = part.iter().map(|sample| sample.rss).collect();
        sizes.sort_unstable();
        sizes[sizes.len() / 2]
    };
    let (early, late) = warm.split_at(warm.len() / 2);
    let (early, late) = (median(early), median(late));
    println!(
        "{name}: {early} KiB in the first half, {late} KiB in the second; at the end {last:?}"
    );
    if late > early + 1024 {
        faults.push(format!("{name}: memory grew from {early} to {late} KiB"));
    }
    let first = curve[0];
    if last.threads > first.threads || last.descriptors > first.descriptors {
        faults.push(format!("{name}: {first:?} became {last:?}"));
    }
}

/// The thread that makes the events.
struct Numbers {
    thread: std::thread::JoinHandle<u64>,
    until: Arc<AtomicU64>,
}

impl Numbers {
    fn start(server: std::net::SocketAddr) -> Numbers {
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
            sender.finish();
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

fn wait(what: &str, bound: Duration, met: impl Fn() -> bool) {
    let begun = Instant::now();
    while !met() {
        assert!(begun.elapsed() < bound, "no {what} within {bound:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
