//! Who the tests talk to: the simulator always, and every real server that
//! `AMISH_TEST_SERVERS` names (`22=HOST:PORT/TLSPORT,16=…`, as printed by
//! tests/asterisk/up). A server that is named and not there fails the test.

use amish::simulator::{Config, Simulator, Version};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::Command;

/// A server to test against.
pub struct Server {
    /// `simulator`, `22`, `16`.
    pub name: String,
    pub address: SocketAddr,
    pub user: &'static str,
    pub secret: &'static str,
    /// Where it has TLS, if it is a real one.
    pub secured: Option<SocketAddr>,
    // Ends when the test does.
    _simulator: Option<Simulator>,
}

/// A simulator of its own for one test, still and without faults.
pub fn simulator() -> Simulator {
    simulator_with(Config::default())
}

pub fn simulator_with(config: Config) -> Simulator {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    Simulator::start(listener, config).unwrap()
}

/// The simulator, as 22 and as 1.8, and every real server.
pub fn servers() -> Vec<Server> {
    let versions = [("simulator", Version::V22), ("simulator 1.8", Version::V18)];
    let own = versions.map(|(name, version)| {
        let simulator = simulator_with(Config {
            version,
            ..Config::default()
        });
        Server {
            name: name.to_owned(),
            address: simulator.addr(),
            user: "demo",
            secret: "demo",
            secured: None,
            _simulator: Some(simulator),
        }
    });
    own.into_iter().chain(real_servers()).collect()
}

/// Every real server named in the environment.
pub fn real_servers() -> Vec<Server> {
    let named = std::env::var("AMISH_TEST_SERVERS").unwrap_or_default();
    let one = |entry: &str| {
        let (name, places) = entry.split_once('=').expect("NAME=HOST:PORT");
        let (address, secured) = both(places);
        Server {
            name: name.to_owned(),
            address,
            user: "admin",
            secret: "secret",
            secured: Some(secured),
            _simulator: None,
        }
    };
    named
        .split(',')
        .filter(|entry| !entry.is_empty())
        .map(one)
        .collect()
}

/// Without TLS and with it, of `HOST:PORT/TLSPORT`.
fn both(places: &str) -> (SocketAddr, SocketAddr) {
    let (plain, port) = places.split_once('/').expect("HOST:PORT/TLSPORT");
    let plain: SocketAddr = plain.parse().expect("HOST:PORT");
    let secured = SocketAddr::new(plain.ip(), port.parse().expect("TLSPORT"));
    (plain, secured)
}

/// The certificate of a real server.
pub fn certificate(name: &str) -> PathBuf {
    ctl(&[name, "cert"]).trim().into()
}

/// A real server of this test's own, which it may stop and kill.
pub struct Spawned {
    pub name: String,
    pub address: SocketAddr,
    pub secured: SocketAddr,
}

/// Another server of the version of `name`.
pub fn spawn(name: &str) -> Spawned {
    let said = ctl(&[name, "spawn"]);
    let (name, places) = said.trim().split_once('=').expect("NAME=HOST:PORT/TLS");
    let (address, secured) = both(places);
    Spawned {
        name: name.to_owned(),
        address,
        secured,
    }
}

impl Spawned {
    /// As one to talk to.
    pub fn server(&self) -> Server {
        Server {
            name: self.name.clone(),
            address: self.address,
            user: "admin",
            secret: "secret",
            secured: Some(self.secured),
            _simulator: None,
        }
    }

    /// `stop`, `kill`, `pause`, `resume`.
    pub fn ctl(&self, verb: &str) {
        ctl(&[&self.name, verb]);
    }

    /// What its CLI says to `text`.
    pub fn cli(&self, text: &str) -> String {
        ctl(&[&self.name, "cli", text])
    }

    /// Where its configuration is.
    pub fn folder(&self) -> PathBuf {
        let cert = PathBuf::from(ctl(&[&self.name, "cert"]).trim());
        cert.parent().unwrap().to_owned()
    }
}

impl Drop for Spawned {
    fn drop(&mut self) {
        ctl(&[&self.name, "drop"]);
    }
}

fn ctl(args: &[&str]) -> String {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/asterisk/ctl");
    let done = Command::new(script).args(args).output().unwrap();
    let err = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "ctl {args:?}: {err}");
    String::from_utf8(done.stdout).unwrap()
}
