//! `--demo-listen`: serves the built-in PBX, or a fleet of it, to other clients.

use crate::connect;
use crate::error::Error;
use crate::exit_code::Code;
use crate::run::signals;
use crate::settings::{Serving, first_line};
use crate::simulator::{Config, Fleet, Simulator, User};
use crate::streams::{note, print};
use std::net::SocketAddr;

/// Serves the built-in PBX, or a fleet of it, until a signal ends it. The
/// secret of all its users is the first line of a file, or by default a
/// well-known one.
///
/// # Errors
/// The file cannot be read, an address cannot be bound, signals cannot be
/// handled, or the addresses of a fleet cannot be printed.
pub fn run(serving: &Serving) -> Result<Code, Error> {
    let mut config = Config {
        on_accept_error: |why| {
            note(&format!(
                "cannot accept connections: {why}; retrying (does ulimit -n allow enough descriptors?)"
            ));
        },
        ..connect::demo()
    };
    let is_own = serving.secret_file.is_some();
    if let Some(path) = &serving.secret_file {
        let secret = first_line(path)?;
        for user in &mut config.users {
            user.secret.clone_from(&secret);
        }
    }
    let account = |user: &User| match is_own {
        true => user.name.clone(),
        false => format!("{}/{}", user.name, user.secret),
    };
    let accounts: Vec<String> = config.users.iter().map(account).collect();
    let accounts = accounts.join(", ");
    // Before anybody is told that it listens, and while there are descriptors.
    let caught = signals::Caught::new().map_err(Error::Signals)?;
    let demo = match serving.fleet {
        None => Demo::One(Simulator::listen(&serving.address, config).map_err(Error::Demo)?),
        Some(count) => {
            let fleet = Fleet::listen(&serving.address, count, &config);
            Demo::Fleet(fleet.map_err(Error::Demo)?)
        }
    };
    if let Demo::Fleet(fleet) = &demo {
        let lines = fleet.addrs().iter().map(|address| format!("{address}\n"));
        // Nobody may want to read them.
        print(lines.collect::<String>().as_bytes())?;
    }
    let address = demo.address();
    note(&format!(
        "{}; users {accounts}; Ctrl-C ends it",
        demo.told()
    ));
    if !is_own && !address.ip().to_canonical().is_loopback() {
        note(&format!(
            "warning: anyone who can reach {address} can log in, since the passwords {accounts} are well known; listen on 127.0.0.1, or use --demo-secret-file"
        ));
    }
    let signal = caught.wait();
    drop(demo);
    Ok(Code::Signal(signal))
}

/// What is served.
enum Demo {
    One(Simulator),
    Fleet(Fleet),
}

impl Demo {
    /// Where, or where the first one is.
    fn address(&self) -> SocketAddr {
        match self {
            Demo::One(one) => one.addr(),
            Demo::Fleet(fleet) => fleet.first(),
        }
    }

    fn told(&self) -> String {
        match self {
            Demo::One(one) => format!("the built-in PBX listens on {}", one.addr()),
            Demo::Fleet(fleet) => {
                let count = fleet.addrs().len();
                let ports = fleet.addrs().iter().map(SocketAddr::port);
                let last = ports.clone().max().unwrap_or_default();
                let first = ports.min().unwrap_or_default();
                let ip = fleet.first().ip();
                format!("{count} built-in PBXs listen on {ip}, ports {first} to {last}")
            }
        }
    }
}
