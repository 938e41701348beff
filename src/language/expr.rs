//! The expression that chooses events: names and headers, blank for and, comma
//! for or.

use super::word::{Misplaced, is_blank, meaning, quoted};
use super::{Fault, Place, Text, Variables};
use crate::ami::{Kind, Packet};
use regex::bytes::{Regex, RegexBuilder};
use std::fmt;

/// Memory for one regular expression, and as much again while it searches.
const REGEX: usize = 1024 * 1024;

/// Which events are meant. It reads a packet's bytes where they are.
#[derive(Clone)]
pub struct Expr {
    text: Vec<u8>,
    /// Met if any is of which every test is. None is empty.
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
    /// A header of this key has a value in which this is found.
    Found(String, Regex),
    /// The same for one that its variables have yet to make.
    Unmade(String, Text),
}

impl Expr {
    /// Reads an expression that holds no variables.
    ///
    /// # Errors
    /// What to write instead.
    pub fn parse(text: &[u8]) -> Result<Expr, Fault> {
        Expr::read(text, 0, Place::Shell).map_err(|(_, fault)| fault)
    }

    /// Reads the expression `text`, which stands `at` bytes into its buffer and
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
            // Names first: they are found without looking for the headers.
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

    /// Is it the same whatever was set?
    pub(super) fn is_fixed(&self) -> bool {
        self.any.iter().flatten().all(|test| match &test.of {
            Of::Equal(_, value) => value.is_fixed(),
            Of::Unmade(..) => false,
            Of::Name(_) | Of::Found(..) => true,
        })
    }

    /// With the values of `variables` in the values of its tests.
    ///
    /// # Errors
    /// A variable is not set, or what it holds makes no regular expression.
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

    /// The names, with `*` in them, of which an event must have one. None where
    /// it may have any.
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

    /// Does it mean events of one name only?
    pub fn is_of_one_name(&self) -> bool {
        let names = self.names().unwrap_or_default();
        names.first().is_some_and(|first| {
            let same = |name: &&str| name.eq_ignore_ascii_case(first);
            !first.contains('*') && names.iter().all(same)
        })
    }

    /// Is it this event (or other packet) that is meant?
    pub fn matches(&self, packet: &Packet) -> bool {
        let meets = |test: &Test| test.of.meets(packet) != test.negated;
        self.any.iter().any(|all| all.iter().all(meets))
    }

    /// Names of events that never match, whatever their headers, where the
    /// expression says so on its own: `!Name` beside nothing but tests that
    /// must be met as well.
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

/// What was typed says all.
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
            Of::Equal(key, value) => packet.all(key).any(|header| header.value == &**value),
            Of::Found(key, regex) => packet.all(key).any(|header| regex.is_match(header.value)),
            Of::Unmade(..) => false,
        }
    }
}

/// Is `name` what `pattern` says, in any case? A `*` stands for any text.
fn is_like(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut done) = (0, 0);
    // Behind the last star, and how far it reaches so far.
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
    /// How much of it was read.
    done: usize,
    /// Where it begins in its buffer.
    at: usize,
    place: Place,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a [u8] {
        self.text.get(self.done..).unwrap_or_default()
    }

    fn next_behind_blanks(&mut self) -> Option<u8> {
        let blanks = self.rest().iter().take_while(|byte| is_blank(**byte));
        self.done += blanks.count();
        self.rest().first().copied()
    }

    /// `fault`, in the `length` bytes from `from` on.
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
        if !good || text.split('|').any(str::is_empty) {
            return Err(typed());
        }
        let (negated, of) = match operator {
            0 => (
                negated,
                Of::Name(text.split('|').map(str::to_owned).collect()),
            ),
            _ => {
                let sign = self.rest().first().copied();
                self.done += operator;
                let of = self.header(text, sign == Some(b'~'), from)?;
                // Not unequal is equal.
                (negated != (operator == 2), of)
            }
        };
        Ok(Test { negated, of })
    }

    /// The value of a test of the header `key` that begins at `from`.
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
    let text = text.map_err(|_| Fault::Regex("it is not text in UTF-8".to_owned()))?;
    let mut builder = RegexBuilder::new(text);
    let built = builder.size_limit(REGEX).dfa_size_limit(REGEX).build();
    built.map_err(|error| {
        // A syntax error draws the place in lines of its own, and ends with
        // what is wrong.
        let words = error.to_string();
        let last = words.lines().last().unwrap_or_default();
        let last = last.trim().trim_end_matches('.');
        Fault::Regex(last.strip_prefix("error: ").unwrap_or(last).to_owned())
    })
}
