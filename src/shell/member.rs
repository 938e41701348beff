//! One PBX of the shell: the session, what is shown of it, and what is known of it.

use super::background::Worker;
use crate::engine::{Shared, Transcript};
use crate::session::Session;
use std::path::PathBuf;
use std::sync::Arc;

/// See the module. The only one of most shells.
pub(super) struct Member {
    /// Its name among several.
    pub name: Option<String>,
    pub session: Arc<Session>,
    pub transcript: Shared,
    /// What this server can do.
    pub worker: Arc<Worker>,
}

impl Member {
    /// The only one.
    ///
    /// # Errors
    /// The system cannot start a thread.
    pub fn alone(
        session: Arc<Session>,
        transcript: Transcript,
        cache: Option<PathBuf>,
    ) -> std::io::Result<Arc<Member>> {
        Ok(Arc::new(Member {
            name: None,
            session,
            transcript: Shared::new(transcript),
            worker: Worker::start(cache)?,
        }))
    }

    /// One of several.
    pub fn one_of_many(
        name: &str,
        session: Arc<Session>,
        transcript: Transcript,
        cache: Option<PathBuf>,
    ) -> Arc<Member> {
        Arc::new(Member {
            name: Some(name.to_owned()),
            session,
            transcript: Shared::new(transcript),
            worker: Arc::new(Worker::idle(cache)),
        })
    }

    /// The same with another server behind it.
    pub fn moved_to(&self, session: Arc<Session>) -> Arc<Member> {
        Arc::new(Member {
            name: self.name.clone(),
            session,
            transcript: self.transcript.clone(),
            worker: self.worker.clone(),
        })
    }

    /// `words` of amish's own about this PBX.
    pub fn about(&self, words: &str) -> String {
        match &self.name {
            Some(name) => format!("{name}: {words}"),
            None => words.to_owned(),
        }
    }
}
