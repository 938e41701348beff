//! Reading: socket, framer, router, backlog. It waits for nothing but
//! the socket, because Asterisk drops a client that stalls for 100 ms.

use super::arrival::{Arrival, Ended, Gap};
use super::config::Config;
use super::error::{Error, words};
use super::link::{Link, Shared};
use super::poller::Polled;
use super::transport::{self, Incoming};
use crate::ami::{Frame, Framer, Packet};
use std::io::{ErrorKind, Read};
use std::net::TcpStream;
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
    let mut reading = Reading {
        incoming: opened.incoming,
        framer: opened.framer,
        link: link.clone(),
        shared: shared.clone(),
        packets: Vec::new(),
        restart: None,
    };
    if let (Some(poller), Incoming::Plain(_)) = (&config.poller, &reading.incoming) {
        reading.hand_over();
        let added = poller.add(Box::new(reading));
        added.map_err(|why| Error::local("watch a socket", why))?;
        return Ok(link);
    }
    let thread = std::thread::Builder::new().name("reader".into());
    match thread.spawn(move || reading.run()) {
        Ok(reader) => link.set_reader(reader),
        Err(why) => return Err(Error::local("start a thread", why)),
    }
    Ok(link)
}

/// One connection being read, by a thread of its own or by the poller of many.
pub(super) struct Reading {
    incoming: Incoming,
    framer: Framer,
    link: Arc<Link>,
    shared: Shared,
    packets: Vec<Packet>,
    /// The server has announced its end, and whether it will restart.
    restart: Option<bool>,
}

impl Reading {
    fn run(mut self) {
        loop {
            // First the packets that came along with the banner.
            let brought = self.hand_over();
            self.announce();
            self.shared.backlog.hold_back(brought);
            if let Some(ended) = self.read() {
                return self.link.end(ended);
            }
        }
    }

    /// Puts what was read into the backlog, and returns how much memory that takes.
    fn hand_over(&mut self) -> usize {
        let Reading {
            framer,
            link,
            shared,
            packets,
            ..
        } = self;
        let time = SystemTime::now();
        let mut arrived = Vec::new();
        let mut brought = 0;
        while let Some(frame) = framer.next_frame_for(&**link) {
            match frame {
                Frame::Packet(packet) => {
                    shared.trace.received(time, packet.bytes());
                    self.restart = announced(&packet).or(self.restart);
                    packets.push(packet);
                    if packets.len() >= BATCH {
                        link.route(packets, &[], time, &mut arrived);
                        let arrived = std::mem::take(&mut arrived);
                        brought += shared.backlog.append_read(arrived, framer.chunk());
                    }
                }
                Frame::Oversize(bytes) => {
                    link.route(packets, &[], time, &mut arrived);
                    let what = Arrival::Gap(Gap::Oversize { bytes });
                    arrived.push(link.numbered(time, what));
                }
                // The framer returns it once, and it has been read already.
                Frame::Banner(_) => {}
            }
        }
        link.route(packets, framer.rest(), time, &mut arrived);
        brought + shared.backlog.append_read(arrived, framer.chunk())
    }

    /// Reads once. Some: the connection has ended.
    fn read(&mut self) -> Option<Ended> {
        if self.link.is_closed() {
            return Some(Ended::Closed);
        }
        let is_begun = !self.framer.rest().is_empty();
        match self.incoming.read(self.framer.space()) {
            Ok(0) if is_begun => Some(Ended::InsidePacket),
            Ok(0) => Some(
                self.restart
                    .map_or(Ended::Closed, |restart| Ended::Shutdown { restart }),
            ),
            Ok(count) => {
                self.framer.filled(self.shared.counted(count));
                None
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => None,
            // TLS: the connection ended inside a record, so inside a packet.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Some(Ended::InsidePacket),
            // A server that is killed, or drops a slow client, discards what it
            // has not read, which the client sees as a reset.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Some(match self.restart {
                _ if is_begun => Ended::InsidePacket,
                Some(restart) => Ended::Shutdown { restart },
                None => Ended::Broken(words(&error)),
            }),
            Err(error) => Some(Ended::Broken(words(&error))),
        }
    }
}

impl Polled for Reading {
    fn socket(&self) -> Option<&TcpStream> {
        match &self.incoming {
            Incoming::Plain(stream) => Some(stream),
            Incoming::Secured(_) => None,
        }
    }

    fn turn(&mut self) -> bool {
        let ended = self.read();
        self.hand_over();
        let is_over = ended.is_some();
        if let Some(ended) = ended {
            self.link.end(ended);
        }
        is_over
    }

    fn announce(&self) {
        self.shared.backlog.announce();
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
