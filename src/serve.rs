//! `--demo-listen`: serves the built-in PBX to other clients.

use crate::connect;
use crate::error::Error;
use crate::exit_code::Code;
use crate::run::signals;
use crate::settings::first_line;
use crate::simulator::{Config, Simulator, User};
use crate::streams::note;
use std::path::Path;

/// Serves the built-in PBX at `address` until a signal ends it. The secret of
/// all its users is the first line of `secret_file`, or by default a well-known
/// one.
///
/// # Errors
/// The file cannot be read, the address cannot be bound, or signals cannot be
/// handled.
pub fn run(address: &str, secret_file: Option<&Path>) -> Result<Code, Error> {
    let mut config = Config {
        on_accept_error: |why| {
            note(&format!(
                "cannot accept connections: {why}; retrying (does ulimit -n allow enough descriptors?)"
            ));
        },
        ..connect::demo()
    };
    if let Some(path) = secret_file {
        let secret = first_line(path)?;
        for user in &mut config.users {
            user.secret.clone_from(&secret);
        }
    }
    let account = |user: &User| match secret_file {
        Some(_) => user.name.clone(),
        None => format!("{}/{}", user.name, user.secret),
    };
    let accounts: Vec<String> = config.users.iter().map(account).collect();
    let accounts = accounts.join(", ");
    // Before anybody is told that it listens, and while there are descriptors.
    let caught = signals::Caught::new().map_err(Error::Signals)?;
    let demo = Simulator::listen(address, config).map_err(Error::Demo)?;
    let address = demo.addr();
    note(&format!(
        "the built-in PBX listens on {address}; users {accounts}; Ctrl-C ends it"
    ));
    if secret_file.is_none() && !address.ip().to_canonical().is_loopback() {
        note(&format!(
            "warning: anyone who can reach {address} can log in, since the passwords {accounts} are well known; listen on 127.0.0.1, or use --demo-secret-file"
        ));
    }
    let signal = caught.wait();
    drop(demo);
    Ok(Code::Signal(signal))
}
