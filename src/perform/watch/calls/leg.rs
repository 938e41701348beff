//! A leg: one channel, as far as it is known.

use crate::ami::Packet;
use std::borrow::Cow;
use std::time::SystemTime;

/// Whom a channel speaks for, as it says itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// `Ann`
    pub name: String,
    /// `101`
    pub number: String,
}

impl Caller {
    /// `Ann <101>`, or what of it there is.
    pub fn text(&self) -> String {
        match (&self.name[..], &self.number[..]) {
            (name, "") => name.to_owned(),
            ("", number) => number.to_owned(),
            (name, number) if name == number => number.to_owned(),
            (name, number) => format!("{name} <{number}>"),
        }
    }
}

/// What a leg waits for, or is part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In this queue.
    Queue(String),
    /// Parked on this space.
    Parked(String),
}

/// Who wanted a leg to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The phone at its far end.
    Far,
    /// The server: its dialplan, an Action, the end of another leg.
    Server,
}

/// One channel.
#[derive(Debug, Clone, Default)]
pub struct Leg {
    /// Its Uniqueid, which it keeps for life.
    pub uid: String,
    /// Its name of now; a masquerade gives it another.
    pub name: String,
    /// The call it belongs to.
    pub call: u64,
    /// Who it is.
    pub caller: Caller,
    /// Whom it is shown.
    pub line: Caller,
    /// Extension and context in the dialplan.
    pub exten: (String, String),
    /// `Up`, `Ringing`, in the server's words.
    pub state: String,
    /// What the dialplan does with it, and its arguments.
    pub application: (String, String),
    /// When it was made; None where that was before we came.
    pub created: Option<SystemTime>,
    /// When it was up.
    pub answered: Option<SystemTime>,
    /// When somebody first wanted it to end.
    pub asked: Option<(SystemTime, Side)>,
    /// Which event first told that it would end: many come at one time.
    pub(super) order: Option<u64>,
    /// Which event told that it left the bridge it was in last.
    pub(super) left: Option<u64>,
    /// When it ended, as far as we saw.
    pub ended: Option<SystemTime>,
    /// The number of the cause of its end.
    pub cause: Option<String>,
    /// The bridge it is in.
    pub bridge: Option<String>,
    /// Where it waits.
    pub place: Option<Place>,
    /// Has its phone put the other side on hold?
    pub held: bool,
    /// The queue's name for who is called by it.
    pub agent: Option<String>,
    /// The extension that it was last told to be at.
    pub(super) went: Option<String>,
}

impl Leg {
    /// The name without what tells the two halves of a Local channel apart:
    /// both are one phone to whoever looks.
    pub fn phone(&self) -> &str {
        phone(&self.name)
    }

    /// `PJSIP/101` of `PJSIP/101-0000002a`.
    pub fn device(&self) -> &str {
        device(&self.name)
    }

    /// Is it the half of a Local channel that the dialplan runs on?
    pub fn is_inner(&self) -> bool {
        self.name.ends_with(";2")
    }

    /// Is there nobody at its end? Such channels speak or listen for Asterisk
    /// itself.
    pub fn is_internal(&self) -> bool {
        let internal = ["CBAnn/", "CBRec/", "Announcer/", "Recorder/", "Surrogate/"];
        internal.iter().any(|start| self.name.starts_with(start))
    }

    /// Takes from `packet` what it says of the channel whose headers begin with
    /// `prefix`.
    pub(super) fn learn(&mut self, packet: &Packet, prefix: &str, at: SystemTime) {
        let said = |keys: &[&str]| keys.iter().find_map(|key| read(packet, prefix, key));
        if let Some(name) = said(&["Channel"])
            && self.name != name
        {
            self.name = name.into_owned();
        }
        if let Some(state) = said(&["ChannelStateDesc", "State"]) {
            // Not where it was up before we saw it.
            if state == "Up" && !["", "Up"].contains(&&self.state[..]) {
                self.answered.get_or_insert(at);
            }
            if self.state != state {
                self.state = state.into_owned();
            }
        }
        let texts = [
            (&mut self.caller.number, &["CallerIDNum", "CallerID"][..]),
            (&mut self.caller.name, &["CallerIDName"]),
            (&mut self.line.number, &["ConnectedLineNum"]),
            (&mut self.line.name, &["ConnectedLineName"]),
            (&mut self.exten.0, &["Exten", "Extension"]),
            (&mut self.exten.1, &["Context"]),
        ];
        for (own, keys) in texts {
            // Most events say what is known: this is on the way of every event.
            if let Some(text) = said(keys)
                && *own != text
            {
                *own = text.into_owned();
            }
        }
    }
}

pub(super) fn phone(name: &str) -> &str {
    name.strip_suffix(";1")
        .or_else(|| name.strip_suffix(";2"))
        .unwrap_or(name)
}

pub(super) fn device(name: &str) -> &str {
    let phone = phone(name);
    match phone.rsplit_once('-') {
        Some((device, number))
            if number.len() >= 4 && number.bytes().all(|b| b.is_ascii_hexdigit()) =>
        {
            device
        }
        _ => phone,
    }
}

/// The value of a header; None where it says that there is none.
pub(super) fn said(packet: &Packet, prefix: &str, key: &str) -> Option<String> {
    read(packet, prefix, key).map(Cow::into_owned)
}

fn read<'a>(packet: &'a Packet, prefix: &str, key: &str) -> Option<Cow<'a, str>> {
    let value = match prefix {
        "" => packet.get(key),
        prefix => packet.get(&format!("{prefix}{key}")),
    };
    let value = value?.trim_ascii();
    // 1.8 writes `unknown` into queue events, later ones `<unknown>`.
    let none: [&[u8]; 6] = [
        b"",
        b"<unknown>",
        b"unknown",
        b"(null)",
        b"<null>",
        b"<none>",
    ];
    (!none.contains(&value)).then(|| String::from_utf8_lossy(value))
}
