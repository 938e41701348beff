//! What a table's cell or an event's line shows of a packet.

use super::{sanitize, words};
use crate::ami::Packet;
use std::borrow::Cow;

/// Header names: the first that has a value counts, since versions differ.
pub(super) type Names = &'static [&'static str];

/// A piece of a packet as people say it. Its text is sanitised.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cell {
    /// A header as it is.
    Of(Names),
    /// `Name <number>`.
    Caller(Names, Names),
    /// `exten@context:priority`; context and priority may be absent.
    Place(Names, Names, Names),
    /// `Application(data)`.
    App(Names, Names),
    /// `key=value` of two headers.
    Pair(Names, Names),
    /// Address and port.
    Address(Names, Names),
    /// A hangup cause, `17 User busy`.
    Cause(Names),
    /// The state of a channel from its number, or as it is.
    State(Names),
    /// The state of a device from its number.
    Device(Names),
    /// Why an Originate ended so.
    Reason(Names),
    /// Seconds.
    Duration(Names),
    /// This word where a header says 1, yes or true.
    Flag(Names, &'static str),
    /// The first word where a header says so, else the second.
    Switch(Names, &'static str, &'static str),
    /// A number with its unit.
    Unit(Names, &'static str),
    /// This word before a cell that is not empty.
    Word(&'static str, &'static Cell),
}

impl Cell {
    /// Empty where the packet does not say.
    pub(super) fn text<'a>(&self, packet: &'a Packet) -> Cow<'a, str> {
        match *self {
            Cell::Of(names) => first(packet, names),
            Cell::Caller(name, number) => caller(packet, name, number),
            Cell::Place(exten, context, priority) => {
                let exten = first(packet, exten);
                if exten.is_empty() {
                    return exten;
                }
                let context = joined("@", first(packet, context));
                let priority = joined(":", first(packet, priority));
                Cow::Owned(format!("{exten}{context}{priority}"))
            }
            Cell::App(app, data) => {
                let app = first(packet, app);
                if app.is_empty() {
                    return app;
                }
                // A hint has no data at all.
                match data.iter().any(|name| packet.get(name).is_some()) {
                    true => Cow::Owned(format!("{app}({})", first(packet, data))),
                    false => app,
                }
            }
            Cell::Pair(key, value) => {
                let (key, value) = (first(packet, key), first(packet, value));
                match key.is_empty() {
                    true => key,
                    false => Cow::Owned(format!("{key}={value}")),
                }
            }
            Cell::Address(address, port) => {
                let address = first(packet, address);
                let port = first(packet, port);
                match (address.starts_with('-'), port == "0") {
                    (false, false) => Cow::Owned(format!("{address}{}", joined(":", port))),
                    (false, true) => address,
                    (true, _) => Cow::Borrowed(""),
                }
            }
            Cell::Cause(names) => spelled(first(packet, names), words::cause),
            Cell::State(names) => instead(first(packet, names), words::channel),
            Cell::Device(names) => instead(first(packet, names), words::device),
            Cell::Reason(names) => spelled(first(packet, names), words::reason),
            Cell::Duration(names) => {
                let seconds = first(packet, names);
                words::duration(&seconds).map_or(seconds, Cow::Owned)
            }
            Cell::Flag(names, word) if is_set(packet, names) => Cow::Borrowed(word),
            Cell::Flag(..) => Cow::Borrowed(""),
            Cell::Switch(names, on, off) => Cow::Borrowed(match is_set(packet, names) {
                true => on,
                false => off,
            }),
            Cell::Unit(names, unit) => match first(packet, names) {
                text if text.is_empty() => text,
                text => Cow::Owned(format!("{text} {unit}")),
            },
            Cell::Word(word, cell) => match cell.text(packet) {
                text if text.is_empty() => text,
                text => Cow::Owned(format!("{word} {text}")),
            },
        }
    }
}

fn first<'a>(packet: &'a Packet, names: Names) -> Cow<'a, str> {
    let mut values = names.iter().filter_map(|name| packet.get(name));
    let value = values.find(|value| !is_nothing(value)).unwrap_or_default();
    sanitize::text(value.trim_ascii_end())
}

fn is_set(packet: &Packet, names: Names) -> bool {
    let word = first(packet, names).to_ascii_lowercase();
    matches!(&*word, "1" | "yes" | "true")
}

/// How servers write that there is no value.
fn is_nothing(value: &[u8]) -> bool {
    matches!(
        value.trim_ascii(),
        b"" | b"<unknown>" | b"(null)" | b"<none>"
    )
}

fn caller<'a>(packet: &'a Packet, name: Names, number: Names) -> Cow<'a, str> {
    // 1.8 sends `unknown`, later ones `<unknown>`.
    let [name, number] = [name, number].map(|names| match first(packet, names) {
        text if text == "unknown" => Cow::Borrowed(""),
        text => text,
    });
    if name.is_empty() || name == number {
        number
    } else if number.is_empty() {
        name
    } else {
        Cow::Owned(format!("{name} <{number}>"))
    }
}

fn joined(by: &str, text: Cow<'_, str>) -> String {
    match text.is_empty() {
        true => String::new(),
        false => format!("{by}{text}"),
    }
}

fn spelled<'a>(code: Cow<'a, str>, words: fn(&str) -> Option<&'static str>) -> Cow<'a, str> {
    match words(&code) {
        Some(words) => Cow::Owned(format!("{code} {words}")),
        None => code,
    }
}

fn instead<'a>(code: Cow<'a, str>, words: fn(&str) -> Option<&'static str>) -> Cow<'a, str> {
    words(&code).map_or(code, Cow::Borrowed)
}
