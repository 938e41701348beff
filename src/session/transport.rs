//! From a name to a connection on which a banner was read.

use super::Config;
use super::error::Error;
use super::probe::{self, Stranger};
use super::tls;
use crate::ami::{Frame, Framer};
use socket2::{SockRef, TcpKeepalive};
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// A connection that has said who it is.
pub(super) struct Opened {
    /// Blocks until something comes.
    pub incoming: Box<dyn Read + Send>,
    /// Fails when the peer takes nothing for [`WRITE_TIMEOUT`].
    pub outgoing: Box<dyn Write + Send>,
    pub closer: Closer,
    /// Holds what came behind the banner.
    pub framer: Framer,
    pub banner: Vec<u8>,
}

/// The socket below both halves, to end them while they block.
pub(super) struct Closer {
    socket: TcpStream,
    farewell: Option<tls::Farewell>,
}

impl Closer {
    /// Ends the connection, also under a write that hangs.
    pub fn shut(&self) {
        if let Some(farewell) = &self.farewell {
            farewell.say();
        }
        // It fails when the peer was faster.
        let _ = self.socket.shutdown(Shutdown::Both);
    }

    /// The address of our end.
    pub fn local(&self) -> Option<SocketAddr> {
        self.socket.local_addr().ok()
    }

    pub fn is_loopback(&self) -> bool {
        let peer = self.socket.peer_addr();
        peer.is_ok_and(|address| address.ip().to_canonical().is_loopback())
    }
}

/// How long a write may block, in which a server takes nothing from us.
const WRITE_TIMEOUT: Duration = Duration::from_secs(10);

/// Silence after which the system itself asks the other side of a connection
/// whether it is there; the pauses between its questions, and their number.
const KEEPALIVE: (Duration, Duration, u32) = (Duration::from_secs(30), Duration::from_secs(5), 3);

/// How long what was sent may stay unacknowledged by the other side's system.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

/// Connects to the host of `config` and reads the banner. Resolving, every
/// address, the TLS handshake and the banner share its time.
pub(super) fn open(config: &Config) -> Result<Opened, Error> {
    let (host, port, limit) = (&config.host, config.port, config.connect_timeout);
    let deadline = Instant::now() + limit;
    let target = label(host, port);
    let tls = config.tls.as_ref().map(|tls| tls::Client::new(tls, host));
    let tls = tls.transpose()?;
    let addresses = resolve(host, port, deadline)?;
    let mut tried = Vec::new();
    let mut refused = None;
    let count = addresses.len();
    for (i, address) in addresses.into_iter().enumerate() {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        // The last may take all that is left, the first must leave some.
        let share = left / (count - i) as u32;
        let until = Instant::now() + share;
        match TcpStream::connect_timeout(&address, share.max(Duration::from_millis(1))) {
            Ok(stream) => {
                let opened = match &tls {
                    Some(tls) => greet_securely(stream, tls, &target, until),
                    None => greet(stream, address, until).map_err(|stranger| Error::NotAmi {
                        target: target.clone(),
                        stranger,
                    }),
                };
                match opened {
                    Ok(opened) => return Ok(opened),
                    Err(error) => refused = Some(error),
                }
            }
            Err(error) => tried.push((address, words(&error))),
        }
    }
    Err(refused.unwrap_or(Error::Connect {
        target,
        tried,
        limit,
    }))
}

/// `host:port`, with brackets around an IPv6 address.
pub(super) fn label(host: &str, port: u16) -> String {
    match host.contains(':') {
        true => format!("[{host}]:{port}"),
        false => format!("{host}:{port}"),
    }
}

/// What happened to a socket, in words without the number of the system.
pub(super) fn words(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "no answer".to_owned(),
        ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        ErrorKind::ConnectionReset => "the other side has reset it".to_owned(),
        ErrorKind::HostUnreachable => "no way to this host".to_owned(),
        ErrorKind::NetworkUnreachable => "no way to this network".to_owned(),
        _ => error.to_string(),
    }
}

/// Every address of a name.
fn resolve(host: &str, port: u16, deadline: Instant) -> Result<Vec<SocketAddr>, Error> {
    let name = (host.to_owned(), port);
    let ask = move || (name.0.as_str(), name.1).to_socket_addrs();
    look_up(deadline, move || ask().map(Iterator::collect)).map_err(|why| Error::Resolve {
        host: host.to_owned(),
        why,
    })
}

/// The system's resolver knows no deadline, so `ask` has a thread to itself,
/// which is left behind when it takes too long.
fn look_up(
    deadline: Instant,
    ask: impl FnOnce() -> std::io::Result<Vec<SocketAddr>> + Send + 'static,
) -> Result<Vec<SocketAddr>, String> {
    let (answer, answered) = mpsc::channel();
    let resolver = std::thread::Builder::new().name("resolver".into());
    let asked = resolver.spawn(move || {
        // Nobody listens any more when the deadline has passed.
        let _ = answer.send(ask());
    });
    asked.map_err(|error| error.to_string())?;
    let left = deadline.saturating_duration_since(Instant::now());
    match answered.recv_timeout(left) {
        Ok(Ok(addresses)) if !addresses.is_empty() => Ok(addresses),
        Ok(Ok(_)) => Err("it has no address; check the name".to_owned()),
        Ok(Err(error)) => Err(format!("{error}; check the name")),
        Err(_) => Err(
            "no answer from the name server in time; is the network up? An address needs no name server"
                .to_owned(),
        ),
    }
}

/// Reads the banner. A server that stays silent is asked on a second
/// connection what it is, while the first goes on waiting: a slow Asterisk
/// must not get bytes that are no AMI.
fn greet(stream: TcpStream, address: SocketAddr, deadline: Instant) -> Result<Opened, Stranger> {
    prepare(&stream)?;
    let broken = |e: std::io::Error| Stranger::Broken(e.to_string());
    let mut incoming = stream.try_clone().map_err(broken)?;
    let outgoing = stream.try_clone().map_err(broken)?;
    let mut framer = Framer::new();
    let half = Instant::now() + deadline.saturating_duration_since(Instant::now()) / 2;
    let mut banner = read_banner(&stream, &mut incoming, &mut framer, half)?;
    if banner.is_none() {
        if framer.rest().is_empty()
            && let Some(stranger) = probe::ask(address, deadline)
        {
            return Err(stranger);
        }
        banner = read_banner(&stream, &mut incoming, &mut framer, deadline)?;
    }
    Ok(Opened {
        banner: accept(&stream, banner, &framer)?,
        incoming: Box::new(incoming),
        outgoing: Box::new(outgoing),
        closer: Closer {
            socket: stream,
            farewell: None,
        },
        framer,
    })
}

/// Shakes hands, and reads the banner.
fn greet_securely(
    stream: TcpStream,
    tls: &tls::Client,
    target: &str,
    deadline: Instant,
) -> Result<Opened, Error> {
    let not_ami = |stranger| Error::NotAmi {
        target: target.to_owned(),
        stranger,
    };
    prepare(&stream).map_err(not_ami)?;
    let mut secured = tls.shake_hands(&stream, target, deadline)?;
    let mut framer = Framer::new();
    let banner = read_banner(&stream, &mut secured.incoming, &mut framer, deadline)
        .and_then(|banner| accept(&stream, banner, &framer))
        .map_err(not_ami)?;
    Ok(Opened {
        banner,
        incoming: Box::new(secured.incoming),
        outgoing: Box::new(secured.outgoing),
        closer: Closer {
            socket: stream,
            farewell: Some(secured.farewell),
        },
        framer,
    })
}

fn prepare(stream: &TcpStream) -> Result<(), Stranger> {
    // Several small writes cost 44 ms each when Nagle meets a delayed ACK.
    let set = stream
        .set_nodelay(true)
        .and_then(|()| stream.set_write_timeout(Some(WRITE_TIMEOUT)));
    keep_alive(stream);
    set.map_err(|e| Stranger::Broken(e.to_string()))
}

/// From here on reading waits as long as it takes, if this is AMI.
fn accept(
    stream: &TcpStream,
    banner: Option<Vec<u8>>,
    framer: &Framer,
) -> Result<Vec<u8>, Stranger> {
    let banner = banner.ok_or_else(|| match framer.rest() {
        [] => Stranger::Silent,
        rest => probe::begun(rest),
    })?;
    if !probe::looks_like_ami(&banner) {
        return Err(probe::recognise(&banner));
    }
    let set = stream.set_read_timeout(None);
    set.map_err(|e| Stranger::Broken(e.to_string()))?;
    Ok(banner)
}

/// Reads from `incoming`, which has its bytes from `stream`.
fn read_banner(
    stream: &TcpStream,
    incoming: &mut dyn Read,
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
            .and_then(|()| incoming.read(framer.space()));
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

/// Lets the system notice a peer that has gone without a word, also while an
/// Action is unanswered and nothing may be asked.
fn keep_alive(socket: &TcpStream) {
    let (time, interval, retries) = KEEPALIVE;
    let keepalive = TcpKeepalive::new().with_time(time).with_interval(interval);
    let socket = SockRef::from(socket);
    // A system that cannot do this still has the Ping.
    let _ = socket.set_tcp_keepalive(&keepalive.with_retries(retries));
    #[cfg(target_os = "linux")]
    let _ = socket.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
}

#[cfg(test)]
mod tests {
    use super::*;

    // The system asks a silent name server for ten seconds and more, each try
    // to connect again anew, and cannot be told to stop.
    #[test]
    fn a_silent_name_server_is_waited_for_no_longer_than_there_is_time() {
        let (end, ended) = mpsc::channel::<()>();
        let silent = move || {
            let _ = ended.recv();
            Ok(Vec::new())
        };
        let why = look_up(Instant::now() + Duration::from_millis(50), silent).unwrap_err();
        assert!(why.starts_with("no answer from the name server"), "{why}");
        drop(end);
        let none = || Ok(Vec::new());
        let why = look_up(Instant::now() + Duration::from_secs(20), none).unwrap_err();
        assert_eq!(why, "it has no address; check the name");
    }
}
