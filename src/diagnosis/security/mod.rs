//! `/doctor security`: who can get into the manager interface, what they can do
//! then, and the lines that cure it. Facts in, findings out.
//!
//! Each check names the place in Asterisk's sources, or the advisory, that says
//! so. A configuration that does what these ask for has no finding.

mod acl;
mod advisories;
mod answers;
mod facts;
mod finding;
mod general;
mod listening;
mod secrets;
mod shown;
mod users;
mod version;

pub use answers::{ask, is_here};
pub use facts::{Facts, Seen};
pub use finding::{Audit, Finding, Severity};
pub use shown::{blocks, summary};

use listening::Listening;

/// What is wrong, from the worst on.
pub fn examine(mut facts: Facts) -> Audit {
    let mut findings = Vec::new();
    if facts.basis.is_some() {
        let listening = Listening::of(&facts);
        general::examine(&facts, &listening, &mut findings);
        users::examine(&facts, &listening, &mut findings);
        facts.unchecked.extend(users::unknown_version(&facts));
        let lists = facts.users.iter().flat_map(|user| user.acl.named());
        let mut lists: Vec<String> = lists.cloned().collect();
        lists.sort();
        lists.dedup();
        lists.truncate(5);
        if !lists.is_empty() {
            let words = format!(
                "acl.conf, which says whom acl = {} lets in",
                lists.join(", ")
            );
            facts.unchecked.push(words);
        }
    }
    // Nobody listens, so nothing is wrong yet.
    let is_off = facts.session.is_none() && facts.general.is("enabled") != Some(true);
    if is_off {
        for finding in &mut findings {
            finding.severity = Severity::Note;
        }
        if facts.basis.is_some() {
            facts.unchecked.push(
                "how it is when it is on: manager.conf has no enabled = yes, so nobody can log in"
                    .to_owned(),
            );
        }
    }
    // What is said of several users stands together.
    findings.sort_by(|a, b| (a.severity, &a.what).cmp(&(b.severity, &b.what)));
    Audit {
        findings,
        basis: facts.basis,
        unchecked: facts.unchecked,
        is_partial: facts.is_partial,
    }
}
