//! The modes of the terminal around the editor's own.

use nix::sys::termios::{InputFlags, LocalFlags, SetArg, SpecialCharacterIndices, Termios};
use nix::sys::termios::{tcgetattr, tcsetattr};
use std::io::{stdin, stdout};
use std::sync::{Mutex, PoisonError};

/// The terminal as it was found; left so in every case.
pub(super) struct Terminal {
    // Termios is not Sync.
    found: Mutex<Option<Termios>>,
}

impl Terminal {
    /// Remembers the modes of standard input.
    pub fn save() -> Terminal {
        Terminal {
            found: Mutex::new(tcgetattr(stdin()).ok()),
        }
    }

    /// No echo and no lines while amish works: what is typed ahead then waits
    /// whole for the next prompt, however long it is, and does not mix with
    /// what is shown. Ctrl-C still makes a signal, and takes nothing of it away.
    pub fn set_quiet(&self) {
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

    /// As it was found, from whatever state the editor may be in: without
    /// bracketed paste, at the beginning of a line.
    pub fn restore_from_line(&self) {
        self.set(SetArg::TCSANOW, |_| {});
        // Not through the standard library's lock, which main may hold. After
        // a hangup there is no terminal to write to.
        let _ = nix::unistd::write(stdout(), b"\x1b[?2004l\r\n");
    }

    fn set(&self, when: SetArg, change: impl FnOnce(&mut Termios)) {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mut modes) = found.clone() {
            change(&mut modes);
            // It fails only when there is no terminal any more.
            let _ = tcsetattr(stdin(), when, &modes);
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.restore();
    }
}
