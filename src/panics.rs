//! A bug of amish's own: an exit code like every other failure.

use crate::exit_code::Code;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Does `work`; a panic in it unwinds, so that what it holds is given back, and
/// has been reported when this returns. One in any other thread is the end at
/// once: without its threads amish would wait for ever.
pub fn contained(work: impl FnOnce() -> Code) -> Code {
    let main = std::thread::current().id();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        report(panic);
        if std::thread::current().id() != main {
            std::process::exit(Code::Failed.number().into());
        }
    }));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Code::Failed)
}
