//! Splits a line into words with positions; parsing, completion and
//! highlighting all use this one splitter.

use super::{Fault, Place, Text};
use std::fmt;
use std::ops::Range;

/// A fault and its byte range.
pub(super) type Misplaced = (Range<usize>, Fault);

/// A word, possibly unfinished.
#[derive(PartialEq, Eq)]
pub struct Word {
    /// Its byte range, including quotes.
    pub span: Range<usize>,
    /// The key, as typed, if it is `key=value`.
    pub key: Option<String>,
    /// The range of the value, or of the whole word without a key; including
    /// quotes.
    pub value_span: Range<usize>,
    /// The quote that opens the value.
    pub quote: Option<char>,
    /// The value with quotes and escapes resolved.
    pub value: Text,
    /// What is wrong with its value, which is then what could be parsed.
    pub fault: Option<Fault>,
}

/// Without the value, which may be a secret.
impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.key.as_deref().unwrap_or("(bare)");
        write!(f, "{key} at {:?}: {:?}", self.span, self.fault)
    }
}

impl Word {
    /// The word, or its fault.
    pub(super) fn sound(mut self) -> Result<Word, Misplaced> {
        match self.fault.take() {
            Some(fault) => Err((self.value_span, fault)),
            None => Ok(self),
        }
    }

    /// The whole word without quotes, as amish's commands read it.
    pub fn whole(&self) -> String {
        let value = self.value.lossy();
        match &self.key {
            Some(key) => format!("{key}={value}"),
            None => value.into_owned(),
        }
    }

    /// A word of plain text, without quotes and escapes.
    pub(super) fn plain(text: &[u8], at: usize) -> Word {
        let span = at..at + text.len();
        Word {
            key: None,
            value_span: span.clone(),
            quote: None,
            value: text.to_vec().into(),
            fault: None,
            span,
        }
    }
}

/// Splits a line into words by the rules of Action lines. `offset` is the
/// position of the line in its buffer, from which spans count. Never fails: a
/// fault stays with its word, so that an unfinished line can be completed.
pub fn split(line: &[u8], offset: usize, place: Place) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    loop {
        let rest = trim_start(line.get(at..).unwrap_or_default());
        if rest.is_empty() {
            return words;
        }
        at = line.len() - rest.len();
        let (word, length) = cut(rest, offset + at, place);
        words.push(word);
        at += length;
    }
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// The bytes before the first blank.
pub(super) fn first_word(text: &[u8]) -> &[u8] {
    text.split(|byte| is_blank(*byte))
        .next()
        .unwrap_or_default()
}

/// Without leading blanks.
pub(super) fn trim_start(text: &[u8]) -> &[u8] {
    let blanks = text.iter().take_while(|byte| is_blank(**byte)).count();
    text.get(blanks..).unwrap_or_default()
}

/// Without leading and trailing blanks.
pub(super) fn trim(text: &[u8]) -> &[u8] {
    let text = trim_start(text);
    let end = text
        .iter()
        .rev()
        .take_while(|byte| is_blank(**byte))
        .count();
    text.get(..text.len() - end).unwrap_or_default()
}

/// The word at the start of `text`, which is at `at`, and its length.
fn cut(text: &[u8], at: usize, place: Place) -> (Word, usize) {
    let key = key_of(text);
    let before = key.map_or(0, |key| key.len() + 1);
    let typed = text.get(before..).unwrap_or_default();
    let quote = typed.first().copied().filter(|b| matches!(b, b'\'' | b'"'));
    let (inside, length, fault) = match quote {
        Some(quote) => quoted(typed, quote, |byte| is_blank(*byte)),
        None => {
            let bare = first_word(typed);
            (bare, bare.len(), None)
        }
    };
    let value_span = at + before..at + before + length;
    let word = Word {
        span: at..value_span.end,
        key: key.map(str::to_owned),
        value_span,
        quote: quote.map(char::from),
        value: meaning(inside, quote, place),
        fault,
    };
    (word, before + length)
}

/// The key of a `key=value` word. Keys cannot contain quotes, so a word that
/// starts with one has no key.
pub(super) fn key_of(word: &[u8]) -> Option<&str> {
    let is_key = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'(' | b')' | b'-');
    let length = word.iter().take_while(|byte| is_key(byte)).count();
    let has_one = length > 0 && word.get(length) == Some(&b'=');
    let key = word.get(..length).filter(|_| has_one)?;
    std::str::from_utf8(key).ok()
}

/// The text between the quotes, the length including them, and any fault. The
/// byte after the closing quote must satisfy `ends`.
pub(super) fn quoted(
    typed: &[u8],
    quote: u8,
    ends: impl Fn(&u8) -> bool,
) -> (&[u8], usize, Option<Fault>) {
    let mark = char::from(quote);
    let mut at = 1;
    while let Some(byte) = typed.get(at) {
        if *byte == quote {
            break;
        }
        at += 1 + usize::from(is_escape(typed.get(at..), Some(quote)));
    }
    let inside = typed.get(1..at.min(typed.len())).unwrap_or_default();
    if at >= typed.len() {
        return (inside, typed.len(), Some(Fault::UnclosedQuote(mark)));
    }
    let after = typed.get(at + 1..).unwrap_or_default();
    let after = after.split(ends).next().unwrap_or_default().len();
    let fault = (after > 0).then_some(Fault::QuoteGoesOn(mark));
    (inside, at + 1 + after, fault)
}

/// Does an escape of `"…"` begin here?
fn is_escape(text: Option<&[u8]>, quote: Option<u8>) -> bool {
    quote == Some(b'"') && matches!(text, Some([b'\\', b'"' | b'\\', ..]))
}

/// Resolves escapes and finds variables.
pub(super) fn meaning(text: &[u8], quote: Option<u8>, place: Place) -> Text {
    let variables = place == Place::Script && quote != Some(b'\'');
    // Most text holds neither.
    if !text.iter().any(|byte| matches!(byte, b'$' | b'\\')) {
        return text.to_vec().into();
    }
    let mut value = Text::default();
    let mut done = 0;
    while let Some(rest) = text.get(done..).filter(|rest| !rest.is_empty()) {
        let escape = is_escape(Some(rest), quote) || (variables && rest.starts_with(b"$$"));
        if let Some(typed) = variable(rest).filter(|_| variables && !escape) {
            value.push_variable(typed);
            done += typed.len();
            continue;
        }
        done += usize::from(escape);
        if let Some(byte) = text.get(done) {
            value.push(*byte);
        }
        done += 1;
    }
    value
}

/// `$name` or `${name}` at the start of `text`.
fn variable(text: &[u8]) -> Option<&str> {
    let (open, close) = match text {
        [b'$', b'{', ..] => (2, 1),
        [b'$', ..] => (1, 0),
        _ => return None,
    };
    let name = text.get(open..)?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let length = name.iter().take_while(|byte| is_name(byte)).count();
    let starts = name.first().is_some_and(|byte| !byte.is_ascii_digit());
    let closed = close == 0 || name.get(length) == Some(&b'}');
    let whole = text.get(..open + length + close)?;
    let is_one = length > 0 && starts && closed;
    std::str::from_utf8(whole).ok().filter(|_| is_one)
}

/// The shortest way to type `value`, as a value or bare word, so that it parses
/// back to itself. A value with a line end cannot be typed at all.
pub fn quote(value: &[u8], place: Place) -> Vec<u8> {
    let special = |byte: &u8| is_blank(*byte) || matches!(byte, b'\r' | b'$');
    let first = value.first().copied().unwrap_or(b'\'');
    let bare = !value.iter().any(special)
        && !matches!(first, b'\'' | b'"' | b'#' | b'&' | b'|' | b'?' | b'!')
        && key_of(value).is_none();
    if bare {
        return value.to_vec();
    }
    let mut typed = Vec::with_capacity(value.len() + 2);
    if !value.contains(&b'\'') {
        typed.push(b'\'');
        typed.extend_from_slice(value);
        typed.push(b'\'');
        return typed;
    }
    typed.push(b'"');
    for byte in value {
        match byte {
            b'"' | b'\\' => typed.push(b'\\'),
            b'$' if place == Place::Script => typed.push(b'$'),
            _ => {}
        }
        typed.push(*byte);
    }
    typed.push(b'"');
    typed
}
