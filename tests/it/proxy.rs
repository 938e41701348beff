//! The network between amish and a server, which a test can break.

use socket2::SockRef;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Passes on what comes, on a port of its own. Its threads end with the
/// connections, and with the test.
pub struct Proxy {
    address: SocketAddr,
    net: Arc<Net>,
}

struct Net {
    /// How often the network broke: connections from before are dead.
    breaks: AtomicUsize,
    /// What befalls the dead, as [`Break`].
    kind: AtomicUsize,
}

/// What has become of the connections of before; new ones are good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Break {
    /// The packets of either side vanish.
    Silence,
    /// The server's machine knows nothing of them any more, and says so to
    /// whoever sends it something.
    Forgotten,
}

impl Proxy {
    /// Between whoever connects to it and `server`.
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
                // A server that is not there is a connection that ends.
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

    /// Breaks every connection there is.
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
            // Closed so, a socket sends a reset; and it is when the thread of
            // the other way has ended too.
            let socket = SockRef::from(from);
            socket.set_linger(Some(Duration::ZERO)).expect("an option");
            let _ = to.shutdown(Shutdown::Both);
            return;
        }
    }
    // The end of one side is not passed on through a broken network.
    if net.breaks.load(Ordering::SeqCst) == born {
        let _ = to.shutdown(Shutdown::Both);
    }
}
