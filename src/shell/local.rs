//! Programs of this machine, which have the terminal as long as they run:
//! the pager, the editor, `!cmd` and `| cmd`.

use super::Shell;
use std::io::{self, Write};
use std::process::{Command, ExitStatus, Stdio};

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
