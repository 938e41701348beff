//! One thread that reads from many connections. With a thread for each, every event
//! would cost a switch between threads: of a thousand PBXs, more than all the rest.

use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::TcpStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Connections that are read from between two questions to the system.
const READY: usize = 1024;

/// What is read from many connections.
pub(super) trait Polled: Send {
    /// The socket; None with TLS, of which a part of a record says nothing.
    fn socket(&self) -> Option<&TcpStream>;

    /// Reads once without waiting, and hands over what came. True: the connection has
    /// ended, and whoever waits for something from it knows.
    fn turn(&mut self) -> bool;

    /// Wakes who waits for what was handed over, here and elsewhere.
    fn announce(&self);
}

/// Reads for every connection that is added, until the process ends. A connection with
/// TLS has a thread of its own: a part of a record would block the others.
pub struct Poller {
    epoll: Epoll,
    /// Added, and not seen by the thread yet.
    added: Mutex<Vec<(u64, Box<dyn Polled>)>>,
    last: AtomicU64,
}

impl Poller {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system has no descriptor or thread for it.
    pub fn start() -> io::Result<Arc<Poller>> {
        let poller = Arc::new(Poller {
            epoll: Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?,
            added: Mutex::default(),
            last: AtomicU64::new(0),
        });
        let own = poller.clone();
        let thread = std::thread::Builder::new().name("poller".into());
        thread.spawn(move || own.read_all())?;
        Ok(poller)
    }

    /// Has the thread read for `reading` from now on.
    pub(super) fn add(&self, reading: Box<dyn Polled>) -> io::Result<()> {
        let number = self.last.fetch_add(1, Ordering::Relaxed);
        // Held until it is there, as something may come at once.
        let mut added = self.lock();
        let socket = reading.socket().ok_or(io::ErrorKind::Unsupported)?;
        // Not edge-triggered: one read a turn is enough, and fair to the others.
        let event = EpollEvent::new(EpollFlags::EPOLLIN, number);
        self.epoll.add(socket, event)?;
        added.push((number, reading));
        Ok(())
    }

    fn read_all(&self) {
        let mut readings: HashMap<u64, Box<dyn Polled>> = HashMap::new();
        let mut ready = vec![EpollEvent::empty(); READY];
        loop {
            // Fails when interrupted by a signal, and then has nothing.
            let count = self.epoll.wait(&mut ready, EpollTimeout::NONE).unwrap_or(0);
            let mut last = None;
            for event in ready.iter().take(count) {
                let number = event.data();
                if !readings.contains_key(&number) {
                    readings.extend(self.lock().drain(..));
                }
                let reading = readings.get_mut(&number);
                if reading.is_some_and(|one| one.turn())
                    && let Some(over) = readings.remove(&number)
                    && let Some(socket) = over.socket()
                {
                    // The half that writes keeps the connection open, and it would
                    // be reported for ever.
                    let _ = self.epoll.delete(socket);
                }
                last = Some(number);
            }
            // Once for all: whoever shows them would fall asleep after each. If the last
            // one has ended, its end was announced, and that wakes for all.
            if let Some(reading) = last.and_then(|number| readings.get(&number)) {
                reading.announce();
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(u64, Box<dyn Polled>)>> {
        // Nothing panics half way through a change.
        self.added.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Poller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Poller")
    }
}
