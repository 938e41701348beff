//! What the doctor says of each way in which a session can be unwell.

use super::super::standing::tests::{listing_of, section_of, standing};
use super::*;

const ALL_LISTED: &str = "DBPut: x (Priv: system,all)\nOriginate: x (Priv: originate,all)\n\
    Ping: x (Priv: <none>)\nSetvar: x (Priv: call,all)";

fn text(findings: &Findings) -> String {
    let lines = findings.iter();
    lines
        .map(|(role, text)| format!("{role:?} {text}\n"))
        .collect()
}

fn has(findings: &Findings, role: Role, part: &str) {
    let found = findings
        .iter()
        .any(|(r, text)| *r == role && text.contains(part));
    assert!(found, "{role:?} {part}:\n{}", text(findings));
}

fn has_no(findings: &Findings, role: Role) {
    let found = findings.iter().any(|(r, _)| *r == role);
    assert!(!found, "{role:?}:\n{}", text(findings));
}

// A doctor who finds something in everybody is not asked twice.
#[test]
fn who_is_well_is_told_so() {
    let mut standing = standing();
    standing.listing = Some(listing_of(ALL_LISTED));
    standing.section = Some(section_of(&[("read", "all"), ("write", "all")]));
    let findings = examine(&standing, None);
    has(&findings, Role::Ok, "nothing is wrong here");
    has_no(&findings, Role::Error);
    has_no(&findings, Role::Warning);
}

#[test]
fn outcomes_that_cannot_be_known_are_cured() {
    let mut standing = standing();
    standing.listing = Some(listing_of("Originate: x (Priv: originate,all)"));
    standing.read = Grant::Known(Classes::of_mask("system"));
    standing.write = Grant::Known(Classes::of_mask("originate"));
    let findings = examine(&standing, None);
    has(
        &findings,
        Role::Error,
        "no call in read=: outcomes of Originate cannot be known",
    );
    has(
        &findings,
        Role::Warning,
        "no command in write=: no Asterisk CLI",
    );
    let last: Vec<&str> = findings
        .iter()
        .rev()
        .take(2)
        .map(|(_, text)| &text[..])
        .collect();
    assert_eq!(last, ["read = system,call", "[ann]"]);
    standing.read = Grant::UNKNOWN;
    let findings = examine(&standing, None);
    has(
        &findings,
        Role::Warning,
        "whether their outcomes can be known",
    );
    standing.write = Grant::Known(Classes::NONE);
    standing.listing = Some(listing_of("Ping: x (Priv: <none>)"));
    let findings = examine(&standing, None);
    has(
        &findings,
        Role::Warning,
        "no originate in write=: calls cannot be started",
    );
    has_no(&findings, Role::Error);
}

#[test]
fn events_that_do_not_come_are_explained() {
    let mut standing = standing();
    standing.read = Grant::Known(Classes::CALL);
    standing.events = Classes::of_mask("call,user");
    standing.section = Some(section_of(&[
        ("read", "call"),
        ("write", "all"),
        ("eventfilter(action(exclude))", "RTCP"),
        ("writetimeout", "50"),
    ]));
    let findings = examine(&standing, None);
    has(
        &findings,
        Role::Error,
        "events are on for user, which read= does not have",
    );
    has(
        &findings,
        Role::Warning,
        "eventfilter(action(exclude)) = RTCP",
    );
    has(&findings, Role::Ok, "writetimeout = 50");
    has(&findings, Role::Subject, "read = call,user");
}

#[test]
fn one_event_is_examined() {
    let mut standing = standing();
    standing.read = Grant::Known(Classes::of_mask("call,user"));
    standing.events = Classes::of_mask("user");
    let findings = examine_event(&standing, "dtmfbegin");
    has(
        &findings,
        Role::Value,
        "DTMFBegin is an event of class dtmf",
    );
    has(&findings, Role::Error, "ann has no dtmf in read=");
    has(&findings, Role::Subject, "read = call,user,dtmf");
    let findings = examine_event(&standing, "Newchannel");
    has(&findings, Role::Error, "/events call shows them");
    let findings = examine_event(&standing, "UserEvent");
    has_no(&findings, Role::Error);
    let findings = examine_event(&standing, "Nothing");
    has(&findings, Role::Error, "is not known here");
}

// After an edit of manager.conf the old rights go on, in two ways.
#[test]
fn rights_that_are_not_those_of_now() {
    let mut standing = standing();
    standing.shown = Grant::Shown {
        has: Classes::CALL,
        lacks: Classes::of_mask("user"),
    };
    let other = "this session has other rights";
    has(&examine(&standing, None), Role::Error, other);
    standing.listing = Some(listing_of("Setvar: x (Priv: call,all)"));
    let findings = examine_action(&standing, "UserEvent");
    has(
        &findings,
        Role::Error,
        "ann may send UserEvent after /reconnect",
    );
    standing.write = Grant::Known(Classes::of_mask("system"));
    has(&examine_action(&standing, "DBPut"), Role::Error, other);
    standing.write = Grant::Known(Classes::of_mask("system,call"));
    assert!(!text(&examine(&standing, None)).contains(other));
    standing.write = Grant::Known(Classes::ALL);
    standing.section = Some(section_of(&[("read", "all"), ("write", "system, call")]));
    has(
        &examine(&standing, None),
        Role::Error,
        "changed and not loaded",
    );
}

#[test]
fn one_action_is_examined() {
    let mut standing = standing();
    standing.listing = Some(listing_of(ALL_LISTED));
    has(
        &examine_action(&standing, "dbput"),
        Role::Ok,
        "ann may send DBPut",
    );
    has(
        &examine_action(&standing, "Hangup"),
        Role::Error,
        "this server has no Hangup",
    );
    standing.write = Grant::Known(Classes::of_mask("agent"));
    let findings = examine_action(&standing, "hangup");
    has(
        &findings,
        Role::Value,
        "Hangup needs one of write=system,call",
    );
    has(&findings, Role::Error, "ann has none of these");
    has(&findings, Role::Subject, "write = call,agent");
    standing.write = Grant::UNKNOWN;
    let findings = examine_action(&standing, "hangup");
    has(
        &findings,
        Role::Error,
        "ann has none of these, or this server has no Hangup",
    );
    has(
        &findings,
        Role::Subject,
        "write = call  ; and what stands there now",
    );
    let findings = examine_action(&standing, "DBPutt");
    has(&findings, Role::Error, "did you mean DBPut?");
}

// Who has just been refused asks why, and not about what.
#[test]
fn what_was_refused_is_examined_unasked() {
    let mut standing = standing();
    standing.write = Grant::Known(Classes::NONE);
    standing.listing = Some(listing_of("Ping: x (Priv: <none>)"));
    let findings = examine(&standing, Some("DBPut"));
    has(&findings, Role::Value, "DBPut needs write=system");
    has(&findings, Role::Subject, "write = system");
    assert!(!text(&findings).contains("nothing is wrong"));
}

// Asterisk 1.4 has neither `manager show user` nor every class.
#[test]
fn an_old_server_is_judged_by_what_it_tells() {
    let mut standing = standing();
    standing.banner = "Asterisk Call Manager/1.0".into();
    standing.told = false;
    standing.read = Grant::UNKNOWN;
    standing.write = Grant::Shown {
        has: Classes::CALL,
        lacks: Classes::of_mask("command,originate"),
    };
    standing.listing = Some(listing_of("Originate: x (Priv: call,all)"));
    let findings = examine(&standing, None);
    has(&findings, Role::Warning, "no command in write=");
    has(&findings, Role::Warning, "(read=) cannot be known");
    assert!(
        !text(&findings).contains("no originate"),
        "{}",
        text(&findings)
    );
    standing.listing = Some(listing_of("Ping: x (Priv: <none>)"));
    let findings = examine_action(&standing, "Originate");
    has(&findings, Role::Value, "Originate needs write=call");
}

#[test]
fn without_a_login_or_a_link_there_is_one_thing_to_say() {
    let mut standing = standing();
    standing.user = None;
    let findings = examine(&standing, None);
    has(&findings, Role::Error, "nobody is logged in");
    has(
        &findings,
        Role::Subject,
        "permit = 192.0.2.7/255.255.255.255",
    );
    standing.open = false;
    let findings = examine_action(&standing, "Ping");
    assert_eq!(findings.len(), 1);
    has(&findings, Role::Error, "there is no link to pbx:5038");
}

#[test]
fn the_address_that_counts_is_the_one_the_server_sees() {
    let mut standing = standing();
    standing.seen = vec!["198.51.100.1".into()];
    let findings = examine(&standing, None);
    has(&findings, Role::Ok, "the server sees 198.51.100.1");
    has(&findings, Role::Warning, "permit= and deny=");
    let lines = admission("ann", Some("::ffff:192.0.2.1".parse().unwrap()));
    assert_eq!(lines.last().unwrap(), "permit = 192.0.2.1/255.255.255.255");
    let lines = admission("ann", Some("2001:db8::1".parse().unwrap()));
    assert_eq!(lines[2..], ["deny = ::/0", "permit = 2001:db8::1/128"]);
}
