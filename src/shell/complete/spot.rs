//! What is at the cursor: the one parser for unfinished lines, shared by
//! completion and hints.

use crate::catalog::Catalog;
use crate::language::{Fault, Place, Word, raw_packet_open, split};

/// The word at the cursor and its role. No Debug: it may be a secret.
pub(in crate::shell) struct Spot {
    /// Where the completed text begins, in bytes; it ends at the cursor.
    pub start: usize,
    /// The meaning of the word up to the cursor, without its quote.
    pub typed: String,
    /// Its opening quote.
    pub quote: Option<char>,
    /// What may be typed here.
    pub what: What,
}

/// What may be typed at the cursor.
pub(in crate::shell) enum What {
    /// The first word: an Action or one of amish's own words.
    First,
    /// A key of an Action line, or a bare word: then a value of the first key
    /// in `bare`, or of a later one if more words follow.
    Argument { given: Given, bare: Vec<String> },
    /// The value of a `key=`.
    Value { given: Given, key: String },
    /// A key of a raw packet.
    Header(Given),
    /// The value of a header of a raw packet.
    HeaderValue { given: Given, key: String },
    /// Inside `cli TEXT`: the text up to the cursor.
    Cli(String),
    /// A word after `/name` or `help`: the name without its slash, and the
    /// words left of the cursor.
    Builtin { name: String, earlier: Vec<String> },
    /// Nothing that can be completed.
    Nothing,
}

/// The rest of the line.
#[derive(Default)]
pub(in crate::shell) struct Given {
    /// The Action, in the server's spelling if known.
    pub action: String,
    /// The other arguments, left and right of the cursor, with the keys that
    /// bare words fill.
    pub arguments: Vec<(String, String)>,
}

impl Given {
    /// The value of `key`, ignoring case.
    pub fn get(&self, key: &str) -> Option<&str> {
        let mut all = self.arguments.iter();
        let found = all.find(|(own, _)| own.eq_ignore_ascii_case(key));
        found.map(|(_, value)| value.as_str())
    }
}

/// Parses `buffer` around `position`, in bytes and on a character boundary.
pub(in crate::shell) fn spot(buffer: &str, position: usize, catalog: &Catalog) -> Spot {
    let (before, behind) = buffer.split_at_checked(position).unwrap_or((buffer, ""));
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let (above, left) = before.split_at(start);
    let right = behind.split('\n').next().unwrap_or_default();
    let below = behind.get(right.len()..).unwrap_or_default();
    let is_raw = |text: &str| raw_packet_open(text.as_bytes());
    let is_open = above.strip_suffix('\n').is_some_and(is_raw);
    if is_open || is_raw(left) {
        let lines = [above, below];
        return in_packet(lines, left, position, catalog);
    }
    let indent = left.len() - left.trim_start().len();
    let (first, rest) = first_word(left.trim_start());
    match rest {
        Some(text) if first.eq_ignore_ascii_case("cli") => {
            let text = text.trim_start();
            let word = text.rfind(' ').map_or(0, |at| at + 1);
            let typed = text.get(word..).unwrap_or_default().to_owned();
            at(position, typed, What::Cli(text.to_owned()))
        }
        Some(text) if first.starts_with('/') || first.eq_ignore_ascii_case("help") => {
            in_builtin(first, text, position)
        }
        _ if first.starts_with('!') => at(position, String::new(), What::Nothing),
        _ => in_line(
            buffer,
            start + indent,
            position,
            position + right.len(),
            catalog,
        ),
    }
}

/// A spot whose word `typed` ends at the cursor and needs no unquoting.
fn at(position: usize, typed: String, what: What) -> Spot {
    Spot {
        start: position - typed.len(),
        typed,
        quote: None,
        what,
    }
}

/// The first word, and the rest if a blank follows.
fn first_word(line: &str) -> (&str, Option<&str>) {
    match line.split_once([' ', '\t']) {
        Some((first, rest)) => (first, Some(rest)),
        None => (line, None),
    }
}

fn in_builtin(first: &str, text: &str, position: usize) -> Spot {
    let begin = position - text.len();
    let mut words = split(text.as_bytes(), begin, Place::Shell);
    let current = words.pop_if(|word| reaches(word, position));
    let earlier = words.iter().map(Word::whole).collect();
    let name = first.trim_start_matches('/').to_ascii_lowercase();
    let what = What::Builtin { name, earlier };
    match current {
        // Anything may be inside the quotes of an expression.
        Some(word) if word.key.is_some() && word.quote.is_some() => {
            at(position, String::new(), What::Nothing)
        }
        Some(word) => Spot {
            start: word.span.start,
            typed: word.whole(),
            quote: word.quote,
            what,
        },
        None => at(position, String::new(), what),
    }
}

/// Is the cursor at this word, rather than after it?
fn reaches(word: &Word, position: usize) -> bool {
    word.span.end == position || matches!(word.fault, Some(Fault::UnclosedQuote(_)))
}

/// An Action line from `start` to `end`.
fn in_line(buffer: &str, start: usize, position: usize, end: usize, catalog: &Catalog) -> Spot {
    let cut = |end: usize| {
        let line = buffer.get(start..end).unwrap_or_default();
        split(line.as_bytes(), start, Place::Shell)
    };
    let mut left = cut(position);
    let current = left.pop_if(|word| reaches(word, position));
    let right = cut(end).into_iter();
    let right = right.filter(|word| word.span.start >= position.max(start + 1));
    let value = |word: &Word| word.value.lossy().into_owned();
    let Some(action) = left.first().map(value) else {
        let typed = current.as_ref().map(value).unwrap_or_default();
        let is_name = current
            .as_ref()
            .is_none_or(|word| word.quote.is_none() && word.key.is_none());
        let what = if is_name { What::First } else { What::Nothing };
        return at(position, typed, what);
    };
    let is_pipe = |word: &Word| word.quote.is_none() && word.key.is_none() && *word.value == *b"|";
    if left.iter().any(is_pipe) {
        return at(position, String::new(), What::Nothing);
    }
    let action = catalog.find(&action).map_or(action.clone(), str::to_owned);
    let before = left.len() - 1;
    let others: Vec<Word> = left.into_iter().skip(1).chain(right).collect();
    let (given, bare) = arguments(action, &others, before, catalog);
    let Some(word) = current else {
        return at(position, String::new(), What::Argument { given, bare });
    };
    let typed = value(&word);
    let (start, quote) = (word.value_span.start, word.quote);
    let what = match word.key {
        Some(key) => What::Value { given, key },
        None => What::Argument { given, bare },
    };
    Spot {
        start,
        typed,
        quote,
        what,
    }
}

/// The `words` around the cursor with their keys, and the keys that a bare word
/// after the first `before` of them may fill.
fn arguments(
    action: String,
    words: &[Word],
    before: usize,
    catalog: &Catalog,
) -> (Given, Vec<String>) {
    let keys: Vec<&str> = words
        .iter()
        .filter_map(|word| word.key.as_deref())
        .collect();
    let is_bare = |word: &&Word| word.key.is_none();
    let bare = words.iter().filter(is_bare).count();
    let own = words.iter().take(before).filter(is_bare).count();
    let filled = |count| catalog.fill(&action, count, &keys).unwrap_or_default();
    // The word at the cursor counts in its place among the others: in `Setvar
    // a` a is a Variable, in `Setvar a b c` a Channel.
    let mut others = filled(bare + 1);
    let mut own_keys: Vec<String> = Vec::new();
    for key in [others.get(own), filled(bare + 2).get(own)]
        .into_iter()
        .flatten()
    {
        if !own_keys.iter().any(|own| own == key) {
            own_keys.push((*key).to_owned());
        }
    }
    if own < others.len() {
        others.remove(own);
    } else {
        others = filled(bare);
    }
    let mut others = others.into_iter();
    let named = words.iter().filter_map(|word| {
        let key = match &word.key {
            Some(key) => key.as_str(),
            None => others.next()?,
        };
        Some((key.to_owned(), word.value.lossy().into_owned()))
    });
    let arguments = named.collect();
    (Given { action, arguments }, own_keys)
}

/// A line of a raw packet, with the lines above and below. Raw packets have no
/// quotes.
fn in_packet(lines: [&str; 2], left: &str, position: usize, catalog: &Catalog) -> Spot {
    let [above, below] = lines;
    let is_header = |line: &&str| !line.trim().is_empty();
    let above = above.lines().rev().take_while(is_header);
    let headers = above.chain(below.lines().skip(1).take_while(is_header));
    let mut given = Given::default();
    for (key, value) in headers.filter_map(|line| line.split_once(':')) {
        let (key, value) = (key.trim(), value.trim());
        match key.eq_ignore_ascii_case("Action") {
            true => given.action = catalog.find(value).unwrap_or(value).to_owned(),
            false => given.arguments.push((key.to_owned(), value.to_owned())),
        }
    }
    match left.split_once(':') {
        None => at(position, left.trim_start().to_owned(), What::Header(given)),
        Some((key, value)) => {
            let (key, typed) = (key.trim().to_owned(), value.trim_start().to_owned());
            at(position, typed, What::HeaderValue { given, key })
        }
    }
}
