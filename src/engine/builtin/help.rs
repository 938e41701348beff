//! `help`: what can be typed, what an Action, event or `/word` does, and text
//! search over all of that.

use super::search;
use crate::ami::banner::is_1_4;
use crate::ami::{Action, Status};
use crate::catalog::pages::{self, Read};
use crate::catalog::{self, Catalog, Listing, Page, positions};
use crate::engine::face::Lookup;
use crate::engine::flow::{Done, Flow, Halt};
use crate::engine::runner::Runner;
use crate::engine::step::Line;
use crate::language::{TABLE, Usage, usage_of};
use crate::output::actions::actions;
use crate::output::page::{self, Of};
use crate::output::{Block, Look, views};
use std::io;
use std::sync::Arc;

/// What can be typed besides the commands of amish.
#[rustfmt::skip]
const BASICS: &[(&str, &str)] = &[
    ("Action key=value …", "send an Action; bare words fill the keys shown by help ACTION"),
    ("Action: Name", "a raw packet, up to an empty line"),
    ("cli TEXT", "an Asterisk CLI command"),
    ("LINE | cmd", "pipe one reply to a local command"),
    ("LINE &", "return to the prompt at once; the reply is shown above it later"),
    ("!cmd", "run a local command; alone, a shell"),
    ("help ACTION", "show what an Action does, and its keys"),
    ("help event NAME", "show what an event means, and its headers"),
    ("help /text", "search all of that for a text"),
    ("?", "behind a blank at the end of a line: help about what can be typed there"),
];

/// A page of help, or what to type instead.
type Text = Result<Vec<u8>, String>;

/// The subject of help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// An overview of what can be typed.
    Anything,
    /// An Action, `event NAME`, `/word` or `/text`.
    Topic(String),
    /// A key of an Action.
    Key(String, String),
}

impl Runner<'_> {
    pub(super) fn help(&mut self, topic: &[String]) -> Done {
        let text = self.help_text(topic)?;
        self.screen(&[Block::Text { kind: "help", text }])
    }

    /// Shows help about `about`.
    pub fn help_on(&mut self, about: &About) -> io::Result<Flow> {
        let look = self.printer().drawn_look();
        let text = match about {
            About::Anything => Ok(basics(&look)),
            About::Topic(topic) => self.help_text(std::slice::from_ref(topic)),
            About::Key(action, key) => self.help_on_key(action, key, &look),
        };
        let shown = text.and_then(|text| self.screen(&[Block::Text { kind: "help", text }]));
        self.settled(shown, Line::ONLY)
    }

    fn help_on_key(&mut self, action: &str, key: &str, look: &Look) -> Done<Vec<u8>> {
        let catalog = self.documentation(Lookup::Action(action))?;
        let mut out = Vec::new();
        match catalog.page(action).and_then(|page| page.parameter(key)) {
            Some(one) => page::parameter(&mut out, one, look),
            None => out = help_on_action(action, &catalog, look)?,
        }
        Ok(out)
    }

    /// The text of `help` or `help TOPIC`. A page that is not here yet is
    /// fetched from the server.
    fn help_text(&mut self, topic: &[String]) -> Done<Vec<u8>> {
        let look = self.printer().drawn_look();
        let words: Vec<&str> = topic.iter().map(String::as_str).collect();
        if let [word] = words.as_slice()
            && let Some(one) = builtin_of(word)
        {
            return Ok(on_builtin(one));
        }
        let wanted = match words.as_slice() {
            [word] if ["cli", "quit", "exit", "help"].contains(&&word.to_lowercase()[..]) => {
                return Ok(basics(&look));
            }
            ["event", name] => Lookup::Event(name),
            [word] if !word.starts_with('/') && *word != "event" => Lookup::Action(word),
            [] if self.is_script() => Lookup::Listing,
            _ => Lookup::Known,
        };
        let catalog = self.documentation(wanted)?;
        let text = match words.as_slice() {
            [] => Ok(overview(&catalog, &look)),
            [word, ..] if word.starts_with('/') => on_text(&words.join(" "), &catalog, &look),
            ["event"] => on_events(&catalog, &look),
            ["event", name] => on_event(name, &catalog, &look),
            [word] => match help_on_action(word, &catalog, &look) {
                Err(none) => match self.documentation(Lookup::Event(word)) {
                    Ok(catalog) => on_event(word, &catalog, &look).map_err(|_| none),
                    Err(Halt::Failed(_)) => Err(none),
                    Err(halt) => return Err(halt),
                },
                on_action => on_action,
            },
            _ => {
                let text = words.join(" ");
                let help = match is_1_4(&self.session.banner()) {
                    true => "help",
                    false => "core show help",
                };
                Err(format!(
                    "help takes the name of an Action, event NAME, a /word or /text; about the Asterisk CLI: cli {help} {text}"
                ))
            }
        };
        Ok(text?)
    }

    /// The catalog, with `wanted` in it. Scripts have no background thread, so
    /// here the server is asked directly.
    fn documentation(&mut self, wanted: Lookup<'_>) -> Done<Arc<Catalog>> {
        if let Some(catalog) = self.face.catalog(wanted)? {
            return Ok(catalog);
        }
        if self.catalog.listing().is_none() && !matches!(wanted, Lookup::Known) {
            let patience = self.session.patience();
            if let Some(reply) = self.told(Action::own("ListCommands", &[]), patience)?
                && reply.status() != Status::Error
            {
                self.catalog = Arc::new(self.catalog.relisted(Listing::of(&reply)));
            }
        }
        match wanted {
            Lookup::Action(name) if !self.catalog.has_page(name) => {
                let found = self.pages("manager show command", name, pages::actions)?;
                self.catalog = Arc::new(self.catalog.and(found));
            }
            Lookup::Event(name) if self.catalog.event(name).is_none() => {
                // The server only knows the exact spelling.
                let name = catalog::event(name).map_or(name, |(name, _)| name);
                let found = self.pages("manager show event", name, pages::event)?;
                self.catalog = Arc::new(self.catalog.and_events(found));
            }
            _ => {}
        }
        Ok(self.catalog.clone())
    }

    /// Asks for the documentation of `name`, which must be a plain word: the
    /// CLI would interpret anything else. Whatever else the answer documents is
    /// left out.
    fn pages(&mut self, command: &str, name: &str, read: fn(&[&[u8]]) -> Read) -> Done<Vec<Page>> {
        let is_plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let reply = match Action::cli(format!("{command} {name}").as_bytes()) {
            Ok(question) if is_plain => self.told(question, self.session.patience())?,
            _ => None,
        };
        let read = reply.map(|reply| read(&reply.output().unwrap_or_default()));
        let mut pages = read.unwrap_or_default().pages;
        pages.retain(|page| page.name.eq_ignore_ascii_case(name));
        Ok(pages)
    }
}

fn builtin_of(word: &str) -> Option<&'static Usage> {
    usage_of(word.strip_prefix('/')?)
}

fn on_builtin(one: &Usage) -> Vec<u8> {
    format!("/{} {}\n  {}\n", one.name, one.takes, one.about).into_bytes()
}

fn on_text(text: &str, catalog: &Catalog, look: &Look) -> Text {
    let wanted = text.trim_start_matches('/').trim();
    match search::found(wanted, catalog, look) {
        _ if wanted.is_empty() => Err("help /text needs a text: help /queue".to_owned()),
        Some(found) => Ok(found),
        None => {
            let nearest = crate::language::nearest_builtin(wanted);
            Err(format!("nothing in the help mentions {wanted}; {nearest}"))
        }
    }
}

fn help_on_action(word: &str, catalog: &Catalog, look: &Look) -> Text {
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
            // The values are the server's own even if the page is built in.
            let page = match page {
                Some(page) if page.is_from_server() => page.clone(),
                page => entry.page(page),
            };
            let of = Of::Action(positions(&page.name), entry.privileges);
            page::page(&mut out, &page, of, look);
        }
        (None, None) => return Err(nearest(word, catalog)),
    }
    Ok(out)
}

fn on_event(name: &str, catalog: &Catalog, look: &Look) -> Text {
    let known = catalog::event(name);
    let Some(page) = catalog.event(name) else {
        return Err(match known {
            Some((name, class)) => {
                format!(
                    "{name} is an event of class {class}; this server has no further documentation on it"
                )
            }
            None => {
                format!("this server documents no event {name}; help event lists those it does")
            }
        });
    };
    let mut out = Vec::new();
    let class = known.map(|(_, class)| class);
    page::page(&mut out, page, Of::Event(class), look);
    Ok(out)
}

fn on_events(catalog: &Catalog, look: &Look) -> Text {
    let row = |page: &Page| (page.name.to_string(), page.synopsis.terminal().into_owned());
    let rows: Vec<(String, String)> = catalog.events().map(row).collect();
    if rows.is_empty() {
        return Err(
            "the list of events is not loaded yet; help event NAME asks the server for one"
                .to_owned(),
        );
    }
    let rows: Vec<(String, &str)> = rows
        .iter()
        .map(|(name, synopsis)| (name.clone(), synopsis.as_str()))
        .collect();
    Ok(explained(&rows, look))
}

fn overview(catalog: &Catalog, look: &Look) -> Vec<u8> {
    let mut out = basics(look);
    out.push(b'\n');
    actions(&mut out, catalog.actions(), look);
    out
}

fn basics(look: &Look) -> Vec<u8> {
    let typed = |one: &Usage| format!("/{} {}", one.name, one.takes);
    let words = BASICS
        .iter()
        .map(|(typed, about)| ((*typed).to_owned(), *about));
    let rows: Vec<(String, &str)> = words
        .chain(TABLE.iter().map(|one| (typed(one), one.about)))
        .collect();
    explained(&rows, look)
}

fn explained(rows: &[(String, &str)], look: &Look) -> Vec<u8> {
    let mut out = Vec::new();
    views::explained(&mut out, rows, look);
    out
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
