//! UserEvents with numbers, from a connection of its own, as many and as fast
//! as a server takes them.

use amish::ami::{Frame, Framer, Kind};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::Range;
use std::thread::JoinHandle;

/// Who sends them. Its own events are off, and what the server answers is read
/// meanwhile: who only writes is cut as a slow reader.
pub struct Sender {
    stream: TcpStream,
    answers: Option<JoinHandle<u64>>,
    sent: u64,
}

impl Sender {
    pub fn log_in(address: SocketAddr, user: &str, secret: &str) -> Sender {
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        let login =
            format!("Action: Login\r\nUsername: {user}\r\nSecret: {secret}\r\nEvents: off\r\n\r\n");
        stream.write_all(login.as_bytes()).expect("it listens");
        let from = stream.try_clone().expect("a file descriptor");
        Sender {
            stream,
            answers: Some(std::thread::spawn(move || count_answers(from))),
            sent: 0,
        }
    }

    /// One UserEvent `name` for each number, about `bytes` long each as they
    /// arrive (100 to 1000).
    pub fn send(&mut self, name: &str, numbers: Range<u64>, bytes: usize) {
        let text = "x".repeat(bytes.saturating_sub(90));
        let mut actions = Vec::new();
        self.sent += numbers.end - numbers.start;
        for number in numbers {
            let action = format!(
                "Action: UserEvent\r\nUserEvent: {name}\r\nNumber: {number}\r\nText: {text}\r\n\r\n"
            );
            actions.extend_from_slice(action.as_bytes());
            if actions.len() > 64 * 1024 {
                self.stream.write_all(&actions).expect("it takes them");
                actions.clear();
            }
        }
        self.stream.write_all(&actions).expect("it takes them");
    }

    /// Waits until everything was answered well.
    pub fn finish(mut self) {
        let logoff = b"Action: Logoff\r\n\r\n";
        self.stream.write_all(logoff).expect("it listens");
        let answers = self.answers.take().expect("once");
        let well = answers.join().expect("answers that can be read");
        assert_eq!(well, self.sent + 1, "answers to the login and each event");
    }
}

/// How many Actions were answered with Success until the server closed.
fn count_answers(mut from: TcpStream) -> u64 {
    let mut framer = Framer::new();
    let mut well = 0;
    while let Ok(count @ 1..) = from.read(framer.space()) {
        framer.filled(count);
        while let Some(frame) = framer.next_frame() {
            if let Frame::Packet(one) = frame {
                let success = one.kind() == Kind::Response && one.name() == b"Success";
                well += u64::from(success);
            }
        }
    }
    well
}
