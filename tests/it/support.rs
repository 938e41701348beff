//! What tests with threads and processes of their own stand on: waiting for
//! something to be seen, with a bound, instead of for time to pass.

use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Nothing that is awaited in a test takes this long on a working amish, not
/// even on a busy machine.
pub const BOUND: Duration = Duration::from_secs(20);

/// Are tests to run at their full size? (tests/README.md)
pub fn is_full() -> bool {
    std::env::var_os("AMISH_TEST_FULL").is_some_and(|value| value == "1")
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

/// How a process ended: its code, or 128 and its signal as a shell says it.
pub fn code_of(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    let signal = status.signal().map(|signal| 128 + signal);
    status.code().or(signal).expect("it ended")
}

/// A home of its own: nothing of the person who runs the tests is read or written.
pub fn clean(command: &mut Command, home: &Path) {
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
    // A machine has less or not; a test that wants a pager names one.
    command.env("PAGER", "cat");
}
