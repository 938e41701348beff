//! Opens the session that the settings ask for, and logs in.

mod advice;

use crate::broker::{Broker, Delivery, Place};
use crate::error::Error;
use crate::run::signals;
use crate::session::arrival::UNCHECKED;
use crate::session::{self, Backoff, Challenged, Keepalive, Poller, ReadyMark, Session};
use crate::settings::{
    Destination, EchoGuard, SecretError, SecretSource, Settings, Target, manager_conf,
};
use crate::simulator::{self, Life, Simulator};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The user name and secret for the built-in PBX.
const DEMO: &str = "demo";

/// How to open a session.
#[derive(Clone, Default)]
pub struct Entry<'a> {
    /// Replaces the destination of the settings.
    pub other: Option<&'a Destination>,
    /// The user logs in by hand.
    pub by_hand: bool,
    /// Reconnect by default, unless the settings say otherwise.
    pub kept: bool,
    /// For one Action only, which is unanswered until the end: nobody looks after
    /// the session, unless it is to reconnect.
    pub brief: bool,
    /// The trace of its packets.
    pub trace: session::Trace,
    /// The servers that accepted a challenge in this run.
    pub challenged: Challenged,
    /// One of many sessions, with what they share.
    pub of_many: Option<(Option<Arc<Poller>>, ReadyMark)>,
}

/// Opens a session and logs in. With `--demo` the built-in PBX comes with it;
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
    let config = session::Config {
        reconnect: !by_hand && settings.reconnect.unwrap_or(entry.kept),
        ..config(settings, entry, destination, &target)
    };
    let session = insist(settings, || {
        let session = Session::connect(config.clone());
        let session = session.map_err(|why| advice::unreached(settings, entry, &target, why))?;
        if destination.tls && destination.trust.insecure {
            // Warn at every connection, so that nobody forgets that the link is
            // not verified.
            crate::streams::note(&format!("--insecure: {UNCHECKED}"));
        }
        if by_hand {
            return Ok(session);
        }
        // The shell installs its handlers later. Until then a signal during a
        // prompt would leave the terminal without echo.
        let asks = demo.is_none() && destination.asks();
        let asking = (entry.other.is_none() && asks).then(|| EchoGuard::begin(|| ()));
        let asking = asking.transpose().map_err(Error::Signals)?;
        let is_own = demo.is_some() && destination.user.is_none();
        let own = is_own.then(|| demo_account(destination));
        let done = log_in(settings, own.as_ref().unwrap_or(destination), &session);
        if let (Some(_), Err(Error::Secret(SecretError::Interrupted))) = (&asking, &done) {
            // Ctrl-C was read as a key, so end the program as the signal would.
            let _ = nix::sys::signal::raise(nix::sys::signal::Signal::SIGINT);
        }
        if done.as_ref().is_err_and(Error::is_temporary) {
            // The server may be hanging, and retries must not pile up
            // connections.
            session.close();
        }
        done.map(|()| session)
    })?;
    let session = Arc::new(session);
    if !entry.brief || config.reconnect {
        session::supervise(&session)?;
    }
    Ok((demo, session))
}

/// How a session with `destination` is made, at `target`.
pub fn config(
    settings: &Settings,
    entry: &Entry<'_>,
    destination: &Destination,
    target: &Target,
) -> session::Config {
    let tls = destination.tls;
    let (poller, ready_mark) = entry.of_many.clone().unzip();
    session::Config {
        host: target.host.clone(),
        port: target.port_of(tls),
        tls: tls.then(|| trust(destination)),
        connect_timeout: settings.connect_timeout,
        patience: settings.timeout,
        buffer: settings.buffer,
        reconnect: false,
        keepalive: Keepalive::default(),
        trace: entry.trace.clone(),
        challenged: entry.challenged.clone(),
        poller: poller.flatten(),
        built_in: destination.built_in.then_some(simulator::has_action),
        ready_mark,
    }
}

/// Opens the trace file named by `settings`. `failed` is called, at any time,
/// when it can no longer be written.
pub fn trace(
    settings: &Settings,
    failed: impl FnOnce(String) + Send + 'static,
) -> Result<session::Trace, Error> {
    let Some(path) = settings.trace.clone() else {
        return Ok(session::Trace::default());
    };
    let words = format!("{}: tracing stopped", path.display());
    let created = session::Trace::create(&path, move |why| failed(format!("{words}: {why}")));
    created.map_err(|why| Error::File { path, why })
}

/// Connects to the broker that the stream goes to, if there is one.
pub fn broker(settings: &Settings) -> Result<Option<Broker>, Error> {
    let Some(to) = &settings.to else {
        return Ok(None);
    };
    let secret = to.secret.as_ref().map(SecretSource::text).transpose()?;
    let place = Place {
        url: to.url.clone(),
        secret,
        plaintext: settings.plaintext,
        limit: settings.connect_timeout,
    };
    let broker = Broker::connect(
        place,
        settings.destination.name.clone(),
        crate::streams::note,
    );
    let refused = |why| Error::Broker {
        place: to.url.place(),
        why,
    };
    broker.map(Some).map_err(refused)
}

/// What a process that a signal ends has to say: what the broker has not taken. One
/// that is there gets a moment to take the rest.
pub fn parting(delivery: Option<Arc<Delivery>>) -> signals::PartingOf {
    Arc::new(move |waiting| {
        let Some(delivery) = &delivery else {
            return;
        };
        let begun = Instant::now();
        let left = || (delivery.unacknowledged(), waiting());
        while !delivery.is_away() && left() != (0, 0) && begun.elapsed() < signals::PARTING {
            std::thread::sleep(Duration::from_millis(2));
        }
        let (sent, waiting) = left();
        if sent + waiting > 0 {
            crate::streams::note(&format!(
                "the broker has not acknowledged {sent} records, and up to {waiting} more were not sent"
            ));
        }
    })
}

/// The first connection and login. With `--reconnect` it is retried until it
/// succeeds or is refused for good. An unreachable server is reported once, a
/// temporary refusal of the login at each try.
fn insist(
    settings: &Settings,
    open: impl Fn() -> Result<Session, Error>,
) -> Result<Session, Error> {
    let mut backoff = Backoff::default();
    let mut said = false;
    loop {
        match open() {
            Err(error) if settings.reconnect == Some(true) && error.is_temporary() => {
                if !said || matches!(error, Error::Login { .. }) {
                    said = true;
                    crate::streams::note(&format!("retrying: {error}"));
                }
                std::thread::sleep(backoff.pause());
            }
            session => return session,
        }
    }
}

/// How to log in to a built-in PBX, unless `destination` says otherwise.
pub fn demo_account(destination: &Destination) -> Destination {
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
        kept: None,
        name: trust.name,
        insecure: trust.insecure,
    }
}

fn log_in(settings: &Settings, destination: &Destination, session: &Session) -> Result<(), Error> {
    let account = destination.account(Path::new(manager_conf::FOLDER))?;
    if let Some(path) = account.found_in.filter(|_| !settings.quiet) {
        crate::streams::note(&format!(
            "using user {} and its secret from {}",
            account.user,
            path.display()
        ));
    }
    let (user, plaintext) = (&account.user, settings.plaintext);
    let done = session.login(user, account.secret, plaintext, &mut |reply| {
        if settings.verbose {
            crate::streams::note_packets(reply);
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

/// The configuration of the built-in PBX, with simulated calls.
pub fn demo() -> simulator::Config {
    simulator::Config {
        life: Life::Seeded(seed()),
        ..Default::default()
    }
}

fn start_demo() -> Result<(Simulator, Target), Error> {
    let demo = Simulator::listen("127.0.0.1:0", demo()).map_err(Error::Demo)?;
    let target = demo_target(demo.addr());
    Ok((demo, target))
}

/// A built-in PBX at this address as a target.
pub fn demo_target(address: SocketAddr) -> Target {
    Target {
        user: None,
        host: address.ip().to_string(),
        port: Some(address.port()),
        tls: Some(false),
    }
}

/// A seed that changes daily, so that all runs of one day see the same calls.
fn seed() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs() / 86_400)
}
