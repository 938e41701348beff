//! Reading the answers of servers; and facts for the tests of other files.

use super::*;
use crate::ami::{Frame, Framer, Packet};
use std::time::Duration;

fn reply(lines: &str) -> Reply {
    let bytes = format!(
        "Response: Success\r\n{}\r\n\r\n",
        lines.replace('\n', "\r\n")
    );
    Reply::single(Packet::new(bytes.into_bytes().into()))
}

/// A user with all rights on 22.
pub fn facts() -> SessionFacts {
    SessionFacts {
        user: Some("ann".into()),
        target: "pbx:5038".into(),
        banner: "Asterisk Call Manager/11.0.0".into(),
        built_in: None,
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

// As printed by 22 and 16; 1.8 has `acl` in lower case and no Variables.
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
    let all = "system,call,log,verbose,command,agent,user,config,dtmf,reporting,cdr,dialplan,\
        originate,agi,cc,aoc,test,security,message,all";
    let all = format!("Output: username: a\nOutput: read perm: {all}\nOutput: write perm: all");
    let told = rights(&reply(&all)).unwrap();
    let everything = Grant::Known(Classes::ALL);
    assert_eq!((told.1, told.2), (everything, everything));
    assert!(rights(&reply("Output: There is no manager called x")).is_none());
}

// As printed by 1.4.44 and 1.6.2.24: the rights are other words there, or end in
// `all` for everybody. Someone who may do little was told that he may do all.
#[test]
fn old_servers_say_rights_in_other_words() {
    let text = |text: &str| {
        let mut framer = Framer::new();
        let head = "x\r\nResponse: Follows\r\nPrivilege: Command\r\n";
        framer.feed(format!("{head}{text}--END COMMAND--\r\n\r\n").as_bytes());
        let mut frames = std::iter::from_fn(|| framer.next_frame());
        frames.find_map(|frame| match frame {
            Frame::Packet(packet) => rights(&Reply::single(packet)),
            _ => None,
        })
    };
    let known = |words| Grant::Known(Classes::of_mask(words));
    let read = "system,call,log,verbose,command,agent,user";
    let one_six = text(&format!(
        "\n       username: ann\n         secret: <Set>\n            acl: yes\n\
         \x20     read perm: {read},all\n     write perm: <none>\ndisplayconnects: yes\n"
    ));
    assert_eq!(one_six, Some(("ann".into(), known(read), known("none"))));
    let of_all = format!("{CLASSES_1_6_0},agi,all");
    let one_six = text(&format!(
        "username: ann\nread perm: {of_all}\nwrite perm: call,all\n"
    ));
    assert_eq!(one_six, Some(("ann".into(), known("all"), known("call"))));
    for (read, means) in [(read, read), ("call,all", "all"), ("(N/A)", "none")] {
        let one_four = text(&format!(
            "\n       username: ann\n         secret: <Set>\n           deny: (N/A)\n\
             \x20        permit: 0.0.0.0/0.0.0.0\n           read: {read}\n\
             \x20         write: call\ndisplayconnects: yes\n"
        ));
        assert_eq!(one_four, Some(("ann".into(), known(means), known("call"))));
    }
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

// The secret is in the same section and must not be kept.
#[test]
fn a_section_holds_no_secret() {
    let config = reply(
        "Category-000000: ann\nLine-000000-000000: secret=s3cret\n\
         Line-000000-000001: read=all\nLine-000000-000002: eventfilter=!Event: RTCP*\n\
         Line-000000-000003: read=call",
    );
    let section = section(&config, "Ann").unwrap();
    assert_eq!(section.get("READ"), Some("call"));
    let filters: Vec<String> = section.filters().collect();
    assert_eq!(filters, ["eventfilter = !Event: RTCP*"]);
    assert!(!format!("{section:?}").contains("s3cret"));
    // 1.4 answers with the whole file.
    let config = reply(
        "Category-000000: general\nLine-000000-000000: enabled=yes\nCategory-000001: ann\n\
         Line-000001-000000: read=call\nCategory-000002: bob\nLine-000002-000000: read=all",
    );
    assert_eq!(
        super::section(&config, "ann").unwrap().get("read"),
        Some("call")
    );
    assert_eq!(super::section(&config, "carol"), None);
}

// Without class command this is the only source.
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
