//! Which kinds of things the values of a key are.

use super::super::actions::{self, ValuesOf};
use super::kind::Kind;

/// A kind of values, with a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The kind.
    pub kind: Kind,
    /// The technology of a dial string, such as `PJSIP/`, or empty.
    pub before: &'static str,
}

/// The kinds of values of `key` of `action` (both in any case). `given` returns
/// the values of the line's other keys.
pub fn wanted<'a>(action: &str, key: &str, given: impl Fn(&str) -> Option<&'a str>) -> Vec<Wanted> {
    let own = |name: &str| given(name).unwrap_or_default().to_owned();
    let known = actions::action(action);
    let values = known.and_then(|known| {
        let mut values = known.values.iter();
        values.find(|(one, _)| is_of(one, key)).map(|(_, of)| *of)
    });
    let kinds = match values {
        None => vec![],
        Some(ValuesOf::Nothing) => return Vec::new(),
        Some(ValuesOf::Interfaces) => return interfaces(),
        Some(ValuesOf::Categories(file)) => vec![Kind::Categories(own(file))],
        Some(ValuesOf::Functions) => vec![Kind::Functions],
        Some(ValuesOf::Hints) => vec![Kind::Hints],
        Some(ValuesOf::MeetmeRooms) => vec![Kind::MeetmeRooms],
        Some(ValuesOf::Members) => vec![Kind::Members(own("Queue"))],
        Some(ValuesOf::SipPeers) => vec![Kind::SipPeers],
        Some(ValuesOf::Users) => vec![Kind::Users],
        Some(ValuesOf::Modules) => match own("LoadType").eq_ignore_ascii_case("load") {
            true => vec![Kind::LoadableModules],
            false => vec![Kind::Modules],
        },
        // Without the key that they depend on, use the default for the key.
        Some(ValuesOf::Participants) => {
            let conference = given("Conference").into_iter();
            conference
                .map(|of| Kind::Participants(of.to_owned()))
                .collect()
        }
        Some(ValuesOf::DatabaseKeys) => {
            let family = given("Family").into_iter();
            family.map(|of| Kind::Keys(of.to_owned())).collect()
        }
    };
    let plain = |kind| Wanted { kind, before: "" };
    match kinds.is_empty() {
        true => of_key(&key.to_ascii_lowercase(), given),
        false => kinds.into_iter().map(plain).collect(),
    }
}

/// Whether `key` is `named`, or one that the pattern `Cat-000000` covers.
fn is_of(named: &str, key: &str) -> bool {
    let stem = named.strip_suffix("000000");
    let is_numbered = stem.is_some_and(|stem| {
        let head = key.get(..stem.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(stem))
    });
    is_numbered || named.eq_ignore_ascii_case(key)
}

/// The kinds of values of `key`, in lower case, in any Action.
fn of_key<'a>(key: &str, given: impl Fn(&str) -> Option<&'a str>) -> Vec<Wanted> {
    let own = |name: &str| given(name).unwrap_or_default().to_owned();
    let context = match key.starts_with("extra") {
        true => own("ExtraContext"),
        false => own("Context"),
    };
    let kind = match key {
        "stateinterface" => return interfaces(),
        "channel" | "channel1" | "channel2" | "extrachannel" | "timeoutchannel"
        | "announcechannel" => Kind::Channels,
        "queue" => Kind::Queues,
        "interface" => Kind::Members(own("Queue")),
        "caller" if given("Queue").is_some() => Kind::Callers(own("Queue")),
        "caller" => Kind::Channels,
        "bridgeuniqueid" => Kind::Bridges,
        "bridgetechnology" => Kind::BridgeTechnologies,
        "endpoint" => Kind::Endpoints,
        "aor" => Kind::Aors,
        "registration" => Kind::Registrations,
        "peer" => Kind::SipPeers,
        "context" | "extracontext" => Kind::Contexts,
        "exten" | "extension" | "extraexten" if context.is_empty() => return Vec::new(),
        "exten" | "extension" | "extraexten" => Kind::Extensions(context),
        "priority" => {
            let exten = ["Exten", "Extension"].into_iter().find_map(&given);
            match exten.filter(|_| !context.is_empty()) {
                Some(exten) => Kind::Priorities(context, exten.to_owned()),
                None => return Vec::new(),
            }
        }
        "application" => Kind::Applications,
        "module" => Kind::Modules,
        "filename" | "srcfilename" | "dstfilename" => Kind::ConfigFiles,
        "parkinglot" => Kind::ParkingLots,
        "parkingspace" => Kind::ParkedCalls,
        "conference" => Kind::Conferences,
        "meetme" => Kind::MeetmeRooms,
        "mailbox" => Kind::Mailboxes,
        "agent" => Kind::Agents,
        "device" => Kind::Devices,
        "family" => Kind::Families,
        "provider" => Kind::PresenceStates,
        "sessionnumber" => Kind::FaxSessions,
        "rule" => Kind::Rules,
        "cache" => Kind::Caches,
        "dahdichannel" | "zapchannel" => Kind::DahdiChannels,
        _ => return Vec::new(),
    };
    vec![Wanted { kind, before: "" }]
}

/// Anything that can be called.
fn interfaces() -> Vec<Wanted> {
    let all = [
        ("PJSIP/", Kind::Endpoints),
        ("SIP/", Kind::SipPeers),
        ("IAX2/", Kind::IaxPeers),
        // Queue members can be called by others too.
        ("", Kind::Members(String::new())),
    ];
    all.map(|(before, kind)| Wanted { kind, before }).into()
}
