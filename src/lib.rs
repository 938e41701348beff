//! amish, the Asterisk Manager Interface shell.
//!
//! The layers, each knowing only those named before it. [`files`] opens files, and
//! [`peer_text`] is what a server said, which cannot be printed as it is. [`ami`]
//! is the protocol and does no I/O. [`session`] holds the sockets and the reader
//! thread. [`catalog`] is what a server can do, [`output`] how values become text,
//! [`language`] what can be typed; none of them waits for anything. [`broker`] is
//! where a stream may go in place of standard output. [`calls`] is what events tell
//! of calls, [`diagnosis`] why something fails. [`engine`] carries out what was
//! typed, for an [`engine::Face`]: on top stand [`shell`], with a terminal, and
//! [`mod@run`], without one; [`fleet`] is many PBXs as one, and [`metrics`] their
//! figures. [`simulator`] is a server and shares nothing with the client but the
//! wire.
//!
//! ARCHITECTURE.md has every room, who may know whom, and where each promise is
//! kept.

pub mod ami;
pub mod asterisk_conf;
pub mod broker;
pub mod calls;
pub mod catalog;
pub mod cli;
pub mod diagnosis;
pub mod engine;
pub mod error;
pub mod exit_code;
pub mod files;
pub mod fleet;
pub mod language;
pub mod metrics;
pub mod output;
pub mod peer_text;
pub mod run;
pub mod session;
pub mod settings;
pub mod shell;
pub mod simulator;

mod audit;
mod connect;
mod exporter;
mod generate;
mod given;
mod init;
mod many;
mod modes;
mod panics;
mod serve;
mod setup;
mod streams;

use cli::{Cli, Unread};
use error::Error;
use exit_code::Code;
use settings::Settings;
use std::ffi::OsString;
use std::process::ExitCode;
use std::sync::Arc;
use streams::{closed, note, print};

/// Does what `args` ask for, the program's name first among them.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    // Where `ulimit -f` ends a file, a write that fails can be told; by the
    // signal the process would just be gone. Without the handler it still is.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
    let names = language::TABLE.iter().map(|one| one.name);
    let (cli, lines) = match Cli::read(args, names) {
        Ok(read) => read,
        Err(Unread::Wrong(words)) => {
            note(&words);
            return Code::Usage.into();
        }
        Err(Unread::Shown(text)) => {
            let printed = text.print().map(|()| Code::Ok).or_else(closed);
            return printed.unwrap_or_else(|error| report(&error)).into();
        }
    };
    let classes = format!("all,{}", ami::Classes::ALL);
    let classes: Vec<&str> = classes.split(',').collect();
    if let Some(text) = generate::text(&cli, &classes) {
        let printed = text.and_then(|text| print(&text));
        return printed.unwrap_or_else(|error| report(&error)).into();
    }
    let done = panics::contained(|| {
        let done = Settings::new(cli, lines, |name| std::env::var_os(name))
            .map_err(Error::from)
            .and_then(|settings| modes::carry_out(&settings));
        done.unwrap_or_else(|error| report(&error))
    });
    done.into()
}

/// Says on stderr what ended the run.
fn report(error: &Error) -> Code {
    let code = error.code();
    if code != Code::Ok {
        note(&error.to_string());
        for line in error.advice() {
            streams::advise(&line);
        }
    }
    code
}
