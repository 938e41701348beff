//! From settings to a session that is logged in.

use crate::error::Error;
use crate::session::arrival::UNCHECKED;
use crate::session::{self, Backoff, Pulse, Session};
use crate::settings::{Asking, Destination, SecretSource, Settings, Target, manager_conf};
use crate::simulator::{Life, Simulator};
use std::path::Path;
use std::sync::Arc;

/// The user of the built-in PBX, and its secret.
const DEMO: &str = "demo";

/// How a session is begun.
#[derive(Clone, Default)]
pub struct Entry<'a> {
    /// In place of the destination of the settings.
    pub other: Option<&'a Destination>,
    /// The user will log in.
    pub by_hand: bool,
    /// The link is kept, unless the settings say otherwise.
    pub kept: bool,
    /// Where its packets are written to.
    pub trace: session::Trace,
}

/// A session, and with it the built-in PBX that it is a session with, if so;
/// that ends when dropped.
pub fn session(
    settings: &Settings,
    entry: &Entry<'_>,
) -> Result<(Option<Simulator>, Arc<Session>), Error> {
    let by_hand = entry.by_hand || settings.no_login;
    let destination = entry.other.unwrap_or(&settings.destination);
    let (demo, target) = match &destination.target {
        Some(target) => (None, target.clone()),
        None => {
            let (demo, target) = start_demo()?;
            (Some(demo), target)
        }
    };
    let tls = destination.tls;
    let config = session::Config {
        host: target.host.clone(),
        port: target.port_of(tls),
        tls: tls.then(|| trust(destination)),
        connect_timeout: settings.connect_timeout,
        patience: settings.timeout,
        buffer: settings.buffer,
        reconnect: !by_hand && settings.reconnect.unwrap_or(entry.kept),
        pulse: Pulse::default(),
        trace: entry.trace.clone(),
    };
    let session = insist(settings, || {
        let session = Session::connect(config.clone())?;
        if tls && destination.trust.insecure {
            // Nobody may get used to a link that is not what it seems.
            crate::note(&format!("--insecure: {UNCHECKED}"));
        }
        if by_hand {
            return Ok(session);
        }
        // The shell has its own handlers; without any, a signal would leave
        // the terminal without echo. They stay until the session has others.
        let asks = demo.is_none() && destination.asks();
        let asking = (entry.other.is_none() && asks).then(Asking::begin);
        let _asking = asking.transpose().map_err(Error::Signals)?;
        let is_own = demo.is_some() && destination.user.is_none();
        let own = is_own.then(|| demo_account(destination));
        let done = log_in(settings, own.as_ref().unwrap_or(destination), &session);
        if done.as_ref().is_err_and(Error::is_passing) {
            // It may hang, and there may be many of them.
            session.close();
        }
        done.map(|()| session)
    })?;
    let session = Arc::new(session);
    session::supervise(&session)?;
    Ok((demo, session))
}

/// The file for packets that `settings` name; `failed` is told, at any time,
/// that it takes nothing more.
pub fn trace(
    settings: &Settings,
    failed: impl FnOnce(String) + Send + 'static,
) -> Result<session::Trace, Error> {
    let Some(path) = settings.trace.clone() else {
        return Ok(session::Trace::default());
    };
    let words = format!("{}: nothing more is traced", path.display());
    let created = session::Trace::create(&path, move |why| failed(format!("{words}: {why}")));
    created.map_err(|why| Error::File { path, why })
}

/// The first connection and login. With `--reconnect` it is tried until it
/// succeeds, or is refused.
fn insist(
    settings: &Settings,
    open: impl Fn() -> Result<Session, Error>,
) -> Result<Session, Error> {
    let mut backoff = Backoff::default();
    let mut said = false;
    loop {
        match open() {
            Err(error) if settings.reconnect == Some(true) && error.is_passing() => {
                if !said {
                    said = true;
                    crate::note(&format!("trying until it succeeds: {error}"));
                }
                std::thread::sleep(backoff.pause());
            }
            session => return session,
        }
    }
}

fn demo_account(destination: &Destination) -> Destination {
    Destination {
        user: Some(DEMO.to_owned()),
        secret: Some(SecretSource::Text(DEMO.to_owned())),
        ..destination.clone()
    }
}

fn trust(destination: &Destination) -> session::Tls {
    let trust = destination.trust.clone();
    session::Tls {
        cacert: trust.cacert,
        name: trust.name,
        insecure: trust.insecure,
    }
}

fn log_in(settings: &Settings, destination: &Destination, session: &Session) -> Result<(), Error> {
    let account = destination.account(Path::new(manager_conf::FOLDER))?;
    if let Some(path) = account.found_in.filter(|_| !settings.quiet) {
        crate::note(&format!(
            "user {} and the secret are from {}",
            account.user,
            path.display()
        ));
    }
    // With --insecure whoever answers may be anybody.
    let plain = settings.plaintext || session.is_loopback() || session.is_verified();
    let done = session.login(&account.user, account.secret, plain, &mut |reply| {
        if settings.verbose {
            crate::looks::say_packets(reply);
        }
    });
    done.map_err(|error| match error {
        session::Error::Login(why) => Error::Login {
            why,
            user: account.user,
            from: session.local().map(|local| local.ip()),
        },
        error => Error::Session(error),
    })
}

/// A PBX of our own at `address`, with calls that come and go.
pub fn demo_on(address: &str) -> Result<Simulator, Error> {
    let config = crate::simulator::Config {
        life: Life::Seeded(seed()),
        ..Default::default()
    };
    Simulator::listen(address, config).map_err(Error::Demo)
}

fn start_demo() -> Result<(Simulator, Target), Error> {
    let demo = demo_on("127.0.0.1:0")?;
    let target = Target {
        user: None,
        host: demo.addr().ip().to_string(),
        port: Some(demo.addr().port()),
        tls: Some(false),
    };
    Ok((demo, target))
}

/// Another story each day, the same one all day.
fn seed() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs() / 86_400)
}
