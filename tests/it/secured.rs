//! TLS in front of any other test server, with certificates made on the spot:
//! good ones, and each kind of bad one.

use crate::support::BOUND;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::{TLS12, TLS13};
use rustls::{ServerConfig, ServerConnection, SupportedProtocolVersion};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// Signs certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    /// Its own certificate.
    pub pem: String,
}

/// A certificate with its key.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    pub pem: String,
}

fn params(subject: &str, names: &[&str]) -> CertificateParams {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let mut params = CertificateParams::new(names).unwrap();
    params.distinguished_name.push(DnType::CommonName, subject);
    params
}

fn authority() -> IsCa {
    IsCa::Ca(BasicConstraints::Unconstrained)
}

impl Authority {
    pub fn new(name: &str) -> Authority {
        let mut params = params(name, &[]);
        params.is_ca = authority();
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Authority {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// For a server with these names and addresses.
    pub fn issue(&self, names: &[&str]) -> Identity {
        self.issue_for(names, 2000, 3000)
    }

    /// As [`Authority::issue`], valid from the first day of one year to that of
    /// another.
    pub fn issue_for(&self, names: &[&str], from: i32, until: i32) -> Identity {
        let mut params = params("PBX", names);
        params.not_before = date_time_ymd(from, 1, 1);
        params.not_after = date_time_ymd(until, 1, 1);
        let key = KeyPair::generate().unwrap();
        let signed = params.signed_by(&key, &self.issuer).unwrap();
        Identity::new(&signed, &key)
    }
}

impl Identity {
    fn new(certificate: &rcgen::Certificate, key: &KeyPair) -> Identity {
        Identity {
            certificate: certificate.der().clone(),
            key: PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            pem: certificate.pem(),
        }
    }

    /// Self-signed and marked as a CA's, as made by `openssl req -x509`.
    pub fn self_signed(names: &[&str]) -> Identity {
        let mut params = params("PBX", names);
        params.is_ca = authority();
        let key = KeyPair::generate().unwrap();
        Identity::new(&params.self_signed(&key).unwrap(), &key)
    }
}

/// How a connection ends when the server behind it has ended it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// As Asterisk does after Logoff.
    Goodbye,
    /// As Asterisk does when it is stopped or killed.
    Silence,
    /// As Asterisk does to a client that reads too slowly.
    InsideRecord,
    /// Something other than TLS comes in between.
    Garbage,
}

/// How the server behaves.
#[derive(Clone, Copy)]
pub struct How {
    pub versions: &'static [&'static SupportedProtocolVersion],
    /// Requests new keys after this many bytes to the client.
    pub new_keys: Option<usize>,
    pub end: End,
}

/// TLS 1.3, with new keys all the time.
pub const NEW: How = How {
    versions: &[&TLS13],
    new_keys: Some(20_000),
    end: End::Goodbye,
};

/// TLS 1.2.
pub const OLD: How = How {
    versions: &[&TLS12],
    new_keys: None,
    end: End::Goodbye,
};

/// Accepts TLS connections and forwards their contents, until dropped.
pub struct Secured {
    pub address: SocketAddr,
    over: Arc<AtomicBool>,
    goodbye: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Secured {
    pub fn before(backend: SocketAddr, identity: Identity, how: How) -> Secured {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Secured::at(listener, backend, identity, how)
    }

    /// The same at a place of one's own.
    pub fn at(listener: TcpListener, backend: SocketAddr, identity: Identity, how: How) -> Secured {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(how.versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![identity.certificate], identity.key)
            .unwrap();
        let config = Arc::new(config);
        let address = listener.local_addr().unwrap();
        let over = Arc::new(AtomicBool::new(false));
        let goodbye = Arc::new(AtomicBool::new(false));
        let (ending, heard) = (over.clone(), goodbye.clone());
        let thread = std::thread::spawn(move || {
            let mut connections = Vec::new();
            loop {
                let (stream, _) = listener.accept().unwrap();
                if ending.load(Ordering::SeqCst) {
                    break;
                }
                let (config, heard) = (config.clone(), heard.clone());
                connections.push(std::thread::spawn(move || {
                    // A client may leave in any way.
                    let _ = serve(&stream, backend, config, how, &heard);
                    let _ = stream.shutdown(Shutdown::Both);
                }));
            }
            for connection in connections {
                connection.join().unwrap();
            }
        });
        Secured {
            address,
            over,
            goodbye,
            thread: Some(thread),
        }
    }

    /// Whether a client ended its connection with a close_notify. Waits for the
    /// end of all connections.
    pub fn heard_goodbye(mut self) -> bool {
        self.stop();
        self.goodbye.load(Ordering::SeqCst)
    }

    fn stop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes a thread that waits for a client.
        let woken = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
        let ended = self.thread.take().map(JoinHandle::join);
        drop(woken);
        if let Some(Err(why)) = ended
            && !std::thread::panicking()
        {
            std::panic::resume_unwind(why);
        }
    }
}

impl Drop for Secured {
    fn drop(&mut self) {
        if self.thread.is_some() {
            self.stop();
        }
    }
}

fn serve(
    stream: &TcpStream,
    backend: SocketAddr,
    config: Arc<ServerConfig>,
    how: How,
    goodbye: &AtomicBool,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    // A client that never speaks must fail the test instead of hanging it.
    stream.set_read_timeout(Some(BOUND))?;
    let mut connection = ServerConnection::new(config).unwrap();
    connection.set_buffer_limit(None);
    while connection.is_handshaking() {
        connection.complete_io(&mut (&mut &*stream))?;
    }
    let backend = TcpStream::connect(backend)?;
    backend.set_nodelay(true)?;
    let connection = Mutex::new(connection);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let _ = upwards(stream, &backend, &connection, goodbye);
            let _ = backend.shutdown(Shutdown::Both);
        });
        let done = downwards(stream, &backend, &connection, how);
        // What the client still sends is received.
        let _ = stream.shutdown(Shutdown::Write);
        done
    })
}

/// From the client to the server behind.
fn upwards(
    mut stream: &TcpStream,
    mut backend: &TcpStream,
    connection: &Mutex<ServerConnection>,
    goodbye: &AtomicBool,
) -> std::io::Result<()> {
    let mut received = vec![0; 16 * 1024];
    let mut came = 0;
    loop {
        let mut plain = Vec::new();
        {
            let mut connection = connection.lock().unwrap();
            let mut waiting = &received[..came];
            loop {
                let state = connection.process_new_packets();
                let state = state.map_err(std::io::Error::other)?;
                let start = plain.len();
                plain.resize(start + state.plaintext_bytes_to_read(), 0);
                connection.reader().read_exact(&mut plain[start..])?;
                if state.peer_has_closed() {
                    goodbye.store(true, Ordering::SeqCst);
                }
                if waiting.is_empty() || state.peer_has_closed() {
                    break;
                }
                connection.read_tls(&mut waiting)?;
            }
        }
        backend.write_all(&plain)?;
        came = stream.read(&mut received)?;
        if came == 0 {
            return Ok(());
        }
    }
}

/// From the server behind to the client.
fn downwards(
    mut stream: &TcpStream,
    mut backend: &TcpStream,
    connection: &Mutex<ServerConnection>,
    how: How,
) -> std::io::Result<()> {
    let mut plain = vec![0; 64 * 1024];
    let mut since_new_keys = 0;
    loop {
        let count = backend.read(&mut plain).unwrap_or(0);
        let mut records = Vec::new();
        {
            let mut connection = connection.lock().unwrap();
            match (count, how.end) {
                (0, End::Silence) => return Ok(()),
                (0, End::Goodbye) => connection.send_close_notify(),
                (0, End::Garbage) => records.extend_from_slice(b"Event: Forged\r\n\r\n"),
                (0, End::InsideRecord) => connection.writer().write_all(&[b'x'; 1000])?,
                _ => connection.writer().write_all(&plain[..count])?,
            }
            since_new_keys += count;
            if how.new_keys.is_some_and(|bytes| since_new_keys > bytes) {
                since_new_keys = 0;
                connection.refresh_traffic_keys().unwrap();
            }
            while connection.wants_write() {
                connection.write_tls(&mut records)?;
            }
        }
        if count == 0 && how.end == End::InsideRecord {
            records.truncate(500);
        }
        stream.write_all(&records)?;
        if count == 0 {
            return Ok(());
        }
    }
}
