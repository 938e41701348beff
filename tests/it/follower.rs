//! amish following numbered events, in a pipe or on a terminal, with a reader
//! that may pause.

use crate::pair::pair;
use crate::process::Sample;
use crate::sequence::Sequence;
use crate::support::{Watched, clean, code_of, until};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs::File;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A running amish and its output so far. Killed when dropped.
pub struct Follower {
    child: Child,
    shown: Arc<Watched<Shown>>,
    /// The shell's keyboard.
    keys: Option<File>,
    _home: TempDir,
}

#[derive(Default)]
struct Shown {
    sequence: Sequence,
    /// Nothing is read.
    held: bool,
    over: bool,
}

/// The server to follow, and the user.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    pub program: &'a str,
    pub address: SocketAddr,
    pub user: &'a str,
    pub secret: &'a str,
}

impl Source<'_> {
    /// `words` followed by amish with its arguments.
    fn command(&self, words: &[&str]) -> (Command, TempDir) {
        let home = tempfile::tempdir().expect("a temporary directory");
        let target = self.address.to_string();
        let mut words = words.iter().copied();
        let mut command = Command::new(words.next().expect("a program"));
        clean(&mut command, home.path());
        command.args(words).args(["-u", self.user, &target]);
        command
            .env("AMISH_SECRET", self.secret)
            .env("TERM", "xterm");
        (command, home)
    }
}

impl Follower {
    /// `-e -o json` and `args`.
    pub fn stream(source: Source<'_>, args: &[&str]) -> Follower {
        let (mut command, home) = source.command(&[source.program]);
        command.args(["-e=user", "-o", "json"]).args(args);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        // Its gaps have the same information.
        command.stderr(Stdio::null());
        let mut child = command.spawn().expect("it starts");
        let out = child.stdout.take().expect("a pipe");
        Follower::follow(child, out, None, home, json_line)
    }

    /// The shell, with user events on.
    pub fn shell(source: Source<'_>) -> Follower {
        let (master, slave) = pair(250, 40);
        // Makes the terminal on its standard input the shell's own.
        let (mut command, home) = source.command(&["setsid", "--ctty", source.program]);
        let stdio = || Stdio::from(slave.try_clone().expect("a descriptor"));
        command.stdin(stdio()).stdout(stdio()).stderr(stdio());
        let child = command.spawn().expect("it starts");
        let mut keys = master.try_clone().expect("a descriptor");
        keys.write_all(b"/events user\r").expect("it takes keys");
        Follower::follow(child, master, Some(keys), home, terminal_line)
    }

    fn follow(
        child: Child,
        mut from: impl Read + Send + 'static,
        keys: Option<File>,
        home: TempDir,
        line: fn(&[u8], &mut Sequence),
    ) -> Follower {
        let shown = Watched::new(Shown::default());
        let mine = shown.clone();
        let mut answers = keys
            .as_ref()
            .map(|keys| keys.try_clone().expect("a descriptor"));
        std::thread::spawn(move || {
            let mut text = Vec::new();
            let mut buffer = vec![0; 256 * 1024];
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                text.extend_from_slice(&buffer[..count]);
                if let Some(answers) = &mut answers
                    && memchr::memmem::find(&buffer[..count], b"\x1b[6n").is_some()
                {
                    // The shell asks where the cursor is.
                    answers.write_all(b"\x1b[1;1R").expect("it takes keys");
                }
                // A partial line waits for its rest.
                let whole = memchr::memrchr(b'\n', &text).map_or(0, |end| end + 1);
                let lines: Vec<u8> = text.drain(..whole).collect();
                mine.change(|shown| {
                    let lines = lines.split_inclusive(|byte| *byte == b'\n');
                    lines.for_each(|one| line(one, &mut shown.sequence));
                });
                let forever = Duration::from_secs(24 * 3600);
                mine.wait(forever, |shown| (!shown.held).then_some(()));
            }
            mine.change(|shown| shown.over = true);
        });
        Follower {
            child,
            shown,
            keys,
            _home: home,
        }
    }

    /// Pauses reading, after at most one more read.
    pub fn look_away(&self) {
        self.shown.change(|shown| shown.held = true);
    }

    pub fn look_again(&self) {
        self.shown.change(|shown| shown.held = false);
    }

    /// What `found` returns for the output so far, once it returns something.
    pub fn wait<R>(
        &self,
        bound: Duration,
        mut found: impl FnMut(&Sequence) -> Option<R>,
    ) -> Option<R> {
        self.shown.wait(bound, |shown| found(&shown.sequence))
    }

    /// Inspects the output so far.
    pub fn look<R>(&self, at: impl FnOnce(&Sequence) -> R) -> R {
        at(&self.shown.look().sequence)
    }

    /// Whether the output has ended.
    pub fn is_over(&self) -> bool {
        self.shown.look().over
    }

    pub fn sample(&self) -> Sample {
        Sample::of(self.child.id())
    }

    /// Waits until it uses no more CPU than waiting takes, which a busy loop
    /// never does.
    pub fn wait_until_at_rest(&self) {
        until("it uses more than 10 ms of CPU in a second", || {
            let before = self.sample().cpu;
            std::thread::sleep(Duration::from_secs(1));
            self.sample().cpu - before <= 1
        });
    }

    /// Ends it as its user would, unless it has ended; returns its exit code.
    pub fn leave(&mut self) -> i32 {
        if !self.is_over() {
            match &mut self.keys {
                Some(keys) => keys.write_all(b"quit\r").expect("it takes keys"),
                None => {
                    let pid = Pid::from_raw(self.child.id() as i32);
                    kill(pid, Signal::SIGINT).expect("it runs");
                }
            }
        }
        code_of(self.child.wait().expect("it ends"))
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn json_line(line: &[u8], seen: &mut Sequence) {
    let one: serde_json::Value = serde_json::from_slice(line).expect("JSON");
    if one["_kind"] == "gap" {
        let shown = String::from_utf8_lossy(line);
        seen.gap(shown.trim_end(), one["events"].as_u64());
    } else {
        let number = one["Number"].as_str().and_then(|text| text.parse().ok());
        seen.number(number.expect("a number"));
    }
}

fn terminal_line(line: &[u8], seen: &mut Sequence) {
    let line = String::from_utf8_lossy(line);
    if let Some((_, behind)) = line.split_once("Number=") {
        let digits: String = behind.chars().take_while(char::is_ascii_digit).collect();
        seen.number(digits.parse().expect("a number"));
    } else if line.contains("missing here") {
        seen.gap(&line.trim_end().escape_default().to_string(), None);
    }
}
