//! `/doctor` and `/whoami`: asked of the server, judged by `perform`.

use crate::output::{Look, report};
use crate::perform::standing::Standing;
use crate::perform::{doctor, whoami};
use crate::session::Session;
use jiff::tz::TimeZone;

/// The screen of `/doctor`, or of `/doctor ACTION`. `refused`: the Action that
/// was last.
pub(in crate::shell) fn doctor(
    session: &Session,
    action: Option<&str>,
    refused: Option<&str>,
    look: &Look,
) -> Vec<u8> {
    let standing = Standing::of(session);
    let findings = match action {
        Some(action) => doctor::examine_action(&standing, action),
        None => doctor::examine(&standing, refused),
    };
    let mut out = Vec::new();
    report::findings(&mut out, &findings, look);
    out
}

/// The screen of `/whoami`.
pub(in crate::shell) fn whoami(session: &Session, look: &Look) -> Vec<u8> {
    let rows = whoami::rows(&Standing::of(session), &TimeZone::system());
    let mut out = Vec::new();
    report::facts(&mut out, &rows, look);
    out
}
