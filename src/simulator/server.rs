//! The threads: one that accepts, one that moves the world on, two for each client.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use super::outbox::{Event, Outbox};
use super::peer::Peer;
use super::wire::{Packet, Request};
use super::world::World;
use super::{Config, User};

/// So many requests are remembered for `Simulator::received`; a demo server may run for weeks.
const REMEMBERED: usize = 10_000;
/// How long a stopping server waits for clients to take what is theirs.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// What all threads share. Locks are taken in this order only: world, clients, a client's outbox.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) config: Config,
    world: Mutex<World>,
    started: Instant,
    moved: Condvar,
    clients: Mutex<Vec<Client>>,
    sessions: Mutex<Vec<(SocketAddr, Session)>>,
    received: Mutex<VecDeque<String>>,
    stopping: AtomicBool,
}

/// Who is logged in, since when in seconds since 1970.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) user: User,
    pub(super) since: u64,
}

#[derive(Debug)]
struct Client {
    outbox: Arc<Outbox>,
    threads: Vec<JoinHandle<()>>,
}

impl Server {
    fn new(config: Config) -> Server {
        let world = World::new(config.version, config.life, SystemTime::now());
        Server {
            config,
            world: Mutex::new(world),
            started: Instant::now(),
            moved: Condvar::new(),
            clients: Mutex::default(),
            sessions: Mutex::default(),
            received: Mutex::default(),
            stopping: AtomicBool::new(false),
        }
    }

    /// Does something in the world as it is now, and tells everybody what came of it.
    pub(super) fn in_world<T>(&self, deed: impl FnOnce(&mut World) -> T) -> T {
        let mut world = lock(&self.world);
        world.advance(self.started.elapsed());
        let result = deed(&mut world);
        // What follows from it at once follows now, before the client is answered.
        world.advance(self.started.elapsed());
        for event in world.take_events() {
            self.broadcast(&event);
        }
        self.moved.notify_all();
        result
    }

    pub(super) fn broadcast(&self, event: &Event) {
        for client in lock(&self.clients).iter() {
            client.outbox.event(event);
        }
    }

    pub(super) fn logged_in(&self, remote: SocketAddr, user: User) {
        let since = self.in_world(|world| world.clock.seconds());
        lock(&self.sessions).push((remote, Session { user, since }));
    }

    pub(super) fn logged_off(&self, remote: SocketAddr) {
        lock(&self.sessions).retain(|(addr, _)| *addr != remote);
    }

    pub(super) fn sessions(&self) -> Vec<(SocketAddr, Session)> {
        lock(&self.sessions).clone()
    }

    pub(super) fn remember(&self, request: &Request) {
        let text = String::from_utf8_lossy(&request.lines().join(&b'\n')).into_owned();
        let mut received = lock(&self.received);
        if received.len() == REMEMBERED {
            received.pop_front();
        }
        received.push_back(text);
    }

    pub(super) fn received(&self) -> Vec<String> {
        lock(&self.received).iter().cloned().collect()
    }

    pub(super) fn cut_all(&self) {
        lock(&self.clients)
            .iter()
            .for_each(|client| client.outbox.cut());
        self.in_world(World::release_waiting);
    }

    /// A Shutdown event, then the end of every connection. New ones may come, as after a restart.
    pub(super) fn shut_down(&self) {
        let packet = Packet::event("Shutdown").header("Privilege", "system,all");
        let packet = packet
            .header("Shutdown", "Cleanly")
            .header("Restart", "False");
        self.broadcast(&Event::new("system", packet));
        lock(&self.clients)
            .iter()
            .for_each(|client| client.outbox.close());
        self.in_world(World::release_waiting);
    }

    fn accept(self: &Arc<Server>, stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let outbox = Arc::new(Outbox::new(stream.try_clone()?, self.config.write_backlog));
        let mut clients = lock(&self.clients);
        clients.retain(|client| !client.threads.iter().all(JoinHandle::is_finished));
        let (server, sender) = (Arc::clone(self), Arc::clone(&outbox));
        let writer = spawn("simulator-writer", move || {
            sender.send_all(&server.config.faults)
        })?;
        let peer = Peer::new(Arc::clone(self), stream, Arc::clone(&outbox))?;
        let reader = spawn("simulator-reader", move || peer.serve());
        let Ok(reader) = reader else {
            outbox.cut();
            return reader.map(drop);
        };
        clients.push(Client {
            outbox,
            threads: vec![writer, reader],
        });
        Ok(())
    }

    fn accept_all(self: &Arc<Server>, listener: &TcpListener) {
        while let Ok((stream, _)) = listener.accept() {
            if self.stopping.load(Ordering::SeqCst) {
                break;
            }
            // One connection that cannot be served (no thread, no descriptor) is no reason to refuse the next.
            let _ = self.accept(stream);
        }
    }

    fn keep_time(&self) {
        let mut world = lock(&self.world);
        while !self.stopping.load(Ordering::SeqCst) {
            world.advance(self.started.elapsed());
            for event in world.take_events() {
                self.broadcast(&event);
            }
            world = match world.next_due() {
                Some(due) => {
                    let wait = due.saturating_sub(self.started.elapsed());
                    self.moved
                        .wait_timeout(world, wait)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
                None => self
                    .moved
                    .wait(world)
                    .unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    thread::Builder::new().name(name.into()).spawn(body)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The server and its own two threads.
#[derive(Debug)]
pub(super) struct Running {
    server: Arc<Server>,
    addr: SocketAddr,
    threads: Vec<JoinHandle<()>>,
}

impl Running {
    pub(super) fn start(listener: TcpListener, config: Config) -> io::Result<Running> {
        let addr = listener.local_addr()?;
        let server = Arc::new(Server::new(config));
        let mut running = Running {
            server: Arc::clone(&server),
            addr,
            threads: Vec::new(),
        };
        let clock = Arc::clone(&server);
        running
            .threads
            .push(spawn("simulator-clock", move || clock.keep_time())?);
        running.threads.push(spawn("simulator-accept", move || {
            server.accept_all(&listener)
        })?);
        Ok(running)
    }

    pub(super) fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub(super) fn server(&self) -> &Server {
        &self.server
    }

    /// `accept` is woken by a connection of our own; a listener on every address is reached by loopback.
    fn wake_accept(&self) {
        let ip = match self.addr.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        let _ = TcpStream::connect_timeout(
            &SocketAddr::new(ip, self.addr.port()),
            Duration::from_secs(1),
        );
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.shut_down();
        self.server.stopping.store(true, Ordering::SeqCst);
        // Wakes the clock, which then sees that it is over.
        self.server.in_world(|_| ());
        self.wake_accept();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
        let deadline = Instant::now() + LAST_WORDS;
        let clients = std::mem::take(&mut *lock(&self.server.clients));
        for client in &clients {
            client.outbox.close();
            client.outbox.drain(deadline);
            client.outbox.cut();
        }
        // Last of all: who asks for a call from now on finds its connection closed and does not wait.
        self.server.in_world(World::release_waiting);
        for thread in clients.into_iter().flat_map(|client| client.threads) {
            let _ = thread.join();
        }
    }
}
