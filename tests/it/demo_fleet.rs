//! `--demo-fleet`: many PBXs in one process, for who has none.

use crate::process::Sample;
use crate::program::{amish, amish_at, signal};
use crate::support::{BOUND, until};
use nix::sys::signal::Signal;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Child;
use std::sync::atomic::{AtomicU16, Ordering};
use tempfile::TempDir;

/// A fleet in its own process. Killed when dropped.
struct Serving {
    child: Child,
    /// As printed to standard output.
    addresses: Vec<SocketAddr>,
    /// Its first line on standard error.
    said: String,
    _home: TempDir,
}

impl Serving {
    fn start(address: &str, count: usize) -> Serving {
        let (mut child, home) =
            amish(&format!("--demo-listen {address} --demo-fleet {count}")).spawn();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let addresses = lines.take(count).map(|line| line.unwrap().parse().unwrap());
        let addresses: Vec<SocketAddr> = addresses.collect();
        let mut said = String::new();
        let mut err = BufReader::new(child.stderr.take().unwrap());
        err.read_line(&mut said).unwrap();
        assert_eq!(addresses.len(), count, "{said}");
        Serving {
            child,
            addresses,
            said,
            _home: home,
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Logged in, without events.
fn client(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(BOUND)).unwrap();
    let login = "Action: Login\r\nUsername: demo\r\nSecret: demo\r\nEvents: off\r\n\r\n";
    stream.write_all(login.as_bytes()).unwrap();
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"Authentication accepted\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        text.push(byte[0]);
    }
    stream
}

/// The first of so many consecutive ports that are free, others at each call. The system gives none of these to who asks
/// for any port.
fn free_ports(count: u16) -> u16 {
    static CALLS: AtomicU16 = AtomicU16::new(0);
    let own = u16::try_from(std::process::id() % 400).unwrap() * 20;
    let begin = 20_000 + own + CALLS.fetch_add(1000, Ordering::Relaxed);
    let bound = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
    let free = |first: &u16| (*first..*first + count).all(bound);
    (begin..32_000)
        .step_by(usize::from(count))
        .find(free)
        .unwrap()
}

// What it is for: each is another PBX, and the file of its addresses is one of targets.
#[test]
fn each_answers_at_its_address_with_its_own_name() {
    let fleet = Serving::start("127.0.0.1:0", 3);
    let (first, last) = (
        fleet.addresses.iter().map(SocketAddr::port).min().unwrap(),
        fleet.addresses.iter().map(SocketAddr::port).max().unwrap(),
    );
    let note = format!("3 built-in PBXs listen on 127.0.0.1, ports {first} to {last};");
    assert!(fleet.said.contains(&note), "{}", fleet.said);
    assert!(fleet.said.contains("readonly/readonly"), "{}", fleet.said);
    for (address, number) in fleet.addresses.iter().zip(1..) {
        let done = amish_at(*address, "demo", "demo", "-o json CoreSettings").run();
        assert_eq!(done.code, 0, "{done:?}");
        let name = format!(r#""SystemName":"demo{number}""#);
        assert!(done.out.contains(&name), "{}", done.out);
    }
}

#[test]
fn ports_follow_each_other() {
    let first = free_ports(4);
    let fleet = Serving::start(&format!("127.0.0.1:{first}"), 4);
    let ports = fleet.addresses.iter().map(SocketAddr::port);
    assert!(ports.eq(first..first + 4), "{:?}", fleet.addresses);
}

// The note about the first address alone would send people looking for what is wrong with it.
#[test]
fn a_port_that_is_taken_is_named() {
    let first = free_ports(5);
    let taken = TcpListener::bind(("127.0.0.1", first + 3)).unwrap();
    let done = amish(&format!("--demo-listen 127.0.0.1:{first} --demo-fleet 5")).run();
    assert_eq!(done.code, 1, "{done:?}");
    assert_eq!(done.out, "", "{done:?}");
    let named = format!("{}: Address already in use", taken.local_addr().unwrap());
    assert!(done.err.contains(&named), "{}", done.err);
    let done = amish("--demo-listen 127.0.0.1:65530 --demo-fleet 10").run();
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.err.contains("beyond 65535"), "{}", done.err);
}

#[test]
fn a_fleet_has_a_number_and_is_no_single_pbx() {
    for args in [
        "--demo-fleet 3 --demo",
        "--demo-listen 127.0.0.1:0 --demo-fleet 0",
        "--demo-listen 127.0.0.1:0 --demo-fleet 10001",
    ] {
        let done = amish(args).run();
        assert_eq!(done.code, 2, "{args}: {done:?}");
        assert!(done.err.contains("--demo-"), "{args}: {}", done.err);
    }
}

// Half a fleet, or one that no client can reach, would be found out only when it is used.
#[test]
fn too_few_descriptors_are_told_with_what_would_do() {
    let line = format!(
        "ulimit -n 100; exec {} --demo-listen 127.0.0.1:0 --demo-fleet 40",
        crate::program::AMISH
    );
    let done = amish("").through_sh(&line).run();
    assert_eq!(done.code, 1, "{done:?}");
    assert!(done.err.contains("ulimit -n 144"), "{}", done.err);
    assert_eq!(done.out, "", "{done:?}");
}

// A soft limit is the usual 1,024, which is no reason to refuse.
#[test]
fn descriptors_are_taken_up_to_the_hard_limit() {
    let line = format!(
        "ulimit -S -n 60; exec {} --demo-listen 127.0.0.1:0 --demo-fleet 60",
        crate::program::AMISH
    );
    let (mut child, _home) = amish("").through_sh(&line).spawn();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let addresses: Vec<String> = lines.take(60).map(Result::unwrap).collect();
    let clients = addresses
        .iter()
        .map(|address| client(address.parse().unwrap()));
    assert_eq!(clients.collect::<Vec<_>>().len(), 60);
    signal(&child, Signal::SIGTERM);
    assert_eq!(child.wait().unwrap().code(), Some(143));
}

// A thousand PBXs must fit beside the client that is tried on them: threads of their own would be thousands.
#[cfg(target_os = "linux")]
#[test]
fn two_hundred_share_their_threads() {
    const COUNT: usize = 200;
    let fleet = Serving::start("127.0.0.1:0", COUNT);
    let own = Sample::of(fleet.child.id());
    assert!(own.threads <= 4, "{own:?}");
    let clients: Vec<TcpStream> = fleet.addresses.iter().copied().map(client).collect();
    let with = Sample::of(fleet.child.id());
    assert!(with.threads <= own.threads + COUNT as u64, "{with:?}");
    let grown = with.rss.saturating_sub(own.rss) / COUNT as u64;
    assert!(grown < 150, "{grown} KiB a client");
    drop(clients);
    until("threads and descriptors are left", || {
        let now = Sample::of(fleet.child.id());
        (now.threads, now.descriptors) == (own.threads, own.descriptors)
    });
}

// A signal ends all of them, whoever is connected.
#[test]
fn a_fleet_ends_by_its_signal_with_clients_connected() {
    let mut fleet = Serving::start("127.0.0.1:0", 30);
    let clients: Vec<TcpStream> = fleet.addresses.iter().copied().map(client).collect();
    signal(&fleet.child, Signal::SIGTERM);
    assert_eq!(fleet.child.wait().unwrap().code(), Some(143));
    for mut client in clients {
        let mut rest = Vec::new();
        client.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, b"", "no event was asked for");
    }
}
