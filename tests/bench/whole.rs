//! amish as a whole process, and bare clients beside it in the same run.
//!
//! `cargo bench --bench whole`. Loopback figures are noisy: each row is the
//! median of several runs, and what is compared ran in turn.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod event;
mod server;

use nix::sys::resource::{UsageWho, getrusage};
use server::{Flood, serve};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Instant;

const AMISH: &str = env!("CARGO_BIN_EXE_amish");
const RUNS: usize = 15;

fn main() {
    // The bare clients of the comparisons, as processes of their own.
    match std::env::args().collect::<Vec<_>>().as_slice() {
        [_, bare, address] if bare == "--bare-ping" => return bare_ping(address.parse().unwrap()),
        [_, bare, address, count] if bare == "--bare-pings" => {
            return bare_pings(address.parse().unwrap(), count.parse().unwrap());
        }
        _ => {}
    }
    // `cargo bench` passes --bench; a name chooses rows.
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with('-'))
        .collect();
    let on = |name: &str| wanted.is_empty() || wanted.iter().any(|w| name.contains(w.as_str()));
    if on("stream") {
        stream("json", 1_000_000);
        stream("raw", 1_000_000);
        stream("packet", 1_000_000);
    }
    if on("decode") {
        decode();
    }
    if on("ping") {
        one_ping();
        many_pings(10_000);
    }
    if on("list") {
        list(1_000);
    }
}

fn amish(address: SocketAddr) -> Command {
    let mut command = Command::new(AMISH);
    command
        .env_clear()
        .env("AMISH_SECRET", "x")
        .args(["-u", "x"])
        .arg(address.to_string());
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn children_cpu() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let seconds = |t: nix::sys::time::TimeVal| t.tv_sec() as f64 + t.tv_usec() as f64 / 1e6;
    seconds(usage.user_time()) + seconds(usage.system_time())
}

/// The peak memory of a living process, in MB.
fn peak(child: &Child) -> f64 {
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap_or("VmHWM: 0");
    line.split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<f64>()
        .unwrap()
        / 1024.0
}

/// Reads one line and nothing behind it.
fn first_line(from: &mut impl Read) {
    let mut byte = [0; 1];
    while byte != *b"\n" {
        from.read_exact(&mut byte).unwrap();
    }
}

/// Reads until `ends` ends have come; how many bytes that were.
fn drain(from: &mut impl Read, ends: usize, end: &[u8]) -> usize {
    let mut buffer = vec![0; 1 << 20];
    let (mut seen, mut bytes) = (0, 0);
    while seen < ends {
        let count = from.read(&mut buffer).unwrap();
        assert!(count > 0, "the stream ended after {seen} of {ends}");
        bytes += count;
        seen += match end {
            [one] => memchr::memchr_iter(*one, &buffer[..count]).count(),
            // A marker of several bytes may be cut: counting its last is enough
            // for the end of the stream.
            _ => memchr::memmem::find_iter(&buffer[..count], end).count(),
        };
    }
    bytes
}

fn stream(form: &str, count: usize) {
    let (mut rates, mut cpus, mut peaks) = (vec![], vec![], vec![]);
    let count = count / 256 * 256;
    for _ in 0..RUNS {
        let (address, server) = serve(Flood::Events(count));
        let before = children_cpu();
        let mut command = amish(address);
        command.args(["-e", "-o", form, "--count", &count.to_string()]);
        let mut child = command.spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        let mut first = [0; 1];
        out.read_exact(&mut first).unwrap();
        let began = Instant::now();
        let mut sink = vec![0; 1 << 20];
        let (mut memory, mut reads) = (0.0, 0);
        while out.read(&mut sink).unwrap() > 0 {
            reads += 1;
            if reads % 1000 == 0 {
                memory = peak(&child);
            }
        }
        rates.push(count as f64 / began.elapsed().as_secs_f64());
        assert!(child.wait().unwrap().success());
        cpus.push((children_cpu() - before) * 1e6 / count as f64);
        peaks.push(memory);
        server.join().unwrap();
    }
    println!(
        "-e -o {form:<6} {:>9.0} events/s, {:.2} CPU s per million, peak {:.1} MB (medians of {RUNS})",
        median(rates),
        median(cpus),
        median(peaks)
    );
}

fn decode() {
    let file = std::env::temp_dir().join("amish-bench-capture");
    let capture = event::event().repeat(500_000);
    std::fs::write(&file, &capture).unwrap();
    let mut rates = vec![];
    for _ in 0..RUNS {
        let before = children_cpu();
        let status = Command::new(AMISH)
            .arg("--decode")
            .arg(&file)
            .args(["-o", "json"])
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
        rates.push(capture.len() as f64 / 1e6 / (children_cpu() - before));
    }
    std::fs::remove_file(&file).unwrap();
    println!(
        "--decode -o json  {:.0} MB/s of one core (median of {RUNS})",
        median(rates)
    );
}

/// A client with nothing in it: connect, log in plainly, Ping, read the reply.
fn bare_ping(address: SocketAddr) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
        .write_all(b"Action: Login\r\nActionID: 1\r\nUsername: x\r\nSecret: x\r\n\r\n")
        .unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    skip_packet(&mut reader);
    stream
        .write_all(b"Action: Ping\r\nActionID: 2\r\n\r\n")
        .unwrap();
    skip_packet(&mut reader);
    println!("done");
}

fn skip_packet(reader: &mut impl BufRead) {
    let mut line = String::new();
    loop {
        line.clear();
        assert!(reader.read_line(&mut line).unwrap() > 0);
        if line == "\r\n" {
            return;
        }
    }
}

fn one_ping() {
    let (mut ours, mut bare, mut peaks) = (vec![], vec![], vec![]);
    for _ in 0..41 {
        let (address, server) = serve(Flood::None);
        let began = Instant::now();
        let own = std::env::current_exe().unwrap();
        let mut child = Command::new(own)
            .args(["--bare-ping", &address.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        first_line(child.stdout.as_mut().unwrap());
        bare.push(began.elapsed().as_secs_f64() * 1e3);
        child.wait().unwrap();
        server.join().unwrap();
        let (address, server) = serve(Flood::None);
        let began = Instant::now();
        let mut child = amish(address).arg("Ping").spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        drain(&mut out, 5, b"\n");
        ours.push(began.elapsed().as_secs_f64() * 1e3);
        peaks.push(peak(&child));
        assert!(child.wait().unwrap().success());
        server.join().unwrap();
    }
    println!(
        "amish HOST Ping   {:.2} ms from start to reply, bare client {:.2} ms, peak {:.1} MB",
        median(ours),
        median(bare),
        median(peaks)
    );
}

fn many_pings(count: usize) {
    let (mut ours, mut bare) = (vec![], vec![]);
    let script = "Ping\n".repeat(count);
    let file = std::env::temp_dir().join("amish-bench-script");
    std::fs::write(&file, script).unwrap();
    for _ in 0..RUNS {
        let (address, server) = serve(Flood::None);
        let began = Instant::now();
        let own = std::env::current_exe().unwrap();
        let status = Command::new(own)
            .args(["--bare-pings", &address.to_string(), &count.to_string()])
            .status()
            .unwrap();
        assert!(status.success());
        bare.push(count as f64 / began.elapsed().as_secs_f64());
        server.join().unwrap();
        let (address, server) = serve(Flood::None);
        let began = Instant::now();
        let mut command = amish(address);
        let mut child = command
            .arg("-f")
            .arg(&file)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        assert!(child.wait().unwrap().success());
        ours.push(count as f64 / began.elapsed().as_secs_f64());
        server.join().unwrap();
    }
    std::fs::remove_file(&file).unwrap();
    let ratios = ours
        .iter()
        .zip(&bare)
        .map(|(ours, bare)| ours / bare)
        .collect();
    println!(
        "{count} Pings       {:.0}/s, bare client with a reader thread {:.0}/s, ratio {:.2}",
        median(ours),
        median(bare),
        median(ratios)
    );
}

/// One thread reads and hands each reply over, the other sends the next.
fn bare_pings(address: SocketAddr, count: usize) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let (sender, replies) = mpsc::channel();
    let reading = std::thread::spawn(move || {
        let mut banner = String::new();
        reader.read_line(&mut banner).unwrap();
        for _ in 0..count {
            skip_packet(&mut reader);
            sender.send(()).unwrap();
        }
    });
    let mut out = std::fs::File::create("/dev/null").unwrap();
    for i in 0..count {
        stream
            .write_all(format!("Action: Ping\r\nActionID: {i}\r\n\r\n").as_bytes())
            .unwrap();
        replies.recv().unwrap();
        out.write_all(b"Response: Success\n").unwrap();
    }
    stream
        .write_all(b"Action: Logoff\r\nActionID: x\r\n\r\n")
        .unwrap();
    reading.join().unwrap();
}

fn list(items: usize) {
    let mut times = vec![];
    for _ in 0..41 {
        let (address, server) = serve(Flood::List(items));
        let mut command = amish(address);
        // The Ping before it tells when amish is up.
        command.args(["-o", "json", "-c", "Ping", "-c", "CoreShowChannels"]);
        let mut child = command.spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        first_line(&mut out);
        let began = Instant::now();
        drain(&mut out, items + 2, b"\n");
        times.push(began.elapsed().as_secs_f64() * 1e3);
        child.wait().unwrap();
        server.join().unwrap();
    }
    println!(
        "list of {items}      {:.2} ms gathered and printed as json (median of 41)",
        median(times)
    );
}
