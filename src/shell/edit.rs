//! `/edit` and Ctrl-X Ctrl-E: a line in the user's editor. The edited line is
//! offered at the prompt, and runs when the user presses Enter.

use super::Shell;
use super::local::{by_shell, is_not_run};
use crate::files::{self, FileError};
use std::io::{self, Write};

/// The longest text accepted from the editor, in bytes, in case a large file
/// was opened by mistake.
const SIZE: u64 = 64 * 1024;

impl Shell<'_> {
    /// `/edit`: edits the previous line.
    pub(super) fn edit_last(&mut self) -> Result<(), String> {
        let entries = self.line.entries();
        let last = entries.filter(|entry| entry.trim() != "/edit").last();
        let last = last.unwrap_or_default();
        self.edit(&last)
    }

    /// Edits the line being typed.
    pub(super) fn edit_typed(&mut self) {
        let typed = self.line.take_offered();
        if let Err(why) = self.edit(&typed) {
            self.line.offer(&typed);
            self.say(&why);
        }
    }

    fn edit(&mut self, text: &str) -> Result<(), String> {
        let programs = &self.context.settings.programs;
        if programs.forbidden {
            return Err("--no-shell: no editor, since it could run commands".to_owned());
        }
        let editor = programs.editor.as_deref().unwrap_or("vi");
        // Private, and removed when this returns.
        let file = tempfile::Builder::new().prefix("amish-").tempfile();
        let file = file.map_err(|why| format!("cannot create a file to edit: {why}"))?;
        let broken = |why: io::Error| format!("{}: {why}", file.path().display());
        let written = file.as_file().write_all(format!("{text}\n").as_bytes());
        written.map_err(broken)?;
        let mut command = by_shell("sh", &format!("{editor} \"$1\""));
        command.arg("sh").arg(file.path());
        match self.lend(command, None).map(|ended| ended.status) {
            Ok(status) if status.success() => {}
            Ok(status) if is_not_run(status) => {
                return Err(format!("{editor} cannot be run: set VISUAL or EDITOR"));
            }
            Ok(status) => {
                return Err(format!(
                    "{editor} ended with {status}; the line is unchanged"
                ));
            }
            Err(why) => return Err(format!("{editor}: {why}")),
        }
        // Many editors replace the file, so open it again by its path.
        let edited = match files::read(file.path(), SIZE) {
            Ok(bytes) => String::from_utf8(bytes),
            Err(FileError::TooLarge(_)) => {
                return Err("too long for a line: save it as a file and /source it".to_owned());
            }
            Err(why) => return Err(broken(why.into())),
        };
        let edited = edited.map_err(|_| "the saved text is not UTF-8".to_owned())?;
        self.line.offer(edited.trim_end());
        Ok(())
    }
}
