//! The modes of the terminal around the editor's own.

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{InputFlags, LocalFlags, SetArg, SpecialCharacterIndices, Termios};
use nix::sys::termios::{tcgetattr, tcsetattr};
use std::io::{stdin, stdout};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the editor has a terminal do, and what it takes back: marks around
/// what is pasted.
const PASTE_ON: &[u8] = b"\x1b[?2004h";
const PASTE_OFF: &[u8] = b"\x1b[?2004l\r\n";
/// How long the terminal has to take it, in milliseconds: one that takes
/// nothing more must not keep the process alive.
const TAKING: u8 = 100;

/// The terminal as it was found; left so in every case.
pub(super) struct Terminal {
    // Termios is not Sync.
    found: Mutex<Option<Termios>>,
    /// As it was when it was lent.
    lent: Mutex<Option<Termios>>,
    /// The editor has it.
    editing: AtomicBool,
    /// Another program has it, and sees to its modes itself.
    away: AtomicBool,
}

impl Terminal {
    /// Remembers the modes of standard input.
    pub fn save() -> Terminal {
        Terminal {
            found: Mutex::new(tcgetattr(stdin()).ok()),
            lent: Mutex::default(),
            editing: AtomicBool::new(false),
            away: AtomicBool::new(false),
        }
    }

    /// Has it not gone away?
    pub fn is_there(&self) -> bool {
        tcgetattr(stdin()).is_ok()
    }

    /// The key that stops a job, if there is one.
    pub fn stop_key(&self) -> Option<char> {
        let found = lock(&self.found);
        let keys = &found.as_ref()?.control_chars;
        let key = keys.get(SpecialCharacterIndices::VSUSP as usize);
        key.filter(|key| **key != 0).map(|key| char::from(*key))
    }

    /// From here on it is the editor's, until [`Terminal::set_quiet`].
    pub fn set_editing(&self) {
        self.editing.store(true, Ordering::Release);
    }

    /// No echo and no lines outside of the editor: what is typed ahead then waits
    /// whole for the next prompt, however long it is, and does not mix with
    /// what is shown. Ctrl-C still makes a signal, and takes nothing of it away.
    pub fn set_quiet(&self) {
        self.editing.store(false, Ordering::Release);
        self.set(SetArg::TCSADRAIN, |modes| {
            modes.local_flags &= !(LocalFlags::ECHO | LocalFlags::ICANON);
            modes.local_flags |= LocalFlags::NOFLSH;
            modes.input_flags &= !InputFlags::ICRNL;
            let least = SpecialCharacterIndices::VMIN as usize;
            let time = SpecialCharacterIndices::VTIME as usize;
            for (index, value) in [(least, 1), (time, 0)] {
                if let Some(slot) = modes.control_chars.get_mut(index) {
                    *slot = value;
                }
            }
        });
    }

    /// As it was found; questions for a secret need it so, too.
    pub fn restore(&self) {
        self.set(SetArg::TCSADRAIN, |_| {});
    }

    /// To a program that runs now, as it was found.
    pub fn hand_over(&self) {
        self.away.store(true, Ordering::Release);
        self.restore();
    }

    /// That program has ended, whatever modes it left.
    pub fn take_over(&self) {
        self.away.store(false, Ordering::Release);
        self.set_quiet();
    }

    /// As it was found, from whatever state the editor may be in: without
    /// bracketed paste, at the beginning of a line. Takes at most 0.1 seconds,
    /// and on this very thread: on a busy machine another one may not get to
    /// run before the process ends.
    pub fn restore_from_line(&self) {
        self.set(SetArg::TCSANOW, |_| {});
        if self.editing.load(Ordering::Acquire) {
            write(PASTE_OFF);
        }
    }

    /// To whoever has it while this process is stopped, as it was found.
    pub fn lend(&self) {
        if self.away.load(Ordering::Acquire) {
            return;
        }
        *lock(&self.lent) = tcgetattr(stdin()).ok();
        self.restore_from_line();
    }

    /// As it was when it was lent.
    pub fn take_back(&self) {
        if let Some(modes) = lock(&self.lent).take() {
            // In the background this stops us again, until it is ours.
            let _ = tcsetattr(stdin(), SetArg::TCSANOW, &modes);
            if self.editing.load(Ordering::Acquire) {
                write(PASTE_ON);
            }
        }
    }

    fn set(&self, when: SetArg, change: impl FnOnce(&mut Termios)) {
        if let Some(mut modes) = lock(&self.found).clone() {
            change(&mut modes);
            // It fails only when there is no terminal any more.
            let _ = tcsetattr(stdin(), when, &modes);
        }
    }
}

/// Not through the standard library's lock, which main may hold. After a hangup
/// there is no terminal to write to.
fn write(bytes: &[u8]) {
    let stdout = stdout();
    let mut takes = [PollFd::new(stdout.as_fd(), PollFlags::POLLOUT)];
    let takes = loop {
        match poll(&mut takes, PollTimeout::from(TAKING)) {
            Err(Errno::EINTR) => {}
            count => break count.is_ok_and(|count| count > 0),
        }
    };
    if takes {
        let _ = nix::unistd::write(&stdout, bytes);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives the terminal back when the shell ends, by a panic too: other threads
/// hold it as well, and would keep it from being dropped.
pub(super) struct Borrowed(pub std::sync::Arc<Terminal>);

impl Drop for Borrowed {
    fn drop(&mut self) {
        self.0.restore_from_line();
    }
}
