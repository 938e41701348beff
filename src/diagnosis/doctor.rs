//! `/doctor`: why login, permission or events fail, and the lines of
//! manager.conf to fix it. Facts in, findings out.

use super::session_facts::{Grant, SessionFacts};
use super::whoami::{classes, from, is_seen};
use crate::catalog::{Catalog, Name, absent, needed, one_of};
use crate::output::Role;
use crate::session::Classes;
use events::{SEEING, event, events, outcomes};
use std::net::IpAddr;

mod events;

/// Lines, each with its role: fine, worth noting, wrong, or plain text.
pub type Findings = Vec<(Role, String)>;

/// What is impossible without a class in write=.
const SENDING: &[(&str, &str)] = &[
    ("originate", "calls cannot be started: Originate"),
    (
        "call",
        "calls cannot be moved, parked or recorded, and variables not set: Redirect, Park, Setvar",
    ),
    (
        "command",
        "no Asterisk CLI: `cli …`, the documentation of Actions, the completion of names",
    ),
    (
        "system",
        "no database, modules, PJSIP lists: DBPut, ModuleLoad, PJSIPShowEndpoints",
    ),
    (
        "agent",
        "queue members and agents cannot be changed: QueueAdd, QueuePause",
    ),
    (
        "reporting",
        "no lists of conferences: ConfbridgeList, MeetmeList",
    ),
    (
        "config",
        "configuration files cannot be changed: UpdateConfig, CreateConfig",
    ),
    ("user", "custom events cannot be sent: UserEvent"),
];

/// What is wrong with the session, what this user cannot do, and why `refused`,
/// an Action of this session, was refused.
pub fn examine(facts: &SessionFacts, refused: Option<&str>) -> Findings {
    let mut findings = Vec::new();
    if !arrival(facts, &mut findings) {
        return findings;
    }
    let mut cure = Cure::default();
    answers(facts, &mut findings);
    freshness(facts, &mut findings);
    rights(facts, &mut findings);
    outcomes(facts, &mut findings, &mut cure);
    events(facts, &mut findings, &mut cure);
    if let Some(name) = refused {
        action(facts, name, &mut findings, &mut cure);
    }
    let count = |role: Role| findings.iter().filter(|(one, _)| *one == role).count();
    let (wrong, noted) = (count(Role::Error), count(Role::Warning));
    if wrong == 0 {
        let words = match noted {
            0 => "no problems found".to_owned(),
            1 => "no problems found besides the note above".to_owned(),
            _ => format!("no problems found besides the {noted} notes above"),
        };
        findings.push((Role::Ok, words));
    }
    if noted > 0 {
        let hint = "/doctor ACTION tells what one Action needs";
        findings.push((Role::Value, hint.to_owned()));
    }
    cure.lines(facts, &mut findings);
    findings
}

/// Why the Action `name` fails for this user.
pub fn examine_action(facts: &SessionFacts, name: &str) -> Findings {
    examine_one(facts, name, action)
}

/// Why the event `name` does not come to this user.
pub fn examine_event(facts: &SessionFacts, name: &str) -> Findings {
    examine_one(facts, name, event)
}

fn examine_one(
    facts: &SessionFacts,
    name: &str,
    examine: fn(&SessionFacts, &str, &mut Findings, &mut Cure),
) -> Findings {
    let mut findings = Vec::new();
    if arrival(facts, &mut findings) {
        let mut cure = Cure::default();
        answers(facts, &mut findings);
        freshness(facts, &mut findings);
        examine(facts, name, &mut findings, &mut cure);
        cure.lines(facts, &mut findings);
    }
    findings
}

fn action(facts: &SessionFacts, name: &str, findings: &mut Findings, cure: &mut Cure) {
    let listing = facts.listing.as_ref();
    let listed = listing.and_then(|listing| listing.get(name));
    let catalog = Catalog::default();
    let name = listed.map_or_else(|| catalog.find(name).unwrap_or(name), |one| &one.name);
    let user = facts.user.as_deref().unwrap_or_default();
    if let (None, Some(words)) = (
        listed,
        absent(name, facts.banner.as_bytes(), facts.built_in),
    ) {
        findings.push((Role::Error, words));
        return;
    }
    let needed: Option<Vec<&str>> = match listed {
        Some(one) => Some(one.privileges.iter().map(Name::as_str).collect()),
        None => needed(name, facts.is_1_4()),
    };
    let Some(needed) = needed else {
        findings.push((Role::Error, stranger(facts, name, &catalog)));
        return;
    };
    let needs = match &needed[..] {
        [] => format!("{name} needs no class"),
        classes => format!("{name} needs {}", one_of(classes)),
    };
    findings.push((Role::Value, needs));
    let has: Vec<Option<bool>> = needed.iter().map(|class| facts.write.has(class)).collect();
    let is_new = |class: &&str| {
        facts.write.has(class) == Some(true) && facts.shown.has(class) == Some(false)
    };
    let (role, words) = if listed.is_some() {
        (Role::Ok, format!("{user} may send {name}"))
    } else if needed.iter().any(is_new) {
        (
            Role::Error,
            format!("{user} may send {name} after /reconnect"),
        )
    } else if listing.is_none() {
        let words = "the server has not listed what this user may do";
        (Role::Warning, words.to_owned())
    } else if needed.is_empty() || has.contains(&Some(true)) {
        let words = format!(
            "{user} has what it needs, but this server has no {name}: its module is not loaded, or it is of another version"
        );
        (Role::Error, words)
    } else {
        // The last class is the one that allows the least besides.
        cure.write
            .extend(needed.last().map(|&class| class.to_owned()));
        let words = match has.iter().all(|has| *has == Some(false)) {
            true => format!("{user} has none of these"),
            false => format!("{user} has none of these, or this server has no {name}"),
        };
        (Role::Error, words)
    };
    findings.push((role, words));
    if listed.is_some() && name.eq_ignore_ascii_case("Originate") {
        outcomes(facts, findings, cure);
    }
}

/// An Action that neither the server lists nor amish knows.
fn stranger(facts: &SessionFacts, name: &str, catalog: &Catalog) -> String {
    let user = facts.user.as_deref().unwrap_or_default();
    match &catalog.nearest(name)[..] {
        [] => format!("{user} may not send {name}, or this server has no such Action"),
        near => format!("there is no {name} here; did you mean {}?", near.join(", ")),
    }
}

/// Lines of manager.conf that admit `user` from `address`, and from nowhere
/// else.
pub fn admission(user: &str, address: Option<IpAddr>) -> Vec<String> {
    let (deny, permit) = match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V4(address)) => ("0.0.0.0/0.0.0.0", format!("{address}/255.255.255.255")),
        Some(IpAddr::V6(address)) => ("::/0", format!("{address}/128")),
        None => ("0.0.0.0/0.0.0.0", "our address/255.255.255.255".to_owned()),
    };
    vec![
        format!("[{user}]"),
        "secret = the same as here".to_owned(),
        format!("deny = {deny}"),
        format!("permit = {permit}"),
    ]
}

/// Examines the link and the login. False: nothing more can be said.
fn arrival(facts: &SessionFacts, findings: &mut Findings) -> bool {
    let target = &facts.target;
    if !facts.open {
        let words = format!("there is no link to {target}: /reconnect or /connect TARGET");
        findings.push((Role::Error, words));
        return false;
    }
    let banner = &facts.banner;
    let product = facts.product.as_ref();
    let product = product.map_or(String::new(), |product| format!(", {product}"));
    let server = format!("connected to {target}: {banner}{product}");
    findings.push((Role::Ok, server));
    let Some(user) = &facts.user else {
        let address = facts.local.map(|local| local.ip());
        let words = "nobody is logged in: type Action: Login, Username:, Secret: and an empty line; a server that refuses says the same for a wrong user, a wrong secret and an address that is not permitted";
        findings.push((Role::Error, words.to_owned()));
        findings.push((
            Role::Value,
            "a section of manager.conf that would admit this client:".to_owned(),
        ));
        let lines = admission("the user", address).into_iter();
        findings.extend(lines.map(|line| (Role::Subject, line)));
        return false;
    };
    findings.push((
        Role::Ok,
        format!("logged in as {user}, from {}", from(facts)),
    ));
    if !is_seen(facts) {
        let words = "permit= and deny= in manager.conf must use the address that the server sees";
        findings.push((Role::Warning, words.to_owned()));
    }
    true
}

/// Whether the server answers at all. If not, the rest is guesswork.
fn answers(facts: &SessionFacts, findings: &mut Findings) {
    if facts.silent {
        let words = "the server does not answer all queries: an Action that blocks (WaitEvent, an Originate without Async, a slow CLI command) makes all others wait";
        findings.push((Role::Error, words.to_owned()));
    }
}

/// The rights of a session are those at its login, whatever manager.conf has
/// said since.
fn freshness(facts: &SessionFacts, findings: &mut Findings) {
    let mut wrong = |words: &str| findings.push((Role::Error, words.to_owned()));
    let differs = |(class, _): &(&str, &str)| {
        let shown = facts.shown.has(class);
        shown.is_some() && facts.write.has(class) != shown
    };
    if facts.told && SENDING.iter().any(differs) {
        wrong(
            "the rights of this session are older than the server's present ones: use /reconnect to get those",
        );
    }
    if let (true, Some(section)) = (facts.told, &facts.section) {
        let here = facts.classes().to_string();
        let differs = |option: &str, grant: Grant| {
            let written = section.get(option);
            let written = written.map(|words| Grant::Known(Classes::of_permissions(words)));
            let mut classes = here.split(',');
            written.is_some_and(|written| classes.any(|one| written.has(one) != grant.has(one)))
        };
        if differs("read", facts.read) || differs("write", facts.write) {
            wrong("manager.conf was changed but not loaded: use `cli manager reload` to load it");
        }
    }
}

/// What this user can neither send nor see.
fn rights(facts: &SessionFacts, findings: &mut Findings) {
    if !facts.told {
        let words = "the rights below are inferred from the Actions that the server lists, because only users with class command can read them";
        findings.push((Role::Warning, words.to_owned()));
    }
    let here = facts.classes();
    let known = |class: &&(&str, &str)| here.admit(class.0.as_bytes());
    for (class, without) in SENDING.iter().filter(known) {
        if facts.write.has(class) == Some(false) {
            let without = here_only(without, facts);
            findings.push((Role::Warning, format!("no {class} in write=: {without}")));
        }
    }
    for (class, without) in SEEING.iter().filter(known) {
        if facts.read.has(class) == Some(false) {
            findings.push((Role::Warning, format!("no {class} in read=: {without}")));
        }
    }
    if facts.read == Grant::UNKNOWN {
        let words = "which events this user may see (read=) is unknown: a server accepts any mask, and sends only what is permitted";
        findings.push((Role::Warning, words.to_owned()));
    }
}

/// `what: A, B` without the Actions that no server of this version has.
fn here_only(without: &str, facts: &SessionFacts) -> String {
    let Some((what, names)) = without.rsplit_once(": ") else {
        return without.to_owned();
    };
    let is_here = |name: &&str| absent(name, facts.banner.as_bytes(), facts.built_in).is_none();
    let here: Vec<&str> = names.split(", ").filter(is_here).collect();
    match here.is_empty() {
        true => what.to_owned(),
        false => format!("{what}: {}", here.join(", ")),
    }
}

/// The classes to add.
#[derive(Default)]
struct Cure {
    read: Vec<String>,
    write: Vec<String>,
}

impl Cure {
    fn lines(self, facts: &SessionFacts, findings: &mut Findings) {
        if self.read.is_empty() && self.write.is_empty() {
            return;
        }
        let user = facts.user.as_deref().unwrap_or_default();
        let words = "in manager.conf, then `manager reload` on the server and /reconnect here:";
        findings.push((Role::Value, words.to_owned()));
        findings.push((Role::Subject, format!("[{user}]")));
        let both = [
            ("read", self.read, facts.read),
            ("write", self.write, facts.write),
        ];
        for (option, more, grant) in both {
            if more.is_empty() {
                continue;
            }
            let all = grant.least().union(Classes::of_mask(&more.join(",")));
            let unknown = match grant {
                Grant::Known(_) => "",
                Grant::Shown { .. } => "  ; in addition to the present ones",
            };
            let all = classes(all);
            findings.push((Role::Subject, format!("{option} = {all}{unknown}")));
        }
    }
}

#[cfg(test)]
mod tests;
