//! Faults of the network and of the server, switched on by tests.

use std::io::{self, Write};
use std::net::TcpStream;
use std::time::Duration;

/// Faults between the simulator and its clients. The default is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Most bytes per write to the socket.
    pub bytes_per_write: Option<usize>,
    /// A wait before each packet.
    pub delay: Option<Duration>,
    /// The connection is closed after this many packets, not counting the banner.
    pub cut_after: Option<u64>,
    /// With `cut_after`: half of the next packet is still sent, as when Asterisk drops a slow reader.
    pub cut_inside: bool,
    /// Sends garbage between packets: empty lines, bytes that are not text, lines without a colon. The packets themselves
    /// stay whole.
    pub garbage: bool,
}

impl Faults {
    /// True if there are none.
    pub(super) fn are_none(&self) -> bool {
        *self == Faults::default()
    }
}

const GARBAGE: [&[u8]; 4] = [
    b"\r\n",
    b"\x00\xfe\x1b[31mnot a header\r\n\r\n",
    b": no key\r\n\r\n",
    b"\r\n\r\nResponse Success\r\n\r\n",
];

/// The sending side of one connection, with its faults.
pub(super) struct Sending<'a> {
    faults: &'a Faults,
    sent: u64,
}

impl<'a> Sending<'a> {
    pub(super) fn new(faults: &'a Faults) -> Sending<'a> {
        Sending { faults, sent: 0 }
    }

    /// True if packets need not be told apart.
    pub(super) fn is_plain(&self) -> bool {
        let Faults {
            delay,
            cut_after,
            garbage,
            ..
        } = self.faults;
        delay.is_none() && cut_after.is_none() && !garbage
    }

    /// Sends whole packets. `pause` waits, and says whether there is still a connection.
    pub(super) fn send(
        &mut self,
        socket: &TcpStream,
        bytes: &[u8],
        pause: &dyn Fn(Duration) -> bool,
    ) -> io::Result<()> {
        if self.is_plain() {
            return self.write(socket, bytes);
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let end = rest
                .windows(4)
                .position(|four| four == b"\r\n\r\n")
                .map(|at| at + 4);
            let (packet, behind) = rest.split_at(end.unwrap_or(rest.len()));
            rest = behind;
            if end.is_none() {
                self.write(socket, packet)?;
                break;
            }
            if self.faults.cut_after.is_some_and(|most| self.sent >= most) {
                if self.faults.cut_inside {
                    self.write(socket, packet.get(..packet.len() / 2).unwrap_or_default())?;
                }
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            if self.faults.delay.is_some_and(|wait| !pause(wait)) {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            if self.faults.garbage {
                let turn = usize::try_from(self.sent).unwrap_or(0) % GARBAGE.len();
                self.write(socket, GARBAGE.get(turn).copied().unwrap_or_default())?;
            }
            self.write(socket, packet)?;
            self.sent += 1;
        }
        self.cut_if_due()
    }

    /// Otherwise the connection would stay open until there is one more packet
    /// to withhold.
    fn cut_if_due(&self) -> io::Result<()> {
        let due =
            self.faults.cut_after.is_some_and(|most| self.sent >= most) && !self.faults.cut_inside;
        if due {
            Err(io::ErrorKind::ConnectionAborted.into())
        } else {
            Ok(())
        }
    }

    fn write(&self, mut socket: &TcpStream, bytes: &[u8]) -> io::Result<()> {
        let most = self.faults.bytes_per_write.unwrap_or(usize::MAX).max(1);
        bytes
            .chunks(most)
            .try_for_each(|piece| socket.write_all(piece))
    }
}
