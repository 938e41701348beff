//! Both ends of a pseudo-terminal, and its size. Tests constantly start
//! programs, and a child that inherits an end keeps another test's terminal
//! alive. openpty() has a moment in which that can happen, so on Linux the ends
//! are opened differently.

use rustix::termios::{Winsize, tcsetwinsize};
use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};

/// Master and slave of a terminal of this size.
pub fn pair(cols: u16, rows: u16) -> (File, OwnedFd) {
    let (master, slave) = opened();
    resize(&slave, cols, rows);
    (master, slave)
}

/// Sets the terminal's size.
pub fn resize(end: impl AsFd, cols: u16, rows: u16) {
    let size = Winsize {
        ws_row: rows,
        ws_col: cols,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(end, size).expect("a size");
}

#[cfg(target_os = "linux")]
fn opened() -> (File, OwnedFd) {
    use nix::fcntl::OFlag;
    use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
    use std::fs::OpenOptions;
    use std::os::unix::fs::OpenOptionsExt;

    let flags = OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
    let master = posix_openpt(flags).expect("a pseudo-terminal");
    grantpt(&master).expect("it is ours");
    unlockpt(&master).expect("it opens");
    let name = ptsname_r(&master).expect("its name");
    let mut options = OpenOptions::new();
    let options = options.read(true).write(true);
    let slave = options.custom_flags(OFlag::O_NOCTTY.bits()).open(name);
    let slave = slave.expect("its other end");
    let master = master.as_fd().try_clone_to_owned().expect("a descriptor");
    (File::from(master), OwnedFd::from(slave))
}

#[cfg(not(target_os = "linux"))]
fn opened() -> (File, OwnedFd) {
    let pair = nix::pty::openpty(None, None).expect("a pseudo-terminal");
    (File::from(pair.master), pair.slave)
}
