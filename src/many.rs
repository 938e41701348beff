//! Runs the mode that the settings ask for on many PBXs.

use crate::ami::Classes;
use crate::connect::{self, Entry};
use crate::engine::{Rules, Source};
use crate::error::Error;
use crate::exit_code::Code;
use crate::fleet::{self, Anew, Run, Streams};
use crate::given;
use crate::language;
use crate::session::{Challenged, Trace};
use crate::settings::{Destination, Fleet, Mode, Pbx, Settings};
use crate::shell;
use crate::streams::{closed, columns, note, printer, stdout};
use std::io::{self, IsTerminal};
use std::sync::Arc;

/// The least that may wait of one PBX, in bytes.
const LEAST: usize = 64 * 1024;

/// Runs what `settings` ask for on the PBXs of `fleet` and returns the exit code.
///
/// # Errors
/// It could not be started, or the output failed.
pub fn carry_out(settings: &Settings, fleet: &Fleet) -> Result<Code, Error> {
    for (is, option) in [
        (settings.trace.is_some(), "--trace"),
        (settings.no_login, "--no-login"),
    ] {
        if is {
            let words = format!("{option} is for one PBX at a time: name one target");
            return Err(Error::Syntax(words));
        }
    }
    let mut fleet = fleet.clone();
    fleet.ask()?;
    // What waits to be shown is bounded for all of them together.
    let each = settings.buffer / fleet.pbxs.len().max(1);
    let mut shared = settings.clone();
    shared.buffer = each.max(LEAST);
    let done = match &settings.mode {
        Mode::Stream(classes) => stream(&shared, &fleet, given::streamed(classes)?),
        Mode::Action(words) => {
            let refused = |fault: language::Fault| Error::Syntax(fault.to_string());
            let command = language::words(words).map_err(refused)?;
            let anew = |rules| Source::one(command.clone(), rules);
            anew(given::rules(settings)).map_err(|error| refused(error.fault))?;
            script(&shared, &fleet, &anew, "")
        }
        Mode::Input if io::stdin().is_terminal() && is_shown() => prompt(&shared, &fleet),
        mode => {
            let (text, name) = given::text(mode)?;
            let anew = |rules| Source::whole(&text, rules);
            given::checked(anew(given::rules(settings)), &name)?;
            script(&shared, &fleet, &anew, &name)
        }
    };
    done.or_else(|error| match error {
        Error::Output(why) => closed(why),
        error => Err(error),
    })
}

/// Whether a prompt would be seen.
fn is_shown() -> bool {
    io::stdout().is_terminal() || io::stderr().is_terminal()
}

/// A shell on all of them. One that is not reached is tried again.
fn prompt(settings: &Settings, fleet: &Fleet) -> Result<Code, Error> {
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
    let run = Run {
        settings,
        fleet,
        rules: given::rules(settings),
        printer: printer(settings, String::new())?,
        open: &open,
    };
    let reserved = shell::Reserved::take().map_err(Error::Terminal)?;
    let opened = fleet::open(&run);
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
        rules: run.rules,
        printer: run.printer.clone(),
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

fn stream(settings: &Settings, fleet: &Fleet, classes: Classes) -> Result<Code, Error> {
    let printer = printer(settings, String::new())?;
    if printer.form.is_rows() && printer.fields().named().is_none() {
        let words = "events of many PBXs have no columns in common: choose them with --fields Event,Channel";
        return Err(Error::Syntax(words.to_owned()));
    }
    over_fleet(settings, fleet, true, |run, streams| {
        fleet::stream(run, streams, classes)
    })
}

fn script(settings: &Settings, fleet: &Fleet, anew: &Anew<'_>, name: &str) -> Result<Code, Error> {
    consent(settings, fleet, anew)?;
    over_fleet(settings, fleet, false, |run, streams| {
        fleet::script(run, streams, anew, name)
    })
}

/// Asks the person at the terminal before something is changed on many PBXs.
fn consent(settings: &Settings, fleet: &Fleet, anew: &Anew<'_>) -> Result<(), Error> {
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

fn over_fleet(
    settings: &Settings,
    fleet: &Fleet,
    kept: bool,
    work: impl FnOnce(&Run<'_>, Streams) -> Result<Code, Error>,
) -> Result<Code, Error> {
    let challenged = Challenged::default();
    let open = |pbx: &Pbx| {
        let entry = Entry {
            other: Some(&pbx.destination),
            kept,
            brief: !kept,
            trace: Trace::default(),
            challenged: challenged.clone(),
            ..Entry::default()
        };
        connect::session(settings, &entry).map(|(_, session)| session)
    };
    let run = Run {
        settings,
        fleet,
        rules: Rules {
            keep_going: settings.keep_going,
            window: settings.window,
            ..given::rules(settings)
        },
        printer: printer(settings, String::new())?,
        open: &open,
    };
    let streams = Streams {
        out: Box::new(stdout()?),
        err: Box::new(io::stderr()),
        columns: columns(),
        prefix: "amish: ",
    };
    work(&run, streams)
}
