//! The one output of many PBXs: as it comes, or one PBX after the other.

use super::Streams;
use crate::engine::Part;
use crate::output::{Form, message, signs};
use crate::peer_text::visible;
use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// See the module. Whoever shows something waits while the output takes nothing, as
/// one PBX alone would; its events wait in its backlog.
pub(super) struct Merge {
    state: Mutex<State>,
    /// Another PBX has its turn.
    turned: Condvar,
    names: Vec<String>,
    /// In this form a comment says whose the next packets are.
    is_marked: bool,
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
    /// The most bytes that may wait for their turn.
    pub limit: usize,
}

struct State {
    out: Box<dyn Write + Send>,
    err: Box<dyn Write + Send>,
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
            out: streams.out,
            err: streams.err,
            last: None,
            order,
        };
        Merge {
            state: Mutex::new(state),
            turned: Condvar::new(),
            names,
            is_marked: how.form == Form::Packet,
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
            // If it fails, whoever writes next is told.
            let _ = self.write_parts(&mut state, next, parts.iter().map(Owned::part));
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
        let name = self.names.get(number).map_or("", String::as_str);
        let mut result = Ok(());
        for part in parts {
            match part {
                Part::Text(text) if result.is_ok() => {
                    if self.is_marked && state.last != Some(number) {
                        let name = visible::text(name.as_bytes());
                        result = state.out.write_all(format!("# {name}\n").as_bytes());
                    }
                    state.last = Some(number);
                    result = result.and_then(|()| state.out.write_all(text));
                }
                Part::Text(_) => {}
                Part::Notice(words) => {
                    // It is about the output before it.
                    result = result.and_then(|()| state.out.flush());
                    self.note(state, &format!("{name}: {words}"));
                }
            }
        }
        result.and_then(|()| state.out.flush())
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
