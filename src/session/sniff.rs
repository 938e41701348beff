//! Recognises what listens on a port that does not speak AMI.

use crate::peer_text::visible;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use thiserror::Error;

/// Something that does not speak AMI.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Stranger {
    /// Its greeting, or its answer, is that of another protocol.
    #[error("this is {0}; AMI is usually on port 5038, with TLS on 5039")]
    Known(&'static str),
    /// It said so, or answered like one.
    #[error(
        "this is an HTTP server; AMI is usually on port 5038, with TLS on 5039, Asterisk's HTTP on 8088"
    )]
    Http,
    /// An HTTP server that says that it is Asterisk.
    #[error(
        "this is Asterisk's HTTP server, for ARI, WebSocket and AMI over HTTP; AMI itself is usually on port 5038, with TLS on 5039"
    )]
    AsteriskHttp,
    /// It answered a ClientHello.
    #[error(
        "it waits for TLS, but this is a plain connection: use --tls, or amis:// before the host; AMI without TLS is usually on port 5038"
    )]
    Tls,
    /// It answered a ClientHello with its banner.
    #[error(
        "it speaks AMI without TLS: leave out --tls, or use ami:// instead of amis://; AMI with TLS is usually on port 5039"
    )]
    Plain,
    /// It has another kind of TLS; the library's words.
    #[error("{0}; amish supports TLS 1.2 and 1.3 with forward secrecy only")]
    Handshake(String),
    /// It accepted the connection but does not answer a ClientHello.
    #[error(
        "it accepted the connection and does not answer the TLS handshake; is it the right port (usually 5039), and is Asterisk alive?"
    )]
    NoHandshake,
    /// Its first line.
    #[error("it greets with \"{0}\"; AMI is usually on port 5038")]
    Other(String),
    /// The beginning of its first line; the time ran out before the end.
    #[error(
        "it began to greet with \"{0}\" and then stalled; is the network or the server overloaded? use --connect-timeout to wait longer"
    )]
    Slow(String),
    /// It accepted the connection and closed it.
    #[error(
        "it accepted the connection and closed it without a word; Asterisk does this when authlimit= (manager.conf) logins are in progress, and so may a firewall"
    )]
    Closed,
    /// It accepted the connection and stayed silent, whatever was sent.
    #[error(
        "it accepted the connection and says nothing; is it the right port, and is Asterisk alive?"
    )]
    Silent,
    /// The system's words.
    #[error("the connection broke: {0}")]
    Broken(String),
}

/// Recognises what sent `bytes` instead of a banner.
pub(super) fn recognise(bytes: &[u8]) -> Stranger {
    let begun = |(start, _): &&(&[u8], &str)| bytes.starts_with(start);
    if is_tls(bytes) {
        Stranger::Tls
    } else if let Some((_, what)) = GREETINGS.iter().find(begun) {
        Stranger::Known(what)
    } else if is_mysql(bytes) {
        Stranger::Known("a MySQL or MariaDB server")
    } else if bytes.starts_with(b"220") {
        Stranger::Known(match (holds(bytes, b"SMTP"), holds(bytes, b"FTP")) {
            (true, _) => "a mail server (SMTP)",
            (_, true) => "an FTP server",
            _ => "a mail or an FTP server",
        })
    } else if bytes.starts_with(b"HTTP/") || bytes.starts_with(b"<") {
        match holds(bytes, b"Server: Asterisk") {
            true => Stranger::AsteriskHttp,
            false => Stranger::Http,
        }
    } else {
        Stranger::Other(readable(first_line(bytes)))
    }
}

/// How other protocols begin, unasked or when asked for a page.
const GREETINGS: [(&[u8], &str); 12] = [
    (b"SSH-", "an SSH server"),
    (b"RFB 0", "a VNC server"),
    (b"SIP/2.0", "a SIP server"),
    (b"INFO {", "a NATS server"),
    (b"+OK", "a mail server (POP3)"),
    (b"* OK", "a mail server (IMAP)"),
    (b"-ERR", "a Redis server"),
    (b"-NOAUTH", "a Redis server"),
    (b"-DENIED", "a Redis server"),
    (b"Content-Type: auth/request", "FreeSWITCH's event socket"),
    (b"\xff\xfb", "a telnet server"),
    (b"\xff\xfd", "a telnet server"),
];

/// What is usual on a port, by which a server is named that says nothing of its
/// own.
const PORTS: [(u16, &str); 18] = [
    (21, "FTP"),
    (22, "SSH"),
    (23, "telnet"),
    (25, "SMTP"),
    (80, "HTTP"),
    (443, "HTTPS"),
    (1720, "H.323"),
    (2000, "SCCP"),
    (3306, "MySQL"),
    (4573, "FastAGI"),
    (5060, "SIP"),
    (5061, "SIP with TLS"),
    (5432, "PostgreSQL"),
    (5900, "VNC"),
    (6379, "Redis"),
    (8021, "FreeSWITCH's event socket"),
    (8088, "Asterisk's HTTP server"),
    (8089, "Asterisk's HTTP server with TLS"),
];

/// What the port of `target` is for by convention, if `stranger` has not said what
/// it is.
pub(super) fn by_convention(target: &str, stranger: &Stranger) -> String {
    match stranger {
        Stranger::Known(_)
        | Stranger::Http
        | Stranger::AsteriskHttp
        | Stranger::Plain
        | Stranger::Slow(_)
        | Stranger::Broken(_) => return String::new(),
        Stranger::Tls
        | Stranger::Handshake(_)
        | Stranger::NoHandshake
        | Stranger::Other(_)
        | Stranger::Closed
        | Stranger::Silent => {}
    }
    let port = target.rsplit(':').next().unwrap_or_default();
    let usual = PORTS.iter().find(|(one, _)| one.to_string() == port);
    usual.map_or(String::new(), |(port, what)| {
        format!("; by convention port {port} is for {what}")
    })
}

fn holds(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|part| part == text)
}

/// A packet has three bytes of length and a number, 0 for the first; the greeting
/// is that of protocol 10, which is also a line end, or an error.
fn is_mysql(bytes: &[u8]) -> bool {
    matches!(bytes, [_, _, 0, 0] | [_, _, 0, 0, 10 | 0xff, ..])
}

/// Recognises what sent only `bytes`, no whole line, in all of the time.
pub(super) fn begun(bytes: &[u8]) -> Stranger {
    match recognise(bytes) {
        Stranger::Other(line) => Stranger::Slow(line),
        known => known,
    }
}

fn readable(line: &[u8]) -> String {
    let line = visible::text(line);
    line.chars().take(60).collect()
}

pub(super) fn first_line(bytes: &[u8]) -> &[u8] {
    let mut lines = bytes.split(|&b| b == b'\r' || b == b'\n');
    lines.next().unwrap_or_default()
}

/// Whether this looks like `Asterisk Call Manager/1.1`. Other products have
/// other words before the slash, so either the version or the words count.
pub(super) fn looks_like_ami(banner: &[u8]) -> bool {
    let version = banner.rsplit(|&b| b == b'/').next().unwrap_or_default();
    let says_so = banner.windows(12).any(|words| words == b"Call Manager");
    says_so
        || banner.contains(&b'/')
            && version.first().is_some_and(u8::is_ascii_digit)
            && matches!(recognise(banner), Stranger::Other(_))
}

/// Whether this is an alert or a ServerHello of any TLS version.
pub(super) fn is_tls(bytes: &[u8]) -> bool {
    matches!(bytes, [0x15 | 0x16, 3, ..])
}

/// The smallest ClientHello that servers answer, if only with an alert: TLS
/// 1.2, four cipher suites, no extensions.
const CLIENT_HELLO: &[u8] = &[
    0x16, 3, 1, 0, 53, // a handshake record of 53 bytes
    1, 0, 0, 49, 3, 3, // ClientHello of 49 bytes, TLS 1.2
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
    27, 28, 29, 30, 31, 32, // its random
    0,  // no session
    0, 8, 0xc0, 0x2f, 0xc0, 0x30, 0x00, 0x2f, 0x00, 0x9c, // cipher suites
    1, 0, // no compression
    0, 0, // no extensions
];

/// Redis answers it as well, with an error.
const HTTP_REQUEST: &[u8] = b"GET / HTTP/1.0\r\n\r\n";

/// PostgreSQL's question whether there is TLS, answered with one letter.
const SSL_REQUEST: &[u8] = &[0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];

/// Tries the greetings of some protocols on a silent server, each on its own
/// connection. None: it answered none.
pub(super) fn ask(address: SocketAddr, deadline: Instant) -> Option<Stranger> {
    let greetings = [CLIENT_HELLO, HTTP_REQUEST, SSL_REQUEST];
    greetings.iter().find_map(|greeting| {
        let left = deadline.saturating_duration_since(Instant::now());
        // A quarter each leaves time for a banner that may still come.
        let answer = exchange(address, greeting, left / 4)?;
        if *greeting == SSL_REQUEST && matches!(answer[..], [b'S' | b'N']) {
            return Some(Stranger::Known("a PostgreSQL server"));
        }
        match recognise(&answer) {
            Stranger::Other(_) => None,
            found => Some(found),
        }
    })
}

/// Whether AMI listens at `address`, and says so within `limit`.
pub fn greets_as_ami(address: SocketAddr, limit: Duration) -> bool {
    // One half is for the connection.
    let banner = exchange(address, b"", limit / 2).unwrap_or_default();
    looks_like_ami(first_line(&banner))
}

fn exchange(address: SocketAddr, greeting: &[u8], limit: Duration) -> Option<Vec<u8>> {
    let limit = limit.max(Duration::from_millis(1));
    let mut stream = TcpStream::connect_timeout(&address, limit).ok()?;
    stream.set_write_timeout(Some(limit)).ok()?;
    stream.set_read_timeout(Some(limit)).ok()?;
    stream.write_all(greeting).ok()?;
    let mut answer = vec![0; 512];
    let count = stream.read(&mut answer).ok()?;
    answer.truncate(count);
    Some(answer)
}
