//! AMI over TLS: the handshake, and the two halves of what comes of it.
//!
//! A TLS connection is one state that reading and writing both change, so its
//! halves share it behind a lock. Neither holds that lock while it waits for
//! the socket: a reader that waited for a blocked writer would stall, and the
//! server, which then cannot write either, would drop the link.

mod trust;

pub use trust::{Tls, Untrusted};

use super::error::Error;
use super::probe::{self, Stranger};
use rustls::pki_types::ServerName;
use rustls::{CertificateError, ClientConfig, ClientConnection};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Bytes asked of the socket at once; several of the small records that
/// Asterisk makes of its events are decrypted under one lock.
const READ: usize = 64 * 1024;

/// How long saying goodbye may take when the server takes nothing from us.
const GOODBYE: Duration = Duration::from_millis(100);

/// Whom to believe, and who the server has to be.
pub(super) struct Client {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

/// A connection after its handshake.
pub(super) struct Secured {
    pub incoming: Incoming,
    pub outgoing: Outgoing,
    pub farewell: Farewell,
}

/// What the halves share. Whoever takes both locks takes the wire first.
struct Shared {
    /// Held over "encrypt, then send": records carry a number, and must leave
    /// in its order.
    wire: Mutex<TcpStream>,
    /// Held while bytes are turned into others, and never while the socket is
    /// waited for.
    connection: Mutex<ClientConnection>,
}

impl Shared {
    fn connection(&self) -> MutexGuard<'_, ClientConnection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Client {
    /// For a server that is to be `host`, unless `tls` says who else.
    ///
    /// # Errors
    /// A file that cannot be used, no system store, or no name to check.
    pub fn new(tls: &Tls, host: &str) -> Result<Client, Error> {
        // An interface is no part of the address that a certificate names.
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
    /// Its certificate is not to be trusted, or it speaks something else.
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
        let sockets = stream
            .try_clone()
            .and_then(|one| Ok((one, stream.try_clone()?)));
        let (socket, wire) = sockets.map_err(|e| broken(e.to_string()))?;
        let shared = Arc::new(Shared {
            wire: Mutex::new(wire),
            connection: Mutex::new(connection),
        });
        Ok(Secured {
            incoming: Incoming {
                socket,
                shared: shared.clone(),
                received: vec![0; READ],
                start: 0,
                end: 0,
                records,
                over: None,
            },
            outgoing: Outgoing(shared.clone()),
            farewell: Farewell(shared),
        })
    }
}

/// The certificate was refused, by us.
fn untrusted(error: &std::io::Error) -> Option<Untrusted> {
    match error.get_ref()?.downcast_ref()? {
        rustls::Error::InvalidCertificate(CertificateError::Other(why)) => {
            let why = why.0.downcast_ref::<Untrusted>().cloned();
            Some(why.unwrap_or_else(|| Untrusted::Odd(error.to_string())))
        }
        rustls::Error::InvalidCertificate(CertificateError::BadSignature) => Some(Untrusted::Odd(
            "what its key signs does not hold; a key of RSA needs 2048 bits at least".to_owned(),
        )),
        rustls::Error::InvalidCertificate(why) => Some(Untrusted::Odd(why.to_string())),
        _ => None,
    }
}

/// What it is that shakes no hands, by the error and by what it said first.
fn stranger(error: &std::io::Error, heard: &[u8]) -> Stranger {
    let spoke_otherwise = !heard.is_empty() && !probe::is_tls(heard);
    match error.kind() {
        _ if spoke_otherwise => match probe::first_line(heard) {
            line if probe::looks_like_ami(line) => Stranger::Plain,
            _ => probe::recognise(heard),
        },
        ErrorKind::WouldBlock | ErrorKind::TimedOut => Stranger::Unshaken,
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe => {
            match heard {
                [] => Stranger::Closed,
                _ => Stranger::Handshake("it closed the connection".to_owned()),
            }
        }
        _ => Stranger::Handshake(error.to_string()),
    }
}

/// A socket during the handshake: each step waits until the deadline at most.
struct Line<'a> {
    stream: &'a TcpStream,
    deadline: Instant,
    /// The beginning of what came.
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

/// Where in a record the bytes that came have stopped.
#[derive(Debug, Default)]
struct Records {
    /// Bytes of the header that came: type, version and two bytes of length.
    header: u8,
    /// Bytes of the body that have not come.
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

/// The half that is read from.
pub(super) struct Incoming {
    socket: TcpStream,
    shared: Arc<Shared>,
    /// From the socket and not yet decrypted: `received[start..end]`.
    received: Vec<u8>,
    start: usize,
    end: usize,
    records: Records,
    /// Nothing can be decrypted any more: the server said goodbye, or why.
    over: Option<std::io::Result<()>>,
}

impl Read for Incoming {
    /// As a socket without TLS: zero is the end, said in TLS's words or not.
    /// Asterisk says it after Logoff only, not when it is stopped or killed;
    /// where the last packet was whole, whoever waits for nothing more has all.
    /// An end inside a record is one inside a packet:
    /// [`ErrorKind::UnexpectedEof`].
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
    /// out with the next write, as it must, and never from here.
    fn decrypt(&mut self, space: &mut [u8]) -> usize {
        let mut connection = self.shared.connection();
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

/// The half that is written to.
pub(super) struct Outgoing(Arc<Shared>);

impl Write for Outgoing {
    fn write(&mut self, plain: &[u8]) -> std::io::Result<usize> {
        let wire = &self.0.wire;
        let mut wire = wire.lock().unwrap_or_else(PoisonError::into_inner);
        let (taken, records) = {
            let mut connection = self.0.connection();
            let taken = connection.writer().write(plain)?;
            (taken, records(&mut connection)?)
        };
        wire.write_all(&records)?;
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What is to go out.
fn records(connection: &mut ClientConnection) -> std::io::Result<Vec<u8>> {
    let mut records = Vec::new();
    while connection.wants_write() {
        connection.write_tls(&mut records)?;
    }
    Ok(records)
}

/// Says goodbye in the words of TLS, so that the server can tell our end from
/// one that somebody in between made.
pub(super) struct Farewell(Arc<Shared>);

impl Farewell {
    /// Unless a write hangs: then nothing more gets through.
    pub fn say(&self) {
        let Ok(mut wire) = self.0.wire.try_lock() else {
            return;
        };
        let goodbye = {
            let mut connection = self.0.connection();
            connection.send_close_notify();
            records(&mut connection)
        };
        // The link ends whether it is heard or not.
        let _ = wire.set_write_timeout(Some(GOODBYE));
        let _ = goodbye.and_then(|goodbye| wire.write_all(&goodbye));
    }
}
