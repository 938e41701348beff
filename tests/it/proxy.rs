//! The network between amish and a server, which a test can break.

use socket2::SockRef;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Forwards data, on its own port. Its threads end with the connections, and
/// with the test.
pub struct Proxy {
    address: SocketAddr,
    net: Arc<Net>,
}

struct Net {
    /// How often the network broke: older connections are dead.
    breaks: AtomicUsize,
    /// What happens to dead connections, as a [`Break`].
    kind: AtomicUsize,
}

/// What happens to existing connections; new ones work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// Packets of either side are lost.
    Silence,
    /// The server's machine does not know them any more, and answers everything
    /// with a reset.
    Forgotten,
}

impl Proxy {
    /// Forwards connections to `server`.
    pub fn to(server: SocketAddr) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let net = Arc::new(Net {
            breaks: AtomicUsize::new(0),
            kind: AtomicUsize::new(0),
        });
        let own = net.clone();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.expect("a client");
                // If the server is absent, the connection ends.
                if let Ok(server) = TcpStream::connect(server) {
                    pass(&own, client, server);
                }
            }
        });
        Proxy { address, net }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Breaks all existing connections.
    pub fn break_all(&self, how: Break) {
        self.net.kind.store(how as usize, Ordering::SeqCst);
        self.net.breaks.fetch_add(1, Ordering::SeqCst);
    }
}

fn pass(net: &Arc<Net>, client: TcpStream, server: TcpStream) {
    let born = net.breaks.load(Ordering::SeqCst);
    let clone = |socket: &TcpStream| socket.try_clone().expect("a file descriptor");
    let ways = [
        (clone(&client), clone(&server), true),
        (server, client, false),
    ];
    for (from, to, is_clients) in ways {
        let net = net.clone();
        std::thread::spawn(move || one_way(&net, born, &from, &to, is_clients));
    }
}

fn one_way(net: &Net, born: usize, mut from: &TcpStream, mut to: &TcpStream, is_clients: bool) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if net.breaks.load(Ordering::SeqCst) == born {
            if to.write_all(&buffer[..count]).is_err() {
                break;
            }
        } else if is_clients && net.kind.load(Ordering::SeqCst) == Break::Forgotten as usize {
            // A socket closed like this sends a reset, once the other
            // direction's thread has ended too.
            let socket = SockRef::from(from);
            socket.set_linger(Some(Duration::ZERO)).expect("an option");
            let _ = to.shutdown(Shutdown::Both);
            return;
        }
    }
    // The end of one side does not pass a broken network.
    if net.breaks.load(Ordering::SeqCst) == born {
        let _ = to.shutdown(Shutdown::Both);
    }
}
