//! What whoever started amish wants of its signals.

use nix::unistd::{getpid, getppid, getsid};
use signal_hook::consts::SIGTSTP;

/// Is there anybody who could let a stopped process go on? Not behind the first
/// process of a terminal.
pub fn can_go_on() -> bool {
    let own = getsid(None).ok();
    own != Some(getpid()) && getsid(Some(getppid())).ok() == own
}

/// Of `signals` those that whoever started amish has not had ignored: `nohup`
/// wants a hangup to pass by, and a script its Ctrl-C by what it left in the
/// background. Where the system does not tell, all of them. The wish to stop
/// is left to the system where nobody could let us go on: it knows that too.
pub fn heeded(signals: &[i32]) -> Vec<i32> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = ignored(&status);
    let is_heeded =
        |signal: &i32| (ignored >> (signal - 1)) & 1 == 0 && (*signal != SIGTSTP || can_go_on());
    signals.iter().copied().filter(is_heeded).collect()
}

/// A bit for each, that of signal 1 the lowest.
fn ignored(status: &str) -> u64 {
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
        assert_eq!(ignored(status), 0x1001);
        assert_eq!(ignored(""), 0);
    }
}
