//! Which things of the server the values of a key are.

use super::Kind;

/// Values of one kind, with what is written before each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What they are.
    pub kind: Kind,
    /// The technology of a dial string, such as `PJSIP/`; else empty.
    pub before: &'static str,
}

/// What the values of `key` of `action` are (both in any case). `given` tells
/// the values of the line's other keys.
pub fn wanted<'a>(action: &str, key: &str, given: impl Fn(&str) -> Option<&'a str>) -> Vec<Wanted> {
    let (action, key) = (action.to_ascii_lowercase(), key.to_ascii_lowercase());
    let own = |name: &str| given(name).unwrap_or_default().to_owned();
    let context = || match key.starts_with("extra") {
        true => own("ExtraContext"),
        false => own("Context"),
    };
    let kinds = match (action.as_str(), key.as_str()) {
        ("originate", "channel") | ("queueadd", "interface") | (_, "stateinterface") => {
            return interfaces();
        }
        ("sipnotify", "channel") => vec![Kind::SipPeers],
        (
            "confbridgekick"
            | "confbridgemute"
            | "confbridgeunmute"
            | "confbridgesetsinglevideosrc",
            "channel",
        ) if given("Conference").is_some() => vec![Kind::Participants(own("Conference"))],
        (
            _,
            "channel" | "channel1" | "channel2" | "extrachannel" | "timeoutchannel"
            | "announcechannel",
        ) => vec![Kind::Channels],
        (_, "queue") => vec![Kind::Queues],
        ("queuestatus", "member") | (_, "interface") => vec![Kind::Members(own("Queue"))],
        (_, "caller") if given("Queue").is_some() => vec![Kind::Callers(own("Queue"))],
        (_, "caller") => vec![Kind::Channels],
        (_, "bridgeuniqueid") => vec![Kind::Bridges],
        (_, "bridgetechnology") => vec![Kind::BridgeTechnologies],
        (_, "endpoint") => vec![Kind::Endpoints],
        (_, "aor") => vec![Kind::Aors],
        (_, "registration") => vec![Kind::Registrations],
        (_, "peer") => vec![Kind::SipPeers],
        (_, "context" | "extracontext") if !action.starts_with("voicemail") => {
            vec![Kind::Contexts]
        }
        ("extensionstate", "exten") => vec![Kind::Hints],
        (_, "exten" | "extension" | "extraexten") => match context() {
            none if none.is_empty() => Vec::new(),
            context => vec![Kind::Extensions(context)],
        },
        ("queuechangeprioritycaller", "priority") => Vec::new(),
        (_, "priority" | "extrapriority") => {
            let exten = ["Exten", "Extension"].into_iter().find_map(&given);
            match (context(), exten) {
                (context, Some(exten)) if !context.is_empty() && key == "priority" => {
                    vec![Kind::Priorities(context, exten.to_owned())]
                }
                _ => Vec::new(),
            }
        }
        (_, "application") => vec![Kind::Applications],
        ("getvar" | "setvar", "variable") => vec![Kind::Functions],
        ("moduleload", "module") => match own("LoadType").to_ascii_lowercase().as_str() {
            "load" => vec![Kind::LoadableModules],
            _ => vec![Kind::Modules],
        },
        (_, "module") => vec![Kind::Modules],
        (_, "filename" | "srcfilename" | "dstfilename") => vec![Kind::ConfigFiles],
        ("getconfig" | "getconfigjson", "category") => vec![Kind::Categories(own("Filename"))],
        ("updateconfig", key) if key.starts_with("cat-") => {
            vec![Kind::Categories(own("SrcFilename"))]
        }
        (_, "parkinglot") => vec![Kind::ParkingLots],
        (_, "parkingspace") => vec![Kind::ParkedCalls],
        (_, "conference") if action.starts_with("meetme") => vec![Kind::MeetmeRooms],
        (_, "conference") => vec![Kind::Conferences],
        (_, "meetme") => vec![Kind::MeetmeRooms],
        (_, "mailbox") => vec![Kind::Mailboxes],
        (_, "agent") => vec![Kind::Agents],
        (_, "device") => vec![Kind::Devices],
        (_, "family") => vec![Kind::Families],
        (name, "key") if name.starts_with("db") && given("Family").is_some() => {
            vec![Kind::Keys(own("Family"))]
        }
        (_, "provider") => vec![Kind::PresenceStates],
        (_, "sessionnumber") => vec![Kind::FaxSessions],
        (_, "rule") => vec![Kind::Rules],
        (_, "cache") => vec![Kind::Caches],
        (_, "dahdichannel" | "zapchannel") => vec![Kind::DahdiChannels],
        ("login", "username") => vec![Kind::Users],
        _ => Vec::new(),
    };
    let plain = |kind| Wanted { kind, before: "" };
    kinds.into_iter().map(plain).collect()
}

/// Whatever can be called.
fn interfaces() -> Vec<Wanted> {
    let all = [
        ("PJSIP/", Kind::Endpoints),
        ("SIP/", Kind::SipPeers),
        ("IAX2/", Kind::IaxPeers),
        // Whom queues call can be called by others.
        ("", Kind::Members(String::new())),
    ];
    all.map(|(before, kind)| Wanted { kind, before }).into()
}
