//! From a name to a connection on which a banner was read.

use super::error::Error;
use super::probe::{self, Stranger};
use crate::ami::{Frame, Framer};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// A connection that has said who it is.
pub(super) struct Opened {
    /// Blocks until something comes.
    pub incoming: Box<dyn Read + Send>,
    /// Fails when the peer takes nothing for [`WRITE_TIMEOUT`].
    pub outgoing: Box<dyn Write + Send>,
    /// The socket below both, to end them while they block.
    pub socket: TcpStream,
    /// Holds what came behind the banner.
    pub framer: Framer,
    pub banner: Vec<u8>,
}

/// How long a write may block, in which a server takes nothing from us.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// Connects to `host` and reads the banner. Resolving, every address and the
/// banner share `limit`.
pub(super) fn open(host: &str, port: u16, limit: Duration) -> Result<Opened, Error> {
    let deadline = Instant::now() + limit;
    let target = label(host, port);
    let addresses = resolve(host, port, deadline)?;
    let mut tried = Vec::new();
    let mut stranger = None;
    let count = addresses.len();
    for (i, address) in addresses.into_iter().enumerate() {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        // The last may take all that is left, the first must leave some.
        let share = left / (count - i) as u32;
        match TcpStream::connect_timeout(&address, share.max(Duration::from_millis(1))) {
            Ok(stream) => match greet(stream, address, Instant::now() + share) {
                Ok(opened) => return Ok(opened),
                Err(found) => stranger = Some(found),
            },
            Err(error) => tried.push((address, words(&error))),
        }
    }
    Err(match stranger {
        Some(stranger) => Error::NotAmi { target, stranger },
        None => Error::Connect {
            target,
            tried,
            limit,
        },
    })
}

/// `host:port`, with brackets around an IPv6 address.
pub(super) fn label(host: &str, port: u16) -> String {
    match host.contains(':') {
        true => format!("[{host}]:{port}"),
        false => format!("{host}:{port}"),
    }
}

fn words(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "no answer".to_owned(),
        ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        _ => error.to_string(),
    }
}

/// The system's resolver knows no deadline, so it has a thread to itself,
/// which is left behind when it takes too long.
fn resolve(host: &str, port: u16, deadline: Instant) -> Result<Vec<SocketAddr>, Error> {
    let (answer, answered) = mpsc::channel();
    let name = (host.to_owned(), port);
    let asked = std::thread::Builder::new()
        .name("resolver".into())
        .spawn(move || {
            let found = (name.0.as_str(), name.1).to_socket_addrs();
            // Nobody listens any more when the deadline has passed.
            let _ = answer.send(found.map(Iterator::collect::<Vec<_>>));
        });
    asked.map_err(Error::Thread)?;
    let left = deadline.saturating_duration_since(Instant::now());
    let why = match answered.recv_timeout(left) {
        Ok(Ok(addresses)) if !addresses.is_empty() => return Ok(addresses),
        Ok(Ok(_)) => "it has no address".to_owned(),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "no answer from the name server in time".to_owned(),
    };
    Err(Error::Resolve {
        host: host.to_owned(),
        why,
    })
}

/// Reads the banner. A server that stays silent is asked on a second
/// connection what it is, while the first goes on waiting: a slow Asterisk
/// must not get bytes that are no AMI.
fn greet(stream: TcpStream, address: SocketAddr, deadline: Instant) -> Result<Opened, Stranger> {
    // Several small writes cost 44 ms each when Nagle meets a delayed ACK.
    let set = stream
        .set_nodelay(true)
        .and_then(|()| stream.set_write_timeout(Some(WRITE_TIMEOUT)));
    set.map_err(|e| Stranger::Broken(e.to_string()))?;
    let mut framer = Framer::new();
    let half = Instant::now() + deadline.saturating_duration_since(Instant::now()) / 2;
    let mut banner = read_banner(&stream, &mut framer, half)?;
    if banner.is_none() {
        if framer.rest().is_empty()
            && let Some(stranger) = probe::ask(address, deadline)
        {
            return Err(stranger);
        }
        banner = read_banner(&stream, &mut framer, deadline)?;
    }
    let banner = banner.ok_or_else(|| match framer.rest() {
        [] => Stranger::Silent,
        rest => probe::recognise(rest),
    })?;
    if !looks_like_ami(&banner) {
        return Err(probe::recognise(&banner));
    }
    let halves = stream.set_read_timeout(None);
    let halves = halves.and_then(|()| Ok((stream.try_clone()?, stream.try_clone()?)));
    let (incoming, outgoing) = halves.map_err(|e| Stranger::Broken(e.to_string()))?;
    Ok(Opened {
        incoming: Box::new(incoming),
        outgoing: Box::new(outgoing),
        socket: stream,
        framer,
        banner,
    })
}

/// `Asterisk Call Manager/1.1`; other products have other words before the
/// slash, so the version is what counts, or the words.
fn looks_like_ami(banner: &[u8]) -> bool {
    let version = banner.rsplit(|&b| b == b'/').next().unwrap_or_default();
    let says_so = banner.windows(12).any(|words| words == b"Call Manager");
    says_so
        || banner.contains(&b'/')
            && version.first().is_some_and(u8::is_ascii_digit)
            && !banner.starts_with(b"HTTP/")
            && !banner.starts_with(b"SSH-")
}

fn read_banner(
    mut stream: &TcpStream,
    framer: &mut Framer,
    until: Instant,
) -> Result<Option<Vec<u8>>, Stranger> {
    loop {
        if let Some(Frame::Banner(banner)) = framer.next_frame() {
            return Ok(Some(banner));
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        let read = stream
            .set_read_timeout(Some(left))
            .and_then(|()| stream.read(framer.space()));
        match read {
            Ok(0) if framer.rest().is_empty() => return Err(Stranger::Closed),
            Ok(0) => return Err(probe::recognise(framer.rest())),
            Ok(count) => framer.filled(count),
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) if e.kind() == ErrorKind::ConnectionReset => return Err(Stranger::Closed),
            Err(e) => return Err(Stranger::Broken(e.to_string())),
        }
    }
}
