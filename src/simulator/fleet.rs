//! Many PBXs in one process, each with its own port, name, calls and clients.

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use super::config::{Config, Life};
use super::listener::Running;
use super::server::Server;

/// Descriptors beside those of the PBXs and their clients.
const OTHERS: u64 = 64;
/// More than this is not asked for, where the limit is as good as none.
const MOST_DESCRIPTORS: u64 = 1 << 20;
/// What a PBX remembers of its requests at least, however many there are.
const LEAST_REMEMBERED: usize = 16 * 1024;

/// Many running PBXs. Dropping it stops them and waits for their threads.
#[derive(Debug)]
pub struct Fleet {
    first: SocketAddr,
    running: Running,
}

impl Fleet {
    /// Serves `count` PBXs on consecutive ports from that of `address` on, or each on a free port if that is 0. They are
    /// called `demo1`, `demo2` and so on. Their configuration is `config`, but for the name, for calls of their own, and
    /// for what they remember of requests, which is a share of it.
    ///
    /// # Errors
    /// An address is not available, which the error names, or the limit on descriptors is too low for them and one client
    /// each.
    pub fn listen(address: &str, count: u16, config: &Config) -> io::Result<Fleet> {
        allow_descriptors(count)?;
        let listeners = bind(address, count)?;
        let first = listeners.first().ok_or(io::ErrorKind::InvalidInput)?;
        let first = first.local_addr()?;
        let members = listeners.into_iter().zip(1_u16..);
        let members = members.map(|(listener, number)| (listener, member(config, number, count)));
        Ok(Fleet {
            first,
            running: Running::start(members.collect())?,
        })
    }

    /// Where they listen, in the order of their names.
    pub fn addrs(&self) -> &[SocketAddr] {
        &self.running.addrs
    }

    /// Where the first one listens.
    pub fn first(&self) -> SocketAddr {
        self.first
    }

    /// As [`Simulator::received`](super::Simulator::received), of the PBX at this address.
    pub fn received(&self, addr: SocketAddr) -> Vec<String> {
        self.server(addr)
            .map_or_else(Vec::new, |server| server.received())
    }

    /// As [`Simulator::kick`](super::Simulator::kick), at this address.
    pub fn kick(&self, addr: SocketAddr) {
        if let Some(server) = self.server(addr) {
            server.cut_all();
        }
    }

    fn server(&self, addr: SocketAddr) -> Option<&Arc<Server>> {
        let mut addrs = self.running.addrs.iter();
        let at = addrs.position(|own| *own == addr)?;
        self.running.servers.get(at)
    }
}

fn member(config: &Config, number: u16, count: u16) -> Config {
    let share = config.remembered / usize::from(count.max(1));
    Config {
        name: format!("demo{number}"),
        life: match config.life {
            Life::Seeded(seed) => Life::Seeded(seed.wrapping_add(u64::from(number))),
            other => other,
        },
        remembered: share.max(LEAST_REMEMBERED),
        ..config.clone()
    }
}

/// All of them listen before the first one is served.
fn bind(address: &str, count: u16) -> io::Result<Vec<TcpListener>> {
    let named = |at: &dyn std::fmt::Display, why: io::Error| {
        io::Error::new(why.kind(), format!("{at}: {why}"))
    };
    let found = address
        .to_socket_addrs()
        .map_err(|why| named(&address, why))?;
    let found: Vec<SocketAddr> = found.collect();
    let first = TcpListener::bind(&*found).map_err(|why| named(&address, why))?;
    let asked = found.first().map_or(0, SocketAddr::port);
    let mut next = first.local_addr()?;
    let mut listeners = vec![first];
    for number in 1..count {
        let port = match asked {
            0 => 0,
            asked => asked.checked_add(number).ok_or_else(|| {
                let words = format!("{count} ports from {asked} on would go beyond 65535");
                io::Error::new(io::ErrorKind::InvalidInput, words)
            })?,
        };
        next.set_port(port);
        listeners.push(TcpListener::bind(next).map_err(|why| named(&next, why))?);
    }
    Ok(listeners)
}

/// Raises the limit of this process to what its user may have, if that many PBXs with a client each need more.
fn allow_descriptors(count: u16) -> io::Result<()> {
    let needed = 2 * u64::from(count) + OTHERS;
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    let most = hard.min(MOST_DESCRIPTORS);
    if soft < most {
        setrlimit(Resource::RLIMIT_NOFILE, most, hard)?;
    }
    if most.max(soft) < needed {
        let words = format!(
            "{count} PBXs with a client each need {needed} descriptors, and this process may have {most}: ulimit -n {needed}"
        );
        return Err(io::Error::other(words));
    }
    Ok(())
}
