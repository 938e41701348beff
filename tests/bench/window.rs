//! Bulk work: `--window` beside a bare client that does the same by hand, and
//! beside one action at a time, on loopback and behind a link with a delay.
//!
//! `cargo bench --bench window [-- HOST:PORT]`, where `admin` has the secret
//! `secret`; else the built-in PBX. What is compared ran in turn.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use amish::simulator::{Config, Simulator, User};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

const AMISH: &str = env!("CARGO_BIN_EXE_amish");
const RUNS: usize = 7;
const WINDOW: usize = 64;
/// There and back.
const DELAY: Duration = Duration::from_millis(20);

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let [_, bare, address, count] = args.as_slice()
        && bare == "--bare"
    {
        return bare_client(address.parse().unwrap(), count.parse().unwrap());
    }
    let given = args.iter().skip(1).find(|arg| !arg.starts_with('-'));
    let config = Config {
        users: vec![User::new("admin", "secret", "all", "all")],
        ..Config::default()
    };
    let own = Simulator::start(TcpListener::bind("127.0.0.1:0").unwrap(), config).unwrap();
    let address = given.map_or(own.addr(), |given| given.parse().unwrap());
    println!(
        "{RUNS} runs of each, medians; window {WINDOW}; server {}",
        given.map_or("built in", |g| g)
    );
    compare("loopback", address, 10_000);
    compare("20 ms", delayed(address), 500);
}

fn compare(link: &str, address: SocketAddr, count: usize) {
    let folder = tempfile::TempDir::new().unwrap();
    let script = folder.path().join("script");
    let lines = (0..count).map(|i| format!("DBPut gbench key{i} {i}\n"));
    std::fs::write(&script, lines.collect::<String>()).unwrap();
    let (mut bare, mut many, mut one) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let mut by_hand = Command::new(std::env::current_exe().unwrap());
        by_hand.args(["--bare", &address.to_string(), &count.to_string()]);
        bare.push(rate(&mut by_hand, count));
        many.push(rate(
            &mut amish(address, &script, &["--keep-going", "--window", "64"]),
            count,
        ));
        one.push(rate(&mut amish(address, &script, &[]), count));
    }
    let (bare, many, one) = (median(bare), median(many), median(one));
    println!(
        "{link}: {count} DBPut: by hand {bare:.0}/s, --window {many:.0}/s, one at a time {one:.0}/s"
    );
    println!(
        "{link}: --window is {:.2} of by hand, {:.1} times one at a time",
        many / bare,
        many / one
    );
}

fn amish(address: SocketAddr, script: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(AMISH);
    command.env_clear().env("AMISH_SECRET", "secret");
    command
        .args(["-u", "admin", "-f"])
        .arg(script)
        .args(args)
        .arg(address.to_string());
    command
}

/// Actions a second, from the start of the process to its end.
fn rate(command: &mut Command, count: usize) -> f64 {
    let start = Instant::now();
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{command:?}");
    count as f64 / start.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// What somebody would write for this one task: as many packets in one write as
/// were answered by one read, and the answers to standard output.
fn bare_client(address: SocketAddr, count: usize) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    let login = "Action: Login\r\nUsername: admin\r\nSecret: secret\r\nEvents: off\r\n\r\n";
    stream.write_all(login.as_bytes()).unwrap();
    let (mut sent, mut answered) = (0, 0);
    let mut buffer = vec![0; 64 * 1024];
    // What of a packet's end was at the end of the last read.
    let mut seen: usize = 0;
    let mut out = std::io::stdout();
    let mut is_in = false;
    while answered < count {
        let length = stream.read(&mut buffer).unwrap();
        assert!(length > 0, "the server closed");
        let mut ends = 0;
        for byte in &buffer[..length] {
            seen = match (seen, byte) {
                (0 | 2, b'\r') => seen + 1,
                (1, b'\n') => 2,
                (3, b'\n') => {
                    ends += 1;
                    0
                }
                (_, b'\r') => 1,
                _ => 0,
            };
        }
        out.write_all(&buffer[..length]).unwrap();
        if !is_in {
            // The answer to the login; FullyBooted may follow it.
            is_in = ends > 0;
            ends = 0;
        }
        answered += ends;
        let room = (answered + WINDOW).min(count).saturating_sub(sent);
        let packet = |i| {
            format!(
                "Action: DBPut\r\nFamily: gbench\r\nKey: key{i}\r\nVal: {i}\r\nActionID: b{i}\r\n\r\n"
            )
        };
        if is_in && room > 0 {
            let packets: String = (sent..sent + room).map(packet).collect();
            stream.write_all(packets.as_bytes()).unwrap();
            sent += room;
        }
    }
}

/// A link to `server` on which everything takes half of [`DELAY`] each way.
fn delayed(server: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let (client, server) = (client.unwrap(), TcpStream::connect(server).unwrap());
            for (from, to) in [(&client, &server), (&server, &client)] {
                let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                to.set_nodelay(true).unwrap();
                pass_later(from, to);
            }
        }
    });
    address
}

fn pass_later(mut from: TcpStream, mut to: TcpStream) {
    let (sender, receiver) = channel::<(Instant, Vec<u8>)>();
    std::thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let due = Instant::now() + DELAY / 2;
            if sender.send((due, buffer[..length].to_vec())).is_err() {
                break;
            }
        }
    });
    std::thread::spawn(move || {
        for (due, bytes) in receiver {
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
        let _ = to.shutdown(std::net::Shutdown::Both);
    });
}
