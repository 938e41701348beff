//! `help`: what can be typed, what an Action or an event is, what a `/word` does,
//! and where a text occurs.

use super::search;
use super::{ALL, Builtin};
use crate::catalog::{self, Catalog, Origin, positions};
use crate::output::page::{self, Of};
use crate::output::{Look, sanitize, table};
use crate::shell::Shell;
use crate::shell::librarian::Silence;
use crate::shell::wish::About;

/// What can be typed beside the commands of amish.
const BASICS: [(&str, &str); 10] = [
    (
        "Action key=value …",
        "send an Action; bare words fill the keys that help ACTION shows",
    ),
    ("Action: Name", "a raw packet, up to an empty line"),
    ("cli TEXT", "an Asterisk CLI command"),
    ("LINE | cmd", "one reply through a command of this machine"),
    (
        "LINE &",
        "the prompt at once; the reply comes above it when it comes",
    ),
    ("!cmd", "a command of this machine; alone, a shell"),
    ("help ACTION", "what an Action does, and its keys"),
    ("help event NAME", "what an event means, and its headers"),
    ("help /text", "where a text occurs in all of that"),
    (
        "?",
        "help about the word that may stand there, at the end of a line",
    ),
];

impl Shell<'_> {
    /// The text of `help` and of `help TOPIC`. A page that has not come yet is
    /// asked for.
    ///
    /// # Errors
    /// There is no such topic; what to type instead.
    pub(in crate::shell) fn help(&self, topic: &[String]) -> Result<Vec<u8>, String> {
        let look = self.printer().look;
        let words: Vec<&str> = topic.iter().map(String::as_str).collect();
        match words.as_slice() {
            [] => Ok(overview(&self.librarian.catalog(), &look)),
            [word] if ALL.iter().any(|one| is_named(one, word)) => builtin(word),
            [word, ..] if word.starts_with('/') => self.help_on_text(&words.join(" "), &look),
            ["event"] => self.help_on_events(&look),
            ["event", name] => self.help_on_event(name, &look),
            [word] if ["cli", "quit", "exit", "help"].contains(&word.to_lowercase().as_str()) => {
                Ok(basics(&look))
            }
            [word] => self.help_on_action(word, &look),
            _ => Err("help takes the name of an Action, event NAME, a /word or /text".to_owned()),
        }
    }

    /// Shows what a question mark asks for.
    pub(in crate::shell) fn answer(&self, about: &About) {
        let look = self.printer().look;
        let text = match about {
            About::Anything => Ok(basics(&look)),
            About::Topic(topic) => self.help(std::slice::from_ref(topic)),
            About::Key(action, key) => self.help_on_key(action, key, &look),
        };
        match text {
            Ok(text) => self.page(&text),
            Err(words) => self.say(&words),
        }
    }

    fn help_on_key(&self, action: &str, key: &str, look: &Look) -> Result<Vec<u8>, String> {
        let catalog = self.librarian.page(&self.session, action);
        let page = catalog.page(action);
        let Some(one) = page.and_then(|page| page.parameter(key)) else {
            return self.help_on_action(action, look);
        };
        let mut out = Vec::new();
        page::parameter(&mut out, one, look);
        Ok(out)
    }

    fn help_on_text(&self, text: &str, look: &Look) -> Result<Vec<u8>, String> {
        let wanted = text.trim_start_matches('/').trim();
        let catalog = self.librarian.catalog();
        match search::found(wanted, &catalog, look) {
            _ if wanted.is_empty() => Err("help /text takes the text to look for".to_owned()),
            Some(found) => Ok(found),
            None => Err(format!(
                "nothing here mentions {wanted}, and {}",
                unknown(wanted)
            )),
        }
    }

    fn help_on_action(&self, word: &str, look: &Look) -> Result<Vec<u8>, String> {
        let catalog = self.librarian.page(&self.session, word);
        let mut out = Vec::new();
        match (catalog.entry(word), catalog.page(word)) {
            (None, Some(page)) => {
                page::page(
                    &mut out,
                    page,
                    Of::Action(positions(&page.name), None),
                    look,
                );
                let words = "The server does not list it for this user; /doctor says why.\n";
                out.extend_from_slice(words.as_bytes());
            }
            (Some(entry), page) => {
                let mut page = page.cloned().unwrap_or_default();
                if page.origin == Origin::BuiltIn || page.name.is_empty() {
                    // Its list is the server's own all the same.
                    entry.name.clone_into(&mut page.name);
                    entry.synopsis.clone_into(&mut page.synopsis);
                    page.origin = Origin::BuiltIn;
                }
                let of = Of::Action(positions(&page.name), entry.privileges);
                page::page(&mut out, &page, of, look);
            }
            (None, None) => {
                return self
                    .help_on_event(word, look)
                    .map_err(|_| nearest(word, &catalog));
            }
        }
        Ok(out)
    }

    fn help_on_event(&self, name: &str, look: &Look) -> Result<Vec<u8>, String> {
        let known = catalog::event(name);
        let answer = self.librarian.event(&self.session, name);
        let page = match (answer, known) {
            (Ok(Some(page)), _) => page,
            (Err(Silence::Busy), _) => {
                return Err(format!(
                    "help event {name} asks the server, and an Action is unanswered; again when it is"
                ));
            }
            (Err(Silence::Gone), _) => return Err(format!("no answer about {name}; again?")),
            (_, Some((name, class))) => {
                return Err(format!(
                    "{name} is an event of class {class}; the server does not say more of it"
                ));
            }
            (_, None) => {
                return Err(format!(
                    "the server knows no event {name}, or does not say; help event lists them"
                ));
            }
        };
        let mut out = Vec::new();
        let class = known.map(|(_, class)| class);
        page::page(&mut out, &page, Of::Event(class), look);
        Ok(out)
    }

    /// The events that the server has pages of.
    fn help_on_events(&self, look: &Look) -> Result<Vec<u8>, String> {
        let catalog = self.librarian.catalog();
        let safe = |text: &str| sanitize::text(text.as_bytes()).into_owned();
        let rows: Vec<(String, String)> = catalog
            .events()
            .map(|page| (safe(&page.name), safe(&page.synopsis)))
            .collect();
        if rows.is_empty() {
            return Err(
                "the server has not told of its events; help event NAME asks it".to_owned(),
            );
        }
        let rows: Vec<(String, &str)> = rows
            .iter()
            .map(|(name, synopsis)| (name.clone(), synopsis.as_str()))
            .collect();
        let mut out = Vec::new();
        table::explained(&mut out, &rows, look);
        Ok(out)
    }
}

fn is_named(one: &Builtin, word: &str) -> bool {
    word.strip_prefix('/')
        .is_some_and(|name| one.name.eq_ignore_ascii_case(name))
}

fn overview(catalog: &Catalog, look: &Look) -> Vec<u8> {
    let mut out = basics(look);
    out.push(b'\n');
    table::actions(&mut out, catalog.actions(), look);
    out
}

fn basics(look: &Look) -> Vec<u8> {
    let typed = |one: &Builtin| format!("/{} {}", one.name, one.takes);
    let words = BASICS
        .iter()
        .map(|(typed, about)| ((*typed).to_owned(), *about));
    let rows: Vec<(String, &str)> = words
        .chain(ALL.iter().map(|one| (typed(one), one.about)))
        .collect();
    let mut out = Vec::new();
    table::explained(&mut out, &rows, look);
    out
}

fn builtin(word: &str) -> Result<Vec<u8>, String> {
    let name = word.trim_start_matches('/');
    let found = ALL.iter().find(|one| one.name.eq_ignore_ascii_case(name));
    let one = found.ok_or_else(|| unknown(name))?;
    Ok(format!("/{} {}\n  {}\n", one.name, one.takes, one.about).into_bytes())
}

/// There is no `/name`.
pub(in crate::shell) fn unknown(name: &str) -> String {
    let near = ALL
        .iter()
        .map(|one| (strsim::osa_distance(one.name, name), one.name));
    let near = near.min().filter(|(distance, _)| *distance <= 2);
    let meant = match near {
        Some((_, near)) => format!("did you mean /{near}?"),
        None => {
            let all: Vec<String> = ALL.iter().map(|one| format!("/{}", one.name)).collect();
            format!("there are {}", all.join(", "))
        }
    };
    format!("there is no /{name}; {meant}")
}

fn nearest(word: &str, catalog: &Catalog) -> String {
    let near = catalog.nearest(word);
    match near.is_empty() {
        true => format!("there is no Action {word}; help lists what there is"),
        false => format!(
            "there is no Action {word}; did you mean {}?",
            near.join(", ")
        ),
    }
}
