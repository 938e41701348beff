//! `/whoami`: who we are to this server, on one screen.

use super::session_facts::{Grant, SessionFacts};
use crate::session::Classes;
use jiff::tz::TimeZone;

/// Names and values.
pub fn rows(facts: &SessionFacts, zone: &TimeZone) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    rows.push(match (&facts.user, facts.open) {
        (Some(user), true) => ("user", user.clone()),
        (_, true) => ("user", "nobody: not logged in".to_owned()),
        (_, false) => ("user", "nobody: not connected".to_owned()),
    });
    let product = facts.product.as_deref();
    let server: Vec<&str> = product.into_iter().chain([&facts.banner[..]]).collect();
    rows.push(("server", server.join(", ")));
    let tls = match facts.tls {
        true => "TLS",
        false => "not encrypted",
    };
    rows.push(("target", format!("{}, {tls}", facts.target)));
    if !facts.open {
        return rows;
    }
    rows.push(("from", from(facts)));
    if let Ok(since) = jiff::Timestamp::try_from(facts.since) {
        let since = zone.to_datetime(since).strftime("%Y-%m-%d %H:%M:%S");
        rows.push(("since", since.to_string()));
    }
    if facts.user.is_some() {
        if facts.silent {
            let words = "the server does not answer all queries";
            rows.push(("answers", words.to_owned()));
        } else {
            rows.push(("may see", granted(facts.read, "read=")));
            rows.push(("may send", granted(facts.write, "write=")));
        }
        rows.push(("events", classes(facts.events)));
        let filters = facts.section.iter().flat_map(|section| section.filters());
        rows.extend(filters.map(|filter| ("filter", filter)));
    }
    rows
}

/// Our address, and the server's view of it if that differs.
pub(super) fn from(facts: &SessionFacts) -> String {
    let Some(local) = facts.local else {
        return "an address no longer known".to_owned();
    };
    match is_seen(facts) {
        true => local.to_string(),
        false => format!("{local}; the server sees {}", facts.seen.join(", ")),
    }
}

/// Whether the server sees the address that we see, as far as it tells.
pub(super) fn is_seen(facts: &SessionFacts) -> bool {
    let ours = facts
        .local
        .map(|local| local.ip().to_canonical().to_string());
    facts.seen.is_empty() || ours.is_none_or(|ours| facts.seen.contains(&ours))
}

/// `all`, `none` or the classes; unknown ones are mentioned.
pub(super) fn granted(grant: Grant, option: &str) -> String {
    match grant {
        Grant::UNKNOWN => format!("not known: {option} can be read only with class command"),
        Grant::Known(granted) => format!("{} ({option})", classes(granted).replace("off", "none")),
        Grant::Shown { has, lacks } => {
            let has = classes(has).replace("off", "nothing that needs a class");
            let lacks = match lacks == Classes::NONE {
                true => String::new(),
                false => format!("; not {}", classes(lacks)),
            };
            format!("{has}{lacks}; the other classes of {option} are unknown")
        }
    }
}

pub(super) fn classes(classes: Classes) -> String {
    match classes {
        Classes::ALL => "all".to_owned(),
        some => some.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::session_facts::tests::{facts, section_of};
    use super::*;

    fn text(facts: &SessionFacts) -> String {
        let rows = rows(facts, &TimeZone::UTC).into_iter();
        rows.map(|(what, is)| format!("{what}: {is}\n")).collect()
    }

    // One screen that answers the first questions on an unfamiliar terminal.
    #[test]
    fn it_says_who_and_where_we_are() {
        let mut facts = facts();
        facts.events = Classes::CALL;
        facts.section = Some(section_of(&[("eventfilter", "!Event: RTCP*")]));
        assert_eq!(
            text(&facts),
            "user: ann\nserver: Asterisk 22.10.1, Asterisk Call Manager/11.0.0\n\
             target: pbx:5038, not encrypted\nfrom: 192.0.2.7:40000\nsince: 2026-11-18 11:06:40\n\
             may see: all (read=)\nmay send: all (write=)\nevents: call\n\
             filter: eventfilter = !Event: RTCP*\n"
        );
    }

    // A guess must not read like a fact.
    #[test]
    fn what_is_not_known_is_said() {
        let mut facts = facts();
        facts.seen = vec!["10.0.0.1".into()];
        facts.read = Grant::UNKNOWN;
        facts.write = Grant::Shown {
            has: Classes::NONE,
            lacks: Classes::CALL,
        };
        let text = text(&facts);
        assert!(text.contains("from: 192.0.2.7:40000; the server sees 10.0.0.1\n"));
        assert!(text.contains("may see: not known"), "{text}");
        assert!(
            text.contains("may send: nothing that needs a class; not call; the other"),
            "{text}"
        );
    }
}
