//! Both ends of a pseudo-terminal. Tests start programs all the time, and one
//! that inherits an end keeps the terminal of another test alive: openpty()
//! leaves that open for a moment, so Linux is asked for them otherwise.

use nix::pty::Winsize;
use std::fs::File;
use std::os::fd::OwnedFd;

/// Master and slave of a terminal of this size.
#[cfg(target_os = "linux")]
pub fn pair(size: &Winsize) -> (File, OwnedFd) {
    use nix::fcntl::OFlag;
    use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
    use std::fs::OpenOptions;
    use std::os::fd::AsFd;
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
    let cells = rustix::termios::Winsize {
        ws_row: size.ws_row,
        ws_col: size.ws_col,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    rustix::termios::tcsetwinsize(&slave, cells).expect("a size");
    let master = master.as_fd().try_clone_to_owned().expect("a descriptor");
    (File::from(master), OwnedFd::from(slave))
}

/// Master and slave of a terminal of this size.
#[cfg(not(target_os = "linux"))]
pub fn pair(size: &Winsize) -> (File, OwnedFd) {
    let pair = nix::pty::openpty(Some(size), None).expect("a pseudo-terminal");
    (File::from(pair.master), pair.slave)
}
