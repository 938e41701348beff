//! What read-only allows, and what it refuses.

use super::*;

fn action(headers: &[(&str, &str)]) -> Action {
    let mut action = Action::empty();
    for (key, value) in headers {
        action.push(key, value.as_bytes()).unwrap();
    }
    action
}

fn is_sent(headers: &[(&str, &str)]) -> bool {
    check(&action(headers)).is_ok()
}

// An Action whose header is not checked would be allowed or refused whatever
// that header says.
#[test]
fn every_header_that_decides_is_looked_at() {
    for (name, header) in [
        ("Command", "Command"),
        ("Getvar", "Variable"),
        ("Status", "Variables"),
    ] {
        let known = crate::catalog::action(name).unwrap();
        assert_eq!(known.effect, Effect::ReadsUnless(header));
        assert!(GUARDED.iter().any(|(guarded, _)| *guarded == header));
        assert!(is_sent(&[("Action", name)]));
    }
}

// Anyone who hands out a read-only amish relies on each of these.
#[test]
fn what_changes_something_is_not_sent() {
    for name in [
        "Originate",
        "DBPut",
        "dbdeltree",
        "HANGUP",
        "Setvar",
        "UserEvent",
        "QueueReset",
        "BridgeDestroy",
        "Reload",
        "ModuleLoad",
        "AGI",
        "PJSIPQualify",
        "LoggerRotate",
        "NoSuchAction",
        "Ping\u{1}",
        "\u{1}Ping",
        "Ping x",
    ] {
        assert!(!is_sent(&[("Action", name)]), "{name}");
    }
    for name in ["Ping", "pInG", " CoreShowChannels", "QueueStatus", "Login"] {
        assert!(is_sent(&[("Action", name)]), "{name}");
    }
}

// A server runs the first Action header with a value, reads the first of other
// headers, and Action need not come first.
#[test]
fn no_second_header_smuggles_anything() {
    for headers in [
        &[("Action", ""), ("Action", "Originate")][..],
        &[("Action", " "), ("aCTION", "Originate"), ("Action", "Ping")],
        &[("Action", "Ping"), ("Action", "Originate")],
        &[("Channel", "x"), ("ACTION", "Originate")],
        &[("Action ", "Originate"), ("Action", "Ping")],
        &[
            ("Action", "Command"),
            ("Command", "core show x"),
            ("command", "core stop now"),
        ],
        &[
            ("Command", "core stop now"),
            ("Action", "Command"),
            ("Command", "core show x"),
        ],
        &[
            ("Action", "Getvar"),
            ("Variable", "A"),
            ("variable", "SHELL(id)"),
        ],
        &[("Action", "Status"), ("Variables", "A,SHELL(id)")],
    ] {
        assert!(!is_sent(headers), "{headers:?}");
    }
}

// The word show as an argument shows nothing.
#[test]
fn of_the_cli_only_what_shows() {
    for text in [
        "core show channels",
        "dialplan show",
        "CORE\tSHOW uptime",
        "module show like res_",
        "show channels",
        "help",
        "core show help core",
        "bridge technology show",
        "_command matchesarray \"core stop\" \"st\"",
        "sip show peers",
        "manager show user me",
    ] {
        assert_eq!(cli(text.as_bytes()), Ok(()), "{text}");
    }
    for text in [
        "",
        "core",
        "core stop now",
        "database put show x",
        "database del show show",
        "dialplan add extension show",
        "originate show extension",
        "channel originate show",
        "module load show",
        "_command nummatches \"\" \"\"",
        "\"core\" show x",
        "core \"stop\" now show",
        "core\\ show stop",
        "sip show peer bob load",
        "dial show",
        "reload show",
        "stop show",
        "!show",
        "\u{1}core show x",
        "core \u{1}show x",
        "_command",
    ] {
        assert_eq!(cli(text.as_bytes()), Err(NO_COMMAND.to_owned()), "{text}");
    }
}

// SHELL runs a command, DB_DELETE and POP remove something, and other functions
// read the variable named by their argument.
#[test]
fn functions_that_act_when_read_are_not_read() {
    for text in [
        "",
        "FOO",
        "CALLERID(num)",
        "CHANNEL(state),FOO, CALLERID(all)",
        "QUEUE_MEMBER(support,ready)",
        "FOO:1:2",
    ] {
        assert_eq!(variables(text.as_bytes()), Ok(()), "{text}");
    }
    for text in [
        "SHELL(id)",
        "shell(id)",
        "FOO,SHELL(id)",
        "EVAL(x)",
        "DB(a/b)",
        "DB_DELETE(a/b)",
        "POP(a)",
        "CHANNEL(SHELL(id))",
        "CHANNEL(${SHELL(id)})",
        "CHANNEL(state)SHELL(id)",
        "SHELL (id)",
        "${SHELL(id)}",
        "CHANNEL(state",
        "FOO)",
        "CURL(http://x)",
        "\"SHELL(id)\"",
        "CHANNEL(\"a),SHELL(id\")",
        "CHANNEL(a\\),SHELL(id)",
    ] {
        assert!(variables(text.as_bytes()).is_err(), "{text}");
    }
}
