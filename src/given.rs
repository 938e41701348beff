//! What the command line gives to be run: the text of a script, the classes of a
//! stream, and the rules for both.

use crate::ami::{Classes, UnknownClass};
use crate::engine::{Rules, Source};
use crate::error::Error;
use crate::files;
use crate::language::SyntaxError;
use crate::settings::{Mode, Settings};
use std::io;
use std::path::Path;

/// The whole text of a script, and its name.
///
/// # Errors
/// The file, or standard input, cannot be read.
pub fn text(mode: &Mode) -> Result<(Vec<u8>, String), Error> {
    match mode {
        Mode::Lines(lines, from) => Ok((lines.join("\n").into_bytes(), (*from).to_owned())),
        Mode::File(path) => {
            let text = files::read_to_end(opened(path)?, files::SCRIPT);
            let text = text.map_err(|why| unreadable(path, why.into()))?;
            Ok((text, path.display().to_string()))
        }
        _ => {
            let text = files::read_to_end(io::stdin(), files::SCRIPT);
            let text = text.map_err(|why| broken_input(why.into()))?;
            Ok((text, "stdin".to_owned()))
        }
    }
}

/// The classes of `-e`.
///
/// # Errors
/// One is unknown, or there is none.
pub fn streamed(text: &str) -> Result<Classes, Error> {
    let classes = classes_of(text)?;
    match classes.is_empty() {
        true => {
            let words = "no events selected: write -e=all, or -e=call,agent";
            Err(Error::Syntax(words.to_owned()))
        }
        false => Ok(classes),
    }
}

/// Classes of events, as typed.
///
/// # Errors
/// One is unknown.
pub fn classes_of(text: &str) -> Result<Classes, Error> {
    let classes = text.parse();
    classes.map_err(|e: UnknownClass| Error::Syntax(e.to_string()))
}

/// Standard input cannot be read.
pub fn broken_input(why: io::Error) -> Error {
    unreadable(Path::new("standard input"), why)
}

/// The file at `path` cannot be read.
pub fn unreadable(path: &Path, why: io::Error) -> Error {
    Error::File {
        path: path.to_owned(),
        why,
    }
}

/// The file of an argument; `-` is standard input.
///
/// # Errors
/// It cannot be opened.
pub fn opened(path: &Path) -> Result<Box<dyn io::Read>, Error> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin()));
    }
    let file = files::open_argument(path);
    Ok(Box::new(file.map_err(|why| unreadable(path, why.into()))?))
}

/// The script `text`, checked to its end.
///
/// # Errors
/// Something in it is wrong.
pub fn whole(settings: &Settings, text: &[u8], name: &str) -> Result<Source, Error> {
    checked(Source::whole(text, rules(settings)), name)
}

/// What is wrong with the script `name`, in words.
///
/// # Errors
/// Something is.
pub fn checked(source: Result<Source, SyntaxError>, name: &str) -> Result<Source, Error> {
    source.map_err(|error| Error::Syntax(format!("{name}:{}: {error}", error.line)))
}

/// The rules of a whole run.
pub fn rules(settings: &Settings) -> Rules {
    Rules {
        strict: settings.strict,
        read_only: settings.destination.read_only,
        no_check: settings.no_check,
        ..Rules::default()
    }
}
