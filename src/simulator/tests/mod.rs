//! The simulator through its own socket, one family of actions at a time.

mod calls;
mod fleet;
mod office;
mod session;
mod transfers;

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use super::{Config, Simulator};

pub(super) fn start(config: Config) -> Simulator {
    Simulator::start(TcpListener::bind("127.0.0.1:0").unwrap(), config).unwrap()
}

/// A client as simple as telnet.
pub(super) struct Telnet {
    stream: TcpStream,
}

impl Telnet {
    pub(super) fn to(simulator: &Simulator) -> Telnet {
        Telnet::to_addr(simulator.addr())
    }

    pub(super) fn to_addr(addr: SocketAddr) -> Telnet {
        let stream = TcpStream::connect(addr).unwrap();
        // So that a test that would hang fails instead.
        let limit = Some(Duration::from_secs(20));
        stream.set_read_timeout(limit).unwrap();
        stream.set_write_timeout(limit).unwrap();
        Telnet { stream }
    }

    pub(super) fn login(simulator: &Simulator, user: &str, events: &str) -> Telnet {
        let mut telnet = Telnet::to(simulator);
        telnet.send(&format!(
            "Action: Login\nUsername: {user}\nSecret: {user}\nEvents: {events}\n\n"
        ));
        telnet.until("Authentication accepted\r\n\r\n");
        telnet
    }

    pub(super) fn send(&mut self, text: &str) {
        self.stream.write_all(text.as_bytes()).unwrap();
    }

    /// What came up to and including `end`.
    pub(super) fn until(&mut self, end: &str) -> String {
        let mut text = Vec::new();
        while !text.ends_with(end.as_bytes()) {
            let mut byte = [0];
            match self.stream.read(&mut byte) {
                Ok(1) => text.push(byte[0]),
                ended => panic!(
                    "{ended:?} while waiting for {end:?} behind {}",
                    String::from_utf8_lossy(&text)
                ),
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Sends an action and returns its answer, a single packet.
    pub(super) fn ask(&mut self, lines: &str) -> String {
        self.send(&format!("{lines}\n\n"));
        self.until("\r\n\r\n")
    }

    /// The same, of an action with this ActionID, past the events before it.
    pub(super) fn until_answer(&mut self, lines: &str, id: &str) -> String {
        self.send(&format!("{lines}\n\n"));
        loop {
            let packet = self.until("\r\n\r\n");
            let answers = packet.starts_with("Response: ");
            if answers && packet.contains(&format!("ActionID: {id}\r\n")) {
                return packet;
            }
        }
    }

    /// The answer of one packet as in `ask`, or None if the connection has ended.
    pub(super) fn try_ask(&mut self, lines: &str) -> Option<String> {
        let mut text = Vec::new();
        let mut byte = [0];
        if !self.try_send(&format!("{lines}\n\n")) {
            return None;
        }
        while !text.ends_with(b"\r\n\r\n") {
            match self.stream.read(&mut byte) {
                Ok(1) => text.push(byte[0]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => panic!("no answer"),
                _ => return None,
            }
        }
        Some(String::from_utf8_lossy(&text).into_owned())
    }

    /// False if the connection has ended.
    pub(super) fn try_send(&mut self, text: &str) -> bool {
        self.stream.write_all(text.as_bytes()).is_ok()
    }

    /// True if there is a banner, false if the connection is closed without
    /// one.
    pub(super) fn gets_a_banner(mut self) -> bool {
        matches!(self.stream.read(&mut [0]), Ok(1))
    }

    /// Closes the connection.
    pub(super) fn leave(self) {
        drop(self.stream);
    }

    /// Everything up to the end of the connection.
    pub(super) fn rest(mut self) -> String {
        let mut text = Vec::new();
        // A reset counts as an end here.
        let _ = self.stream.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    }
}
