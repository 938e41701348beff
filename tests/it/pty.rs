//! A terminal for the binary: a pseudo-terminal, and the screen as a person
//! would see it.

use crate::pair::{pair, resize};
use crate::support::{BOUND, Watched, clean, code_of, until};
use nix::sys::signal::{Signal, kill};
#[cfg(target_os = "linux")]
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::{Pid, setsid, ttyname};
use rustix::termios::LocalModes;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::Arc;
use tempfile::TempDir;

/// Rows above the screen that are kept, for tests that count lines.
const SCROLLBACK: usize = 5_000;

/// The program and its arguments, for [`session_leader`].
const PROGRAM: &str = "AMISH_TEST_PTY_PROGRAM";

/// A program on its own terminal. Killed when dropped.
pub struct Pty {
    master: File,
    seen: Arc<Watched<Seen>>,
    pid: Pid,
    home: TempDir,
}

struct Seen {
    terminal: vt100::Parser<Answers>,
    /// Everything it has written.
    bytes: Vec<u8>,
    exit: Option<i32>,
}

/// What a terminal answers by itself: rustyline asks where the cursor is.
#[derive(Default)]
struct Answers(Vec<u8>);

impl vt100::Callbacks for Answers {
    fn unhandled_csi(
        &mut self,
        screen: &mut vt100::Screen,
        intro: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        end: char,
    ) {
        if end == 'n' && intro.is_none() && params.first().is_some_and(|p| *p == [6]) {
            let (row, column) = screen.cursor_position();
            let answer = format!("\x1b[{};{}R", row + 1, column + 1);
            self.0.extend_from_slice(answer.as_bytes());
        }
    }
}

/// A key that is not a character.
#[derive(Debug, Clone, Copy)]
pub enum Key {
    Enter,
    Tab,
    Up,
    Down,
    Left,
    Right,
    /// With the letter in lower case.
    Ctrl(char),
}

impl Key {
    fn bytes(self) -> Vec<u8> {
        let bytes: &[u8] = match self {
            Key::Enter => b"\r",
            Key::Tab => b"\t",
            Key::Up => b"\x1b[A",
            Key::Down => b"\x1b[B",
            Key::Right => b"\x1b[C",
            Key::Left => b"\x1b[D",
            Key::Ctrl(letter) => return vec![letter as u8 & 0x1f],
        };
        bytes.to_vec()
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has rows and columns")
}

impl Pty {
    /// `amish` with these arguments on a terminal of this size.
    pub fn spawn(args: &[&str], env: &[(&str, &str)], cols: u16, rows: u16) -> Pty {
        Pty::program(env!("CARGO_BIN_EXE_amish"), args, env, cols, rows)
    }

    /// Any program.
    pub fn program(
        program: &str,
        args: &[&str],
        env: &[(&str, &str)],
        cols: u16,
        rows: u16,
    ) -> Pty {
        let (master, slave) = pair(cols, rows);
        let home = tempfile::tempdir().expect("a temporary directory");
        let words: Vec<&str> = [program].iter().chain(args).copied().collect();
        // Without `unsafe` no code of ours can run between fork and exec, so
        // this binary is run in between, as the test below.
        let mut leader = Command::new(std::env::current_exe().expect("this test"));
        clean(&mut leader, home.path());
        leader
            .args(["--exact", "pty::session_leader", "--nocapture"])
            .env(PROGRAM, words.join("\x1f"))
            .env("TERM", "xterm-256color")
            .envs(env.iter().copied())
            .current_dir(home.path())
            .stdin(Stdio::from(slave))
            .stdout(Stdio::null());
        let mut child = leader.spawn().expect("this test runs again");
        drop(leader);
        let pid = Pid::from_raw(child.id() as i32);
        let answers = Answers::default();
        let seen = Watched::new(Seen {
            terminal: vt100::Parser::new_with_callbacks(
                cells(rows),
                cells(cols),
                SCROLLBACK,
                answers,
            ),
            bytes: Vec::new(),
            exit: None,
        });
        let reading = (clone(&master), clone(&master), seen.clone());
        std::thread::spawn(move || {
            let (from, to, seen) = reading;
            show(from, to, &seen);
            let status = child.wait().expect("it ends");
            seen.change(|seen| seen.exit = Some(code_of(status)));
        });
        Pty {
            master,
            seen,
            pid,
            home,
        }
    }

    /// Its home and working directory.
    pub fn home(&self) -> &std::path::Path {
        self.home.path()
    }

    /// Types `text` unchanged.
    pub fn type_text(&mut self, text: &str) {
        self.type_bytes(text.as_bytes());
    }

    pub fn type_bytes(&mut self, bytes: &[u8]) {
        self.master.write_all(bytes).expect("the terminal takes it");
    }

    pub fn key(&mut self, key: Key) {
        self.type_bytes(&key.bytes());
    }

    /// Types a line and Enter.
    pub fn type_line(&mut self, line: &str) {
        self.type_text(&format!("{line}\r"));
    }

    /// Pastes `text` as a terminal does with bracketed paste.
    pub fn paste(&mut self, text: &str) {
        self.type_text(&format!("\x1b[200~{}\x1b[201~", text.replace('\n', "\r")));
    }

    /// Waits until `met` accepts the screen.
    #[track_caller]
    pub fn wait_for(&self, what: &str, met: impl Fn(&vt100::Screen) -> bool) {
        let found = self
            .seen
            .wait(BOUND, |seen| met(seen.terminal.screen()).then_some(()));
        if found.is_none() {
            panic!("no {what} within {BOUND:?}{}", self.picture());
        }
    }

    /// Waits until a row of the screen contains `text`.
    #[track_caller]
    pub fn wait_line(&self, text: &str) {
        self.wait_for(text, |screen| {
            rows(screen).iter().any(|row| row.contains(text))
        });
    }

    /// Waits until the row of the cursor is `text`, without trailing blanks and
    /// a hint.
    #[track_caller]
    pub fn wait_typed(&self, text: &str) {
        self.wait_for(&format!("line {text:?} under the cursor"), |screen| {
            typed(screen).trim_end() == text.trim_end()
        });
    }

    /// Waits until typed text is not echoed, as for a secret.
    #[track_caller]
    pub fn wait_silent(&self) {
        let echoes = |pty: &Pty| pty.modes().local_modes.contains(LocalModes::ECHO);
        until("it echoes", || !echoes(self));
    }

    /// Does `once` again and again until it says that it is enough.
    #[track_caller]
    pub fn until(&mut self, missing: &str, mut once: impl FnMut(&mut Pty) -> bool) {
        let begun = std::time::Instant::now();
        while !once(self) {
            assert!(begun.elapsed() < BOUND, "{missing}{}", self.picture());
            std::thread::yield_now();
        }
    }

    /// The modes of the terminal, also after the program's end.
    pub fn modes(&self) -> rustix::termios::Termios {
        rustix::termios::tcgetattr(&self.master).expect("its modes")
    }

    /// Everything that has been written to the terminal.
    pub fn bytes(&self) -> Vec<u8> {
        self.seen.look().bytes.clone()
    }

    /// Inspects the current screen.
    pub fn look<R>(&self, how: impl FnOnce(&vt100::Screen) -> R) -> R {
        how(self.seen.look().terminal.screen())
    }

    /// Changes the size of the window; the program is told by SIGWINCH.
    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.seen
            .change(|seen| seen.terminal.set_size(cells(rows), cells(cols)));
        resize(&self.master, cols, rows);
    }

    /// The same on a terminal that breaks its lines anew, as most do, as soon as
    /// `met` accepts the screen.
    pub fn resize_reflowing(&mut self, cols: u16, rows: u16, met: impl Fn(&vt100::Screen) -> bool) {
        let mut done = false;
        while !done {
            self.wait_for("screen to reflow", &met);
            // It may be drawn anew at this very moment.
            self.seen.change(|seen| {
                let screen = seen.terminal.screen();
                done = met(screen);
                if done {
                    let redrawn = reflowed(screen);
                    seen.terminal.set_size(cells(rows), cells(cols));
                    seen.terminal.process(redrawn.as_bytes());
                }
            });
        }
        resize(&self.master, cols, rows);
    }

    pub fn signal(&self, signal: Signal) {
        if self.seen.look().exit.is_none() {
            kill(self.pid, signal).expect("it runs");
        }
    }

    /// Waits for its end.
    #[track_caller]
    pub fn exit_code(&self) -> i32 {
        let code = self.seen.wait(BOUND, |seen| seen.exit);
        code.unwrap_or_else(|| panic!("it does not end within {BOUND:?}{}", self.picture()))
    }

    /// The screen with a frame and the cursor, for failures.
    pub fn picture(&self) -> String {
        let seen = self.seen.look();
        let screen = seen.terminal.screen();
        let (row, column) = screen.cursor_position();
        let mut text = format!("; the cursor is at row {row}, column {column} of\n");
        for row in rows(screen) {
            text += &format!("  |{row}\n");
        }
        if let Some(code) = seen.exit {
            text += &format!("  and it has ended with {code}\n");
        }
        text
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if self.seen.look().exit.is_none() {
            // It may have ended at this very moment.
            let _ = kill(self.pid, Signal::SIGKILL);
            // Until it is gone it may write into its home, which would come back
            // behind the back of whoever removes it. The thread of the screen
            // reaps it.
            #[cfg(target_os = "linux")]
            let _ = waitid(
                Id::Pid(self.pid),
                WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT,
            );
        }
    }
}

/// The row of the cursor, without the dim hint.
pub fn typed(screen: &vt100::Screen) -> String {
    let (row, cursor) = screen.cursor_position();
    let (_, cols) = screen.size();
    let is_hint = |column: u16| screen.cell(row, column).is_some_and(vt100::Cell::dim);
    let typed = (cursor..cols.get()).find(|column| is_hint(*column));
    let width = typed.unwrap_or(cols.get());
    let rows: Vec<String> = screen.rows(0, width).collect();
    rows.get(usize::from(row)).cloned().unwrap_or_default()
}

/// The dim hint at the end of the row of the cursor.
pub fn hint(screen: &vt100::Screen) -> String {
    let (row, _) = screen.cursor_position();
    let all: Vec<String> = rows(screen);
    let all = all.get(usize::from(row)).cloned().unwrap_or_default();
    all.get(typed(screen).len()..)
        .unwrap_or_default()
        .trim_end()
        .to_owned()
}

/// The rows of the screen as text.
pub fn rows(screen: &vt100::Screen) -> Vec<String> {
    let (_, cols) = screen.size();
    screen.rows(0, cols.get()).collect()
}

/// What draws the screen, and the cursor where it is, at another width.
fn reflowed(screen: &vt100::Screen) -> String {
    let (row, column) = screen.cursor_position();
    let before = screen.contents_between(0, 0, row, column);
    let text = screen.contents();
    let after = text.strip_prefix(&before).expect("the cursor is on it");
    format!("\x1b[H\x1b[J{before}\x1b7{after}\x1b8").replace('\n', "\r\n")
}

fn clone(file: &File) -> File {
    file.try_clone().expect("a file descriptor")
}

/// Shows the output until every holder of the terminal is gone.
fn show(mut from: File, mut to: File, seen: &Watched<Seen>) {
    let mut buffer = [0; 64 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let mut answers = Vec::new();
        seen.change(|seen| {
            seen.bytes.extend_from_slice(&buffer[..count]);
            seen.terminal.process(&buffer[..count]);
            answers = std::mem::take(&mut seen.terminal.callbacks_mut().0);
        });
        if to.write_all(&answers).is_err() {
            return;
        }
    }
}

/// Not a test by itself: starts a session, makes the terminal on its standard
/// input its controlling terminal, as a login would, and becomes the program.
#[test]
fn session_leader() {
    let Ok(words) = std::env::var(PROGRAM) else {
        return;
    };
    setsid().expect("not a leader yet");
    let path = ttyname(std::io::stdin()).expect("a terminal");
    // The first terminal that a session leader opens becomes its controlling
    // terminal.
    let terminal = OpenOptions::new().read(true).write(true).open(path);
    let terminal = OwnedFd::from(terminal.expect("it opens"));
    let stdio = || Stdio::from(terminal.try_clone().expect("a file descriptor"));
    let mut words = words.split('\x1f');
    let mut command = Command::new(words.next().expect("a program"));
    command.args(words).env_remove(PROGRAM);
    command.stdin(stdio()).stdout(stdio()).stderr(stdio());
    panic!("{}", command.exec());
}

#[cfg(test)]
mod tests;
