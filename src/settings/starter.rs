//! Which signals amish handles, depending on how it was started: under `nohup`
//! a hangup stays ignored, and without a parent shell it must not be stopped.

use crate::files;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, getpid, getppid, getsid};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGTSTP};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The most read of /proc/self/status, in bytes; Linux writes some 60 lines.
const STATUS: u64 = 64 * 1024;

/// Whether some process could resume this one after it is stopped. The first
/// process of a terminal has none.
pub fn can_go_on() -> bool {
    let own = getsid(None).ok();
    own != Some(getpid()) && getsid(Some(getppid())).ok() == own
}

/// How long a key waits for the stop to take effect. Time spent stopped does not
/// count.
const STOPPING: Duration = Duration::from_secs(1);

/// How often it looks.
const LOOK: Duration = Duration::from_millis(5);

/// Stops the whole job as the terminal would for Ctrl-Z, in a mode where the
/// key raises no signal, and waits until it is continued.
pub fn stop() {
    let continued = Arc::new(AtomicBool::new(false));
    let Ok(mark) = signal_hook::flag::register(SIGCONT, continued.clone()) else {
        return;
    };
    if can_go_on() && kill(Pid::from_raw(0), Signal::SIGTSTP).is_ok() {
        let mut waited = Duration::ZERO;
        while !continued.load(Ordering::Acquire) && waited < STOPPING {
            std::thread::sleep(LOOK);
            waited += LOOK;
        }
    }
    signal_hook::low_level::unregister(mark);
}

/// The `signals` that amish handles: not a hangup that was ignored at the start
/// (`nohup`), and not SIGTSTP if nothing could resume the process, which the
/// system itself does not stop then.
pub fn heeded(signals: &[i32]) -> Vec<i32> {
    let is_heeded = |signal: &i32| match *signal {
        SIGHUP => !is_ignored(SIGHUP),
        SIGTSTP => can_go_on(),
        _ => true,
    };
    signals.iter().copied().filter(is_heeded).collect()
}

/// Read from /proc, because sigaction() needs `unsafe`. On other systems than
/// Linux no signal counts as ignored.
fn is_ignored(signal: i32) -> bool {
    let status = files::read(Path::new("/proc/self/status"), STATUS).unwrap_or_default();
    (mask(&String::from_utf8_lossy(&status)) >> (signal - 1)) & 1 == 1
}

/// The ignored signals, one bit each, the lowest for signal 1.
fn mask(status: &str) -> u64 {
    let mut lines = status.lines();
    let mask = lines.find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_is_read_as_linux_writes_it() {
        let status = "Name:\tamish\nSigBlk:\t0000000000000002\nSigIgn:\t0000000000001001\n";
        assert_eq!(mask(status), 0x1001);
        assert_eq!(mask(""), 0);
    }
}
