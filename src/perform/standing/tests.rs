//! What servers tell, as it is read; and a user for the tests of others.

use super::*;
use crate::ami::Packet;
use std::time::Duration;

fn reply(lines: &str) -> Reply {
    let bytes = format!(
        "Response: Success\r\n{}\r\n\r\n",
        lines.replace('\n', "\r\n")
    );
    Reply::single(Packet::new(bytes.into_bytes().into()))
}

/// A user with all rights on 22.
pub fn standing() -> Standing {
    Standing {
        user: Some("ann".into()),
        target: "pbx:5038".into(),
        banner: "Asterisk Call Manager/11.0.0".into(),
        product: Some("Asterisk 22.10.1".into()),
        local: Some("192.0.2.7:40000".parse().unwrap()),
        seen: vec!["192.0.2.7".into()],
        tls: false,
        open: true,
        since: SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_000_000),
        events: Classes::NONE,
        listing: None,
        read: Grant::Known(Classes::ALL),
        write: Grant::Known(Classes::ALL),
        told: true,
        shown: Grant::UNKNOWN,
        section: None,
        silent: false,
    }
}

/// A section of manager.conf with these lines.
pub fn section_of(options: &[(&str, &str)]) -> Section {
    let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    Section(options.iter().map(own).collect())
}

pub fn listing_of(lines: &str) -> Listing {
    Listing::of(&reply(lines))
}

// As 22 and 16 print it; 1.8 has `acl` in small letters and no Variables.
#[test]
fn the_rights_are_read_from_the_servers_own_words() {
    let told = reply(
        "Output: \nOutput:           username: Ann\nOutput:             secret: <Set>\n\
         Output:                ACL: yes\nOutput:          read perm: system,call\n\
         Output:         write perm: <none>\nOutput:    displayconnects: yes\n\
         Output: ACL: (unnamed)\nOutput:   0:  deny - 0.0.0.0/0.0.0.0",
    );
    let (name, read, write) = rights(&told).unwrap();
    assert_eq!(name, "Ann");
    assert_eq!(
        (read.has("call"), read.has("agent")),
        (Some(true), Some(false))
    );
    assert_eq!(write, Grant::Known(Classes::NONE));
    let all = reply("Output: username: a\nOutput: read perm: system,all\nOutput: write perm: all");
    assert_eq!(rights(&all).unwrap().1, Grant::Known(Classes::ALL));
    assert!(rights(&reply("Output: There is no manager called x")).is_none());
}

#[test]
fn our_sessions_are_found_among_others() {
    let connected = reply(
        "Output:   Username         IP Address  Start  Elapsed  FileDes\n\
         Output:   ann              192.0.2.9   1795   0        4\n\
         Output:   bob              192.0.2.8   1795   0        5\n\
         Output:   ANN              192.0.2.9   1795   0        6\nOutput: 3 users connected.",
    );
    assert_eq!(seen(&connected, "ann"), ["192.0.2.9"]);
}

// The secret stands in the same section and has no business here.
#[test]
fn a_section_holds_no_secret() {
    let config = reply(
        "Category-000000: ann\nLine-000000-000000: secret=s3cret\n\
         Line-000000-000001: read=all\nLine-000000-000002: eventfilter=!Event: RTCP*\n\
         Line-000000-000003: read=call",
    );
    let section = section(&config).unwrap();
    assert_eq!(section.get("READ"), Some("call"));
    let filters: Vec<String> = section.filters().collect();
    assert_eq!(filters, ["eventfilter = !Event: RTCP*"]);
    assert!(!format!("{section:?}").contains("s3cret"));
}

// Without class command this is all there is to go by.
#[test]
fn what_is_listed_shows_the_classes() {
    let listing = listing_of(
        "DBPut: x (Priv: system,all)\nHangup: x (Priv: system,call,all)\n\
         Ping: x (Priv: <none>)\nQueueAdd: x (Priv: agent,all)",
    );
    let write = shown(&listing, false);
    let known = |class| write.has(class);
    assert_eq!((known("system"), known("agent")), (Some(true), Some(true)));
    assert_eq!(
        (known("call"), known("originate")),
        (Some(false), Some(false))
    );
    assert_eq!(known("reporting"), None);
    assert_eq!(
        shown(&listing, true).has("originate"),
        None,
        "no class of 1.4"
    );
}
