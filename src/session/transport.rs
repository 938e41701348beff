//! From a host name to a connection whose banner has been read.

use super::config::Config;
use super::error::{Error, is_local, words};
use super::outbound::{Outbound, WRITE_TIMEOUT};
use super::sniff::{self, Stranger};
use super::tls;
use crate::ami::{Frame, Framer};
use socket2::{SockRef, TcpKeepalive};
use std::io::{ErrorKind, Read};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs, UdpSocket};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// A connection whose banner has been read.
pub(super) struct Opened {
    pub incoming: Incoming,
    pub outbound: Outbound,
    /// Contains what came after the banner.
    pub framer: Framer,
    pub banner: Vec<u8>,
    /// The server's certificate (DER); empty without TLS.
    pub certificate: Vec<u8>,
}

/// What the server sends. Reads block until something comes.
pub(super) enum Incoming {
    Plain(TcpStream),
    Secured(Box<tls::Incoming>),
}

impl Read for Incoming {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Incoming::Plain(stream) => stream.read(into),
            Incoming::Secured(secured) => secured.read(into),
        }
    }
}

/// TCP keepalive: silence before the first probe, the pause between probes, and
/// their number.
const KEEPALIVE: (Duration, Duration, u32) = (Duration::from_secs(30), Duration::from_secs(5), 3);

/// How long sent data may stay unacknowledged.
#[cfg(target_os = "linux")]
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);

/// Connects to the host of `config` and reads the banner, within one time limit
/// for resolving, all addresses, the TLS handshake and the banner.
pub(super) fn open(config: &Config) -> Result<Opened, Error> {
    let (host, port, limit) = (&config.host, config.port, config.connect_timeout);
    let deadline = Instant::now() + limit;
    let target = config.target();
    let tls = config.tls.as_ref().map(|tls| tls::Client::new(tls, host));
    let tls = tls.transpose()?;
    let addresses = resolve(host, port, deadline)?;
    let framer = || match config.poller {
        Some(_) => Framer::of_many(),
        None => Framer::new(),
    };
    let mut tried = Vec::new();
    let mut refused = None;
    let count = addresses.len();
    for (i, address) in addresses.into_iter().enumerate() {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        // The last address may use all the time left; earlier ones must leave
        // some.
        let share = left / (count - i) as u32;
        let until = Instant::now() + share;
        match TcpStream::connect_timeout(&address, share.max(Duration::from_millis(1))) {
            Ok(stream) => {
                let opened = match &tls {
                    Some(tls) => greet_securely(stream, tls, &target, until),
                    None => greet(stream, address, &target, until, framer()),
                };
                match opened {
                    Ok(opened) => return Ok(opened),
                    Err(error @ Error::Local { .. }) => return Err(error),
                    Err(error) => refused = Some(error),
                }
            }
            Err(error) if is_local(&error) => return Err(Error::local("open a socket", error)),
            Err(error) => tried.push((address, error)),
        }
    }
    Err(refused.unwrap_or(Error::Connect {
        target,
        tried,
        limit,
    }))
}

/// Every address of a name.
fn resolve(host: &str, port: u16, deadline: Instant) -> Result<Vec<SocketAddr>, Error> {
    // Nobody has to be asked, and a thread would cost as much as a round trip.
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    let name = (host.to_owned(), port);
    let ask = move || (name.0.as_str(), name.1).to_socket_addrs();
    look_up(host, deadline, move || ask().map(Iterator::collect))
}

/// The system's resolver has no time limit, so `ask` runs on its own thread,
/// which is abandoned if it takes too long.
fn look_up(
    host: &str,
    deadline: Instant,
    ask: impl FnOnce() -> std::io::Result<Vec<SocketAddr>> + Send + 'static,
) -> Result<Vec<SocketAddr>, Error> {
    let (answer, answered) = mpsc::channel();
    let resolver = std::thread::Builder::new().name("resolver".into());
    let asked = resolver.spawn(move || {
        // Fails if the deadline has passed and nobody listens any more.
        let _ = answer.send(ask());
    });
    asked.map_err(|why| Error::local("start a thread", why))?;
    let left = deadline.saturating_duration_since(Instant::now());
    let why = match answered.recv_timeout(left) {
        Ok(Ok(addresses)) if !addresses.is_empty() => return Ok(addresses),
        Ok(Ok(_)) => "it has no address; check the name".to_owned(),
        Ok(Err(error)) if is_local(&error) => {
            return Err(Error::local("ask for an address", error));
        }
        Ok(Err(error)) => {
            // A resolver that cannot open a file says that the name is unknown.
            if let Err(why) = UdpSocket::bind(("127.0.0.1", 0))
                && is_local(&why)
            {
                return Err(Error::local("ask for an address", why));
            }
            format!("{error}; check the name")
        }
        Err(_) => {
            "no answer from the name server in time; check the network, or use an address instead of the name"
                .to_owned()
        }
    };
    Err(Error::Resolve {
        host: host.to_owned(),
        why,
    })
}

fn broken(error: std::io::Error) -> Stranger {
    Stranger::Broken(words(&error))
}

fn not_ami(target: &str, stranger: Stranger) -> Error {
    Error::NotAmi {
        target: target.to_owned(),
        stranger,
    }
}

/// Reads the banner. If the server stays silent, a second connection finds out
/// what it is while the first goes on waiting: a slow Asterisk must not be sent
/// anything but AMI.
fn greet(
    stream: TcpStream,
    address: SocketAddr,
    target: &str,
    deadline: Instant,
    mut framer: Framer,
) -> Result<Opened, Error> {
    let not_ami = |stranger| not_ami(target, stranger);
    prepare(&stream).map_err(not_ami)?;
    let mut incoming = share(&stream)?;
    let half = Instant::now() + deadline.saturating_duration_since(Instant::now()) / 2;
    let mut banner = read_banner(&stream, &mut incoming, &mut framer, half).map_err(not_ami)?;
    if banner.is_none() {
        let stranger = match framer.rest() {
            [] => sniff::ask(address, deadline),
            // No more of a line may ever come.
            rest => Some(sniff::begun(rest)).filter(|begun| !matches!(begun, Stranger::Slow(_))),
        };
        if let Some(stranger) = stranger {
            return Err(not_ami(stranger));
        }
        banner = read_banner(&stream, &mut incoming, &mut framer, deadline).map_err(not_ami)?;
    }
    Ok(Opened {
        banner: accept(&stream, banner, &framer).map_err(not_ami)?,
        certificate: Vec::new(),
        incoming: Incoming::Plain(incoming),
        outbound: Outbound::new(stream, None),
        framer,
    })
}

/// Does the TLS handshake and reads the banner.
fn greet_securely(
    stream: TcpStream,
    tls: &tls::Client,
    target: &str,
    deadline: Instant,
) -> Result<Opened, Error> {
    let not_ami = |stranger| not_ami(target, stranger);
    prepare(&stream).map_err(not_ami)?;
    let mut secured = tls.shake_hands(&stream, target, deadline)?;
    let mut framer = Framer::new();
    let banner = read_banner(&stream, &mut secured.incoming, &mut framer, deadline)
        .and_then(|banner| accept(&stream, banner, &framer))
        .map_err(not_ami)?;
    Ok(Opened {
        banner,
        certificate: secured.certificate,
        incoming: Incoming::Secured(Box::new(secured.incoming)),
        outbound: Outbound::new(stream, Some(secured.sealer)),
        framer,
    })
}

/// The same socket, for the other half.
fn share(stream: &TcpStream) -> Result<TcpStream, Error> {
    stream
        .try_clone()
        .map_err(|why| Error::local("share a socket", why))
}

fn prepare(stream: &TcpStream) -> Result<(), Stranger> {
    // With Nagle's algorithm and delayed ACKs, several small writes would cost
    // 44 ms each.
    let set = stream
        .set_nodelay(true)
        .and_then(|()| stream.set_write_timeout(Some(WRITE_TIMEOUT)));
    keep_alive(stream);
    set.map_err(broken)
}

/// Removes the read timeout, if the banner is AMI's.
fn accept(
    stream: &TcpStream,
    banner: Option<Vec<u8>>,
    framer: &Framer,
) -> Result<Vec<u8>, Stranger> {
    let banner = banner.ok_or_else(|| match framer.rest() {
        [] => Stranger::Silent,
        rest => sniff::begun(rest),
    })?;
    if !sniff::looks_like_ami(&banner) {
        return Err(sniff::recognise(&banner));
    }
    let set = stream.set_read_timeout(None);
    set.map_err(broken)?;
    Ok(banner)
}

/// Reads the banner from `incoming`, which reads from `stream`.
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
            Ok(0) => return Err(sniff::recognise(framer.rest())),
            Ok(count) => framer.filled(count),
            Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) if e.kind() == ErrorKind::ConnectionReset => return Err(Stranger::Closed),
            Err(e) => return Err(broken(e)),
        }
    }
}

/// Lets the system detect a vanished peer, even while an unanswered Action
/// forbids a Ping.
fn keep_alive(socket: &TcpStream) {
    let (time, interval, retries) = KEEPALIVE;
    let keepalive = TcpKeepalive::new().with_time(time).with_interval(interval);
    let socket = SockRef::from(socket);
    // Where the system cannot do this, the Ping remains.
    let _ = socket.set_tcp_keepalive(&keepalive.with_retries(retries));
    #[cfg(target_os = "linux")]
    let _ = socket.set_tcp_user_timeout(Some(UNACKNOWLEDGED));
}

#[cfg(test)]
mod tests {
    use super::*;

    // The system's resolver waits ten seconds and more for a silent name
    // server, again at each try, and cannot be stopped.
    #[test]
    fn a_silent_name_server_is_waited_for_no_longer_than_there_is_time() {
        let (end, ended) = mpsc::channel::<()>();
        let silent = move || {
            let _ = ended.recv();
            Ok(Vec::new())
        };
        let soon = Instant::now() + Duration::from_millis(50);
        let why = look_up("pbx", soon, silent).unwrap_err().to_string();
        let words = "cannot resolve pbx: no answer from the name server";
        assert!(why.starts_with(words), "{why}");
        drop(end);
        let none = || Ok(Vec::new());
        let later = Instant::now() + Duration::from_secs(20);
        let why = look_up("pbx", later, none).unwrap_err().to_string();
        assert_eq!(why, "cannot resolve pbx: it has no address; check the name");
        // A shortage on this machine is not the name's fault.
        let poor = || Err(std::io::Error::from_raw_os_error(nix::libc::EMFILE));
        let why = look_up("pbx", later, poor).unwrap_err();
        assert!(matches!(why, Error::Local { .. }), "{why}");
    }
}
