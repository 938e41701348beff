//! The doctor on events: those that cannot be seen, and those that do not come.

use super::{Cure, Findings, classes};
use crate::catalog::event as known;
use crate::output::Role;
use crate::perform::standing::Standing;
use crate::session::Classes;

/// What is not seen without a class in read=.
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
    ("user", "no events of the dialplan's own: UserEvent"),
    ("dialplan", "no steps of the dialplan: Newexten, VarSet"),
];

/// Whoever may start calls wants to know what became of them.
pub(super) fn outcomes(standing: &Standing, findings: &mut Findings, cure: &mut Cure) {
    if standing.listing.is_none() || !standing.lists("Originate") {
        return;
    }
    match standing.read.has("call") {
        Some(true) => {}
        Some(false) => {
            let words =
                "calls can be started, but no call in read=: outcomes of Originate cannot be known";
            findings.push((Role::Error, words.to_owned()));
            cure.read.push("call".to_owned());
        }
        None => {
            let words = "calls can be started; whether their outcomes can be known, which takes call in read=, is not told";
            findings.push((Role::Warning, words.to_owned()));
        }
    }
}

/// Events that were asked for and do not come.
pub(super) fn events(standing: &Standing, findings: &mut Findings, cure: &mut Cure) {
    let asked = standing.events.to_string();
    let asked = asked.split(',').filter(|_| standing.events != Classes::ALL);
    let hidden: Vec<&str> = asked
        .filter(|class| *class != "off" && standing.read.has(class) == Some(false))
        .collect();
    if !hidden.is_empty() {
        let words = format!(
            "events are on for {}, which read= does not have",
            hidden.join(",")
        );
        findings.push((Role::Error, words));
        cure.read.extend(hidden.into_iter().map(str::to_owned));
    } else if standing.events == Classes::NONE {
        findings.push((Role::Ok, "events are off; /events turns them on".to_owned()));
    } else {
        let on = classes(standing.events);
        findings.push((Role::Ok, format!("events are on: {on}")));
    }
    filters(standing, findings);
    let section = standing.section.as_ref();
    if let Some(time) = section.and_then(|section| section.get("writetimeout")) {
        let words = format!("writetimeout = {time}: who does not read for so many ms is cut off");
        findings.push((Role::Ok, words));
    }
}

fn filters(standing: &Standing, findings: &mut Findings) {
    for filter in standing
        .section
        .iter()
        .flat_map(|section| section.filters())
    {
        let words = format!("manager.conf lets only some events through: {filter}");
        findings.push((Role::Warning, words));
    }
}

/// Why the event `name` does not come.
pub(super) fn event(standing: &Standing, name: &str, findings: &mut Findings, cure: &mut Cure) {
    let Some((name, class)) = known(name) else {
        let words = format!(
            "the event {name} is not known here; `cli manager show events` lists those of the server"
        );
        findings.push((Role::Error, words));
        return;
    };
    findings.push((Role::Value, format!("{name} is an event of class {class}")));
    let user = standing.user.as_deref().unwrap_or_default();
    findings.push(match standing.read.has(class) {
        Some(true) => (Role::Ok, format!("{user} may see it")),
        Some(false) => {
            cure.read.push(class.to_owned());
            (Role::Error, format!("{user} has no {class} in read="))
        }
        None => {
            let words = format!("whether {user} has {class} in read= is not told");
            (Role::Warning, words)
        }
    });
    findings.push(match standing.events.admit(class.as_bytes()) {
        true => (Role::Ok, format!("events of class {class} are on")),
        false => {
            let words = format!("events of class {class} are not on: /events {class} shows them");
            (Role::Error, words)
        }
    });
    filters(standing, findings);
}
