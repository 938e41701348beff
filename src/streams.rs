//! Standard output and standard error outside the shell: how text looks there,
//! and the only way to write amish's own messages and packets.

use crate::ami::Reply;
use crate::error::Error;
use crate::exit_code::Code;
use crate::output::{Fields, Form, Look, Palette, Printer, ascii_only, message, own_packet, signs};
use crate::peer_text::visible;
use crate::settings::Settings;
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::time::{SystemTime, UNIX_EPOCH};

/// A printer for replies and events, according to `settings`.
///
/// # Errors
/// `--fields` has an empty name or names one twice.
pub fn printer(settings: &Settings, target: String) -> Result<Printer, Error> {
    let terminal = io::stdout().is_terminal() && settings.to.is_none();
    let form = form(settings.form_on(terminal));
    let mut printer = Printer::new(form, look(settings, terminal), target);
    if settings.to.is_some() {
        // Another run begins to count anew.
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        printer.identify_in(since.unwrap_or_default().as_millis().to_string());
    }
    if let Some(names) = &settings.fields {
        let fields = names.parse::<Fields>();
        printer.set_fields(fields.map_err(|wrong| Error::Syntax(format!("--fields: {wrong}")))?);
    }
    Ok(printer)
}

/// How text looks on standard output, which is a `terminal` or not.
pub fn look(settings: &Settings, terminal: bool) -> Look {
    if !settings.environment.utf8 {
        ascii_only();
    }
    Look {
        palette: Palette::new(settings.colors(terminal)),
        terminal,
        width: terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)),
        now: None,
    }
}

fn form(typed: crate::cli::Form) -> Form {
    match typed {
        crate::cli::Form::Table => Form::Table,
        crate::cli::Form::Packet => Form::Packet,
        crate::cli::Form::Raw => Form::Raw,
        crate::cli::Form::Json => Form::Json,
        crate::cli::Form::Csv => Form::Csv,
        crate::cli::Form::Tsv => Form::Tsv,
    }
}

/// Standard output without the buffer of the standard library, which would
/// search every write for its last line end.
///
/// # Errors
/// It is closed, or there are no descriptors left.
pub fn stdout() -> Result<File, Error> {
    let own = io::stdout().as_fd().try_clone_to_owned();
    own.map(File::from).map_err(Error::Output)
}

/// Writes amish's own `text` to standard output.
///
/// # Errors
/// It cannot be written. A reader that has closed the pipe is not an error.
pub fn print(text: &[u8]) -> Result<Code, Error> {
    let written = stdout()?.write_all(text);
    written.map(|()| Code::Ok).or_else(closed)
}

/// Interprets a failed write to standard output: a reader that has closed the
/// pipe is not an error.
///
/// # Errors
/// All others.
pub fn closed(error: io::Error) -> Result<Code, Error> {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(Code::Ok),
        _ => Err(Error::Output(error)),
    }
}

/// Writes amish's own message to standard error.
pub fn note(words: &str) {
    say("amish: ", words);
}

/// Adds a line to the message above.
pub fn advise(words: &str) {
    say("       ", words);
}

/// The columns of standard error; without end if it is no terminal.
pub fn columns() -> usize {
    match io::stderr().is_terminal() {
        true => terminal_size::terminal_size().map_or(80, |(width, _)| usize::from(width.0)),
        false => usize::MAX,
    }
}

/// `words` may contain the server's.
fn say(start: &str, words: &str) {
    let words = visible::text(words.as_bytes());
    let text = message(start, &signs(&words), columns());
    // A failure could not be reported anywhere.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Writes packets of amish's own login or logoff to standard error.
pub fn note_packets(reply: &Reply) {
    let mut text = Vec::new();
    for one in reply.packets() {
        own_packet(&mut text, one, &Look::STDERR);
    }
    // As above.
    let _ = io::stderr().write_all(&text);
}
