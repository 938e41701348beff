//! Runs the binary with a clean environment and a bound in time.

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Nothing that is awaited in a test takes this long on a working amish, not
/// even on a busy machine.
pub const BOUND: Duration = Duration::from_secs(20);

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
}

/// A run of amish in the making.
pub struct Run {
    command: Command,
    home: TempDir,
    stdin: Option<Vec<u8>>,
}

/// `amish` with these arguments, and nothing on its standard input.
pub fn amish<S: Into<OsString>>(args: impl IntoIterator<Item = S>) -> Run {
    let home = tempfile::tempdir().expect("a temporary directory");
    let mut command = Command::new(env!("CARGO_BIN_EXE_amish"));
    clean(&mut command, home.path());
    command
        .args(args.into_iter().map(Into::into))
        .current_dir(home.path());
    Run {
        command,
        home,
        stdin: Some(Vec::new()),
    }
}

impl Run {
    pub fn env(mut self, name: &str, value: &str) -> Run {
        self.command.env(name, value);
        self
    }

    /// What comes on standard input, which then ends.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Run {
        self.stdin = Some(bytes.into());
        self
    }

    /// Standard input is a pipe that stays open; see [`Running::type_text`].
    pub fn open_stdin(mut self) -> Run {
        self.stdin = None;
        self
    }

    /// Its home, and where it runs.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Runs it to its end.
    pub fn done(self) -> Done {
        self.start().done()
    }

    pub fn start(mut self) -> Running {
        let command = &mut self.command;
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary runs");
        let seen = Watched::new(Seen::default());
        let mut threads = vec![
            collect(child.stdout.take().expect("piped"), &seen, |seen| {
                &mut seen.stdout
            }),
            collect(child.stderr.take().expect("piped"), &seen, |seen| {
                &mut seen.stderr
            }),
        ];
        let mut stdin = child.stdin.take();
        if let Some(bytes) = self.stdin.take()
            && let Some(mut stdin) = stdin.take()
        {
            threads.push(std::thread::spawn(move || {
                // It may have ended without reading all of it.
                let _ = stdin.write_all(&bytes);
            }));
        }
        Running {
            child,
            stdin,
            seen,
            threads,
            started: Instant::now(),
            _home: self.home,
        }
    }
}

#[derive(Default)]
struct Seen {
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    ended: usize,
}

fn collect(
    mut from: impl Read + Send + 'static,
    seen: &Arc<Watched<Seen>>,
    which: fn(&mut Seen) -> &mut Vec<u8>,
) -> JoinHandle<()> {
    let seen = seen.clone();
    std::thread::spawn(move || {
        let mut buffer = [0; 64 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            seen.change(|seen| which(seen).extend_from_slice(&buffer[..count]));
        }
        seen.change(|seen| seen.ended += 1);
    })
}

/// A run under way. Killed when dropped.
pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    seen: Arc<Watched<Seen>>,
    threads: Vec<JoinHandle<()>>,
    started: Instant,
    _home: TempDir,
}

impl Running {
    /// Writes to its standard input.
    pub fn type_text(&mut self, text: &str) {
        let stdin = self.stdin.as_mut().expect("open_stdin was asked for");
        stdin.write_all(text.as_bytes()).expect("it reads");
        stdin.flush().expect("it reads");
    }

    pub fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Waits until `met` says so of its standard output.
    pub fn wait_stdout(&self, what: &str, met: impl Fn(&str) -> bool) {
        self.wait(what, |seen| met(&String::from_utf8_lossy(&seen.stdout)));
    }

    /// Waits until `met` says so of its standard error.
    pub fn wait_stderr(&self, what: &str, met: impl Fn(&str) -> bool) {
        self.wait(what, |seen| met(&String::from_utf8_lossy(&seen.stderr)));
    }

    fn wait(&self, what: &str, met: impl Fn(&Seen) -> bool) {
        let found = self.seen.wait(BOUND, |seen| met(seen).then_some(()));
        assert!(
            found.is_some(),
            "no {what} within {BOUND:?}; {}",
            self.so_far()
        );
    }

    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id() as i32);
        kill(pid, signal).expect("it runs");
    }

    /// Waits for its end.
    pub fn done(mut self) -> Done {
        self.stdin = None;
        let ended = self
            .seen
            .wait(BOUND, |seen| (seen.ended == 2).then_some(()));
        assert!(
            ended.is_some(),
            "it does not end within {BOUND:?}; {}",
            self.so_far()
        );
        let status = self.child.wait().expect("it ends");
        let took = self.started.elapsed();
        for thread in self.threads.drain(..) {
            thread.join().expect("it only copies");
        }
        let seen = std::mem::take(&mut *self.seen.look());
        Done {
            code: code_of(status),
            stdout: seen.stdout,
            stderr: String::from_utf8_lossy(&seen.stderr).into_owned(),
            took,
        }
    }

    fn so_far(&self) -> String {
        let seen = self.seen.look();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        format!(
            "stdout:\n{}\nstderr:\n{}",
            text(&seen.stdout),
            text(&seen.stderr)
        )
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Ended already, unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A run that has ended.
#[derive(Debug)]
pub struct Done {
    pub code: i32,
    pub stdout: Vec<u8>,
    pub stderr: String,
    /// For bounds of the contract in whole seconds; never for speed.
    pub took: Duration,
}

impl Done {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Asserts the exit code, and shows what was said where it is another.
    #[track_caller]
    pub fn exits(self, code: i32) -> Done {
        let text = self.text();
        assert_eq!(self.code, code, "stdout:\n{text}\nstderr:\n{}", self.stderr);
        self
    }
}

// A clean home and a bound are what every other test relies on.
#[test]
fn a_run_has_output_errors_and_a_code() {
    let version = amish(["--version"]).done().exits(0);
    assert!(version.text().starts_with("amish "), "{}", version.text());
    let wrong = amish(["--no-such-option"]).done().exits(2);
    assert!(wrong.stdout.is_empty() && !wrong.stderr.is_empty());
}
