//! What a table cell or an event line shows of a packet.

use super::moments::moment;
use super::{headers::shown, signs, words};
use crate::ami::Packet;
use crate::peer_text::visible;
use std::borrow::Cow;
use std::time::SystemTime;

/// Header names, of which the first with a value counts, because versions
/// differ.
type Names = Vec<&'static str>;

/// A code or number, empty or not, with what it means.
type Meaning = for<'a> fn(Cow<'a, str>) -> Cow<'a, str>;

/// A piece of a packet as text that is safe for a terminal.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    /// A header's value.
    Of(Names),
    /// What a header's value means.
    Meant(Names, Meaning),
    /// When a header says, and how long ago.
    Moment(Names),
    /// `Name <number>`.
    Caller(Names, Names),
    /// `exten@context:priority`; context and priority may be absent.
    Place(Names, Names, Names),
    /// `Application(data)`.
    Application(Names),
    /// `key=value` of two headers.
    Pair(Names, Names),
    /// Address and port.
    Address(Names, Names),
    /// The first word if a header says 1, yes or true, else the second.
    Switch(Names, &'static str, &'static str),
    /// These words before the cell, unless that is empty.
    Word(&'static str, Box<Cell>),
}

impl Cell {
    /// A cell as tables write it, which may have words before it:
    ///
    /// - `Header`, `Header|Other`: the first of them that has a value;
    /// - `Header:cause`, and so for each word of [`meaning`];
    /// - `Header:moment`: seconds since 1970 as a time;
    /// - `Header?yes`, `Header?yes/no`: a word instead of 1, yes or true, and
    ///   one instead of anything else;
    /// - `Name<Number>`, `Exten@Context`, `Exten@Context:Priority`,
    ///   `Address:Port`, `Key=Value`: these together;
    /// - `application`, `caller`, `member`, `place`: the usual headers of one.
    pub(super) fn read(text: &'static str) -> Cell {
        if let Some((header, words)) = text.split_once('?') {
            let (yes, no) = words.split_once('/').unwrap_or((words, ""));
            return Cell::Switch(names(header), yes, no);
        }
        if let Some((words, cell)) = text.rsplit_once(' ') {
            return Cell::Word(words, Box::new(Cell::read(cell)));
        }
        let text = match text {
            "application" => return Cell::Application(names("ApplicationData|AppData|Data")),
            "caller" => "CallerIDName<CallerIDNum|CallerID>",
            "member" => "MemberName|Interface|Location",
            "place" => "Exten|Extension@Context:Priority",
            text => text,
        };
        let mark = text.find(['<', '@', '=', ':']).unwrap_or(text.len());
        let (head, tail) = text.split_at(mark);
        let (head, mut tail) = (names(head), tail.chars());
        match (tail.next(), tail.as_str()) {
            (Some('<'), number) => Cell::Caller(head, names(number.trim_end_matches('>'))),
            (Some('@'), place) => {
                let (context, priority) = place.split_once(':').unwrap_or((place, ""));
                Cell::Place(head, names(context), names(priority))
            }
            (Some('='), value) => Cell::Pair(head, names(value)),
            (Some(_), "moment") => Cell::Moment(head),
            (Some(_), word) => match meaning(word) {
                Some(meaning) => Cell::Meant(head, meaning),
                None => Cell::Address(head, names(word)),
            },
            (None, _) => Cell::Of(head),
        }
    }

    /// Empty if the packet does not say.
    pub(super) fn text<'a>(&self, packet: &'a Packet, now: Option<SystemTime>) -> Cow<'a, str> {
        match self {
            Cell::Of(names) => first(packet, names),
            Cell::Moment(names) => moment(first(packet, names), now),
            Cell::Meant(names, meaning) => meaning(first(packet, names)),
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
            Cell::Application(data) => {
                let app = first(packet, &["Application"]);
                // A hint has no data header at all.
                match data.iter().any(|name| packet.get(name).is_some()) && !app.is_empty() {
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
            Cell::Switch(names, yes, no) => {
                let word = first(packet, names).to_ascii_lowercase();
                let is_set = matches!(&*word, "1" | "yes" | "true");
                Cow::Borrowed(if is_set { yes } else { no })
            }
            Cell::Word(word, cell) => match cell.text(packet, now) {
                text if text.is_empty() => text,
                text => Cow::Owned(format!("{} {text}", signs(word))),
            },
        }
    }
}

fn names(written: &'static str) -> Names {
    let names = written.split('|').filter(|name| !name.is_empty());
    names.collect()
}

/// What `Header:word` shows.
fn meaning(word: &str) -> Option<Meaning> {
    let meaning: Meaning = match word {
        "cause" => |code| beside(code, words::cause),
        "reason" => |code| beside(code, words::reason),
        "state" => |code| instead(code, words::channel),
        "device" => |code| instead(code, words::device),
        "duration" => |text| match words::seconds(&text) {
            Some(seconds) => Cow::Owned(words::duration(seconds)),
            None => text,
        },
        "decoded" => |text| {
            let decoded = words::uri(text.as_bytes());
            let lines = decoded.split(|byte| *byte == b'\n').map(visible::text);
            Cow::Owned(lines.collect::<Vec<_>>().join(", "))
        },
        "ms" => |number| unit(number, "ms"),
        "µs" => |number| unit(number, &signs("µs")),
        _ => return None,
    };
    Some(meaning)
}

fn first<'a>(packet: &'a Packet, names: &[&str]) -> Cow<'a, str> {
    let values = names
        .iter()
        .filter_map(|name| Some((name, packet.get(name)?)));
    let mut values = values.filter(|(_, value)| !words::is_nothing(value));
    match values.next() {
        Some((name, value)) => shown(packet, name.as_bytes(), value),
        None => Cow::Borrowed(""),
    }
}

fn caller<'a>(packet: &'a Packet, name: &[&str], number: &[&str]) -> Cow<'a, str> {
    // 1.8 sends `unknown`, later versions `<unknown>`.
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

fn beside<'a>(code: Cow<'a, str>, words: fn(&str) -> Option<&'static str>) -> Cow<'a, str> {
    match words(&code) {
        Some(words) => Cow::Owned(format!("{code} {words}")),
        None => code,
    }
}

fn instead<'a>(code: Cow<'a, str>, words: fn(&str) -> Option<&'static str>) -> Cow<'a, str> {
    words(&code).map_or(code, Cow::Borrowed)
}

fn unit<'a>(number: Cow<'a, str>, unit: &str) -> Cow<'a, str> {
    match number.is_empty() {
        true => number,
        false => Cow::Owned(format!("{number} {unit}")),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::tests::frames;
    use super::*;

    /// A slip in a table would name a header that no server sends, and the cell
    /// would be empty forever.
    pub(in super::super) fn is_read(cell: &Cell) -> bool {
        let is_name = |name: &&str| {
            let is_header = name.starts_with(|c: char| c.is_ascii_uppercase());
            let in_one = |c: char| c.is_ascii_alphanumeric() || "_/()".contains(c);
            (is_header || *name == "bpviol") && name.chars().all(in_one)
        };
        let all = |names: &Names| !names.is_empty() && names.iter().all(is_name);
        match cell {
            Cell::Of(one) | Cell::Moment(one) | Cell::Meant(one, _) | Cell::Application(one) => {
                all(one)
            }
            Cell::Caller(one, two) | Cell::Pair(one, two) | Cell::Address(one, two) => {
                all(one) && all(two)
            }
            Cell::Place(exten, context, priority) => {
                all(exten) && all(context) && priority.iter().all(is_name)
            }
            Cell::Switch(one, yes, _) => all(one) && !yes.is_empty(),
            Cell::Word(words, cell) => !words.is_empty() && is_read(cell),
        }
    }

    // What each way of writing a cell shows.
    #[test]
    fn cells_show_what_they_are_written_for() {
        let bytes = b"Event: E\r\nA: <unknown>\r\nB: 17\r\nC: yes\r\nD: 75\r\n\
            Exten: 100\r\nContext: in\r\nPriority: 2\r\nApplication: Wait\r\nData: 3\r\n\
            CallerIDName: Ann\r\nCallerID: 7\r\nIP: -none-\r\nZero: 0\r\n\r\n";
        let packet = &frames(bytes)[0];
        for (written, shown) in [
            ("A", ""),
            ("B", "17"),
            ("A|B", "17"),
            ("because of B:cause", "because of 17 User busy"),
            ("because of A:cause", ""),
            ("Zero:reason", "0 not placed, or refused"),
            ("Zero:state", "Down"),
            ("Zero:device", "unknown"),
            ("D:duration", "1:15"),
            ("D:ms", "75 ms"),
            ("Zero:moment", "never"),
            ("A:moment", ""),
            ("A:µs", ""),
            ("C?it will", "it will"),
            ("B?on/off", "off"),
            ("B?on", ""),
            ("caller", "Ann <7>"),
            ("A<B>", "17"),
            ("place", "100@in:2"),
            ("to Exten@Context", "to 100@in"),
            ("A@Context", ""),
            ("application", "Wait(3)"),
            ("member", ""),
            ("B=D", "17=75"),
            ("A=D", ""),
            ("B:D", "17:75"),
            ("B:Zero", "17"),
            ("IP:D", ""),
        ] {
            assert_eq!(Cell::read(written).text(packet, None), shown, "{written}");
        }
        for slip in ["D:duratoin", "caler", "A;B", "A<", "to  "] {
            assert!(!is_read(&Cell::read(slip)), "{slip}");
        }
    }
}
