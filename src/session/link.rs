//! One life of a connection: who may write, who waits, when it is over.

use super::arrival::{Answer, Arrival, Arrived, Ended};
use super::backlog::Backlog;
use super::error::Error;
use super::supervisor::Watch;
use super::trace::Trace;
use super::transport::{self, Closer};
use super::{Config, reader};
use crate::ami::{Action, Routed, Router, Ticket};
use std::io::{BufWriter, ErrorKind, Write};
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

/// One connection. After it another may come, with the next generation; what
/// was pending on this one ends with it.
pub(super) struct Link {
    /// From 1.
    pub generation: u64,
    /// When it was made.
    pub since: SystemTime,
    /// The server's first line.
    pub banner: Vec<u8>,
    /// Held over "register, then write": answers come in the order of writing.
    writer: Mutex<BufWriter<Box<dyn Write + Send>>>,
    /// To end it while a write hangs.
    closer: Closer,
    desk: Mutex<Desk>,
    backlog: Arc<Backlog>,
    watch: Arc<Watch>,
    reader: Mutex<Option<JoinHandle<()>>>,
    pub(super) trace: Trace,
}

/// Who waits for what, and where the answer goes.
struct Desk {
    router: Router,
    /// Those who wait on a channel of their own; the others' answers join the
    /// backlog, in order with the events.
    waiters: Vec<(Ticket, Sender<Answer>)>,
    open: bool,
    /// It is the session's link: its end is news.
    adopted: bool,
    /// When something came last.
    heard: Instant,
    /// Why it ends, where we know better than the socket.
    verdict: Option<Ended>,
}

/// What a server has to do for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Load {
    /// Every Action is answered.
    Nothing,
    /// Only such are unanswered that nobody waits for any longer.
    GivenUp,
    /// Somebody waits.
    Waiting,
}

impl Link {
    /// Connects, reads the banner and starts reading.
    ///
    /// # Errors
    /// No address answers, or what answers is not AMI.
    pub fn open(
        config: &Config,
        generation: u64,
        backlog: &Arc<Backlog>,
        watch: &Arc<Watch>,
    ) -> Result<Arc<Link>, Error> {
        let opened = transport::open(config)?;
        let banner = opened.banner.escape_ascii();
        config.trace.note(|| {
            format!(
                "connected to {}: {banner}",
                transport::label(&config.host, config.port)
            )
        });
        let link = Arc::new(Link {
            generation,
            since: SystemTime::now(),
            writer: Mutex::new(BufWriter::new(opened.outgoing)),
            closer: opened.closer,
            desk: Mutex::new(Desk {
                router: Router::new(&opened.banner, generation << 32),
                waiters: Vec::new(),
                open: true,
                adopted: false,
                heard: Instant::now(),
                verdict: None,
            }),
            banner: opened.banner,
            backlog: backlog.clone(),
            watch: watch.clone(),
            reader: Mutex::default(),
            trace: config.trace.clone(),
        });
        let (incoming, framer) = (opened.incoming, opened.framer);
        let reader = reader::start(incoming, framer, link.clone(), backlog.clone());
        let reader = reader.map_err(Error::Thread)?;
        *link.reader.lock().unwrap_or_else(PoisonError::into_inner) = Some(reader);
        Ok(link)
    }

    /// From now on it is the session's link. False: it has ended.
    pub fn adopt(&self) -> bool {
        let mut desk = self.desk();
        desk.adopted = desk.open;
        desk.adopted
    }

    /// Takes `action` to be sent at the next [`Link::flush`], or with what is
    /// sent next, if not before; its answer will join the backlog.
    pub fn post(&self, action: &Action, patience: Duration) -> Result<Ticket, Error> {
        self.write(action, patience, None, false)
            .and_then(|ticket| ticket.ok_or(Error::NotConnected))
    }

    /// Sends what was posted.
    pub fn flush(&self) {
        let flushed = self.writer().flush();
        self.written(flushed);
    }

    /// Sends `action`; its answer comes on the channel.
    pub fn ask(&self, action: &Action, patience: Duration) -> Result<Receiver<Answer>, Error> {
        let (waiter, answer) = channel();
        self.write(action, patience, Some(waiter), false)?;
        self.flush();
        Ok(answer)
    }

    /// The same, if every Action is answered at the moment of sending; None,
    /// and nothing was sent, if one is not.
    pub fn ask_if_quiet(
        &self,
        action: &Action,
        patience: Duration,
    ) -> Result<Option<Receiver<Answer>>, Error> {
        let (waiter, answer) = channel();
        let sent = self.write(action, patience, Some(waiter), true)?;
        self.flush();
        Ok(sent.map(|_| answer))
    }

    fn write(
        &self,
        action: &Action,
        patience: Duration,
        waiter: Option<Sender<Answer>>,
        if_quiet: bool,
    ) -> Result<Option<Ticket>, Error> {
        let packet = action.packet()?;
        let mut writer = self.writer();
        let ticket = {
            let mut desk = self.desk();
            if !desk.open {
                return Err(Error::NotConnected);
            }
            if if_quiet && !desk.router.is_quiet() {
                return Ok(None);
            }
            let ticket = desk.router.register(action, patience, Instant::now());
            desk.waiters.extend(waiter.map(|waiter| (ticket, waiter)));
            ticket
        };
        self.trace.sent(&packet);
        self.written(writer.write_all(&packet));
        Ok(Some(ticket))
    }

    fn written(&self, written: std::io::Result<()>) {
        let Err(error) = written else { return };
        // A part of it may be on its way: the link is of no use any more, and
        // the reader ends what is pending as unknown. It also knows best why
        // the other side has closed.
        match error.kind() {
            ErrorKind::BrokenPipe | ErrorKind::ConnectionReset => self.shut(),
            _ => self.condemn(Ended::Broken(transport::words(&error))),
        }
    }

    /// Waits for the answer to what was asked, as long as its patience lasts.
    pub fn wait(&self, answer: &Receiver<Answer>) -> Answer {
        loop {
            // Without a deadline the link is about to say how it ended.
            let left = self.deadline().map_or(Duration::from_secs(1), |at| {
                at.saturating_duration_since(Instant::now())
            });
            match answer.recv_timeout(left) {
                Ok(answer) => return answer,
                Err(RecvTimeoutError::Disconnected) => return Answer::Lost(None),
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.expire();
        }
    }

    /// Ends the connection for a reason of ours.
    pub fn condemn(&self, why: Ended) {
        let mut desk = self.desk();
        desk.verdict = Some(why);
        drop(desk);
        self.shut();
    }

    /// Ends the connection and waits for the end of its thread.
    pub fn close(&self) {
        self.shut();
        let reader = self.reader.lock();
        let reader = reader.unwrap_or_else(PoisonError::into_inner).take();
        if let Some(reader) = reader {
            // It has nothing left to wait for. A panic in it was reported.
            let _ = reader.join();
        }
    }

    /// Ends the connection, also under a write that hangs.
    pub fn shut(&self) {
        self.closer.shut();
    }

    pub fn is_loopback(&self) -> bool {
        self.closer.is_loopback()
    }

    /// The address of our end.
    pub fn local(&self) -> Option<SocketAddr> {
        self.closer.local()
    }

    pub fn is_open(&self) -> bool {
        self.desk().open
    }

    pub fn is_quiet(&self) -> bool {
        self.desk().router.is_quiet()
    }

    pub fn is_occupied(&self) -> bool {
        let desk = self.desk();
        desk.router.unanswered() > desk.waiters.len()
    }

    pub fn load(&self) -> Load {
        let desk = self.desk();
        match (desk.router.is_quiet(), desk.router.deadline()) {
            (true, _) => Load::Nothing,
            (false, None) => Load::GivenUp,
            (false, Some(_)) => Load::Waiting,
        }
    }

    /// When something came last.
    pub fn heard(&self) -> Instant {
        self.desk().heard
    }

    pub fn deadline(&self) -> Option<Instant> {
        self.desk().router.deadline()
    }

    pub fn abandon(&self, ticket: Ticket) {
        self.desk().router.abandon(ticket);
    }

    /// Ends what silence ends. Whoever waits calls this when the deadline has
    /// passed: the reader itself waits for nothing but the socket.
    pub fn expire(&self) {
        let mut arrived = Vec::new();
        let time = SystemTime::now();
        {
            let desk = &mut *self.desk();
            let (router, waiters) = (&mut desk.router, &mut desk.waiters);
            router.expire(Instant::now(), &mut |routed| {
                arrived.extend(address(routed, waiters).map(|what| Arrived { time, what }));
            });
        }
        self.backlog.append(arrived);
    }

    /// Routes the packets of one read.
    pub(super) fn route(
        &self,
        packets: &mut Vec<crate::ami::Packet>,
        time: SystemTime,
        arrived: &mut Vec<Arrived>,
    ) {
        let now = Instant::now();
        let desk = &mut *self.desk();
        desk.heard = now;
        let (router, waiters) = (&mut desk.router, &mut desk.waiters);
        for packet in packets.drain(..) {
            router.feed(packet, now, &mut |routed| {
                arrived.extend(address(routed, waiters).map(|what| Arrived { time, what }));
            });
        }
    }

    /// The connection is over: whoever waits is told that the outcome of
    /// their Action is unknown.
    pub(super) fn end(&self, ended: Ended) {
        let time = SystemTime::now();
        let mut arrived = Vec::new();
        let again = self.watch.is_returning();
        let news = {
            let mut desk = self.desk();
            desk.open = false;
            for (ticket, part) in desk.router.end() {
                let lost = Answer::Lost(part.map(Box::new));
                let lost = deliver(ticket, lost, &mut desk.waiters);
                arrived.extend(lost.map(|what| Arrived { time, what }));
            }
            let ended = desk.verdict.take().unwrap_or(ended);
            self.trace.note(|| ended.to_string());
            // Where the server did not end it, nobody knows what it sent since
            // something came last.
            let since = match ended {
                Ended::Silent(_) | Ended::Broken(_) => desk.heard,
                _ => Instant::now(),
            };
            let news = Arrival::Ended(ended, again);
            desk.adopted.then_some((since, news))
        };
        let since = news.as_ref().map(|(since, _)| *since);
        arrived.extend(news.map(|(_, what)| Arrived { time, what }));
        self.backlog.append(arrived);
        if let Some(since) = since {
            self.watch.end(since);
        }
    }

    fn writer(&self) -> MutexGuard<'_, BufWriter<Box<dyn Write + Send>>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives what was routed to whoever waits for it; what nobody waits for on a
/// channel of their own is for the backlog.
fn address(routed: Routed, waiters: &mut Vec<(Ticket, Sender<Answer>)>) -> Option<Arrival> {
    match routed {
        Routed::Event(packet) => Some(Arrival::Event(packet)),
        Routed::Unsolicited(packet) => Some(Arrival::Unsolicited(packet)),
        Routed::Reply(ticket, reply) => deliver(ticket, Answer::Reply(Box::new(reply)), waiters),
        Routed::TimedOut(ticket, part) => {
            deliver(ticket, Answer::TimedOut(part.map(Box::new)), waiters)
        }
        Routed::Late(ticket, reply) => match waiters.iter().position(|(t, _)| *t == ticket) {
            // A question of our own: its late answer is nobody's news.
            Some(at) => {
                waiters.swap_remove(at);
                None
            }
            None => Some(Arrival::Late(Box::new(reply))),
        },
    }
}

fn deliver(
    ticket: Ticket,
    answer: Answer,
    waiters: &mut Vec<(Ticket, Sender<Answer>)>,
) -> Option<Arrival> {
    let Some(at) = waiters.iter().position(|(t, _)| *t == ticket) else {
        return Some(Arrival::Answer(ticket, answer));
    };
    let last = !matches!(answer, Answer::TimedOut(_));
    if let Some((_, waiter)) = waiters.get(at) {
        // Whoever asked may have gone.
        let _ = waiter.send(answer);
    }
    // After a time-out the entry stays, to swallow the late answer.
    if last {
        waiters.swap_remove(at);
    }
    None
}
