//! Reads keys without the editor: the answer to a question, and lines on a dumb
//! terminal.

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::io::stdin;
use std::os::fd::AsFd;

/// Length of one wait, in milliseconds; between waits the caller looks for
/// events and for Ctrl-C as a signal.
const TICK: u8 = 50;

pub(super) enum Typed {
    Bytes(Vec<u8>),
    Nothing,
    /// The terminal is gone, or reports the end of input.
    End,
}

/// Waits at most 50 ms for input and reads at most `limit` bytes. The rest
/// stays for the next reader.
pub(super) fn read(limit: usize) -> Typed {
    if !is_waiting(TICK) {
        return Typed::Nothing;
    }
    let mut bytes = vec![0; limit];
    match nix::unistd::read(stdin(), &mut bytes) {
        Ok(0) => Typed::End,
        Ok(count) => {
            bytes.truncate(count);
            Typed::Bytes(bytes)
        }
        Err(Errno::EINTR | Errno::EAGAIN) => Typed::Nothing,
        Err(_) => Typed::End,
    }
}

/// Is there unread input?
pub(super) fn is_ahead() -> bool {
    is_waiting(0)
}

fn is_waiting(milliseconds: u8) -> bool {
    let stdin = stdin();
    let mut keys = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
    // A signal ends it early. Reading will notice a terminal that is gone.
    poll(&mut keys, PollTimeout::from(milliseconds)).is_ok_and(|count| count > 0)
}
