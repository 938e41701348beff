//! Runs the mode that the settings ask for on many PBXs.

use crate::broker::Broker;
use crate::connect::{self, Entry};
use crate::engine::{Rules, Source};
use crate::error::Error;
use crate::exit_code::Code;
use crate::exporter;
use crate::fleet::{self, Anew, Run, Streams};
use crate::given;
use crate::language;
use crate::session::{Challenged, Classes, Poller, ReadyMark, Trace};
use crate::settings::{Destination, Fleet, Mode, Pbx, Settings};
use crate::shell;
use crate::simulator;
use crate::streams::{closed, columns, note, printer, stdout};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::sync::Arc;

/// The least that may wait of one PBX, in bytes.
const LEAST: usize = 16 * 1024;

/// Runs what `settings` ask for on the PBXs of `fleet` and returns the exit code.
///
/// # Errors
/// It could not be started, or the output failed.
pub fn carry_out(settings: &Settings, fleet: &Fleet) -> Result<Code, Error> {
    if let Mode::Metrics(address) = &settings.mode {
        return exporter::run(settings, fleet, address.as_deref());
    }
    for (is, option) in [
        (settings.trace.is_some(), "--trace"),
        (settings.no_login, "--no-login"),
    ] {
        if is {
            let words = format!("{option} is for one PBX at a time: name one target");
            return Err(Error::Syntax(words));
        }
    }
    // What waits to be shown is bounded for all of them together.
    let each = settings.buffer / fleet.pbxs.len().max(1);
    let mut shared = settings.clone();
    shared.buffer = each.max(LEAST);
    // Otherwise those that are say so themselves.
    shared.destination.read_only = fleet.pbxs.iter().all(|pbx| pbx.destination.read_only);
    // Who is not reached must give its place to the others before it is tried again.
    shared.reconnect = settings.reconnect.filter(|again| !again);
    let done = match &settings.mode {
        Mode::Stream(classes) => stream(&shared, fleet, classes),
        Mode::Action(words) => {
            let refused = |fault: language::Fault| Error::Syntax(fault.to_string());
            let command = language::words(words).map_err(refused)?;
            let anew = move |rules| Source::one(command.clone(), rules);
            anew(given::rules(&shared)).map_err(|error| refused(error.fault))?;
            script(&shared, fleet, Arc::new(anew), "")
        }
        Mode::Input if io::stdin().is_terminal() && is_shown() => prompt(&shared, fleet),
        mode => {
            let (text, name) = given::text(mode)?;
            let anew = move |rules| Source::whole(&text, rules);
            given::checked(anew(given::rules(&shared)), &name)?;
            script(&shared, fleet, Arc::new(anew), &name)
        }
    };
    done.or_else(|error| match error {
        Error::Output(why) => closed(why),
        error => Err(error),
    })
}

/// The same on `count` built-in PBXs, which live as long as that takes.
///
/// # Errors
/// As above, or they cannot be started.
pub fn demo(settings: &Settings, fleet: &Fleet, count: u16) -> Result<Code, Error> {
    let demo = simulator::Fleet::listen("127.0.0.1:0", count, &connect::demo());
    let demo = demo.map_err(Error::Demo)?;
    let account = match settings.destination.user {
        Some(_) => settings.destination.clone(),
        None => connect::demo_account(&settings.destination),
    };
    let pbx = |(i, address): (usize, &SocketAddr)| Pbx {
        name: format!("demo{}", i + 1),
        destination: Destination {
            target: Some(connect::demo_target(*address)),
            built_in: true,
            ..account.clone()
        },
        events: None,
        filter: None,
    };
    let all = demo.addrs().iter().enumerate().map(pbx);
    let mut own = fleet.clone();
    own.pbxs = all.filter(|pbx| fleet.is_own(&pbx.name)).collect();
    carry_out(settings, &own)
}

/// Whether a prompt would be seen.
fn is_shown() -> bool {
    io::stdout().is_terminal() || io::stderr().is_terminal()
}

/// A shell on all of them. One that is not reached is tried again.
fn prompt(settings: &Settings, fleet: &Fleet) -> Result<Code, Error> {
    let mut fleet = fleet.clone();
    fleet.ask()?;
    take_descriptors();
    let challenged = Challenged::default();
    let mut own = settings.clone();
    // The shell tries again by itself: the first try must not last for ever.
    own.reconnect = own.reconnect.filter(|is_on| !is_on);
    let connect = move |destination: &Destination| {
        let entry = Entry {
            other: Some(destination),
            kept: true,
            challenged: challenged.clone(),
            ..Entry::default()
        };
        connect::session(&own, &entry).map(|(_, session)| session)
    };
    let open = |pbx: &Pbx| connect(&pbx.destination);
    let reserved = shell::Reserved::take().map_err(Error::Terminal)?;
    let opened = fleet::open(&fleet, settings.keep_going, &open);
    let pbxs: Vec<_> = fleet.pbxs.iter().cloned().zip(opened).collect();
    if pbxs.iter().all(|(_, opened)| opened.is_err()) {
        let mut code = Code::Ok;
        for (pbx, opened) in pbxs {
            if let Err(unopened) = opened {
                note(&format!("{}: {}", pbx.name, unopened.why));
                code = code.with(unopened.code);
            }
        }
        return Ok(code);
    }
    let (_, notes) = std::sync::mpsc::channel();
    let context = shell::Context {
        settings,
        rules: given::rules(settings),
        printer: printer(settings, String::new())?,
        connect: Arc::new(connect.clone()),
        notes: &notes,
        events: Classes::NONE,
    };
    let several = shell::Several {
        name: fleet.name.clone(),
        pbxs,
        by_target: fleet.by_target,
        reserved,
    };
    shell::run_several(several, context).map_err(Error::Terminal)
}

fn stream(settings: &Settings, fleet: &Fleet, typed: &str) -> Result<Code, Error> {
    if fleet.by_target {
        let words = "--group-by waits for the end of each PBX, and a stream has none: leave it out; --filter '_pbx=…' chooses one";
        return Err(Error::Syntax(words.to_owned()));
    }
    let classes = |pbx: &Pbx| given::streamed(pbx.events.as_deref().unwrap_or(typed));
    let classes: Vec<Classes> = fleet.pbxs.iter().map(classes).collect::<Result<_, _>>()?;
    let printer = printer(settings, String::new())?;
    if printer.form.is_rows() && printer.fields().named().is_none() {
        let words = "events of many PBXs have no columns in common: choose them with --fields Event,Channel";
        return Err(Error::Syntax(words.to_owned()));
    }
    over_fleet(settings, fleet, true, |run, streams| {
        fleet::stream(run, streams, &classes)
    })
}

fn script(settings: &Settings, fleet: &Fleet, anew: Arc<Anew>, name: &str) -> Result<Code, Error> {
    consent(settings, fleet, &*anew)?;
    over_fleet(settings, fleet, false, |run, streams| {
        fleet::script(run, streams, anew, name)
    })
}

/// Asks the person at the terminal before something is changed on many PBXs.
fn consent(settings: &Settings, fleet: &Fleet, anew: &Anew) -> Result<(), Error> {
    let asked: Vec<&str> = fleet
        .pbxs
        .iter()
        .filter(|pbx| pbx.destination.confirm && !pbx.destination.read_only)
        .map(|pbx| &pbx.name[..])
        .collect();
    let reading = Rules {
        read_only: true,
        ..given::rules(settings)
    };
    if asked.is_empty() || !io::stdin().is_terminal() || anew(reading).is_ok() {
        return Ok(());
    }
    let warning = fleet::changing(&asked);
    match shell::consent(&warning, || ()).map_err(Error::Terminal)? {
        true => Ok(()),
        false => Err(Error::Declined),
    }
}

/// What the dry run does not show: where it would be sent.
pub fn told(settings: &Settings, fleet: &Fleet) -> String {
    if let Some(count) = settings.demo_fleet {
        return format!("for {count} built-in PBXs");
    }
    let names: Vec<&str> = fleet.pbxs.iter().map(|pbx| &pbx.name[..]).collect();
    format!("for {}", fleet::named(&names))
}

fn over_fleet(
    settings: &Settings,
    fleet: &Fleet,
    kept: bool,
    work: impl FnOnce(Run, Streams) -> Result<Code, Error>,
) -> Result<Code, Error> {
    let mut fleet = fleet.clone();
    fleet.ask()?;
    take_descriptors();
    let challenged = Challenged::default();
    // Without it each connection has a thread of its own.
    let poller = Poller::start().ok();
    let (own, is_kept) = (settings.clone(), kept || fleet.insists);
    let open = move |pbx: &Pbx, ready_mark: ReadyMark| {
        let entry = Entry {
            other: Some(&pbx.destination),
            kept: is_kept,
            brief: !is_kept,
            trace: Trace::default(),
            challenged: challenged.clone(),
            of_many: Some((poller.clone(), ready_mark)),
            ..Entry::default()
        };
        connect::session(&own, &entry).map(|(_, session)| session)
    };
    let broker = connect::broker(settings)?;
    let delivery = broker.as_ref().map(Broker::delivery);
    let run = Run {
        settings: settings.clone(),
        fleet,
        rules: Rules {
            keep_going: settings.keep_going,
            window: settings.window,
            ..given::rules(settings)
        },
        printer: printer(settings, String::new())?,
        open: Box::new(open),
        parting: connect::parting(delivery.clone()),
    };
    let streams = Streams {
        out: match broker {
            Some(broker) => Box::new(broker),
            None => Box::new(stdout()?),
        },
        err: Box::new(io::stderr()),
        columns: columns(),
        prefix: "amish: ",
    };
    let code = work(run, streams)?;
    Ok(match delivery.is_some_and(|delivery| delivery.lost() > 0) {
        true => code.with(Code::Lost),
        false => code,
    })
}

/// Takes all the descriptors that the system grants: each PBX needs two, and the usual
/// limit is 1,024.
fn take_descriptors() {
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < hard
    {
        // Without them those that find none are told so.
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
}
