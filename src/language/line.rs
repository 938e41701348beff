//! Lines to Commands: one language for the prompt, `-c` and scripts.

use super::raw::{self, Packet};
use super::word::{Misplaced, Word, first_word, is_blank, meaning, split, trim, trim_start};
use super::{
    ActionLine, Command, Fault, Place, Statement, SyntaxError, Then, filter, script, tail,
};

/// Reads lines one after another, as they come.
#[derive(Debug)]
pub struct Reader {
    place: Place,
    /// Lines read.
    line: usize,
    /// Where the next line begins, if each ended in one LF.
    offset: usize,
    open: Option<Packet>,
}

impl Reader {
    /// At the first line of what is typed or read at `place`.
    pub fn new(place: Place) -> Reader {
        Reader {
            place,
            line: 0,
            offset: 0,
            open: None,
        }
    }

    /// Reads one line, without its LF (and with or without a CR). None for an
    /// empty line, a comment, and a line of a raw packet that is still open.
    /// After an error the next line is read as if nothing had been.
    pub fn line(&mut self, line: &[u8]) -> Option<Result<Statement, SyntaxError>> {
        self.line += 1;
        let offset = self.offset;
        self.offset += line.len() + 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let is_empty = line.iter().all(|byte| is_blank(*byte));
        match self.open.as_mut() {
            // A line of blanks looks empty, and who pasted it waits for the answer.
            Some(_) if is_empty => return self.finish(),
            Some(packet) => {
                packet.push(line, self.line, offset);
                return None;
            }
            None => {}
        }
        // Editors of some systems begin a file with a mark (UTF-8 BOM).
        let mark = line.starts_with(b"\xEF\xBB\xBF") && self.line == 1;
        let blanks = if mark { 3 } else { 0 };
        let text = line.get(blanks..).unwrap_or_default();
        let at = blanks + text.iter().take_while(|byte| is_blank(**byte)).count();
        let text = trim_start(text);
        match text.first() {
            None | Some(b'#') => None,
            Some(_) => self.statement(text, offset, at),
        }
    }

    /// The input is over, or the user wants no more: a raw packet that is still
    /// open ends here. More lines may be read afterwards.
    pub fn finish(&mut self) -> Option<Result<Statement, SyntaxError>> {
        let packet = self.open.take()?;
        let (forgiven, line, span) = (packet.forgiven, packet.line, packet.span.clone());
        let statement = |action| Statement {
            command: Command::Raw(action),
            then: Then::Show,
            forgiven,
            line,
            span,
        };
        Some(packet.close().map(statement))
    }

    /// Is a raw packet open?
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// `text` begins `at` bytes into the line, which begins at `offset`.
    fn statement(
        &mut self,
        text: &[u8],
        offset: usize,
        at: usize,
    ) -> Option<Result<Statement, SyntaxError>> {
        let (line, start) = (self.line, offset + at);
        let wrong = |(span, fault): Misplaced| SyntaxError {
            line,
            column: (span.start + 1).saturating_sub(offset),
            span,
            fault,
        };
        let inner = script::forgiven(text).map(trim_start);
        let forgiven = inner.is_some();
        if forgiven && self.place == Place::Shell {
            let fault = Fault::ScriptsOnly("a - before a line");
            return Some(Err(wrong((start..start + 1, fault))));
        }
        let inner = inner.unwrap_or(text);
        let inner_at = start + (text.len() - inner.len());
        if inner.is_empty() {
            let fault = Fault::Alone("-", "-DBDel test key");
            return Some(Err(wrong((start..inner_at, fault))));
        }
        if raw::opens(inner) {
            let mut packet = Packet::open(forgiven, line, inner_at);
            packet.push(inner, line, inner_at);
            self.open = Some(packet);
            return None;
        }
        let read = match self.place {
            Place::Shell if !inner.starts_with(b"!") => tail::cut(inner, inner_at),
            _ => Ok((inner, Then::Show)),
        };
        let read = read.and_then(|(line, then)| Ok((command(line, inner_at, self.place)?, then)));
        let statement = read.map(|(command, then)| Statement {
            command,
            then,
            forgiven,
            line,
            span: start..start + trim(text).len(),
        });
        Some(statement.map_err(wrong))
    }
}

/// Reads a buffer of one or many lines that end in LF or CR LF, one statement
/// after the other.
pub fn statements(
    buffer: &[u8],
    place: Place,
) -> impl Iterator<Item = Result<Statement, SyntaxError>> {
    let mut reader = Reader::new(place);
    let mut lines = buffer.split(|byte| *byte == b'\n');
    std::iter::from_fn(move || {
        let found = lines.find_map(|line| reader.line(line));
        found.or_else(|| reader.finish())
    })
}

/// The whole of it.
///
/// # Errors
/// The first one.
pub fn parse(buffer: &[u8], place: Place) -> Result<Vec<Statement>, SyntaxError> {
    statements(buffer, place).collect()
}

/// Does the buffer end inside a raw packet, so that more lines must follow?
pub fn raw_packet_open(buffer: &[u8]) -> bool {
    let mut reader = Reader::new(Place::Shell);
    for line in buffer.split(|byte| *byte == b'\n') {
        let _ = reader.line(line);
    }
    reader.is_open()
}

/// One argument is one word: the ACTION of a command line and what follows it.
/// Quotes and `$` are text; `cli` and `help` join the rest by blanks.
///
/// # Errors
/// As for the same line in a script.
pub fn words(arguments: &[String]) -> Result<Command, Fault> {
    let (first, rest) = match arguments.split_first() {
        Some((first, rest)) => (first.as_str(), rest),
        None => ("", arguments),
    };
    let text = rest.join(" ");
    if first.eq_ignore_ascii_case("cli") {
        return match text.trim() {
            "" => Err(CLI_ALONE),
            text => Ok(Command::Cli(text.as_bytes().to_vec().into())),
        };
    }
    if first.eq_ignore_ascii_case("help") {
        let topic = text.split_ascii_whitespace();
        return Ok(Command::Help(topic.map(str::to_owned).collect()));
    }
    if first.starts_with('/') {
        return Err(Fault::LinesOnly(first.escape_debug().to_string()));
    }
    ActionLine::of_words(first, rest).map(Command::Action)
}

const CLI_ALONE: Fault = Fault::Alone("cli", "cli core show channels");

/// A line that is no raw packet, no comment and not empty. It begins at `at`.
fn command(line: &[u8], at: usize, place: Place) -> Result<Command, Misplaced> {
    let line = trim(line);
    let verb = first_word(line);
    let after = trim_start(line.get(verb.len()..).unwrap_or_default());
    let text_at = at + line.len() - after.len();
    let is = |word: &str| verb.eq_ignore_ascii_case(word.as_bytes());
    let text = Word::plain(after, text_at);
    let of_scripts = script::WORDS.into_iter().find(|word| is(word));
    if place == Place::Script && of_scripts.is_none() && !verb.starts_with(b"/") {
        tail::none(line, at)?;
    }
    Ok(if let Some(local) = line.strip_prefix(b"!") {
        if place == Place::Script {
            let fault = Fault::PromptOnly("!cmd".to_owned());
            return Err((at..at + line.len(), fault));
        }
        Command::Local(String::from_utf8_lossy(local.trim_ascii()).into_owned())
    } else if is("cli") {
        cli(&text, place)?
    } else if let Some(word) = of_scripts {
        if place == Place::Shell {
            return Err((at..at + verb.len(), Fault::ScriptsOnly(word)));
        }
        script::command(word, &text)?
    } else if is("/watch") && place == Place::Shell {
        watch(&text)
    } else if let Some(read) = uncut(verb, &text, place) {
        read?
    } else {
        let words = split(line, at, place).into_iter().map(Word::sound);
        of_words(verb, words.collect::<Result<_, _>>()?, place)?
    })
}

/// `/watch S LINE`: LINE is a line of its own, quotes and all.
fn watch(text: &Word) -> Command {
    let text = String::from_utf8_lossy(&text.value);
    let (seconds, line) = text.split_once([' ', '\t']).unwrap_or((&text, ""));
    let arguments = [seconds, line.trim()].map(str::to_owned).into_iter();
    Command::Builtin {
        name: "watch".to_owned(),
        arguments: arguments.filter(|word| !word.is_empty()).collect(),
    }
}

/// `/filter` and others whose words are an expression.
fn uncut(verb: &[u8], text: &Word, place: Place) -> Option<Result<Command, Misplaced>> {
    filter::command(verb.strip_prefix(b"/")?, text, place)
}

fn cli(text: &Word, place: Place) -> Result<Command, Misplaced> {
    if text.value.is_empty() {
        return Err((text.span.clone(), CLI_ALONE));
    }
    Ok(Command::Cli(meaning(&text.value, None, place)))
}

/// A line whose words are all words: of amish itself, or an Action.
fn of_words(verb: &[u8], words: Vec<Word>, place: Place) -> Result<Command, Misplaced> {
    let slash = verb.strip_prefix(b"/");
    let name = String::from_utf8_lossy(slash.unwrap_or(verb)).to_ascii_lowercase();
    let span = words.first().map_or(0..0, |word| word.span.clone());
    let rest = words.get(1..).unwrap_or_default();
    let texts = || {
        let text = |word: &Word| match &word.key {
            Some(key) => format!("{key}={}", String::from_utf8_lossy(&word.value)),
            None => String::from_utf8_lossy(&word.value).into_owned(),
        };
        rest.iter().map(text).collect()
    };
    let shown = || format!("/{}", name.escape_debug());
    match (name.as_str(), slash) {
        ("help", _) => Ok(Command::Help(texts())),
        ("quit" | "exit", _) if rest.is_empty() => Ok(Command::Quit),
        ("quit" | "exit", _) => Err((span, Fault::TakesNothing(name))),
        ("", Some(_)) => Err((span, Fault::Alone("/", "/events"))),
        (_, Some(_)) if place == Place::Script && !script::may_use(&name) => {
            Err((span, Fault::PromptOnly(shown())))
        }
        (_, Some(_)) => Ok(Command::Builtin {
            name,
            arguments: texts(),
        }),
        (_, None) => ActionLine::of(words).map(Command::Action),
    }
}
