//! `help`: what can be typed, what an Action is, what a `/word` does.

use super::{ALL, Builtin};
use crate::catalog::{Catalog, positions};
use crate::output::{Look, sanitize, table};

/// What can be typed beside the commands of amish.
const BASICS: [(&str, &str); 6] = [
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
];

/// The text of `help` and of `help TOPIC`.
///
/// # Errors
/// There is no such topic; what to type instead.
pub(in crate::shell) fn text(
    topic: &[String],
    catalog: &Catalog,
    look: &Look,
) -> Result<Vec<u8>, String> {
    match topic {
        [] => Ok(overview(catalog, look)),
        [word] if word.starts_with('/') => builtin(word),
        [word] => match ["cli", "quit", "exit", "help"].contains(&word.to_lowercase().as_str()) {
            true => Ok(basics(look)),
            false => action(word, catalog),
        },
        _ => Err("help takes one word: the name of an Action, or a /word".to_owned()),
    }
}

fn overview(catalog: &Catalog, look: &Look) -> Vec<u8> {
    let mut out = Vec::new();
    table::actions(&mut out, catalog.actions(), look);
    out.push(b'\n');
    out.extend(basics(look));
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

fn action(word: &str, catalog: &Catalog) -> Result<Vec<u8>, String> {
    let Some(entry) = catalog.entry(word) else {
        let near = catalog.nearest(word);
        return Err(match near.is_empty() {
            true => format!("there is no Action {word}; help lists what there is"),
            false => format!(
                "there is no Action {word}; did you mean {}?",
                near.join(", ")
            ),
        });
    };
    let safe = |text: &str| sanitize::text(text.as_bytes()).into_owned();
    let mut text = safe(entry.name);
    for key in positions(entry.name) {
        text.push_str(&format!(" {key}"));
    }
    if !entry.synopsis.is_empty() {
        text.push_str(&format!("\n  {}", safe(entry.synopsis)));
    }
    let privilege = match entry.privileges {
        Some([]) => "needs no privilege".to_owned(),
        Some(classes) => format!("needs {}", safe(&classes.join(" or "))),
        None => "the server has not told what it needs".to_owned(),
    };
    text.push_str(&format!("\n  {privilege}\n"));
    Ok(text.into_bytes())
}
