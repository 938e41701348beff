//! A server that sends what a test tells it to, for conversations that go
//! wrong.

use crate::program::amish;
use crate::support::BOUND;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Serves connections one after the other on its own port, until dropped. The
/// test fails if the server received something unexpected.
pub struct Scripted {
    address: SocketAddr,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// One connection, from the server's side.
pub struct Conversation {
    reader: BufReader<TcpStream>,
    /// The ActionID received last.
    id: String,
    /// At most this many bytes per write.
    pub piece: usize,
}

/// A request: its lines in order without line ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    pub lines: Vec<String>,
}

impl Scripted {
    /// Passes every connection to `script` and closes it when that returns.
    pub fn start(mut script: impl FnMut(&mut Conversation) + Send + 'static) -> Scripted {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let over = Arc::new(AtomicBool::new(false));
        let ending = over.clone();
        let thread = std::thread::spawn(move || {
            loop {
                let (stream, _) = listener.accept().expect("a client");
                if ending.load(Ordering::SeqCst) {
                    return;
                }
                // A client that never speaks must fail the test instead of
                // hanging it.
                stream.set_read_timeout(Some(BOUND)).expect("a timeout");
                stream.set_nodelay(true).expect("no delay");
                script(&mut Conversation {
                    reader: BufReader::new(stream),
                    id: String::new(),
                    piece: usize::MAX,
                });
            }
        });
        Scripted {
            address,
            over,
            thread: Some(thread),
        }
    }

    /// A server that logs everybody in, then runs `script`.
    pub fn logged_in(mut script: impl FnMut(&mut Conversation) + Send + 'static) -> Scripted {
        Scripted::start(move |conversation| {
            conversation.log_in();
            script(conversation);
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// As a TARGET.
    pub fn target(&self) -> String {
        self.address.to_string()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
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

impl Conversation {
    /// The ActionID received last.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Sends these bytes. A client that has left is not an error.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let stream = self.reader.get_mut();
        let mut pieces = bytes.as_ref().chunks(self.piece);
        let _ = pieces.try_for_each(|piece| stream.write_all(piece));
    }

    /// Sends packets written with LF between lines and an empty line between
    /// packets, with CRLF for each; `$ID` is the ActionID received last.
    pub fn packets(&mut self, text: &str) {
        let text = text.replace("$ID", &self.id).replace('\n', "\r\n");
        self.send(text + "\r\n\r\n");
    }

    /// Sends a Response with the ActionID received last, and these lines.
    pub fn answer(&mut self, status: &str, lines: &str) {
        let lines = if lines.is_empty() {
            String::new()
        } else {
            format!("\n{lines}")
        };
        self.packets(&format!("Response: {status}\nActionID: $ID{lines}"));
    }

    /// The next request, or None if the client has left.
    pub fn hear(&mut self) -> Option<Request> {
        let mut lines: Vec<String> = Vec::new();
        loop {
            let mut line = Vec::new();
            match self.reader.read_until(b'\n', &mut line) {
                Ok(0) if lines.is_empty() => return None,
                Ok(0) => panic!("the client left inside a request: {lines:?}"),
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(error) => panic!("waiting for a request: {error}; heard {lines:?}"),
            }
            let line = String::from_utf8_lossy(&line);
            let line = line.strip_suffix("\r\n").expect("lines end in CRLF");
            if line.is_empty() {
                let request = Request { lines };
                self.id = request.get("ActionID").unwrap_or_default().to_owned();
                return Some(request);
            }
            lines.push(line.to_owned());
        }
    }

    /// Nothing comes for this long.
    #[track_caller]
    pub fn expect_nothing(&mut self, time: Duration) {
        let wait = |reader: &BufReader<TcpStream>, time| {
            let set = reader.get_ref().set_read_timeout(Some(time));
            set.expect("a timeout");
        };
        wait(&self.reader, time);
        let came = self.reader.fill_buf();
        assert!(came.is_err(), "{:?}", came.map(String::from_utf8_lossy));
        wait(&self.reader, BOUND);
    }

    /// The next request, which must be this Action.
    #[track_caller]
    pub fn expect(&mut self, action: &str) -> Request {
        let request = self
            .hear()
            .unwrap_or_else(|| panic!("no {action}: the client left"));
        let name = request.get("Action").unwrap_or_default();
        assert!(
            name.eq_ignore_ascii_case(action),
            "not {action}: {request:?}"
        );
        request
    }

    /// Banner, challenge and login, for any user.
    pub fn log_in(&mut self) {
        self.greet("11.0.0");
    }

    /// The same for a server of this version of AMI.
    pub fn greet(&mut self, version: &str) {
        self.send(format!("Asterisk Call Manager/{version}\r\n"));
        self.expect("Challenge");
        self.answer("Success", "Challenge: 123456789");
        self.expect("Login");
        self.answer("Success", "Message: Authentication accepted");
    }

    /// Answers requests as a simple server would, until the client has left.
    pub fn carry_on(&mut self) {
        while let Some(request) = self.hear() {
            match request
                .get("Action")
                .map(str::to_ascii_lowercase)
                .as_deref()
            {
                Some("ping") => self.answer("Success", "Ping: Pong"),
                Some("events") => self.answer("Success", "Events: On"),
                Some("listcommands") => self.answer("Success", "Ping: Keepalive. (Priv: <none>)"),
                Some("logoff") => {
                    self.answer("Goodbye", "Message: Thanks for all the fish.");
                    return;
                }
                _ => self.answer("Error", "Message: Invalid/unknown command"),
            }
        }
    }
}

impl Request {
    /// The value of the first header `key`, in any case.
    pub fn get(&self, key: &str) -> Option<&str> {
        let header = |line: &String| {
            let (name, _) = line.split_once(':')?;
            let value = line.get(name.len() + 1..)?;
            name.eq_ignore_ascii_case(key)
                .then(|| name.len() + 1 + usize::from(value.starts_with(' ')))
        };
        self.lines
            .iter()
            .find_map(|line| header(line).and_then(|at| line.get(at..)))
    }
}

// A complete session, from which faulty conversations deviate.
#[test]
fn a_scripted_server_is_good_enough_for_amish() {
    let server = Scripted::logged_in(|conversation| {
        let ping = conversation.expect("Ping");
        assert!(ping.get("ActionID").is_some_and(|id| id.len() <= 60));
        conversation.answer("Success", "Ping: Pong");
        conversation.carry_on();
    });
    let args = format!("-u me {} Ping", server.target());
    let done = amish(&args).env("AMISH_SECRET", "secret").run();
    assert_eq!(done.code, 0, "{done:?}");
    assert!(done.out.contains("Ping: Pong\n"), "{}", done.out);
}
