//! What whoever started amish wants of its signals.

use nix::unistd::{getpid, getppid, getsid};
use signal_hook::consts::{SIGHUP, SIGTSTP};

/// Is there anybody who could let a stopped process go on? Not behind the first
/// process of a terminal.
pub fn can_go_on() -> bool {
    let own = getsid(None).ok();
    own != Some(getpid()) && getsid(Some(getppid())).ok() == own
}

/// Of `signals` those that are ours to handle. A hangup passes by whoever was
/// started by `nohup`. The wish to stop is left to the system where nobody
/// could let us go on: it knows that too.
pub fn heeded(signals: &[i32]) -> Vec<i32> {
    let is_heeded = |signal: &i32| match *signal {
        SIGHUP => !is_ignored(SIGHUP),
        SIGTSTP => can_go_on(),
        _ => true,
    };
    signals.iter().copied().filter(is_heeded).collect()
}

/// Only Linux tells without asking in a way that could change it.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    (mask(&status) >> (signal - 1)) & 1 == 1
}

/// The ignored signals, a bit for each, that of signal 1 the lowest.
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
