//! A real nats-server with JetStream on a free port, in a folder of its own,
//! which a test can kill and start again.

use crate::redis::Entry;
use crate::support::{skipped, until};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// The server. It ends with the test.
pub struct Nats {
    port: u16,
    folder: TempDir,
    child: Option<Child>,
}

/// A client of its own, for the questions of a test.
struct Client(BufReader<TcpStream>);

impl Nats {
    /// Starts one. None: this machine has none, which is said.
    pub fn start() -> Option<Nats> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut nats = Nats {
            port: listener.local_addr().unwrap().port(),
            folder: TempDir::new().unwrap(),
            child: None,
        };
        drop(listener);
        nats.begin().then_some(nats)
    }

    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Makes the stream that keeps what amish publishes.
    pub fn keep(&self) {
        let made = self.ask(
            "$JS.API.STREAM.CREATE.AMI",
            r#"{"name":"AMI","subjects":["ami.>"],"storage":"file","retention":"limits","num_replicas":1,"allow_direct":true}"#,
        );
        assert!(made.1.contains("\"created\""), "{made:?}");
    }

    /// Starts it again, with what it had.
    pub fn again(&mut self) {
        assert!(self.begin());
    }

    fn begin(&mut self) -> bool {
        let started = Command::new("nats-server")
            .args([
                "-a",
                "127.0.0.1",
                "-p",
                &self.port.to_string(),
                "-js",
                "-sd",
            ])
            .arg(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match started {
            Err(why) if why.kind() == ErrorKind::NotFound => {
                skipped("there is no nats-server");
                return false;
            }
            started => self.child = Some(started.unwrap()),
        }
        until("nats-server answers", || {
            TcpStream::connect(("127.0.0.1", self.port)).is_ok()
        });
        true
    }

    /// SIGKILL: it has no time to save anything.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    fn ask(&self, subject: &str, text: &str) -> (String, String) {
        let mut client = Client::connect(self.port);
        client.send(subject, text);
        client.answer()
    }

    /// How many messages the stream has.
    pub fn count(&self) -> usize {
        let (_, about) = self.ask("$JS.API.STREAM.INFO.AMI", "");
        let about: serde_json::Value = serde_json::from_str(&about).unwrap();
        usize::try_from(about["state"]["last_seq"].as_u64().unwrap_or_default()).unwrap()
    }

    /// The latest message.
    pub fn last(&self) -> String {
        let number = format!("{{\"seq\":{}}}", self.count());
        self.ask("$JS.API.DIRECT.GET.AMI", &number).1
    }

    /// All messages, oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        let count = self.count();
        // Answers come to everybody who listens there, so this is the only client.
        let mut client = Client::connect(self.port);
        let entry = |number: usize| {
            client.send("$JS.API.DIRECT.GET.AMI", &format!("{{\"seq\":{number}}}"));
            let (headers, json) = client.answer();
            let header = |name: &str| {
                let line = headers.lines().find_map(|line| line.strip_prefix(name));
                line.unwrap_or_else(|| panic!("{name}: {headers}"))
                    .to_owned()
            };
            let id = header("Nats-Msg-Id: ");
            Entry {
                subject: header("Nats-Subject: "),
                id: id.strip_prefix("office-").expect("the PBX").to_owned(),
                json,
            }
        };
        (1..=count).map(entry).collect()
    }
}

impl Client {
    fn connect(port: u16) -> Client {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let hello =
            "CONNECT {\"verbose\":false,\"headers\":true,\"protocol\":1}\r\nSUB answers 1\r\n";
        stream.write_all(hello.as_bytes()).unwrap();
        Client(BufReader::new(stream))
    }

    fn send(&mut self, subject: &str, text: &str) {
        let text = format!("PUB {subject} answers {}\r\n{text}\r\n", text.len());
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }

    /// The headers and the text of the next answer.
    fn answer(&mut self) -> (String, String) {
        loop {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            let words: Vec<&str> = line.split_whitespace().collect();
            let length = |at: usize| words[words.len() - at].parse::<usize>().unwrap();
            let (headers, whole) = match words[0] {
                "MSG" => (0, length(1)),
                "HMSG" => (length(2), length(1)),
                _ => continue,
            };
            let mut bytes = vec![0; whole + 2];
            self.0.read_exact(&mut bytes).unwrap();
            let text = String::from_utf8(bytes).unwrap();
            let (headers, text) = text.split_at(headers);
            return (headers.to_owned(), text.trim_end().to_owned());
        }
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.kill();
    }
}
