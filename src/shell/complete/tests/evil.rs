//! Names a hostile server would like Tab to put on the line.

use super::folder;
use crate::ami::{Packet, Reply};
use crate::catalog::{Catalog, Choice, Kind, Listing, Name, Page, Parameter, Value};
use crate::language::{Command, Place, Statement, Then, parse};
use crate::peer_text::PeerText;
use crate::shell::background;
use crate::shell::complete::{Known, Offer, complete};
use std::mem::discriminant;

/// Names that are a line of their own, a command, or displayed differently.
#[rustfmt::skip]
const EVIL: &[&str] = &[
    "x\n!id>/tmp/x #", "\r\n!id", "x\r!id", "!id", "!id;#", "!", "/save x", "/quit", "/", "#x", "#",
    "|", "| sh", "x | sh", "&", "x &", "-x", "-", "?", "$x", "${x}", "\"", "'", "'x", "\"x", "x'y", "x y",
    "x y=z", "a=b", "=", "a:", "a: b", ":", "quit", "exit", "help", "cli", "cli core stop now", "/cli",
    "../../x", "\x1b[2J", "\x1bMx", "\u{9b}31m", "\u{202e}x", "x\u{200b}", "\0", "\t", "\u{feff}x", "\x7f", "x,y", "x|y",
    "a b | sh", "' | sh", "\" | sh", "'\n!id\n'", "\\", "\\\n", "~", "*", "Ping\nPing",
];

/// Where completion happens, and the kind of Command typed there; what is open
/// is closed by the text after the bar.
const PLACES: &[&str] = &[
    "¦",
    "  ¦",
    "Evil ¦",
    "Evil 'x y' ¦",
    "Evil Key=¦",
    "Evil Key='¦",
    "Evil Key=\"¦",
    "QueueStatus ¦",
    "QueueStatus '¦",
    "QueueStatus \"¦",
    "QueueStatus Queue=¦",
    "QueueStatus Queue='¦",
    "QueueStatus Queue=\"¦",
    "Command ¦",
    "Command Command=¦",
    "Command Command='core show ¦",
    "cli ¦",
    "cli core show ¦",
    "help ¦",
    "help event ¦",
    "/help ¦",
    "/doctor event ¦",
    "/follow ¦",
    "/follow '¦",
    "/connect ¦",
    "/source ¦",
    "/source \"¦",
    "/save ¦",
    "/events ¦",
    "/events Hangup,¦",
    "/events Channel=¦",
    "/filter Hangup Channel=¦",
    "/last 5 Channel!=¦",
    "/filter Evil ¦",
    "Action: ¦",
    "Action: Evil\n¦",
    "Action: Evil\nKey: ¦",
    "Action: QueueStatus\nQueue: ¦",
    "Action: Command\nCommand: ¦",
    "Ping\nEvil ¦",
];

/// A server on which everything has this name.
fn catalog(name: &str) -> Catalog {
    let listing = format!("Response: Success\r\n{name}: x  (Priv: <none>)\r\n\r\n");
    let listing = Packet::new(listing.into_bytes().into());
    let text = || PeerText::new(name.as_bytes().to_vec());
    let page = |page: Name| Page {
        synopsis: text(),
        // Invalid names are dropped earlier.
        parameters: [name, "Key"]
            .into_iter()
            .filter_map(|key| Name::of_key(key.as_bytes()))
            .map(|key| Parameter {
                key,
                required: false,
                repeatable: false,
                choices: vec![Choice {
                    value: text(),
                    about: text(),
                }],
                about: Vec::new(),
            })
            .collect(),
        ..Page::of(page)
    };
    let known = ["Command", "QueueStatus", "Evil", name].into_iter();
    let known = known.filter_map(|name| Name::of_action(name.as_bytes()));
    let known: Vec<Page> = known.map(page).collect();
    Catalog::with(Listing::of(&Reply::single(listing))).and(known)
}

/// The statement that `line` is, if it is just one; a raw packet is closed
/// first.
fn statement(line: &str) -> Option<Statement> {
    let mut all = parse(line.as_bytes(), Place::Shell).ok()?;
    all.pop().filter(|_| all.is_empty())
}

/// `line` with open quotes closed, so that it can be parsed.
fn closed(line: &str, rest: &str) -> Vec<String> {
    let ends = ["", "'", "\"", "x", "x'", "x\"", " x"];
    ends.map(|end| format!("{line}{end}{rest}")).into()
}

// A name in a listing, a page or an answer must not act after Tab and Enter,
// whatever it is and wherever it appears.
#[test]
fn whatever_things_are_called_tab_adds_one_word() {
    let mut offered = 0;
    for name in EVIL {
        let catalog = catalog(name);
        let value = Value {
            text: PeerText::new(name.as_bytes()),
            about: PeerText::new(name.as_bytes()),
        };
        let values = |_: &Kind| background::Found {
            values: vec![value.clone()].into(),
            fresh: true,
        };
        let known = Known {
            catalog: &catalog,
            profiles: &[Offer::value(*name, "")],
            values: &values,
            files: &folder,
        };
        for place in PLACES {
            let (before, _) = place.split_once('¦').expect("a cursor");
            let found = complete(before, before.len(), &known);
            let ends = |line: &str| line.matches(['\n', '\r']).count();
            let last = |line: &str| line.rsplit('\n').next().unwrap_or_default().to_owned();
            for one in found.candidates {
                let line = format!("{}{}", &before[..found.start], one.text());
                let what = format!("{name:?} at {place:?}: {line:?}");
                assert_eq!(ends(&line), ends(before), "{what}");
                assert!(!line.chars().any(|c| c.is_control() && c != '\n'), "{what}");
                // In CLI mode the text after `cli ` is the line.
                let own = last(&line);
                let own = own.strip_prefix("cli ").unwrap_or(&own);
                assert!(!own.starts_with(['!', '#', '|', '&', '-']), "{what}");
                assert_eq!(own.starts_with('/'), place.starts_with('/'), "{what}");
                let is_packet = before.starts_with("Action:");
                let kind = |line: &str| {
                    let lines = closed(&last(line), if is_packet { "\nAction: x\n\n" } else { "" });
                    lines.iter().find_map(|line| statement(line))
                };
                let Some(said) = kind(&line) else {
                    panic!("it cannot be read: {what}");
                };
                assert_eq!(said.then, Then::Show, "{what}");
                let expected: &[Command] = match place.trim_start().chars().next() {
                    Some('c') => &[Command::Cli(b"x".to_vec().into())],
                    _ => &[],
                };
                let is_expected = |one: &Command| discriminant(one) == discriminant(&said.command);
                assert!(
                    expected.is_empty() || expected.iter().any(is_expected),
                    "{what}"
                );
                assert!(!matches!(said.command, Command::Local(_)), "{what}");
                offered += usize::from(one.name == *name);
            }
        }
    }
    // Many can be typed in quotes.
    assert!(offered > 100, "{offered}");
}
