//! The servers that tests talk to: the simulator, and every real server in
//! `AMISH_TEST_SERVERS` (`22=HOST:PORT/TLSPORT,16=…`, as printed by
//! tests/asterisk/up; without the TLSPORT where there is none). A named server
//! that is absent fails the test; what its version does not have is skipped.

use crate::support::{say_past_capture, skipped};
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
    /// Its TLS address, if it is a real one that has TLS.
    pub secured: Option<SocketAddr>,
    // Ends when the test does.
    _simulator: Option<Simulator>,
}

/// A simulator for one test, without activity or faults.
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
    own.into_iter().chain(named_servers()).collect()
}

/// Every real server named in the environment. Where there is none, what only
/// a real one can show is skipped, and said to be.
pub fn real_servers() -> Vec<Server> {
    let named = named_servers();
    if named.is_empty() {
        skipped("it needs a real Asterisk (AMISH_TEST_SERVERS, see tests/asterisk/README.md)");
    }
    named
}

/// Those of `servers` that have all of this (tests/asterisk/versions); the
/// simulator has what its tests need. The others are named.
pub fn with(needs: &[&str], servers: Vec<Server>) -> Vec<Server> {
    let has = |server: &Server| {
        let lacking = needs.iter().find_map(|need| server.lacks(need));
        if let Some(what) = &lacking {
            say_past_capture(&format!("Asterisk {} lacks {what}", server.name));
        }
        lacking.is_none()
    };
    servers.into_iter().filter(has).collect()
}

/// The real servers that have all of this.
pub fn real_servers_with(needs: &[&str]) -> Vec<Server> {
    with(needs, real_servers())
}

/// The real servers of which a test may have one of its own, with all of this.
pub fn spawnable(needs: &[&str]) -> Vec<Server> {
    let is_ours = |server: &Server| {
        let is_ours = server.is_of_ctl();
        if !is_ours {
            let name = &server.name;
            skipped(&format!(
                "{name} is not from tests/asterisk/up, so no other can be had"
            ));
        }
        is_ours
    };
    let servers = real_servers_with(needs).into_iter();
    servers.filter(is_ours).collect()
}

/// What tests/asterisk/versions calls `need`, if a server of `version` lacks it.
fn lacking(version: &str, need: &str) -> Option<String> {
    let table = include_str!("../asterisk/versions");
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    let mut rows = rows.map(|line| line.split_whitespace().collect::<Vec<_>>());
    let row = rows.find(|row| row.first() == Some(&need));
    let row = row.unwrap_or_else(|| panic!("no {need} in tests/asterisk/versions"));
    let [_, first, gone, ref words @ ..] = row[..] else {
        panic!("{row:?}");
    };
    let is_there =
        numbers(version) >= numbers(first) && (gone == "-" || numbers(version) < numbers(gone));
    (!is_there).then(|| words.join(" "))
}

/// `1.6.2` as numbers; a name without any, such as master, is above all.
fn numbers(version: &str) -> Vec<u32> {
    let parts = version.split('.').map(|part| part.parse().ok());
    parts
        .collect::<Option<_>>()
        .unwrap_or_else(|| vec![u32::MAX])
}

fn named_servers() -> Vec<Server> {
    let named = std::env::var("AMISH_TEST_SERVERS").unwrap_or_default();
    let one = |entry: &str| {
        let (name, places) = entry.split_once('=').expect("NAME=HOST:PORT");
        let (address, secured) = both(places);
        Server {
            name: name.to_owned(),
            address,
            user: "admin",
            secret: "secret",
            secured,
            _simulator: None,
        }
    };
    named
        .split(',')
        .filter(|entry| !entry.is_empty())
        .map(one)
        .collect()
}

/// The addresses without and with TLS in `HOST:PORT/TLSPORT`; 1.4 has no TLS.
fn both(places: &str) -> (SocketAddr, Option<SocketAddr>) {
    let (plain, port) = match places.split_once('/') {
        Some((plain, port)) => (plain, Some(port)),
        None => (places, None),
    };
    let plain: SocketAddr = plain.parse().expect("HOST:PORT");
    let secured = port.map(|port| SocketAddr::new(plain.ip(), port.parse().expect("TLSPORT")));
    (plain, secured)
}

impl Server {
    /// Whether it is an Asterisk, and not the simulator.
    pub fn is_real(&self) -> bool {
        self._simulator.is_none()
    }

    /// What its version lacks of `need`, in words.
    pub fn lacks(&self, need: &str) -> Option<String> {
        lacking(&self.name, need).filter(|_| self.is_real())
    }

    /// Whether tests/asterisk/ctl has it, and so can make another.
    fn is_of_ctl(&self) -> bool {
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/asterisk/ctl");
        let done = Command::new(script).args([&self.name, "status"]).output();
        done.expect("bash").status.success()
    }
}

/// The certificate of a real server.
pub fn certificate(name: &str) -> PathBuf {
    ctl(&[name, "cert"]).trim().into()
}

/// A real server for one test, which may stop and kill it.
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
        secured: secured.expect("spawned servers have TLS"),
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

    /// The output of `text` on its CLI.
    pub fn cli(&self, text: &str) -> String {
        ctl(&[&self.name, "cli", text])
    }

    /// The directory of its configuration.
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

// Versions are no decimals: 1.10 would come after 1.9, and 11 after 1.8.
#[test]
fn a_version_has_what_the_table_says() {
    for (version, need, has) in [
        ("1.4", "tls", false),
        ("1.6", "tls", true),
        ("1.6.2", "documented-at-once", true),
        ("1.6.0", "documented-at-once", false),
        ("1.8", "filter", false),
        ("10", "filter", true),
        ("22", "filter", true),
        ("master", "filter", true),
        ("13", "layout-of-22", false),
        ("22.1", "layout-of-22", true),
        ("23", "layout-of-22", false),
        ("master", "layout-of-22", false),
    ] {
        assert_eq!(lacking(version, need).is_none(), has, "{version} {need}");
    }
}
