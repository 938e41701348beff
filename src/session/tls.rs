//! AMI over TLS: the handshake, and the reading and writing halves of the
//! connection.
//!
//! Reading and writing both change the state of a TLS connection, so the halves
//! share it behind a lock. Neither holds the lock while waiting for the socket:
//! a reader that waited for a blocked writer would stall, and a server that
//! cannot write drops the link. So one half decrypts what it has read, and the
//! other only encrypts ([`Sealer`]).

mod presented;
mod trust;
pub(super) mod untrusted;

pub use presented::{Presented, random};
pub use trust::Tls;
pub use untrusted::Untrusted;

use super::error::{Error, words};
use super::sniff::{self, Stranger};
use rustls::pki_types::ServerName;
use rustls::{CertificateError, ClientConfig, ClientConnection};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Bytes per read: several of the small records that Asterisk makes of its
/// events are decrypted under one lock.
const READ: usize = 64 * 1024;

/// Which certificates to trust, and the name that the server's must have.
pub(super) struct Client {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

/// A connection after its handshake.
pub(super) struct Secured {
    /// The server's certificate, as received (DER).
    pub certificate: Vec<u8>,
    pub incoming: Incoming,
    pub sealer: Sealer,
}

/// The state that the halves share. Locked while encrypting or decrypting,
/// never while waiting for the socket.
#[derive(Clone)]
struct Shared(Arc<Mutex<ClientConnection>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, ClientConnection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Client {
    /// For a server named `host`, unless `tls` gives another name.
    ///
    /// # Errors
    /// A file that cannot be used, no system store, or no name to check.
    pub fn new(tls: &Tls, host: &str) -> Result<Client, Error> {
        // A certificate names an address without the interface.
        let host = host.split_once('%').map_or(host, |(address, _)| address);
        let name = tls.name.as_deref().unwrap_or(host);
        let checked = name.strip_suffix('.').unwrap_or(name).to_owned();
        let checked = ServerName::try_from(checked);
        Ok(Client {
            config: Arc::new(trust::config(tls)?),
            name: checked.map_err(|_| Error::TlsName(name.to_owned()))?,
        })
    }

    /// Makes `stream` a TLS connection with the server at `target`.
    ///
    /// # Errors
    /// Its certificate is not trusted, or it does not speak TLS.
    pub fn shake_hands(
        &self,
        stream: &TcpStream,
        target: &str,
        deadline: Instant,
    ) -> Result<Secured, Error> {
        let no_tls = |stranger| Error::NoTls {
            target: target.to_owned(),
            stranger,
        };
        let broken = |words: String| no_tls(Stranger::Broken(words));
        let connection = ClientConnection::new(self.config.clone(), self.name.clone());
        let mut connection = connection.map_err(|e| broken(e.to_string()))?;
        let mut line = Line {
            stream,
            deadline,
            heard: Vec::new(),
            records: Records::default(),
        };
        while connection.is_handshaking() {
            if let Err(error) = connection.complete_io(&mut line) {
                return Err(match untrusted(&error) {
                    Some(why) => Error::Certificate {
                        target: target.to_owned(),
                        why,
                    },
                    None => no_tls(stranger(&error, &line.heard)),
                });
            }
        }
        let records = line.records;
        let socket = stream.try_clone();
        let socket = socket.map_err(|why| Error::local("share a socket", why))?;
        let certificates = connection.peer_certificates();
        let certificate = certificates.and_then(|all| Some(all.first()?.to_vec()));
        let shared = Shared(Arc::new(Mutex::new(connection)));
        Ok(Secured {
            certificate: certificate.unwrap_or_default(),
            incoming: Incoming {
                socket,
                shared: shared.clone(),
                received: vec![0; READ],
                start: 0,
                end: 0,
                records,
                over: None,
            },
            sealer: Sealer(shared),
        })
    }
}

/// Why we refused the certificate, if we did.
fn untrusted(error: &std::io::Error) -> Option<Untrusted> {
    match error.get_ref()?.downcast_ref()? {
        rustls::Error::InvalidCertificate(CertificateError::Other(why)) => {
            let why = why.0.downcast_ref::<Untrusted>().cloned();
            Some(why.unwrap_or_else(|| Untrusted::Odd(error.to_string())))
        }
        rustls::Error::InvalidCertificate(CertificateError::BadSignature) => Some(Untrusted::Odd(
            "its handshake signature does not verify; an RSA key needs at least 2048 bits"
                .to_owned(),
        )),
        rustls::Error::InvalidCertificate(why) => Some(Untrusted::Odd(why.to_string())),
        _ => None,
    }
}

/// What it is that does not complete a handshake, by the error and the first
/// bytes it sent.
fn stranger(error: &std::io::Error, heard: &[u8]) -> Stranger {
    let spoke_otherwise = !heard.is_empty() && !sniff::is_tls(heard);
    match error.kind() {
        _ if spoke_otherwise => match sniff::first_line(heard) {
            line if sniff::looks_like_ami(line) => Stranger::Plain,
            _ => sniff::recognise(heard),
        },
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Stranger::NoHandshake,
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
            match heard {
                [] => Stranger::Closed,
                _ => Stranger::Handshake("it closed the connection".to_owned()),
            }
        }
        _ => Stranger::Handshake(words(error)),
    }
}

/// The socket during the handshake: no step waits beyond the deadline.
struct Line<'a> {
    stream: &'a TcpStream,
    deadline: Instant,
    /// The first bytes received.
    heard: Vec<u8>,
    records: Records,
}

impl Line<'_> {
    fn left(&self) -> std::io::Result<Option<Duration>> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        match left.is_zero() {
            true => Err(ErrorKind::TimedOut.into()),
            false => Ok(Some(left)),
        }
    }
}

impl Read for Line<'_> {
    fn read(&mut self, space: &mut [u8]) -> std::io::Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        let count = self.stream.read(space)?;
        let came = space.get(..count).unwrap_or_default();
        self.records.pass(came);
        if self.heard.is_empty() {
            self.heard.extend_from_slice(came);
        }
        Ok(count)
    }
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.left()?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Tracks where the received bytes end within a record.
#[derive(Debug, Default)]
struct Records {
    /// Bytes of the header received: type, version and two bytes of length.
    header: u8,
    /// Bytes of the body still missing.
    left: usize,
}

impl Records {
    fn pass(&mut self, mut bytes: &[u8]) {
        while let Some((&byte, rest)) = bytes.split_first() {
            match self.header {
                0 if self.left > 0 => {
                    let passed = self.left.min(bytes.len());
                    self.left -= passed;
                    bytes = bytes.get(passed..).unwrap_or_default();
                    continue;
                }
                3 => self.left = usize::from(byte) << 8,
                4 => self.left |= usize::from(byte),
                _ => {}
            }
            self.header = (self.header + 1) % 5;
            bytes = rest;
        }
    }

    fn is_inside(&self) -> bool {
        self.header > 0 || self.left > 0
    }
}

/// The reading half.
pub(super) struct Incoming {
    socket: TcpStream,
    shared: Shared,
    /// Received but not yet decrypted: `received[start..end]`.
    received: Vec<u8>,
    start: usize,
    end: usize,
    records: Records,
    /// Set once nothing more can be decrypted: the server closed, or an error.
    over: Option<std::io::Result<()>>,
}

impl Read for Incoming {
    /// As for a socket without TLS, zero is the end, with or without a
    /// close_notify: Asterisk sends one after Logoff only, not when it is
    /// stopped or killed, and if the last packet is whole nothing is missing.
    /// An end inside a record is [`ErrorKind::UnexpectedEof`], because it is
    /// inside a packet.
    fn read(&mut self, space: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let count = self.decrypt(space);
            if count > 0 || space.is_empty() {
                return Ok(count);
            }
            if let Some(over) = self.over.take() {
                over?;
                self.over = Some(Ok(()));
                return Ok(0);
            }
            let count = self.socket.read(&mut self.received)?;
            (self.start, self.end) = (0, count);
            self.records
                .pass(self.received.get(..count).unwrap_or_default());
            match count {
                0 if self.records.is_inside() => return Err(ErrorKind::UnexpectedEof.into()),
                0 => return Ok(0),
                _ => {}
            }
        }
    }
}

impl Incoming {
    /// Fills `space` from what was received. The answer to a key update goes
    /// out with the next write, never from here.
    fn decrypt(&mut self, space: &mut [u8]) -> usize {
        let mut connection = self.shared.lock();
        let mut filled = 0;
        while let Some(free) = space.get_mut(filled..).filter(|free| !free.is_empty()) {
            match connection.reader().read(free) {
                Ok(0) => {
                    self.over.get_or_insert(Ok(()));
                    break;
                }
                Ok(count) => {
                    filled += count;
                    continue;
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => {
                    self.over.get_or_insert(Err(error));
                    break;
                }
            }
            let mut waiting = self.received.get(self.start..self.end).unwrap_or_default();
            if waiting.is_empty() || self.over.is_some() {
                break;
            }
            let before = waiting.len();
            let taken = connection.read_tls(&mut waiting);
            self.start += before - waiting.len();
            let processed = taken.and_then(|_| {
                let processed = connection.process_new_packets();
                processed.map_err(|e| std::io::Error::other(format!("TLS: {e}")))
            });
            if let Err(error) = processed {
                // What was whole before it is handed out first.
                self.over = Some(Err(error));
            }
        }
        filled
    }
}

/// The writing half: turns bytes into records, which must be sent in the order
/// in which they were made.
pub(super) struct Sealer(Shared);

impl Sealer {
    /// The records that contain `plain`.
    pub fn seal(&self, mut plain: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut connection = self.0.lock();
        let mut sealed = Vec::new();
        while !plain.is_empty() {
            let taken = connection.writer().write(plain)?;
            plain = plain.get(taken..).unwrap_or_default();
            take_records(&mut connection, &mut sealed)?;
        }
        Ok(sealed)
    }

    /// The close_notify record.
    pub fn goodbye(&self) -> std::io::Result<Vec<u8>> {
        let mut connection = self.0.lock();
        let mut sealed = Vec::new();
        connection.send_close_notify();
        take_records(&mut connection, &mut sealed)?;
        Ok(sealed)
    }
}

fn take_records(connection: &mut ClientConnection, sealed: &mut Vec<u8>) -> std::io::Result<()> {
    while connection.wants_write() {
        connection.write_tls(sealed)?;
    }
    Ok(())
}
