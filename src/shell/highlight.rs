//! Colours the line being typed: what is known, what is not, and open quotes.
//! Every byte of the line stays in place, since rustyline counts its columns.

use super::complete::begins;
use crate::catalog::{Catalog, Taken};
use crate::language::{Place, TABLE, Word, raw_packet_open, split, usage_of};
use crate::output::{Palette, Role};
use std::ops::Range;

/// Longer text is a paste, which needs no colours.
const LONGEST: usize = 4 * 1024;

/// `buffer` from `start` on, in colour. Before it are lines of a raw packet.
pub fn highlight(buffer: &str, start: usize, catalog: &Catalog, palette: Palette) -> String {
    let line = buffer.get(start..).unwrap_or_default();
    if !palette.is_on() || buffer.len() > LONGEST {
        return line.to_owned();
    }
    let mut painted = String::with_capacity(2 * line.len());
    let mut done = start;
    for (span, role) in roles(buffer, catalog) {
        if let (Some(before), Some(text)) = (buffer.get(done..span.start), buffer.get(span.clone()))
        {
            painted.push_str(before);
            painted.push_str(&palette.paint(role, text));
            done = span.end;
        }
    }
    painted.push_str(buffer.get(done..).unwrap_or_default());
    painted
}

type Painted = (Range<usize>, Role);

/// The coloured parts, in order.
fn roles(buffer: &str, catalog: &Catalog) -> Vec<Painted> {
    let mut roles = Vec::new();
    let (mut offset, mut in_packet) = (0, false);
    for line in buffer.split('\n') {
        in_packet = match in_packet {
            true => !line.trim().is_empty(),
            false => raw_packet_open(line.as_bytes()),
        };
        match in_packet {
            true => header(line, offset, catalog, &mut roles),
            false => statement(line, offset, catalog, &mut roles),
        }
        offset += line.len() + 1;
    }
    roles
}

/// A header of a raw packet. It is sent unchecked, so nothing in it is wrong.
fn header(line: &str, offset: usize, catalog: &Catalog, roles: &mut Vec<Painted>) {
    let Some((key, value)) = line.split_once(':') else {
        return;
    };
    let colon = offset + key.len();
    roles.push((offset..colon, Role::Key));
    let name = value.trim();
    if key.trim().eq_ignore_ascii_case("Action") && catalog.find(name).is_some() {
        let at = colon + 1 + (value.len() - value.trim_start().len());
        roles.push((at..at + name.len(), Role::Action));
    }
}

fn statement(line: &str, offset: usize, catalog: &Catalog, roles: &mut Vec<Painted>) {
    let words = split(line.as_bytes(), offset, Place::Shell);
    let Some((first, rest)) = words.split_first() else {
        return;
    };
    let name = line
        .get(first.span.start - offset..first.span.end - offset)
        .unwrap_or_default();
    // While it is being typed, it may still become a known name.
    let is_typed = first.span.end == offset + line.len();
    if name.starts_with(['#', '!']) {
        return;
    }
    if let Some(word) = own(name) {
        roles.extend(own_role(word, name, is_typed).map(|role| (first.span.clone(), role)));
        return;
    }
    let known = is_known(name, catalog);
    let role = match known {
        true => Some(Role::Action),
        false if is_typed && catalog.actions().any(|one| begins(one.name, name)) => None,
        false => catalog.listing().map(|_| Role::Error),
    };
    roles.extend(role.map(|role| (first.span.clone(), role)));
    if known {
        arguments(name, rest, offset + line.len(), catalog, roles);
    }
}

/// The word, if it can only be a command of amish.
fn own(word: &str) -> Option<&str> {
    let plain = ["cli", "help", "quit", "exit"];
    let is_plain = plain.iter().any(|one| one.eq_ignore_ascii_case(word));
    match word.strip_prefix('/') {
        Some(name) => Some(name),
        None => is_plain.then_some(word),
    }
}

fn own_role(name: &str, word: &str, is_typed: bool) -> Option<Role> {
    match usage_of(name).is_some() || !word.starts_with('/') {
        true => Some(Role::Action),
        false if is_typed && TABLE.iter().any(|one| begins(one.name, name)) => None,
        false => Some(Role::Error),
    }
}

/// Would the check accept the Action `name`?
fn is_known(name: &str, catalog: &Catalog) -> bool {
    let always = ["Challenge", "Login", "Logoff"];
    match catalog.listing() {
        Some(listing) => {
            listing.get(name).is_some() || always.iter().any(|one| one.eq_ignore_ascii_case(name))
        }
        None => catalog.find(name).is_some(),
    }
}

/// Keys that are known, doubtful or refused; values with a fault; and excess
/// words.
fn arguments(
    action: &str,
    words: &[Word],
    end: usize,
    catalog: &Catalog,
    roles: &mut Vec<Painted>,
) {
    let given: Vec<&str> = words.iter().filter_map(|one| one.key.as_deref()).collect();
    let places = |count| catalog.fill(action, count, &given).is_some();
    let mut bare = 0;
    for word in words {
        if let Some(key) = &word.key {
            let role = match catalog.takes(action, key) {
                Taken::Yes => Role::Key,
                Taken::Unheard(_) => Role::Warning,
                Taken::Meant(_) => Role::Error,
            };
            let at = word.span.start;
            roles.push((at..at + key.len(), role));
        } else {
            bare += 1;
            // The last word may still become a key.
            if word.span.end < end && !places(bare) {
                roles.push((word.span.clone(), Role::Error));
                continue;
            }
        }
        if word.fault.is_some() {
            roles.push((word.value_span.clone(), Role::Error));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ami::{Packet, Reply};
    use crate::catalog::{Listing, Name, Page, Parameter};

    fn known() -> Catalog {
        let text = b"Response: Success\r\nPing: x  (Priv: <none>)\r\nQueueAdd: x  (Priv: agent,all)\r\n\r\n";
        let listing = Listing::of(&Reply::single(Packet::new(text.to_vec().into())));
        let parameter = |key: &&str| Parameter::of(Name::of_key(key.as_bytes()).unwrap());
        let page = Page {
            parameters: ["Queue", "Interface", "Penalty"]
                .iter()
                .map(parameter)
                .collect(),
            ..Page::of(Name::of_action(b"QueueAdd").unwrap())
        };
        Catalog::with(listing).and([page])
    }

    /// The line, with the initial of its role before each coloured part:
    /// `<K:Queue>`.
    fn marked(buffer: &str) -> String {
        let mut out = String::new();
        let mut done = 0;
        for (span, role) in roles(buffer, &known()) {
            out.push_str(&buffer[done..span.start]);
            let initial = format!("{role:?}");
            out.push_str(&format!("<{}:{}>", &initial[..1], &buffer[span.clone()]));
            done = span.end;
        }
        out + &buffer[done..]
    }

    // A typo shows while it is typed, and nothing that may still become right
    // is red.
    #[test]
    fn what_is_known_and_what_is_wrong() {
        for (line, wanted) in [
            ("", ""),
            ("pin", "pin"),
            ("ping", "<A:ping>"),
            ("pong", "<E:pong>"),
            ("nosuch x", "<E:nosuch> x"),
            ("Originate x", "<E:Originate> x"),
            ("Login x", "<A:Login> x"),
            ("  QueueAdd queue=a", "  <A:QueueAdd> <K:queue>=a"),
            ("QueueAdd Quue=a Foo=b", "<A:QueueAdd> <E:Quue>=a <W:Foo>=b"),
            ("QueueAdd 'a b' c", "<A:QueueAdd> 'a b' c"),
            ("QueueAdd 'a b", "<A:QueueAdd> <E:'a b>"),
            ("QueueAdd Queue=\"a b", "<A:QueueAdd> <K:Queue>=<E:\"a b>"),
            ("QueueAdd Queue='a'b", "<A:QueueAdd> <K:Queue>=<E:'a'b>"),
            ("QueueAdd a b c d", "<A:QueueAdd> a b c d"),
            ("QueueAdd a b c d ", "<A:QueueAdd> a b c <E:d> "),
            ("cli core 'show", "<A:cli> core 'show"),
            ("/ev", "/ev"),
            ("/events call", "<A:/events> call"),
            ("/evnts call", "<E:/evnts> call"),
            ("!ls 'x", "!ls 'x"),
            ("help Ping", "<A:help> Ping"),
            ("Action: ping", "<K:Action>: <A:ping>"),
            (
                "action: pin\nQueue: 'x\n\nping",
                "<K:action>: pin\n<K:Queue>: 'x\n\n<A:ping>",
            ),
        ] {
            assert_eq!(marked(line), wanted, "{line:?}");
        }
    }

    // Rustyline places the cursor by the text it knows of.
    #[test]
    fn nothing_but_colours_is_added() {
        let palette = Palette::new(true);
        for line in [
            "QueueAdd Quue='a 日本 é",
            "ping",
            "/x \"",
            "Action: ping",
            "\u{e9}\t'",
        ] {
            let painted = highlight(line, 0, &known(), palette);
            let mut plain = String::new();
            let mut rest = painted.as_str();
            while let Some((before, after)) = rest.split_once("\x1b[") {
                plain.push_str(before);
                rest = after.split_once('m').expect("a colour").1;
            }
            assert_eq!(plain + rest, line);
            assert_eq!(highlight(line, 0, &known(), Palette::OFF), line);
        }
        let above = "Action: ping\n";
        let painted = highlight(&format!("{above}a: b"), above.len(), &known(), palette);
        assert_eq!(painted, format!("{}: b", palette.paint(Role::Key, "a")));
    }
}
