//! A thousand PBXs in one process: `cargo bench --bench fleet`, on Linux.
//!
//! The PBXs are one server that answers at a thousand addresses of 127.0.0.0/8 and
//! sends what it is told to. README.md says what came out.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod event;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How many are cut at once.
const CUT: usize = 100;
/// Events a second of all PBXs, and for how many seconds.
const RATE: usize = 200_000;
const SECONDS: usize = 5;
/// How long nothing happens while the processor time is measured.
const IDLE: Duration = Duration::from_secs(20);

#[derive(Default)]
struct Pbxs {
    logins: AtomicUsize,
    /// Who has asked for events, with the place where a cut one comes back.
    listening: Mutex<Vec<TcpStream>>,
}

fn main() {
    let wanted = std::env::args().filter_map(|word| word.parse().ok()).next();
    let count: usize = wanted.unwrap_or(1000);
    let pbxs = Arc::new(Pbxs::default());
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = pbxs.clone();
    std::thread::spawn(move || serve_all(&listener, &serving));
    let address = |i: usize| format!("127.1.{}.{}:{port}", i / 250, 1 + i % 250);
    let targets: Vec<String> = (0..count).map(address).collect();
    let folder = tempfile::TempDir::new().unwrap();
    let list = folder.path().join("targets");
    std::fs::write(&list, targets.join("\n")).unwrap();
    let list = list.to_str().unwrap().to_owned();

    let begun = Instant::now();
    let done = amish(&list, &["Ping"]).wait_with_output().unwrap();
    let lines = done.stdout.iter().filter(|byte| **byte == b'\n').count();
    println!(
        "Ping on {count}: {lines} answers, {:.2} s from start to end",
        begun.elapsed().as_secs_f64()
    );

    pbxs.logins.store(0, Ordering::SeqCst);
    let begun = Instant::now();
    let mut child = amish(&list, &["-e"]);
    until(|| pbxs.logins.load(Ordering::SeqCst) >= count);
    println!("logins of {count}: {:.2} s", begun.elapsed().as_secs_f64());
    until(|| pbxs.listening.lock().unwrap().len() >= count);
    std::thread::sleep(Duration::from_secs(2));
    let id = child.id();
    println!("quiet: {}", held(id));
    let before = cpu(id);
    std::thread::sleep(IDLE);
    let share = (cpu(id) - before) / IDLE.as_secs_f64();
    println!("idle: {:.2} % of a core", share * 100.0);

    let mut out = BufReader::with_capacity(1 << 20, child.stdout.take().unwrap());
    cut(&pbxs, CUT);
    let mut gaps = 0;
    let begun = Instant::now();
    while gaps < CUT {
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert!(line.contains("\"_kind\":\"gap\""), "{line}");
        gaps += 1;
    }
    println!(
        "{CUT} cut: {gaps} gaps after {:.2} s",
        begun.elapsed().as_secs_f64()
    );
    until(|| pbxs.listening.lock().unwrap().len() >= count);

    let before = cpu(id);
    let total = RATE * SECONDS;
    let flooding = pbxs.clone();
    let begun = Instant::now();
    let flood = std::thread::spawn(move || flood(&flooding, total));
    let mut lines = 0;
    let mut buffer = vec![0; 1 << 20];
    while lines < total {
        let count = out.read(&mut buffer).unwrap();
        assert!(count > 0, "the stream has ended");
        lines += buffer
            .iter()
            .take(count)
            .filter(|byte| **byte == b'\n')
            .count();
    }
    let took = begun.elapsed().as_secs_f64();
    let sent = flood.join().unwrap();
    let used = cpu(id) - before;
    println!(
        "{total} events sent in {sent:.2} s: shown after {took:.2} s, {:.0} a second, {used:.2} CPU s; {}",
        lines as f64 / took,
        held(id)
    );
    nix::sys::signal::kill(
        nix::unistd::Pid::from_raw(id as i32),
        nix::sys::signal::Signal::SIGTERM,
    )
    .unwrap();
    let begun = Instant::now();
    let code = child.wait().unwrap();
    println!("TERM: {code} after {:.2} s", begun.elapsed().as_secs_f64());
}

fn amish(list: &str, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_amish"))
        .env_clear()
        .env("AMISH_SECRET", "x")
        .args(["-q", "-u", "x", "-o", "json", "--targets", list])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

fn until(mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it does not come"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn serve_all(listener: &TcpListener, pbxs: &Arc<Pbxs>) {
    for stream in listener.incoming() {
        let pbxs = pbxs.clone();
        let serving = move || drop(serve(stream.unwrap(), &pbxs));
        let builder = std::thread::Builder::new().stack_size(64 * 1024);
        builder.spawn(serving).unwrap();
    }
}

fn serve(mut stream: TcpStream, pbxs: &Pbxs) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    stream.write_all(b"Asterisk Call Manager/9.0.0\r\n")?;
    let mut lines = BufReader::with_capacity(512, stream.try_clone()?);
    let (mut action, mut id) = (String::new(), String::new());
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        match line.trim_end().split_once(": ") {
            Some(("Action", name)) => action = name.to_owned(),
            Some(("ActionID", text)) => id = text.to_owned(),
            Some(_) => {}
            None => {
                let rest = match &action[..] {
                    "Challenge" => "Challenge: 1\r\n",
                    "Ping" => "Ping: Pong\r\n",
                    "Login" => {
                        pbxs.logins.fetch_add(1, Ordering::SeqCst);
                        "Message: Authentication accepted\r\n"
                    }
                    _ => "",
                };
                stream.write_all(
                    format!("Response: Success\r\nActionID: {id}\r\n{rest}\r\n").as_bytes(),
                )?;
                if action == "Events" {
                    pbxs.listening.lock().unwrap().push(stream.try_clone()?);
                }
            }
        }
    }
}

fn cut(pbxs: &Pbxs, count: usize) {
    let mut listening = pbxs.listening.lock().unwrap();
    for stream in listening.drain(..count) {
        stream.shutdown(Shutdown::Both).unwrap();
    }
}

/// Sends `total` events, one at a time to each PBX in turn, at the rate. Returns how
/// long that took, in seconds.
fn flood(pbxs: &Pbxs, total: usize) -> f64 {
    let mut listening = pbxs.listening.lock().unwrap();
    let event = event::event();
    let begun = Instant::now();
    let count = listening.len();
    for i in 0..total {
        if i % 1000 == 0 {
            let due = Duration::from_secs_f64(i as f64 / RATE as f64);
            if let Some(left) = due.checked_sub(begun.elapsed()) {
                std::thread::sleep(left);
            }
        }
        listening[i % count].write_all(&event).unwrap();
    }
    begun.elapsed().as_secs_f64()
}

/// User and system time of a process, in seconds.
fn cpu(id: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap().split(' ').collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    ticks / 100.0
}

fn held(id: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let value = |key: &str| {
        let mut lines = status.lines();
        let line = lines.find(|line| line.starts_with(key)).unwrap_or_default();
        line.split_whitespace()
            .nth(1)
            .unwrap_or("0")
            .parse::<usize>()
            .unwrap()
    };
    let descriptors = std::fs::read_dir(format!("/proc/{id}/fd")).unwrap().count();
    format!(
        "{} MiB ({} at most), {} threads, {descriptors} descriptors",
        value("VmRSS:") / 1024,
        value("VmHWM:") / 1024,
        value("Threads:"),
    )
}
