//! The event expression: names and headers; a blank is and, a comma is or.

mod at_pbx;

use super::word::{Misplaced, is_blank, meaning, quoted, trim_start};
use super::{Fault, Place, Text, Variables};
use crate::ami::{Kind, Packet};
use crate::catalog;
use regex::bytes::{Regex, RegexBuilder};
use std::borrow::Cow;
use std::fmt;

/// Memory for one compiled regular expression, and as much again while it
/// searches, in bytes.
const REGEX: usize = 1024 * 1024;

/// An event expression. Matches a packet's bytes in place.
#[derive(Clone)]
pub struct Expr {
    text: Vec<u8>,
    /// Alternatives, each met if all its tests are.
    any: Vec<Vec<Test>>,
}

#[derive(Debug, Clone)]
struct Test {
    negated: bool,
    of: Of,
}

#[derive(Debug, Clone)]
enum Of {
    /// The event has one of these names, with `*` in them.
    Name(Vec<String>),
    /// A header of this key has this value.
    Equal(String, Text),
    /// A header of this key has a value that this matches.
    Found(String, Regex),
    /// The same, if the pattern contains variables.
    Unmade(String, Text),
}

impl Expr {
    /// Parses an expression without variables.
    ///
    /// # Errors
    /// A fault that says what to write instead.
    pub fn parse(text: &[u8]) -> Result<Expr, Fault> {
        Expr::read(text, 0, Place::Shell).map_err(|(_, fault)| fault)
    }

    /// Parses the expression `text`, which is `at` bytes into its buffer and
    /// was typed at `place`.
    pub(super) fn read(text: &[u8], at: usize, place: Place) -> Result<Expr, Misplaced> {
        let mut cursor = Cursor {
            text,
            done: 0,
            at,
            place,
        };
        let mut any = Vec::new();
        loop {
            let mut all = vec![cursor.test()?];
            while let Some(byte) = cursor.next_behind_blanks()
                && byte != b','
            {
                all.push(cursor.test()?);
            }
            // Names first: they are tested without looking up headers.
            all.sort_by_key(|test| !matches!(test.of, Of::Name(_)));
            any.push(all);
            match cursor.next_behind_blanks() {
                Some(_) => cursor.done += 1,
                None => break,
            }
        }
        let text = text.trim_ascii().to_vec();
        Ok(Expr { text, any })
    }

    /// Does it contain no variables?
    pub(super) fn is_fixed(&self) -> bool {
        self.any.iter().flatten().all(|test| match &test.of {
            Of::Equal(_, value) => value.is_fixed(),
            Of::Unmade(..) => false,
            Of::Name(_) | Of::Found(..) => true,
        })
    }

    /// Replaces the variables in the values of its tests.
    ///
    /// # Errors
    /// A variable is not set, or its value makes an invalid regular expression.
    pub fn with(&self, variables: &Variables) -> Result<Expr, Fault> {
        let with = |test: &Test| {
            let of = match &test.of {
                Of::Equal(key, value) => Of::Equal(key.clone(), value.with(variables)?),
                Of::Unmade(key, value) => Of::Found(key.clone(), regex(&value.with(variables)?)?),
                as_it_is => as_it_is.clone(),
            };
            let negated = test.negated;
            Ok::<_, Fault>(Test { negated, of })
        };
        let all = |all: &Vec<Test>| all.iter().map(with).collect::<Result<_, _>>();
        Ok(Expr {
            text: self.text.clone(),
            any: self.any.iter().map(all).collect::<Result<_, _>>()?,
        })
    }

    /// The names, possibly with `*`, one of which an event must have. None if
    /// any name will do.
    pub fn names(&self) -> Option<Vec<&str>> {
        let mut every = Vec::new();
        for all in &self.any {
            let mut tests = all.iter().filter(|test| !test.negated);
            let names = tests.find_map(|test| match &test.of {
                Of::Name(names) => Some(names),
                _ => None,
            });
            every.extend(names?.iter().map(String::as_str));
        }
        Some(every)
    }

    /// What no server will send: names that are like one of an event or a header
    /// and are none. The server has the last word, for modules bring events of
    /// their own.
    pub fn doubts(&self) -> Option<String> {
        let doubt = |what: &str, name: &str, like: Vec<&str>| {
            let like = Some(like.join(" or ")).filter(|like| !like.is_empty())?;
            Some(format!("no {what} {name} is known: did you mean {like}?"))
        };
        let mut tests = self.any.iter().flatten();
        tests.find_map(|test| match &test.of {
            Of::Name(names) => names
                .iter()
                .filter(|name| !name.contains('*'))
                .find_map(|name| doubt("event", name, catalog::events_like(name))),
            Of::Equal(key, _) | Of::Found(key, _) | Of::Unmade(key, _) => {
                doubt("header", key, catalog::headers_like(key))
            }
        })
    }

    /// Does it match events of a single name only?
    pub fn is_of_one_name(&self) -> bool {
        let names = self.names().unwrap_or_default();
        names.first().is_some_and(|first| {
            let same = |name: &&str| name.eq_ignore_ascii_case(first);
            !first.contains('*') && names.iter().all(same)
        })
    }

    /// Does it match this event or other packet?
    pub fn matches(&self, packet: &Packet) -> bool {
        let meets = |test: &Test| test.of.meets(packet) != test.negated;
        self.any.iter().any(|all| all.iter().all(meets))
    }

    /// Names of events that never match, whatever their headers: `!Name`
    /// combined only with tests that must be met as well.
    pub fn excluded(&self) -> impl Iterator<Item = &str> {
        let only = self.any.first().filter(|_| self.any.len() == 1);
        let names = only
            .into_iter()
            .flatten()
            .filter_map(|test| match &test.of {
                Of::Name(names) if test.negated => Some(names),
                _ => None,
            });
        names.flatten().map(String::as_str)
    }
}

/// As it was typed.
impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.text))
    }
}

impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expr({})", self.text.escape_ascii())
    }
}

/// Equal if typed alike.
impl PartialEq for Expr {
    fn eq(&self, other: &Expr) -> bool {
        self.text == other.text
    }
}

impl Eq for Expr {}

impl Of {
    fn meets(&self, packet: &Packet) -> bool {
        match self {
            Of::Name(names) => {
                let name = packet.name();
                packet.kind() == Kind::Event
                    && names.iter().any(|one| is_like(one.as_bytes(), name))
            }
            Of::Equal(key, value) => has(packet, key, |one| *one == **value),
            Of::Found(key, regex) => has(packet, key, |one| regex.is_match(one)),
            Of::Unmade(..) => false,
        }
    }
}

/// Is one of the values of `key` like this: as people write it, or as it came,
/// which json, csv and packets show?
fn has(packet: &Packet, key: &str, is_like: impl Fn(&[u8]) -> bool) -> bool {
    packet.all(key).any(|header| {
        let plain = packet.plain(header.key, header.value);
        is_like(&plain) || matches!(plain, Cow::Owned(_)) && is_like(header.value)
    })
}

/// Does `name` match `pattern`, ignoring case? `*` matches any text.
fn is_like(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut done) = (0, 0);
    // The position after the last star, and how far it has matched.
    let mut star = None;
    while let Some(byte) = name.get(done) {
        match pattern.get(at) {
            Some(b'*') => {
                at += 1;
                star = Some((at, done));
            }
            Some(one) if one.eq_ignore_ascii_case(byte) => {
                at += 1;
                done += 1;
            }
            _ => {
                let Some((behind, reach)) = star else {
                    return false;
                };
                (at, done) = (behind, reach + 1);
                star = Some((behind, done));
            }
        }
    }
    let rest = pattern.get(at..).unwrap_or_default();
    rest.iter().all(|byte| *byte == b'*')
}

struct Cursor<'a> {
    text: &'a [u8],
    /// Bytes parsed so far.
    done: usize,
    /// Its offset in the buffer.
    at: usize,
    place: Place,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a [u8] {
        self.text.get(self.done..).unwrap_or_default()
    }

    fn next_behind_blanks(&mut self) -> Option<u8> {
        self.done = self.text.len() - trim_start(self.rest()).len();
        self.rest().first().copied()
    }

    /// `fault`, at `length` bytes from `from`.
    fn fault(&self, from: usize, length: usize, fault: Fault) -> Misplaced {
        (self.at + from..self.at + from + length, fault)
    }

    fn test(&mut self) -> Result<Test, Misplaced> {
        if self.next_behind_blanks().is_none_or(|byte| byte == b',') {
            return Err(self.fault(self.done, 0, Fault::NoTest));
        }
        let from = self.done;
        let negated = self.rest().first() == Some(&b'!');
        self.done += usize::from(negated);
        let ends = |byte: &u8| is_blank(*byte) || matches!(byte, b',' | b'=' | b'!' | b'~');
        let word = self.rest();
        let word = word.split(ends).next().unwrap_or_default();
        self.done += word.len();
        let operator = match self.rest() {
            [b'!', b'=', ..] => 2,
            [b'=' | b'~', ..] => 1,
            _ => 0,
        };
        let typed = || {
            let typed = self.text.get(from..).unwrap_or_default();
            let blank = |byte: &u8| is_blank(*byte) || *byte == b',';
            let typed = typed.split(blank).next().unwrap_or_default();
            let text = String::from_utf8_lossy(typed).into_owned();
            self.fault(from, typed.len(), Fault::NoSuchTest(text))
        };
        let is_key = |byte: &u8| {
            byte.is_ascii_graphic() && !matches!(byte, b'*' | b'|' | b':' | b'"' | b'\'')
        };
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.*|".contains(byte);
        let good = match operator {
            0 => word.iter().all(is_name) && self.rest().first() != Some(&b'!'),
            _ => word.iter().all(is_key),
        };
        let text = std::str::from_utf8(word).map_err(|_| typed())?;
        // No event is called so; it would be waited for in vain.
        let is_number =
            |name: &str| name.starts_with(|one: char| one.is_ascii_digit() || one == '-');
        let mut names = text.split('|');
        if !good || names.any(|name| name.is_empty() || (operator == 0 && is_number(name))) {
            return Err(typed());
        }
        let (negated, of) = match operator {
            0 if ["and", "or", "not"].contains(&&*text.to_ascii_lowercase()) => {
                return Err(self.fault(from, word.len(), Fault::NoOperator(text.to_owned())));
            }
            0 if ["for", "within"].contains(&&*text.to_ascii_lowercase()) => {
                return Err(self.fault(from, word.len(), Fault::NoTimeHere(text.to_owned())));
            }
            0 => (
                negated,
                Of::Name(text.split('|').map(str::to_owned).collect()),
            ),
            _ => {
                let sign = self.rest().first().copied();
                self.done += operator;
                let of = self.header(text, sign == Some(b'~'), from)?;
                // `!Key!=value` is `Key=value`.
                (negated != (operator == 2), of)
            }
        };
        Ok(Test { negated, of })
    }

    /// Parses the value of a test of the header `key` that begins at `from`.
    fn header(&mut self, key: &str, is_regex: bool, from: usize) -> Result<Of, Misplaced> {
        let typed = self.rest();
        let start = self.done;
        let quote = typed.first().copied().filter(|b| matches!(b, b'\'' | b'"'));
        let ends = |byte: &u8| is_blank(*byte) || *byte == b',';
        let (inside, length, fault) = match quote {
            Some(quote) => quoted(typed, quote, ends),
            None => {
                let bare = typed.split(ends).next().unwrap_or_default();
                (bare, bare.len(), None)
            }
        };
        self.done += length;
        if let Some(fault) = fault {
            return Err(self.fault(start, length, fault));
        }
        if quote.is_none() && (inside.is_empty() || matches!(inside, [b'=' | b'~', ..])) {
            let fault = match inside.is_empty() {
                true => Fault::NoValue(key.to_owned()),
                false => Fault::TwoSigns(key.to_owned()),
            };
            return Err(self.fault(from, self.done - from, fault));
        }
        let value = meaning(inside, quote, self.place);
        let key = key.to_owned();
        match (is_regex, value.is_fixed()) {
            (false, _) => return Ok(Of::Equal(key, value)),
            (true, false) => return Ok(Of::Unmade(key, value)),
            (true, true) => {}
        }
        let regex = regex(&value).map_err(|fault| self.fault(start, length, fault))?;
        Ok(Of::Found(key, regex))
    }
}

fn regex(value: &[u8]) -> Result<Regex, Fault> {
    let text = std::str::from_utf8(value);
    let text = text.map_err(|_| Fault::Regex("it is not UTF-8 text".to_owned()))?;
    let mut builder = RegexBuilder::new(text);
    let built = builder.size_limit(REGEX).dfa_size_limit(REGEX).build();
    built.map_err(|error| {
        // A syntax error has several lines, drawing the position; the last line
        // is the message.
        let words = error.to_string();
        let last = words.lines().last().unwrap_or_default();
        let last = last.trim().trim_end_matches('.');
        Fault::Regex(last.strip_prefix("error: ").unwrap_or(last).to_owned())
    })
}
