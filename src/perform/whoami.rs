//! `/whoami`: who we are to this server, on one screen.

use super::standing::{Grant, Standing};
use crate::session::Classes;
use jiff::tz::TimeZone;

/// What, and what it is.
pub fn rows(standing: &Standing, zone: &TimeZone) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    rows.push(match (&standing.user, standing.open) {
        (Some(user), true) => ("user", user.clone()),
        (_, true) => ("user", "nobody: not logged in".to_owned()),
        (_, false) => ("user", "nobody: not connected".to_owned()),
    });
    let product = standing.product.as_deref();
    let server: Vec<&str> = product.into_iter().chain([&standing.banner[..]]).collect();
    rows.push(("server", server.join(", ")));
    let tls = match standing.tls {
        true => "TLS",
        false => "not encrypted",
    };
    rows.push(("target", format!("{}, {tls}", standing.target)));
    if !standing.open {
        return rows;
    }
    rows.push(("from", from(standing)));
    if let Ok(since) = jiff::Timestamp::try_from(standing.since) {
        let since = zone.to_datetime(since).strftime("%Y-%m-%d %H:%M:%S");
        rows.push(("since", since.to_string()));
    }
    if standing.user.is_some() {
        if standing.silent {
            let words = "the server does not answer all that was asked";
            rows.push(("answers", words.to_owned()));
        } else {
            rows.push(("may see", granted(standing.read, "read=")));
            rows.push(("may send", granted(standing.write, "write=")));
        }
        rows.push(("events", classes(standing.events)));
        let filters = standing
            .section
            .iter()
            .flat_map(|section| section.filters());
        rows.extend(filters.map(|filter| ("filter", filter)));
    }
    rows
}

/// Our address, and the server's view of it where that is another.
pub(super) fn from(standing: &Standing) -> String {
    let Some(local) = standing.local else {
        return "an address that cannot be told any more".to_owned();
    };
    match is_seen(standing) {
        true => local.to_string(),
        false => format!("{local}; the server sees {}", standing.seen.join(", ")),
    }
}

/// Does the server see us where we think we are, as far as it tells?
pub(super) fn is_seen(standing: &Standing) -> bool {
    let ours = standing
        .local
        .map(|local| local.ip().to_canonical().to_string());
    standing.seen.is_empty() || ours.is_none_or(|ours| standing.seen.contains(&ours))
}

/// `all`, `none`, or the words; what is not known is said.
pub(super) fn granted(grant: Grant, option: &str) -> String {
    match grant {
        Grant::UNKNOWN => format!("not known: {option} is told only to class command"),
        Grant::Known(granted) => format!("{} ({option})", classes(granted).replace("off", "none")),
        Grant::Shown { has, lacks } => {
            let has = classes(has).replace("off", "nothing that needs a class");
            let lacks = match lacks == Classes::NONE {
                true => String::new(),
                false => format!("; not {}", classes(lacks)),
            };
            format!("{has}{lacks}; of the other classes nothing is known ({option})")
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
    use super::super::standing::tests::{section_of, standing};
    use super::*;

    fn text(standing: &Standing) -> String {
        let rows = rows(standing, &TimeZone::UTC).into_iter();
        rows.map(|(what, is)| format!("{what}: {is}\n")).collect()
    }

    // One screen that answers what one asks first on a strange terminal.
    #[test]
    fn it_says_who_and_where_we_are() {
        let mut standing = standing();
        standing.events = Classes::CALL;
        standing.section = Some(section_of(&[("eventfilter", "!Event: RTCP*")]));
        assert_eq!(
            text(&standing),
            "user: ann\nserver: Asterisk 22.10.1, Asterisk Call Manager/11.0.0\n\
             target: pbx:5038, not encrypted\nfrom: 192.0.2.7:40000\nsince: 2026-11-18 11:06:40\n\
             may see: all (read=)\nmay send: all (write=)\nevents: call\n\
             filter: eventfilter = !Event: RTCP*\n"
        );
    }

    // What is guessed must not read as what is known.
    #[test]
    fn what_is_not_known_is_said() {
        let mut standing = standing();
        standing.seen = vec!["10.0.0.1".into()];
        standing.read = Grant::UNKNOWN;
        standing.write = Grant::Shown {
            has: Classes::NONE,
            lacks: Classes::CALL,
        };
        let text = text(&standing);
        assert!(text.contains("from: 192.0.2.7:40000; the server sees 10.0.0.1\n"));
        assert!(text.contains("may see: not known"), "{text}");
        assert!(
            text.contains("may send: nothing that needs a class; not call; of"),
            "{text}"
        );
    }
}
