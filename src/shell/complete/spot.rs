//! What stands at the cursor: the one reading of a line that is still being
//! typed, for completion and hints alike.

use crate::catalog::Catalog;
use crate::language::{Fault, Place, Word, raw_packet_open, split};

/// The word at the cursor, and what it is. Without Debug: it may be a secret.
pub(in crate::shell) struct Spot {
    /// Where that which is completed begins, in bytes of the buffer; it ends at
    /// the cursor.
    pub start: usize,
    /// What it means as far as the cursor, without its quote.
    pub typed: String,
    /// The quote that it begins with.
    pub quote: Option<char>,
    /// What may stand here.
    pub what: What,
}

/// What may stand at the cursor.
pub(in crate::shell) enum What {
    /// The first word: an Action, or one of amish's own.
    First,
    /// A key of an Action line; or a bare word, which is then a value of the
    /// first of `bare`, or of another if more words follow.
    Argument { given: Given, bare: Vec<String> },
    /// The value of a `key=`.
    Value { given: Given, key: String },
    /// A key of a raw packet.
    Header(Given),
    /// The value of a header of a raw packet.
    HeaderValue { given: Given, key: String },
    /// Inside `cli TEXT`: the text up to the cursor.
    Cli(String),
    /// A word after `/name`, or after `help`: the name without its slash, and
    /// the words left of the cursor.
    Builtin { name: String, earlier: Vec<String> },
    /// Nothing that is known.
    Nothing,
}

/// What the rest of the line says.
#[derive(Default)]
pub(in crate::shell) struct Given {
    /// The Action, in the server's spelling where it is known.
    pub action: String,
    /// The other arguments, left and right of the cursor, with the keys that
    /// bare words fill.
    pub arguments: Vec<(String, String)>,
}

impl Given {
    /// The value of `key`, in any case.
    pub fn get(&self, key: &str) -> Option<&str> {
        let mut all = self.arguments.iter();
        let found = all.find(|(own, _)| own.eq_ignore_ascii_case(key));
        found.map(|(_, value)| value.as_str())
    }
}

/// Reads `buffer` around `position`; both count bytes, and `position` is at a
/// character.
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

/// `typed` stands right before the cursor as it is meant.
fn at(position: usize, typed: String, what: What) -> Spot {
    Spot {
        start: position - typed.len(),
        typed,
        quote: None,
        what,
    }
}

/// The first word, and the rest if there is a blank behind it.
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
    let earlier = words.iter().map(whole).collect();
    let name = first.trim_start_matches('/').to_ascii_lowercase();
    let what = What::Builtin { name, earlier };
    match current {
        // What stands between the quotes of an expression is anything.
        Some(word) if word.key.is_some() && word.quote.is_some() => {
            at(position, String::new(), What::Nothing)
        }
        Some(word) => Spot {
            start: word.span.start,
            typed: whole(&word),
            quote: word.quote,
            what,
        },
        None => at(position, String::new(), what),
    }
}

/// The word as amish's own commands read it.
fn whole(word: &Word) -> String {
    let value = String::from_utf8_lossy(&word.value);
    match &word.key {
        Some(key) => format!("{key}={value}"),
        None => value.into_owned(),
    }
}

/// Is the cursor, at the end of what was cut, at this word and not behind it?
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
    let value = |word: &Word| String::from_utf8_lossy(&word.value).into_owned();
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
/// behind the first `before` of them may fill.
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
    // The word at the cursor is one more, in its place among the others, and
    // not always the last: in `Setvar a` a is a Variable, in `Setvar a b c` a
    // Channel.
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
        let value = String::from_utf8_lossy(&word.value).into_owned();
        Some((key.to_owned(), value))
    });
    let arguments = named.collect();
    (Given { action, arguments }, own_keys)
}

/// In a raw packet. Its other lines are above and below; it has no quotes.
fn in_packet(lines: [&str; 2], left: &str, position: usize, catalog: &Catalog) -> Spot {
    let [above, below] = lines;
    let above = above.lines().rev();
    let headers = above.take_while(|line| !line.trim().is_empty()).chain(
        below
            .lines()
            .skip(1)
            .take_while(|line| !line.trim().is_empty()),
    );
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
