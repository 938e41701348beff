//! Numbered UserEvents from a separate connection, as many and as fast as a
//! server accepts them.

use crate::support::Watched;
use amish::ami::{Frame, Framer, Kind};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// The time in which a server answers all Actions, at most 150,000.
const ANSWERED: Duration = Duration::from_secs(120);

/// The sender. Its own events are off, and it reads the answers, because a
/// client that only writes is dropped as a slow reader.
pub struct Sender {
    stream: TcpStream,
    sent: u64,
    /// How many were answered with Success; None once the server has closed.
    answered: Arc<Watched<Option<u64>>>,
}

impl Sender {
    pub fn log_in(address: SocketAddr, user: &str, secret: &str) -> Sender {
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        let login =
            format!("Action: Login\r\nUsername: {user}\r\nSecret: {secret}\r\nEvents: off\r\n\r\n");
        stream.write_all(login.as_bytes()).expect("it listens");
        let answered = Watched::new(Some(0));
        let (from, count) = (stream.try_clone(), answered.clone());
        let from = from.expect("a descriptor");
        std::thread::spawn(move || count_answers(from, &count));
        Sender {
            stream,
            sent: 1,
            answered,
        }
    }

    /// Sends a UserEvent `name` for each number, each about `bytes` long when
    /// received (100 to 1000).
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

    /// Waits until all were answered with Success.
    pub fn wait_until_answered(&self) {
        let sent = self.sent;
        let all = |answered: &Option<u64>| match *answered {
            Some(count) => (count == sent).then_some(()),
            None => panic!("the server has closed"),
        };
        let answered = self.answered.wait(ANSWERED, all);
        assert!(answered.is_some(), "all of {sent} Actions succeed");
    }
}

/// Counts the answers with Success until the server closes.
fn count_answers(mut from: TcpStream, answered: &Watched<Option<u64>>) {
    let mut framer = Framer::new();
    while let Ok(count @ 1..) = from.read(framer.space()) {
        framer.filled(count);
        let mut well = 0;
        while let Some(frame) = framer.next_frame() {
            if let Frame::Packet(one) = frame {
                let success = one.kind() == Kind::Response && one.name() == b"Success";
                well += u64::from(success);
            }
        }
        answered.change(|answered| *answered = answered.map(|count| count + well));
    }
    answered.change(|answered| *answered = None);
}
