//! The one output of many PBXs: as it comes, or one PBX after the other.

use super::Streams;
use crate::engine::Part;
use crate::output::{Form, message, signs};
use crate::peer_text::visible;
use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Bytes that are written together.
const BUFFER: usize = 64 * 1024;

/// See the module. Whoever shows something waits while the output takes nothing, as
/// one PBX alone would; its events wait in its backlog.
pub(super) struct Merge {
    state: Mutex<State>,
    /// Another PBX has its turn.
    turned: Condvar,
    names: Vec<String>,
    /// In this form a comment says whose the next packets are.
    is_marked: bool,
    /// One thread shows all, and says when it is to be written.
    is_one_by_one: bool,
    columns: usize,
    /// Before words of amish's own.
    prefix: &'static str,
    /// Of one PBX after the other: the most bytes that may wait.
    limit: usize,
}

/// How several outputs become one.
pub(super) struct How {
    /// One PBX after the other.
    pub by_target: bool,
    pub form: Form,
    /// One thread shows all, and says when it is to be written.
    pub is_one_by_one: bool,
    /// The most bytes that may wait for their turn.
    pub limit: usize,
}

struct State {
    out: BufWriter<Box<dyn Write + Send>>,
    err: Box<dyn Write + Send>,
    /// Why what had waited for its turn could not be written; for who writes next.
    failed: Option<io::Error>,
    /// Who has written last.
    last: Option<usize>,
    order: Order,
}

enum Order {
    Arrival,
    ByTarget {
        /// Who may write.
        turn: usize,
        waiting: Vec<Waiting>,
        bytes: usize,
    },
}

/// What a PBX has to show whose turn has not come.
#[derive(Default)]
struct Waiting {
    parts: Vec<Owned>,
    is_done: bool,
}

enum Owned {
    Text(Vec<u8>),
    Notice(String),
}

impl Merge {
    /// For the PBXs with these names.
    pub fn new(how: How, names: Vec<String>, streams: Streams) -> Merge {
        let order = match how.by_target {
            false => Order::Arrival,
            true => Order::ByTarget {
                turn: 0,
                waiting: names.iter().map(|_| Waiting::default()).collect(),
                bytes: 0,
            },
        };
        let state = State {
            out: BufWriter::with_capacity(BUFFER, streams.out),
            err: streams.err,
            failed: None,
            last: None,
            order,
        };
        Merge {
            state: Mutex::new(state),
            turned: Condvar::new(),
            names,
            is_marked: how.form == Form::Packet,
            is_one_by_one: how.is_one_by_one,
            prefix: streams.prefix,
            columns: streams.columns,
            limit: how.limit,
        }
    }

    /// Shows parts of the output of the PBX with this number.
    pub fn show<'p>(
        &self,
        number: usize,
        parts: impl IntoIterator<Item = Part<'p>>,
    ) -> io::Result<()> {
        let parts: Vec<Part<'_>> = parts.into_iter().collect();
        let size = |part: &Part<'_>| match part {
            Part::Text(text) => text.len(),
            Part::Notice(words) => words.len(),
        };
        let brought: usize = parts.iter().map(size).sum();
        let mut state = self.lock();
        loop {
            let is_free = match &mut state.order {
                Order::Arrival => true,
                Order::ByTarget { turn, .. } if *turn >= number => true,
                Order::ByTarget { waiting, bytes, .. } => {
                    if *bytes + brought <= self.limit
                        && let Some(own) = waiting.get_mut(number)
                    {
                        *bytes += brought;
                        own.parts.extend(parts.iter().map(Owned::of));
                        return Ok(());
                    }
                    false
                }
            };
            if is_free {
                return self.write_parts(&mut state, number, parts.into_iter());
            }
            let waited = self.turned.wait(state);
            state = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The PBX with this number has shown everything.
    pub fn finish(&self, number: usize) {
        let mut state = self.lock();
        loop {
            let Order::ByTarget {
                turn,
                waiting,
                bytes,
            } = &mut state.order
            else {
                return;
            };
            if let Some(own) = waiting.get_mut(number) {
                own.is_done = true;
            }
            let is_over = waiting.get(*turn).is_some_and(|one| one.is_done);
            if !is_over {
                break;
            }
            *turn += 1;
            // What the next one has to show so far; the rest it shows itself.
            let next = *turn;
            let parts = waiting
                .get_mut(next)
                .map(|one| std::mem::take(&mut one.parts));
            let parts = parts.unwrap_or_default();
            *bytes = bytes.saturating_sub(parts.iter().map(Owned::len).sum());
            let shown = self.write_parts(&mut state, next, parts.iter().map(Owned::part));
            state.failed = state.failed.take().or(shown.err());
        }
        drop(state);
        self.turned.notify_all();
    }

    /// Writes what belongs to no PBX.
    pub fn write(&self, text: &[u8]) -> io::Result<()> {
        let mut state = self.lock();
        state.out.write_all(text)?;
        state.out.flush()
    }

    /// Writes what was shown; needed where one thread shows all.
    pub fn flush(&self) -> io::Result<()> {
        let mut state = self.lock();
        match state.failed.take() {
            Some(why) => Err(why),
            None => state.out.flush(),
        }
    }

    /// The name of the PBX with this number.
    pub fn name(&self, number: usize) -> &str {
        self.names.get(number).map_or("", String::as_str)
    }

    /// The names of all, in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Says what belongs to no PBX.
    pub fn say(&self, words: &str) {
        self.note(&mut self.lock(), words);
    }

    fn write_parts<'p>(
        &self,
        state: &mut State,
        number: usize,
        parts: impl Iterator<Item = Part<'p>>,
    ) -> io::Result<()> {
        let name = self.name(number);
        let mut result = state.failed.take().map_or(Ok(()), Err);
        for part in parts {
            match part {
                Part::Text(text) if result.is_ok() => {
                    if self.is_marked && state.last != Some(number) {
                        let name = visible::text(name.as_bytes());
                        result = state.out.write_all(format!("# {name}\n").as_bytes());
                    }
                    state.last = Some(number);
                    let text = match self.is_marked {
                        true => unmarked(text),
                        false => Cow::Borrowed(text),
                    };
                    result = result.and_then(|()| state.out.write_all(&text));
                }
                Part::Text(_) => {}
                Part::Notice(words) => {
                    // It is about the output before it.
                    result = result.and_then(|()| state.out.flush());
                    self.note(state, &format!("{name}: {words}"));
                }
            }
        }
        match self.is_one_by_one {
            true => result,
            false => result.and_then(|()| state.out.flush()),
        }
    }

    fn note(&self, state: &mut State, words: &str) {
        // Words of a server on standard error, which may be a terminal. A failure to
        // write there cannot be reported anywhere.
        let words = visible::text(words.as_bytes());
        let text = message(self.prefix, &signs(&words), self.columns);
        let _ = state.err.write_all(text.as_bytes());
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics half way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a server sent must not look like the comment before the packets of another.
fn unmarked(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.starts_with(b"#") && memchr::memmem::find(text, b"\n#").is_none() {
        return Cow::Borrowed(text);
    }
    let mut lines = Vec::with_capacity(text.len() + 16);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b"#") {
            lines.push(b' ');
        }
        lines.extend_from_slice(line);
    }
    Cow::Owned(lines)
}

impl Owned {
    fn of(part: &Part<'_>) -> Owned {
        match part {
            Part::Text(text) => Owned::Text(text.to_vec()),
            Part::Notice(words) => Owned::Notice((*words).to_owned()),
        }
    }

    fn part(&self) -> Part<'_> {
        match self {
            Owned::Text(text) => Part::Text(text),
            Owned::Notice(words) => Part::Notice(words),
        }
    }

    fn len(&self) -> usize {
        match self {
            Owned::Text(text) => text.len(),
            Owned::Notice(words) => words.len(),
        }
    }
}
