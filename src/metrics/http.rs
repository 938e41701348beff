//! Serves the metrics by HTTP: GET of one path, one answer a connection. It is no
//! web server: what is unusual is refused, and nobody is waited for.

use super::text::Exposition;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Connections at once; the next is told to come later. Prometheus has one.
const CLIENTS: usize = 16;

/// The longest request, in bytes, with all its headers.
const REQUEST: usize = 8 * 1024;

/// How long a request may take to come.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a reader may take for the answer.
const READING: Duration = Duration::from_secs(10);

/// How long accepting rests when there is no descriptor left.
const REST: Duration = Duration::from_millis(200);

/// The path.
pub const PATH: &str = "/metrics";

/// The text of the metrics, in a format.
pub type Source = dyn Fn(Exposition) -> String + Send + Sync;

/// A socket that listens.
#[derive(Debug)]
pub struct Listening(TcpListener);

impl Listening {
    /// Listens at `address`.
    ///
    /// # Errors
    /// The address is no address, is in use, or is not of this machine.
    pub fn at(address: &str) -> io::Result<Listening> {
        TcpListener::bind(address).map(Listening)
    }

    /// Where it listens.
    ///
    /// # Errors
    /// The system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    /// Serves until the process ends. `failed` is called the first time that a
    /// connection cannot be accepted.
    pub fn serve(self, source: &Arc<Source>, failed: &dyn Fn(&io::Error)) -> ! {
        let clients = Arc::new(AtomicUsize::new(0));
        let mut is_told = false;
        loop {
            let stream = match self.0.accept() {
                Ok((stream, _)) => stream,
                // It has left already.
                Err(error) if error.kind() == ErrorKind::ConnectionAborted => continue,
                Err(error) => {
                    if !is_told {
                        is_told = true;
                        failed(&error);
                    }
                    std::thread::sleep(REST);
                    continue;
                }
            };
            let place = Place::take(&clients);
            let source = source.clone();
            let Some(place) = place else {
                refuse(stream);
                continue;
            };
            let serving = move || {
                // Who has left is not missed.
                let _ = talk(stream, &*source);
                drop(place);
            };
            // Without a thread the client is dropped, and comes again.
            let _ = std::thread::Builder::new()
                .name("scrape".into())
                .spawn(serving);
        }
    }
}

/// One of the connections.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(clients: &Arc<AtomicUsize>) -> Option<Place> {
        let before = clients.fetch_add(1, Ordering::AcqRel);
        let place = Place(clients.clone());
        (before < CLIENTS).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

fn refuse(mut stream: TcpStream) {
    let busy = Answer::plain("503 Service Unavailable", "too many connections\n");
    // The system takes so little at once.
    let _ = stream.set_nonblocking(true);
    let _ = stream.write_all(&busy.bytes());
}

fn talk(mut stream: TcpStream, source: &Source) -> io::Result<()> {
    let answer = match request(&mut stream)? {
        Ok(head) => answer(&head, source),
        Err(refused) => refused,
    };
    let until = Instant::now() + READING;
    let bytes = answer.bytes();
    let mut left = &bytes[..];
    while !left.is_empty() {
        stream.set_write_timeout(Some(until_then(until)?))?;
        match stream.write(left) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(count) => left = left.get(count..).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    // What the client still sends would reset the connection, and with it the
    // answer.
    stream.shutdown(Shutdown::Write)?;
    let until = Instant::now() + PATIENCE;
    let mut rest = [0; 1024];
    for _ in 0..64 {
        stream.set_read_timeout(Some(until_then(until)?))?;
        if stream.read(&mut rest)? == 0 {
            break;
        }
    }
    Ok(())
}

/// The head of a request, through its empty line; or why it is refused.
fn request(stream: &mut TcpStream) -> io::Result<Result<Vec<u8>, Answer>> {
    let until = Instant::now() + PATIENCE;
    let mut head = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        let read = until_then(until).and_then(|left| {
            stream.set_read_timeout(Some(left))?;
            stream.read(&mut buffer)
        });
        match read {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => head.extend_from_slice(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()) => {
                return Ok(Err(Answer::plain("408 Request Timeout", "too slow\n")));
            }
            Err(error) => return Err(error),
        }
        let is_whole = |end: &[u8]| head.windows(end.len()).any(|some| some == end);
        if is_whole(b"\r\n\r\n") || is_whole(b"\n\n") {
            return Ok(Ok(head));
        }
        if head.len() > REQUEST {
            let status = "431 Request Header Fields Too Large";
            return Ok(Err(Answer::plain(status, "too long\n")));
        }
    }
}

/// The time until `until`.
fn until_then(until: Instant) -> io::Result<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    match left.is_zero() {
        true => Err(ErrorKind::TimedOut.into()),
        false => Ok(left),
    }
}

struct Answer {
    status: &'static str,
    media_type: &'static str,
    body: String,
}

impl Answer {
    fn plain(status: &'static str, body: &str) -> Answer {
        Answer {
            status,
            media_type: "text/plain; charset=utf-8",
            body: body.to_owned(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let Answer {
            status,
            media_type,
            body,
        } = self;
        let length = body.len();
        let allow = match status.starts_with("405") {
            true => "Allow: GET\r\n",
            false => "",
        };
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n\
             {allow}Connection: close\r\n\r\n{body}"
        );
        head.into_bytes()
    }
}

fn answer(head: &[u8], source: &Source) -> Answer {
    let Ok(head) = std::str::from_utf8(head) else {
        return Answer::plain("400 Bad Request", "this is HTTP\n");
    };
    let mut lines = head.lines();
    let mut words = lines.next().unwrap_or_default().split(' ');
    let first = (words.next(), words.next(), words.next(), words.next());
    let (Some(method), Some(target), Some(version), None) = first else {
        return Answer::plain("400 Bad Request", "this is HTTP\n");
    };
    if !version.starts_with("HTTP/1.") {
        return Answer::plain("400 Bad Request", "this is HTTP/1.1\n");
    }
    if method != "GET" {
        return Answer::plain("405 Method Not Allowed", "only GET is allowed\n");
    }
    match target.split('?').next() {
        Some(PATH) => {
            let format = accepted(lines);
            Answer {
                status: "200 OK",
                media_type: format.media_type(),
                body: source(format),
            }
        }
        Some("/") => Answer::plain("200 OK", "amish: the metrics are at /metrics\n"),
        _ => Answer::plain("404 Not Found", "the metrics are at /metrics\n"),
    }
}

/// OpenMetrics for those that ask for it.
fn accepted<'a>(mut headers: impl Iterator<Item = &'a str>) -> Exposition {
    let asks = |line: &str| {
        let header = line.split_once(':');
        header.is_some_and(|(key, value)| {
            key.eq_ignore_ascii_case("Accept") && value.contains("application/openmetrics-text")
        })
    };
    match headers.any(asks) {
        true => Exposition::OpenMetrics,
        false => Exposition::Prometheus,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(head: &str) -> String {
        let source = |format: Exposition| format!("{format:?}");
        let bytes = answer(head.as_bytes(), &source).bytes();
        String::from_utf8(bytes).unwrap()
    }

    // Whatever the network sends, there is one path to read and nothing to change.
    #[test]
    fn there_is_one_path_to_get() {
        for (head, status) in [
            ("GET /metrics HTTP/1.1\r\n\r\n", "200 OK"),
            ("GET /metrics?x=1 HTTP/1.0\r\n\r\n", "200 OK"),
            ("GET / HTTP/1.1\r\n\r\n", "200 OK"),
            ("GET /metrics/ HTTP/1.1\r\n\r\n", "404 Not Found"),
            ("GET /../metrics HTTP/1.1\r\n\r\n", "404 Not Found"),
            ("POST /metrics HTTP/1.1\r\n\r\n", "405 Method Not Allowed"),
            ("HEAD /metrics HTTP/1.1\r\n\r\n", "405 Method Not Allowed"),
            ("get /metrics HTTP/1.1\r\n\r\n", "405 Method Not Allowed"),
            ("GET /metrics\r\n\r\n", "400 Bad Request"),
            ("GET  /metrics HTTP/1.1\r\n\r\n", "400 Bad Request"),
            ("GET /metrics HTTP/2\r\n\r\n", "400 Bad Request"),
            ("\r\n\r\n", "400 Bad Request"),
            ("\u{0}\u{1b}[31m \n\n", "400 Bad Request"),
        ] {
            let answer = answered(head);
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {status}\r\n")),
                "{head:?}: {answer}"
            );
            assert_eq!(
                answer.contains("Allow: GET\r\n"),
                status.starts_with("405"),
                "{head:?}"
            );
        }
    }

    // Prometheus asks for OpenMetrics, and curl, promtool and others cannot read it.
    #[test]
    fn who_asks_for_openmetrics_gets_it() {
        let plain = answered("GET /metrics HTTP/1.1\r\nAccept: */*\r\n\r\n");
        assert!(
            plain.contains("Content-Type: text/plain; version=0.0.4"),
            "{plain}"
        );
        assert!(plain.ends_with("\r\n\r\nPrometheus"), "{plain}");
        let accept = "accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.3";
        let open = answered(&format!("GET /metrics HTTP/1.1\r\n{accept}\r\n\r\n"));
        assert!(
            open.contains("Content-Type: application/openmetrics-text; version=1.0.0"),
            "{open}"
        );
        assert!(open.ends_with("\r\n\r\nOpenMetrics"), "{open}");
    }
}
