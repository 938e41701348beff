//! The listening socket, and the threads: one that accepts, one that advances
//! the world, two for each client.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::actions;
use super::config::Config;
use super::outbox::Outbox;
use super::peer::Peer;
use super::server::Server;

/// How long a stopping server waits for clients to read what is queued for them.
const LAST_WORDS: Duration = Duration::from_millis(100);
/// How long a client may take to read what is still queued for it after its session has ended.
const LINGER: Duration = Duration::from_secs(10);
/// How long to wait before accepting again after there was no descriptor or thread for a connection. The connection
/// stays in the kernel's queue, so without a pause the thread would spin.
const PAUSE: Duration = Duration::from_millis(100);

/// The server and its own two threads.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) server: Arc<Server>,
    pub(super) addr: SocketAddr,
    accepting: Option<JoinHandle<()>>,
    clock: Option<JoinHandle<()>>,
}

impl Running {
    pub(super) fn start(listener: TcpListener, config: Config) -> io::Result<Running> {
        let addr = listener.local_addr()?;
        let server = Arc::new(Server::new(config));
        let mut running = Running {
            server: Arc::clone(&server),
            addr,
            accepting: None,
            clock: None,
        };
        let clock = Arc::clone(&server);
        running.clock = Some(spawn("simulator-clock", move || clock.keep_time())?);
        running.accepting = Some(spawn("simulator-accept", move || {
            accept_all(&server, &listener)
        })?);
        Ok(running)
    }

    /// `accept` is woken by a connection of our own; a listener on every address is reached by loopback.
    fn wake_accept(&self) {
        let ip = match self.addr.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        let addr = SocketAddr::new(ip, self.addr.port());
        let _ = TcpStream::connect_timeout(&addr, Duration::from_secs(1));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.server.stop();
        if let Some(accepting) = self.accepting.take() {
            // Retried, because connecting fails while no descriptor is left.
            while !accepting.is_finished() {
                self.wake_accept();
                thread::sleep(Duration::from_millis(1));
            }
            let _ = accepting.join();
        }
        if let Some(clock) = self.clock.take() {
            let _ = clock.join();
        }
        self.server.disconnect(Instant::now() + LAST_WORDS);
    }
}

fn accept_all(server: &Arc<Server>, listener: &TcpListener) {
    let mut told = false;
    loop {
        let accepted = listener.accept();
        if server.is_stopping() {
            return;
        }
        let served = accepted.and_then(|(socket, remote)| serve(server, socket, remote));
        match served {
            Ok(()) => {}
            // The client reset the connection before it was accepted.
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                if !told {
                    told = true;
                    (server.config.on_accept_error)(&error);
                }
                thread::sleep(PAUSE);
            }
        }
    }
}

/// Serves a connection on its own thread. Over the limits it is closed without sending a byte, as Asterisk does.
fn serve(server: &Arc<Server>, socket: TcpStream, remote: SocketAddr) -> io::Result<()> {
    let outbox = Arc::new(Outbox::new(socket, server.config.write_backlog));
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
        let (server, sender) = (Arc::clone(&self.server), Arc::clone(&self.outbox));
        let writer = spawn("simulator-writer", move || {
            sender.send_all(&server.config.faults)
        });
        let Ok(writer) = writer else {
            return;
        };
        peer.serve();
        self.outbox.close();
        self.outbox.drain(Instant::now() + LINGER);
        self.outbox.cut();
        let _ = writer.join();
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.outbox.cut();
        self.server.leave(&self.outbox);
    }
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    thread::Builder::new().name(name.into()).spawn(body)
}
