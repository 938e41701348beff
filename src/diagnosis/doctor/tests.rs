//! What the doctor says about each problem a session can have.

use super::super::session_facts::tests::{facts, listing_of, section_of};
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

// A doctor who always finds something is not asked twice.
#[test]
fn who_is_well_is_told_so() {
    let mut facts = facts();
    facts.listing = Some(listing_of(ALL_LISTED));
    facts.section = Some(section_of(&[("read", "all"), ("write", "all")]));
    let findings = examine(&facts, None);
    has(&findings, Role::Ok, "no problems found");
    has_no(&findings, Role::Error);
    has_no(&findings, Role::Warning);
    // "ok" alone below notes reads as if they were nothing.
    for (write, words) in [
        ("all", "no problems found"),
        (
            "originate,call,command,system,agent,reporting,config",
            "no problems found besides the note above",
        ),
        (
            "originate,call,command,system,agent,config",
            "no problems found besides the 2 notes above",
        ),
    ] {
        facts.write = Grant::Known(Classes::of_mask(write));
        facts.section = Some(section_of(&[("read", "all"), ("write", write)]));
        let findings = examine(&facts, None);
        has(&findings, Role::Ok, words);
        assert_eq!(text(&findings).contains(" above"), words.contains(" above"));
    }
}

#[test]
fn outcomes_that_cannot_be_known_are_cured() {
    let mut facts = facts();
    facts.listing = Some(listing_of("Originate: x (Priv: originate,all)"));
    facts.read = Grant::Known(Classes::of_mask("system"));
    facts.write = Grant::Known(Classes::of_mask("originate"));
    let findings = examine(&facts, None);
    has(
        &findings,
        Role::Error,
        "read= lacks call: outcomes of Originate cannot be seen",
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
    facts.read = Grant::UNKNOWN;
    let findings = examine(&facts, None);
    has(
        &findings,
        Role::Warning,
        "only with call in read=, which is not known",
    );
    facts.write = Grant::Known(Classes::NONE);
    facts.listing = Some(listing_of("Ping: x (Priv: <none>)"));
    let findings = examine(&facts, None);
    has(
        &findings,
        Role::Warning,
        "no originate in write=: calls cannot be started",
    );
    has_no(&findings, Role::Error);
}

#[test]
fn events_that_do_not_come_are_explained() {
    let mut facts = facts();
    facts.read = Grant::Known(Classes::CALL);
    facts.events = Classes::of_mask("call,user");
    facts.section = Some(section_of(&[
        ("read", "call"),
        ("write", "all"),
        ("eventfilter(action(exclude))", "RTCP"),
        ("writetimeout", "50"),
    ]));
    let findings = examine(&facts, None);
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
    let mut facts = facts();
    facts.read = Grant::Known(Classes::of_mask("call,user"));
    facts.events = Classes::of_mask("user");
    let findings = examine_event(&facts, "dtmfbegin");
    has(
        &findings,
        Role::Value,
        "DTMFBegin is an event of class dtmf",
    );
    has(&findings, Role::Error, "ann has no dtmf in read=");
    has(&findings, Role::Subject, "read = call,user,dtmf");
    let findings = examine_event(&facts, "Newchannel");
    // They are merely off.
    has(&findings, Role::Warning, "/events call shows them");
    has_no(&findings, Role::Error);
    let findings = examine_event(&facts, "UserEvent");
    has_no(&findings, Role::Error);
    let findings = examine_event(&facts, "Nothing");
    has(&findings, Role::Error, "is not known here");
}

// After an edit of manager.conf the old rights persist, in two ways.
#[test]
fn rights_that_are_not_those_of_now() {
    let mut facts = facts();
    facts.shown = Grant::Shown {
        has: Classes::CALL,
        lacks: Classes::of_mask("user"),
    };
    let other = "the rights of this session are older";
    has(&examine(&facts, None), Role::Error, other);
    facts.listing = Some(listing_of("Setvar: x (Priv: call,all)"));
    let findings = examine_action(&facts, "UserEvent");
    has(
        &findings,
        Role::Error,
        "ann may send UserEvent after /reconnect",
    );
    facts.write = Grant::Known(Classes::of_mask("system"));
    has(&examine_action(&facts, "DBPut"), Role::Error, other);
    facts.write = Grant::Known(Classes::of_mask("system,call"));
    assert!(!text(&examine(&facts, None)).contains(other));
    facts.write = Grant::Known(Classes::ALL);
    facts.section = Some(section_of(&[("read", "all"), ("write", "system, call")]));
    has(
        &examine(&facts, None),
        Role::Error,
        "changed but not loaded",
    );
}

#[test]
fn one_action_is_examined() {
    let mut facts = facts();
    facts.listing = Some(listing_of(ALL_LISTED));
    has(
        &examine_action(&facts, "dbput"),
        Role::Ok,
        "ann may send DBPut",
    );
    has(
        &examine_action(&facts, "Hangup"),
        Role::Error,
        "this server has no Hangup",
    );
    facts.write = Grant::Known(Classes::of_mask("agent"));
    let findings = examine_action(&facts, "hangup");
    has(
        &findings,
        Role::Value,
        "Hangup needs one of write=system,call",
    );
    has(&findings, Role::Error, "ann has none of these");
    has(&findings, Role::Subject, "write = call,agent");
    facts.write = Grant::UNKNOWN;
    let findings = examine_action(&facts, "hangup");
    has(
        &findings,
        Role::Error,
        "ann has none of these, or this server has no Hangup",
    );
    has(
        &findings,
        Role::Subject,
        "write = call  ; in addition to the present ones",
    );
    let findings = examine_action(&facts, "DBPutt");
    has(&findings, Role::Error, "did you mean DBPut?");
}

// A user whose Action was just refused asks without naming it.
#[test]
fn what_was_refused_is_examined_unasked() {
    let mut facts = facts();
    facts.write = Grant::Known(Classes::NONE);
    facts.listing = Some(listing_of("Ping: x (Priv: <none>)"));
    let findings = examine(&facts, Some("DBPut"));
    has(&findings, Role::Value, "DBPut needs write=system");
    has(&findings, Role::Subject, "write = system");
    assert!(!text(&findings).contains("no problems found"));
}

// A class that a version does not have is not missing, and is no cure.
#[test]
fn an_old_server_lacks_no_class_that_it_does_not_know() {
    let old = |banner: &str, words: &str| {
        let mut facts = facts();
        facts.banner = banner.into();
        facts.listing = Some(listing_of("Originate: x (Priv: call,all)"));
        (facts.read, facts.write) = (
            Grant::Known(Classes::of_mask(words)),
            Grant::Known(Classes::of_mask(words)),
        );
        facts.section = Some(section_of(&[("read", words), ("write", words)]));
        facts
    };
    let all_of_1_4 = "system,call,log,verbose,command,agent,user,config";
    let mut facts_1_4 = old("Asterisk Call Manager/1.0", all_of_1_4);
    let findings = examine(&facts_1_4, None);
    has(&findings, Role::Ok, "no problems found");
    has_no(&findings, Role::Warning);
    facts_1_4.events = Classes::of_mask("call,dialplan");
    let findings = examine(&facts_1_4, None);
    has(
        &findings,
        Role::Warning,
        "on for dialplan, which Asterisk 1.4",
    );
    has_no(&findings, Role::Error);
    let findings = examine_event(&facts_1_4, "Newexten");
    has(&findings, Role::Value, "Newexten is an event of class call");
    has_no(&findings, Role::Error);
    // What 1.6.2 lists as everything is everything.
    let words = "system,call,log,verbose,command,agent,user,config,dtmf,reporting,cdr,dialplan,originate,agi";
    let mut facts_1_6 = old("Asterisk Call Manager/1.1", words);
    (facts_1_6.read, facts_1_6.write) = (Grant::Known(Classes::ALL), Grant::Known(Classes::ALL));
    has_no(&examine(&facts_1_6, None), Role::Error);
}

// Whoever may not use the CLI of 1.4, which does not have every class.
#[test]
fn an_old_server_is_judged_by_what_it_tells() {
    let mut facts = facts();
    facts.banner = "Asterisk Call Manager/1.0".into();
    facts.told = false;
    facts.read = Grant::UNKNOWN;
    facts.write = Grant::Shown {
        has: Classes::CALL,
        lacks: Classes::of_mask("command,originate"),
    };
    facts.listing = Some(listing_of("Originate: x (Priv: call,all)"));
    let findings = examine(&facts, None);
    has(&findings, Role::Warning, "no command in write=");
    has(&findings, Role::Warning, "(read=) is unknown");
    assert!(
        !text(&findings).contains("no originate"),
        "{}",
        text(&findings)
    );
    facts.listing = Some(listing_of("Ping: x (Priv: <none>)"));
    let findings = examine_action(&facts, "Originate");
    has(&findings, Role::Value, "Originate needs write=call");
}

#[test]
fn without_a_login_or_a_link_there_is_one_thing_to_say() {
    let mut facts = facts();
    facts.user = None;
    let findings = examine(&facts, None);
    has(&findings, Role::Error, "nobody is logged in");
    has(
        &findings,
        Role::Subject,
        "permit = 192.0.2.7/255.255.255.255",
    );
    facts.open = false;
    let findings = examine_action(&facts, "Ping");
    assert_eq!(findings.len(), 1);
    has(&findings, Role::Error, "there is no link to pbx:5038");
}

#[test]
fn the_address_that_counts_is_the_one_the_server_sees() {
    let mut facts = facts();
    facts.seen = vec!["198.51.100.1".into()];
    let findings = examine(&facts, None);
    has(&findings, Role::Ok, "the server sees 198.51.100.1");
    has(&findings, Role::Warning, "permit= and deny=");
    let lines = admission("ann", Some("::ffff:192.0.2.1".parse().unwrap()));
    assert_eq!(lines.last().unwrap(), "permit = 192.0.2.1/255.255.255.255");
    let lines = admission("ann", Some("2001:db8::1".parse().unwrap()));
    assert_eq!(lines[2..], ["deny = ::/0", "permit = 2001:db8::1/128"]);
}
