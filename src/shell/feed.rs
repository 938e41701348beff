//! Stands between the terminal and the editor.
//!
//! The editor reads standard input itself. So while a line is typed, standard
//! input is a terminal of amish's own, which a thread fills with what
//! [`Keystrokes`] makes of the keys. At all other times it is the person's.

use super::keystrokes::Keystrokes;
use super::terminal::raw;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::openpty;
use nix::sys::termios::{Termios, tcgetattr};
use nix::unistd::{dup2_stdin, read, write};
use std::io::stdin;
use std::os::fd::{AsFd, OwnedFd};

/// Read at once, in bytes. The editor reads as much.
const PIECE: usize = 1024;

/// How long a key may take to arrive, in milliseconds: what it begins with may
/// be a key as well.
const KEY: u8 = 50;

/// Hears of a byte that is not UTF-8 and was left out.
pub(super) type LeftOut = Box<dyn Fn() + Send>;

pub(super) struct Feed {
    keys: Keys,
    /// The end that the editor reads.
    inner: OwnedFd,
    /// The thread ends when a byte arrives here.
    end: (OwnedFd, OwnedFd),
}

struct Keys {
    /// The person's terminal.
    outer: OwnedFd,
    /// The end that is filled; none when the person's terminal is gone.
    filled: Option<OwnedFd>,
    strokes: Keystrokes,
    left_out: LeftOut,
    /// What the editor does not take yet.
    waiting: Vec<u8>,
}

impl Feed {
    /// For a terminal with these modes, and these keys that act whatever the
    /// editor waits for. None where the system has no terminal
    /// to give; the editor then reads the person's.
    pub fn new(modes: &Termios, acting: Vec<char>, left_out: LeftOut) -> Option<Feed> {
        // No program that is started may hold one of these; the standard
        // library sees to it, and gives no terminal.
        let (ended, end) = std::io::pipe().ok()?;
        let outer = stdin().as_fd().try_clone_to_owned().ok()?;
        let pair = openpty(None, &raw(modes)).ok()?;
        for one in [&pair.master, &pair.slave] {
            fcntl(one, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).ok()?;
        }
        fcntl(&pair.master, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).ok()?;
        let keys = Keys {
            outer,
            filled: Some(pair.master),
            strokes: Keystrokes::new(acting),
            left_out,
            waiting: Vec::new(),
        };
        Some(Feed {
            keys,
            inner: pair.slave,
            end: (ended.into(), end.into()),
        })
    }

    /// Runs `edit` with the keys on standard input.
    pub fn during<R>(&mut self, edit: impl FnOnce() -> R) -> R {
        let Feed { keys, inner, end } = self;
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().name("keys".into());
            let stop = &end.0;
            if thread.spawn_scoped(scope, move || keys.run(stop)).is_err() {
                return edit();
            }
            // Also if the editor panics: the scope waits for the thread.
            let ended = Ended(end);
            let Ok(_back) = Swapped::to(inner) else {
                drop(ended);
                return edit();
            };
            edit()
        })
    }

    /// Did keys arrive that the editor has not read?
    pub fn is_ahead(&self) -> bool {
        let mut inner = [PollFd::new(self.inner.as_fd(), PollFlags::POLLIN)];
        !self.keys.waiting.is_empty()
            || poll(&mut inner, PollTimeout::ZERO).is_ok_and(|count| count > 0)
    }
}

/// Standard input, exchanged until this is dropped.
struct Swapped(OwnedFd);

impl Swapped {
    fn to(inner: &OwnedFd) -> std::io::Result<Swapped> {
        let outer = stdin().as_fd().try_clone_to_owned()?;
        dup2_stdin(inner)?;
        Ok(Swapped(outer))
    }
}

impl Drop for Swapped {
    fn drop(&mut self) {
        // The descriptors are valid, so that it cannot fail.
        let _ = dup2_stdin(&self.0);
    }
}

/// Ends the thread when it is dropped.
struct Ended<'a>(&'a (OwnedFd, OwnedFd));

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        let _ = write(&self.0.1, b"e");
    }
}

impl Keys {
    /// Fills the editor's terminal until `end`.
    fn run(&mut self, end: &OwnedFd) {
        loop {
            self.fill();
            let is_full = !self.waiting.is_empty();
            let key = match is_full {
                true => PollFlags::empty(),
                false => PollFlags::POLLIN,
            };
            let mut polled = vec![
                PollFd::new(end.as_fd(), PollFlags::POLLIN),
                PollFd::new(self.outer.as_fd(), key),
            ];
            if let (true, Some(filled)) = (is_full, &self.filled) {
                polled.push(PollFd::new(filled.as_fd(), PollFlags::POLLOUT));
            }
            let limit = match self.strokes.is_waiting() {
                true => PollTimeout::from(KEY),
                false => PollTimeout::NONE,
            };
            let found = poll(&mut polled, limit);
            let is = |at: usize| {
                let events = polled.get(at).and_then(PollFd::revents);
                events.is_some_and(|events| !events.is_empty())
            };
            let (ends, comes) = (is(0), is(1));
            match found {
                Ok(0) => self.strokes.settle(&mut self.waiting),
                Ok(_) if ends => {
                    let _ = read(end, &mut [0]);
                    return;
                }
                Ok(_) if comes && !self.read() => {
                    // The editor sees the end as it would have.
                    self.filled = None;
                    return wait(end);
                }
                Ok(_) | Err(Errno::EINTR | Errno::EAGAIN) => {}
                // It lasts: trying again would keep a processor busy.
                Err(_) => {
                    self.filled = None;
                    return wait(end);
                }
            }
        }
    }

    /// Reads once, unless there is nothing. False: the terminal is gone.
    fn read(&mut self) -> bool {
        let mut bytes = [0; PIECE];
        match read(&self.outer, &mut bytes) {
            Ok(0) => tcgetattr(&self.outer).is_ok(),
            Ok(count) => {
                let bytes = bytes.get(..count).unwrap_or_default();
                self.strokes.take(bytes, &mut self.waiting);
                if self.strokes.has_left_out() {
                    (self.left_out)();
                }
                true
            }
            Err(why) => matches!(why, Errno::EINTR | Errno::EAGAIN),
        }
    }

    fn fill(&mut self) {
        let Some(filled) = &self.filled else { return };
        while !self.waiting.is_empty() {
            match write(filled, &self.waiting) {
                Ok(count) => drop(self.waiting.drain(..count)),
                Err(Errno::EINTR) => {}
                Err(_) => return,
            }
        }
    }
}

/// Waits for a byte at `end`.
fn wait(end: &OwnedFd) {
    while read(end, &mut [0]) == Err(Errno::EINTR) {}
}
