//! The doctor on events: those that this user cannot see, and those that do not
//! come.

use super::{Cure, Findings, classes};
use crate::catalog::event as known;
use crate::diagnosis::SessionFacts;
use crate::output::Role;
use crate::session::Classes;

/// What cannot be seen without a class in read=.
pub(super) const SEEING: &[(&str, &str)] = &[
    (
        "call",
        "no events of calls: Newchannel, Hangup, BridgeEnter, DialEnd",
    ),
    (
        "agent",
        "no events of queues and agents: QueueCallerJoin, AgentConnect",
    ),
    (
        "system",
        "no events of the server: Reload, Shutdown, PeerStatus, Registry",
    ),
    ("user", "no custom events from the dialplan: UserEvent"),
    ("dialplan", "no steps of the dialplan: Newexten, VarSet"),
];

/// A user who may start calls must be able to see their outcomes.
pub(super) fn outcomes(facts: &SessionFacts, findings: &mut Findings, cure: &mut Cure) {
    if facts.listing.is_none() || !facts.lists("Originate") {
        return;
    }
    match facts.read.has("call") {
        Some(true) => {}
        Some(false) => {
            let words =
                "calls can be started, but read= lacks call: outcomes of Originate cannot be seen";
            findings.push((Role::Error, words.to_owned()));
            cure.read.push("call".to_owned());
        }
        None => {
            let words = "calls can be started; their outcomes can be seen only with call in read=, which is not known";
            findings.push((Role::Warning, words.to_owned()));
        }
    }
}

/// Events that were asked for and do not come.
pub(super) fn events(facts: &SessionFacts, findings: &mut Findings, cure: &mut Cure) {
    let asked = facts.events.to_string();
    let asked = asked.split(',').filter(|_| facts.events != Classes::ALL);
    let hidden = asked.filter(|class| *class != "off" && facts.read.has(class) == Some(false));
    let is_here = |class: &&str| !facts.is_1_4() || facts.classes().admit(class.as_bytes());
    let (hidden, strange): (Vec<&str>, Vec<&str>) = hidden.partition(is_here);
    if !strange.is_empty() {
        let words = format!(
            "events are on for {}, which Asterisk 1.4 does not have",
            strange.join(",")
        );
        findings.push((Role::Warning, words));
    }
    if !hidden.is_empty() {
        let words = format!(
            "events are on for {}, which read= does not have",
            hidden.join(",")
        );
        findings.push((Role::Error, words));
        cure.read.extend(hidden.into_iter().map(str::to_owned));
    } else if facts.events == Classes::NONE {
        findings.push((Role::Ok, "events are off; /events turns them on".to_owned()));
    } else {
        let on = classes(facts.events);
        findings.push((Role::Ok, format!("events are on: {on}")));
    }
    filters(facts, findings);
    let section = facts.section.as_ref();
    if let Some(time) = section.and_then(|section| section.get("writetimeout")) {
        let words = format!("writetimeout = {time}: who does not read for so many ms is cut off");
        findings.push((Role::Ok, words));
    }
}

fn filters(facts: &SessionFacts, findings: &mut Findings) {
    for filter in facts.section.iter().flat_map(|section| section.filters()) {
        let words = format!("manager.conf lets only some events through: {filter}");
        findings.push((Role::Warning, words));
    }
}

/// Why the event `name` does not come.
pub(super) fn event(facts: &SessionFacts, name: &str, findings: &mut Findings, cure: &mut Cure) {
    let Some((name, class)) = known(name) else {
        let words = format!(
            "the event {name} is not known here; `cli manager show events` lists those of the server"
        );
        findings.push((Role::Error, words));
        return;
    };
    // 1.4 has fewer: Newexten and Cdr are of class call there.
    let class = match !facts.is_1_4() || facts.classes().admit(class.as_bytes()) {
        true => class,
        false => "call",
    };
    findings.push((Role::Value, format!("{name} is an event of class {class}")));
    let user = facts.user.as_deref().unwrap_or_default();
    findings.push(match facts.read.has(class) {
        Some(true) => (Role::Ok, format!("{user} may see it")),
        Some(false) => {
            cure.read.push(class.to_owned());
            (Role::Error, format!("{user} has no {class} in read="))
        }
        None => {
            let words = format!("it is not known whether {user} has {class} in read=");
            (Role::Warning, words)
        }
    });
    findings.push(match facts.events.admit(class.as_bytes()) {
        true => (Role::Ok, format!("events of class {class} are on")),
        false => {
            let words = format!("events of class {class} are not on: /events {class} shows them");
            (Role::Warning, words)
        }
    });
    filters(facts, findings);
}
