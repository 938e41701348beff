//! `/edit` and Ctrl-X Ctrl-E: a line in the user's editor. What comes of it is
//! offered at the prompt, and runs when the user presses Enter.

use super::local::is_not_run;
use super::{Flow, Shell};
use std::process::Command;

/// A whole file that was opened by mistake is no line.
const SIZE: usize = 64 * 1024;

impl Shell<'_> {
    /// The line before this one.
    pub(super) fn edit_last(&mut self) -> Result<Flow, String> {
        let entries = self.line.entries();
        let last = entries.filter(|entry| entry.trim() != "/edit").last();
        let last = last.cloned().unwrap_or_default();
        self.edit(&last)?;
        Ok(Flow::On)
    }

    /// The line that is being typed.
    pub(super) fn edit_typed(&mut self) {
        let typed = self.line.take_offered();
        if let Err(why) = self.edit(&typed) {
            self.line.offer(typed);
            self.say(&why);
        }
    }

    fn edit(&mut self, text: &str) -> Result<(), String> {
        let programs = &self.context.settings.programs;
        if programs.forbidden {
            return Err("--no-shell: no editor, which could run commands".to_owned());
        }
        let editor = programs.editor.as_deref().unwrap_or("vi");
        // Nobody else may read it, and it goes when this returns.
        let file = tempfile::Builder::new().prefix("amish-").tempfile();
        let file = file.map_err(|why| format!("no file to edit: {why}"))?;
        let broken = |why| format!("{}: {why}", file.path().display());
        std::fs::write(file.path(), format!("{text}\n")).map_err(broken)?;
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("{editor} \"$1\""));
        command.arg("sh").arg(file.path());
        match self.lend(command, None) {
            Ok(status) if status.success() => {}
            Ok(status) if is_not_run(status) => {
                return Err(format!("{editor} cannot be run: set VISUAL or EDITOR"));
            }
            Ok(status) => return Err(format!("{editor} ended with {status}; nothing is changed")),
            Err(why) => return Err(format!("{editor}: {why}")),
        }
        let edited = std::fs::read_to_string(file.path()).map_err(broken)?;
        match edited.len() > SIZE {
            true => Err("that is too long for a line: keep it in a file and /source it".to_owned()),
            false => {
                self.line.offer(edited.trim_end().to_owned());
                Ok(())
            }
        }
    }
}
