//! A program from its start to its end: how long, how much of a core, how
//! much memory.

use crate::server::{Peaks, Server};
use nix::sys::resource::{UsageWho, getrusage};
use std::io::Read;
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::Instant;

const AMISH: &str = env!("CARGO_BIN_EXE_amish");

/// What one run of one program took.
#[derive(Default)]
pub struct Run {
    /// From the start to the exit, in seconds.
    pub whole: f64,
    /// From the first byte on stdout to the last, in seconds.
    pub flow: f64,
    /// From the begin of the flood until `marker` came out, in seconds.
    pub first: f64,
    /// User and system time, in seconds.
    pub cpu: f64,
    pub peaks: Peaks,
}

/// amish, to be started.
pub fn amish(arguments: &[&str]) -> Command {
    let mut command = Command::new(AMISH);
    command
        .env_clear()
        .env("AMISH_SECRET", "x")
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// amish at that server, with a user.
pub fn amish_at(address: SocketAddr, arguments: &[&str]) -> Command {
    let mut command = amish(&["-u", "x", &address.to_string()]);
    command.args(arguments);
    command
}

/// Runs a program to its end and reads all that it writes to a pipe.
pub fn run(mut command: Command, server: Option<Server>, marker: &[u8]) -> Run {
    let cpu = children_cpu();
    let begun = Instant::now();
    let mut child = command.spawn().unwrap();
    let (mut run, mut server) = (Run::default(), server);
    if let Some(server) = &mut server {
        server.client(child.id());
    }
    if let Some(mut out) = child.stdout.take() {
        let mut buffer = vec![0; 1 << 20];
        let mut flow = None;
        loop {
            let count = out.read(&mut buffer).unwrap();
            if count == 0 {
                break;
            }
            flow.get_or_insert_with(Instant::now);
            // One that is cut in two is not found; another follows at once.
            if run.first == 0.0
                && !marker.is_empty()
                && memchr::memmem::find(&buffer[..count], marker).is_some()
            {
                let server = server.as_ref().expect("a flood");
                run.first = server.flood.recv().unwrap().elapsed().as_secs_f64();
            }
        }
        run.flow = flow.expect("some output").elapsed().as_secs_f64();
    }
    let status = child.wait().unwrap();
    run.whole = begun.elapsed().as_secs_f64();
    run.cpu = children_cpu() - cpu;
    assert!(status.success(), "{command:?}: {status}");
    if let Some(server) = server {
        run.peaks = server.end();
    }
    run
}

/// Of those that have ended.
fn children_cpu() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let seconds = |t: nix::sys::time::TimeVal| t.tv_sec() as f64 + t.tv_usec() as f64 / 1e6;
    seconds(usage.user_time()) + seconds(usage.system_time())
}

/// The peak memory of a living process, in MB.
///
/// Not `ru_maxrss`, which includes that of this program: a process begins with
/// the peak of the one that started it, and `exec` keeps it.
pub fn peak_of(pid: u32) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
