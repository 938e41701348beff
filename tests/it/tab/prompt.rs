//! Tab at the prompt of a shell, as the user sees it.

use crate::pty::{Key, Pty, rows};
use crate::servers::Server;
use crate::support::BOUND;
use std::cell::RefCell;
use std::time::Instant;

/// A shell at its prompt, tall enough for every list.
pub struct Shell {
    pub pty: Pty,
    pub prompt: String,
    /// Typed after the last Tab: once it is shown, Tab has been answered.
    mark: String,
    tabs: usize,
}

impl Shell {
    pub fn on(server: &Server) -> Shell {
        Shell::at(&server.address.to_string(), server.user, server.secret)
    }

    pub fn at(target: &str, user: &str, secret: &str) -> Shell {
        let env = [("AMISH_SECRET", secret), ("AMISH_USER", user)];
        let pty = Pty::spawn(&[target], &env, 160, 130);
        let prompt = format!("{user}@{target}> ");
        pty.wait_typed(&prompt);
        let mut shell = Shell {
            pty,
            prompt,
            mark: String::new(),
            tabs: 0,
        };
        shell.clear();
        shell
    }

    /// The names in the list below `line`, or the completed line if there is no
    /// list.
    pub fn tab(&mut self, line: &str) -> Vec<String> {
        self.pty.type_text(line);
        let shown = self.press();
        let end = shown.iter().rposition(|row| self.is_answer(row));
        let end = end.expect("it was there");
        let list = shown[..end].iter().rev();
        let list = list.take_while(|row| !row.starts_with(&self.prompt));
        let mut names: Vec<String> = list.map(|row| name(row)).collect();
        names.reverse();
        if names.is_empty() {
            // A hint may follow the mark.
            let typed = shown[end].split(&self.mark).next().unwrap_or_default();
            names.push(typed[self.prompt.len()..].to_owned());
        }
        self.clear();
        names
    }

    /// Presses Tab. Returns the rows once it is answered.
    pub fn press(&mut self) -> Vec<String> {
        self.tabs += 1;
        self.mark = format!("~{}~", self.tabs);
        self.pty.key(Key::Tab);
        self.pty.type_text(&self.mark);
        let answered = RefCell::default();
        self.pty.wait_for("answer to Tab", |screen| {
            let shown = rows(screen);
            let is_there = shown.iter().any(|row| self.is_answer(row));
            answered.replace(shown);
            is_there
        });
        answered.into_inner()
    }

    fn is_answer(&self, row: &str) -> bool {
        row.starts_with(&self.prompt) && row.contains(&self.mark)
    }

    /// Deletes the line, and clears the screen.
    pub fn clear(&mut self) {
        self.pty.key(Key::Ctrl('u'));
        self.pty.key(Key::Ctrl('l'));
    }

    /// Waits until Tab after `line` offers what `wanted` accepts: values are
    /// cached for seconds.
    #[track_caller]
    pub fn offers(&mut self, line: &str, mut wanted: impl FnMut() -> Vec<String>) {
        let begun = Instant::now();
        loop {
            let (wanted, offered) = (wanted(), self.tab(line));
            if same(line, &wanted, &offered) {
                return;
            }
            let late = begun.elapsed() > BOUND;
            assert!(
                !late,
                "{line:?}: {wanted:?} of the server, {offered:?} here"
            );
        }
    }
}

/// The part of a row before two blanks.
fn name(row: &str) -> String {
    row.split("  ").next().unwrap_or_default().to_owned()
}

/// A list names all of them; a single one is completed; none changes nothing.
fn same(line: &str, wanted: &[String], offered: &[String]) -> bool {
    match (wanted, offered) {
        ([], [typed]) => typed == line,
        ([one], [typed]) => {
            let begun = line.rfind([' ', '=']).map_or(0, |at| at + 1);
            typed.trim_end() == format!("{}{one}", &line[..begun])
        }
        (wanted, offered) => wanted == offered,
    }
}
