//! The terminal modes outside the editor.

use super::lock;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{
    ControlFlags, FlushArg, InputFlags, LocalFlags, SetArg, SpecialCharacterIndices, Termios,
};
use nix::sys::termios::{tcflush, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{IsTerminal, Write, stderr, stdin, stdout};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Bracketed paste, which the editor turns on and off.
const PASTE_ON: &[u8] = b"\x1b[?2004h";
const PASTE_OFF: &[u8] = b"\x1b[?2004l\r\n";
/// How long to wait for the terminal to accept it, in milliseconds. A blocked
/// terminal must not keep the process alive.
const TAKING: u8 = 100;

/// The interrupt key if the terminal does not say.
const CTRL_C: u8 = 3;

/// The value for no key on Linux and macOS (`_POSIX_VDISABLE`).
#[cfg(target_os = "linux")]
const DISABLED: u8 = 0;
#[cfg(not(target_os = "linux"))]
const DISABLED: u8 = 0xff;

/// How long the end of the process waits for a change of the modes.
const CHANGING: Duration = Duration::from_millis(50);

/// The terminal's original modes, restored in every case.
pub(super) struct Terminal {
    /// Standard input of the start: while a line is typed it is another
    /// (`feed.rs`).
    input: Option<OwnedFd>,
    // Termios is not Sync.
    found: Mutex<Option<Termios>>,
    /// The modes when it was lent.
    lent: Mutex<Option<Termios>>,
    /// The editor owns the terminal.
    editing: AtomicBool,
    /// Another program owns the terminal and manages its modes.
    away: AtomicBool,
    /// The process ends: the modes stay as they were found.
    over: AtomicBool,
    /// Threads that are changing the modes.
    changing: AtomicUsize,
}

impl Terminal {
    /// Remembers the modes of standard input.
    pub fn save() -> Terminal {
        // No program that is started holds it.
        let input = stdin().as_fd().try_clone_to_owned().ok();
        Terminal {
            found: Mutex::new(input.as_ref().and_then(|input| tcgetattr(input).ok())),
            input,
            lent: Mutex::default(),
            editing: AtomicBool::new(false),
            away: AtomicBool::new(false),
            over: AtomicBool::new(false),
            changing: AtomicUsize::new(0),
        }
    }

    pub fn is_there(&self) -> bool {
        self.modes().is_some()
    }

    fn modes(&self) -> Option<Termios> {
        tcgetattr(self.input.as_ref()?).ok()
    }

    /// The modes at the start.
    pub fn found(&self) -> Option<Termios> {
        lock(&self.found).clone()
    }

    /// The suspend key, if any.
    pub fn stop_key(&self) -> Option<char> {
        self.key(SpecialCharacterIndices::VSUSP)
    }

    /// The quit key, if any.
    pub fn quit_key(&self) -> Option<char> {
        self.key(SpecialCharacterIndices::VQUIT)
    }

    fn key(&self, index: SpecialCharacterIndices) -> Option<char> {
        let found = lock(&self.found);
        let key = found.as_ref()?.control_chars.get(index as usize);
        key.filter(|key| **key != DISABLED)
            .map(|key| char::from(*key))
    }

    /// Hands it to the editor, until [`Terminal::set_quiet`]: every key is a
    /// byte, and reading does not wait for one.
    pub fn set_editing(&self) {
        self.editing.store(true, Ordering::Release);
        self.set(SetArg::TCSADRAIN, |modes| {
            *modes = raw(modes);
            set_key(modes, SpecialCharacterIndices::VMIN, 0);
        });
    }

    /// No echo and no line mode outside the editor: keys typed ahead then wait
    /// for the next prompt, however many, and do not mix with the output.
    /// Ctrl-C still raises a signal, and discards none of them.
    pub fn set_quiet(&self) {
        self.set_unread(true);
    }

    /// The same for a question: each key is read as it is pressed, including
    /// Ctrl-C and Ctrl-Z. As signals they would overtake, or lag behind, the
    /// keys around them.
    pub fn set_asking(&self) {
        self.set_unread(false);
    }

    fn set_unread(&self, signals: bool) {
        self.editing.store(false, Ordering::Release);
        self.set(SetArg::TCSADRAIN, |modes| {
            modes.local_flags.set(LocalFlags::ISIG, signals);
            modes.local_flags &= !(LocalFlags::ECHO | LocalFlags::ICANON);
            modes.local_flags |= LocalFlags::NOFLSH;
            modes.input_flags &= !InputFlags::ICRNL;
            set_key(modes, SpecialCharacterIndices::VMIN, 1);
            set_key(modes, SpecialCharacterIndices::VTIME, 0);
        });
    }

    /// For lines edited by the system. Ctrl-C ends a line as Enter does, in its
    /// place among the other keys: as a signal it would overtake, or lag
    /// behind, the lines around it.
    pub fn set_plain(&self) {
        self.set(SetArg::TCSADRAIN, |modes| {
            let key = interrupt_key(modes);
            set_key(modes, SpecialCharacterIndices::VINTR, DISABLED);
            set_key(modes, SpecialCharacterIndices::VEOL, key);
        });
    }

    /// Discards what was typed and not read.
    pub fn discard_typed(&self) {
        let _ = tcflush(stdin(), FlushArg::TCIFLUSH);
    }

    pub fn interrupt_key(&self) -> u8 {
        lock(&self.found).as_ref().map_or(CTRL_C, interrupt_key)
    }

    /// Restores the original modes; secret prompts need them too.
    pub fn restore(&self) {
        self.set(SetArg::TCSADRAIN, |_| {});
    }

    /// Restores the original modes for another program.
    pub fn hand_over(&self) {
        self.away.store(true, Ordering::Release);
        self.restore();
    }

    /// Takes the terminal back after that program, whatever modes it left.
    pub fn take_over(&self) {
        self.away.store(false, Ordering::Release);
        self.set_quiet();
    }

    /// Restores the original modes from any state of the editor: without
    /// bracketed paste, at the beginning of a line. Takes at most 0.1 seconds,
    /// and runs on this thread: on a busy machine another might not run before
    /// the process ends.
    pub fn restore_from_line(&self) {
        self.set(SetArg::TCSANOW, |_| {});
        if self.editing.load(Ordering::Acquire) {
            write(PASTE_OFF);
        }
    }

    /// The same for the end of the process. Main may be about to read the next line:
    /// from now on it changes nothing, and what it is changing is undone.
    pub fn restore_for_good(&self) {
        self.over.store(true, Ordering::SeqCst);
        let begun = Instant::now();
        // Where the terminal takes nothing more, that thread waits for ever.
        while self.changing.load(Ordering::SeqCst) > 0 && begun.elapsed() < CHANGING {
            std::thread::sleep(Duration::from_millis(1));
        }
        if let (Some(input), Some(modes)) = (&self.input, self.found()) {
            let _ = tcsetattr(input, SetArg::TCSANOW, &modes);
        }
        if self.editing.load(Ordering::Acquire) {
            write(PASTE_OFF);
        }
    }

    /// Restores the original modes while this process is stopped.
    pub fn lend(&self) {
        if self.away.load(Ordering::Acquire) {
            return;
        }
        *lock(&self.lent) = self.modes();
        self.restore_from_line();
    }

    /// Restores the modes from before [`Terminal::lend`].
    pub fn take_back(&self) {
        if let Some(modes) = lock(&self.lent).take() {
            // In the background this stops the process again, until it is in
            // the foreground.
            self.put(SetArg::TCSANOW, &modes);
            if self.editing.load(Ordering::Acquire) {
                write(PASTE_ON);
            }
        }
    }

    fn set(&self, when: SetArg, change: impl FnOnce(&mut Termios)) {
        if let Some(mut modes) = lock(&self.found).clone() {
            change(&mut modes);
            self.put(when, &modes);
        }
    }

    fn put(&self, when: SetArg, modes: &Termios) {
        self.changing.fetch_add(1, Ordering::SeqCst);
        if let Some(input) = self
            .input
            .as_ref()
            .filter(|_| !self.over.load(Ordering::SeqCst))
        {
            // Fails only if the terminal is gone.
            let _ = tcsetattr(input, when, modes);
        }
        self.changing.fetch_sub(1, Ordering::SeqCst);
    }
}

/// These modes for an editor: no key means anything to the system.
pub(super) fn raw(modes: &Termios) -> Termios {
    let mut modes = modes.clone();
    modes.input_flags &= !(InputFlags::BRKINT
        | InputFlags::ICRNL
        | InputFlags::INLCR
        | InputFlags::IGNCR
        | InputFlags::INPCK
        | InputFlags::ISTRIP
        | InputFlags::PARMRK
        | InputFlags::IXON);
    modes.control_flags |= ControlFlags::CS8;
    modes.local_flags &=
        !(LocalFlags::ECHO | LocalFlags::ICANON | LocalFlags::IEXTEN | LocalFlags::ISIG);
    set_key(&mut modes, SpecialCharacterIndices::VMIN, 1);
    set_key(&mut modes, SpecialCharacterIndices::VTIME, 0);
    modes
}

/// Bypasses the standard library's lock, which main may hold. After a hangup
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

/// Where prompts and questions go: to standard output, or to standard error if
/// the replies go elsewhere, or to the terminal of the keys if both do.
pub(super) fn prompted() -> Box<dyn Write> {
    if stdout().is_terminal() {
        return Box::new(stdout());
    }
    match stdin().as_fd().try_clone_to_owned() {
        Ok(input) if !stderr().is_terminal() => Box::new(File::from(input)),
        _ => Box::new(stderr()),
    }
}

fn set_key(modes: &mut Termios, index: SpecialCharacterIndices, value: u8) {
    if let Some(slot) = modes.control_chars.get_mut(index as usize) {
        *slot = value;
    }
}

fn interrupt_key(modes: &Termios) -> u8 {
    let keys = &modes.control_chars;
    let key = keys.get(SpecialCharacterIndices::VINTR as usize).copied();
    key.filter(|key| *key != DISABLED).unwrap_or(CTRL_C)
}

/// Restores the terminal when the shell ends, even by a panic: other threads
/// hold a reference and would keep it from being dropped.
pub(super) struct Borrowed(pub std::sync::Arc<Terminal>);

impl Drop for Borrowed {
    fn drop(&mut self) {
        self.0.restore_from_line();
    }
}
