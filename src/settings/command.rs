//! Runs the program that prints the secret, without a shell.

use super::programs::child;
use crate::language::{Place, split};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::io::{self, ErrorKind, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use thiserror::Error;

/// How long the command may take. It has no terminal to ask on.
const LIMIT: Duration = Duration::from_secs(10);

/// The most that it may print, in bytes.
const OUTPUT: u64 = 64 * 1024;

/// The process group of the running command, to be killed when a signal ends
/// amish. Locked while the command is started, because a signal at that moment
/// would find no group.
static RUNNING: Mutex<Option<Pid>> = Mutex::new(None);

/// Why the command gave no secret. Its arguments may contain one, so only the
/// program is named.
#[derive(Debug, Error)]
pub enum CommandError {
    /// It has no words.
    #[error("the secret command is empty: write a program and its arguments")]
    Empty,
    /// An unclosed quote, or text directly after one.
    #[error("the secret command cannot be split into words: {0}")]
    Words(String),
    /// The system's words.
    #[error("cannot run '{0}' for the secret: {1}")]
    Start(String, io::Error),
    /// It exited with a code other than 0, or was killed by a signal.
    #[error("'{0}' gave no secret: {1}")]
    Failed(String, ExitStatus),
    /// Its first line is empty or missing.
    #[error("'{0}' printed no secret on its first line")]
    Silent(String),
    /// Not UTF-8, or too long.
    #[error("'{0}' printed something that is not a secret: not UTF-8 text, or more than 64 KiB")]
    Garbage(String),
    /// Killed at the time limit.
    #[error(
        "'{0}' printed no secret within 10 s and was killed; note that it cannot ask on the terminal"
    )]
    Slow(String),
}

/// Splits `text` into a program and its arguments: at blanks, with the quotes
/// of an Action line. Nothing else is special.
///
/// # Errors
/// It is empty, or a quote is not closed.
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

/// Runs `words` and returns the first line that it prints. Its stdin is empty,
/// and its stderr is ours.
///
/// # Errors
/// It cannot be started, fails, prints nothing, or takes too long.
pub(super) fn first_line(words: &[String]) -> Result<String, CommandError> {
    let [program, arguments @ ..] = words else {
        return Err(CommandError::Empty);
    };
    let failed = |why| CommandError::Start(program.clone(), why);
    let mut command = child(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    // In its own process group, so that its children can be killed with it.
    let child = {
        let mut running = running();
        let started = command.process_group(0).spawn().map_err(failed)?;
        *running = Some(Pid::from_raw(started.id().cast_signed()));
        started
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

/// How `child` ended and what it printed; None if it took too long.
fn within_limit(child: Child) -> Option<io::Result<(ExitStatus, String)>> {
    let (done, waiting) = channel();
    let thread = std::thread::Builder::new().name("secret".into());
    // After the time limit nobody receives it.
    let started = thread.spawn(move || drop(done.send(collect(child))));
    match started {
        Ok(_) => waiting.recv_timeout(LIMIT).ok(),
        Err(why) => Some(Err(why)),
    }
}

/// Kills the running command, if any, and its children.
pub(super) fn end() {
    if let Some(group) = *running() {
        // It may have just ended.
        let _ = killpg(group, Signal::SIGKILL);
    }
}

fn running() -> MutexGuard<'static, Option<Pid>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The output of `child`, and how it ended.
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

    /// Characters that are special to a shell must not be special here.
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
