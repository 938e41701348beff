//! `/doctor` and `/whoami`: asked of the server, judged by `perform`.

use crate::output::{Look, report};
use crate::perform::standing::Standing;
use crate::perform::{doctor, whoami};
use jiff::tz::TimeZone;

/// The screen of `/doctor`, `/doctor ACTION` and `/doctor event NAME`.
/// `refused`: the Action that was last.
pub(in crate::shell) fn doctor(
    standing: &Standing,
    words: &[String],
    refused: Option<&str>,
    look: &Look,
) -> Vec<u8> {
    let findings = match words {
        [] => doctor::examine(standing, refused),
        [action] => doctor::examine_action(standing, action),
        [.., event] => doctor::examine_event(standing, event),
    };
    let mut out = Vec::new();
    report::findings(&mut out, &findings, look);
    out
}

/// The screen of `/whoami`.
pub(in crate::shell) fn whoami(standing: &Standing, look: &Look) -> Vec<u8> {
    let rows = whoami::rows(standing, &TimeZone::system());
    let mut out = Vec::new();
    report::facts(&mut out, &rows, look);
    out
}
