//! Writes every packet in and out to a file.
//!
//! A thread of its own does the writing, because a disk may stall for longer
//! than a server tolerates a slow reader. The memory that waits for the disk is
//! bounded; packets beyond that are counted where they are missing.

mod format;

pub use format::{MAGIC, Received};

use crate::files;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// Bytes that may wait to be written, besides as many that are being written.
const LIMIT: usize = 16 * 1024 * 1024;

/// How long the end of a run waits for the disk, so that the exit code can say
/// whether the trace is complete.
const SETTLING: Duration = Duration::from_millis(500);

/// A handle to the file. Without one, nothing is traced.
#[derive(Clone, Default)]
pub struct Trace(Option<Arc<Shared>>);

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    records: Vec<Record>,
    bytes: usize,
    /// Records are being written.
    writing: bool,
    failed: bool,
}

struct Record {
    time: SystemTime,
    what: What,
}

enum What {
    Sent(Vec<u8>),
    Received(Vec<u8>),
    /// An event of the link, in one line.
    Note(String),
    /// This many packets were dropped.
    Missed(u64),
}

impl Trace {
    /// Writes to the file `path`, which only its owner may read; an existing
    /// file is overwritten. `failed` is called once, on a thread of its own, if
    /// writing fails; after that nothing is traced.
    ///
    /// # Errors
    /// It cannot be opened, another process is tracing to it, it is a symbolic
    /// link, it is neither a regular file nor a device that takes text, or it
    /// belongs to another user.
    pub fn create(
        path: &Path,
        failed: impl FnOnce(io::Error) + Send + 'static,
    ) -> io::Result<Trace> {
        Trace::to(files::create(path)?, failed)
    }

    fn to(file: File, failed: impl FnOnce(io::Error) + Send + 'static) -> io::Result<Trace> {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let mine = shared.clone();
        std::thread::Builder::new()
            .name("trace".into())
            .spawn(move || {
                if let Err(error) = write(file, &mine) {
                    // Before `failed` is set, which lets the process end.
                    failed(error);
                    let mut state = mine.lock();
                    state.failed = true;
                    state.records = Vec::new();
                    drop(state);
                    mine.changed.notify_all();
                }
            })?;
        Ok(Trace(Some(shared)))
    }

    /// Records a packet that is about to be sent.
    pub(super) fn sent(&self, packet: &[u8]) {
        self.add(packet.len(), || Record {
            time: SystemTime::now(),
            what: What::Sent(packet.to_vec()),
        });
    }

    /// Records a packet that came at `time`.
    pub(super) fn received(&self, time: SystemTime, packet: &[u8]) {
        self.add(packet.len(), || Record {
            time,
            what: What::Received(packet.to_vec()),
        });
    }

    /// Records an event of the link.
    pub(super) fn note(&self, words: impl FnOnce() -> String) {
        self.add(0, || Record {
            time: SystemTime::now(),
            what: What::Note(words()),
        });
    }

    fn add(&self, bytes: usize, record: impl FnOnce() -> Record) {
        let Some(shared) = &self.0 else { return };
        let mut state = shared.lock();
        if state.failed {
            return;
        }
        if state.bytes + bytes <= LIMIT {
            state.bytes += bytes + size_of::<Record>();
            state.records.push(record());
        } else {
            state.miss();
        }
        drop(state);
        shared.changed.notify_all();
    }

    /// Waits until everything is in the file, for at most half a second. False:
    /// something is missing.
    pub fn settle(&self) -> bool {
        self.settle_within(SETTLING)
    }

    /// As [`Trace::settle`], for at most `limit`.
    pub(super) fn settle_within(&self, limit: Duration) -> bool {
        let Some(shared) = &self.0 else { return true };
        let is_busy =
            |state: &mut State| !state.failed && (state.writing || !state.records.is_empty());
        let state = shared.lock();
        let waited = shared.changed.wait_timeout_while(state, limit, is_busy);
        let (state, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        !waited.timed_out() && !state.failed
    }
}

impl State {
    fn miss(&mut self) {
        match self.records.last_mut().map(|last| &mut last.what) {
            Some(What::Missed(packets)) => *packets += 1,
            _ => self.records.push(Record {
                time: SystemTime::now(),
                what: What::Missed(1),
            }),
        }
    }
}

impl std::fmt::Debug for Trace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Trace").field(&self.0.is_some()).finish()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics half way through a change, so a poisoned lock is safe
        // to use.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes what is recorded until writing fails.
fn write(mut file: File, shared: &Shared) -> io::Result<()> {
    let mut text = Vec::new();
    format::head(&mut text);
    loop {
        file.write_all(&text)?;
        text.clear();
        for record in &next(shared) {
            format::record(&mut text, record);
        }
        // Otherwise the buffer would stay as large as in the worst flood.
        text.shrink_to(LIMIT / 16);
    }
}

/// Waits for something to write.
fn next(shared: &Shared) -> Vec<Record> {
    let mut state = shared.lock();
    state.writing = false;
    shared.changed.notify_all();
    let is_idle = |state: &mut State| state.records.is_empty();
    let waited = shared.changed.wait_while(state, is_idle);
    state = waited.unwrap_or_else(PoisonError::into_inner);
    state.writing = true;
    state.bytes = 0;
    std::mem::take(&mut state.records)
}

#[cfg(test)]
mod tests;
