//! Local programs, which own the terminal while they run: the pager, the
//! editor, `!cmd` and `| cmd`.

use super::Shell;
use crate::engine::Flow;
use crate::settings::child;
use std::io::{self, Write};
use std::process::{Command, ExitStatus};

/// Exit codes of a shell that cannot find or run a command.
const NOT_RUN: [i32; 2] = [126, 127];

/// How a program ended that had the terminal.
pub(super) struct Lent {
    pub status: ExitStatus,
    /// It took nothing of what it was given.
    pub is_unread: bool,
}

impl Shell<'_> {
    /// Runs `command`, which reads `input` or the terminal. Until it ends,
    /// Ctrl-C is its own and arrivals are not shown.
    pub(super) fn lend(&self, command: Command, input: Option<&[u8]>) -> io::Result<Lent> {
        self.signalled.end();
        self.terminal.hand_over();
        let done = match input {
            Some(input) => fed(command, input),
            None => waited(command),
        };
        self.terminal.take_over();
        if !self.line.is_plain() {
            self.display.to_first_column();
        }
        self.signalled.go_on();
        done
    }

    /// `!cmd`; alone, an interactive shell.
    pub(super) fn local_command(&mut self, text: &str) -> Result<Flow, String> {
        let shell = self.local_shell()?;
        let command = match text {
            "" => child(&shell),
            text => by_shell(&shell, text),
        };
        match self.lend(command, None) {
            Ok(ended) if ended.status.success() => Ok(Flow::Go),
            // The command has reported its own error.
            Ok(_) => Ok(Flow::Stop),
            Err(why) => Err(format!("{shell}: {why}")),
        }
    }

    /// `LINE | cmd`: passes the output to the command.
    pub(super) fn feed(&mut self, text: &str, input: &[u8]) -> Result<Flow, String> {
        let shell = self.local_shell()?;
        let lent = self.lend(by_shell(&shell, text), Some(input));
        lent.map(|_| Flow::Go)
            .map_err(|why| format!("{shell}: {why}"))
    }

    pub(super) fn local_shell(&self) -> Result<String, String> {
        let programs = &self.context.settings.programs;
        match programs.forbidden {
            true => Err("--no-shell: no local commands".to_owned()),
            false => Ok(programs.shell.clone().unwrap_or_else(|| "sh".to_owned())),
        }
    }
}

fn waited(mut command: Command) -> io::Result<Lent> {
    Ok(Lent {
        status: command.spawn()?.wait()?,
        is_unread: false,
    })
}

/// Runs `command` with `input` in its pipe, of which it need not read all.
fn fed(mut command: Command, input: &[u8]) -> io::Result<Lent> {
    let (mut rest, mut pipe) = io::pipe()?;
    command.stdin(rest.try_clone()?);
    let mut started = command.spawn()?;
    // It holds an end of the pipe.
    drop(command);
    std::thread::scope(|scope| {
        let write = move || {
            let _ = pipe.write_all(input);
        };
        // Without a thread the pipe is closed, and nothing is in it.
        let thread = std::thread::Builder::new().spawn_scoped(scope, write);
        let status = started.wait()?;
        // What is left; the thread waits until it is taken.
        let left = io::copy(&mut rest, &mut io::sink())?;
        Ok(Lent {
            status,
            is_unread: thread.is_err() || left == input.len() as u64,
        })
    })
}

/// `text`, to be run by the shell `program`.
pub(super) fn by_shell(program: &str, text: &str) -> Command {
    let mut command = child(program);
    command.arg("-c").arg(text);
    command
}

/// Did the shell fail to run the command?
pub(super) fn is_not_run(status: ExitStatus) -> bool {
    status.code().is_some_and(|code| NOT_RUN.contains(&code))
}
