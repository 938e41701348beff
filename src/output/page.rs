//! Documentation, as `help` shows it: a column of keys with their descriptions.

use super::columns::{end_line, hang, pad, room, widest, width, wrap};
use super::{Look, Role, signs};
use crate::catalog::{Name, Origin, Page, Parameter};
use crate::peer_text::PeerText;

/// The widest line that is still easy to read, in columns.
const READABLE: usize = 100;

/// The subject of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of<'a> {
    /// An Action: the keys that bare words fill, and the classes of which one
    /// is needed if the server lists it.
    Action(&'a [&'a str], Option<&'a [Name]>),
    /// An event: its class, if known.
    Event(Option<&'a str>),
}

/// Appends `page`.
pub fn page(out: &mut Vec<u8>, page: &Page, of: Of<'_>, look: &Look) {
    look.shown(out, |out| {
    let mut sheet = Sheet { out, look };
    let role = match of {
        Of::Action(..) => Role::Action,
        Of::Event(_) => Role::Event,
    };
    end_line(sheet.out, &look.palette.paint(role, &page.name));
    let synopsis = page.synopsis.terminal();
    sheet.text("", 2, &synopsis);
    for text in page.description.iter().map(PeerText::terminal) {
        if text.trim_end_matches('.') != synopsis.trim_end_matches('.') {
            sheet.text("", 2, &text);
        }
    }
    let keys = page.parameters.iter();
    // Every Action accepts it, and amish adds it.
    let keys: Vec<&Parameter> = keys.filter(|one| one.key != "ActionID").collect();
    match of {
        Of::Action(..) => sheet.keys(&keys),
        Of::Event(_) => sheet.headers(&keys),
    }
    sheet.blank();
    sheet.needs(page, of);
    if !page.items.is_empty() {
        let last = page
            .completion
            .iter()
            .map(|name| format!(", at the end {name}"));
        sheet.row(
            "Answers",
            &(page.items.join(", ") + &last.collect::<String>()),
        );
    }
    if !page.see_also.is_empty() {
        let all: Vec<_> = page.see_also.iter().map(PeerText::terminal).collect();
        sheet.row("See also", &all.join(", "));
    }
    if !page.since.is_empty() {
        sheet.row("Since", &page.since.terminal());
    }
    if page.origin == Origin::BuiltIn {
        sheet.blank();
        let words =
            "The keys are from amish's own table, not from this server: its version may differ.";
        sheet.note(words);
    }
    });
}

/// Appends the documentation of the key `parameter` of an Action.
pub fn parameter(out: &mut Vec<u8>, parameter: &Parameter, look: &Look) {
    look.shown(out, |out| {
        Sheet { out, look }.key(parameter, width(&parameter.key).min(24));
    });
}

/// The line of bare words, then the other keys, with optional ones in brackets.
fn example(page: &Page, positions: &[&str]) -> String {
    let filled = |key: &str| positions.iter().any(|one| one.eq_ignore_ascii_case(key));
    let others = page.parameters.iter();
    let others = others.filter(|one| one.key != "ActionID" && !filled(&one.key));
    let others = others.map(|one| match one.required {
        true => format!("{}={}", one.key, signs("…")),
        false => format!("[{}={}]", one.key, signs("…")),
    });
    let words = positions.iter().map(|key| match page.parameter(key) {
        Some(one) if !one.required => format!("[{key}]"),
        _ => (*key).to_owned(),
    });
    let words = std::iter::once(page.name.to_string())
        .chain(words)
        .chain(others);
    words.collect::<Vec<_>>().join(" ")
}

struct Sheet<'a> {
    out: &'a mut Vec<u8>,
    look: &'a Look,
}

impl Sheet<'_> {
    /// How it is typed and the classes that it needs, or those of an event.
    fn needs(&mut self, page: &Page, of: Of<'_>) {
        match of {
            Of::Action(positions, privileges) => {
                self.row("Type", &example(page, positions));
                let told = Some(page.privileges.as_slice()).filter(|all| !all.is_empty());
                let needs = match privileges.or(told) {
                    Some([]) => "no privilege".to_owned(),
                    Some(classes) => classes.join(" or "),
                    None => "unknown, the server has not said".to_owned(),
                };
                self.row("Needs", &needs);
            }
            Of::Event(Some(class)) => self.row("Class", class),
            Of::Event(None) => {}
        }
    }

    fn room(&self) -> usize {
        room(self.look).min(READABLE)
    }

    fn blank(&mut self) {
        end_line(self.out, "");
    }

    /// Appends a paragraph whose text is safe, its first line after `start`,
    /// the others at column `indent`; its own indentation is kept.
    fn text(&mut self, start: &str, indent: usize, text: &str) {
        let deeper = (text.len() - text.trim_start().len()).min(16);
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = words.join(" ");
        let start = match start {
            "" => " ".repeat(indent),
            start => start.to_owned(),
        };
        let start = format!("{start}{:deeper$}", "");
        for line in hang(&start, indent + deeper, &text, self.room()) {
            end_line(self.out, line.trim_end());
        }
    }

    /// Appends a word with its description.
    fn row(&mut self, word: &str, text: &str) {
        let word = pad(word, 10);
        let painted = self.look.palette.paint(Role::Dim, &word).into_owned();
        self.text(&painted, 10, text);
    }

    fn note(&mut self, words: &str) {
        for line in wrap(words, self.room()) {
            let painted = self.look.palette.paint(Role::Warning, &line).into_owned();
            end_line(self.out, &painted);
        }
    }

    fn keys(&mut self, keys: &[&Parameter]) {
        if keys.is_empty() {
            return;
        }
        self.blank();
        let widest = widest(keys.iter().map(|one| &*one.key)).min(24);
        for one in keys {
            self.key(one, widest);
        }
        let legend = |is: bool, words| Some(words).filter(|_| is);
        let required = legend(keys.iter().any(|one| one.required), "* required");
        let repeatable = legend(
            keys.iter().any(|one| one.repeatable),
            "+ may be given several times",
        );
        let legend: Vec<&str> = required.into_iter().chain(repeatable).collect();
        if !legend.is_empty() {
            for line in hang("  ", 2, &legend.join("   "), self.room()) {
                let painted = self.look.palette.paint(Role::Dim, &line).into_owned();
                end_line(self.out, &painted);
            }
        }
    }

    /// Appends a key with its marks, description and values.
    fn key(&mut self, one: &Parameter, widest: usize) {
        let marks = match (one.required, one.repeatable) {
            (true, true) => "*+",
            (true, false) => "* ",
            (false, true) => "+ ",
            (false, false) => "  ",
        };
        let painted = self.look.palette.paint(Role::Key, &one.key).into_owned();
        let marks = self
            .look
            .palette
            .paint(Role::Warning, marks.trim_end())
            .into_owned()
            + &" ".repeat(marks.len() - marks.trim_end().len());
        let gap = " ".repeat(widest.saturating_sub(width(&one.key)));
        let mut start = format!("  {painted}{marks}{gap}  ");
        let mut indent = widest + 6;
        // The terminal is too narrow for two columns, or for this key in the
        // first.
        let below = width(&one.key) > widest || self.room() < indent + 24;
        let texts = texts(one);
        if below {
            end_line(self.out, start.trim_end());
            start = String::new();
            indent = 6;
        } else if texts.is_empty() && one.choices.is_empty() {
            end_line(self.out, start.trim_end());
        }
        for text in texts {
            self.text(&std::mem::take(&mut start), indent, &text);
        }
        self.values(one, &start, indent);
    }

    /// Appends values with their descriptions, one per line. Those without one
    /// are part of the text.
    fn values(&mut self, one: &Parameter, start: &str, indent: usize) {
        let told = one.choices.iter().filter(|choice| !choice.about.is_empty());
        let told: Vec<_> = told.collect();
        let widest = widest(told.iter().map(|choice| choice.value.terminal())).min(16);
        let mut start = start.to_owned();
        for choice in told {
            let value = choice.value.terminal();
            let lead = match start.is_empty() {
                true => " ".repeat(indent),
                false => std::mem::take(&mut start),
            };
            let painted = self.look.palette.paint(Role::Subject, &value).into_owned();
            let gap = " ".repeat(widest.saturating_sub(width(&value)));
            self.text(
                &format!("{lead}{painted}{gap}  "),
                indent + widest + 2,
                &choice.about.terminal(),
            );
        }
    }

    /// Appends an event's headers; those without a description share one
    /// paragraph.
    fn headers(&mut self, keys: &[&Parameter]) {
        let is_told = |one: &&&Parameter| !one.about.is_empty() || !one.choices.is_empty();
        let told: Vec<&Parameter> = keys.iter().filter(is_told).copied().collect();
        let widest = widest(told.iter().map(|one| &*one.key)).min(26);
        if !told.is_empty() {
            self.blank();
        }
        for one in &told {
            // Marks for required keys make no sense in an event.
            let plain = Parameter {
                required: false,
                ..(*one).clone()
            };
            self.key(&plain, widest);
        }
        let others = keys.iter().filter(|one| !is_told(one));
        let others: Vec<&str> = others.map(|one| one.key.as_str()).collect();
        if !others.is_empty() {
            self.blank();
            let words = match told.is_empty() {
                true => "Headers",
                false => "Also",
            };
            self.row(words, &others.join(", "));
        }
    }
}

/// The paragraphs of a key; the last lists the values without a description.
fn texts(one: &Parameter) -> Vec<String> {
    let bare = one.choices.iter().filter(|choice| choice.about.is_empty());
    let bare: Vec<_> = bare.map(|choice| choice.value.terminal()).collect();
    let about = one.about.iter().map(|text| text.terminal().into_owned());
    let about: Vec<String> = about.collect();
    let text = about.join(" ");
    // A text that mentions them need not list them again.
    let named = bare.iter().all(|value| text.contains(&**value)) && bare.len() < 3;
    let bare = (!bare.is_empty() && !named).then(|| format!("{} {}", signs("→"), bare.join(", ")));
    about.into_iter().chain(bare).collect()
}
