//! The checks behind the login: rights and events.

use super::talk::{Mark, Talk};
use crate::ami::{Classes, Status};
use crate::diagnosis::{PATIENCE, SessionFacts};
use crate::error::Error;
use crate::init::{Least, Verdict};
use crate::peer_text::visible;
use crate::session::{Answer, Arrival, Session, Wake};
use std::time::{Duration, Instant};

/// How long an event is waited for.
const LISTENING: Duration = Duration::from_secs(2);

/// Classes with which a session can run programs on the PBX or read its files.
const SHELLS: [&str; 4] = ["system", "command", "config", "originate"];

/// Says what the user of `session` has of `least`.
pub fn rights(talk: &Talk, session: &Session, least: Least) -> Result<Verdict, Error> {
    let facts = SessionFacts::of(
        session,
        &mut |action| match session.call_within(action, PATIENCE) {
            Ok(Answer::Reply(reply)) => Some(reply),
            _ => None,
        },
    );
    let verdict = Verdict::of(&facts, least);
    for (lacking, option, what) in [
        (&verdict.unseen, "read=", "events of these do not come"),
        (&verdict.unsent, "write=", "Actions of these are refused"),
    ] {
        if !lacking.is_empty() {
            let words = format!("{option} lacks {}: {what}", lacking.join(","));
            talk.mark(Mark::Wrong, "rights", &words)?;
        }
    }
    if !verdict.lacks() {
        let words = match verdict.is_read_unknown {
            true => {
                "what is wanted may be sent; what may be seen (read=) is told only to class command"
            }
            false => "what is wanted may be sent and seen",
        };
        talk.mark(Mark::Ok, "rights", words)?;
    }
    for (besides, granted, option) in [
        (&verdict.seen_besides, facts.read, "read="),
        (&verdict.sent_besides, facts.write, "write="),
    ] {
        if !besides.is_empty() {
            let shells = SHELLS.iter().filter(|class| besides.contains(class));
            let shells: Vec<&str> = shells.copied().collect();
            let what = match granted.least() {
                Classes::ALL => "all".to_owned(),
                _ => besides.join(","),
            };
            let shells = match shells.is_empty() || option == "read=" {
                true => String::new(),
                false => format!("; {} are a shell on the PBX", shells.join(", ")),
            };
            let words = format!("{option} has {what}, more than that{shells}");
            talk.mark(Mark::Note, "rights", &words)?;
        }
    }
    Ok(verdict)
}

/// Asks for events and says whether one comes. False: they are refused.
pub fn events(talk: &Talk, session: &Session, classes: Classes) -> Result<bool, Error> {
    let (_wanted, ticket) = session.want(classes)?;
    let names = match classes {
        Classes::ALL => "all classes".to_owned(),
        some => some.to_string(),
    };
    let until = Instant::now() + LISTENING;
    let mut is_on = ticket.is_none();
    let (mark, words) = loop {
        let arrived = match session.next(Some(until)) {
            Wake::Arrived(arrived) => arrived.what,
            Wake::Nudged => continue,
            Wake::Timeout | Wake::Interrupted if is_on => {
                let words = format!("on for {names}; none came in 2 s, as on an idle PBX");
                break (Mark::Ok, words);
            }
            Wake::Timeout | Wake::Interrupted => {
                break (Mark::Wrong, "the server does not answer".to_owned());
            }
        };
        match arrived {
            Arrival::Event(packet) if is_on => {
                let name = visible::text(packet.get("Event").unwrap_or_default());
                break (Mark::Ok, format!("on for {names}; {name} came"));
            }
            Arrival::Answer(one, answer) if Some(one) == ticket => match answer {
                Answer::Reply(reply) if reply.status() != Status::Error => is_on = true,
                Answer::Reply(reply) => {
                    let said = reply.message().unwrap_or_default();
                    break (Mark::Wrong, format!("refused: {}", said.terminal()));
                }
                _ => break (Mark::Wrong, "the server does not answer".to_owned()),
            },
            Arrival::Ended(ended, _) => break (Mark::Wrong, ended.to_string()),
            _ => {}
        }
    };
    talk.mark(mark, "events", &words)?;
    Ok(mark == Mark::Ok)
}
