//! What the system reports about a process.

use std::path::PathBuf;

/// One measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Resident memory in KiB.
    pub rss: u64,
    /// The peak.
    pub peak: u64,
    pub threads: u64,
    pub descriptors: usize,
    /// Used since the start, in hundredths of a second.
    pub cpu: u64,
}

impl Sample {
    /// Of the process `pid`, which must be alive.
    pub fn of(pid: u32) -> Sample {
        let folder = PathBuf::from(format!("/proc/{pid}"));
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("it lives");
        let status = read("status");
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name));
            let value = line.and_then(|line| line.split_whitespace().nth(1));
            value.and_then(|value| value.parse().ok()).expect("a field")
        };
        // After the name, which may contain anything: state is field 3, user
        // and system time are 14 and 15.
        let stat = read("stat");
        let (_, behind) = stat.rsplit_once(") ").expect("a name");
        let times = behind.split(' ').skip(11).take(2);
        Sample {
            rss: field("VmRSS:"),
            peak: field("VmHWM:"),
            threads: field("Threads:"),
            descriptors: folder.join("fd").read_dir().expect("it lives").count(),
            cpu: times.map(|time| time.parse::<u64>().expect("a time")).sum(),
        }
    }
}
