//! A channel: one leg of a call.

use std::time::Duration;

/// A channel's number in its Uniqueid. Numbers are not used again, so a late step cannot hit another call.
pub(in crate::simulator) type Id = u64;

/// Number and name of one side of a call; empty is unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::simulator) struct Party {
    pub(in crate::simulator) num: String,
    pub(in crate::simulator) name: String,
}

impl Party {
    pub(in crate::simulator) fn new(num: &str, name: &str) -> Party {
        Party {
            num: num.into(),
            name: name.into(),
        }
    }

    /// From `"Name" <number>`, `Name <number>` or a bare number, as CallerID gives it.
    pub(in crate::simulator) fn parse(text: &str) -> Party {
        match text.split_once('<') {
            Some((name, num)) => {
                let num = num.split('>').next().unwrap_or_default();
                Party::new(num.trim(), name.trim().trim_matches('"'))
            }
            None if text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'+') =>
            {
                Party::new(text, "")
            }
            None => Party::new("", text.trim().trim_matches('"')),
        }
    }

    pub(in crate::simulator) fn is_unknown(&self) -> bool {
        self.num.is_empty() && self.name.is_empty()
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::simulator) enum State {
    #[default]
    Down = 0,
    Ring = 4,
    Ringing = 5,
    Up = 6,
    Busy = 7,
}

impl State {
    pub(in crate::simulator) fn word(self) -> &'static str {
        match self {
            State::Down => "Down",
            State::Ring => "Ring",
            State::Ringing => "Ringing",
            State::Up => "Up",
            State::Busy => "Busy",
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(in crate::simulator) struct Channel {
    pub(in crate::simulator) id: Id,
    pub(in crate::simulator) name: String,
    pub(in crate::simulator) uniqueid: String,
    pub(in crate::simulator) linkedid: String,
    pub(in crate::simulator) state: State,
    pub(in crate::simulator) caller: Party,
    pub(in crate::simulator) connected: Party,
    pub(in crate::simulator) account: String,
    pub(in crate::simulator) context: String,
    pub(in crate::simulator) exten: String,
    pub(in crate::simulator) priority: u32,
    pub(in crate::simulator) application: String,
    pub(in crate::simulator) data: String,
    /// When it was created, as time since the world began.
    pub(in crate::simulator) created: Duration,
    pub(in crate::simulator) answered: Option<Duration>,
    pub(in crate::simulator) variables: Vec<(String, Vec<u8>)>,
    /// The numbers of its recordings.
    pub(in crate::simulator) recordings: Vec<u64>,
    /// Whether it runs the dialplan or one application by itself.
    pub(super) runs: Runs,
    /// The other half of a Local channel.
    pub(super) half: Option<Id>,
    /// Who dialed this channel.
    pub(super) dialed_by: Option<Id>,
    /// The dial string after the technology.
    pub(super) dialed: String,
    /// It is being hung up; a second hangup does nothing.
    pub(super) ending: bool,
    pub(in crate::simulator) bridge: Option<Id>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Runs {
    #[default]
    Nothing,
    Dialplan,
    OneApplication,
}

impl Channel {
    /// What packets say about it under the name of a header, whose spelling differs from packet to packet.
    pub(in crate::simulator) fn told(&self, header: &str) -> Option<String> {
        Some(match header.to_ascii_lowercase().as_str() {
            "channel" => self.name.clone(),
            "type" => self.technology().into(),
            "channelstate" => (self.state as u8).to_string(),
            "channelstatedesc" | "state" => self.state.word().into(),
            "calleridnum" => self.caller.num.clone(),
            "calleridname" => self.caller.name.clone(),
            "cid-callingpres" if self.caller.is_unknown() => "67 (Number Unavailable)".into(),
            "cid-callingpres" => "0 (Presentation Allowed, Not Screened)".into(),
            "connectedlinenum" | "effectiveconnectedlinenum" => self.connected.num.clone(),
            "connectedlinename" | "effectiveconnectedlinename" => self.connected.name.clone(),
            "language" => "en".into(),
            "account" | "accountcode" => self.account.clone(),
            "context" => self.context.clone(),
            "exten" | "extension" => self.exten.clone(),
            "priority" => self.priority.to_string(),
            "application" => self.application.clone(),
            "appdata" | "applicationdata" | "data" => self.data.clone(),
            "uniqueid" => self.uniqueid.clone(),
            "linkedid" => self.linkedid.clone(),
            _ => return None,
        })
    }

    /// `PJSIP/101` of `PJSIP/101-0000000a`, `Local/200@default` of `Local/200@default-00000009;1`.
    pub(in crate::simulator) fn device(&self) -> &str {
        self.name
            .rsplit_once('-')
            .map_or(self.name.as_str(), |(device, _)| device)
    }

    pub(in crate::simulator) fn technology(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    pub(in crate::simulator) fn runs_dialplan(&self) -> bool {
        self.runs == Runs::Dialplan
    }

    pub(in crate::simulator) fn is_up(&self) -> bool {
        self.state == State::Up
    }

    pub(in crate::simulator) fn set_variable(&mut self, name: &str, value: &[u8]) {
        match self.variables.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => *old = value.to_vec(),
            None => self.variables.push((name.into(), value.to_vec())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caller_ids_come_in_three_forms() {
        assert_eq!(
            Party::parse("\"O'Brien ?\" <1001>"),
            Party::new("1001", "O'Brien ?")
        );
        assert_eq!(Party::parse("Zed <1009>"), Party::new("1009", "Zed"));
        assert_eq!(Party::parse("1009"), Party::new("1009", ""));
        assert_eq!(Party::parse("Zed"), Party::new("", "Zed"));
    }
}
