//! The rows of the comparison; README.md says what each means.

use crate::Times;
use crate::event::event;
use crate::limits::limit;
use crate::measured::{Run, amish, amish_at, peak_of, run};
use crate::server::{Flood, Server, serve, watching};
use crate::table::Report;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

type Row = fn(&mut Report, &Times);

pub const ALL: [(&str, Row); 9] = [
    ("stream json", |report, times| stream(report, times, "json")),
    ("stream raw", |report, times| stream(report, times, "raw")),
    ("decode json", decode),
    ("ping", ping),
    ("pings", pings),
    ("list json", list_json),
    ("list csv", list_csv),
    ("list table", list_table),
    ("tiny", tiny),
];

const MILLION: usize = 1_000_000;

/// amish and the limit program in turn.
fn in_turn(times: usize, ours: impl Fn() -> Run, limit: impl Fn() -> Run) -> Vec<(Run, Run)> {
    (0..times).map(|_| (ours(), limit())).collect()
}

fn each(pairs: &[(Run, Run)], figure: impl Fn(&Run) -> f64) -> Vec<(f64, f64)> {
    pairs
        .iter()
        .map(|(ours, limit)| (figure(ours), figure(limit)))
        .collect()
}

/// Runs at a server what `command` makes of its address.
fn at(server: Server, command: impl Fn(&Server) -> Command) -> Run {
    let command = command(&server);
    run(command, Some(server), b"")
}

fn stream(report: &mut Report, times: &Times, form: &str) {
    let name = format!("stream {form}");
    let event = event();
    let flood = || watching(Flood::Events(event.clone(), MILLION));
    let count = MILLION.to_string();
    // Room for all: events that are lost would be waited for without end.
    let room = "--buffer=1GiB";
    let ours = || {
        let arguments = ["-e", "-o", form, "--count", &count, room];
        at(flood(), |server| amish_at(server.address, &arguments))
    };
    // A copier knows of bytes only.
    let (program, count) = match form {
        "json" => ("--limit-json", MILLION),
        _ => ("--limit-raw", MILLION * event.len()),
    };
    let beside = || {
        at(flood(), |server| {
            limit(program, &server.address.to_string(), count)
        })
    };
    let pairs = in_turn(times.rows, ours, beside);
    let rate = |run: &Run| MILLION as f64 / run.flow;
    report.pairs(&name, "rate", &each(&pairs, rate));
    report.pairs(&name, "CPU", &each(&pairs, |run| run.cpu));
    report.pairs(&name, "memory", &each(&pairs, |run| run.peaks.last));
}

/// The events of 600 bytes and more that were recorded from Asterisk 22.
fn big_events() -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/transcripts/asterisk-22");
    let mut events = Vec::new();
    for recording in ["originate-async-events", "originate-errors", "status-calls"] {
        let text = std::fs::read_to_string(format!("{folder}/{recording}.txt")).unwrap();
        for packet in text.split_inclusive("\r\n\r\n") {
            if packet.starts_with("Event: ") && packet.len() >= 600 {
                events.extend_from_slice(packet.as_bytes());
            }
        }
    }
    events
}

fn decode(report: &mut Report, times: &Times) {
    let events = big_events();
    let repeats = 100_000_000 / events.len();
    let capture = events.repeat(repeats);
    let count = memchr::memmem::find_iter(&events, b"\r\n\r\n").count() * repeats;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&capture).unwrap();
    let path = file.path().to_str().unwrap();
    let silent = |mut command: Command| {
        command.stdout(Stdio::null());
        run(command, None, b"")
    };
    let ours = || silent(amish(&["--decode", path, "-o", "json"]));
    let beside = || silent(limit("--limit-decode", path, count));
    let pairs = in_turn(times.rows, ours, beside);
    let rate = |run: &Run| capture.len() as f64 / 1e6 / run.cpu;
    report.pairs("decode json", "rate", &each(&pairs, rate));
}

fn ping(report: &mut Report, times: &Times) {
    let ours = |server| at(server, |server| amish_at(server.address, &["Ping"]));
    let beside = |server| {
        at(server, |server| {
            limit("--limit-pings", &server.address.to_string(), 1)
        })
    };
    let still = || serve(Flood::None);
    let pairs = in_turn(times.short, || ours(still()), || beside(still()));
    report.pairs("ping", "time", &each(&pairs, |run| run.whole * 1e3));
    report.pairs("ping", "CPU", &each(&pairs, |run| run.cpu * 1e3));
    // Watching takes time.
    let watched = || watching(Flood::None);
    let pairs = in_turn(times.rows, || ours(watched()), || beside(watched()));
    report.pairs("ping", "memory", &each(&pairs, |run| run.peaks.last));
}

fn pings(report: &mut Report, times: &Times) {
    const COUNT: usize = 10_000;
    let mut script = tempfile::NamedTempFile::new().unwrap();
    script.write_all("Ping\n".repeat(COUNT).as_bytes()).unwrap();
    let path = script.path().to_str().unwrap();
    // A reader of the output would want the core of one of the two others.
    let silent = |mut command: Command| {
        command.stdout(Stdio::null());
        command
    };
    let still = || serve(Flood::None);
    let ours = || {
        at(still(), |server| {
            silent(amish_at(server.address, &["-f", path]))
        })
    };
    let beside = || {
        at(still(), |server| {
            silent(limit("--limit-pings", &server.address.to_string(), COUNT))
        })
    };
    let pairs = in_turn(times.rows, ours, beside);
    let rate = |run: &Run| COUNT as f64 / run.whole;
    report.pairs("pings", "rate", &each(&pairs, rate));
}

fn list(times: usize, form: &[&str], marker: &[u8]) -> Vec<Run> {
    let once = |_| {
        let server = watching(Flood::List(MILLION));
        let arguments = [&["-o"][..], form, &["CoreShowChannels"]].concat();
        let command = amish_at(server.address, &arguments);
        run(command, Some(server), marker)
    };
    (0..times).map(once).collect()
}

fn figures(runs: &[Run], figure: impl Fn(&Run) -> f64) -> Vec<f64> {
    runs.iter().map(figure).collect()
}

fn list_json(report: &mut Report, times: &Times) {
    let runs = list(times.long, &["json"], b"\"CoreShowChannel\"");
    report.alone("list json", "memory", &figures(&runs, |run| run.peaks.last));
    let first = figures(&runs, |run| run.first * 1e3);
    report.alone("list json", "first item", &first);
}

fn list_csv(report: &mut Report, times: &Times) {
    let runs = list(times.long, &["csv", "--fields", "Channel"], b"SIP/1");
    report.alone("list csv", "memory", &figures(&runs, |run| run.peaks.last));
    let first = figures(&runs, |run| run.first * 1e3);
    report.alone("list csv", "first item", &first);
}

fn list_table(report: &mut Report, times: &Times) {
    let runs = list(times.long, &["table"], b"");
    let peaks = figures(&runs, |run| run.peaks.last);
    report.alone("list table", "memory", &peaks);
}

fn tiny(report: &mut Report, times: &Times) {
    /// In MiB.
    const BUFFER: f64 = 8.0;
    let pairs: Vec<(f64, f64)> = (0..times.rows).map(|_| (full(BUFFER), BUFFER)).collect();
    report.pairs("tiny", "memory", &pairs);
}

/// How much memory grows, in MiB, while tiny events come that nobody reads.
fn full(buffer: f64) -> f64 {
    // As many as fill the buffer, whatever the socket holds of the last ones.
    const COUNT: usize = 2 * MILLION;
    let mut server = watching(Flood::Events(b"Event: X\r\n\r\n".to_vec(), COUNT));
    let buffer = format!("{buffer}MiB");
    let arguments = ["-e", "-o", "json", "--buffer", &buffer];
    let mut child = amish_at(server.address, &arguments).spawn().unwrap();
    server.client(child.id());
    server.flood.recv().expect("it begins");
    server.flood.recv().expect("all of it is sent");
    let (mut seen, mut lost) = (0, 0);
    for line in BufReader::new(child.stdout.take().unwrap()).split(b'\n') {
        let line = line.unwrap();
        if line.starts_with(b"{\"_kind\":\"gap\"") {
            let gap: serde_json::Value = serde_json::from_slice(&line).unwrap();
            lost += gap["events"].as_u64().unwrap();
        } else {
            seen += 1;
        }
        if seen + lost == COUNT as u64 {
            break;
        }
    }
    assert!(lost > 0, "the buffer is not full");
    let peak = peak_of(child.id()).expect("it runs");
    child.kill().unwrap();
    child.wait().unwrap();
    peak - server.end().first
}
