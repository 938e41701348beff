//! A rare event in a flood: what the shell with `/filter` uses of a core, and
//! how long it takes to show the event.
//!
//! `cargo bench --bench rare [-- EVENTS_A_SECOND SECONDS]`, on Linux; else
//! 20,000 and 20 s. The server is a process of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod event;

use event::event;
use nix::pty::{Winsize, openpty};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Between two writes of the server.
const STEP: Duration = Duration::from_millis(5);
/// Every so many of them hold the rare event.
const RARE: u64 = 60;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    if let [_, serve, rate] = args.as_slice()
        && serve == "--serve"
    {
        // Whoever measures is gone: the end of it.
        let _ = flood(rate.parse().unwrap());
        return;
    }
    let given = args.iter().skip(1).filter(|arg| !arg.starts_with('-'));
    let given: Vec<u64> = given.map(|arg| arg.parse().unwrap()).collect();
    let rate = given.first().copied().unwrap_or(20_000);
    let seconds = given.get(1).copied().unwrap_or(20);
    for filter in ["/filter UserEvent", "/filter Sent~[0-9]"] {
        measure(rate, Duration::from_secs(seconds), filter);
    }
}

fn measure(rate: u64, time: Duration, filter: &str) {
    let mut server = Command::new(std::env::current_exe().unwrap());
    server.args(["--serve", &rate.to_string()]);
    let mut server = server.stdout(Stdio::piped()).spawn().unwrap();
    let mut address = String::new();
    let mut said = BufReader::new(server.stdout.take().unwrap());
    said.read_line(&mut address).unwrap();
    let (mut shell, mut screen) = shell(address.trim());
    screen
        .write_all(format!("{filter}\r/events on\r").as_bytes())
        .unwrap();

    // What the start costs is not meant.
    let mut seen = Vec::new();
    watch(&mut screen, Duration::from_secs(2), &mut seen);
    seen.clear();
    let (cpu, begun) = (ticks(&shell), Instant::now());
    watch(&mut screen, time, &mut seen);
    let cores = (ticks(&shell) - cpu) / begun.elapsed().as_secs_f64();
    shell.kill().unwrap();
    shell.wait().unwrap();
    server.wait().unwrap();
    let mut sent = String::new();
    said.read_to_string(&mut sent).unwrap();

    seen.sort_by(f64::total_cmp);
    assert!(!seen.is_empty(), "no rare event is shown");
    let at = |part: f64| seen[((seen.len() - 1) as f64 * part) as usize];
    println!("{filter}: {} (asked for {rate}/s)", sent.trim());
    println!(
        "{filter}: {cores:.2} of a core; {} rare events, shown after {:.1} ms (median), {:.1} (95 of 100), {:.1} (the last)",
        seen.len(),
        at(0.5),
        at(0.95),
        at(1.0)
    );
}

/// The shell on a terminal of its own; the other side of the terminal.
fn shell(address: &str) -> (Child, File) {
    let size = Winsize {
        ws_row: 40,
        ws_col: 160,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    let pair = openpty(Some(&size), None).unwrap();
    let home = tempfile::TempDir::new().unwrap();
    let stdio = || Stdio::from(pair.slave.try_clone().unwrap());
    let mut command = Command::new("setsid");
    command.args(["--ctty", env!("CARGO_BIN_EXE_amish"), "-u", "x", address]);
    command
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("TERM", "xterm");
    command.env("HOME", home.path()).env("AMISH_SECRET", "x");
    command.stdin(stdio()).stdout(stdio()).stderr(stdio());
    (command.spawn().unwrap(), File::from(pair.master))
}

/// Reads the screen for so long; milliseconds from the sending of each rare
/// event until its line has been read.
fn watch(screen: &mut File, time: Duration, seen: &mut Vec<f64>) {
    let end = Instant::now() + time;
    let mut buffer = vec![0; 64 * 1024];
    let mut line = Vec::new();
    while Instant::now() < end {
        // The flood sees to it that there is always something to read.
        let count = screen.read(&mut buffer).unwrap();
        let now = micros();
        let bytes = &buffer[..count];
        if memchr::memmem::find(bytes, b"\x1b[6n").is_some() {
            screen.write_all(b"\x1b[1;1R").unwrap();
        }
        line.extend_from_slice(bytes);
        let whole = memchr::memrchr(b'\n', &line).map_or(0, |at| at + 1);
        let text: Vec<u8> = line.drain(..whole).collect();
        for line in String::from_utf8_lossy(&text).lines() {
            let sent = line.split_once("Sent=").map(|(_, rest)| rest);
            let digits = sent.map(|rest| rest.split(|c: char| !c.is_ascii_digit()));
            let sent = digits.and_then(|mut digits| digits.next()?.parse::<u64>().ok());
            if let Some(sent) = sent {
                seen.push((now - sent) as f64 / 1000.0);
            }
        }
    }
}

/// Seconds of CPU time so far.
fn ticks(child: &Child) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    let fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
    let ticks = fields
        .skip(11)
        .take(2)
        .map(|field| field.parse::<f64>().unwrap());
    // USER_HZ, the same on every Linux.
    ticks.sum::<f64>() / 100.0
}

fn micros() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    since.as_micros() as u64
}

/// Serves one shell: `rate` events a second from its first Events action on.
fn flood(rate: u64) -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let (mut stream, _) = listener.accept()?;
    stream.set_nodelay(true)?;
    stream.write_all(b"Asterisk Call Manager/11.0.0\r\n")?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut action, mut id, mut line) = (String::new(), String::new(), String::new());
    while action != "Events" || !line.trim_end().is_empty() {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        if let Some(name) = line.trim_end().strip_prefix("Action: ") {
            action = name.to_owned();
        } else if let Some(own) = line.trim_end().strip_prefix("ActionID: ") {
            id = own.to_owned();
        } else if line.trim_end().is_empty() {
            let more = if action == "Challenge" {
                "Challenge: 1"
            } else {
                "Message: ok"
            };
            write!(
                stream,
                "Response: Success\r\nActionID: {id}\r\n{more}\r\n\r\n"
            )?;
        }
    }
    // Nothing more is answered.
    let each = rate * STEP.as_millis() as u64 / 1000;
    let half = event().repeat(each as usize / 2);
    let begun = Instant::now();
    for step in 0.. {
        let due = STEP * step;
        std::thread::sleep(due.saturating_sub(begun.elapsed()));
        let mut bytes = half.clone();
        if u64::from(step) % RARE == 0 {
            let sent = micros();
            let rare = format!(
                "Event: UserEvent\r\nPrivilege: user,all\r\nUserEvent: Rare\r\nSent: {sent}\r\n\r\n"
            );
            bytes.extend_from_slice(rare.as_bytes());
        }
        bytes.extend_from_slice(&half);
        if stream.write_all(&bytes).is_err() {
            let rate = u64::from(step) * each;
            println!(
                "{:.0} events/s sent",
                rate as f64 / begun.elapsed().as_secs_f64()
            );
            return Ok(());
        }
    }
    Ok(())
}
