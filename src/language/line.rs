//! Parses lines into Commands: one language for the prompt, `-c` and scripts.

use super::builtin::{METRICS, NO_METRICS, builtin, usage_of};
use super::raw::{self, Packet};
use super::word::{Misplaced, Word, first_word, is_blank, meaning, split, trim, trim_start};
use super::{ActionLine, Command, Fault, Place, Statement, SyntaxError, Then, script, tail};
use crate::catalog::Catalog;

/// Parses lines one by one, as they come.
#[derive(Debug)]
pub struct Reader {
    place: Place,
    /// Lines read so far.
    line: usize,
    /// Where the next line begins, assuming that each ended in one LF.
    offset: usize,
    open: Option<Packet>,
}

impl Reader {
    /// A reader at the first line of input from `place`.
    pub fn new(place: Place) -> Reader {
        Reader {
            place,
            line: 0,
            offset: 0,
            open: None,
        }
    }

    /// Parses one line, without its LF (with or without CR). None for an empty
    /// line, a comment, and a line of an unfinished raw packet. After an error
    /// the next line is parsed as usual.
    pub fn line(&mut self, line: &[u8]) -> Option<Result<Statement, SyntaxError>> {
        self.line += 1;
        let offset = self.offset;
        self.offset += line.len() + 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let is_empty = line.iter().all(|byte| is_blank(*byte));
        match self.open.as_mut() {
            // A line of blanks looks empty, so it must end the packet as well.
            Some(_) if is_empty => return self.finish(),
            Some(packet) => {
                packet.push(line, self.line, offset);
                return None;
            }
            None => {}
        }
        // Some editors begin a file with a UTF-8 BOM.
        let mark = line.starts_with(b"\xEF\xBB\xBF") && self.line == 1;
        let text = trim_start(line.get(if mark { 3 } else { 0 }..).unwrap_or_default());
        let at = line.len() - text.len();
        match text.first() {
            None | Some(b'#') => None,
            Some(_) => self.statement(text, offset, at),
        }
    }

    /// Ends the input: an unfinished raw packet is complete. More lines may
    /// follow.
    pub fn finish(&mut self) -> Option<Result<Statement, SyntaxError>> {
        Some(self.open.take()?.close())
    }

    /// Is a raw packet open?
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Parses `text`, which begins `at` bytes into the line at `offset`.
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
        let inner = text.strip_prefix(b"-").map(trim_start);
        let forgiven = inner.is_some();
        if forgiven && self.place == Place::Shell {
            let fault = Fault::ScriptsOnly("a leading -");
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

/// Parses a buffer of lines that end in LF or CR LF, one statement after the
/// other.
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

/// Parses a whole buffer.
///
/// # Errors
/// The first error.
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

pub(super) const CLI_ALONE: Fault = Fault::Alone("cli", "cli core show channels");

/// Parses a line that is not a raw packet, a comment or empty. It begins at
/// `at`.
pub(super) fn command(line: &[u8], at: usize, place: Place) -> Result<Command, Misplaced> {
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
    Ok(if let Some(text) = line.strip_prefix(b"!") {
        local(text, place).map_err(|fault| (at..at + line.len(), fault))?
    } else if is("cli") {
        cli(&text, place)?
    } else if let Some(word) = of_scripts {
        if place == Place::Shell {
            return Err((at..at + verb.len(), Fault::ScriptsOnly(word)));
        }
        script::command(word, &text)?
    } else if place == Place::Shell && is_asked(line) {
        let end = at + line.len();
        return Err((end - 1..end, Fault::Asks));
    } else if let Some(name) = verb.strip_prefix(b"/") {
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        if name.is_empty() {
            return Err((at..at + line.len(), Fault::Alone("/", "/events")));
        }
        let usage = usage_of(&name);
        if let Some(usage) = usage.filter(|one| one.interactive && place == Place::Script) {
            let fault = Fault::PromptOnly(format!("/{}", usage.name));
            return Err((at..at + verb.len(), fault));
        }
        Command::Builtin(builtin(&name, &text, place)?)
    } else if let Some(name) = ["help", "quit", "exit"].into_iter().find(|word| is(word)) {
        Command::Builtin(builtin(name, &text, place)?)
    } else {
        let words = split(line, at, place).into_iter().map(Word::sound);
        let action = ActionLine::of(words.collect::<Result<_, _>>()?)?;
        if action.name == METRICS {
            return Err((at..at + verb.len(), Fault::Words(NO_METRICS.to_owned())));
        }
        match slashless(&action.name).filter(|_| place == Place::Script) {
            Some(fault) => return Err((at..at + verb.len(), fault)),
            None => Command::Action(action),
        }
    })
}

/// The command behind a `!`.
fn local(text: &[u8], place: Place) -> Result<Command, Fault> {
    let text = String::from_utf8_lossy(text.trim_ascii()).into_owned();
    match place {
        Place::Script => Err(Fault::PromptOnly("!cmd".to_owned())),
        Place::Shell if recalls(&text) => Err(Fault::Recall(format!("!{text}"))),
        Place::Shell => Ok(Command::Local(text)),
    }
}

/// Is the last word of `line` a `?` that is not quoted?
fn is_asked(line: &[u8]) -> bool {
    let before = line.strip_suffix(b"?");
    before.is_some_and(|before| before.last().is_none_or(|byte| is_blank(*byte)))
}

/// What is wrong with the name of a command of amish in the place of an Action:
/// no server has one of that name.
fn slashless(name: &str) -> Option<Fault> {
    let usage = usage_of(name).filter(|_| Catalog::default().find(name).is_none())?;
    Some(match usage.interactive {
        true => Fault::PromptOnly(format!("/{}", usage.name)),
        false => Fault::NoSlash(usage.name.to_owned()),
    })
}

/// Does `!` and `text` recall a line in other shells? A local shell would take
/// it for a command that does nothing, or for another one.
fn recalls(text: &str) -> bool {
    let number = text.strip_prefix('-').unwrap_or(text);
    let is_number = !number.is_empty() && number.bytes().all(|one| one.is_ascii_digit());
    text.starts_with('!') || is_number || ["$", "^", "*", "#"].contains(&text)
}

fn cli(text: &Word, place: Place) -> Result<Command, Misplaced> {
    if text.value.is_empty() {
        return Err((text.span.clone(), CLI_ALONE));
    }
    Ok(Command::Cli(meaning(&text.value, None, place)))
}
