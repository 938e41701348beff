//! Which channels an Action means, by the server's own list: a short name finds
//! none, and a pattern may find more than its user thinks of.

use super::flow::{Done, Failure, Halt};
use super::outcome::Outcome;
use super::runner::Runner;
use crate::ami::{Action, Packet};
use crate::calls::Calls;
use crate::exit_code::Code;
use crate::peer_text::visible;
use regex::RegexBuilder;

/// How many are named.
const NAMED: usize = 5;

impl Runner<'_> {
    /// The channels that `action` may have meant, where it was refused because
    /// there is none of that name. Scripts that go on after errors are not
    /// slowed down by it.
    pub(super) fn meant(&mut self, action: &Action, outcome: &Outcome) -> Done<Option<String>> {
        let message = outcome.ending.reply().and_then(|reply| reply.message());
        let none = [
            "no such channel",
            "channel does not exist",
            "channel not existent",
        ];
        let is_none =
            message.is_some_and(|message| none.iter().any(|words| message.mentions(words)));
        let typed = action.get("Channel").unwrap_or_default().trim_ascii();
        let slow = self.is_script() && self.rules.keep_going;
        if !is_none || slow || typed.is_empty() || typed.starts_with(b"/") {
            return Ok(None);
        }
        let Some((time, items)) = self.channels()? else {
            return Ok(None);
        };
        let mut calls = Calls::default();
        calls.refresh(&items, time);
        let typed = visible::text(typed);
        let names = calls.like(&typed);
        Ok((!names.is_empty()).then(|| {
            format!(
                "{typed} is no channel's whole name; there are {}",
                few(&names)
            )
        }))
    }

    /// Whom `action` will hit now, if it goes to every channel of a pattern.
    pub(super) fn met(&mut self, action: &Action) -> Done<Option<String>> {
        let pattern = pattern(action).and_then(|rest| std::str::from_utf8(rest).ok());
        let regex = pattern.map(|text| RegexBuilder::new(text).case_insensitive(true).build());
        // What this engine cannot read, the server's may.
        let Some(Ok(regex)) = regex else {
            return Ok(None);
        };
        let Some((_, items)) = self.channels()? else {
            return Ok(None);
        };
        let names = items.iter().filter_map(|item| item.get("Channel"));
        let names = names.map(|name| visible::text(name).into_owned());
        let names: Vec<String> = names.filter(|name| regex.is_match(name)).collect();
        Ok(Some(match names.len() {
            0 => "none at this moment".to_owned(),
            count => format!("{count} at this moment: {}", few(&names)),
        }))
    }

    fn channels(&mut self) -> Done<Option<(std::time::SystemTime, Vec<Packet>)>> {
        for name in ["CoreShowChannels", "Status"] {
            match self.listed(name) {
                Err(Halt::Failed(Failure(Code::Error, _))) => {}
                Err(Halt::Failed(_) | Halt::Unsent(_)) => return Ok(None),
                listed => {
                    let (time, reply) = listed?;
                    return Ok(Some((time, reply.items)));
                }
            }
        }
        Ok(None)
    }
}

/// Does only the server know whom `action` will hit?
pub fn hits_many(action: &Action) -> bool {
    pattern(action).is_some()
}

/// The regular expression that `action` names channels by.
fn pattern(action: &Action) -> Option<&[u8]> {
    let channel = action.get("Channel").unwrap_or_default().trim_ascii();
    let pattern = channel.strip_prefix(b"/").filter(|_| action.is("Hangup"))?;
    Some(pattern.strip_suffix(b"/").unwrap_or(pattern))
}

fn few(names: &[String]) -> String {
    let named = names.get(..NAMED).unwrap_or(names).join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}
