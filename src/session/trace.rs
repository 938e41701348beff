//! Every packet in and out, in a file.
//!
//! A thread of its own writes it: a disk may stall for longer than a server
//! waits for a slow reader. What waits for the disk is bounded, and what was
//! too much is counted where it is missing.

mod format;

pub use format::{MAGIC, Received};

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// Bytes that may wait to be written, and as many again while they are.
const LIMIT: usize = 16 * 1024 * 1024;

/// How long leaving waits for the disk.
const SETTLING: Duration = Duration::from_millis(500);

/// A handle to the file, or to none; then nothing is kept.
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
    /// Others are being written.
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
    /// What happened to a link, in a line.
    Note(String),
    /// So many packets were too much.
    Missed(u64),
}

impl Trace {
    /// Writes to the file `path`, which only its owner may read. One that
    /// exists is written anew. `failed` is told, once and on a thread of its
    /// own, when the file takes nothing more; after that nothing is traced.
    ///
    /// # Errors
    /// It cannot be opened, is a symbolic link, or belongs to somebody else.
    pub fn create(
        path: &Path,
        failed: impl FnOnce(io::Error) + Send + 'static,
    ) -> io::Result<Trace> {
        let file = open(path)?;
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let mine = shared.clone();
        std::thread::Builder::new()
            .name("trace".into())
            .spawn(move || {
                if let Err(error) = write(file, &mine) {
                    // Before it is known that nothing more is written: whoever
                    // leaves waits for that.
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

    /// A packet is about to be sent.
    pub(super) fn sent(&self, packet: &[u8]) {
        self.add(packet.len(), || Record {
            time: SystemTime::now(),
            what: What::Sent(packet.to_vec()),
        });
    }

    /// A packet came at `time`.
    pub(super) fn received(&self, time: SystemTime, packet: &[u8]) {
        self.add(packet.len(), || Record {
            time,
            what: What::Received(packet.to_vec()),
        });
    }

    /// Something happened to a link.
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

    /// Waits until everything is in the file, but not for long. False: it is
    /// not all there.
    pub fn settle(&self) -> bool {
        let Some(shared) = &self.0 else { return true };
        let is_busy =
            |state: &mut State| !state.failed && (state.writing || !state.records.is_empty());
        let state = shared.lock();
        let waited = shared.changed.wait_timeout_while(state, SETTLING, is_busy);
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
        // Nothing in here panics half way through a change.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is on the way to be shown to others must not be read by them before.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(0o600);
    // In a folder of everybody a link may lead to any file of ours.
    options.custom_flags(nix::fcntl::OFlag::O_NOFOLLOW.bits());
    let file = options.open(path)?;
    let about = file.metadata()?;
    if about.is_file() {
        if about.permissions().mode() & 0o077 != 0 {
            file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        }
        file.set_len(0)?;
    }
    Ok(file)
}

/// Writes what there is, again and again, until that fails.
fn write(mut file: File, shared: &Shared) -> io::Result<()> {
    let mut text = Vec::new();
    format::head(&mut text);
    loop {
        file.write_all(&text)?;
        text.clear();
        for record in &next(shared) {
            format::record(&mut text, record);
        }
        // A flood must not leave its size behind.
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
