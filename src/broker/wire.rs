//! The connection to a broker: a blocking socket with time limits, and answers
//! of bounded length.

use super::error::Error;
use super::url::Url;
use std::io::{self, BufReader, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

/// How long a broker may take nothing, or say nothing while something is
/// unacknowledged. One that syncs its disk for each batch needs milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest line of an answer, in bytes. Redis writes 30, and a refusal 200; the
/// greeting of NATS has 500, and one more address for each server of its cluster.
const LONGEST_LINE: u64 = 64 * 1024;

/// See the module.
#[derive(Debug)]
pub(super) struct Wire {
    stream: BufReader<TcpStream>,
}

impl Wire {
    /// Connects to `url`, trying every address of its host for `limit` each.
    pub fn connect(url: &Url, limit: Duration) -> Result<Wire, Error> {
        let addresses = (&url.host[..], url.port).to_socket_addrs();
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for address in addresses.map_err(Error::Connect)? {
            match TcpStream::connect_timeout(&address, limit) {
                Ok(stream) => return Wire::over(stream).map_err(Error::Connect),
                Err(why) => last = why,
            }
        }
        Err(Error::Connect(last))
    }

    fn over(stream: TcpStream) -> io::Result<Wire> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Wire {
            stream: BufReader::new(stream),
        })
    }

    /// Whether the other side is this machine.
    pub fn is_local(&self) -> bool {
        let peer = self.stream.get_ref().peer_addr();
        peer.is_ok_and(|peer| peer.ip().to_canonical().is_loopback())
    }

    /// Sends `bytes`.
    pub fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.stream.get_mut().write_all(bytes).map_err(broken)
    }

    /// The next line, without its CR LF. None: it has no end within bounds.
    pub fn line<'a>(&mut self, line: &'a mut Vec<u8>) -> Result<Option<&'a [u8]>, Error> {
        line.clear();
        let mut limited = self.stream.by_ref().take(LONGEST_LINE);
        let count = io::BufRead::read_until(&mut limited, b'\n', line).map_err(broken)?;
        let is_cut = !line.ends_with(b"\n") && (count as u64) < LONGEST_LINE;
        if is_cut {
            return Err(ended());
        }
        Ok(line.strip_suffix(b"\r\n"))
    }

    /// Fills `bytes`.
    pub fn read(&mut self, bytes: &mut [u8]) -> Result<(), Error> {
        self.stream.read_exact(bytes).map_err(broken)
    }

    /// Reads past `count` bytes.
    pub fn skip(&mut self, count: u64) -> Result<(), Error> {
        let mut skipped = self.stream.by_ref().take(count);
        match io::copy(&mut skipped, &mut io::sink()).map_err(broken)? {
            all if all == count => Ok(()),
            _ => Err(ended()),
        }
    }
}

fn ended() -> Error {
    Error::Broken(io::Error::new(
        io::ErrorKind::UnexpectedEof,
        "the broker ended it",
    ))
}

fn broken(why: io::Error) -> Error {
    match why.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Error::Silent(PATIENCE.as_secs()),
        _ => Error::Broken(why),
    }
}
