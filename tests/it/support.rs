//! Helpers for tests with threads and processes: waiting for a condition, with
//! a limit, instead of for time to pass.

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use std::io::Write;
use std::net::ToSocketAddrs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Once, PoisonError};
use std::time::{Duration, Instant};

/// Longer than anything takes in a working amish, even on a busy machine.
pub const BOUND: Duration = Duration::from_secs(20);

/// Waits until `is_so`; fails with `missing` if that takes too long.
#[track_caller]
pub fn until(missing: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < BOUND, "{missing}");
        std::thread::yield_now();
    }
}

/// Whether to run tests at full size (tests/README.md).
pub fn is_full() -> bool {
    std::env::var_os("AMISH_TEST_FULL").is_some_and(|value| value == "1")
}

/// Says that the test of now, or the rest of it, needs what is not there. It is
/// said past the capture of the test harness, so that a green run does not hide
/// it; where everything is demanded (`AMISH_TEST_DEMAND=1`), it is a failure.
pub fn skipped(why: &str) {
    let demanded = std::env::var_os("AMISH_TEST_DEMAND").is_some_and(|value| value == "1");
    assert!(!demanded, "not to be skipped here: {why}");
    say_past_capture(why);
}

/// Says that the test of now skips a part of itself, which no machine could
/// run.
pub fn say_past_capture(why: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    let line = format!("skipped: {test}: {why}\n");
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// Whether this machine knows the name `localhost`. Its /etc/hosts may be empty;
/// that is said.
pub fn knows_localhost() -> bool {
    let known = ("localhost", 0).to_socket_addrs().is_ok();
    if !known {
        skipped("localhost is no name here");
    }
    known
}

/// A value that threads change and a test waits for.
pub struct Watched<T> {
    value: Mutex<T>,
    changed: Condvar,
}

impl<T> Watched<T> {
    pub fn new(value: T) -> Arc<Watched<T>> {
        Arc::new(Watched {
            value: Mutex::new(value),
            changed: Condvar::new(),
        })
    }

    pub fn look(&self) -> MutexGuard<'_, T> {
        self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn change(&self, how: impl FnOnce(&mut T)) {
        how(&mut self.look());
        self.changed.notify_all();
    }

    /// What `found` returns once it returns something, or None after `bound`.
    pub fn wait<R>(&self, bound: Duration, mut found: impl FnMut(&T) -> Option<R>) -> Option<R> {
        let until = Instant::now() + bound;
        let mut value = self.look();
        loop {
            if let Some(it) = found(&value) {
                return Some(it);
            }
            let left = until.checked_duration_since(Instant::now())?;
            let (now, _) = self
                .changed
                .wait_timeout(value, left)
                .unwrap_or_else(PoisonError::into_inner);
            value = now;
        }
    }
}

/// Gives what this process starts the signals of a login. Those that are
/// ignored here, as `nohup` and `&` make it, would stay ignored there; those
/// that are handled get their default.
pub fn heed_signals() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = ignored.map_or(0, |mask| u64::from_str_radix(mask.trim(), 16).unwrap());
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
            if (ignored >> (signal - 1)) & 1 == 1 {
                signal_hook::flag::register(signal, Arc::default()).unwrap();
            }
        }
    });
}

/// A process's exit code, or 128 plus its signal.
pub fn code_of(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    let signal = status.signal().map(|signal| 128 + signal);
    status.code().or(signal).expect("it ended")
}

/// Writes a file that nobody else may access, whatever the umask: amish uses no
/// other.
pub fn write_own(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// Gives it a home of its own: nothing of the user who runs the tests is read
/// or written.
pub fn clean(command: &mut Command, home: &Path) {
    heed_signals();
    command.env_clear().env("HOME", home);
    for (name, folder) in [
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_STATE_HOME", "state"),
        ("XDG_CACHE_HOME", "cache"),
    ] {
        command.env(name, home.join(folder));
    }
    for kept in ["PATH", "RUST_BACKTRACE", "LLVM_PROFILE_FILE"] {
        if let Some(value) = std::env::var_os(kept) {
            command.env(kept, value);
        }
    }
    command.env("LANG", "C.UTF-8").env("TZ", "UTC");
    // Not every machine has less; a test that needs a pager sets one.
    command.env("PAGER", "cat");
}

/// An address of this machine that no other test run has, where every port is
/// free.
pub fn own_address() -> std::net::IpAddr {
    let [_, _, high, low] = std::process::id().to_be_bytes();
    std::net::IpAddr::from([127, 38, high, low.max(1)])
}
