//! Programs of this machine, which have the terminal as long as they run:
//! the pager, the editor, `!cmd` and `| cmd`.

use super::{Flow, Shell};
use crate::ami::Reply;
use crate::language::Command as Language;
use crate::output::{Asked, Form, Look, Palette, Printer};
use std::io::{self, Write};
use std::process::{Command, ExitStatus, Stdio};
use std::time::SystemTime;

/// What a shell says of a command that it cannot find or cannot run.
const NOT_RUN: [i32; 2] = [126, 127];

impl Shell<'_> {
    /// Runs `command`, which reads `input`, or else the terminal. Meanwhile
    /// Ctrl-C is for it; what arrives waits.
    ///
    /// # Errors
    /// It cannot be started.
    pub(super) fn lend(
        &self,
        mut command: Command,
        input: Option<&[u8]>,
    ) -> io::Result<ExitStatus> {
        if input.is_some() {
            command.stdin(Stdio::piped());
        }
        self.signalled.end();
        self.terminal.hand_over();
        let done = command.spawn().and_then(|mut child| {
            if let (Some(mut pipe), Some(input)) = (child.stdin.take(), input) {
                // One that has seen enough does not read to the end.
                let _ = pipe.write_all(input);
            }
            child.wait()
        });
        self.terminal.take_over();
        self.signalled.go_on();
        done
    }

    /// `!cmd`; alone, a shell to work in.
    pub(super) fn local(&mut self, text: &str) -> Result<Flow, String> {
        let shell = self.local_shell()?;
        let command = match text {
            "" => Command::new(&shell),
            text => by_shell(&shell, text),
        };
        match self.lend(command, None) {
            Ok(status) if status.success() => Ok(Flow::On),
            // It has said itself what was wrong.
            Ok(_) => Ok(Flow::Stop),
            Err(why) => Err(format!("{shell}: {why}")),
        }
    }

    /// `LINE | cmd`: what is shown of the reply goes to the command. Nothing to
    /// show, nothing to run.
    pub(super) fn piped(&mut self, command: Language, text: &str) -> Result<Flow, String> {
        let shell = self.local_shell()?;
        self.held.replace(Some(Vec::new()));
        let done = self.command(command);
        let held = self.held.take().unwrap_or_default();
        if !held.is_empty() {
            let lent = self.lend(by_shell(&shell, text), Some(&held));
            lent.map_err(|why| format!("{shell}: {why}"))?;
        }
        done
    }

    /// Does a command read what is shown?
    pub(super) fn is_held(&self) -> bool {
        self.held.borrow().is_some()
    }

    /// The text of an answer for the command, and what is to be said of it.
    pub(super) fn held_reply(
        &self,
        time: SystemTime,
        reply: &Reply,
        asked: Asked,
    ) -> (Vec<u8>, Vec<String>) {
        let mut out = Vec::new();
        let mut printer = self.printer();
        printer.reply(&mut out, time, reply, asked, false);
        (out, printer.notes())
    }

    /// As what was asked for is to be written: whole and without colours where
    /// a command reads it.
    pub(super) fn printer(&self) -> Printer {
        let own = self.screen.printer();
        if !self.is_held() {
            return own;
        }
        let look = Look {
            palette: Palette::OFF,
            width: usize::from(u16::MAX / 2),
            // The bytes of the server are asked for. All else may yet come to
            // the terminal, and must not be obeyed there.
            terminal: own.form != Form::Raw,
        };
        let mut printer = Printer::new(own.form, look, own.target.clone());
        printer.set_fields(own.fields().clone());
        printer
    }

    fn local_shell(&self) -> Result<String, String> {
        let programs = &self.context.settings.programs;
        match programs.forbidden {
            true => Err("--no-shell: no local commands".to_owned()),
            false => Ok(programs.shell.clone().unwrap_or_else(|| "sh".to_owned())),
        }
    }
}

/// `text` as a command of the shell `program`.
pub(super) fn by_shell(program: &str, text: &str) -> Command {
    let mut command = Command::new(program);
    command.arg("-c").arg(text);
    command
}

/// Has the shell not run the command at all?
pub(super) fn is_not_run(status: ExitStatus) -> bool {
    status.code().is_some_and(|code| NOT_RUN.contains(&code))
}
