//! `/doctor`: why login, permission or events fail, and the lines of
//! manager.conf that would cure it. Values in, lines out.

use super::denied::is_1_4;
use super::standing::{Grant, Standing};
use super::whoami::{classes, from, is_seen};
use crate::catalog::{Catalog, needed, one_of};
use crate::output::Role;
use crate::session::Classes;
use events::{SEEING, event, events, outcomes};
use std::net::IpAddr;

mod events;

/// Lines, each with what it is: well, to be noted, wrong, or plain text.
pub type Findings = Vec<(Role, String)>;

/// What is not possible without a class in write=.
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
    ("user", "no events of one's own: UserEvent"),
];

/// What is wrong with the session, and what this user cannot do; and why
/// `refused`, an Action of this session, was.
pub fn examine(standing: &Standing, refused: Option<&str>) -> Findings {
    let mut findings = Vec::new();
    if !arrival(standing, &mut findings) {
        return findings;
    }
    let mut cure = Cure::default();
    answers(standing, &mut findings);
    freshness(standing, &mut findings);
    rights(standing, &mut findings);
    outcomes(standing, &mut findings, &mut cure);
    events(standing, &mut findings, &mut cure);
    if let Some(name) = refused {
        action(standing, name, &mut findings, &mut cure);
    }
    let any = |role: Role| findings.iter().any(|(one, _)| *one == role);
    let (wrong, noted) = (any(Role::Error), any(Role::Warning));
    if !wrong {
        findings.push((Role::Ok, "nothing is wrong here".to_owned()));
    }
    if noted {
        let hint = "/doctor ACTION tells what one Action needs";
        findings.push((Role::Value, hint.to_owned()));
    }
    cure.lines(standing, &mut findings);
    findings
}

/// Why the Action `name` fails for this user.
pub fn examine_action(standing: &Standing, name: &str) -> Findings {
    examine_one(standing, name, action)
}

/// Why the event `name` does not come to this user.
pub fn examine_event(standing: &Standing, name: &str) -> Findings {
    examine_one(standing, name, event)
}

fn examine_one(
    standing: &Standing,
    name: &str,
    examine: fn(&Standing, &str, &mut Findings, &mut Cure),
) -> Findings {
    let mut findings = Vec::new();
    if arrival(standing, &mut findings) {
        let mut cure = Cure::default();
        answers(standing, &mut findings);
        freshness(standing, &mut findings);
        examine(standing, name, &mut findings, &mut cure);
        cure.lines(standing, &mut findings);
    }
    findings
}

fn action(standing: &Standing, name: &str, findings: &mut Findings, cure: &mut Cure) {
    let listing = standing.listing.as_ref();
    let listed = listing.and_then(|listing| listing.get(name));
    let catalog = Catalog::default();
    let name = listed.map_or_else(|| catalog.find(name).unwrap_or(name), |one| &one.name);
    let user = standing.user.as_deref().unwrap_or_default();
    let needed: Option<Vec<&str>> = match listed {
        Some(one) => Some(one.privileges.iter().map(String::as_str).collect()),
        None => needed(name, is_1_4(standing.banner.as_bytes())).map(<[_]>::to_vec),
    };
    let Some(needed) = needed else {
        findings.push((Role::Error, stranger(standing, name, &catalog)));
        return;
    };
    let needs = match &needed[..] {
        [] => format!("{name} needs no class"),
        classes => format!("{name} needs {}", one_of(classes)),
    };
    findings.push((Role::Value, needs));
    let has: Vec<Option<bool>> = needed
        .iter()
        .map(|class| standing.write.has(class))
        .collect();
    let is_new = |class: &&str| {
        standing.write.has(class) == Some(true) && standing.shown.has(class) == Some(false)
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
        // The last is the one that allows least beside.
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
        outcomes(standing, findings, cure);
    }
}

/// An Action that is neither listed nor in our tables.
fn stranger(standing: &Standing, name: &str, catalog: &Catalog) -> String {
    let user = standing.user.as_deref().unwrap_or_default();
    match &catalog.nearest(name)[..] {
        [] => format!("{user} may not send {name}, or this server has no such Action"),
        near => format!("there is no {name} here; did you mean {}?", near.join(", ")),
    }
}

/// Lines of manager.conf that let `user` in from `address`, and from nowhere
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

/// The way to the server. False: there is nothing more to say.
fn arrival(standing: &Standing, findings: &mut Findings) -> bool {
    let target = &standing.target;
    if !standing.open {
        let words = format!("there is no link to {target}: /reconnect or /connect TARGET");
        findings.push((Role::Error, words));
        return false;
    }
    let banner = &standing.banner;
    let product = standing.product.as_ref();
    let product = product.map_or(String::new(), |product| format!(", {product}"));
    let server = format!("connected to {target}: {banner}{product}");
    findings.push((Role::Ok, server));
    let Some(user) = &standing.user else {
        let address = standing.local.map(|local| local.ip());
        let words = "nobody is logged in: type Action: Login, Username:, Secret: and an empty line; a server that refuses says the same for a wrong user, a wrong secret and an address that is not permitted";
        findings.push((Role::Error, words.to_owned()));
        findings.push((
            Role::Value,
            "a section of manager.conf that lets us in:".to_owned(),
        ));
        let lines = admission("the user", address).into_iter();
        findings.extend(lines.map(|line| (Role::Subject, line)));
        return false;
    };
    findings.push((
        Role::Ok,
        format!("logged in as {user}, from {}", from(standing)),
    ));
    if !is_seen(standing) {
        let words =
            "permit= and deny= in manager.conf have to speak of the address that the server sees";
        findings.push((Role::Warning, words.to_owned()));
    }
    true
}

/// Does the server say anything at all? Without that the rest is guesswork.
fn answers(standing: &Standing, findings: &mut Findings) {
    if standing.silent {
        let words = "the server does not answer, or was stopped in it: an Action that blocks (WaitEvent, an Originate without Async, a slow command of the CLI) makes all others wait";
        findings.push((Role::Error, words.to_owned()));
    }
}

/// Rights are those of the login, whatever manager.conf says since.
fn freshness(standing: &Standing, findings: &mut Findings) {
    let mut wrong = |words: &str| findings.push((Role::Error, words.to_owned()));
    let differs = |(class, _): &(&str, &str)| {
        let shown = standing.shown.has(class);
        shown.is_some() && standing.write.has(class) != shown
    };
    if standing.told && SENDING.iter().any(differs) {
        wrong(
            "this session has other rights than the server gives now: they are those of its login, /reconnect brings the new ones",
        );
    }
    if let (true, Some(section)) = (standing.told, &standing.section) {
        let differs = |option: &str, grant: Grant| {
            let written = section.get(option).map(|words| words.replace(' ', ""));
            written.is_some_and(|words| Grant::Known(Classes::of_mask(&words)) != grant)
        };
        if differs("read", standing.read) || differs("write", standing.write) {
            wrong(
                "manager.conf says otherwise than the server: it was changed and not loaded, `cli manager reload` does that",
            );
        }
    }
}

/// What this user can neither send nor see.
fn rights(standing: &Standing, findings: &mut Findings) {
    if !standing.told {
        let words = "what follows is read from what the server lists: the rights themselves are told only to class command";
        findings.push((Role::Warning, words.to_owned()));
    }
    let is_1_4 = is_1_4(standing.banner.as_bytes());
    let known = |class: &&(&str, &str)| !is_1_4 || !["originate", "reporting"].contains(&class.0);
    for (class, without) in SENDING.iter().filter(known) {
        if standing.write.has(class) == Some(false) {
            findings.push((Role::Warning, format!("no {class} in write=: {without}")));
        }
    }
    for (class, without) in SEEING {
        if standing.read.has(class) == Some(false) {
            findings.push((Role::Warning, format!("no {class} in read=: {without}")));
        }
    }
    if standing.read == Grant::UNKNOWN {
        let words = "which events this user may see (read=) cannot be known: a server accepts any mask and sends what it may";
        findings.push((Role::Warning, words.to_owned()));
    }
}

/// Classes to add.
#[derive(Default)]
struct Cure {
    read: Vec<String>,
    write: Vec<String>,
}

impl Cure {
    fn lines(self, standing: &Standing, findings: &mut Findings) {
        if self.read.is_empty() && self.write.is_empty() {
            return;
        }
        let user = standing.user.as_deref().unwrap_or_default();
        let words = "in manager.conf, then `manager reload` on the server and /reconnect here:";
        findings.push((Role::Value, words.to_owned()));
        findings.push((Role::Subject, format!("[{user}]")));
        let both = [
            ("read", self.read, standing.read),
            ("write", self.write, standing.write),
        ];
        for (option, more, grant) in both {
            if more.is_empty() {
                continue;
            }
            let all = grant.least().and(Classes::of_mask(&more.join(",")));
            let unknown = match grant {
                Grant::Known(_) => "",
                Grant::Shown { .. } => "  ; and what stands there now",
            };
            let all = classes(all);
            findings.push((Role::Subject, format!("{option} = {all}{unknown}")));
        }
    }
}

#[cfg(test)]
mod tests;
