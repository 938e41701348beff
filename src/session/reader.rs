//! The reader thread: socket, framer, router, backlog. It waits for nothing
//! but the socket, because Asterisk drops a client that stalls for 100 ms.

use super::arrival::{Arrival, Arrived, Ended, Gap};
use super::backlog::Backlog;
use super::link::Link;
use super::transport;
use crate::ami::{Frame, Framer, Packet};
use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::SystemTime;

/// Starts reading `incoming` for `link`. The thread ends with the connection.
pub(super) fn start(
    incoming: Box<dyn Read + Send>,
    framer: Framer,
    link: Arc<Link>,
    backlog: Arc<Backlog>,
) -> std::io::Result<JoinHandle<()>> {
    let reading = move || {
        let ended = read(incoming, framer, &link, &backlog);
        link.end(ended);
    };
    std::thread::Builder::new()
        .name("reader".into())
        .spawn(reading)
}

fn read(
    mut incoming: Box<dyn Read + Send>,
    mut framer: Framer,
    link: &Link,
    backlog: &Backlog,
) -> Ended {
    let mut packets = Vec::new();
    let mut restart = None;
    loop {
        // First what came behind the banner.
        let time = SystemTime::now();
        let mut arrived = Vec::new();
        while let Some(frame) = framer.next_frame() {
            match frame {
                Frame::Packet(packet) => {
                    link.trace.received(time, packet.bytes());
                    restart = announced(&packet).or(restart);
                    packets.push(packet);
                }
                Frame::Oversize(bytes) => {
                    link.route(&mut packets, time, &mut arrived);
                    let what = Arrival::Gap(Gap::Oversize { bytes });
                    arrived.push(Arrived { time, what });
                }
                // The framer gives it once, and it was taken before.
                Frame::Banner(_) => {}
            }
        }
        link.route(&mut packets, time, &mut arrived);
        backlog.append(arrived);
        match incoming.read(framer.space()) {
            Ok(0) if !framer.rest().is_empty() => return Ended::InsidePacket,
            Ok(0) => return restart.map_or(Ended::Closed, |restart| Ended::Shutdown { restart }),
            Ok(count) => framer.filled(count),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // Of TLS: the bytes of a packet came that cannot be decrypted yet.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ended::InsidePacket,
            // A server that is killed, or drops a client that reads too slowly,
            // throws away what it has not read yet, and that looks so.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {
                return match restart {
                    _ if !framer.rest().is_empty() => Ended::InsidePacket,
                    Some(restart) => Ended::Shutdown { restart },
                    None => Ended::Broken(transport::words(&error)),
                };
            }
            Err(error) => return Ended::Broken(transport::words(&error)),
        }
    }
}

/// Does the server say with this that it stops, and will it start again? It
/// does so to sessions that see events of class system (1.4 to 23).
fn announced(packet: &Packet) -> Option<bool> {
    // Cheaper than the header, for every event there is.
    let is_last = packet.bytes().starts_with(b"Event: Shutdown\r\n");
    is_last.then(|| {
        packet
            .get("Restart")
            .is_some_and(|r| r.eq_ignore_ascii_case(b"True"))
    })
}
