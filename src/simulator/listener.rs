//! The listening sockets, and the threads: one that accepts, one that moves the worlds on, both for all PBXs, and one for
//! each client.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::actions;
use super::config::Config;
use super::outbox::Outbox;
use super::peer::Peer;
use super::server::Server;
use super::timer::Timer;

/// How long a stopping server waits for clients to read what is queued for them.
const LAST_WORDS: Duration = Duration::from_millis(100);
/// How long a client may take to read what is still queued for it after its session has ended.
const LINGER: Duration = Duration::from_secs(10);
/// How many milliseconds to wait before accepting again after there was no descriptor or thread for a connection. The
/// connection stays in the kernel's queue, so without a pause the thread would spin.
const PAUSE: u16 = 100;
/// Of the thread of a client. Asterisk's have 240 KiB; the system gives what is used.
const STACK: usize = 256 * 1024;

/// PBXs that are served, and the threads that they share.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) servers: Vec<Arc<Server>>,
    /// Where each listens.
    pub(super) addrs: Vec<SocketAddr>,
    timer: Arc<Timer>,
    accepting: Option<JoinHandle<()>>,
    clock: Option<JoinHandle<()>>,
    /// Closing it ends the thread that accepts, even while no descriptor is left.
    open: Option<io::PipeWriter>,
}

impl Running {
    pub(super) fn start(pbxs: Vec<(TcpListener, Config)>) -> io::Result<Running> {
        let timer = Arc::new(Timer::default());
        let (ended, open) = io::pipe()?;
        let mut running = Running {
            servers: Vec::new(),
            addrs: Vec::new(),
            timer: Arc::clone(&timer),
            accepting: None,
            clock: None,
            open: Some(open),
        };
        let mut listeners = Vec::new();
        for (number, (listener, config)) in pbxs.into_iter().enumerate() {
            listener.set_nonblocking(true)?;
            running.addrs.push(listener.local_addr()?);
            listeners.push(listener);
            let server = Server::new(config, &timer, number);
            running.servers.push(Arc::new(server));
        }
        let servers = running.servers.clone();
        running.clock = Some(spawn("simulator-clock", move || {
            keep_time(&timer, &servers)
        })?);
        let servers = running.servers.clone();
        running.accepting = Some(spawn("simulator-accept", move || {
            accept_all(&servers, &listeners, &ended);
        })?);
        Ok(running)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for server in &self.servers {
            server.shut_down();
        }
        self.open = None;
        self.timer.stop();
        for thread in [self.accepting.take(), self.clock.take()] {
            let _ = thread.map(JoinHandle::join);
        }
        let deadline = Instant::now() + LAST_WORDS;
        for server in &self.servers {
            server.disconnect(deadline);
        }
    }
}

/// Moves each world on when something is due in it.
fn keep_time(timer: &Timer, servers: &[Arc<Server>]) {
    let mut last = Instant::now();
    while let Some(numbers) = timer.round(last) {
        last = Instant::now();
        for server in numbers.iter().filter_map(|number| servers.get(*number)) {
            server.in_world(|_| ());
        }
    }
}

fn accept_all(servers: &[Arc<Server>], listeners: &[TcpListener], ended: &io::PipeReader) {
    let mut polled: Vec<PollFd<'_>> = [ended.as_fd()]
        .into_iter()
        .chain(listeners.iter().map(AsFd::as_fd))
        .map(|fd| PollFd::new(fd, PollFlags::POLLIN))
        .collect();
    let mut told = false;
    loop {
        let ready = poll(&mut polled, PollTimeout::NONE);
        if ready.is_err_and(|why| why != Errno::EINTR) {
            // The system has no memory for it now.
            thread::sleep(Duration::from_millis(PAUSE.into()));
            continue;
        }
        let mut failed = false;
        let is_ready = |fd: &PollFd<'_>| fd.revents().is_some_and(|what| !what.is_empty());
        if polled.first().is_some_and(is_ready) {
            return;
        }
        let each = polled.iter().skip(1).zip(servers.iter().zip(listeners));
        for (_, (server, listener)) in each.filter(|(fd, _)| is_ready(fd)) {
            if let Err(error) = accept(server, listener) {
                failed = true;
                if !told {
                    told = true;
                    (server.config.on_accept_error)(&error);
                }
            }
        }
        if failed {
            let _ = poll(polled.get_mut(..1).unwrap_or_default(), PAUSE);
        }
    }
}

/// Accepts what waits for one PBX.
fn accept(server: &Arc<Server>, listener: &TcpListener) -> io::Result<()> {
    loop {
        let accepted = listener.accept();
        let served = accepted.and_then(|(socket, remote)| serve(server, socket, remote));
        match served {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            // The client reset the connection before it was accepted.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Serves a connection on its own thread. Over the limits it is closed without sending a byte, as Asterisk does.
fn serve(server: &Arc<Server>, socket: TcpStream, remote: SocketAddr) -> io::Result<()> {
    // Some systems pass the listener's way on to it.
    socket.set_nonblocking(false)?;
    let outbox = Arc::new(Outbox::new(socket, &server.config));
    if !server.admit(remote, &outbox) {
        return Ok(());
    }
    let connection = Connection {
        server: Arc::clone(server),
        outbox,
    };
    spawn("simulator-reader", move || connection.serve(remote)).map(drop)
}

/// An admitted client. Dropping it closes the connection and frees its slot, so that a panic does so too.
struct Connection {
    server: Arc<Server>,
    outbox: Arc<Outbox>,
}

impl Connection {
    fn serve(&self, remote: SocketAddr) {
        // Setting up fails when the client has reset the connection in the meantime; there is nobody to tell.
        let Ok(peer) = Peer::new(&self.server, &self.outbox, remote, actions::run) else {
            return;
        };
        peer.serve();
        self.outbox.close();
        self.outbox.drain(Instant::now() + LINGER);
        self.outbox.cut();
        self.outbox.wait_for_writer();
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.outbox.cut();
        self.server.leave(&self.outbox);
    }
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    let thread = thread::Builder::new().name(name.into());
    thread.stack_size(STACK).spawn(body)
}
