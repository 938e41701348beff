//! What all clients share: the world, the sessions, and the requests received.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::config::{Config, User};
use super::outbox::{Event, Outbox};
use super::wire::{Packet, Request};
use super::world::World;

/// Limits of what `Simulator::received` remembers. A demo server may run for weeks, and anybody who can connect may send
/// it requests.
const MAX_RECEIVED: usize = 10_000;
const MAX_RECEIVED_BYTES: usize = 4 * 1024 * 1024;

/// How long the clock waits while nothing is due; `moved` wakes it before.
const IDLE: Duration = Duration::from_secs(3600);

/// What all threads share. Locks are taken in this order only: world, clients, a client's outbox.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) config: Config,
    world: Mutex<World>,
    started: Instant,
    moved: Condvar,
    clients: Mutex<Vec<Client>>,
    /// A client has left.
    left: Condvar,
    received: Mutex<Received>,
    stopping: AtomicBool,
}

/// A connection that is being served.
#[derive(Debug)]
struct Client {
    outbox: Arc<Outbox>,
    remote: SocketAddr,
    /// None before its login.
    session: Option<Session>,
}

/// Who is logged in, from where, since when in seconds since 1970.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) user: User,
    pub(super) remote: SocketAddr,
    pub(super) since: u64,
}

/// The latest requests, oldest first.
#[derive(Debug, Default)]
struct Received {
    requests: VecDeque<String>,
    bytes: usize,
}

impl Received {
    fn push(&mut self, request: String) {
        self.bytes += request.len();
        self.requests.push_back(request);
        while self.requests.len() > MAX_RECEIVED || self.bytes > MAX_RECEIVED_BYTES {
            let Some(oldest) = self.requests.pop_front() else {
                break;
            };
            self.bytes -= oldest.len();
        }
    }
}

impl Server {
    pub(super) fn new(config: Config) -> Server {
        let world = World::new(config.version, config.life, SystemTime::now());
        Server {
            config,
            world: Mutex::new(world),
            started: Instant::now(),
            moved: Condvar::new(),
            clients: Mutex::default(),
            left: Condvar::new(),
            received: Mutex::default(),
            stopping: AtomicBool::new(false),
        }
    }

    /// Registers a client. False if too many are connected, or too many have not logged in yet.
    pub(super) fn admit(&self, remote: SocketAddr, outbox: &Arc<Outbox>) -> bool {
        let mut clients = lock(&self.clients);
        let unauthenticated = clients.iter().filter(|client| client.session.is_none());
        if clients.len() >= self.config.max_clients
            || unauthenticated.count() >= self.config.auth_limit
        {
            return false;
        }
        clients.push(Client {
            outbox: Arc::clone(outbox),
            remote,
            session: None,
        });
        true
    }

    pub(super) fn logged_in(&self, outbox: &Arc<Outbox>, user: User) {
        let since = self.in_world(|world| world.clock.seconds());
        let mut clients = lock(&self.clients);
        let mut clients = clients.iter_mut();
        if let Some(client) = clients.find(|client| Arc::ptr_eq(&client.outbox, outbox)) {
            client.session = Some(Session {
                user,
                remote: client.remote,
                since,
            });
        }
    }

    pub(super) fn leave(&self, outbox: &Arc<Outbox>) {
        lock(&self.clients).retain(|client| !Arc::ptr_eq(&client.outbox, outbox));
        self.left.notify_all();
    }

    /// Who is logged in, in the order of their connections.
    pub(super) fn sessions(&self) -> Vec<Session> {
        let session = |client: &Client| client.session.clone();
        lock(&self.clients).iter().filter_map(session).collect()
    }

    /// Does something in the world as it is now, and sends the resulting events to the clients.
    pub(super) fn in_world<T>(&self, deed: impl FnOnce(&mut World) -> T) -> T {
        let mut world = lock(&self.world);
        world.advance(self.started.elapsed());
        let result = deed(&mut world);
        // Steps that are due at once happen before the client is answered.
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

    pub(super) fn remember(&self, request: &Request) {
        let text = String::from_utf8_lossy(&request.lines().join(&b'\n')).into_owned();
        lock(&self.received).push(text);
    }

    pub(super) fn received(&self) -> Vec<String> {
        lock(&self.received).requests.iter().cloned().collect()
    }

    pub(super) fn cut_all(&self) {
        for client in lock(&self.clients).iter() {
            client.outbox.cut();
        }
        self.in_world(World::release_waiting);
    }

    /// A Shutdown event, then the end of every connection. New ones may come, as after a restart.
    pub(super) fn shut_down(&self) {
        let packet = Packet::event("Shutdown").header("Privilege", "system,all");
        let packet = packet.with(&[("Shutdown", "Cleanly"), ("Restart", "False")]);
        self.broadcast(&Event::new("system", packet));
        for client in lock(&self.clients).iter() {
            client.outbox.close();
        }
        self.in_world(World::release_waiting);
    }

    /// Moves the world on when something is due; runs on a thread of its own until the server stops.
    pub(super) fn keep_time(&self) {
        let mut world = lock(&self.world);
        while !self.is_stopping() {
            world.advance(self.started.elapsed());
            for event in world.take_events() {
                self.broadcast(&event);
            }
            let wait = match world.next_due() {
                Some(due) => due.saturating_sub(self.started.elapsed()),
                None => IDLE,
            };
            let moved = self.moved.wait_timeout(world, wait);
            (world, _) = moved.unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Says goodbye to the clients and ends the clock. No client may be admitted any more when `disconnect` is called.
    pub(super) fn stop(&self) {
        self.shut_down();
        self.stopping.store(true, Ordering::SeqCst);
        // Wakes the clock thread, which then ends.
        self.in_world(|_| ());
    }

    /// Sends every client what is queued for it, until the deadline, and waits
    /// for its threads to end.
    pub(super) fn disconnect(&self, deadline: Instant) {
        let outbox = |client: &Client| Arc::clone(&client.outbox);
        let outboxes: Vec<_> = lock(&self.clients).iter().map(outbox).collect();
        for outbox in outboxes {
            outbox.close();
            outbox.drain(deadline);
            outbox.cut();
        }
        // After the connections are closed: a client that originates a call from now on does not wait for it.
        self.in_world(World::release_waiting);
        let mut clients = lock(&self.clients);
        while !clients.is_empty() {
            let left = self.left.wait(clients);
            clients = left.unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
