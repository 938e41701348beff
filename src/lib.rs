//! amish, the Asterisk Manager Interface shell.
//!
//! The layers, each knowing only those named before it: [`ami`] is the
//! protocol and does no I/O. [`session`] holds the sockets and the reader
//! thread. [`catalog`] is what a server can do, [`language`] what can be typed,
//! [`output`] how values become text; none of them waits for anything.
//! [`perform`] does an Action. On top stand [`shell`], with a terminal, and
//! [`mod@run`], without one. [`simulator`] is a server and shares nothing with the
//! client but the wire.

pub mod ami;
pub mod catalog;
pub mod cli;
pub mod error;
pub mod language;
pub mod output;
pub mod perform;
pub mod run;
pub mod session;
pub mod settings;
pub mod shell;
pub mod simulator;

mod looks;
mod manual;
mod open;
mod panics;
mod printed;

use cli::Cli;
use error::Error;
use looks::printer;
use open::Entry;
use perform::{Code, Rules, Saved};
use run::source::Source;
use run::{Sink, decode, dry, script, signals, stream};
use session::Session;
use settings::{Mode, Settings};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::process::ExitCode;
use std::sync::Arc;

/// Does what `args` ask for, the program's name first among them.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    // Where `ulimit -f` ends a file, a write that fails can be told; by the
    // signal the process would just be gone. Without the handler it still is.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
    let (cli, lines) = match Cli::read(args) {
        Ok(read) => read,
        Err(error) => {
            // Help and version go to stdout and are no failure.
            let code = if error.use_stderr() {
                Code::Usage
            } else {
                Code::Ok
            };
            let printed = error.print().map(|()| code);
            return printed
                .or_else(closed)
                .unwrap_or_else(|e| report(&e))
                .into();
        }
    };
    if let Some(text) = printed::text(&cli) {
        let printed = text.and_then(|text| print(&text));
        return printed.unwrap_or_else(|error| report(&error)).into();
    }
    let done = panics::contained(|| {
        let done = Settings::new(cli, lines, |name| std::env::var_os(name))
            .map_err(Error::from)
            .and_then(|settings| dispatch(&settings));
        done.unwrap_or_else(|error| report(&error))
    });
    done.into()
}

fn print(text: &[u8]) -> Result<Code, Error> {
    let written = stdout()?.write_all(text);
    written.map(|()| Code::Ok).or_else(closed)
}

/// Says on stderr what ended the run.
fn report(error: &Error) -> Code {
    let code = error.code();
    if code != Code::Ok {
        note(&error.to_string());
        for line in error.advice() {
            let _ = writeln!(io::stderr(), "       {line}");
        }
    }
    code
}

/// A line of amish's own on stderr.
fn note(words: &str) {
    let words = output::sanitize::text(words.as_bytes());
    // There is nowhere left to report that this failed.
    let _ = writeln!(io::stderr(), "amish: {words}");
}

fn dispatch(settings: &Settings) -> Result<Code, Error> {
    match &settings.mode {
        Mode::Serve(address) => serve(address),
        Mode::Decode(path) => decode(settings, path),
        Mode::Stream(classes) => {
            let classes = classes_of(classes)?;
            if classes.is_empty() {
                let words = "no events are asked for: write -e=all, or -e=call,agent";
                return Err(Error::Syntax(words.to_owned()));
            }
            stream(settings, classes)
        }
        Mode::Action(words) => {
            let refused = |fault: language::Fault| Error::Syntax(fault.to_string());
            let command = language::words(words).map_err(refused)?;
            if !shell::consent(settings, rules(settings), &command).map_err(Error::Terminal)? {
                return Err(Error::Declined);
            }
            let source = Source::one(command, rules(settings));
            script(settings, source.map_err(|error| refused(error.fault))?, "")
        }
        Mode::Lines(lines) => script(
            settings,
            whole(settings, lines.join("\n").as_bytes(), "-c")?,
            "-c",
        ),
        Mode::File(path) => {
            let name = path.display().to_string();
            let why = |why| Error::File {
                path: path.clone(),
                why,
            };
            let text = match path.as_os_str() == "-" {
                true => read_whole(io::stdin()),
                false => std::fs::read(path),
            };
            let text = text.map_err(why)?;
            script(settings, whole(settings, &text, &name)?, &name)
        }
        Mode::Input => input(settings),
    }
}

fn classes_of(text: &str) -> Result<session::Classes, Error> {
    let classes = text.parse();
    classes.map_err(|e: session::UnknownClass| Error::Syntax(e.to_string()))
}

/// Standard input: a person, a file, or a pipe.
fn input(settings: &Settings) -> Result<Code, Error> {
    let stdin = io::stdin();
    if stdin.is_terminal() && io::stdout().is_terminal() {
        return shell(settings);
    }
    let input = stdin.as_fd().try_clone_to_owned().map(File::from);
    let input = input.map_err(broken_input)?;
    let is_file = input.metadata().is_ok_and(|about| about.is_file());
    let source = if is_file {
        let text = read_whole(input).map_err(broken_input)?;
        whole(settings, &text, "stdin")?
    } else {
        Source::pipe(input).map_err(broken_input)?
    };
    script(settings, source, "stdin")
}

fn read_whole(mut input: impl io::Read) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    input.read_to_end(&mut text)?;
    Ok(text)
}

fn broken_input(why: io::Error) -> Error {
    Error::File {
        path: "standard input".into(),
        why,
    }
}

fn whole(settings: &Settings, text: &[u8], name: &str) -> Result<Source, Error> {
    let source = Source::whole(text, rules(settings));
    source.map_err(|error| Error::Syntax(format!("{name}:{}: {error}", error.line)))
}

fn rules(settings: &Settings) -> Rules {
    Rules {
        strict: settings.strict,
        read_only: settings.destination.read_only,
        no_check: settings.no_check,
    }
}

fn script(settings: &Settings, mut source: Source, name: &str) -> Result<Code, Error> {
    if settings.dry_run {
        return with_sink(settings, String::new(), |sink| {
            dry::script(source, rules(settings), name, sink)
        });
    }
    let trace = open::trace(settings, |words| note(&words))?;
    let entry = Entry {
        by_hand: source.logs_in(),
        trace: trace.clone(),
        ..Entry::default()
    };
    let (_demo, session) = open::session(settings, &entry)?;
    source.wake(&session);
    let watch = signals::watch(session.clone()).map_err(Error::Signals)?;
    let done = with_sink(settings, session.target(), |sink| {
        let pace = script::Pace {
            keep_going: settings.keep_going,
            window: settings.window,
        };
        let script = script::Script::new(&session, name, pace, rules(settings));
        let code = script.run(source, sink)?;
        leave(settings, &session);
        Ok(match code {
            Code::Signal(_) => code,
            // An answer that was given up may have come before the goodbye.
            code => code.with(script::remainder(&session, sink)?),
        })
    });
    // Once more, where the output failed.
    leave(settings, &session);
    drop(watch);
    done.map(|code| traced(&trace, code))
}

fn stream(settings: &Settings, classes: session::Classes) -> Result<Code, Error> {
    let one_name = settings
        .filter
        .as_ref()
        .is_some_and(|filter| filter.is_of_one_name());
    let takes = printer(settings, String::new())?.takes_events(one_name);
    takes.map_err(Error::Syntax)?;
    let until = stream::Until {
        event: settings.until.clone(),
        count: settings.count,
        time: settings.for_duration,
    };
    if settings.dry_run {
        return with_sink(settings, String::new(), |sink| {
            dry::stream(classes, &until, sink)
        });
    }
    let trace = open::trace(settings, |words| note(&words))?;
    let entry = Entry {
        kept: true,
        trace: trace.clone(),
        ..Entry::default()
    };
    let (_demo, session) = open::session(settings, &entry)?;
    let watch = signals::watch(session.clone()).map_err(Error::Signals)?;
    let done = with_sink(settings, session.target(), |sink| {
        stream::run(&session, classes, until, sink)
    });
    leave(settings, &session);
    drop(watch);
    done.map(|code| traced(&trace, code))
}

/// An incomplete trace is a failure, whatever else went well.
fn traced(trace: &session::Trace, code: Code) -> Code {
    match trace.settle() {
        true => code,
        false => code.with(Code::Failed),
    }
}

fn with_sink(
    settings: &Settings,
    target: String,
    work: impl FnOnce(&mut Sink<'_>) -> io::Result<Code>,
) -> Result<Code, Error> {
    let mut out = stdout()?;
    let mut err = io::stderr();
    let mut sink = Sink {
        out: &mut out,
        err: &mut err,
        printer: printer(settings, target)?,
        quiet: settings.quiet,
        filter: settings.filter.clone(),
        terminal: io::stderr().is_terminal(),
        progress: None,
        saved: Saved::default(),
    };
    let code = work(&mut sink).or_else(closed)?;
    Ok(sink.saved.settle(code))
}

/// A reader that has seen enough is no failure.
fn closed(error: io::Error) -> Result<Code, Error> {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(Code::Ok),
        _ => Err(Error::Output(error)),
    }
}

/// Standard output without the buffer of the standard library, which would
/// search every write for its last line end.
fn stdout() -> Result<File, Error> {
    let own = io::stdout().as_fd().try_clone_to_owned();
    own.map(File::from).map_err(Error::Output)
}

/// Logs off; with `-v` the goodbye is shown.
fn leave(settings: &Settings, session: &Session) {
    let goodbye = session.close();
    if let Some(reply) = goodbye.filter(|_| settings.verbose) {
        looks::say_packets(&reply);
    }
}

fn decode(settings: &Settings, path: &std::path::Path) -> Result<Code, Error> {
    let failed = |why| Error::File {
        path: path.to_owned(),
        why,
    };
    let mut input: Box<dyn io::Read> = match path.as_os_str() == "-" {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(path).map_err(failed)?),
    };
    let mut out = stdout()?;
    let printer = printer(settings, String::new())?;
    let done = decode::run(&mut input, &mut out, &mut io::stderr(), printer);
    done.or_else(|broken| match broken {
        decode::Broken::Input(why) => Err(failed(why)),
        decode::Broken::Output(why) => closed(why),
    })
}

/// Serves the built-in PBX until a signal ends it.
fn serve(address: &str) -> Result<Code, Error> {
    let demo = open::demo_on(address)?;
    let _ = writeln!(
        io::stderr(),
        "amish: the built-in PBX listens on {}; users demo/demo, readonly/readonly, abcde123/abcde123; Ctrl-C ends it",
        demo.addr()
    );
    let signal = signals::wait().map_err(Error::Signals)?;
    drop(demo);
    Ok(Code::Signal(signal))
}

fn shell(settings: &Settings) -> Result<Code, Error> {
    if settings.dry_run {
        let words = "--dry-run prints what would be sent: give it an Action, -c, -f, -e or a script on standard input";
        return Err(Error::Syntax(words.to_owned()));
    }
    let events = settings.events.as_deref().map(classes_of).transpose()?;
    // The built-in PBX lives as long as the shell, also while another server
    // is talked to.
    let (failed, notes) = std::sync::mpsc::channel();
    let trace = open::trace(settings, move |words| drop(failed.send(words)))?;
    let entry = Entry {
        kept: true,
        trace: trace.clone(),
        ..Entry::default()
    };
    let (_demo, session) = open::session(settings, &entry)?;
    let connect = |other: &settings::Destination| {
        let entry = Entry {
            other: Some(other),
            by_hand: false,
            ..entry.clone()
        };
        let opened = open::session(settings, &entry);
        opened.map(|(_, session)| session).map_err(|error| {
            let advice = error
                .advice()
                .into_iter()
                .map(|line| format!("\n       {line}"));
            format!("{error}{}", advice.collect::<String>())
        })
    };
    let shown = shell::Context {
        settings,
        rules: rules(settings),
        printer: printer(settings, session.target())?,
        connect: &connect,
        notes: &notes,
        events: events.unwrap_or(session::Classes::NONE),
    };
    let done = shell::run(session, shown).map_err(Error::Terminal);
    let code = done.map(|code| traced(&trace, code));
    notes.try_iter().for_each(|words| note(&words));
    code
}
