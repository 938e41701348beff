use super::*;
use crate::ami::{Packet, Reply};
use crate::catalog::{Listing, Name};
use crate::peer_text::PeerText;
use std::collections::BTreeMap;

/// The documentation of a server: for each Action its keys, with `!` where
/// required.
fn documented(version: &str) -> BTreeMap<String, Vec<String>> {
    let root = env!("CARGO_MANIFEST_DIR");
    let text = std::fs::read_to_string(format!("{root}/tests/syntax/{version}")).unwrap();
    let row = |line: &str| {
        let mut words = line.split(' ').map(str::to_owned);
        (words.next().unwrap_or_default(), words.collect())
    };
    text.lines().map(row).collect()
}

// A row that is misspelled or duplicated would silently have no effect.
#[test]
fn every_row_is_found_and_read() {
    for pair in ROWS.windows(2) {
        let [a, b] = [pair[0].known.name, pair[1].known.name];
        assert!(order(a, b).is_lt(), "{a} {b}");
    }
    assert!(ROWS.len() >= 180);
    for known in ROWS.iter().map(|row| row.known) {
        let name = known.name;
        let found = action(&name.to_uppercase()).unwrap();
        assert_eq!(found.name, name);
        let page = page(name).unwrap();
        assert_eq!(page.name, name);
        let written = known.keys.split_whitespace().count();
        assert_eq!(page.parameters.len(), written, "{name}");
        let one_of = known.one_of.map_or(&[][..], |(keys, _)| keys);
        let values = known.values.iter().map(|(key, _)| key);
        let keys = positions(name).iter().chain(one_of).chain(values);
        for key in keys
            .copied()
            .chain(known.fewer_positions.split_whitespace())
        {
            assert!(page.parameter(key).is_some(), "{name} {key}");
        }
        let harmless = known.effect == Effect::Reads;
        assert!(!harmless || known.danger.is_none(), "{name}");
    }
    assert!(action("NoSuch").is_none() && page("").is_none());
    assert!(positions("Ping").is_empty() && positions("NoSuch").is_empty());
}

// Without class command the table stands in for the documentation: it must
// require what 16 and 22 require, and know what they accept.
#[test]
fn the_keys_are_those_that_servers_document() {
    for version in ["16", "22"] {
        let documented = documented(version);
        assert!(documented.len() > 100, "{version}");
        for (name, keys) in documented {
            let page = page(&name).unwrap_or_else(|| panic!("{version} {name}"));
            for key in &keys {
                let bare = key.trim_end_matches('!');
                assert!(page.knows(bare), "{version} {name} {bare}");
            }
            for one in page.parameters.iter().filter(|one| one.required) {
                let required = format!("{}!", one.key).to_lowercase();
                let is_documented = keys.iter().any(|key| key.to_lowercase() == required);
                assert!(is_documented, "{version} {name} {}", one.key);
            }
        }
    }
}

fn recorded(version: &str) -> Listing {
    let root = env!("CARGO_MANIFEST_DIR");
    let path = format!("{root}/tests/transcripts/asterisk-{version}/listcommands.txt");
    let text = String::from_utf8(std::fs::read(path).unwrap()).unwrap();
    let packet = text
        .split("\r\n\r\n")
        .find(|one| one.contains("ListCommands: "));
    let packet = format!("{}\r\n\r\n", packet.unwrap()).into_bytes();
    Listing::of(&Reply::single(Packet::new(packet.into())))
}

// The message about a missing class comes from this table: it must agree with
// what servers list, for each of their Actions.
#[test]
fn the_classes_are_those_that_servers_tell() {
    for version in ["22", "16", "1.8"] {
        let listing = recorded(version);
        assert!(listing.iter().count() > 60, "{version}");
        for one in listing.iter() {
            let needed = needed(&one.name, false).unwrap_or_else(|| panic!("{}", one.name));
            // Anybody may send it in 1.8, so it must not be refused there.
            let later = ["MixMonitorMute", "ParkedCalls"].contains(&one.name.as_str());
            if version != "1.8" || !later {
                let told: Vec<&str> = one.privileges.iter().map(Name::as_str).collect();
                assert_eq!(needed, told, "{version}: {}", one.name);
            }
        }
    }
}

#[test]
fn old_servers_ask_for_other_classes() {
    assert_eq!(
        needed("originate", false).as_deref(),
        Some(&["originate"][..])
    );
    assert_eq!(needed("ORIGINATE", true).as_deref(), Some(&["call"][..]));
    assert_eq!(needed("IAXpeers", true).as_deref(), Some(&[][..]));
    assert_eq!(needed("Redirect", true).as_deref(), Some(&["call"][..]));
    assert_eq!(needed("Ping", false).as_deref(), Some(&[][..]));
    assert_eq!(needed("NoSuchAction", false), None);
}

// Undocumented keys that Actions accept must be known in addition to the
// documented ones, and keys that servers do without must not be asked for.
#[test]
fn a_servers_page_is_completed() {
    let bare = |name: &str, keys: &[&str]| {
        let keys = keys.iter().map(|key| Parameter {
            required: true,
            ..Parameter::of(Name::of_key(key.as_bytes()).unwrap())
        });
        complete(Page {
            parameters: keys.collect(),
            ..Page::of(Name::of_action(name.as_bytes()).unwrap())
        })
    };
    let login = bare("Login", &["Username"]);
    assert!(login.knows("authtype") && login.knows("Key") && login.knows("Events"));
    let paused = bare("QueueAdd", &["Paused"]);
    let paused = paused.parameter("paused").unwrap();
    let values: Vec<&PeerText> = paused.choices.iter().map(|one| &one.value).collect();
    assert!(values.len() == 2 && values[0].is("true"));
    let originate = bare("Originate", &["Variable"]);
    assert!(originate.parameter("variable").unwrap().repeatable);
    let status = bare("Status", &["Channel"]);
    assert_eq!(status.required().count(), 0);
    let setvar = bare("Setvar", &["Value"]);
    assert!(!setvar.needs(setvar.parameter("Value").unwrap()));
    let unknown = bare("Frobnicate", &["Widget"]);
    assert!(unknown.needs(unknown.parameter("Widget").unwrap()));
    assert_eq!(complete(login.clone()), login);
}

// A mistake here has cost somebody a call, or their session.
#[test]
fn what_servers_do_not_tell() {
    let known = |name| action(name).unwrap();
    for (name, danger) in [
        ("DBDelTree", Danger::DeleteTree),
        ("Hangup", Danger::HangUpMany),
        ("QueueReset", Danger::ResetStatistics),
        ("BridgeDestroy", Danger::DestroyBridge),
        ("ModuleLoad", Danger::Unload),
        ("UpdateConfig", Danger::ChangeFile),
        ("CreateConfig", Danger::CreateFile),
        ("Command", Danger::RunCommand),
    ] {
        assert_eq!(known(name).danger, Some(danger), "{name}");
    }
    let count = ROWS.iter().filter(|row| row.known.danger.is_some()).count();
    assert_eq!(count, 8);
    for name in [
        "Challenge",
        "Events",
        "Filter",
        "Login",
        "Logoff",
        "WaitEvent",
    ] {
        assert!(known(name).stands_alone, "{name}");
    }
    for name in ["PJSIPShowEndpoints", "ConfbridgeList", "MeetmeListRooms"] {
        assert!(known(name).error_may_be_empty, "{name}");
    }
    assert_eq!(known("Originate").effect, Effect::Changes);
    assert_eq!(known("CoreShowChannels").effect, Effect::Reads);
}
