//! A program that prints the secret, run without a shell.

use crate::language::{Place, split};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::io::{self, ErrorKind, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use thiserror::Error;

/// How long it may take. It cannot ask: a person would need longer.
const LIMIT: Duration = Duration::from_secs(10);

/// What it may print, in bytes.
const OUTPUT: u64 = 64 * 1024;

/// The process group of the command that runs: whoever ends amish ends that
/// too. Held while it is started, or a signal at that moment would find none.
static RUNNING: Mutex<Option<Pid>> = Mutex::new(None);

/// Why a command gave no secret. Its arguments may hold one, so only the
/// program is named.
#[derive(Debug, Error)]
pub enum CommandError {
    /// Nothing to run.
    #[error("the secret command is empty: write a program and its arguments")]
    Empty,
    /// A quote without its end, or one that goes on.
    #[error("the secret command cannot be cut into words: {0}")]
    Words(String),
    /// The system's words.
    #[error("cannot run '{0}' for the secret: {1}")]
    Start(String, io::Error),
    /// It ended with another code than 0, or by a signal.
    #[error("'{0}' gave no secret: {1}")]
    Failed(String, ExitStatus),
    /// Its first line is empty, or there is none.
    #[error("'{0}' printed no secret on its first line")]
    Silent(String),
    /// Not text, or no end of it.
    #[error("'{0}' printed something that is no secret: not text, or more than 64 KiB of it")]
    Garbage(String),
    /// It was killed.
    #[error("'{0}' gave no secret within 10 s and was ended; it cannot ask on the terminal")]
    Slow(String),
}

/// `text` as a program and its arguments: cut at blanks, with the quotes of
/// an Action line and nothing else that is special.
///
/// # Errors
/// Nothing in it, or a quote that is not closed.
pub(super) fn words(text: &str) -> Result<Vec<String>, CommandError> {
    let mut words = Vec::new();
    for word in split(text.as_bytes(), 0, Place::Shell) {
        if let Some(fault) = word.fault {
            return Err(CommandError::Words(fault.to_string()));
        }
        let value = String::from_utf8_lossy(&word.value);
        words.push(match word.key {
            Some(key) => format!("{key}={value}"),
            None => value.into_owned(),
        });
    }
    match words.is_empty() {
        true => Err(CommandError::Empty),
        false => Ok(words),
    }
}

/// Runs `words` and gives the first line of what it prints. It has nothing to
/// read, and its stderr is ours.
///
/// # Errors
/// It does not start, fails, prints nothing, or takes too long.
pub(super) fn first_line(words: &[String]) -> Result<String, CommandError> {
    let [program, arguments @ ..] = words else {
        return Err(CommandError::Empty);
    };
    let failed = |why| CommandError::Start(program.clone(), why);
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    // A group of its own, so that what it started ends with it.
    let child = {
        let mut running = running();
        let child = command.process_group(0).spawn().map_err(failed)?;
        *running = Some(Pid::from_raw(child.id().cast_signed()));
        child
    };
    let done = match within_limit(child) {
        Some(Ok(collected)) => Ok(collected),
        Some(Err(why)) if why.kind() == ErrorKind::InvalidData => {
            Err(CommandError::Garbage(program.clone()))
        }
        Some(Err(why)) => Err(failed(why)),
        None => Err(CommandError::Slow(program.clone())),
    };
    if done.is_err() {
        end();
    }
    *running() = None;
    let (status, printed) = done?;
    if !status.success() {
        return Err(CommandError::Failed(program.clone(), status));
    }
    match printed.lines().next() {
        Some(line) if !line.is_empty() => Ok(line.to_owned()),
        _ => Err(CommandError::Silent(program.clone())),
    }
}

/// What `child` came to, if it did in time.
fn within_limit(child: Child) -> Option<io::Result<(ExitStatus, String)>> {
    let (done, waiting) = channel();
    let thread = std::thread::Builder::new().name("secret".into());
    // Nobody listens any more when it was too slow.
    let started = thread.spawn(move || drop(done.send(collect(child))));
    match started {
        Ok(_) => waiting.recv_timeout(LIMIT).ok(),
        Err(why) => Some(Err(why)),
    }
}

/// Ends the command that runs, if one does, and what it started.
pub(super) fn end() {
    if let Some(group) = *running() {
        // It may have ended at this very moment.
        let _ = killpg(group, Signal::SIGKILL);
    }
}

fn running() -> MutexGuard<'static, Option<Pid>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// All that `child` prints, and how it ends.
fn collect(mut child: Child) -> io::Result<(ExitStatus, String)> {
    let mut printed = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(OUTPUT + 1).read_to_end(&mut printed)?;
    }
    let fits = printed.len() as u64 <= OUTPUT;
    let text = String::from_utf8(printed).ok().filter(|_| fits);
    let text = text.ok_or(ErrorKind::InvalidData)?;
    Ok((child.wait()?, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a person writes here would mean more to a shell, and must not.
    #[test]
    fn a_command_is_cut_into_words_and_nothing_else() {
        for (text, cut) in [
            ("pass show pbx", &["pass", "show", "pbx"][..]),
            ("  a \t b ", &["a", "b"]),
            ("a 'b c' \"d \\\" e\"", &["a", "b c", "d \" e"]),
            ("a --key='b c' --x=\"d e\"", &["a", "--key=b c", "--x=d e"]),
            (
                "a $HOME `b` $(c) ~ * ; & | > d",
                &[
                    "a", "$HOME", "`b`", "$(c)", "~", "*", ";", "&", "|", ">", "d",
                ],
            ),
            ("a 'b' \"\"", &["a", "b", ""]),
            ("a b'c", &["a", "b'c"]),
            ("a #b", &["a", "#b"]),
        ] {
            assert_eq!(words(text).unwrap(), cut, "{text}");
        }
        for text in ["", "  ", "a 'b", "a \"b", "a 'b'c"] {
            let error = words(text).unwrap_err().to_string();
            assert!(error.starts_with("the secret command"), "{error}");
        }
    }
}
