//! A network between the clients and the server, that fails in three ways.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// How a connection ends.
#[derive(Debug, Clone, Copy)]
pub enum Cut {
    Reset,
    Finish,
    /// Nothing is forwarded any more, and nobody is told.
    Silence,
}

pub struct Proxy {
    pub address: SocketAddr,
    links: Arc<Mutex<Vec<Link>>>,
    /// Kept open, so that nobody notices that they are dead.
    silent: Vec<Link>,
}

struct Link {
    client: TcpStream,
    server: TcpStream,
    silent: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Proxy {
    /// To `server`, until the process ends.
    pub fn start(server: SocketAddr) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let links: Arc<Mutex<Vec<Link>>> = Arc::default();
        let made = links.clone();
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let link = Link::new(client.expect("a client"), server);
                made.lock().expect("no panic").push(link);
            }
        });
        Proxy {
            address,
            links,
            silent: Vec::new(),
        }
    }

    /// Cuts all connections; how many there were.
    pub fn cut(&mut self, how: Cut) -> usize {
        let links = std::mem::take(&mut *self.links.lock().expect("no panic"));
        let count = links.len();
        self.silent.clear();
        for link in links {
            match how {
                Cut::Silence => {
                    link.silent.store(true, Ordering::SeqCst);
                    self.silent.push(link);
                }
                Cut::Finish => {
                    // The client is gone where this fails.
                    let _ = link.client.shutdown(Shutdown::Write);
                    link.end();
                }
                Cut::Reset => link.reset(),
            }
        }
        count
    }
}

impl Link {
    fn new(client: TcpStream, server: SocketAddr) -> Link {
        let server = TcpStream::connect(server).expect("the server is up");
        let silent = Arc::new(AtomicBool::new(false));
        let threads = [(&client, &server), (&server, &client)].map(|(from, to)| {
            let (from, to) = (from.try_clone(), to.try_clone());
            let (from, to) = (from.expect("a descriptor"), to.expect("a descriptor"));
            let silent = silent.clone();
            std::thread::spawn(move || forward(from, to, &silent))
        });
        Link {
            client,
            server,
            silent,
            threads: threads.into(),
        }
    }

    /// So that closing it sends a reset and no FIN.
    fn reset(self) {
        let client = socket2::SockRef::from(&self.client);
        client.set_linger(Some(Duration::ZERO)).expect("an option");
        self.end();
    }

    fn end(self) {
        self.silent.store(true, Ordering::SeqCst);
        // Wakes the threads without a word to the client.
        let _ = self.server.shutdown(Shutdown::Both);
        let _ = self.client.shutdown(Shutdown::Read);
        for thread in self.threads {
            thread.join().expect("no panic");
        }
    }
}

/// Hands on what comes, and the end of it.
fn forward(mut from: TcpStream, mut to: TcpStream, silent: &AtomicBool) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = from.read(&mut buffer).unwrap_or(0);
        if silent.load(Ordering::SeqCst) {
            return;
        }
        if count == 0 || to.write_all(&buffer[..count]).is_err() {
            // Either may have gone first.
            let _ = to.shutdown(Shutdown::Both);
            return;
        }
    }
}
