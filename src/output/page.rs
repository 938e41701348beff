//! Documentation, as `help` shows it: one column of keys, and beside it what
//! they are.

use super::columns::{pad, width, wrap};
use super::table::{end_line, room};
use super::{Look, Role, sanitize};
use crate::catalog::{Origin, Page, Parameter};

/// The widest line that is still read with ease.
const READABLE: usize = 100;

/// What a page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of<'a> {
    /// An Action; the keys that bare words fill, and the classes of which one is
    /// needed where the server lists it.
    Action(&'a [&'a str], Option<&'a [String]>),
    /// An event; its class, where that is known.
    Event(Option<&'a str>),
}

/// Appends `page`.
pub fn page(out: &mut Vec<u8>, page: &Page, of: Of<'_>, look: &Look) {
    let mut sheet = Sheet { out, look };
    let role = match of {
        Of::Action(..) => Role::Action,
        Of::Event(_) => Role::Event,
    };
    let name = sanitize::text(page.name.as_bytes()).into_owned();
    end_line(sheet.out, &look.palette.paint(role, &name));
    sheet.text("", 2, &page.synopsis);
    let is_more =
        |text: &&String| text.trim_end_matches('.') != page.synopsis.trim_end_matches('.');
    for text in page.description.iter().filter(is_more) {
        sheet.text("", 2, text);
    }
    let keys = page.parameters.iter();
    // Every Action takes it, and amish gives it by itself.
    let keys: Vec<&Parameter> = keys.filter(|one| one.key != "ActionID").collect();
    match of {
        Of::Action(..) => sheet.keys(&keys),
        Of::Event(_) => sheet.headers(&keys),
    }
    sheet.blank();
    if let Of::Action(positions, privileges) = of {
        sheet.row("Type", &example(page, positions));
        let told = Some(page.privileges.as_slice()).filter(|all| !all.is_empty());
        let needs = match privileges.or(told) {
            Some([]) => "no privilege".to_owned(),
            Some(classes) => classes.join(" or "),
            None => "the server has not told".to_owned(),
        };
        sheet.row("Needs", &needs);
    }
    if let Of::Event(Some(class)) = of {
        sheet.row("Class", class);
    }
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
        sheet.row("See also", &page.see_also.join(", "));
    }
    if !page.since.is_empty() {
        sheet.row("Since", &page.since);
    }
    if page.origin == Origin::BuiltIn {
        sheet.blank();
        let words =
            "The keys are from amish's own table, not from this server: its version may differ.";
        sheet.note(words);
    }
}

/// Appends what is known of the key `parameter` of an Action.
pub fn parameter(out: &mut Vec<u8>, parameter: &Parameter, look: &Look) {
    Sheet { out, look }.key(parameter, width(&parameter.key).min(24));
}

/// The line of bare words, then the other keys: what may be left out in brackets.
fn example(page: &Page, positions: &[&str]) -> String {
    let filled = |key: &str| positions.iter().any(|one| one.eq_ignore_ascii_case(key));
    let others = page.parameters.iter();
    let others = others.filter(|one| one.key != "ActionID" && !filled(&one.key));
    let others = others.map(|one| match one.required {
        true => format!("{}=…", one.key),
        false => format!("[{}=…]", one.key),
    });
    let words = positions.iter().map(|key| match page.parameter(key) {
        Some(one) if !one.required => format!("[{key}]"),
        _ => (*key).to_owned(),
    });
    let words = std::iter::once(page.name.clone())
        .chain(words)
        .chain(others);
    words.collect::<Vec<_>>().join(" ")
}

struct Sheet<'a> {
    out: &'a mut Vec<u8>,
    look: &'a Look,
}

impl Sheet<'_> {
    fn room(&self) -> usize {
        room(self.look).min(READABLE)
    }

    fn blank(&mut self) {
        end_line(self.out, "");
    }

    /// A paragraph, its first line behind `start`, all at column `indent`; what
    /// it is indented by itself is kept.
    fn text(&mut self, start: &str, indent: usize, text: &str) {
        let deeper = (text.len() - text.trim_start().len()).min(16);
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = sanitize::text(words.join(" ").as_bytes()).into_owned();
        let room = self.room().saturating_sub(indent + deeper).max(24);
        let mut start = match start {
            "" => " ".repeat(indent),
            start => start.to_owned(),
        };
        for line in wrap(&text, room) {
            let line = format!("{start}{:deeper$}{line}", "");
            end_line(self.out, line.trim_end());
            start = " ".repeat(indent);
        }
    }

    /// What is found beside a word of ours.
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
        let widest = keys
            .iter()
            .map(|one| width(&one.key))
            .max()
            .unwrap_or(0)
            .min(24);
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
            let line = format!("  {}", legend.join("   "));
            let painted = self.look.palette.paint(Role::Dim, &line).into_owned();
            end_line(self.out, &painted);
        }
    }

    /// A key with its marks, what it is, and its values.
    fn key(&mut self, one: &Parameter, widest: usize) {
        let key = sanitize::text(one.key.as_bytes()).into_owned();
        let marks = match (one.required, one.repeatable) {
            (true, true) => "*+",
            (true, false) => "* ",
            (false, true) => "+ ",
            (false, false) => "  ",
        };
        let painted = self.look.palette.paint(Role::Key, &key).into_owned();
        let marks = self
            .look
            .palette
            .paint(Role::Warning, marks.trim_end())
            .into_owned()
            + &" ".repeat(marks.len() - marks.trim_end().len());
        let gap = " ".repeat(widest.saturating_sub(width(&key)));
        let mut start = format!("  {painted}{marks}{gap}  ");
        let mut indent = widest + 6;
        // Too narrow for two columns, or the key for the first of them.
        let below = width(&key) > widest || self.room() < indent + 24;
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

    /// Values with what they do, one a line. Those of which nothing is said
    /// stand in the text.
    fn values(&mut self, one: &Parameter, start: &str, indent: usize) {
        let told = one.choices.iter().filter(|choice| !choice.about.is_empty());
        let told: Vec<_> = told.collect();
        let widest = told
            .iter()
            .map(|choice| width(&choice.value))
            .max()
            .unwrap_or(0)
            .min(16);
        let mut start = start.to_owned();
        for choice in told {
            let value = sanitize::text(choice.value.as_bytes()).into_owned();
            let lead = match start.is_empty() {
                true => " ".repeat(indent),
                false => std::mem::take(&mut start),
            };
            let painted = self.look.palette.paint(Role::Subject, &value).into_owned();
            let gap = " ".repeat(widest.saturating_sub(width(&value)));
            self.text(
                &format!("{lead}{painted}{gap}  "),
                indent + widest + 2,
                &choice.about,
            );
        }
    }

    /// Of an event: what nothing is said of comes in one paragraph.
    fn headers(&mut self, keys: &[&Parameter]) {
        let is_told = |one: &&&Parameter| !one.about.is_empty() || !one.choices.is_empty();
        let told: Vec<&Parameter> = keys.iter().filter(is_told).copied().collect();
        let widest = told
            .iter()
            .map(|one| width(&one.key))
            .max()
            .unwrap_or(0)
            .min(26);
        if !told.is_empty() {
            self.blank();
        }
        for one in &told {
            // Whether a header is there is not what one looks for.
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

/// The paragraphs of a key, the last of them the values without a text.
fn texts(one: &Parameter) -> Vec<String> {
    let bare = one.choices.iter().filter(|choice| choice.about.is_empty());
    let bare: Vec<&str> = bare.map(|choice| choice.value.as_str()).collect();
    let text = one.about.join(" ");
    // A text that names them in passing need not do so twice.
    let named = bare.iter().all(|value| text.contains(value)) && bare.len() < 3;
    let bare = (!bare.is_empty() && !named).then(|| format!("→ {}", bare.join(", ")));
    one.about.iter().cloned().chain(bare).collect()
}
