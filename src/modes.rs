//! Runs the mode that the settings ask for: a shell, a script, a stream, a
//! decoded capture, or the built-in PBX.

use crate::ami::Classes;
use crate::broker::Broker;
use crate::connect::{self, Entry};
use crate::engine::dry_run::DryRun;
use crate::engine::{Rules, Runner, Shared, Source, Transcript, hits_many};
use crate::error::Error;
use crate::exit_code::Code;
use crate::given::{broken_input, classes_of, opened, rules, streamed, text, unreadable, whole};
use crate::language::{self, Expr};
use crate::output::Form;
use crate::run::{Ask, Ends, Output, Progress, decode, narrowing, signals, stream};
use crate::session::{Session, Trace};
use crate::settings::{self, Mode, Settings};
use crate::streams::{self, closed, note, printer, stdout};
use crate::{audit, cli, files, generate, many, serve, setup, shell};
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Arc;

/// Runs what `settings` ask for and returns the exit code.
///
/// # Errors
/// It could not be started, or the output failed.
pub fn carry_out(settings: &Settings) -> Result<Code, Error> {
    let form = settings.form_on(io::stdout().is_terminal());
    let shows_fields = matches!(form, cli::Form::Table | cli::Form::Csv | cli::Form::Tsv);
    // A script may set the form itself, and a capture refuses.
    let is_fixed = matches!(settings.mode, Mode::Action(_) | Mode::Stream(_));
    if settings.fields.is_some() && is_fixed && !shows_fields {
        note("--fields has no effect on this form: it is for -o table, csv and tsv");
    }
    match &settings.fleet {
        Some(fleet) if settings.dry_run && !matches!(settings.mode, Mode::Metrics(_)) => {
            note(&many::told(settings, fleet));
        }
        Some(fleet) => {
            return match settings.demo_fleet {
                Some(count) => many::demo(settings, fleet, count),
                None => many::carry_out(settings, fleet),
            };
        }
        None => {}
    }
    match &settings.mode {
        Mode::Help(topic) => help(settings, topic.as_deref()),
        Mode::Init(setup) => setup::run(settings, setup),
        Mode::Audit(path) => audit::run(settings, path.as_deref()),
        Mode::Serve(serving) => serve::run(serving),
        Mode::Decode(path) => decode(settings, path),
        Mode::Stream(classes) => stream(settings, streamed(classes)?),
        Mode::Action(words) => {
            let refused = |fault: language::Fault| Error::Syntax(fault.to_string());
            let command = language::words(words).map_err(refused)?;
            let doubt = shell::doubt(settings, rules(settings), &command);
            // What is refused is not asked about.
            let source = Source::one(command, rules(settings));
            let source = source.map_err(|error| refused(error.fault))?;
            // Whom a pattern meets is in the question, and only the server knows.
            let is_later = doubt.as_ref().is_some_and(|(action, _)| hits_many(action));
            if let Some((_, warning)) = doubt.filter(|_| !is_later)
                && !shell::consent(&warning, || ()).map_err(Error::Terminal)?
            {
                return Err(Error::Declined);
            }
            script(settings, source, "", is_later)
        }
        // It has a fleet, if of one.
        Mode::Metrics(_) => Ok(Code::Usage),
        Mode::Lines(..) | Mode::File(_) => {
            let (text, name) = text(&settings.mode)?;
            script(settings, whole(settings, &text, &name)?, &name, false)
        }
        Mode::Input => input(settings),
    }
}

/// A chapter of the manual, or which there are.
fn help(settings: &Settings, topic: Option<&str>) -> Result<Code, Error> {
    let look = streams::look(settings, io::stdout().is_terminal());
    let page = generate::help(topic, look.width, look.palette)?;
    streams::print(page.as_bytes())
}

/// Standard input: a terminal, a file, or a pipe. Who types on a terminal has a
/// prompt and is asked, also if the replies go elsewhere.
fn input(settings: &Settings) -> Result<Code, Error> {
    let stdin = io::stdin();
    let is_shown = io::stdout().is_terminal() || (io::stderr().is_terminal() && !settings.dry_run);
    if stdin.is_terminal() && is_shown {
        return shell(settings);
    }
    let input = stdin.as_fd().try_clone_to_owned().map(File::from);
    let input = input.map_err(broken_input)?;
    let is_file = input.metadata().is_ok_and(|about| about.is_file());
    let source = if is_file {
        let text = files::read_to_end(input, files::SCRIPT);
        let text = text.map_err(|why| broken_input(why.into()))?;
        whole(settings, &text, "stdin")?
    } else {
        Source::pipe(input).map_err(broken_input)?
    };
    script(settings, source, "stdin", false)
}

/// Runs `source`. With `asks`, dangerous Actions are confirmed.
fn script(settings: &Settings, mut source: Source, name: &str, asks: bool) -> Result<Code, Error> {
    if settings.dry_run {
        let out = &mut stdout()?;
        return with_output(settings, String::new(), out, |transcript, output| {
            DryRun::new(transcript, output).script(source, rules(settings), name)
        });
    }
    let entry = Entry {
        by_hand: source.logs_in(),
        brief: source.is_brief(),
        ..Entry::default()
    };
    let rules = Rules {
        keep_going: settings.keep_going,
        window: settings.window,
        ..rules(settings)
    };
    over_session(settings, entry, None, |session, transcript, output| {
        source.wake(session);
        output.progress = progress(settings, &source, name);
        if asks {
            output.ask = Some(ask_over(session));
        }
        let mut runner = Runner::for_script(session, transcript, output, rules, name);
        if asks {
            runner = runner.asking();
        }
        let code = runner.run(source)?;
        if let Some(words) = runner.summary(io::stderr().is_terminal()) {
            runner.say(&words)?;
        }
        leave(settings, session);
        Ok(match code {
            Code::Signal(_) => code,
            // A late answer may have come before the logoff.
            code => code.with(runner.remainder()?),
        })
    })
}

/// Asks on the terminal; a signal meanwhile logs off and ends amish.
fn ask_over(session: &Arc<Session>) -> Ask {
    let session = session.clone();
    Box::new(move |warning| {
        let session = session.clone();
        shell::consent(warning, move || drop(session.close()))
    })
}

/// No progress line if the replies themselves go to the terminal.
fn progress(settings: &Settings, source: &Source, name: &str) -> Option<Progress> {
    let is_long = source.actions().is_none_or(|total| total > 1) && !name.is_empty();
    let is_watched = io::stderr().is_terminal() && !io::stdout().is_terminal();
    (is_long && is_watched && !settings.quiet).then(Progress::begun)
}

fn stream(settings: &Settings, classes: Classes) -> Result<Code, Error> {
    let filter = settings.filter.as_ref();
    let one_name = filter.is_some_and(Expr::is_of_one_name);
    let takes = printer(settings, String::new())?.takes_events(one_name);
    takes.map_err(Error::Syntax)?;
    if settings.dry_run {
        let out = &mut stdout()?;
        return with_output(settings, String::new(), out, |transcript, output| {
            let narrow = narrowing(filter, settings.until.as_ref());
            DryRun::new(transcript, output).stream(narrow, classes)
        });
    }
    let entry = Entry {
        kept: true,
        ..Entry::default()
    };
    // Before the login: without a broker there is nothing to log in for.
    let broker = connect::broker(settings)?;
    over_session(settings, entry, broker, |session, transcript, output| {
        // A stream has no commands that look back.
        transcript.lock().observed = None;
        let rules = rules(settings);
        let mut runner = Runner::at_prompt(session, transcript, output, rules, false);
        let ends = Ends::of(settings);
        let choice = stream::Choice {
            filter: settings.filter.as_ref(),
            until: settings.until.as_ref(),
            ends: &ends,
        };
        choice.doubt(classes, &mut runner)?;
        let code = stream::run(session, classes, &choice, &mut runner)?;
        match ends.unmet() {
            Some(words) if !matches!(code, Code::Signal(_)) => {
                runner.say(&words)?;
                Ok(code.with(Code::Unmet))
            }
            _ => Ok(code),
        }
    })
}

/// Runs `work` over a session without a prompt, from its login to its logoff.
fn over_session(
    settings: &Settings,
    mut entry: Entry<'_>,
    broker: Option<Broker>,
    work: impl FnOnce(&Arc<Session>, Shared, &mut Output<'_>) -> io::Result<Code>,
) -> Result<Code, Error> {
    entry.trace = connect::trace(settings, |words| note(&words))?;
    let (_demo, session) = connect::session(settings, &entry)?;
    let delivery = broker.as_ref().map(Broker::delivery);
    let waiting = session.clone();
    let parting = connect::parting(delivery.clone());
    let parting = Arc::new(move || parting(&|| waiting.backlog().waiting()));
    let watch = signals::watch(session.clone(), parting).map_err(Error::Signals)?;
    let mut out: Box<dyn Write> = match broker {
        Some(broker) => Box::new(broker),
        None => Box::new(stdout()?),
    };
    let done = with_output(
        settings,
        session.target(),
        &mut out,
        |transcript, output| work(&session, transcript, output),
    );
    // Does nothing if already done; needed if the output failed.
    leave(settings, &session);
    drop(watch);
    let is_whole = delivery.is_none_or(|delivery| delivery.lost() == 0);
    done.map(|code| {
        if is_whole {
            code
        } else {
            code.with(Code::Lost)
        }
    })
    .map(|code| traced(&entry.trace, code))
}

/// An incomplete trace is a failure, even if all else went well.
fn traced(trace: &Trace, code: Code) -> Code {
    match trace.settle() {
        true => code,
        false => code.with(Code::Failed),
    }
}

fn with_output(
    settings: &Settings,
    target: String,
    out: &mut dyn Write,
    work: impl FnOnce(Shared, &mut Output<'_>) -> io::Result<Code>,
) -> Result<Code, Error> {
    let mut err = io::stderr();
    let mut transcript = Transcript::new(printer(settings, target)?);
    transcript.quiet = settings.quiet;
    transcript.filter.clone_from(&settings.filter);
    let transcript = Shared::new(transcript);
    let mut output = Output {
        columns: crate::streams::columns(),
        out,
        err: &mut err,
        progress: None,
        ask: None,
    };
    let code = work(transcript.clone(), &mut output).or_else(closed)?;
    Ok(transcript.lock().settle_code(code))
}

/// Logs off; with `-v` the reply is shown.
fn leave(settings: &Settings, session: &Session) {
    let goodbye = session.close();
    if let Some(reply) = goodbye.filter(|_| settings.verbose) {
        streams::note_packets(&reply);
    }
}

fn decode(settings: &Settings, path: &Path) -> Result<Code, Error> {
    let mut input = opened(path)?;
    let mut out = stdout()?;
    let mut printer = printer(settings, String::new())?;
    let has_columns = printer.fields().named().is_some();
    // Unasked, a capture keeps its order, which tables do not.
    if settings.form.is_none() {
        printer.form = match has_columns {
            true => Form::Table,
            false => Form::Packet,
        };
    }
    if has_columns && !printer.form.is_rows() && printer.form != Form::Table {
        let form = printer.form.name();
        let words =
            format!("--fields chooses columns, and {form} has none: use -o table, csv or tsv");
        return Err(Error::Syntax(words));
    }
    let wanted = decode::Wanted {
        filter: settings.filter.clone(),
        until: settings.until.clone(),
        count: settings.count,
        quiet: settings.quiet,
    };
    let mut to = Output {
        out: &mut out,
        err: &mut io::stderr(),
        columns: streams::columns(),
        progress: None,
        ask: None,
    };
    let done = decode::run(&mut input, &mut to, printer, wanted);
    done.or_else(|broken| match broken {
        decode::Broken::Foreign(words) => {
            Err(Error::Syntax(format!("{}: {words}", path.display())))
        }
        decode::Broken::Input(why) => Err(unreadable(path, why)),
        decode::Broken::Output(why) => closed(why),
    })
}

fn shell(settings: &Settings) -> Result<Code, Error> {
    if settings.dry_run {
        let words = "--dry-run has nothing to print: give an Action, -c, -f, -e or a script on standard input";
        return Err(Error::Syntax(words.to_owned()));
    }
    let events = settings.events.as_deref().map(classes_of).transpose()?;
    // The built-in PBX lives as long as the shell, even while connected to
    // another server.
    let (failed, notes) = std::sync::mpsc::channel();
    let trace = connect::trace(settings, move |words| drop(failed.send(words)))?;
    let entry = Entry {
        kept: true,
        trace: trace.clone(),
        ..Entry::default()
    };
    let (_demo, session) = connect::session(settings, &entry)?;
    let (own, own_trace) = (settings.clone(), trace.clone());
    let own_challenged = entry.challenged.clone();
    let connect = move |other: &settings::Destination| {
        let entry = Entry {
            other: Some(other),
            kept: true,
            trace: own_trace.clone(),
            challenged: own_challenged.clone(),
            ..Entry::default()
        };
        connect::session(&own, &entry).map(|(_, session)| session)
    };
    let shown = shell::Context {
        settings,
        rules: rules(settings),
        printer: printer(settings, session.target())?,
        connect: Arc::new(connect),
        notes: &notes,
        events: events.unwrap_or(Classes::NONE),
    };
    let done = shell::run(session, shown).map_err(Error::Terminal);
    let code = done.map(|code| traced(&trace, code));
    notes.try_iter().for_each(|words| note(&words));
    code
}
