//! Which events an expression matches, and the messages for invalid ones.

use super::*;
use crate::ami::Packet;

const HANGUP: &str = "Event: Hangup\r\nPrivilege: call,all\r\nChannel: PJSIP/alice-00000001\r\n\
    CallerIDName: J\u{f6}rg M\u{fc}ller\r\nQueue: \r\nChanVariable: A=1\r\nChanVariable: B=two words\r\n\
    AppData: first\r\nsecond\r\nCause: 16\r\n\r\n";

const USER_EVENT: &str =
    "Event: UserEvent\r\nUserEvent: x\r\nEvent: Hangup\r\nChannel: PJSIP/alice-00000001\r\n\r\n";

fn matches(text: &str, packet: &str) -> Result<bool, String> {
    let packet = Packet::new(packet.as_bytes().into());
    let expr = Expr::parse(text.as_bytes()).map_err(|fault| format!("{text}: {fault}"))?;
    Ok(expr.matches(&packet))
}

// Every operator, its negation, and how they bind.
#[test]
fn an_expression_means_the_events_it_says() {
    for (text, meant) in [
        ("Hangup", true),
        ("hangUP", true),
        ("Hang", false),
        ("Hang*", true),
        ("*ang*p*", true),
        ("*ang*x", false),
        ("Newchannel|Hangup", true),
        ("!Hangup", false),
        ("!Newchannel|Dial*", true),
        ("Cause=16", true),
        ("cAUSE=16", true),
        ("Cause='16'", true),
        ("Cause=1", false),
        ("Cause!=16", false),
        ("Cause!=17", true),
        ("!Cause=17", true),
        ("!Cause!=16", true),
        // An absent header equals nothing.
        ("Account=x", false),
        ("Account!=x", true),
        ("Account~.", false),
        ("!Account~.", true),
        // Case-sensitive, and the empty value.
        ("Channel=pjsip/alice-00000001", false),
        ("Queue=''", true),
        ("Queue!=\"\"", false),
        ("Cause=''", false),
        // Any occurrence of a repeated header.
        ("ChanVariable=A=1", true),
        ("ChanVariable='B=two words'", true),
        ("ChanVariable!=A=1", false),
        // Found anywhere, case-sensitively unless the expression says
        // otherwise.
        ("Channel~alice", true),
        ("Channel~^alice", false),
        ("Channel~^PJSIP/(alice|bob)-", true),
        ("Channel~Alice", false),
        ("Channel~(?i)Alice", true),
        ("Channel~'-0{7,8}1$'", true),
        ("CallerIDName~'^J.rg M'", true),
        ("CallerIDName~\"^J\\S+ M\"", true),
        // The whole value, as json shows it.
        ("AppData=first", false),
        ("AppData~second$", true),
        // Blank binds before comma, negation before both.
        ("Hangup Cause=16", true),
        ("Hangup Cause=17", false),
        ("!Hangup Cause=16", false),
        ("Newchannel Cause=16,Hangup", true),
        ("Hangup Cause=17 , Newchannel", false),
        ("  Newchannel,\tHangup  Cause=16 ", true),
        // The first line is a header like others.
        ("Event=Hangup", true),
    ] {
        assert_eq!(matches(text, HANGUP), Ok(meant), "{text}");
    }
    // The name comes from the first line, whatever a UserEvent carries; and
    // only events have one.
    assert_eq!(matches("Hangup", USER_EVENT), Ok(false));
    assert_eq!(matches("Success", "Response: Success\r\n\r\n"), Ok(false));
    assert_eq!(matches("!Success", "Response: Success\r\n\r\n"), Ok(true));
}

// A mistake is answered with what to write, and where.
#[test]
fn what_is_no_expression_is_told_with_its_place() {
    for (text, place, words) in [
        ("", 0..0, "a test is missing here"),
        ("Hangup,", 7..7, "a test is missing here"),
        (",Hangup", 0..0, "a test is missing here"),
        ("Hangup,,Dial", 7..7, "a test is missing here"),
        (
            "Hangup Channel:x",
            7..16,
            "Channel:x is not a test: write the name of an event, Key=value",
        ),
        ("! Hangup", 0..1, "! is not a test"),
        ("!!Hangup", 0..8, "!!Hangup is not a test"),
        ("Hangup!", 0..7, "Hangup! is not a test"),
        ("Hangup|", 0..7, "Hangup| is not a test"),
        ("=x", 0..2, "=x is not a test"),
        ("'Hangup'", 0..8, "'Hangup' is not a test"),
        ("Caller*=x", 0..9, "Caller*=x is not a test"),
        ("Hangup 5s", 7..9, "5s is not a test"),
        ("-5", 0..2, "-5 is not a test"),
        ("Hangup|5", 0..8, "Hangup|5 is not a test"),
        (
            "Hangup for 5s",
            7..10,
            "for is no word of an expression: the time stands at the end, as in expect Hangup within 5s",
        ),
        ("Within 5s Hangup", 0..6, "Within is no word"),
        (
            "Queue= Hangup",
            0..6,
            "Queue has no value to compare with: for an empty value write Queue=''",
        ),
        (
            "Queue==x",
            0..8,
            "one sign is enough: write Queue=value, Queue~regex",
        ),
        ("Queue=~x", 0..8, "one sign is enough"),
        ("Queue='x", 6..8, "the quote ' is not closed"),
        (
            "Queue='x'y",
            6..10,
            "the word continues after the closing '",
        ),
        (
            "Queue~(x",
            6..8,
            "not a regular expression: unclosed group; put one with blanks or commas in quotes",
        ),
        ("Queue~'x{9999999}'", 6..18, "not a regular expression: "),
    ] {
        let (span, fault) = Expr::read(text.as_bytes(), 0, Place::Shell).expect_err(text);
        let said = fault.to_string();
        assert!(said.starts_with(words), "{text}: {said}");
        assert_eq!(span, place, "{text}");
    }
    assert!(Expr::read(b"Queue='$q'", 0, Place::Script).is_ok());
    assert!(Expr::parse(b"Queue=$q").is_ok(), "no variables here");
}

// A value that a server sent can be searched for verbatim, whatever it
// contains.
#[test]
fn variables_stand_for_values_of_tests() {
    let read = |text: &str| Expr::read(text.as_bytes(), 0, Place::Script).unwrap();
    let expr = read("Hangup Channel=$c Cause~^$n, Queue=\"a ${q}\" !Link");
    let mut set = Variables::default();
    let unset = Fault::Unset("$c".to_owned());
    assert_eq!(expr.with(&set).unwrap_err(), unset);
    for (name, value) in [("c", "SIP/1, Exten=*"), ("n", "1[67]"), ("q", "b\"'$c")] {
        set.set(name, value.as_bytes().to_vec()).unwrap();
    }
    let expr = expr.with(&set).unwrap();
    for (lines, met) in [
        ("Event: Hangup|Channel: SIP/1, Exten=*|Cause: 17", true),
        ("Event: Hangup|Channel: SIP/1|Cause: 17", false),
        ("Event: Hangup|Channel: SIP/1, Exten=*|Cause: 21", false),
        ("Event: Join|Queue: a b\"'$c", true),
        ("Event: Link|Queue: a b\"'$c", false),
    ] {
        let packet = Packet::new(
            (lines.replace('|', "\r\n") + "\r\n\r\n")
                .into_bytes()
                .into(),
        );
        assert_eq!(expr.matches(&packet), met, "{lines}");
    }
    set.set("n", b"(".to_vec()).unwrap();
    let broken = read("Cause~$n").with(&set);
    assert!(matches!(broken, Err(Fault::Regex(_))));
    assert!(!read("Cause~$n").matches(&Packet::new(b"Cause: $n\r\n\r\n"[..].into())));
}

// Asking for events by name must include all that may match.
#[test]
fn names_are_told_where_every_alternative_has_one() {
    for (text, names) in [
        ("Hangup|Dial* Cause=1", Some(vec!["Hangup", "Dial*"])),
        ("Hangup, Queue=x Join", Some(vec!["Hangup", "Join"])),
        ("Hangup, Queue=x", None),
        ("!Hangup", None),
    ] {
        assert_eq!(
            Expr::parse(text.as_bytes()).unwrap().names(),
            names,
            "{text}"
        );
    }
}

// Excluding on the server must never lose a matching event.
#[test]
fn only_what_never_matches_is_excluded() {
    for (text, names) in [
        ("!VarSet", vec!["VarSet"]),
        (
            "!VarSet !Newexten|RTCP* Channel~x",
            vec!["VarSet", "Newexten", "RTCP*"],
        ),
        ("VarSet", vec![]),
        ("!VarSet,Hangup", vec![]),
        ("!VarSet,!VarSet", vec![]),
        ("Variable!=x", vec![]),
    ] {
        let expr = Expr::parse(text.as_bytes()).unwrap();
        assert_eq!(expr.excluded().collect::<Vec<_>>(), names, "{text}");
    }
}
