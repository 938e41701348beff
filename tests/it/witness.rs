//! Who sees how far a server is with sending numbered events.

use crate::support::Watched;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// Receives events, and looks at their numbers only: with little work a server
/// does not drop it, however busy the machine is.
pub struct Witness {
    last: Arc<Watched<Option<u64>>>,
}

impl Witness {
    pub fn log_in(address: SocketAddr, user: &str, secret: &str) -> Witness {
        let mut stream = TcpStream::connect(address).expect("a connection");
        let login = format!(
            "Action: Login\r\nUsername: {user}\r\nSecret: {secret}\r\nEvents: user\r\n\r\n"
        );
        stream.write_all(login.as_bytes()).expect("it listens");
        let last = Watched::new(None);
        let seen = last.clone();
        std::thread::spawn(move || watch(stream, &seen));
        Witness { last }
    }

    /// Whether the event with this number comes within `bound`.
    pub fn sees(&self, number: u64, bound: Duration) -> bool {
        let is_it = |last: &Option<u64>| (*last == Some(number)).then_some(());
        self.last.wait(bound, is_it).is_some()
    }
}

/// Keeps the last number up to date until the server closes.
fn watch(mut from: TcpStream, last: &Watched<Option<u64>>) {
    const KEY: &[u8] = b"\r\nNumber: ";
    let mut buffer = vec![0; 1024 * 1024];
    // What is behind the last whole number.
    let mut kept = 0;
    while let Ok(count @ 1..) = from.read(&mut buffer[kept..]) {
        let end = kept + count;
        let whole = memchr::memrchr(b'\n', &buffer[..end]).unwrap_or(0);
        if let Some(at) = memchr::memmem::rfind(&buffer[..whole], KEY) {
            let digits = &buffer[at + KEY.len()..whole];
            let digits = digits.split(|byte| *byte == b'\r').next();
            let number = digits.and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok());
            last.change(|last| *last = number);
        }
        buffer.copy_within(whole..end, 0);
        kept = end - whole;
    }
}
