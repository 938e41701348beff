//! Opens the sessions of a shell, which keeps them.

use super::admission::{Admission, NotTried, Place};
use super::open_sessions::OpenSessions;
use super::summary::Outcome;
use super::threads::STACK;
use crate::error::Error;
use crate::exit_code::Code;
use crate::session::Session;
use crate::settings::{Fleet, Pbx};
use std::sync::Arc;
use std::thread::Builder;

/// Why there is no session with a PBX.
#[derive(Debug, Clone)]
pub struct Unopened {
    /// In words.
    pub why: String,
    /// Another try may succeed.
    pub is_temporary: bool,
    /// The exit code for it.
    pub code: Code,
}

impl Unopened {
    /// Because of `error`.
    pub fn of(error: &Error) -> Unopened {
        Unopened {
            why: error.to_string(),
            is_temporary: error.is_temporary(),
            code: error.code(),
        }
    }

    fn untried(refused: NotTried) -> Unopened {
        let outcome = Outcome::Untried(refused);
        Unopened {
            why: outcome.words().to_owned(),
            is_temporary: false,
            code: outcome.code(),
        }
    }
}

/// Connects to every PBX of `fleet` and logs in, several at a time; in their order.
/// `keep_going`: refusals of one secret stop nobody else.
pub fn open(
    fleet: &Fleet,
    keep_going: bool,
    connect: &(dyn Fn(&Pbx) -> Result<Arc<Session>, Error> + Sync),
) -> Vec<Result<Arc<Session>, Unopened>> {
    let sessions = OpenSessions::default();
    let admission = Arc::new(Admission::new(fleet.parallel, keep_going));
    let one = |pbx: &Pbx, place: Place| {
        let opened = connect(pbx);
        place.settle(opened.as_ref().err());
        opened.map_err(|error| Unopened::of(&error))
    };
    std::thread::scope(|scope| {
        let threads = fleet.pbxs.iter().map(|pbx| {
            let place = admission.enter(pbx, &sessions).map_err(Unopened::untried)?;
            let builder = Builder::new().name("pbx".into()).stack_size(STACK);
            let started = builder.spawn_scoped(scope, || one(pbx, place));
            started.map_err(|why| Unopened::of(&Error::Thread(why)))
        });
        // All are started before the first is waited for.
        let threads: Vec<_> = threads.collect();
        let opened = threads.into_iter().map(|thread| {
            // A panic has ended the process before.
            let panicked = |_| Err(Unopened::untried(NotTried::Ending));
            thread.and_then(|thread| thread.join().unwrap_or_else(panicked))
        });
        opened.collect()
    })
}
