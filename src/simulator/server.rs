//! What all clients share: the world, the sessions, and the requests received.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Instant, SystemTime};

use super::config::{Config, User, Version};
use super::outbox::{Event, Outbox};
use super::timer::Timer;
use super::wire::{Packet, Request};
use super::world::World;

/// Most requests that `Simulator::received` remembers, whose bytes the configuration limits. A demo server may run for
/// weeks, and anybody who can connect may send it requests.
const MAX_RECEIVED: usize = 10_000;

/// What the threads of one PBX share. Locks are taken in this order only: world, clients, a client's outbox; or world,
/// timer.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) config: Config,
    world: Mutex<World>,
    started: Instant,
    /// When its world moves on by itself; shared with the PBXs of other numbers.
    timer: Arc<Timer>,
    number: usize,
    clients: Mutex<Vec<Client>>,
    /// A client has left.
    left: Condvar,
    received: Mutex<Received>,
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
    fn push(&mut self, request: String, most: usize) {
        self.bytes += request.len();
        self.requests.push_back(request);
        while self.requests.len() > MAX_RECEIVED || self.bytes > most {
            let Some(oldest) = self.requests.pop_front() else {
                break;
            };
            self.bytes -= oldest.len();
        }
    }
}

impl Server {
    pub(super) fn new(config: Config, timer: &Arc<Timer>, number: usize) -> Server {
        let mut world = World::new(config.version, config.life, SystemTime::now());
        world.name.clone_from(&config.name);
        let server = Server {
            config,
            world: Mutex::new(world),
            started: Instant::now(),
            timer: Arc::clone(timer),
            number,
            clients: Mutex::default(),
            left: Condvar::new(),
            received: Mutex::default(),
        };
        server.in_world(|_| ());
        server
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
        let clients = lock(&self.clients);
        world.unheard = !clients.iter().any(|client| client.outbox.listens());
        // The deed may concern the clients.
        drop(clients);
        world.advance(self.started.elapsed());
        let result = deed(&mut world);
        // Steps that are due at once happen before the client is answered.
        world.advance(self.started.elapsed());
        self.broadcast_all(&world.take_events());
        let next = world.next_due().map(|due| self.started + due);
        self.timer.set(self.number, next);
        result
    }

    pub(super) fn broadcast(&self, event: &Event) {
        self.broadcast_all(std::slice::from_ref(event));
    }

    fn broadcast_all(&self, events: &[Event]) {
        // Asterisk 1.8 tells it in CoreSettings only.
        let name = match self.config.version {
            Version::V22 => &*self.config.name,
            Version::V18 => "",
        };
        let clients = lock(&self.clients);
        if events.is_empty() || clients.is_empty() {
            return;
        }
        let events: Vec<Cow<'_, Event>> =
            events.iter().map(|event| event.of_system(name)).collect();
        for client in clients.iter() {
            client.outbox.events(&events);
        }
    }

    pub(super) fn remember(&self, request: &Request) {
        let text = String::from_utf8_lossy(&request.lines().join(&b'\n')).into_owned();
        lock(&self.received).push(text, self.config.remembered);
    }

    pub(super) fn received(&self) -> Vec<String> {
        lock(&self.received).requests.iter().cloned().collect()
    }

    pub(super) fn listeners(&self) -> usize {
        let clients = lock(&self.clients);
        clients
            .iter()
            .filter(|client| client.outbox.listens())
            .count()
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

    /// Sends every client what is queued for it, until the deadline, and waits for its threads to end. No client may be
    /// admitted any more.
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
