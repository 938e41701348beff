//! The reader thread: socket, framer, router, backlog. It waits for nothing but
//! the socket, because Asterisk drops a client that stalls for 100 ms.

use super::arrival::{Arrival, Arrived, Ended, Gap};
use super::config::Config;
use super::error::{Error, words};
use super::link::{Link, Shared};
use super::transport;
use crate::ami::{Frame, Framer, Packet};
use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::time::SystemTime;

/// Packets that are handed on together. Very small ones cost twenty times their
/// bytes until they are in the backlog, and one read may bring 25,000.
const BATCH: usize = 1024;

/// Connects, reads the banner, and starts a thread that reads until the
/// connection ends.
///
/// # Errors
/// No address answers, or what answers does not speak AMI.
pub(super) fn connect(
    config: &Config,
    generation: u64,
    shared: &Shared,
) -> Result<Arc<Link>, Error> {
    let opened = transport::open(config)?;
    let banner = opened.banner.escape_ascii();
    let target = config.target();
    config
        .trace
        .note(|| format!("connected to {target}: {banner}"));
    let is_verified = config.tls.as_ref().is_some_and(|tls| !tls.insecure);
    let link = Arc::new(Link::new(
        generation,
        opened.banner,
        opened.certificate,
        is_verified,
        opened.outbound,
        shared.clone(),
    ));
    let (incoming, framer) = (opened.incoming, opened.framer);
    let (read_link, shared) = (link.clone(), shared.clone());
    let reading = move || {
        let ended = read(incoming, framer, &read_link, &shared);
        read_link.end(ended);
    };
    let thread = std::thread::Builder::new().name("reader".into());
    match thread.spawn(reading) {
        Ok(reader) => link.set_reader(reader),
        Err(why) => return Err(Error::local("start a thread", why)),
    }
    Ok(link)
}

fn read(
    mut incoming: Box<dyn Read + Send>,
    mut framer: Framer,
    link: &Link,
    shared: &Shared,
) -> Ended {
    let mut packets = Vec::new();
    let mut restart = None;
    loop {
        // First the packets that came along with the banner.
        let time = SystemTime::now();
        let mut arrived = Vec::new();
        let mut brought = 0;
        while let Some(frame) = framer.next_frame_for(link) {
            match frame {
                Frame::Packet(packet) => {
                    shared.trace.received(time, packet.bytes());
                    restart = announced(&packet).or(restart);
                    packets.push(packet);
                    if packets.len() >= BATCH {
                        link.route(&mut packets, &[], time, &mut arrived);
                        let arrived = std::mem::take(&mut arrived);
                        brought += shared.backlog.append_read(arrived, framer.chunk());
                    }
                }
                Frame::Oversize(bytes) => {
                    link.route(&mut packets, &[], time, &mut arrived);
                    let what = Arrival::Gap(Gap::Oversize { bytes });
                    arrived.push(Arrived { time, what });
                }
                // The framer returns it once, and it has been read already.
                Frame::Banner(_) => {}
            }
        }
        link.route(&mut packets, framer.rest(), time, &mut arrived);
        brought += shared.backlog.append_read(arrived, framer.chunk());
        shared.backlog.hold_back(brought);
        if link.is_closed() {
            return Ended::Closed;
        }
        match incoming.read(framer.space()) {
            Ok(0) if !framer.rest().is_empty() => return Ended::InsidePacket,
            Ok(0) => return restart.map_or(Ended::Closed, |restart| Ended::Shutdown { restart }),
            Ok(count) => framer.filled(shared.counted(count)),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // TLS: the connection ended inside a record, so inside a packet.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ended::InsidePacket,
            // A server that is killed, or drops a slow client, discards what it
            // has not read, which the client sees as a reset.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {
                return match restart {
                    _ if !framer.rest().is_empty() => Ended::InsidePacket,
                    Some(restart) => Ended::Shutdown { restart },
                    None => Ended::Broken(words(&error)),
                };
            }
            Err(error) => return Ended::Broken(words(&error)),
        }
    }
}

/// Whether the packet announces that the server stops, and if so whether it
/// will restart. Sent to sessions that get events of class system (1.4 to 23).
fn announced(packet: &Packet) -> Option<bool> {
    // Runs for every event: comparing bytes is cheaper than parsing headers.
    let is_last = packet.bytes().starts_with(b"Event: Shutdown\r\n");
    is_last.then(|| {
        packet
            .get("Restart")
            .is_some_and(|r| r.eq_ignore_ascii_case(b"True"))
    })
}
