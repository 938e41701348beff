//! A leg: one channel, as far as it is known.

use crate::ami::Packet;
use crate::output::words;
use crate::peer_text::visible;
use std::borrow::Cow;
use std::time::SystemTime;

/// The caller ID of a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caller {
    /// `Ann`
    pub name: String,
    /// `101`
    pub number: String,
}

impl Caller {
    /// `Ann <101>`, or the part of it that is known.
    pub fn text(&self) -> String {
        match (&self.name[..], &self.number[..]) {
            (name, "") => name.to_owned(),
            ("", number) => number.to_owned(),
            (name, number) if name == number => number.to_owned(),
            (name, number) => format!("{name} <{number}>"),
        }
    }
}

/// Where a leg waits.
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
    /// Its current name, which a masquerade changes.
    pub name: String,
    /// The call it belongs to.
    pub call: u64,
    /// Who it is.
    pub caller: Caller,
    /// The connected line: who its phone shows.
    pub line: Caller,
    /// Extension and context in the dialplan.
    pub exten: (String, String),
    /// `Up`, `Ringing`, in the server's words.
    pub state: String,
    /// The application that it runs, and its arguments.
    pub application: (String, String),
    /// When it was created; None if that was before this session.
    pub created: Option<SystemTime>,
    /// When it was answered.
    pub answered: Option<SystemTime>,
    /// When it was first asked to end, and by which side.
    pub asked: Option<(SystemTime, Side)>,
    /// The number of the event that first announced its end.
    pub(super) order: Option<u64>,
    /// The number of the event by which it left its last bridge.
    pub(super) left: Option<u64>,
    /// When its end was seen.
    pub ended: Option<SystemTime>,
    /// The number of its hangup cause.
    pub cause: Option<String>,
    /// The bridge it is in.
    pub bridge: Option<String>,
    /// Where it waits.
    pub place: Option<Place>,
    /// Whether its phone has put the other side on hold.
    pub held: bool,
    /// The queue's name for the member it calls.
    pub agent: Option<String>,
    /// The extension that it was last reported at.
    pub(super) went: Option<String>,
    /// The Uniqueid that its phone has since a masquerade.
    pub(super) became: Option<String>,
    /// The bytes accounted for it.
    pub(super) counted: usize,
}

impl Leg {
    /// The name without what distinguishes the halves of a Local channel, which
    /// a reader sees as one phone.
    pub fn phone(&self) -> &str {
        phone(&self.name)
    }

    /// `PJSIP/101` of `PJSIP/101-0000002a`.
    pub fn device(&self) -> &str {
        device(&self.name)
    }

    /// Whether it is the half of a Local channel that runs the dialplan.
    pub fn is_inner(&self) -> bool {
        is_inner(&self.name)
    }

    /// Whether it is being dialled, and so has no place in the dialplan.
    pub fn is_dialled(&self) -> bool {
        ["AppDial", "AppDial2", "AppQueue"].contains(&&self.application.0[..])
    }

    /// Whether it has no person at its end, but speaks or listens for Asterisk
    /// itself, or serves to move another channel.
    pub fn is_internal(&self) -> bool {
        is_internal(&self.name)
    }

    /// Its memory in bytes. The Uniqueid is stored three times: here, as the
    /// key, and in the call.
    pub(super) fn weight(&self) -> usize {
        let texts = [
            &self.name,
            &self.caller.name,
            &self.caller.number,
            &self.line.name,
            &self.line.number,
            &self.exten.0,
            &self.exten.1,
            &self.state,
            &self.application.0,
            &self.application.1,
        ];
        let some = [
            &self.cause,
            &self.bridge,
            &self.agent,
            &self.went,
            &self.became,
        ];
        let some = some.into_iter().flatten();
        let texts: usize = texts.into_iter().chain(some).map(String::len).sum();
        2 * size_of::<Leg>() + 3 * self.uid.len() + texts
    }

    /// Updates the leg from the headers of `packet` that begin with `prefix`.
    pub(super) fn learn(&mut self, packet: &Packet, prefix: &str, at: SystemTime) {
        let said = |keys: &[&str]| keys.iter().find_map(|key| read(packet, prefix, key));
        if let Some(name) = said(&["Channel"])
            && self.name != name
        {
            self.name = name.into_owned();
        }
        if let Some(state) = said(&["ChannelStateDesc", "State"]) {
            // Unless it was already up when first seen.
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
            // Most events repeat what is known, so avoid copying it.
            if let Some(text) = said(keys)
                && *own != text
            {
                *own = text.into_owned();
            }
        }
    }
}

/// What the name of a channel ends in that has lost its phone to another.
const ZOMBIE: &str = "<ZOMBIE>";

/// Whether this names the half of a Local channel that runs the dialplan.
pub fn is_inner(name: &str) -> bool {
    [";2", ",2"].iter().any(|half| name.ends_with(half))
}

/// The name without what is not the phone's. The halves of a Local channel are
/// `,1` and `,2` in 1.4.
pub(super) fn phone(name: &str) -> &str {
    let ends = [";1", ";2", ",1", ",2"];
    let name = name.strip_suffix(ZOMBIE).unwrap_or(name);
    let name = name.strip_suffix("<MASQ>").unwrap_or(name);
    let phone = ends.iter().find_map(|end| name.strip_suffix(end));
    phone.unwrap_or(name)
}

/// Asterisk's own channels. `Parked/SIP/101-1` stands for `SIP/101-1` while a
/// masquerade up to 11 lasts, and later is what is left.
pub(super) fn is_internal(name: &str) -> bool {
    let speaks = ["CBAnn/", "CBRec/", "Announcer/", "Recorder/", "Surrogate/"];
    let moves = ["AsyncGoto/", "Parked/", "Bridge/", "Transfered/"];
    let stands = |start: &&str| {
        let rest = name.strip_prefix(start);
        rest.is_some_and(|rest| rest.contains('/'))
    };
    speaks.iter().any(|start| name.starts_with(start)) || moves.iter().any(stands)
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

/// The longest value that is kept, in bytes. Asterisk allows 150 for a Uniqueid
/// and 80 for the names of channels, extensions and contexts (channel.h of 22).
const LONGEST: usize = 256;

/// The value of a header, escaped and shortened. None if it means that there is
/// no value.
pub(super) fn said(packet: &Packet, prefix: &str, key: &str) -> Option<String> {
    read(packet, prefix, key).map(Cow::into_owned)
}

pub(super) fn read<'a>(packet: &'a Packet, prefix: &str, key: &str) -> Option<Cow<'a, str>> {
    let whole;
    let key = match prefix {
        "" => key,
        prefix => {
            whole = format!("{prefix}{key}");
            &whole
        }
    };
    let value = packet.get(key)?.trim_ascii();
    // 1.8 writes `unknown` in queue events.
    if words::is_nothing(value) || value == b"unknown" {
        return None;
    }
    Some(match packet.plain(key.as_bytes(), value) {
        Cow::Borrowed(value) => kept(value),
        Cow::Owned(value) => Cow::Owned(kept(&value).into_owned()),
    })
}

/// `value`, escaped and cut to [`LONGEST`].
fn kept(value: &[u8]) -> Cow<'_, str> {
    let value = value.get(..LONGEST).unwrap_or(value);
    let mut text = visible::text(value);
    if text.len() > LONGEST {
        let end = text.floor_char_boundary(LONGEST);
        text.to_mut().truncate(end);
    }
    text
}
